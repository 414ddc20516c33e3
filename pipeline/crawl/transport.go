package crawl

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// errPrivate marks an address inside somebody's own net.
var errPrivate = errors.New("not a public address")

// errTooLarge marks an answer over the limit.
var errTooLarge = errors.New("larger than max_body_bytes")

// errSlow marks an answer that trickles.
var errSlow = errors.New("slower than min_rate")

// rateWindow is the time over which the rate of an answer is taken.
const rateWindow = 10 * time.Second

// guard decides which addresses may be dialled. It looks at the address after
// the name was resolved, so that neither a redirect nor a name that changes its
// address leads inside.
type guard struct {
	hosts []string       // "name", "name:port", "address", "address:port"
	nets  []netip.Prefix // allowed networks
}

func newGuard(allow []string) guard {
	var g guard
	for _, a := range allow {
		a = strings.ToLower(strings.TrimSpace(a))
		if p, err := netip.ParsePrefix(a); err == nil {
			g.nets = append(g.nets, p.Masked())
			continue
		}
		g.hosts = append(g.hosts, strings.Trim(a, "[]"))
	}
	return g
}

// allowsHost: the host was allowed by name, with this port or with any.
func (g guard) allowsHost(hostport string) bool {
	hostport = strings.ToLower(hostport)
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	return slices.Contains(g.hosts, hostport) || slices.Contains(g.hosts, host)
}

func (g guard) allowsAddr(ip netip.Addr) bool {
	ip = ip.Unmap()
	return slices.ContainsFunc(g.nets, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// dial connects to hostport, if it or what it resolves to may be asked.
func (g guard) dial(ctx context.Context, network, hostport string) (net.Conn, error) {
	d := net.Dialer{Timeout: 15 * time.Second, KeepAlive: 30 * time.Second}
	if !g.allowsHost(hostport) {
		d.Control = g.control
	}
	return d.DialContext(ctx, network, hostport)
}

// control runs for every address that is about to be connected to.
func (g guard) control(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %s", errPrivate, address)
	}
	if g.allowsAddr(ap.Addr()) {
		return nil
	}
	if !isPublic(ap.Addr()) {
		return fmt.Errorf("%w: %s; if you mean it, add it to crawl.allow_private_hosts", errPrivate, ap.Addr())
	}
	if ap.Port() != 80 && ap.Port() != 443 {
		return fmt.Errorf("port %d of %s: only 80 and 443 are asked; if you mean it, add the host to crawl.allow_private_hosts", ap.Port(), ap.Addr())
	}
	return nil
}

// unicast6 is all of IPv6 that IANA has given out for global unicast. Whatever
// lies outside is local, or hides an IPv4 address (::/96, 64:ff9b::/96).
var unicast6 = netip.MustParsePrefix("2000::/3")

// special are blocks that [netip.Addr] takes for global unicast but that lead to
// no public host, or hide one that is not: the special-purpose registries of
// RFC 6890, iana.org/assignments/iana-ipv4-special-registry and -ipv6-.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("192.88.99.0/24"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("3fff::/20"),
}

// isPublic: a global unicast address that belongs to no special block.
func isPublic(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.Is6() && !unicast6.Contains(ip) {
		return false
	}
	return !slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(ip) })
}

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

func newTransport(cfg Config) *transport {
	return &transport{limit: cfg.MaxBodyBytes, rate: cfg.MinRate, window: rateWindow, base: &http.Transport{
		Proxy:                  nil, // a proxy would be checked in place of the host behind it
		DialContext:            newGuard(cfg.AllowPrivateHosts).dial,
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
