package lever_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"jobcity/pipeline/crawl/crawltest"
	"jobcity/pipeline/crawl/lever"
	"jobcity/pipeline/crawl/source"
)

func board() source.Board {
	return source.Board{Source: "lever", Board: "acme", BaseURL: lever.Source().BaseURL}
}

func TestDecode(t *testing.T) { crawltest.GoldenFiles(t, board(), lever.Decode) }

func FuzzDecode(f *testing.F) {
	crawltest.Fuzz(f, board(), lever.Decode,
		`[null,{},[],1,{"id":1,"text":"x","lists":[{"text":"<b>","content":"<li>"}],"salaryRange":{"min":-5,"max":1e308},"createdAt":1e300}]`,
		`[{"id":"1","text":"x","description":"<p <!-- </p","salaryRange":{"min":"9","max":"1"}}]`)
}

func TestWhereASiteIsAsked(t *testing.T) {
	eu := map[string]string{"region": "eu"}
	for _, tt := range []struct {
		name        string
		b           source.Board
		start, home string
	}{
		{"the global region", source.Board{Board: "AcmeX", BaseURL: lever.Source().BaseURL}, "https://api.lever.co/v0/postings/AcmeX?mode=json&skip=0&limit=100", "https://jobs.lever.co/AcmeX"},
		{"the region eu", source.Board{Board: "a b", BaseURL: lever.Source().BaseURL, Options: eu}, "https://api.eu.lever.co/v0/postings/a%20b?mode=json&skip=0&limit=100", "https://jobs.eu.lever.co/a%20b"},
		{"a server that stands in", source.Board{Board: "acme", BaseURL: "http://127.0.0.1:9", Options: eu}, "http://127.0.0.1:9/v0/postings/acme?mode=json&skip=0&limit=100", "https://jobs.eu.lever.co/acme"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := lever.Source()
			if err := s.Check(tt.b); err != nil {
				t.Error(err)
			}
			if s.Start(tt.b) != tt.start || s.Home(tt.b) != tt.home {
				t.Errorf("got %s and %s", s.Start(tt.b), s.Home(tt.b))
			}
		})
	}
	if err := lever.Source().Check(source.Board{Options: map[string]string{"region": "us"}}); err == nil {
		t.Error("an unknown region is taken")
	}
}

func TestPagesEndWhereTheSiteEnds(t *testing.T) {
	page := func(from, to int) string {
		var jobs []string
		for i := from; i < to; i++ {
			jobs = append(jobs, fmt.Sprintf(`{"id":"%d","text":"x"}`, i))
		}
		return "[" + strings.Join(jobs, ",") + "]"
	}
	for _, tt := range []struct {
		name     string
		pages    []string
		listed   int
		requests int
		err      string
	}{
		{"no postings", []string{"[]"}, 0, 1, ""},
		{"less than a page", []string{page(0, 99)}, 99, 1, ""},
		{"just a page", []string{page(0, 100), "[]"}, 100, 2, ""},
		{"a server without pages", []string{page(0, 250)}, 250, 1, ""},
		{"a server without pages and just as many postings", []string{page(0, 100), page(0, 100)}, 100, 2, "the same page again"},
		{"a page without end", nil, 50_000, 500, "more than 50000 postings"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			listed, requests := map[string]bool{}, 0
			err := lever.Source().List(t.Context(), board(), func(_ context.Context, r source.Request) (source.Response, error) {
				requests++
				if tt.pages == nil {
					return source.Response{Request: r, Body: []byte(page(requests*100, requests*100+100))}, nil
				}
				return source.Response{Request: r, Body: []byte(tt.pages[requests-1])}, nil
			}, func(p source.Page) error {
				for _, one := range p.Postings {
					listed[one.NativeID] = true
				}
				return nil
			})
			if len(listed) != tt.listed || requests != tt.requests {
				t.Errorf("%d listed with %d requests, want %d with %d", len(listed), requests, tt.listed, tt.requests)
			}
			if tt.err == "" && err != nil || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
				t.Errorf("error %v, want %q", err, tt.err)
			}
		})
	}
}
