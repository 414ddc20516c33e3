// Package stats holds the statistics of shares: intervals, tests and what keeps a
// list of tests honest. The named queries compute their own intervals in SQL, so
// that the SQL shown with a number is all of it; this package is where the same
// figures are defined and proved, and where what SQL cannot do is done.
package stats

import (
	"math"
	"slices"
)

// z95 is the 97.5 % quantile of the standard normal distribution.
const z95 = 1.959963984540054

// Wilson returns the bounds of the 95 % score interval of a share: hits among n
// independent trials, 0 ≤ hits ≤ n. Both are NaN when n is not positive.
//
// Source: E. B. Wilson, Probable inference, the law of succession, and
// statistical inference, JASA 22 (1927) 209.
func Wilson(hits, n float64) (lower, upper float64) {
	if n <= 0 {
		return math.NaN(), math.NaN()
	}
	const zz = z95 * z95
	center := hits + zz/2
	half := z95 * math.Sqrt(hits*(n-hits)/n+zz/4)
	return math.Max(0, (center-half)/(n+zz)), math.Min(1, (center+half)/(n+zz))
}

// TwoProportions tests whether two shares of independent trials differ, with the
// variance pooled under the hypothesis that they do not. z is positive when the
// second share is the larger one; p is two-sided. Both are 0 and 1 when the
// trials cannot tell: none on one side, or all alike.
func TwoProportions(hits1, n1, hits2, n2 float64) (z, p float64) {
	pooled := (hits1 + hits2) / (n1 + n2)
	variance := pooled * (1 - pooled) * (1/n1 + 1/n2)
	if n1 <= 0 || n2 <= 0 || variance <= 0 {
		return 0, 1
	}
	z = (hits2/n2 - hits1/n1) / math.Sqrt(variance)
	return z, math.Erfc(math.Abs(z) / math.Sqrt2)
}

// BenjaminiHochberg returns the p-values adjusted for how many there are, in the
// same order: calling those at most q discoveries keeps the expected share of
// false ones at q, for independent or positively dependent tests.
//
// Source: Y. Benjamini, Y. Hochberg, Controlling the false discovery rate, JRSS B
// 57 (1995) 289.
func BenjaminiHochberg(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case p[a] < p[b]:
			return -1
		case p[a] > p[b]:
			return 1
		}
		return a - b
	})
	q := make([]float64, len(p))
	least := 1.0
	for rank := len(order); rank > 0; rank-- {
		i := order[rank-1]
		least = math.Min(least, p[i]*float64(len(p))/float64(rank))
		// p·m/m may round to just below p, and an adjusted p-value is never below it.
		q[i] = math.Max(least, p[i])
	}
	return q
}
