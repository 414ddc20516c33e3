package store

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"jobcity/pipeline/batch/batchtest"
)

// TestRowsAndArrowLoadTheSame holds the way this build loads record batches to
// the same result as the way of the other build. Without the tag duckdb_arrow
// both are the row appender.
func TestRowsAndArrowLoadTheSame(t *testing.T) {
	db, err := Open(t.Context(), Config{MemoryLimit: "1GB", QueryTimeout: time.Minute}, t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	recs := batchtest.Records(t, batchtest.Rows(1, 700))
	for name, load := range map[string]func(context.Context, []arrow.RecordBatch) (int, error){"one": db.load, "two": db.loadRows} {
		if err := db.exec(t.Context(), "incoming"); err != nil {
			t.Fatal(err)
		}
		if n, err := load(t.Context(), recs); err != nil || n != 700 {
			t.Fatalf("%d rows, %v", n, err)
		}
		if _, err := db.writer.ExecContext(t.Context(), "create temp table "+name+" as select * from incoming"); err != nil {
			t.Fatal(err)
		}
	}
	for _, q := range []string{"select count(*) from (from one except all from two)", "select count(*) from (from two except all from one)"} {
		var n int
		if err := db.writer.QueryRowContext(t.Context(), q).Scan(&n); err != nil || n != 0 {
			t.Errorf("%s: %d, %v", q, n, err)
		}
	}
}

// BenchmarkApplyBatches compares sizes of transactions, and bytes on disk.
func BenchmarkApplyBatches(b *testing.B) {
	for _, n := range []int{1000, 5000, 10000} {
		b.Run(fmt.Sprintf("rows=%d", n), func(b *testing.B) {
			db, err := Open(b.Context(), Config{MemoryLimit: "2GB", QueryTimeout: time.Minute}, b.TempDir(), slog.New(slog.DiscardHandler))
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close()
			sequence := uint64(0)
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				sequence++
				recs := batchtest.Records(b, batchtest.Rows(sequence, n))
				b.StartTimer()
				if _, err := db.ApplyBatches(b.Context(), recs, Position{Stream: "BATCHES", Created: time.Unix(0, 0), Sequence: sequence}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
