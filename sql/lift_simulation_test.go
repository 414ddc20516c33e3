package sqlfiles_test

import (
	"fmt"
	"testing"

	"jobcity/sql/citytest"
)

// liftDesign is how cities are made in which skills 1 and 2 are liked by some employers each,
// together or not: so many employers, this share of them likes each, this share of those who
// like one like both beside chance, and this share of the postings of who likes it mention it.
type liftDesign struct {
	employers                int
	liked, together, mention float64
}

var liftDesigns = []liftDesign{{40, 0.5, 0, 0.6}, {40, 0.5, 0.6, 0.6}, {120, 0.3, 0, 0.5}, {120, 0.3, 0.5, 0.5}, {120, 0.2, 0.9, 0.9}, {60, 0.12, 0.4, 0.7}, {20, 0.3, 0.4, 0.6}}

// background is the chance that a posting mentions a skill its employer does not like.
const background = 0.03

// truth is the lift in cities without end: the chance of both over the product of the chances.
func (d liftDesign) truth() float64 {
	one := background + d.liked*(d.mention-background)
	// With chance together, whether the second is liked is what the first is; else by itself.
	square := d.liked*d.mention*d.mention + (1-d.liked)*background*background
	return (d.together*square + (1-d.together)*one*one) / (one * one)
}

// liftCities is the script of so many cities of each design, each a source of its own.
func liftCities(cities int) string {
	script := "create temp table design (design integer, employers integer, liked double, together double, mention double);"
	for i, d := range liftDesigns {
		script += fmt.Sprintf("insert into design values (%d, %d, %v, %v, %v);", i, d.employers, d.liked, d.together, d.mention)
	}
	return script + `
	create temp table person as
	select *, 'd' || design || 'c' || city as source, employer || '-' || n as id, 'd' || design || 'c' || city || '-' || employer as employer_id
	from design, range(` + fmt.Sprint(cities) + `) as c(city), range(employers) as e(employer),
		range(least(60, ceil(exp(1 + 1.2 * ` + normal("'size', design, city, employer") + `)))::bigint) as p(n);
	insert into posting by name
	select source || '-' || id as posting_id, posting_id as content_hash, posting_id as fingerprint, posting_id as canonical_id, source, source as board_id,
		id as native_id, employer_id, 'e' as employer, 't' as title, date '2025-01-10' as posted_on,
		timestamp '2025-03-02 00:00:00' as seen_at, 'core' as standing, 0 as technical, 0 as operational, 0 as hybrid, 'mid' as seniority, 'remote' as workplace,
		'unspecified' as employment_type, 'none' as degree, 'en' as language, 'x' as taxonomy, false as truncated
	from person;
	insert into posting_skill (posting_id, skill, need)
	select source || '-' || id, 's' || skill, 'must'
	from person, range(1, 3) as s(skill)
	where ` + chance("'names', source, id, skill") + ` < if(` + chance("'likes', employer_id, if("+chance("'together', employer_id")+" < together, 1, skill)") + ` < liked, mention, ` + fmt.Sprint(background) + `);`
}

// TestIntervalsOfLiftCoverTheTruth: of two skills that employers like independently of each
// other, and of two that they like together.
func TestIntervalsOfLiftCoverTheTruth(t *testing.T) {
	t.Parallel()
	cities, slack := many(7, 200), 8.0
	if cities == 200 {
		slack = 1
	}
	db := citytest.OpenWith(t, liftCities(cities))
	mean := 0.0
	for i, d := range liftDesigns {
		covered, all := 0.0, 0.0
		for city := range cities {
			found := ask(t, db, "skill_pairs", map[string]string{"source": fmt.Sprintf("d%dc%d", i, city), "min_pairs": "3"})
			if len(found) == 0 { // too few postings mention both
				continue
			}
			all++
			row := found[0]
			if row["lift_lower"].(float64) <= d.truth() && d.truth() <= row["lift_upper"].(float64) {
				covered++
			}
		}
		t.Logf("%+v, lift %.2f: %.1f %% of %.0f cities", d, d.truth(), 100*covered/all, all)
		mean += 100 * covered / all / float64(len(liftDesigns))
	}
	t.Logf("covered: %.1f %%", mean)
	if mean < 93-slack/2 || mean > 97+slack/2 {
		t.Errorf("the truth is covered in %.1f %% of all cities, want 93 to 97", mean)
	}
}
