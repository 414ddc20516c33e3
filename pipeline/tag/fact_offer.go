package tag

// offer is money in a text that may be pay.
type offer struct {
	sum
	period     string
	stated     bool // the period is written, not guessed from the size
	ote        bool
	score      float64
	months     int  // how many monthly salaries a year has, if the text says so
	net        bool // after tax
	structured bool // stated beside the text
	doubtful   bool // not believable, but called pay
}

// The least score at which money is taken for pay, and by how much an earlier
// offer may be less certain than the most certain one.
const (
	payThreshold = 4
	paySlack     = 3
)

// offerAt judges the money at number i.
func (f *facts) offerAt(ts *tokens, i int, head headLine, home, language string) (o offer, ok bool) {
	s, ok := f.lexicon.sumAt(ts, i)
	if !ok {
		return o, false
	}
	if s.code == "" && !s.scaled && s.high < 10000 && !ts.near(s.first, 10, 0, classPay) { // most numbers
		return o, false
	}
	o = offer{sum: s}
	o.period, o.stated = f.period(ts, s)
	if s.code == "" && !s.scaled && !o.stated && (!s.ranged || s.high < 10000) {
		return o, false
	}
	if s.low >= 1900 && s.high <= 2100 && s.code == "" { // years
		return o, false
	}
	if o.code == "" || o.bare && f.lexicon.ownSign(o.code, home, language) { // $ in Canada is its own
		o.code = home
	}
	c := f.lexicon.byCode[o.code]
	if c == nil {
		return o, false
	}
	if o.period == "" {
		o.period = f.sizedPeriod(o.sum)
	}
	pay := Salary{Min: o.low, Max: o.high, Period: o.period}
	f.lexicon.annualise(&pay, 0)
	o.doubtful = pay.AnnualMax < c.Low/2 || pay.AnnualMin > c.High || pay.AnnualMax > 2*c.High
	if o.period == "" || o.doubtful && !(o.stated && s.code != "" && ts.near(s.first, 3, 0, classPayStrong) && !ts.near(s.last, 0, 5, classOtherMoney|classPerk)) {
		return o, false
	}
	if i <= head.last && !head.title { // | ONSITE | $120k |
		o.score += 2
	}
	o.weigh(ts, s.code != "", pay.AnnualMin >= c.Low)
	o.terms(ts)
	return o, true
}

// terms reads what else is said of the money: that it is net, and that a year has
// 13 or 14 salaries: "4.500 € x 14", "en 14 pagas", "13. Monatsgehalt".
func (o *offer) terms(ts *tokens) {
	o.net = ts.nearWord(o.last, 0, 4, "net", "nett", "netto", "neto", "netos", "nets", "líquido") || ts.nearWord(o.first, 3, 0, "net", "netto", "neto")
	ts.window(o.last, 0, 14, func(j int) bool {
		if t := ts.at(j); t.kind == tokenNumber && (ts.text(j) == "13" || ts.text(j) == "14") && monthsWord(ts, j) {
			o.months = 13
			if ts.text(j) == "14" {
				o.months = 14
			}
		}
		return o.months == 0
	})
}

// monthsWord reports whether number j counts the salaries of a year.
func monthsWord(ts *tokens, j int) bool {
	if ts.is(j-1, "x") || ts.is(j+1, "x", "mal") || ts.isSign(j-1, "×") || ts.isSign(j+1, "×") {
		return true
	}
	next := j + 1
	for ts.isSign(next, ".-ºª") || ts.is(next, "th", "e", "º", "monthly") {
		next++
	}
	if ts.is(next, "mois", "meses", "month", "months", "monat", "maand") { // not a contract of 14 months
		return next > j+1 || ts.is(j-1, "sur", "en")
	}
	return ts.is(next, "salary", "salaries", "gehalt", "gehälter", "gehältern", "monatsgehalt", "monatsgehälter", "monatsgehältern", "mensualités", "mensilità", "pagas", "vencimentos")
}

// weigh scores how surely o is pay, by the words around it.
func (o *offer) weigh(ts *tokens, written, believable bool) {
	if o.ranged {
		o.score += 2
	}
	if written {
		o.score++
	}
	if o.scaled || o.low >= 10000 {
		o.score++
	}
	switch {
	case o.stated && (o.period == "year" || o.period == "hour"):
		o.score += 2
	case o.stated:
		o.score += 1.5
	}
	words := o.payWords(ts)
	o.score += words
	if !written && words < 2 && (!o.scaled || o.stated) { // 2-5 years as an HR generalist
		o.score -= 3
	}
	if !believable && !o.ranged && words < 2 {
		o.score -= 2
	}
	strong := ts.near(o.first, 10, 0, classPayStrong) || ts.near(o.last, 0, 3, classPayStrong)
	if o.strangers(ts) && !(strong && o.ranged && believable) {
		o.score -= 4
	}
	if o.low >= 1e6 && believable && o.scaled && !ts.near(o.first, 6, 0, classPayStrong) { // millions are rarely pay
		o.score -= 4
	}
	if o.perk(ts) && !(believable && o.stated && o.stipend(ts)) {
		o.score -= 5
	}
	if o.target(ts) {
		o.ote = true
		o.score++
	}
}

// target reports whether o is what is earned on reaching a target, not base pay.
func (o *offer) target(ts *tokens) bool {
	switch {
	case ts.near(o.last, 0, 3, classOTE), ts.nearWord(o.last, 0, 4, "target") && ts.nearWord(o.last, 0, 5, "earnings", "earning"):
		return true
	case ts.near(o.first, 2, 0, classBase):
		return false
	}
	return ts.near(o.first, 4, 0, classOTE) || ts.nearWord(o.first, 7, 0, "target") && ts.nearWord(o.first, 6, 0, "earnings", "earning")
}

// strangers reports whether words for other money are next to o: funding,
// revenue, deals, budgets.
func (o *offer) strangers(ts *tokens) bool {
	return ts.near(o.first, 5, 0, classOtherMoney) || ts.near(o.last, 0, 5, classOtherMoney) && !ts.isSign(o.last, "+")
}

// perk reports whether o is a bonus, an allowance or another thing beside pay:
// whether a word for one is nearer than any word for pay.
func (o *offer) perk(ts *tokens) bool {
	for j := o.first - 1; j >= o.first-6 && ts.at(j).kind != tokenBreak && ts.at(j).kind != tokenNumber; j-- {
		switch {
		case ts.has(j, classPerk):
			return true
		case ts.has(j, classPayStrong), ts.isSign(j, "+;|."):
			return o.perkAfter(ts)
		}
	}
	return o.perkAfter(ts)
}

func (o *offer) perkAfter(ts *tokens) bool {
	if ts.isSign(o.last, "+") {
		return false
	}
	for j := o.last + 1; j <= o.last+4 && ts.at(j).kind != tokenBreak && ts.at(j).kind != tokenNumber; j++ {
		switch {
		case ts.has(j, classPerk):
			return true
		case ts.has(j, classPayStrong), ts.isSign(j, "+,;|.(/&"), ts.is(j, "plus", "and", "with", "und", "et", "or"):
			return false
		}
	}
	return false
}

// stipend reports whether o is called a stipend, which is the pay of interns and
// residents.
func (o *offer) stipend(ts *tokens) bool {
	return ts.nearWord(o.first, 6, 0, "stipend") || ts.nearWord(o.last, 0, 4, "stipend")
}

// payWords scores the words for pay before and after o, on its line or in the
// short line above it.
func (o *offer) payWords(ts *tokens) float64 {
	switch {
	case ts.near(o.first, 10, 0, classPayStrong):
		return 3
	case ts.near(o.last, 0, 4, classPayStrong):
		return 2.5
	}
	best := 0.0
	if ts.near(o.first, 14, 0, classPay) || ts.near(o.last, 0, 5, classPay|classEquity) {
		best = 1.5
	}
	start := ts.lineStart(o.first, 15)
	if o.first-start > 14 {
		return best
	}
	for back := 0; back < 2; back++ {
		end := start - 1
		if end <= 0 {
			return best
		}
		start = ts.lineStart(end-1, 30)
		if end-start > 8 && !ts.isSign(end-1, ":") {
			return best
		}
		for j := start; j < end; j++ {
			if ts.has(j, classPayStrong) {
				return 2.5
			}
			if ts.is(j, "offer", "offers", "benefits", "perks", "bieten", "offrons") {
				return max(best, 1)
			}
		}
	}
	return best
}
