package jobposting_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"jobcity/pipeline/crawl/jobposting"
	"jobcity/pipeline/crawl/source"
)

// FuzzExtract: whatever the page, reading it ends, and what it yields can be kept.
func FuzzExtract(f *testing.F) {
	for _, page := range []string{
		ld(`{"@graph":[{"@type":"JobPosting","title":"A","description":"x","baseSalary":"50.000 - 60.000 €","datePosted":"01/02/2026"}]}`),
		ld("{\"@type\":\"JobPosting\",\"title\":\"A \"quoted\" one\",\"description\":\"\x00\\ud83d"),
		ld(`[[[{"@type":["JobPosting"],jobLocation:[{'address':{}},,];//`),
		ld(`{&quot;@type&quot;:&quot;JobPosting&quot;`),
		`<div itemscope itemtype="http://schema.org/JobPosting" itemref="a"><b id="a" itemprop="title">A</b></div>`,
		`<div vocab="http://schema.org/" typeof="JobPosting"><a property="url" href="//x">A</a></div>`,
		`<meta name=robots content="unavailable_after: 1 Jan 2026, noindex"><link rel=canonical href="::">`,
	} {
		f.Add([]byte(page))
	}
	f.Fuzz(func(t *testing.T, page []byte) {
		for _, found := range jobposting.Extract(page, pageURL, nil, seen).Found {
			p := found.Posting
			if p.NativeID == "" {
				t.Error("a posting without a native id")
			}
			if p.PostedOn != "" && source.Day(p.PostedOn) != p.PostedOn || p.ClosedOn != "" && source.Day(p.ClosedOn) != p.ClosedOn {
				t.Errorf("days %q and %q", p.PostedOn, p.ClosedOn)
			}
			if s := p.Salary; s != nil && (s.Min < 0 || s.Max < 0 || s.Max > 0 && s.Min > s.Max) {
				t.Errorf("salary %+v", *s)
			}
		}
	})
}

// TestPagesThatWouldHurt: each of them would cost much more than its size to one
// who is careless.
func TestPagesThatWouldHurt(t *testing.T) {
	const n = 100_000
	for _, tt := range []struct{ name, page string }{
		{"elements nested deeply", strings.Repeat("<div>", n) + `<i itemscope itemtype="http://schema.org/JobPosting">`},
		{"objects nested deeply", ld(`{"@type":"JobPosting","x":` + strings.Repeat(`{"x":`, n))},
		{"lists nested deeply", ld(`{"@type":"JobPosting","x":` + strings.Repeat(`[`, n))},
		{"quotes that do not close", ld(`{"@type":"JobPosting","title":` + strings.Repeat(`" x" `, n))},
		{"quotes that seem to close", ld(`{"@type":"JobPosting","title":` + strings.Repeat(`"}x `, n))},
		{"quotes and spaces", ld(`{"@type":"JobPosting","title":` + strings.Repeat(`"          `, n))},
		{"escapes", ld(`{"@type":"JobPosting","title":"` + strings.Repeat(`\"\\`, n))},
		{"comments that do not end", ld(`{"@type":"JobPosting",` + strings.Repeat(`/*`, n))},
		{"things within things that are read as texts", strings.Repeat(`<div itemprop="description" itemscope itemtype="http://schema.org/JobPosting">text `, 400) + strings.Repeat("word ", n)},
		{"links", `<a href="JobPosting" typeof=x>` + strings.Repeat(`<a href=x>`, n)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			jobposting.Extract([]byte(tt.page), pageURL, nil, seen)
			t.Logf("%d KiB in %s", len(tt.page)>>10, time.Since(start).Round(time.Millisecond))
		})
	}
}

func TestRobots(t *testing.T) {
	day := func(s string) time.Time {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, tt := range []struct {
		name, meta string
		tags       []string
		want       jobposting.Robots
	}{
		{"nothing", ``, nil, jobposting.Robots{}},
		{"index", `<meta name="robots" content="index, follow, max-snippet:-1">`, nil, jobposting.Robots{}},
		{"noindex", `<META NAME="ROBOTS" CONTENT="NOINDEX, NOFOLLOW">`, nil, jobposting.Robots{NoIndex: true, NoFollow: true}},
		{"none", `<meta content=none name=robots>`, nil, jobposting.Robots{NoIndex: true, NoFollow: true}},
		{"noarchive", `<meta name="robots" content="noarchive">`, nil, jobposting.Robots{NoArchive: true}},
		{"for us by name", `<meta name="jobcity" content="noindex">`, nil, jobposting.Robots{NoIndex: true}},
		{"for another", `<meta name="googlebot" content="noindex">`, nil, jobposting.Robots{}},
		{"in the body", `<body><meta name="robots" content="noindex">`, nil, jobposting.Robots{NoIndex: true}},
		{"a date with a comma", `<meta name="robots" content="unavailable_after: Fri, 02 Jan 2026 15:00:00 GMT, noarchive">`, nil, jobposting.Robots{NoArchive: true, UnavailableAfter: day("2026-01-02T15:00:00Z")}},
		{"a day", `<meta name="robots" content="unavailable_after: 2026-01-02">`, nil, jobposting.Robots{UnavailableAfter: day("2026-01-03T00:00:00Z")}},
		{"a date that is none", `<meta name="robots" content="unavailable_after: soon, noindex">`, nil, jobposting.Robots{}},
		{"a header", ``, []string{"noindex"}, jobposting.Robots{NoIndex: true}},
		{"a header for us", ``, []string{"jobcity: noindex, nofollow"}, jobposting.Robots{NoIndex: true, NoFollow: true}},
		{"a header for another", ``, []string{"otherbot: noindex, nofollow", "max-snippet: 3, noarchive"}, jobposting.Robots{NoArchive: true}},
		{"a header with a date", ``, []string{"unavailable_after: 2 Jan 2026 15:00:00 GMT"}, jobposting.Robots{UnavailableAfter: day("2026-01-02T15:00:00Z")}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := jobposting.Extract([]byte(tt.meta), pageURL, http.Header{"X-Robots-Tag": tt.tags}, seen).Robots
			if !got.UnavailableAfter.Equal(tt.want.UnavailableAfter) {
				t.Errorf("unavailable after %s, want %s", got.UnavailableAfter, tt.want.UnavailableAfter)
			}
			got.UnavailableAfter, tt.want.UnavailableAfter = time.Time{}, time.Time{}
			if got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestCanonical(t *testing.T) {
	for _, tt := range []struct{ name, page, link, want string }{
		{"none", ``, "", ""},
		{"absolute", `<link rel="canonical" href="https://jobs.acme.example/17">`, "", "https://jobs.acme.example/17"},
		{"relative", `<link href="/17" rel="Canonical">`, "", "https://jobs.acme.example/17"},
		{"relative to a base", `<base href="/jobs/"><link rel="canonical" href="17">`, "", "https://jobs.acme.example/jobs/17"},
		{"on another site", `<link rel="canonical" href="https://other.example/17">`, "", ""},
		{"in the header", ``, `<https://x.example/a>; rel="next", <https://jobs.acme.example/17>; rel="canonical"`, "https://jobs.acme.example/17"},
		{"no address", `<link rel="canonical" href="javascript:x">`, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := jobposting.Extract([]byte(tt.page), pageURL, http.Header{"Link": {tt.link}}, seen).Canonical; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestPageIDs(t *testing.T) {
	const want = "https://acme.example/jobs/17"
	for _, same := range []string{
		"https://acme.example/jobs/17", "http://acme.example/jobs/17/", "https://www.ACME.example:443/jobs/17#apply",
		"https://acme.example/jobs/17?utm_source=x&gclid=1", "https://acme.example/jobs/17;jsessionid=AB12",
	} {
		if got := jobposting.PageID(same); got != want {
			t.Errorf("%s: got %s, want %s", same, got, want)
		}
	}
	for _, other := range []string{"https://acme.example/jobs/18", "https://acme.example/jobs?id=17", "https://acme.example/#/jobs/17", "https://acme.example:8443/jobs/17"} {
		if got := jobposting.PageID(other); got == want {
			t.Errorf("%s is taken for %s", other, want)
		}
	}
	if a, b := jobposting.PageID("https://acme.example/?b=2&a=1"), jobposting.PageID("https://acme.example/?a=1&b=2"); a != b {
		t.Errorf("the order of parameters tells %s from %s", a, b)
	}
}
