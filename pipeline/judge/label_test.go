package judge_test

import (
	"testing"

	"jobcity/pipeline/judge"
	"jobcity/pipeline/tag"
)

func label(t *testing.T, line string) judge.Label {
	t.Helper()
	l, err := judge.DecodeLabel([]byte(line))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// rowOf is the only row of that kind and name.
func rowOf(t *testing.T, c *judge.Card, kind, name string) judge.Row {
	t.Helper()
	for _, r := range c.Rows(kind) {
		if r.Name == name {
			return r
		}
	}
	t.Fatalf("no %s %s in %v", kind, name, c.Rows(kind))
	return judge.Row{}
}

const two = `{"id":"1","standing":"core","primary":"data","districts":["data","software"],"streets":["data/engineering"],"facets":["automation","customer"],
	"skills":[{"name":"Python 3","need":"must"},{"name":"Postgres","need":"nice"},{"name":"kafka","need":"must"}],"seniority":"senior","workplace":"unspecified","salary":null,
	"alt":{"districts":["data"],"facets":["automation"],"skills":[{"name":"python","need":"nice"},{"name":"postgresql","need":"nice"}],"workplace":"remote"}}`

func TestWhatOnlyOneReaderSaysCountsNeitherForNorAgainst(t *testing.T) {
	given := func(change func(*tag.Tags)) *judge.Card {
		c := judge.NewCard()
		c.Add(label(t, two), "acme", tags(change))
		return c
	}
	// tags has the districts data and software, automation, and Python and SQL.
	c := given(nil)
	for _, want := range []struct {
		field                    string
		value, precision, recall float64
	}{
		{"standing", 1, 0, 0}, {"primary", 1, 0, 0}, {"streets", 1, 0, 0}, {"seniority", 1, 0, 0}, {"salary", 1, 0, 0},
		{"districts", 1, 1, 1},    // software is doubtful
		{"facets", 1, 1, 1},       // customer is doubtful
		{"skills", 0.5, 0.5, 0.5}, // Python is right, SQL wrong, PostgreSQL missed, Kafka doubtful
		{"need", 1, 0, 0},         // either reading is right
	} {
		r := rowOf(t, c, "field", want.field)
		if r.N != 1 || r.Value.Value != want.value || r.Set && (r.Precision.Value != want.precision || r.Recall.Value != want.recall) {
			t.Errorf("%s is %g of %d (%g, %g), want %+v", want.field, r.Value.Value, r.N, r.Precision.Value, r.Recall.Value, want)
		}
	}
	for _, r := range c.Rows("field") {
		if r.Name == "workplace" || r.Name == "workplace_false_claims" {
			t.Errorf("the readers differ on whether a workplace is said at all, and yet %s counts", r.Name)
		}
	}
	c = given(func(t *tag.Tags) { t.Districts = []tag.Share{{ID: "data", Weight: 0.5}, {ID: "security", Weight: 0.5}} })
	if r := rowOf(t, c, "district", "security"); r.N != 0 || r.Precision.Value != 0 {
		t.Errorf("security was made up: %+v", r)
	}
	c = given(func(t *tag.Tags) { t.Skills[0].Need = "mention" })
	if r := rowOf(t, c, "field", "need"); r.Value.Value != 0 || r.Confusions[0] != (judge.Confused{Confusion: judge.Confusion{Labelled: "must", Tagged: "mention"}, Count: 1}) {
		t.Errorf("neither reader says mention: %+v", r)
	}
}

func TestConfusionsNameWhatWasSaidInstead(t *testing.T) {
	c := judge.NewCard()
	line := `{"id":"1","standing":"core","primary":"security","districts":["security"],"streets":["security/grc"],"facets":["automation"],"skills":[{"name":"DevOps","need":"must"}],
		"seniority":"unspecified","workplace":"onsite","salary":{"min":100000,"max":120000,"currency":"usd","period":"year"}}`
	c.Add(label(t, line), "acme", tags(nil))
	c.Add(label(t, line), "acme", tags(func(t *tag.Tags) { t.Salary = &tag.Salary{Min: 1e5, Max: 1.2e5, Currency: "USD", Period: "month"} }))
	for _, want := range []struct {
		kind, name, labelled, tagged string
		count                        int
	}{
		{"field", "primary", "security", "data", 2}, {"field", "streets", "security/grc", "data/engineering", 2}, {"district", "security", "security", "data", 2},
		{"street", "security/grc", "security/grc", "data/engineering", 2}, {"field", "skills", "", "python", 2}, {"field", "seniority_false_claims", "unspecified", "senior", 2},
		{"field", "workplace", "onsite", "unspecified", 2}, {"field", "salary", "stated", "none", 1},
	} {
		r := rowOf(t, c, want.kind, want.name)
		if got := r.Confusions[0]; got != (judge.Confused{Confusion: judge.Confusion{Labelled: want.labelled, Tagged: want.tagged}, Count: want.count}) {
			t.Errorf("%s %s: %+v", want.kind, want.name, r.Confusions)
		}
	}
	skills := rowOf(t, c, "field", "skills").Confusions
	if got := skills[len(skills)-1]; got.Labelled != "devops" {
		t.Errorf("a missed skill is written as its normal name: %+v", skills)
	}
}

func TestAPostingWithoutTagsIsWrongInEveryField(t *testing.T) {
	c := judge.NewCard()
	c.Add(label(t, two), "acme", nil)
	for _, field := range []string{"standing", "primary", "districts", "streets", "facets", "skills", "seniority"} {
		if r := rowOf(t, c, "field", field); r.Value.Value != 0 {
			t.Errorf("%s is %g", field, r.Value.Value)
		}
	}
}

func TestATitleAloneIsJudgedByFourFields(t *testing.T) {
	c := judge.NewCard()
	c.Add(label(t, `{"id":"1","title":"Data Engineer","standing":"core","primary":"data","street":"data/engineering","seniority":"unspecified"}`), "1", tags(nil))
	c.Add(label(t, `{"id":"2","title":"Cook","standing":"outside","primary":null,"street":null,"seniority":"senior"}`), "2", tags(nil))
	got := map[string]float64{}
	for _, r := range c.Rows("field") {
		got[r.Name] = r.Value.Value
	}
	want := map[string]float64{"standing": 0.5, "primary": 1, "streets": 1, "seniority": 1, "seniority_false_claims": 1}
	if len(got) != len(want) {
		t.Errorf("fields %v, want %v", got, want)
	}
	for f, v := range want {
		if got[f] != v {
			t.Errorf("%s is %g, want %g", f, got[f], v)
		}
	}
}

func TestIntervalsAreWiderWhenPostingsOfAnEmployerResembleEachOther(t *testing.T) {
	right, wrong := tags(nil), tags(func(t *tag.Tags) { t.Standing = "outside" })
	one, each := judge.NewCard(), judge.NewCard()
	for i := range 40 {
		l := label(t, two)
		got := right
		if i/4%2 == 0 { // all four postings of an employer, or none
			got = wrong
		}
		one.Add(l, string(rune('a'+i/4)), got)
		each.Add(l, string(rune('a'+i)), got)
	}
	a, b := rowOf(t, one, "field", "standing").Value, rowOf(t, each, "field", "standing").Value
	if a.Value != 0.5 || b.Value != 0.5 || a.Upper-a.Lower < 1.3*(b.Upper-b.Lower) {
		t.Errorf("by employer %+v, by posting %+v", a, b)
	}
	all := judge.NewCard()
	for range 20 {
		all.Add(label(t, two), "acme", right)
	}
	if e := rowOf(t, all, "field", "standing").Value; e.Value != 1 || e.Lower > 0.85 || e.Upper != 1 {
		t.Errorf("20 of 20 is no certainty: %+v", e)
	}
	if e := rowOf(t, all, "field", "districts").Value; e.Value != 1 || e.Lower > 0.95 || e.Upper != 1 {
		t.Errorf("F1 of 20 of 20 is no certainty: %+v", e)
	}
}

func TestLabelsThatCannotBeReadAreErrors(t *testing.T) {
	for _, line := range []string{``, `[]`, `{"id":1}`, `{"id":"1","alt":[]}`, `{"id":"1","alt":{"skills":"go"}}`} {
		if _, err := judge.DecodeLabel([]byte(line)); err == nil {
			t.Errorf("%s is taken for a label", line)
		}
	}
}
