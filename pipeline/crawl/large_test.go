package crawl_test

import (
	"fmt"
	"testing"

	"jobcity/pipeline/crawl"
	"jobcity/pipeline/posting"
)

// items are n postings of one board.
func items(n int) []item {
	var out []item
	for i := range n {
		out = append(out, item{id: fmt.Sprint(100_000 + i), title: fmt.Sprintf("Engineer %d", i)})
	}
	return out
}

// TestABoardWithMorePostingsThanOneMessageHolds: 90,000 postings come in several
// partial sweeps, each with times of its own, and what has vanished is named,
// because nothing is closed by its absence from a part.
func TestABoardWithMorePostingsThanOneMessageHolds(t *testing.T) {
	k := greenhouseKit()
	c := newCity(t)
	all := items(90_000)
	const gone = 7_000
	cr := c.crawler(t, k.board)
	sweep := func() ([]posting.Posting, []posting.Sweep, map[string]bool) {
		t.Helper()
		if sum, err := cr.Once(t.Context()); err != nil || sum.Complete != 1 {
			t.Fatalf("summary %+v, error %v", sum, err)
		}
		ps, parts, _ := c.bus.Take()
		listed := map[string]bool{}
		for i, p := range parts {
			if p.Verdict != posting.Partial || p.Reason == "" || p.Listed == nil {
				t.Errorf("part %d: verdict %s, reason %q", i, p.Verdict, p.Reason)
			}
			if i > 0 && (!p.FinishedAt.After(parts[i-1].FinishedAt) || p.Published != 0) {
				t.Errorf("part %d finished at %s, the one before at %s", i, p.FinishedAt, parts[i-1].FinishedAt)
			}
			wire, err := p.Encode()
			if err != nil || len(wire) > 1<<20-4<<10 {
				t.Errorf("part %d takes %d bytes, error %v", i, len(wire), err)
			}
			for _, id := range p.Listed {
				listed[id] = true
			}
		}
		return ps, parts, listed
	}

	c.serve(k.pages(all))
	ps, parts, listed := sweep()
	if len(ps) != len(all) || len(listed) != len(all) || len(parts) != 3 {
		t.Errorf("published %d, listed %d in %d parts", len(ps), len(listed), len(parts))
	}
	states := c.bus.States()
	if len(states) < 3 {
		t.Errorf("state in %d entries, want it in parts", len(states))
	}
	for key, state := range states {
		if len(state) > crawl.MaxPart {
			t.Errorf("state %q has %d bytes", key, len(state))
		}
	}

	c.serve(k.pages(all[gone:]))
	ps, parts, listed = sweep()
	closed := map[string]bool{}
	for _, p := range parts {
		for _, cl := range p.Closed {
			closed[cl.ID] = true
		}
	}
	if len(ps) != 0 || len(listed) != len(all)-gone || len(closed) != gone {
		t.Errorf("published %d, listed %d, closed %d; want 0, %d, %d", len(ps), len(listed), len(closed), len(all)-gone, gone)
	}
	for _, it := range all[:gone] {
		if !closed[posting.ID(k.board.Source, k.board.Board, it.id)] {
			t.Fatalf("%s vanished and is not closed", it.id)
		}
	}

	if _, parts, _ = sweep(); len(parts) != 3 || parts[0].Requests != 1 { // the state of 83,000 postings was of use
		t.Errorf("%d parts", len(parts))
	}
	c.serve(k.pages(three))
	s := c.sweep(t, cr)
	s.check(t, posting.Complete, ids(k.board, three), "Backend Engineer", "Data Engineer", "Site Reliability Engineer")
	if n := len(c.bus.States()); n != 2 {
		t.Errorf("the state of three postings is in %d entries", n)
	}
}

func TestADamagedPartOfAStatePublishesTheBoardAgain(t *testing.T) {
	k := ashbyKit()
	c := newCity(t)
	c.serve(k.pages(three))
	cr := c.crawler(t, k.board)
	c.sweep(t, cr)
	for key := range c.bus.States() {
		if key != k.board.ID() {
			if err := c.bus.PutState(t.Context(), key, []byte(`{"https://x":{"etag":`)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if s := c.sweep(t, cr); s.Published != 3 || s.Verdict != posting.Complete {
		t.Errorf("published %d, verdict %s", s.Published, s.Verdict)
	}
	if s := c.sweep(t, cr); s.Published != 0 || !s.NotModified {
		t.Errorf("afterwards published %d, not modified %v", s.Published, s.NotModified)
	}
}

func TestASweepMakesNoMoreRequestsThanItMay(t *testing.T) {
	k := hnKit() // a search and two threads
	c := newCity(t)
	c.cfg.MaxRequests = 2
	c.serve(k.pages(three))
	s := c.sweep(t, c.crawler(t, k.board))
	if s.Verdict != posting.Partial || s.Requests != 2 {
		t.Errorf("verdict %s after %d requests: %s", s.Verdict, s.Requests, s.Reason)
	}
}
