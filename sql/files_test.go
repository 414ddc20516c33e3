package sqlfiles_test

import (
	"bytes"
	"context"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobcity/pipeline/query"
	"jobcity/pipeline/store"
	sqlfiles "jobcity/sql"
	"jobcity/sql/citytest"
)

var update = flag.Bool("update", false, "rewrite the golden results")

// folders are those of the named queries.
var folders = []struct {
	dir  string
	fsys fs.FS
}{
	{"trend", sqlfiles.Trend},
	{"report", sqlfiles.Report},
	{"api", sqlfiles.API},
}

// given are the values that the golden results are computed with, where the
// defaults would not do.
var given = map[string]map[string]string{
	"skill_share_by_month": {"skill": "kubernetes"},
	"skill_need_by_month":  {"skill": "kubernetes"},
	"skill_ranking":        {"months": "1", "top": "12"},
	"learn_next":           {"skills": "linux, cobol, kubernetes"},
	"similar_skills":       {"skill": "kubernetes", "min_mentions": "2"},
	"move_skills":          {"by": "district", "min_postings": "1"},
	"handshake_skills":     {"min_mentions": "2", "min_employers": "2"},
	"skills_of_district":   {"district": "sysadmin"},
	"skill_pairs":          {"min_pairs": "2", "top": "20"},
	"rising_skills":        {"direction": "both", "months": "1", "min_mentions": "2", "min_employers": "2"},
	"pay_by_skill":         {"top": "6"},
	"pay_by":               {"by": "seniority"},
	"pay_premium":          {"skill": "kubernetes"},
	"taxonomy_overlap":     {"id": "kubernetes"},
	"rare_mix":             {"skills": "kubernetes,go"},
	"skills_watchlist":     {"skills": "kubernetes, go,rust", "months": "1"},
	"monthly_hiring":       {"top": "3", "min_postings": "5"},
	"postings_by_employer": {"from": "2025-03-01", "to": "2025-04-01"},
	"stock":                {"boards": "all"},
	"district":             {"id": "data"},
	"skill":                {"id": "go"},
	"employer":             {"id": "moss-&-lantern"},
	"skills":               {"q": "S"},
	"postings":             {"skills": "go,kubernetes", "top": "5"},
	"search_new":           {"skills": "go,kubernetes", "after": "0", "upto": "20", "since": "0", "top": "5"},
	"search_postings":      {"ids": "p003,p001"},
	"search_skills":        {"ids": "p003,p001"},
	"posting":              {"id": "p003"},
	"posting_district":     {"id": "p003"},
	"posting_street":       {"id": "p003"},
	"posting_facet":        {"id": "p003"},
	"posting_skill":        {"id": "p003"},
	"posting_place":        {"id": "p003"},
	"posting_metric":       {"id": "p003"},
	"posting_evidence":     {"id": "p003"},
	"posting_spell":        {"id": "p041"},
	"posting_signal":       {"id": "p039"},
}

// empty are the queries that have nothing to say about the made-up city, and why.
var empty = map[string]string{
	"year_over_year": "the city is four months old",
}

func TestEveryNamedQueryKeepsItsContract(t *testing.T) {
	db := citytest.Open(t)
	goldens := map[string]bool{}
	for _, f := range folders {
		catalog, err := query.Load(f.fsys, f.dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range catalog.All() {
			golden := filepath.Join("testdata", "golden", q.Name+".csv")
			if goldens[golden] {
				t.Errorf("two queries are called %s", q.Name)
			}
			goldens[golden] = true
			t.Run(q.Name, func(t *testing.T) {
				b, err := q.Bind(given[q.Name])
				if err != nil {
					t.Fatal(err)
				}
				describes(t, db, b)
				if !strings.Contains(q.SQL, "\norder by ") && f.dir == "trend" {
					t.Error("the rows have no order")
				}
				res, err := db.Run(t.Context(), b, 1000)
				if err != nil {
					t.Fatal(err)
				}
				if res.Truncated || len(res.Rows) == 0 && empty[q.Name] == "" {
					t.Errorf("got %d rows, truncated %v: a golden result needs some, and all of them", len(res.Rows), res.Truncated)
				}
				compare(t, golden, res)
			})
		}
	}
	found, err := filepath.Glob("testdata/golden/*.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		if !goldens[f] {
			t.Errorf("%s belongs to no query", f)
		}
	}
}

// describes checks the declared columns against those that DuckDB finds.
func describes(t *testing.T, db *store.DB, b query.Bound) {
	t.Helper()
	d := b
	d.Query = &query.Query{Name: b.Query.Name, SQL: "describe " + b.Query.SQL}
	res, err := db.Run(context.Background(), d, 1000)
	if err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for _, row := range res.Rows {
		got = append(got, row[0].(string)+" "+strings.ToLower(strings.Replace(row[1].(string), "VARCHAR", "text", 1)))
	}
	for _, c := range b.Query.Columns {
		want = append(want, c.Name+" "+c.Type)
	}
	if g, w := strings.Join(got, ", "), strings.Join(want, ", "); g != w {
		t.Errorf("columns\n got %s\nwant %s (declared)", g, w)
	}
}

func compare(t *testing.T, golden string, res query.Result) {
	t.Helper()
	res.Round()
	var got bytes.Buffer
	if err := res.Write(&got, query.CSV, query.Options{}); err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(got.String(), "\r\n", "\n")
	if *update {
		if err := os.WriteFile(golden, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatalf("a query without a golden result: %v (go test ./sql -update, then read it)", err)
	}
	if text != string(want) {
		t.Errorf("%s\n got\n%s\nwant\n%s", golden, text, want)
	}
}
