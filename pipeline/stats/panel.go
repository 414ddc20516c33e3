package stats

import "math"

// MatchedIndex chain-links counts over the units (boards, employers) that were
// watched. counts[u][t] is what unit u had in period t, and NaN where it was not
// watched. Each period is compared with the latest one before it in which any unit
// was watched, over the units watched in both; the product of these links is the
// index, 100 in period base. So a unit that joins or leaves moves nothing, whatever
// it holds. A period in which no unit is watched is NaN, and so is everything beyond
// a link that has no units or comes from nothing: no chain crosses that.
//
// Source: chained matched-model index, ILO et al., Consumer Price Index Manual
// (2020), chapter 9.
func MatchedIndex(counts [][]float64, base int) []float64 {
	if len(counts) == 0 || base < 0 || base >= len(counts[0]) {
		return nil
	}
	level := make([]float64, len(counts[0]))
	last := -1
	for t := range level {
		level[t] = math.NaN()
		now, before, watched := 0.0, 0.0, false
		for _, unit := range counts {
			if math.IsNaN(unit[t]) {
				continue
			}
			watched = true
			if last >= 0 && !math.IsNaN(unit[last]) {
				now, before = now+unit[t], before+unit[last]
			}
		}
		switch {
		case !watched:
			continue
		case last < 0:
			level[t] = 1
		case before > 0:
			level[t] = level[last] * now / before
		}
		last = t
	}
	index := make([]float64, len(level))
	for t := range level {
		index[t] = 100 * level[t] / level[base]
	}
	return index
}
