package crawl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"sync"
	"time"

	"jobcity/pipeline/public"
)

const (
	robotsFresh   = 24 * time.Hour   // RFC 9309 section 2.4: not longer
	robotsRetry   = 10 * time.Minute // after robots.txt could not be had
	robotsHops    = 5                // redirects followed, section 2.3.1.2
	robotsTimeout = 30 * time.Second
)

// errRobots marks a URL that robots.txt forbids.
var errRobots = errors.New("robots.txt forbids it")

// forbiddenError is the refusal of a URL by a robots.txt that was read.
type forbiddenError struct{ url string }

func (e *forbiddenError) Error() string { return errRobots.Error() + ": " + e.url }
func (e *forbiddenError) Unwrap() error { return errRobots }

// Forbidden is for [source.Forbidden].
func (e *forbiddenError) Forbidden() bool { return true }

// robotsGate knows the robots.txt of each host it was asked about.
type robotsGate struct {
	client *http.Client
	agent  string
	hosts  *hosts
	now    func() time.Time

	mu    sync.Mutex
	known map[string]*robotsEntry // by scheme://host:port
}

type robotsEntry struct {
	mu      sync.Mutex // held while it is fetched
	rules   robots
	good    bool  // rules come from an answer
	problem error // why there was no answer
	until   time.Time
}

// stale says that e is not in use and would be fetched anew.
func (e *robotsEntry) stale(now time.Time) bool {
	if !e.mu.TryLock() {
		return false
	}
	defer e.mu.Unlock()
	return !e.until.IsZero() && now.After(e.until)
}

func newRobotsGate(t http.RoundTripper, agent string, hs *hosts) *robotsGate {
	return &robotsGate{
		client: &http.Client{
			Transport:     t,
			Timeout:       robotsTimeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		agent: agent, hosts: hs, now: time.Now, known: map[string]*robotsEntry{},
	}
}

// check returns the delay that the host of u asks for, or an error that wraps
// errRobots if u may not be asked for. A robots.txt that cannot be had forbids
// everything, unless an older copy is at hand; one that is not there (4xx)
// forbids nothing.
func (g *robotsGate) check(ctx context.Context, u *url.URL) (time.Duration, error) {
	key := u.Scheme + "://" + public.HostPort(u)
	g.mu.Lock()
	e := g.known[key]
	if e == nil {
		if len(g.known) >= keptHosts {
			maps.DeleteFunc(g.known, func(_ string, e *robotsEntry) bool { return e.stale(g.now()) })
		}
		e = &robotsEntry{}
		g.known[key] = e
	}
	g.mu.Unlock()

	e.mu.Lock()
	defer e.mu.Unlock()
	if now := g.now(); !now.Before(e.until) {
		rules, err := g.fetch(ctx, u)
		switch {
		case ctx.Err() != nil:
			return 0, ctx.Err()
		case err == nil:
			e.rules, e.good, e.problem, e.until = rules, true, nil, now.Add(robotsFresh)
		case e.good:
			e.until = now.Add(robotsRetry)
		default:
			e.rules, e.problem, e.until = disallowAll(), err, now.Add(robotsRetry)
		}
	}
	path := u.EscapedPath()
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	if e.rules.allows(path) {
		return e.rules.delay, nil
	}
	if e.problem != nil {
		return 0, fmt.Errorf("%w: %s/robots.txt could not be read, which counts as a refusal: %w", errRobots, key, e.problem)
	}
	return 0, &forbiddenError{u.Redacted()}
}

// fetch gets and reads the robots.txt of the host of u. It fails only where the
// host cannot be reached or fails itself.
func (g *robotsGate) fetch(ctx context.Context, u *url.URL) (robots, error) {
	at := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}
	for range robotsHops + 1 {
		status, next, body, err := g.get(ctx, at)
		switch {
		case err != nil:
			return robots{}, err
		case status == http.StatusTooManyRequests || status >= 500:
			return robots{}, fmt.Errorf("status %d", status)
		case status >= 300 && status < 400 && next != "":
			to, err := at.Parse(next)
			if err != nil || to.Scheme != "http" && to.Scheme != "https" {
				return allowAll(), nil
			}
			at = to
		case status == http.StatusOK:
			return parseRobots(body, productToken), nil
		default:
			return allowAll(), nil
		}
	}
	return allowAll(), nil
}

func (g *robotsGate) get(ctx context.Context, u *url.URL) (status int, location string, body []byte, err error) {
	h := g.hosts.of(public.HostPort(u))
	if err := h.enter(ctx, 0); err != nil {
		return 0, "", nil, err
	}
	start := time.Now()
	defer func() {
		h.leave(outcome{url: u.String(), latency: time.Since(start), status: status})
	}()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return 0, "", nil, err
	}
	req.Header.Set("User-Agent", g.agent)
	resp, err := g.client.Do(req)
	if err != nil {
		return 0, "", nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusOK {
		if body, err = io.ReadAll(io.LimitReader(resp.Body, maxRobots)); err != nil {
			return 0, "", nil, err
		}
	}
	return resp.StatusCode, resp.Header.Get("Location"), body, nil
}
