package crawl_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"jobcity/pipeline/crawl"
	"jobcity/pipeline/crawl/crawltest"
)

const benchPages = 2_000

// benchSite is a site of pages as they are: 20 KB of layout around a posting.
func benchSite(b *testing.B) (srv *crawltest.Server, size int64) {
	b.Helper()
	srv = crawltest.New(b)
	layout := strings.Repeat(`<div class="nav"><ul><li><a href="/teams/engineering?ref=menu">Engineering &amp; data</a></li><li class="x y z"><span>Offices</span></li></ul></div>`, 120)
	sitemap := "<urlset>"
	for i := range benchPages {
		body := `<html><head><title>Job</title><script type="application/ld+json">{"@context":"https://schema.org","@type":"JobPosting","title":"Engineer ` + fmt.Sprint(i) +
			`","datePosted":"2026-01-05","hiringOrganization":{"@type":"Organization","name":"Acme"},"jobLocation":{"@type":"Place","address":{"addressLocality":"Berlin","addressCountry":"DE"}},` +
			`"description":"` + strings.ReplaceAll(benchText(i), `"`, `\"`) + `"}</script></head><body>` + layout + `</body></html>`
		srv.Handle(fmt.Sprintf("/jobs/%d", i), crawltest.Content("text/html; charset=utf-8", body))
		sitemap += fmt.Sprintf("<url><loc>%s/jobs/%d</loc></url>", srv.URL, i)
		size += int64(len(body))
	}
	srv.Handle("/sitemap.xml", crawltest.Content("application/xml", sitemap+"</urlset>"))
	return srv, size
}

// BenchmarkSitePages compares the whole crawler on JSON-LD pages with a loop that
// gets each page and runs a tokenizer over it, both one page at a time, and with
// Scrapy, which may ask for eight at a time.
func BenchmarkSitePages(b *testing.B) {
	srv, size := benchSite(b)
	b.Run("crawler", func(b *testing.B) {
		cfg := crawl.DefaultConfig()
		cfg.MinDelay, cfg.AllowPrivateHosts = 0, []string{srv.Host}
		cfg.Sources = map[string]crawl.SourceConfig{"jsonld": {BaseURL: srv.URL}}
		b.SetBytes(size)
		b.ReportAllocs()
		for b.Loop() {
			cr, err := crawl.New(cfg, []crawl.Board{site}, sink{}, sink{}, discard(), nil)
			if err != nil {
				b.Fatal(err)
			}
			if sum, err := cr.Once(b.Context()); err != nil || sum.Published != benchPages {
				b.Fatalf("summary %+v, error %v", sum, err)
			}
		}
		b.ReportMetric(float64(benchPages*b.N)/b.Elapsed().Seconds(), "pages/s")
	})
	b.Run("net/http and tokenizer", func(b *testing.B) {
		client := &http.Client{Transport: &http.Transport{}}
		defer client.CloseIdleConnections()
		b.SetBytes(size)
		b.ReportAllocs()
		for b.Loop() {
			for i := range benchPages {
				tokenize(b, client, fmt.Sprintf("%s/jobs/%d", srv.URL, i))
			}
		}
		b.ReportMetric(float64(benchPages*b.N)/b.Elapsed().Seconds(), "pages/s")
	})
	b.Run("Scrapy", func(b *testing.B) {
		scrapy, err := exec.LookPath("scrapy")
		if err != nil {
			b.Skip("Scrapy is not installed: apt-get install python3-scrapy")
		}
		b.SetBytes(size)
		for b.Loop() {
			out, err := exec.CommandContext(b.Context(), scrapy, "runspider", "testdata/spider.py", "-a", "sitemap="+srv.URL+"/sitemap.xml").CombinedOutput()
			if err != nil || !strings.Contains(string(out), fmt.Sprint("pages ", benchPages)) {
				b.Fatalf("%v: %s", err, out)
			}
		}
		b.ReportMetric(float64(benchPages*b.N)/b.Elapsed().Seconds(), "pages/s")
	})
}

func tokenize(b *testing.B, client *http.Client, url string) {
	b.Helper()
	resp, err := client.Get(url)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.Fatal(err)
	}
	for z := html.NewTokenizer(bytes.NewReader(body)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.StartTagToken:
			z.TagName()
		}
	}
}
