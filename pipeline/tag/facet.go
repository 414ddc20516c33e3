package tag

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

const facetFile = "facets.yaml"

// facetEntries is facets.yaml.
type facetEntries struct {
	Sets   map[string][]word `yaml:"sets"`
	Facets []facetEntry      `yaml:"facets"`
}

type facetEntry struct {
	ID    word        `yaml:"id"`
	Name  word        `yaml:"name"`
	Rules []ruleEntry `yaml:"rules"`
}

type ruleEntry struct {
	ID       word    `yaml:"id"`
	Phrases  []word  `yaml:"phrases"`
	Verbs    []word  `yaml:"verbs"`
	Objects  []word  `yaml:"objects"`
	Not      []word  `yaml:"not"`
	Strength float64 `yaml:"strength"`
}

// facetRule is one rule of a facet.
type facetRule struct {
	id       string // "monitoring.on-call"
	facet    string
	strength float32
	phrases  []string
	verbs    []string
	objects  []string
	not      []string

	feature int32
}

// facetIDs are the nine facets, in the order of the output.
var facetIDs = [...]string{"deployment", "infrastructure", "monitoring", "data_driven", "collaboration", "security", "automation", "customer", "leadership"}

// readFacets reads facets.yaml.
func (c *classifier) readFacets(fsys fs.FS) error {
	file, err := decodeFile[facetEntries](fsys, facetFile)
	if err != nil {
		return err
	}
	var errs []error
	complain := func(w word, format string, args ...any) {
		errs = append(errs, &placedError{facetFile, w.line, w.col, fmt.Sprintf(format, args...)})
	}
	texts := func(list []word) []string {
		var out []string
		for _, w := range list {
			set, isSet := strings.CutPrefix(w.text, "$")
			switch {
			case !isSet && foldPhrase(w.text) == "":
				complain(w, "%q has no word in it", w.text)
			case !isSet:
				out = append(out, w.text)
			case file.Sets[set] == nil:
				complain(w, "there is no set %q", set)
			default:
				for _, s := range file.Sets[set] {
					out = append(out, s.text)
				}
			}
		}
		return distinct(out)
	}
	var found []string
	for _, f := range file.Facets {
		if !slices.Contains(facetIDs[:], f.ID.text) || slices.Contains(found, f.ID.text) {
			complain(f.ID, "facet %q is not one of %s, or stands there twice", f.ID.text, strings.Join(facetIDs[:], ", "))
		}
		found = append(found, f.ID.text)
		for _, e := range f.Rules {
			r := facetRule{id: f.ID.text + "." + e.ID.text, facet: f.ID.text, strength: float32(e.Strength),
				phrases: texts(e.Phrases), verbs: texts(e.Verbs), objects: texts(e.Objects), not: texts(e.Not)}
			if r.strength == 0 {
				r.strength = 1
			}
			if (len(r.verbs) == 0) != (len(r.objects) == 0) || len(r.phrases)+len(r.verbs) == 0 {
				complain(e.ID, "rule %s can never match: it needs phrases, or verbs and objects", r.id)
			}
			if slices.ContainsFunc(c.rules, func(o facetRule) bool { return o.id == r.id }) {
				complain(e.ID, "rule %s stands there twice", r.id)
			}
			c.rules = append(c.rules, r)
		}
	}
	for _, id := range facetIDs {
		if !slices.Contains(found, id) {
			errs = append(errs, fmt.Errorf("%s: facet %s is missing", facetFile, id))
		}
	}
	return errors.Join(errs...)
}

// distinct is list without phrases that fold to an earlier one.
func distinct(list []string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(s string) bool {
		f := foldPhrase(s)
		defer func() { seen[f] = true }()
		return seen[f]
	})
}
