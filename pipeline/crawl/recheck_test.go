package crawl_test

import (
	"slices"
	"testing"
	"time"

	"jobcity/pipeline/crawl/crawltest"
	"jobcity/pipeline/posting"
)

// askedFor are the ids whose own answers were asked for between two counts.
func askedFor(c *city, pages []page, before map[string]int) (ids []string) {
	for _, p := range pages {
		if p.detail && c.Asked(p.path) > before[p.path] {
			ids = append(ids, p.path[len(p.path)-4:])
		}
		before[p.path] = c.Asked(p.path)
	}
	slices.Sort(ids)
	return ids
}

func TestOnlyWhatLooksChangedIsAskedForAgain(t *testing.T) {
	k := smartrecruitersKit()
	c := newCity(t)
	cr := c.crawler(t, k.board)
	cr.SetRechecks(0)
	before := map[string]int{}
	pages := k.pages(three)
	step := func(what string, want ...string) swept {
		t.Helper()
		c.serve(pages)
		s := c.sweep(t, cr)
		if got := askedFor(c, pages, before); !slices.Equal(got, want) {
			t.Errorf("%s: asked for %v, want %v", what, got, want)
		}
		return s
	}
	step("new", "1001", "1002", "1003")
	if s := step("the same"); !s.NotModified || s.Requests != 1 || len(s.Listed) != 3 {
		t.Errorf("%d requests, listed %d, not modified %v", s.Requests, len(s.Listed), s.NotModified)
	}
	four := append(slices.Clone(three), item{id: "1004", title: "Analyst", text: "Count."})
	four[1].title = "Data Platform Engineer"
	pages = k.pages(four)
	step("one changed, one new", "1002", "1004").check(t, posting.Complete, ids(k.board, four), "Analyst", "Data Platform Engineer")

	c.Handle(pages[1].path, crawltest.Status(503))
	four[0].title = "Go Engineer"
	pages = k.pages(four)
	c.serve(pages[:1])
	s := c.sweep(t, cr)
	s.check(t, posting.Complete, ids(k.board, four))
	askedFor(c, pages, before)
	step("one that failed", "1001").check(t, posting.Complete, ids(k.board, four), "Go Engineer")

	pages = k.pages(four[:2])
	step("two gone").check(t, posting.Complete, ids(k.board, four[:2]))
	c.cfg.Version = "2.0"
	cr = c.crawler(t, k.board)
	step("another version of the program", "1001", "1002")
}

func TestWhatWasNotAskedForLongestIsAskedForAgain(t *testing.T) {
	k := smartrecruitersKit()
	c := newCity(t)
	cr := c.crawler(t, k.board)
	cr.SetRechecks(4)
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	cr.SetNow(func() time.Time { return now })
	before := map[string]int{}
	pages := k.pages(many(10))
	c.serve(pages)
	times := map[string]int{}
	for i, want := range []int{10, 4, 4, 2} { // then all have been asked for twice
		if i == 3 {
			cr.SetRechecks(2)
		}
		now = now.Add(time.Hour)
		c.sweep(t, cr)
		got := askedFor(c, pages, before)
		if len(got) != want {
			t.Errorf("sweep %d asked for %v", i, got)
		}
		for _, id := range got {
			times[id]++
		}
	}
	for id, n := range times {
		if n != 2 {
			t.Errorf("%s was asked for %d times in four sweeps", id, n)
		}
	}
	if n := c.Asked(pages[0].path); n != 4 {
		t.Errorf("the list was asked for %d times", n)
	}
}
