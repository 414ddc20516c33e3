package search_test

import (
	"fmt"
	"log/slog"
	"strconv"
	"testing"
	"time"

	"jobcity/pipeline/batch/batchtest"
	"jobcity/pipeline/bus"
	"jobcity/pipeline/query"
	"jobcity/pipeline/store"
	sqlfiles "jobcity/sql"
	"jobcity/sql/citytest"
)

// BenchmarkWhatIsNew asks what is new to a search in a large city: nothing, the last
// batch, or where the store is another.
func BenchmarkWhatIsNew(b *testing.B) {
	const postings, perBatch = 100_000, 5000
	maker, err := citytest.NewMaker()
	if err != nil {
		b.Fatal(err)
	}
	db, err := store.Open(b.Context(), store.Config{MemoryLimit: "2GB", QueryTimeout: time.Minute, RepostGap: 60}, b.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	for i := range uint64(postings / perBatch) {
		at := store.Position{Stream: bus.Batches, Created: born, Sequence: i + 1}
		if _, err := db.ApplyBatches(b.Context(), batchtest.Records(b, maker.Rows(i*perBatch, perBatch)), at); err != nil {
			b.Fatal(err)
		}
	}
	queries, err := query.Load(sqlfiles.API, "api")
	if err != nil {
		b.Fatal(err)
	}
	ask := func(name string, params map[string]string) [][]any {
		bound, err := queries.Query(name).Bind(params)
		if err != nil {
			b.Fatal(err)
		}
		res, err := db.Run(b.Context(), bound, 1000)
		if err != nil {
			b.Fatal(err)
		}
		return res.Rows
	}
	last := ask("search_mark", nil)[0][0].(int64)
	for name, after := range map[string]int64{"none": last, "batch": last - perBatch/2, "all": 0} {
		b.Run(name, func(b *testing.B) {
			params := map[string]string{"skills": "kubernetes", "workplace": "remote", "open": "true", "q": "engineer", "after": fmt.Sprint(after), "upto": fmt.Sprint(last), "since": "0"}
			if name == "all" {
				params["floor"] = strconv.FormatInt(citytest.LastMonth.UnixMicro(), 10)
			}
			b.ReportAllocs()
			for b.Loop() {
				ask("search_new", params)
			}
		})
	}
	b.Run("mark", func(b *testing.B) {
		for b.Loop() {
			ask("search_mark", nil)
		}
	})
}
