package tag

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// foldName is name in lower case, without accents, dots and apostrophes, words
// parted by single spaces.
func foldName(name string) string { return string(appendFoldedName(nil, name)) }

func appendFoldedName(buf []byte, name string) []byte {
	start, gap := len(buf), false
	for _, r := range name {
		switch {
		case unicode.Is(unicode.M, r) || r == '.' || r == '\'' || r == '’' || r == '‘':
		case unicode.IsLetter(r):
			if gap && len(buf) > start {
				buf = append(buf, ' ')
			}
			gap = false
			buf = appendFolded(buf, r)
		default:
			gap = true
		}
	}
	return buf
}

// placeWord is a word of a location string, folded, and what stands before it.
type placeWord struct {
	start, end int // bytes of the location
	from, to   int // bytes of the folded text
	link       int // where in the folded text the "and" before it starts, which may be a part of a name; 0 for none
	upper      bool
	title      bool // starts with a capital
	parted     bool // a sign that parts places stands before it: ; | / & and "or"
	comma      bool // any other sign stands before it
	digit      bool // a digit is stuck to it, as in SE1
}

// placeWords cuts a location up; folded words are appended to buf.
func placeWords(s string, buf []byte, words []placeWord) ([]byte, []placeWord) {
	parted, comma, digit, link := true, false, false, 0
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsLetter(r) {
			digit = unicode.IsDigit(r)
			switch {
			case r == '&' && len(words) > 0:
				parted, link = true, len(buf)
				buf = append(buf, "and"...)
			case strings.ContainsRune(";|/&+•·\n→、・，", r):
				parted = true
			case !unicode.IsSpace(r) && r != '.' && r != '\'':
				comma = true
			}
			i += n
			continue
		}
		w := placeWord{start: i, from: len(buf), link: link, upper: true, title: !unicode.IsLower(r), parted: parted, comma: comma, digit: digit}
		buf = w.read(s, buf)
		i = w.end
		parted, comma, digit, link = false, false, false, 0
		switch string(buf[w.from:w.to]) {
		case "or", "and", "oder", "und", "ou", "et":
			if !w.upper || w.to-w.from > 2 || !w.comma && len(words) > 0 && followedByLetter(strings.TrimLeft(s[i:], " ")) { // Chicago OR London
				parted = true
				if len(words) > 0 {
					link = w.from
				}
				continue
			}
		}
		words = append(words, w)
	}
	return buf, words
}

// read reads the word that starts at w.start and appends it, folded, to buf.
func (w *placeWord) read(s string, buf []byte) []byte {
	i := w.start
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if unicode.IsLetter(r) {
			w.upper = w.upper && !unicode.IsLower(r)
			buf = appendFolded(buf, r)
		} else if !unicode.Is(unicode.M, r) && !((r == '.' || r == '\'' || r == '’' || r == '‘') && followedByLetter(s[i+n:])) {
			w.digit = w.digit || unicode.IsDigit(r)
			break
		}
		i += n
	}
	w.end, w.to = i, len(buf)
	return buf
}

func followedByLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

// appendFolded appends r in lower case and without accents.
func appendFolded(buf []byte, r rune) []byte {
	if r < utf8.RuneSelf {
		return append(buf, byte(r)|0x20)
	}
	switch r {
	case 'ß':
		return append(buf, "ss"...)
	case 'ø', 'Ø':
		return append(buf, 'o')
	case 'ł', 'Ł':
		return append(buf, 'l')
	case 'đ', 'Đ', 'ð', 'Ð':
		return append(buf, 'd')
	case 'ı':
		return append(buf, 'i')
	case 'æ', 'Æ':
		return append(buf, "ae"...)
	case 'œ', 'Œ':
		return append(buf, "oe"...)
	}
	if r < 0x600 || r >= 0x1e00 && r < 0x2000 { // Latin, Greek and Cyrillic
		var b [utf8.UTFMax]byte
		if d := norm.NFD.Properties(b[:utf8.EncodeRune(b[:], r)]).Decomposition(); len(d) > 0 {
			r, _ = utf8.DecodeRune(d)
		}
	}
	return utf8.AppendRune(buf, unicode.ToLower(r))
}
