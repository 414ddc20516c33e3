package crawl

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	startDelay   = time.Second // least back-off after a refusal without Retry-After
	restAfter    = 10          // different URLs of a host that fail in a row before it is left alone
	restMost     = time.Hour   // longest such rest
	keptHosts    = 10_000      // hosts remembered before those idle for keptIdle are forgotten
	keptIdle     = time.Hour
	slowResponse = 10 * time.Second // a latency over it counts as this much
)

// errResting marks a host that is left alone for a while because it keeps failing.
var errResting = errors.New("is left alone for a while")

// hosts are the queues, one a host.
type hosts struct {
	cfg      Config
	now      func() time.Time
	sleep    func(context.Context, time.Duration) error
	crawlers atomic.Int64 // at work on the same boards, this one included; 0 counts as 1

	mu  sync.Mutex
	all map[string]*host
}

func newHosts(cfg Config) *hosts {
	return &hosts{cfg: cfg, now: time.Now, sleep: sleep, all: map[string]*host{}}
}

// of is the queue of a "host:port".
func (hs *hosts) of(hostport string) *host {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	h := hs.all[hostport]
	if h == nil {
		if len(hs.all) >= keptHosts {
			maps.DeleteFunc(hs.all, func(_ string, h *host) bool { return h.idle(hs.now()) })
		}
		h = &host{hosts: hs, name: hostport, delay: hs.cfg.MinDelay, next: hs.now(), slots: make(chan struct{}, hs.cfg.PerHost)}
		hs.all[hostport] = h
	}
	return h
}

// count is how many hosts are in each state of their circuit breaker.
func (hs *hosts) count() map[breaker]int {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	n := map[breaker]int{}
	for _, h := range hs.all {
		n[h.breaker()]++
	}
	return n
}

// breaker is the state of a host's circuit breaker.
type breaker string

const (
	closed   breaker = "closed"    // asked as usual
	open     breaker = "open"      // left alone
	halfOpen breaker = "half_open" // the rest is over, and one request finds out
)

// host is the queue of one host. At most per_host requests run at a time, and
// from the start of one to the start of the next lies a delay that follows how
// long the host takes to answer, by the rules of Scrapy's AutoThrottle
// (docs.scrapy.org/en/latest/topics/autothrottle.html): it moves halfway to
// latency/per_host after each answer, and refusals and errors may only raise it.
// Where several crawlers are at work, each keeps that many times the delay.
//
// Its circuit breaker opens when requests for restAfter different URLs have
// failed in a row. After a rest it lets one request through: that closes it, or
// begins a longer rest.
type host struct {
	hosts *hosts
	name  string
	slots chan struct{}

	mu      sync.Mutex
	delay   time.Duration
	next    time.Time // no request starts before
	failing []string  // different URLs that failed in a row
	rests   int       // rests in a row; 0: the breaker is closed
	restEnd time.Time
	probing bool // the one request after a rest is under way
}

func (h *host) breaker() breaker {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.rests == 0:
		return closed
	case h.hosts.now().Before(h.restEnd):
		return open
	}
	return halfOpen
}

// idle says that nothing waits for h and nothing about it needs remembering.
func (h *host) idle(now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.slots) == 0 && now.Sub(h.next) > keptIdle && now.Sub(h.restEnd) > keptIdle
}

// rest is how long h is still left alone.
func (h *host) rest() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.restEnd.Sub(h.hosts.now())
}

// outcome is how a request ended, for the host's sake.
type outcome struct {
	url        string
	latency    time.Duration
	status     int    // 0: no answer
	retryAfter string // the header
}

func (o outcome) failed() bool {
	return o.status == 0 || o.status == http.StatusTooManyRequests || o.status >= 500
}

// enter waits until a request may start. floor is the delay robots.txt asks for.
// Whoever entered must leave.
func (h *host) enter(ctx context.Context, floor time.Duration) error {
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	wait, err := h.turn(floor)
	if err == nil {
		if err = h.hosts.sleep(ctx, wait); err == nil {
			return nil
		}
		h.mu.Lock()
		h.probing = false
		h.mu.Unlock()
	}
	<-h.slots
	return err
}

// turn takes the next turn and returns the time until it comes.
func (h *host) turn(floor time.Duration) (time.Duration, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.hosts.now()
	switch {
	case now.Before(h.restEnd):
		return 0, fmt.Errorf("%s %w: it keeps failing; next try after %s", h.name, errResting, h.restEnd.Format(time.TimeOnly))
	case h.rests > 0 && h.probing:
		return 0, fmt.Errorf("%s %w: it kept failing, and one request finds out whether it still does", h.name, errResting)
	}
	h.probing = h.rests > 0
	start := h.next
	if start.Before(now) {
		start = now
	}
	h.next = start.Add(max(h.delay, floor) * time.Duration(max(h.hosts.crawlers.Load(), 1)))
	return start.Sub(now), nil
}

// leave ends a request and learns from it. It returns how long the host asked to
// be left alone, 0 if it did not.
func (h *host) leave(o outcome) (wait time.Duration) {
	defer func() { <-h.slots }()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.probing = false
	cfg, now := h.hosts.cfg, h.hosts.now()
	target := (h.delay + min(o.latency, slowResponse)/time.Duration(cfg.PerHost)) / 2
	if o.status == http.StatusOK || o.status == http.StatusNotModified || target > h.delay {
		h.delay = min(max(target, cfg.MinDelay), cfg.MaxDelay)
	}
	if !o.failed() {
		h.failing, h.rests, h.restEnd = nil, 0, time.Time{}
		return 0
	}
	if asked, ok := retryAfter(o.retryAfter, now); ok && (o.status == http.StatusTooManyRequests || o.status == http.StatusServiceUnavailable) {
		wait = min(asked, cfg.MaxRetryAfter)
	} else if o.status == http.StatusTooManyRequests {
		h.delay = min(max(2*h.delay, startDelay), cfg.MaxDelay)
		wait = h.delay
	}
	if until := now.Add(wait); until.After(h.next) {
		h.next = until
	}
	h.countFailure(o.url, now)
	return wait
}

// countFailure leaves the host alone when different URLs keep failing: one broken
// board of a large service must not stop the others. After a rest one more
// failure is enough for the next, longer one.
func (h *host) countFailure(url string, now time.Time) {
	if now.Before(h.restEnd) {
		return
	}
	if !slices.Contains(h.failing, url) {
		h.failing = append(h.failing, url)
	}
	if len(h.failing) < restAfter && h.rests == 0 {
		return
	}
	rest := min(h.hosts.cfg.MaxDelay<<min(h.rests, 10), restMost)
	h.failing, h.rests, h.restEnd = nil, h.rests+1, now.Add(rest)
}

// retryAfter reads the header of RFC 9110 section 10.2.3: seconds or a date. A
// value that is neither, or negative, is not one.
func retryAfter(header string, now time.Time) (time.Duration, bool) {
	header = strings.TrimSpace(header)
	if header == "" {
		return 0, false
	}
	if seconds, err := strconv.ParseFloat(header, 64); err == nil {
		if !(seconds >= 0) {
			return 0, false
		}
		return time.Duration(min(seconds, 1e8) * float64(time.Second)), true
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(at.Sub(now), 0), true
	}
	return 0, false
}

// sleep waits for d or the end of ctx.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
