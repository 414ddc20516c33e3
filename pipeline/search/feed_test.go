package search_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"jobcity/pipeline/query"
	"jobcity/pipeline/search"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func feed(title, link string) search.Feed {
	at := time.Date(2026, 11, 25, 12, 0, 0, 123000, time.UTC)
	s := search.Search{ID: "ABCDEFGHIJKLMNOPQRSTUVWXYZ", Name: "Go & <b>Kubernetes</b>", Created: at.AddDate(0, -1, 0)}
	columns := []query.Column{}
	for _, name := range []string{"id", "title", "employer", "url", "places", "pay_min", "pay_max", "pay_currency", "pay_period", "posted_on", "seen_at"} {
		columns = append(columns, query.Column{Name: name})
	}
	return search.NewFeed(s, "/v1/searches/x/feed", query.Result{Columns: columns, Rows: [][]any{
		{"aaaa", title, "Moss & Lantern", link, "Berlin, DE | Leipzig, DE", 60000.0, 80000.5, "EUR", "year", at.AddDate(0, 0, -2), at},
		{"bbbb", "", nil, "javascript:alert(1)", nil, nil, 700.0, nil, "day", nil, at.Add(-time.Hour)},
		{"cccc", "No link, no words", nil, nil, nil, nil, nil, nil, nil, nil, at.Add(-2 * time.Hour)},
	}}, query.Result{Rows: [][]any{{"aaaa", "Go, Kubernetes"}}})
}

func TestFeedsAreTheGoldenOnes(t *testing.T) {
	f := feed("Platform\x00 Engineer\x0b \"A\" <script> ]]> \ufffe & so on", "https://jobs.example/1?a=b&c=d")
	atom, err := f.Atom()
	if err != nil {
		t.Fatal(err)
	}
	plain, err := f.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, plain, "", " "); err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string][]byte{"feed.atom": bytes.ReplaceAll(atom, []byte("><"), []byte(">\n<")), "feed.json": indented.Bytes()} {
		file := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(file); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: got\n%s\n%v", name, got, err)
		}
	}
}

// FuzzAtomIsWellFormed: whatever stands in a title or a link, a feed is XML 1.0, and
// its links lead to http or https only.
func FuzzAtomIsWellFormed(f *testing.F) {
	for _, seed := range []string{"", "\x00\x01\x1f\x7f", "\xff\xfe", "\ufffe\uffff\ud7ff", "]]>", "<!--", "&#0;", "https://x.example/\u0085", "javascript:x", "HTTP://x.example/\"><x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		body, err := feed(text, text).Atom()
		if err != nil {
			t.Fatal(err)
		}
		if !utf8.Valid(body) {
			t.Error("not UTF-8")
		}
		for _, r := range string(body) { // the Char production of XML 1.0
			if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
				t.Errorf("%U is no character of XML", r)
			}
		}
		for d := xml.NewDecoder(bytes.NewReader(body)); ; {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				t.Fatalf("%q: %v", body, err)
			}
			if e, ok := token.(xml.StartElement); ok && e.Name.Local == "link" {
				for _, a := range e.Attr {
					if a.Name.Local == "href" && !strings.HasPrefix(a.Value, "/v1/") && !strings.HasPrefix(a.Value, "http://") && !strings.HasPrefix(a.Value, "https://") {
						t.Errorf("link to %q", a.Value)
					}
				}
			}
		}
	})
}

func TestAFeedOfNothingIsDatedByItsSearch(t *testing.T) {
	s := search.Search{Name: "x", Created: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	body, err := search.NewFeed(s, "/", query.Result{}, query.Result{}).Atom()
	if err != nil || !strings.Contains(string(body), "<updated>2026-01-02T03:04:05Z</updated>") {
		t.Errorf("%s, %v", body, err)
	}
	plain, err := search.NewFeed(s, "/", query.Result{}, query.Result{}).JSON()
	if err != nil || !strings.Contains(string(plain), `"items":[]`) {
		t.Errorf("%s, %v", plain, err)
	}
}

// TestSignaturesAreThoseOfTheSpecification: the example of the reference libraries of
// github.com/standard-webhooks/standard-webhooks.
func TestSignaturesAreThoseOfTheSpecification(t *testing.T) {
	h := map[string][]string{}
	err := search.Sign(h, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if got := fmt.Sprint(h); err != nil || !strings.Contains(got, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=") || !strings.Contains(got, "1614265330") {
		t.Errorf("%s, %v", got, err)
	}
	if err := search.Sign(h, "whsec_not Base64", "x", time.Now(), nil); err == nil || strings.Contains(err.Error(), "not Base64") {
		t.Errorf("a bad secret: %v", err)
	}
}
