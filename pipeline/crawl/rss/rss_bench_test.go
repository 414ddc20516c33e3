package rss_test

import (
	"fmt"
	"strings"
	"testing"

	"jobcity/pipeline/crawl/rss"
)

func BenchmarkDecode(b *testing.B) {
	var feed strings.Builder
	feed.WriteString(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Jobs</title>`)
	text := strings.Repeat("<p>Keep trains &amp; timetables up, in Go and on Linux.</p>", 50)
	for i := range 1000 {
		fmt.Fprintf(&feed, "<item><title>Acme: Engineer %d</title><link>https://acme.example/%d</link><guid>%d</guid><pubDate>Mon, 02 Mar 2026 09:30:00 +0000</pubDate><category>Operations</category><content:encoded><![CDATA[%s]]></content:encoded></item>", i, i, i, text)
	}
	feed.WriteString("</channel></rss>")
	body := []byte(feed.String())
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if postings, _, err := rss.Decode(body, board()); err != nil || len(postings) != 1000 {
			b.Fatal(len(postings), err)
		}
	}
	b.ReportMetric(float64(1000*b.N)/b.Elapsed().Seconds(), "postings/s")
}
