package crawl_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"jobcity/pipeline/crawl"
	"jobcity/pipeline/crawl/crawltest"
	"jobcity/pipeline/crawl/jobposting"
	"jobcity/pipeline/posting"
)

// site is the board that the tests' server stands in for.
var site = crawl.Board{Source: "jsonld", Board: "acme.example"}

// markedUp is a page that marks up one posting.
func markedUp(title, more string) string {
	return `<html><head>` + more + `<script type="application/ld+json">{"@context":"https://schema.org","@type":"JobPosting","title":"` + title +
		`","description":"<p>Text</p>","hiringOrganization":{"name":"Acme"},"datePosted":"2026-01-05"}</script></head><body></body></html>`
}

// sites is a city whose server is a site with a sitemap of these paths.
func sites(t *testing.T, paths ...string) *city {
	c := newCity(t)
	c.cfg.Sources["jsonld"] = crawl.SourceConfig{BaseURL: c.URL}
	c.Handle("/robots.txt", crawltest.Content("text/plain", "User-agent: *\nDisallow: /private/\nSitemap: "+c.URL+"/map.xml\n"))
	c.listPages(paths...)
	for i, p := range paths {
		path, _, _ := strings.Cut(p, " ")
		c.Handle(path, crawltest.Content("text/html", markedUp(fmt.Sprintf("Engineer %d", i+1), "")))
	}
	return c
}

// listPages makes the sitemap list paths, each with its lastmod behind a space.
func (c *city) listPages(paths ...string) {
	body := "<urlset>"
	for _, p := range paths {
		path, changed, _ := strings.Cut(p, " ")
		body += "<url><loc>" + c.URL + path + "</loc>"
		if changed != "" {
			body += "<lastmod>" + changed + "</lastmod>"
		}
		body += "</url>"
	}
	c.Handle("/map.xml", crawltest.Content("application/xml", body+"</urlset>"))
}

// pageIDs are the ids of the postings of pages at paths.
func (c *city) pageIDs(paths ...string) []string {
	out := []string{}
	for _, p := range paths {
		out = append(out, posting.ID("jsonld", "acme.example", jobposting.PageID(c.URL+p)))
	}
	slices.Sort(out)
	return out
}

func TestASiteIsReadByItsSitemap(t *testing.T) {
	c := sites(t, "/jobs/1", "/jobs/2 2026-01-05", "/jobs/3 2026-01-05")
	cr := c.crawler(t, site)
	c.sweep(t, cr).check(t, posting.Complete, c.pageIDs("/jobs/1", "/jobs/2", "/jobs/3"), "Engineer 1", "Engineer 2", "Engineer 3")

	again := c.sweep(t, cr)
	again.check(t, posting.Complete, c.pageIDs("/jobs/1", "/jobs/2", "/jobs/3"))

	c.Handle("/jobs/2", crawltest.Content("text/html", markedUp("Data Engineer", "")))
	c.listPages("/jobs/1", "/jobs/2 2026-02-01", "/jobs/4")
	c.Handle("/jobs/4", crawltest.Content("text/html", markedUp("Analyst", "")))
	c.sweep(t, cr).check(t, posting.Complete, c.pageIDs("/jobs/1", "/jobs/2", "/jobs/4"), "Analyst", "Data Engineer")
}

func TestAPageOfASiteThatIsNoMore(t *testing.T) {
	for _, tt := range []struct {
		name    string
		handler http.Handler
		verdict posting.Verdict
		listed  bool
		reason  string
	}{
		{"not there", crawltest.Status(404), posting.Complete, false, ""},
		{"gone", crawltest.Status(410), posting.Complete, false, ""},
		{"asking not to be found", crawltest.Content("text/html", markedUp("X", `<meta name="robots" content="noindex">`)), posting.Complete, false, ""},
		{"asking this crawler not to find it", crawltest.Content("text/html", markedUp("X", `<meta name="jobcity" content="none">`)), posting.Complete, false, ""},
		{"asking others", crawltest.Content("text/html", markedUp("Engineer 2", `<meta name="otherbot" content="noindex">`)), posting.Complete, true, ""},
		{"whose time is over", crawltest.Content("text/html", markedUp("X", `<meta name="robots" content="unavailable_after: 2020-01-01">`)), posting.Complete, false, ""},
		{"by its header", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Robots-Tag", "noindex")
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte(markedUp("X", "")))
		}), posting.Complete, false, ""},
		{"without markup", crawltest.Content("text/html", "<html><body>We hire no more.</body></html>"), posting.Complete, false, ""},
		{"failing", crawltest.Status(503), posting.Partial, true, "1 pages could not be read"},
		{"with broken markup", crawltest.Content("text/html", `<script type="application/ld+json">{"@type":"JobPosting","title":</script>`), posting.Complete, true, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := sites(t, "/jobs/1", "/jobs/2")
			cr := c.crawler(t, site)
			c.sweep(t, cr)
			c.Handle("/jobs/2", tt.handler)
			s := c.sweep(t, cr)
			want := c.pageIDs("/jobs/1")
			if tt.listed {
				want = c.pageIDs("/jobs/1", "/jobs/2")
			}
			if s.Verdict != tt.verdict || !slices.Equal(s.Listed, want) || !strings.Contains(s.Reason, tt.reason) {
				t.Errorf("verdict %s (%s), listed %v, want %v", s.Verdict, s.Reason, s.Listed, want)
			}
		})
	}
}

func TestASiteStaysWithinItsHostAndItsRobots(t *testing.T) {
	c := sites(t, "/jobs/1", "/private/jobs/2", "/about")
	c.Handle("/map.xml", crawltest.Content("application/xml", "<sitemapindex>"+
		"<sitemap><loc>"+c.URL+"/map.xml</loc></sitemap><sitemap><loc>"+c.URL+"/pages.xml</loc></sitemap></sitemapindex>"))
	c.Handle("/pages.xml", crawltest.Content("application/xml", "<urlset><url><loc>"+c.URL+"/jobs/1#apply</loc></url><url><loc>"+c.URL+"/jobs/1</loc></url>"+
		"<url><loc>"+c.URL+"/private/jobs/2</loc></url><url><loc>"+c.URL+"/about</loc></url><url><loc>https://elsewhere.example/jobs/9</loc></url><url><loc>javascript:job()</loc></url></urlset>"))
	c.sweep(t, c.crawler(t, site)).check(t, posting.Complete, c.pageIDs("/jobs/1"), "Engineer 1")
	if n := c.Asked("/private/jobs/2") + c.Asked("/about"); n != 0 {
		t.Errorf("%d pages were asked for that should not be", n)
	}
	if n := c.Asked("/map.xml"); n != 1 {
		t.Errorf("the sitemap that lists itself was asked for %d times", n)
	}
}

func TestASiteThatCannotBeReadClosesNothing(t *testing.T) {
	for name, fail := range map[string]func(c *city){
		"its sitemap fails": func(c *city) { c.Handle("/map.xml", crawltest.Status(500)) },
		"its sitemap is cut short": func(c *city) {
			c.Handle("/map.xml", crawltest.Content("application/xml", "<urlset><url><loc>"+c.URL+"/jobs/1</loc></url><url><lo"))
		},
		"a sitemap of its index is not there": func(c *city) {
			c.Handle("/map.xml", crawltest.Content("application/xml", "<sitemapindex><sitemap><loc>"+c.URL+"/lost.xml</loc></sitemap></sitemapindex>"))
		},
		"its sitemap is a web page": func(c *city) { c.Handle("/map.xml", crawltest.Content("text/html", "<html>maintenance</html>")) },
		"all pages fail": func(c *city) {
			c.Handle("/jobs/1", crawltest.Status(503))
			c.Handle("/jobs/2", crawltest.Status(503))
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := sites(t, "/jobs/1", "/jobs/2")
			cr := c.crawler(t, site)
			c.sweep(t, cr)
			fail(c)
			if s := c.sweep(t, cr); s.Verdict == posting.Complete || s.Reason == "" {
				t.Errorf("verdict %s, listed %v", s.Verdict, s.Listed)
			}
		})
	}
}

// TestASitemapOfManyIsReadAsFarAsItMay: what lies beyond is said, and closes nothing.
func TestASitemapOfManyIsReadAsFarAsItMay(t *testing.T) {
	c := sites(t, "/jobs/1", "/jobs/2")
	cr := c.crawler(t, site)
	index := func(n int) {
		body := "<sitemapindex><sitemap><loc>" + c.URL + "/one.xml</loc></sitemap>"
		for i := range n {
			path := fmt.Sprintf("/none%d.xml", i)
			c.Handle(path, crawltest.Content("application/xml", "<urlset/>"))
			body += "<sitemap><loc>" + c.URL + path + "</loc></sitemap>"
		}
		c.Handle("/map.xml", crawltest.Content("application/xml", body+"</sitemapindex>"))
	}
	c.Handle("/one.xml", crawltest.Content("text/plain", c.URL+"/jobs/1\n"+c.URL+"/jobs/2\n"))
	index(500)
	c.sweep(t, cr).check(t, posting.Complete, c.pageIDs("/jobs/1", "/jobs/2"), "Engineer 1", "Engineer 2")
	index(1_100)
	if s := c.sweep(t, cr); s.Verdict != posting.Partial || !strings.Contains(s.Reason, "more than 1000 sitemaps") {
		t.Errorf("verdict %s, reason %q", s.Verdict, s.Reason)
	}
	c.Handle("/map.xml", crawltest.Content("application/xml", "<sitemapindex><sitemap><loc>"+c.URL+"/a.xml</loc></sitemap></sitemapindex>"))
	for _, hop := range []string{"a b", "b c", "c d", "d e"} {
		from, to, _ := strings.Cut(hop, " ")
		c.Handle("/"+from+".xml", crawltest.Content("application/xml", "<sitemapindex><sitemap><loc>"+c.URL+"/"+to+".xml</loc></sitemap></sitemapindex>"))
	}
	if s := c.sweep(t, cr); s.Verdict == posting.Complete || !strings.Contains(s.Reason, "deep in one another") {
		t.Errorf("verdict %s, reason %q", s.Verdict, s.Reason)
	}
}

func TestASiteWithoutASitemapIsWalkedByItsLinks(t *testing.T) {
	c := newCity(t)
	c.cfg.Sources["jsonld"] = crawl.SourceConfig{BaseURL: c.URL}
	c.Handle("/robots.txt", crawltest.Status(404))
	html := func(s string) http.Handler { return crawltest.Content("text/html", s) }
	c.Handle("/", html(`<a href="/jobs?page=1">Jobs</a> <a href="/about">About</a> <a href="https://elsewhere.example/jobs">Others</a>`))
	c.Handle("/jobs", html(`<a href="/jobs/1">One</a><a href="/jobs/2" rel="nofollow">Two</a><a href="jobs/3#top">Three</a><a href="/jobs?page=1">again</a>`))
	c.Handle("/jobs/1", html(markedUp("Engineer 1", "")+`<a href="/jobs/9">deeper</a>`))
	c.Handle("/jobs/2", html(markedUp("Engineer 2", "")))
	c.Handle("/jobs/3", html(markedUp("Engineer 3", "")))
	cr := c.crawler(t, site)
	c.sweep(t, cr).check(t, posting.Complete, c.pageIDs("/jobs/1", "/jobs/3"), "Engineer 1", "Engineer 3")
	if n := c.Asked("/about") + c.Asked("/jobs/9") + c.Asked("/jobs/2"); n != 0 {
		t.Errorf("%d pages were asked for that should not be", n)
	}
	c.sweep(t, cr).check(t, posting.Complete, c.pageIDs("/jobs/1", "/jobs/3"))

	c.Handle("/robots.txt", crawltest.Content("text/plain", "User-agent: *\nDisallow: /\n"))
	if s := c.sweep(t, c.crawler(t, site)); s.Verdict != posting.Failed || !strings.Contains(s.Reason, "robots.txt forbids") {
		t.Errorf("a forbidden site: verdict %s, %s", s.Verdict, s.Reason)
	}
}

func TestOptionsOfASite(t *testing.T) {
	c := sites(t, "/jobs/1", "/o/2")
	b := site
	b.Options = map[string]string{"pages": "^http.*/o/", "sitemap": "/map.xml"}
	c.sweep(t, c.crawler(t, b)).check(t, posting.Complete, c.pageIDs("/o/2"), "Engineer 2")
	for option, value := range map[string]string{"pages": "(", "sitemap": "no address", "start": "x y"} {
		b.Options = map[string]string{option: value}
		if errs := crawl.CheckBoard(b); len(errs) == 0 {
			t.Errorf("%s %q is taken", option, value)
		}
	}
	if errs := crawl.CheckBoard(crawl.Board{Source: "jsonld", Board: "www.acme.example"}); len(errs) == 0 {
		t.Error("a board with www. is taken")
	}
}
