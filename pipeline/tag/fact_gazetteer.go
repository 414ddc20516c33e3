package tag

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/biter777/countries"
)

// gazetteer knows countries, areas, regions and cities: by places.yaml, which
// holds the project's own names and choices, the ISO 3166 names of
// biter777/countries, and the atlas.
type gazetteer struct {
	atlas    *atlas
	names    map[string][]spot   // of places.yaml, by folded name, the likeliest first
	longest  int                 // words in the longest name
	currency map[string]string   // ISO 4217 by country
	fillers  map[string]bool     // words of locations that are no places of their own
	pool     sync.Pool           // of *placeReader
	streets  map[string]bool     // words that follow the name of a street
	particle map[string]bool     // words within a longer name
	areas    map[string][]string // countries by area, sorted
	within   map[string]string   // the country that a country's name is also written beside
}

// spot is what one name can mean. Exactly what it names and all it lies in are set.
type spot struct {
	Place
	kind   spotKind
	loose  bool  // also an everyday word, or little known: only beside its region or country, or in a stated location
	chosen bool  // places.yaml names it
	people int32 // of a city, in thousands, at least 1 if known
}

type spotKind uint8

const (
	spotCity spotKind = iota
	spotRegion
	spotCountry
	spotArea
)

const (
	peopleKnown  = 150 // thousand: a city that running text may name without its country
	peopleMost   = 500 // a city that stands beside another rather than for its region
	peopleBig    = 200 // a city likelier than a region of its name
	peopleTown   = 50  // a city as likely as a region of its name in another country
	maxPlaceName = 64  // bytes
)

type placesFile struct {
	Version     int                          `yaml:"version"`
	Countries   map[string][]string          `yaml:"countries"`
	Areas       map[string]areaEntry         `yaml:"areas"`
	Codes       []string                     `yaml:"codes"`
	Currencies  map[string]string            `yaml:"currencies"`
	Regions     map[string]map[string]string `yaml:"regions"`
	Cities      map[string]map[string][]word `yaml:"cities"`
	Aliases     map[string][3]word           `yaml:"aliases"`
	RegionNames map[string]string            `yaml:"region_names"`
	Spellings   map[string]string            `yaml:"spellings"`
	Words       []string                     `yaml:"words"`
	Fillers     []string                     `yaml:"fillers"`
	Streets     []string                     `yaml:"streets"`
	Particles   []string                     `yaml:"particles"`
	Within      map[string]string            `yaml:"within"`
	Prefer      map[string][2]string         `yaml:"prefer"`
}

const placesName = "places.yaml"

func newGazetteer(fsys fs.FS) (*gazetteer, error) {
	p, err := decodeFile[placesFile](fsys, placesName)
	if err != nil {
		return nil, err
	}
	a, err := newAtlas(fsys)
	if err != nil {
		return nil, err
	}
	g := &gazetteer{atlas: a, names: map[string][]spot{}, longest: a.longest, currency: p.Currencies, fillers: map[string]bool{}, streets: map[string]bool{}, particle: map[string]bool{}, within: p.Within}
	for _, w := range p.Fillers {
		g.fillers[foldName(w)] = true
	}
	for _, w := range p.Particles {
		g.particle[foldName(w)] = true
	}
	for _, w := range p.Streets {
		g.streets[foldName(w)] = true
	}
	errs := g.addRegions(&p)
	cities := g.names
	g.names = map[string][]spot{}
	errs = append(errs, g.addCities(&p)...)
	for _, key := range slices.Sorted(maps.Keys(cities)) { // after the cities of that name
		g.names[key] = append(g.names[key], cities[key]...)
	}
	errs = append(errs, g.addCountries(&p)...)
	errs = append(errs, g.addAreas(&p)...)
	g.addCodes()
	return g, errors.Join(errs...)
}

// addCountries adds the names of countries, and the codes that count alone.
func (g *gazetteer) addCountries(p *placesFile) (errs []error) {
	for _, c := range countries.All() {
		if code := c.Alpha2(); len(code) == 2 {
			g.add(c.String(), spot{Place: Place{Country: code}, kind: spotCountry})
		}
	}
	for _, code := range slices.Sorted(maps.Keys(p.Countries)) {
		if countries.ByName(code) == countries.Unknown {
			errs = append(errs, fmt.Errorf("%s: countries: %q is no ISO 3166-1 alpha-2 code", placesName, code))
		}
		for _, n := range p.Countries[code] {
			g.add(n, spot{Place: Place{Country: code}, kind: spotCountry})
		}
	}
	for _, code := range p.Codes {
		country := code
		if code == "UK" {
			country = "GB"
		}
		key, s := foldName(code), spot{Place: Place{Country: country}, kind: spotCountry}
		if have := g.names[key]; len(have) > 0 && have[0].kind == spotRegion && have[0].Country != "US" { // NL is the Netherlands before it is Newfoundland
			g.names[key] = slices.Insert(have, 0, s)
			continue
		}
		g.add(code, s)
	}
	return errs
}

// addCodes adds all other codes of ISO 3166-1, which count beside a place of
// theirs: San José, CR.
func (g *gazetteer) addCodes() {
	for _, c := range countries.All() {
		if code := c.Alpha2(); len(code) == 2 {
			g.add(code, spot{Place: Place{Country: code}, kind: spotCountry, loose: true})
			g.add(c.Alpha3(), spot{Place: Place{Country: code}, kind: spotCountry, loose: true})
		}
	}
}

func (g *gazetteer) addCities(p *placesFile) (errs []error) {
	for _, country := range slices.Sorted(maps.Keys(p.Cities)) {
		for _, region := range slices.Sorted(maps.Keys(p.Cities[country])) {
			for _, w := range p.Cities[country][region] {
				if region != "-" && p.Regions[country][region] == "" {
					errs = append(errs, &placedError{placesName, w.line, w.col, fmt.Sprintf("%s has no region %q", country, region)})
				}
				name := w.text
				if other := p.Spellings[name]; other != "" {
					name = other
				}
				s := g.city(w.text, Place{Country: country, Region: p.Regions[country][region], City: name})
				s.loose = slices.Contains(p.Words, w.text)
				want, ok := p.Prefer[w.text]
				g.add(w.text, s)
				if ok && want == [2]string{country, region} {
					list := g.names[foldName(w.text)]
					copy(list[1:], list[:len(list)-1])
					list[0] = s
				}
			}
		}
	}
	for _, alias := range slices.Sorted(maps.Keys(p.Aliases)) {
		a := p.Aliases[alias]
		if !slices.ContainsFunc(p.Cities[a[1].text][a[2].text], func(w word) bool { return w.text == a[0].text }) {
			errs = append(errs, &placedError{placesName, a[0].line, a[0].col, fmt.Sprintf("there is no city %s in %s %s", a[0].text, a[1].text, a[2].text)})
		}
		s := g.city(a[0].text, Place{City: a[0].text, Country: a[1].text, Region: p.Regions[a[1].text][a[2].text]})
		g.add(alias, s)
	}
	return errs
}

// city is a city of places.yaml with what the atlas knows of it, which from then
// on calls it as places.yaml does.
func (g *gazetteer) city(name string, p Place) spot {
	s := spot{Place: p, chosen: true}
	row, ok := g.atlas.city(foldName(name), p.Country, p.Region)
	if !ok && p.City != name {
		row, ok = g.atlas.city(foldName(p.City), p.Country, p.Region)
	}
	if ok {
		known := g.atlas.spot(row)
		s.Region, s.people = known.Region, known.people
		g.atlas.renamed[row] = p.City
	}
	return s
}

func (g *gazetteer) addRegions(p *placesFile) (errs []error) {
	ours := map[string]bool{}
	for other, name := range p.RegionNames {
		if ours[name] = true; !g.atlas.nameRegion(foldName(other), "", name) {
			errs = append(errs, fmt.Errorf("%s: region_names: %s has no region %q", placesName, atlasFile, other))
		}
	}
	order := []string{"US", "CA", "GB"} // whose codes are written most
	for _, country := range slices.Sorted(maps.Keys(p.Regions)) {
		if !slices.Contains(order, country) {
			order = append(order, country)
		}
	}
	for _, country := range order {
		for _, code := range slices.Sorted(maps.Keys(p.Regions[country])) {
			s := spot{Place: Place{Country: country, Region: p.Regions[country][code]}, kind: spotRegion, chosen: true}
			if !g.atlas.nameRegion(foldName(s.Region), country, s.Region) && !ours[s.Region] {
				errs = append(errs, fmt.Errorf("%s: regions: %s names no region of %s in %s", placesName, s.Region, country, atlasFile))
			}
			g.add(s.Region, s)
			s.loose = len(code) == 2 && !slices.Contains([]string{"US", "CA", "AU", "DE"}, country) // a code that counts only beside a place of that region
			g.add(code, s)
		}
	}
	return errs
}

func (g *gazetteer) add(name string, s spot) {
	key := foldName(name)
	for _, have := range g.names[key] {
		if have.Place == s.Place && have.kind == s.kind {
			return
		}
	}
	g.names[key] = append(g.names[key], s)
	g.longest = max(g.longest, 1+strings.Count(key, " "))
}

// lookup appends all that key, which names these rows of the atlas, can mean to
// spots, the likeliest first: what places.yaml names, then countries, regions, and
// the cities with the most people.
func (g *gazetteer) lookup(key []byte, rows []uint32, spots []spot) []spot {
	from := len(spots)
	spots = append(spots, g.names[string(key)]...)
	for _, row := range rows {
		s := g.atlas.spot(row)
		if !slices.ContainsFunc(spots[from:], func(have spot) bool { return have.kind == s.kind && have.Place == s.Place }) {
			spots = append(spots, s)
		}
	}
	return spots
}
