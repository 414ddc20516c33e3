package query_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"math"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"pgregory.net/rapid"

	"jobcity/pipeline/query"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func rows() query.Result {
	day := time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)
	return query.Result{
		Columns: []query.Column{
			{Name: "month", Type: "date"},
			{Name: "title", Type: "text"},
			{Name: "share", Type: "double"},
			{Name: "postings", Type: "bigint"},
			{Name: "partial", Type: "boolean"},
			{Name: "at", Type: "timestamp"},
		},
		Rows: [][]any{
			{day, "Entwicklerin für Züge & <b>Weichen</b>", 0.25, int64(12), true, day.Add(90 * time.Minute)},
			{day, "=HYPERLINK(\"x\")", math.NaN(), int64(-3), false, nil},
			{nil, "サイト信頼性エンジニア | 東京\nzweite Zeile", math.Inf(1), nil, nil, day.Add(1500 * time.Millisecond)},
			{day, "\x1b[2Jclears the screen \u202Eand turns", 0.0000012, int64(1 << 53), true, nil},
		},
	}
}

func TestResultsAreWrittenAsText(t *testing.T) {
	for _, c := range []struct {
		file   string
		format query.Format
		o      query.Options
	}{
		{"rows.csv", query.CSV, query.Options{}},
		{"raw.csv", query.CSV, query.Options{RawCSV: true}},
		{"rows.json", query.JSON, query.Options{}},
		{"rows.ndjson", query.NDJSON, query.Options{}},
		{"rows.md", query.Markdown, query.Options{}},
		{"rows.txt", query.Table, query.Options{}},
		{"narrow.txt", query.Table, query.Options{Width: 80}},
	} {
		t.Run(c.file, func(t *testing.T) {
			var b bytes.Buffer
			if err := rows().Write(&b, c.format, c.o); err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", c.file)
			if *update {
				if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(b.Bytes(), want) {
				t.Errorf("got\n%s\nwant\n%s", b.Bytes(), want)
			}
		})
	}
}

func TestNoRowsAreStillAWholeDocument(t *testing.T) {
	empty := query.Result{Columns: rows().Columns}
	for format, want := range map[query.Format]string{query.JSON: "[]\n", query.NDJSON: "", query.CSV: "month,title,share,postings,partial,at\r\n"} {
		var b bytes.Buffer
		if err := empty.Write(&b, format, query.Options{}); err != nil || b.String() != want {
			t.Errorf("%s: got %q, %v", format, b.String(), err)
		}
	}
	for _, format := range query.Formats() {
		if err := empty.Write(&bytes.Buffer{}, format, query.Options{}); err != nil {
			t.Error(err)
		}
	}
	if err := empty.Write(&bytes.Buffer{}, "xml", query.Options{}); err == nil || !strings.Contains(err.Error(), "must be one of table, csv") {
		t.Errorf("unknown format: got %v", err)
	}
}

func TestArrowAndParquetGiveTheRowsBack(t *testing.T) {
	want := `[{"at":"2026-01-31T01:30:00Z","month":"2026-01-31","partial":true,"postings":12,"share":0.25,"title":"Entwicklerin für Züge \u0026 \u003cb\u003eWeichen\u003c/b\u003e"}`
	first := func(t *testing.T, rec interface{ MarshalJSON() ([]byte, error) }) {
		t.Helper()
		got, err := rec.MarshalJSON()
		if err != nil || !strings.HasPrefix(string(got), want) {
			t.Errorf("got %s, %v\nwant %s…", got, err, want)
		}
	}
	o := query.Options{Metadata: map[string]string{"as_of": "2026-02-01"}}
	var b bytes.Buffer
	if err := rows().Write(&b, query.Arrow, o); err != nil {
		t.Fatal(err)
	}
	r, err := ipc.NewReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Release()
	if v, _ := r.Schema().Metadata().GetValue("as_of"); v != "2026-02-01" {
		t.Errorf("metadata: got %q", v)
	}
	if !r.Next() {
		t.Fatal("no record batch")
	}
	first(t, r.RecordBatch())
	if rec := r.RecordBatch(); rec.NumRows() != 4 || !rec.Column(2).IsNull(1) || !rec.Column(2).IsNull(2) {
		t.Errorf("got %d rows; NaN and infinity must be null", rec.NumRows())
	}

	b.Reset()
	if err := rows().Write(&b, query.Parquet, o); err != nil {
		t.Fatal(err)
	}
	pf, err := file.NewParquetReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer pf.Close()
	pr, err := pqarrow.NewFileReader(pf, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		t.Fatal(err)
	}
	table, err := pr.ReadTable(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer table.Release()
	tr := array.NewTableReader(table, 100)
	defer tr.Release()
	if !tr.Next() {
		t.Fatal("no rows")
	}
	first(t, tr.RecordBatch())
}

func TestOddTypesOfFreeSQLBecomeValidJSON(t *testing.T) {
	huge, _ := new(big.Int).SetString("170141183460469231731687303715884105727", 10)
	r := query.Result{
		Columns: []query.Column{
			{Name: "huge", Type: "hugeint"}, {Name: "a", Type: "integer"}, {Name: "a", Type: "float"},
			{Name: "list", Type: "double[]"}, {Name: "map", Type: "map(integer, text)"}, {Name: "blob", Type: "blob"},
			{Name: "uuid", Type: "uuid"}, {Name: "time", Type: "time"}, {Name: "span", Type: "interval"},
		},
		Rows: [][]any{{
			huge, int32(7), float32(0.1), []any{1.5, math.NaN(), nil}, map[any]any{int32(1): "x"}, []byte{1, 2},
			[]byte("0123456789abcdef"), time.Date(1, 1, 1, 13, 5, 0, 0, time.UTC), struct{ Days, Months int32 }{3, 1},
		}},
	}
	got, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"huge":170141183460469231731687303715884105727,"a":7,"a_1":0.1,"list":[1.5,null,null],"map":{"1":"x"},"blob":"AQI=",` +
		`"uuid":"30313233-3435-3637-3839-616263646566","time":"13:05:00","span":{"days":3,"months":1}}]`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, format := range query.Formats() {
		if err := r.Write(&bytes.Buffer{}, format, query.Options{}); err != nil {
			t.Error(err)
		}
	}
}

func TestAnyTextSurvivesCSVAndJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		r := query.Result{Columns: []query.Column{{Name: "n", Type: "bigint"}, {Name: "x", Type: "text"}}, Rows: [][]any{{int64(1), text}}}
		var b bytes.Buffer
		if err := r.Write(&b, query.CSV, query.Options{}); err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(&b).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		// a reader of CSV takes CRLF inside a cell for LF
		got := records[1][1]
		if lf := func(s string) string { return strings.ReplaceAll(s, "\r", "") }; lf(strings.TrimPrefix(got, "'")) != lf(strings.TrimPrefix(text, "'")) {
			t.Fatalf("csv: got %q, want %q", got, text)
		}
		if got != "" && strings.ContainsRune("=+-@\t", rune(got[0])) {
			t.Fatalf("csv: %q could run", got)
		}
		var objects []map[string]any
		j, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(j, &objects); err != nil || objects[0]["x"] != text {
			t.Fatalf("json: got %v, %v", objects, err)
		}
	})
}
