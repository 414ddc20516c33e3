package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
)

// linkCopies finds the near copies of the sets of words that came with fresh rows
// or whose component lost a posting, and writes down which components there are
// afterwards: the connected components of the links, named by their least set.
// They do not depend on the order in which the postings came.
func (db *DB) linkCopies(ctx context.Context) error {
	if err := db.exec(ctx, "copies_sets"); err != nil {
		return err
	}
	sets, err := db.keys(ctx, "select set_id from set_linking")
	if err != nil {
		return err
	}
	f := forest{}
	for _, s := range sets {
		f.find(s)
	}
	links, err := db.writer.QueryContext(ctx, db.scripts["copies_near"])
	if err != nil {
		return fmt.Errorf("copies_near.sql: %w", err)
	}
	defer links.Close()
	components := map[uint64]bool{}
	for links.Next() {
		var a, b uint64
		var component *uint64
		if err := links.Scan(&a, &b, &component); err != nil {
			return err
		}
		if component != nil {
			b = *component
			components[b] = true
		}
		f.join(a, b)
	}
	if err := links.Err(); err != nil {
		return fmt.Errorf("copies_near.sql: %w", err)
	}
	if err := db.exec(ctx, "copies_found"); err != nil {
		return err
	}
	return errors.Join(
		db.appendTo(ctx, "temp", "set_component", func(row func(...driver.Value) error) error {
			for _, s := range sets {
				if err := row(s, f.find(s)); err != nil {
					return err
				}
			}
			return nil
		}),
		db.appendTo(ctx, "temp", "component_merged", func(row func(...driver.Value) error) error {
			for c := range components {
				if now := f.find(c); now != c {
					if err := row(c, now); err != nil {
						return err
					}
				}
			}
			return nil
		}),
	)
}

// keys are the numbers that a statement gives.
func (db *DB) keys(ctx context.Context, statement string) ([]uint64, error) {
	rows, err := db.writer.QueryContext(ctx, statement)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []uint64
	for rows.Next() {
		var k uint64
		if err := rows.Scan(&k); err != nil {
			return nil, err
		}
		all = append(all, k)
	}
	return all, rows.Err()
}

// forest is a union-find structure whose trees are named by their least member.
type forest map[uint64]uint64

func (f forest) find(k uint64) uint64 {
	parent, ok := f[k]
	if !ok {
		f[k] = k
		return k
	}
	if parent == k {
		return k
	}
	root := f.find(parent)
	f[k] = root
	return root
}

func (f forest) join(a, b uint64) {
	a, b = f.find(a), f.find(b)
	f[max(a, b)] = min(a, b)
}
