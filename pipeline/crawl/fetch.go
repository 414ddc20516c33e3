package crawl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gocolly/colly/v2"

	"jobcity/pipeline/public"
)

const (
	maxHops    = 5      // redirects followed
	maxQueries = 10_000 // requests of one sweep that differ only in the values of their query
)

// StatusError is an answer that is no use: anything but 200 and an expected 304.
type StatusError struct {
	Status int
	URL    string
}

// Error says in plain words what the status means for a board.
func (e *StatusError) Error() string {
	switch {
	case e.NotFound():
		return fmt.Sprintf("there is no such board (%d from %s)", e.Status, e.URL)
	case e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden:
		return fmt.Sprintf("the site refuses access (%d from %s)", e.Status, e.URL)
	case e.Status == http.StatusTooManyRequests:
		return fmt.Sprintf("the site asks to come less often (429 from %s)", e.URL)
	case e.Status >= 500:
		return fmt.Sprintf("the site has an error (%d from %s)", e.Status, e.URL)
	}
	return fmt.Sprintf("unexpected status %d from %s", e.Status, e.URL)
}

// NotFound is for [source.NotFound].
func (e *StatusError) NotFound() bool {
	return e.Status == http.StatusNotFound || e.Status == http.StatusGone
}

// fetcher makes polite requests. One serves all boards.
type fetcher struct {
	cfg       Config
	transport *transport
	hosts     *hosts
	robots    *robotsGate
	backOff   time.Duration // before the first retry; doubles with each
	metrics   *metrics
}

func newFetcher(cfg Config, m *metrics) *fetcher {
	t := newTransport(cfg)
	hs := newHosts(cfg)
	return &fetcher{cfg: cfg, transport: t, hosts: hs, robots: newRobotsGate(t, cfg.userAgent(), hs), backOff: startDelay, metrics: m}
}

// exchange is one request as a board's sweep makes it.
type exchange struct {
	url          string
	body         []byte // a POST of JSON if not empty
	etag         string // of the last answer, "" to ask without condition
	lastModified string
	page         bool // for people: HTML is wanted
}

// answer is a 200, or a 304 to a condition.
type answer struct {
	status       int
	body         []byte
	header       http.Header
	etag         string
	lastModified string
	via          []*url.URL // all addresses asked, the one that answered last
}

// session asks for one board, one request at a time. Its slot is its share of the
// crawler's concurrency, given back while it waits its turn at a host.
type session struct {
	*fetcher
	source   string
	slot     *slot
	requests int
	queries  map[string]int // requests by path and names of the query
	client   *colly.Collector
	last     *colly.Response
}

// open returns a session whose requests end with ctx.
func (f *fetcher) open(ctx context.Context, source string, sl *slot) *session {
	s := &session{fetcher: f, source: source, slot: sl, queries: map[string]int{}}
	s.client = colly.NewCollector(colly.StdlibContext(ctx))
	c := s.client // all fields are set here, after COLLY_* in the environment had its say
	c.AllowURLRevisit, c.Async, c.ParseHTTPErrorResponse, c.DetectCharset, c.CheckHead = true, false, true, false, false
	c.IgnoreRobotsTxt = true // ours is asked first, for every hop
	c.MaxBodySize = 0        // the transport's limit counts decoded bytes
	c.AllowedDomains, c.DisallowedDomains, c.CacheDir, c.MaxDepth, c.MaxRequests = nil, nil, "", 0, 0
	c.UserAgent = f.cfg.userAgent()
	c.DisableCookies()
	c.WithTransport(f.transport)
	c.SetRequestTimeout(f.cfg.Timeout)
	c.SetRedirectHandler(func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse })
	c.OnResponse(func(r *colly.Response) { s.last = r })
	return s
}

// do makes the exchange, with retries after 429, 5xx and broken connections.
func (s *session) do(ctx context.Context, x exchange) (answer, error) {
	for try := 0; ; try++ {
		a, wait, err := s.follow(ctx, x)
		if err == nil || try == s.cfg.Retries || !retriable(err) || ctx.Err() != nil {
			return a, err
		}
		if wait == 0 { // where the host names a time, its queue waits
			s.slot.leave()
			if err := s.hosts.sleep(ctx, min(s.backOff<<try, s.cfg.MaxDelay)); err != nil {
				return answer{}, err
			}
		}
	}
}

func retriable(err error) bool {
	var status *StatusError
	if errors.As(err, &status) {
		return status.Status == http.StatusTooManyRequests || status.Status >= 500
	}
	for _, final := range []error{public.ErrPrivate, errTooLarge, errRobots, errResting, errRedirect, errBudget} {
		if errors.Is(err, final) {
			return false
		}
	}
	return true
}

// errRedirect marks redirects that lead nowhere.
var errRedirect = errors.New("bad redirect")

// errBudget marks a board that has no end: a calendar, or filters that multiply.
var errBudget = errors.New("the sweep has made all the requests it may")

// spend checks a request against the sweep's budgets.
func (s *session) spend(u *url.URL) error {
	if s.requests >= s.cfg.MaxRequests {
		return fmt.Errorf("%w: max_requests is %d", errBudget, s.cfg.MaxRequests)
	}
	if u.RawQuery == "" {
		return nil
	}
	pattern := u.Host + u.Path + "?" + strings.Join(sortedKeys(u.Query()), "&")
	if s.queries[pattern]++; s.queries[pattern] > maxQueries {
		return fmt.Errorf("%w: %d went to %s", errBudget, maxQueries, pattern)
	}
	return nil
}

// follow makes the exchange once, through redirects. Each hop is checked like the
// first.
func (s *session) follow(ctx context.Context, x exchange) (answer, time.Duration, error) {
	at, err := url.Parse(x.url)
	if err != nil {
		return answer{}, 0, fmt.Errorf("%w: %w", errRedirect, err)
	}
	var via []*url.URL
	for range maxHops + 1 {
		via = append(via, at)
		status, header, body, wait, err := s.hop(ctx, at, x)
		if err != nil {
			return answer{}, wait, err
		}
		switch {
		case status == http.StatusOK, status == http.StatusNotModified && (x.etag != "" || x.lastModified != ""):
			return answer{status: status, body: body, header: header, etag: header.Get("ETag"), lastModified: header.Get("Last-Modified"), via: via}, 0, nil
		case status > 300 && status < 400 && status != http.StatusNotModified:
			to, err := at.Parse(header.Get("Location"))
			if err != nil || header.Get("Location") == "" || to.Scheme != "http" && to.Scheme != "https" {
				return answer{}, 0, fmt.Errorf("%w from %s to %q", errRedirect, at.Redacted(), header.Get("Location"))
			}
			at = to
			if status == http.StatusSeeOther || status < http.StatusTemporaryRedirect && len(x.body) > 0 {
				x.body = nil // RFC 9110 section 15.4: the answer is got there
			}
		default:
			return answer{}, wait, &StatusError{Status: status, URL: at.Redacted()}
		}
	}
	return answer{}, 0, fmt.Errorf("%w: %s leads through more than %d", errRedirect, x.url, maxHops)
}

// hop makes one request, when the host's robots.txt allows it and its turn has
// come. wait is how long the host asked to be left alone.
func (s *session) hop(ctx context.Context, u *url.URL, x exchange) (status int, header http.Header, body []byte, wait time.Duration, err error) {
	s.slot.leave()
	floor, err := s.robots.check(ctx, u)
	if err != nil {
		if errors.Is(err, errRobots) {
			s.metrics.robotsBlocked.WithLabelValues(s.source).Inc()
		}
		return 0, nil, nil, 0, err
	}
	if err := s.spend(u); err != nil {
		return 0, nil, nil, 0, err
	}
	h := s.hosts.of(public.HostPort(u))
	if err := h.enter(ctx, min(floor, s.cfg.MaxCrawlDelay)); err != nil {
		return 0, nil, nil, 0, err
	}
	o := outcome{url: x.url}
	if err = s.slot.enter(ctx); err == nil {
		s.requests++
		start := time.Now()
		status, header, body, err = s.ask(u, x)
		o.status, o.latency = status, time.Since(start)
		if header != nil {
			o.retryAfter = header.Get("Retry-After")
		}
		s.metrics.request(s.source, status, o.latency, len(body))
	} else {
		o.status = http.StatusOK // nothing was asked
	}
	if o.status == 0 && (errors.Is(err, public.ErrPrivate) || errors.Is(err, errTooLarge) || ctx.Err() != nil) {
		o.status = http.StatusBadRequest // not the host's failure
	}
	return status, header, body, h.leave(o), err
}

// ask hands the request to Colly.
func (s *session) ask(u *url.URL, x exchange) (int, http.Header, []byte, error) {
	hdr := http.Header{"User-Agent": {s.cfg.userAgent()}, "Accept": {"application/json, */*;q=0.5"}}
	if x.page {
		hdr.Set("Accept", "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.5")
	}
	if x.etag != "" {
		hdr.Set("If-None-Match", x.etag)
	}
	if x.lastModified != "" {
		hdr.Set("If-Modified-Since", x.lastModified)
	}
	method, reader := http.MethodGet, io.Reader(nil)
	if len(x.body) > 0 {
		method, reader = http.MethodPost, bytes.NewReader(x.body)
		hdr.Set("Content-Type", "application/json")
	}
	s.last = nil
	if err := s.client.Request(method, u.String(), reader, nil, hdr); err != nil {
		return 0, nil, nil, plainNetError(u, err)
	}
	if s.last == nil {
		return 0, nil, nil, fmt.Errorf("no answer from %s", u.Redacted())
	}
	r := s.last
	s.last = nil
	return r.StatusCode, *r.Headers, r.Body, nil
}

// plainNetError says what a person can do about a connection that failed.
func plainNetError(u *url.URL, err error) error {
	var ue *url.Error
	if errors.As(err, &ue) {
		err = ue.Err
	}
	var dns *net.DNSError
	var timeout net.Error
	switch {
	case errors.Is(err, public.ErrPrivate), errors.Is(err, errTooLarge), errors.Is(err, errSlow):
		return fmt.Errorf("%s: %w", u.Redacted(), err)
	case errors.As(err, &dns) && dns.IsNotFound:
		return fmt.Errorf("there is no host named %s: %w", u.Hostname(), err)
	case errors.As(err, &timeout) && timeout.Timeout() || strings.Contains(err.Error(), "Client.Timeout"):
		return fmt.Errorf("%s took too long to answer: %w", u.Host, err)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("the answer of %s is cut short: %w", u.Host, err)
	}
	return fmt.Errorf("%s cannot be reached: %w", u.Host, err)
}

// slot is one board's share of the crawler's concurrency.
type slot struct {
	all  chan struct{}
	held bool
}

func (s *slot) enter(ctx context.Context) error {
	if s.held {
		return nil
	}
	select {
	case s.all <- struct{}{}:
		s.held = true
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *slot) leave() {
	if s.held {
		<-s.all
		s.held = false
	}
}
