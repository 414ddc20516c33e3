package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// positions is how far the streams are applied, for readers that must not wait
// for the writer.
type positions struct {
	mu       sync.Mutex
	all      []Position
	parts    map[string]string // of the table revision
	version  string            // of both
	revision string            // of the parts
}

// set says how far a stream is applied.
func (p *positions) set(at Position) {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer p.name()
	p.all = slices.DeleteFunc(p.all, func(o Position) bool { return o.Stream == at.Stream })
	p.all = append(p.all, at)
	slices.SortFunc(p.all, func(a, b Position) int { return strings.Compare(a.Stream, b.Stream) })
}

// Positions returns how far each stream is applied, by its name.
func (db *DB) Positions() []Position {
	db.state.mu.Lock()
	defer db.state.mu.Unlock()
	return slices.Clone(db.state.all)
}

// Version names the present content: it changes with every transaction, and two
// stores that have applied the same have the same version.
func (db *DB) Version() string {
	db.state.mu.Lock()
	defer db.state.mu.Unlock()
	return db.state.version
}

// Revision names what the content depends on beside what arrives: the taxonomy, the
// data on employers, and what was erased. It is part of the version.
func (db *DB) Revision() string {
	db.state.mu.Lock()
	defer db.state.mu.Unlock()
	return db.state.revision
}

// name works out version and revision; p is locked.
func (p *positions) name() {
	var revisions, parts []string
	for _, name := range slices.Sorted(maps.Keys(p.parts)) {
		value := p.parts[name]
		revisions = append(revisions, name[:1]+value[:min(len(value), 16)])
	}
	for _, at := range p.all {
		parts = append(parts, fmt.Sprintf("%s%d.%d", strings.ToLower(at.Stream[:1]), at.Created.UnixMicro(), at.Sequence))
	}
	p.revision = strings.Join(revisions, "-")
	p.version = strings.Join(append(parts, revisions...), "-")
}

func (db *DB) readState(ctx context.Context) error {
	rows, err := db.writer.QueryContext(ctx, db.scripts["applied_all"])
	if err != nil {
		return fmt.Errorf("read positions: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var p Position
		if err := rows.Scan(&p.Stream, &p.Created, &p.Sequence); err != nil {
			return fmt.Errorf("read positions: %w", err)
		}
		db.state.set(p)
	}
	return rows.Err()
}

// Counts is how much the store holds.
type Counts struct {
	Boards         int64      `json:"boards"`
	Postings       int64      `json:"postings"`
	UniquePostings int64      `json:"unique_postings"`
	OpenSpells     int64      `json:"open_spells"`
	Sweeps         int64      `json:"sweeps"`
	NewestPosting  *time.Time `json:"newest_posting"` // when the latest content was fetched
	NewestSweep    *time.Time `json:"newest_sweep"`
	Taxonomy       *string    `json:"taxonomy"`
}

// Counts counts what is there.
func (db *DB) Counts(ctx context.Context) (Counts, error) {
	var c Counts
	err := db.read(ctx, func(ctx context.Context, conn *sql.Conn) error {
		return conn.QueryRowContext(ctx, db.scripts["counts"]).Scan(&c.Boards, &c.Postings, &c.UniquePostings, &c.OpenSpells, &c.Sweeps, &c.NewestPosting, &c.NewestSweep, &c.Taxonomy)
	})
	if err != nil {
		return Counts{}, fmt.Errorf("count: %w", err)
	}
	return c, nil
}

// Taxonomy is what the dimension tables say of the tags.
type Taxonomy struct {
	Version   string
	Districts [][2]string // id, name
	Facets    [][2]string // id, name
	Metrics   [][2]string // id, name
	Streets   [][3]string // id, district, name
	Skills    [][4]string // id, name, kind, side
	Areas     [][2]string // area, country: one for each country of an area
}

// SetTaxonomy fills the dimension tables, unless they are from this version.
func (db *DB) SetTaxonomy(ctx context.Context, t Taxonomy) error {
	err := db.write(ctx, func() error {
		latest, err := db.taxonomy(ctx)
		if err != nil || latest == t.Version {
			return err
		}
		err = db.commit(ctx, func(tx *sql.Tx) error { return db.writeTaxonomy(ctx, tx, latest, t) })
		if err != nil {
			return err
		}
		if err := db.readRevisions(context.WithoutCancel(ctx)); err != nil {
			return err
		}
		if latest, err = db.taxonomy(context.WithoutCancel(ctx)); err == nil && latest != t.Version {
			err = fmt.Errorf("commit: it is %q after committing %q", latest, t.Version)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("taxonomy: %w", err)
	}
	return nil
}

func (db *DB) writeTaxonomy(ctx context.Context, tx *sql.Tx, latest string, t Taxonomy) error {
	if err := db.execIn(ctx, tx, "taxonomy_forget"); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, db.scripts["taxonomy_write"], sql.Named("taxonomy", t.Version), sql.Named("since", micros(time.Now())))
	if err != nil {
		return err
	}
	if err := db.writeRevision(ctx, tx, "taxonomy", t.Version); err != nil {
		return err
	}
	if latest != "" {
		reason := fmt.Sprintf("another taxonomy: %s after %s; the trend taxonomy_overlap shows both over the same postings", t.Version, latest)
		if _, err := tx.ExecContext(ctx, db.scripts["break_write"], sql.Named("on", micros(time.Now())), sql.Named("reason", reason)); err != nil {
			return fmt.Errorf("break_write.sql: %w", err)
		}
	}
	return errors.Join(
		appendAll(ctx, db, "district", t.Districts), appendAll(ctx, db, "facet", t.Facets), appendAll(ctx, db, "metric", t.Metrics),
		appendAll(ctx, db, "street", t.Streets), appendAll(ctx, db, "skill", t.Skills), appendAll(ctx, db, "area", t.Areas))
}

// taxonomy is the version that the dimension tables are from, empty when they
// have none yet.
func (db *DB) taxonomy(ctx context.Context) (string, error) {
	var version string
	err := db.writer.QueryRowContext(ctx, db.scripts["taxonomy_read"]).Scan(&version)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return version, err
}

// appendAll appends rows of strings to a table of the data file.
func appendAll[R [2]string | [3]string | [4]string](ctx context.Context, db *DB, table string, rows []R) error {
	return db.appendTo(ctx, "city", table, func(row func(...driver.Value) error) error {
		for _, r := range rows {
			var values []driver.Value
			switch r := any(r).(type) {
			case [2]string:
				values = []driver.Value{r[0], r[1]}
			case [3]string:
				values = []driver.Value{r[0], r[1], r[2]}
			case [4]string:
				values = []driver.Value{r[0], r[1], r[2], r[3]}
			}
			if err := row(values...); err != nil {
				return err
			}
		}
		return nil
	})
}

// Snapshot copies the data file, as it is after the last transaction, into the
// folder snapshots and returns the copy's path and how far it reaches. The
// caller removes it.
func (db *DB) Snapshot(ctx context.Context) (file string, at []Position, err error) {
	file = filepath.Join(db.snapshotDir(), fmt.Sprintf("city-%d.duckdb", time.Now().UnixNano()))
	err = db.write(ctx, func() error {
		at = db.Positions()
		return db.copyTo(ctx, file)
	})
	if err != nil {
		return "", nil, fmt.Errorf("snapshot: %w", err)
	}
	return file, at, nil
}

// copyTo copies the data file, as it is after the last transaction, into a new
// file. DuckDB does the copying: a data file that this process opens and closes
// itself loses the lock that keeps other processes out.
func (db *DB) copyTo(ctx context.Context, file string) error {
	if _, err := db.writer.ExecContext(ctx, "attach "+quote(file)+" as snapshot (storage_version "+quote(storage)+")"); err != nil {
		return err
	}
	_, err := db.writer.ExecContext(ctx, "copy from database city to snapshot")
	_, detachErr := db.writer.ExecContext(context.WithoutCancel(ctx), "detach snapshot")
	if err = errors.Join(err, detachErr); err != nil {
		_ = os.Remove(file + ".wal") // there only if it was cut off
		return errors.Join(err, os.Remove(file))
	}
	return nil
}
