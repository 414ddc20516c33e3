package workday

import (
	"slices"
)

const (
	packRoom = resultCap * 9 / 10 // postings that one pack of values may have: they may become more meanwhile
	packIDs  = 100                // with many more, some sites answer 500
)

// split is a facet by which postings can be asked for in parts.
type split struct {
	Parameter string  `json:"parameter"`
	Nested    bool    `json:"nested,omitempty"` // mostly places: a posting with several counts more than once
	Values    []value `json:"values"`
}

type value struct {
	ID    string `json:"id"`
	Count int    `json:"count"`
}

// splits are the facets with at least two values, also those inside others.
func splits(facets []facet) []split {
	var out []split
	var walk func(f facet, depth int)
	walk = func(f facet, depth int) {
		s := split{Parameter: string(f.Parameter), Nested: depth > 0}
		for _, v := range f.Values.V {
			if v.Parameter != "" {
				if depth < 3 {
					walk(v, depth+1)
				}
			} else if v.ID != "" {
				s.Values = append(s.Values, value{ID: string(v.ID), Count: int(min(max(v.Count, 0), 1e6))})
			}
		}
		if s.Parameter != "" && len(s.Values) > 1 {
			out = append(out, s)
		}
	}
	for _, f := range facets {
		walk(f, 0)
	}
	return out
}

// most and all are the postings of the largest value and of all.
func (s split) most() (n int) {
	for _, v := range s.Values {
		n = max(n, v.Count)
	}
	return n
}

func (s split) all() (n int) {
	for _, v := range s.Values {
		n += v.Count
	}
	return n
}

// pick is the facet that is not in with and parts best: no value is too large for
// one query, and as many postings as possible have a value.
func pick(all []split, with applied) (best split, ok bool) {
	for _, s := range all {
		if _, used := with[s.Parameter]; !used && (!ok || s.better(best)) {
			best, ok = s, true
		}
	}
	return best, ok
}

func (s split) better(than split) bool {
	fits, other := s.most() < resultCap, than.most() < resultCap
	switch {
	case fits != other:
		return fits
	case !fits:
		return s.most() < than.most()
	case s.Nested != than.Nested:
		return !s.Nested
	}
	return s.all() > than.all()
}

// packs are the ids of the values, several together where one query has room.
func (s split) packs() [][]string {
	values := slices.Clone(s.Values)
	slices.SortStableFunc(values, func(a, b value) int { return b.Count - a.Count })
	var packs [][]string
	room := 0
	for _, v := range values {
		n := len(packs) - 1
		if n < 0 || v.Count > room || len(packs[n]) == packIDs {
			packs = append(packs, nil)
			n, room = n+1, packRoom
		}
		packs[n] = append(packs[n], v.ID)
		room -= v.Count
	}
	return packs
}
