package posting_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// sharedTexts returns every long string of the JSON files that match pattern in
// the shared data beside the repository.
func sharedTexts(tb testing.TB, pattern string, limit int) []string {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "realdata", pattern))
	if err != nil {
		tb.Fatal(err)
	}
	if len(files) == 0 {
		tb.Skipf("no shared/realdata/%s beside the repository", pattern)
	}
	var texts []string
	for _, name := range files {
		var r io.Reader
		f, err := os.Open(name)
		if err != nil {
			tb.Fatal(err)
		}
		r = bufio.NewReader(f)
		if strings.HasSuffix(name, ".gz") {
			if r, err = gzip.NewReader(r); err != nil {
				tb.Fatal(err)
			}
		}
		for d := json.NewDecoder(r); len(texts) < limit; {
			var v any
			if err := d.Decode(&v); err != nil {
				break
			}
			collect(v, &texts)
		}
		_ = f.Close()
	}
	return texts
}

func collect(v any, texts *[]string) {
	switch v := v.(type) {
	case string:
		if len(v) > 100 {
			*texts = append(*texts, v)
		}
	case []any:
		for _, e := range v {
			collect(e, texts)
		}
	case map[string]any:
		for _, e := range v {
			collect(e, texts)
		}
	}
}

// TestRedactRealPostings looks for addresses and international numbers with
// expressions of its own in what redaction left of real postings.
func TestRedactRealPostings(t *testing.T) {
	left := regexp.MustCompile(`(?i)\b(?:[a-z0-9._+-]+@[a-z0-9-]+\.(?:com|org|net|io|co|de|ai|uk)\b|[a-z0-9._+-]+ ?[\[(]at[\])] ?[a-z0-9-]+ ?(?:\.|[\[(]dot[\])]) ?(?:com|io|net)\b)|\+\d{2}[ .-]\d{2,4}[ .-]\d{3,4}[ .-]\d{3,4}\b`)
	allowed := regexp.MustCompile(`^(?i:git|hg|svn)@`)
	marks := regexp.MustCompile(`\[(?:email|phone)\]`)
	for pattern, limit := range map[string]int{
		"hn_whoishiring_2013-2017/2015-1*.json.gz": 3000, "hn_2026/*.json.gz": 2000, "pythonjobs/pythonjobs.jsonl": 500, "ashby_2025-10/boards/[a-f]*.json.gz": 1500,
	} {
		t.Run(pattern, func(t *testing.T) {
			texts, found := sharedTexts(t, pattern, limit), 0
			for _, text := range texts {
				after := redacted(t, text)
				found += len(marks.FindAllString(after, -1))
				for _, m := range left.FindAllString(after, -1) {
					if !allowed.MatchString(m) {
						t.Errorf("left in a text: %.3s… (%d characters)", m, len(m))
					}
				}
			}
			if found == 0 {
				t.Error("nothing was redacted")
			}
			t.Logf("%d texts, %.0f contacts per thousand", len(texts), 1000*float64(found)/float64(len(texts)))
		})
	}
}

func BenchmarkPrepare(b *testing.B) {
	html := bytes.Repeat([]byte("<p>We look for an engineer who builds & runs services, since 2015-2017, for 100,000 - 150,000 EUR.</p>\n"), 30)
	for _, bb := range []struct{ name, text string }{
		{"html of 3 KB", string(html)},
		{"html of 3 KB with contacts", string(html) + "jane [at] example [dot] com, +49 30 1234567"},
		{"plain of 3 KB", strings.Repeat("We look for an engineer who builds services. ", 67)},
		{"hostile", strings.Repeat("a@a.a at a dot 00 0 (0)", 130)},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(bb.text)))
			p := full()
			for b.Loop() {
				p.Text = bb.text
				if err := p.Prepare(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
