package tag

import (
	"fmt"
	"maps"
	"slices"

	"github.com/biter777/countries"
)

// areaEntry is an area of places.yaml: what it is called, and the countries and
// other areas it holds; all countries if it names none.
type areaEntry struct {
	Names []string `yaml:"names"`
	Holds []word   `yaml:"holds"`
}

// addAreas adds the names of areas and works out their countries.
func (g *gazetteer) addAreas(p *placesFile) (errs []error) {
	g.areas = map[string][]string{}
	for _, area := range slices.Sorted(maps.Keys(p.Areas)) {
		held, err := countriesOf(area, p.Areas, nil)
		if err != nil {
			errs = append(errs, err)
		}
		slices.Sort(held)
		g.areas[area] = slices.Compact(held)
		for _, n := range p.Areas[area].Names {
			g.add(n, spot{Place: Place{Region: area}, kind: spotArea})
		}
	}
	return errs
}

// countriesOf is the countries that an area holds; outer are the areas that hold it.
func countriesOf(area string, all map[string]areaEntry, outer []string) (held []string, err error) {
	if len(all[area].Holds) == 0 {
		for _, c := range countries.All() {
			if code := c.Alpha2(); len(code) == 2 {
				held = append(held, code)
			}
		}
	}
	for _, w := range all[area].Holds {
		_, isArea := all[w.text]
		switch {
		case slices.Contains(outer, w.text) || w.text == area:
			return nil, &placedError{placesName, w.line, w.col, fmt.Sprintf("area %s holds itself", area)}
		case isArea:
			more, err := countriesOf(w.text, all, append(outer, area))
			if err != nil {
				return nil, err
			}
			held = append(held, more...)
		case len(w.text) != 2 || countries.ByName(w.text) == countries.Unknown:
			return nil, &placedError{placesName, w.line, w.col, fmt.Sprintf("area %s holds %q, which is neither an area nor an ISO 3166-1 alpha-2 code", area, w.text)}
		default:
			held = append(held, w.text)
		}
	}
	return held, nil
}

// holds reports whether an area holds a country.
func (g *gazetteer) holds(area, country string) bool {
	_, found := slices.BinarySearch(g.areas[area], country)
	return found
}
