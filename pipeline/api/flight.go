package api

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"jobcity/pipeline/query"
)

// flights lets equal requests share one run. Unlike a single-flight group, a run
// is stopped when nobody waits for it any more, and not before.
type flights struct {
	timeout time.Duration
	mu      sync.Mutex
	all     map[string]*flight
}

type flight struct {
	waiters int // guarded by flights.mu
	cancel  context.CancelFunc
	done    chan struct{} // closed when value and err are set
	value   any
	err     error
}

// do runs f, or joins a run under the same key, and returns what it returned.
func (g *flights) do(ctx context.Context, key string, f func(context.Context) (any, error)) (any, error) {
	g.mu.Lock()
	fl := g.all[key]
	if fl == nil {
		run, cancel := context.WithTimeout(context.WithoutCancel(ctx), g.timeout)
		fl = &flight{cancel: cancel, done: make(chan struct{})}
		if g.all == nil {
			g.all = map[string]*flight{}
		}
		g.all[key] = fl
		go g.run(run, key, fl, f)
	}
	fl.waiters++
	g.mu.Unlock()
	defer g.leave(key, fl)
	select {
	case <-fl.done:
		return fl.value, fl.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (g *flights) run(ctx context.Context, key string, fl *flight, f func(context.Context) (any, error)) {
	defer close(fl.done)
	defer fl.cancel()
	defer g.forget(key, fl)
	defer func() {
		if p := recover(); p != nil {
			fl.err = fmt.Errorf("panic: %v", p)
		}
	}()
	fl.value, fl.err = f(ctx)
}

// leave stops the run when its last waiter goes.
func (g *flights) leave(key string, fl *flight) {
	g.mu.Lock()
	fl.waiters--
	last := fl.waiters == 0
	g.mu.Unlock()
	if last {
		g.forget(key, fl)
		fl.cancel()
	}
}

func (g *flights) forget(key string, fl *flight) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.all[key] == fl {
		delete(g.all, key)
	}
}

// cache keeps what was answered, with the version of the data it was made of.
type cache struct {
	most   int
	mu     sync.Mutex
	size   int
	values map[string]kept
}

// kept is a value, what it was made of, when, and how long that took.
type kept struct {
	value    any
	version  string
	revision string
	at       time.Time
	took     time.Duration
	size     int
}

func (c *cache) get(key string) (kept, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.values[key]
	return k, ok
}

// put keeps a value of size bytes. When not all fits any more, what is of older
// data goes, and if that is not enough, all.
func (c *cache) put(key string, k kept) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k.size > c.most {
		return
	}
	if old, ok := c.values[key]; ok {
		c.size -= old.size
		delete(c.values, key)
	}
	if c.size+k.size > c.most {
		maps.DeleteFunc(c.values, func(_ string, old kept) bool {
			if old.version != k.version {
				c.size -= old.size
			}
			return old.version != k.version
		})
	}
	if c.values == nil || c.size+k.size > c.most {
		c.size, c.values = 0, map[string]kept{}
	}
	c.size += k.size
	c.values[key] = k
}

// keep returns what is kept under key, if it is of the present data or young enough
// for a client that does not insist on the newest; else what make makes of the
// present data. What is up to twice as old as it lasts is returned at once, and renewed
// meanwhile for those who ask next: so an answer that is asked for often is at hand
// however often the data changes. outcome says where it came from.
func (s *server) keep(ctx context.Context, key string, newest bool, make func(ctx context.Context, version string) (any, int, error)) (k kept, outcome string, err error) {
	k, ok := s.cache.get(key)
	ok = ok && k.revision == s.Runner.Revision()
	age := time.Since(k.at)
	switch {
	case ok && (k.version == s.Runner.Version() || !newest && age <= s.lasts(k)):
		return k, "hit", nil
	case ok && !newest && age <= 2*s.lasts(k):
		s.renewals.add(key, func() {
			if _, err := s.flights.do(context.WithoutCancel(ctx), key, s.making(key, make)); err != nil {
				s.log.Warn("renewing an answer", "error", err)
			}
		})
		return k, "stale", nil
	}
	v, err := s.flights.do(ctx, key, s.making(key, make))
	if err != nil {
		return kept{}, "miss", err
	}
	return v.(kept), "miss", nil
}

// patience is how many times longer an answer lasts than it took to make. All
// answers together then take at most their number in hundredths of a processor.
const patience = 100

// lasts is how old a kept answer may be before it is renewed: the dearer, the older,
// at least MaxAge and at most half of MaxStale. One that is made in no time is never
// given long after the data has changed.
func (s *server) lasts(k kept) time.Duration {
	return max(s.cfg.MaxAge, min(patience*k.took, s.cfg.MaxStale/2))
}

// renewals makes answers anew, one after the other, those first that were asked for
// first, each once however often it is asked for.
type renewals struct {
	mu      sync.Mutex
	waiting []renewal
	running bool
}

type renewal struct {
	key string
	run func()
}

func (r *renewals) add(key string, run func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if slices.ContainsFunc(r.waiting, func(w renewal) bool { return w.key == key }) {
		return
	}
	r.waiting = append(r.waiting, renewal{key, run})
	if !r.running {
		r.running = true
		go r.work()
	}
}

// work ends when nothing waits. What runs stays first in line until it is done.
func (r *renewals) work() {
	for {
		r.mu.Lock()
		if len(r.waiting) == 0 {
			r.running = false
			r.mu.Unlock()
			return
		}
		next := r.waiting[0]
		r.mu.Unlock()
		next.run()
		r.mu.Lock()
		r.waiting = r.waiting[1:]
		r.mu.Unlock()
	}
}

// making is the run that makes a value and keeps it.
func (s *server) making(key string, make func(ctx context.Context, version string) (any, int, error)) func(context.Context) (any, error) {
	return func(ctx context.Context) (any, error) {
		version, revision := s.Runner.Version(), s.Runner.Revision() // the data may be newer by the time it is read, never older
		start := time.Now()
		v, size, err := make(ctx, version)
		if err != nil {
			return nil, err
		}
		k := kept{v, version, revision, time.Now(), time.Since(start), size + len(key) + 100}
		s.cache.put(key, k)
		return k, nil
	}
}

// crowd bounds the answers that are being made or wait for their turn.
type crowd struct {
	most int64
	now  atomic.Int64
}

// enter lets one more in, or says why not. Who is in must leave.
func (c *crowd) enter() error {
	if c.now.Add(1) <= c.most {
		return nil
	}
	c.leave()
	p := refusal(http.StatusTooManyRequests, "queue", "%d answers are being made already; try again in a second", c.most)
	p.RetryAfter = 1
	return p
}

func (c *crowd) leave() { c.now.Add(-1) }

// run runs a bound query when it is its turn.
func (s *server) run(ctx context.Context, b query.Bound, maxRows int) (query.Result, error) {
	if err := s.running.Acquire(ctx, 1); err != nil {
		return query.Result{}, err
	}
	defer s.running.Release(1)
	return s.Runner.Run(ctx, b, maxRows)
}

// fixed runs a query without parameters, once for each version of the data.
func (s *server) fixed(ctx context.Context, name string) (query.Result, error) {
	k, _, err := s.keep(ctx, "query "+name, false, func(ctx context.Context, _ string) (any, int, error) {
		b, err := s.Queries.Query(name).Bind(nil)
		if err != nil {
			return nil, 0, err
		}
		res, err := s.run(ctx, b, 1_000_000)
		return res, 64 * (1 + len(res.Rows)*len(res.Columns)), err
	})
	if err != nil {
		return query.Result{}, err
	}
	return k.value.(query.Result), nil
}
