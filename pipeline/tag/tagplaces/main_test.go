package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// row is a row of GeoNames' cities files.
func row(id, name, kind, country, region, people string) string {
	c := make([]string, 19)
	c[0], c[1], c[7], c[8], c[10], c[14] = id, name, kind, country, region, people
	return strings.Join(c, "\t") + "\n"
}

func TestTheGazetteerKeepsWhatPostingsName(t *testing.T) {
	dir := t.TempDir()
	info := func(country, name, languages, id string) string {
		c := make([]string, 19)
		c[0], c[4], c[15], c[16] = country, name, languages, id
		return strings.Join(c, "\t") + "\n"
	}
	for name, text := range map[string]string{
		"cities15000.txt": row("1", "Old Name", "PPL", "DE", "02", "900000"),
		"cities1000.txt": row("1", "München", "PPLA", "DE", "02", "1260391") + row("2", "Small", "PPL", "DE", "02", "4999") + row("3", "Town", "PPL", "DE", "99", "5000") +
			row("4", "Far", "PPL", "PE", "01", "14999") + row("5", "Quarter", "PPLX", "DE", "02", "90000") + row("6", "Makati City", "PPL", "PH", "", "510383"),
		"admin1Codes.txt":      "DE.02\tBavaria\tBavaria\t10\nDE.00\tNone\tNone\t11\n",
		"countryInfo.txt":      "# a comment\n" + info("DE", "Germany", "de", "20") + info("PH", "Philippines", "tl,en-PH", "21"),
		"alternateNamesV2.txt": "1\t1\ten\tMunich\n2\t1\tko\t뮌헨\n3\t10\tde\tBayern\n4\t20\tde\tDeutschland\n5\t1\tde\tMünchen (Stadt)\n6\t20\tde\tBRD\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out := filepath.Join(dir, "gazetteer.tsv")
	if err := run(dir, out); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	_, rows, _ := strings.Cut(string(text), "other names by |\n")
	want := "DE\t\t0\tGermany\tDeutschland\nPH\t\t0\tPhilippines\nDE\t02\t0\tBavaria\tBayern\nDE\t02\t1260\tMünchen\tMuenchen|Munich\nPH\t\t510\tMakati City\tMakati\nDE\t\t5\tTown\n"
	if rows != want {
		t.Errorf("got\n%s\nwant\n%s", rows, want)
	}
}
