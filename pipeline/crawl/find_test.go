package crawl_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"jobcity/pipeline/crawl"
	"jobcity/pipeline/crawl/crawltest"
	"jobcity/pipeline/crawl/detect"
)

func redirect(to string) http.Handler { return http.RedirectHandler(to, http.StatusFound) }

func htmlPage(body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.Header.Get("Accept"), "text/html") {
			w.WriteHeader(http.StatusNotAcceptable) // as Rails does
			return
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, body)
	})
}

func TestFindLooksAtThePageOnlyWhereTheAddressDoesNotTell(t *testing.T) {
	c := newCity(t)
	c.Handle("/careers", htmlPage(`<script src="https://boards.greenhouse.io/embed/job_board/js?for=acme"></script>`))
	c.Handle("/short", redirect("/hop"))
	c.Handle("/hop", redirect("/v1/boards/acme/jobs"))
	c.Handle("/v1/boards/acme/jobs", htmlPage("{}"))
	c.Handle("/old", redirect("/careers"))
	c.Handle("/two", htmlPage(`<a href="https://jobs.lever.co/acme">a</a><a href="https://jobs.ashbyhq.com/bolt">b</a>`))
	c.Handle("/nameless", htmlPage(`<a href="/jobs/1?gh_jid=1">Engineer</a>`))
	c.Handle("/gem", htmlPage(`<iframe src="https://jobs.gem.com/acme"></iframe>`))
	c.Handle("/nothing", htmlPage("<p>Nothing here."))
	c.Handle("/broken", crawltest.Status(http.StatusInternalServerError))
	c.Handle("/private/jobs", htmlPage("<p>Not for robots."))
	c.Handle("/robots.txt", crawltest.JSON("User-agent: *\nDisallow: /private/\n"))
	cr := c.crawler(t)
	for _, tt := range []struct{ name, address, want, wantErr string }{
		{"an address that tells", "https://job-boards.greenhouse.io/acme", "greenhouse/acme by its address", ""},
		{"a script of the page", c.URL + "/careers", "greenhouse/acme by a script of the page", ""},
		{"a page behind a redirect", c.URL + "/old", "greenhouse/acme by a script of the page", ""},
		{"a redirect that tells", c.URL + "/short", "greenhouse/acme by where it redirects to", ""},
		{"a system that is not read", "https://ats.rippling.com/acme/jobs", "", "is a Rippling board, which jobcity cannot read yet; try its own careers page with source jsonld"},
		{"a page of such a system", c.URL + "/gem", "", "/gem is a Gem board, which jobcity cannot read yet"},
		{"several boards", c.URL + "/two", "", "leads to several boards; add the one you mean by its own address: lever/acme (a link of the page), ashby/bolt"},
		{"a system without the board's name", c.URL + "/nameless", "", "shows postings of Greenhouse but does not name the board"},
		{"nothing", c.URL + "/nothing", "", "no board found at"},
		{"a page that robots.txt forbids", c.URL + "/private/jobs", "", "robots.txt forbids it"},
		{"a server that fails", c.URL + "/broken", "", "the site has an error (500"},
		{"a page that is not there", c.URL + "/gone", "", "404"},
		{"no address", "acme", "", "must be an http or https URL"},
		{"an address inside the net", "http://127.0.0.1:1/careers", "", "not a public address"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, err := cr.Find(t.Context(), tt.address)
			if tt.wantErr != "" {
				if err == nil || !strings.Contains(err.Error(), tt.wantErr) {
					t.Errorf("got %v, want %q", err, tt.wantErr)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := m.Board.ID() + " by " + m.Where; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	if c.Asked("/careers") != 2 || c.Asked("/private/jobs") != 0 {
		t.Errorf("/careers was asked %d times, the forbidden page %d", c.Asked("/careers"), c.Asked("/private/jobs"))
	}
}

func TestProveAsksOnceAndCounts(t *testing.T) {
	c := newCity(t)
	c.serve(greenhouseKit().pages(three))
	c.serve(hnKit().pages(three))
	c.Handle("/posting-api/job-board/none", crawltest.JSON(`{"jobs":[]}`))
	c.Handle("/posting-api/job-board/page", crawltest.JSON(`<html>`))
	cr := c.crawler(t)
	for _, tt := range []struct {
		name string
		b    crawl.Board
		want string
	}{
		{"postings and their employer", greenhouseKit().board, "3 postings of Acme"},
		{"a list whose postings come one by one", hnKit().board, "it lists postings"},
		{"an empty board", crawl.Board{Source: "ashby", Board: "none"}, "no posting now"},
		{"an employer of one's own", crawl.Board{Source: "greenhouse", Board: "acme", Employer: "Acme Inc."}, "3 postings of Acme Inc."},
		{"a page that is no board", crawl.Board{Source: "ashby", Board: "page"}, "error: "},
		{"a base URL inside the net", crawl.Board{Source: "ashby", Board: "x", BaseURL: "http://127.0.0.1:1"}, "error: base_url: 127.0.0.1 is not a public address"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, err := cr.Prove(t.Context(), tt.b)
			got := p.String()
			if err != nil {
				got = "error: " + err.Error()
			}
			if got != tt.want && (err == nil || !strings.HasPrefix(got, tt.want)) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	if n := c.Asked("/api/v1/search_by_date") + c.Asked("/api/v1/items/92"); n != 1 {
		t.Errorf("%d requests to prove one board", n)
	}
}

// TestWhatIsFoundCanBeCrawled: names and options fit the sources.
func TestWhatIsFoundCanBeCrawled(t *testing.T) {
	for _, address := range []string{
		"https://jobs.ashbyhq.com/Rose%20Rocket", "https://job-boards.eu.greenhouse.io/acme", "https://jobs.eu.lever.co/acme", "https://careers.smartrecruiters.com/Acme1",
		"https://apply.workable.com/acme", "https://acme.recruitee.com", "https://careers.acme.example/api/offers", "https://acme.jobs.personio.de", "https://acme.jobs.personio.com",
		"https://acme.teamtailor.com/jobs", "https://acme.na.teamtailor.com", "https://acme.bamboohr.com/careers", "https://acme.wd5.myworkdayjobs.com/en-US/External",
		"https://wd3.myworkdaysite.com/recruiting/acme/Careers", "https://acme.wd3.myworkdayjobs.com/wday/cxs/acme/Karriere/jobs", "http://recorded.example/wday/cxs/acme/External/jobs",
		"https://news.ycombinator.com/submitted?id=whoishiring", "https://www.acme.example/jobs.rss?team=it", "https://acme.example/jobs.jsonl.gz", "http://www.acme.example/sitemap-jobs.xml",
	} {
		u, err := detect.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		m, ok := detect.URL(u)
		if !ok || !m.Named() {
			t.Errorf("%s: not told", address)
			continue
		}
		if errs := crawl.CheckBoard(m.Board); len(errs) > 0 {
			t.Errorf("%s: %+v: %v", address, m.Board, errs)
		}
		if _, _, err := crawl.AddBoard("b.yaml", nil, m.Board); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestProveReadsASiteToItsFirstPosting(t *testing.T) {
	c := newCity(t)
	c.Handle("/sitemap.xml", crawltest.JSON(`<urlset><url><loc>`+c.URL+`/jobs/1</loc></url><url><loc>`+c.URL+`/jobs/2</loc></url></urlset>`))
	page := `<script type="application/ld+json">{"@type":"JobPosting","title":"Engineer","description":"<p>You build things.</p>","datePosted":"2026-11-01","hiringOrganization":{"name":"Acme"}}</script>`
	c.Handle("/jobs/1", htmlPage(page))
	c.Handle("/jobs/2", htmlPage(page))
	c.Handle("/careers", htmlPage(page))
	cr := c.crawler(t)
	m, err := cr.Find(t.Context(), c.URL+"/careers")
	if err != nil {
		t.Fatal(err)
	}
	p, err := cr.Prove(t.Context(), m.Board)
	if err != nil || p.String() != "at least 1 posting of Acme" || c.Asked("/jobs/2") > 0 {
		t.Errorf("%s, %v; the second page was asked %d times", p, err, c.Asked("/jobs/2"))
	}
	c.Handle("/sitemap.xml", crawltest.JSON(`<urlset><url><loc>`+c.URL+`/jobs/3</loc></url></urlset>`))
	c.Handle("/jobs/3", htmlPage("<p>No markup."))
	if p, err := cr.Prove(t.Context(), m.Board); err == nil && p.Doubt == "" {
		t.Errorf("a site without markup is proved: %s", p)
	}
}
