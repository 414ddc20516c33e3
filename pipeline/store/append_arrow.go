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
// once, and crashes the process when it is read after its release: one
// `select *` is all that is ever run on it, and it is dropped before the release.
func (db *DB) load(ctx context.Context, recs []arrow.RecordBatch) error {
	if len(recs) == 0 {
		return nil
	}
	reader, err := array.NewRecordReader(recs[0].Schema(), recs)
	if err != nil {
		return err
	}
	defer reader.Release()
	var release func()
	err = db.writer.Raw(func(c any) error {
		a, err := duckdb.NewArrowFromConn(c.(driver.Conn))
		if err != nil {
			return err
		}
		release, err = a.RegisterView(reader, "arriving")
		return err
	})
	if err != nil {
		return fmt.Errorf("register Arrow view: %w", err)
	}
	defer release()
	_, err = db.writer.ExecContext(ctx, "insert into temp.main.incoming select * from memory.main.arriving")
	// The view must go even when ctx has ended.
	_, dropErr := db.writer.ExecContext(context.WithoutCancel(ctx), "drop view memory.main.arriving")
	return errors.Join(err, dropErr)
}
