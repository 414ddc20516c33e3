package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"jobcity/pipeline/posting"
)

// loadSweeps puts sweeps into the temporary tables of swept.sql.
func (db *DB) loadSweeps(ctx context.Context, sweeps []SweepAt) error {
	return errors.Join(
		db.appendTo(ctx, "temp", "swept", func(row func(...driver.Value) error) error {
			for _, at := range sweeps {
				s := at.Sweep
				if s.FinishedAt.Before(s.StartedAt) { // the clock was put back in between
					s.FinishedAt = s.StartedAt
				}
				err := row(posting.BoardID(s.Source, s.Board), s.Source, s.Board, orNull(s.Employer), orNull(s.URL), micros(s.StartedAt), micros(s.FinishedAt),
					string(s.Verdict), orNull(s.Reason), s.NotModified, int32(len(s.Listed)), int32(s.Published), int32(s.Rejected), int32(s.Requests))
				if err != nil {
					return err
				}
			}
			return nil
		}),
		db.appendTo(ctx, "temp", "swept_listed", func(row func(...driver.Value) error) error {
			for _, at := range sweeps {
				board := posting.BoardID(at.Sweep.Source, at.Sweep.Board)
				for _, id := range at.Sweep.Listed {
					if err := row(board, id); err != nil {
						return err
					}
				}
			}
			return nil
		}),
		db.appendTo(ctx, "temp", "swept_closed", func(row func(...driver.Value) error) error {
			for _, at := range sweeps {
				board := posting.BoardID(at.Sweep.Source, at.Sweep.Board)
				for _, c := range at.Sweep.Closed {
					on, err := time.Parse(time.DateOnly, c.On)
					if err != nil {
						continue // a day that is none closes nothing
					}
					if err := row(board, c.ID, on, c.Reason); err != nil {
						return err
					}
				}
			}
			return nil
		}),
	)
}

// appendTo fills a table row by row.
func (db *DB) appendTo(_ context.Context, catalog, table string, fill func(row func(...driver.Value) error) error) error {
	return db.writer.Raw(func(c any) error {
		a, err := duckdb.NewAppender(c.(driver.Conn), catalog, "main", table)
		if err != nil {
			return fmt.Errorf("append to %s: %w", table, err)
		}
		err = fill(a.AppendRow)
		if err = errors.Join(err, a.Close()); err != nil {
			return fmt.Errorf("append to %s: %w", table, err)
		}
		return nil
	})
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// micros is t as DuckDB keeps it, so that what is read back is equal.
func micros(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
