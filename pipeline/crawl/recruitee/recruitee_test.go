package recruitee_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobcity/pipeline/crawl/crawltest"
	"jobcity/pipeline/crawl/recruitee"
	"jobcity/pipeline/crawl/source"
)

func board() source.Board {
	return source.Board{Source: "recruitee", Board: "acme", BaseURL: recruitee.Source().BaseURL}
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
			postings, bad, err := recruitee.Decode(body, board())
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
	f.Add([]byte(`{"offers":[null,{},[],1,{"id":1,"title":"x","description":"<div","salary":{"min":"1e400","max":-1}}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		postings, bad, err := recruitee.Decode(body, board())
		crawltest.Properties(t, board(), postings, bad, err)
	})
}

func TestWhereABoardIsAsked(t *testing.T) {
	for _, tt := range []struct{ name, board, base, start, home string }{
		{"by its name", "acme", "https://{board}.recruitee.com", "https://acme.recruitee.com/api/offers", "https://acme.recruitee.com"},
		{"under its own host", "jobs.acme.example", "https://{board}.recruitee.com", "https://jobs.acme.example/api/offers", "https://jobs.acme.example"},
		{"on a server that stands in", "acme", "http://127.0.0.1:9", "http://127.0.0.1:9/acme/api/offers", "https://acme.recruitee.com"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := source.Board{Source: "recruitee", Board: tt.board, BaseURL: tt.base}
			s := recruitee.Source()
			if err := s.Check(b); err != nil || s.Start(b) != tt.start || s.Home(b) != tt.home {
				t.Errorf("got %s and %s, %v", s.Start(b), s.Home(b), err)
			}
		})
	}
}
