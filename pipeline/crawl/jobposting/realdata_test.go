package jobposting_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobcity/pipeline/crawl/jobposting"
)

// TestRealPages: twelve career pages of 2026. Two carry a whole JobPosting, six an
// empty JSON-LD script, four neither.
func TestRealPages(t *testing.T) {
	files, err := filepath.Glob("../../../../shared/realdata/html_job_pages/*.html")
	if err != nil || len(files) == 0 {
		t.Skip("shared/realdata is not beside this working tree")
	}
	for _, file := range files {
		name := filepath.Base(file)
		page, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got := jobposting.Extract(page, "https://jobs.example/"+name, nil, seen)
		if len(got.Damage) > 0 || got.Robots.NoIndex {
			t.Errorf("%s: damage %q, robots %+v", name, got.Damage, got.Robots)
		}
		if !strings.HasPrefix(name, "jsonld_") {
			if len(got.Found) > 0 {
				t.Errorf("%s: found %d postings, want none", name, len(got.Found))
			}
			continue
		}
		if len(got.Found) != 1 {
			t.Errorf("%s: found %d postings, want one", name, len(got.Found))
			continue
		}
		f := got.Found[0]
		p := f.Posting
		if len(f.Problems) > 0 || p.Title == "" || len(p.Text) < 1000 || p.Employer == "" || len(p.Locations) != 1 || p.PostedOn == "" || p.ClosedOn == "" {
			t.Errorf("%s: %d bytes of text, employer %q, places %q, dates %q %q, problems %q", name, len(p.Text), p.Employer, p.Locations, p.PostedOn, p.ClosedOn, f.Problems)
		}
	}
}
