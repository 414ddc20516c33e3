package stats_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"

	"jobcity/pipeline/stats"
)

// planted is a city in which the truth about a share is known.
type planted struct {
	employers int
	icc       float64 // intraclass correlation: 0, independent; 1, an employer's postings are all alike
	share     float64
}

// draw makes employers of skewed sizes (log-normal: most have one to five postings,
// a few have dozens), each with its own inclination around the share.
func (p planted) draw(random *rand.Rand) []stats.Cluster {
	clusters := make([]stats.Cluster, p.employers)
	for i := range clusters {
		n := math.Ceil(math.Exp(1 + 1.2*random.NormFloat64()))
		inclination := p.share
		if p.icc > 0 {
			spread := (1 - p.icc) / p.icc
			inclination = distuv.Beta{Alpha: p.share * spread, Beta: (1 - p.share) * spread, Src: random}.Rand()
		}
		clusters[i].N = n
		for range int(n) {
			if random.Float64() < inclination {
				clusters[i].Hits++
			}
		}
	}
	return clusters
}

// covered returns in how many of so many cities the interval holds the truth, in percent.
func (p planted) covered(cities int, interval func(i int, clusters []stats.Cluster) (float64, float64)) float64 {
	random := rand.New(rand.NewPCG(uint64(p.employers), math.Float64bits(p.icc+p.share)))
	hit := 0
	for i := range cities {
		if lower, upper := interval(i, p.draw(random)); lower <= p.share && p.share <= upper {
			hit++
		}
	}
	return 100 * float64(hit) / float64(cities)
}

// TestIntervalsCoverTheTruth: over 30 to 300 employers, shares of 0.02 to 0.5 and
// postings of one employer that resemble each other a little or a lot, 95 % intervals
// hold the truth in 93 to 97 % of cities on average, and never much less often.
// With JOBCITY_SIMULATE set, ten times as many cities are drawn and all is shown.
func TestIntervalsCoverTheTruth(t *testing.T) {
	cities, slack := 300, 2.5 // slack: two standard errors of one coverage
	if os.Getenv("JOBCITY_SIMULATE") != "" {
		cities, slack = 3000, 1
	}
	for _, icc := range []float64{0.05, 0.1, 0.2} {
		t.Run(fmt.Sprintf("intraclass correlation %v", icc), func(t *testing.T) {
			sum, cells, naive := 0.0, 0.0, 0.0
			for _, employers := range []int{30, 100, 300} {
				for _, share := range []float64{0.02, 0.05, 0.1, 0.3, 0.5} {
					p := planted{employers, icc, share}
					c := p.covered(cities, func(_ int, clusters []stats.Cluster) (float64, float64) {
						return stats.ClusteredShare(clusters)
					})
					if c < 90.5-slack {
						t.Errorf("%+v: the truth is covered in %.1f %%", p, c)
					}
					naive += p.covered(cities, func(_ int, clusters []stats.Cluster) (float64, float64) {
						var all stats.Cluster
						for _, c := range clusters {
							all.Hits, all.N = all.Hits+c.Hits, all.N+c.N
						}
						return stats.Wilson(all.Hits, all.N)
					})
					if cities > 300 {
						t.Logf("%+v: %.1f %%", p, c)
					}
					sum += c
					cells++
				}
			}
			t.Logf("covered: with employers as clusters %.1f %%, as if independent %.1f %%", sum/cells, naive/cells)
			if mean := sum / cells; mean < 93 || mean > 97 {
				t.Errorf("the truth is covered in %.1f %% of all cities, want 93 to 97", mean)
			}
			if naive/cells > 90 {
				t.Errorf("intervals for independent postings cover %.1f %%: the cities are not clustered enough to tell", naive/cells)
			}
		})
	}
}

func TestClusterBootstrapCoversTheTruth(t *testing.T) {
	cities := 300
	if os.Getenv("JOBCITY_SIMULATE") != "" {
		cities = 2000
	}
	sum, cells := 0.0, 0.0
	for _, p := range []planted{{30, 0.1, 0.3}, {60, 0.2, 0.5}, {100, 0.1, 0.1}, {100, 0.2, 0.3}, {300, 0.1, 0.1}} {
		c := p.covered(cities, func(i int, clusters []stats.Cluster) (float64, float64) {
			return stats.ClusterBootstrap(clusters, 400, uint64(i))
		})
		t.Logf("%+v: %.1f %%", p, c)
		if c < 89.5 {
			t.Errorf("%+v: the truth is covered in %.1f %%", p, c)
		}
		sum += c
		cells++
	}
	if mean := sum / cells; mean < 93 || mean > 97 {
		t.Errorf("the truth is covered in %.1f %% of all cities, want 93 to 97", mean)
	}
}

func TestClusterBootstrapIsTheSameForTheSameSeed(t *testing.T) {
	clusters := planted{40, 0.1, 0.2}.draw(rand.New(rand.NewPCG(3, 4)))
	l1, u1 := stats.ClusterBootstrap(clusters, 200, 9)
	l2, u2 := stats.ClusterBootstrap(clusters, 200, 9)
	if l1 != l2 || u1 != u2 || l1 >= u1 {
		t.Errorf("got %v to %v and %v to %v", l1, u1, l2, u2)
	}
	if lower, _ := stats.ClusterBootstrap(clusters[:1], 200, 9); !math.IsNaN(lower) {
		t.Errorf("one employer alone: got %v, want NaN", lower)
	}
}

func TestDesignEffectIsOneForEmployersOfOnePostingEach(t *testing.T) {
	clusters := make([]stats.Cluster, 500)
	for i := range clusters {
		clusters[i] = stats.Cluster{Hits: float64(i % 2), N: 1}
	}
	near(t, "design effect", stats.DesignEffect(clusters), 1, 0.01)
}

func TestDesignEffectOfEmployersThatNeverDifferIsTheirSize(t *testing.T) {
	clusters := make([]stats.Cluster, 2000)
	for i := range clusters {
		clusters[i] = stats.Cluster{Hits: 10 * float64(i%2), N: 10}
	}
	near(t, "design effect", stats.DesignEffect(clusters), 10, 0.1)
}

func TestOneEmployerAloneTellsNothing(t *testing.T) {
	if lower, upper := stats.ClusteredShare([]stats.Cluster{{Hits: 40, N: 100}}); lower > 0.1 || upper < 0.9 {
		t.Errorf("got %v to %v", lower, upper)
	}
}

func TestClusteredShareHoldsTheShareAndIsNeverNarrowerThanWilson(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		clusters := make([]stats.Cluster, rapid.IntRange(1, 40).Draw(t, "employers"))
		var all stats.Cluster
		for i := range clusters {
			n := rapid.IntRange(1, 50).Draw(t, "n")
			clusters[i] = stats.Cluster{Hits: float64(rapid.IntRange(0, n).Draw(t, "hits")), N: float64(n)}
			all.Hits, all.N = all.Hits+clusters[i].Hits, all.N+clusters[i].N
		}
		lower, upper := stats.ClusteredShare(clusters)
		narrowLower, narrowUpper := stats.Wilson(all.Hits, all.N)
		if lower < 0 || upper > 1 || lower > narrowLower+1e-12 || upper < narrowUpper-1e-12 {
			t.Fatalf("%v: got %v to %v, as if independent %v to %v", clusters, lower, upper, narrowLower, narrowUpper)
		}
		for i := range clusters {
			clusters[i].Hits = clusters[i].N - clusters[i].Hits
		}
		mirrorLower, mirrorUpper := stats.ClusteredShare(clusters)
		if math.Abs(mirrorLower-(1-upper)) > 1e-9 || math.Abs(mirrorUpper-(1-lower)) > 1e-9 {
			t.Fatalf("%v is not the mirror of its complement", clusters)
		}
	})
}
