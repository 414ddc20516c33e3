// Package smartrecruiters reads SmartRecruiters boards: pages of a list, and one
// answer a posting for its text. Format: developers.smartrecruiters.com, "Posting
// API".
package smartrecruiters

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/posting"
)

// Source is SmartRecruiters' public posting API. The board is the company's
// identifier, in which upper and lower case differ. A company that is unknown has
// an empty board there.
func Source() source.Source {
	return source.Source{
		BaseURL: "https://api.smartrecruiters.com",
		Start:   func(b source.Board) string { return pageURL(b, 0) },
		Home:    home,
		List:    list,
	}
}

func home(b source.Board) string {
	return "https://jobs.smartrecruiters.com/" + url.PathEscape(b.Board)
}

// list reads the whole list first, which is quick, so that it changes little
// meanwhile. Then it asks for each posting that is new or looks changed.
func list(ctx context.Context, b source.Board, fetch source.Fetch, page func(source.Page) error) error {
	all, listErr := readList(ctx, b, fetch, page)
	if listErr != nil && len(all) == 0 {
		return listErr
	}
	err := source.Details(ctx, all, fetch, page, func(d source.Detail, body []byte) ([]posting.Posting, []source.Bad, error) {
		return decode(body, b, d.NativeID)
	})
	if listErr == nil {
		return err
	}
	return errors.Join(listErr, err)
}

// Decode reads the answer about one posting. A field of the wrong type is left
// out; without title or text because of that the posting is bad. It fails if body
// is no such answer.
func Decode(body []byte, b source.Board) ([]posting.Posting, []source.Bad, error) {
	return decode(body, b, "")
}

// DecodeSaved reads a saved answer about one posting. The board is the company
// that it names, unless one is given.
func DecodeSaved(body []byte, board string) (posting.Posting, error) {
	if d, _, err := source.One[detail](body); err == nil && board == "" {
		board = d.Company.Identifier
	}
	if board == "" {
		return posting.Posting{}, errors.New("smartrecruiters posting: field company.identifier: missing")
	}
	postings, bad, err := Decode(body, source.Board{Source: "smartrecruiters", Board: board})
	switch {
	case err != nil:
		return posting.Posting{}, err
	case len(bad) > 0:
		return posting.Posting{}, fmt.Errorf("smartrecruiters posting %s: %s", bad[0].NativeID, bad[0].Reason)
	}
	return postings[0], nil
}

// decode also refuses an answer about another posting than id, if that is known.
func decode(body []byte, b source.Board, id string) ([]posting.Posting, []source.Bad, error) {
	d, misfit, err := source.One[detail](body)
	switch {
	case err != nil:
	case d.ID == "" && (misfit == nil || id == ""):
		err = errors.New(`the answer has no "id"`)
	case d.ID != "" && id != "" && string(d.ID) != id:
		err = fmt.Errorf("it is about posting %.40s", d.ID)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("smartrecruiters board %s: %w", b.Board, err)
	}
	if d.ID == "" {
		d.ID = source.NativeID(id)
	}
	p := d.posting(b)
	if misfit != nil && (p.Title == "" || p.Text == "") {
		return []posting.Posting{}, []source.Bad{{NativeID: string(d.ID), Reason: misfit.Error(), Raw: body}}, nil
	}
	return []posting.Posting{p}, nil, nil
}

func (d detail) posting(b source.Board) posting.Posting {
	s := d.JobAd.Sections
	p := posting.Posting{
		Source:   "smartrecruiters",
		Board:    b.Board,
		NativeID: string(d.ID),
		Employer: b.Employer,
		Title:    strings.TrimSpace(d.Name),
		Text: source.Text(s.CompanyDescription.under("Company Description"), s.JobDescription.under("Job Description"),
			s.Qualifications.under("Qualifications"), s.AdditionalInformation.under("Additional Information")),
		URL:            d.PostingURL,
		Locations:      source.Places(d.Location.place()),
		Department:     d.Department.Label,
		PostedOn:       source.Day(d.ReleasedDate),
		EmploymentType: source.Employment(d.TypeOfEmployment.Label),
		Workplace:      d.Location.workplace(),
		Language:       d.Language.Code,
	}
	if p.Employer == "" {
		p.Employer = strings.TrimSpace(d.Company.Name)
	}
	if p.Employer == "" {
		p.Employer = b.Board
	}
	if p.URL == "" {
		p.URL = home(b) + "/" + url.PathEscape(string(d.ID))
	}
	if p.EmploymentType == "" {
		p.EmploymentType = source.Employment(string(d.TypeOfEmployment.ID))
	}
	return p
}

// under is the section with its own title, or the usual one.
func (s section) under(usual string) source.Section {
	if strings.TrimSpace(s.Title) == "" {
		s.Title = usual
	}
	return source.Section{Heading: s.Title, Body: s.Text}
}

// place is the location in full, without the parts that are empty in it.
func (l location) place() string {
	parts := strings.Split(l.Full, ",")
	if strings.TrimSpace(strings.ReplaceAll(l.Full, ",", "")) == "" {
		parts = []string{l.City, l.Region, source.Country(l.Country)}
	}
	return strings.Join(source.Places(parts...), ", ")
}

// workplace is what is set. Both false is what boards that know neither say, too.
func (l location) workplace() string {
	switch {
	case l.Hybrid:
		return "hybrid"
	case l.Remote:
		return "remote"
	}
	return ""
}
