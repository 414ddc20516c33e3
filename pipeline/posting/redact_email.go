package posting

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// atSign says how plainly something stands for the at sign of an address.
type atSign int

const (
	atNone    atSign = iota
	atSpaced         // "jane @ example.com", "jane at example.com"
	atShout          // "jane AT example.com"
	atSure           // "jane@example.com", "jane -at- example.com"
	atBracket        // "jane [at] example.com"
)

// Bounds of RFC 5321, and how far back the words are read that say an address
// follows.
const (
	maxLocal = 64
	maxCue   = 90
)

// emails appends the addresses in v to found.
func (v *view) emails(found []span) []span {
	done := 0
	for i := 0; i < len(v.flat); i++ {
		if c := v.flat[i]; c != '@' && c|0x20 != 'a' {
			continue
		}
		n := v.atLength(i)
		if n == 0 {
			continue
		}
		start, end, ok := v.email(i, n, done)
		if ok {
			found = append(found, span{start, end, emailMark})
			done, i = end, end-1
		}
	}
	return found
}

// atLength returns the length of a possible at sign at flat[i]: 1 for "@", 2 for
// the word at, 0 for none.
func (v *view) atLength(i int) int {
	f := v.flat
	switch f[i] {
	case '@':
		return 1
	case 'a', 'A':
		if i > 0 && i+2 < len(f) && f[i+1]|0x20 == 't' && !isASCIIWord(f[i-1]) && !isASCIIWord(f[i+2]) {
			return 2
		}
	}
	return 0
}

// email reads the address around the n bytes of at sign at flat[i].
func (v *view) email(i, n, done int) (start, end int, ok bool) {
	sign, left, right := v.sign(i, n)
	if sign == atNone || left <= done {
		return 0, 0, false
	}
	start = v.local(left, done)
	if start == left {
		return 0, 0, false
	}
	local := v.flat[start:left]
	if local == "git" || local == "hg" || local == "svn" {
		return 0, 0, false // an address of a repository
	}
	end, spelled := v.domain(right)
	if end == 0 {
		end = v.bareHost(right)
		even := n == 1 && i-left == right-i-n
		ok := end > 0 && local == strings.ToLower(local) && (sign == atBracket || even && v.announced(start, local))
		return start, end, ok
	}
	if n == 2 && sign == atSure && start > 0 && strings.IndexByte("/#=", v.flat[start-1]) >= 0 {
		return 0, 0, false // "/life-at-example.com"
	}
	if sign != atSure && v.atFollows(end) { // "email me at jane dot doe at example dot com"
		return 0, 0, false
	}
	host := strings.ToLower(v.flat[right:end])
	switch {
	case sign < atSure && spelled && local != "me" && notLocal(strings.ToLower(local)): // "look at page dot one"
		return 0, 0, false
	case sign >= atSure, spelled, freeMail(host):
		return start, end, true
	case sign == atShout && !allUpper(local) && host == v.flat[right:end]:
		return start, end, true
	}
	return start, end, v.announced(start, local) || n == 1 && v.opensSentence(start, local)
}

// bareHost returns the end of the lower-case word at flat[i:], which in "vivek
// [at] example" stands for a whole domain, or 0.
func (v *view) bareHost(i int) int {
	at := i
	for at < len(v.flat) && (v.flat[at] >= 'a' && v.flat[at] <= 'z' || at > i && (isDigit(v.flat[at]) || v.flat[at] == '-')) {
		at++
	}
	if at-i < 3 || at < len(v.flat) && isASCIIWord(v.flat[at]) {
		return 0
	}
	if host := v.flat[i:at]; host == "latest" || host == "localhost" || host == "next" || host == "the" || host == "our" || host == "your" {
		return 0
	}
	return at
}

// atFollows reports whether another at sign stands behind flat[:end].
func (v *view) atFollows(end int) bool {
	at := end
	for at < len(v.flat) && at-end < 5 && strings.IndexByte("[({<_-*| ", v.flat[at]) >= 0 {
		at++
	}
	if at >= len(v.flat) || at == end && v.flat[at] != '@' {
		return false
	}
	n := v.atLength(at)
	if n == 0 {
		return false
	}
	sign, _, right := v.sign(at, n)
	if sign == atNone {
		return false
	}
	host, spelled := v.domain(right)
	return host > 0 && (spelled || sign != atSpaced || v.flat[at] == '@' || freeMail(strings.ToLower(v.flat[right:host])))
}

// opensSentence reports whether "jane @ example.com" starts a sentence or a line.
func (v *view) opensSentence(start int, local string) bool {
	if notLocal(strings.ToLower(local)) || local != strings.ToLower(local) {
		return false
	}
	before := strings.TrimRight(v.flat[max(0, start-4):start], " ")
	return start == 0 || len(before) > 0 && strings.IndexByte(".>\n(:", before[len(before)-1]) >= 0
}

// sign reads the decoration around an at sign: flat[:left] ends with the local
// part and flat[right:] starts with the domain.
func (v *view) sign(i, n int) (sign atSign, left, right int) {
	f := v.flat
	left, right = i, i+n
	before := v.skip(&left, -1)
	after := v.skip(&right, 1)
	switch {
	case before == "" && after == "":
		if n == 1 {
			return atSure, left, right
		}
		return atNone, 0, 0
	case strings.ContainsAny(before, "[({<") && strings.ContainsAny(after, "])}>"):
		return atBracket, left, right
	case strings.Trim(before+after, " ") != "":
		b, a := strings.Trim(before, " "), strings.Trim(after, " ")
		// "jane-at-example.com" is one word; "work-at-home" has no domain behind it
		if n == 2 && b == a && strings.Trim(b, "_-*|'\"") == "" {
			return atSure, left, right
		}
		return atNone, 0, 0
	case n == 2 && f[i] == 'A' && f[i+1] == 'T':
		return atShout, left, right
	case n == 2 && (before == "" || after == ""):
		return atNone, 0, 0
	}
	return atSpaced, left, right
}

// skip moves *at over the blanks and brackets on one side of a sign, at most six
// of them, and returns them.
func (v *view) skip(at *int, step int) string {
	f, from := v.flat, *at
	set := "[({<_-*|'\" "
	if step > 0 {
		set = "])}>_-*|'\" "
	}
	for range 6 {
		k := *at
		if step < 0 {
			k--
		}
		if k < 0 || k >= len(f) || strings.IndexByte(set, f[k]) < 0 {
			break
		}
		*at += step
	}
	if step < 0 {
		return f[*at:from]
	}
	return f[from:*at]
}

func isLocalRune(r rune) bool {
	return r < utf8.RuneSelf && (isASCIIWord(byte(r)) || strings.ContainsRune("._%+'-", r)) ||
		r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// local returns where the local part that ends at flat[end] starts, not before
// done; end itself if there is none. Dots may be spelled ("jane dot doe").
func (v *view) local(end, done int) int {
	start := end
	for start > done && end-start < maxLocal {
		r, n := utf8.DecodeLastRuneInString(v.flat[done:start])
		if !isLocalRune(r) {
			break
		}
		start -= n
	}
	for start < end && strings.IndexByte("'.-%", v.flat[start]) >= 0 {
		start++
	}
	if start == end {
		return end
	}
	if dot := v.spelledDotBefore(start, done); dot > 0 {
		if first := v.local(dot, max(done, dot-maxLocal)); first < dot {
			return first
		}
	}
	return start
}

// spelledDotBefore returns where a spelled dot that ends at flat[end] starts.
func (v *view) spelledDotBefore(end, done int) int {
	from := max(done, end-14)
	k := strings.LastIndexFunc(v.flat[from:end], func(r rune) bool { return r == 'd' || r == 'D' })
	if k < 0 {
		return 0
	}
	k += from
	start := k
	v.skip(&start, -1)
	if start == k || start <= done || v.spelledDot(start) != end {
		return 0
	}
	return start
}

// spelledDot returns the end of a dot written as a word, " dot " or "[dot]",
// that starts at flat[i], or 0.
func (v *view) spelledDot(i int) int {
	at := i
	for range 6 {
		if at < len(v.flat) && strings.IndexByte("[({<_-*|'\" ", v.flat[at]) >= 0 {
			at++
		}
	}
	before := v.flat[i:at]
	if before == "" || at+3 > len(v.flat) {
		return 0
	}
	switch word := strings.ToLower(v.flat[at : at+3]); {
	case word == "dot":
		at += 3
	case v.flat[at] == '.' && strings.Trim(before, " ") != "":
		at++
	default:
		return 0
	}
	if v.skip(&at, 1) == "" {
		return 0
	}
	return at
}

// domain reads a domain name at flat[i:] and returns its end, 0 if there is
// none, and whether one of its dots was spelled.
func (v *view) domain(i int) (end int, spelled bool) {
	at, labels, numeric := i, 0, 0
	for labels < 8 {
		start := at
		for at < len(v.flat) && at-start < 63 {
			r, n := utf8.DecodeRuneInString(v.flat[at:])
			if r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) || r == '-' && v.spelledDot(at) > 0 {
				break
			}
			at += n
		}
		label := strings.TrimRight(v.flat[start:at], "-")
		if label == "" || label[0] == '-' {
			break
		}
		labels++
		if strings.Trim(label, "0123456789") == "" {
			numeric++
		}
		if labels > 1 && topLevel(label) && numeric < max(2, labels-1) {
			end = start + len(label)
		}
		switch dot := v.spelledDot(at); {
		case at+1 < len(v.flat) && v.flat[at] == '.' && v.flat[at+1] != '.':
			at++
		case dot > 0 && labels < 4:
			at, spelled = dot, true
		default:
			return end, spelled && end > 0
		}
	}
	return end, spelled && end > 0
}

// topLevel reports whether label can end a domain. What ends the names of files
// and versions cannot ("logo@2x.png", "next@14.canary").
func topLevel(label string) bool {
	if n := utf8.RuneCountInString(label); n < 2 || n > 24 {
		return false
	}
	switch l := strings.ToLower(label); l {
	case "png", "jpg", "jpeg", "gif", "svg", "webp", "js", "ts", "jsx", "tsx", "css", "json", "html",
		"latest", "canary", "beta", "alpha", "next", "rc", "dot":
		return false
	default:
		return !strings.ContainsFunc(l, func(r rune) bool { return !unicode.IsLetter(r) }) || strings.HasPrefix(l, "xn--")
	}
}

func allUpper(s string) bool { return s == strings.ToUpper(s) }

// announced reports whether the words before an address that is written "jane at
// example.com" say that it is one: "meet us at example.com" is not.
func (v *view) announced(start int, local string) bool {
	if notLocal(strings.ToLower(local)) {
		return false
	}
	before := strings.ToLower(v.flat[max(0, start-maxCue):start])
	trimmed := strings.TrimRight(before, " ")
	if trimmed == "" {
		return false
	}
	if strings.IndexByte("([{<:|;,>", trimmed[len(trimmed)-1]) >= 0 {
		if strings.IndexByte("([{<", trimmed[len(trimmed)-1]) >= 0 && local == strings.ToLower(local) {
			return true // "Jane Doe (jane at example.com)"
		}
		return mentionsMail(before)
	}
	return mentionsMail(before) && (leadsTo(lastWord(trimmed)) || strings.ContainsAny(local, "._+"))
}

func lastWord(s string) string {
	rest := strings.TrimRightFunc(s, func(r rune) bool { return unicode.IsLetter(r) || r == '-' })
	return s[len(rest):]
}

func sortSpans(found []span) {
	slices.SortStableFunc(found, func(a, b span) int { return cmp.Compare(a.start, b.start) })
}
