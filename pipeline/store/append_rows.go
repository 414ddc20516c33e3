//go:build !duckdb_arrow

package store

import (
	"context"

	"github.com/apache/arrow-go/v18/arrow"
)

// load puts record batches into the temporary table incoming row by row: the way
// without the build tag duckdb_arrow.
func (db *DB) load(ctx context.Context, recs []arrow.RecordBatch) (rows int, err error) {
	return db.loadRows(ctx, recs)
}
