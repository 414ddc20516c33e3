// Package lever reads Lever job sites, page by page. Each posting comes with its
// whole text: a description, lists such as the requirements, and a closing part.
// Format: lever/postings-api, "Get a list of job postings".
package lever

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"net/url"
	"strconv"
	"strings"
	"time"

	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/posting"
)

const (
	baseURL   = "https://api.lever.co"
	baseURLEU = "https://api.eu.lever.co"
	pageSize  = 100
	maxItems  = 50_000 // a site that lists more is not believed
)

// Source is Lever's public postings API. The board is the site's name, in which
// upper and lower case differ. The option "region" is "global" (the default) or
// "eu", for sites at jobs.eu.lever.co; a base URL of one's own makes it moot.
func Source() source.Source {
	return source.Source{
		BaseURL: baseURL,
		Start:   func(b source.Board) string { return pageURL(b, 0) },
		Home:    home,
		Options: []string{"region"},
		Check:   check,
		List:    list,
	}
}

func check(b source.Board) error {
	switch b.Options["region"] {
	case "", "global", "eu":
		return nil
	}
	return fmt.Errorf("region: must be global or eu (got %q)", b.Options["region"])
}

func home(b source.Board) string {
	host := "https://jobs.lever.co/"
	if b.Options["region"] == "eu" {
		host = "https://jobs.eu.lever.co/"
	}
	return host + url.PathEscape(b.Board)
}

func pageURL(b source.Board, skip int) string {
	base := b.BaseURL
	if base == baseURL && b.Options["region"] == "eu" {
		base = baseURLEU
	}
	return fmt.Sprintf("%s/v0/postings/%s?mode=json&skip=%d&limit=%d", base, url.PathEscape(b.Board), skip, pageSize)
}

// list asks for pages until one is not full. A server that does not know skip and
// limit gives all at once, which is then more than a page. A page's memo is how
// many items it has and a mark of their ids.
func list(ctx context.Context, b source.Board, fetch source.Fetch, page func(source.Page) error) error {
	seen := map[string]bool{}
	for skip := 0; skip < maxItems; {
		resp, err := fetch(ctx, source.Request{URL: pageURL(b, skip)})
		if err != nil {
			return err
		}
		p := source.Page{Response: resp, Memo: resp.Memo}
		if !resp.NotModified {
			if p.Postings, p.Bad, err = Decode(resp.Body, b); err != nil {
				return err
			}
			p.Memo = memo(p)
		}
		count, _, _ := strings.Cut(p.Memo, " ")
		n, err := strconv.Atoi(count)
		if err != nil {
			return fmt.Errorf("lever site %s: what the last sweep noted of a page is damaged: %q", b.Board, p.Memo)
		}
		if n > 0 && seen[p.Memo] {
			return fmt.Errorf("lever site %s: the same page again after %d postings", b.Board, skip)
		}
		seen[p.Memo] = true
		if err := page(p); err != nil {
			return err
		}
		if n != pageSize {
			return nil
		}
		skip += n
	}
	return fmt.Errorf("lever site %s: more than %d postings; the rest is not read", b.Board, maxItems)
}

func memo(p source.Page) string {
	h := fnv.New64a()
	for _, one := range p.Postings {
		h.Write([]byte(one.NativeID + "\n"))
	}
	for _, bad := range p.Bad {
		h.Write(bad.Raw)
	}
	return fmt.Sprintf("%d %016x", len(p.Postings)+len(p.Bad), h.Sum64())
}

// Decode reads one page. A field of the wrong type is left out; a posting without
// id, title or text because of that is bad. It fails if body is no Lever page.
func Decode(body []byte, b source.Board) ([]posting.Posting, []source.Bad, error) {
	postings := []posting.Posting{}
	var bad []source.Bad
	err := source.Elements(body, func(i int, raw []byte, j job, err error) {
		p := j.posting(b)
		if j.ID == "" && err == nil {
			err = errors.New("field id: missing")
		}
		if err != nil && (j.ID == "" || p.Title == "" || p.Text == "") {
			bad = append(bad, source.Bad{NativeID: string(j.ID), Index: i, Reason: err.Error(), Raw: raw})
			return
		}
		postings = append(postings, p)
	})
	if err != nil {
		return nil, nil, fmt.Errorf("lever site %s: %w", b.Board, err)
	}
	return postings, bad, nil
}

func (j job) posting(b source.Board) posting.Posting {
	p := posting.Posting{
		Source:         "lever",
		Board:          b.Board,
		NativeID:       string(j.ID),
		Employer:       b.Employer,
		Title:          strings.TrimSpace(j.Title),
		Text:           j.text(),
		URL:            j.HostedURL,
		Locations:      j.places(),
		Department:     j.Categories.Department,
		Team:           j.Categories.Team,
		EmploymentType: source.Employment(j.Categories.Commitment),
		Workplace:      source.Workplace(j.WorkplaceType),
		Salary:         source.Pay(j.SalaryRange.Min, j.SalaryRange.Max, j.SalaryRange.Currency, j.SalaryRange.Interval, j.SalaryDescription),
	}
	if p.Employer == "" {
		p.Employer = b.Board
	}
	if p.URL == "" && j.ID != "" {
		p.URL = home(b) + "/" + url.PathEscape(string(j.ID))
	}
	if j.CreatedAt > 0 && j.CreatedAt < 1e15 {
		p.PostedOn = source.DayOf(time.UnixMilli(int64(j.CreatedAt)).UTC())
	}
	return p
}

// text is all that the page for people shows, in its order.
func (j job) text() string {
	sections := make([]source.Section, 0, len(j.Lists)+3)
	switch {
	case !blank(j.Description):
		sections = append(sections, source.Section{Body: j.Description})
	case !blank(j.Opening) || !blank(j.DescriptionBody):
		sections = append(sections, source.Section{Body: j.Opening}, source.Section{Body: j.DescriptionBody})
	default:
		sections = append(sections, source.Section{Body: j.DescriptionPlain})
	}
	for _, l := range j.Lists {
		if has(l.Content, "<li") && !has(l.Content, "<ul") && !has(l.Content, "<ol") {
			l.Content = "<ul>" + l.Content + "</ul>"
		}
		sections = append(sections, source.Section{Heading: l.Text, Body: l.Content})
	}
	closing := j.Additional
	if blank(closing) {
		closing = j.AdditionalPlain
	}
	// under a heading, or it would belong to the last list
	return source.Text(append(sections, source.Section{Heading: "Additional information", Body: closing})...)
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

// has says whether html has the start of the tag, in lower or upper case.
func has(html, tag string) bool {
	return strings.Contains(html, tag) || strings.Contains(html, strings.ToUpper(tag))
}

// places are the locations in the employer's words. The country is there beside
// them, and says more than a location like "Remote" alone.
func (j job) places() []string {
	places := source.Places(append([]string{j.Categories.Location}, j.Categories.AllLocations...)...)
	country := source.Country(j.Country)
	switch {
	case len(places) == 0:
		return source.Places(country)
	case len(places) == 1 && strings.EqualFold(places[0], "remote") && country != "":
		places[0] += ", " + country
	}
	return places
}
