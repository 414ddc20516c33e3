// Package rss reads job feeds: RSS 2.0 and its 0.9x forerunners, RSS 1.0 (RDF),
// Atom 1.0, and the <source><job> form that Indeed and its like take. Employer,
// place, pay and dates come from whatever job elements a feed carries, by their
// names: those of Google Base (g:), WP Job Manager (job_listing:), Teamtailor (tt:)
// and many without a namespace; else from titles such as "Acme: Engineer" and
// "Engineer at Acme (Berlin)".
//
// A feed shows its newest postings only, so that one which leaves it may still be
// open: the sweep ends with [source.ErrNewest] and closes nothing. A feed that says
// it is complete (RFC 5005, section 2; the <source><job> form by its nature), or
// whose board has the option "lists: all", is a whole board like any other.
//
// Formats: rssboard.org/rss-specification, web.resource.org/rss/1.0, RFC 4287, RFC
// 5005 (paged feeds are followed to their end).
package rss

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/posting"
)

// maxPages is how many pages of a paged feed are read.
const maxPages = 100

// Source is any feed. The board's name is free; its option "url" is the feed's
// address, or the path under the board's base_url. Without it the name itself is
// the address. With the option "lists: all" the feed is taken for the whole board:
// what it lists no more is closed; the default is "newest".
func Source() source.Source {
	return source.Source{
		Start:   start,
		Home:    func(source.Board) string { return "" },
		Options: []string{"url", "lists"},
		Check:   check,
		List:    list,
	}
}

func start(b source.Board) string { return source.FileURL(b) }

func check(b source.Board) error {
	if err := source.CheckFileURL(b); err != nil {
		return err
	}
	if v := b.Options["lists"]; v != "" && v != "newest" && v != "all" {
		return fmt.Errorf(`lists: must be "newest" or "all" (got %q)`, v)
	}
	return nil
}

func list(ctx context.Context, b source.Board, fetch source.Fetch, page func(source.Page) error) error {
	at := start(b)
	complete := b.Options["lists"] == "all"
	asked := map[string]bool{}
	for range maxPages {
		asked[at] = true
		resp, err := fetch(ctx, source.Request{URL: at})
		if err != nil {
			return err
		}
		p := source.Page{Response: resp, Memo: resp.Memo}
		if !resp.NotModified {
			if p, err = read(resp, b); err != nil {
				return fmt.Errorf("feed %s: %w", b.Board, err)
			}
		}
		if err := page(p); err != nil {
			return err
		}
		whole, next := readMemo(p.Memo)
		complete = complete || whole
		if next = sameHost(at, next); next == "" {
			if complete {
				return nil
			}
			return source.ErrNewest
		}
		if asked[next] {
			return fmt.Errorf("feed %s: the same page again: %s leads back to %s", b.Board, at, next)
		}
		at = next
	}
	return fmt.Errorf("feed %s: more than %d pages", b.Board, maxPages)
}

func read(resp source.Response, b source.Board) (source.Page, error) {
	body, err := source.Unpacked(resp)
	if err != nil {
		return source.Page{}, err
	}
	f, err := parse(body)
	if err != nil {
		return source.Page{}, err
	}
	postings, bad := f.postings(b, resp.Request.URL)
	return source.Page{Response: resp, Postings: postings, Bad: bad, Memo: memo(f.complete, f.next)}, nil
}

// Decode reads one feed, or one page of it. It fails if body is no feed at all, or
// is cut short.
func Decode(body []byte, b source.Board) ([]posting.Posting, []source.Bad, error) {
	f, err := parse(body)
	if err != nil {
		return nil, nil, fmt.Errorf("feed %s: %w", b.Board, err)
	}
	postings, bad := f.postings(b, start(b))
	return postings, bad, nil
}

// memo keeps with a page whether it said that it is the whole board, and which page
// follows.
func memo(complete bool, next string) string {
	word := "newest"
	if complete {
		word = "all"
	}
	return strings.TrimSpace(word + " " + next)
}

func readMemo(s string) (complete bool, next string) {
	word, next, _ := strings.Cut(s, " ")
	return word == "all", next
}

// sameHost resolves the address of the next page; "" if there is none, or it is on
// another host, where nobody said we may go.
func sameHost(at, next string) string {
	from, err := url.Parse(at)
	if err != nil || next == "" {
		return ""
	}
	to, err := from.Parse(next)
	if err != nil || to.Scheme != from.Scheme || to.Host != from.Host {
		return ""
	}
	return to.String()
}

// address resolves a link against the feed's address.
func address(feed, link string) string {
	link = strings.TrimSpace(link)
	base, err := url.Parse(feed)
	if err != nil || link == "" {
		return link
	}
	u, err := base.Parse(link)
	if err != nil {
		return link
	}
	return u.String()
}
