package sqlfiles_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"jobcity/pipeline/stats"
	"jobcity/sql/citytest"
)

// TestWhatSetsADistrictApartIsFound: five skills that data asks for twice as often as
// others come before a hundred that hardly anyone names, though those have a larger lift
// where they happen to be named in data alone.
func TestWhatSetsADistrictApartIsFound(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 5))
	var postings, skills, homes []string
	counts := map[string]*[2]float64{} // mentions in data and in all
	for e := range 120 {
		for k := range 6 {
			id, home := fmt.Sprintf("p%d-%d", e, k), random.IntN(2)
			postings = append(postings, fmt.Sprintf("('%s', 'e%d', date '2025-01-10')", id, e))
			homes = append(homes, fmt.Sprintf("('%s', '%s', 1)", id, []string{"data", "software"}[home]))
			name := func(skill string, chance float64) {
				if random.Float64() >= chance {
					return
				}
				skills = append(skills, fmt.Sprintf("('%s', '%s', 'must')", id, skill))
				if counts[skill] == nil {
					counts[skill] = &[2]float64{}
				}
				counts[skill][1]++
				if home == 0 {
					counts[skill][0]++
				}
			}
			for s := range 5 {
				name(fmt.Sprintf("planted-%d", s), []float64{0.3, 0.15}[home])
			}
			for s := range 20 {
				name(fmt.Sprintf("common-%d", s), 0.4)
			}
			for s := range 100 {
				name(fmt.Sprintf("rare-%d", s), 0.003)
			}
		}
	}
	db := citytest.OpenWith(t, script(postings, skills)+"insert into posting_district (posting_id, district, weight) values "+strings.Join(homes, ",")+";")
	got := rows(t, db, "skills_of_district", map[string]string{"district": "data", "order": "distinct", "top": "1000"})
	for i, row := range got[:5] {
		if !strings.HasPrefix(row["skill"].(string), "planted-") {
			t.Errorf("number %d is %v", i+1, row["skill"])
		}
	}
	largest := slices.MaxFunc(got, func(a, b map[string]any) int { return int(1e6 * (a["lift"].(float64) - b["lift"].(float64))) })
	if !strings.HasPrefix(largest["skill"].(string), "rare-") {
		t.Errorf("the largest lift is of %v: this city cannot tell the two apart", largest["skill"])
	}

	var names []string
	var here, elsewhere, all []float64
	for name, c := range counts {
		names, here, elsewhere, all = append(names, name), append(here, c[0]), append(elsewhere, c[1]-c[0]), append(all, c[1])
	}
	odds := stats.LogOdds(here, elsewhere, all, 500)
	for _, row := range got {
		want := odds[slices.Index(names, row["skill"].(string))]
		near(t, fmt.Sprint("log-odds of ", row["skill"]), row["log_odds"], want.Delta)
		if z := row["distinct"].(float64); z*want.Z < 0 || math.Abs(z) > math.Abs(want.Z)+1e-9 {
			t.Errorf("%s: got %v, want no farther from 0 than %v, for independent postings", row["skill"], z, want.Z)
		}
	}
}
