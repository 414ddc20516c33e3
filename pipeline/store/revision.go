package store

import (
	"context"
	"database/sql"
	"fmt"
)

// What the content depends on beside the streams (the taxonomy, the data on
// employers, what was erased) has a value each, in the table revision; all of
// them are part of the version.

func (p *positions) part(name string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.parts[name]
}

// writeRevision sets a part; readRevisions must follow the commit.
func (db *DB) writeRevision(ctx context.Context, tx *sql.Tx, part, value string) error {
	if _, err := tx.ExecContext(ctx, db.scripts["revision_forget"], sql.Named("part", part)); err != nil {
		return fmt.Errorf("write revision of %s: %w", part, err)
	}
	if _, err := tx.ExecContext(ctx, db.scripts["revision_write"], sql.Named("part", part), sql.Named("value", value)); err != nil {
		return fmt.Errorf("write revision of %s: %w", part, err)
	}
	return nil
}

func (db *DB) readRevisions(ctx context.Context) error {
	rows, err := db.writer.QueryContext(ctx, db.scripts["revision_all"])
	if err != nil {
		return fmt.Errorf("read revisions: %w", err)
	}
	defer rows.Close()
	parts := map[string]string{}
	for rows.Next() {
		var part, value string
		if err := rows.Scan(&part, &value); err != nil {
			return fmt.Errorf("read revisions: %w", err)
		}
		parts[part] = value
	}
	db.state.mu.Lock()
	db.state.parts = parts
	db.state.name()
	db.state.mu.Unlock()
	return rows.Err()
}
