package api

import (
	"context"
	"fmt"
	"net/http"
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

// cache keeps what was answered until the data changes.
type cache struct {
	most    int
	mu      sync.Mutex
	version string
	size    int
	values  map[string]any
}

func (c *cache) get(version, key string) (any, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.version != version {
		return nil, false
	}
	v, ok := c.values[key]
	return v, ok
}

// put keeps a value of size bytes. What does not fit any more pushes all out.
func (c *cache) put(version, key string, value any, size int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if size > c.most {
		return
	}
	if c.values == nil || c.version != version || c.size+size > c.most {
		c.version, c.size, c.values = version, 0, map[string]any{}
	}
	c.size += size
	c.values[key] = value
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
	p := newProblem(http.StatusTooManyRequests, "%d answers are being made already; try again in a second", c.most)
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
func (s *server) fixed(ctx context.Context, version, name string) (query.Result, error) {
	key := "query " + name
	if v, ok := s.cache.get(version, key); ok {
		return v.(query.Result), nil
	}
	v, err := s.flights.do(ctx, version+" "+key, func(ctx context.Context) (any, error) {
		b, err := s.Queries.Query(name).Bind(nil)
		if err != nil {
			return nil, err
		}
		res, err := s.run(ctx, b, 1_000_000)
		if err != nil {
			return nil, err
		}
		s.cache.put(version, key, res, 64*(1+len(res.Rows)*len(res.Columns)))
		return res, nil
	})
	if err != nil {
		return query.Result{}, err
	}
	return v.(query.Result), nil
}
