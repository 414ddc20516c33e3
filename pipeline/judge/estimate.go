package judge

import (
	"cmp"
	"math"
	"slices"

	"jobcity/pipeline/stats"
)

// Row is one line of a card.
type Row struct {
	Kind       string // "field", "district", "street" or "facet"
	Name       string
	N          int      // postings judged; of a district, street or facet those labelled with it
	Set        bool     // Value is F1 of sets, and Precision and Recall are there; else a share
	Value      Estimate // F1, or the share that is right; of false claims the share that is false
	Precision  Estimate
	Recall     Estimate
	Confusions []Confused // the commonest first
}

// Estimate is a figure with the bounds of its 95 % interval; all are NaN when
// nothing was counted.
type Estimate struct{ Value, Lower, Upper float64 }

// Confused is how often a confusion occurs.
type Confused struct {
	Confusion
	Count int
}

// Rows are the lines of the card of one kind: fields in the order of [Fields], the
// others by name.
func (c *Card) Rows(kind string) []Row {
	var out []Row
	for key, r := range c.rows {
		if key[0] == kind {
			done := r.finish(kind, key[1])
			if key == [2]string{"field", "skills"} {
				for i, k := range done.Confusions {
					done.Confusions[i].Labelled, done.Confusions[i].Tagged = c.spelled(k.Labelled), c.spelled(k.Tagged)
				}
			}
			out = append(out, done)
		}
	}
	slices.SortFunc(out, func(a, b Row) int {
		return cmp.Or(slices.Index(Fields, a.Name)-slices.Index(Fields, b.Name), cmp.Compare(a.Name, b.Name))
	})
	return out
}

func (r *row) finish(kind, name string) Row {
	groups := make([]Count, 0, len(r.groups))
	for _, key := range sortedKeys(r.groups) {
		groups = append(groups, *r.groups[key])
	}
	out := Row{Kind: kind, Name: name, N: r.n, Set: r.set}
	precision := shareOf(groups, func(c Count) (float64, float64) { return float64(c.Right), float64(c.Right + c.Wrong) })
	if out.Value = precision; r.set {
		out.Value, out.Precision = f1Of(groups), precision
		out.Recall = shareOf(groups, func(c Count) (float64, float64) { return float64(c.Right), float64(c.Right + c.Missed) })
	}
	for c, n := range r.confusions {
		out.Confusions = append(out.Confusions, Confused{c, n})
	}
	slices.SortFunc(out.Confusions, func(a, b Confused) int {
		return cmp.Or(b.Count-a.Count, cmp.Compare(a.Labelled, b.Labelled), cmp.Compare(a.Tagged, b.Tagged))
	})
	return out
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Draws of the bootstrap, and its seed: the same counts give the same bounds.
const (
	draws = 1000
	seed  = 7
)

// shareOf is a share over all groups. Its interval is the wider, on each side, of
// Wilson's, which holds for few trials and for shares near 0 and 1, and of the
// bootstrap by group, which holds where the trials of a group resemble each other.
func shareOf(groups []Count, of func(Count) (hits, n float64)) Estimate {
	var hits, n float64
	clusters := make([]stats.Cluster, len(groups))
	for i, g := range groups {
		clusters[i].Hits, clusters[i].N = of(g)
		hits, n = hits+clusters[i].Hits, n+clusters[i].N
	}
	lower, upper := stats.Wilson(hits, n)
	return hull(hits/n, lower, upper, clusters)
}

// f1Of is the F1 over all groups, with an interval as of [shareOf]: Wilson's of
// right / (right + wrong + missed), a share j, carried over by F1 = 2j / (1 + j).
//
// Source: K. F. Y. Lam, V. Gopal, J. Qian, Confidence intervals for the F1 score:
// a comparison of four methods (2023), the "Wilson direct" method.
func f1Of(groups []Count) Estimate {
	var hits, n float64
	clusters := make([]stats.Cluster, len(groups))
	for i, g := range groups {
		right, all := float64(g.Right), float64(g.Right+g.Wrong+g.Missed)
		hits, n = hits+right, n+all
		clusters[i] = stats.Cluster{Hits: 2 * right, N: right + all}
	}
	lower, upper := stats.Wilson(hits, n)
	f1 := func(j float64) float64 { return 2 * j / (1 + j) }
	return hull(f1(hits/n), f1(lower), f1(upper), clusters)
}

func hull(value, lower, upper float64, clusters []stats.Cluster) Estimate {
	low, high := stats.ClusterBootstrap(clusters, draws, seed)
	if !math.IsNaN(low) {
		lower, upper = math.Min(lower, low), math.Max(upper, high)
	}
	if !math.IsNaN(value) { // rounding may leave a bound just inside
		lower, upper = math.Min(lower, value), math.Max(upper, value)
	}
	return Estimate{value, lower, upper}
}
