package bus_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"jobcity/pipeline/bus"
	"jobcity/pipeline/posting"
)

// BenchmarkPublishPostings shows what atomic batches are worth when every
// acknowledgement waits for the disk.
func BenchmarkPublishPostings(b *testing.B) {
	for _, n := range []int{1, 100, 1000} {
		b.Run(fmt.Sprintf("batch=%d", n), func(b *testing.B) {
			cfg := config()
			cfg.MaxBytes = 8 << 30
			bs, err := bus.Open(b.Context(), cfg, b.TempDir(), quiet, nil)
			if err != nil {
				b.Fatal(err)
			}
			defer bs.Close()
			var all []posting.Posting
			for _, p := range made(b, 0, n) {
				p.Text = strings.Repeat("Go and SQL. ", 250)
				all = append(all, p)
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := bs.PublishPostings(b.Context(), all); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "postings/s")
		})
	}
}

// BenchmarkWork takes postings of 3 KB from the bus and settles them.
func BenchmarkWork(b *testing.B) {
	for _, n := range []int{100, 1000} {
		b.Run(fmt.Sprintf("take=%d", n), func(b *testing.B) {
			cfg := config()
			cfg.MaxBytes = 8 << 30
			bs, err := bus.Open(b.Context(), cfg, b.TempDir(), quiet, nil)
			if err != nil {
				b.Fatal(err)
			}
			defer bs.Close()
			all := made(b, 0, 1000)
			for i := range all {
				all[i].Text = strings.Repeat("Go and SQL. ", 250)
			}
			w, err := bs.Postings(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			waiting, taken := 0, 0
			b.ReportAllocs()
			for b.Loop() {
				if waiting < n {
					b.StopTimer()
					if err := bs.PublishPostings(b.Context(), all); err != nil {
						b.Fatal(err)
					}
					waiting += len(all)
					b.StartTimer()
				}
				postings, settle, err := w.Next(b.Context(), n, time.Second)
				if err != nil {
					b.Fatal(err)
				}
				if err := settle(b.Context(), nil); err != nil {
					b.Fatal(err)
				}
				waiting -= len(postings)
				taken += len(postings)
			}
			b.ReportMetric(float64(taken)/b.Elapsed().Seconds(), "postings/s")
		})
	}
}
