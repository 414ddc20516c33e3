package sqlfiles_test

import (
	"fmt"
	"math"
	"testing"

	"jobcity/sql/citytest"
)

// premiumDesign is how cities are made in which a skill raises log pay by 0.1: so many
// employers in each, whose postings' log pay resembles each other by this intraclass
// correlation. Strata differ in pay, and where more is paid the skill is asked more.
type premiumDesign struct {
	employers int
	icc       float64
	liking    float64 // of the chance that a posting mentions the skill, what its employer decides
}

var premiumDesigns = []premiumDesign{{15, 0.1, 0.3}, {15, 0.4, 0.8}, {40, 0.1, 0.8}, {40, 0.4, 0.3}, {40, 0.4, 0.8}, {120, 0.2, 0.8}}

// premiumCities is the script of so many cities of each design, each a source of its own.
func premiumCities(cities int) string {
	script := "create temp table design (design integer, employers integer, icc double, liking double);"
	for i, d := range premiumDesigns {
		script += fmt.Sprintf("insert into design values (%d, %d, %v, %v);", i, d.employers, d.icc, d.liking)
	}
	return script + `
	create temp table person as
	select *, 'd' || design || 'c' || city as source, employer || '-' || n as id, (4 * ` + chance("'stratum', design, city, employer, n") + `)::integer as stratum
	from design, range(` + fmt.Sprint(cities) + `) as c(city), range(employers) as e(employer),
		range(least(60, ceil(exp(1 + 1.2 * ` + normal("'size', design, city, employer") + `)))::bigint) as p(n);
	create temp table paid as
	select *, ` + chance("'has', source, id") + ` < liking * (` + chance("'likes', source, employer") + ` < 0.3)::integer + (1 - liking) * 0.6 * stratum / 4 as has
	from person;
	insert into posting by name
	select source || '-' || id as posting_id, posting_id as content_hash, posting_id as fingerprint, posting_id as canonical_id, source, source as board_id,
		id as native_id, source || '-' || employer as employer_id, 'e' as employer, 't' as title, date '2025-01-10' as posted_on,
		timestamp '2025-03-02 00:00:00' as seen_at, 'core' as standing, 'software/' || stratum as street, 0 as technical, 0 as operational,
		0 as hybrid, 'mid' as seniority, 'remote' as workplace,
		60000 * exp(0.2 * stratum + 0.1 * has::integer + 0.35 * (sqrt(icc) * ` + normal("source, employer") + ` + sqrt(1 - icc) * ` + normal("source, id") + `)) as pay_annual_min,
		pay_annual_min as pay_annual_max, 'USD' as pay_currency,
		'unspecified' as employment_type, 'none' as degree, 'en' as language, 'x' as taxonomy, false as truncated
	from paid;
	insert into posting_skill (posting_id, skill, need) select source || '-' || id, 'go', 'must' from paid where has;`
}

// TestThePayPremiumFindsWhatWasPlanted: no bias, though better paid strata ask more for the
// skill, and 95 % intervals hold the truth in 93 to 97 % of cities on average.
func TestThePayPremiumFindsWhatWasPlanted(t *testing.T) {
	t.Parallel()
	cities, slack := many(12, 200), 6.0
	if cities == 200 {
		slack = 1
	}
	db := citytest.OpenWith(t, premiumCities(cities))
	truth := math.Exp(0.1) - 1
	mean, off, spread := 0.0, 0.0, 0.0
	for i, d := range premiumDesigns {
		covered, all, sum, square := 0.0, 0.0, 0.0, 0.0
		for city := range cities {
			row := ask(t, db, "pay_premium", map[string]string{"skill": "go", "source": fmt.Sprintf("d%dc%d", i, city)})[0]
			all++
			if row["lower"].(float64) <= truth && truth <= row["upper"].(float64) {
				covered++
			}
			miss := math.Log1p(row["premium"].(float64)) - 0.1
			sum, square = sum+miss, square+miss*miss
		}
		t.Logf("%+v: %.1f %% of %.0f cities, log premium off by %.4f (%.4f)", d, 100*covered/all, all, sum/all, math.Sqrt(square/all/all))
		mean += 100 * covered / all / float64(len(premiumDesigns))
		off, spread = off+sum/all, spread+square/all/all
	}
	t.Logf("covered: %.1f %%", mean)
	if mean < 93-slack/2 || mean > 97+slack/2 {
		t.Errorf("the truth is covered in %.1f %% of all cities, want 93 to 97", mean)
	}
	if math.Abs(off) > 3*math.Sqrt(spread) {
		t.Errorf("the premium is off by %v", off)
	}
}
