package tag

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

const weightFile = "weights.yaml"

// biasName is the row of weights.yaml that counts for every posting.
const biasName = "bias"

// row is one row of weights.yaml: a signal and what it adds to which output.
type row struct {
	name    string
	weights []weight
}

// readWeights reads weights.yaml, a list of rows of the form
//
//   - signal | output weight | output weight …
func readWeights(fsys fs.FS, c *classifier) ([]row, error) {
	lines, err := decodeFile[[]word](fsys, weightFile)
	if err != nil {
		return nil, err
	}
	byName := map[string]int32{}
	for i, o := range c.outputs {
		byName[o.String()] = int32(i)
	}
	rows := make([]row, 0, len(lines))
	var errs []error
	for _, l := range lines {
		cells := strings.Split(l.text, " | ")
		r := row{name: cells[0]}
		for _, cell := range cells[1:] {
			o, value, _ := strings.Cut(cell, " ")
			v, err := strconv.ParseFloat(value, 32)
			i, ok := byName[o]
			if err != nil || !ok {
				errs = append(errs, &placedError{weightFile, l.line, l.col, fmt.Sprintf("%q: wanted an output and its weight", cell)})
				continue
			}
			r.weights = append(r.weights, weight{i, float32(v)})
		}
		rows = append(rows, r)
	}
	return rows, errors.Join(errs...)
}

// learn makes the features: those of rows with their weights, and those of
// classes and rules that rows do not name with what titles.yaml and facets.yaml
// say of them.
func (c *classifier) learn(rows []row) {
	c.title, c.body = newPhraseBook(), newPhraseBook()
	c.byName = map[string]int32{}
	c.bias = make([]float32, len(c.outputs))
	c.features, c.weights = nil, nil
	for _, r := range rows {
		if r.name == biasName {
			for _, w := range r.weights {
				c.bias[w.output] = w.value
			}
			continue
		}
		zone, words, _ := strings.Cut(r.name, ":")
		k, ok := map[string]kind{"title": kindTitle, "head": kindHead, "body": kindBody}[zone]
		f := c.addFeature(r.name, r.weights)
		switch {
		case ok && k == kindBody:
			c.body.add(words, int32(k)|f)
		case ok:
			c.title.add(words, int32(k)|f)
		}
	}
	c.untitled = c.featureOr("untitled", []weight{{c.outputOf(modelStanding, "core"), 2}})
	for i := range c.classes {
		c.learnClass(int32(i))
	}
	for i := range c.rules {
		c.learnRule(int32(i))
	}
	for _, w := range c.denials {
		c.body.add(w, int32(kindDeny))
	}
	c.title.freeze()
	c.body.freeze()
}

// learnClass makes the features of a class. What a posting without a title names
// beside the roles it seeks (its trade, its investors) does not put it outside:
// classes that point outside count in titles and texts, not there.
func (c *classifier) learnClass(i int32) {
	t := &c.classes[i]
	t.inTitle = c.featureOr("class:"+t.id, c.pointers(t, 1, 0.7))
	t.inHead = c.featureOr("headclass:"+t.id, c.pointers(t, 1, 1.3))
	t.inText = c.featureOr("about:"+t.id, nil)
	t.inRole, t.inLead = -1, -1
	if t.standing != "outside" {
		t.inRole = c.featureOr("role:"+t.id, c.pointers(t, 0.5, 1))
		t.inLead = c.featureOr("lead:"+t.id, c.pointers(t, 1, 1))
	}
	for _, w := range t.words {
		c.title.add(w, int32(kindClass)|i)
		c.body.add(w, int32(kindClass)|i)
	}
}

func (c *classifier) learnRule(i int32) {
	r := &c.rules[i]
	r.feature = c.featureOr("facet:"+r.id, []weight{{c.outputOf(modelFacet, r.facet), 2 * r.strength}})
	for _, list := range []struct {
		kind    kind
		phrases []string
	}{{kindSign, r.phrases}, {kindVerb, r.verbs}, {kindObject, r.objects}, {kindNot, r.not}} {
		for _, p := range list.phrases {
			c.body.add(p, int32(list.kind)|i)
		}
	}
}

// pointers are the weights that a class has before anything was learned, scaled,
// those of standing once more: the first part of a title says what the role is, the
// rest what it is about.
func (c *classifier) pointers(t *titleClass, scale, standing float32) []weight {
	var ws []weight
	add := func(model, id string, strength float32) {
		if o := c.outputOf(model, id); id != "" && o >= 0 {
			ws = append(ws, weight{o, strength * scale * t.strength})
		}
	}
	add(modelStanding, t.standing, 2*standing)
	add(modelPrimary, t.district, 2)
	add(modelDistrict, t.district, 1)
	add(modelStreet, t.street, 2)
	return ws
}

// featureOr is the feature of that name, made with ws if the rows had none.
func (c *classifier) featureOr(name string, ws []weight) int32 {
	if f, ok := c.byName[name]; ok {
		return f
	}
	return c.addFeature(name, ws)
}

func (c *classifier) addFeature(name string, ws []weight) int32 {
	f := int32(len(c.features))
	c.features = append(c.features, feature{name, int32(len(c.weights)), int32(len(ws))})
	c.weights = append(c.weights, ws...)
	c.byName[name] = f
	return f
}
