package sqlfiles_test

import (
	"fmt"
	"math"
	"os"
	"testing"

	"jobcity/pipeline/query"
	"jobcity/pipeline/store"
	sqlfiles "jobcity/sql"
	"jobcity/sql/citytest"
)

// payDesign is how the cities of one source are made: so many employers in each, whose
// postings' log pay resembles each other by this intraclass correlation, in steps.
type payDesign struct {
	employers int
	icc, step float64
}

// paySpread is the standard deviation of log pay in all of them.
const paySpread = 0.35

var payDesigns = []payDesign{{8, 0.1, 1}, {8, 0.4, 1}, {15, 0.2, 1}, {15, 0.6, 1}, {30, 0.1, 1}, {30, 0.4, 1}, {80, 0.1, 1}, {80, 0.6, 1}, {30, 0.4, 5000}, {80, 0.1, 5000}}

// chance is an even number in (0,1), the same for the same values, as an SQL expression.
func chance(of string) string { return fmt.Sprintf("((hash(%s) %% 1000003 + 0.5) / 1000003)", of) }

// normal is a standard normal number, the same for the same values (G. E. P. Box,
// M. E. Muller, 1958).
func normal(of string) string {
	return fmt.Sprintf("(sqrt(-2 * ln(%s)) * cos(2 * pi() * %s))", chance("'r', "+of), chance("'a', "+of))
}

// payCities is the script of so many cities for each design. A city is a street, a skill,
// a district and a month at once, so that one question answers for all of them. The sizes
// of employers are skewed, and have nothing to do with what they pay.
func payCities(cities int) string {
	script := "create temp table design (source varchar, employers integer, icc double, step double);"
	for i, d := range payDesigns {
		script += fmt.Sprintf("insert into design values ('design%d', %d, %v, %v);", i, d.employers, d.icc, d.step)
	}
	return script + `
	create temp table paid as
	select source, city, source || '-' || city || '-' || employer as employer, 'p' || source || '-' || city || '-' || employer || '-' || n as id,
		round(100000 * exp(` + fmt.Sprint(paySpread) + ` * (sqrt(icc) * ` + normal("source, city, employer") + ` + sqrt(1 - icc) * ` + normal("source, city, employer, n") + `)) / step) * step as pay
	from design, range(` + fmt.Sprint(cities) + `) as c(city), range(employers) as e(employer),
		range(least(80, ceil(exp(1 + 1.2 * ` + normal("'size', source, city, employer") + `)))::bigint) as p(n);
	insert into posting by name
	select id as posting_id, id as content_hash, id as fingerprint, id as canonical_id, source, source as board_id, id as native_id,
		employer as employer_id, 'e' as employer, 't' as title, (date '1990-01-10' + to_months(city::integer))::date as posted_on,
		timestamp '2025-03-02 00:00:00' as seen_at, 'core' as standing, 'c' || city as district, 'c' || city as street, 0 as technical, 0 as operational,
		0 as hybrid, 'mid' as seniority, 'remote' as workplace, pay as pay_annual_min, pay as pay_annual_max, 'USD' as pay_currency,
		'unspecified' as employment_type, 'none' as degree, 'en' as language, 'x' as taxonomy, false as truncated
	from paid;
	insert into posting_skill (posting_id, skill, need) select id, 'c' || city, 'must' from paid;
	insert into posting_district (posting_id, district, weight) select id, 'c' || city, 1 from paid;`
}

// many is how many cities a simulation draws: few, or with JOBCITY_SIMULATE set, more.
func many(few, more int) int {
	if os.Getenv("JOBCITY_SIMULATE") != "" {
		return more
	}
	return few
}

// TestIntervalsOfPayCoverTheTruth: 95 % intervals of the quartiles of pay hold the truth in
// 93 to 97 % of cities on average, and hardly less often in any design. Where pay is round,
// many postings state the same, and the interval holds the truth more often.
func TestIntervalsOfPayCoverTheTruth(t *testing.T) {
	t.Parallel()
	cities, slack := many(40, 400), 4.0
	if cities == 400 {
		slack = 1
	}
	db := citytest.OpenWith(t, payCities(cities))
	for quartile, z := range map[string]float64{"q1": -0.6744898, "median": 0, "q3": 0.6744898} {
		t.Run(quartile, func(t *testing.T) {
			sum, smooth := 0.0, 0.0
			for i, d := range payDesigns {
				truth := math.Round(100000*math.Exp(paySpread*z)/d.step) * d.step
				covered, all := 0.0, 0.0
				for _, row := range ask(t, db, "pay_by", map[string]string{"by": "street", "source": fmt.Sprintf("design%d", i)}) {
					all++
					if row[quartile+"_lower"].(float64) <= truth && truth <= row[quartile+"_upper"].(float64) {
						covered++
					}
				}
				percent := 100 * covered / all
				t.Logf("%+v: %.1f %% of %.0f cities", d, percent, all)
				if percent < 93-2*slack || int(all) != cities {
					t.Errorf("%+v: the truth is covered in %.1f %% of %.0f cities", d, percent, all)
				}
				if d.step == 1 {
					sum, smooth = sum+percent, smooth+1
				}
			}
			t.Logf("covered: %.1f %% where pay is not round", sum/smooth)
			if mean := sum / smooth; mean < 93-slack/2 || mean > 97+slack/2 {
				t.Errorf("the truth is covered in %.1f %% of all cities, want 93 to 97", mean)
			}
		})
	}
}

// TestTheIntervalsOfPayAreTheSameInEveryTrend: a city is a street, a skill, a month and a
// district at once, so each trend must say the same of it.
func TestTheIntervalsOfPayAreTheSameInEveryTrend(t *testing.T) {
	t.Parallel()
	db := citytest.OpenWith(t, payCities(7))
	given := map[string]string{"source": "design2"}
	want := map[any]map[string]any{}
	for _, row := range ask(t, db, "pay_by", map[string]string{"by": "street", "source": "design2"}) {
		want[row["grp"]] = row
	}
	same := func(what string, key any, row map[string]any, columns map[string]string) {
		if want[key] == nil {
			t.Fatalf("%s: no city %v", what, key)
		}
		for column, of := range columns {
			if row[column] != want[key][of] {
				t.Errorf("%s of %v, %s: got %v, want %v", what, key, column, row[column], want[key][of])
			}
		}
	}
	all := map[string]string{}
	for _, q := range []string{"q1", "median", "q3"} {
		for _, column := range []string{q, q + "_lower", q + "_upper"} {
			all[column] = column
		}
	}
	for i, row := range ask(t, db, "pay_by_month", given) {
		same("pay_by_month", fmt.Sprintf("c%d", i), row, all)
	}
	for _, row := range ask(t, db, "pay_by_skill", given)[1:] {
		same("pay_by_skill", row["skill"], row, all)
	}
	for _, row := range askReport(t, db, "pay_bands", given) {
		same("pay_bands", row["street"], row, all)
	}
	for _, row := range ask(t, db, "map_districts", given) {
		same("map_districts", row["district"], row, map[string]string{"pay_median": "median", "pay_lower": "median_lower", "pay_upper": "median_upper"})
	}
}

// askReport is what a report says, by the names of its columns.
func askReport(t *testing.T, db *store.DB, name string, given map[string]string) []map[string]any {
	t.Helper()
	catalog, err := query.Load(sqlfiles.Report, "report")
	if err != nil {
		t.Fatal(err)
	}
	b, err := catalog.Query(name).Bind(given)
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
