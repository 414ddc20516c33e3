package posting

import (
	"math"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Sizes a posting is cut to. A cut text is marked by Truncated.
const (
	MaxText  = 384 << 10 // bytes; JSON at most doubles it, and a bus message holds 1 MiB
	MaxTitle = 500       // bytes
	MaxField = 2000      // bytes of any other field
	MaxPlace = 100       // number of locations
)

// Years that a date may lie in, from the first to the last.
const (
	firstYear = 1990
	lastYear  = 2100
)

// clean brings every field into its one form. Doing it again changes nothing.
func (p *Posting) clean() {
	p.Source = cleanLine(p.Source, MaxField)
	p.Board = cleanLine(p.Board, MaxField)
	p.NativeID = cleanID(p.NativeID)
	p.Employer = cleanLine(p.Employer, MaxField)
	p.Title = cleanLine(p.Title, MaxTitle)
	p.setText(cleanText(p.Text))
	p.URL = cleanURL(p.URL)
	p.Locations = cleanPlaces(p.Locations)
	p.Department = cleanLine(p.Department, MaxField)
	p.Team = cleanLine(p.Team, MaxField)
	p.PostedOn = cleanDay(p.PostedOn)
	p.ClosedOn = cleanDay(p.ClosedOn)
	p.EmploymentType = cleanLine(p.EmploymentType, MaxField)
	p.Workplace = cleanWorkplace(p.Workplace)
	p.Salary = cleanSalary(p.Salary)
	p.Language = cleanLine(p.Language, MaxField)
	p.SeenAt = p.SeenAt.UTC().Truncate(time.Microsecond)
	if y := p.SeenAt.Year(); y < 1 || y > 9999 { // JSON has no such times
		p.SeenAt = time.Time{}
	}
}

// setText cuts s to MaxText, at white space if some is near so that no address
// or number is cut in two, and marks the cut.
func (p *Posting) setText(s string) {
	if len(s) > MaxText {
		end := cut(s, MaxText)
		if space := strings.LastIndexAny(s[max(0, end-256):end], " \n\t"); space >= 0 {
			end = max(0, end-256) + space
		}
		s = s[:end]
		p.Truncated = true
	}
	p.Text = s
}

// cut returns the end of the longest prefix of s that has at most limit bytes
// and ends between two characters.
func cut(s string, limit int) int {
	if len(s) <= limit {
		return len(s)
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return limit
}

// cleanText makes s valid UTF-8 in NFC with no control characters but newline
// and tab. Text that is only white space becomes empty.
func cleanText(s string) string {
	s = validUTF8(s)
	if mayHoldControl(s) {
		s = strings.ReplaceAll(s, "\r\n", "\n")
		s = strings.Map(func(r rune) rune {
			switch {
			case r == '\r', r == '\u0085':
				return '\n'
			case textControl(r):
				return ' '
			}
			return r
		}, s)
	}
	if strings.TrimSpace(s) == "" {
		return ""
	}
	return norm.NFC.String(s)
}

// validUTF8 is [strings.ToValidUTF8], quicker where there is nothing to do.
func validUTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// mayHoldControl is a quick test for characters that [textControl] finds. It is
// never wrong when it says no.
func mayHoldControl(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' && c != '\n' && c != '\t' || c == 0x7F || c == 0xC2 {
			return true
		}
	}
	return false
}

func textControl(r rune) bool { return r != '\n' && r != '\t' && unicode.IsControl(r) }

// cleanLine makes s one line of at most limit bytes: as cleanText, with runs of
// white space as one space and without invisible characters.
func cleanLine(s string, limit int) string {
	s = validUTF8(s)
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			gap = true
			continue
		case invisible(r):
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
		}
		gap = false
		b.WriteRune(r)
	}
	s = norm.NFC.String(b.String())
	return strings.TrimRight(s[:cut(s, limit)], " ")
}

// invisible reports whether r has no width or only steers the direction of
// writing.
func invisible(r rune) bool {
	switch {
	case r >= 0x200B && r <= 0x200F, // zero width space and joiners, direction marks
		r >= 0x202A && r <= 0x202E, // direction embeddings and overrides
		r >= 0x2060 && r <= 0x206F, // word joiner, invisible operators, direction isolates
		r == 0xFEFF, r == 0x00AD, r == 0x061C, r == 0x180E:
		return true
	}
	return false
}

// cleanID is cleanLine, but two ids that differ only behind MaxField stay two.
func cleanID(s string) string {
	whole := cleanLine(s, len(s)*3+1)
	if len(whole) <= MaxField {
		return whole
	}
	return whole[:cut(whole, 200)] + "~" + digest(whole)
}

// cleanURL drops addresses that only lead to a person's mailbox or telephone.
func cleanURL(s string) string {
	s = cleanLine(s, MaxField)
	for _, scheme := range []string{"mailto:", "tel:", "sms:", "callto:"} {
		if len(s) >= len(scheme) && strings.EqualFold(s[:len(scheme)], scheme) {
			return ""
		}
	}
	return s
}

func cleanPlaces(places []string) []string {
	var kept []string
	for _, place := range places {
		place = cleanLine(place, MaxField)
		if place != "" && !slices.Contains(kept, place) {
			kept = append(kept, place)
		}
		if len(kept) == MaxPlace {
			break
		}
	}
	return kept
}

// cleanDay returns the calendar day of an ISO 8601 date or RFC 3339 time between
// 1990 and 2100, and nothing for anything else.
func cleanDay(s string) string {
	s = strings.TrimSpace(s)
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		day, err = time.Parse(time.RFC3339, s)
	}
	if err != nil || day.Year() < firstYear || day.Year() > lastYear {
		return ""
	}
	return day.Format(time.DateOnly)
}

func cleanWorkplace(s string) string {
	word := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || r == '%' || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
	switch word {
	case "remote", "fullyremote", "fullremote", "100%remote", "remotefirst", "remoteonly", "workfromhome", "wfh", "homeoffice", "telecommute", "telework", "anywhere":
		return "remote"
	case "hybrid", "hybridremote", "remotehybrid", "partlyremote", "partiallyremote", "partialremote":
		return "hybrid"
	case "onsite", "office", "inoffice", "inperson", "onpremise", "onlocation", "local", "notremote", "noremote":
		return "onsite"
	}
	return ""
}

func cleanSalary(s *Salary) *Salary {
	if s == nil {
		return nil
	}
	c := Salary{
		Min:      cleanAmount(s.Min),
		Max:      cleanAmount(s.Max),
		Currency: strings.Map(upperASCII, cleanLine(s.Currency, 20)),
		Period:   cleanPeriod(s.Period),
		Text:     cleanLine(s.Text, MaxField),
	}
	if c == (Salary{}) {
		return nil
	}
	return &c
}

func upperASCII(r rune) rune {
	if 'a' <= r && r <= 'z' {
		return r - 'a' + 'A'
	}
	return r
}

// cleanAmount drops what is not an amount: JSON has no NaN and no infinity.
func cleanAmount(v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
		return 0
	}
	return v
}

func cleanPeriod(s string) string {
	s = strings.TrimPrefix(strings.ToLower(cleanLine(s, MaxField)), "1 ")
	switch strings.TrimPrefix(s, "per ") {
	case "year", "years", "yearly", "annual", "annually", "annum", "yr":
		return "year"
	case "month", "months", "monthly", "mo":
		return "month"
	case "week", "weeks", "weekly", "wk":
		return "week"
	case "day", "days", "daily":
		return "day"
	case "hour", "hours", "hourly", "hr":
		return "hour"
	}
	return ""
}
