package nquads_test

import (
	"testing"

	"jobcity/pipeline/crawl/nquads"
)

func BenchmarkParse(b *testing.B) {
	lines := [][]byte{
		[]byte(`_:n1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://schema.org/JobPosting> <https://www.acme.example/jobs/1> .`),
		[]byte(`_:n1 <http://schema.org/title> "Site Reliability Engineer (Z\u00FCrich)"@en <https://www.acme.example/jobs/1> .`),
		[]byte(`_:n1 <http://schema.org/description> "<p>Keep it up.\nWrite Go.</p><p>Keep trains and timetables up, in Go and on Linux, by day and by night.</p>" <https://www.acme.example/jobs/1> .`),
	}
	size := 0
	for _, l := range lines {
		size += len(l)
	}
	var p nquads.Parser
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, l := range lines {
			if _, ok, err := p.Parse(l); !ok || err != nil {
				b.Fatal(err)
			}
		}
	}
}
