//go:build duckdb_arrow

package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/duckdb/duckdb-go/v2"
)

// load puts record batches into the temporary table incoming, through a view
// over Arrow's memory. The view ignores projection and filters, gives its rows
// once, and crashes the process when it is read after its release. So one
// `select *` is all that is ever run on it, and it lives and dies in a
// transaction of its own that writes nothing else but temporary tables: no other
// connection ever sees it, and a rollback takes it away as well. It returns how many
// rows there are now.
func (db *DB) load(ctx context.Context, recs []arrow.RecordBatch) (rows int, err error) {
	if len(recs) == 0 {
		return 0, nil
	}
	reader, err := array.NewRecordReader(recs[0].Schema(), recs)
	if err != nil {
		return 0, err
	}
	defer reader.Release()
	var release func()
	defer func() {
		if release != nil { // after the end of the transaction
			release()
		}
	}()
	tx, err := db.begin(ctx)
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	err = db.writer.Raw(func(c any) error {
		a, err := duckdb.NewArrowFromConn(c.(driver.Conn))
		if err != nil {
			return err
		}
		release, err = a.RegisterView(reader, "arriving")
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("register Arrow view: %w", err)
	}
	res, err := tx.ExecContext(ctx, "insert into temp.main.incoming select * from memory.main.arriving")
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, err
	}
	if _, err = tx.ExecContext(ctx, "drop view memory.main.arriving"); err != nil {
		return 0, err
	}
	return int(n), tx.Commit()
}
