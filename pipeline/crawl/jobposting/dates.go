package jobposting

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"jobcity/pipeline/crawl/source"
)

// dates is datePosted and validThrough as days, "" where they cannot be told.
func (r *reader) dates(seen time.Time) (posted, through string) {
	posted = r.day("datePosted")
	through = r.day("validThrough")
	if posted != "" && !seen.IsZero() && posted > seen.UTC().AddDate(0, 0, 1).Format(time.DateOnly) { // somewhere it is tomorrow already
		r.problem("datePosted", "is in the future", posted)
		posted = ""
	}
	if posted != "" && through != "" && through < posted {
		r.problem("validThrough", "is before datePosted", through)
		through = ""
	}
	return posted, through
}

func (r *reader) day(field string) string {
	for _, v := range r.Get(field) {
		stated := v.plain()
		if stated == "" {
			continue
		}
		day, reason := readDay(stated)
		if day != "" {
			return day
		}
		r.problem(field, reason, stated)
	}
	return ""
}

var (
	yearFirst  = regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ,Z+-].*)?$`)
	yearLast   = regexp.MustCompile(`^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[T ,].*)?$`)
	dayMonth   = regexp.MustCompile(`^(?:\p{L}+\.?,? )?(\d{1,2})(?:st|nd|rd|th|\.|º|er)?[ -](?:of |de )?(\p{L}+)\.?,?[ -](?:de )?(\d{4})(?:[ ,T].*)?$`)
	monthDay   = regexp.MustCompile(`^(?:\p{L}+\.?,? )?(\p{L}+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?:[ ,T].*)?$`)
	onlyDigits = regexp.MustCompile(`^\d{8,13}$`)
)

// readDay is the calendar day of a date as sites write it, or the reason why it
// cannot be told. A date whose day and month could change places is not guessed
// at. A time is not moved to another zone; one since 1970, in seconds or
// milliseconds, is taken in UTC.
func readDay(s string) (day, reason string) {
	if day := source.Day(s); day != "" {
		return day, ""
	}
	if onlyDigits.MatchString(s) {
		return dayOfDigits(s)
	}
	if m := yearFirst.FindStringSubmatch(s); m != nil {
		return calendar(m[1], m[2], m[3])
	}
	if m := yearLast.FindStringSubmatch(s); m != nil {
		first, second := number(m[1]), number(m[2])
		switch {
		case first > 12 || first == second:
			return calendar(m[3], m[2], m[1])
		case second > 12:
			return calendar(m[3], m[1], m[2])
		}
		return "", "could be day before month or month before day"
	}
	if m := dayMonth.FindStringSubmatch(s); m != nil && monthOf(m[2]) != "" {
		return calendar(m[3], monthOf(m[2]), m[1])
	}
	if m := monthDay.FindStringSubmatch(s); m != nil && monthOf(m[1]) != "" {
		return calendar(m[3], monthOf(m[1]), m[2])
	}
	return "", "is not a date"
}

func dayOfDigits(s string) (day, reason string) {
	switch len(s) {
	case 8:
		return calendar(s[:4], s[4:6], s[6:])
	case 13:
		s = s[:10]
		fallthrough
	case 10:
		if day := source.DayOf(time.Unix(int64(number(s)), 0).UTC()); day != "" {
			return day, ""
		}
		return "", "is outside the years 1990 to 2100"
	}
	return "", "is not a date"
}

func calendar(year, month, day string) (string, string) {
	y, m, d := number(year), number(month), number(day)
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if int(t.Month()) != m || t.Day() != d {
		return "", "is not in the calendar"
	}
	if s := source.DayOf(t); s != "" {
		return s, ""
	}
	return "", "is outside the years 1990 to 2100"
}

func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

// months are the words for each month in English, German, French, Spanish,
// Italian, Dutch and Portuguese.
var months = [12]string{
	"jan january januar jänner janvier janv enero ene gennaio gen januari janeiro",
	"feb february februar février fevrier févr febrero febbraio februari fevereiro fev",
	"mar march märz maerz mrz mär mars marzo maart mrt março marco",
	"apr april avril avr abril abr aprile",
	"may mai mayo maggio mag mei maio",
	"jun june juni juin junio giugno giu junho",
	"jul july juli juillet juil julio luglio lug julho",
	"aug august août aout agosto ago augustus",
	"sep sept september septembre septiembre settembre set setembro",
	"oct october oktober okt octobre octubre ottobre ott outubro out",
	"nov november novembre noviembre novembro",
	"dec december dezember dez décembre decembre déc diciembre dic dicembre dezembro",
}

// monthOf is the number of the month that word names, "" if it names none.
func monthOf(word string) string {
	word = strings.Map(unicode.ToLower, word)
	for i, names := range months {
		for name := range strings.FieldsSeq(names) {
			if name == word {
				return strconv.Itoa(i + 1)
			}
		}
	}
	return ""
}
