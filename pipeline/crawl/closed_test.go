package crawl_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"jobcity/pipeline/crawl/crawltest"
	"jobcity/pipeline/posting"
)

// closedIDs are the postings that a sweep says are closed.
func closedIDs(t *testing.T, s swept) []string {
	t.Helper()
	out := []string{}
	for _, c := range s.Closed {
		if c.Reason != "gone" || c.On != s.StartedAt.Format("2006-01-02") {
			t.Errorf("closing %+v", c)
		}
		out = append(out, c.ID)
	}
	return out
}

// TestAPageThatIsGoneClosesAtOnce: another page fails, so the sweep is partial and
// closes nothing by absence.
func TestAPageThatIsGoneClosesAtOnce(t *testing.T) {
	for _, tt := range []struct {
		name    string
		handler http.Handler
		closed  bool
	}{
		{"not there", crawltest.Status(404), true},
		{"gone", crawltest.Status(410), true},
		{"asking not to be found", crawltest.Content("text/html", markedUp("X", `<meta name="robots" content="noindex">`)), true},
		{"whose time is over", crawltest.Content("text/html", markedUp("X", `<meta name="robots" content="unavailable_after: 2020-01-01">`)), true},
		{"without markup", crawltest.Content("text/html", "<html><body>We are redesigning.</body></html>"), false},
		{"refused", crawltest.Status(403), false},
		{"failing", crawltest.Status(503), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := sites(t, "/jobs/1", "/jobs/2", "/jobs/3")
			cr := c.crawler(t, site)
			c.sweep(t, cr)
			c.Handle("/jobs/2", tt.handler)
			c.Handle("/jobs/3", crawltest.Status(503))
			want := []string{}
			if tt.closed {
				want = c.pageIDs("/jobs/2")
			}
			s := c.sweep(t, cr)
			if got := closedIDs(t, s); s.Verdict != posting.Partial || !slices.Equal(got, want) {
				t.Errorf("verdict %s, closed %v, want %v", s.Verdict, got, want)
			}
			if again := c.sweep(t, cr); tt.closed && (len(again.Closed) > 0 || slices.Contains(again.Listed, want[0])) {
				t.Errorf("the next sweep lists %v and closes %v", again.Listed, again.Closed)
			}
			c.Handle("/jobs/2", crawltest.Content("text/html", markedUp("Engineer 2", "")))
			if back := c.sweep(t, cr); !slices.Contains(back.Listed, c.pageIDs("/jobs/2")[0]) || len(back.Closed) > 0 {
				t.Errorf("when the page is back: listed %v, closed %v", back.Listed, back.Closed)
			}
		})
	}
}

func TestASiteWhosePagesAreAllGoneIsNotBelievedAtOnce(t *testing.T) {
	var paths []string
	for i := range 12 {
		paths = append(paths, fmt.Sprint("/jobs/", i))
	}
	c := sites(t, paths...)
	cr := c.crawler(t, site)
	c.sweep(t, cr)
	for _, p := range paths {
		c.Handle(p, crawltest.Status(404))
	}
	if s := c.sweep(t, cr); s.Verdict != posting.Complete || len(s.Listed) > 0 || len(s.Closed) > 0 {
		t.Errorf("verdict %s, listed %d, closed %d", s.Verdict, len(s.Listed), len(s.Closed))
	}
}

func TestTheDayOfUnavailableAfterIsALastDay(t *testing.T) {
	c := sites(t, "/jobs/1", "/jobs/2", "/jobs/3")
	c.Handle("/jobs/2", crawltest.Content("text/html", markedUp("Engineer 2", `<meta name="robots" content="unavailable_after: 2031-05-06">`)))
	c.Handle("/jobs/3", crawltest.Content("text/html", markedUp("Engineer 3", `<meta name="robots" content="unavailable_after: Sunday, 06-Apr-31 10:00:00 UTC">`)))
	if _, err := c.crawler(t, site).Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	ps, _, _ := c.bus.Take()
	got := map[string]string{}
	for _, p := range ps {
		got[p.Title] = p.ClosedOn
	}
	for title, want := range map[string]string{"Engineer 1": "", "Engineer 2": "2031-05-06", "Engineer 3": "2031-04-06"} {
		if got[title] != want {
			t.Errorf("%s: closes on %q, want %q", title, got[title], want)
		}
	}
}
