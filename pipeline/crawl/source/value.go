package source

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/biter777/countries"

	"jobcity/pipeline/posting"
)

// NativeID is an id that a source gives as a JSON string or number.
type NativeID string

// UnmarshalJSON reads a string, or a number as it is written.
func (n *NativeID) UnmarshalJSON(b []byte) error {
	if bytes.Equal(b, []byte("null")) {
		return nil
	}
	if len(b) > 0 && b[0] == '"' {
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*n = NativeID(strings.TrimSpace(s))
		return nil
	}
	var num json.Number
	if err := json.Unmarshal(b, &num); err != nil {
		value := map[byte]string{'{': "object", '[': "array"}[b[0]]
		if value == "" {
			value = "bool"
		}
		return &json.UnmarshalTypeError{Value: value, Type: reflect.TypeFor[string]()}
	}
	*n = NativeID(num)
	return nil
}

// Amount is a number that a source gives as a JSON number or a string, as "50000",
// "50,000" or "50,000.00". Anything else is 0: not stated.
type Amount float64

// UnmarshalJSON reads a number; it never fails.
func (a *Amount) UnmarshalJSON(b []byte) error {
	s := strings.TrimSpace(strings.Trim(string(b), `"`))
	if thousands.MatchString(s) {
		s = strings.ReplaceAll(s, ",", "")
	}
	*a = 0
	if v, err := strconv.ParseFloat(s, 64); err == nil && !math.IsNaN(v) && !math.IsInf(v, 0) {
		*a = Amount(v)
	}
	return nil
}

var thousands = regexp.MustCompile(`^\d{1,3}(,\d{3})+(\.\d+)?$`)

// Pay is the pay that a source states beside the text: the lower amount first, 0
// where none is stated. It is nil if there is neither an amount nor text.
func Pay(lowest, highest Amount, currency, period, text string) *posting.Salary {
	s := posting.Salary{
		Min: max(float64(lowest), 0), Max: max(float64(highest), 0),
		Currency: strings.ToUpper(strings.TrimSpace(currency)), Period: Period(period), Text: strings.TrimSpace(text),
	}
	if s.Max > 0 && s.Min > s.Max {
		s.Min, s.Max = s.Max, s.Min
	}
	if s.Min == 0 && s.Max == 0 {
		if s.Text == "" {
			return nil
		}
		return &posting.Salary{Text: s.Text}
	}
	return &s
}

// Day is the calendar day of a date or time as the source states it: of an ISO
// date ("2026-01-31") or RFC 3339, with or without a zone, or with the zone's name
// ("2026-01-31 09:00:00 UTC"). A time is not moved to
// another zone. It is "" if s is neither, or outside the years 1990 to 2100, which
// no posting is from.
func Day(s string) string {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.DateOnly, time.RFC3339, "2006-01-02T15:04:05", time.DateTime, "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05 MST"} {
		t, err := time.Parse(layout, s)
		if err != nil {
			continue
		}
		return DayOf(t)
	}
	return ""
}

// DayOf is the calendar day of t in its own zone, "" outside the years 1990 to
// 2100.
func DayOf(t time.Time) string {
	if t.Year() < 1990 || t.Year() > 2100 {
		return ""
	}
	return t.Format(time.DateOnly)
}

// Employment gives the usual spellings of employment types in one form:
// full_time, part_time, contract, temporary, internship, volunteer. Others stay
// as stated.
func Employment(s string) string {
	switch letters(s) {
	case "fulltime", "permanent", "fulltimepermanent", "permanentfulltime", "ft":
		return "full_time"
	case "parttime", "pt":
		return "part_time"
	case "contract", "contractor", "freelance":
		return "contract"
	case "temporary", "temp", "perdiem", "seasonal":
		return "temporary"
	case "intern", "internship", "interns":
		return "internship"
	case "volunteer":
		return "volunteer"
	}
	return strings.TrimSpace(s)
}

// Workplace is "remote", "hybrid" or "onsite", or "" if s is none of them.
func Workplace(s string) string {
	switch letters(s) {
	case "remote", "fullyremote", "remoteonly", "telecommute":
		return "remote"
	case "hybrid":
		return "hybrid"
	case "onsite", "inoffice", "office", "inperson":
		return "onsite"
	}
	return ""
}

// Period is "year", "month", "week", "day" or "hour", or "" if s names none. It
// takes "1 YEAR", "per hour", "annual", "monthly".
func Period(s string) string {
	s = strings.ToLower(s)
	for _, p := range []struct{ sign, period string }{
		{"year", "year"}, {"annual", "year"}, {"annum", "year"}, {"month", "month"}, {"week", "week"},
		{"day", "day"}, {"daily", "day"}, {"hour", "hour"},
	} {
		if strings.Contains(s, p.sign) {
			return p.period
		}
	}
	return ""
}

// Places drops the empty and the repeated from places, whatever their case.
func Places(places ...string) []string {
	var out []string
	seen := map[string]bool{}
	for _, p := range places {
		p = strings.Join(strings.Fields(p), " ")
		if key := strings.ToLower(p); p != "" && !seen[key] {
			seen[key] = true
			out = append(out, p)
		}
	}
	return out
}

// Country is the English name of the country with the two-letter code of ISO
// 3166-1 in code, in either case, or code as it is. A place that ends in a bare
// code is easily misread: DE is Delaware, and IN Indiana.
func Country(code string) string {
	code = strings.TrimSpace(code)
	if len(code) != 2 {
		return code
	}
	if c := countries.ByName(strings.ToUpper(code)); c != countries.Unknown && strings.EqualFold(c.Alpha2(), code) {
		return c.String()
	}
	return code
}

// letters is s in lower case without anything but letters.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, strings.ToLower(s))
}
