// Package batchtest makes tagged synthetic postings for tests and benchmarks.
// The tags are made up too: they have the shape and the number of real ones, but
// nothing read the texts.
package batchtest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"

	"jobcity/pipeline/batch"
	"jobcity/pipeline/posting"
	"jobcity/pipeline/posting/postingtest"
	"jobcity/pipeline/tag"
)

// Taxonomy is the version in the tags that [Rows] returns.
const Taxonomy = "made-up-1"

// Rows returns n tagged postings, the same for the same seed.
func Rows(seed uint64, n int) []batch.Row {
	r := rand.New(rand.NewPCG(seed, 1))
	rows := make([]batch.Row, 0, n)
	for _, p := range postingtest.Make(seed, n) {
		rows = append(rows, batch.Row{Posting: p, Tags: Tags(r, p)})
	}
	return rows
}

// Tags makes up the tags of p.
func Tags(r *rand.Rand, p posting.Posting) tag.Tags {
	districts := []string{"sysadmin", "software", "security", "data"}
	streets := []string{"sysadmin/platform-sre", "software/backend", "security/operations", "data/engineering"}
	first := r.IntN(4)
	second := (first + 1 + r.IntN(3)) % 4
	t := tag.Tags{
		ID: p.ID, Standing: "core", Primary: &districts[first],
		Districts: []tag.Share{{ID: districts[first], Weight: 0.75}, {ID: districts[second], Weight: 0.25}},
		Streets:   []tag.Share{{ID: streets[first], Weight: 1}},
		Facets:    map[string]float64{},
		Technical: 0.625, Operational: 0.375, Hybrid: float64(r.IntN(1000)) / 1000,
		Seniority: "senior", Workplace: "unspecified", EmploymentType: "full_time",
		Degree: "unspecified", Language: "en", Taxonomy: Taxonomy,
		Metrics: []string{"mttr"},
		Places:  []tag.Place{{Country: "DE", City: "Berlin"}},
		Words:   tag.Words(p.Title + " " + p.Text),
	}
	for _, f := range []string{"deployment", "infrastructure", "monitoring", "data_driven", "collaboration", "security", "automation", "customer", "leadership"} {
		t.Facets[f] = float64(r.IntN(1000)) / 1000
	}
	for i := range 6 + r.IntN(8) {
		t.Skills = append(t.Skills, tag.Skill{ID: fmt.Sprintf("skill-%d", r.IntN(40)*10+i%10), Need: []string{"must", "nice", "mention"}[r.IntN(3)]})
	}
	if s := p.Salary; s != nil {
		t.Salary = &tag.Salary{Min: s.Min, Max: s.Max, Currency: s.Currency, Period: s.Period, AnnualMin: s.Min, AnnualMax: s.Max, AnnualRule: "as stated", Structured: true}
	}
	if r.IntN(2) == 0 {
		years := 1 + r.IntN(9)
		t.Years = &years
	}
	at := 0
	for i := range 12 + r.IntN(14) {
		next := strings.IndexByte(p.Text[at:], ' ') + 1
		at += next
		end := min(at+8, len(p.Text))
		t.Evidence = append(t.Evidence, tag.Evidence{Tag: fmt.Sprintf("skill:skill-%d", i), Rule: fmt.Sprintf("skill/%d", i%7), Start: at, End: end, Text: strings.ToValidUTF8(p.Text[at:end], "?"), Section: "requirements", Weight: 0.5})
	}
	return t
}

// Batches builds rows into encoded batches under the default policy.
func Batches(tb testing.TB, rows []batch.Row) []batch.Batch {
	tb.Helper()
	b, err := batch.NewBuilder(batch.DefaultPolicy(), nil)
	if err != nil {
		tb.Fatal(err)
	}
	defer b.Release()
	var out []batch.Batch
	for _, r := range rows {
		full, err := b.Add(r)
		if err != nil {
			tb.Fatal(err)
		}
		out = append(out, full...)
	}
	rest, err := b.Flush()
	if err != nil {
		tb.Fatal(err)
	}
	return append(out, rest...)
}

// Records builds rows into record batches, as the store gets them.
func Records(tb testing.TB, rows []batch.Row) []arrow.RecordBatch {
	tb.Helper()
	var recs []arrow.RecordBatch
	for _, b := range Batches(tb, rows) {
		rec, err := batch.Decode(b.Data, nil)
		if err != nil {
			tb.Fatal(err)
		}
		tb.Cleanup(rec.Release)
		recs = append(recs, rec)
	}
	return recs
}
