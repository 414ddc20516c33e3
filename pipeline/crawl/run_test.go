package crawl_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"jobcity/pipeline/crawl"
	"jobcity/pipeline/crawl/crawltest"
	"jobcity/pipeline/posting"
)

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

// manyBoards are n Ashby boards with one posting each.
func (c *city) manyBoards(n int) []crawl.Board {
	var out []crawl.Board
	for i := range n {
		b := crawl.Board{Source: "ashby", Board: fmt.Sprintf("board%02d", i)}
		c.Handle("/posting-api/job-board/"+b.Board, crawltest.JSON(`{"jobs":[{"id":"1","title":"Engineer"}]}`))
		out = append(out, b)
	}
	return out
}

func TestOnceCrawlsTheStalestFirstAndReportsProgress(t *testing.T) {
	c := newCity(t)
	boards := c.manyBoards(5)
	var order []string
	for at, i := range []int{3, 1} {
		if _, err := c.crawler(t, boards[i]).Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		var state map[string]any
		if err := json.Unmarshal(c.bus.States()[boards[i].ID()], &state); err != nil {
			t.Fatal(err)
		}
		state["swept"] = fmt.Sprintf("2026-03-0%dT00:00:00Z", at+1)
		if err := c.bus.PutState(t.Context(), boards[i].ID(), []byte(toJSON(state))); err != nil {
			t.Fatal(err)
		}
	}
	cr := c.crawler(t, boards...)
	var last crawl.Progress
	cr.OnProgress = func(p crawl.Progress) { last = p }
	cr.OnSweep = func(s posting.Sweep) { order = append(order, s.Board) }
	sum, err := cr.Once(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(order[:3]) // never swept: in any order
	if want := []string{"board00", "board02", "board04", "board03", "board01"}; !slices.Equal(order, want) {
		t.Errorf("order %v, want %v", order, want)
	}
	if last.Boards != 5 || last.Done != 5 || last.Postings != 3 || last.Failed != 0 {
		t.Errorf("progress %+v", last)
	}
	if sum.Complete != 5 || sum.NotModified != 2 || sum.Listed != 5 || sum.Published != 3 || sum.Requests != 5 {
		t.Errorf("summary %+v", sum)
	}
}

func TestNoMoreRequestsAtATimeThanConfigured(t *testing.T) {
	c := newCity(t)
	c.cfg.PerHost, c.cfg.Concurrency = 3, 2
	boards := c.manyBoards(12)
	var mu sync.Mutex
	now, most := 0, 0
	for _, b := range boards {
		c.Handle("/posting-api/job-board/"+b.Board, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			now++
			most = max(most, now)
			mu.Unlock()
			time.Sleep(5 * time.Millisecond) // long enough to overlap
			crawltest.JSON(`{"jobs":[]}`).ServeHTTP(w, r)
			mu.Lock()
			now--
			mu.Unlock()
		}))
	}
	if _, err := c.crawler(t, boards...).Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	if most > 2 {
		t.Errorf("%d requests at a time, want at most 2", most)
	}
}

func TestRunComesBackAfterTheIntervalAndStopsCleanly(t *testing.T) {
	c := newCity(t)
	boards := c.manyBoards(3)
	boards[0].Interval = 5 * time.Millisecond
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	cr := c.crawler(t, boards...)
	seen := map[string]int{}
	cr.OnSweep = func(s posting.Sweep) {
		if seen[s.Board]++; seen["board00"] >= 4 && len(seen) == 3 {
			cancel()
		}
	}
	if err := cr.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if seen["board01"] != 1 || seen["board02"] != 1 {
		t.Errorf("sweeps %v: boards with the long interval came back", seen)
	}
	for board, state := range c.bus.States() {
		if strings.Contains(string(state), `"running":true`) {
			t.Errorf("%s is still marked as running", board)
		}
	}
}

func TestAStopInTheMiddleOfASweepLeavesNoTrace(t *testing.T) {
	for _, before := range []string{"never swept", "swept before"} {
		t.Run(before, func(t *testing.T) {
			k := ashbyKit()
			c := newCity(t)
			if before == "swept before" {
				c.serve(k.pages(three))
				c.sweep(t, c.crawler(t, k.board))
			}
			ctx, cancel := context.WithCancel(t.Context())
			c.Handle(k.pages(nil)[0].path, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				cancel()
				<-r.Context().Done()
			}))
			if _, err := c.crawler(t, k.board).Once(ctx); err == nil {
				t.Error("no error")
			}
			if ps, ss, _ := c.bus.Take(); len(ps)+len(ss) > 0 {
				t.Errorf("published %d postings and %d sweeps", len(ps), len(ss))
			}
			c.serve(k.pages(three))
			s := c.sweep(t, c.crawler(t, k.board))
			if s.Verdict != posting.Complete || s.NotModified != (before == "swept before") {
				t.Errorf("next sweep %s, not modified %v", s.Verdict, s.NotModified)
			}
		})
	}
}

func TestOneBrokenBoardDoesNotStopTheOthers(t *testing.T) {
	c := newCity(t)
	c.cfg.Retries = 1
	boards := c.manyBoards(30)
	for _, i := range []int{3, 4, 5, 17, 29} {
		c.Handle("/posting-api/job-board/"+boards[i].Board, crawltest.Status(503))
	}
	sum, err := c.crawler(t, boards...).Once(t.Context())
	if err != nil || sum.Complete != 25 || sum.Failed != 5 {
		t.Errorf("error %v, summary %+v", err, sum)
	}
}

func TestAHostThatKeepsFailingIsLeftAlone(t *testing.T) {
	c := newCity(t)
	boards := c.manyBoards(40)
	for _, b := range boards {
		c.Handle("/posting-api/job-board/"+b.Board, crawltest.Status(500))
	}
	sum, err := c.crawler(t, boards...).Once(t.Context())
	if err != nil || sum.Failed != 40 || sum.Requests != 10 {
		t.Errorf("error %v, summary %+v", err, sum)
	}
	_, sweeps, _ := c.bus.Take()
	if last := sweeps[len(sweeps)-1]; !strings.Contains(last.Reason, "is left alone for a while") {
		t.Errorf("reason %q", last.Reason)
	}
}

func TestNewReportsEveryMistake(t *testing.T) {
	c := newCity(t)
	_, err := crawl.New(c.cfg, []crawl.Board{{Source: "ashby", Board: "a"}, {Source: "ashby", Board: "a"}, {Source: "nowhere", Board: "b"}, {Source: "hn"}}, c.bus, c.bus, discard(), nil)
	for _, want := range []string{"board ashby/a is there twice", `unknown source "nowhere"`, "board hn/: board: missing"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want it to say %q", err, want)
		}
	}
	bad := crawl.Config{Contact: "x\r\ny", AllowPrivateHosts: []string{"http://x"}, Sources: map[string]crawl.SourceConfig{"ashbi": {}, "hn": {BaseURL: "ftp://x"}}}
	err = bad.Validate()
	for _, want := range []string{"interval: ", "concurrency: ", "per_host: ", "timeout: ", "max_body_bytes: ", "contact: ", "allow_private_hosts[0]: ", "sources.ashbi: unknown source (did you mean ashby?)", "sources.hn.base_url: "} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want it to say %q", err, want)
		}
	}
	if err := crawl.DefaultConfig().Validate(); err != nil {
		t.Errorf("the defaults: %v", err)
	}
}

func TestMetricsAreRegisteredOnce(t *testing.T) {
	c := newCity(t)
	reg := prometheus.NewRegistry()
	cr, err := crawl.New(c.cfg, c.manyBoards(2), c.bus, c.bus, discard(), reg)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cr.Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	families, err := reg.Gather()
	if err != nil || len(families) < 4 {
		t.Errorf("got %d families of metrics, error %v", len(families), err)
	}
	for _, f := range families {
		if !strings.HasPrefix(f.GetName(), "jobcity_crawl_") {
			t.Errorf("metric %s", f.GetName())
		}
	}
}
