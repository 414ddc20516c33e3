package tag

import (
	"fmt"
	"strconv"
)

// period is one of factwords.yaml: how pay by it becomes yearly pay, and the
// greatest yearly pay by it that is believed, as a share of the currency's.
type period struct {
	Times float64 `yaml:"times"`
	Rule  string  `yaml:"rule"`
	High  float64 `yaml:"high"`
}

// payFlags bounds what is believed of pay (factwords.yaml): yearly pay of at least
// the currency's low divided by Low, and ranges whose end is at most Range times
// their start.
type payFlags struct {
	Low   float64 `yaml:"low"`
	Range float64 `yaml:"range"`
}

// periodNames are the periods, the longest first.
var periodNames = [...]string{"year", "month", "week", "day", "hour"}

func checkPeriods(w *factWords) error {
	for _, name := range periodNames {
		if p := w.Periods[name]; p.Times < 1 || p.High <= 0 || p.High > 1 || p.Rule == "" {
			return fmt.Errorf("%s: periods: %s needs times of at least 1, a rule, and a high in (0,1]", factWordsFile, name)
		}
	}
	if w.Flags.Low < 1 || w.Flags.Range < 1 {
		return fmt.Errorf("%s: flags: low and range must be at least 1", factWordsFile)
	}
	return nil
}

// flag says in short words why s is not believed; empty where it is. A currency
// without bounds is believed.
func (l *lexicon) flag(s *Salary) string {
	c := l.byCode[s.Currency]
	if c == nil {
		return l.rangeFlag(s)
	}
	low, high := c.Low/l.flags.Low, c.High*l.periods[s.Period].High
	if s.AnnualMax >= low && s.AnnualMin <= high {
		return l.rangeFlag(s)
	}
	for _, name := range periodNames {
		p := l.periods[name]
		if name != s.Period && s.Max*p.Times >= c.Low && s.Min*p.Times <= c.High*p.High {
			return fmt.Sprintf("period unlikely: %s %s by the %s", amount(s.Max), s.Currency, s.Period)
		}
	}
	if s.AnnualMax < low {
		return fmt.Sprintf("yearly pay below %s %s", amount(low), s.Currency)
	}
	return fmt.Sprintf("yearly pay above %s %s", amount(high), s.Currency)
}

func (l *lexicon) rangeFlag(s *Salary) string {
	if s.Max > s.Min*l.flags.Range {
		return fmt.Sprintf("range wider than %s times", amount(l.flags.Range))
	}
	return ""
}

func amount(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
