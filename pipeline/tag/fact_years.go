package tag

// tenure is a number of years that a posting asks for.
type tenure struct {
	low, high   float64 // high is 0 where none is stated
	least       float64 // low, or less where an alternative asks less
	first, last int     // tokens, both inclusive
	nice        bool    // only wished for
	score       int
}

// maxTenure is the greatest number of years anybody asks for.
const maxTenure = 25

// readYears finds the least number of years of experience asked, and returns
// the statement that the seniority may rest on.
func (f *facts) readYears(d *document, ts *tokens, out *Tags) (asked tenure, ok bool) {
	line := 0
	for _, c := range ts.cues {
		i := int(c)
		if ts.all[i].kind != tokenNumber && ts.all[i].class&classNumber == 0 || i <= asked.last && ok {
			continue
		}
		t, found := f.tenureAt(ts, i)
		if !found {
			continue
		}
		for line+1 < len(d.lines) && d.lines[line+1].start <= int(ts.all[i].start) {
			line++
		}
		s := d.lines[line].section
		t.score += sectionScore(s)
		t.nice = s == sectionNice || ts.nearWord(t.last, 0, 12, "preferred", "plus", "bonus", "ideally", "desired")
		if t.score < 3 {
			continue
		}
		switch {
		case !ok || t.score > asked.score+2 || asked.nice && !t.nice:
			asked, ok = t, true
		case alternative(ts, asked, t) && t.low < asked.least:
			asked.least = t.low
		}
	}
	if !ok {
		return asked, false
	}
	years := int(asked.least)
	out.Years = &years
	f.prove(d, ts, out, "years", "years.asked", asked.first, asked.last)
	return asked, true
}

// sectionScore says how much a section speaks for or against years in it being
// asked of the person.
func sectionScore(s section) int {
	switch s {
	case sectionRequirements:
		return 2
	case sectionEmployer, sectionBenefits, sectionLegal, sectionApplication:
		return -2
	}
	return 0
}

// alternative reports whether b, later on the line of a, is another way to
// fulfil a: "5 years, or 3 with a master's degree".
func alternative(ts *tokens, a, b tenure) bool {
	or := false
	for j := a.last + 1; j < b.first; j++ {
		if ts.at(j).kind == tokenBreak {
			return false
		}
		or = or || ts.is(j, "or", "oder", "ou", "o")
	}
	return or
}

// tenureAt reads the years whose first number is token i.
func (f *facts) tenureAt(ts *tokens, i int) (t tenure, ok bool) {
	low, ok := f.smallNumber(ts, i)
	if !ok {
		return t, false
	}
	t = tenure{low: low, least: low, first: i, last: i}
	j := i + 1
	if ts.isSign(j, "(") && ts.at(j+1).kind == tokenNumber && ts.isSign(j+2, ")+") { // five (5)
		j += 3
	}
	if ts.isSign(j, ")") {
		j++
	}
	for ts.isSign(j, "+≥") || ts.is(j, "plus", "or") && ts.is(j+1, "more", "years", "yrs") {
		if ts.is(j, "or") {
			j++
		}
		j++
	}
	if ts.isSign(j, "-–—‐‑−~/") || ts.is(j, "to", "bis", "à", "a", "do", "or", "and", "und", "o", "ou") {
		if high, ok := f.smallNumber(ts, j+1); ok && high >= low {
			t.high = high
			for j += 2; ts.isSign(j, "+)"); j++ {
			}
		} else if ts.isSign(j, "-‐‑") { // "5-year plan"; "5-years" is not English but written
			if !ts.is(j+1, "years", "yrs") {
				return t, false
			}
			j++
		}
	}
	if ts.is(j, "full", "volle", "solid") {
		j++
	}
	if !isYears(ts, j) {
		return t, false
	}
	t.last = j
	t.score = f.tenureScore(ts, t)
	return t, true
}

// isYears reports whether token j is the word for years.
func isYears(ts *tokens, j int) bool {
	return ts.is(j, "years", "year", "yrs", "yr", "jahre", "jahren", "jahr", "ans", "années", "année", "años", "año", "anni", "anno", "jaar", "lat", "lata", "rok", "roku", "anos", "ano", "yoe")
}

// smallNumber is the number that token i says, if a person can have so many years.
func (f *facts) smallNumber(ts *tokens, i int) (float64, bool) {
	t := ts.at(i)
	if t.kind == tokenWord && t.class&classNumber != 0 {
		return float64(f.lexicon.entryOf(t).number), true
	}
	if t.kind != tokenNumber || t.end-t.start > 4 || ts.isSign(i-1, "$€£#") {
		return 0, false
	}
	n, ok := parseFigure(ts.text(i))
	return n, ok && n <= maxTenure
}

// tenureScore says how surely t is asked of the person, by the words around it.
func (f *facts) tenureScore(ts *tokens, t tenure) int {
	score := 0
	if ts.near(t.last, 0, 5, classExperience) {
		score++
	}
	if ts.is(t.last, "yoe") || ts.near(t.last, 0, 12, classExperience) || ts.nearWord(t.last, 0, 5, "in", "as", "with", "of", "using", "post", "als", "en", "mit", "industry", "professional", "hands") {
		score += 2
	}
	if ts.near(t.first, 9, 0, classExperience) {
		score += 2
	}
	if ts.isSign(t.last-1, "+") || t.high > 0 || ts.near(t.first, 3, 0, classLeast) {
		score++
	}
	if t.first-ts.lineStart(t.first, 3) <= 2 {
		score++
	}
	switch {
	case ts.nearWord(t.last, 0, 2, "ago", "old", "later", "history", "runway", "anniversary"),
		ts.is(t.first-1, "last", "past", "next", "first", "every", "within", "letzten", "nächsten", "derniers", "últimos"),
		ts.nearWord(t.first, 3, 0, "last", "past", "next", "founded", "under", "vested", "vest", "vesting", "since", "turned"),
		ts.is(t.first-1, "in", "just") && ts.nearWord(t.last, 0, 2, "we", "our"), ts.phrase(t.last+1, "of", "age") > 0, ts.is(t.last+1, "vesting", "term", "warranty"):
		score -= 5
	case ts.nearWord(t.first, 8, 0, "we", "our", "company", "wir", "nous", "founders", "team", "has", "market", "customers", "clients") && !ts.nearWord(t.first, 8, 0, "you", "looking", "with", "having", "require", "need", "candidate", "seeking"):
		score -= 4
	}
	return score
}
