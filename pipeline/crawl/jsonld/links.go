package jsonld

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"jobcity/pipeline/crawl/source"
)

// mostLinks is how many pages of a site without a sitemap are read.
const mostLinks = 5_000

// links walks a site without a sitemap: from its start page to the pages it links
// to that look like postings, and from these one step on.
func (w *walk) links(ctx context.Context) error {
	start := w.root
	if at := w.board.Options["start"]; at != "" {
		if u := w.resolve(w.root, at); u != nil {
			start = u
		}
	}
	seen := map[string]bool{start.String(): true}
	level := []*url.URL{start}
	for depth := 0; len(level) > 0; depth++ {
		var next []*url.URL
		for _, at := range level {
			resp, err := w.read(ctx, source.Request{URL: at.String(), HTML: true, Whole: depth < 2})
			if err != nil {
				return err
			}
			if depth == 0 && resp.Body == nil && w.failed == 0 {
				return fmt.Errorf("site %s: it has no sitemap, and its start page %s is not there or robots.txt forbids it", w.board.Board, at.Redacted())
			}
			if depth >= 2 {
				continue
			}
			for _, u := range w.linksOf(at, resp) {
				if seen[u.String()] || !w.wanted.MatchString(u.String()) {
					continue
				}
				if len(seen) == mostLinks {
					w.cut = fmt.Errorf("it has no sitemap, and more than %d pages", mostLinks)
					break
				}
				seen[u.String()] = true
				next = append(next, u)
			}
		}
		level = next
	}
	return nil
}

// linksOf are the links of the page that was read last to others of the site, none
// if it asks not to follow them.
func (w *walk) linksOf(at *url.URL, resp source.Response) []*url.URL {
	if w.noFollow {
		return nil
	}
	var out []*url.URL
	z := html.NewTokenizer(bytes.NewReader(resp.Body))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return out
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if t.DataAtom != atom.A || strings.Contains(strings.ToLower(attr(t, "rel")), "nofollow") {
				continue
			}
			if u := w.resolve(at, attr(t, "href")); u != nil && attr(t, "href") != "" && len(u.String()) <= longestURL {
				out = append(out, u)
			}
		}
	}
}

func attr(t html.Token, key string) string {
	for _, a := range t.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
