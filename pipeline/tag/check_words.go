package tag

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// placedForm is a form and where the taxonomy has it.
type placedForm struct {
	form
	file, of string // of: the entry or list it belongs to
	at       word
}

// reach complains of forms that no text can produce: those in which the matcher
// sees no word, and those that the reader makes something else of, such as an
// entity or a tag. A form is tried by itself and inside a sentence.
func (c *checker) reach(list []placedForm) {
	forms := make([]form, len(list))
	for i, f := range list {
		forms[i] = f.form
		forms[i].owner = int32(i)
	}
	m := newMatcher(forms)
	var s stripper
	var hits []hit
	for i, f := range list {
		found := func(text string) bool {
			hits = m.find(s.read("", text).plain, hits[:0])
			return slices.ContainsFunc(hits, func(h hit) bool { return h.owner == int32(i) })
		}
		if found(f.text) || found("so "+f.text+" so") {
			continue
		}
		c.file = f.file
		c.complain(f.at, "%s: the form %q can never match: no text reads so", f.of, f.text)
	}
}

// placedForms are the forms of skills, metrics and cues, layer by layer.
func placedForms(e entries) (skills, metrics, cues []placedForm) {
	add := func(to []placedForm, s *skillEntry, file string) []placedForm {
		for _, f := range append(s.surfaces(), negatives(s.Not)...) {
			to = append(to, placedForm{form{text: f.text, exact: f.exact}, file, s.ID.text, f.at})
		}
		for _, w := range s.Context {
			cues = append(cues, placedForm{form{text: w.text}, file, s.ID.text, w})
		}
		return to
	}
	for i := range e.skills {
		skills = add(skills, &e.skills[i], e.skills[i].file)
	}
	for _, m := range e.metrics {
		s := skillEntry{ID: m.ID, Name: m.Name, Aliases: m.Aliases, Case: m.Case, Ambiguous: m.Ambiguous, Context: m.Context, Not: m.Not}
		metrics = add(metrics, &s, metricFile)
	}
	for _, l := range e.needs.lists() {
		for _, w := range l.words {
			cues = append(cues, placedForm{form{text: w.text}, needFile, l.name, w})
		}
	}
	return skills, metrics, cues
}

// needList is one list of needs.yaml.
type needList struct {
	name  string
	words []word
}

func (n needEntry) lists() []needList {
	return []needList{{"must", n.Must}, {"nice", n.Nice}, {"mention", n.Mention}, {"negation", n.Negation}, {"before", n.Before}, {"after", n.After}, {"examples", n.Examples}}
}

// cues complains of a cue that stands in its list twice, and of one that says two
// needs at once, of which only one can count.
func (c *checker) cues(n needEntry) {
	c.file = needFile
	lists := n.lists()
	needs := map[string]owned{}
	for _, l := range lists {
		own := map[string]owned{}
		for _, w := range l.words {
			key := surfaceKey(w.text, false)
			if other, taken := own[key]; taken {
				c.complain(w, "%s: %q is there twice (line %d)", l.name, w.text, other.at.line)
				continue
			}
			own[key] = owned{at: w}
			if l.name != "must" && l.name != "nice" && l.name != "mention" {
				continue
			}
			if other, taken := needs[key]; taken {
				c.complain(w, "%s: %q says %s too (line %d), and only one of them can count", l.name, w.text, other.id, other.at.line)
				continue
			}
			needs[key] = owned{id: l.name, at: w}
		}
	}
}

// placedSection is an entry of sections.yaml with the places of its words.
type placedSection struct {
	Section  word   `yaml:"section"`
	Rank     int    `yaml:"rank"`
	Headings []word `yaml:"headings"`
	Whole    []word `yaml:"whole"`
	Lines    []word `yaml:"lines"`
}

// sections complains of unknown sections and of phrases that no heading or line
// can match: those that stand in another entry too, and those that are not as
// headings are compared.
func (c *checker) sections(fsys fs.FS) {
	list, err := decodeFile[[]placedSection](fsys, sectionFile)
	if err != nil {
		c.errs = append(c.errs, err)
		return
	}
	names := slices.DeleteFunc(slices.Clone(sectionNames[:]), func(s string) bool { return s == sectionTitle.String() })
	headings, whole, lines := map[string]owned{}, map[string]owned{}, map[string]owned{}
	var headingForms, lineForms []placedForm
	for _, s := range list {
		c.file = sectionFile
		if !slices.Contains(names, s.Section.text) {
			c.complain(s.Section, "section %q is not one of %s%s", s.Section.text, strings.Join(names, ", "), suggestion(s.Section.text, names))
		}
		for _, w := range s.Headings {
			c.once(headings, s.Section.text, w)
			headingForms = append(headingForms, placedForm{form{text: w.text}, sectionFile, s.Section.text, w})
			if len(w.text) > longestHeading {
				c.complain(w, "%s: no heading is as long as %q: at most %d bytes", s.Section.text, w.text, longestHeading)
			} else if read := headingWords("so " + w.text + " so"); !strings.Contains(read, strings.ToLower(plainForm(w.text))) {
				c.complain(w, "%s: the heading %q can never match: headings are read without marks at their ends", s.Section.text, w.text)
			}
		}
		for _, w := range s.Lines {
			c.once(lines, s.Section.text, w)
			lineForms = append(lineForms, placedForm{form{text: w.text}, sectionFile, s.Section.text, w})
		}
		for _, w := range s.Whole {
			c.once(whole, s.Section.text, w)
			if read := headingWords(w.text); read != w.text {
				c.complain(w, "%s: no heading is %q: headings are read in lower case, without marks at their ends, here as %q", s.Section.text, w.text, read)
			}
		}
	}
	c.reach(headingForms)
	c.reach(lineForms)
}

// once complains of a phrase that an entry before this one has: that one counts.
func (c *checker) once(known map[string]owned, section string, w word) {
	key := surfaceKey(w.text, false)
	if other, taken := known[key]; taken {
		c.complain(w, "%s: %q can never match: %s has it (line %d)", section, w.text, other.id, other.at.line)
		return
	}
	known[key] = owned{id: section, at: w}
}

// worth complains of weights for traits and kinds that there are not, and for
// skills other than these; with nil it takes any skill.
func (c *checker) worth(fsys fs.FS, skills []skillEntry) {
	c.file = worthFile
	keys, err := keysOf(fsys, worthFile)
	if err != nil {
		c.errs = append(c.errs, err)
		return
	}
	traitsKnown := make([]string, 0, traits)
	for i := range traits {
		traitsKnown = append(traitsKnown, traitName(i))
	}
	ids := map[string]bool{}
	for _, s := range skills {
		ids[s.ID.text] = true
	}
	for _, of := range []string{"things", "notions"} {
		for _, k := range keys[of] {
			if !slices.Contains(traitsKnown, k.text) {
				c.complain(k, "%s: unknown trait %q%s", of, k.text, suggestion(k.text, traitsKnown))
			}
		}
	}
	for _, k := range keys["kinds"] {
		if !slices.Contains(kinds, k.text) {
			c.complain(k, "kinds: there is no kind %q%s", k.text, suggestion(k.text, kinds))
		}
	}
	for _, k := range keys["skills"] {
		if skills != nil && !ids[k.text] {
			c.complain(k, "skills: there is no skill %q (run TestLearnWorth -learn again)", k.text)
		}
	}
}

// keysOf are the keys of each mapping at the top of a file, with their places.
func keysOf(fsys fs.FS, file string) (map[string][]word, error) {
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return nil, fmt.Errorf("read taxonomy: %w", err)
	}
	doc, err := parser.ParseBytes(data, 0)
	if err != nil || len(doc.Docs) == 0 {
		if _, decoding := decodeFile[worthEntry](fsys, file); decoding != nil {
			err = decoding // it says where
		}
		return nil, err
	}
	keys := map[string][]word{}
	for _, top := range pairsIn(doc.Docs[0].Body) {
		for _, inner := range pairsIn(top.Value) {
			at := inner.Key.GetToken().Position
			name := top.Key.GetToken().Value
			keys[name] = append(keys[name], word{inner.Key.GetToken().Value, at.Line, at.Column})
		}
	}
	return keys, nil
}

// pairsIn are the keys and values of a mapping; none if n is something else.
func pairsIn(n ast.Node) []*ast.MappingValueNode {
	switch m := n.(type) {
	case *ast.MappingNode:
		return m.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{m}
	}
	return nil
}

// compiles says what the readers refuse of the files that have no checks of
// their own here.
func compiles(fsys fs.FS) error {
	_, classifier := newClassifier(fsys)
	_, facts := newFacts(fsys)
	return errors.Join(classifier, facts)
}
