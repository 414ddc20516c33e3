package ashby_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobcity/pipeline/crawl/ashby"
	"jobcity/pipeline/crawl/crawltest"
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
			postings, bad, err := ashby.Decode(body, source.Board{Source: "ashby", Board: "acme"})
			crawltest.Golden(t, strings.TrimSuffix(file, ".json")+".golden", postings, bad, err)
		})
	}
}

func TestTheBoardsOwnEmployerWins(t *testing.T) {
	postings, _, err := ashby.Decode([]byte(`{"jobs":[{"id":"1","title":"x"}]}`), source.Board{Source: "ashby", Board: "acme", Employer: "Acme Inc."})
	if err != nil || len(postings) != 1 || postings[0].Employer != "Acme Inc." {
		t.Errorf("got %+v, %v", postings, err)
	}
}

func FuzzDecode(f *testing.F) {
	full, err := os.ReadFile("testdata/full.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(full)
	f.Add([]byte(`{"jobs":[{"id":1,"compensation":{"compensationTiers":[{"components":[{"compensationType":"Salary","minValue":-5,"maxValue":1e308}]}]}}]}`))
	f.Add([]byte(`{"jobs":[null,{},[],1]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		b := source.Board{Source: "ashby", Board: "acme"}
		postings, bad, err := ashby.Decode(body, b)
		crawltest.Properties(t, b, postings, bad, err)
	})
}
