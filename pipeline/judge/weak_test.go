package judge_test

import (
	"reflect"
	"strings"
	"testing"

	"jobcity/pipeline/judge"
	"jobcity/pipeline/posting"
	"jobcity/pipeline/tag"
)

func TestBareIsTitleAndTextAlone(t *testing.T) {
	full := posting.Posting{ID: "1", Source: "ashby", Board: "acme", NativeID: "n", Employer: "Acme", Title: "Engineer", Text: "text", Locations: []string{"Remote"}, Department: "Data",
		Team: "ML", EmploymentType: "FullTime", Workplace: "remote", Salary: &posting.Salary{Min: 1}, Language: "en", PostedOn: "2025-01-01", URL: "https://example.org"}
	want := posting.Posting{ID: "1", Source: "ashby", Board: "acme", NativeID: "n", Employer: "Acme", Title: "Engineer", Text: "text"}
	if got := judge.Bare(full); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
}

func TestWeakLabelsCompareWhatTheTextSaysAtAll(t *testing.T) {
	usd := func(low, high float64, period string) *tag.Salary {
		return &tag.Salary{Min: low, Max: high, Currency: "USD", Period: period}
	}
	stated := &posting.Salary{Min: 100000, Max: 120000, Currency: "USD", Period: "year"}
	for _, c := range []struct {
		name         string
		p            posting.Posting
		change       func(*tag.Tags)
		row          string
		stated, n    int
		agree        float64
		disagreement judge.Confusion
	}{
		{"a team that says a street", posting.Posting{Team: "Data  Engineering"}, nil, "team: street", 1, 1, 1, judge.Confusion{}},
		{"another street", posting.Posting{Team: "Data Science"}, nil, "team: street", 1, 1, 0, judge.Confusion{Labelled: "data science", Tagged: "data/engineering"}},
		{"a second district is enough", posting.Posting{Team: "Backend"}, nil, "team: software", 1, 1, 1, judge.Confusion{}},
		{"the team goes before the department", posting.Posting{Team: "Security", Department: "Data"}, nil, "team: security", 1, 1, 0, judge.Confusion{Labelled: "security", Tagged: "data"}},
		{"a department where the team says nothing", posting.Posting{Team: "Blue", Department: "Machine Learning"}, nil, "team: data", 1, 1, 1, judge.Confusion{}},
		{"a district is compared for core roles alone", posting.Posting{Team: "Data"}, func(t *tag.Tags) { t.Standing = "adjacent" }, "team: data", 1, 0, 0, judge.Confusion{}},
		{"a business team", posting.Posting{Department: "People & Talent"}, nil, "department: not core", 1, 1, 0, judge.Confusion{Labelled: "people and talent", Tagged: "core"}},
		{"an adjacent role of a business team", posting.Posting{Department: "Sales"}, func(t *tag.Tags) { t.Standing = "adjacent" }, "department: not core", 1, 1, 1, judge.Confusion{}},
		{"the same pay", posting.Posting{Salary: stated}, func(t *tag.Tags) { t.Salary = usd(100000, 120000, "year") }, "pay: the same", 1, 1, 1, judge.Confusion{}},
		{"no pay in the text", posting.Posting{Salary: stated}, nil, "pay: the same", 1, 0, 0, judge.Confusion{}},
		{"pay that overlaps is not the same", posting.Posting{Salary: stated}, func(t *tag.Tags) { t.Salary = usd(110000, 160000, "year") }, "pay: the same", 1, 1, 0, judge.Confusion{Labelled: "stated", Tagged: "other figures"}},
		{"pay that overlaps", posting.Posting{Salary: stated}, func(t *tag.Tags) { t.Salary = usd(110000, 160000, "year") }, "pay: overlaps", 1, 1, 1, judge.Confusion{}},
		{"pay of another period", posting.Posting{Salary: stated}, func(t *tag.Tags) { t.Salary = usd(100000, 120000, "hour") }, "pay: overlaps", 1, 1, 0, judge.Confusion{Labelled: "stated", Tagged: "another period"}},
		{"a silent text on workplace", posting.Posting{Workplace: "remote"}, nil, "workplace", 1, 0, 0, judge.Confusion{}},
		{"another workplace", posting.Posting{Workplace: "remote"}, func(t *tag.Tags) { t.Workplace = "hybrid" }, "workplace", 1, 1, 0, judge.Confusion{Labelled: "remote", Tagged: "hybrid"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := judge.NewWeak()
			w.Add(c.p, tags(c.change))
			for _, r := range w.Rows() {
				if r.Name != c.row {
					continue
				}
				if r.Stated != c.stated || r.N != c.n || r.N > 0 && r.Agree.Value != c.agree {
					t.Errorf("%+v", r)
				}
				if c.n > 0 && c.agree == 0 && (len(r.Confusions) != 1 || r.Confusions[0].Confusion != c.disagreement) {
					t.Errorf("disagreements %+v", r.Confusions)
				}
				return
			}
			t.Errorf("no row %s in %+v", c.row, w.Rows())
		})
	}
}

func TestADepartmentOfManyKindsSaysNothing(t *testing.T) {
	w := judge.NewWeak()
	w.Add(posting.Posting{Team: "Engineering", Department: "Technology"}, tags(nil))
	if rows := w.Rows(); len(rows) > 0 {
		t.Errorf("%+v", rows)
	}
}

func TestSpansAreFoundByTheirWords(t *testing.T) {
	var text judge.SpanText
	for _, line := range []string{
		`{"idx":1,"tokens":["<ORG>","wants","Python","and","machine","learning"],"tags_skill":["O","O","O","O","O","O"],"tags_knowledge":["O","O","B","O","B","I"]}`,
		`{"idx":1,"tokens":["communicate","well",",","python","Excel"],"tags_skill":["B","I","O","O","O"],"tags_knowledge":["O","O","O","B","O"]}`,
	} {
		s, err := judge.DecodeSentence([]byte(line))
		if err != nil {
			t.Fatal(err)
		}
		text.Append(s)
	}
	p := text.Posting("1")
	if p.Text != "[ORG] wants Python and machine learning\ncommunicate well , python Excel\n" {
		t.Fatalf("text %q", p.Text)
	}
	at := func(tagName, words string) tag.Evidence {
		i := strings.Index(p.Text, words)
		return tag.Evidence{Tag: tagName, Start: i, End: i + len(words), Text: words, Section: "body"}
	}
	a := judge.NewSpans()
	a.Add("1", &text, &tag.Tags{Evidence: []tag.Evidence{at("skill:python", "Python"), at("skill:excel", "Excel"), at("facet:automation", "learning")}})
	for i, want := range []struct {
		n     int
		value float64
		top   judge.Confusion
	}{
		{2, 0.5, judge.Confusion{Tagged: "excel"}},              // of our two skills Python is inside a span
		{2, 0.5, judge.Confusion{Labelled: "machine learning"}}, // of "python", twice, and "machine learning"
		{1, 0, judge.Confusion{Labelled: "communicate well"}},
	} {
		r := a.Rows()[i]
		if r.N != want.n || r.Value.Value != want.value || len(r.Confusions) != 1 || r.Confusions[0].Confusion != want.top {
			t.Errorf("%s: %+v", r.Name, r)
		}
	}
	if _, err := judge.DecodeSentence([]byte(`{"idx":1,"tokens":["a"],"tags_skill":[],"tags_knowledge":["O"]}`)); err == nil {
		t.Error("a sentence with a tag too few is taken")
	}
}
