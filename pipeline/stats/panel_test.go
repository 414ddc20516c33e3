package stats_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"jobcity/pipeline/stats"
)

var unwatched = math.NaN()

func TestMatchedIndexAgreesWithAWorkedExample(t *testing.T) {
	got := stats.MatchedIndex([][]float64{
		{10, 12, 12, unwatched, 9},
		{20, 18, unwatched, unwatched, 20},
		{unwatched, 70, 77, unwatched, 77},
	}, 0)
	// 30 to 30; 82 to 89; nobody; 89 to 86, past the period in which nobody was watched.
	for i, want := range []float64{100, 100, 100 * 89.0 / 82, unwatched, 100 * 86.0 / 82} {
		if math.IsNaN(want) {
			if !math.IsNaN(got[i]) {
				t.Errorf("period %d: got %v, want NaN", i, got[i])
			}
			continue
		}
		near(t, "index", got[i], want, 1e-9)
	}
}

func TestNoChainCrossesNothing(t *testing.T) {
	got := stats.MatchedIndex([][]float64{{5, 0, 7}}, 0)
	if got[0] != 100 || got[1] != 0 || !math.IsNaN(got[2]) {
		t.Errorf("got %v, want 100, 0, NaN", got)
	}
}

func TestAUnitThatJoinsMovesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		periods := rapid.IntRange(2, 12).Draw(t, "periods")
		count := rapid.Float64Range(1, 1000)
		counts := make([][]float64, rapid.IntRange(1, 5).Draw(t, "units"))
		for u := range counts {
			counts[u] = rapid.SliceOfN(count, periods, periods).Draw(t, "counts")
		}
		joins := rapid.IntRange(1, periods-1).Draw(t, "joins")
		added := make([]float64, periods)
		for i := range added {
			added[i] = count.Draw(t, "added")
			if i < joins {
				added[i] = unwatched
			}
		}
		before := stats.MatchedIndex(counts, 0)
		after := stats.MatchedIndex(append(counts, added), 0)
		for i := range joins + 1 {
			if before[i] != after[i] {
				t.Fatalf("period %d moved from %v to %v", i, before[i], after[i])
			}
		}
	})
}

func TestAnOutageMovesNothingWhereNothingChanges(t *testing.T) {
	got := stats.MatchedIndex([][]float64{{10, 10, 10, 10}, {40, unwatched, unwatched, 40}, {7, 7, 7, 7}}, 0)
	for _, v := range got {
		near(t, "index", v, 100, 1e-9)
	}
}
