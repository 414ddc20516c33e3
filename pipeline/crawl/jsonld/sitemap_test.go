package jsonld

import (
	"bytes"
	"compress/gzip"
	"errors"
	"reflect"
	"strings"
	"testing"

	"jobcity/pipeline/crawl/source"
)

func packed(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return b.String()
}

const urlset = `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" xmlns:xhtml="http://www.w3.org/1999/xhtml">
<url><image:image><image:loc>https://acme.example/a.png</image:loc></image:image><loc> https://acme.example/jobs/1?a=1&amp;b=2 </loc><lastmod>2026-01-05</lastmod>
<xhtml:link rel="alternate" hreflang="de" href="https://acme.example/de/jobs/1"/></url>
<url><loc><![CDATA[https://acme.example/jobs/2]]></loc></url><url><lastmod>2026-01-05</lastmod></url>
</urlset>`

func TestSitemaps(t *testing.T) {
	two := []entry{{loc: "https://acme.example/jobs/1?a=1&b=2", changed: "2026-01-05"}, {loc: "https://acme.example/jobs/2"}}
	for _, tt := range []struct {
		name, body string
		want       []entry
		fails      string
	}{
		{"pages", urlset, two, ""},
		{"packed", packed(urlset), two, ""},
		{"cut short behind its entries", urlset[:strings.Index(urlset, "<url><lastmod>")], two, "could not be read to its end"},
		{"an index", `<sitemapindex><sitemap><loc>https://acme.example/s1.xml.gz</loc></sitemap></sitemapindex>`, []entry{{loc: "https://acme.example/s1.xml.gz", sitemap: true}}, ""},
		{"without pages", `<urlset/>`, nil, ""},
		{"a plain list", "https://acme.example/jobs/1\nnot an address\r\nhttps://acme.example/jobs/2\r\n", []entry{{loc: "https://acme.example/jobs/1"}, {loc: "https://acme.example/jobs/2"}}, ""},
		{"nothing at all", "", nil, ""},
		{"a web page", "<!doctype html><html><body>404</body></html>", nil, "not a sitemap: it begins with <html>"},
		{"text", "no sitemap here", nil, "neither XML nor a list"},
		{"entities that grow", `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><urlset><url><loc>https://acme.example/&b;</loc></url></urlset>`, []entry{{loc: "https://acme.example/&b;"}}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := readSitemap(source.Response{Body: []byte(tt.body), Limit: 1 << 20})
			if tt.fails != "" {
				if err == nil || !strings.Contains(err.Error(), tt.fails) || !reflect.DeepEqual(got, tt.want) {
					t.Fatalf("got %+v, error %v, want %q", got, err, tt.fails)
				}
				return
			}
			if err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %+v, %v, want %+v", got, err, tt.want)
			}
		})
	}
	if _, err := readSitemap(source.Response{Body: []byte(packed(strings.Repeat(" ", 2<<20))), Limit: 1 << 20}); err == nil {
		t.Error("a sitemap that unpacks to more than the limit is read")
	}
}

func FuzzSitemap(f *testing.F) {
	for _, s := range []string{urlset, packed(urlset), "https://acme.example/jobs/1", "<sitemapindex>", "<urlset><url><loc>"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		entries, err := readSitemap(source.Response{Body: body, Limit: 1 << 20})
		if err != nil && entries != nil && !errors.Is(err, errCut) {
			t.Error("entries beside an error")
		}
		for _, e := range entries {
			if e.loc == "" || len(e.loc) > longestURL {
				t.Errorf("entry %+v", e)
			}
		}
	})
}
