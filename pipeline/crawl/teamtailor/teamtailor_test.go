package teamtailor_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jobcity/pipeline/crawl/crawltest"
	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/crawl/teamtailor"
	"jobcity/pipeline/posting"
)

var acme = source.Board{Source: "teamtailor", Board: "acme", BaseURL: "https://{board}.teamtailor.com"}

func TestDecode(t *testing.T) {
	for pattern, decode := range map[string]func([]byte, source.Board) ([]posting.Posting, []source.Bad, error){
		"*.json": teamtailor.Decode, "*.rss": teamtailor.DecodeRSS,
	} {
		files, err := filepath.Glob("testdata/" + pattern)
		if err != nil || len(files) == 0 {
			t.Fatal("no testdata", err)
		}
		for _, file := range files {
			t.Run(filepath.Base(file), func(t *testing.T) {
				body, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				postings, bad, err := decode(body, acme)
				crawltest.Golden(t, strings.Replace(file, ".", "_", 1)+".golden", postings, bad, err)
			})
		}
	}
}

func TestTheBoardsOwnEmployerWins(t *testing.T) {
	b := acme
	b.Employer = "Acme Inc."
	postings, _, err := teamtailor.Decode([]byte(`{"items":[{"id":"1","title":"x","_jobposting":{"hiringOrganization":{"name":"Acme AB"}}}]}`), b)
	if err != nil || len(postings) != 1 || postings[0].Employer != "Acme Inc." {
		t.Errorf("got %+v, %v", postings, err)
	}
}

// missing is the answer that there is nothing.
type missing struct{}

func (missing) Error() string  { return "404" }
func (missing) NotFound() bool { return true }

const (
	jsonURL = "https://acme.teamtailor.com/jobs.json"
	rssURL  = "https://acme.teamtailor.com/jobs.rss"
)

// page is a page of the JSON Feed.
func page(next string, ids ...string) string {
	var items []string
	for _, id := range ids {
		items = append(items, fmt.Sprintf(`{"id":%q,"title":"Engineer"}`, id))
	}
	return fmt.Sprintf(`{"items":[%s],"next_url":%q}`, strings.Join(items, ","), next)
}

// rss is an RSS feed of the items from one number to another.
func rss(from, to int) string {
	out := "<rss><channel>"
	for i := from; i < to; i++ {
		out += fmt.Sprintf("<item><title>Engineer</title><link>/jobs/%d</link></item>", i)
	}
	return out + "</channel></rss>"
}

func TestList(t *testing.T) {
	pages := map[string]string{jsonURL: page("https://careers.acme.example/jobs.json?page=2", "1"), jsonURL + "?page=2": page("", "2")}
	for _, tt := range []struct {
		name      string
		options   map[string]string
		answers   map[string]string
		asked     []string
		listed    int
		wantError string
	}{
		{"pages are joined whatever the host of next_url", nil, pages, []string{jsonURL, jsonURL + "?page=2"}, 2, ""},
		{"a page that was not modified", nil, map[string]string{jsonURL: "304 page=2", jsonURL + "?page=2": page("", "2")}, []string{jsonURL, jsonURL + "?page=2"}, 1, ""},
		{"a page that leads to itself", nil, map[string]string{jsonURL: page(jsonURL+"?page=2", "1"), jsonURL + "?page=2": page(jsonURL+"?page=2", "2")}, []string{jsonURL, jsonURL + "?page=2"}, 2, "the same page again"},
		{"pages without end that hold the same", nil, map[string]string{jsonURL: page("?page=2", "1"), jsonURL + "?page=2": page("?page=3", "1")}, []string{jsonURL, jsonURL + "?page=2"}, 1, "the same page again"},
		{"a next_url without a query", nil, map[string]string{jsonURL: page("https://careers.acme.example/more", "1")}, []string{jsonURL}, 0, "cannot follow next_url"},
		{"no JSON Feed", nil, map[string]string{rssURL: rss(0, 3)}, []string{jsonURL, rssURL}, 3, ""},
		{"neither", nil, nil, []string{jsonURL, rssURL}, 0, "404"},
		{"no JSON Feed, though the board asks for it", map[string]string{"feed": "json"}, map[string]string{rssURL: rss(0, 3)}, []string{jsonURL}, 0, "404"},
		{"a JSON Feed that fails", nil, map[string]string{jsonURL: "503", rssURL: rss(0, 3)}, []string{jsonURL}, 0, "503"},
		{"a board read by RSS", map[string]string{"feed": "rss"}, map[string]string{rssURL: rss(0, 3)}, []string{rssURL}, 3, ""},
		{"pages of RSS", map[string]string{"feed": "rss"}, map[string]string{rssURL: rss(0, 100), rssURL + "?offset=100&per_page=100": rss(100, 107)}, []string{rssURL, rssURL + "?offset=100&per_page=100"}, 107, ""},
		{"pages of RSS that hold the same", map[string]string{"feed": "rss"}, map[string]string{rssURL: rss(0, 100), rssURL + "?offset=100&per_page=100": rss(0, 100)}, []string{rssURL, rssURL + "?offset=100&per_page=100"}, 100, "the same page again"},
		{"pages of RSS that were not modified", map[string]string{"feed": "rss"}, map[string]string{rssURL: "304 100", rssURL + "?offset=100&per_page=100": "304 7"}, []string{rssURL, rssURL + "?offset=100&per_page=100"}, 0, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := acme
			b.Options = tt.options
			var asked []string
			listed := 0
			err := teamtailor.Source().List(t.Context(), b, func(_ context.Context, r source.Request) (source.Response, error) {
				asked = append(asked, r.URL)
				body, ok := tt.answers[r.URL]
				memo, unchanged := strings.CutPrefix(body, "304 ")
				switch {
				case !ok:
					return source.Response{}, missing{}
				case body == "503":
					return source.Response{}, errors.New("503")
				case unchanged:
					return source.Response{Request: r, NotModified: true, Memo: memo}, nil
				}
				return source.Response{Request: r, Body: []byte(body)}, nil
			}, func(p source.Page) error {
				listed += len(p.Postings) + len(p.Bad)
				return nil
			})
			if (err == nil) != (tt.wantError == "") || err != nil && !strings.Contains(err.Error(), tt.wantError) {
				t.Errorf("error %v, want %q", err, tt.wantError)
			}
			if !slices.Equal(asked, tt.asked) || listed != tt.listed {
				t.Errorf("asked %q and listed %d, want %q and %d", asked, listed, tt.asked, tt.listed)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	for _, tt := range []struct{ name, board, feed, want string }{
		{"a name", "acme", "json", ""},
		{"a whole host", "careers.acme.example", "rss", ""},
		{"an address", "https://acme.teamtailor.com", "json", "board: must be the part of the host"},
		{"another feed", "acme", "atom", "feed: must be json or rss"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := teamtailor.Source().Check(source.Board{Source: "teamtailor", Board: tt.board, Options: map[string]string{"feed": tt.feed}})
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	for _, name := range []string{"full.json", "full.rss", "no_end.rss"} {
		body, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Add([]byte(`{"items":[null,{},[],1,{"id":1,"_jobposting":{"baseSalary":{"value":{"minValue":-5,"maxValue":"1e400"}},"jobLocation":[null,[]]}}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		postings, bad, err := teamtailor.Decode(body, acme)
		crawltest.Properties(t, acme, postings, bad, err)
		postings, bad, err = teamtailor.DecodeRSS(body, acme)
		crawltest.Properties(t, acme, postings, bad, err)
	})
}
