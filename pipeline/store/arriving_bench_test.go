package store_test

import (
	"os"
	"strconv"
	"testing"
	"time"

	"jobcity/pipeline/batch/batchtest"
	"jobcity/pipeline/store"
	"jobcity/sql/citytest"
)

// BenchmarkArriving applies 500 new postings at a time to a large made-up city, of
// JOBCITY_CITY_SIZE postings (20000 without it). JOBCITY_CITY=DIR keeps the city
// there, with what has arrived, and uses it again.
func BenchmarkArriving(b *testing.B) {
	size, err := strconv.Atoi(os.Getenv("JOBCITY_CITY_SIZE"))
	if err != nil {
		size = 20_000
	}
	data := os.Getenv("JOBCITY_CITY")
	if data == "" {
		data = b.TempDir()
	}
	maker, err := citytest.NewMaker()
	if err != nil {
		b.Fatal(err)
	}
	citytest.Fill(b, maker, data, size)
	cfg := config()
	cfg.MemoryLimit, cfg.Threads = "2GB", 2
	db, err := store.Open(b.Context(), cfg, data, quiet)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	next := uint64(time.Now().UnixNano()) // new ones in each run
	for b.Loop() {
		b.StopTimer()
		recs := batchtest.Records(b, maker.Rows(next, 500))
		next += 500
		b.StartTimer()
		if _, err := db.ApplyBatches(b.Context(), recs, batches(next)); err != nil {
			b.Fatal(err)
		}
	}
}
