package sqlfiles_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"jobcity/pipeline/query"
	"jobcity/pipeline/store"
	sqlfiles "jobcity/sql"
	"jobcity/sql/citytest"
)

// rows runs a trend and returns its rows by the names of their columns.
func rows(t *testing.T, db *store.DB, name string, values map[string]string) []map[string]any {
	t.Helper()
	catalog, err := query.Load(sqlfiles.Trend, "trend")
	if err != nil {
		t.Fatal(err)
	}
	b, err := catalog.Query(name).Bind(values)
	if err != nil {
		t.Fatal(err)
	}
	res, err := db.Run(t.Context(), b, 10000)
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]any
	for _, row := range res.Rows {
		m := map[string]any{}
		for i, c := range res.Columns {
			m[c.Name] = row[i]
		}
		out = append(out, m)
	}
	return out
}

func near(t *testing.T, what string, got any, want float64) {
	t.Helper()
	if f, ok := got.(float64); !ok || math.Abs(f-want) > 1e-9 {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestTheMapAddsUp(t *testing.T) {
	db := citytest.Open(t)
	var weight, singles, pairs, triples float64
	for _, row := range rows(t, db, "map_districts", nil) {
		weight += row["weight"].(float64)
		singles += float64(row["postings"].(int64))
		near(t, "weight and core_postings in one city", float64(row["core_postings"].(int64)), 43)
	}
	near(t, "weights of all districts", weight, 43)
	for _, row := range rows(t, db, "map_intersections", nil) {
		switch row["crossing"].(int64) {
		case 2:
			pairs += float64(row["postings"].(int64))
		case 3:
			triples += float64(row["postings"].(int64))
		}
	}
	near(t, "districts less pairs and more triples (nobody lives in four)", singles-pairs+triples, 43)
}

func TestLearningTheNamedSkillsClosesTheMove(t *testing.T) {
	db := citytest.Open(t)
	left, step := map[string]float64{}, map[string]int64{}
	for _, row := range rows(t, db, "move_skills", map[string]string{"by": "district", "min_postings": "1", "skills_each": "50", "top": "1000"}) {
		move := row["origin"].(string) + " to " + row["target"].(string)
		if _, ok := left[move]; !ok {
			left[move] = row["distance"].(float64)
		}
		step[move]++
		if row["step"].(int64) != step[move] {
			t.Errorf("%s: step %v comes %d.", move, row["step"], step[move])
		}
		left[move] -= row["closes"].(float64)
		near(t, move+" after "+row["skill"].(string), row["distance_after"], max(0, left[move]))
	}
	if len(left) != 12 {
		t.Errorf("got %d moves, want each of 4 districts to each other", len(left))
	}
	for move, rest := range left {
		if math.Abs(rest) > 1e-9 {
			t.Errorf("%s: %v is left when all is learned", move, rest)
		}
	}
}

func TestLearnNextCountsWhatItCovers(t *testing.T) {
	var postings, skills []string
	for i, musts := range []string{"go", "go sql", "go sql", "go sql rust", "rust", ""} {
		id := fmt.Sprintf("p%d", i)
		postings = append(postings, fmt.Sprintf("('%s', 'e%d', date '2025-01-10')", id, i))
		for _, s := range strings.Fields(musts) {
			skills = append(skills, fmt.Sprintf("('%s', '%s', 'must')", id, s))
		}
		skills = append(skills, fmt.Sprintf("('%s', 'nicety', 'nice')", id))
	}
	db := citytest.OpenWith(t, script(postings, skills)+"insert into skill select s, s, 'tool', 'technical' from (values ('go'), ('sql'), ('rust')) as t(s);")
	got := rows(t, db, "learn_next", map[string]string{"skills": " GO,cobol"})
	for i, want := range []struct {
		skill          any
		opens, covered int64
		known          float64
	}{
		{nil, 0, 1, (1 + 0.5 + 0.5 + 1.0/3) / 5},
		{"rust", 1, 2, (1 + 0.5 + 0.5 + 2.0/3 + 1) / 5}, // 1/3 + 1, against 2/2 + 1/3: the same, and r before s
		{"sql", 2, 5, 1},
	} {
		row := got[i]
		if row["skill"] != want.skill || row["covered_postings"].(int64) != want.covered || row["postings"].(int64) != 5 {
			t.Errorf("step %d: got %v, want %v", i, row, want)
		}
		if i > 0 && row["opens"].(int64) != want.opens {
			t.Errorf("step %d opens %v, want %d", i, row["opens"], want.opens)
		}
		near(t, "known_after", row["known_after"], want.known)
		if row["unknown"] != "cobol" {
			t.Errorf("unknown: got %v, want cobol", row["unknown"])
		}
	}
}

// meetingCity has employers with a liking of their own for each skill, postings in
// data, software, both and sysadmin, and ten skills that the meeting asks more for.
func meetingCity(seed uint64) string {
	random := rand.New(rand.NewPCG(seed, 2))
	var postings, skills, homes []string
	for e := range 200 {
		likes := [60]bool{}
		for s := range likes {
			likes[s] = random.Float64() < 0.35
		}
		for k := range 8 {
			id := fmt.Sprintf("p%d-%d", e, k)
			postings = append(postings, fmt.Sprintf("('%s', 'e%d', date '2025-01-10')", id, e))
			kind := random.IntN(4)
			for _, d := range [][]string{{"data"}, {"software"}, {"data", "software"}, {"sysadmin"}}[kind] {
				homes = append(homes, fmt.Sprintf("('%s', '%s', 0.5)", id, d))
			}
			for s := range likes {
				// at home in data and software alike, so that the lifts are above 1
				if likes[s] && random.Float64() < 0.6 && (kind < 3 || random.Float64() < 0.5) {
					skills = append(skills, fmt.Sprintf("('%s', 'even-%d', 'must')", id, s))
				}
			}
			for s := range 10 {
				if random.Float64() < []float64{0.1, 0.1, 0.3, 0.02}[kind] {
					skills = append(skills, fmt.Sprintf("('%s', 'shake-%d', 'must')", id, s))
				}
			}
		}
	}
	return script(postings, skills) + "insert into posting_district (posting_id, district, weight) values " + strings.Join(homes, ",") + ";"
}

func TestHandshakeSkillsFindsWhatWasPlantedAndLittleElse(t *testing.T) {
	found, wrong := 0, 0
	for seed := range uint64(3) {
		db := citytest.OpenWith(t, meetingCity(seed))
		for _, row := range rows(t, db, "handshake_skills", map[string]string{"district": "data", "with_district": "software", "top": "1000"}) {
			if !row["significant"].(bool) {
				continue
			}
			if strings.HasPrefix(row["skill"].(string), "shake-") {
				found++
			} else {
				wrong++
			}
		}
	}
	t.Logf("found %d of 30 planted handshakes, and %d that are none", found, wrong)
	if found < 27 || wrong > 4 { // one in twenty of about 30 is 1.5
		t.Errorf("found %d of 30 planted handshakes, and %d that are none", found, wrong)
	}
}

func TestTheDriftOfANeedIsBoundedLikeADifferenceOfTwoShares(t *testing.T) {
	var postings, skills []string
	for month, musts := range []int{40, 60} {
		for i := range 100 {
			id := fmt.Sprintf("p%d-%d", month, i)
			postings = append(postings, fmt.Sprintf("('%s', '%s', date '2025-0%d-10')", id, id, month+1))
			need := "nice"
			if i < musts {
				need = "must"
			}
			skills = append(skills, fmt.Sprintf("('%s', 'go', '%s')", id, need))
		}
	}
	got := rows(t, citytest.OpenWith(t, script(postings, skills)), "skill_need_by_month", map[string]string{"skill": "go"})
	margin := 1.959964 * math.Sqrt(200.0/199*(0.24+0.24)/100)
	if got[0]["drift"] != nil || got[0]["drift_lower"] != nil || got[0]["drift_upper"] != nil {
		t.Errorf("the first month has no drift (got %v)", got[0])
	}
	near(t, "drift", got[1]["drift"], 0.2)
	near(t, "lower", got[1]["drift_lower"], 0.2-margin)
	near(t, "upper", got[1]["drift_upper"], 0.2+margin)
}

func TestTheBlindSpotIsWhatTheFacetShareLeaves(t *testing.T) {
	db := citytest.Open(t)
	share := map[string]float64{}
	for _, row := range rows(t, db, "facet_share_by_district", nil) {
		share[row["district"].(string)+" "+row["facet"].(string)] = row["share"].(float64)
	}
	for _, row := range rows(t, db, "blind_spots", nil) {
		key := row["key"].(string) + " " + row["facet"].(string)
		near(t, key, row["missing_share"], 1-share[key])
	}
	for _, by := range []string{"street", "seniority", "country", "workplace"} {
		if got := rows(t, db, "blind_spots", map[string]string{"by": by}); by != "street" && len(got) == 0 {
			t.Errorf("by %s: no rows", by)
		}
	}
}

// TestAFacetIsNoBlindSpotOfTheDistrictItMakes, whatever the rows are of.
func TestAFacetIsNoBlindSpotOfTheDistrictItMakes(t *testing.T) {
	db := citytest.Open(t)
	for _, c := range []struct {
		given map[string]string
		want  string // keys that have a row for the facet security
	}{
		{nil, "data software sysadmin"},
		{map[string]string{"by": "workplace", "district": "security"}, ""},
		{map[string]string{"by": "workplace", "street": "security/grc"}, ""},
	} {
		var keys []string
		for _, row := range rows(t, db, "blind_spots", c.given) {
			if row["facet"] == "security" {
				keys = append(keys, row["key"].(string))
			}
		}
		slices.Sort(keys)
		if got := strings.Join(keys, " "); got != c.want {
			t.Errorf("%v: got %q, want %q", c.given, got, c.want)
		}
	}
}
