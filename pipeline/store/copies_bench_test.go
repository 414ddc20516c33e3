package store_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"jobcity/pipeline/batch"
	"jobcity/pipeline/batch/batchtest"
	"jobcity/pipeline/store"
	"jobcity/pipeline/tag"
)

// BenchmarkCopies applies postings of which three in five are copies: exact ones
// in other cities, edited ones, and reposts months later. It prints what a posting
// costs as the store grows. JOBCITY_COPIES says how many; 50,000 without it.
func BenchmarkCopies(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("JOBCITY_COPIES"))
	if err != nil {
		n = 50_000
	}
	for b.Loop() {
		cfg := config()
		cfg.MemoryLimit, cfg.Threads = "1GB", 2
		db, err := store.Open(b.Context(), cfg, b.TempDir(), quiet)
		if err != nil {
			b.Fatal(err)
		}
		const portion = 10_000
		var applying time.Duration
		for i := 0; i < n; i += portion {
			recs := batchtest.Records(b, syntheticCopies(b, i, min(portion, n-i)))
			start := time.Now()
			if _, err := db.ApplyBatches(b.Context(), recs, batches(uint64(i+1))); err != nil {
				b.Fatal(err)
			}
			took := time.Since(start)
			for _, r := range recs {
				r.Release()
				r.Retain() // batchtest releases at the end
			}
			applying += took
			if (i/portion)%10 == 0 {
				fmt.Printf("%8d in the store: %6.1f µs a posting\n", i, float64(took.Microseconds())/portion)
			}
		}
		fmt.Printf("%d postings in %s\n", n, applying.Round(time.Second))
		expect(b, db, "select count(*) - count(distinct posting_id), count(*) from posting", fmt.Sprintf("0|%d", n))
		fmt.Println("groups:", ask(b, db, "select count(distinct copies_id), count(distinct canonical_id), count(distinct fingerprint) from posting"))
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// syntheticCopies are n postings from the i-th on; five in a row are one family:
// a role, its copy in another city, an edited copy, a repost, and another role
// under the same title.
func syntheticCopies(b *testing.B, i, n int) []batch.Row {
	b.Helper()
	rows := make([]batch.Row, n)
	for k := range rows {
		family, member := (i+k)/5, (i+k)%5
		r := rand.New(rand.NewPCG(8, uint64(family)))
		words := someWords(r, 150)
		on := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, r.IntN(500))
		switch member {
		case 2:
			words = edited(r, words, 1+r.IntN(7))
		case 3:
			on = on.AddDate(0, 0, 30)
		case 4:
			words = edited(r, words, 60)
		}
		rows[k] = offered(b, fmt.Sprint(family, "-", member), fmt.Sprintf("employer%d", family%20_000), fmt.Sprintf("Title %c%c", 'a'+rune(family%7), 'a'+rune(family/20_000%26)), words, on.Format(time.DateOnly))
		rows[k].Posting.SeenAt = on.AddDate(0, 0, 1)
		rows[k].Tags.Places = []tag.Place{{Country: "DE", City: fmt.Sprint("City", member)}}
		rows[k].Posting.Locations = []string{fmt.Sprint("City", member)}
		if err := rows[k].Posting.Prepare(); err != nil {
			b.Fatal(err)
		}
		rows[k].Tags.Evidence, rows[k].Tags.Skills = rows[k].Tags.Evidence[:2], rows[k].Tags.Skills[:4]
	}
	return rows
}
