package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"

	"jobcity/pipeline/employer"
)

// SetEmployers gives every posting, those stored and those to come, the employer
// that d says its name stands for. Digest names the data: what is stored is gone
// through only when it is another than the last time.
func (db *DB) SetEmployers(ctx context.Context, d *employer.Directory, digest string) error {
	err := db.write(ctx, func() error {
		db.employers = d
		if db.state.part("employers") == digest {
			return nil
		}
		defer db.tidy(ctx)
		if err := db.name(ctx, "names_all"); err != nil {
			return err
		}
		err := db.commit(ctx, func(tx *sql.Tx) error {
			if err := db.execIn(ctx, tx, "named_postings", "named_employers", "role_employers"); err != nil {
				return err
			}
			return db.writeRevision(ctx, tx, "employers", digest)
		})
		if err != nil {
			return err
		}
		return db.readRevisions(context.WithoutCancel(ctx))
	})
	if err != nil {
		return fmt.Errorf("employers: %w", err)
	}
	return nil
}

// name fills the temporary table named with what is known of the names that a
// script gives.
func (db *DB) name(ctx context.Context, script string) error {
	names, err := db.strings(ctx, script)
	if err != nil {
		return err
	}
	if err := db.exec(ctx, "named"); err != nil {
		return err
	}
	return db.appendTo(ctx, "temp", "named", func(row func(...driver.Value) error) error {
		for _, n := range names {
			e := db.employers.Of(n)
			if err := row(n, e.ID, orNull(e.Name), orNull(e.Domain), e.Agency); err != nil {
				return err
			}
		}
		return nil
	})
}

// nameIncoming gives the incoming rows their employers.
func (db *DB) nameIncoming(ctx context.Context) error {
	if db.employers == nil {
		return nil
	}
	if err := db.name(ctx, "names_incoming"); err != nil {
		return err
	}
	return db.exec(ctx, "named_incoming")
}

// strings runs a script that gives one column of text on the writer.
func (db *DB) strings(ctx context.Context, script string) ([]string, error) {
	rows, err := db.writer.QueryContext(ctx, db.scripts[script])
	if err != nil {
		return nil, fmt.Errorf("%s.sql: %w", script, err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, fmt.Errorf("%s.sql: %w", script, err)
		}
		all = append(all, s)
	}
	return all, rows.Err()
}
