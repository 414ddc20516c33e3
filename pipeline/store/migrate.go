package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	sqlfiles "jobcity/sql"
)

// migrate applies the files of sql/schema that the data file has not had yet,
// each in a transaction of its own, or all in one if the data file is new. One that
// has data is copied first.
func (db *DB) migrate(ctx context.Context) error {
	conn, err := db.sql.Conn(ctx) // its catalog is the data file
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "create table if not exists migration (name varchar not null, applied_at timestamp not null)"); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	have, err := appliedMigrations(ctx, conn)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	want, err := fs.Glob(sqlfiles.Schema, "schema/*.sql")
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	for _, name := range have {
		if !slices.Contains(want, "schema/"+name) {
			return fmt.Errorf("%w: %s has the migration %s", ErrNewer, db.Path(), name)
		}
	}
	todo := slices.DeleteFunc(want, func(f string) bool { return slices.Contains(have, path.Base(f)) })
	if len(todo) > 0 && len(have) > 0 {
		if err := db.copyBefore(ctx, path.Base(todo[0])); err != nil {
			return fmt.Errorf("migrate: copy the data file first: %w", err)
		}
	}
	if len(have) == 0 {
		return migrateTogether(ctx, conn, todo)
	}
	for _, file := range todo {
		db.log.Info("bringing the data file to this version; a large one takes a minute", "migration", path.Base(file))
		if err := migrateTogether(ctx, conn, []string{file}); err != nil {
			return err
		}
	}
	return nil
}

func appliedMigrations(ctx context.Context, conn *sql.Conn) ([]string, error) {
	rows, err := conn.QueryContext(ctx, "select name from migration order by name")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var n string
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		names = append(names, n)
	}
	return names, rows.Err()
}

// migrateTogether applies files in one transaction.
func migrateTogether(ctx context.Context, conn *sql.Conn, files []string) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	for _, file := range files {
		if err := migrateOne(ctx, tx, file); err != nil {
			return errors.Join(fmt.Errorf("migrate %s: %w", path.Base(file), err), tx.Rollback())
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("migrate: commit: %w", err)
	}
	// DDL in the write-ahead log is where DuckDB's recovery is weakest.
	if _, err := conn.ExecContext(ctx, "checkpoint city"); err != nil {
		return fmt.Errorf("migrate: checkpoint: %w", err)
	}
	return nil
}

func migrateOne(ctx context.Context, tx *sql.Tx, file string) error {
	text, err := sqlfiles.Schema.ReadFile(file)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, string(text)); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "insert into migration values ($1, now()::timestamp)", path.Base(file))
	return err
}

// copyBefore copies the data file as it is before the migration named. A copy
// that an earlier attempt left is replaced.
func (db *DB) copyBefore(ctx context.Context, migration string) error {
	file := filepath.Join(db.snapshotDir(), "before-"+migration+".duckdb")
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return db.copyTo(ctx, file)
}
