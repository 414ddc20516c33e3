package tag

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// kinds are what a skill can be.
var kinds = []string{"language", "framework", "library", "platform", "cloud", "database", "os", "tool", "protocol", "standard", "certification", kindMethod, kindConcept, "hardware"}

// Check says all that is wrong with the taxonomy whose root is fsys, joined: what
// [New] would refuse, and unknown ids, surface forms of two owners and forms,
// cues and headings that can never match. Problems of single entries start with
// file:line:column.
func Check(fsys fs.FS) error {
	e, err := readEntries(fsys)
	c := checker{file: metricFile, owners: map[string]owned{}, ids: map[string]word{}}
	catalog, catalogErr := readCatalog(fsys)
	for _, d := range catalog.Districts {
		c.districts = append(c.districts, d.ID)
	}
	for i := range e.skills {
		c.skill(&e.skills[i])
	}
	for i := range e.skills {
		c.implies(&e.skills[i])
	}
	c.owners, c.ids, c.file = map[string]owned{}, map[string]word{}, metricFile
	for _, m := range e.metrics {
		s := skillEntry{ID: m.ID, Name: m.Name, Aliases: m.Aliases, Case: m.Case, Ambiguous: m.Ambiguous, Not: m.Not, Districts: m.Districts}
		c.entry(&s)
	}
	skills, metrics, cues := placedForms(e)
	c.reach(skills)
	c.reach(metrics)
	c.reach(cues)
	c.cues(e.needs)
	c.sections(fsys)
	if err != nil {
		c.worth(fsys, nil) // not all skills could be read
	} else {
		c.worth(fsys, e.skills)
	}
	errs := append([]error{err, catalogErr}, c.errs...)
	if err == nil && catalogErr == nil {
		errs = append(errs, compiles(fsys))
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	_, err = New(fsys) // which refuses nothing that is not named above
	return err
}

// owned says who owns a surface form.
type owned struct {
	id, file string
	at       word
}

// checker gathers the problems of one kind of entry.
type checker struct {
	file      string
	districts []string
	owners    map[string]owned // by surfaceKey
	ids       map[string]word
	errs      []error
}

func (c *checker) complain(at word, format string, args ...any) {
	c.errs = append(c.errs, &placedError{c.file, at.line, at.col, fmt.Sprintf(format, args...)})
}

// oneOf complains unless w is one of known.
func (c *checker) oneOf(what string, w, at word, known []string) {
	if !slices.Contains(known, w.text) {
		if w.line == 0 {
			w.line, w.col = at.line, at.col
		}
		c.complain(w, "%s: %s %q is not one of %s%s", at.text, what, w.text, strings.Join(known, ", "), suggestion(w.text, known))
	}
}

func (c *checker) skill(s *skillEntry) {
	c.file = s.file
	c.oneOf("kind", s.Kind, s.ID, kinds)
	c.oneOf("side", s.Side, s.ID, []string{sideTechnical, sideOperational})
	c.entry(s)
}

// entry checks what skills and metrics have in common.
func (c *checker) entry(s *skillEntry) {
	switch first, taken := c.ids[s.ID.text]; {
	case s.ID.text == "":
		c.complain(s.Name, "%q has no id", s.Name.text)
	case taken:
		c.complain(s.ID, "id %q is taken at line %d", s.ID.text, first.line)
	case strings.ContainsFunc(s.ID.text, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune(".+#-/", r)
	}):
		c.complain(s.ID, "id %q has characters other than a-z, 0-9 and .+#/-", s.ID.text)
	default:
		c.ids[s.ID.text] = s.ID
	}
	if s.Name.text == "" {
		c.complain(s.ID, "%s has no name", s.ID.text)
	}
	if s.Case.text != "" {
		c.oneOf("case", s.Case, s.ID, []string{caseExact})
	}
	for _, d := range s.Districts {
		c.oneOf("district", d, word{s.ID.text, d.line, d.col}, c.districts)
	}
	for _, f := range s.surfaces() {
		c.owns(s, f)
	}
	for _, n := range s.Not {
		if o, ok := c.owners[surfaceKey(n.text, false)]; ok && o.id == s.ID.text {
			c.complain(n, "%s: %q is both a form and not one", s.ID.text, n.text)
		}
	}
}

// owns notes that a surface form is s's, and complains if it is another's.
func (c *checker) owns(s *skillEntry, f surfaceForm) {
	key := surfaceKey(f.text, f.exact)
	if other, taken := c.owners[key]; taken {
		where := ""
		if other.file != c.file {
			where = other.file + " "
		}
		if other.id != s.ID.text {
			c.complain(f.at, "%s: the form %q is also that of %s (%sline %d)", s.ID.text, f.text, other.id, where, other.at.line)
		} else {
			c.complain(f.at, "%s: the form %q is there twice (line %d)", s.ID.text, f.text, other.at.line)
		}
		return
	}
	c.owners[key] = owned{s.ID.text, c.file, f.at}
}

func (c *checker) implies(s *skillEntry) {
	for _, i := range s.Implies {
		if _, ok := c.ids[i.text]; !ok {
			c.file = s.file
			known := make([]string, 0, len(c.ids))
			for id := range c.ids {
				known = append(known, id)
			}
			slices.Sort(known)
			c.complain(i, "%s implies %q, which is no skill%s", s.ID.text, i.text, suggestion(i.text, known))
		}
	}
}
