// Package personio reads the XML feed of Personio career sites: one request
// answers with the whole board in one language. Format: developer.personio.de,
// "Retrieving open positions"; additionalOffices, createdAt and CONTACT_PERSON
// come from users' reports on the feed (applypack/applypack#127) and are
// unverified. Positions may carry pay; how is not documented, so it is not read.
package personio

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/posting"
)

// The feed leaves out texts that are not written in the language asked for. So it
// is asked for in the first and, if texts are missing, in the second: the one that
// Personio itself takes when none is named.
const firstLanguage, secondLanguage = "en", "de"

// Source is Personio's public feed. A board is the company's name in
// {company}.jobs.personio.de, or a whole host such as
// {company}.jobs.personio.com. The option "language" ("en", "de", "fr" …) is the
// only language asked for.
func Source() source.Source {
	return source.Source{
		BaseURL: service,
		Start:   func(b source.Board) string { return feedURL(b, languages(b)[0]) },
		Home:    home,
		Options: []string{"language"},
		Check:   check,
		List:    list,
	}
}

const service = "https://{board}.jobs.personio.de"

// home is the board's page for people, whatever stands in for the service.
func home(b source.Board) string {
	b.BaseURL = service
	return b.Root()
}

var languageTag = regexp.MustCompile(`^[a-z]{2}(-[A-Za-z]{2})?$`)

func check(b source.Board) error {
	if l, ok := b.Options["language"]; ok && !languageTag.MatchString(l) {
		return fmt.Errorf("language: must be a language like en or de (got %q)", l)
	}
	return source.CheckTenant(b)
}

func languages(b source.Board) []string {
	if l := b.Options["language"]; l != "" {
		return []string{l}
	}
	return []string{firstLanguage, secondLanguage}
}

func feedURL(b source.Board, language string) string {
	return b.Root() + "/xml?language=" + url.QueryEscape(language)
}

func list(ctx context.Context, b source.Board, fetch source.Fetch, page func(source.Page) error) error {
	asked := languages(b)
	resp, err := fetch(ctx, source.Request{URL: feedURL(b, asked[0])})
	if err != nil {
		return err
	}
	first := source.Page{Response: resp, Memo: resp.Memo}
	if !resp.NotModified {
		if first.Postings, first.Bad, err = Decode(resp.Body, b); err != nil {
			return err
		}
		if len(asked) > 1 {
			holdBack(&first)
		}
	}
	if err := page(first); err != nil || first.Memo == "" {
		return err
	}
	return listSecond(ctx, b, first.Memo, fetch, page)
}

// holdBack takes the postings without a text out of p. Their ids are the memo.
func holdBack(p *source.Page) {
	var held []string
	p.Postings = slices.DeleteFunc(p.Postings, func(one posting.Posting) bool {
		textless := one.Text == "" && !strings.ContainsAny(one.NativeID, " \t\r\n")
		if textless {
			held = append(held, one.NativeID)
		}
		return textless
	})
	p.Memo = strings.Join(held, " ")
}

// listSecond hands over the postings with the ids held as the feed in the second
// language has them. The fragment of its address is not sent: it makes the request
// another one for the crawler when other postings are held back, so that "not
// modified" is about the same ones.
func listSecond(ctx context.Context, b source.Board, held string, fetch source.Fetch, page func(source.Page) error) error {
	ids := strings.Fields(held)
	sum := fnv.New64a()
	sum.Write([]byte(held))
	resp, err := fetch(ctx, source.Request{URL: fmt.Sprintf("%s#%x", feedURL(b, secondLanguage), sum.Sum64())})
	if err != nil {
		return fmt.Errorf("%d postings have no text in %s: %w", len(ids), firstLanguage, err)
	}
	p := source.Page{Response: resp}
	if resp.NotModified {
		return page(p)
	}
	all, _, err := Decode(resp.Body, b)
	if err != nil {
		return err
	}
	for _, id := range ids {
		i := slices.IndexFunc(all, func(one posting.Posting) bool { return one.NativeID == id })
		if i < 0 {
			p.Bad = append(p.Bad, source.Bad{NativeID: id, Reason: "no text in " + firstLanguage + ", and not in the feed in " + secondLanguage, Raw: []byte(resp.Request.URL)})
			continue
		}
		p.Postings = append(p.Postings, all[i])
	}
	return page(p)
}

// Decode reads a whole feed. It fails if body is not a Personio feed, or not to
// its end.
func Decode(body []byte, b source.Board) ([]posting.Posting, []source.Bad, error) {
	fail := func(err error) ([]posting.Posting, []source.Bad, error) {
		return nil, nil, fmt.Errorf("personio board %s: %w", b.Board, err)
	}
	d, text, err := source.XML(body)
	if err != nil {
		return fail(err)
	}
	d.AutoClose = unclosed
	if err := source.XMLRoot(d, "workzag-jobs"); err != nil {
		return fail(err)
	}
	postings := []posting.Posting{}
	var bad []source.Bad
	for i := 0; ; {
		t, err := d.Token()
		if err != nil {
			return fail(source.XMLError(err))
		}
		switch t := t.(type) {
		case xml.EndElement:
			return postings, bad, nil
		case xml.StartElement:
			from := d.InputOffset()
			one, err := decodeOne(d, t)
			raw := text[from:d.InputOffset()]
			switch {
			case errors.Is(err, errNotAPosition):
				continue
			case err != nil:
				return fail(err)
			case strings.TrimSpace(one.ID) == "":
				bad = append(bad, source.Bad{Index: i, Reason: "field id: missing", Raw: raw})
			case strings.TrimSpace(one.Name) == "":
				bad = append(bad, source.Bad{NativeID: strings.TrimSpace(one.ID), Index: i, Reason: "field name: missing", Raw: raw})
			default:
				postings = append(postings, one.posting(b))
			}
			i++
		}
	}
}

var errNotAPosition = errors.New("not a position")

func decodeOne(d *xml.Decoder, start xml.StartElement) (position, error) {
	var one position
	if !strings.EqualFold(start.Name.Local, "position") {
		if err := d.Skip(); err != nil {
			return one, source.XMLError(err)
		}
		return one, errNotAPosition
	}
	err := d.DecodeElement(&one, &start)
	switch {
	case errors.Is(err, io.EOF):
		return one, source.XMLError(io.EOF)
	case err != nil:
		return one, source.XMLError(err)
	case len(one.Swallowed) > 0:
		return one, errors.New("the answer is not valid XML: a position has no end")
	}
	return one, nil
}

func (p position) posting(b source.Board) posting.Posting {
	one := posting.Posting{
		Source:         "personio",
		Board:          b.Board,
		NativeID:       strings.TrimSpace(p.ID),
		Employer:       b.Employer,
		Title:          strings.TrimSpace(p.Name),
		Text:           p.text(),
		URL:            home(b) + "/job/" + url.PathEscape(strings.TrimSpace(p.ID)),
		Locations:      source.Places(append([]string{p.Office}, p.AdditionalOffices...)...),
		Department:     strings.TrimSpace(p.Department),
		Team:           strings.TrimSpace(p.Category),
		PostedOn:       source.Day(p.CreatedAt),
		EmploymentType: p.employment(),
	}
	if one.Employer == "" {
		one.Employer = strings.TrimSpace(p.Subcompany)
	}
	if one.Employer == "" {
		one.Employer = b.Board
	}
	one.Workplace = workplace(one.Locations)
	return one
}

// text is the sections one after the other, without that about the person to
// contact.
func (p position) text() string {
	var sections []source.Section
	for _, s := range p.Sections {
		if !strings.EqualFold(strings.TrimSpace(s.Name), "CONTACT_PERSON") {
			sections = append(sections, source.Section{Heading: s.Name, Body: string(s.Value)})
		}
	}
	return source.Text(sections...)
}

// employment is the kind of contract where that says more than its hours, else
// the hours.
func (p position) employment() string {
	kind, hours := strings.TrimSpace(p.EmploymentType), strings.TrimSpace(p.Schedule)
	if kind != "" && !strings.EqualFold(kind, "permanent") {
		return source.Employment(kind)
	}
	if hours != "" {
		return source.Employment(hours)
	}
	return kind
}

// workplace is what the names of the offices say, if all say the same.
func workplace(offices []string) string {
	found := ""
	for i, o := range offices {
		w := source.Workplace(o)
		if i > 0 && w != found {
			return ""
		}
		found = w
	}
	return found
}
