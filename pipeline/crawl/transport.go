package crawl

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"jobcity/pipeline/public"
)

// errTooLarge marks an answer over the limit.
var errTooLarge = errors.New("larger than max_body_bytes")

// errSlow marks an answer that trickles.
var errSlow = errors.New("slower than min_rate")

// rateWindow is the time over which the rate of an answer is taken.
const rateWindow = 10 * time.Second

// transport makes one request without following redirects. It decodes gzip itself
// and fails, rather than cuts, when the decoded answer passes limit: Colly's own
// limit counts the encoded bytes. It also fails when the answer comes in slower
// than rate.
type transport struct {
	base   *http.Transport
	limit  int64 // bytes
	rate   int64 // bytes a second; 0: any
	window time.Duration
}

// guard lets requests through to public hosts and to those that are allowed.
func guard(allow []string) public.Guard {
	return public.New(allow, "crawl.allow_private_hosts", 80, 443)
}

func newTransport(cfg Config) *transport {
	return &transport{limit: cfg.MaxBodyBytes, rate: cfg.MinRate, window: rateWindow, base: &http.Transport{
		Proxy:                  nil, // a proxy would be checked in place of the host behind it
		DialContext:            guard(cfg.AllowPrivateHosts).Dial,
		DisableCompression:     true,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    cfg.PerHost,
		MaxResponseHeaderBytes: 64 << 10,
		IdleConnTimeout:        10 * time.Second, // no bound on all of them: net/http may hand out a connection that it evicts
		TLSHandshakeTimeout:    15 * time.Second,
		ResponseHeaderTimeout:  cfg.Timeout,
	}}
}

func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	req = req.Clone(ctx)
	req.Header.Set("Accept-Encoding", "gzip")
	resp, err := t.base.RoundTrip(req)
	if err != nil {
		cancel(nil)
		return nil, err
	}
	resp.Body = &limited{from: t.paced(ctx, cancel, resp.Body), left: t.limit}
	switch enc := strings.ToLower(strings.TrimSpace(resp.Header.Get("Content-Encoding"))); enc {
	case "", "identity":
	case "gzip", "x-gzip":
		if resp.StatusCode != http.StatusNotModified && resp.ContentLength != 0 {
			resp.Body = &limited{from: &gunzip{from: resp.Body}, left: t.limit}
		}
	default:
		resp.Body.Close()
		return nil, fmt.Errorf("the answer is encoded as %q, which was not asked for", enc)
	}
	resp.Header.Del("Content-Encoding")
	resp.ContentLength = -1
	resp.Uncompressed = true // Colly would otherwise unpack *.xml.gz again, without a limit
	return resp, nil
}

// paced ends the request when fewer than rate bytes a second came in over a
// window. Closing it ends the request too.
type paced struct {
	from   io.ReadCloser
	ctx    context.Context //nolint:containedctx // tells why reading failed
	cancel context.CancelCauseFunc
	watch  *time.Timer
	came   atomic.Int64
}

func (t *transport) paced(ctx context.Context, cancel context.CancelCauseFunc, body io.ReadCloser) io.ReadCloser {
	p := &paced{from: body, ctx: ctx, cancel: cancel}
	least := int64(float64(t.rate) * t.window.Seconds())
	var mu sync.Mutex // the timer may run before it is kept
	mu.Lock()
	defer mu.Unlock()
	p.watch = time.AfterFunc(t.window, func() {
		if p.came.Swap(0) < least {
			cancel(errSlow)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		p.watch.Reset(t.window)
	})
	return p
}

func (p *paced) Read(b []byte) (int, error) {
	n, err := p.from.Read(b)
	p.came.Add(int64(n))
	if err != nil && !errors.Is(err, io.EOF) && errors.Is(context.Cause(p.ctx), errSlow) {
		return n, errSlow
	}
	return n, err
}

func (p *paced) Close() error {
	p.watch.Stop()
	err := p.from.Close()
	p.cancel(nil)
	return err
}

// limited fails after left bytes.
type limited struct {
	from io.ReadCloser
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left < 0 {
		return 0, errTooLarge
	}
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.from.Read(p)
	l.left -= int64(n)
	if l.left < 0 {
		return n, errTooLarge
	}
	return n, err
}

func (l *limited) Close() error { return l.from.Close() }

// gunzip starts at the first read, so that an empty body is no error.
type gunzip struct {
	from io.ReadCloser
	zr   *gzip.Reader
}

func (g *gunzip) Read(p []byte) (int, error) {
	if g.zr == nil {
		zr, err := gzip.NewReader(g.from)
		if err != nil {
			return 0, err // io.EOF for an empty body
		}
		g.zr = zr
	}
	return g.zr.Read(p)
}

func (g *gunzip) Close() error { return g.from.Close() }
