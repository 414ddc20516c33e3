package jobsfile_test

import (
	"fmt"
	"strings"
	"testing"

	"jobcity/pipeline/crawl/jobsfile"
)

func BenchmarkDecode(b *testing.B) {
	text := strings.Repeat("<p>Keep trains &amp; timetables up, in Go and on Linux.</p>", 50)
	var lines, rows strings.Builder
	rows.WriteString("id,title,text,employer,location,posted_on\n")
	for i := range 1000 {
		fmt.Fprintf(&lines, `{"id":%d,"title":"Engineer","text":%q,"employer":"Acme","location":["Berlin"],"posted_on":"2026-03-01"}`+"\n", i, text)
		fmt.Fprintf(&rows, "%d,Engineer,\"%s\",Acme,Berlin,2026-03-01\n", i, text)
	}
	for name, file := range map[string]string{"jsonl": lines.String(), "csv": rows.String()} {
		b.Run(name, func(b *testing.B) {
			body := []byte(file)
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if postings, _, err := jobsfile.Decode(body, board()); err != nil || len(postings) != 1000 {
					b.Fatal(len(postings), err)
				}
			}
			b.ReportMetric(float64(1000*b.N)/b.Elapsed().Seconds(), "postings/s")
		})
	}
}
