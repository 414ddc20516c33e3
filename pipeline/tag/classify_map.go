package tag

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

const (
	districtFile = "districts.yaml"
	streetFile   = "streets.yaml"
)

// placeEntry is one entry of districts.yaml or streets.yaml.
type placeEntry struct {
	ID    word `yaml:"id"`
	Name  word `yaml:"name"`
	About word `yaml:"about"`
}

// readMap reads which districts and streets there are.
func (c *classifier) readMap(fsys fs.FS) error {
	districts, err := decodeFile[[]placeEntry](fsys, districtFile)
	if err != nil {
		return err
	}
	streets, err := decodeFile[[]placeEntry](fsys, streetFile)
	if err != nil {
		return err
	}
	var errs []error
	complain := func(file string, w word, format string, args ...any) {
		errs = append(errs, &placedError{file, w.line, w.col, fmt.Sprintf(format, args...)})
	}
	for _, e := range districts {
		if e.ID.text == "" || slices.Contains(c.districts, e.ID.text) {
			complain(districtFile, e.ID, "district %q: every district needs an id of its own", e.ID.text)
		}
		c.districts = append(c.districts, e.ID.text)
	}
	for _, e := range streets {
		district, _, ok := strings.Cut(e.ID.text, "/")
		if !ok || !slices.Contains(c.districts, district) || slices.Contains(c.streets, e.ID.text) {
			complain(streetFile, e.ID, "street %q: every street needs an id of its own, district/street", e.ID.text)
		}
		c.streets = append(c.streets, e.ID.text)
	}
	return errors.Join(errs...)
}
