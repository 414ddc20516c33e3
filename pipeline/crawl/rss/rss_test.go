package rss_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobcity/pipeline/crawl/crawltest"
	"jobcity/pipeline/crawl/rss"
	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/posting"
)

func board() source.Board {
	return source.Board{Source: "rss", Board: "city", Options: map[string]string{"url": "https://jobs.city.example/feed.xml"}}
}

func TestDecode(t *testing.T) {
	files, err := filepath.Glob("testdata/*.xml")
	if err != nil || len(files) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			postings, bad, err := rss.Decode(body, board())
			crawltest.Golden(t, strings.TrimSuffix(file, ".xml")+".golden", postings, bad, err)
		})
	}
}

// decodeOne reads a feed of one item.
func decodeOne(t *testing.T, inner string) posting.Posting {
	t.Helper()
	return decodeAll(t, "<item><guid>1</guid>"+inner+"</item>")[0]
}

func decodeAll(t *testing.T, items string) []posting.Posting {
	t.Helper()
	postings, bad, err := rss.Decode([]byte("<rss><channel>"+items+"</channel></rss>"), board())
	if err != nil || len(bad) > 0 || len(postings) == 0 {
		t.Fatalf("%d postings, bad %v, error %v", len(postings), bad, err)
	}
	return postings
}

func TestDatesAsFeedsWriteThem(t *testing.T) {
	for _, tt := range []struct{ date, want string }{
		{"Mon, 02 Mar 2026 09:30:00 +0000", "2026-03-02"},
		{"Mon, 02 Mar 2026 23:30:00 -1100", "2026-03-02"},
		{"Mon, 2 Mar 2026 9:30 EST", "2026-03-02"},
		{"2 Mar 26 09:30 GMT", "2026-03-02"},
		{"02 Mar 98 09:30 GMT", "1998-03-02"},
		{"Monday, 02-Mar-26 09:30:00 UTC", "2026-03-02"},
		{"Mon Mar  2 09:30:00 2026", "2026-03-02"},
		{"Mon Mar  2 09:30:00 CET 2026", "2026-03-02"},
		{"Mon Mar 02 2026 09:30:00 GMT+0100 (CET)", "2026-03-02"},
		{"March 2nd, 2026", "2026-03-02"},
		{"Sept. 2, 2026 at 9 am", "2026-09-02"},
		{"2nd of March 2026", ""},
		{"2026-03-02T09:30:00Z", "2026-03-02"},
		{"2026-03-02T09:30:00.123+01:00", "2026-03-02"},
		{"2026-03-02 09:30", "2026-03-02"},
		{"2026/3/2", "2026-03-02"},
		{"20260302", "2026-03-02"},
		{"1772443800", "2026-03-02"},
		{"1772443800000", "2026-03-02"},
		{"2. März 2026", "2026-03-02"},
		{"lun., 02 févr. 2026 09:30:00 +0100", "2026-02-02"},
		{"14 juillet 2026", "2026-07-14"},
		{"2 de marzo de 2026", "2026-03-02"},
		{"02.03.2026", "2026-03-02"},
		{"13/03/2026", "2026-03-13"},
		{"03/13/2026", "2026-03-13"},
		{"03/04/2026", ""},
		{"03/03/2026", "2026-03-03"},
		{"30 Feb 2026", ""},
		{"Mon, 02 Mar 0001 00:00:00 GMT", ""},
		{"0", ""},
		{"99999999999999999999", ""},
		{"tomorrow", ""},
	} {
		t.Run(tt.date, func(t *testing.T) {
			if got := decodeOne(t, "<title>x</title><pubDate>"+tt.date+"</pubDate>").PostedOn; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTitlesThatNameTheEmployer(t *testing.T) {
	for _, tt := range []struct{ name, title, more, wantTitle, employer string }{
		{"the employer before a colon", "Acme Labs: Backend Engineer", "", "Backend Engineer", "Acme Labs"},
		{"a role before the colon", "Engineering Manager: Platform", "", "Engineering Manager: Platform", ""},
		{"no role on either side", "Platform: Search", "", "Platform: Search", ""},
		{"a notice before the colon", "Remote: Go Developer", "", "Remote: Go Developer", ""},
		{"the employer after at", "Go Developer at Acme", "", "Go Developer", "Acme"},
		{"the employer after bei", "Systemadministrator bei Acme AG", "", "Systemadministrator", "Acme AG"},
		{"a role after at", "Working at senior Engineer", "", "Working at senior Engineer", ""},
		{"the employer stated beside", "Acme - Developer", "<company>Acme</company>", "Developer", "Acme"},
		{"the employer stated beside, at the end", "Developer | acme", "<company>Acme</company>", "Developer", "Acme"},
		{"the place in brackets, stated beside", "Developer (Rome)", "<location>Rome, Italy</location>", "Developer", ""},
		{"brackets that are no place", "Developer (m/f/d)", "<location>Rome</location>", "Developer (m/f/d)", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := decodeOne(t, "<title>"+tt.title+"</title>"+tt.more)
			if p.Title != tt.wantTitle || p.Employer != tt.employer {
				t.Errorf("got %q of %q, want %q of %q", p.Title, p.Employer, tt.wantTitle, tt.employer)
			}
		})
	}
}

func TestTheCustomOfAFeedDecides(t *testing.T) {
	items := ""
	for _, title := range []string{"Acme: Cook", "Umbrella: Gardener", "Initech: Platform: Search"} {
		items += "<item><guid>" + title + "</guid><title>" + title + "</title></item>"
	}
	all := decodeAll(t, items)
	if all[0].Employer != "Acme" || all[2].Employer != "Initech" || all[2].Title != "Platform: Search" {
		t.Errorf("got %q of %q and %q of %q", all[0].Title, all[0].Employer, all[2].Title, all[2].Employer)
	}
}

func TestTheBoardsOwnEmployerWins(t *testing.T) {
	b := board()
	b.Employer = "Acme Inc."
	postings, _, err := rss.Decode([]byte("<rss><item><guid>1</guid><title>Acme: Engineer</title></item></rss>"), b)
	if err != nil || len(postings) != 1 || postings[0].Employer != "Acme Inc." || postings[0].Title != "Engineer" {
		t.Errorf("got %+v, %v", postings, err)
	}
}

func TestOnePageUnderManyLinksIsOnePosting(t *testing.T) {
	ids := map[string]bool{}
	for _, link := range []string{"https://acme.example/jobs/1", "http://acme.example/jobs/1/", "https://www.acme.example/jobs/1?utm_source=feed", "https://acme.example/jobs/1?fbclid=x"} {
		postings, _, err := rss.Decode([]byte("<rss><item><link>"+link+"</link><title>x</title></item></rss>"), board())
		if err != nil || len(postings) != 1 {
			t.Fatal(err)
		}
		ids[postings[0].NativeID] = true
	}
	if len(ids) != 1 {
		t.Errorf("got ids %v", ids)
	}
}

func TestNestingIsNoStackOverflow(t *testing.T) {
	const deep = 200_000
	body := "<rss><channel><item><guid>1</guid><title>x</title><description>" + strings.Repeat("<b>", deep) + strings.Repeat("</b>", deep) + "</description></item></channel></rss>"
	if postings, _, err := rss.Decode([]byte(body), board()); err != nil || len(postings) != 1 {
		t.Errorf("%d postings, %v", len(postings), err)
	}
}

func TestALongTitleIsNoLongWait(t *testing.T) {
	if p := decodeOne(t, "<title>Engineer "+strings.Repeat("(a) ", 1<<20)+"</title>"); p.Title == "" {
		t.Error("no title")
	}
}

func TestNearlyXML(t *testing.T) {
	for _, tt := range []struct{ name, inner, want string }{
		{"a bracket that is text", "<description>Pay < 50k, ok</description>", "Pay < 50k, ok"},
		{"a comment with dashes", "<!-- made -- by hand --><description>Go</description>", "Go"},
		{"one CDATA section in another", "<description><![CDATA[Go ]]> ]]></description>", "Go "},
		{"an ampersand", "<description>R&D & more</description>", "R&D & more"},
		{"a tag that is not closed", "<description>Go<br>and Linux</description>", "Go<br>and Linux"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if p := decodeOne(t, "<title>x</title>"+tt.inner); strings.TrimSpace(p.Text) != strings.TrimSpace(tt.want) {
				t.Errorf("got %q, want %q", p.Text, tt.want)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	for _, tt := range []struct{ name, board, url, lists, want string }{
		{"an address", "acme", "https://acme.example/feed", "", ""},
		{"an address that is the name", "https://acme.example/feed", "", "all", ""},
		{"a path under base_url", "acme", "/feed", "newest", ""},
		{"no address", "acme", "", "", "url: missing"},
		{"another scheme", "acme", "file:///etc/passwd", "", "url: must be an http or https URL"},
		{"no scheme", "acme", "//acme.example/feed", "", "url: must be an http or https URL"},
		{"another word", "acme", "https://acme.example/feed", "some", "lists: must be"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := rss.Source().Check(source.Board{Source: "rss", Board: tt.board, Options: map[string]string{"url": tt.url, "lists": tt.lists}})
			if (err == nil) != (tt.want == "") || err != nil && !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	files, err := filepath.Glob("testdata/*.xml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Add([]byte("<rss><item><title>a at b (c) (d)</title><link>::</link><pubDate>1 x 1</pubDate></item><item/>"))
	f.Fuzz(func(t *testing.T, body []byte) {
		postings, bad, err := rss.Decode(body, board())
		crawltest.Properties(t, board(), postings, bad, err)
	})
}
