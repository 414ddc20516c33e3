package jobposting

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/currency"

	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/posting"
)

// span is an amount of pay or a range of it; 0 is not stated.
type span struct {
	low, high        float64
	currency, period string // as stated in the same text
}

// salary is the first baseSalary that holds an amount, or else what it says in
// words. estimatedSalary is left alone: it is not the employer's.
func (r *reader) salary() *posting.Salary {
	var words *posting.Salary
	for _, v := range r.Get("baseSalary") {
		s := r.pay(v)
		switch {
		case s == nil:
		case s.Min > 0 || s.Max > 0:
			return s
		case words == nil && s.Text != "":
			words = s
		}
	}
	return words
}

// pay reads a MonetaryAmount, a PriceSpecification, a number or a text.
func (r *reader) pay(v *Node) *posting.Salary {
	holders := []*Node{v}
	for _, inner := range v.Get("value") {
		if len(inner.Props) > 0 {
			holders = append(holders, inner)
		}
	}
	s := &posting.Salary{}
	var all span
	var stated []string // in words, to be kept where it is not understood
	unclear := false
	for _, h := range holders {
		if code := h.first("currency", "priceCurrency", "salaryCurrency"); code != "" && all.currency == "" {
			all.currency = code
		}
		if unit := h.first("unitText", "unitCode"); unit != "" && s.Period == "" {
			if s.Period = period(unit); s.Period == "" {
				r.problem("baseSalary", "unitText is not known", unit)
				stated = append(stated, unit)
			}
		}
	}
	for _, h := range holders {
		for _, a := range amounts(h) {
			part, ok := readPay(a.node.Text, a.node.Number)
			if ok && !a.node.Number && (s.Period == "hour" || part.period == "hour") && part.low >= 1000 && loneGroup.MatchString(a.node.Text) {
				ok = false // "15.000" an hour
			}
			if !ok {
				unclear = true
				stated = append(stated, plain(a.node.Text))
				continue
			}
			all.take(a.bound, part)
		}
	}
	if s.Period == "" {
		s.Period = period(all.period)
	}
	s.Min, s.Max = all.low, all.high
	if s.Max > 0 && s.Min > s.Max {
		r.problem("baseSalary", "minimum is over the maximum: they were exchanged", strconv.FormatFloat(s.Min, 'f', -1, 64)+" > "+strconv.FormatFloat(s.Max, 'f', -1, 64))
		s.Min, s.Max = s.Max, s.Min
	}
	r.currency(s, all.currency, &stated)
	if unclear && s.Min == 0 && s.Max == 0 {
		r.problem("baseSalary", "no amount could be read", strings.Join(stated, " "))
	}
	s.Text = strings.Join(source.Places(stated...), " ")
	if s.Min == 0 && s.Max == 0 {
		if s.Text == "" || !unclear {
			return nil
		}
	}
	return s
}

// currency sets the code of what is stated, or keeps that in words.
func (r *reader) currency(s *posting.Salary, stated string, words *[]string) {
	if stated == "" {
		stated = r.first("salaryCurrency")
	}
	if stated == "" {
		return
	}
	code, known := currencyCode(stated, r.countries())
	if !known {
		r.problem("baseSalary", "currency is not known or could be several", stated)
		*words = append(*words, stated)
		return
	}
	s.Currency = code
}

// countries is every country the posting names, as it names it.
func (r *reader) countries() []string {
	var out []string
	var walk func(n *Node, depth int)
	walk = func(n *Node, depth int) {
		if c := n.first("addressCountry"); c != "" {
			out = append(out, c)
		}
		for _, v := range n.Get("address") {
			if depth < 3 {
				walk(v, depth+1)
			}
		}
	}
	for _, v := range r.Get("jobLocation") {
		walk(v, 0)
	}
	return out
}

type amount struct {
	node  *Node
	bound byte // '<' least, '>' most, '=' both
}

// amounts are the numbers that h itself states.
func amounts(h *Node) []amount {
	if len(h.Props) == 0 {
		return []amount{{h, '='}}
	}
	var out []amount
	for _, p := range h.Props {
		bound := byte(0)
		switch p.Name {
		case "minValue", "minPrice":
			bound = '<'
		case "maxValue", "maxPrice":
			bound = '>'
		case "value", "price", "@value":
			bound = '='
		}
		for _, v := range p.Values {
			if bound != 0 && len(v.Props) == 0 && strings.TrimSpace(v.Text) != "" {
				out = append(out, amount{v, bound})
			}
		}
	}
	return out
}

// take widens a by what one property states.
func (a *span) take(bound byte, part span) {
	switch bound {
	case '<':
		part.high = 0
		if part.low == 0 {
			return
		}
	case '>':
		if part.low > part.high {
			part.high = part.low
		}
		part.low = 0
	case '=':
		if a.low > 0 || a.high > 0 { // a range is stated beside it
			return
		}
	}
	if part.low > 0 {
		a.low = part.low
	}
	if part.high > 0 {
		a.high = part.high
	}
	if a.currency == "" {
		a.currency = part.currency
	}
	if a.period == "" {
		a.period = part.period
	}
}

var (
	amountText = regexp.MustCompile(`(?i)\d{1,2}(?:,\d{2})+,\d{3}|\d{1,3}(?:[ .,'’]\d{3})+(?:[.,]\d{1,2})?(?: ?k\b)?|\d+(?:[.,]\d+)?(?: ?k\b)?`)
	loneGroup  = regexp.MustCompile(`^\D*\d{1,3}[.,]\d{3}\D*$`)
	decimals   = regexp.MustCompile(`[.,]\d{1,2}$`)
)

// readPay reads an amount or a range: "50.000 - 60.000 €", "from 45k EUR per year".
// It refuses a text with a word that is not plainly about one of these.
func readPay(s string, isNumber bool) (span, bool) {
	if isNumber {
		v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
		return span{low: v, high: v}, err == nil && v >= 0 && !math.IsInf(v, 0)
	}
	s = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2009", " ", "–", "-", "—", "-", "−", "-", ",-", " ", ",–", " ").Replace(plain(s))
	found := amountText.FindAllStringIndex(s, 3)
	if len(found) == 0 || len(found) > 2 || strings.HasPrefix(s, "-") {
		return span{}, false
	}
	var out span
	var values []float64
	from, to, last := false, false, 0
	for i, at := range append(found, []int{len(s), len(s)}) {
		gap, ok := out.words(s[last:at[0]])
		if !ok || i == 1 && len(found) == 2 && !gap.joins {
			return span{}, false
		}
		from, to = from || gap.from, to || gap.to
		if last = at[1]; i < len(found) {
			values = append(values, plainNumber(s[at[0]:at[1]]))
		}
	}
	if len(values) == 2 {
		if values[0] < 1000 && values[1] >= 1000 && strings.HasSuffix(strings.ToLower(s[found[1][0]:found[1][1]]), "k") {
			values[0] *= 1000 // "50-60k"
			if strings.HasSuffix(strings.ToLower(s[found[0][0]:found[0][1]]), "k") {
				values[0] /= 1000
			}
		}
		out.low, out.high = values[0], values[1]
		return out, true
	}
	if !to || from {
		out.low = values[0]
	}
	if !from || to {
		out.high = values[0]
	}
	return out, true
}

// between is what the words between two amounts mean.
type between struct{ from, to, joins bool }

// words reads the words around an amount; ok is false if one is not known.
func (a *span) words(s string) (b between, ok bool) {
	for word := range strings.FieldsSeq(strings.NewReplacer("/", " per ", "-", " - ", "+", " + ", "(", " ", ")", " ", ":", " ", "*", " ").Replace(s)) {
		word = strings.ToLower(strings.Trim(word, ".,;"))
		switch word {
		case "", "per", "pro", "par", "por", "al", "a", "an", "im", "en", "ca", "circa", "approx", "gross", "brutto", "bruto", "brut", "lordi", "salary", "gehalt", "of":
			if word == "a" {
				b.joins = true // "de 30.000 a 40.000"
			}
		case "from", "ab", "von", "starting", "min", "at", "least", "mindestens", "desde", "à", "between", "zwischen", "entre":
			if word == "à" {
				b.joins = true
			} else if word != "between" && word != "zwischen" && word != "entre" && word != "at" && word != "von" {
				b.from = true
			}
		case "+":
			b.from = true
		case "up", "max", "maximal", "hasta", "jusqu'à":
			b.to = true
		case "to", "bis", "and", "und", "et", "y", "-", "zu", "until":
			b.joins = true
			b.to = b.to || word == "bis"
		default:
			if p := period(word); p != "" {
				a.period = p
			} else if _, known := currencyCode(word, nil); known || dollars(word) {
				a.currency = word
			} else {
				return b, false
			}
		}
	}
	return b, true
}

// plainNumber reads the digits of one amount, whatever its separators.
func plainNumber(s string) float64 {
	s = strings.ToLower(s)
	digits, thousand := strings.CutSuffix(s, "k")
	digits = strings.TrimSpace(digits)
	whole, fraction := digits, ""
	if at := decimals.FindStringIndex(digits); at != nil {
		whole, fraction = digits[:at[0]], digits[at[0]+1:]
	} else if at := strings.LastIndexAny(digits, ".,"); at > 3 && strings.IndexAny(digits, ".,") == at { // "55000.000"
		whole, fraction = digits[:at], digits[at+1:]
	}
	whole = strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, whole)
	v, err := strconv.ParseFloat(whole+"."+fraction+"0", 64)
	if err != nil {
		return 0
	}
	if thousand {
		v *= 1000
	}
	return v
}

func dollars(s string) bool {
	return s == "$" || s == "¥" || s == "kr" || s == "dollar" || s == "dollars"
}

// currencies are the signs and words that mean one currency everywhere.
var currencies = map[string]string{
	"€": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "pound": "GBP", "pounds": "GBP", "us$": "USD", "$us": "USD", "usd$": "USD", "c$": "CAD", "ca$": "CAD", "cad$": "CAD",
	"a$": "AUD", "au$": "AUD", "nz$": "NZD", "s$": "SGD", "hk$": "HKD", "r$": "BRL", "mx$": "MXN", "₹": "INR", "rs": "INR", "inr": "INR", "₽": "RUB", "₺": "TRY", "₪": "ILS",
	"₩": "KRW", "₫": "VND", "₱": "PHP", "₦": "NGN", "₴": "UAH", "₸": "KZT", "฿": "THB", "zł": "PLN", "zl": "PLN", "kč": "CZK", "ft": "HUF", "lei": "RON", "sfr": "CHF", "fr": "CHF",
	"us dollar": "USD", "us dollars": "USD", "british pound": "GBP", "swiss franc": "CHF",
}

// dollarCountries say which dollar "$" is, by the country of the place of work.
var dollarCountries = map[string]string{
	"us": "USD", "usa": "USD", "united states": "USD", "united states of america": "USD", "ca": "CAD", "can": "CAD", "canada": "CAD",
	"au": "AUD", "aus": "AUD", "australia": "AUD", "nz": "NZD", "new zealand": "NZD", "sg": "SGD", "singapore": "SGD", "hk": "HKD", "mx": "MXN", "mexico": "MXN",
}

// currencyCode is the ISO 4217 code that s stands for. "$" is one only where all
// the countries share it.
func currencyCode(s string, countries []string) (code string, known bool) {
	s = strings.ToLower(strings.Trim(strings.TrimSpace(s), ".,;"))
	if code, ok := currencies[s]; ok {
		return code, true
	}
	if len(s) == 3 {
		unit, err := currency.ParseISO(strings.ToUpper(s))
		return unit.String(), err == nil
	}
	if s != "$" {
		return "", false
	}
	for _, c := range countries {
		of := dollarCountries[strings.ToLower(c)]
		if of == "" || code != "" && of != code {
			return "", false
		}
		code = of
	}
	return code, code != ""
}

// periods are units of time beside those that [source.Period] knows: codes of
// UN/CEFACT Recommendation 20, ISO 8601 durations and words.
var periods = map[string]string{
	"ann": "year", "yr": "year", "p1y": "year", "pa": "year", "p.a": "year", "jahr": "year", "jährlich": "year", "année": "year", "annuel": "year", "año": "year", "anno": "year", "jaar": "year", "ano": "year",
	"mon": "month", "mo": "month", "p1m": "month", "monat": "month", "monatlich": "month", "mois": "month", "mes": "month", "mese": "month", "maand": "month", "mês": "month",
	"wee": "week", "wk": "week", "p1w": "week", "woche": "week", "semaine": "week", "semana": "week",
	"p1d": "day", "tag": "day", "jour": "day", "día": "day", "dia": "day", "giorno": "day", "dag": "day",
	"hur": "hour", "hr": "hour", "h": "hour", "pt1h": "hour", "stunde": "hour", "std": "hour", "heure": "hour", "hora": "hour", "ora": "hour", "uur": "hour",
}

// period is the unit of time that s names, "" if it names none.
func period(s string) string {
	s = strings.ToLower(strings.Trim(strings.TrimSpace(s), ".,;"))
	for word := range strings.FieldsSeq(strings.NewReplacer("/", " ", "_", " ").Replace(LocalName(s))) {
		if p := periods[word]; p != "" {
			return p
		}
		if p := source.Period(word); p != "" {
			return p
		}
	}
	return ""
}
