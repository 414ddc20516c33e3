package tag

import (
	"slices"
	"strings"
)

// vocabulary is the compiled words of skills, metrics and needs.
type vocabulary struct {
	skills   []skill
	metrics  []metric
	surfaces []surface // owners of layerSkill
	measures []surface // owners of layerMetric
	cues     []cue     // owners of layerCue
	forms    []form
	pairs    map[string]int32 // surfaces of two words, in lower case
	worth    *worth
}

// cue is a phrase that says something about the skills beside it.
type cue struct {
	nice, must, mention bool
	example             bool
	negation            bool
	before, after       bool
	skills              []int32 // ascending: whose context it is
	measures            []int32
	text                string
}

func newVocabulary(e entries) *vocabulary {
	v := &vocabulary{pairs: map[string]int32{}}
	cues := map[string]int32{}
	cueOf := func(text string) *cue {
		text = strings.ToLower(plainForm(text))
		k, ok := cues[text]
		if !ok {
			k = int32(len(v.cues))
			cues[text] = k
			v.cues = append(v.cues, cue{text: text})
			v.forms = append(v.forms, form{text: text, owner: k, layer: layerCue})
		}
		return &v.cues[k]
	}
	taken := map[string]bool{}
	for k, s := range e.skills {
		v.skills = append(v.skills, skill{id: s.ID.text, name: s.Name.text, kind: s.Kind.text, technical: s.Side.text != sideOperational,
			notion: s.Kind.text == kindConcept || s.Kind.text == kindMethod, districts: texts(s.Districts), tag: "skill:" + s.ID.text})
		v.surfaces = v.add(v.surfaces, layerSkill, int32(k), s.surfaces(), taken)
		for _, c := range s.Context {
			q := cueOf(c.text)
			q.skills = append(q.skills, int32(k))
		}
	}
	for _, s := range e.skills { // behind all forms: one that is also a skill stays one
		v.surfaces = v.add(v.surfaces, layerSkill, -1, negatives(s.Not), taken)
	}
	taken = map[string]bool{}
	for k, m := range e.metrics {
		v.metrics = append(v.metrics, metric{id: m.ID.text, name: m.Name.text, tag: "metric:" + m.ID.text, districts: texts(m.Districts)})
		s := skillEntry{ID: m.ID, Name: m.Name, Aliases: m.Aliases, Case: m.Case, Ambiguous: m.Ambiguous}
		v.measures = v.add(v.measures, layerMetric, int32(k), s.surfaces(), taken)
		for _, c := range m.Context {
			q := cueOf(c.text)
			q.measures = append(q.measures, int32(k))
		}
	}
	for _, m := range e.metrics {
		v.measures = v.add(v.measures, layerMetric, -1, negatives(m.Not), taken)
	}
	for _, l := range []struct {
		words []word
		set   func(*cue)
	}{
		{e.needs.Nice, func(c *cue) { c.nice = true }}, {e.needs.Must, func(c *cue) { c.must = true }},
		{e.needs.Mention, func(c *cue) { c.mention = true }}, {e.needs.Negation, func(c *cue) { c.negation = true }},
		{e.needs.Examples, func(c *cue) { c.example = true }},
		{e.needs.Before, func(c *cue) { c.before = true }}, {e.needs.After, func(c *cue) { c.after = true }},
	} {
		for _, w := range l.words {
			l.set(cueOf(w.text))
		}
	}
	return v
}

// surfaceForm is a surface with the way it must be written.
type surfaceForm struct {
	text             string
	exact, ambiguous bool
	naming           naming
	at               word
}

// surfaces are the ways to write s. Of a skill whose name is matched in exactly
// its case, the aliases in lower case are not; of an ambiguous one, the aliases
// of other letters are plain. A name that must be written in its case is matched
// loosely too: an enumeration of skills vouches for "rust" and "SASS".
func (s *skillEntry) surfaces() []surfaceForm {
	exact := s.Case.text == caseExact
	out := []surfaceForm{{s.Name.text, exact, s.Ambiguous, ownName, s.Name}}
	for k, a := range slices.Concat(s.Aliases, s.Phrases) {
		same := strings.EqualFold(a.text, s.Name.text)
		f := surfaceForm{a.text, exact && a.text != strings.ToLower(a.text), s.Ambiguous && (same || len(a.text) == 1), phrase, a}
		switch {
		case same:
			f.naming = ownName
		case k < len(s.Aliases):
			f.naming = otherName
		}
		out = append(out, f)
	}
	if exact {
		out = append(out, surfaceForm{s.Name.text, false, true, loosely, s.Name})
	}
	return out
}

// negatives are hard negatives as surfaces of nothing.
func negatives(not []word) []surfaceForm {
	out := make([]surfaceForm, len(not))
	for i, n := range not {
		out[i] = surfaceForm{text: n.text, at: n}
	}
	return out
}

// add appends the surfaces of the skill or metric of, but those that are taken.
func (v *vocabulary) add(all []surface, l layer, of int32, own []surfaceForm, taken map[string]bool) []surface {
	for _, f := range own {
		key := surfaceKey(f.text, f.exact)
		if taken[key] {
			continue
		}
		taken[key] = true
		v.forms = append(v.forms, form{text: f.text, exact: f.exact, owner: int32(len(all)), layer: l})
		if cut := strings.IndexByte(f.text, ' '); l == layerSkill && of >= 0 && cut > 0 && cut == strings.LastIndexByte(f.text, ' ') {
			v.pairs[strings.ToLower(f.text)] = int32(len(all))
		}
		all = append(all, surface{of, f.ambiguous, f.naming, f.text})
	}
	return all
}

// surfaceKey is equal for forms that match the same texts.
func surfaceKey(text string, exact bool) string {
	if exact {
		return "=" + plainForm(text)
	}
	return strings.ToLower(plainForm(text))
}

const (
	caseExact       = "exact"
	kindConcept     = "concept"
	kindMethod      = "method"
	sideTechnical   = "technical"
	sideOperational = "operational"
)

func texts(ws []word) []string {
	out := make([]string, len(ws))
	for i, w := range ws {
		out[i] = w.text
	}
	return out
}

// inContext says whether a word of c's context stands in line i or in the title.
func (v *vocabulary) inContext(d *document, i int, c *candidate) bool {
	of := func(line int) bool {
		for _, h := range d.hitsOf(line) {
			if h.layer != layerCue || h.start < c.end && c.start < h.end {
				continue
			}
			q := &v.cues[h.owner]
			who := q.skills
			if c.layer == layerMetric {
				who = q.measures
			}
			if _, ok := slices.BinarySearch(who, c.s.of); ok {
				return true
			}
		}
		return false
	}
	return of(i) || i > 0 && d.lines[0].section == sectionTitle && of(0)
}

// near says whether the words straight before or behind c are said of skills.
func (v *vocabulary) near(d *document, i int, c *candidate) bool {
	for _, h := range d.hitsOf(i) {
		if h.layer != layerCue {
			continue
		}
		q := &v.cues[h.owner]
		if q.before && h.end+1 == c.start || q.after && h.start == c.end+1 && d.plain[c.end] == ' ' {
			return true
		}
	}
	return false
}
