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
// They do not depend on the order in which the postings came, but for this: postings
// with the same words of the role are one set, whose other words are those of the
// first. merged says that a component that was there is another one now.
func (db *DB) linkCopies(ctx context.Context) (merged bool, err error) {
	if err := db.exec(ctx, "copies_sets"); err != nil {
		return false, err
	}
	sets, err := db.keys(ctx, "select set_id from set_linking")
	if err != nil {
		return false, err
	}
	f := forest{}
	for _, s := range sets {
		f.find(s)
	}
	components, err := db.links(ctx, f)
	if err != nil {
		return false, err
	}
	if err := db.exec(ctx, "copies_found"); err != nil {
		return false, err
	}
	err = errors.Join(
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
					merged = true
					if err := row(c, now); err != nil {
						return err
					}
				}
			}
			return nil
		}),
	)
	if err != nil {
		return false, err
	}
	return merged, db.exec(ctx, "copies_fresh")
}

// links joins the sets that are near copies of each other, and returns the
// components that were there and have a link.
func (db *DB) links(ctx context.Context, f forest) (components map[uint64]bool, err error) {
	rows, err := db.writer.QueryContext(ctx, db.scripts["copies_near"])
	if err != nil {
		return nil, fmt.Errorf("copies_near.sql: %w", err)
	}
	defer rows.Close()
	components = map[uint64]bool{}
	for rows.Next() {
		var a, b uint64
		var component *uint64
		if err := rows.Scan(&a, &b, &component); err != nil {
			return nil, err
		}
		if component != nil {
			b = *component
			components[b] = true
		}
		f.join(a, b)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("copies_near.sql: %w", err)
	}
	return components, nil
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
