// Package ashby reads Ashby job boards: one request answers with the whole board.
// Format: developers.ashbyhq.com, "Job Postings API".
package ashby

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/posting"
)

// Source is Ashby's public posting API.
func Source() source.Source {
	return source.Source{
		BaseURL: "https://api.ashbyhq.com",
		Start:   start,
		Home:    func(b source.Board) string { return "https://jobs.ashbyhq.com/" + url.PathEscape(b.Board) },
		List:    source.OneAnswer(start, Decode),
	}
}

func start(b source.Board) string {
	return b.BaseURL + "/posting-api/job-board/" + url.PathEscape(b.Board) + "?includeCompensation=true"
}

// Decode reads a board's whole answer. Postings that the board does not list
// (isListed false) are left out. It fails if body is not an Ashby board at all.
func Decode(body []byte, b source.Board) ([]posting.Posting, []source.Bad, error) {
	postings := []posting.Posting{}
	var bad []source.Bad
	err := source.Items(body, "jobs", func(i int, raw []byte, j job, err error) {
		if err == nil && j.ID == "" {
			err = errors.New("field id: missing")
		}
		switch {
		case err != nil:
			bad = append(bad, source.Bad{NativeID: string(j.ID), Index: i, Reason: err.Error(), Raw: raw})
		case j.IsListed == nil || *j.IsListed:
			postings = append(postings, j.posting(b))
		}
	}, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("ashby board %s: %w", b.Board, err)
	}
	return postings, bad, nil
}

func (j job) posting(b source.Board) posting.Posting {
	p := posting.Posting{
		Source:         "ashby",
		Board:          b.Board,
		NativeID:       string(j.ID),
		Employer:       b.Employer,
		Title:          j.Title,
		Text:           j.DescriptionHTML,
		URL:            j.JobURL,
		Department:     j.Department,
		Team:           j.Team,
		PostedOn:       source.Day(j.PublishedAt),
		EmploymentType: source.Employment(j.EmploymentType),
		Workplace:      j.workplace(),
		Salary:         j.Compensation.salary(),
	}
	if p.Employer == "" {
		p.Employer = b.Board
	}
	if strings.TrimSpace(p.Text) == "" {
		p.Text = j.DescriptionPlain
	}
	places := []string{place(j.Location, j.Address)}
	for _, s := range j.SecondaryLocations {
		places = append(places, place(s.Location, s.Address))
	}
	p.Locations = source.Places(places...)
	return p
}

// workplace believes workplaceType, then the name of the place, then isRemote. A
// false isRemote says nothing: it may still be hybrid.
func (j job) workplace() string {
	if w := source.Workplace(j.WorkplaceType); w != "" {
		return w
	}
	if strings.Contains(strings.ToLower(j.Location), "hybrid") {
		return "hybrid"
	}
	if j.IsRemote != nil && *j.IsRemote {
		return "remote"
	}
	return ""
}

// place prefers the postal address, which is written out, to the board's own name
// of the place ("HQ", "Neo Toronto"). Where the address knows only the country,
// it completes the name: "Remote, United States".
func place(name string, a *address) string {
	name = strings.TrimSpace(name)
	if a == nil {
		return name
	}
	at := a.Postal
	if at == (postal{}) {
		at = a.postal
	}
	city, region, country := strings.TrimSpace(at.Locality), strings.TrimSpace(at.Region), strings.TrimSpace(at.Country)
	if strings.Contains(strings.ToLower(name), "remote") || city == "" {
		if country == "" || strings.Contains(strings.ToLower(name), strings.ToLower(country)) {
			return name
		}
		return strings.TrimPrefix(name+", "+country, ", ")
	}
	return strings.Join(source.Places(city, region, country), ", ")
}

// salary is the board's own summary of all its tiers, or the widest span over the
// tiers that share the first one's currency and period. Equity, bonus and
// commission are not pay that can be compared.
func (c compensation) salary() *posting.Salary {
	components := c.SummaryComponents
	if len(salaries(components)) == 0 {
		components = nil
		for _, t := range c.Tiers {
			components = append(components, t.Components...)
		}
	}
	found := salaries(components)
	if len(found) == 0 {
		return nil
	}
	s := posting.Salary{Currency: strings.ToUpper(found[0].Currency), Period: source.Period(found[0].Interval), Text: strings.TrimSpace(c.Summary)}
	open := 0.0 // the highest "from" figure: a tier may state no other
	for _, f := range found {
		if !strings.EqualFold(f.Currency, found[0].Currency) || f.Interval != found[0].Interval {
			continue
		}
		lowest, highest := f.span()
		if lowest > 0 && (s.Min == 0 || lowest < s.Min) {
			s.Min = lowest
		}
		s.Max = max(s.Max, highest)
		open = max(open, lowest)
	}
	if s.Max > 0 {
		s.Max = max(s.Max, open)
	}
	return &s
}

func salaries(components []component) []component {
	var out []component
	for _, c := range components {
		lowest, highest := c.span()
		if c.Type == "Salary" && (lowest > 0 || highest > 0) {
			out = append(out, c)
		}
	}
	return out
}

// span is what the component pays, the lower figure first; 0 is not stated.
func (c component) span() (lowest, highest float64) {
	if c.Min != nil {
		lowest = max(*c.Min, 0)
	}
	if c.Max != nil {
		highest = max(*c.Max, 0)
	}
	if highest > 0 && lowest > highest {
		lowest, highest = highest, lowest
	}
	return lowest, highest
}
