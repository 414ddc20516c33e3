package batch_test

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"jobcity/pipeline/batch"
	"jobcity/pipeline/batch/batchtest"
	"jobcity/pipeline/posting"
	"jobcity/pipeline/tag"
)

// build builds rows under a policy and returns the batches, without a leak.
func build(t testing.TB, p batch.Policy, rows ...batch.Row) []batch.Batch {
	t.Helper()
	mem := memory.NewCheckedAllocator(memory.NewGoAllocator())
	b, err := batch.NewBuilder(p, mem)
	if err != nil {
		t.Fatal(err)
	}
	var out []batch.Batch
	for _, r := range rows {
		full, err := b.Add(r)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, full...)
	}
	rest, err := b.Flush()
	if err != nil {
		t.Fatal(err)
	}
	b.Release()
	mem.AssertSize(t, 0)
	return append(out, rest...)
}

func TestRowsComeOutInTheirOrderAndNoBatchIsTooLarge(t *testing.T) {
	rows := batchtest.Rows(1, 1500)
	p := batch.DefaultPolicy()
	p.MaxRows, p.MaxBytes = 10_000, 64<<10
	mem := memory.NewCheckedAllocator(memory.NewGoAllocator())
	i := 0
	for _, b := range build(t, p, rows...) {
		if len(b.Data) > p.MaxBytes {
			t.Errorf("batch of %d bytes, at most %d are allowed", len(b.Data), p.MaxBytes)
		}
		rec, err := batch.Decode(b.Data, mem)
		if err != nil {
			t.Fatal(err)
		}
		if int(rec.NumRows()) != b.Rows {
			t.Errorf("batch says %d rows and holds %d", b.Rows, rec.NumRows())
		}
		for r := range int(rec.NumRows()) {
			if got := rec.Column(0).(*array.String).Value(r); got != rows[i].Posting.ID {
				t.Fatalf("row %d is %s, want %s", i, got, rows[i].Posting.ID)
			}
			i++
		}
		rec.Release()
	}
	if i != len(rows) {
		t.Errorf("%d rows came out of %d", i, len(rows))
	}
	mem.AssertSize(t, 0)
}

func TestSameRowsGiveTheSameBytes(t *testing.T) {
	a, b := build(t, batch.DefaultPolicy(), batchtest.Rows(3, 200)...), build(t, batch.DefaultPolicy(), batchtest.Rows(3, 200)...)
	if len(a) != len(b) {
		t.Fatalf("%d batches and %d", len(a), len(b))
	}
	for i := range a {
		if !bytes.Equal(a[i].Data, b[i].Data) {
			t.Errorf("batch %d differs", i)
		}
	}
}

func TestLongestPostingFitsABatch(t *testing.T) {
	r := batchtest.Rows(1, 1)[0]
	rng := rand.New(rand.NewPCG(1, 1))
	noise := make([]byte, posting.MaxText)
	for i := range noise {
		noise[i] = byte('!' + rng.IntN(90)) // nothing to compress
	}
	r.Posting.Text = string(noise)
	for range 5000 {
		r.Tags.Evidence = append(r.Tags.Evidence, tag.Evidence{Tag: "skill:x", Rule: "r", Text: string(noise[:400]), Section: "body"})
	}
	if got := build(t, batch.DefaultPolicy(), r); len(got) != 1 {
		t.Errorf("%d batches", len(got))
	}
}

func TestRowsThatCannotBeUsedAreRefusedAndTheRestGoesOn(t *testing.T) {
	for name, spoil := range map[string]func(*batch.Row){
		"no id":            func(r *batch.Row) { r.Posting.ID = "" },
		"no taxonomy":      func(r *batch.Row) { r.Tags.Taxonomy = "" },
		"invalid UTF-8":    func(r *batch.Row) { r.Posting.Title = "bad \xff" },
		"weight is NaN":    func(r *batch.Row) { r.Tags.Hybrid = math.NaN() },
		"text too long":    func(r *batch.Row) { r.Posting.Text = strings.Repeat("x", posting.MaxText+1) },
		"facet is endless": func(r *batch.Row) { r.Tags.Facets = map[string]float64{"monitoring": math.Inf(1)} },
	} {
		t.Run(name, func(t *testing.T) {
			b, err := batch.NewBuilder(batch.DefaultPolicy(), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer b.Release()
			bad := batchtest.Rows(1, 1)[0]
			spoil(&bad)
			if _, err := b.Add(bad); !errors.Is(err, posting.ErrInvalid) {
				t.Errorf("error %v", err)
			}
			if _, err := b.Add(batchtest.Rows(2, 1)[0]); err != nil || b.Rows() != 1 {
				t.Errorf("the next row: %v, %d rows gathered", err, b.Rows())
			}
		})
	}
}

func TestBatchIsFullByRows(t *testing.T) {
	p := batch.DefaultPolicy()
	p.MaxRows = 3
	b, err := batch.NewBuilder(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Release()
	for i := range 7 {
		full, err := b.Add(batchtest.Rows(uint64(i), 1)[0])
		if err != nil {
			t.Fatal(err)
		}
		if want := i%3 == 2; (len(full) == 1) != want {
			t.Errorf("row %d: %d batches", i+1, len(full))
		}
	}
}

func TestDecodeRefusesWhatIsNoBatch(t *testing.T) {
	good := build(t, batch.DefaultPolicy(), batchtest.Rows(1, 5)...)[0].Data
	other := array.NewRecordBuilder(memory.NewGoAllocator(), arrow.NewSchema([]arrow.Field{{Name: "a", Type: arrow.PrimitiveTypes.Int64}}, nil))
	other.Field(0).(*array.Int64Builder).Append(1)
	foreign, err := batch.Encode(other.NewRecordBatch(), memory.NewGoAllocator())
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"empty": nil, "text": []byte("no record batch"), "cut short": good[:len(good)/2], "another schema": foreign} {
		if _, err := batch.Decode(data, nil); !errors.Is(err, posting.ErrInvalid) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(build(f, batch.DefaultPolicy(), batchtest.Rows(1, 2)...)[0].Data)
	f.Add([]byte("ARROW1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rec, err := batch.Decode(data, nil)
		if err == nil {
			rec.Release()
		} else if !errors.Is(err, posting.ErrInvalid) {
			t.Errorf("error %v does not say that the bytes are invalid", err)
		}
	})
}

func TestFingerprintIsThatOfTheRole(t *testing.T) {
	base := posting.Posting{ID: "a", Employer: "Acme Inc.", Title: "Data Engineer", Text: "Python  and SQL", Locations: []string{"Berlin"}}
	same := posting.Posting{ID: "b", Employer: "ACME", Title: "data engineer", Text: "python and\nSQL", Locations: []string{"Paris"}, PostedOn: "2026-01-01"}
	if batch.Fingerprint(base) != batch.Fingerprint(same) {
		t.Error("copies of one role differ")
	}
	for name, change := range map[string]func(*posting.Posting){
		"employer": func(p *posting.Posting) { p.Employer = "Other" },
		"title":    func(p *posting.Posting) { p.Title = "Data Analyst" },
		"text":     func(p *posting.Posting) { p.Text = "R" },
	} {
		other := base
		change(&other)
		if batch.Fingerprint(base) == batch.Fingerprint(other) {
			t.Errorf("another %s is the same role", name)
		}
	}
	empty, empty2 := base, base
	empty.Text, empty2.Text, empty2.ID = "", "", "c"
	if batch.Fingerprint(empty) == batch.Fingerprint(empty2) {
		t.Error("two postings without text are copies")
	}
}

func TestValidateNamesEveryBadField(t *testing.T) {
	err := batch.Policy{}.Validate()
	for _, want := range []string{"max_rows:", "max_bytes:"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v does not name %s", err, want)
		}
	}
}

func BenchmarkBuild(b *testing.B) {
	rows := batchtest.Rows(1, 1000)
	b.ReportAllocs()
	for b.Loop() {
		build(b, batch.DefaultPolicy(), rows...)
	}
	b.ReportMetric(float64(1000*b.N)/b.Elapsed().Seconds(), "rows/s")
}
