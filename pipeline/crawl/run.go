package crawl

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/posting"
	"jobcity/pipeline/public"
)

// The kinds of leases, and how crawlers of the same boards watch each other.
const (
	boardLease   = "board"
	crawlerLease = "crawler"
	leaseRetry   = 2 * time.Second  // until a board that another crawler works on is looked at again
	countEvery   = 10 * time.Second // how often the crawlers are counted
)

// errElsewhere says that another crawler has swept the board meanwhile.
var errElsewhere = errors.New("swept by another crawler")

// Once crawls every board one time, those not swept for longest first, and
// returns when all are done. While another crawler's Once is under way it joins
// that: what either sweeps is done for both. The error joins what kept sweeps from
// being published, or is ctx's; boards that failed are counted in the summary and
// are no error.
func (c *Crawler) Once(ctx context.Context) (Summary, error) {
	sum := Summary{Boards: len(c.boards)}
	var errs []error
	err := c.walk(ctx, false, func(s posting.Sweep, err error) {
		if errors.Is(err, errElsewhere) {
			sum.Elsewhere++
			return
		}
		if err != nil {
			sum.Failed++
			errs = append(errs, err)
			return
		}
		switch s.Verdict {
		case posting.Complete:
			sum.Complete++
		case posting.Partial:
			sum.Partial++
		default:
			sum.Failed++
		}
		if s.NotModified {
			sum.NotModified++
		}
		sum.Listed += len(s.Listed)
		sum.Published += s.Published
		sum.Rejected += s.Rejected
		sum.Requests += s.Requests
	})
	return sum, errors.Join(append(errs, err)...)
}

// Run crawls every board again and again, each after its interval with jitter,
// until ctx ends; then it returns nil once nothing is under way any more.
func (c *Crawler) Run(ctx context.Context) error {
	err := c.walk(ctx, true, func(posting.Sweep, error) {})
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// walk gives each host its own queue and workers. done is called one at a time.
func (c *Crawler) walk(ctx context.Context, again bool, done func(posting.Sweep, error)) error {
	round, leave := c.attend(ctx, again)
	defer leave()
	queues, err := c.queues(ctx, again, round)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	var workers sync.WaitGroup
	progress := Progress{Boards: len(c.boards)}
	report := func(b Board, s posting.Sweep, err error) {
		mu.Lock()
		defer mu.Unlock()
		c.logSweep(b, s, err)
		done(s, err)
		progress.Done++
		progress.Postings += s.Published
		if err != nil && !errors.Is(err, errElsewhere) || s.Verdict == posting.Failed {
			progress.Failed++
		}
		if err == nil && c.OnSweep != nil {
			c.OnSweep(s)
		}
		if c.OnProgress != nil {
			c.OnProgress(progress)
		}
	}
	for _, q := range queues {
		for range min(c.cfg.PerHost, len(q.due)) {
			workers.Go(func() { c.work(ctx, q, again, report) })
		}
	}
	workers.Wait()
	return ctx.Err()
}

// attend makes this crawler known to the others until leave, and keeps them
// counted, so that together they are as gentle to a host as one. round is before
// the first sweep of those that are at work for one round, this one among them;
// zero if this one goes on again and again.
func (c *Crawler) attend(ctx context.Context, again bool) (round time.Time, leave func()) {
	name := fmt.Sprintf("again %x", rand.Uint64())
	if !again {
		round = c.now()
		name = fmt.Sprintf("%d %x", round.UnixMilli(), rand.Uint64())
	}
	p := presence{Crawler: c, name: name}
	names := p.count(ctx)
	for _, other := range names {
		began, _, _ := strings.Cut(other, " ")
		ms, err := strconv.ParseInt(began, 10, 64)
		if at := time.UnixMilli(ms - 1); err == nil && !again && other != name && at.Before(round) {
			round = at
		}
	}
	counting, stop := context.WithCancel(ctx)
	var counter sync.WaitGroup
	counter.Go(func() {
		for c.fetcher.hosts.sleep(counting, countEvery) == nil {
			p.count(counting)
		}
	})
	return round, func() {
		stop()
		counter.Wait()
		if p.lost != nil {
			p.release()
		}
	}
}

// presence is a crawler's lease on its own name, by which others count it.
type presence struct {
	*Crawler
	name    string
	lost    <-chan struct{} // nil if there is no lease
	release func()
}

// count counts the crawlers at work, after it has made sure to be counted.
func (p *presence) count(ctx context.Context) (names []string) {
	select {
	case <-p.lost:
		p.release()
		p.lost = nil
	default:
	}
	var err error
	if p.lost == nil {
		var held context.Context
		if held, p.release, err = p.state.Lease(ctx, crawlerLease, p.name); held != nil {
			p.lost = held.Done()
		}
	}
	if err == nil {
		names, err = p.state.Leases(ctx, crawlerLease)
	}
	if err != nil && ctx.Err() == nil {
		p.log.Warn("other crawlers are not counted", "error", err)
	}
	p.fetcher.hosts.crawlers.Store(int64(len(names)))
	return names
}

// work crawls the boards of one host in the order they are due.
func (c *Crawler) work(ctx context.Context, q *queue, again bool, report func(Board, posting.Sweep, error)) {
	sl := &slot{all: c.slots}
	defer sl.leave()
	for {
		next, ok := q.pop()
		if !ok {
			return
		}
		sl.leave()
		wait := next.at.Sub(c.now())
		if again { // no hurry: the host may have its rest
			wait = max(wait, c.fetcher.hosts.of(q.host).rest())
		}
		if err := c.fetcher.hosts.sleep(ctx, wait); err != nil {
			return
		}
		if err := sl.enter(ctx); err != nil {
			return
		}
		s, err := c.turn(ctx, &next, sl)
		switch {
		case ctx.Err() != nil && err != nil:
			return
		case errors.Is(err, errBusy):
			next.at = c.now().Add(c.leaseRetry)
			q.push(next)
			continue
		}
		report(next.board, s, err)
		if again {
			next.at = c.now().Add(c.pause(next.board))
			q.push(next)
		}
	}
}

// errBusy says that another crawler works on the board.
var errBusy = errors.New("another crawler works on the board")

// turn sweeps a board, if it can have the lease on it and nobody has swept it
// since it came into the queue.
func (c *Crawler) turn(ctx context.Context, d *dueBoard, sl *slot) (posting.Sweep, error) {
	key := d.board.ID()
	held, release, err := c.state.Lease(ctx, boardLease, key)
	if err != nil {
		return posting.Sweep{}, fmt.Errorf("board %s: %w", key, err)
	}
	if held == nil {
		return posting.Sweep{}, errBusy
	}
	defer release()
	old, err := c.head(held, key)
	if err != nil {
		return posting.Sweep{}, err
	}
	if !old.Swept.Equal(d.swept) {
		d.swept = old.Swept
		if !old.Running {
			return posting.Sweep{}, errElsewhere
		}
	}
	s, err := c.sweep(ctx, held, d.board, old, sl)
	if err != nil && held.Err() != nil && ctx.Err() == nil {
		c.log.Warn("the lease on a board was lost in the middle of a sweep", "board", key, "error", err)
		return posting.Sweep{}, errBusy
	}
	if err == nil {
		d.swept = s.StartedAt
	}
	return s, err
}

// pause is the board's interval, varied so that boards do not come in step.
func (c *Crawler) pause(b Board) time.Duration {
	interval := c.cfg.Interval
	if b.Interval > 0 {
		interval = b.Interval
	}
	return time.Duration(float64(interval) * (1 + c.cfg.Jitter*(2*rand.Float64()-1)))
}

func (c *Crawler) logSweep(b Board, s posting.Sweep, err error) {
	log := c.log.With("board", b.ID())
	switch {
	case errors.Is(err, errElsewhere):
		log.Debug("board swept by another crawler")
		return
	case err != nil:
		c.metrics.sweeps.WithLabelValues(b.Source, "unpublished").Inc()
		log.Error("sweep not published", "error", err)
		return
	case s.Verdict == posting.Complete, s.Reason == source.ErrNewest.Error():
		log.Debug("board swept", "listed", len(s.Listed), "published", s.Published, "not_modified", s.NotModified)
	default:
		log.Warn("board not swept completely", "verdict", s.Verdict, "reason", s.Reason)
	}
	c.metrics.sweeps.WithLabelValues(b.Source, string(s.Verdict)).Inc()
}

// queues sorts the boards by the host they are asked from. With later, a board
// swept recently is due after its interval; without, now, the stalest first. What
// was swept since round, if that is set, was swept elsewhere.
func (c *Crawler) queues(ctx context.Context, later bool, round time.Time) (map[string]*queue, error) {
	now := c.now()
	queues := map[string]*queue{}
	for _, b := range c.boards {
		u, err := url.Parse(sources()[b.Source].Start(b))
		if err != nil {
			return nil, fmt.Errorf("board %s: %w", b.ID(), err)
		}
		state, err := c.head(ctx, b.ID())
		if err != nil {
			return nil, err
		}
		d := dueBoard{board: b, swept: state.Swept, at: state.Swept, tie: crc32.ChecksumIEEE([]byte(b.ID()))}
		if !round.IsZero() && state.Swept.After(round) {
			d.swept = time.Time{}
		}
		if later && !state.Swept.IsZero() && !state.Running {
			d.at = state.Swept.Add(c.pause(b))
		}
		if most := now.Add(2 * max(c.cfg.Interval, b.Interval)); !later && d.at.After(now) || d.at.After(most) {
			d.at = now // the clock was put back
		}
		q := queues[public.HostPort(u)]
		if q == nil {
			q = &queue{host: public.HostPort(u)}
			queues[public.HostPort(u)] = q
		}
		q.push(d)
	}
	return queues, nil
}

type dueBoard struct {
	board Board
	at    time.Time
	swept time.Time // when it was last, as far as is known here
	tie   uint32    // mixes boards due at one time, so that neighbours in the list that fail do not come in a row
}

// queue hands out the boards of a host, the one due first first.
type queue struct {
	host string // host:port
	mu   sync.Mutex
	due  dueHeap
}

func (q *queue) push(d dueBoard) {
	q.mu.Lock()
	defer q.mu.Unlock()
	heap.Push(&q.due, d)
}

func (q *queue) pop() (dueBoard, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.due) == 0 {
		return dueBoard{}, false
	}
	return heap.Pop(&q.due).(dueBoard), true
}

// dueHeap is for container/heap.
type dueHeap []dueBoard

func (h dueHeap) Len() int { return len(h) }
func (h dueHeap) Less(i, j int) bool {
	if !h[i].at.Equal(h[j].at) {
		return h[i].at.Before(h[j].at)
	}
	return h[i].tie < h[j].tie
}
func (h dueHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *dueHeap) Push(x any)   { *h = append(*h, x.(dueBoard)) }
func (h *dueHeap) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}
