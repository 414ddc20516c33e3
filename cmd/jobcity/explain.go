package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"

	"jobcity/pipeline/posting"
	"jobcity/pipeline/tag"
)

// palette holds terminal colours that colour-blind eyes tell apart, or nothing.
type palette struct{ tag, words, faint, off string }

// colours are used when w is a terminal and NO_COLOR is not set.
func colours(w io.Writer) palette {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) || os.Getenv("NO_COLOR") != "" {
		return palette{}
	}
	return palette{tag: "\x1b[1;34m", words: "\x1b[33m", faint: "\x1b[2m", off: "\x1b[0m"}
}

// explain says in words why a posting has its tags, and what nearly made others.
func explain(x tag.Explanation, p posting.Posting, c palette) []byte {
	var b bytes.Buffer
	t := x.Tags
	title := p.Title
	if title == "" {
		title = "(no title)"
	}
	fmt.Fprintf(&b, "%s%s%s  %s\n", c.tag, title, c.off, p.Employer)
	primary := "no district"
	if t.Primary != nil {
		primary = *t.Primary
	}
	fmt.Fprintf(&b, "  %s, %s; %s, %s, %s; technical %.2f, operational %.2f, hybrid %.2f\n",
		t.Standing, primary, t.Seniority, t.Workplace, t.EmploymentType, t.Technical, t.Operational, t.Hybrid)
	if s := t.Salary; s != nil {
		fmt.Fprintf(&b, "  pay %.0f to %.0f %s a %s; a year %.0f to %.0f (%s)\n", s.Min, s.Max, s.Currency, s.Period, s.AnnualMin, s.AnnualMax, s.AnnualRule)
	}
	evidence := slices.Clone(t.Evidence)
	slices.SortStableFunc(evidence, func(a, b tag.Evidence) int { return strings.Compare(a.Tag, b.Tag) })
	for i, e := range evidence {
		name := e.Tag
		if i > 0 && evidence[i-1].Tag == e.Tag {
			name = ""
		}
		weight := ""
		if e.Weight != 0 {
			weight = fmt.Sprintf(" %+.2f", e.Weight)
		}
		fmt.Fprintf(&b, "  %s%-32s%s %s“%s”%s %s%s, %s%s%s\n", c.tag, name, c.off, c.words, oneLine(e.Text), c.off, c.faint, e.Section, e.Rule, weight, c.off)
	}
	if len(x.Misses) > 0 {
		fmt.Fprintf(&b, "  %snot counted:%s\n", c.faint, c.off)
	}
	for _, m := range x.Misses {
		fmt.Fprintf(&b, "  %s%-32s “%s” %s: %s%s\n", c.faint, m.Tag, oneLine(m.Text), m.Section, m.Why, c.off)
	}
	for _, n := range t.Notes {
		fmt.Fprintf(&b, "  note: %s\n", n)
	}
	b.WriteByte('\n')
	return b.Bytes()
}

// oneLine shortens words to what fits beside their tag.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 70 {
		return string(r[:69]) + "…"
	}
	return s
}
