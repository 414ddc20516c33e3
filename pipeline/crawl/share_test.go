package crawl_test

import (
	"context"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"jobcity/pipeline/bus"
	"jobcity/pipeline/crawl"
	"jobcity/pipeline/crawl/crawltest"
	"jobcity/pipeline/posting"
)

// cluster is a real NATS server that several crawlers meet at.
func cluster(t *testing.T) *server.Server {
	t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), NoSigs: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(20 * time.Second) {
		t.Fatal("NATS is not ready")
	}
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	return s
}

// join connects one more crawler, whose leases run out after lease.
func (c *city) join(t *testing.T, s *server.Server, boards []crawl.Board, lease time.Duration) (*crawl.Crawler, *bus.Bus) {
	t.Helper()
	cfg := bus.Config{URL: s.ClientURL(), Replicas: 1, MaxBytes: 64 << 20, ConnectTimeout: 20 * time.Second, Lease: lease}
	b, err := bus.Open(t.Context(), cfg, t.TempDir(), discard(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	cr, err := crawl.New(c.cfg, boards, b, b, discard(), nil)
	if err != nil {
		t.Fatal(err)
	}
	cr.SetBackOff(time.Millisecond)
	cr.SetLeaseRetry(20 * time.Millisecond)
	return cr, b
}

func TestTwoCrawlersShareTheBoards(t *testing.T) {
	c := newCity(t)
	boards := c.manyBoards(60)
	s := cluster(t)
	var mu sync.Mutex
	swept := map[string]int{}
	shares := make([]int, 2)
	sums := make([]crawl.Summary, 2)
	var both sync.WaitGroup
	met := make(chan struct{}) // both have swept a board
	for i := range 2 {
		cr, _ := c.join(t, s, boards, time.Minute)
		first := true
		cr.OnSweep = func(s posting.Sweep) {
			mu.Lock()
			swept[s.Board]++
			shares[i]++
			if first && shares[1-i] > 0 {
				close(met)
			}
			mu.Unlock()
			if first {
				first = false
				<-met
			}
		}
		both.Go(func() {
			var err error
			if sums[i], err = cr.Once(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	for _, b := range boards {
		if n, asked := swept[b.Board], c.Asked("/posting-api/job-board/"+b.Board); n != 1 || asked != 1 {
			t.Errorf("%s was swept %d times and asked %d times", b.Board, n, asked)
		}
	}
	for i, sum := range sums {
		if sum.Complete != shares[i] || sum.Complete+sum.Elsewhere != len(boards) || shares[i] == 0 {
			t.Errorf("crawler %d: %+v", i, sum)
		}
	}
}

// TestACrashedCrawlersBoardsAreTakenOver: one crawler dies in the middle of a
// sweep, as far as others can see; they wait for its lease to run out.
func TestACrashedCrawlersBoardsAreTakenOver(t *testing.T) {
	c := newCity(t)
	boards := c.manyBoards(4)
	s := cluster(t)
	victim, victimBus := c.join(t, s, boards[:1], 3*time.Second)
	path := "/posting-api/job-board/" + boards[0].Board
	asked := make(chan struct{})
	c.Handle(path, crawltest.Sequence(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(asked)
		<-r.Context().Done()
	}), crawltest.JSON(`{"jobs":[{"id":"1","title":"Engineer"}]}`)))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := victim.Once(ctx)
		ended <- err
	}()
	<-asked
	if err := victimBus.Close(); err != nil { // the machine is gone, for all that others see
		t.Fatal(err)
	}

	heir, _ := c.join(t, s, boards, 3*time.Second)
	sum, err := heir.Once(t.Context())
	if err != nil || sum.Complete != len(boards) || sum.Published != len(boards) {
		t.Errorf("summary %+v, error %v", sum, err)
	}
	if n := c.Asked(path); n != 2 {
		t.Errorf("the board was asked %d times", n)
	}
	cancel()
	<-ended
}

func TestSeveralCrawlersTogetherAreAsGentleAsOne(t *testing.T) {
	c := newCity(t)
	c.cfg.Interval = time.Hour
	s := cluster(t)
	for n := range 3 {
		cr, _ := c.join(t, s, c.manyBoards(1), time.Minute)
		ctx, cancel := context.WithCancel(t.Context())
		swept, done := make(chan struct{}, 1), make(chan error, 1)
		cr.OnProgress = func(crawl.Progress) { swept <- struct{}{} }
		go func() { done <- cr.Run(ctx) }()
		t.Cleanup(func() { cancel(); <-done })
		if n == 0 {
			<-swept
		}
		for cr.Crawlers() == 0 {
			runtime.Gosched() // it counts as soon as it runs
		}
		if got := cr.Crawlers(); got != n+1 {
			t.Errorf("the crawler counts %d at work, want %d", got, n+1)
		}
	}
}
