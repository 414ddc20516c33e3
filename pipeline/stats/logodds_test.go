package stats_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"jobcity/pipeline/stats"
)

func TestLogOddsAgreesWithAWorkedExample(t *testing.T) {
	// With a prior of 10 in all: 30+6 against 70+4, and 10+6 against 90+4.
	odds := stats.LogOdds([]float64{30, 70}, []float64{10, 90}, []float64{60, 40}, 10)
	want := math.Log(36.0/74) - math.Log(16.0/94)
	near(t, "delta", odds[0].Delta, want, 1e-12)
	near(t, "z", odds[0].Z, want/math.Sqrt(1.0/36+1.0/16), 1e-12)
	near(t, "p", odds[0].P, math.Erfc(odds[0].Z/math.Sqrt2), 1e-12)
}

func TestLogOddsPullWhatIsRareTowardsNoDifference(t *testing.T) {
	prior := []float64{1, 99}
	odds := stats.LogOdds([]float64{2, 198}, []float64{0, 200}, prior, 500)
	bare := stats.LogOdds([]float64{2, 198}, []float64{0, 200}, prior, 1)
	if odds[0].Delta <= 0 || odds[0].Delta >= bare[0].Delta || odds[0].Z > 1.96 {
		t.Errorf("got %+v, with hardly a prior %+v", odds[0], bare[0])
	}
}

func TestLogOddsOfSwappedGroupsAreOpposite(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 20).Draw(t, "things")
		count := rapid.Map(rapid.IntRange(0, 1000), func(i int) float64 { return float64(i) })
		first := rapid.SliceOfN(count, n, n).Draw(t, "first")
		second := rapid.SliceOfN(count, n, n).Draw(t, "second")
		prior := rapid.SliceOfN(count, n, n).Draw(t, "prior")
		there, back := stats.LogOdds(first, second, prior, 100), stats.LogOdds(second, first, prior, 100)
		for i := range there {
			if math.Abs(there[i].Z+back[i].Z) > 1e-9 || there[i].P < 0 || there[i].P > 1 || math.IsNaN(there[i].Z) {
				t.Fatalf("got %+v and %+v", there[i], back[i])
			}
		}
	})
}
