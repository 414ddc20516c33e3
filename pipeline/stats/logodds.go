package stats

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// Odds is how much more a thing is named in one group than in another.
type Odds struct {
	Delta float64 // difference of the log-odds, natural logarithm; positive: more in the first group
	Z     float64 // Delta over its standard error
	P     float64 // two-sided
}

// LogOdds compares how often each of some things (skills, words) is named in two
// groups: first and second are the counts, in the same order. prior holds the
// counts in a larger body of text, scaled to weight in all: it pulls what is rare
// towards no difference. A thing that neither group nor prior names has Delta and Z
// of 0. The counts are taken for independent: where employers repeat themselves, p
// is too small, and a test between employers (rising_skills) is the honest one.
// Give the p-values to [BenjaminiHochberg]. The trend skills_of_district computes Delta
// in SQL, and narrows Z by the design effect.
//
// It panics when the lengths differ.
//
// Source: B. L. Monroe, M. P. Colaresi, K. M. Quinn, Fightin' Words, Political
// Analysis 16 (2008) 372, equations 15, 16, 19 and 22, with an informative prior.
func LogOdds(first, second, prior []float64, weight float64) []Odds {
	if len(first) != len(second) || len(first) != len(prior) {
		panic("stats: log-odds of groups of different lengths")
	}
	scale := 0.0
	if sum := floats.Sum(prior); sum > 0 {
		scale = weight / sum
	}
	n1, n2 := floats.Sum(first), floats.Sum(second)
	all := floats.Sum(prior) * scale
	odds := make([]Odds, len(first))
	for i := range first {
		a := prior[i] * scale
		with1, with2 := first[i]+a, second[i]+a
		without1, without2 := n1+all-with1, n2+all-with2
		odds[i].P = 1
		if with1 <= 0 || with2 <= 0 || without1 <= 0 || without2 <= 0 {
			continue
		}
		odds[i].Delta = math.Log(with1/without1) - math.Log(with2/without2)
		odds[i].Z = odds[i].Delta / math.Sqrt(1/with1+1/with2)
		odds[i].P = math.Erfc(math.Abs(odds[i].Z) / math.Sqrt2)
	}
	return odds
}
