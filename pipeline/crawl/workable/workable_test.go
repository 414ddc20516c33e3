package workable_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobcity/pipeline/crawl/crawltest"
	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/crawl/workable"
)

func board() source.Board {
	return source.Board{Source: "workable", Board: "acme", BaseURL: workable.Source().BaseURL}
}

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
			postings, bad, err := workable.Decode(body, board())
			crawltest.Properties(t, board(), postings, bad, err)
			crawltest.Golden(t, strings.TrimSuffix(file, ".json")+".golden", postings, bad, err)
		})
	}
}

func FuzzDecode(f *testing.F) {
	for _, file := range []string{"testdata/full.json", "testdata/malformed.json"} {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Add([]byte(`{"jobs":[null,{},[],1,{"url":"/j/","title":"x"},{"shortcode":"1"},{"shortcode":"1","locations":[{}]}],"name":7}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		postings, bad, err := workable.Decode(body, board())
		crawltest.Properties(t, board(), postings, bad, err)
	})
}

func TestTheAccountsNameIsTheEmployer(t *testing.T) {
	for _, tt := range []struct{ name, employer, body, want string }{
		{"after the postings", "", `{"jobs":[{"shortcode":"1","title":"x"}],"name":"Acme Ltd"}`, "Acme Ltd"},
		{"the board's own wins", "Acme", `{"name":"Acme Ltd","jobs":[{"shortcode":"1","title":"x"}]}`, "Acme"},
		{"none", "", `{"name":null,"jobs":[{"shortcode":"1","title":"x"}]}`, "acme"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := board()
			b.Employer = tt.employer
			postings, _, err := workable.Decode([]byte(tt.body), b)
			if err != nil || len(postings) != 1 || postings[0].Employer != tt.want {
				t.Errorf("got %+v, %v", postings, err)
			}
		})
	}
}
