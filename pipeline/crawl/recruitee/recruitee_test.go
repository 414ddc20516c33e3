package recruitee_test

import (
	"testing"

	"jobcity/pipeline/crawl/crawltest"
	"jobcity/pipeline/crawl/recruitee"
	"jobcity/pipeline/crawl/source"
)

func board() source.Board {
	return source.Board{Source: "recruitee", Board: "acme", BaseURL: recruitee.Source().BaseURL}
}

func TestDecode(t *testing.T) { crawltest.GoldenFiles(t, board(), recruitee.Decode) }

func FuzzDecode(f *testing.F) {
	crawltest.Fuzz(f, board(), recruitee.Decode,
		`{"offers":[null,{},[],1,{"id":1,"title":"x","description":"<div","salary":{"min":"1e400","max":-1}}]}`)
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
