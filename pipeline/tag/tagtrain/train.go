package main

import (
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"math"
	"os"
	"slices"
	"sort"
	"strings"
	"sync"

	"jobcity/pipeline/tag"
)

// trainer learns weights for one taxonomy.
type trainer struct {
	fsys      fs.FS
	employers int
	models    []model
	adjust    map[string]float64 // by model: the probability from which an output counts
}

func newTrainer(fsys fs.FS, employers int) (*trainer, error) {
	l, err := tag.NewLearner(fsys)
	if err != nil {
		return nil, err
	}
	// The harmonic mean of precision and recall is highest when an output of its own
	// counts from a little under one half.
	t := &trainer{fsys: fsys, employers: employers, adjust: map[string]float64{"facet": 0.4, "district": 0.4}}
	strength := map[string]float64{"standing": 1, "primary": 1.4, "district": 2, "street": 0.7, "facet": 3}
	for _, o := range l.Outputs() {
		name, _, _ := strings.Cut(o, "/")
		if n := len(t.models); n == 0 || t.models[n-1].name != name {
			t.models = append(t.models, model{name: name, each: name == "district" || name == "facet", l2: strength[name]})
		}
		m := &t.models[len(t.models)-1]
		m.outputs = append(m.outputs, o)
	}
	return t, nil
}

// vocabulary is the terms that enough groups use, each written as most write it.
func (t *trainer) vocabulary(l *tag.Learner, examples []example) []string {
	type use struct {
		groups map[string]bool
		texts  map[string]int
	}
	uses := map[string]*use{}
	for _, e := range examples {
		for _, term := range l.Terms(e.posting) {
			u := uses[term.Name]
			if u == nil {
				u = &use{map[string]bool{}, map[string]int{}}
				uses[term.Name] = u
			}
			u.groups[e.group] = true
			u.texts[plainWords(term.Text)]++
		}
	}
	var out []string
	for _, u := range uses {
		if len(u.groups) < t.employers {
			continue
		}
		best := ""
		for text, n := range u.texts {
			if best == "" || n > u.texts[best] || n == u.texts[best] && text < best {
				best = text
			}
		}
		if !onlyDigits(best) {
			out = append(out, best)
		}
	}
	sort.Strings(out)
	return out
}

// plainWords is a term without the marks between its words, which do not count.
func plainWords(text string) string {
	zone, words, _ := strings.Cut(text, ":")
	return zone + ":" + strings.Join(strings.FieldsFunc(words, func(r rune) bool {
		return r < 128 && !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '+' || r == '#') || r == '’' || r == '–' || r == '—' || r == '•'
	}), " ")
}

func onlyDigits(name string) bool {
	_, words, _ := strings.Cut(name, ":")
	return strings.Trim(words, "0123456789 ") == ""
}

// corpus is examples as the models see them.
type corpus struct {
	examples []example
	samples  []sample // of the examples; without targets
	names    []string // of the signals; the first is the bias
	prior    []map[string]float64
}

// read turns examples into samples over the terms that enough employers use.
func (t *trainer) read(examples []example) (*corpus, error) {
	l, err := tag.NewLearner(t.fsys)
	if err != nil {
		return nil, err
	}
	l.Know(t.vocabulary(l, examples))
	c := &corpus{examples: examples, names: append([]string{"bias"}, l.Names()...)}
	index := map[string]int32{}
	for i, n := range c.names {
		index[n] = int32(i)
		c.prior = append(c.prior, l.Prior(n))
	}
	for _, e := range examples {
		s := sample{signals: []int32{0}, values: []float32{1}, weight: e.weight}
		for _, g := range l.Signals(e.posting) {
			s.signals, s.values = append(s.signals, index[g.Name]), append(s.values, float32(g.Value))
		}
		c.samples = append(c.samples, s)
	}
	return c, nil
}

// train learns from the examples of c that use picks.
func (t *trainer) train(c *corpus, use func(example) bool) tag.Learned {
	weights := make([][]float32, len(t.models))
	var wg sync.WaitGroup
	for i, m := range t.models {
		wg.Go(func() { weights[i] = fitModel(m, c, use) })
	}
	wg.Wait()
	learned := tag.Learned{}
	for i, m := range t.models {
		t.collect(learned, m, c.names, weights[i])
	}
	return learned
}

func fitModel(m model, c *corpus, use func(example) bool) []float32 {
	var samples []sample
	for i, e := range c.examples {
		target, weight := m.target(e)
		if target == nil || len(c.samples[i].signals) < 2 || !use(e) {
			continue
		}
		s := c.samples[i]
		s.target, s.weight = target, s.weight*weight
		samples = append(samples, s)
	}
	k := len(m.outputs)
	prior := make([]float32, len(c.names)*k)
	for f := range c.names {
		for o, v := range c.prior[f] {
			if i := slices.Index(m.outputs, o); i >= 0 {
				prior[f*k+i] = float32(v)
			}
		}
	}
	return fit(samples, m, prior)
}

// target is what e says of the outputs of m and how much it counts, or nil if it
// says nothing.
func (m model) target(e example) ([]float32, float64) {
	y := make([]float32, len(m.outputs))
	set := func(id string, v float32) {
		if k := slices.Index(m.outputs, m.name+"/"+id); k >= 0 {
			y[k] = v
		}
	}
	switch m.name {
	case "standing":
		set(e.label.Standing, 1)
		return y, 1
	case "primary":
		if e.label.Primary == "" {
			return nil, 0
		}
		set(e.label.Primary, 1)
		if e.label.Standing != "core" {
			return y, 0.5
		}
	case "district":
		if len(e.label.Districts) == 0 {
			return nil, 0
		}
		for _, d := range e.label.Districts {
			set(d, 1)
		}
		if e.title {
			return y, 0.5
		}
	case "street":
		if len(e.label.Streets) == 0 {
			return nil, 0
		}
		rest := float32(len(e.label.Streets) - 1)
		for i, s := range e.label.Streets {
			switch {
			case rest == 0:
				set(s, 1)
			case i == 0:
				set(s, 0.6)
			default:
				set(s, 0.4/rest)
			}
		}
	case "facet":
		if e.title || e.label.Facets == nil || e.label.Standing == "outside" {
			return nil, 0
		}
		for _, f := range e.label.Facets {
			set(f, 1)
		}
	}
	return y, 1
}

// smallest is the least weight that is kept: what is less decides nothing.
const smallest = 0.06

// collect adds the weights of a model to learned: rounded, without the small ones,
// and with the bias moved so that an output counts from one half.
func (t *trainer) collect(learned tag.Learned, m model, names []string, w []float32) {
	k := len(m.outputs)
	for f, name := range names {
		for o, v := range w[f*k : f*k+k] {
			x := float64(v)
			if p := t.adjust[m.name]; f == 0 && p > 0 {
				x -= math.Log(p / (1 - p))
			}
			if math.Abs(x) < smallest && f > 0 {
				continue
			}
			if learned[name] == nil {
				learned[name] = map[string]float64{}
			}
			learned[name][m.outputs[o]] = math.Round(x*100) / 100
		}
	}
}

// fold is the fold of five that a group is in.
func fold(group string) int {
	h := fnv.New32a()
	_, _ = io.WriteString(h, group) // a hash takes everything
	return int(h.Sum32()>>8) % folds
}

const folds = 5

// writeWeights writes weights.yaml.
func writeWeights(path string, learned tag.Learned) error {
	var b strings.Builder
	b.WriteString("# What each signal adds to each output: learned by `make train` (pipeline/tag/tagtrain)\n" +
		"# from labelled postings and titles; see pipeline/tag/classify_signal.go for what\n" +
		"# the signals are. Do not edit: edit titles.yaml and facets.yaml and train again.\n")
	names := make([]string, 0, len(learned))
	for n := range learned {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		outputs := make([]string, 0, len(learned[n]))
		for o := range learned[n] {
			outputs = append(outputs, o)
		}
		sort.Strings(outputs)
		fmt.Fprintf(&b, "- %q\n", row(n, outputs, learned[n]))
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		return fmt.Errorf("write weights: %w", err)
	}
	return nil
}

func row(name string, outputs []string, w map[string]float64) string {
	cells := []string{name}
	for _, o := range outputs {
		cells = append(cells, fmt.Sprintf("%s %g", o, w[o]))
	}
	return strings.Join(cells, " | ")
}
