package smartrecruiters_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"jobcity/pipeline/crawl/crawltest"
	"jobcity/pipeline/crawl/smartrecruiters"
	"jobcity/pipeline/crawl/source"
)

func board() source.Board {
	return source.Board{Source: "smartrecruiters", Board: "NordwindGroup", BaseURL: smartrecruiters.Source().BaseURL}
}

func TestDecode(t *testing.T) { crawltest.GoldenFiles(t, board(), smartrecruiters.Decode) }

func FuzzDecode(f *testing.F) {
	for _, file := range []string{"testdata/full.json", "testdata/odd_fields.json"} {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Add([]byte(`{"id":1,"name":"x","location":{"fullLocation":",,"},"jobAd":{"sections":{"jobDescription":{"text":"<"}}}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		postings, bad, err := smartrecruiters.Decode(body, board())
		crawltest.Properties(t, board(), postings, bad, err)
	})
}

// server answers for a board whose list has the given pages.
type server struct {
	pages   []string
	failing func(id string) bool
	asked   []string // ids, in order
	listed  []string
	bad     []string
}

func (s *server) run(t *testing.T) error {
	t.Helper()
	lists := 0
	return smartrecruiters.Source().List(t.Context(), board(), func(_ context.Context, r source.Request) (source.Response, error) {
		if _, id, ok := strings.Cut(r.URL, "/postings/"); ok {
			s.asked = append(s.asked, id)
			if r.Version == "" {
				t.Error("a request for a posting without a version")
			}
			if s.failing != nil && s.failing(id) {
				return source.Response{}, errors.New("503")
			}
			return source.Response{Request: r, Body: []byte(`{"id":"` + id + `","name":"x"}`)}, nil
		}
		if lists++; lists > len(s.pages) {
			t.Fatalf("page %d was asked for: %s", lists, r.URL)
		}
		return source.Response{Request: r, Body: []byte(s.pages[lists-1])}, nil
	}, func(p source.Page) error {
		for _, one := range p.Postings {
			s.listed = append(s.listed, one.NativeID)
		}
		for _, b := range p.Bad {
			s.bad = append(s.bad, b.NativeID)
		}
		return nil
	})
}

// page is a page of the list with the ids from and up to, but not with, to.
func page(total, from, to int) string {
	var content []string
	for i := from; i < to; i++ {
		content = append(content, fmt.Sprintf(`{"id":"%d","name":"x"}`, i))
	}
	return fmt.Sprintf(`{"totalFound":%d,"content":[%s]}`, total, strings.Join(content, ","))
}

func TestTheListIsReadToItsEnd(t *testing.T) {
	for _, tt := range []struct {
		name   string
		pages  []string
		listed int
		err    string
	}{
		{"an empty board, as an unknown company has", []string{page(0, 0, 0)}, 0, ""},
		{"just a page", []string{page(100, 0, 100)}, 100, ""},
		{"three pages", []string{page(250, 0, 100), page(250, 100, 200), page(250, 200, 250)}, 250, ""},
		{"smaller pages than asked for", []string{page(30, 0, 10), page(30, 10, 20), page(30, 20, 30)}, 30, ""},
		{"a board that does not say how many", []string{page(0, 0, 100), page(0, 100, 120)}, 120, ""},
		{"one that was taken down meanwhile", []string{page(200, 0, 100), page(199, 101, 200), page(199, 0, 0)}, 199, "it says it has 200 postings and gave 199"},
		{"one that came in front meanwhile", []string{page(150, 0, 100), page(151, 99, 150)}, 150, "it says it has 151 postings and gave 150"},
		{"fewer than it says", []string{page(120, 0, 100), page(120, 0, 0)}, 100, "it says it has 120 postings and gave 100"},
		{"a page that comes again", []string{page(300, 0, 100), page(300, 100, 200), page(300, 0, 100)}, 200, "the same page again after 200 postings"},
		{"a number as a string", []string{`{"totalFound":"2","content":[{"id":1},{"id":2}]}`}, 2, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := server{pages: tt.pages}
			err := s.run(t)
			if len(s.listed) != tt.listed {
				t.Errorf("%d postings, want %d", len(s.listed), tt.listed)
			}
			if tt.err == "" && err != nil || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
				t.Errorf("error %v, want %q", err, tt.err)
			}
		})
	}
}

func TestASiteThatFailsIsNotAskedForEveryPosting(t *testing.T) {
	s := server{pages: []string{page(50, 0, 50)}, failing: func(id string) bool { return len(id) == 2 }} // from the tenth on
	err := s.run(t)
	if err == nil || !strings.Contains(err.Error(), "5 postings in a row cannot be read: 503") || len(s.asked) != 15 || len(s.bad) != 5 || len(s.listed) != 10 {
		t.Errorf("asked %v, bad %v, error %v", s.asked, s.bad, err)
	}
	s = server{pages: []string{page(50, 0, 50)}, failing: func(id string) bool { return strings.HasSuffix(id, "7") }}
	if err := s.run(t); err != nil || len(s.bad) != 5 || len(s.listed) != 45 {
		t.Errorf("bad %v, error %v", s.bad, err)
	}
}

func TestAnAnswerAboutAnotherPostingIsNotTaken(t *testing.T) {
	var bad []source.Bad
	err := smartrecruiters.Source().List(t.Context(), board(), func(_ context.Context, r source.Request) (source.Response, error) {
		body := page(1, 7, 8)
		if strings.Contains(r.URL, "/postings/") {
			body = `{"id":"8","name":"x"}`
		}
		return source.Response{Request: r, Body: []byte(body)}, nil
	}, func(p source.Page) error {
		bad = append(bad, p.Bad...)
		return nil
	})
	if err != nil || len(bad) != 1 || bad[0].NativeID != "7" || !strings.Contains(bad[0].Reason, "about posting 8") {
		t.Errorf("bad %+v, error %v", bad, err)
	}
}
