package tag

import (
	"slices"
	"strings"
)

// sum is money as written: one figure or a range.
type sum struct {
	first, last int // tokens, both inclusive
	low, high   float64
	code        string // ISO 4217; empty if no currency is written
	ranged      bool
	bare        bool // code is only what a lone $ or ¥ most often means
	scaled      bool // written with a magnitude: 120k
	open        bool // "120k+", "from 120k", "up to 120k"
}

// sumAt reads the money whose first number is token i. ok is false where the
// number is something else: a version, an ordinal, "401k".
func (l *lexicon) sumAt(ts *tokens, i int) (s sum, ok bool) {
	a, ok := l.figureAt(ts, i)
	if !ok {
		return s, false
	}
	s = sum{first: a.first, last: a.last, low: a.value, high: a.value, code: a.code, bare: a.bare, scaled: a.times > 1, open: a.plus}
	next, ok := rangeSign(ts, a)
	if !ok {
		return s, true
	}
	for j := next; j < next+4; j++ {
		if ts.at(j).kind == tokenNumber {
			b, ok := l.figureAt(ts, j)
			if !ok || b.first != next {
				return s, true
			}
			return s.upTo(a, b), true
		}
		if k := ts.at(j).kind; k != tokenSign && !ts.has(j, classCurrency) && !ts.is(j, "us", "ca", "c", "a", "au", "nz", "s", "hk", "mx", "r") {
			return s, true
		}
	}
	return s, true
}

// upTo is the range from a to b, if it is one: same currency, rising, and less
// than tenfold.
func (s sum) upTo(a, b figure) sum {
	low, high := a.value, b.value
	if a.times == 1 && b.times > 1 && low < 1000 { // 120-150k
		low *= b.times
	}
	if b.times == 1 && a.times > 1 && high < 1000 { // 120k-150
		high *= a.times
	}
	if a.bare && b.code != "" { // $100,000 - $120,000 CAD
		a.code, s.code, s.bare = b.code, b.code, b.bare
	}
	if b.bare && a.code != "" {
		b.code = a.code
	}
	if a.code != "" && b.code != "" && a.code != b.code || low > high || low <= 0 || high > 20*low {
		return s
	}
	s.low, s.high, s.last, s.ranged = low, high, b.last, true
	s.scaled = s.scaled || b.times > 1
	s.open = b.plus
	if s.code == "" {
		s.code = b.code
	}
	return s
}

// rangeSign returns the token after the sign or word that makes a range of a
// figure and the next one.
func rangeSign(ts *tokens, a figure) (next int, ok bool) {
	j := a.last + 1
	for range 2 { // "/year" or "per year" may stand between the two
		if ts.isSign(j, "/") && ts.has(j+1, classYear|classMonth|classHour|classDay|classWeek) {
			j += 2
		}
	}
	switch {
	case ts.isSign(j, "-–—‐‑−~→"):
		for ts.isSign(j, "-–—‐‑−~→>") {
			j++
		}
		return j, true
	case ts.is(j, "to", "bis", "à", "do", "până", "til", "tot", "hasta", "thru", "through"):
		return j + 1, true
	case ts.is(j, "and", "und", "et", "y", "e", "a", "en", "i") && ts.nearWord(a.first, 4, 0, "between", "zwischen", "entre", "tra", "tussen", "from", "de", "od", "da", "von"):
		return j + 1, true
	case ts.is(j, "up") && ts.is(j+1, "to"):
		return j + 2, true
	}
	return 0, false
}

// figure is one number with its currency and magnitude.
type figure struct {
	first, last int // tokens, both inclusive
	value       float64
	times       float64
	code        string
	bare        bool // code is only what the sign most often means: $, ¥
	plus        bool
}

func (l *lexicon) figureAt(ts *tokens, i int) (f figure, ok bool) {
	value, ok := parseFigure(ts.text(i))
	if !ok {
		return f, false
	}
	f = figure{first: i, last: i, value: value, times: 1}
	f.first, f.code = l.currencyBefore(ts, i)
	f.bare = f.code != "" && l.shared(ts.at(f.first), f.code) != nil
	for ts.at(f.last+1).kind == tokenNumber && groupOfThree(ts, f.last) && value < 1e9 { // 45 000
		n, ok := parseFigure(ts.text(f.last + 1))
		if !ok {
			break
		}
		f.last++
		value = value*1000 + n
	}
	if j := f.last; ts.isSign(j+1, ".,") && ts.isSign(j+2, "–-—") && ts.joined(j) && ts.joined(j+1) && !ts.joined(j+2) { // 110'000.–
		f.last = j + 2
	}
	f.value = value
	if !l.magnitude(ts, &f) {
		return f, false
	}
	if ts.isSign(f.last+1, "+") && ts.joined(f.last) {
		f.last, f.plus = f.last+1, true
	}
	if f.code == "" {
		l.currencyAfter(ts, &f)
	} else if code := l.currencyOf(ts, ts.at(f.last+1)); code != "" && (code == f.code || f.bare) {
		f.last, f.code, f.bare = f.last+1, code, false // $120k USD, $8,033 CAD
	}
	if j := f.last + 1; f.bare && ts.isSign(j, "(") && ts.isSign(j+2, ")") { // $109k (AUD)
		if code := l.currencyOf(ts, ts.at(j+1)); code != "" {
			f.last, f.code, f.bare = j+2, code, false
		}
	}
	if f.times > 1 && f.value >= 10000 && f.times == 1000 { // "$110,000k" says it twice
		f.times = 1
	}
	f.value *= f.times
	return f, true
}

// shared is the sign that t is, if it stands alone and may mean other money than code.
func (l *lexicon) shared(t token, code string) *currencySign {
	for i := range l.signs {
		if s := &l.signs[i]; t.kind == tokenSign && s.sign == t.sign && s.Code.text == code && len(s.Also) > 0 {
			return s
		}
	}
	return nil
}

// ownSign reports whether a sign that most often means code is that of home, the
// money of the posting's country, in a text of this language.
func (l *lexicon) ownSign(code, home, language string) bool {
	for _, s := range l.signs {
		if s.Code.text == code {
			return slices.Contains(s.Also, home) || language == "es" && slices.Contains(s.Spanish, home)
		}
	}
	return false
}

// magnitude reads what multiplies f. It returns false where letters stuck to
// the number make it something else.
func (l *lexicon) magnitude(ts *tokens, f *figure) bool {
	j := f.last + 1
	t := ts.at(j)
	if t.kind != tokenWord {
		return !ts.isSign(j, "(") || f.value != 401 && f.value != 403 // 401(k)
	}
	stuck := ts.joined(f.last)
	e := l.entryOf(t)
	switch {
	case t.class&classMagnitude != 0 && (stuck || t.end-t.start > 2 || f.code != "" && ts.is(j, "k", "mm", "mn", "bn", "cr")):
		f.times, f.last = e.times, j
		if e.currency != "" {
			f.code = e.currency
		}
		return f.value != 401 && f.value != 403 && f.value != 457 || f.times != 1000
	case stuck && t.class&classCurrency == 0 && !ts.is(j, "p"):
		return false
	}
	return true
}

// currencyBefore returns the first token of the money whose number is i, and
// the currency written before the number.
func (l *lexicon) currencyBefore(ts *tokens, i int) (first int, code string) {
	j := i - 1
	if ts.isSign(j, ".:") && ts.has(j-1, classCurrency) { // Rs. 65,000
		j--
	}
	t := ts.at(j)
	switch t.kind {
	case tokenSign:
		for _, s := range l.signs {
			if s.sign != t.sign {
				continue
			}
			if owner := s.Before[strings.ToLower(ts.text(j-1))]; owner != "" && ts.joined(j-1) {
				return j - 1, owner
			}
			if code := l.currencyOf(ts, ts.at(j-1)); code != "" { // USD $120,000
				return j - 1, code
			}
			return j, s.Code.text
		}
	case tokenWord:
		if t.class&classCurrency != 0 && t.class&classMagnitude == 0 {
			if code := l.currencyOf(ts, t); code != "" {
				return j, code
			}
		}
	}
	return i, ""
}

// currencyAfter reads a currency written after the number.
func (l *lexicon) currencyAfter(ts *tokens, f *figure) {
	j := f.last + 1
	t := ts.at(j)
	switch t.kind {
	case tokenSign:
		for _, s := range l.signs {
			if s.sign == t.sign && !(ts.joined(j) && ts.at(j+1).kind == tokenNumber) {
				f.code, f.last = s.Code.text, j
			}
		}
	case tokenWord:
		if code := l.currencyOf(ts, t); code != "" {
			f.code, f.last = code, j
		}
	}
}

// groupOfThree reports whether the number token after i continues token i as a
// group of thousands: 45 000.
func groupOfThree(ts *tokens, i int) bool {
	a, b := ts.at(i), ts.at(i+1)
	if b.end-b.start != 3 && !(b.end-b.start > 4 && strings.IndexAny(ts.plain[b.start:b.end], ",.") == 3) || a.end-a.start > 3 || b.start-a.end > 3 || b.start == a.end {
		return false
	}
	for _, c := range ts.plain[a.end:b.start] {
		if c != ' ' && c != '\u00a0' && c != '\u202f' && c != '\u2009' {
			return false
		}
	}
	return true
}

// parseFigure reads a number as people write it: 120,000 or 120.000 or 120'000
// or 17.50. A last group of exactly three digits is thousands.
func parseFigure(s string) (float64, bool) {
	value, digits, groups, last := 0.0, 0, 0, byte(0)
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= '0' && c <= '9' {
			value = value*10 + float64(c-'0')
			digits++
			continue
		}
		if c >= 0x80 { // ’ is three bytes
			i += 2
			c = '\''
		}
		tail := len(s) - i - 1
		digitsInGroup := groupLength(s[i+1:])
		switch {
		case digitsInGroup == 3 && digits <= 3 && (s[0] != '0'):
			digits, groups = 0, groups+1
		case digitsInGroup == 4 && c == ',' && tail == 4 && s[len(s)-1] == '0': // 100,0000: a nought too many
			s = s[:len(s)-1]
			digits, groups = 0, groups+1
		case digitsInGroup == tail && tail <= 2 && (last == 0 || last != c):
			frac, scale := 0.0, 1.0
			for _, d := range s[i+1:] {
				frac, scale = frac*10+float64(d-'0'), scale*10
			}
			return value + frac/scale, value < 1e12
		default:
			return 0, false
		}
		last = c
	}
	return value, value < 1e12
}

// groupLength is how many digits s starts with.
func groupLength(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}
