// Package bamboohr reads BambooHR career sites: one list, and one answer a posting
// for its text, both in the JSON that the site's own pages load. They are not
// documented; the fields are those of public readers of them
// (colophon-group/jobseek, strelov1/freehire) and of saved answers in their tests,
// and were not checked against a live site.
package bamboohr

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

const service = "https://{board}.bamboohr.com"

// Source is BambooHR's public career sites. A board is the company's name in
// {company}.bamboohr.com.
func Source() source.Source {
	return source.Source{
		BaseURL: service,
		Start:   start,
		Home:    home,
		Check:   source.CheckTenant,
		List:    list,
	}
}

func start(b source.Board) string { return b.Root() + "/careers/list" }

// home is the board's page for people, whatever stands in for the service.
func home(b source.Board) string {
	b.BaseURL = service
	return b.Root() + "/careers"
}

// memo is what is kept of a list that may come unchanged next time.
type memo struct {
	Total   int         `json:"total,omitempty"` // postings of the board, as it says
	Unnamed int         `json:"unnamed,omitempty"`
	Entries [][3]string `json:"entries"` // id, version and title
}

func list(ctx context.Context, b source.Board, fetch source.Fetch, page func(source.Page) error) error {
	resp, err := fetch(ctx, source.Request{URL: start(b)})
	if err != nil {
		return err
	}
	p := source.Page{Response: resp, Memo: resp.Memo}
	var m memo
	if resp.NotModified {
		err = json.Unmarshal([]byte(resp.Memo), &m)
	} else if m, p.Bad, err = decodeList(resp.Body); err == nil {
		var text []byte
		text, err = json.Marshal(m)
		p.Memo = string(text)
	}
	if err != nil {
		return fmt.Errorf("bamboohr board %s: %w", b.Board, err)
	}
	if err := page(p); err != nil {
		return err
	}
	var details []source.Detail
	titles := map[string]string{}
	for _, e := range m.Entries {
		if _, twice := titles[e[0]]; twice {
			continue
		}
		titles[e[0]] = e[2]
		details = append(details, source.Detail{NativeID: e[0], Request: source.Request{URL: b.Root() + "/careers/" + url.PathEscape(e[0]) + "/detail", Version: e[1]}})
	}
	err = source.Details(ctx, details, fetch, page, func(d source.Detail, body []byte) ([]posting.Posting, []source.Bad, error) {
		return decode(body, b, d.NativeID, titles[d.NativeID])
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if n := len(m.Entries) + m.Unnamed; m.Total > n {
		err = errors.Join(err, fmt.Errorf("bamboohr board %s: it says it has %d postings and gave %d", b.Board, m.Total, n))
	}
	return err
}

// decodeList reads /careers/list.
func decodeList(body []byte) (m memo, bad []source.Bad, err error) {
	m.Entries = [][3]string{}
	err = source.Items(body, "result", func(i int, raw []byte, l listed, err error) {
		if l.ID == "" {
			if err == nil {
				err = errors.New("field id: missing")
			}
			m.Unnamed++
			bad = append(bad, source.Bad{Index: i, Reason: err.Error(), Raw: raw})
			return
		}
		m.Entries = append(m.Entries, [3]string{string(l.ID), source.Version(string(raw)), string(l.Name)})
	}, func(key string, raw json.RawMessage) {
		var meta struct {
			TotalCount source.Lax[int] `json:"totalCount"`
		}
		if key == "meta" && json.Unmarshal(raw, &meta) == nil {
			m.Total = meta.TotalCount.V
		}
	})
	return m, bad, err
}

// Decode reads the answer about the posting called id. A field of the wrong type
// is left out; a posting without title or text because of that is bad. It fails if
// body is no such answer.
func Decode(body []byte, b source.Board, id string) ([]posting.Posting, []source.Bad, error) {
	return decode(body, b, id, "")
}

// decode takes the title of the list where the answer has none.
func decode(body []byte, b source.Board, id, title string) ([]posting.Posting, []source.Bad, error) {
	d, misfit, err := source.One[detail](body)
	if err == nil && d.Result.Opening == nil {
		err = errors.New(`the answer has no "jobOpening"`)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("bamboohr board %s: %w", b.Board, err)
	}
	p := d.Result.Opening.posting(b, id)
	if misfit == nil && p.Title == "" {
		p.Title = title
	}
	if misfit == nil && p.Title == "" {
		misfit = errors.New("field jobOpeningName: missing")
	}
	if misfit != nil && (p.Title == "" || p.Text == "") {
		return []posting.Posting{}, []source.Bad{{NativeID: id, Reason: misfit.Error(), Raw: body}}, nil
	}
	return []posting.Posting{p}, nil, nil
}

func (o opening) posting(b source.Board, id string) posting.Posting {
	p := posting.Posting{
		Source:         "bamboohr",
		Board:          b.Board,
		NativeID:       id,
		Employer:       b.Employer,
		Title:          strings.TrimSpace(o.Name),
		Text:           source.Text(source.Section{Body: o.Description}),
		URL:            string(o.ShareURL),
		Locations:      source.Places(o.place()),
		Department:     string(o.Department),
		PostedOn:       source.Day(string(o.DatePosted)),
		EmploymentType: source.Employment(string(o.EmploymentStatus)),
		Salary:         source.Pay(0, 0, "", "", string(o.Compensation)),
	}
	if p.Employer == "" {
		p.Employer = b.Board
	}
	if p.URL == "" {
		p.URL = home(b) + "/" + url.PathEscape(id)
	}
	switch o.LocationType {
	case "0":
		p.Workplace = "onsite"
	case "1":
		p.Workplace = "remote"
	case "2":
		p.Workplace = "hybrid"
	case "":
		if o.IsRemote.V {
			p.Workplace = "remote"
		}
	}
	return p
}

// place is the location, or where that names neither city nor region the other
// one, which boards fill in for work that is not at an office.
func (o opening) place() string {
	at := o.Location.V
	if at.City == "" && at.State == "" && at.Province == "" {
		if other := o.ATSLocation.V; other != (location{}) {
			at = other
		}
	}
	region, country := at.State, at.AddressCountry
	if region == "" {
		region = at.Province
	}
	if country == "" {
		country = at.Country
	}
	return strings.Join(source.Places(string(at.City), string(region), source.Country(string(country))), ", ")
}
