package tag

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/biter777/countries"
	"golang.org/x/text/unicode/norm"
)

// gazetteer knows countries, regions and the cities that hire most, from
// places.yaml and the ISO 3166 names of biter777/countries.
type gazetteer struct {
	names    map[string][]spot // by folded name, the likeliest first
	longest  int               // words in the longest name
	currency map[string]string // ISO 4217 by country
}

// spot is what one name can mean. Exactly what it names and all it lies in are set.
type spot struct {
	Place
	kind  spotKind
	loose bool // also an everyday word: only beside its region or country, or in a stated location
}

type spotKind uint8

const (
	spotCity spotKind = iota
	spotRegion
	spotCountry
	spotArea
)

type placesFile struct {
	Version    int                          `yaml:"version"`
	Countries  map[string][]string          `yaml:"countries"`
	Areas      map[string][]string          `yaml:"areas"`
	Codes      []string                     `yaml:"codes"`
	Currencies map[string]string            `yaml:"currencies"`
	Regions    map[string]map[string]string `yaml:"regions"`
	Cities     map[string]map[string][]word `yaml:"cities"`
	Aliases    map[string][3]word           `yaml:"aliases"`
	Spellings  map[string]string            `yaml:"spellings"`
	Words      []string                     `yaml:"words"`
	Prefer     map[string][2]string         `yaml:"prefer"`
}

const placesName = "places.yaml"

func newGazetteer(fsys fs.FS) (*gazetteer, error) {
	p, err := decodeFile[placesFile](fsys, placesName)
	if err != nil {
		return nil, err
	}
	g := &gazetteer{names: map[string][]spot{}, currency: p.Currencies}
	errs := g.addCities(&p)
	g.addRegions(&p)
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
		g.add(code, spot{Place: Place{Country: country}, kind: spotCountry})
	}
	for _, area := range slices.Sorted(maps.Keys(p.Areas)) {
		for _, n := range p.Areas[area] {
			g.add(n, spot{Place: Place{Region: area}, kind: spotArea})
		}
	}
	return g, errors.Join(errs...)
}

func (g *gazetteer) addCities(p *placesFile) (errs []error) {
	for _, country := range slices.Sorted(maps.Keys(p.Cities)) {
		for _, region := range slices.Sorted(maps.Keys(p.Cities[country])) {
			for _, w := range p.Cities[country][region] {
				if region != "-" && p.Regions[country][region] == "" {
					errs = append(errs, &placedError{placesName, w.line, w.col, fmt.Sprintf("%s has no region %q", country, region)})
				}
				city := w.text
				s := spot{Place: Place{Country: country, Region: p.Regions[country][region], City: city}, loose: slices.Contains(p.Words, city)}
				if other := p.Spellings[city]; other != "" {
					s.City = other
				}
				want, ok := p.Prefer[city]
				g.add(city, s)
				if ok && want == [2]string{country, region} {
					list := g.names[foldName(city)]
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
		g.add(alias, spot{Place: Place{City: a[0].text, Country: a[1].text, Region: p.Regions[a[1].text][a[2].text]}})
	}
	return errs
}

func (g *gazetteer) addRegions(p *placesFile) {
	order := []string{"US", "CA", "GB"} // whose codes are written most
	for _, country := range slices.Sorted(maps.Keys(p.Regions)) {
		if !slices.Contains(order, country) {
			order = append(order, country)
		}
	}
	for _, country := range order {
		for _, code := range slices.Sorted(maps.Keys(p.Regions[country])) {
			s := spot{Place: Place{Country: country, Region: p.Regions[country][code]}, kind: spotRegion}
			g.add(code, s)
			g.add(s.Region, s)
		}
	}
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

// foldName is name in lower case, without accents, dots and apostrophes, words
// parted by single spaces.
func foldName(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFD.String(name) {
		switch {
		case unicode.Is(unicode.Mn, r) || r == '.' || r == '\'' || r == '’':
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(unicode.ToLower(r))
		default:
			gap = true
		}
	}
	return b.String()
}

// placeWord is a word of a location string, folded, and what stands before it.
type placeWord struct {
	start, end int // bytes of the location
	from, to   int // bytes of the folded text
	upper      bool
	title      bool // starts with a capital
	parted     bool // a sign that parts places stands before it: ; | / & and "or"
	comma      bool // any other sign stands before it
}

// placeWords cuts a location up; folded words are appended to buf.
func placeWords(s string, buf []byte, words []placeWord) ([]byte, []placeWord) {
	parted, comma := true, false
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsLetter(r) {
			switch {
			case strings.ContainsRune(";|/&+•·\n→", r):
				parted = true
			case !unicode.IsSpace(r) && r != '.' && r != '\'':
				comma = true
			}
			i += n
			continue
		}
		w := placeWord{start: i, from: len(buf), upper: true, title: !unicode.IsLower(r), parted: parted, comma: comma}
		for i < len(s) {
			r, n = utf8.DecodeRuneInString(s[i:])
			switch {
			case unicode.IsLetter(r):
				w.upper = w.upper && unicode.IsUpper(r)
				buf = appendFolded(buf, r)
			case unicode.Is(unicode.Mn, r):
			case (r == '.' || r == '\'' || r == '’') && i+n < len(s) && followedByLetter(s[i+n:]):
			default:
				n = 0
			}
			if n == 0 {
				break
			}
			i += n
		}
		w.end, w.to = i, len(buf)
		switch string(buf[w.from:w.to]) {
		case "or", "and", "oder", "und", "ou", "et":
			if !w.upper || w.to-w.from > 2 {
				parted, comma = true, false
				continue
			}
		}
		words = append(words, w)
		parted, comma = false, false
	}
	return buf, words
}

func followedByLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

// appendFolded appends r in lower case and without accents.
func appendFolded(buf []byte, r rune) []byte {
	if r < utf8.RuneSelf {
		return append(buf, byte(r)|0x20)
	}
	var b [utf8.UTFMax]byte
	d := norm.NFD.Properties(b[:utf8.EncodeRune(b[:], r)]).Decomposition()
	if len(d) > 0 {
		base, _ := utf8.DecodeRune(d)
		return utf8.AppendRune(buf, unicode.ToLower(base))
	}
	return utf8.AppendRune(buf, unicode.ToLower(r))
}
