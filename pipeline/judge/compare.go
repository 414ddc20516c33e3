package judge

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"jobcity/pipeline/tag"
)

// Kinds of tags whose shares a [Comparison] follows, in the order of its report.
var kinds = []string{"standing", "primary", "district", "street", "facet", "skill", "seniority", "workplace", "employment_type", "metric"}

// compared are the fields that a [Comparison] holds against each other, each with
// the values that a posting has there. A posting changes where the set of them does.
var compared = []struct {
	field string
	of    func(*tag.Tags) []string
}{
	{"standing", func(t *tag.Tags) []string { return said(t.Standing) }},
	{"primary", func(t *tag.Tags) []string { return said(primaryOf(t)) }},
	{"districts", func(t *tag.Tags) []string { return sharesOf(t.Districts) }},
	{"streets", func(t *tag.Tags) []string { return sharesOf(t.Streets) }},
	{"facets", facetsOf},
	{"mix", func(*tag.Tags) []string { return nil }}, // see moved
	{"skills", func(t *tag.Tags) []string {
		out := make([]string, 0, len(t.Skills))
		for _, s := range t.Skills {
			out = append(out, s.ID)
		}
		return out
	}},
	{"need", func(*tag.Tags) []string { return nil }}, // see needs
	{"seniority", func(t *tag.Tags) []string { return said(t.Seniority) }},
	{"workplace", func(t *tag.Tags) []string { return said(t.Workplace) }},
	{"employment_type", func(t *tag.Tags) []string { return said(t.EmploymentType) }},
	{"salary", func(t *tag.Tags) []string { return said(payOf(t.Salary)) }},
	{"places", func(t *tag.Tags) []string {
		out := make([]string, 0, len(t.Places))
		for _, p := range t.Places {
			out = append(out, strings.Trim(p.Country+" "+p.Region+" "+p.City, " "))
		}
		return out
	}},
	{"years", func(t *tag.Tags) []string {
		if t.Years == nil {
			return nil
		}
		return []string{strconv.Itoa(*t.Years)}
	}},
	{"degree", func(t *tag.Tags) []string { return said(t.Degree) }},
	{"language", func(t *tag.Tags) []string { return said(t.Language) }},
	{"metrics", func(t *tag.Tags) []string { return t.Metrics }},
}

// kindOf is the kind whose shares follow a field.
var kindOf = map[string]string{"standing": "standing", "primary": "primary", "districts": "district", "streets": "street", "facets": "facet",
	"skills": "skill", "seniority": "seniority", "workplace": "workplace", "employment_type": "employment_type", "metrics": "metric"}

// said is what a field of one value says: "unspecified" and nothing are no value.
func said(v string) []string {
	if v == "" || v == "unspecified" {
		return nil
	}
	return []string{v}
}

// shift is how far a share of the mix must move to be a change.
const shift = 0.05

// moved is how the mix changed, if it did.
func moved(before, after *tag.Tags) (lost, gained []string) {
	for _, m := range []struct {
		name string
		a, b float64
	}{{"technical", before.Technical, after.Technical}, {"hybrid", before.Hybrid, after.Hybrid}} {
		if math.Abs(m.a-m.b) >= shift {
			lost = append(lost, fmt.Sprintf("%s %.2f", m.name, m.a))
			gained = append(gained, fmt.Sprintf("%s %.2f", m.name, m.b))
		}
	}
	return lost, gained
}

// needs is how the need of skills changed that a posting has under both.
func needs(before, after *tag.Tags) (lost, gained []string) {
	had := map[string]string{}
	for _, s := range before.Skills {
		had[s.ID] = s.Need
	}
	for _, s := range after.Skills {
		if was, both := had[s.ID]; both && was != s.Need {
			lost = append(lost, s.ID+" "+was)
			gained = append(gained, s.ID+" "+s.Need)
		}
	}
	return lost, gained
}

// Change is what one posting lost and gained in one field.
type Change struct {
	Field  string   `json:"field"`
	Lost   []string `json:"lost"`
	Gained []string `json:"gained"`
}

// Changes are the fields in which two taggings of one posting differ, in the order
// of the report. The mix has changed when a share of it moved by 0.05 or more; the
// order of values and the weights of memberships do not count.
func Changes(before, after *tag.Tags) []Change {
	var out []Change
	for _, f := range compared {
		var lost, gained []string
		switch f.field {
		case "mix":
			lost, gained = moved(before, after)
		case "need":
			lost, gained = needs(before, after)
		default:
			a, b := f.of(before), f.of(after)
			lost, gained = without(a, b), without(b, a)
		}
		if len(lost)+len(gained) > 0 {
			out = append(out, Change{f.field, lost, gained})
		}
	}
	return out
}

// without are the values of a that b lacks, each once, sorted.
func without(a, b []string) []string {
	out := []string{}
	for _, v := range a {
		if !slices.Contains(b, v) {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Comparison gathers what changes between two taxonomies, posting by posting. It
// is safe for concurrent use, and the order of the postings makes no difference.
type Comparison struct {
	mu       sync.Mutex
	most     int // examples kept
	postings int
	changed  int
	fields   map[string]int
	tags     map[[2]string]*tally
	examples []Example
}

// tally counts the postings that have a tag.
type tally struct{ before, after, lost, gained int }

// NewComparison keeps at most so many examples.
func NewComparison(examples int) *Comparison {
	return &Comparison{most: examples, fields: map[string]int{}, tags: map[[2]string]*tally{}}
}

// Add compares the tags of one posting before and after the change.
func (c *Comparison) Add(id, title string, before, after *tag.Tags) {
	changes := Changes(before, after)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.postings++
	for _, f := range compared {
		kind, followed := kindOf[f.field]
		if !followed {
			continue
		}
		for _, v := range distinct(f.of(before)) {
			c.tally(kind, v).before++
		}
		for _, v := range distinct(f.of(after)) {
			c.tally(kind, v).after++
		}
	}
	if len(changes) == 0 {
		return
	}
	c.changed++
	for _, ch := range changes {
		c.fields[ch.Field]++
		if kind, followed := kindOf[ch.Field]; followed {
			for _, v := range ch.Lost {
				c.tally(kind, v).lost++
			}
			for _, v := range ch.Gained {
				c.tally(kind, v).gained++
			}
		}
	}
	c.keep(Example{ID: id, Title: title, Changes: changes})
}

// distinct is list, sorted, each value once.
func distinct(list []string) []string {
	out := slices.Clone(list)
	slices.Sort(out)
	return slices.Compact(out)
}

func (c *Comparison) tally(kind, id string) *tally {
	key := [2]string{kind, id}
	if c.tags[key] == nil {
		c.tags[key] = &tally{}
	}
	return c.tags[key]
}

// keep keeps e if it is among those that changed most.
func (c *Comparison) keep(e Example) {
	at, _ := slices.BinarySearchFunc(c.examples, e, func(a, b Example) int {
		return cmp.Or(b.size()-a.size(), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Title, b.Title))
	})
	if at < c.most {
		c.examples = slices.Insert(c.examples, at, e)
		c.examples = c.examples[:min(len(c.examples), c.most)]
	}
}

// size is how much changed: a field counts as much as ten values.
func (e Example) size() int {
	n := 0
	for _, c := range e.Changes {
		n += 10 + len(c.Lost) + len(c.Gained)
	}
	return n
}
