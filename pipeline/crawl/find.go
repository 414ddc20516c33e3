package crawl

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"jobcity/pipeline/crawl/detect"
)

// Find tells which board an address leads to. If the address itself does not say,
// the page is fetched once, politely; redirects, embedded boards, feeds and
// markup of the page then tell. A service that jobcity cannot read is a
// [detect.UnsupportedError].
func (c *Crawler) Find(ctx context.Context, address string) (detect.Match, error) {
	u, err := detect.Parse(address)
	if err != nil {
		return detect.Match{}, err
	}
	m, known := detect.URL(u)
	if known && (m.Named() || m.Board.Source == "") {
		return readable(u, m)
	}
	sl := &slot{all: c.slots}
	defer sl.leave()
	a, err := c.fetcher.open(ctx, "detect", sl).do(ctx, exchange{url: u.String(), page: true})
	if err != nil {
		if known {
			err = fmt.Errorf("the address is of %s but names no board, and the page cannot be had: %w", m.System, err)
		}
		return detect.Match{}, fmt.Errorf("look at %s: %w", u.Redacted(), err)
	}
	for _, hop := range a.via[1:] {
		if to, ok := detect.URL(hop); ok && (to.Named() || to.Board.Source == "") {
			to.Where = "where it redirects to"
			return readable(u, to)
		}
	}
	return onPage(u, m, detect.Page(a.via[len(a.via)-1], a.body))
}

func readable(u *url.URL, m detect.Match) (detect.Match, error) {
	if m.Board.Source == "" {
		return detect.Match{}, &detect.UnsupportedError{URL: u.Redacted(), System: m.System}
	}
	return m, nil
}

// onPage decides among what a page shows. byAddress is what the address told.
func onPage(u *url.URL, byAddress detect.Match, matches []detect.Match) (detect.Match, error) {
	if len(matches) == 0 && byAddress.System != "" {
		matches = []detect.Match{byAddress}
	}
	switch {
	case len(matches) == 0:
		return detect.Match{}, fmt.Errorf("no board found at %s: neither the address nor the page leads to one of %s; if its postings' own pages carry JobPosting markup, add it with --source jsonld",
			u.Redacted(), strings.Join(sourceNames(), ", "))
	case detect.Ambiguous(matches):
		var ids []string
		for _, m := range matches[:min(len(matches), 5)] {
			if m.Named() {
				ids = append(ids, fmt.Sprintf("%s (%s)", m.Board.ID(), m.Where))
			}
		}
		return detect.Match{}, fmt.Errorf("%s leads to several boards; add the one you mean by its own address: %s", u.Redacted(), strings.Join(ids, ", "))
	case matches[0].Board.Source != "" && matches[0].Board.Board == "":
		return detect.Match{}, fmt.Errorf("%s shows postings of %s but does not name the board; open one of its postings there and add that address", u.Redacted(), matches[0].System)
	}
	return readable(u, matches[0])
}

// Proof is what one request to a board showed.
type Proof struct {
	Postings int    // on the page that was read; -1 if the request did not show them
	More     bool   // there is more to ask for
	Employer string // of most of them, "" if it is not told
	Doubt    string // why the board may not be one all the same, "" if it is proved
}

// String says it for people.
func (p Proof) String() string {
	n := "it answers"
	switch {
	case p.Doubt != "":
		n = p.Doubt
	case p.Postings < 0 && p.More:
		n = "it lists postings"
	case p.Postings == 0:
		n = "no posting now"
	case p.Postings == 1:
		n = "1 posting"
	case p.Postings > 1:
		n = fmt.Sprintf("%d postings", p.Postings)
	}
	if p.More && p.Postings > 0 {
		n = "at least " + n
	}
	if p.Employer != "" {
		n += " of " + p.Employer
	}
	return n
}

// Prove makes one polite request to b and says what it showed, or in plain words
// what is wrong. Nothing is published.
func (c *Crawler) Prove(ctx context.Context, b Board) (Proof, error) {
	if err := errors.Join(CheckBoard(b)...); err != nil {
		return Proof{}, err
	}
	if b.BaseURL != "" {
		if err := c.cfg.checkBaseURL(b.BaseURL); err != nil {
			return Proof{}, fmt.Errorf("base_url: %w", err)
		}
	}
	b = c.withBase(b)
	sl := &slot{all: c.slots}
	defer sl.leave()
	return prove(ctx, b, sources()[b.Source], c.fetcher.open(ctx, b.Source, sl))
}
