package source_test

import (
	"strings"
	"testing"

	"jobcity/pipeline/crawl/source"
)

// BenchmarkText writes the usual four sections, and texts made to be slow: it must
// take a time that grows with their size alone.
func BenchmarkText(b *testing.B) {
	body := strings.Repeat("<p>We keep <b>4,000 robots</b> online &amp; in good mood.</p><ul><li>Linux</li><li>Go<br></li></ul>\n", 15)
	usual := []source.Section{{Body: body}, {Heading: "Duties", Body: body}, {Heading: "Requirements", Body: body}, {Heading: "Benefits", Body: body}}
	const n = 100_000
	for name, sections := range map[string][]source.Section{
		"usual":        usual,
		"deep":         {{Body: strings.Repeat("<i>", n) + strings.Repeat("</b>", n)}},
		"overlapping":  {{Body: strings.Repeat("<i><b></i>", n)}},
		"unclosed":     {{Body: strings.Repeat("<a =' ", n)}},
		"open comment": {{Body: strings.Repeat("<!-- ", n)}},
		"open script":  {{Body: strings.Repeat("<script></", n)}},
	} {
		b.Run(name, func(b *testing.B) {
			size := 0
			for _, s := range sections {
				size += len(s.Body)
			}
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				source.Text(sections...)
			}
		})
	}
}
