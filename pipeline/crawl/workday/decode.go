package workday

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/posting"
)

// Decode reads the answer about the posting at path ("/job/…", as the list names
// it) as it came on the day today, the zero time if that is not known. A field of the wrong type is left out; a
// posting without title or text because of that is bad. It fails if body is no
// such answer.
func Decode(body []byte, b source.Board, path string, today time.Time) ([]posting.Posting, []source.Bad, error) {
	return decode(body, b, nativeID(path), path, today)
}

func decode(body []byte, b source.Board, id, path string, today time.Time) ([]posting.Posting, []source.Bad, error) {
	d, misfit, err := source.One[detail](body)
	if err == nil && d.Info == nil {
		err = errors.New(`the answer has no "jobPostingInfo"`)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("workday board %s: %w", b.Board, err)
	}
	p := d.Info.posting(b, id, path, today)
	if misfit == nil && p.Title == "" {
		misfit = errors.New("field title: missing")
	}
	if misfit != nil && (p.Title == "" || p.Text == "") {
		return []posting.Posting{}, []source.Bad{{NativeID: id, Reason: misfit.Error(), Raw: body}}, nil
	}
	return []posting.Posting{p}, nil, nil
}

func (d info) posting(b source.Board, id, path string, today time.Time) posting.Posting {
	p := posting.Posting{
		Source:         "workday",
		Board:          b.Board,
		NativeID:       id,
		Employer:       b.Employer,
		Title:          strings.TrimSpace(d.Title),
		Text:           source.Text(source.Section{Body: d.JobDescription}),
		URL:            string(d.ExternalURL),
		Locations:      d.places(),
		PostedOn:       d.postedOn(today),
		ClosedOn:       source.Day(string(d.EndDate)),
		EmploymentType: source.Employment(string(d.TimeType)),
		Workplace:      source.Workplace(string(d.RemoteType)),
	}
	if p.Employer == "" {
		p.Employer, _ = names(b) // the legal entity in the answer differs from posting to posting
	}
	if p.URL == "" {
		p.URL = home(b) + path
	}
	return p
}

// postedOn is the posting's start, if that is not to come yet, or the day as
// counted back from today, if the answer counts exactly.
func (d info) postedOn(today time.Time) string {
	if today.IsZero() {
		return source.Day(string(d.StartDate))
	}
	if day := source.Day(string(d.StartDate)); day != "" && day <= today.AddDate(0, 0, 1).Format(time.DateOnly) {
		return day
	}
	if day := source.Day(string(d.PostedOn)); day != "" {
		return day
	}
	if day, exact := Ago(string(d.PostedOn), today); exact {
		return day
	}
	return ""
}

// places are the locations, the first completed by its country. What follows a
// "~" is a street.
func (d info) places() []string {
	at := d.RequisitionLocation.V.Country.V
	if at.Descriptor == "" {
		at.Descriptor = d.Country.V.Descriptor
	}
	if at.Alpha2 == "" {
		at.Alpha2 = d.Country.V.Alpha2
	}
	name := string(at.Descriptor)
	if name == "" {
		name = source.Country(string(at.Alpha2))
	}
	var places []string
	for i, l := range append([]source.Word{d.Location}, d.AdditionalLocations.V...) {
		place, _, _ := strings.Cut(string(l), " ~ ")
		if i == 0 && !saysCountry(place, name, string(at.Alpha2)) {
			place = strings.TrimPrefix(strings.TrimSpace(place)+", "+name, ", ")
		}
		places = append(places, place)
	}
	return source.Places(places...)
}

// saysCountry says whether place names the country already, or none is known.
func saysCountry(place, country, code string) bool {
	if country == "" || strings.Contains(strings.ToLower(place), strings.ToLower(country)) {
		return true
	}
	words := strings.FieldsFunc(place, func(r rune) bool { return strings.ContainsRune(" ,-/()", r) })
	for _, w := range words {
		if code != "" && w == code {
			return true
		}
	}
	return false
}
