package hn_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"jobcity/pipeline/crawl/crawltest"
	"jobcity/pipeline/crawl/hn"
	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/posting"
)

func board() source.Board { return source.Board{Source: "hn", Board: hn.Board} }

func TestDecode(t *testing.T) { crawltest.GoldenFiles(t, board(), hn.Decode) }

// The companies are made up; the shapes are those of real threads.
func TestHeadLine(t *testing.T) {
	for _, tt := range []struct {
		line       string
		employer   string
		title      string
		places     []string
		workplace  string
		employment string
	}{
		{"Acme | Backend Engineer | Berlin, Germany | ONSITE | Full-time | https://acme.example", "Acme", "Backend Engineer", []string{"Berlin, Germany"}, "onsite", "full_time"},
		{"Acme Robotics, Inc. | SF, Hybrid 3+ days a week | Software Engineer", "Acme Robotics, Inc", "Software Engineer", nil, "hybrid", ""},
		{"Acme (YC S21) | London / New York | REMOTE OK | Site Reliability Engineer", "Acme", "Site Reliability Engineer", []string{"London", "New York"}, "remote", ""},
		{"Acme (https://acme.example) | Senior Developer, QA Engineer | Toronto, ON", "Acme", "Senior Developer, QA Engineer", []string{"Toronto, ON"}, "", ""},
		{"Senior Rails Developer | Acme | Boston, MA | REMOTE or ONSITE", "Acme", "Senior Rails Developer", []string{"Boston, MA"}, "", ""},
		{"REMOTE or Boston | Data Scientist | Acme https://acme.example", "Acme", "Data Scientist", []string{"Boston"}, "remote", ""},
		{"Acme | Multiple Positions | Seattle, WA | VISA | Intern", "Acme", "Multiple Positions", []string{"Seattle, WA"}, "", "internship"},
		{"Acme | SF/Austin/London (Onsite) | Rust engineers | $150k - $200k + equity", "Acme", "Rust engineers", []string{"SF", "Austin", "London"}, "onsite", ""},
		{"Acme | https://acme.example | Remote (US) | Full Time", "Acme", "Acme | Remote (US) | Full Time", []string{"US"}, "remote", "full_time"},
		{"acme.io | Frontend Developer | NYC | No remote", "acme.io", "Frontend Developer", []string{"NYC"}, "onsite", ""},
		{"Acme - Portland, OR", "Acme", "Acme | Portland, OR", []string{"Portland, OR"}, "", ""},
		{"Portland, OR - Acme - https://acme.example", "Acme", "Portland, OR | Acme", []string{"Portland, OR"}, "", ""},
		{"Acme — Vienna, Austria — Full-time", "Acme", "Acme | Vienna, Austria | Full-time", []string{"Vienna, Austria"}, "", "full_time"},
		{"Acme // DevOps Engineer // Amsterdam // Local or Remote", "Acme", "DevOps Engineer", []string{"Amsterdam"}, "remote", ""},
		{"Acme: Machine Learning Engineer - Zurich, Switzerland", "Acme", "Machine Learning Engineer", []string{"Zurich, Switzerland"}, "", ""},
		{"Backend Engineer at Acme - Copenhagen, Denmark - ONSITE", "Acme", "Backend Engineer", []string{"Copenhagen, Denmark"}, "onsite", ""},
		{"Acme (Paoli, PA, USA) - LOCAL OR REMOTE.", "Acme", "Acme (Paoli, PA, USA) | LOCAL OR REMOTE", []string{"Paoli, PA, USA"}, "remote", ""},
		{"Acme, Lyon, France - C++ Developer", "Acme", "C++ Developer", []string{"Lyon, France"}, "", ""},
		{"Acme is hiring engineers in Paris.", "Acme", "Acme is hiring engineers in Paris", nil, "", ""},
		{"Acme Software | Engineer | Oslo", "Acme Software", "Engineer", []string{"Oslo"}, "", ""},
		{"Las Vegas, NV", "", "Las Vegas, NV", []string{"Las Vegas, NV"}, "", ""},
		{"If you are looking for a job, read on", "", "If you are looking for a job, read on", nil, "", ""},
		{"Hey HN - we make things", "", "Hey HN | we make things", nil, "", ""},
		{"Acme|Remote, Worldwide|Go Developer", "Acme", "Go Developer", []string{"Worldwide"}, "remote", ""},
		{"Acme | Full-time or Part-time | Contract", "Acme", "Acme | Full-time or Part-time | Contract", nil, "", ""},
	} {
		t.Run(tt.line, func(t *testing.T) {
			p := decodeOne(t, tt.line+"<p>More | Engineer | Rome")
			if p.Employer != tt.employer || p.Title != tt.title || !slices.Equal(p.Locations, tt.places) || p.Workplace != tt.workplace || p.EmploymentType != tt.employment {
				t.Errorf("got  %q %q %q %q %q\nwant %q %q %q %q %q", p.Employer, p.Title, p.Locations, p.Workplace, p.EmploymentType,
					tt.employer, tt.title, tt.places, tt.workplace, tt.employment)
			}
		})
	}
}

func decodeOne(t *testing.T, text string) posting.Posting {
	t.Helper()
	p, err := hn.DecodeMonth([]byte(`{"full_html":`+quote(text)+`,"url":"https://news.ycombinator.com/item?id=7"}`), "2015-02")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}

func TestCollectedPostsKeepTheirIdentity(t *testing.T) {
	month := decodeOne(t, `<font color="#000000">Acme | Engineer</font>`)
	if month.Source != "hn" || month.Board != "whoishiring" || month.NativeID != "7" || month.PostedOn != "2015-02-01" || month.Text != "Acme | Engineer" || month.URL != "https://news.ycombinator.com/item?id=7" {
		t.Errorf("month: %+v", month)
	}
	item, err := hn.DecodeItem([]byte(`{"id":8,"source":"who_is_hiring","by":"x","time":1767377545,"text":"Acme | Engineer"}`))
	if err != nil || item.Board != "whoishiring" || item.NativeID != "8" || item.PostedOn != "2026-01-02" {
		t.Errorf("item: %+v, %v", item, err)
	}
	direct, err := hn.DecodeItem([]byte(`{"id":9,"source":"direct","time":0,"text":"Acme is hiring"}`))
	if err != nil || direct.Board != "jobs" || direct.PostedOn != "" {
		t.Errorf("direct: %+v, %v", direct, err)
	}
	for name, decode := range map[string]func() (posting.Posting, error){
		"an empty post": func() (posting.Posting, error) {
			return hn.DecodeMonth([]byte(`{"full_html":"<font></font>","url":"?id=1"}`), "2015-02")
		},
		"a post without id": func() (posting.Posting, error) {
			return hn.DecodeMonth([]byte(`{"full_html":"x","url":"https://x"}`), "2015-02")
		},
		"a post not JSON":      func() (posting.Posting, error) { return hn.DecodeMonth([]byte(`{`), "2015-02") },
		"an item without id":   func() (posting.Posting, error) { return hn.DecodeItem([]byte(`{"text":"x"}`)) },
		"an item without text": func() (posting.Posting, error) { return hn.DecodeItem([]byte(`{"id":1}`)) },
		"an item not JSON":     func() (posting.Posting, error) { return hn.DecodeItem([]byte(`7`)) },
	} {
		if _, err := decode(); err == nil {
			t.Errorf("%s is no error", name)
		}
	}
}

func FuzzDecode(f *testing.F) {
	thread, err := os.ReadFile("testdata/thread.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(thread)
	f.Add([]byte(`{"children":[{"id":1,"text":"<|<p>|| - | at "},{"id":2,"text":"at | ,, | (("}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		postings, bad, err := hn.Decode(body, board())
		crawltest.Properties(t, board(), postings, bad, err)
	})
}

func FuzzHeadLine(f *testing.F) {
	f.Add("Acme (YC) | Engineer at X | Berlin / Paris (REMOTE) | https://x")
	f.Add("((((| - ] at : , , ,<p")
	f.Add(strings.Repeat("a, ", 400) + "| US")
	f.Fuzz(func(t *testing.T, text string) {
		thread := `{"children":[{"id":1,"text":` + quote(strings.ToValidUTF8(text, "")) + `}]}`
		postings, _, err := hn.Decode([]byte(thread), board())
		if err != nil {
			return // control characters are no JSON
		}
		for _, p := range postings {
			if len([]rune(p.Employer)) > 60 || len([]rune(p.Title)) > 300 {
				t.Errorf("employer %q, title %q", p.Employer, p.Title)
			}
		}
	})
}
