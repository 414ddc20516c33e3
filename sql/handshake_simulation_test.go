package sqlfiles_test

import (
	"fmt"
	"strings"
	"testing"

	"jobcity/sql/citytest"
)

// meetings is the script of so many cities, each a source of its own, with employers of
// skewed sizes that each hire more for one of data, software, both and sysadmin, and like
// half of 60 skills, at home in data and software alike. Only in cities of odd number are
// there ten skills that the meeting of the two asks more for. All chance is a hash.
func meetings(cities int) string {
	return `
	create temp table person as
	select *, if(` + chance("'usual', id") + ` < 0.5, floor(4 * ` + chance("'kind', employer_id") + `), floor(4 * ` + chance("'kind', id") + `))::integer as kind
	from (
		select 'city' || city as source, city, 'e' || city || '-' || employer as employer_id, 'p' || city || '-' || employer || '-' || n as id
		from range(` + fmt.Sprint(cities) + `) as c(city), range(70) as e(employer),
			range(least(60, ceil(exp(1.2 + 1.2 * ` + normal("'size', city, employer") + `)))::bigint) as p(n)
	);
	insert into posting by name
	select id as posting_id, id as content_hash, id as fingerprint, id as canonical_id, source, source as board_id,
		id as native_id, employer_id, 'e' as employer, 't' as title, date '2025-01-10' as posted_on,
		timestamp '2025-03-02 00:00:00' as seen_at, 'core' as standing, 0 as technical, 0 as operational, 0 as hybrid, 'mid' as seniority, 'remote' as workplace,
		'unspecified' as employment_type, 'none' as degree, 'en' as language, 'x' as taxonomy, false as truncated
	from person;
	insert into posting_district (posting_id, district, weight)
	select id, unnest([['data'], ['software'], ['data', 'software'], ['sysadmin']][kind + 1]), 0.5
	from person;
	insert into posting_skill (posting_id, skill, need)
	select id, 'even-' || skill, 'must'
	from person, range(60) as s(skill)
	where ` + chance("'likes', employer_id, skill") + ` < 0.5
	  and ` + chance("'names', id, skill") + ` < if(kind < 3, 0.6, 0.3)
	union all
	select id, 'shake-' || skill, 'must'
	from person, range(10) as s(skill)
	where city % 2 = 1
	  and ` + chance("'shakes', id, skill") + ` < [0.1, 0.1, 0.35, 0.02][kind + 1];`
}

// TestHandshakesStayBelowTheFalseDiscoveryRate: with employers that hire mostly for one
// district and name what they like, no more than one in twenty of the handshakes called
// significant is there by chance.
func TestHandshakesStayBelowTheFalseDiscoveryRate(t *testing.T) {
	t.Parallel()
	cities := many(10, 100)
	db := citytest.OpenWith(t, meetings(cities))
	fooled, found, falseShare, each := 0, 0.0, 0.0, float64(cities/2)
	for city := range cities {
		right, wrong := 0.0, 0.0
		for _, row := range rows(t, db, "handshake_skills", map[string]string{
			"district": "data", "with_district": "software", "source": fmt.Sprintf("city%d", city), "top": "1000",
		}) {
			switch {
			case !row["significant"].(bool):
			case strings.HasPrefix(row["skill"].(string), "shake-"):
				right++
			default:
				wrong++
			}
		}
		if city%2 == 0 && wrong > 0 {
			fooled++
		}
		if city%2 == 1 && right+wrong > 0 {
			found += right / 10
			falseShare += wrong / (right + wrong)
		}
	}
	t.Logf("nothing planted: %d of %.0f cities show a handshake; planted: %.0f %% found, %.1f %% of discoveries false",
		fooled, each, 100*found/each, 100*falseShare/each)
	if float64(fooled) > max(1, 0.09*each) { // 0.05 are expected at most
		t.Errorf("%d of %.0f cities without a handshake show one", fooled, each)
	}
	if falseShare/each > 0.05 {
		t.Errorf("%.1f %% of the discoveries are false", 100*falseShare/each)
	}
	if found/each < 0.5 {
		t.Errorf("%.0f %% of the planted handshakes were found", 100*found/each)
	}
}
