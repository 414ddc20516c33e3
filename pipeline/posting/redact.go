package posting

import (
	"html"
	"slices"
	"strings"
	"unicode/utf8"
)

// What stands in a text where a contact was.
const (
	emailMark = "[email]"
	phoneMark = "[phone]"
)

// redactPasses bounds how often a text is looked through again after something
// was taken out of it. The second pass finds nothing in any real text.
const redactPasses = 4

// redact replaces people's e-mail addresses and phone numbers in every field
// that holds words.
func (p *Posting) redact() {
	for range redactPasses {
		before := p.Text
		p.setText(redact(p.Text))
		if p.Text == before {
			break
		}
	}
	for _, line := range []*string{&p.Title, &p.Employer, &p.Department, &p.Team, &p.EmploymentType} {
		*line = redactLine(*line)
	}
	p.Title = p.Title[:cut(p.Title, MaxTitle)]
	for i, place := range p.Locations {
		p.Locations[i] = redactLine(place)
	}
	p.Locations = cleanPlaces(p.Locations)
	if p.Salary != nil {
		p.Salary.Text = redactLine(p.Salary.Text)
	}
	p.URL = redactURL(p.URL)
}

func redactLine(s string) string {
	for range redactPasses {
		after := redact(s)
		after = strings.TrimRight(after[:cut(after, MaxField)], " ")
		if after == s {
			break
		}
		s = after
	}
	return s
}

// redactURL takes addresses out of a URL; digits in it are ids.
func redactURL(s string) string {
	if !strings.Contains(s, "@") && !strings.Contains(s, "%40") {
		return s
	}
	v := flatten(s)
	s = v.replace(v.emails(nil))
	return s[:cut(s, MaxField)]
}

// redact returns s, plain or HTML, with e-mail addresses as "[email]" and phone
// numbers as "[phone]". It takes time linear in len(s).
func redact(s string) string {
	mail, phone := mayHoldEmail(s), mayHoldPhone(s)
	if !mail && !phone {
		return s
	}
	v := flatten(s)
	var found []span
	if mail {
		found = v.emails(found)
	}
	if phone {
		found = v.phones(found)
	}
	return v.replace(found)
}

// mayHoldEmail is a quick test that is never wrong when it says no.
func mayHoldEmail(s string) bool {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '@', '%', '\\', '&', 0xEF:
			if s[i] == '@' || strings.HasPrefix(s[i:], "%40") || strings.HasPrefix(s[i:], "&#") ||
				strings.HasPrefix(s[i:], "&amp;") || strings.HasPrefix(s[i:], "&commat;") ||
				strings.HasPrefix(s[i:], `\u0040`) || strings.HasPrefix(s[i:], "\uFF20") || strings.HasPrefix(s[i:], "\uFE6B") {
				return true
			}
		case 't', 'T':
			if i > 1 && (s[i-1] == 'a' || s[i-1] == 'A') && !isASCIIWord(s[i-2]) && (i+1 == len(s) || !isASCIIWord(s[i+1])) {
				return true
			}
		}
	}
	return false
}

// mayHoldPhone reports whether some run of digits and what may stand between
// them holds the seven digits of the shortest phone number.
func mayHoldPhone(s string) bool {
	digits, other := 0, 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case '0' <= c && c <= '9':
			if digits++; digits >= 7 {
				return true
			}
			other = 0
		case digits > 0:
			if c == '&' || c == '<' || c >= 0x80 {
				other -= 16 // an entity or a tag between two digits
			}
			if other++; other > 4 {
				digits, other = 0, 0
			}
		}
	}
	return false
}

func isASCIIWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// span is a part of a view that is to be replaced by mark.
type span struct {
	start, end int
	mark       string
}

// view is a text as a reader sees it: entities are characters, special spaces
// and hyphens are plain ones, and what has no width is gone. Tags stay, but for
// short inline ones inside a word.
type view struct {
	raw   string
	flat  string
	moves []move // where flat differs from raw, in order
}

// move is a piece of raw that became another piece of flat: raw[raw:rawEnd] is
// flat[flat:flatEnd], which is empty where something was left out. Between two
// moves the texts are the same.
type move struct{ raw, rawEnd, flat, flatEnd int }

// special are the bytes that [view.next] may read as something else.
var special = func() (t [256]bool) {
	for c := range t {
		t[c] = c == '&' || c == '<' || c == '%' || c == '\\' || c >= utf8.RuneSelf
	}
	return t
}()

func flatten(s string) *view {
	v := &view{raw: s, flat: s}
	var flat []byte // as soon as it differs from s
	copied := 0     // raw[:copied] is in flat
	for i := 0; i < len(s); {
		if !special[s[i]] {
			i++
			continue
		}
		r, n := v.next(i, before(s[copied:i], flat))
		if r >= 0 && n == utf8.RuneLen(r) && isRune(s[i:i+n], r) {
			i += n
			continue
		}
		if flat == nil {
			flat = make([]byte, 0, len(s))
		}
		flat = append(flat, s[copied:i]...)
		m := move{raw: i, rawEnd: i + n, flat: len(flat)}
		if r >= 0 {
			flat = utf8.AppendRune(flat, r)
		}
		m.flatEnd = len(flat)
		v.moves = append(v.moves, m)
		i += n
		copied = i
	}
	if flat != nil {
		v.flat = string(append(flat, s[copied:]...))
	}
	return v
}

// before is the last byte of flat with pending behind it, 0 if there is none.
func before(pending string, flat []byte) byte {
	switch {
	case pending != "":
		return pending[len(pending)-1]
	case len(flat) > 0:
		return flat[len(flat)-1]
	}
	return 0
}

func isRune(s string, r rune) bool {
	got, n := utf8.DecodeRuneInString(s)
	return got == r && n == len(s)
}

// rawSpan is where flat[start:end] stands in raw.
func (v *view) rawSpan(start, end int) (int, int) {
	return v.rawAt(start, false), v.rawAt(end-1, true)
}

// rawAt is where the byte flat[i] starts in raw, or ends.
func (v *view) rawAt(i int, ends bool) int {
	k, _ := slices.BinarySearchFunc(v.moves, i, func(m move, i int) int { // the first move behind i
		if m.flat <= i {
			return -1
		}
		return 1
	})
	at := i
	if k > 0 {
		m := v.moves[k-1]
		if i < m.flatEnd {
			if ends {
				return m.rawEnd
			}
			return m.raw
		}
		at = m.rawEnd + i - m.flatEnd
	}
	if ends {
		at++
	}
	return at
}

// next reads the character at raw[i:] and its length there; -1 is none. before
// is the byte that the view has before it.
func (v *view) next(i int, before byte) (rune, int) {
	s := v.raw[i:]
	switch c := s[0]; {
	case c == '&':
		if r, n := entity(s); n > 0 {
			return plain(r), n
		}
	case c == '%' && strings.HasPrefix(s, "%40"):
		return '@', 3
	case c == '\\' && strings.HasPrefix(s, `\u0040`):
		return '@', 6
	case c == '<':
		if before == '@' || isASCIIWord(before) {
			if n := inlineTag(s); n > 0 && v.leadsOn(i+n) {
				return -1, n
			}
		}
	case c >= utf8.RuneSelf:
		r, n := utf8.DecodeRuneInString(s)
		return plain(r), n
	}
	return rune(s[0]), 1
}

// plain maps special spaces, hyphens and at signs to the ordinary ones and what
// is invisible to -1.
func plain(r rune) rune {
	switch {
	case r < 0x80:
		return r
	case r == 0xA0, r >= 0x2000 && r <= 0x200A, r == 0x202F, r == 0x3000:
		return ' '
	case r >= 0x2010 && r <= 0x2015, r == 0x2212:
		return '-'
	case r == 0xFF20, r == 0xFE6B:
		return '@'
	case r == 0xFF0E:
		return '.'
	case invisible(r):
		return -1
	}
	return r
}

// entity decodes the HTML character reference that s starts with, also one that
// was escaped twice ("&amp;#64;"). A length of 0 means there is none.
func entity(s string) (rune, int) {
	end := strings.IndexByte(s[:min(len(s), 32)], ';')
	if end < 0 {
		return 0, 0
	}
	if s[:end+1] == "&amp;" {
		if r, n := entity("&" + s[5:min(len(s), 32)]); n > 0 {
			return r, n + 4
		}
		return '&', 5
	}
	decoded := html.UnescapeString(s[:end+1])
	r, n := utf8.DecodeRuneInString(decoded)
	if n != len(decoded) {
		return 0, 0
	}
	return r, end + 1
}

// inlineTag returns the length of a short tag that does not break a word.
func inlineTag(s string) int {
	end := strings.IndexByte(s[:min(len(s), 48)], '>')
	if end < 0 || strings.ContainsAny(s[:end], "@%") {
		return 0
	}
	name, _, _ := strings.Cut(strings.Trim(s[1:end], "/ "), " ")
	switch strings.ToLower(name) {
	case "b", "i", "u", "em", "strong", "span", "wbr", "font", "!--", "code", "tt":
		return end + 1
	}
	return 0
}

// leadsOn reports whether raw[next:] can be the rest of an address or number.
func (v *view) leadsOn(next int) bool {
	if next >= len(v.raw) {
		return false
	}
	after := v.raw[next]
	return isASCIIWord(after) || after == '@' || after == '.' || after == '&' || after == '<'
}

// replace returns the raw text with every span replaced. Spans may come in any
// order; of two that overlap the earlier in found wins.
func (v *view) replace(found []span) string {
	if len(found) == 0 {
		return v.raw
	}
	sortSpans(found)
	var b strings.Builder
	b.Grow(len(v.raw))
	done := 0
	for _, f := range found {
		start, end := v.rawSpan(f.start, f.end)
		if start < done {
			continue
		}
		b.WriteString(v.raw[done:start])
		b.WriteString(f.mark)
		done = end
	}
	b.WriteString(v.raw[done:])
	return b.String()
}
