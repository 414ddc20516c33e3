package crawltest

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/posting"
)

var update = flag.Bool("update", false, "rewrite golden files")

// Decode is a format's reading of an answer.
type Decode func(body []byte, b source.Board) ([]posting.Posting, []source.Bad, error)

// GoldenFiles decodes every testdata/*.json as b's answer, and compares what it
// holds with the file beside it that ends in .golden.
func GoldenFiles(t *testing.T, b source.Board, decode Decode) {
	t.Helper()
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			postings, bad, err := decode(body, b)
			Properties(t, b, postings, bad, err)
			Golden(t, strings.TrimSuffix(file, ".json")+".golden", postings, bad, err)
		})
	}
}

// Fuzz holds decode to [Properties], beginning with the full and the malformed
// board of testdata and seeds.
func Fuzz(f *testing.F, b source.Board, decode Decode, seeds ...string) {
	f.Helper()
	for _, file := range []string{"testdata/full.json", "testdata/malformed.json"} {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		postings, bad, err := decode(body, b)
		Properties(t, b, postings, bad, err)
	})
}

// Golden compares what a format read with the file: postings as they would be
// published, items that could not be read, and the error.
func Golden(t *testing.T, file string, postings []posting.Posting, bad []source.Bad, err error) {
	t.Helper()
	got := struct {
		Error    string            `json:"error,omitempty"`
		Postings []posting.Posting `json:"postings"`
		Bad      []string          `json:"bad,omitempty"`
	}{Postings: postings}
	if err != nil {
		got.Error = err.Error()
	}
	for i := range got.Postings {
		if err := got.Postings[i].Prepare(); err != nil {
			t.Errorf("posting %d: %v", i, err)
		}
	}
	for _, b := range bad {
		got.Bad = append(got.Bad, b.NativeID+": "+b.Reason)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(got); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; run with -update to make it", err)
	}
	if !bytes.Equal(out.Bytes(), want) {
		t.Errorf("differs from %s (run with -update and read the diff):\n%s", file, out.Bytes())
	}
}

// Properties checks what must hold of anything a format reads, however broken the
// answer was.
func Properties(t *testing.T, b source.Board, postings []posting.Posting, bad []source.Bad, err error) {
	t.Helper()
	if err != nil && (len(postings) > 0 || len(bad) > 0) {
		t.Errorf("an error and %d postings", len(postings))
	}
	for _, p := range postings {
		if p.Source != b.Source || p.Board != b.Board || p.NativeID == "" {
			t.Errorf("posting of %q %q with id %q", p.Source, p.Board, p.NativeID)
		}
		if p.PostedOn != "" && source.Day(p.PostedOn) != p.PostedOn {
			t.Errorf("posted on %q", p.PostedOn)
		}
		if s := p.Salary; s != nil && (s.Min < 0 || s.Max < 0 || s.Max > 0 && s.Min > s.Max) {
			t.Errorf("salary %+v", *s)
		}
	}
	for _, x := range bad {
		if x.Reason == "" {
			t.Errorf("item %d was rejected without a reason", x.Index)
		}
	}
}
