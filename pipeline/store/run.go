package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"jobcity/pipeline/query"
)

// ErrStatement says that free SQL is not one statement that only reads.
var ErrStatement = errors.New("statement refused")

// Run runs a bound query in a read-only transaction and returns at most maxRows
// of its rows. At most four queries run at a time; others wait for their turn.
func (db *DB) Run(ctx context.Context, b query.Bound, maxRows int) (query.Result, error) {
	var res query.Result
	err := db.read(ctx, func(ctx context.Context, conn *sql.Conn) error {
		rows, err := conn.QueryContext(ctx, b.Query.SQL, b.Args...)
		if err != nil {
			return err
		}
		res, err = collect(rows, b.Query.Columns, maxRows)
		return err
	})
	if err != nil {
		return query.Result{}, fmt.Errorf("query %s: %w", b.Query.Name, err)
	}
	return res, nil
}

// Free runs one statement of somebody's own, SELECT or EXPLAIN, in a read-only
// transaction on a connection that is closed afterwards. Files and the network
// are out of its reach. An error that wraps [ErrStatement] means that it was not
// run at all.
func (db *DB) Free(ctx context.Context, statement string, maxRows int) (query.Result, error) {
	var res query.Result
	err := db.read(ctx, func(ctx context.Context, conn *sql.Conn) error {
		// Whatever the statement leaves on the connection goes with it.
		defer func() { _ = conn.Raw(func(any) error { return driver.ErrBadConn }) }()
		var names []string
		err := conn.Raw(func(c any) (err error) {
			names, err = onlyReads(c.(driver.Conn), statement)
			if limited := limit(statement, maxRows+1); err == nil && isStatement(c.(driver.Conn), limited) {
				statement = limited
			}
			return err
		})
		if err != nil {
			return err
		}
		rows, err := conn.QueryContext(ctx, statement)
		if err != nil {
			return err
		}
		res, err = collect(rows, nil, maxRows)
		for i := range res.Columns { // a limited statement tells equal names apart
			res.Columns[i].Name = names[i]
		}
		return err
	})
	return res, err
}

// onlyReads refuses everything but one SELECT or EXPLAIN and returns the names of
// its columns. The driver's older Prepare, unlike PrepareContext, runs nothing
// when there are several statements.
func onlyReads(c driver.Conn, statement string) (names []string, err error) {
	prepared, err := c.Prepare(statement)
	if err != nil {
		if strings.Contains(err.Error(), "multi-statement") {
			return nil, fmt.Errorf("%w: give one statement at a time", ErrStatement)
		}
		return nil, err
	}
	defer prepared.Close()
	s := prepared.(*duckdb.Stmt)
	kind, err := s.StatementType()
	if err != nil {
		return nil, err
	}
	if kind != duckdb.STATEMENT_TYPE_SELECT && kind != duckdb.STATEMENT_TYPE_EXPLAIN {
		return nil, fmt.Errorf("%w: only SELECT and EXPLAIN run here, the data is read-only", ErrStatement)
	}
	n, err := s.ColumnCount()
	if err != nil {
		return nil, err
	}
	names = make([]string, n)
	for i := range names {
		if names[i], err = s.ColumnName(i); err != nil {
			return nil, err
		}
	}
	return names, nil
}

// limit is a statement that gives the first n rows of another. The driver holds
// all rows of an answer at once: without it, a large answer would fill the memory
// and then the disk before the first row is read.
func limit(statement string, n int) string {
	return fmt.Sprintf("from (\n%s\n) limit %d", strings.TrimRight(statement, "; \t\r\n"), n)
}

// isStatement says whether DuckDB takes the text as one statement.
func isStatement(c driver.Conn, text string) bool {
	prepared, err := c.Prepare(text)
	return err == nil && prepared.Close() == nil
}

// read runs f in a read-only transaction on a connection of its own.
func (db *DB) read(ctx context.Context, f func(context.Context, *sql.Conn) error) error {
	if err := db.readers.Acquire(ctx, 1); err != nil {
		return fmt.Errorf("wait for other queries: %w", err)
	}
	defer db.readers.Release(1)
	err := db.readOn(ctx, f)
	if invalidated(err) {
		// Nothing can be read until the file is opened again; this answer is lost.
		err = errors.Join(err, db.write(ctx, func() error {
			_, err := db.writer.ExecContext(ctx, "select 1")
			return err
		}))
	}
	return err
}

func (db *DB) readOn(ctx context.Context, f func(context.Context, *sql.Conn) error) error {
	db.mu.RLock()
	defer db.mu.RUnlock()
	if db.sql == nil {
		return ErrClosed
	}
	ctx, cancel := db.timeout(ctx)
	defer cancel()
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "begin transaction read only"); err != nil {
		return err
	}
	err = f(ctx, conn)
	if cause := context.Cause(ctx); err != nil && cause != nil {
		err = fmt.Errorf("%w (%w)", cause, err)
	}
	// The transaction only read: a connection that cannot end it is given up.
	if _, endErr := conn.ExecContext(context.WithoutCancel(ctx), "rollback"); endErr != nil {
		_ = conn.Raw(func(any) error { return driver.ErrBadConn })
	}
	return err
}

// collect reads at most maxRows rows and closes rows. Columns take their types
// from declared, where given.
func collect(rows *sql.Rows, declared []query.Column, maxRows int) (query.Result, error) {
	defer rows.Close()
	res := query.Result{Columns: declared}
	if declared == nil {
		types, err := rows.ColumnTypes()
		if err != nil {
			return res, err
		}
		for _, t := range types {
			res.Columns = append(res.Columns, query.Column{Name: t.Name(), Type: columnType(t.DatabaseTypeName())})
		}
	}
	for rows.Next() {
		if len(res.Rows) == maxRows {
			res.Truncated = true
			break
		}
		row, pointers := make([]any, len(res.Columns)), make([]any, len(res.Columns))
		for i := range row {
			pointers[i] = &row[i]
		}
		if err := rows.Scan(pointers...); err != nil {
			return res, err
		}
		res.Rows = append(res.Rows, row)
	}
	return res, rows.Err()
}

// columnType is DuckDB's type in the words of query headers.
func columnType(duck string) string {
	if duck == "VARCHAR" {
		return "text"
	}
	return strings.ToLower(duck)
}

// Tables are the public tables: all that hold what analysts see, without the
// store's own bookkeeping.
func (db *DB) Tables(ctx context.Context) ([]string, error) {
	var names []string
	err := db.read(ctx, func(ctx context.Context, conn *sql.Conn) error {
		rows, err := conn.QueryContext(ctx, db.scripts["tables"])
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var n string
			if err := rows.Scan(&n); err != nil {
				return err
			}
			names = append(names, n)
		}
		return rows.Err()
	})
	return names, err
}

// CopyTable writes all rows of a public table as one Parquet file, compressed
// with zstd and ordered, into the folder snapshots, and returns its path, the
// table's columns and the number of rows. The caller moves or removes the file.
func (db *DB) CopyTable(ctx context.Context, name string) (file string, columns []query.Column, rows int64, err error) {
	names, err := db.Tables(ctx)
	if err != nil {
		return "", nil, 0, err
	}
	if !slices.Contains(names, name) {
		return "", nil, 0, fmt.Errorf("no public table %q; there are %s", name, strings.Join(names, ", "))
	}
	file = filepath.Join(db.snapshotDir(), name+".parquet")
	err = db.read(ctx, func(ctx context.Context, conn *sql.Conn) error {
		// The name is one of Tables and the path our own: neither is text from outside.
		none, err := conn.QueryContext(ctx, "from "+name+" limit 0")
		if err != nil {
			return err
		}
		shape, err := collect(none, nil, 0)
		if err != nil {
			return err
		}
		columns = shape.Columns
		return conn.QueryRowContext(ctx, "copy (from "+name+" order by all) to "+quote(file)+" (format parquet, compression zstd)").Scan(&rows)
	})
	return file, columns, rows, err
}
