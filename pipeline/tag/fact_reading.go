package tag

import (
	"slices"
	"unicode/utf8"
)

// placeReading is one place that a location names, and all that it can mean.
type placeReading struct {
	spots       []spot
	start, end  int  // bytes of the location
	first, last int  // words, both inclusive
	names       int  // how many names it was read from: 2 for Berlin, Germany
	code        bool // only a code of a few letters
}

// placeReader reads the places of one location.
type placeReader struct {
	*gazetteer
	location string
	strict   bool
	buf, key []byte
	rows     []uint32
	words    []placeWord
	arena    []spot
	readings []placeReading
	open     placeReading // the last one, to which what follows may add; empty without spots
}

// find calls yield for every place that location names, in order, with the
// bytes that name it. In running text (strict) names need their capitals, and
// everyday words and little known cities need their region or country.
func (g *gazetteer) find(location string, strict bool, yield func(p Place, start, end int)) {
	r, ok := g.pool.Get().(*placeReader)
	if !ok {
		r = &placeReader{}
	}
	*r = placeReader{gazetteer: g, location: location, strict: strict, buf: r.buf, words: r.words, arena: r.arena[:0], readings: r.readings[:0], key: r.key[:0], rows: r.rows[:0]}
	r.buf, r.words = placeWords(location, r.buf[:0], r.words[:0])
	r.read()
	for i := range r.readings {
		if p, ok := r.settle(i); ok {
			yield(p, r.readings[i].start, r.readings[i].end)
		}
	}
	if r.location = ""; cap(r.arena) < 1<<12 { // not of one huge location
		g.pool.Put(r)
	}
}

// maxReadings is how many places of one location are read.
const maxReadings = 64

// read makes the readings.
func (r *placeReader) read() {
	for i := 0; i < len(r.words) && len(r.readings) < maxReadings; {
		spots, n := r.longestName(i)
		w := r.words[i]
		if n == 0 {
			if r.strict || w.parted {
				r.close()
			}
			i++
			continue
		}
		if w.parted {
			r.close()
		}
		if r.strict && n == 1 && i > 0 && r.word(i) == "us" && pronounBefore(r.word(i-1)) {
			i++
			continue
		}
		short := w.to-w.from <= 3 && n == 1 && w.upper
		if short && w.to-w.from <= 2 && i > 0 && !w.parted && len(r.open.spots) == 0 { // Anytown, NY is not the city of New York
			spots = regionsFirst(spots)
		}
		next := placeReading{spots: spots, start: w.start, end: r.words[i+n-1].end, first: i, last: i + n - 1, names: 1, code: short}
		r.take(next, w.comma)
		i += n
	}
	r.close()
}

func (r *placeReader) word(i int) string { return string(r.buf[r.words[i].from:r.words[i].to]) }

// take joins what was just read with the open reading, if they go together.
func (r *placeReader) take(next placeReading, comma bool) {
	if len(r.open.spots) == 0 {
		r.open = next
		return
	}
	first := r.open.spots[0]
	merged := r.merge(r.open.spots, next.spots)
	if next.spots[0].kind == spotArea && r.open.names == 1 && first.kind == spotCountry && len(r.readings) > 0 { // North America, UK, Europe
		merged = nil
	}
	if next.code && comma && first.kind == spotCity && !first.chosen && r.open.names == 1 { // Marathon, NY
		next.spots = regionsFirst(next.spots)
	}
	region := next.spots[0].kind == spotRegion && next.spots[0].chosen
	elsewhere := next.spots[0].kind == spotCountry && r.open.names == 1 && !first.known() && comma && next.first == r.open.last+1 && (!next.spots[0].loose || next.start > r.open.end+1)
	switch {
	case len(merged) > 0 && !r.twoCities(merged[0], &next):
		r.open.spots, r.open.end, r.open.last, r.open.names, r.open.code = merged, next.end, next.last, r.open.names+1, false
	case elsewhere: // East London, UK: another town of that name
		next.start, next.first, next.names, next.code = r.open.start, r.open.first, 2, false
		r.open = next
		r.close()
	case region && r.open.names == 1 && (first.kind == spotCity || !first.known()) && (comma || !first.chosen && first.Country == next.spots[0].Country):
		next.start, next.first, next.names, next.code = r.open.start, r.open.first, 2, false // another town of that name
		r.open = next
	case r.open.names == 1 && first.kind != spotCity && first.kind != spotArea && comma && !next.spots[0].known(): // a village of that name: WI-Baldwin
		r.open.end, r.open.last = next.end, next.last
	case next.code && region: // a bare code that does not fit is more likely something else
	default:
		r.close()
		r.open = next
	}
}

// twoCities reports whether merged, a small town of a region, is less likely than
// two big cities: Amsterdam, New York.
func (r *placeReader) twoCities(merged spot, next *placeReading) bool {
	first := r.open.spots[0]
	return !next.code && merged.kind == spotCity && first.kind == spotCity && merged.Place != first.Place && merged.people*20 < first.people &&
		next.spots[0].kind == spotCity && next.spots[0].people >= peopleMost
}

// close ends the open reading.
func (r *placeReader) close() {
	if len(r.open.spots) > 0 {
		r.readings = append(r.readings, r.open)
	}
	r.open = placeReading{}
}

// pronounBefore reports whether a US after word is the pronoun, shouted.
func pronounBefore(word string) bool {
	switch word {
	case "with", "join", "contact", "about", "of", "for", "to", "tell", "give", "help", "mail", "email":
		return true
	}
	return false
}

// regionsFirst returns spots without the cities they start with, if anything is left.
func regionsFirst(spots []spot) []spot {
	for i, s := range spots {
		if s.kind != spotCity {
			return spots[i:]
		}
	}
	return spots
}

// longestName returns what the longest name that starts at word i can mean.
func (r *placeReader) longestName(i int) (spots []spot, n int) {
	if r.strict && !r.words[i].title {
		return nil, 0
	}
	key, hash, best, filler := r.key[:0], uint32(hashSeed), -1, true
	for k := i; k < len(r.words) && k-i < r.longest; k++ {
		w, from := r.words[k], len(key)
		if k > i {
			if w.parted && w.link == 0 || w.comma && w.start-r.words[k-1].end != 1 { // Winston-Salem
				break
			}
			key = append(key, ' ')
			if w.link > 0 {
				key = append(append(key, r.buf[w.link:w.from]...), ' ')
			}
		}
		if key = append(key, r.buf[w.from:w.to]...); len(key) > maxPlaceName {
			break
		}
		for _, c := range key[from:] {
			hash = (hash ^ uint32(c)) * hashPrime
		}
		filler = filler && r.fillers[string(r.buf[w.from:w.to])]
		all := r.candidates(key, hash, r.words[i])
		if filler { // South East is a region of Botswana, too
			all = slices.DeleteFunc(all, func(s spot) bool { return !s.known() && s.kind == spotRegion })
		}
		if len(all) > 0 {
			spots, best = all, k
		}
	}
	r.key = key
	if best == i && r.fillers[r.word(i)] && !spots[0].known() && !r.beforeRegion(i, spots) {
		return nil, 0
	}
	if best < 0 {
		return r.unspacedName(i)
	}
	next, goesOn := "", best+1 < len(r.words) && !r.words[best+1].comma && !r.words[best+1].parted
	if goesOn {
		next = r.word(best + 1)
	}
	switch {
	case next == "county":
		if spots = counties(spots); len(spots) == 0 {
			return nil, 0
		}
	case r.streets[next], r.particle[next], // 3060 Washington Road
		best == i && i > 0 && len(r.open.spots) == 0 && !r.words[i].comma && !r.words[i].parted && r.word(i) == "ne": // Palm Bay Rd NE
		return nil, 0
	}
	return spots, best - i + 1
}

// beforeRegion reports whether word i stands before a region in which one of spots
// lies: Summit, NJ.
func (r *placeReader) beforeRegion(i int, spots []spot) bool {
	if i+1 == len(r.words) || !r.words[i+1].comma || r.words[i+1].parted || r.fillers[r.word(i+1)] {
		return false
	}
	regions, _ := r.longestName(i + 1)
	for _, x := range spots {
		for _, y := range regions {
			if y.kind == spotRegion && y.chosen && x.kind == spotCity && x.Country == y.Country && x.Region == y.Region {
				return true
			}
		}
	}
	return false
}

// candidates are what key, written with first as its first word, can mean.
func (r *placeReader) candidates(key []byte, hash uint32, first placeWord) []spot {
	from := len(r.arena)
	r.rows = r.atlas.find(key, hash, r.rows[:0])
	r.arena = r.lookup(key, r.rows, r.arena)
	all := r.arena[from:len(r.arena):len(r.arena)]
	if len(key) <= 3 && len(all) > 0 && (!first.upper || first.digit) { // codes stand in capitals: La Jolla, SE1
		all = slices.DeleteFunc(all, func(s spot) bool {
			return first.digit || !first.title || s.kind != spotCity || foldName(s.City) != string(key)
		})
	}
	if len(key) <= 3 && first.upper { // EST is no region of Burkina Faso
		all = slices.DeleteFunc(all, func(s spot) bool { return s.kind == spotRegion && !s.chosen })
	}
	return all
}

// unspacedName is the longest name that word i starts with, in a script without
// spaces; what follows becomes a word of its own.
func (r *placeReader) unspacedName(i int) (spots []spot, n int) {
	w := r.words[i]
	text := r.location[w.start:w.end]
	if c, _ := utf8.DecodeRuneInString(text); !unspaced(c) {
		return nil, 0
	}
	for end := len(text); end > utf8.UTFMax; {
		_, size := utf8.DecodeLastRuneInString(text[:end])
		end -= size
		key := appendFoldedName(nil, text[:end])
		if spots = r.candidates(key, hashOf(key), w); len(spots) == 0 || utf8.RuneCount(key) < 2 {
			continue
		}
		rest := placeWord{start: w.start + end, from: len(r.buf), upper: true, title: true, comma: true}
		r.buf = rest.read(r.location[:w.end], r.buf)
		r.words = slices.Insert(r.words, i+1, rest)
		r.words[i].end = w.start + end
		return spots, 1
	}
	return nil, 0
}

// counties are where the cities lie that share the name of a county.
func counties(spots []spot) []spot {
	var out []spot
	for _, s := range spots {
		switch {
		case s.Country != "US" && s.Country != "GB" && s.Country != "IE": // Nassau County is not in the Bahamas
			continue
		case s.kind == spotCity:
			s.City = ""
		}
		if !slices.ContainsFunc(out, func(have spot) bool { return have.Place == s.Place }) {
			out = append(out, s)
		}
	}
	return out
}

// merge is what two names beside one another can mean together.
func (r *placeReader) merge(a, b []spot) []spot {
	from := len(r.arena)
	if a[0].kind == spotArea && b[0].kind != spotArea && !r.holds(a[0].Region, b[0].Country) { // South America, San Francisco
		return nil
	}
	for _, x := range a {
		for _, y := range b {
			if m, ok := r.join(x, y); ok {
				r.arena = append(r.arena, m)
			}
		}
	}
	return r.arena[from:len(r.arena):len(r.arena)]
}

// join is the place that x and y name together.
func (g *gazetteer) join(x, y spot) (spot, bool) {
	if x.kind > y.kind { // country first: India - Bengaluru
		x, y = y, x
	}
	switch {
	case x.kind == spotArea:
		return x, x.Region == y.Region
	case y.kind == spotArea: // Dublin, Ireland, EMEA
		return x, g.holds(y.Region, x.Country)
	case x.Country != y.Country:
		return x, y.kind == spotCountry && g.within[x.Country] == y.Country // Hong Kong, China
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
