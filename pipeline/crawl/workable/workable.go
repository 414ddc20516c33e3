// Package workable reads Workable boards by the widget API, the one that
// www.workable.com/api/accounts/{name} redirects to: one request answers with the
// whole board. Format: workable.readme.io and what public readers of it state.
package workable

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/posting"
)

// Source is Workable's public widget API. The board is the account's name.
func Source() source.Source {
	return source.Source{
		BaseURL: "https://apply.workable.com",
		Start:   start,
		Home:    home,
		List:    source.OneAnswer(start, Decode),
	}
}

func start(b source.Board) string {
	return b.BaseURL + "/api/v1/widget/accounts/" + url.PathEscape(b.Board) + "?details=true"
}

func home(b source.Board) string {
	return "https://apply.workable.com/" + url.PathEscape(b.Board) + "/"
}

// Decode reads a board's whole answer. The elements of one posting, one for each
// place, become one posting with all places. A field of the wrong type is left
// out; a posting without id, title or text because of that is bad. It fails if
// body is no Workable board.
func Decode(body []byte, b source.Board) ([]posting.Posting, []source.Bad, error) {
	postings := []posting.Posting{}
	var bad []source.Bad
	at := map[string]int{}
	account := ""
	err := source.Items(body, "jobs", func(i int, raw []byte, j job, err error) {
		p := j.posting(b)
		if p.NativeID == "" && err == nil {
			err = errors.New("field shortcode: missing")
		}
		if err != nil && (p.NativeID == "" || p.Title == "" || p.Text == "") {
			bad = append(bad, source.Bad{NativeID: p.NativeID, Index: i, Reason: err.Error(), Raw: raw})
			return
		}
		if first, again := at[p.NativeID]; again {
			postings[first].Locations = source.Places(append(postings[first].Locations, p.Locations...)...)
			return
		}
		at[p.NativeID] = len(postings)
		postings = append(postings, p)
	}, func(key string, raw json.RawMessage) {
		if key == "name" && json.Unmarshal(raw, &account) != nil {
			account = ""
		}
	})
	if err != nil {
		return nil, nil, fmt.Errorf("workable board %s: %w", b.Board, err)
	}
	for _, name := range []string{b.Employer, strings.TrimSpace(account), b.Board} {
		if name == "" {
			continue
		}
		for i := range postings {
			postings[i].Employer = name
		}
		break
	}
	return postings, bad, nil
}

func (j job) posting(b source.Board) posting.Posting {
	p := posting.Posting{
		Source:         "workable",
		Board:          b.Board,
		NativeID:       j.id(),
		Title:          strings.TrimSpace(j.Title),
		Text:           j.text(),
		URL:            j.URL,
		Locations:      j.places(),
		Department:     j.Department,
		PostedOn:       source.Day(j.PublishedOn),
		EmploymentType: source.Employment(j.EmploymentType),
		Workplace:      source.Workplace(j.WorkplaceType),
	}
	if p.URL == "" && p.NativeID != "" {
		p.URL = home(b) + "j/" + url.PathEscape(p.NativeID) + "/"
	}
	if p.PostedOn == "" {
		p.PostedOn = source.Day(j.CreatedAt)
	}
	if p.Workplace == "" && j.Telecommuting { // false may still be hybrid
		p.Workplace = "remote"
	}
	return p
}

// id is the shortcode, which is also the last part of the posting's addresses.
func (j job) id() string {
	if j.Shortcode != "" {
		return string(j.Shortcode)
	}
	for _, address := range []string{j.Shortlink, j.URL} {
		if _, code, ok := strings.Cut(address, "/j/"); ok {
			code, _, _ = strings.Cut(code, "/")
			return code
		}
	}
	return ""
}

func (j job) text() string {
	sections := []source.Section{{Body: j.Description}}
	for _, s := range []source.Section{{Heading: "Requirements", Body: j.Requirements}, {Heading: "Benefits", Body: j.Benefits}} {
		if s.Body != "" && !strings.Contains(j.Description, s.Body) {
			sections = append(sections, s)
		}
	}
	return source.Text(sections...)
}

func (j job) places() []string {
	var places []string
	for _, l := range j.Locations {
		country := l.Country
		if country == "" {
			country = source.Country(l.CountryCode)
		}
		if !l.Hidden {
			places = append(places, strings.Join(source.Places(l.City, l.Region, country), ", "))
		}
	}
	if places = source.Places(places...); len(places) > 0 {
		return places
	}
	if j.City == "" && j.Country == "" {
		return nil // a region alone may be anything
	}
	return source.Places(strings.Join(source.Places(j.City, j.Region, j.Country), ", "))
}
