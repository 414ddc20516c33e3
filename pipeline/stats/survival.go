package stats

import (
	"cmp"
	"math"
	"slices"
)

// Stay is one posting as the estimate of days visible takes it. It was under
// watch from the age Entered, which it did not reach again, to the age Left: there
// it ended, or was last seen. Ages are in days, and any other unit does.
type Stay struct {
	Entered  float64 // 0 unless it stood there before anybody looked (left truncation)
	Left     float64 // a stay with Left ≤ Entered was under watch for no time and does not count
	Ended    bool    // false: it was last seen then, and ends later if ever (right censoring)
	Employer string  // stays of one employer resemble each other
}

// Step is a point of a [Curve]: an age at which postings ended.
type Step struct {
	Day          float64
	AtRisk       int     // under watch just before
	Ended        int     // of them
	Visible      float64 // the share of postings that are visible longer than Day
	Lower, Upper float64 // its 95 % interval; NaN where Visible is 0
}

// Curve is the estimated share of postings that are visible longer than an age.
type Curve struct {
	Steps  []Step  // by rising age
	From   float64 // the curve is of postings that were visible at least so long; 0 unless few were under watch before
	Until  float64 // the greatest age at which any was under watch; beyond it nothing is known
	Stays  int     // that count
	Ended  int
	Design float64 // how many times wider the variance is because stays of one employer resemble each other; at least 1
}

// fewAtRisk is how many must have been under watch for the curve to begin: with
// late entries, the first ages may be seen of one or two postings only, and the
// end of one of these would be the end of all.
const fewAtRisk = 5

// KaplanMeier estimates how long postings are visible from stays that may have
// entered late and may not have ended. The interval is that of the logarithm of
// the cumulative hazard, with Greenwood's variance times the design effect. The
// design effect is measured at the median (at the last end, where the curve does
// not fall so far): the variance of the estimate with whole employers as
// independent, over that with stays as independent.
//
// Sources: E. L. Kaplan, P. Meier, Nonparametric estimation from incomplete
// observations, JASA 53 (1958) 457; delayed entry and the log-log interval: J. P.
// Klein, M. L. Moeschberger, Survival Analysis (2003), sections 4.2, 4.3 and 4.6;
// the curve begins where enough are at risk: T. L. Lai, Z. Ying, Annals of
// Statistics 19 (1991) 417; variance by clusters: Z. Ying, L. J. Wei, Journal of
// Multivariate Analysis 50 (1994) 17.
func KaplanMeier(stays []Stay) Curve {
	stays = slices.DeleteFunc(slices.Clone(stays), func(s Stay) bool { return !(s.Left > s.Entered) })
	c := Curve{Stays: len(stays), Design: 1}
	all := agesOf(stays)
	most := 0
	for _, a := range all {
		most = max(most, a.atRisk)
	}
	begun, visible, greenwood, hazard := false, 1.0, 0.0, 0.0
	var variances []float64
	for i := range all {
		a := &all[i]
		if !begun && a.atRisk >= min(fewAtRisk, most) {
			begun = true
			c.From = a.from
		}
		if begun && a.ended > 0 {
			d, y := float64(a.ended), float64(a.atRisk)
			visible *= 1 - d/y
			greenwood += d / (y * (y - d))
			hazard += d / (y * y)
			c.Ended += a.ended
			c.Steps = append(c.Steps, Step{Day: a.day, AtRisk: a.atRisk, Ended: a.ended, Visible: visible})
			variances = append(variances, greenwood)
		}
		a.counts, a.hazard = begun, hazard
		if a.atRisk > 0 {
			c.Until = a.day
		}
	}
	c.Design = c.design(stays, all)
	for i := range c.Steps {
		s := &c.Steps[i]
		s.Lower, s.Upper = logLog(s.Visible, c.Design*variances[i])
	}
	return c
}

// age is an age at which a stay was entered or left.
type age struct {
	day, from     float64 // from is the age before it
	atRisk, ended int
	counts        bool    // the curve has begun
	hazard        float64 // sum of ended/atRisk² so far
}

func agesOf(stays []Stay) []age {
	entries, exits, ends := map[float64]int{}, map[float64]int{}, map[float64]int{}
	var days []float64
	for _, s := range stays {
		entries[s.Entered]++
		exits[s.Left]++
		if s.Ended {
			ends[s.Left]++
		}
		days = append(days, s.Entered, s.Left)
	}
	slices.Sort(days)
	days = slices.Compact(days)
	all := make([]age, 0, len(days))
	under, before := 0, 0.0
	for _, d := range days {
		all = append(all, age{day: d, from: before, atRisk: under, ended: ends[d]})
		under += entries[d] - exits[d]
		before = d
	}
	return all
}

// logLog is the 95 % interval of a share whose cumulative hazard has a variance.
func logLog(visible, variance float64) (lower, upper float64) {
	if visible <= 0 || visible >= 1 {
		return math.NaN(), math.NaN()
	}
	half := z95 * math.Sqrt(variance) / math.Abs(math.Log(visible))
	return math.Pow(visible, math.Exp(half)), math.Pow(visible, math.Exp(-half))
}

// design is the design effect at the median.
func (c Curve) design(stays []Stay, all []age) float64 {
	if len(c.Steps) == 0 {
		return 1
	}
	at := c.Steps[len(c.Steps)-1].Day
	if i := slices.IndexFunc(c.Steps, func(s Step) bool { return s.Visible <= 0.5+rounding }); i >= 0 {
		at = c.Steps[i].Day
	}
	find := func(day float64) age {
		i, _ := slices.BinarySearchFunc(all, day, func(a age, day float64) int { return cmp.Compare(a.day, day) })
		return all[i]
	}
	of := map[string]float64{}
	alone := 0.0
	for _, s := range stays {
		left := find(s.Left)
		pull := find(min(s.Entered, at)).hazard - find(min(s.Left, at)).hazard
		if s.Ended && left.counts && s.Left <= at {
			pull += 1 / float64(left.atRisk)
		}
		of[s.Employer] += pull
		alone += pull * pull
	}
	together := 0.0
	for _, pull := range of {
		together += pull * pull
	}
	m, n := float64(len(of)), float64(len(stays))
	if m < 2 || alone == 0 {
		return 1
	}
	return max(1, m/(m-1)*(n-1)/n*together/alone)
}

// rounding is what products of shares may be off by.
const rounding = 1e-9

// At is the share of postings visible longer than day, NaN where that is not known.
func (c Curve) At(day float64) float64 {
	if day > c.Until || day < c.From {
		return math.NaN()
	}
	visible := 1.0
	for _, s := range c.Steps {
		if s.Day <= day {
			visible = s.Visible
		}
	}
	return visible
}

// Quantile is the age by which the share p of postings has ended, with its 95 %
// interval; NaN is beyond what was seen.
//
// Source: R. Brookmeyer, J. Crowley, A confidence interval for the median survival
// time, Biometrics 38 (1982) 29, with the interval of [KaplanMeier].
func (c Curve) Quantile(p float64) (day, lower, upper float64) {
	first := func(of func(Step) float64) float64 {
		for _, s := range c.Steps {
			if of(s) <= 1-p+rounding {
				return s.Day
			}
		}
		return math.NaN()
	}
	return first(func(s Step) float64 { return s.Visible }), first(func(s Step) float64 { return s.Lower }), first(func(s Step) float64 { return s.Upper })
}
