package query

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// chunk is how many rows go into one record batch.
const chunk = 8192

// arrowType is the column's type in Arrow and Parquet. Types that a named query
// cannot declare are written as text, nested ones as JSON.
func arrowType(typ string) arrow.DataType {
	switch typ {
	case "bigint", "integer", "smallint", "tinyint", "uinteger", "usmallint", "utinyint":
		return arrow.PrimitiveTypes.Int64
	case "ubigint":
		return arrow.PrimitiveTypes.Uint64
	case "double", "float":
		return arrow.PrimitiveTypes.Float64
	case "boolean":
		return arrow.FixedWidthTypes.Boolean
	case "date":
		return arrow.FixedWidthTypes.Date32
	case "timestamp":
		return &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}
	default:
		return arrow.BinaryTypes.String
	}
}

func (r Result) schema(metadata map[string]string) *arrow.Schema {
	fields := make([]arrow.Field, len(r.Columns))
	for i, name := range r.names() {
		fields[i] = arrow.Field{Name: name, Type: arrowType(r.Columns[i].Type), Nullable: true}
	}
	md := arrow.MetadataFrom(metadata)
	return arrow.NewSchema(fields, &md)
}

// records calls put with the rows, chunk by chunk.
func (r Result) records(schema *arrow.Schema, put func(arrow.RecordBatch) error) error {
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	flush := func() error {
		rec := b.NewRecordBatch()
		defer rec.Release()
		return put(rec)
	}
	for n, row := range r.Rows {
		for i, v := range row {
			if err := add(b.Field(i), v, r.Columns[i].Type); err != nil {
				return fmt.Errorf("row %d, column %s: %w", n+1, schema.Field(i).Name, err)
			}
		}
		if (n+1)%chunk == 0 {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if len(r.Rows)%chunk != 0 {
		return flush()
	}
	return nil
}

func add(b array.Builder, v any, typ string) error {
	p := Plain(v, typ)
	if p == nil {
		b.AppendNull()
		return nil
	}
	ok := true
	switch b := b.(type) {
	case *array.StringBuilder:
		b.Append(cell(p))
	case *array.Int64Builder:
		var n int64
		switch p := p.(type) {
		case int64:
			n = p
		case uint64:
			n = int64(p) // from 32 bits at most
		case json.Number:
			var err error
			n, err = p.Int64()
			ok = err == nil
		default:
			ok = false
		}
		b.Append(n)
	case *array.Uint64Builder:
		var n uint64
		n, ok = p.(uint64)
		b.Append(n)
	case *array.Float64Builder:
		var f float64
		f, ok = digits(p)
		b.Append(f)
	case *array.BooleanBuilder:
		var t bool
		t, ok = p.(bool)
		b.Append(t)
	case *array.Date32Builder:
		var t time.Time
		t, ok = v.(time.Time)
		b.Append(arrow.Date32FromTime(t))
	case *array.TimestampBuilder:
		var t time.Time
		t, ok = v.(time.Time)
		b.Append(arrow.Timestamp(t.UnixMicro()))
	default:
		ok = false
	}
	if !ok {
		return fmt.Errorf("value of type %T in a column of %s", v, typ)
	}
	return nil
}

func (r Result) arrow(w io.Writer, metadata map[string]string) error {
	schema := r.schema(metadata)
	iw := ipc.NewWriter(w, ipc.WithSchema(schema))
	if err := r.records(schema, iw.Write); err != nil {
		return err
	}
	return iw.Close()
}

func (r Result) parquet(w io.Writer, metadata map[string]string) error {
	schema := r.schema(metadata)
	fw, err := pqarrow.NewFileWriter(schema, struct{ io.Writer }{w}, // hides Close: w is the caller's
		parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Zstd)),
		pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
	if err != nil {
		return err
	}
	if err := r.records(schema, fw.Write); err != nil {
		return err
	}
	return fw.Close()
}
