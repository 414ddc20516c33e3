package sqlfiles_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"jobcity/pipeline/query"
	"jobcity/pipeline/stats"
	sqlfiles "jobcity/sql"
	"jobcity/sql/citytest"
)

func TestMacrosAgreeWithTheStatisticsInGo(t *testing.T) {
	db := citytest.Open(t)
	res, err := db.Free(t.Context(), `
		select hits, n, wilson_lower(hits, n), wilson_upper(hits, n), z, two_sided_p(z)
		from range(0, 12) as h(hits), (values (0), (11), (40), (1000000)) as s(n), (values (0.0), (-0.7), (1.96), (4.5), (9.0)) as z(z)
		where n = 0 or hits <= n`, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range res.Rows {
		hits, n := float64(row[0].(int64)), float64(row[1].(int32))
		lower, upper := stats.Wilson(hits, n)
		if n == 0 {
			if row[2] != nil || row[3] != nil {
				t.Errorf("among none: got %v to %v, want null", row[2], row[3])
			}
		} else if math.Abs(row[2].(float64)-lower) > 1e-7 || math.Abs(row[3].(float64)-upper) > 1e-7 {
			t.Errorf("%v of %v: got %v to %v, want %v to %v", hits, n, row[2], row[3], lower, upper)
		}
		var z float64
		if _, err := fmt.Sscan(fmt.Sprint(row[4]), &z); err != nil {
			t.Fatal(err)
		}
		want := math.Erfc(math.Abs(z) / math.Sqrt2)
		if got := row[5].(float64); math.Abs(got/want-1) > 2e-7 {
			t.Errorf("p of %v: got %v, want %v", z, got, want)
		}
	}
}

func TestClusteredSharesAgreeWithTheStatisticsInGo(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	db := citytest.Open(t)
	for range 60 {
		clusters := make([]stats.Cluster, 1+random.IntN(40))
		rate := random.Float64() * random.Float64()
		var values []string
		for i := range clusters {
			clusters[i].N = math.Ceil(math.Exp(1 + random.NormFloat64()))
			for range int(clusters[i].N) {
				if random.Float64() < rate {
					clusters[i].Hits++
				}
			}
			values = append(values, fmt.Sprintf("(%v, %v)", clusters[i].Hits, clusters[i].N))
		}
		res, err := db.Free(t.Context(), `
			with sums as (
				select sum(h) as hits, sum(n) as n, design_effect(sum(h), sum(n), sum(h * h), sum(h * n), sum(n * n), count(*)) as deff
				from (values `+strings.Join(values, ",")+`) as c(h, n)
			)
			select deff::double, share_lower(hits, n, deff)::double, share_upper(hits, n, deff)::double from sums`, 1)
		if err != nil {
			t.Fatal(err)
		}
		deff, lower, upper := res.Rows[0][0].(float64), res.Rows[0][1].(float64), res.Rows[0][2].(float64)
		// Student's t is approximated, well from three degrees of freedom on.
		n, nn := 0.0, 0.0
		for _, c := range clusters {
			n, nn = n+c.N, nn+c.N*c.N
		}
		within := 0.05
		if n*n/nn > 4 {
			within = 0.001
			if want := stats.DesignEffect(clusters); math.Abs(deff/want-1) > 0.005 {
				t.Errorf("design effect of %v: got %v, want %v", clusters, deff, want)
			}
		}
		wantLower, wantUpper := stats.ClusteredShare(clusters)
		if math.Abs(lower-wantLower) > within || math.Abs(upper-wantUpper) > within {
			t.Errorf("bounds of %v: got %v to %v, want %v to %v", clusters, lower, upper, wantLower, wantUpper)
		}
	}
}

// plantedCity is the script of a city in which each employer has postings of its
// own liking in two months, and the skills rise-1 … rise-10 gain share between
// them; the hundred others do not.
func plantedCity(seed uint64, perEmployer int) string {
	const employers = 300
	random := rand.New(rand.NewPCG(seed, 1))
	var postings, skills []string
	for e := range employers {
		likes := map[string]bool{}
		for s := range 100 {
			likes[fmt.Sprintf("even-%d", s)] = random.Float64() < 0.3
		}
		for month, day := range []string{"2025-01-10", "2025-02-10"} {
			for range perEmployer {
				id := fmt.Sprintf("p%d", len(postings))
				postings = append(postings, fmt.Sprintf("('%s', 'e%d', date '%s')", id, e, day))
				for s := range 100 {
					if name := fmt.Sprintf("even-%d", s); likes[name] && random.Float64() < 0.7 {
						skills = append(skills, fmt.Sprintf("('%s', '%s', 'must')", id, name))
					}
				}
				for s := range 10 {
					if random.Float64() < 0.1+0.12*float64(month) {
						skills = append(skills, fmt.Sprintf("('%s', 'rise-%d', 'must')", id, s))
					}
				}
			}
		}
	}
	return script(postings, skills)
}

// script loads core postings, given as (id, employer, day), and their skills,
// given as (id, skill, need).
func script(postings, skills []string) string {
	return fmt.Sprintf(`
		insert into posting by name
		select id as posting_id, id as content_hash, id as fingerprint, id as canonical_id, 'file' as source, 'file/b' as board_id,
			id as native_id, e as employer_id, e as employer, 't' as title, day as posted_on, timestamp '2025-03-02 00:00:00' as seen_at,
			'core' as standing, 0 as technical, 0 as operational, 0 as hybrid, 'mid' as seniority, 'remote' as workplace,
			'unspecified' as employment_type, 'none' as degree, 'en' as language, 'x' as taxonomy, false as truncated
		from (values %s) as t(id, e, day);
		insert into posting_skill (posting_id, skill, need) values %s;`, strings.Join(postings, ","), strings.Join(skills, ","))
}

func TestRisingSkillsFindsWhatWasPlantedAndLittleElse(t *testing.T) {
	catalog, err := query.Load(sqlfiles.Trend, "trend")
	if err != nil {
		t.Fatal(err)
	}
	b, err := catalog.Query("rising_skills").Bind(map[string]string{"direction": "both", "months": "1", "top": "1000"})
	if err != nil {
		t.Fatal(err)
	}
	const cities = 3
	found, wrong := 0, 0
	for seed := range uint64(cities) {
		res, err := citytest.OpenWith(t, plantedCity(seed, 3)).Run(t.Context(), b, 1000)
		if err != nil {
			t.Fatal(err)
		}
		at := map[string]int{}
		for i, c := range res.Columns {
			at[c.Name] = i
		}
		var ps, qs []float64
		for _, row := range res.Rows {
			ps, qs = append(ps, row[at["p"]].(float64)), append(qs, row[at["q"]].(float64))
			if tests := row[at["tests"]].(int64); tests != 110 {
				t.Fatalf("tests: got %d, want 110", tests)
			}
			switch planted := strings.HasPrefix(row[0].(string), "rise-"); {
			case !row[at["significant"]].(bool):
			case planted:
				found++
			default:
				wrong++
			}
		}
		for i, want := range stats.BenjaminiHochberg(ps) {
			if math.Abs(qs[i]-want) > 1e-12 {
				t.Errorf("q of %v: got %v, want %v", ps[i], qs[i], want)
			}
		}
	}
	t.Logf("found %d of %d planted risers, and %d that are none", found, 10*cities, wrong)
	if found < 9*cities {
		t.Errorf("found %d of %d planted risers", found, 10*cities)
	}
	if wrong > 4 { // one in twenty of about 30 is 1.5
		t.Errorf("%d skills called rising that were not planted", wrong)
	}
}

func TestRisingSkillsIsTheTwoProportionTestForIndependentPostings(t *testing.T) {
	var postings, skills []string
	hits := [2]int{30, 45}
	for month, day := range []string{"2025-01-10", "2025-02-10"} {
		for i := range 100 {
			id := fmt.Sprintf("p%d-%d", month, i)
			postings = append(postings, fmt.Sprintf("('%s', '%s', date '%s')", id, id, day))
			if i < hits[month] {
				skills = append(skills, fmt.Sprintf("('%s', 'go', 'must')", id))
			}
		}
	}
	catalog, err := query.Load(sqlfiles.Trend, "trend")
	if err != nil {
		t.Fatal(err)
	}
	b, err := catalog.Query("rising_skills").Bind(map[string]string{"months": "1"})
	if err != nil {
		t.Fatal(err)
	}
	res, err := citytest.OpenWith(t, script(postings, skills)).Run(t.Context(), b, 10)
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Rows) != 1 {
		t.Fatalf("got %d rows, want 1", len(res.Rows))
	}
	for i, c := range res.Columns {
		if c.Name == "p" {
			_, want := stats.TwoProportions(30, 100, 45, 100)
			if got := res.Rows[0][i].(float64); math.Abs(got/want-1) > 0.03 { // 200 clusters: a factor of 200/199 in the variance
				t.Errorf("p: got %v, want %v", got, want)
			}
		}
	}
}
