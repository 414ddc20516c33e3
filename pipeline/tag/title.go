package tag

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

const titleFile = "titles.yaml"

// titleEntry is one entry of titles.yaml.
type titleEntry struct {
	ID       word    `yaml:"id"`
	Standing word    `yaml:"standing"`
	District word    `yaml:"district"`
	Street   word    `yaml:"street"`
	Strength float64 `yaml:"strength"`
	Words    []word  `yaml:"words"`
}

// titleClass is a class of title words and where it points.
type titleClass struct {
	id       string
	standing string
	district string
	street   string
	strength float32
	words    []string

	inTitle, inHead, inText, inRole, inLead int32 // its features
}

// readTitles reads titles.yaml.
func (c *classifier) readTitles(fsys fs.FS) error {
	entries, err := decodeFile[[]titleEntry](fsys, titleFile)
	if err != nil {
		return err
	}
	var errs []error
	complain := func(w word, format string, args ...any) {
		errs = append(errs, &placedError{titleFile, w.line, w.col, fmt.Sprintf(format, args...)})
	}
	ids, phrases := map[string]bool{}, map[string]string{}
	for _, e := range entries {
		t := titleClass{id: e.ID.text, standing: e.Standing.text, district: e.District.text, street: e.Street.text, strength: float32(e.Strength)}
		if t.id == "" || ids[t.id] {
			complain(e.ID, "class %q: every class needs an id of its own", t.id)
		}
		ids[t.id] = true
		if t.strength == 0 {
			t.strength = 1
		}
		if t.street != "" {
			if c.outputOf("street", t.street) < 0 {
				complain(e.Street, "street %q is not in %s", t.street, streetFile)
			}
			t.district, _, _ = strings.Cut(t.street, "/")
		}
		if t.district != "" && c.outputOf("primary", t.district) < 0 {
			complain(e.District, "district %q is not in %s", t.district, districtFile)
		}
		if t.standing == "" && t.district != "" {
			t.standing = "core"
		}
		if t.standing != "" && c.outputOf("standing", t.standing) < 0 {
			complain(e.Standing, "standing %q is not core, adjacent or outside", t.standing)
		}
		for _, w := range e.Words {
			folded := foldPhrase(w.text)
			switch other, taken := phrases[folded]; {
			case folded == "":
				complain(w, "class %s: %q has no word in it", t.id, w.text)
			case taken:
				complain(w, "class %s: %q already stands in class %s", t.id, w.text, other)
			default:
				phrases[folded] = t.id
				t.words = append(t.words, w.text)
			}
		}
		c.classes = append(c.classes, t)
	}
	return errors.Join(errs...)
}
