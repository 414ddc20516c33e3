package tag

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"jobcity/pipeline/posting"
)

// Learner shows a training program what the classifier sees of postings. The
// signals are found by the same code that tags.
type Learner struct {
	c *classifier
	s *sections
}

// Signal is a named signal of one posting, with its value in (0,2].
type Signal struct {
	Name  string
	Value float64
}

// Term is a word or pair of words that could become a signal: its zone and folded
// words ("title:machine learning"), and how the posting writes it.
type Term struct{ Name, Text string }

// NewLearner reads the taxonomy, without its weights.
func NewLearner(fsys fs.FS) (*Learner, error) {
	c, err := newUntrained(fsys)
	if err != nil {
		return nil, fmt.Errorf("read taxonomy to learn from: %w", err)
	}
	s, err := newSections(fsys)
	if err != nil {
		return nil, fmt.Errorf("read taxonomy to learn from: %w", err)
	}
	l := &Learner{c, s}
	l.Know(nil)
	return l, nil
}

// Outputs are the names of what is decided, "model/id", in their order.
func (l *Learner) Outputs() []string {
	var names []string
	for _, o := range l.c.outputs {
		names = append(names, o.String())
	}
	return names
}

// Know sets the terms that are signals, beside the classes and rules of the
// taxonomy. The names are those of [Term], their words written in any way.
func (l *Learner) Know(terms []string) {
	rows := make([]row, 0, len(terms))
	for _, t := range terms {
		rows = append(rows, row{name: t})
	}
	l.c.learn(rows)
}

// Names are the names of all signals there are.
func (l *Learner) Names() []string {
	var names []string
	for _, f := range l.c.features {
		names = append(names, f.name)
	}
	return names
}

// Prior is what the taxonomy says a signal adds to each output that it points
// to, before anything is learned.
func (l *Learner) Prior(name string) map[string]float64 {
	prior := map[string]float64{}
	if f, ok := l.c.byName[name]; ok {
		ft := l.c.features[f]
		for _, w := range l.c.weights[ft.weight : ft.weight+ft.weights] {
			prior[l.c.outputs[w.output].String()] = float64(w.value)
		}
	}
	return prior
}

// Signals are the signals of p.
func (l *Learner) Signals(p posting.Posting) []Signal {
	var t trace
	l.c.observe(l.document(&p), &t)
	out := make([]Signal, 0, len(t.touched))
	for _, f := range t.touched {
		out = append(out, Signal{l.c.features[f].name, float64(t.value[f])})
	}
	return out
}

func (l *Learner) document(p *posting.Posting) *document {
	text, _ := bounded(p.Text)
	d := &document{posting: p, reading: read(p.Title, text)}
	l.s.mark(d.reading, p.Employer)
	return d
}

// Terms are all terms of p, each once.
func (l *Learner) Terms(p posting.Posting) []Term {
	d := l.document(&p)
	seen := map[string]bool{}
	var out []Term
	add := func(zone string, words []spelling) {
		name := zone + foldPhrase(d.plain[words[0].start:words[len(words)-1].end])
		if !seen[name] {
			seen[name] = true
			out = append(out, Term{name, zone + strings.ToLower(d.plain[words[0].start:words[len(words)-1].end])})
		}
	}
	for i, line := range d.lines {
		words := spell(nil, d.plain, line.start, line.end)
		if i == 0 {
			title := words[:min(len(words), longestTitle)]
			for k := range title {
				add("title:", title[k:k+1])
				add("title:", title[max(k-1, 0):k+1])
			}
			if line.section == sectionTitle {
				if n := l.c.headEnd(d.plain, title); n > 0 {
					add("head:", title[n-1:n])
					add("head:", title[max(n-2, 0):n])
				}
			}
		}
		if line.section == sectionTitle || !line.section.counts() {
			continue
		}
		for k := range words {
			add("body:", words[k:k+1])
			if k > 0 && !words[k-1].ends {
				add("body:", words[k-1:k+1])
			}
		}
	}
	slices.SortFunc(out, func(a, b Term) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Learned is what was learned: signal → output → weight. The signal "bias" counts
// for every posting.
type Learned map[string]map[string]float64

// Learn sets what was learned; signals that it does not name weigh what the
// taxonomy says.
func (l *Learner) Learn(learned Learned) {
	rows := make([]row, 0, len(learned))
	for _, name := range slices.Sorted(maps.Keys(learned)) {
		r := row{name: name}
		for i, o := range l.c.outputs {
			if v, ok := learned[name][o.String()]; ok {
				r.weights = append(r.weights, weight{int32(i), float32(v)})
			}
		}
		rows = append(rows, r)
	}
	l.c.learn(rows)
}

// Classify is what the classifier alone says of p after [Learner.Learn].
func (l *Learner) Classify(p posting.Posting) Tags {
	out := Tags{ID: p.ID}
	l.c.classify(l.document(&p), &out)
	return out
}
