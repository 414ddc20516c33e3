package store

import (
	"context"
	"database/sql/driver"
	"fmt"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// loadRows puts record batches into the temporary table incoming row by row, and
// returns how many rows it has put there.
func (db *DB) loadRows(ctx context.Context, recs []arrow.RecordBatch) (rows int, err error) {
	err = db.appendTo(ctx, "temp", "incoming", func(row func(...driver.Value) error) error {
		for _, rec := range recs {
			values := make([]driver.Value, rec.NumCols())
			for r := range int(rec.NumRows()) {
				for c, column := range rec.Columns() {
					v, err := cell(column, r)
					if err != nil {
						return fmt.Errorf("column %s: %w", rec.ColumnName(c), err)
					}
					values[c] = v
				}
				if err := row(values...); err != nil {
					return err
				}
				rows++
			}
		}
		return nil
	})
	return rows, err
}

// cell is one value of a column as the driver takes it.
func cell(column arrow.Array, i int) (any, error) {
	if column.IsNull(i) {
		return nil, nil
	}
	switch a := column.(type) {
	case *array.String:
		return a.Value(i), nil
	case *array.Float64:
		return a.Value(i), nil
	case *array.Int32:
		return a.Value(i), nil
	case *array.Uint32:
		return a.Value(i), nil
	case *array.Uint64:
		return a.Value(i), nil
	case *array.Boolean:
		return a.Value(i), nil
	case *array.Date32:
		return a.Value(i).ToTime(), nil
	case *array.Timestamp:
		return time.UnixMicro(int64(a.Value(i))).UTC(), nil
	case *array.List:
		start, end := a.ValueOffsets(i)
		values := make([]any, 0, end-start)
		for j := start; j < end; j++ {
			v, err := cell(a.ListValues(), int(j))
			if err != nil {
				return nil, err
			}
			values = append(values, v)
		}
		return values, nil
	}
	return nil, fmt.Errorf("no value of Arrow type %s can be stored", column.DataType())
}
