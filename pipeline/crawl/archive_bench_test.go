package crawl_test

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"jobcity/pipeline/crawl"
	"jobcity/pipeline/posting"
)

// pieces is a file of n pieces made as it is read. It notes the largest heap that
// the reading needed.
type pieces struct {
	n, made int
	piece   func(i int) string
	rest    []byte
	bytes   int64
	peak    uint64
}

func (p *pieces) Read(b []byte) (int, error) {
	if len(p.rest) == 0 {
		if p.made == p.n {
			return 0, io.EOF
		}
		if p.made%2000 == 0 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			p.peak = max(p.peak, m.HeapAlloc)
		}
		p.rest = []byte(p.piece(p.made))
		p.made++
	}
	n := copy(b, p.rest)
	p.rest = p.rest[n:]
	p.bytes += int64(n)
	return n, nil
}

// BenchmarkReadFile imports 50,000 pages of which every fifth marks up a posting;
// the live heap must not grow with their number.
func BenchmarkReadFile(b *testing.B) {
	const pages = 50_000
	filler := strings.Repeat("<p>We make trains and timetables, by day and by night, in Go and on Linux.</p>", 100)
	page := func(i int) string {
		if i%5 == 0 {
			return jobPage(fmt.Sprintf("Engineer %d", i)) + filler
		}
		return "<html><body>" + filler + "</body></html>"
	}
	record := func(i int) string {
		return warcRecord(fmt.Sprintf("https://site%d.example/jobs/%d", i/200, i), "2026-03-01T10:00:00Z", "", page(i))
	}
	var packed [100]string // records are packed once: what is measured is reading
	for i := range packed {
		packed[i] = zipped(record(i))
	}
	for _, tt := range []struct {
		name  string
		piece func(i int) string
	}{
		{"warc", record},
		{"warc.gz", func(i int) string { return packed[i%len(packed)] }},
		{"nquads", func(i int) string {
			return strings.ReplaceAll(wdc[:strings.Index(wdc, "this line")], "https://www.acme.example/jobs/1", fmt.Sprintf("https://site%d.example/jobs/%d", i/200, i))
		}},
	} {
		b.Run(tt.name, func(b *testing.B) {
			b.ReportAllocs()
			var peak uint64
			postings := 0
			for b.Loop() {
				in := &pieces{n: pages, piece: tt.piece}
				report, err := crawl.ReadFile(context.Background(), "x."+tt.name, in, crawl.ReadOptions{}, func(posting.Posting) error { return nil })
				if err != nil || report.Postings == 0 || report.Rejected > 0 {
					b.Fatalf("%+v, %v", report, err)
				}
				b.SetBytes(in.bytes)
				peak, postings = max(peak, in.peak), postings+report.Postings
			}
			b.ReportMetric(float64(peak)/(1<<20), "MB-live")
			b.ReportMetric(float64(pages*b.N)/b.Elapsed().Seconds(), "pages/s")
			b.ReportMetric(float64(postings)/b.Elapsed().Seconds(), "postings/s")
		})
	}
}
