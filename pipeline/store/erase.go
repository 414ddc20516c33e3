package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// Target says which postings to erase: those of one page, of one employer, or
// last seen before a time. What is zero selects nothing.
type Target struct {
	URL        string    // of the posting's page; scheme, "www" and a slash at the end make no difference
	EmployerID string    // as package employer makes it
	Before     time.Time // last fetched, listed or found closed before
}

// Found are the postings of a target.
type Found struct {
	IDs       []string
	Employers []string // the names their boards give
	Boards    []string // ids
}

// Find returns the postings of t.
func (db *DB) Find(ctx context.Context, t Target) (Found, error) {
	var f Found
	var before any
	if !t.Before.IsZero() {
		before = micros(t.Before)
	}
	employers, boards := map[string]bool{}, map[string]bool{}
	err := db.read(ctx, func(ctx context.Context, conn *sql.Conn) error {
		rows, err := conn.QueryContext(ctx, db.scripts["erase_found"],
			sql.Named("url", orNull(t.URL)), sql.Named("employer", orNull(t.EmployerID)), sql.Named("before", before))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id, employer, board string
			if err := rows.Scan(&id, &employer, &board); err != nil {
				return err
			}
			f.IDs = append(f.IDs, id)
			if !employers[employer] {
				employers[employer] = true
				f.Employers = append(f.Employers, employer)
			}
			if !boards[board] {
				boards[board] = true
				f.Boards = append(f.Boards, board)
			}
		}
		return rows.Err()
	})
	if err != nil {
		return Found{}, fmt.Errorf("find what to erase: %w", err)
	}
	return f, nil
}

// Tombstone stands for a posting that was erased and must not come back.
type Tombstone struct {
	Hash   string    `json:"hash"` // SHA-256 of the posting's id, in hex
	At     time.Time `json:"at"`
	Reason string    `json:"reason"` // url, employer
}

// Erase deletes all rows of the postings, in one transaction, and returns how many
// of which table. With a reason, a tombstone is left for each, so that none comes
// back. names are employers whose names are taken off boards too. The bytes are
// in the data file until [DB.Compact].
func (db *DB) Erase(ctx context.Context, ids, names []string, reason string) (map[string]int64, error) {
	deleted := map[string]int64{}
	err := db.write(ctx, func() error {
		defer db.tidy(ctx)
		if err := db.loadErased(ctx, ids, names); err != nil {
			return err
		}
		tables, err := db.strings(ctx, "erase_tables")
		if err != nil {
			return err
		}
		at := micros(time.Now())
		err = db.commit(ctx, func(tx *sql.Tx) error {
			if reason != "" {
				if _, err := tx.ExecContext(ctx, db.scripts["tombstone_write"], sql.Named("at", at), sql.Named("reason", reason)); err != nil {
					return fmt.Errorf("tombstone_write.sql: %w", err)
				}
			}
			if err := db.execIn(ctx, tx, "erase_touched"); err != nil {
				return err
			}
			for _, t := range tables { // names of our own schema
				res, err := tx.ExecContext(ctx, "delete from city."+t+" where posting_id in (select posting_id from temp.main.erased)")
				if err != nil {
					return fmt.Errorf("erase from %s: %w", t, err)
				}
				if n, err := res.RowsAffected(); err == nil && n > 0 {
					deleted[t] = n
				}
			}
			if err := db.execIn(ctx, tx, "erase_tidy", "canonical", "role", "role_places"); err != nil {
				return err
			}
			return db.writeRevision(ctx, tx, "xerased", strconv.FormatInt(at.UnixMicro(), 36))
		})
		if err != nil {
			return err
		}
		return db.readRevisions(context.WithoutCancel(ctx))
	})
	if err != nil {
		return nil, fmt.Errorf("erase %d postings: %w", len(ids), err)
	}
	return deleted, nil
}

func (db *DB) loadErased(ctx context.Context, ids, names []string) error {
	if err := db.exec(ctx, "erased"); err != nil {
		return err
	}
	fill := func(table string, values []string) error {
		return db.appendTo(ctx, "temp", table, func(row func(...driver.Value) error) error {
			for _, v := range values {
				if err := row(v); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return errors.Join(fill("erased", ids), fill("erased_name", names))
}

// Tombstones lists what was erased, oldest first.
func (db *DB) Tombstones(ctx context.Context) ([]Tombstone, error) {
	var all []Tombstone
	err := db.read(ctx, func(ctx context.Context, conn *sql.Conn) error {
		rows, err := conn.QueryContext(ctx, db.scripts["tombstone_all"])
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var t Tombstone
			if err := rows.Scan(&t.Hash, &t.At, &t.Reason); err != nil {
				return err
			}
			all = append(all, t)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("list tombstones: %w", err)
	}
	return all, nil
}

// AddTombstones takes over tombstones that another store has made, and returns
// the postings here that they stand for: they are to be erased.
func (db *DB) AddTombstones(ctx context.Context, more []Tombstone) (left []string, err error) {
	err = db.write(ctx, func() error {
		err := db.commit(ctx, func(tx *sql.Tx) error {
			for _, t := range more {
				if _, err := tx.ExecContext(ctx, db.scripts["tombstone_add"], sql.Named("hash", t.Hash), sql.Named("at", micros(t.At)), sql.Named("reason", t.Reason)); err != nil {
					return fmt.Errorf("tombstone_add.sql: %w", err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		left, err = db.strings(ctx, "tombstone_left")
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("take over %d tombstones: %w", len(more), err)
	}
	return left, nil
}

// Compact writes the data file anew, without the bytes of what was deleted, and
// removes all copies of it in the folder snapshots. It needs as much free disk as
// the file takes; queries wait while the files are exchanged. What the disk itself
// keeps of a deleted file is out of its reach.
func (db *DB) Compact(ctx context.Context) error {
	err := db.write(ctx, func() error {
		if err := db.removeSnapshots(); err != nil {
			return err
		}
		fresh := filepath.Join(db.snapshotDir(), "compact.duckdb")
		if err := db.copyTo(ctx, fresh); err != nil {
			return err
		}
		if err := db.shut(); err != nil { // moves the write-ahead log into the file
			return errors.Join(err, os.Remove(fresh))
		}
		var err error
		if _, statErr := os.Stat(db.Path() + ".wal"); errors.Is(statErr, fs.ErrNotExist) {
			err = os.Rename(fresh, db.Path())
		} else {
			err = errors.Join(errors.New("the write-ahead log is still there"), os.Remove(fresh))
		}
		db.mu.Lock()
		openErr := db.open(context.WithoutCancel(ctx))
		db.mu.Unlock()
		if openErr != nil {
			openErr = errors.Join(openErr, db.shut())
		}
		return errors.Join(err, openErr)
	})
	if err != nil {
		return fmt.Errorf("write the data file anew: %w", err)
	}
	return nil
}

// removeSnapshots removes every copy of the data file that lies in the folder
// snapshots: those of migrations, and what a crash has left. The caller is the
// only writer, and nobody else copies.
func (db *DB) removeSnapshots() error {
	files, err := filepath.Glob(filepath.Join(db.snapshotDir(), "*.duckdb*"))
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := os.Remove(f); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// removeLeftovers removes the copies that a crash has left half written: all but
// those that migrations made on purpose.
func (db *DB) removeLeftovers() error {
	for _, pattern := range []string{"city-*.duckdb*", "compact.duckdb*", "*.parquet"} {
		files, err := filepath.Glob(filepath.Join(db.snapshotDir(), pattern))
		if err != nil {
			return err
		}
		for _, f := range files {
			if err := os.Remove(f); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("remove what a crash has left: %w", err)
			}
		}
	}
	return nil
}
