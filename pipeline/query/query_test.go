package query_test

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"jobcity/pipeline/query"
)

const good = `-- name:   share
-- title:  A share
-- doc:    First sentence.
-- doc:    Second sentence.
-- param:  skill text -- id of a skill
-- param:  since date = null
-- param:  top bigint in 1..100 = 50 -- at most so many
-- param:  floor double = 0.5
-- param:  open boolean = false
-- param:  need text in must|nice = null
-- column: month date, share double
-- column: postings bigint, employers bigint
-- a comment with $nothing; in it is a header line that is wrong
`

func load(t *testing.T, text string) (*query.Catalog, error) {
	t.Helper()
	return query.Load(fstest.MapFS{"trend/share.sql": {Data: []byte(text)}}, "trend")
}

func share(t *testing.T) *query.Query {
	t.Helper()
	text := strings.ReplaceAll(good, "-- a comment", "\n-- a comment") +
		"select '$five; ''' as \"$six\", /* $seven; */ $skill::text, $since, $top, $floor, $open, $need from t where a = $skill; -- $eight\n"
	c, err := load(t, text)
	if err != nil {
		t.Fatal(err)
	}
	return c.Query("share")
}

func TestLoadReadsTheHeader(t *testing.T) {
	q := share(t)
	if q.Title != "A share" || q.Doc != "First sentence. Second sentence." || len(q.Params) != 6 || len(q.Columns) != 4 {
		t.Errorf("got %+v", q)
	}
	if p := q.Params[0]; !p.Required || p.Type != "text" || p.Doc != "id of a skill" {
		t.Errorf("skill: got %+v", p)
	}
	if p := q.Params[1]; p.Required || p.Default != nil {
		t.Errorf("since: got %+v", p)
	}
	if p := q.Params[2]; *p.Default != "50" || *p.Range != (query.Range{Least: 1, Most: 100}) {
		t.Errorf("top: got %+v", p)
	}
	if p := q.Params[5]; !slices.Equal(p.Values, []string{"must", "nice"}) {
		t.Errorf("need: got %+v", p)
	}
	if q.Base != (query.Base{Postings: "postings", Employers: "employers"}) {
		t.Errorf("base: got %+v", q.Base)
	}
}

func TestLoadReportsEverythingThatIsWrongAtOnce(t *testing.T) {
	_, err := query.Load(fstest.MapFS{
		"trend/a.sql": {Data: []byte(`-- name:   b
-- titel:  A
-- param:  skill string
-- param:  top bigint = many
-- param:  top bigint = 1
-- param:  Bad text
-- param:  day date in 1..2
-- param:  n bigint in 9..1 = 3
-- param:  m bigint in 1..3 = 9
-- param:  e text =
-- base:   postings, people
-- base:   postings, employers for pay
-- column: month day, share double, share double, what
-- nonsense
select $skill, $typo; select 1
`)},
		"trend/empty.sql":  {Data: nil},
		"trend/notes.txt":  {Data: []byte("not SQL")},
		"trend/share2.sql": {Data: []byte(strings.ReplaceAll(good, "name:   share", "name:   share2"))},
	}, "trend")
	if err == nil {
		t.Fatal("got no error")
	}
	for _, want := range []string{
		`trend/a.sql:1: name: must be the file's name, "a" (got "b")`,
		`trend/a.sql:2: unknown header key "titel"; did you mean title?`,
		`trend/a.sql:3: param skill: type must be one of text, bigint, double, date, boolean (got "string")`,
		`trend/a.sql:4: param top: default: must be a whole number such as 12 (got "many")`,
		`trend/a.sql:5: param top is declared twice`,
		`trend/a.sql:6: param: bad name "Bad"`,
		`trend/a.sql:7: param day: in: a date cannot have it`,
		`trend/a.sql:8: param n: in: want least..most (got "9..1")`,
		`trend/a.sql:9: param m: default: must be from 1 to 3 (got 9)`,
		`trend/a.sql:10: param e: default is missing after =`,
		`trend/a.sql:11: base: there is no column people`,
		`trend/a.sql:12: base: there is no column pay`,
		`trend/a.sql:13: column month: type must be one of`,
		`trend/a.sql:13: column share is declared twice`,
		"trend/a.sql:13: column: want `name type, …` (got \"what\")",
		"trend/a.sql:14: header line is not `-- key: value`",
		`trend/a.sql:1: title: missing`,
		`trend/a.sql:15: $typo is used but not declared`,
		`trend/a.sql:4: param top is declared but not used`,
		`trend/a.sql:15: must hold one statement (got 2)`,
		`trend/empty.sql:1: must hold one statement (got 0)`,
		"trend/share2.sql:13: header line is not `-- key: value`",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("missing: %s", want)
		}
	}
	if t.Failed() {
		t.Logf("got\n%v", err)
	}
	if _, err := query.Load(fstest.MapFS{}, "nowhere"); err == nil {
		t.Error("a missing folder: got no error")
	}
}

func TestBindConvertsAndFillsInDefaults(t *testing.T) {
	b, err := share(t).Bind(map[string]string{"skill": "go", "since": "2026-02", "open": "true", "need": ""})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"skill": "go", "since": time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC),
		"top": int64(50), "floor": 0.5, "open": true, "need": nil,
	}
	for _, a := range b.Args {
		n := a.(sql.NamedArg)
		if n.Value != want[n.Name] {
			t.Errorf("%s: got %v, want %v", n.Name, n.Value, want[n.Name])
		}
	}
	if len(b.Args) != len(want) || len(b.Params) != 5 || b.Params["top"] != "50" {
		t.Errorf("got %d values, params %v", len(b.Args), b.Params)
	}
}

func TestBindNamesEveryBadParameter(t *testing.T) {
	_, err := share(t).Bind(map[string]string{"skil": "go", "since": "yesterday", "top": "1000", "floor": "NaN", "open": "maybe", "need": "most"})
	var bad *query.ParamError
	if !errors.As(err, &bad) {
		t.Fatalf("got %v", err)
	}
	want := map[string]string{
		"skil":  "unknown parameter; did you mean skill?",
		"skill": "required: text, id of a skill",
		"since": `must be a date such as 2026-01-31, or a month such as 2026-01 (got "yesterday")`,
		"top":   "must be from 1 to 100 (got 1000)",
		"floor": `must be a number such as 0.25 (got "NaN")`,
		"open":  `must be true or false (got "maybe")`,
		"need":  `must be one of must, nice (got "most")`,
	}
	for _, p := range bad.Params {
		if p.Reason != want[p.Name] {
			t.Errorf("%s: got %q, want %q", p.Name, p.Reason, want[p.Name])
		}
		delete(want, p.Name)
	}
	if len(want) > 0 {
		t.Errorf("not reported: %v", want)
	}
}

func TestBindRefusesTextThatIsNoText(t *testing.T) {
	for name, value := range map[string]string{"broken UTF-8": "\xff", "a NUL": "a\x00b", "too long": strings.Repeat("x", query.MaxValue+1)} {
		if _, err := share(t).Bind(map[string]string{"skill": value}); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(good)
	f.Add("-- param: a text in = -- x\n'")
	f.Add("-- name: share\n/* $")
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := load(t, text); err == nil && c.Query("share") == nil {
			t.Error("no error and no query")
		}
	})
}

func TestSmallSamplesLoseTheirEstimatesAndKeepTheirN(t *testing.T) {
	r := query.Result{
		Columns: []query.Column{{Name: "skill", Type: "text"}, {Name: "share", Type: "double"}, {Name: "significant", Type: "boolean"}, {Name: "postings", Type: "bigint"}, {Name: "employers", Type: "bigint"}},
		Rows: [][]any{
			{"enough", 0.1 + 0.2, true, int64(10), int64(3)},
			{"too few postings", 0.5, true, int64(9), int64(9)},
			{"too few employers", 0.5, true, int64(90), int64(2)},
		},
	}
	r.Round()
	if n := r.Suppress(&query.Query{Base: query.Base{Postings: "postings", Employers: "employers"}}, 10, 3); n != 2 {
		t.Errorf("suppressed %d rows, want 2", n)
	}
	if r.Rows[0][1] != 0.3 || r.Rows[0][2] != true {
		t.Errorf("enough: got %v", r.Rows[0])
	}
	for _, row := range r.Rows[1:] {
		if row[1] != nil || row[2] != nil || row[3] == nil {
			t.Errorf("%s: got %v", row[0], row)
		}
	}
	if n := r.Suppress(&query.Query{}, 1000, 1000); n != 0 {
		t.Errorf("without a base: suppressed %d rows", n)
	}
}

func TestWhatRestsOnAPartOfTheSampleGoesByThatPart(t *testing.T) {
	columns := func(names ...string) (all []query.Column) {
		for _, n := range names {
			all = append(all, query.Column{Name: n, Type: map[bool]string{true: "double", false: "bigint"}[n == "share" || n == "pay"]})
		}
		return all
	}
	r := query.Result{
		Columns: columns("share", "pay", "postings", "employers", "pay_postings", "pay_employers"),
		Rows: [][]any{
			{0.5, 7.0, int64(90), int64(9), int64(20), int64(5)},
			{0.5, 7.0, int64(90), int64(9), int64(20), int64(2)},
			{0.5, nil, int64(90), int64(9), int64(0), int64(0)}, // there was nothing to take out
			{0.5, 7.0, int64(9), int64(9), int64(9), int64(9)},
		},
	}
	q := query.Query{Base: query.Base{Postings: "postings", Employers: "employers"}, Parts: []query.Part{{Base: query.Base{Postings: "pay_postings", Employers: "pay_employers"}, Columns: []string{"pay"}}}}
	if n := r.Suppress(&q, 10, 3); n != 2 {
		t.Errorf("suppressed %d rows, want 2", n)
	}
	for i, want := range []string{"0.5 7", "0.5 <nil>", "0.5 <nil>", "<nil> <nil>"} {
		if got := fmt.Sprint(r.Rows[i][0], " ", r.Rows[i][1]); got != want {
			t.Errorf("row %d: got %s, want %s", i, got, want)
		}
	}
}
