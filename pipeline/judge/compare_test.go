package judge_test

import (
	"reflect"
	"testing"

	"jobcity/pipeline/judge"
	"jobcity/pipeline/tag"
)

// tags makes tags of a core role of the data district that names the skills,
// each "id need".
func tags(change func(*tag.Tags)) *tag.Tags {
	data := "data"
	t := &tag.Tags{
		Standing: "core", Primary: &data, Districts: []tag.Share{{ID: "data", Weight: 0.6}, {ID: "software", Weight: 0.4}},
		Streets: []tag.Share{{ID: "data/engineering", Weight: 1}}, Facets: map[string]float64{"automation": 0.7, "customer": 0.2},
		Technical: 0.6, Operational: 0.4, Hybrid: 0.5, Skills: []tag.Skill{{ID: "python", Name: "Python", Need: "must"}, {ID: "sql", Name: "SQL", Need: "nice"}},
		Seniority: "senior", Workplace: "unspecified", EmploymentType: "unspecified", Degree: "unspecified", Language: "en", Metrics: []string{},
	}
	if change != nil {
		change(t)
	}
	return t
}

func TestAFieldChangesWhenTheSetOfItsValuesDoes(t *testing.T) {
	none, five := []string{}, 5
	for _, c := range []struct {
		name   string
		change func(*tag.Tags)
		want   []judge.Change
	}{
		{"nothing", nil, nil},
		{"only the order", func(t *tag.Tags) { t.Skills[0], t.Skills[1] = t.Skills[1], t.Skills[0] }, nil},
		{"only weights", func(t *tag.Tags) { t.Districts[0].Weight, t.Districts[1].Weight = 0.9, 0.1 }, nil},
		{"a facet score on its side of one half", func(t *tag.Tags) { t.Facets["automation"] = 0.5 }, nil},
		{"a facet score over one half", func(t *tag.Tags) { t.Facets["customer"] = 0.5 }, []judge.Change{{"facets", none, []string{"customer"}}}},
		{"a mix by less than a twentieth", func(t *tag.Tags) { t.Technical = 0.64 }, nil},
		{"a mix by more", func(t *tag.Tags) { t.Technical = 0.7 }, []judge.Change{{"mix", []string{"technical 0.60"}, []string{"technical 0.70"}}}},
		{"no district any more", func(t *tag.Tags) { t.Standing, t.Primary = "outside", nil },
			[]judge.Change{{"standing", []string{"core"}, []string{"outside"}}, {"primary", []string{"data"}, none}}},
		{"a skill for another", func(t *tag.Tags) { t.Skills[0].ID = "r" }, []judge.Change{{"skills", []string{"python"}, []string{"r"}}}},
		{"the need of a skill", func(t *tag.Tags) { t.Skills[1].Need = "must" }, []judge.Change{{"need", []string{"sql nice"}, []string{"sql must"}}}},
		{"what was unspecified", func(t *tag.Tags) { t.Workplace = "remote" }, []judge.Change{{"workplace", none, []string{"remote"}}}},
		{"pay", func(t *tag.Tags) { t.Salary = &tag.Salary{Min: 1e5, Max: 1.2e5, Currency: "USD", Period: "year"} },
			[]judge.Change{{"salary", none, []string{"100000-120000 USD year"}}}},
		{"years", func(t *tag.Tags) { t.Years = &five }, []judge.Change{{"years", none, []string{"5"}}}},
		{"places", func(t *tag.Tags) { t.Places = []tag.Place{{Country: "DE", City: "Berlin"}} }, []judge.Change{{"places", none, []string{"DE  Berlin"}}}},
		{"a metric", func(t *tag.Tags) { t.Metrics = []string{"mttr"} }, []judge.Change{{"metrics", none, []string{"mttr"}}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := judge.Changes(tags(nil), tags(c.change)); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestSharesCountPostingsNotTags(t *testing.T) {
	c := judge.NewComparison(1)
	c.Add("1", "one", tags(nil), tags(func(t *tag.Tags) { t.Skills = t.Skills[:1] }))
	c.Add("2", "two", tags(nil), tags(nil))
	c.Add("3", "three", tags(func(t *tag.Tags) { t.Skills = t.Skills[:1] }), tags(func(t *tag.Tags) { t.Seniority = "lead" }))
	c.Add("4", "four", tags(nil), tags(func(t *tag.Tags) { t.Skills[0].ID = "snake" }))
	before := tag.Catalog{Version: "old", Skills: []tag.CatalogedSkill{{ID: "python"}, {ID: "sql"}}}
	after := tag.Catalog{Version: "new", Skills: []tag.CatalogedSkill{{ID: "python"}, {ID: "sql"}, {ID: "snake"}}}
	r := c.Report(before, after)
	if r.Old != "old" || r.New != "new" || r.Postings != 4 || r.Changed != 3 {
		t.Errorf("report of %s to %s: %d of %d", r.Old, r.New, r.Changed, r.Postings)
	}
	want := []judge.ShareChange{
		{Kind: "skill", ID: "python", Before: 4, After: 3, Lost: 1, Gained: 0, ShareBefore: 1, ShareAfter: 0.75, Difference: -0.25},
		{Kind: "skill", ID: "snake", Before: 0, After: 1, Lost: 0, Gained: 1, ShareAfter: 0.25, Difference: 0.25, Note: "new"},
		{Kind: "skill", ID: "sql", Before: 3, After: 3, Lost: 1, Gained: 1, ShareBefore: 0.75, ShareAfter: 0.75},
		{Kind: "seniority", ID: "lead", Before: 0, After: 1, Gained: 1, ShareAfter: 0.25, Difference: 0.25},
		{Kind: "seniority", ID: "senior", Before: 4, After: 3, Lost: 1, ShareBefore: 1, ShareAfter: 0.75, Difference: -0.25},
	}
	if !reflect.DeepEqual(r.Shares, want) {
		t.Errorf("shares\n%+v\nwant\n%+v", r.Shares, want)
	}
	for _, f := range r.Fields {
		if wants := map[string]int{"skills": 3, "seniority": 1}; f.Changed != wants[f.Field] || f.Share != float64(f.Changed)/4 {
			t.Errorf("%s changes in %d, %g", f.Field, f.Changed, f.Share)
		}
	}
	if len(r.Examples) != 1 || r.Examples[0].ID != "3" {
		t.Errorf("the example is %v, want the posting with two changes", r.Examples)
	}
}

func TestTheOrderOfPostingsDoesNotMatter(t *testing.T) {
	changes := []func(*tag.Tags){nil, func(t *tag.Tags) { t.Skills = nil }, func(t *tag.Tags) { t.Seniority = "lead" },
		func(t *tag.Tags) { t.Facets["customer"] = 1 }, func(t *tag.Tags) { t.Standing = "adjacent" }}
	report := func(order []int) judge.Report {
		c := judge.NewComparison(2)
		for _, i := range order {
			c.Add(string(rune('a'+i)), "title", tags(nil), tags(changes[i]))
		}
		return c.Report(tag.Catalog{}, tag.Catalog{})
	}
	want := report([]int{0, 1, 2, 3, 4})
	for _, order := range [][]int{{4, 3, 2, 1, 0}, {2, 0, 4, 1, 3}} {
		if got := report(order); !reflect.DeepEqual(got, want) {
			t.Errorf("in order %v\n%+v, want\n%+v", order, got, want)
		}
	}
}
