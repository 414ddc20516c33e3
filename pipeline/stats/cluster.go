package stats

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Cluster is what one employer adds to a share: hits among n postings, 0 ≤ hits ≤ n.
type Cluster struct{ Hits, N float64 }

// sums are what the intervals of a clustered share rest on: totals, and sums over
// the clusters of the products of their hits and n.
type sums struct{ hits, n, hitsHits, hitsN, nN, clusters float64 }

func total(clusters []Cluster) sums {
	s := sums{clusters: float64(len(clusters))}
	for _, c := range clusters {
		s.hits += c.Hits
		s.n += c.N
		s.hitsHits += c.Hits * c.Hits
		s.hitsN += c.Hits * c.N
		s.nN += c.N * c.N
	}
	return s
}

// assumed is the intraclass correlation that one more employer is taken to have
// when the variance between employers is estimated.
const assumed = 0.2

// DesignEffect returns by what n is to be divided, because the postings of one
// employer resemble each other; it is at least 1.
//
// The variance between employers is linearised. Where few employers have hits, or
// few have none, it says little and mostly too little, so it is averaged with that
// of one more employer, at an intraclass correlation of 0.2. What exceeds 1 is then
// widened by Student's t with as many degrees of freedom as there are effective
// employers, less one.
//
// Source: linearised variance of a ratio, W. G. Cochran, Sampling Techniques (1977),
// section 6.3; design effect and effective n, L. Kish, Survey Sampling (1965);
// degrees of freedom, E. L. Korn, B. I. Graubard, Survey Methodology 24 (1998) 193.
// The average, and 0.2, are our own: TestIntervalsCoverTheTruth is their proof.
func DesignEffect(clusters []Cluster) float64 {
	s := total(clusters)
	if s.n <= 0 {
		return 1
	}
	telling, observed := 0.0, 0.0
	if s.clusters > 1 && s.hits > 0 && s.hits < s.n {
		share, misses := s.hits/s.n, s.n-s.hits
		telling = min(s.hits*s.hits/s.hitsHits, misses*misses/(s.nN-2*s.hitsN+s.hitsHits))
		observed = s.clusters / (s.clusters - 1) * (s.hitsHits - 2*share*s.hitsN + share*share*s.nN) / (s.hits * (1 - share))
	}
	expected := 1 + assumed*(s.nN/s.n-1)
	excess := math.Max(0, (telling*observed+expected)/(telling+1)-1)
	stretch := studentT(s.n*s.n/s.nN-1) / z95
	return 1 + excess*stretch*stretch
}

// studentT is the 97.5 % quantile of Student's t; df below 1 counts as 1.
func studentT(df float64) float64 {
	return distuv.StudentsT{Sigma: 1, Nu: math.Max(1, df)}.Quantile(0.975)
}

// ClusteredShare returns the bounds of the 95 % interval of the share of hits in all
// postings, with employers as clusters: Wilson's, with hits and n divided by the
// design effect. Both are NaN when there are no postings. It is what the macros
// share_lower and share_upper compute in SQL.
//
// Source: Korn and Graubard (1998).
func ClusteredShare(clusters []Cluster) (lower, upper float64) {
	s, effect := total(clusters), DesignEffect(clusters)
	return Wilson(s.hits/effect, s.n/effect)
}

// ClusterBootstrap returns the bounds of a 95 % interval of the share of hits in
// all postings, when the postings of one employer resemble each other. Whole
// employers are drawn again and again with replacement, rounds times, and the
// bounds are two quantiles of the shares of the draws: the 2.5 % and 97.5 % ones
// when there are many employers, and farther ones when there are few, where those
// would be too near. The same seed gives the same bounds. With fewer than two
// clusters both are NaN. Where fewer than about ten employers have hits, use
// [ClusteredShare]: no draw holds what was not seen.
//
// Source: A. C. Davison, D. V. Hinkley, Bootstrap Methods and their Application
// (1997), section 3.8; expanded quantiles, T. C. Hesterberg, What Teachers Should
// Know About the Bootstrap, The American Statistician 69 (2015) 371, section 5.3,
// with the effective number of employers for theirs.
func ClusterBootstrap(clusters []Cluster, rounds int, seed uint64) (lower, upper float64) {
	if len(clusters) < 2 || rounds < 1 {
		return math.NaN(), math.NaN()
	}
	random := rand.New(rand.NewPCG(seed, uint64(len(clusters))))
	shares := make([]float64, 0, rounds)
	for range rounds {
		var sum Cluster
		for range clusters {
			c := clusters[random.IntN(len(clusters))]
			sum.Hits += c.Hits
			sum.N += c.N
		}
		if sum.N > 0 {
			shares = append(shares, sum.Hits/sum.N)
		}
	}
	if len(shares) == 0 {
		return math.NaN(), math.NaN()
	}
	slices.Sort(shares)
	s := total(clusters)
	effective := math.Max(2, s.n*s.n/s.nN)
	tail := distuv.UnitNormal.CDF(-math.Sqrt(effective/(effective-1)) * studentT(effective-1))
	return stat.Quantile(tail, stat.LinInterp, shares, nil), stat.Quantile(1-tail, stat.LinInterp, shares, nil)
}
