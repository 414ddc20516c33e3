package crawl

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"sync"
	"time"

	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/posting"
)

// Once crawls every board one time, those not swept for longest first, and
// returns when all are done. The error joins what kept sweeps from being
// published, or is ctx's; boards that failed are counted in the summary and are no
// error.
func (c *Crawler) Once(ctx context.Context) (Summary, error) {
	sum := Summary{Boards: len(c.boards)}
	var errs []error
	err := c.walk(ctx, false, func(s posting.Sweep, err error) {
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
	queues, err := c.queues(ctx, again)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	progress := Progress{Boards: len(c.boards)}
	report := func(b Board, s posting.Sweep, err error) {
		mu.Lock()
		defer mu.Unlock()
		c.logSweep(b, s, err)
		done(s, err)
		progress.Done++
		progress.Postings += s.Published
		if err != nil || s.Verdict == posting.Failed {
			progress.Failed++
		}
		if err == nil && c.OnSweep != nil {
			c.OnSweep(s)
		}
		if c.OnProgress != nil {
			c.OnProgress(progress)
		}
	}
	var wg sync.WaitGroup
	for _, q := range queues {
		for range min(c.cfg.PerHost, len(q.due)) {
			wg.Go(func() { c.work(ctx, q, again, report) })
		}
	}
	wg.Wait()
	return ctx.Err()
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
		if again {
			if err := c.fetcher.hosts.sleep(ctx, next.at.Sub(c.now())); err != nil {
				return
			}
		}
		if err := sl.enter(ctx); err != nil {
			return
		}
		s, err := c.sweep(ctx, next.board, sl)
		if ctx.Err() != nil && err != nil {
			return
		}
		report(next.board, s, err)
		if again {
			next.at = c.now().Add(c.pause(next.board))
			q.push(next)
		}
	}
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
// swept recently is due after its interval; without, now, the stalest first.
func (c *Crawler) queues(ctx context.Context, later bool) (map[string]*queue, error) {
	now := c.now()
	queues := map[string]*queue{}
	for _, b := range c.boards {
		u, err := url.Parse(sources()[b.Source].Start(b))
		if err != nil {
			return nil, fmt.Errorf("board %s: %w", b.ID(), err)
		}
		raw, err := c.state.State(ctx, b.ID())
		if err != nil {
			return nil, fmt.Errorf("board %s: read state: %w", b.ID(), err)
		}
		state, _ := readState(raw) // an unreadable one is reported by the sweep
		d := dueBoard{board: b, at: state.Swept}
		if later && !state.Swept.IsZero() && !state.Running {
			d.at = state.Swept.Add(c.pause(b))
			if most := now.Add(2 * max(c.cfg.Interval, b.Interval)); d.at.After(most) {
				d.at = now // the clock was put back
			}
		}
		q := queues[hostPort(u)]
		if q == nil {
			q = &queue{}
			queues[hostPort(u)] = q
		}
		q.push(d)
	}
	return queues, nil
}

type dueBoard struct {
	board Board
	at    time.Time
}

// queue hands out the boards of a host, the one due first first.
type queue struct {
	mu  sync.Mutex
	due dueHeap
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
	return h[i].board.ID() < h[j].board.ID()
}
func (h dueHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *dueHeap) Push(x any)   { *h = append(*h, x.(dueBoard)) }
func (h *dueHeap) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}
