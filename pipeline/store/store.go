// Package store keeps everything in one DuckDB file. It applies record batches
// and sweeps, each stream in its order, and writes how far it has come in the
// same transaction, so that a message counts exactly once whatever crashes. It
// runs bound queries in read-only transactions, and makes snapshots.
//
// The file is attached to an in-memory instance: the views that Arrow needs live
// in memory and can never reach the file, where they would outlive their data.
package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/duckdb/duckdb-go/v2"
	"golang.org/x/sync/semaphore"

	"jobcity/pipeline/employer"
	sqlfiles "jobcity/sql"
)

// File is the name of the data file in the data folder.
const File = "city.duckdb"

// Errors of Open and of what runs later.
var (
	// ErrDamaged says that the data file cannot be trusted; the text says what to do.
	ErrDamaged = errors.New("data file is damaged")
	// ErrLocked says that another process has the data file open.
	ErrLocked = errors.New("data file is in use")
	// ErrNewer says that a later version wrote the data file.
	ErrNewer = errors.New("data file is newer than this program")
	// ErrClosed says that the store is closed, or that its file could not be opened
	// again after a fatal error; the next write tries once more.
	ErrClosed = errors.New("the store is closed")
)

// DB is an open store. It is safe for concurrent use; applying is one at a time.
type DB struct {
	cfg Config
	dir string
	log *slog.Logger

	apply     sync.Mutex // one writer
	closed    bool       // Close was called
	scripts   map[string]string
	employers *employer.Directory // nil: names stay as they come

	mu      sync.RWMutex // held for writing only while the instance is exchanged
	sql     *sql.DB
	writer  *sql.Conn // its catalog is the in-memory one
	readers *semaphore.Weighted
	state   positions
}

// storage is the oldest version of DuckDB's files that can compress texts with zstd.
const storage = "v1.2.0"

// maxReaders bounds the queries that run at a time; others wait.
const maxReaders = 4

// Open opens dir/city.duckdb, making it if it is not there, and brings its
// schema to this program's. The caller holds the lock on dir.
func Open(ctx context.Context, cfg Config, dir string, log *slog.Logger) (*DB, error) {
	db := &DB{cfg: cfg, dir: dir, log: log.With("component", "store"), readers: semaphore.NewWeighted(maxReaders)}
	var err error
	if db.scripts, err = scripts(); err != nil {
		return nil, err
	}
	for _, d := range []string{dir, db.tempDir(), db.snapshotDir()} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return nil, fmt.Errorf("data folder: %w", err)
		}
	}
	if err := db.removeLeftovers(); err != nil {
		return nil, err
	}
	if err := db.open(ctx); err != nil {
		return nil, errors.Join(err, db.shut())
	}
	return db, nil
}

func (db *DB) tempDir() string     { return filepath.Join(db.dir, "tmp") }
func (db *DB) snapshotDir() string { return filepath.Join(db.dir, "snapshots") }

// Path is the data file.
func (db *DB) Path() string { return filepath.Join(db.dir, File) }

// open makes the instance: settings, attach, migrate, lock down.
func (db *DB) open(ctx context.Context) error {
	if err := db.checkFiles(); err != nil {
		return err
	}
	attached := false
	connector, err := duckdb.NewConnector("", func(e driver.ExecerContext) error {
		if !attached {
			return nil
		}
		_, err := e.ExecContext(context.Background(), "use city", nil)
		return err
	})
	if err != nil {
		return fmt.Errorf("start DuckDB: %w", err)
	}
	db.sql = sql.OpenDB(connector)
	if db.writer, err = db.sql.Conn(ctx); err != nil {
		return fmt.Errorf("start DuckDB: %w", err)
	}
	settings := []string{
		"set memory_limit = " + quote(db.cfg.MemoryLimit),
		"set temp_directory = " + quote(db.tempDir()),
		"set autoinstall_known_extensions = false",
		"set autoload_known_extensions = false",
		"set allow_community_extensions = false",
		"set preserve_insertion_order = false",
		"set global TimeZone = 'UTC'",
		"set allowed_directories = [" + quote(db.snapshotDir()) + "]",
	}
	settings = append(settings, fmt.Sprintf("set variable repost_gap = %d", db.cfg.RepostGap))
	if db.cfg.Threads > 0 {
		settings = append(settings, fmt.Sprintf("set threads = %d", db.cfg.Threads))
	}
	for _, s := range settings {
		if _, err := db.writer.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("configure DuckDB: %s: %w", s, err)
		}
	}
	if _, err := db.writer.ExecContext(ctx, "attach "+quote(db.Path())+" as city (storage_version "+quote(storage)+")"); err != nil {
		return attachError(db.Path(), err)
	}
	attached = true
	if err := db.migrate(ctx); err != nil {
		return err
	}
	for _, s := range []string{"set enable_external_access = false", "set lock_configuration = true"} {
		if _, err := db.writer.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("configure DuckDB: %s: %w", s, err)
		}
	}
	if err := db.loadRates(ctx); err != nil {
		return err
	}
	return errors.Join(db.readState(ctx), db.readRevisions(ctx))
}

// checkFiles refuses a write-ahead log without its data file: DuckDB would throw
// the log away, and make a new file.
func (db *DB) checkFiles() error {
	wal := db.Path() + ".wal"
	if _, err := os.Stat(wal); err != nil {
		return nil
	}
	if _, err := os.Stat(db.Path()); !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return fmt.Errorf("%w: %s is missing, but its write-ahead log is there\n"+
		"Put the data file back beside the log. If it is lost, set the log aside and start again with a snapshot, or empty:\n"+
		"  mv '%s' '%s.damaged'", ErrDamaged, db.Path(), wal, wal)
}

// attachError says what is wrong with the data file in words a person can act on.
func attachError(path string, err error) error {
	text := err.Error()
	switch {
	case strings.Contains(text, "Conflicting lock"):
		return fmt.Errorf("%w: %s: %w", ErrLocked, path, err)
	case strings.Contains(text, "Corrupt WAL") || strings.Contains(text, "replaying WAL"):
		return fmt.Errorf("%w: the write-ahead log of %s cannot be read: %w\n"+
			"What was committed before its last checkpoint is safe. Keep a copy of the folder, then set the log aside and start again:\n"+
			"  mv '%s.wal' '%s.wal.damaged'\n"+
			"Messages still on the bus are applied again; what is missing then comes back with the next crawl or import", ErrDamaged, path, err, path, path)
	case strings.Contains(text, "newer") || strings.Contains(text, "storage version"):
		return fmt.Errorf("%w: %s: %w", ErrNewer, path, err)
	case strings.Contains(text, "not a valid DuckDB") || strings.Contains(text, "hecksum") || strings.Contains(text, "orrupt") || strings.Contains(text, "Serialization"):
		return fmt.Errorf("%w: %s cannot be read: %w\n"+
			"Keep a copy of the folder, then set the file aside and start again with a snapshot, or empty:\n"+
			"  mv '%s' '%s.damaged'", ErrDamaged, path, err, path, path)
	}
	return fmt.Errorf("open data file %s: %w", path, err)
}

// quote makes s an SQL string. It is for settings and file names, which take no
// parameters; values are always bound.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// scripts reads sql/store by name.
func scripts() (map[string]string, error) {
	all := map[string]string{}
	files, err := fs.Glob(sqlfiles.Store, "store/*.sql")
	if err != nil {
		return nil, fmt.Errorf("read the store's SQL: %w", err)
	}
	for _, f := range files {
		b, err := sqlfiles.Store.ReadFile(f)
		if err != nil {
			return nil, fmt.Errorf("read the store's SQL: %w", err)
		}
		all[strings.TrimSuffix(filepath.Base(f), ".sql")] = string(b)
	}
	return all, nil
}

// Close checkpoints the data file and closes it.
func (db *DB) Close() error {
	db.apply.Lock()
	defer db.apply.Unlock()
	db.closed = true
	return db.shut()
}

// write runs f as the only writer. After a fatal error the file is opened again,
// now or, if that fails too, before the next write.
func (db *DB) write(ctx context.Context, f func() error) error {
	db.apply.Lock()
	defer db.apply.Unlock()
	if db.closed {
		return ErrClosed
	}
	if db.writer == nil {
		if err := db.reopen(ctx, ErrClosed); err != nil {
			return err
		}
	}
	err := f()
	if invalidated(err) {
		err = errors.Join(err, db.reopen(ctx, err))
	}
	return err
}

func (db *DB) shut() error {
	db.mu.Lock()
	defer db.mu.Unlock()
	var errs []error
	if db.writer != nil {
		errs = append(errs, db.writer.Close())
	}
	if db.sql != nil {
		errs = append(errs, db.sql.Close())
	}
	db.writer, db.sql = nil, nil
	return errors.Join(errs...)
}

// Checkpoint moves the write-ahead log into the data file.
func (db *DB) Checkpoint(ctx context.Context) error {
	return db.write(ctx, func() error {
		if _, err := db.writer.ExecContext(ctx, "checkpoint city"); err != nil {
			return fmt.Errorf("checkpoint: %w", err)
		}
		return nil
	})
}

// reopen replaces an instance that DuckDB has given up after a fatal error, as a
// full disk can cause. What was committed is still there.
func (db *DB) reopen(ctx context.Context, cause error) error {
	db.log.Warn("DuckDB gave up on the data file; opening it again", "error", cause)
	if err := db.shut(); err != nil {
		db.log.Warn("closing the old instance", "error", err)
	}
	db.mu.Lock()
	err := db.open(context.WithoutCancel(ctx))
	db.mu.Unlock()
	if err != nil {
		return errors.Join(fmt.Errorf("open the data file again: %w", err), db.shut())
	}
	return nil
}

// invalidated says whether DuckDB refuses everything until it is opened again.
func invalidated(err error) bool {
	if err == nil {
		return false
	}
	var de *duckdb.Error
	return strings.Contains(err.Error(), "has been invalidated") || errors.As(err, &de) && de.Type == duckdb.ErrorTypeFatal
}

// timeout bounds a query.
func (db *DB) timeout(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, db.cfg.QueryTimeout, fmt.Errorf("the query took longer than %s", db.cfg.QueryTimeout.Round(time.Millisecond)))
}
