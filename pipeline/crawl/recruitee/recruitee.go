// Package recruitee reads Recruitee careers sites: one request answers with the
// whole board. Format: docs.recruitee.com, "Careers Site API"; the fields are as
// public readers of it state them.
package recruitee

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/posting"
)

// Source is the API of Recruitee's careers sites. The board is the first part of
// the host, or the whole host of a site under the employer's own name.
func Source() source.Source {
	return source.Source{
		BaseURL: "https://{board}.recruitee.com",
		Start:   start,
		Home:    home,
		Check:   source.CheckTenant,
		List:    source.OneAnswer(start, Decode),
	}
}

func start(b source.Board) string { return b.Root() + "/api/offers" }

func home(b source.Board) string {
	b.BaseURL = Source().BaseURL
	return b.Root()
}

// Decode reads a board's whole answer. Offers that are not published are left
// out. A field of the wrong type is left out; an offer without id, title or text
// because of that is bad. It fails if body is no Recruitee board.
func Decode(body []byte, b source.Board) ([]posting.Posting, []source.Bad, error) {
	postings := []posting.Posting{}
	var bad []source.Bad
	err := source.Items(body, "offers", func(i int, raw []byte, o offer, err error) {
		p := o.posting(b)
		if o.ID == "" && err == nil {
			err = errors.New("field id: missing")
		}
		switch {
		case err != nil && (o.ID == "" || p.Title == "" || p.Text == ""):
			bad = append(bad, source.Bad{NativeID: string(o.ID), Index: i, Reason: err.Error(), Raw: raw})
		case o.Status == "" || strings.EqualFold(o.Status, "published"):
			postings = append(postings, p)
		}
	}, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("recruitee board %s: %w", b.Board, err)
	}
	return postings, bad, nil
}

func (o offer) posting(b source.Board) posting.Posting {
	p := posting.Posting{
		Source:         "recruitee",
		Board:          b.Board,
		NativeID:       string(o.ID),
		Employer:       b.Employer,
		Title:          strings.TrimSpace(o.Title),
		Text:           source.Text(source.Section{Body: o.Description}, source.Section{Heading: "Requirements", Body: o.Requirements}),
		URL:            o.CareersURL,
		Locations:      o.places(),
		Department:     o.Department,
		PostedOn:       source.Day(o.PublishedAt),
		ClosedOn:       source.Day(o.CloseAt),
		EmploymentType: employment(o.Employment),
		Workplace:      o.workplace(),
		Salary:         source.Pay(o.Salary.Min, o.Salary.Max, o.Salary.Currency, o.Salary.Period, ""),
	}
	if p.Employer == "" {
		p.Employer = strings.TrimSpace(o.Company)
	}
	if p.Employer == "" {
		p.Employer = b.Board
	}
	if p.URL == "" && o.Slug != "" {
		p.URL = home(b) + "/o/" + url.PathEscape(o.Slug)
	}
	if len(o.Translations) == 1 { // with several, the offer does not say which it shows
		for language := range o.Translations {
			p.Language = language
		}
	}
	return p
}

// employment reads the hours in codes such as "fulltime_permanent" and
// "parttime_minijob"; of the others what is usual. Unknown codes stay as stated.
func employment(code string) string {
	hours, _, _ := strings.Cut(code, "_")
	if known := source.Employment(hours); known == "full_time" || known == "part_time" {
		return known
	}
	return source.Employment(code)
}

// workplace is the one that is set. Of several, hybrid holds for all; remote or
// on site is a choice, and not told.
func (o offer) workplace() string {
	switch {
	case o.Hybrid:
		return "hybrid"
	case o.Remote && !o.OnSite:
		return "remote"
	case o.OnSite && !o.Remote:
		return "onsite"
	}
	return ""
}

func (o offer) places() []string {
	var places []string
	for _, l := range o.Locations {
		country := l.Country
		if country == "" {
			country = source.Country(l.CountryCode)
		}
		parts := source.Places(l.City, l.State, country)
		if l.City == "" && l.Name != "" {
			parts = source.Places(l.Name, country)
		}
		places = append(places, strings.Join(parts, ", "))
	}
	if places = source.Places(places...); len(places) > 0 {
		return places
	}
	if o.Location != "" {
		return source.Places(o.Location)
	}
	country := o.Country
	if country == "" {
		country = source.Country(o.CountryCode)
	}
	return source.Places(strings.Join(source.Places(o.City, country), ", "))
}
