package tag

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"jobcity/pipeline/posting"
)

const testSkills = `
- {id: go, name: Go, kind: language, side: technical, districts: [software], aliases: [golang], phrases: [Go programs], case: exact, ambiguous: true, context: [goroutines], not: [Go to market]}
- {id: r, name: R, kind: language, side: technical, districts: [data], case: exact, ambiguous: true, context: [tidyverse]}
- {id: react, name: React, kind: framework, side: technical, districts: [software], aliases: [react.js], ambiguous: true, context: [components]}
- {id: chef, name: Chef, kind: tool, side: technical, districts: [sysadmin], ambiguous: true, context: [cookbooks]}
- {id: java, name: Java, kind: language, side: technical, districts: [software]}
- {id: python, name: Python, kind: language, side: technical, districts: [software, data]}
- {id: sql, name: SQL, kind: language, side: technical, districts: [data]}
- {id: kubernetes, name: Kubernetes, kind: platform, side: technical, districts: [sysadmin], aliases: [k8s]}
- {id: kafka, name: Kafka, kind: platform, side: technical, districts: [data]}
- {id: rust, name: Rust, kind: language, side: technical, districts: [software], case: exact}
- {id: unit-testing, name: Unit testing, kind: method, side: technical, districts: [software], aliases: [unit tests]}
- {id: load-testing, name: Load testing, kind: method, side: technical, districts: [software], aliases: [load tests]}
- {id: scrum, name: Scrum, kind: method, side: operational, districts: [software]}
`

const testMetrics = `
- {id: mttr, name: MTTR, districts: [sysadmin], aliases: [mean time to recovery]}
`

// namer finds skills by a taxonomy of test skills and the real wording of needs
// and headings.
func namer(t testing.TB) func(title, text string) (*document, Tags) {
	t.Helper()
	real := os.DirFS(taxonomyDir)
	needs, err := fs.ReadFile(real, needFile)
	if err != nil {
		t.Fatal(err)
	}
	e, err := readEntries(fstest.MapFS{"skills/test.yaml": {Data: []byte(testSkills)}, metricFile: {Data: []byte(testMetrics)}, needFile: {Data: needs}})
	if err != nil {
		t.Fatal(err)
	}
	v := newVocabulary(e)
	v.worth = &worth{}
	m, s := newMatcher(v.forms), testSections(t)
	return func(title, text string) (*document, Tags) {
		d := &document{posting: &posting.Posting{Title: title, Text: text}, reading: read(title, text), explain: true}
		s.mark(d.reading, "")
		d.match(m)
		var out Tags
		v.nameSkills(d, &out)
		return d, out
	}
}

func TestNameSkills(t *testing.T) {
	tests := []struct {
		name, title, text string
		want              []string // "id need"
	}{
		{"by section", "", "Requirements:\n- Java\nNice to have:\n- Python\nOur stack:\nKafka", []string{"java must", "python nice", "kafka mention"}},
		{"in the title", "Java Developer", "", []string{"java must"}},
		{"by an alias", "", "Experience with k8s and golang required", []string{"kubernetes must", "go must"}},
		{"a plus in the middle of requirements", "", "Requirements:\n- Five years of Java. Python is a plus.", []string{"java must", "python nice"}},
		{"the stronger of two needs", "", "Our stack: Java\nRequirements:\n- Java", []string{"java must"}},
		{"an everyday word alone", "", "You go, react and chef around. Go and see! Letter R.", nil},
		{"an everyday word in another case", "", "Requirements:\n- go beyond Java", []string{"java must"}},
		{"an everyday word in a list of skills", "", "We use Java, Go, and R.", []string{"java mention", "go mention", "r mention"}},
		{"an everyday word by slashes", "", "Python/Go/React", []string{"python mention", "go mention", "react mention"}},
		{"an everyday word with its context", "", "You know Go: goroutines and all that.", []string{"go must"}},
		{"an everyday word with its context in the title", "Cookbooks engineer", "You will own Chef.", []string{"chef mention"}},
		{"an everyday word behind words of skill", "", "Experience with React is needed", []string{"react must"}},
		{"an everyday word before words of skill", "", "Chef developers wanted", []string{"chef mention"}},
		{"an everyday word as an item among skills", "", "Requirements:\n- Java\n- Go\n- SQL", []string{"java must", "go must", "sql must"}},
		{"a hard negative", "", "Requirements:\n- Go to market, Java", []string{"java must"}},
		{"part of a hyphenated word", "", "Java and a Go-getter, R-squared", []string{"java mention"}},
		{"joined to what is said of it", "", "Java and Go-based services", []string{"java mention", "go mention"}},
		{"the shorter word of a longer one", "", "JavaScript, reactive", nil},
		{"denied", "", "No Java here. This is not a Python shop. We moved away from Kafka. Without SQL.", nil},
		{"not only is no denial", "", "Not only Java but Python", []string{"java mention", "python mention"}},
		{"in an address", "", "See https://example.org/java or mail python@example.org, www.sql.org", nil},
		{"of the employer, in benefits, in legal lines", "", "About us:\nJava\nBenefits:\nPython\nEqual opportunity employer, also for SQL", nil},
		{"in another case in a list of skills", "", "We use Java, rust and SQL", []string{"java mention", "rust mention", "sql mention"}},
		{"in another case by itself", "", "Java that does not rust. Rust is fine.", []string{"java mention", "rust mention"}},
		{"sharing the last word of another", "", "Requirements:\n- Unit, API and load tests", []string{"load-testing must"}},
		{"sharing the last word of another, in a list", "", "Requirements:\n- Unit/load tests\n- Load and unit testing", []string{"unit-testing must", "load-testing must"}},
		{"a last word that is not shared", "", "Requirements:\n- Every unit that load tests", []string{"load-testing must"}},
		{"a line that stands for many", "", "Java\nJAVA\njava", []string{"java mention"}},
	}
	named := namer(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, out := named(tt.title, tt.text)
			var got []string
			for _, s := range out.Skills {
				got = append(got, s.ID+" "+s.Need)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q; misses %+v", got, tt.want, d.misses)
			}
		})
	}
}

func TestASkillIsCalledAsThePostingCallsIt(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"by its own name, however written", "JAVA", "Java"},
		{"by another name", "Experience with Golang", "Golang"},
		{"by its own name somewhere", "Experience with golang. Java, Go", "Go"},
		{"by a phrase that is no name", "Experience with Go programs", "Go"},
	}
	named := namer(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, out := named("", tt.text)
			if !slices.ContainsFunc(out.Skills, func(s Skill) bool { return s.Name == tt.want }) {
				t.Errorf("got %v, want %q", out.Skills, tt.want)
			}
		})
	}
}

func TestMetricsAreNamed(t *testing.T) {
	_, out := namer(t)("", "Reduce mean time to recovery (MTTR)")
	if !slices.Equal(out.Metrics, []string{"mttr"}) {
		t.Errorf("metrics %q", out.Metrics)
	}
}

func TestEvidenceIsTheWordsOfTheText(t *testing.T) {
	text := "<p>We need <b>K8s</b>,&nbsp;SQL &amp; Ja<i>va</i>.</p><p>And SQL, SQL, SQL.</p>"
	_, out := namer(t)("Python &amp; Scrum", text)
	count := map[string]int{}
	for _, e := range out.Evidence {
		of := text
		if e.Section == "title" {
			of = "Python &amp; Scrum"
		}
		if of[e.Start:e.End] != e.Text {
			t.Errorf("%s: %q is not at %d of %q", e.Tag, e.Text, e.Start, of)
		}
		count[e.Tag+" "+e.Text]++
	}
	for _, want := range []string{"skill:kubernetes K8s", "skill:java Ja<i>va", "skill:python Python", "skill:scrum Scrum"} {
		if count[want] != 1 {
			t.Errorf("%d times %q in %v", count[want], want, count)
		}
	}
	if n := count["skill:sql SQL"]; n != mostEvidence {
		t.Errorf("SQL is shown %d times, want %d", n, mostEvidence)
	}
}

func TestMissesSayWhy(t *testing.T) {
	d, _ := namer(t)("", "No Java. You go. Go to market. See https://example.org/sql")
	var got []string
	for _, m := range d.misses {
		got = append(got, m.Text+": "+m.Why)
	}
	for _, want := range []string{"Java: denied by No", "Go to market: hard negative Go to market", "sql: part of an address"} {
		if !slices.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
}

func TestCheckNamesEveryProblem(t *testing.T) {
	const bad = `- {id: java, name: Java, kind: language, side: technical, districts: [software], aliases: [j, J]}
- {id: Java2, name: JAVA, kind: langage, side: technical, districts: [softwar]}
- {id: php, name: PHP, kind: language, side: technical, implies: [jav], aliases: ["--"], not: [php]}
- {id: php, name: P H P, kind: language, side: technically}
`
	files := fstest.MapFS{
		"skills/bad.yaml":  {Data: []byte(bad)},
		"skills/typo.yaml": {Data: []byte("- id: x\n  name: X\n  aliasses: [y]\n")},
		metricFile:         {Data: []byte("[]")},
		needFile:           {Data: []byte("nice: [plus]\n")},
		districtFile:       {Data: []byte("- {id: software, name: Software Developers}\n")},
		streetFile:         {Data: []byte("[]")},
		facetFile:          {Data: []byte("facets: []\n")},
	}
	err := Check(files)
	if err == nil {
		t.Fatal("nothing is wrong")
	}
	for _, want := range []string{
		`skills/bad.yaml:1:95: java: the form "J" is there twice (line 1)`,
		`skills/bad.yaml:2:8: id "Java2" has characters other than a-z, 0-9 and .+#/-`,
		`skills/bad.yaml:2:21: Java2: the form "JAVA" is also that of java (line 1)`,
		`kind "langage" is not one of`, `did you mean "language"?`,
		`district "softwar" is not one of software, did you mean "software"?`,
		`php implies "jav", which is no skill, did you mean "java"?`,
		`php: the form "--" can never match`,
		`php: "php" is both a form and not one`,
		`skills/bad.yaml:4:8: id "php" is taken at line 3`,
		`side "technically" is not one of technical, operational`,
		`skills/typo.yaml:3:3: unknown field "aliasses", did you mean "aliases"?`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in\n%v", want, err)
		}
	}
}
