package tag

import "strings"

// maxPlaces is how many places one posting keeps.
const maxPlaces = 20

// readPlaces finds where the role can be done: from the locations the source
// states, else from the line that stands for a title.
func (f *facts) readPlaces(d *document, ts *tokens, head headLine, out *Tags) {
	out.Places = []Place{}
	for _, location := range d.posting.Locations {
		f.gazetteer.find(location, false, func(p Place, start, end int) {
			if addPlace(out, p) {
				out.Evidence = append(out.Evidence, Evidence{Tag: "place:" + placeName(p), Rule: "place.stated", Start: start, End: end, Text: location[start:end], Section: "location"})
			}
		})
	}
	if len(d.posting.Locations) > 0 || head.title || len(ts.plain) == 0 {
		return
	}
	from, to := int(ts.at(head.first).start), int(ts.at(head.last).end)
	to = min(to, from+400)
	i := d.lineAt(from)
	find := func(from int) {
		f.gazetteer.find(ts.plain[from:to], true, func(p Place, start, end int) {
			if addPlace(out, p) {
				out.Evidence = append(out.Evidence, d.evidence("place:"+placeName(p), "place.head", i, from+start, from+end, 0))
			}
		})
	}
	if bar := strings.IndexByte(ts.plain[from:to], '|'); bar > 0 { // the employer's name stands first: Acme Africa | Berlin
		find(from + bar)
	}
	if len(out.Places) == 0 {
		find(from)
	}
	for next := i + 1; len(out.Places) == 0 && next < min(i+3, len(d.lines)) && d.lines[next].end-d.lines[next].start < 120; next++ {
		i, from, to = next, d.lines[next].start, d.lines[next].end
		find(from)
	}
}

// addPlace adds p unless it is there, or something nearer is.
func addPlace(out *Tags, p Place) bool {
	if len(out.Places) >= maxPlaces {
		return false
	}
	for _, q := range out.Places {
		if p == q || p.City == "" && p.Country == q.Country && (p.Region == "" || p.Region == q.Region) && q.Country != "" {
			return false
		}
	}
	out.Places = append(out.Places, p)
	return true
}

// placeName is the nearest name of p.
func placeName(p Place) string {
	switch {
	case p.City != "":
		return p.City
	case p.Region != "":
		return p.Region
	}
	return p.Country
}

// find calls yield for every place that location names, in order, with the
// bytes that name it. In running text (strict) names need their capitals, and
// everyday words need their region or country.
func (g *gazetteer) find(location string, strict bool, yield func(p Place, start, end int)) {
	var (
		array  [24]placeWord
		bytes  [256]byte
		folded [64]byte
	)
	buf, words := placeWords(location, bytes[:0], array[:0])
	var open []spot
	var start, end int
	named := 0 // how many names the open place was read from
	flush := func() {
		if len(open) > 0 && (!strict || !open[0].loose || named > 1) {
			yield(open[0].Place, start, end)
		}
		open, named = nil, 0
	}
	for i := 0; i < len(words); {
		spots, n := g.longestName(words[i:], buf, folded[:0], strict)
		if n == 0 {
			if strict || words[i].parted {
				flush()
			}
			i++
			continue
		}
		w := words[i]
		if w.to-w.from <= 2 && i > 0 && !w.parted && len(open) == 0 { // Anytown, NY is not the city of New York
			spots = regionsFirst(spots)
		}
		if w.parted && len(open) > 0 {
			flush()
		}
		if strict && n == 1 && i > 0 && string(buf[w.from:w.to]) == "us" && pronounBefore(string(buf[words[i-1].from:words[i-1].to])) {
			i++
			continue
		}
		if merged := merge(open, spots); len(open) > 0 && len(merged) > 0 {
			open, end, named = merged, words[i+n-1].end, named+1
		} else if len(open) > 0 && w.to-w.from <= 2 && spots[0].kind == spotRegion && open[0].kind == spotCity && open[0].Country == spots[0].Country {
			open, end = spots[:1], words[i+n-1].end // another town of that name
		} else if len(open) == 0 || !skippable(spots, words[i]) {
			flush()
			open, start, end, named = spots, w.start, words[i+n-1].end, 1
		}
		i += n
	}
	flush()
}

// pronounBefore reports whether a US after word is the pronoun, shouted.
func pronounBefore(word string) bool {
	switch word {
	case "with", "join", "contact", "about", "of", "for", "to", "tell", "give", "help", "mail", "email":
		return true
	}
	return false
}

// regionsFirst returns spots without cities, if anything is left.
func regionsFirst(spots []spot) []spot {
	for i, s := range spots {
		if s.kind != spotCity {
			return spots[i:]
		}
	}
	return spots
}

// skippable reports whether a name that does not fit what stands before it is a
// bare code, which is then more likely something else than a place of its own.
func skippable(spots []spot, w placeWord) bool {
	return w.to-w.from <= 2 && spots[0].kind == spotRegion
}

// longestName returns what the longest name at the start of words can mean.
func (g *gazetteer) longestName(words []placeWord, buf, key []byte, strict bool) ([]spot, int) {
	for n := min(g.longest, len(words)); n > 0; n-- {
		key, fits := key[:0], true
		for k, w := range words[:n] {
			if k > 0 {
				fits = fits && !w.parted && !w.comma || fits && hyphenated(words[k-1], w)
				key = append(key, ' ')
			}
			key = append(key, buf[w.from:w.to]...)
		}
		if !fits {
			continue
		}
		spots := g.names[string(key)]
		if len(spots) == 0 || len(key) <= 3 && !words[0].upper || strict && !words[0].title {
			continue
		}
		return spots, n
	}
	return nil, 0
}

// hyphenated reports whether one byte stands between a and b, as in Winston-Salem.
func hyphenated(a, b placeWord) bool { return b.start-a.end == 1 }

// merge returns the places that both a, read first, and b can mean: Cambridge
// and MA are one place, Berlin and Munich are not.
func merge(a, b []spot) []spot {
	var both []spot
	for _, x := range a {
		for _, y := range b {
			if m, ok := x.with(y); ok {
				both = append(both, m)
			}
		}
	}
	return both
}

// with is the place that x and y name together.
func (x spot) with(y spot) (spot, bool) {
	if x.kind > y.kind { // country first: India - Bengaluru
		x, y = y, x
	}
	switch {
	case x.kind == spotArea || y.kind == spotArea || x.Country != y.Country:
		return spot{}, false
	case x.kind == y.kind:
		return x, x.Place == y.Place
	case y.kind == spotRegion && x.Region != "" && x.Region != y.Region:
		return spot{}, false
	case y.kind == spotRegion && x.Region == "":
		x.Region = y.Region
	}
	x.loose = false
	return x, true
}

// home is the currency that pay is in where a text names none: that of the
// places' only country, else the only currency written anywhere in the text.
func (f *facts) home(ts *tokens, places []Place) string {
	code := ""
	for _, p := range places {
		c := f.gazetteer.currency[p.Country]
		if c == "" || code != "" && c != code {
			code = ""
			break
		}
		code = c
	}
	if code != "" {
		return code
	}
	for i := range ts.all {
		t := &ts.all[i]
		if t.kind != tokenSign || t.sign == '-' || t.sign == ',' || t.sign == '.' {
			continue
		}
		for _, s := range f.lexicon.signs {
			if s.sign == t.sign {
				if code != "" && code != s.Code.text {
					return ""
				}
				code = s.Code.text
			}
		}
	}
	for _, c := range ts.cues {
		if code == "" && ts.has(int(c), classCurrency) {
			switch text := ts.text(int(c)); text {
			case "USD", "EUR", "GBP", "CHF", "CAD", "AUD", "INR", "PLN":
				code = text
			}
		}
	}
	return code
}
