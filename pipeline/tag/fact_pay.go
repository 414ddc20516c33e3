package tag

import (
	"fmt"
	"strings"

	"jobcity/pipeline/posting"
)

// annualise sets the annual figures of s and names the rule: of factwords.yaml, or
// as many months as the text says are paid, if it says so.
func (l *lexicon) annualise(s *Salary, months int) {
	p := l.periods[s.Period]
	times, rule := p.Times, p.Rule
	if months > 0 && s.Period == "month" {
		times, rule = float64(months), fmt.Sprintf("%d months a year", months)
	}
	s.AnnualMin, s.AnnualMax, s.AnnualRule = s.Min*times, s.Max*times, rule
}

// readPay finds pay: what the source states beside the text, else the text.
func (f *facts) readPay(d *document, ts *tokens, head headLine, home string, out *Tags) {
	if s := d.posting.Salary; s != nil {
		if pay := f.statedPay(s, home, out); pay != nil {
			out.Salary = pay
			return
		}
	}
	var offers [16]offer
	n, surest := 0, 0.0
	for c := 0; c < len(ts.cues) && n < len(offers); c++ {
		i := int(ts.cues[c])
		if ts.all[i].kind != tokenNumber || n > 0 && i <= offers[n-1].last {
			continue
		}
		if o, ok := f.offerAt(ts, i, head, home, out.Language); ok {
			offers[n] = o
			n++
			surest = max(surest, o.score)
		}
	}
	var best offer // the first that is sure enough; base pay before a target
	found := false
	for _, o := range offers[:n] {
		if o.score >= payThreshold && o.score >= surest-paySlack && (!found || best.doubtful && !o.doubtful || best.ote && !o.ote && best.doubtful == o.doubtful) {
			best, found = o, true
		}
	}
	if !found {
		return
	}
	out.Salary = f.settlePay(best, out)
	if out.Salary == nil {
		return
	}
	rule := "pay.figure"
	if best.ranged {
		rule = "pay.range"
	}
	if best.ote {
		rule = "pay.ote"
	}
	f.prove(d, ts, out, "salary", rule, best.first, best.last)
}

// statedPay is the pay that the source states, or nil where it is unreadable.
func (f *facts) statedPay(s *posting.Salary, home string, out *Tags) *Salary {
	if s.Min <= 0 && s.Max <= 0 {
		if s.Text == "" {
			return nil
		}
		ts := f.scratch()
		defer f.release(ts)
		f.lexicon.cut(ts, s.Text)
		for _, c := range ts.cues {
			if ts.all[c].kind != tokenNumber {
				continue
			}
			sum, ok := f.lexicon.sumAt(ts, int(c))
			if !ok {
				continue
			}
			if sum.code == "" || sum.bare && f.lexicon.ownSign(sum.code, home, out.Language) {
				sum.code = home
			}
			o := offer{sum: sum}
			o.period, o.stated = f.period(ts, sum)
			o.terms(ts)
			if pay := f.settlePay(o, out); pay != nil {
				pay.Structured = true
				if estimated(s.Text) {
					pay.Flag = "an estimate, not stated"
				}
				out.Evidence = append(out.Evidence, Evidence{Tag: "salary", Rule: "pay.stated", Text: s.Text, End: len(s.Text), Section: "salary"})
				return pay
			}
		}
		return nil
	}
	o := offer{structured: true, sum: sum{low: s.Min, high: s.Max, code: strings.ToUpper(s.Currency)}, period: s.Period, stated: s.Period != ""}
	if o.low <= 0 || o.high <= 0 {
		o.low, o.high = max(o.low, o.high), max(o.low, o.high)
	}
	if o.low > o.high {
		o.low, o.high = o.high, o.low
	}
	if o.code == "" {
		o.code = home
	}
	if !o.stated {
		o.period = f.sizedPeriod(o.sum)
	}
	pay := f.settlePay(o, out)
	if pay != nil {
		pay.Structured = true
		text := fmt.Sprintf("%g-%g %s %s", pay.Min, pay.Max, pay.Currency, pay.Period)
		out.Evidence = append(out.Evidence, Evidence{Tag: "salary", Rule: "pay.stated", Text: text, Section: "salary"})
	}
	return pay
}

// estimated reports whether the words of a source call pay the source's own
// estimate: "$53K-$91K (Glassdoor est.)", but not "(Employer est.)".
func estimated(text string) bool {
	text = strings.ToLower(text)
	return (strings.Contains(text, "est.") || strings.Contains(text, "estimate")) && !strings.Contains(text, "employer")
}

// settlePay makes o the posting's pay, or nil with a note if it cannot be.
func (f *facts) settlePay(o offer, out *Tags) *Salary {
	if o.period == "" {
		o.period = f.sizedPeriod(o.sum)
	}
	c := f.lexicon.byCode[o.code]
	switch {
	case o.code == "":
		out.Notes = append(out.Notes, fmt.Sprintf("pay refused: %g-%g without a currency", o.low, o.high))
		return nil
	case o.period == "" && o.structured && c != nil: // too little for a year, as it seems
		o.period = "year"
	case o.period == "" || o.high > 1e11:
		out.Notes = append(out.Notes, fmt.Sprintf("pay refused: %g-%g %s is not believable", o.low, o.high, o.code))
		return nil
	}
	s := &Salary{Min: o.low, Max: o.high, Currency: o.code, Period: o.period}
	f.lexicon.annualise(s, o.months)
	if o.net {
		s.AnnualRule += ", net"
	}
	s.Flag = f.lexicon.flag(s)
	return s
}

// sizedPeriod guesses the period of a sum that does not state one: a figure of
// at least the currency's least believable yearly pay is yearly; a range that is so
// as twelve months is monthly. Nothing smaller is guessed.
func (f *facts) sizedPeriod(s sum) string {
	c := f.lexicon.byCode[s.code]
	if c == nil {
		return ""
	}
	switch {
	case s.high >= c.Low:
		return "year"
	case s.ranged && s.high*f.lexicon.periods["month"].Times >= c.Low:
		return "month"
	}
	return ""
}

// period reads the period that is written with s.
func (f *facts) period(ts *tokens, s sum) (period string, stated bool) {
	for j := s.last + 1; j <= s.last+8; j++ {
		t := ts.at(j)
		if t.kind == tokenBreak || t.kind == tokenNumber {
			break
		}
		if t.kind == tokenSign && strings.ContainsRune(";|•", t.sign) {
			break
		}
		if p := periodOf(t.class); p != "" && t.kind == tokenWord {
			if adverbOfTime(ts, j) && !ts.has(j+1, classOtherMoney) || ts.isSign(j-1, "/") || ts.is(j-1, "per", "a", "an", "pro", "par", "al", "por", "im", "each", "p", "all", "à", "the", "na", "za", "ao", "l", "per", "every", "/") {
				return p, true
			}
		}
		if ts.is(j, "p") && ts.isSign(j+1, ".") && ts.is(j+2, "a") || ts.is(j, "pa") && ts.joined(j-1) || ts.is(j, "pa", "lpa") {
			return "year", true
		}
	}
	if ts.is(s.last, "lpa") {
		return "year", true
	}
	for j := s.first - 1; j >= s.first-9; j-- {
		t := ts.at(j)
		if t.kind == tokenBreak || t.kind == tokenNumber {
			break
		}
		if p := periodOf(t.class); p != "" && (adverbOfTime(ts, j) || ts.is(j+1, "rate", "pay", "salary", "wage", "brut") || ts.is(j-1, "per")) {
			return p, true
		}
	}
	return "", false
}

// periodOf is the period that a class of words names.
func periodOf(c class) string {
	switch {
	case c&classYear != 0:
		return "year"
	case c&classMonth != 0:
		return "month"
	case c&classWeek != 0:
		return "week"
	case c&classDay != 0:
		return "day"
	case c&classHour != 0:
		return "hour"
	}
	return ""
}

// adverbOfTime reports whether token j alone says how often pay is paid, as
// "yearly" does and "year" does not.
func adverbOfTime(ts *tokens, j int) bool {
	s := ts.text(j)
	return strings.HasSuffix(s, "ly") || ts.is(j, "annual", "annualized", "annum", "annuel", "annuels", "annuelle", "anual", "anuales",
		"annui", "annuo", "annua", "jährlich", "monatlich", "stündlich", "wöchentlich", "rocznie", "miesięcznie", "miesiecznie", "mies", "mc",
		"mensuel", "mensuels", "mensual", "mensuales", "mensile", "mensili", "mensal", "mensais", "jahresgehalt", "monatsgehalt",
		"jahresbrutto", "tagessatz", "tjm", "stundenlohn", "lpa", "maandelijks", "ral", "ph", "YEARLY")
}
