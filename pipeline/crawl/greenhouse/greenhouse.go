// Package greenhouse reads Greenhouse job boards: one request answers with the
// whole board. Format: grnhse/greenhouse-api-docs, "Job Board API".
package greenhouse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/url"
	"strings"

	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/posting"
)

// Source is Greenhouse's public job board API.
func Source() source.Source {
	return source.Source{
		BaseURL: "https://boards-api.greenhouse.io",
		Start:   start,
		Home:    func(b source.Board) string { return "https://job-boards.greenhouse.io/" + url.PathEscape(b.Board) },
		List:    list,
	}
}

func start(b source.Board) string {
	return b.BaseURL + "/v1/boards/" + url.PathEscape(b.Board) + "/jobs?content=true"
}

func list(ctx context.Context, b source.Board, fetch source.Fetch, page func(source.Page) error) error {
	resp, err := fetch(ctx, source.Request{URL: start(b)})
	if err != nil {
		return err
	}
	if resp.NotModified {
		return page(source.Page{Response: resp})
	}
	postings, bad, total, err := decode(resp.Body, b)
	if err != nil {
		return err
	}
	if err := page(source.Page{Response: resp, Postings: postings, Bad: bad}); err != nil {
		return err
	}
	if listed := len(postings) + len(bad); total > listed {
		return fmt.Errorf("greenhouse board %s: it says it has %d postings and gave %d", b.Board, total, listed)
	}
	return nil
}

// Decode reads a board's whole answer. It fails if body is not a Greenhouse
// board at all.
func Decode(body []byte, b source.Board) ([]posting.Posting, []source.Bad, error) {
	postings, bad, _, err := decode(body, b)
	return postings, bad, err
}

// decode also returns how many postings the board says it has, 0 if it does not.
func decode(body []byte, b source.Board) (postings []posting.Posting, bad []source.Bad, total int, err error) {
	postings = []posting.Posting{}
	err = source.Items(body, "jobs", func(i int, raw []byte, j job, err error) {
		if err == nil && j.ID == "" {
			err = errors.New("field id: missing")
		}
		if err != nil {
			bad = append(bad, source.Bad{NativeID: string(j.ID), Index: i, Reason: err.Error(), Raw: raw})
			return
		}
		postings = append(postings, j.posting(b))
	}, func(key string, raw json.RawMessage) {
		var meta struct {
			Total int `json:"total"`
		}
		if key == "meta" && json.Unmarshal(raw, &meta) == nil {
			total = meta.Total
		}
	})
	if err != nil {
		return nil, nil, 0, fmt.Errorf("greenhouse board %s: %w", b.Board, err)
	}
	return postings, bad, total, nil
}

// DecodeListed reads one element of a collected list of many boards' postings, as
// some public collections keep them: company_slug is the board, location a string.
func DecodeListed(raw []byte) (posting.Posting, error) {
	var l listed
	if err := json.Unmarshal(raw, &l); err != nil {
		return posting.Posting{}, fmt.Errorf("greenhouse posting: %w", err)
	}
	switch {
	case l.Slug == "":
		return posting.Posting{}, errors.New("greenhouse posting: field company_slug: missing")
	case l.ID == "":
		return posting.Posting{}, errors.New("greenhouse posting: field id: missing")
	}
	j := job{ID: l.ID, Title: l.Title, AbsoluteURL: l.AbsoluteURL, FirstPublished: l.FirstPublished, CompanyName: l.Company}
	j.Location.Name = l.Location
	if j.AbsoluteURL == "" {
		j.AbsoluteURL = l.URL
	}
	return j.posting(source.Board{Source: "greenhouse", Board: l.Slug}), nil
}

func (j job) posting(b source.Board) posting.Posting {
	p := posting.Posting{
		Source:   "greenhouse",
		Board:    b.Board,
		NativeID: string(j.ID),
		Employer: b.Employer,
		Title:    strings.TrimSpace(j.Title),
		Text:     content(j.Content),
		URL:      j.AbsoluteURL,
		PostedOn: source.Day(j.FirstPublished), // updated_at says when it was last edited
		Language: j.Language,
	}
	if p.Employer == "" {
		p.Employer = strings.TrimSpace(j.CompanyName)
	}
	if p.Employer == "" {
		p.Employer = b.Board
	}
	var departments []string
	for _, d := range j.Departments {
		departments = append(departments, d.Name)
	}
	p.Department = strings.Join(source.Places(departments...), ", ")
	p.Locations = j.places()
	return p
}

// content is HTML that comes entity-escaped; a board that does not escape it is
// taken as it is.
func content(s string) string {
	if strings.Contains(s, "<") {
		return s
	}
	return html.UnescapeString(s)
}

// places is the posting's own location, which may name several, and the offices
// it does not already name.
func (j job) places() []string {
	places := strings.FieldsFunc(j.Location.Name, func(r rune) bool { return r == ';' || r == '|' || r == '•' })
	stated := strings.ToLower(j.Location.Name)
	for _, o := range j.Offices {
		at := strings.TrimSpace(o.Location)
		city, _, _ := strings.Cut(at, ",")
		if at == "" {
			at, city = o.Name, o.Name
		}
		if !strings.Contains(stated, strings.ToLower(strings.TrimSpace(city))) {
			places = append(places, at)
		}
	}
	return source.Places(places...)
}
