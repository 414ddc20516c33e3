package tag

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode"
)

// sections tells the parts of a posting apart by their headings.
type sections struct {
	headings *matcher // owners: indexes into phrases
	lines    *matcher
	phrases  []sectionPhrase
	whole    map[string]sectionPhrase
}

// sectionPhrase is what a phrase in a heading says.
type sectionPhrase struct {
	section section
	rank    int // of two phrases in one heading the higher rank counts, then the longer
}

type sectionEntry struct {
	Section  string   `yaml:"section"`
	Rank     int      `yaml:"rank"`
	Headings []string `yaml:"headings"`
	Whole    []string `yaml:"whole"`
	Lines    []string `yaml:"lines"`
}

const sectionFile = "sections.yaml"

func newSections(fsys fs.FS) (*sections, error) {
	entries, err := decodeFile[[]sectionEntry](fsys, sectionFile)
	if err != nil {
		return nil, err
	}
	s := &sections{whole: map[string]sectionPhrase{}}
	var headings, lines []form
	for _, e := range entries {
		k := slices.Index(sectionNames[:], e.Section)
		if k < 0 || section(k) == sectionTitle {
			return nil, fmt.Errorf("%s: section %q is not one of %s", sectionFile, e.Section, strings.Join(sectionNames[:], ", "))
		}
		p := sectionPhrase{section(k), e.Rank}
		for _, h := range e.Headings {
			headings = append(headings, form{text: h, owner: int32(len(s.phrases))})
		}
		for _, l := range e.Lines {
			lines = append(lines, form{text: l, owner: int32(len(s.phrases))})
		}
		for _, w := range e.Whole {
			s.whole[w] = p
		}
		s.phrases = append(s.phrases, p)
	}
	s.headings, s.lines = newMatcher(headings), newMatcher(lines)
	return s, nil
}

const (
	longestHeading = 90  // bytes that a heading has at most
	longestTold    = 300 // bytes that a line has at most which a phrase puts into a section
)

// mark gives every line of r its section and says which are headings. employer
// is the employer's name, if known: "About Acme" is a heading about the employer.
func (s *sections) mark(r *reading, employer string) {
	now, level := sectionBody, uint8(0)
	var room [8]hit
	hits := room[:0]
	for i := range r.lines {
		l := &r.lines[i]
		if l.section == sectionTitle {
			continue
		}
		text := r.of(*l)
		if l.mayHead(text) {
			p, known := s.heading(text, employer, &hits)
			switch {
			case known && (!l.item || l.level > 0):
				now, level, l.heading = p, l.level, true
				if level == levelText {
					level = levelColon
				}
			case l.level > 0 && l.level <= 7 && !l.item:
				l.heading = true
				if level == 0 || l.level <= level {
					now, level = sectionBody, l.level
				}
			case l.level == levelColon && !l.item:
				l.heading = true
			}
		} else if p, ok := s.leadIn(text, employer, &hits); ok && !l.item {
			now, level = p, levelColon
		}
		l.section = now
		if !l.heading && len(text) <= longestTold {
			hits = s.lines.find(text, hits[:0])
			for _, h := range hits {
				l.section = s.phrases[h.owner].section
			}
		}
	}
}

// mayHead says whether the line is set off or short enough to be a heading.
func (l *line) mayHead(text string) bool {
	if l.level > 0 {
		return len(text) <= 2*longestHeading
	}
	return len(text) <= 40 && strings.Count(text, " ") < 6 && !strings.ContainsAny(text[len(text)-1:], ".,;")
}

// leadIn reads the heading of a paragraph such as "Requirements: five years of …".
func (s *sections) leadIn(text, employer string, hits *[]hit) (section, bool) {
	const longest = 50
	k := strings.IndexByte(text[:min(len(text), longest)], ':')
	if k < 3 || k+1 < len(text) && text[k+1] != ' ' || strings.Count(text[:k], " ") > 4 {
		return 0, false
	}
	name := headingWords(text[:k])
	if p, ok := s.whole[name]; ok {
		return p.section, true
	}
	*hits = s.headings.find(name, (*hits)[:0])
	for _, h := range *hits {
		if h.end-h.start == len(name) {
			return s.phrases[h.owner].section, true
		}
	}
	return 0, false
}

// heading says which section a heading opens.
func (s *sections) heading(text, employer string, hits *[]hit) (section, bool) {
	name := headingWords(text)
	if p, ok := s.whole[name]; ok {
		return p.section, true
	}
	*hits = s.headings.find(name, (*hits)[:0])
	best, size := sectionPhrase{}, 0
	for _, h := range *hits {
		p := s.phrases[h.owner]
		if size == 0 || p.rank > best.rank || p.rank == best.rank && h.end-h.start > size {
			best, size = p, h.end-h.start
		}
	}
	switch {
	case employer != "" && strings.HasPrefix(name, "about ") && strings.Contains(name, strings.ToLower(employer)):
		return sectionEmployer, true
	case size > 0 && len(name) <= longestHeading && (len(name) <= 45 || size*3 >= len(name) || size >= 12):
		return best.section, true
	case strings.HasPrefix(name, "about ") && strings.Count(name, " ") <= 4:
		return sectionEmployer, true
	}
	return 0, false
}

// headingWords is a heading without its emphasis, emoji, numbers and colon, in
// lower case and with typed apostrophes.
func headingWords(text string) string {
	for text != "" && headingEdge(text[0]) {
		text = text[1:]
	}
	for text != "" && headingEdge(text[len(text)-1]) {
		text = text[:len(text)-1]
	}
	text = strings.TrimFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && r != ')' })
	if strings.Contains(text, "’") {
		text = strings.ReplaceAll(text, "’", "'")
	}
	return strings.ToLower(text)
}

// headingEdge says whether c is an ASCII mark or digit that edges a heading.
func headingEdge(c byte) bool { return c < 0x80 && c != ')' && (c|0x20 < 'a' || c|0x20 > 'z') }
