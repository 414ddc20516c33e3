package rss

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"jobcity/pipeline/crawl/source"
)

var (
	numbers     = regexp.MustCompile(`^\d+$`)
	yearFirst   = regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b`)
	dayMonth    = regexp.MustCompile(`(?i)\b(\d{1,2})(?:st|nd|rd|th|er|º|\.)?[\s-]+(?:de\s+)?(\p{L}{3,12})\.?,?[\s-]+(?:de\s+)?(\d{4}|\d{2})\b`)
	monthDay    = regexp.MustCompile(`(?i)(\p{L}{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b`)
	ctime       = regexp.MustCompile(`(\p{L}{3})\s+(\d{1,2})\s+\d{1,2}:\d{2}(?::\d{2})?\s+(?:[A-Z]{1,5}(?:[+-]\d+)?\s+|[+-]\d{4}\s+)?(\d{4})\b`)
	dayOrMonth  = regexp.MustCompile(`^(\d{1,2})([./-])(\d{1,2})[./-](\d{4})\b`)
	monthStarts = []struct{ start, month string }{
		{"janv", "1"}, {"juin", "6"}, {"juil", "7"}, {"mars", "3"}, {"marz", "3"}, {"maart", "3"}, // before the shorter
		{"jan", "1"}, {"ene", "1"}, {"gen", "1"}, {"feb", "2"}, {"fev", "2"}, {"mar", "3"}, {"maa", "3"}, {"mrt", "3"},
		{"apr", "4"}, {"avr", "4"}, {"abr", "4"}, {"may", "5"}, {"mai", "5"}, {"mei", "5"}, {"maj", "5"}, {"mag", "5"},
		{"jun", "6"}, {"giu", "6"}, {"jul", "7"}, {"lug", "7"}, {"aug", "8"}, {"aou", "8"}, {"ago", "8"},
		{"sep", "9"}, {"set", "9"}, {"oct", "10"}, {"okt", "10"}, {"out", "10"}, {"ott", "10"}, {"nov", "11"},
		{"dec", "12"}, {"dez", "12"}, {"dic", "12"},
	}
	plain = strings.NewReplacer("é", "e", "è", "e", "ê", "e", "û", "u", "ä", "a", "ç", "c")
)

// day is the calendar day of a date as feeds write it, in its own zone: RFC 822
// with its many mistakes (RSS), ISO 8601 (Atom, Dublin Core), Unix seconds and
// milliseconds, ctime, and names of months in seven languages. Of "03/04/2026"
// nobody can tell, and it is "", as is what is no date.
func day(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if d := source.Day(s); d != "" {
		return d
	}
	if numbers.MatchString(s) {
		return numericDay(s)
	}
	if m := yearFirst.FindStringSubmatch(s); m != nil {
		return civil(m[1], m[2], m[3])
	}
	if m := dayOrMonth.FindStringSubmatch(s); m != nil {
		first, second := atoi(m[1]), atoi(m[3])
		switch {
		case m[2] == "." || first > 12 || first == second:
			return civil(m[4], m[3], m[1])
		case second > 12:
			return civil(m[4], m[1], m[3])
		}
		return ""
	}
	if m := dayMonth.FindStringSubmatch(s); m != nil {
		if d := civil(m[3], month(m[2]), m[1]); d != "" {
			return d
		}
	}
	for _, form := range []*regexp.Regexp{ctime, monthDay} {
		for _, m := range form.FindAllStringSubmatch(s, -1) {
			if d := civil(m[3], month(m[1]), m[2]); d != "" {
				return d
			}
		}
	}
	return ""
}

// numericDay reads 20260131, Unix seconds and Unix milliseconds.
func numericDay(s string) string {
	n, err := strconv.ParseInt(s, 10, 64)
	switch {
	case err != nil:
		return ""
	case len(s) == 8:
		return civil(s[:4], s[4:6], s[6:])
	case len(s) == 10:
		return source.DayOf(time.Unix(n, 0).UTC())
	case len(s) == 13:
		return source.DayOf(time.UnixMilli(n).UTC())
	}
	return ""
}

// month is the number of a month's name, "" if it is none.
func month(name string) string {
	name = plain.Replace(strings.ToLower(name))
	for _, m := range monthStarts {
		if strings.HasPrefix(name, m.start) {
			return m.month
		}
	}
	return ""
}

// civil is the ISO day, "" if there is no such day. A year of two digits is of this
// century below 70, as RFC 822 readers take it.
func civil(year, month, day string) string {
	y, m, d := atoi(year), atoi(month), atoi(day)
	if len(year) == 2 {
		y += 1900
		if y < 1970 {
			y += 100
		}
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if m == 0 || t.Month() != time.Month(m) || t.Day() != d {
		return ""
	}
	return source.DayOf(t)
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
