package sqlfiles_test

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"jobcity/pipeline/stats"
)

// TestLinearisedIntervalsAreTheBootstraps compares what the SQL says of recorded boards
// with drawing whole employers again and again. Of 2,000 draws each bound is known to 6 %
// of a standard error, so the width of an interval to 2 %. Both variances are right to
// first order only: with some 18 effective employers they may differ by 1/18 and more, so
// the widths in the middle of all that are compared agree to 12 %. A lift may rest on four
// employers, and then neither knows the tails: single widths agree to a factor of 1.7.
func TestLinearisedIntervalsAreTheBootstraps(t *testing.T) {
	t.Parallel()
	db, facts := recorded(t, "[a-c]*")
	byEmployer := map[string][]fact{}
	roles := 0.0
	for _, f := range facts {
		if f.role() && f.source == "ashby" {
			byEmployer[f.cluster()] = append(byEmployer[f.cluster()], f)
			roles++
		}
	}
	var employers [][]fact
	squares := 0.0
	for _, name := range slices.Sorted(maps.Keys(byEmployer)) {
		employers = append(employers, byEmployer[name])
		squares += math.Pow(float64(len(byEmployer[name]))/roles, 2)
	}
	tail := expandedTail(1 / squares)
	t.Logf("%.0f roles of %d employers, effectively %.1f", roles, len(employers), 1/squares)

	t.Run("share of a skill", func(t *testing.T) {
		var c compared
		for _, row := range ask(t, db, "skills_of_district", map[string]string{"source": "ashby", "district": "software", "top": "15"}) {
			var clusters []stats.Cluster
			for _, e := range employers {
				one := stats.Cluster{}
				for _, f := range e {
					if lives(f, "software") {
						one.N++
						if mentions(f, row["skill"].(string)) {
							one.Hits++
						}
					}
				}
				if one.N > 0 {
					clusters = append(clusters, one)
				}
			}
			lower, upper := stats.ClusterBootstrap(clusters, 2000, 1)
			c.add(t, fmt.Sprint(row["skill"]), logit(row["share"].(float64)), logit(row["lower"].(float64)), logit(row["upper"].(float64)), logit(lower), logit(upper))
		}
		c.check(t, 15)
	})
	t.Run("lift of a pair", func(t *testing.T) {
		var c compared
		for _, row := range ask(t, db, "skill_pairs", map[string]string{"source": "ashby", "top": "15"}) {
			a, b := row["skill_a"].(string), row["skill_b"].(string)
			counts := make([][4]float64, len(employers)) // n, a, b, both
			for i, e := range employers {
				for _, f := range e {
					counts[i][0]++
					inA, inB := mentions(f, a), mentions(f, b)
					counts[i][1] += one(inA)
					counts[i][2] += one(inB)
					counts[i][3] += one(inA && inB)
				}
			}
			lower, upper := bootstrap(len(employers), tail, func(drawn []int) float64 {
				var sum [4]float64
				for _, i := range drawn {
					for k := range sum {
						sum[k] += counts[i][k]
					}
				}
				return math.Log(sum[3] * sum[0] / (sum[1] * sum[2]))
			})
			c.add(t, a+" and "+b, math.Log(row["lift"].(float64)), math.Log(row["lift_lower"].(float64)), math.Log(row["lift_upper"].(float64)), lower, upper)
		}
		c.check(t, 15)
	})
	t.Run("quartiles of pay", func(t *testing.T) {
		var c compared
		row := ask(t, db, "pay_by", map[string]string{"source": "ashby", "by": "all"})[0]
		pays := make([][]float64, len(employers))
		for i, e := range employers {
			pays[i] = payOf(e, "USD", func(fact) bool { return true })
		}
		for column, q := range map[string]float64{"q1": 0.25, "median": 0.5, "q3": 0.75} {
			lower, upper := bootstrap(len(employers), tail, func(drawn []int) float64 {
				var all []float64
				for _, i := range drawn {
					all = append(all, pays[i]...)
				}
				slices.Sort(all)
				return quantile(all, q)
			})
			c.add(t, column, row[column].(float64), row[column+"_lower"].(float64), row[column+"_upper"].(float64), lower, upper)
		}
		c.check(t, 3)
	})
}

// compared are the widths of intervals over those of the bootstrap's.
type compared []float64

func (c *compared) add(t *testing.T, what string, at, lower, upper, wantLower, wantUpper float64) {
	t.Helper()
	t.Logf("%-30s %.3f: %.3f to %.3f, bootstrap %.3f to %.3f", what, at, lower, upper, wantLower, wantUpper)
	*c = append(*c, (upper-lower)/(wantUpper-wantLower))
}

func (c compared) check(t *testing.T, n int) {
	t.Helper()
	slices.Sort(c)
	t.Logf("widths over the bootstrap's: %.2f", c)
	if len(c) != n {
		t.Fatalf("compared %d, want %d", len(c), n)
	}
	if middle := c[n/2]; middle < 0.88 || middle > 1.12 {
		t.Errorf("the middle width is %.2f of the bootstrap's", middle)
	}
	if c[0] < 1/1.7 || c[n-1] > 1.7 {
		t.Errorf("a width is %.2f, and one %.2f, of the bootstrap's", c[0], c[n-1])
	}
}

// expandedTail is the share of draws beyond each bound, as in [stats.ClusterBootstrap].
func expandedTail(effective float64) float64 {
	student := distuv.StudentsT{Sigma: 1, Nu: effective - 1}
	return distuv.UnitNormal.CDF(-math.Sqrt(effective/(effective-1)) * student.Quantile(0.975))
}

// bootstrap draws n of n 2,000 times and returns the two quantiles of what of says.
func bootstrap(n int, tail float64, of func(drawn []int) float64) (lower, upper float64) {
	random := rand.New(rand.NewPCG(1, 1))
	var all []float64
	drawn := make([]int, n)
	for range 2000 {
		for i := range drawn {
			drawn[i] = random.IntN(n)
		}
		if v := of(drawn); !math.IsNaN(v) && !math.IsInf(v, 0) {
			all = append(all, v)
		}
	}
	slices.Sort(all)
	return stat.Quantile(tail, stat.LinInterp, all, nil), stat.Quantile(1-tail, stat.LinInterp, all, nil)
}

func lives(f fact, district string) bool {
	for _, d := range f.tags.Districts {
		if d.ID == district {
			return true
		}
	}
	return false
}

func logit(p float64) float64 { return math.Log(p / (1 - p)) }

func one(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
