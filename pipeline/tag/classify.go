package tag

import (
	"errors"
	"io/fs"
	"sync"
)

// classifier finds standing, districts, streets, facets and the mix. It is a set
// of linear models over named signals (classify_signal.go): what a signal
// contributes to an output is one number that stands in weights.yaml or, where
// nothing was learned of it, follows from titles.yaml and facets.yaml. So every
// answer is the sum of named words.
type classifier struct {
	outputs   []output
	districts []string // ids
	streets   []string // "software/backend"
	classes   []titleClass
	rules     []facetRule
	denials   []string
	afterNot  wordSet
	seeking   wordSet
	ranks     wordSet
	untitled  int32 // its feature

	title, body *phraseBook
	features    []feature
	byName      map[string]int32
	bias        []float32 // by output
	weights     []weight  // of feature f: weights[f.weight:f.weight+f.weights]

	standings, primaries, members, ways, facets outputs   // which outputs are which
	pool                                        sync.Pool // of *trace
}

// output is one thing the models decide: the standing "core", the facet
// "monitoring" …
type output struct{ model, id string }

func (o output) String() string { return o.model + "/" + o.id }

// outputs are outputs[from:to] of a classifier.
type outputs struct{ from, to int }

// feature is a signal by name.
type feature struct {
	name            string
	weight, weights int32
}

// weight is what a signal of value 1 adds to an output.
type weight struct {
	output int32
	value  float32
}

func newClassifier(fsys fs.FS) (*classifier, error) {
	c, err := newUntrained(fsys)
	if err != nil {
		return nil, err
	}
	rows, err := readWeights(fsys, c)
	if err != nil {
		return nil, err
	}
	c.learn(rows)
	return c, nil
}

// newUntrained reads all but the weights.
func newUntrained(fsys fs.FS) (*classifier, error) {
	c := &classifier{}
	if err := c.readMap(fsys); err != nil {
		return nil, err
	}
	c.nameOutputs()
	if err := errors.Join(c.readTitles(fsys), c.readFacets(fsys), c.readWording(fsys)); err != nil {
		return nil, err
	}
	return c, nil
}

var standingIDs = [...]string{"core", "adjacent", "outside"}

// The models, in the order of their outputs.
const (
	modelStanding = "standing" // one of three
	modelPrimary  = "primary"  // one of the districts
	modelDistrict = "district" // each by itself
	modelStreet   = "street"   // one of all, the likeliest first
	modelFacet    = "facet"    // each by itself
)

func (c *classifier) nameOutputs() {
	add := func(model string, ids []string) outputs {
		o := outputs{len(c.outputs), len(c.outputs) + len(ids)}
		for _, id := range ids {
			c.outputs = append(c.outputs, output{model, id})
		}
		return o
	}
	c.standings = add(modelStanding, standingIDs[:])
	c.primaries = add(modelPrimary, c.districts)
	c.members = add(modelDistrict, c.districts)
	c.ways = add(modelStreet, c.streets)
	c.facets = add(modelFacet, facetIDs[:])
}

// outputOf is the index of an output, or -1.
func (c *classifier) outputOf(model, id string) int32 {
	for i, o := range c.outputs {
		if o.model == model && o.id == id {
			return int32(i)
		}
	}
	return -1
}

// classify fills standing, primary, districts, streets, facets and the mix of
// out, which already has its skills.
func (c *classifier) classify(d *document, out *Tags) {
	t, ok := c.pool.Get().(*trace)
	if !ok {
		t = &trace{}
	}
	defer c.pool.Put(t)
	c.observe(d, t)
	score := append(t.score[:0], c.bias...)
	t.score = score
	for _, f := range t.touched {
		v := t.value[f]
		ft := &c.features[f]
		for _, w := range c.weights[ft.weight : ft.weight+ft.weights] {
			score[w.output] += w.value * v
		}
	}
	c.decide(d, t, out)
	out.mix(d)
}
