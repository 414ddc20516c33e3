package sqlfiles_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"jobcity/sql/citytest"
)

// manyCities is the script of so many cities, each a source of its own, with employers
// of skewed sizes that hire in January and in February. Each of 150 skills is liked by
// half of the employers of a city; half of the employers have other likings in
// February, but as many of them like a skill as before. Only in cities of odd number
// do the first 30 skills rise. All chance is a hash, so every run is the same.
func manyCities(cities int) string {
	const chance = "(hash(%s) %% 1000003) / 1000003.0"
	u := func(of string) string { return fmt.Sprintf(chance, of) }
	return `
	create temp table hire as
	select city, employer, month, n, 'p' || city || '-' || employer || '-' || month || '-' || n as id
	from range(` + fmt.Sprint(cities) + `) as c(city), range(80) as e(employer), range(2) as m(month),
		unnest(range(1 + least(40, floor(exp(2.2 * ` + u("'size', city, employer") + ` * ` + u("'more', city, employer") + ` + 1.3 * ` + u("'now', city, employer, month") + `)))::bigint)) as p(n);
	insert into posting by name
	select id as posting_id, id as content_hash, id as fingerprint, id as canonical_id, 'city' || city as source, 'b' || city as board_id,
		id as native_id, 'e' || city || '-' || employer as employer_id, 'e' as employer, 't' as title, date '2025-01-10' + 31 * month::integer as posted_on,
		timestamp '2025-03-02 00:00:00' as seen_at, 'core' as standing, 0 as technical, 0 as operational, 0 as hybrid, 'mid' as seniority,
		'remote' as workplace, 'unspecified' as employment_type, 'none' as degree, 'en' as language, 'x' as taxonomy, false as truncated
	from hire;
	insert into posting_skill (posting_id, skill, need)
	select id, 'skill' || skill, 'must'
	from hire, range(150) as s(skill)
	where ` + u("'likes', city, employer, skill, if(employer % 2 = 0, month, 0)") + ` < 0.5
	  and ` + u("'names', id, skill") + ` < case when city % 2 = 1 and skill < 30 and month = 1 then 0.55 else 0.3 end;`
}

// TestFalseDiscoveriesStayBelowTheRate: of what rising_skills calls significant at
// 0.05, no more than one in twenty is there by chance, in cities where nothing
// changes and in cities where a fifth of the skills rises.
func TestFalseDiscoveriesStayBelowTheRate(t *testing.T) {
	t.Parallel()
	const cities, planted = 40, 30
	db := citytest.OpenWith(t, manyCities(cities))
	var fooled, found, falseShare float64
	for city := range cities {
		rows := ask(t, db, "rising_skills", map[string]string{"source": fmt.Sprintf("city%d", city), "direction": "both", "months": "1", "top": "1000"})
		if len(rows) != 150 {
			t.Fatalf("city %d: %d skills tested, want 150", city, len(rows))
		}
		var right, wrong float64
		for _, row := range rows {
			var skill int
			if _, err := fmt.Sscanf(strings.TrimPrefix(row["skill"].(string), "skill"), "%d", &skill); err != nil {
				t.Fatal(err)
			}
			switch {
			case !row["significant"].(bool):
			case city%2 == 1 && skill < planted:
				right++
			default:
				wrong++
			}
		}
		if city%2 == 0 && wrong > 0 {
			fooled++
		}
		if city%2 == 1 && right+wrong > 0 {
			found += right / planted
			falseShare += wrong / (right + wrong)
		}
	}
	const each = cities / 2
	t.Logf("nothing changes: %.0f of %d cities show a discovery; planted: %.0f %% found, %.1f %% of discoveries false",
		fooled, each, 100*found/each, 100*falseShare/each)
	if fooled > 3 { // of 20, one is expected
		t.Errorf("%v of %d cities in which nothing changes show a discovery", fooled, each)
	}
	if falseShare/each > 0.05 {
		t.Errorf("%.1f %% of the discoveries are false", 100*falseShare/each)
	}
	if found/each < 0.4 {
		t.Errorf("%.0f %% of the planted risers were found", 100*found/each)
	}
}

// steadyCities is the script of so many cities, each a source of its own, whose 60
// employers each hire at a rate of their own, which never changes, over 14 months from
// January 2025. Each employer has a board, swept once a week. All chance is a hash.
func steadyCities(cities int) string {
	u := func(of string) string { return fmt.Sprintf("(hash(%s) %% 1000003) / 1000003.0", of) }
	return `
	create temp table hire as
	select city, 'b' || city || '-' || employer as board, month, 'p' || city || '-' || employer || '-' || month || '-' || n as id
	from range(` + fmt.Sprint(cities) + `) as c(city), range(60) as e(employer), range(14) as m(month), range(40) as p(n)
	where ` + u("'hires', city, employer, month, n") + ` * 40 < 0.3 - 3 * ln(1e-6 + ` + u("'rate', city, employer") + `);
	insert into posting by name
	select id as posting_id, id as content_hash, id as fingerprint, id as canonical_id, 'city' || city as source, board as board_id,
		id as native_id, board as employer_id, board as employer, 't' as title, (date '2025-01-10' + to_months(month::integer))::date as posted_on,
		timestamp '2026-03-02 00:00:00' as seen_at, 'core' as standing, 0 as technical, 0 as operational, 0 as hybrid, 'mid' as seniority,
		'remote' as workplace, 'unspecified' as employment_type, 'none' as degree, 'en' as language, 'x' as taxonomy, false as truncated
	from hire;
	insert into sweep
	select board, started, started, 'complete', null, false, 1, 0, 0, 0, 0, 1
	from (select distinct board from hire), range(timestamp '2024-12-28 00:00:00', timestamp '2026-03-03 00:00:00', interval 7 days) as r(started);`
}

// TestIntervalsOfDemandHoldWhereNothingChanged: the truth is an index of 100 and a
// change of 0 in every month of every city. With JOBCITY_SIMULATE set there are enough
// cities (five minutes) to tell 93 to 97 % from less and more.
func TestIntervalsOfDemandHoldWhereNothingChanged(t *testing.T) {
	t.Parallel()
	cities, least, most := 7, 80.0, 100.0
	if os.Getenv("JOBCITY_SIMULATE") != "" {
		cities, least, most = 200, 93, 97
	}
	db := citytest.OpenWith(t, steadyCities(cities))
	for _, c := range []struct {
		trend, panel string
		truth        float64
	}{{"demand_index", "raw", 100}, {"demand_index", "matched", 100}, {"year_over_year", "raw", 0}, {"year_over_year", "matched", 0}} {
		covered, all := 0, 0
		for city := range cities {
			rows := ask(t, db, c.trend, map[string]string{"panel": c.panel, "source": fmt.Sprintf("city%d", city), "from": "2025-01-01", "to": "2026-02-01"})
			for i, row := range rows {
				if c.trend == "demand_index" && i%4 != 1 { // those near each other are alike
					continue
				}
				all++
				if row["lower"].(float64) <= c.truth && c.truth <= row["upper"].(float64) {
					covered++
				}
			}
		}
		percent := 100 * float64(covered) / float64(all)
		t.Logf("%s, %s: %.1f %% of %d intervals hold the truth", c.trend, c.panel, percent, all)
		if percent < least || percent > most || all < 2*cities {
			t.Errorf("%s, %s: %.1f %% of %d intervals hold the truth", c.trend, c.panel, percent, all)
		}
	}
}
