// Package public tells addresses of the public Internet from those inside
// somebody's own net, and dials the former only: what people give us as a URL must
// not lead to what only this machine can reach.
package public

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"
)

// ErrPrivate marks an address inside somebody's own net.
var ErrPrivate = errors.New("not a public address")

// Guard decides which addresses may be dialled. It looks at the address after
// the name was resolved, so that neither a redirect nor a name that changes its
// address leads inside.
type Guard struct {
	setting string         // the name of the setting that allows more
	ports   []uint16       // that may be asked; none: any
	hosts   []string       // "name", "name:port", "address", "address:port"
	nets    []netip.Prefix // allowed networks
}

// New returns a guard that lets through public addresses, and those that allow
// names: hosts, host:port, addresses or networks. setting is where allow comes
// from, for messages. With ports, public addresses are asked on these only.
func New(allow []string, setting string, ports ...uint16) Guard {
	g := Guard{setting: setting, ports: ports}
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

// CheckAllowed reports what in allow is no host, host:port, address or network, as
// errors of the setting allow_private_hosts.
func CheckAllowed(allow []string) []error {
	var errs []error
	for i, h := range allow {
		if strings.TrimSpace(h) == "" || strings.Contains(h, "://") {
			errs = append(errs, fmt.Errorf("allow_private_hosts[%d]: must be a host, host:port, address or network (got %q)", i, h))
		}
	}
	return errs
}

// CheckURL refuses a URL whose host is plainly inside the own net and not allowed,
// so that the mistake shows before the first request. A name may still turn out to
// lead there.
func (g Guard) CheckURL(u *url.URL) error {
	host := u.Hostname()
	ip, err := netip.ParseAddr(host)
	private := err == nil && !Is(ip) || strings.EqualFold(host, "localhost") || strings.HasSuffix(strings.ToLower(host), ".localhost")
	if private && !g.allowsHost(HostPort(u)) && (err != nil || !g.allowsAddr(ip)) {
		return fmt.Errorf("%s is %w", host, ErrPrivate)
	}
	return nil
}

// HostPort is the host and port that u leads to, the host in lower case.
func HostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = "80"
		if u.Scheme == "https" {
			port = "443"
		}
	}
	return net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}

// allowsHost: the host was allowed by name, with this port or with any.
func (g Guard) allowsHost(hostport string) bool {
	hostport = strings.ToLower(hostport)
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	return slices.Contains(g.hosts, hostport) || slices.Contains(g.hosts, host)
}

func (g Guard) allowsAddr(ip netip.Addr) bool {
	ip = ip.Unmap()
	return slices.ContainsFunc(g.nets, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// Dial connects to hostport, if it or what it resolves to may be asked. It is made
// for [net/http.Transport.DialContext].
func (g Guard) Dial(ctx context.Context, network, hostport string) (net.Conn, error) {
	d := net.Dialer{Timeout: 15 * time.Second, KeepAlive: 30 * time.Second}
	if !g.allowsHost(hostport) {
		d.Control = g.control
	}
	return d.DialContext(ctx, network, hostport)
}

// control runs for every address that is about to be connected to.
func (g Guard) control(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %s", ErrPrivate, address)
	}
	if g.allowsAddr(ap.Addr()) {
		return nil
	}
	if !Is(ap.Addr()) {
		return fmt.Errorf("%w: %s; if you mean it, add it to %s", ErrPrivate, ap.Addr(), g.setting)
	}
	if len(g.ports) > 0 && !slices.Contains(g.ports, ap.Port()) {
		return fmt.Errorf("port %d of %s: only %s are asked; if you mean it, add the host to %s", ap.Port(), ap.Addr(), words(g.ports), g.setting)
	}
	return nil
}

func words(ports []uint16) string {
	all := make([]string, len(ports))
	for i, p := range ports {
		all[i] = fmt.Sprint(p)
	}
	return strings.Join(all, " and ")
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

// Is says whether ip is a global unicast address that belongs to no special block.
func Is(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.Is6() && !unicast6.Contains(ip) {
		return false
	}
	return !slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(ip) })
}
