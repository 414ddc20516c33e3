// Package teamtailor reads Teamtailor career sites. Each has its postings, with
// their texts, as a JSON Feed at /jobs.json, in pages of 100 joined by next_url,
// and as RSS at /jobs.rss, by offset. The JSON Feed is read: it says where it ends,
// and has pay. Sites without it, and boards with the option "feed: rss", are read by RSS,
// which has department and workplace instead.
//
// Teamtailor's help centre calls the RSS feed public; neither is documented by
// field. The fields were checked with users' reports of both feeds
// (applypack/applypack#128, nicholasbraun/job-crawler-poc#196, colophon-group/jobseek)
// and are unverified.
package teamtailor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/posting"
)

const (
	service  = "https://{board}.teamtailor.com"
	maxPages = 1000
	rssItems = 100 // of a full page
)

// Source is Teamtailor's public feeds. A board is the company's name in
// {company}.teamtailor.com, or the whole host of a site with a name of its own.
func Source() source.Source {
	return source.Source{
		BaseURL: service,
		Start:   start,
		Home: func(b source.Board) string {
			b.BaseURL = service
			return b.Root() + "/jobs"
		},
		Options: []string{"feed"},
		Check:   check,
		List:    list,
	}
}

func check(b source.Board) error {
	if f, ok := b.Options["feed"]; ok && f != "json" && f != "rss" {
		return fmt.Errorf("feed: must be json or rss (got %q)", f)
	}
	return source.CheckTenant(b)
}

func start(b source.Board) string {
	if b.Options["feed"] == "rss" {
		return b.Root() + "/jobs.rss"
	}
	return b.Root() + "/jobs.json"
}

func list(ctx context.Context, b source.Board, fetch source.Fetch, page func(source.Page) error) error {
	if b.Options["feed"] == "rss" {
		return listRSS(ctx, b, fetch, page)
	}
	resp, err := fetch(ctx, source.Request{URL: start(b)})
	if source.NotFound(err) && b.Options["feed"] == "" {
		b.Options = map[string]string{"feed": "rss"}
		if rssErr := listRSS(ctx, b, fetch, page); !source.NotFound(rssErr) {
			return rssErr
		}
		return err
	}
	seen := map[string]bool{} // postings, and the addresses asked
	for n := 0; err == nil; n++ {
		if n == maxPages {
			return fmt.Errorf("teamtailor board %s: its feed has more than %d pages", b.Board, maxPages)
		}
		seen[resp.Request.URL] = true
		var next string
		if next, err = listPage(b, resp, seen, page); err != nil || next == "" {
			return err
		}
		resp, err = fetch(ctx, source.Request{URL: next})
	}
	return err
}

// listPage hands over one page of the JSON Feed and returns the address of the
// next, "" if it is the last. Of next_url only the query counts: the address may
// be one that the board's host redirects to.
func listPage(b source.Board, resp source.Response, seen map[string]bool, page func(source.Page) error) (string, error) {
	p := source.Page{Response: resp, Memo: resp.Memo}
	if !resp.NotModified {
		var next string
		var err error
		if p.Postings, p.Bad, next, err = decode(resp.Body, b); err != nil {
			return "", err
		}
		if next != "" {
			u, err := url.Parse(next)
			if err != nil || u.RawQuery == "" {
				return "", fmt.Errorf("teamtailor board %s: cannot follow next_url %q", b.Board, next)
			}
			p.Memo = u.RawQuery
		}
		if n := countNew(p, seen); n == 0 && len(p.Postings)+len(p.Bad) > 0 {
			return "", errAgain(b)
		}
	}
	if err := page(p); err != nil || p.Memo == "" {
		return "", err
	}
	next := start(b) + "?" + p.Memo
	if seen[next] {
		return "", errAgain(b)
	}
	return next, nil
}

func errAgain(b source.Board) error {
	return fmt.Errorf("teamtailor board %s: it gave the same page again", b.Board)
}

// countNew is how many items of p are not in seen yet; they are put there.
func countNew(p source.Page, seen map[string]bool) (n int) {
	count := func(id string) {
		if id == "" || !seen[id] {
			n++
		}
		seen[id] = true
	}
	for _, one := range p.Postings {
		count(one.NativeID)
	}
	for _, b := range p.Bad {
		count(b.NativeID)
	}
	return n
}

// Decode reads one page of the JSON Feed. It fails if body is no such feed.
func Decode(body []byte, b source.Board) ([]posting.Posting, []source.Bad, error) {
	postings, bad, _, err := decode(body, b)
	return postings, bad, err
}

// decode also returns the address of the next page, "" if there is none.
func decode(body []byte, b source.Board) (postings []posting.Posting, bad []source.Bad, next string, err error) {
	postings = []posting.Posting{}
	err = source.Items(body, "items", func(i int, raw []byte, it item, err error) {
		id := nativeID(it.URL, string(it.Posting.V.Identifier.Word), string(it.ID))
		if err == nil && id == "" {
			err = errors.New("field id: missing")
		}
		if err != nil {
			bad = append(bad, source.Bad{NativeID: id, Index: i, Reason: err.Error(), Raw: raw})
			return
		}
		postings = append(postings, it.posting(b, id))
	}, func(key string, raw json.RawMessage) {
		if key == "next_url" {
			var s source.Word
			_ = json.Unmarshal(raw, &s)
			next = string(s)
		}
	})
	if err != nil {
		return nil, nil, "", fmt.Errorf("teamtailor board %s: %w", b.Board, err)
	}
	return postings, bad, next, nil
}

func (it item) posting(b source.Board, id string) posting.Posting {
	more := it.Posting.V
	p := posting.Posting{
		Source:   "teamtailor",
		Board:    b.Board,
		NativeID: id,
		Employer: first(b.Employer, string(more.Organization.Word), b.Board),
		Title:    first(it.Title, string(more.Title)),
		Text:     source.Text(source.Section{Body: first(it.ContentHTML.V, string(more.Description))}),
		URL:      it.URL,
		PostedOn: first(source.Day(string(more.DatePosted)), source.Day(string(it.DatePublished))),
		ClosedOn: source.Day(string(more.ValidThrough)),
		Salary:   more.BaseSalary.V.salary(),
	}
	if len(more.EmploymentType) == 1 { // of several none is the posting's
		p.EmploymentType = source.Employment(string(more.EmploymentType[0]))
	}
	if strings.EqualFold(string(more.JobLocationType), "TELECOMMUTE") {
		p.Workplace = "remote"
	}
	var places []string
	for _, at := range more.JobLocation {
		a := at.Address
		places = append(places, strings.Join(source.Places(string(a.Locality), string(a.Region), source.Country(string(a.Country.Word))), ", "))
	}
	p.Locations = source.Places(places...)
	return p
}

// salary is nil if no amount is stated.
func (s baseSalary) salary() *posting.Salary {
	lowest, highest := s.Value.Min, s.Value.Max
	if lowest == 0 && highest == 0 {
		lowest, highest = s.Value.Value, s.Value.Value
	}
	return source.Pay(lowest, highest, string(s.Currency), string(s.Value.Unit), "")
}

// first is the first of values that is not empty.
func first(values ...string) string {
	for _, v := range values {
		if v = strings.TrimSpace(v); v != "" {
			return v
		}
	}
	return ""
}
