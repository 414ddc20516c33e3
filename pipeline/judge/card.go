package judge

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"jobcity/pipeline/tag"
)

// Fields are the fields that a [Card] judges, in the order of the scorer.
var Fields = []string{"standing", "primary", "districts", "streets", "facets", "skills", "need", "seniority", "seniority_false_claims",
	"workplace", "workplace_false_claims", "salary"}

// Card gathers how tags agree with labels: for each field by the definitions of
// the scorer, and for each district, street and facet by itself. A value that only
// one of two readers gave counts neither for nor against. Postings of one employer
// resemble each other, so they form one group of the intervals.
type Card struct {
	rows    map[[2]string]*row // by kind and name
	written map[string]string  // how skills are written, by normal name
}

// row is one line of a card while it grows.
type row struct {
	n          int
	groups     map[string]*Count
	confusions map[Confusion]int
	set        bool
}

// Count is how often tags are right, wrong (given, not labelled) and missed
// (labelled, not given). Of a field with one value what is not right is wrong.
type Count struct{ Right, Wrong, Missed int }

// Confusion is what was labelled and what was tagged instead; one of the two is
// empty where something was missed or made up.
type Confusion struct{ Labelled, Tagged string }

// NewCard is a card without postings.
func NewCard() *Card { return &Card{rows: map[[2]string]*row{}, written: map[string]string{}} }

func (c *Card) row(kind, name string, set bool) *row {
	key := [2]string{kind, name}
	if c.rows[key] == nil {
		c.rows[key] = &row{groups: map[string]*Count{}, confusions: map[Confusion]int{}, set: set}
	}
	return c.rows[key]
}

func (r *row) add(group string, k Count) {
	g := r.groups[group]
	if g == nil {
		g = &Count{}
		r.groups[group] = g
	}
	g.Right, g.Wrong, g.Missed = g.Right+k.Right, g.Wrong+k.Wrong, g.Missed+k.Missed
}

func (r *row) confuse(labelled, tagged string) { r.confusions[Confusion{labelled, tagged}]++ }

// Add judges the tags of one posting by its label; nil tags are all wrong. group
// is its employer, or its id where that is not known.
func (c *Card) Add(l Label, group string, got *tag.Tags) {
	if got == nil {
		got = &tag.Tags{}
	}
	j := judging{card: c, one: &l, two: l.second, got: got, group: group}
	if j.two == nil {
		j.two = j.one
	}
	j.value("standing", l.Standing, j.two.Standing, got.Standing)
	if l.Standing == "core" {
		j.value("primary", l.Primary, j.two.Primary, primaryOf(got))
		if !l.titleOnly {
			j.sets("districts", "district", l.Districts, j.two.Districts, sharesOf(got.Districts))
		}
		j.streets()
	}
	if !l.titleOnly && (l.Standing == "core" || l.Standing == "adjacent") {
		j.sets("facets", "facet", l.Facets, j.two.Facets, facetsOf(got))
		j.skills()
	}
	j.claim("seniority", l.Seniority, j.two.Seniority, got.Seniority)
	if l.titleOnly {
		return
	}
	j.claim("workplace", l.Workplace, j.two.Workplace, got.Workplace)
	j.salary()
}

// judging is one posting in hand.
type judging struct {
	card     *Card
	one, two *Label
	got      *tag.Tags
	group    string
}

// is counts one answer of a field.
func (j *judging) is(field string, right bool) *row {
	r := j.card.row("field", field, false)
	r.n++
	if right {
		r.add(j.group, Count{Right: 1})
	} else {
		r.add(j.group, Count{Wrong: 1})
	}
	return r
}

func (j *judging) value(field, one, two, got string) {
	right := got == one || got == two
	if r := j.is(field, right); !right {
		r.confuse(cmp.Or(one, "none"), cmp.Or(got, "none"))
	}
}

// claim judges a field that may be unspecified.
func (j *judging) claim(field, one, two, got string) {
	got = cmp.Or(got, unspecified)
	switch {
	case one != unspecified && two != unspecified:
		j.value(field, one, two, got)
	case one == two:
		false := got != unspecified
		if r := j.is(field+"_false_claims", false); false {
			r.confuse(unspecified, got)
		}
	}
}

// sets judges a field that is a set of values, and each value of it.
func (j *judging) sets(field, kind string, one, two, got []string) {
	all := j.card.row("field", field, true)
	all.n++
	all.add(j.group, Count{}) // the group is there, whatever it says
	for _, v := range distinct(slices.Concat(one, two, got)) {
		labelled := slices.Contains(one, v) && slices.Contains(two, v)
		doubtful := !labelled && (slices.Contains(one, v) || slices.Contains(two, v))
		var k Count
		switch given := slices.Contains(got, v); {
		case doubtful:
			continue
		case given && labelled:
			k.Right = 1
		case given:
			k.Wrong = 1
			all.confuse("", v)
		default:
			k.Missed = 1
			all.confuse(v, "")
		}
		all.add(j.group, k)
		if kind == "" {
			continue
		}
		r := j.card.row(kind, v, true)
		if labelled {
			r.n++
		}
		r.add(j.group, k)
	}
	if kind != "district" {
		return
	}
	if primary := primaryOf(j.got); primary != j.one.Primary && primary != j.two.Primary {
		j.card.row(kind, j.one.Primary, true).confuse(j.one.Primary, cmp.Or(primary, "none"))
	}
}

// streets judges whether the first street given is among the labelled, and each
// street by itself.
func (j *judging) streets() {
	given := sharesOf(j.got.Streets)
	first := ""
	if len(given) > 0 {
		first = given[0]
	}
	right := slices.Concat(j.one.Streets, j.two.Streets)
	if j.one.titleOnly && j.one.Street != "" {
		right = []string{j.one.Street}
	}
	if len(right) == 0 {
		return
	}
	ok := slices.Contains(right, first)
	if r := j.is("streets", ok); !ok {
		r.confuse(right[0], cmp.Or(first, "none"))
	}
	if j.one.titleOnly {
		return
	}
	// The field has its own measure, so only the rows of the streets are kept.
	scratch := judging{card: NewCard(), one: j.one, two: j.two, got: j.got, group: j.group}
	scratch.sets("streets", "street", j.one.Streets, j.two.Streets, given)
	for key, r := range scratch.card.rows {
		if key[0] != "street" {
			continue
		}
		to := j.card.row(key[0], key[1], true)
		to.n += r.n
		to.add(j.group, *r.groups[j.group])
	}
	if !ok {
		j.card.row("street", right[0], true).confuse(right[0], cmp.Or(first, "none"))
	}
}

// skills judges which skills are named and, of those that both name, the need.
func (j *judging) skills() {
	one, two, got := j.one.skills(), j.two.skills(), taggedSkills(j.got)
	for _, s := range slices.Concat(j.one.Skills, j.two.Skills) {
		j.card.write(s.Name)
	}
	for _, s := range j.got.Skills {
		j.card.write(s.Name)
	}
	names := func(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
	j.sets("skills", "", names(one), names(two), names(got))
	r := j.card.row("field", "need", false)
	r.n++
	r.add(j.group, Count{})
	for name, need := range got {
		a, inOne := one[name]
		b, inTwo := two[name]
		switch {
		case !inOne || !inTwo:
		case need == a || need == b:
			r.add(j.group, Count{Right: 1})
		default:
			r.add(j.group, Count{Wrong: 1})
			r.confuse(a, need)
		}
	}
}

func (j *judging) salary() {
	got := taggedPay(j.got.Salary)
	one, two := j.one.pay(), j.two.pay()
	ok := got == one || got == two
	r := j.is("salary", ok)
	switch {
	case ok:
	case got == pay{}:
		r.confuse("stated", "none")
	case one == pay{}:
		r.confuse("none", "stated")
	default:
		r.confuse("stated", "otherwise")
	}
}

// write notes how a skill is written, since a normal name may be no word
// ("devop"): as its normal name if anybody writes that, else as the first in the
// alphabet of its ways.
func (c *Card) write(name string) {
	key, name := normal(name), strings.ToLower(name)
	if known, ok := c.written[key]; !ok || known != key && (name == key || name < known) {
		c.written[key] = name
	}
}

func (c *Card) spelled(key string) string { return cmp.Or(c.written[key], key) }
