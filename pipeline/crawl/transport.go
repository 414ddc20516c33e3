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
	"syscall"
	"time"
)

// errPrivate marks an address inside somebody's own net.
var errPrivate = errors.New("not a public address")

// errTooLarge marks an answer over the limit.
var errTooLarge = errors.New("larger than max_body_bytes")

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

// special are blocks that [netip.Addr] takes for global unicast but that lead to
// no public host, or hide one that is not (RFC 6890 and its registries).
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("192.88.99.0/24"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("::/96"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"), netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("3fff::/20"), netip.MustParsePrefix("5f00::/16"),
}

// isPublic: a global unicast address that belongs to no special block.
func isPublic(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	return !slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// transport makes one request without following redirects. It decodes gzip itself
// and fails, rather than cuts, when the decoded answer passes limit: Colly's own
// limit counts the encoded bytes.
type transport struct {
	base  *http.Transport
	limit int64
}

func newTransport(cfg Config) *transport {
	return &transport{limit: cfg.MaxBodyBytes, base: &http.Transport{
		Proxy:                  nil, // a proxy would be checked in place of the host behind it
		DialContext:            newGuard(cfg.AllowPrivateHosts).dial,
		DisableCompression:     true,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           4 * cfg.Concurrency,
		MaxIdleConnsPerHost:    cfg.PerHost,
		MaxResponseHeaderBytes: 64 << 10,
		IdleConnTimeout:        30 * time.Second,
		TLSHandshakeTimeout:    15 * time.Second,
		ResponseHeaderTimeout:  cfg.Timeout,
	}}
}

func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Header.Set("Accept-Encoding", "gzip")
	resp, err := t.base.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	resp.Body = &limited{from: resp.Body, left: t.limit}
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
