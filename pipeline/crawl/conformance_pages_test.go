package crawl_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"jobcity/pipeline/crawl/crawltest"
	"jobcity/pipeline/posting"
)

// many are n items.
func many(n int) []item {
	var out []item
	for i := range n {
		out = append(out, item{id: strconv.Itoa(5001 + i), title: fmt.Sprintf("Engineer %d", i), text: "Write Go."})
	}
	return out
}

func conformPages(t *testing.T, k kit) {
	if k.several == 0 {
		return
	}
	c := newCity(t)
	cr := c.crawler(t, k.board)
	items := many(k.several)
	all := ids(k.board, items)
	pages := k.pages(items)
	listing, _ := lists(pages)
	if len(listing) < 3 {
		t.Fatalf("%d items make %d pages", len(items), len(listing))
	}
	// lost says of a sweep that came to an end too early what must hold.
	lost := func(t *testing.T, s swept, reason string) {
		t.Helper()
		if s.Verdict != posting.Partial || len(s.Listed) == 0 || len(s.Listed) >= len(all) {
			t.Errorf("verdict %s, listed %d", s.Verdict, len(s.Listed))
		}
		if !strings.Contains(s.Reason, reason) {
			t.Errorf("reason %q, want it to say %q", s.Reason, reason)
		}
	}

	c.serve(pages)
	c.Handle(listing[1].key(), crawltest.Status(503))
	lost(t, c.sweep(t, cr), "the site has an error (503")

	for _, p := range listing[1:] {
		c.Handle(p.key(), listing[0].answer(listing[0].body))
	}
	lost(t, c.sweep(t, cr), "the same page again")

	c.serve(pages)
	s := c.sweep(t, cr)
	s.titles = nil // those of the first page were published before
	s.check(t, posting.Complete, all)
	again := c.sweep(t, cr)
	again.check(t, posting.Complete, all)
	if !again.NotModified {
		t.Error("the unchanged board is not called so")
	}
	c.serve(k.pages(items[:len(items)-1]))
	c.sweep(t, cr).check(t, posting.Complete, ids(k.board, items[:len(items)-1]))
}

// conformDetails: a board that lists a posting has it, whatever the answer about
// that posting alone.
func conformDetails(t *testing.T, k kit) {
	pages := k.pages(three)
	_, details := lists(pages)
	if len(details) == 0 {
		return
	}
	c := newCity(t)
	cr := c.crawler(t, k.board)
	broken := details[len(details)-1]
	for _, when := range []string{"before it was ever read", "after it was read"} {
		for _, f := range []struct {
			name    string
			handler http.Handler
		}{
			{"a server error", crawltest.Status(503)}, {"too many requests", crawltest.Status(429, "Retry-After", "0")}, {"a web page", crawltest.HTML()},
			{"an answer that is cut short", broken.answer(broken.body[:len(broken.body)/2])}, {"another document", crawltest.JSON(`{"error":"maintenance"}`)},
		} {
			t.Run(f.name+", "+when, func(t *testing.T) {
				c.serve(pages)
				c.Handle(broken.key(), f.handler)
				s := c.sweep(t, cr)
				s.titles = nil
				s.check(t, posting.Complete, ids(k.board, three))
				if len(s.dead) != 1 || s.dead[0].Reason == "" {
					t.Errorf("dead letters %+v", s.dead)
				}
			})
		}
		c.serve(pages)
		s := c.sweep(t, cr)
		if want := map[string]int{"before it was ever read": 1, "after it was read": 0}[when]; len(s.titles) != want || s.Verdict != posting.Complete {
			t.Errorf("%s: published %q when it can be read, verdict %s", when, s.titles, s.Verdict)
		}
	}
}

// conformFlaky: whatever fails, a sweep that calls itself complete lists all there
// is, and when nothing fails any more everything has been published.
func conformFlaky(t *testing.T, k kit) {
	c := newCity(t)
	cr := c.crawler(t, k.board)
	items := many(max(12, k.several))
	all := ids(k.board, items)
	var mu sync.Mutex
	dice := rand.New(rand.NewPCG(1, 2))
	roll := func(n int) int {
		mu.Lock()
		defer mu.Unlock()
		return dice.IntN(n)
	}
	for _, p := range k.pages(items) {
		good := p.answer(p.body)
		bad := []http.Handler{crawltest.Status(500), crawltest.Status(429, "Retry-After", "0"), crawltest.HTML(), crawltest.Truncated(p.body), p.answer(p.body[:len(p.body)/2]), p.answer("")}
		c.Handle(p.key(), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if n := roll(10 * len(bad)); n < len(bad) {
				bad[n].ServeHTTP(w, r)
				return
			}
			good.ServeHTTP(w, r)
		}))
	}
	published := map[string]bool{}
	for range 15 {
		s := c.sweep(t, cr)
		if s.Verdict == posting.Complete && !slices.Equal(s.Listed, all) {
			t.Fatalf("a complete sweep lists %d of %d", len(s.Listed), len(all))
		}
		for _, title := range s.titles {
			published[title] = true
		}
	}
	c.serve(k.pages(items))
	s := c.sweep(t, cr)
	for _, title := range s.titles {
		published[title] = true
	}
	if s.Verdict != posting.Complete || !slices.Equal(s.Listed, all) || len(published) != len(items) {
		t.Errorf("in the end: %s (%s), %d listed, %d of %d published", s.Verdict, s.Reason, len(s.Listed), len(published), len(items))
	}
}
