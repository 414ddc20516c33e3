package tag

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

func TestMistakesInTheFactsFilesAreNamed(t *testing.T) {
	for _, c := range []struct{ name, file, from, to, want string }{
		{"a class nobody reads", "factwords.yaml", "  s_lead:", "  s_leads:", `unknown class "s_leads"`},
		{"two words", "factwords.yaml", "[intern, interns,", "[intern, two words,", `factwords.yaml:`},
		{"a currency without bounds", "factwords.yaml", "code: GBP, words: [gbp, pound, pounds, sterling], low: 12000", "code: GBP, words: [gbp], low: 0", "needs a code of three letters"},
		{"a sign of no currency", "factwords.yaml", "{sign: £, code: GBP}", "{sign: £, code: GBX}", `unknown currency "GBX"`},
		{"a field nobody reads", "factwords.yaml", "signs:\n", "sings:\n", "factwords.yaml:"},
		{"a region that is not there", "places.yaml", "    SCT: [Edinburgh", "    SCX: [Edinburgh", `GB has no region "SCX"`},
		{"an alias of no city", "places.yaml", "sf: [San Francisco,", "sf: [San Fransisco,", "there is no city San Fransisco"},
		{"a region GeoNames does not know", "places.yaml", "CA: California,", "CA: Kalifornia,", "Kalifornia names no region of US"},
		{"an area that holds itself", "places.yaml", "holds: [EU, IS, LI, \"NO\"]", "holds: [EMEA, IS]", "holds itself"},
		{"an area of no country", "places.yaml", "holds: [BE, NL, LU]", "holds: [BE, NL, Lux]", `holds "Lux", which is neither an area nor`},
		{"a row of the gazetteer without its people", atlasFile, "AD\t\t0\tAndorra", "AD\t\tfew\tAndorra", "gazetteer.tsv:4: "},
		{"a period without its rule", "factwords.yaml", "{times: 12, rule: 12 months a year, high: 0.25}", "{times: 12, high: 0.25}", "periods: month needs"},
		{"a country that is not there", "places.yaml", "  US: [usa,", "  UX: [usa,", `"UX" is no ISO 3166-1 alpha-2 code`},
	} {
		t.Run(c.name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for _, name := range []string{"factwords.yaml", "places.yaml", atlasFile} {
				data, err := os.ReadFile("../../configs/taxonomy/" + name)
				if err != nil {
					t.Fatal(err)
				}
				text := string(data)
				if name == c.file {
					if !strings.Contains(text, c.from) {
						t.Fatalf("%s does not hold %q", name, c.from)
					}
					text = strings.Replace(text, c.from, c.to, 1)
				}
				fsys[name] = &fstest.MapFile{Data: []byte(text)}
			}
			if _, err := newFacts(fsys); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
