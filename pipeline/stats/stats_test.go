package stats_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"jobcity/pipeline/stats"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > within {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestWilsonAgreesWithPublishedValues(t *testing.T) {
	// Newcombe, Two-sided confidence intervals for the single proportion (1998), table I.
	for _, c := range []struct{ hits, n, lower, upper float64 }{
		{81, 263, 0.2553, 0.3662},
		{15, 148, 0.0624, 0.1605},
		{0, 20, 0, 0.1611},
		{1, 29, 0.0061, 0.1718},
	} {
		lower, upper := stats.Wilson(c.hits, c.n)
		near(t, "lower", lower, c.lower, 0.00006)
		near(t, "upper", upper, c.upper, 0.00006)
	}
	if lower, upper := stats.Wilson(0, 0); !math.IsNaN(lower) || !math.IsNaN(upper) {
		t.Errorf("nothing tried: got %v to %v, want NaN", lower, upper)
	}
}

func TestWilsonHoldsTheShareAndNarrowsWithN(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := float64(rapid.IntRange(1, 1_000_000).Draw(t, "n"))
		hits := math.Floor(n * rapid.Float64Range(0, 1).Draw(t, "share"))
		lower, upper := stats.Wilson(hits, n)
		if lower < 0 || upper > 1 || lower > hits/n+1e-12 || upper < hits/n-1e-12 {
			t.Fatalf("%v of %v: got %v to %v", hits, n, lower, upper)
		}
		mirrorLower, mirrorUpper := stats.Wilson(n-hits, n)
		if math.Abs(mirrorLower-(1-upper)) > 1e-9 || math.Abs(mirrorUpper-(1-lower)) > 1e-9 {
			t.Fatalf("%v of %v is not the mirror of its complement", hits, n)
		}
		if l, u := stats.Wilson(4*hits, 4*n); u-l > upper-lower {
			t.Fatalf("four times the postings widen the interval: %v to %v", upper-lower, u-l)
		}
	})
}

func TestTwoProportionsAgreesWithAWorkedExample(t *testing.T) {
	z, p := stats.TwoProportions(30, 100, 45, 100)
	near(t, "z", z, 2.19089, 0.0001)
	near(t, "p", p, 0.02846, 0.0001)
	if z, p := stats.TwoProportions(0, 10, 0, 10); z != 0 || p != 1 {
		t.Errorf("all alike: got z %v, p %v", z, p)
	}
}

func TestBenjaminiHochbergAgreesWithAWorkedExample(t *testing.T) {
	got := stats.BenjaminiHochberg([]float64{0.041, 0.001, 0.039, 0.008, 0.6})
	for i, want := range []float64{0.05125, 0.005, 0.05125, 0.02, 0.6} {
		near(t, "q", got[i], want, 1e-12)
	}
}

// These round to a q one step below the greatest p when nobody looks.
func TestBenjaminiHochbergIsNeverBelowPByRounding(t *testing.T) {
	p := []float64{0.5, 0.5, 0.5, 0.5, 0.8125000000000004}
	if q := stats.BenjaminiHochberg(p); q[4] < p[4] {
		t.Errorf("p %v became q %v", p[4], q[4])
	}
}

func TestBenjaminiHochbergKeepsOrderAndNeverSharpens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOf(rapid.Float64Range(0, 1)).Draw(t, "p")
		q := stats.BenjaminiHochberg(p)
		for i := range p {
			if q[i] < p[i] || q[i] > 1 {
				t.Fatalf("p %v became q %v", p[i], q[i])
			}
			for j := range p {
				if p[i] < p[j] && q[i] > q[j] {
					t.Fatalf("p %v < %v, but q %v > %v", p[i], p[j], q[i], q[j])
				}
			}
		}
	})
}
