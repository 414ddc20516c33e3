package tag

import (
	"compress/gzip"
	"encoding/json"
	"os"
	"regexp"
	"testing"
)

// remoteOnly is a location that says remote and nothing else.
var remoteOnly = regexp.MustCompile(`(?i)^[^a-z]*((fully|100%|hybrid|onsite|on-site|work|from|home|flexible|distributed|or|anywhere|global|worldwide|office|in-office|remotely) *[^a-z]*)*remote[^a-z]*((fully|only|work|worldwide|global|anywhere|hybrid|first|or|onsite|office|home|position|role|based) *[^a-z]*)*$`)

// The stated locations of 112,050 postings of Greenhouse boards: how many say in
// which country the role is, of those that say more than "Remote".
func TestRealLocationsSayTheirCountry(t *testing.T) {
	f, err := os.Open("../../../shared/realdata/greenhouse_titles_2026-01/all_jobs_jobs-20260107-0107.json.gz")
	if err != nil {
		t.Skipf("the real locations are not here: %v", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var all []struct{ Location string }
	if err := json.NewDecoder(z).Decode(&all); err != nil {
		t.Fatal(err)
	}
	b, err := factReader()
	if err != nil {
		t.Fatal(err)
	}
	var country, area, remote, city int
	for _, p := range all {
		var inCountry, inArea, inCity bool
		b.facts.gazetteer.find(p.Location, false, func(p Place, _, _ int) {
			inCountry, inArea, inCity = inCountry || p.Country != "", inArea || p.Country == "", inCity || p.City != ""
		})
		switch {
		case inCountry:
			country++
		case remoteOnly.MatchString(p.Location):
			remote++
		case inArea:
			area++
		}
		if inCity {
			city++
		}
	}
	share := float64(country) / float64(len(all)-remote)
	t.Logf("%d locations: %d in a country (%d with a city), %d in an area alone, %d remote alone; %.4f of those that are not remote alone", len(all), country, city, area, remote, share)
	if share < 0.96 {
		t.Errorf("only %.4f say their country", share)
	}
}
