package posting

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The lengths of a telephone number in digits: the shortest local one, and the
// longest of ITU-T E.164 with an international prefix and a trunk zero.
const (
	minPhone = 7
	maxPhone = 15
)

// digits is a run of digits in a view, at flat[start:end].
type digits struct {
	start, end int
	text       string
	gap        string // what stands between the run before and this one
}

// phones appends the telephone numbers in v to found.
func (v *view) phones(found []span) []span {
	var run []digits
	for i := 0; i < len(v.flat); {
		if !isDigit(v.flat[i]) {
			i++
			continue
		}
		run = v.runs(run[:0], i)
		i = run[len(run)-1].end
		if countDigits(run) < minPhone || len(run) == 2 && isYears(run) {
			continue
		}
		for k := 0; k < len(run); {
			n := v.phone(run[k:], k > 0)
			if n == 0 {
				k++
				continue
			}
			found = append(found, v.phoneSpan(run[k], run[k+n-1]))
			k += n
		}
	}
	return found
}

func countDigits(run []digits) int {
	n := 0
	for _, d := range run {
		n += len(d.text)
	}
	return n
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// runs reads the digits at flat[i:] and those that follow with only what may
// stand inside a number between them, and appends them to run.
func (v *view) runs(run []digits, i int) []digits {
	gap := ""
	for i < len(v.flat) {
		start := i
		for i < len(v.flat) && isDigit(v.flat[i]) {
			i++
		}
		run = append(run, digits{start, i, v.flat[start:i], gap})
		next := i
		for next < len(v.flat) && next-i < 4 && strings.IndexByte(" .-/()", v.flat[next]) >= 0 {
			next++
		}
		if next == i || next == len(v.flat) || !isDigit(v.flat[next]) {
			break
		}
		gap = v.flat[i:next]
		i = next
	}
	return run
}

// phone returns how many of the runs make up a telephone number, 0 for none.
// inner says that other digits stand before run[0] in the same run.
func (v *view) phone(run []digits, inner bool) int {
	start := run[0].start
	before := v.flat[max(0, start-40):start]
	plus := plusBefore(before)
	called := v.calledPhone(start)
	if !plus && !startsToken(before, inner) && !(called && (strings.HasSuffix(before, "wa.me/") || strings.HasSuffix(before, "phone="))) {
		return 0
	}
	n := 0
	switch {
	case plus:
		n = international(run)
	case called:
		n = anyPhone(run)
	}
	if n == 0 && !plus && !moneyOrID(before) {
		n = national(run, inner)
	}
	if n == 0 || !v.endsToken(run[n-1].end) {
		return 0
	}
	return n
}

// plusBefore reports whether before ends with the plus of an international
// number, which "C++11" and "3+2" do not.
func plusBefore(before string) bool {
	b := strings.TrimRight(before, "( ")
	if !strings.HasSuffix(b, "+") || len(before)-len(b) > 1 {
		return false
	}
	b = b[:len(b)-1]
	r, _ := utf8.DecodeLastRuneInString(b)
	return b == "" || !(unicode.IsLetter(r) || unicode.IsDigit(r) || r == '+' || r == '#')
}

// startsToken reports whether a number can start after before: not inside a
// word, an id, a path or a query.
func startsToken(before string, inner bool) bool {
	r, _ := utf8.DecodeLastRuneInString(before)
	switch {
	case len(before) == 0:
		return true
	case unicode.IsLetter(r), unicode.IsDigit(r):
		return false
	case inner:
		return r == ' ' || r == '('
	}
	return !strings.ContainsRune("-./_=#%&?+,@\\~$€£¥₹", r) || r == '.' && len(before) > 1 && unicode.IsLetter(rune(before[len(before)-2]))
}

// endsToken reports whether a number can end at flat[i].
func (v *view) endsToken(i int) bool {
	after := v.flat[i:min(len(v.flat), i+5)]
	r, _ := utf8.DecodeRuneInString(after)
	switch {
	case after == "":
		return true
	case unicode.IsLetter(r):
		return strings.HasPrefix(after, "x") && len(after) > 1 && isDigit(after[1])
	case strings.ContainsRune("%_€$£=@", r):
		return false
	case r == ',' || r == '.' || r == ':' || r == '-' || r == '/':
		return len(after) < 2 || !isDigit(after[1])
	case r == ' ':
		word := strings.ToUpper(strings.TrimLeft(after, " "))
		for _, unit := range [...]string{"€", "EUR", "USD", "CHF", "GBP", "INR", "PLN", "$", "£"} {
			if strings.HasPrefix(word, unit) {
				return false
			}
		}
	}
	return true
}

// calledPhone reports whether the words right before flat[start] say that a
// telephone number follows.
func (v *view) calledPhone(start int) bool {
	before := strings.ToLower(v.flat[max(0, start-48):start])
	if strings.HasSuffix(before, "wa.me/") || strings.HasSuffix(before, `tel:[phone]">`) || strings.HasSuffix(before, `tel:[phone]'>`) {
		return true
	}
	before = strings.TrimRight(before, " .:-(#=\"'>\t\n+")
	for range 3 {
		rest, word := cutLastWord(before)
		if isPhoneWord(word) {
			return true
		}
		switch word {
		case "no", "nr", "number", "us", "me", "at", "on", "or", "is", "to", "number:", "office", "direct", "line":
			before = strings.TrimRight(rest, " .:-(#=\"'>\t\n")
		default:
			return false
		}
	}
	return false
}

func cutLastWord(s string) (rest, word string) {
	rest = strings.TrimRightFunc(s, func(r rune) bool { return unicode.IsLetter(r) || r > 0x2600 })
	return rest, s[len(rest):]
}

func isPhoneWord(word string) bool {
	switch word {
	case "phone", "telephone", "tel", "tél", "téléphone", "telefon", "telefono", "teléfono", "telefone", "fon", "fone", "ph",
		"call", "calling", "mobile", "mobil", "mob", "cell", "cellphone", "handy", "fax", "whatsapp", "sms", "text",
		"portable", "móvil", "ring", "dial", "☎", "☎️", "📞", "📱":
		return true
	}
	return false
}

// moneyOrID reports whether the word before a number says that it is an amount
// or an id.
func moneyOrID(before string) bool {
	s := strings.TrimRight(before, " .:-#(=\"'/")
	if strings.ContainsAny(before[len(s):], "#=") {
		return true
	}
	if r, _ := utf8.DecodeLastRuneInString(s); strings.ContainsRune("$€£¥₹", r) {
		return true
	}
	_, word := cutLastWord(s)
	switch strings.ToLower(word) {
	case "id", "ref", "reference", "req", "requisition", "job", "posting", "nr", "no", "number", "code", "kennziffer", "iban",
		"vat", "hrb", "siren", "siret", "ein", "isbn", "issn", "ssn", "usd", "eur", "gbp", "chf", "inr", "rs", "pln", "iso",
		"rfc", "cve", "nist", "version", "account", "license", "licence", "ticket", "case", "order":
		return true
	}
	return false
}

// phoneSpan widens the number from first to last by its plus, its brackets and
// its extension ("x123", "ext. 45").
func (v *view) phoneSpan(first, last digits) span {
	start, end := first.start, last.end
	closed := strings.IndexByte(v.flat[start:end], ')') >= 0
	for start > 0 && first.start-start < 2 && (v.flat[start-1] == '+' || v.flat[start-1] == '(' && closed) {
		start--
	}
	at := end
	for at < len(v.flat) && at-end < 6 && strings.IndexByte(" ,.xXeEtTnN", v.flat[at]) >= 0 {
		at++
	}
	word := strings.ToLower(strings.Trim(v.flat[end:at], " ,."))
	if word == "x" || word == "ext" || word == "extn" {
		for at < len(v.flat) && isDigit(v.flat[at]) {
			at++
			end = at
		}
	}
	return span{start, end, phoneMark}
}
