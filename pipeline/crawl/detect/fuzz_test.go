package detect_test

import (
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"jobcity/pipeline/crawl/detect"
)

func FuzzURL(f *testing.F) {
	for _, s := range []string{
		"https://boards.greenhouse.io/embed/job_board?for=acme", "jobs.eu.lever.co/a%20b", "https://acme.wd3.myworkdayjobs.com/de/X/job/y",
		"https://x.example/v1/boards/%2F/jobs", "https://acme.na.teamtailor.com", "https://[::1]:80/feed", "http://%zz/", "https://é.example/ü.rss?q=%20#f",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := detect.Parse(raw)
		if err != nil {
			return
		}
		m, ok := detect.URL(u)
		switch {
		case ok && m.System == "":
			t.Errorf("%q: a match without a system", raw)
		case !ok && m.Board.Board != "":
			t.Errorf("%q: a board without a match", raw)
		}
		again, _ := detect.URL(u)
		if again.Board.ID() != m.Board.ID() {
			t.Errorf("%q: %s, then %s", raw, m.Board.ID(), again.Board.ID())
		}
	})
}

func FuzzPage(f *testing.F) {
	files, err := filepath.Glob("testdata/*.*")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	at := &url.URL{Scheme: "https", Host: "careers.acme.example", Path: "/jobs"}
	f.Fuzz(func(t *testing.T, body []byte) {
		seen := map[string]bool{}
		for _, m := range detect.Page(at, body) {
			key := m.System + m.Board.ID()
			if seen[key] || m.System == "" || m.Where == "" {
				t.Errorf("%+v is there twice or says too little", m)
			}
			seen[key] = true
		}
	})
}
