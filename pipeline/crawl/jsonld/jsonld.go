// Package jsonld reads any site whose pages mark up their postings as schema.org
// JobPosting, as JSON-LD, microdata or RDFa: robots.txt names the sitemaps, these
// name the pages, and package jobposting reads them. A site without a sitemap is
// walked by its links, two steps from its start page.
//
// A page is a posting for as long as the site lists it, it answers, and it does
// not ask to be left out of indexes (robots meta tag and X-Robots-Tag). One that
// is gone (404, 410) or asks so closes its postings at once. The day of
// unavailable_after is a last day as validThrough is.
// Formats: sitemaps.org/protocol.html; RFC 9309 section 2.2.4 for "Sitemap:" lines.
package jsonld

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"jobcity/pipeline/crawl/jobposting"
	"jobcity/pipeline/crawl/source"
)

const (
	mostPages    = 200_000 // addresses of one site that are kept in mind
	mostFailures = 10      // pages that fail in a row before the rest is not asked for
)

// Source is a site. The board is its host without "www.": "acme.example",
// "careers.acme.example".
func Source() source.Source {
	return source.Source{
		BaseURL: "https://{board}",
		Start:   func(b source.Board) string { return root(b) + "/robots.txt" },
		Home:    root,
		Options: []string{"sitemap", "start", "pages"},
		Check:   check,
		List:    list,
	}
}

// root is where the site is asked. A base URL without {board} is the site itself.
func root(b source.Board) string {
	return strings.TrimRight(strings.ReplaceAll(b.BaseURL, "{board}", b.Board), "/")
}

func check(b source.Board) error {
	errs := []error{source.CheckTenant(b)}
	if strings.HasPrefix(b.Board, "www.") {
		errs = append(errs, fmt.Errorf("board: leave out \"www.\": %s", strings.TrimPrefix(b.Board, "www.")))
	}
	if _, err := regexp.Compile(b.Options["pages"]); err != nil {
		errs = append(errs, fmt.Errorf("pages: no regular expression: %w", err))
	}
	for _, o := range []string{"sitemap", "start"} {
		if at := b.Options[o]; at != "" && !strings.HasPrefix(at, "/") {
			if u, err := url.Parse(at); err != nil || u.Host == "" {
				errs = append(errs, fmt.Errorf("%s: must be an address, or a path of the site (got %.80q)", o, at))
			}
		}
	}
	return errors.Join(errs...)
}

// walk is one sweep of a site.
type walk struct {
	board    source.Board
	root     *url.URL
	wanted   *regexp.Regexp
	fetch    source.Fetch
	page     func(source.Page) error
	row      int   // pages that failed in a row
	failed   int   // pages that failed
	problem  error // of the first of them
	noFollow bool  // what the page read last says of its links
	cut      error // why not all that the site lists was looked at
}

func list(ctx context.Context, b source.Board, fetch source.Fetch, page func(source.Page) error) error {
	at, err := url.Parse(root(b))
	if err != nil {
		return fmt.Errorf("site %s: %w", b.Board, err)
	}
	w := &walk{board: b, root: at, wanted: jobPage, fetch: fetch, page: page}
	if p := b.Options["pages"]; p != "" {
		w.wanted = regexp.MustCompile(p)
	}
	found, err := w.sitemaps(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("site %s: %w", b.Board, err)
	case found == nil:
		err = w.links(ctx)
	default:
		err = w.pages(ctx, found)
	}
	if err == nil && w.failed > 0 {
		err = fmt.Errorf("site %s: %d pages could not be read, the first because %w", b.Board, w.failed, w.problem)
	}
	if err == nil && w.cut != nil {
		err = fmt.Errorf("site %s: %w", b.Board, w.cut)
	}
	return err
}

// jobPage is how addresses of postings look when a board does not say.
var jobPage = regexp.MustCompile(`(?i)job|career|karriere|carriere|carrière|vacan|position|opening|opportunit|stelle|emploi|offre|oferta|empleo|vaga|lavor|posting|recruit|requisition|work-with-us|join-us|/roles?/`)

// pages reads the pages that sitemaps list. Where not one of them looks like a
// posting, all are read.
func (w *walk) pages(ctx context.Context, found []entry) error {
	chosen := make([]entry, 0, len(found))
	for _, e := range found {
		if w.wanted.MatchString(e.loc) {
			chosen = append(chosen, e)
		}
	}
	if len(chosen) == 0 && w.board.Options["pages"] == "" {
		chosen = found
	}
	for _, e := range chosen {
		if _, err := w.read(ctx, source.Request{URL: e.loc, Version: e.changed, HTML: true}); err != nil {
			return err
		}
	}
	return nil
}

// read reads one page and hands over what it says. It fails when the sweep cannot
// go on; a page that fails keeps what the last sweep found there.
func (w *walk) read(ctx context.Context, r source.Request) (source.Response, error) {
	resp, err := w.fetch(ctx, r)
	switch {
	case ctx.Err() != nil:
		return resp, ctx.Err()
	case err == nil && resp.NotModified:
		w.row = 0
		return resp, w.page(source.Page{Response: resp})
	case err == nil:
		w.row = 0
		return resp, w.page(w.extract(resp))
	case source.NotFound(err):
		return resp, w.page(source.Page{Response: source.Response{Request: r}, Gone: true})
	case source.Forbidden(err):
		return resp, nil // nobody is to look at it
	}
	w.failed++
	if w.problem == nil {
		w.problem = err
	}
	if err := w.page(source.Page{Response: source.Response{Request: r}}); err != nil {
		return resp, err
	}
	if w.row++; w.row >= mostFailures {
		return resp, fmt.Errorf("site %s: %d pages in a row cannot be read: %w", w.board.Board, w.row, err)
	}
	return resp, nil
}

// extract is the page of resp with the postings it marks up.
func (w *walk) extract(resp source.Response) source.Page {
	out := source.Page{Response: resp}
	now := time.Now()
	read := jobposting.Extract(resp.Body, resp.Request.URL, resp.Header, now)
	w.noFollow = read.Robots.NoFollow
	if read.Robots.Hidden(now) {
		out.Gone = true
		return out
	}
	for i, f := range read.Found {
		p := f.Posting
		p.Source, p.Board = "jsonld", w.board.Board
		if w.board.Employer != "" {
			p.Employer = w.board.Employer
		}
		if end := read.Robots.LastDay(); end != "" && (p.ClosedOn == "" || end < p.ClosedOn) {
			p.ClosedOn = end
		}
		if read.Robots.NoArchive {
			p.Text = ""
		}
		if p.Title == "" && p.Text == "" {
			out.Bad = append(out.Bad, source.Bad{NativeID: p.NativeID, Index: i, Reason: "a JobPosting with neither title nor description", Raw: []byte(resp.Request.URL)})
			continue
		}
		out.Postings = append(out.Postings, p)
	}
	if len(read.Found) == 0 && len(read.Damage) > 0 {
		out.Bad = append(out.Bad, source.Bad{NativeID: jobposting.PageID(resp.Request.URL), Reason: "the JobPosting of the page cannot be read: " + strings.Join(read.Damage, "; "), Raw: []byte(resp.Request.URL)})
	}
	return out
}

// ours says whether u is a page of the site, whatever its scheme and with or
// without "www.".
func (w *walk) ours(u *url.URL) bool {
	site := func(u *url.URL) string {
		host := strings.TrimPrefix(strings.ToLower(u.Host), "www.")
		return strings.TrimSuffix(strings.TrimSuffix(host, ":443"), ":80")
	}
	return (u.Scheme == "http" || u.Scheme == "https") && site(u) == site(w.root)
}

// resolve is an address as the site writes it; nil if it is none of the site's.
func (w *walk) resolve(base *url.URL, ref string) *url.URL {
	u, err := base.Parse(strings.TrimSpace(ref))
	if err != nil || !w.ours(u) {
		return nil
	}
	u.Fragment = ""
	return u
}
