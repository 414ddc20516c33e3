package tag

import (
	"slices"
	"sort"
	"strings"
)

// section is the part of a posting a line stands in.
type section uint8

const (
	sectionBody section = iota // no heading tells
	sectionTitle
	sectionDuties
	sectionRequirements
	sectionNice
	sectionEmployer
	sectionBenefits
	sectionLegal
	sectionApplication
)

var sectionNames = [...]string{"body", "title", "duties", "requirements", "nice", "employer", "benefits", "legal", "application"}

func (s section) String() string { return sectionNames[s] }

// counts says whether what stands in s is asked of the person: the employer's
// own description, benefits, legal text and how to apply are not.
func (s section) counts() bool { return s <= sectionNice }

// line is one block of the plain text: a paragraph, a list item or a heading. It
// holds no line break, and white space inside it is single spaces.
type line struct {
	start, end int // bytes of plain
	section    section
	item       bool // a list item
	heading    bool
	level      uint8 // how the source sets it off: see the level constants
}

// The levels of a line that may be a heading, beside 1 to 6 for h1 to h6.
const (
	levelText  = 0
	levelBold  = 7 // all of it is bold or upper case
	levelColon = 8 // short and ending in a colon
)

// reading is a posting made readable: the plain text of its title and of its HTML
// or plain text, cut into lines, each with its section, and the way back to the
// original bytes. The title, if any, is the first line; lines are separated by
// one '\n' in plain.
type reading struct {
	title    string // as in plain
	plain    string
	lines    []line
	spans    []span // ascending in plain; how plain maps to the original
	text     string // the original text
	rawTitle string // the original title
}

// span says that plain[plain:] runs in step with text[text:] until the next span,
// or, where raw is not 0, that the one character there is written with raw bytes.
type span struct{ plain, text, raw int }

// read makes a posting readable. All lines of the text are of sectionBody:
// [sections.mark] tells them apart. It takes time linear in the text and never
// fails: what is not HTML is text.
func read(title, text string) *reading { return new(stripper).read(title, text) }

// read is [read] into the buffers of s, which the result shares.
func (s *stripper) read(title, text string) *reading {
	r := &reading{text: text, rawTitle: title}
	s.out = slices.Grow(s.out[:0], len(title)+len(text)+2)
	s.lines, s.spans = slices.Grow(s.lines[:0], 16+len(text)/64), slices.Grow(s.spans[:0], 16+len(text)/48)
	if title != "" {
		s.strip(strings.TrimRight(title, "\n"), flowed)
		s.join()
		r.title = string(s.out[:max(len(s.out)-1, 0)])
	}
	titleLines := len(s.lines)
	mode := modeOf(text)
	if mode == escaped {
		inner, spans := unescape(text)
		first := len(s.spans)
		s.strip(inner, modeOf(inner))
		s.spans = append(s.spans[:first], compose(s.spans[first:], spans, len(s.out))...)
	} else {
		s.strip(text, mode)
	}
	r.plain, r.lines, r.spans = string(s.out), s.lines, s.spans
	if titleLines > 0 {
		r.lines[0].section = sectionTitle
	}
	return r
}

// original returns where plain[start:end] stands in the original text, or in the
// original title when it is part of the title's line. For every 0 <= start <= end
// <= len(plain) within one line the result is a valid slice of it.
func (r *reading) original(start, end int) (int, int) {
	if len(r.spans) == 0 {
		return 0, 0
	}
	i := r.spanAt(start)
	s := r.spans[i]
	from := s.text
	if s.raw == 0 {
		from += start - s.plain
	}
	if end <= start {
		return from, from
	}
	for i+1 < len(r.spans) && r.spans[i+1].plain < end {
		i++
	}
	s = r.spans[i]
	if s.raw != 0 {
		return from, s.text + s.raw
	}
	return from, s.text + end - s.plain
}

// spanAt is the index of the span that holds plain[at].
func (r *reading) spanAt(at int) int {
	return max(sort.Search(len(r.spans), func(i int) bool { return r.spans[i].plain > at })-1, 0)
}

// lineAt is the index of the line that holds plain[at], or of the last before it.
func (r *reading) lineAt(at int) int {
	return max(sort.Search(len(r.lines), func(i int) bool { return r.lines[i].start > at })-1, 0)
}

// of is the text of line l.
func (r *reading) of(l line) string { return r.plain[l.start:l.end] }

// compose maps the spans of a text stripped from an unescaped one to the escaped
// original: outer maps plain to unescaped, inner unescaped to original.
func compose(outer, inner []span, size int) []span {
	out := make([]span, 0, len(outer)+len(inner))
	k := 0
	for i, o := range outer {
		end := size
		if i+1 < len(outer) {
			end = outer[i+1].plain
		}
		for k > 0 && inner[k].plain > o.text {
			k--
		}
		for k+1 < len(inner) && inner[k+1].plain <= o.text {
			k++
		}
		if o.raw != 0 {
			from := mapped(inner[k], o.text)
			for k+1 < len(inner) && inner[k+1].plain < o.text+o.raw {
				k++
			}
			to := mapped(inner[k], o.text+o.raw)
			if inner[k].raw != 0 {
				to = inner[k].text + inner[k].raw
			}
			out = append(out, span{o.plain, from, to - from})
			continue
		}
		at := o.text
		for plain := o.plain; plain < end; {
			s := inner[k]
			out = append(out, span{plain, mapped(s, at), s.raw})
			if k+1 == len(inner) {
				break
			}
			k++
			plain += inner[k].plain - at
			at = inner[k].plain
		}
	}
	return out
}

// mapped is where the byte at of the text that s is a span of stands.
func mapped(s span, at int) int {
	if s.raw != 0 {
		return s.text
	}
	return s.text + at - s.plain
}
