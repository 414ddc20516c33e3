package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"jobcity/pipeline/posting"
)

// Position is how far a stream has been applied. Created tells a stream from
// another of the same name that was made later and counts from 1 again.
type Position struct {
	Stream   string
	Created  time.Time
	Sequence uint64
}

// Outcome is what came of the rows of ApplyBatches.
type Outcome struct {
	Rows    int // rows given
	New     int // postings that were not there
	Changed int // postings whose content or tags were replaced
}

// ApplyBatches applies record batches of package batch's schema, and the
// position of the last, in one transaction. It does not release them. Rows that
// are there already, or that are older than what is there, change nothing. A
// position at or before the one applied means that the batches were applied
// before, and does nothing.
func (db *DB) ApplyBatches(ctx context.Context, recs []arrow.RecordBatch, at Position) (Outcome, error) {
	var out Outcome
	var merged bool
	for _, r := range recs {
		out.Rows += int(r.NumRows())
	}
	err := db.applied(ctx, at, func() error {
		if err := db.exec(ctx, "incoming"); err != nil {
			return err
		}
		arrived, err := db.load(ctx, recs)
		if err != nil {
			return fmt.Errorf("load %d rows: %w", out.Rows, err)
		}
		if arrived != out.Rows {
			return fmt.Errorf("load %d rows: %d arrived", out.Rows, arrived)
		}
		if err := db.nameIncoming(ctx); err != nil {
			return err
		}
		if err := db.exec(ctx, "refused", "fresh"); err != nil {
			return err
		}
		if err := db.writer.QueryRowContext(ctx, db.scripts["outcome"]).Scan(&out.New, &out.Changed); err != nil {
			return fmt.Errorf("outcome.sql: %w", err)
		}
		merged, err = db.linkCopies(ctx)
		return err
	}, func(tx *sql.Tx) error {
		if out.New+out.Changed == 0 {
			return nil
		}
		return db.execIn(ctx, tx, db.steps(out.Changed > 0, merged)...)
	})
	if err != nil {
		return Outcome{}, fmt.Errorf("apply %d rows: %w", out.Rows, err)
	}
	return out, nil
}

// steps are the scripts that apply fresh rows, in their order. Most portions bring
// nothing but new postings; what only changed ones need is left out for them, and so
// is what only components of copies need that were merged.
func (db *DB) steps(changed, merged bool) []string {
	var all []string
	if changed {
		all = append(all, "kept_before", "changes", "replaced", "copies_left")
	}
	all = append(all, "copies")
	if changed || merged {
		all = append(all, "copies_moved")
	}
	all = append(all, "added", "expired")
	if changed {
		all = append(all, "reopened")
	}
	if db.employers != nil {
		all = append(all, "named_employers")
	}
	return append(all, "canonical", "copied_from", "role", "role_fresh", "role_places")
}

// SweepAt is a sweep and its place in the stream of sweeps.
type SweepAt struct {
	Sweep    posting.Sweep
	Sequence uint64
}

// ApplySweeps applies sweeps in their order, as many in one transaction as have
// no board twice, with the position of the last of them.
func (db *DB) ApplySweeps(ctx context.Context, sweeps []SweepAt, stream string, created time.Time) error {
	for len(sweeps) > 0 {
		n := distinctBoards(sweeps)
		at := Position{Stream: stream, Created: created, Sequence: sweeps[n-1].Sequence}
		err := db.applied(ctx, at, func() error {
			if err := db.exec(ctx, "swept"); err != nil {
				return err
			}
			if err := db.loadSweeps(ctx, sweeps[:n]); err != nil {
				return err
			}
			return db.exec(ctx, "refused_swept", "effect")
		}, func(tx *sql.Tx) error {
			return db.execIn(ctx, tx, "spells", "sweeps", "canonical", "role", "role_places")
		})
		if err != nil {
			return fmt.Errorf("apply %d sweeps: %w", n, err)
		}
		sweeps = sweeps[n:]
	}
	return nil
}

// distinctBoards is how many sweeps come before the first whose board has come.
func distinctBoards(sweeps []SweepAt) int {
	seen := map[string]bool{}
	for i, s := range sweeps {
		id := posting.BoardID(s.Sweep.Source, s.Sweep.Board)
		if seen[id] {
			return i
		}
		seen[id] = true
	}
	return len(sweeps)
}

// applied runs prepare, which writes temporary tables only, then change in a
// transaction that also writes at, unless at was applied before.
func (db *DB) applied(ctx context.Context, at Position, prepare func() error, change func(*sql.Tx) error) error {
	return db.write(ctx, func() error {
		done, err := db.sequence(ctx, at.Stream, at.Created)
		if err != nil || at.Sequence <= done {
			return err
		}
		defer db.tidy(ctx)
		if err := prepare(); err != nil {
			return err
		}
		if err := db.commit(ctx, func(tx *sql.Tx) error {
			if err := change(tx); err != nil {
				return err
			}
			return db.writePosition(ctx, tx, at)
		}); err != nil {
			return err
		}
		// DuckDB commits nothing, without an error, when a statement had failed
		// unseen. Now that it is done, an end of ctx must not hide that it is.
		if done, err = db.sequence(context.WithoutCancel(ctx), at.Stream, at.Created); err != nil {
			return err
		}
		if done != at.Sequence {
			return fmt.Errorf("commit: %s stands at %d after committing %d", at.Stream, done, at.Sequence)
		}
		db.state.set(at)
		return nil
	})
}

// commit runs change in a transaction, and takes everything back when it fails.
func (db *DB) commit(ctx context.Context, change func(*sql.Tx) error) error {
	tx, err := db.begin(ctx)
	if err != nil {
		return err
	}
	if err := change(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// begin begins a transaction on the writer. Its statements end with ctx; the
// transaction itself does not, since database/sql would then throw away the
// connection it runs on, which is the only writer.
func (db *DB) begin(ctx context.Context) (*sql.Tx, error) {
	tx, err := db.writer.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	return tx, nil
}

// tidy gives back the memory of what was loaded.
func (db *DB) tidy(ctx context.Context) {
	if err := db.exec(context.WithoutCancel(ctx), "tidy"); err != nil {
		db.log.Warn("dropping temporary tables", "error", err)
	}
}

func (db *DB) writePosition(ctx context.Context, tx *sql.Tx, at Position) error {
	if _, err := tx.ExecContext(ctx, db.scripts["applied_forget"], sql.Named("stream", at.Stream)); err != nil {
		return fmt.Errorf("write position of %s: %w", at.Stream, err)
	}
	_, err := tx.ExecContext(ctx, db.scripts["applied_write"], sql.Named("stream", at.Stream), sql.Named("created", at.Created.UTC()), sql.Named("sequence", at.Sequence))
	if err != nil {
		return fmt.Errorf("write position of %s: %w", at.Stream, err)
	}
	return nil
}

// Applied returns the last sequence applied of the stream made at created, 0 if
// none.
func (db *DB) Applied(ctx context.Context, stream string, created time.Time) (n uint64, err error) {
	err = db.write(ctx, func() error {
		n, err = db.sequence(ctx, stream, created)
		return err
	})
	return n, err
}

func (db *DB) sequence(ctx context.Context, stream string, created time.Time) (uint64, error) {
	var n uint64
	err := db.writer.QueryRowContext(ctx, db.scripts["applied_read"], sql.Named("stream", stream), sql.Named("created", created.UTC())).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read position of %s: %w", stream, err)
	}
	return n, nil
}

func (db *DB) exec(ctx context.Context, scripts ...string) error {
	for _, script := range scripts {
		if _, err := db.writer.ExecContext(ctx, db.scripts[script]); err != nil {
			return fmt.Errorf("%s.sql: %w", script, err)
		}
	}
	return nil
}

func (db *DB) execIn(ctx context.Context, tx *sql.Tx, scripts ...string) error {
	for _, script := range scripts {
		if _, err := tx.ExecContext(ctx, db.scripts[script]); err != nil {
			return fmt.Errorf("%s.sql: %w", script, err)
		}
	}
	return nil
}
