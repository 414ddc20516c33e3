package personio_test

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"jobcity/pipeline/crawl/personio"
)

// BenchmarkDecode reads a feed of 300 positions, beside encoding/xml alone.
func BenchmarkDecode(b *testing.B) {
	var positions []string
	for i := range 300 {
		positions = append(positions, fmt.Sprintf("%d <![CDATA[<p>Größe & Go.</p>%s]]>", i, strings.Repeat("<li>You keep Kubernetes running.</li>", 100)))
	}
	body := []byte(feed(positions...))
	b.Run("personio", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			if got, _, err := personio.Decode(body, acme); err != nil || len(got) != 300 {
				b.Fatal(len(got), err)
			}
		}
	})
	b.Run("encoding-xml", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			var doc struct {
				Positions []struct {
					ID       string `xml:"id"`
					Name     string `xml:"name"`
					Sections []struct {
						Name  string `xml:"name"`
						Value string `xml:"value"`
					} `xml:"jobDescriptions>jobDescription"`
				} `xml:"position"`
			}
			if err := xml.Unmarshal(body, &doc); err != nil || len(doc.Positions) != 300 {
				b.Fatal(len(doc.Positions), err)
			}
		}
	})
}
