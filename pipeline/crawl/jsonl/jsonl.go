// Package jsonl reads postings in jobcity's own exchange form: one JSON object a
// line, or the same names as the columns of a CSV file. Only id and one of title
// and text must be there.
//
//	id               string or number, unique within source and board
//	title, text      text is plain or HTML
//	source, board    default: the file
//	employer, url
//	location         a string or a list of strings
//	posted_on        ISO date or RFC 3339; so is closed_on
//	closed_on
//	employment_type, workplace
//	salary           a string, or {"min":…,"max":…,"currency":…,"period":…}
package jsonl

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/posting"
)

// MaxLine is the longest line that is read, in bytes.
const MaxLine = 4 << 20

// FieldError is a line that cannot be used because of one field.
type FieldError struct {
	Field   string
	Problem string
}

func (e *FieldError) Error() string { return e.Field + ": " + e.Problem }

// Fields are the names a line may have.
func Fields() []string {
	return []string{"id", "title", "text", "source", "board", "employer", "url", "location", "posted_on", "closed_on", "employment_type", "workplace", "salary"}
}

// DecodeLine reads one line. Source and board are set only if the line states
// them, and the text is exactly as it stands there: the posting is not prepared.
// unknown are the names of fields that are not part of the form, sorted; they are
// kept out. The error is a [*FieldError] where one field is to blame; p has its id
// then, if that could be read.
func DecodeLine(line []byte) (p posting.Posting, unknown []string, err error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(line, &fields); err != nil {
		return p, nil, notAnObject(line, err)
	}
	for name, raw := range fields {
		if bytes.Equal(raw, []byte("null")) {
			delete(fields, name)
		} else if !slices.Contains(Fields(), name) {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	var id source.NativeID
	if raw, ok := fields["id"]; ok && json.Unmarshal(raw, &id) != nil {
		return p, unknown, &FieldError{"id", "must be a string or a number"}
	}
	p.NativeID = string(id)
	text := map[string]string{"id": string(id)}
	for _, name := range []string{"title", "text", "source", "board", "employer", "url", "posted_on", "closed_on", "employment_type", "workplace"} {
		var s string
		if raw, ok := fields[name]; ok && json.Unmarshal(raw, &s) != nil {
			return p, unknown, &FieldError{name, "must be a string"}
		}
		text[name] = s
	}
	if p, err = FromText(text); err != nil {
		return p, unknown, err
	}
	if raw, ok := fields["location"]; ok {
		if p.Locations, err = locations(raw); err != nil {
			return p, unknown, err
		}
	}
	if raw, ok := fields["salary"]; ok {
		if p.Salary, err = salary(raw); err != nil {
			return p, unknown, err
		}
	}
	return p, unknown, nil
}

func notAnObject(line []byte, err error) error {
	var syntax *json.SyntaxError
	var misfit *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("not valid JSON at column %d: %w", syntax.Offset, err)
	case errors.As(err, &misfit):
		return fmt.Errorf("must be a JSON object, found %s", misfit.Value)
	}
	return fmt.Errorf("not valid JSON: %w", err)
}

// FromText makes a posting of fields that are all text, as in a CSV file. Fields
// that are not part of the form are passed over.
func FromText(f map[string]string) (posting.Posting, error) {
	p := posting.Posting{
		NativeID: strings.TrimSpace(f["id"]), Title: f["title"], Text: f["text"],
		Source: strings.TrimSpace(f["source"]), Board: strings.TrimSpace(f["board"]), Employer: f["employer"], URL: f["url"],
		EmploymentType: source.Employment(f["employment_type"]), Workplace: f["workplace"],
	}
	if w := source.Workplace(p.Workplace); w != "" {
		p.Workplace = w
	}
	if p.NativeID == "" {
		return p, &FieldError{"id", "missing"}
	}
	if strings.TrimSpace(p.Title) == "" && strings.TrimSpace(p.Text) == "" {
		return p, &FieldError{"title", "missing, and so is text"}
	}
	for _, d := range []struct {
		name string
		to   *string
	}{{"posted_on", &p.PostedOn}, {"closed_on", &p.ClosedOn}} {
		if s := strings.TrimSpace(f[d.name]); s != "" {
			if *d.to = source.Day(s); *d.to == "" {
				return p, &FieldError{d.name, fmt.Sprintf("must be an ISO date from 1990 to 2100, or RFC 3339 (got %.40q)", s)}
			}
		}
	}
	if at := strings.TrimSpace(f["location"]); at != "" {
		p.Locations = []string{at}
	}
	if pay := strings.TrimSpace(f["salary"]); pay != "" {
		p.Salary = &posting.Salary{Text: pay}
	}
	return p, nil
}

func locations(raw json.RawMessage) ([]string, error) {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return source.Places(one), nil
	}
	var many []string
	if json.Unmarshal(raw, &many) == nil {
		return source.Places(many...), nil
	}
	return nil, &FieldError{"location", "must be a string or a list of strings"}
}

func salary(raw json.RawMessage) (*posting.Salary, error) {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		if text = strings.TrimSpace(text); text == "" {
			return nil, nil
		}
		return &posting.Salary{Text: text}, nil
	}
	var s struct {
		Min, Max         *float64
		Currency, Period string
		Text             string
	}
	if json.Unmarshal(raw, &s) != nil {
		return nil, &FieldError{"salary", "must be a string or an object with min, max, currency and period"}
	}
	out := posting.Salary{Currency: strings.ToUpper(strings.TrimSpace(s.Currency)), Period: source.Period(s.Period), Text: s.Text}
	for _, v := range []struct {
		from *float64
		to   *float64
	}{{s.Min, &out.Min}, {s.Max, &out.Max}} {
		if v.from == nil {
			continue
		}
		if *v.from < 0 || math.IsInf(*v.from, 0) {
			return nil, &FieldError{"salary", fmt.Sprintf("must not be negative (got %g)", *v.from)}
		}
		*v.to = *v.from
	}
	if out == (posting.Salary{}) {
		return nil, nil
	}
	return &out, nil
}
