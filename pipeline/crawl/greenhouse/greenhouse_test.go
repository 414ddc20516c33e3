package greenhouse_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobcity/pipeline/crawl/crawltest"
	"jobcity/pipeline/crawl/greenhouse"
	"jobcity/pipeline/crawl/source"
)

func TestDecode(t *testing.T) {
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
			postings, bad, err := greenhouse.Decode(body, source.Board{Source: "greenhouse", Board: "acme"})
			crawltest.Golden(t, strings.TrimSuffix(file, ".json")+".golden", postings, bad, err)
		})
	}
}

func TestTheBoardsOwnEmployerWins(t *testing.T) {
	postings, _, err := greenhouse.Decode([]byte(`{"jobs":[{"id":"1","title":"x"}]}`), source.Board{Source: "greenhouse", Board: "acme", Employer: "Acme Inc."})
	if err != nil || len(postings) != 1 || postings[0].Employer != "Acme Inc." {
		t.Errorf("got %+v, %v", postings, err)
	}
}

func TestDecodeListed(t *testing.T) {
	for _, tt := range []struct{ name, row, wantErr string }{
		{"a row", `{"company":"acme","company_slug":"acme","title":"Engineer","location":"Berlin","url":"https://x.example/1","absolute_url":null,"departments":[],"id":17,"updated_at":"2026-01-05T00:00:00Z"}`, ""},
		{"no board", `{"id":17,"title":"Engineer"}`, "field company_slug: missing"},
		{"no id", `{"company_slug":"acme","title":"Engineer"}`, "field id: missing"},
		{"not an object", `[1]`, "greenhouse posting: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, err := greenhouse.DecodeListed([]byte(tt.row))
			if tt.wantErr != "" {
				if err == nil || !strings.Contains(err.Error(), tt.wantErr) {
					t.Errorf("got error %v, want %q", err, tt.wantErr)
				}
				return
			}
			if err != nil || p.Source != "greenhouse" || p.Board != "acme" || p.NativeID != "17" || p.Employer != "acme" || p.URL != "https://x.example/1" || p.PostedOn != "" {
				t.Errorf("got %+v, %v", p, err)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	full, err := os.ReadFile("testdata/full.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(full)
	f.Add([]byte(`{"jobs":[null,{},[],1]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		b := source.Board{Source: "greenhouse", Board: "acme"}
		postings, bad, err := greenhouse.Decode(body, b)
		crawltest.Properties(t, b, postings, bad, err)
	})
}
