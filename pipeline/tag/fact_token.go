package tag

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenKind is what a token is.
type tokenKind uint8

const (
	tokenWord   tokenKind = iota // letters
	tokenNumber                  // digits, with . , ' ’ between digits
	tokenSign                    // one other visible character
	tokenBreak                   // the end of a line
)

// token is a piece of plain[start:end], with what the lexicon knows of it.
type token struct {
	start, end int32
	kind       tokenKind
	sign       rune  // of a tokenSign
	class      class // of a tokenWord
	entry      int32 // its lexicon entry + 1; 0 if unknown
}

// tokens is a text cut up, in order. It always ends with a tokenBreak.
type tokens struct {
	plain string
	all   []token
	cues  []int32          // the numbers and the words of any class, ascending
	langs [languages]int32 // how many words each language counts among its commonest
	words int32
}

// at returns the token i, or a break where there is none.
func (ts *tokens) at(i int) token {
	if i < 0 || i >= len(ts.all) {
		return token{kind: tokenBreak}
	}
	return ts.all[i]
}

func (ts *tokens) text(i int) string {
	t := ts.at(i)
	return ts.plain[t.start:t.end]
}

// is reports whether token i is one of words, whatever its case.
func (ts *tokens) is(i int, words ...string) bool {
	t := ts.at(i)
	if t.kind == tokenBreak {
		return false
	}
	s := ts.plain[t.start:t.end]
	for _, w := range words {
		if len(w) == len(s) && strings.EqualFold(w, s) {
			return true
		}
	}
	return false
}

func (ts *tokens) has(i int, c class) bool { return ts.at(i).class&c != 0 }

func (ts *tokens) isSign(i int, signs string) bool {
	t := ts.at(i)
	return t.kind == tokenSign && strings.ContainsRune(signs, t.sign)
}

// joined reports whether nothing stands between tokens i and i+1.
func (ts *tokens) joined(i int) bool {
	return i >= 0 && i+1 < len(ts.all) && ts.all[i].end == ts.all[i+1].start && ts.all[i+1].kind != tokenBreak
}

// lineStart is the first token of the line of token i, or the token most before i
// where that is later.
func (ts *tokens) lineStart(i, most int) int {
	for end := i - most; i > max(end, 0) && ts.all[i-1].kind != tokenBreak; {
		i--
	}
	return i
}

// window calls yield for the tokens from i-before to i+after that stand on the
// line of i, without i, until yield is false.
func (ts *tokens) window(i, before, after int, yield func(int) bool) {
	for j := i - 1; j >= max(i-before, 0) && ts.all[j].kind != tokenBreak; j-- {
		if !yield(j) {
			return
		}
	}
	for j := i + 1; j <= i+after && j < len(ts.all) && ts.all[j].kind != tokenBreak; j++ {
		if !yield(j) {
			return
		}
	}
}

// near reports whether a word of class c is among the tokens from i-before to
// i+after on the line of i.
func (ts *tokens) near(i, before, after int, c class) bool {
	found := false
	ts.window(i, before, after, func(j int) bool {
		found = ts.all[j].class&c != 0
		return !found
	})
	return found
}

// nearWord is near for words.
func (ts *tokens) nearWord(i, before, after int, words ...string) bool {
	found := false
	ts.window(i, before, after, func(j int) bool {
		found = ts.all[j].kind == tokenWord && ts.is(j, words...)
		return !found
	})
	return found
}

// phrase returns how many tokens from i on are words, in order, skipping
// hyphens; 0 if they are not.
func (ts *tokens) phrase(i int, words ...string) int {
	j := i
	for n, w := range words {
		if n > 0 && ts.isSign(j, "-‐‑–/") {
			j++
		}
		if !ts.is(j, w) {
			return 0
		}
		j++
	}
	return j - i
}

// cut cuts plain up. Its time is linear in plain.
func (l *lexicon) cut(ts *tokens, plain string) {
	*ts = tokens{plain: plain, all: ts.all[:0], cues: ts.cues[:0]}
	var word [maxWord]byte
	for i := 0; i < len(plain); {
		c := plain[i]
		switch kind := byteKinds[c]; kind {
		case byteSpace:
			i++
		case byteBreak:
			ts.all = append(ts.all, token{start: int32(i), end: int32(i), kind: tokenBreak})
			i++
		case byteDigit:
			end := numberEnd(plain, i)
			ts.cues = append(ts.cues, int32(len(ts.all)))
			ts.all = append(ts.all, token{start: int32(i), end: int32(end), kind: tokenNumber})
			i = end
		case byteSign:
			ts.all = append(ts.all, token{start: int32(i), end: int32(i + 1), kind: tokenSign, sign: rune(c)})
			i++
		case byteLetter:
			i = l.cutWord(ts, &word, i)
		default:
			r, n := utf8.DecodeRuneInString(plain[i:])
			switch {
			case unicode.IsLetter(r):
				i = l.cutWord(ts, &word, i)
			case unicode.IsSpace(r) || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
				i += n
			default:
				ts.all = append(ts.all, token{start: int32(i), end: int32(i + n), kind: tokenSign, sign: r})
				i += n
			}
		}
	}
	ts.all = append(ts.all, token{start: int32(len(plain)), end: int32(len(plain)), kind: tokenBreak})
}

// cutWord appends the word that starts at i and returns its end.
func (l *lexicon) cutWord(ts *tokens, word *[maxWord]byte, i int) int {
	plain, n, start := ts.plain, 0, i
	hash := uint32(hashSeed)
	for i < len(plain) {
		c := plain[i]
		if byteKinds[c] == byteLetter {
			c |= 0x20
			if n < maxWord {
				word[n] = c
			}
			n++
			hash = (hash ^ uint32(c)) * hashPrime
			i++
			continue
		}
		if c < utf8.RuneSelf {
			break
		}
		r, size := utf8.DecodeRuneInString(plain[i:])
		if !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) {
			break
		}
		i += size
		var b [utf8.UTFMax]byte
		for _, c := range b[:utf8.EncodeRune(b[:], unicode.ToLower(r))] {
			if n < maxWord {
				word[n] = c
			}
			n++
			hash = (hash ^ uint32(c)) * hashPrime
		}
	}
	t := token{start: int32(start), end: int32(i)}
	ts.words++
	if n <= maxWord {
		if at := l.find(word[:n], hash); at >= 0 {
			e := &l.entries[at]
			t.class, t.entry = e.class, at+1
			if e.class != 0 {
				ts.cues = append(ts.cues, int32(len(ts.all)))
			}
			if e.langs != 0 {
				for lang := range ts.langs {
					ts.langs[lang] += int32(e.langs >> lang & 1)
				}
			}
		}
	}
	ts.all = append(ts.all, t)
	return i
}

// numberEnd is the end of the number that starts at i: digits, and single
// separators between two digits.
func numberEnd(s string, i int) int {
	for i < len(s) {
		switch {
		case byteKinds[s[i]] == byteDigit:
			i++
		case i+1 < len(s) && (s[i] == '.' || s[i] == ',' || s[i] == '\'') && byteKinds[s[i+1]] == byteDigit:
			i += 2
		case strings.HasPrefix(s[i:], "’") && i+3 < len(s) && byteKinds[s[i+3]] == byteDigit:
			i += 4
		default:
			return i
		}
	}
	return i
}

type byteKind uint8

const (
	byteSign byteKind = iota
	byteSpace
	byteBreak
	byteLetter
	byteDigit
	byteWide // part of a character outside ASCII
)

var byteKinds = makeByteKinds()

func makeByteKinds() (kinds [256]byteKind) {
	for c := range kinds {
		switch {
		case c >= utf8.RuneSelf:
			kinds[c] = byteWide
		case c == '\n':
			kinds[c] = byteBreak
		case c <= ' ' || c == 0x7f:
			kinds[c] = byteSpace
		case '0' <= c && c <= '9':
			kinds[c] = byteDigit
		case 'a' <= c|0x20 && c|0x20 <= 'z':
			kinds[c] = byteLetter
		}
	}
	return kinds
}
