package detect_test

import (
	"errors"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobcity/pipeline/crawl/detect"
)

// tell is a match in one line: source board key=value … base=…
func tell(m detect.Match) string {
	if m.Board.Source == "" {
		return "unsupported " + m.System
	}
	out := m.Board.Source + " " + m.Board.Board
	for _, o := range []string{"host", "instance", "region", "sitemap", "url"} {
		if v := m.Board.Options[o]; v != "" {
			out += " " + o + "=" + v
		}
	}
	if m.Board.BaseURL != "" {
		out += " base=" + m.Board.BaseURL
	}
	return strings.TrimSpace(out)
}

func TestURL(t *testing.T) {
	for _, tt := range []struct{ name, url, want string }{
		{"an Ashby board", "https://jobs.ashbyhq.com/acme", "ashby acme"},
		{"an Ashby posting", "https://jobs.ashbyhq.com/acme/8c3a8e8b-0000-4000-8000-000000000000/application?utm_source=x", "ashby acme"},
		{"an Ashby embed", "https://jobs.ashbyhq.com/acme/embed?version=2", "ashby acme"},
		{"an Ashby name with a blank", "https://jobs.ashbyhq.com/Rose%20Rocket", "ashby Rose Rocket"},
		{"the Ashby API", "https://api.ashbyhq.com/posting-api/job-board/acme?includeCompensation=true", "ashby acme"},
		{"Ashby's own site", "https://www.ashbyhq.com/careers", "ashby"},
		{"a Greenhouse board", "https://job-boards.greenhouse.io/acme/", "greenhouse acme"},
		{"a Greenhouse board of before", "boards.greenhouse.io/Acme", "greenhouse acme"},
		{"a Greenhouse board in Europe", "https://job-boards.eu.greenhouse.io/acme/jobs/4000000101", "greenhouse acme"},
		{"a Greenhouse posting", "https://boards.greenhouse.io/acme/jobs/123?gh_jid=123#app", "greenhouse acme"},
		{"a Greenhouse embed", "https://boards.greenhouse.io/embed/job_board/js?for=acme", "greenhouse acme"},
		{"a Greenhouse embed of a posting", "https://boards.eu.greenhouse.io/embed/job_app?token=12&for=acme", "greenhouse acme"},
		{"a Greenhouse embed without a name", "https://boards.greenhouse.io/embed/job_app?token=12", "greenhouse"},
		{"the Greenhouse API", "https://boards-api.greenhouse.io/v1/boards/acme/jobs?content=true", "greenhouse acme"},
		{"a Lever board", "http://jobs.lever.co/Acme?department=Engineering", "lever Acme"},
		{"a Lever board in Europe", "https://jobs.eu.lever.co/acme/0a0a0a0a-0000-4000-8000-000000000000/apply", "lever acme region=eu"},
		{"the Lever API", "https://api.lever.co/v0/postings/acme?mode=json", "lever acme"},
		{"the Lever API in Europe", "https://api.eu.lever.co/v0/postings/acme/123", "lever acme region=eu"},
		{"a SmartRecruiters board", "https://careers.smartrecruiters.com/Acme1/careers-page", "smartrecruiters Acme1"},
		{"a SmartRecruiters posting", "https://jobs.smartrecruiters.com/Acme1/743999712345678-engineer", "smartrecruiters Acme1"},
		{"a SmartRecruiters application", "https://jobs.smartrecruiters.com/oneclick-ui/company/Acme1/publication/ab-cd", "smartrecruiters Acme1"},
		{"a SmartRecruiters search", "https://jobs.smartrecruiters.com/?company=Acme1", "smartrecruiters Acme1"},
		{"an old SmartRecruiters posting", "https://www.smartrecruiters.com/Acme1/743999712345678-engineer", "smartrecruiters Acme1"},
		{"the SmartRecruiters API", "https://api.smartrecruiters.com/v1/companies/Acme1/postings?limit=100", "smartrecruiters Acme1"},
		{"SmartRecruiters' own site", "https://www.smartrecruiters.com/resources/events", "smartrecruiters"},
		{"a Workable board", "https://apply.workable.com/acme-2/?lng=en", "workable acme-2"},
		{"a Workable posting", "https://apply.workable.com/acme/j/0A1B2C3D4E/apply/", "workable acme"},
		{"a Workable posting without a name", "https://apply.workable.com/j/0A1B2C3D4E", "workable"},
		{"a Workable board of before", "https://acme.workable.com/jobs/12345", "workable acme"},
		{"the Workable API", "https://apply.workable.com/api/v1/widget/accounts/acme?details=true", "workable acme"},
		{"the Workable API that applicants' pages use", "https://apply.workable.com/api/v3/accounts/acme/jobs", "workable acme"},
		{"a Recruitee board", "https://acme.recruitee.com/o/engineer", "recruitee acme"},
		{"a Personio board", "https://acme-gmbh.jobs.personio.de/job/12345?language=de", "personio acme-gmbh"},
		{"a Personio board under .com", "https://acme.jobs.personio.com/xml", "personio acme.jobs.personio.com"},
		{"a Teamtailor board", "https://acme.teamtailor.com/jobs/123-engineer", "teamtailor acme"},
		{"a Teamtailor board in America", "https://acme.na.teamtailor.com/jobs", "teamtailor acme.na.teamtailor.com"},
		{"Teamtailor's own site", "https://www.teamtailor.com/en/", "teamtailor"},
		{"a BambooHR board", "https://acme.bamboohr.com/careers/42", "bamboohr acme"},
		{"a BambooHR embed", "https://acme.bamboohr.com/jobs/embed2.php?departmentId=0", "bamboohr acme"},
		{"a Workday board", "https://acme.wd5.myworkdayjobs.com/External", "workday acme/External instance=wd5"},
		{"a Workday board with a language", "https://acme.wd103.myworkdayjobs.com/en-US/Acme_Careers/", "workday acme/Acme_Careers instance=wd103"},
		{"a Workday posting", "https://acme.wd3.myworkdayjobs.com/de/Karriere/job/Berlin/Engineer_R-123/apply", "workday acme/Karriere instance=wd3"},
		{"the Workday API", "https://acme.wd3.myworkdayjobs.com/wday/cxs/acme/Karriere/jobs", "workday acme/Karriere instance=wd3"},
		{"a Workday board on the shared host", "https://wd3.myworkdaysite.com/en-US/recruiting/acme/Careers", "workday acme/Careers host=wd3.myworkdaysite.com"},
		{"a thread of Hacker News", "https://news.ycombinator.com/item?id=40000000", "hn whoishiring"},
		{"the account of the threads", "https://news.ycombinator.com/submitted?id=whoishiring", "hn whoishiring"},
		{"another page of Hacker News", "https://news.ycombinator.com/news", "hn"},
		{"a feed", "https://www.acme.example/careers/jobs.rss", "rss acme.example/careers/jobs.rss url=https://www.acme.example/careers/jobs.rss"},
		{"a file of postings, packed", "https://acme.example/open.jsonl.gz", "jobsfile acme.example/open.jsonl.gz url=https://acme.example/open.jsonl.gz"},
		{"a sitemap", "https://acme.example/sitemap_jobs.xml", "jsonld acme.example sitemap=/sitemap_jobs.xml"},
		{"a Greenhouse API elsewhere", "http://127.0.0.1:8099/v1/boards/acme/jobs", "greenhouse acme base=http://127.0.0.1:8099"},
		{"an Ashby API under a path", "http://proxy.acme.example/ashby/posting-api/job-board/a%20b", "ashby a b base=http://proxy.acme.example/ashby"},
		{"the Recruitee API under an employer's own host", "https://careers.acme.example/api/offers", "recruitee careers.acme.example"},
		{"the Workday API elsewhere", "http://127.0.0.1:8099/wday/cxs/acme/External/jobs", "workday acme/External base=http://127.0.0.1:8099"},
		{"a sitemap on www", "http://www.acme.example/sitemap.xml", "jsonld acme.example sitemap=/sitemap.xml base=http://www.acme.example"},
		{"a Rippling board", "https://ats.rippling.com/acme/jobs", "unsupported Rippling"},
		{"a Gem board", "https://jobs.gem.com/acme", "unsupported Gem"},
		{"an iCIMS board", "https://careers-acme.icims.com/jobs/search", "unsupported iCIMS"},
		{"a LinkedIn page", "https://www.linkedin.com/company/acme/jobs/", "unsupported LinkedIn"},
		{"an employer's own page", "https://acme.example/careers", ""},
		{"a host that only ends alike", "https://notgreenhouse.io/acme", ""},
		{"a service's name in the path", "https://acme.example/jobs.lever.co/acme", ""},
		{"capitals and a final dot in the host", "HTTPS://Jobs.Lever.CO./acme", "lever acme"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			u, err := detect.Parse(tt.url)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if m, ok := detect.URL(u); ok {
				got = tell(m)
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestParseRefusesWhatIsNoWebAddress(t *testing.T) {
	for _, raw := range []string{"", "acme", "ftp://acme.example/jobs", "javascript:alert(1)", "https://", "file:///etc/passwd", "http://[::1", "mailto:jobs@acme.example"} {
		if u, err := detect.Parse(raw); err == nil {
			t.Errorf("%q: got %s", raw, u)
		}
	}
	if u, err := detect.Parse("https://user:secret@acme.example/"); err != nil || strings.Contains(u.String(), "secret") {
		t.Errorf("got %v, %v: a password stays in the address", u, err)
	}
}

// TestPage reads the pages in testdata; each says in its first line what it is.
func TestPage(t *testing.T) {
	want := map[string]string{
		"greenhouse_embed.html":       "greenhouse acme",
		"greenhouse_nameless.html":    "greenhouse",
		"lever_options.html":          "lever acme",
		"ashby_embed.html":            "ashby acme",
		"workable_embed.html":         "workable 123456",
		"smartrecruiters_widget.html": "smartrecruiters AcmeInc",
		"recruitee_own_domain.html":   "recruitee careers.acme.example",
		"teamtailor_own_domain.html":  "teamtailor careers.acme.example",
		"personio_frame.html":         "personio acme.jobs.personio.com",
		"bamboohr_embed.html":         "bamboohr acme",
		"workday_links.html":          "workday acme/External instance=wd5",
		"next_data.html":              "ashby acme",
		"links_only.html":             "lever acme",
		"portfolio.html":              "ambiguous",
		"blog_feed_only.html":         "",
		"jobs_feed.html":              "rss careers.acme.example/jobs/feed url=https://careers.acme.example/jobs/feed/",
		"jsonld.html":                 "jsonld careers.acme.example",
		"microdata.html":              "jsonld careers.acme.example",
		"icims_frame.html":            "unsupported iCIMS",
		"social_links.html":           "",
		"feed.xml":                    "rss careers.acme.example/jobs url=https://careers.acme.example/jobs",
		"teamtailor.rss":              "teamtailor careers.acme.example",
		"personio.xml":                "personio careers.acme.example",
		"sitemap.xml":                 "jsonld careers.acme.example sitemap=/jobs",
		"postings.jsonl":              "jobsfile careers.acme.example/jobs url=https://careers.acme.example/jobs",
		"postings.csv":                "jobsfile careers.acme.example/jobs url=https://careers.acme.example/jobs",
		"broken.html":                 "greenhouse acme",
	}
	files, err := filepath.Glob("testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	at := &url.URL{Scheme: "https", Host: "careers.acme.example", Path: "/jobs"}
	left := maps.Clone(want)
	for _, file := range files {
		name := filepath.Base(file)
		delete(left, name)
		t.Run(name, func(t *testing.T) {
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got, matches := "", detect.Page(at, body)
			switch {
			case detect.Ambiguous(matches):
				got = "ambiguous"
			case len(matches) > 0:
				got = tell(matches[0])
			}
			if got != want[name] {
				t.Errorf("got %q, want %q; all: %+v", got, want[name], matches)
			}
		})
	}
	if len(left) > 0 {
		t.Errorf("not in testdata: %v", left)
	}
}

func TestUnsupportedNamesTheSystemAndWhatToTry(t *testing.T) {
	var err error = &detect.UnsupportedError{URL: "https://ats.rippling.com/acme/jobs", System: "Rippling"}
	const want = "https://ats.rippling.com/acme/jobs is a Rippling board, which jobcity cannot read yet; try its own careers page with source jsonld"
	if err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
	var as *detect.UnsupportedError
	err = &detect.UnsupportedError{URL: "https://x.icims.com", System: "iCIMS"}
	if !errors.As(err, &as) || !strings.Contains(err.Error(), "is an iCIMS board") {
		t.Error(err)
	}
}
