package stats_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"jobcity/pipeline/stats"
)

// watched are stays from age 0 that left at these ages; negative ones had not
// ended then.
func watched(left ...float64) []stats.Stay {
	var out []stats.Stay
	for i, l := range left {
		out = append(out, stats.Stay{Left: math.Abs(l), Ended: l > 0, Employer: fmt.Sprint(i)})
	}
	return out
}

func TestKaplanMeierAgreesWithPublishedCurves(t *testing.T) {
	for _, c := range []struct {
		name    string
		stays   []stats.Stay
		visible map[float64]float64 // at some ages
		median  [3]float64          // with its interval
	}{
		{
			// R. G. Miller, Survival Analysis (1997); the curve as in the documentation of R's survival package.
			"leukaemia, maintained", watched(9, 13, -13, 18, 23, -28, 31, 34, -45, 48, -161),
			map[float64]float64{9: 0.909, 13: 0.818, 18: 0.716, 23: 0.614, 31: 0.491, 34: 0.368, 48: 0.184}, [3]float64{31, 13, math.NaN()},
		},
		{
			"leukaemia, not maintained", watched(5, 5, 8, 8, 12, -16, 23, 27, 30, 33, 43, 45),
			map[float64]float64{5: 0.833, 8: 0.667, 12: 0.583, 23: 0.486, 27: 0.389, 30: 0.292, 33: 0.194, 43: 0.097, 45: 0}, [3]float64{23, 5, 33},
		},
		{
			// E. J. Freireich et al., Blood 21 (1963) 699: weeks of remission, the textbooks' first example.
			"6-MP", watched(6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35),
			map[float64]float64{6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}, [3]float64{23, 13, math.NaN()},
		},
		{
			"placebo", watched(1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23),
			map[float64]float64{1: 0.905, 5: 0.571, 8: 0.381, 23: 0}, [3]float64{8, 4, 11},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			curve := stats.KaplanMeier(c.stays)
			for day, want := range c.visible {
				near(t, fmt.Sprint("visible longer than ", day), curve.At(day), want, 0.0005)
			}
			median, lower, upper := curve.Quantile(0.5)
			for i, got := range []float64{median, lower, upper} {
				if want := c.median[i]; got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
					t.Errorf("median and interval: got %v, want %v", []float64{median, lower, upper}, c.median)
				}
			}
			if curve.Design > 1+1e-9 { // all are independent
				t.Errorf("design effect %v", curve.Design)
			}
		})
	}
}

// The standard error of Greenwood, as published for the maintained group, is in
// the interval: lower = S^exp(z·se/(S·|ln S|)).
func TestTheIntervalIsGreenwoodsOnTheLogLogScale(t *testing.T) {
	curve := stats.KaplanMeier(watched(9, 13, -13, 18, 23, -28, 31, 34, -45, 48, -161))
	for i, se := range []float64{0.0867, 0.1163, 0.1397, 0.1526, 0.1642, 0.1627, 0.1535} {
		s := curve.Steps[i]
		half := 1.959964 * se / (s.Visible * math.Abs(math.Log(s.Visible)))
		near(t, "lower", s.Lower, math.Pow(s.Visible, math.Exp(half)), 0.002)
		near(t, "upper", s.Upper, math.Pow(s.Visible, math.Exp(-half)), 0.002)
	}
}

func TestLateEntriesCountFromTheAgeTheyEnteredAt(t *testing.T) {
	// By hand: at risk before 2: five; before 4: four and the two that entered at 3;
	// before 6: four.
	stays := append(watched(2, 4, -5, 6, -8), stats.Stay{Entered: 3, Left: 4, Ended: true, Employer: "x"}, stats.Stay{Entered: 3, Left: 9, Employer: "y"})
	curve := stats.KaplanMeier(stays)
	for day, want := range map[float64]float64{1: 1, 2: 4. / 5, 4: 4. / 5 * 4 / 6, 6: 4. / 5 * 4 / 6 * 2 / 3} {
		near(t, fmt.Sprint(day), curve.At(day), want, 1e-12)
	}
	if curve.Until != 9 || curve.From != 0 || curve.Stays != 7 || curve.Ended != 4 {
		t.Errorf("got %+v", curve)
	}
}

func TestTheCurveBeginsWhereEnoughAreUnderWatch(t *testing.T) {
	stays := []stats.Stay{{Left: 1, Ended: true}} // alone at its age
	for i := range 20 {
		stays = append(stays, stats.Stay{Entered: 10, Left: float64(11 + i), Ended: true})
	}
	curve := stats.KaplanMeier(stays)
	if curve.From != 10 || !math.IsNaN(curve.At(5)) {
		t.Errorf("from %v, at 5: %v", curve.From, curve.At(5))
	}
	near(t, "at 11", curve.At(11), 0.95, 1e-12)
}

func TestNothingIsSaidOfNothing(t *testing.T) {
	for _, stays := range [][]stats.Stay{nil, {{Entered: 3, Left: 3, Ended: true}}, {{Entered: 4, Left: 2}}} {
		curve := stats.KaplanMeier(stays)
		if median, _, _ := curve.Quantile(0.5); curve.Stays != 0 || !math.IsNaN(median) || !math.IsNaN(curve.At(1)) {
			t.Errorf("got %+v", curve)
		}
	}
	curve := stats.KaplanMeier(watched(-10, -10, -20)) // none has ended
	if median, _, _ := curve.Quantile(0.5); !math.IsNaN(median) || curve.At(15) != 1 || !math.IsNaN(curve.At(21)) {
		t.Errorf("none has ended: %+v", curve)
	}
}

func TestTheCurveFallsAndStaysWithinItsInterval(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		stays := rapid.SliceOf(rapid.Custom(func(t *rapid.T) stats.Stay {
			return stats.Stay{
				Entered: float64(rapid.IntRange(0, 30).Draw(t, "entered")), Left: float64(rapid.IntRange(-2, 60).Draw(t, "left")) / 2,
				Ended: rapid.Bool().Draw(t, "ended"), Employer: rapid.StringMatching("[a-d]").Draw(t, "employer"),
			}
		})).Draw(t, "stays")
		curve := stats.KaplanMeier(stays)
		before := 1.0
		for _, s := range curve.Steps {
			if s.Visible > before+1e-12 || s.Visible < 0 || s.AtRisk < s.Ended || s.Lower > s.Visible+1e-12 || s.Upper < s.Visible-1e-12 {
				t.Fatalf("step %+v after %v", s, before)
			}
			before = s.Visible
		}
		if curve.Design < 1 || math.IsInf(curve.Design, 0) || math.IsNaN(curve.Design) {
			t.Fatalf("design effect %v", curve.Design)
		}
	})
}

// market draws stays of exponential length, with the median 30, of which some
// entered late and some have not ended. With alike, postings of one employer
// share a pace of their own.
func market(random *rand.Rand, employers, each int, alike bool) []stats.Stay {
	var out []stats.Stay
	for e := range employers {
		pace := 1.0
		if alike && random.Float64() < 0.5 {
			pace = 3
		}
		for range each {
			length := random.ExpFloat64() * 30 / math.Ln2 * pace
			watch := -20 + 120*random.Float64() // when it began, before or after we began to look; we look for 100 days
			s := stats.Stay{Entered: math.Max(0, -watch), Left: math.Min(length, 100-watch), Ended: length < 100-watch, Employer: fmt.Sprint(e)}
			if s.Left > s.Entered {
				out = append(out, s)
			}
		}
	}
	return out
}

func TestTheIntervalOfTheMedianCoversIt(t *testing.T) {
	truth := map[bool]float64{false: 30, true: 0}
	// Half have the median 30 and half 90: the share visible longer than m is one half.
	low, high := 30.0, 90.0
	for range 60 {
		m := (low + high) / 2
		if math.Exp(-m*math.Ln2/30)+math.Exp(-m*math.Ln2/90) > 1 {
			low = m
		} else {
			high = m
		}
	}
	truth[true] = low
	for _, c := range []struct {
		name            string
		employers, each int
		alike           bool
	}{{"independent postings", 120, 1, false}, {"postings of one employer alike", 80, 8, true}} {
		random := rand.New(rand.NewPCG(7, 8))
		const markets = 1000
		covered, design := 0, 0.0
		for range markets {
			curve := stats.KaplanMeier(market(random, c.employers, c.each, c.alike))
			_, lower, upper := curve.Quantile(0.5)
			if lower <= truth[c.alike] && !(upper <= truth[c.alike]) {
				covered++
			}
			design += curve.Design / markets
		}
		t.Logf("%s: the interval covers the median in %.1f %% of %d, mean design effect %.2f", c.name, 100*float64(covered)/markets, markets, design)
		if covered < 930 || covered > 975 {
			t.Errorf("%s: the interval covers the median in %d of %d, want 930 to 975", c.name, covered, markets)
		}
	}
}
