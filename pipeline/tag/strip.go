package tag

import (
	"strings"
	"unicode/utf8"
)

// stripper turns HTML or plain text into lines. It is used once for the title and
// once for the text, one after the other, into the same out.
type stripper struct {
	text  string
	mode  mode
	out   []byte
	lines []line
	spans []span

	first  int  // the first span of text
	start  int  // of the line in out
	space  int  // where pending white space begins in text, or -1
	item   bool // inside a list item
	mark   bool // this line began with a bullet
	level  uint8
	bold   int // depth of bold
	bolded int // bytes of the line that are bold
	pre    int // depth of pre
	// What is known not to come any more, so that it is looked for once.
	noClose, noComment, noScript bool
}

// strip appends the lines of text.
func (s *stripper) strip(text string, m mode) {
	s.text, s.mode = text, m
	s.start, s.space, s.first = len(s.out), -1, len(s.spans)
	s.item, s.mark, s.level, s.bold, s.bolded, s.pre = false, false, 0, 0, 0, 0
	s.noClose, s.noComment, s.noScript = false, false, false
	for i := 0; i < len(text); {
		switch stripKinds[text[i]] {
		case kindText:
			i = s.run(i)
		case kindSpace:
			s.blank(i)
			i++
		case kindBreak:
			i = s.newline(i)
		case kindTag:
			i = s.tag(i)
		case kindEntity:
			i = s.entity(i)
		case kindWide:
			i = s.wide(i)
		}
	}
	s.flush()
}

// kinds of bytes to the stripper.
const (
	kindText = iota
	kindSpace
	kindBreak
	kindTag
	kindEntity
	kindWide // first byte of a character that may be special
)

var stripKinds = func() (k [256]uint8) {
	for c := range 0x20 {
		k[c] = kindSpace
	}
	k[' '], k[0x7f], k['\n'], k['<'], k['&'] = kindSpace, kindSpace, kindBreak, kindTag, kindEntity
	k[0xC2], k[0xE2], k[0xE3], k[0xEF] = kindWide, kindWide, kindWide, kindWide
	return k
}()

// run adds the ordinary characters from i on, with the single spaces between them.
func (s *stripper) run(i int) int {
	text := s.text
	if s.start == len(s.out) {
		if n := bullet(text, i); n > 0 {
			s.mark = true
			return i + n
		}
	}
	j := i + 1
	for j < len(text) {
		k := stripKinds[text[j]]
		if k == kindText || k == kindSpace && text[j] == ' ' && j+1 < len(text) && stripKinds[text[j+1]] == kindText {
			j++
			continue
		}
		break
	}
	s.add(i, j)
	return j
}

// add appends text[i:j] as it stands.
func (s *stripper) add(i, j int) {
	s.pend()
	if n := len(s.spans); n == s.first || s.spans[n-1].raw != 0 || len(s.out)-s.spans[n-1].plain != i-s.spans[n-1].text {
		s.spans = append(s.spans, span{len(s.out), i, 0})
	}
	s.out = append(s.out, s.text[i:j]...)
	if s.bold > 0 {
		s.bolded += j - i
	}
}

// put appends c for the n bytes at text[i].
func (s *stripper) put(c string, i, n int) {
	s.pend()
	s.spans = append(s.spans, span{len(s.out), i, n})
	s.out = append(s.out, c...)
	if s.bold > 0 {
		s.bolded += len(c)
	}
}

// pend writes the pending white space as one space.
func (s *stripper) pend() {
	if s.space >= 0 && len(s.out) > s.start {
		s.spans = append(s.spans, span{len(s.out), s.space, 1})
		s.out = append(s.out, ' ')
		if s.bold > 0 {
			s.bolded++
		}
	}
	s.space = -1
}

func (s *stripper) blank(i int) {
	if s.space < 0 {
		s.space = i
	}
}

// newline handles the line break at i.
func (s *stripper) newline(i int) int {
	next := i + 1
	blankLine := false
	for next < len(s.text) && stripKinds[s.text[next]] <= kindBreak && stripKinds[s.text[next]] != kindText {
		if s.text[next] == '\n' {
			blankLine = true
		}
		next++
	}
	switch {
	case blankLine, s.pre > 0, next < len(s.text) && bullet(s.text, next) > 0:
		s.flush()
	case s.mode == lined && !s.wraps(next):
		s.flush()
	default:
		s.blank(i)
	}
	return next
}

// wraps says whether the line goes on at text[next], being cut only to fit a width.
func (s *stripper) wraps(next int) bool {
	const width = 50
	if next >= len(s.text) || len(s.out)-s.start < width || s.text[next] < 'a' || s.text[next] > 'z' {
		return false
	}
	return !strings.ContainsRune(".:;!?", rune(s.out[len(s.out)-1]))
}

func (s *stripper) entity(i int) int {
	c, n := entity(s.text, i)
	r, _ := utf8.DecodeRuneInString(c)
	switch {
	case n == 1:
		s.add(i, i+1)
	case r == '\n' || r == '\u2028' || r == '\u2029':
		s.flush()
	case r <= ' ' || r == 0x7f || wideKind(r) == wideSpace:
		s.blank(i)
	case wideKind(r) == wideNothing:
	case wideKind(r) == wideBullet || s.start == len(s.out) && bullet(c+" ", 0) > 0:
		s.flush()
		s.mark = true
	default:
		s.put(c, i, n)
	}
	return i + n
}

// wide handles the character at i, which may be a kind of space or a bullet.
func (s *stripper) wide(i int) int {
	r, n := utf8.DecodeRuneInString(s.text[i:])
	switch wideKind(r) {
	case wideSpace:
		s.blank(i)
	case wideBreak:
		s.flush()
	case wideNothing:
	case wideBullet:
		s.flush()
		s.mark = true
	default:
		if s.start == len(s.out) {
			if n := bullet(s.text, i); n > 0 {
				s.mark = true
				return i + n
			}
		}
		s.add(i, i+n)
	}
	return i + n
}

// kinds of wide characters.
const (
	wideText = iota
	wideSpace
	wideBreak
	wideNothing
	wideBullet
)

func wideKind(r rune) int {
	switch {
	case r == 0xA0, r >= 0x2000 && r <= 0x200A, r == 0x202F, r == 0x205F, r == 0x3000:
		return wideSpace
	case r == 0x2028, r == 0x2029:
		return wideBreak
	case r == 0xAD, r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x2069, r == 0xFEFF:
		return wideNothing
	case r == '•', r == '●', r == '▪', r == '■', r == '◦', r == '‣', r == '⁃', r == '➢', r == '✓', r == '✔', r == '►', r == '▸':
		return wideBullet
	}
	return wideText
}

// bullet is how many bytes at text[i], the start of a line, are a list mark with
// its space; 0: none.
func bullet(text string, i int) int {
	r, n := utf8.DecodeRuneInString(text[i:])
	switch r {
	case '-', '*', '+', '·', '–', '—', '−', '○', '→', '»', '❖', '✅', '☑', '▶', '•', '●', '▪', '◦':
		if i+n < len(text) && (text[i+n] == ' ' || text[i+n] == '\t') {
			return n + 1
		}
		if strings.HasPrefix(text[i+n:], "\u00a0") {
			return n + len("\u00a0")
		}
	}
	return 0
}

// flush ends the line.
func (s *stripper) flush() {
	s.space = -1
	if len(s.out) > s.start {
		switch {
		case s.mode == lined && !hasWord(s.out[s.start:]): // a ruled line: the one above is a heading
			if n := len(s.lines); n > 0 && len(s.out)-s.start > 2 && s.lines[n-1].end-s.lines[n-1].start < 80 {
				s.lines[n-1].level = 2
			}
			s.out = s.out[:s.start]
		default:
			l := line{start: s.start, end: len(s.out), item: s.item || s.mark, level: s.level}
			if l.level == 0 {
				l.level = s.guessLevel()
			}
			s.lines = append(s.lines, l)
			s.out = append(s.out, '\n')
		}
	}
	s.start, s.bolded, s.mark = len(s.out), 0, false
	for n := len(s.spans); n > 0 && s.spans[n-1].plain > s.start; n-- {
		s.spans = s.spans[:n-1]
	}
}

// join makes all lines one, as a title is.
func (s *stripper) join() {
	if len(s.lines) < 2 {
		return
	}
	end := s.lines[len(s.lines)-1].end
	for i := range end {
		if s.out[i] == '\n' {
			s.out[i] = ' '
		}
	}
	s.lines = append(s.lines[:0], line{start: s.lines[0].start, end: end})
}

func hasWord(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' {
			return true
		}
	}
	return false
}

// guessLevel says how far the line in hand is set off without a heading tag.
func (s *stripper) guessLevel() uint8 {
	const longest = 90
	l := s.out[s.start:]
	n := len(l)
	if n > longest {
		return levelText
	}
	switch {
	case s.bolded >= n-1 && l[n-1] != '.', l[0] == '#' || n > 4 && string(l[:2]) == "**" && strings.HasSuffix(strings.TrimRight(string(l), ":"), "**"):
		return levelBold
	case upperCase(l):
		return levelBold
	case l[n-1] == ':':
		return levelColon
	}
	return levelText
}

// upperCase says whether l is written in capitals: at least two words' worth.
func upperCase(l []byte) bool {
	capitals := 0
	for _, c := range l {
		if c >= 'a' && c <= 'z' || c >= 0x80 {
			return false
		}
		if c >= 'A' && c <= 'Z' {
			capitals++
		}
	}
	return capitals >= 8
}
