package crawl_test

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"testing"

	"jobcity/pipeline/crawl"
	"jobcity/pipeline/posting"
)

// rssKit is a paged feed that its board calls complete.
func rssKit() kit {
	return kit{
		board: crawl.Board{Source: "rss", Board: "acme", Options: map[string]string{"url": "/jobs.rss", "lists": "all"}},
		pages: func(items []item) []page {
			var pages []page
			chunks := slices.Collect(slices.Chunk(items, 3))
			if len(chunks) == 0 {
				chunks = [][]item{nil}
			}
			for i, chunk := range chunks {
				path := "/jobs.rss"
				if i > 0 {
					path = fmt.Sprintf("/jobs.rss?page=%d", i+1)
				}
				next := ""
				if i+1 < len(chunks) {
					next = fmt.Sprintf("/jobs.rss?page=%d", i+2)
				}
				pages = append(pages, page{path: path, kind: "application/rss+xml", body: feed(chunk, next)})
			}
			return pages
		},
		misfit:   func(id string) string { return `<item><guid>` + id + `</guid><pubDate>2026-03-01</pubDate></item>` },
		nameless: `<item><title>Neither guid nor link</title></item>`,
		several:  8,
		reasons: map[string]string{
			"a web page":       "a web page, not a feed",
			"another document": "the answer is no feed",
		},
	}
}

func feed(items []item, next string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Jobs at Acme</title>`)
	if next != "" {
		fmt.Fprintf(&b, `<atom:link rel="next" href="%s"/>`, html.EscapeString(next))
	}
	for _, it := range items {
		if it.raw == "" {
			it.raw = fmt.Sprintf("<item><guid>%s</guid><title>Acme: %s</title><description><![CDATA[<p>%s</p>]]></description></item>", it.id, it.title, it.text)
		}
		b.WriteString(it.raw)
	}
	return b.String() + `</channel></rss>`
}

func TestAPostingThatLeavesAFeedIsNotClosed(t *testing.T) {
	k := rssKit()
	delete(k.board.Options, "lists")
	c := newCity(t)
	cr := c.crawler(t, k.board)

	c.serve(k.pages(three))
	c.sweep(t, cr).check(t, posting.Partial, ids(k.board, three), "Backend Engineer", "Data Engineer", "Site Reliability Engineer")
	again := c.sweep(t, cr)
	again.check(t, posting.Partial, ids(k.board, three))
	if !again.NotModified || !strings.Contains(again.Reason, "newest postings") {
		t.Errorf("unchanged feed: not modified %v, reason %q", again.NotModified, again.Reason)
	}

	c.serve(k.pages(three[1:]))
	c.sweep(t, cr).check(t, posting.Partial, ids(k.board, three[1:]))
	c.serve(k.pages(nil))
	c.sweep(t, cr).check(t, posting.Partial, []string{})
}

func TestAFeedThatSaysItIsCompleteClosesPostings(t *testing.T) {
	k := rssKit()
	delete(k.board.Options, "lists")
	c := newCity(t)
	cr := c.crawler(t, k.board)
	for _, body := range []string{
		`<feed xmlns="http://www.w3.org/2005/Atom" xmlns:fh="http://purl.org/syndication/history/1.0"><fh:complete/><entry><id>1</id><title>SRE</title></entry></feed>`,
		`<source><job><referencenumber>1</referencenumber><title>SRE</title></job></source>`,
	} {
		c.serve([]page{{path: "/jobs.rss", kind: "application/xml", body: body}})
		for range 2 { // also when it is not modified
			if s := c.sweep(t, cr); s.Verdict != posting.Complete || len(s.Listed) != 1 {
				t.Errorf("verdict %s, listed %d, reason %q", s.Verdict, len(s.Listed), s.Reason)
			}
		}
	}
}

func TestTheNextPageOfAFeedIsOnItsOwnHost(t *testing.T) {
	k := rssKit()
	c := newCity(t)
	c.serve([]page{{path: "/jobs.rss", kind: "application/xml", body: feed(three[:1], "http://elsewhere.example/jobs.rss")}})
	s := c.sweep(t, c.crawler(t, k.board))
	if s.Verdict != posting.Complete || s.Requests != 1 {
		t.Errorf("verdict %s (%s) after %d requests", s.Verdict, s.Reason, s.Requests)
	}
}
