package tag

// settle decides what reading i means. Without its region or country a name
// means, in this order: what lies in a country that the rest of the location
// names; what places.yaml names; the city with the most people, unless one of
// another country has more than half as many. ok is false where that leaves it open.
func (r *placeReader) settle(i int) (p Place, ok bool) {
	x := &r.readings[i]
	top, found := x.spots[0], false
	if x.names == 1 && len(x.spots) > 1 {
		if top, found = r.inContext(i); !found && top.kind == spotCity && top.loose {
			top = regionOf(x.spots, top)
		}
	}
	if top.kind == spotArea && x.code && len(r.words) == 1 && r.word(0) == "na" { // not available
		return p, false
	}
	if x.names == 1 && r.strict && !top.known() || top.loose && x.names == 1 && (r.strict || top.kind == spotCountry || x.code && top.kind == spotRegion) {
		return p, false
	}
	if x.names == 1 && !top.known() {
		if !found && top.kind == spotRegion {
			top = bigCity(x.spots, top)
		}
		if !r.alone(x) || !found && r.rivalled(x.spots, top) {
			return p, false
		}
	}
	p = top.Place
	if top.kind == spotCity && !top.chosen {
		for _, s := range x.spots {
			if s.kind == spotCity && s.Country == top.Country && s.Region != top.Region && s.people*3 > top.people {
				p.Region = "" // one of several of that name
			}
		}
	}
	return p, true
}

// known reports whether s needs nothing beside it.
func (s spot) known() bool { return s.chosen || s.kind >= spotCountry }

// inContext returns the first of what reading i can mean that lies in the country
// which the nearest other reading names, unless it is a hamlet beside what the
// name most often means; else the first.
func (r *placeReader) inContext(i int) (top spot, found bool) {
	all := r.readings[i].spots
	countries := false
	for d := 1; d < len(r.readings); d++ {
		for _, j := range [2]int{i - d, i + d} {
			if j < 0 || j >= len(r.readings) || !r.readings[j].oneCountry() {
				continue
			}
			other := r.readings[j].spots[0]
			countries = countries || other.kind == spotCountry
			if s, ok := r.beside(all, other); ok {
				return s, true
			}
		}
	}
	for _, s := range all {
		if countries && all[0].kind == spotRegion && s.kind == spotCountry { // Bulgaria, Georgia, Poland
			return s, true
		}
	}
	return all[0], false
}

// beside returns the first of all that goes with another place of the location: a
// city of its region, if that is beyond doubt, else what lies in its country.
func (r *placeReader) beside(all []spot, other spot) (spot, bool) {
	for _, s := range all { // Augusta-Waterville, ME
		sure := s.Country == all[0].Country || r.inRegion(other.Place) > 1
		if all[0].kind == spotCity && s.kind == spotCity && s.Region != "" && s.Country == other.Country && s.Region == other.Region &&
			s.people*20 >= all[0].people && sure && (s.known() || !r.strict) {
			return s, true
		}
	}
	for _, s := range all {
		if s.Country == other.Country && (s.known() || !r.strict) && !s.hamletBeside(all[0]) {
			return s, true
		}
	}
	return spot{}, false
}

// inRegion is how many readings first mean something in the region of p.
func (r *placeReader) inRegion(p Place) (n int) {
	for i := range r.readings {
		if s := r.readings[i].spots[0]; s.Country == p.Country && s.Region == p.Region {
			n++
		}
	}
	return n
}

// hamletBeside reports whether s is a city that a name hardly means when it most
// often means top: London in Ontario beside London.
func (s spot) hamletBeside(top spot) bool {
	return s.kind == spotCity && s.Place != top.Place && (top.kind != spotCity || s.people*3 < top.people)
}

// oneCountry reports whether all that x can mean lies in one country.
func (x *placeReading) oneCountry() bool {
	for _, s := range x.spots {
		if s.Country == "" || s.Country != x.spots[0].Country {
			return x.names > 1
		}
	}
	return true
}

// regionOf is the region of places.yaml among all, which is likelier than a city
// of its name that is also an everyday word: Ontario; else the city.
func regionOf(all []spot, city spot) spot {
	for _, s := range all {
		if s.kind == spotRegion && s.chosen && !s.loose {
			return s
		}
	}
	return city
}

// bigCity is the first big city among all, which is likelier than a region of its
// name; else the region.
func bigCity(all []spot, region spot) spot {
	for _, s := range all {
		if s.kind == spotCity && s.people >= peopleBig {
			return s
		}
	}
	return region
}

// rivalled reports whether something of top's name in another country is about as
// likely: a city of more than half the people, or beside a region another region
// or a city that is more than a town.
func (r *placeReader) rivalled(all []spot, top spot) bool {
	for _, s := range all {
		switch {
		case s.Country == top.Country:
		case top.kind == spotCity && s.kind == spotCity && s.people*2 > top.people,
			top.kind == spotRegion && (s.kind == spotRegion || s.people >= peopleTown):
			return true
		}
	}
	return false
}

// alone reports whether no unknown word stands beside x without a sign between:
// such words make one name with it.
func (r *placeReader) alone(x *placeReading) bool {
	before, after := x.first-1, x.last+1
	if w := r.words[x.first]; before >= 0 && !w.comma && !w.parted && !r.fillers[r.word(before)] && !r.reads(before) {
		return false
	}
	return after >= len(r.words) || r.words[after].comma || r.words[after].parted || r.fillers[r.word(after)] || r.reads(after)
}

// reads reports whether word i is part of a reading.
func (r *placeReader) reads(i int) bool {
	for j := range r.readings {
		if i >= r.readings[j].first && i <= r.readings[j].last {
			return true
		}
	}
	return false
}
