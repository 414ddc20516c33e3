package api

import (
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxAddresses is how many addresses are kept count of, some 200 bytes each.
const maxAddresses = 1 << 16

func validateLimit(perSecond float64, burst int) (errs []error) {
	if perSecond != 0 && !(perSecond >= leastRate && perSecond <= mostRate) {
		errs = append(errs, fmt.Errorf("rate: must be 0 or between %g and %g (got %g)", leastRate, mostRate, perSecond))
	}
	if burst < 0 || burst > mostBurst {
		errs = append(errs, fmt.Errorf("burst: must be between 0 and %d (got %d)", mostBurst, burst))
	}
	return errs
}

// validateAddresses reports all that is wrong with what callers without a key may do.
func (c Config) validateAddresses() []error {
	errs := validateLimit(c.Rate, c.Burst)
	for i, text := range c.TrustedProxies {
		if _, err := parsePrefix(text); err != nil {
			errs = append(errs, fmt.Errorf("trusted_proxies[%d]: must be an address or a network such as 10.0.0.0/8 (got %q)", i, text))
		}
	}
	return errs
}

// parsePrefix reads a network, or an address as the network of itself.
func parsePrefix(text string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(text); err == nil {
		a = a.Unmap().WithZone("")
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	return netip.ParsePrefix(text)
}

// policy is a token bucket: burst requests at once, which come back at rate.
type policy struct {
	rate   rate.Limit
	burst  int
	name   string   // with quotes, as the fields have it
	header []string // RateLimit-Policy
}

// newPolicy returns nil for a rate of 0: no limit.
func newPolicy(name string, perSecond float64, burst int) *policy {
	if perSecond == 0 {
		return nil
	}
	if burst == 0 {
		burst = wholeSeconds(perSecond)
	}
	p := &policy{rate: rate.Limit(perSecond), burst: burst, name: strconv.Quote(name)}
	p.header = []string{fmt.Sprintf("%s;q=%d;w=%d", p.name, burst, wholeSeconds(float64(burst)/perSecond))}
	return p
}

func (p *policy) limiter() *rate.Limiter { return rate.NewLimiter(p.rate, p.burst) }

// wholeSeconds rounds up; at least 1.
func wholeSeconds(s float64) int { return max(1, int(math.Ceil(s))) }

// take counts a request against l, or refuses it. Either way it says in h how much is
// left, in the fields of draft-ietf-httpapi-ratelimit-headers-11: RateLimit-Policy has
// the quota q and the window w, the seconds in which all of it comes back; RateLimit has
// what is left, r, and t, the seconds in which as much comes back: who spreads r
// requests over t seconds is not refused. When nothing is left, t is Retry-After.
func (p *policy) take(h http.Header, l *rate.Limiter, now time.Time) error {
	ok := l.AllowN(now, 1)
	tokens := l.TokensAt(now)
	left := max(0, int(tokens))
	window := wholeSeconds(float64(left) / float64(p.rate))
	if left == 0 {
		window = wholeSeconds((1 - tokens) / float64(p.rate))
	}
	field := make([]byte, 0, 48)
	field = append(append(field, p.name...), ";r="...)
	field = append(strconv.AppendInt(field, int64(left), 10), ";t="...)
	field = strconv.AppendInt(field, int64(window), 10)
	h["Ratelimit-Policy"], h["Ratelimit"] = p.header, []string{string(field)}
	if ok {
		return nil
	}
	no := refusal(http.StatusTooManyRequests, "rate", "the limit is %g requests a second, and %d at once after a pause; try again in %d s", float64(p.rate), p.burst, window)
	no.RetryAfter = window
	return no
}

// addresses limits callers by where they come from. It keeps count of the
// [maxAddresses] that came last; one that is left out starts afresh, which for those
// that did not come since the whole quota came back is the same.
type addresses struct {
	policy  *policy // nil: no limit
	trusted []netip.Prefix

	mu         sync.Mutex
	young, old map[netip.Addr]*rate.Limiter // who came since turned, and who only before
	turned     time.Time
}

func newAddresses(c Config) *addresses {
	a := &addresses{policy: newPolicy("address", c.Rate, c.Burst), young: map[netip.Addr]*rate.Limiter{}}
	for _, text := range c.TrustedProxies {
		prefix, _ := parsePrefix(text) // checked by Validate
		a.trusted = append(a.trusted, prefix)
	}
	return a
}

// take counts a request against its address, or refuses it.
func (a *addresses) take(h http.Header, r *http.Request, now time.Time) error {
	if a.policy == nil {
		return nil
	}
	addr, reported := a.caller(r)
	if addr.IsLoopback() && !reported {
		return nil
	}
	if addr.Is6() { // a /64 is one site's: RFC 6177
		addr = netip.PrefixFrom(addr, 64).Masked().Addr()
	}
	return a.policy.take(h, a.limiter(addr, now), now)
}

func (a *addresses) limiter(addr netip.Addr, now time.Time) *rate.Limiter {
	a.mu.Lock()
	defer a.mu.Unlock()
	refill := float64(a.policy.burst) / float64(a.policy.rate) // seconds
	if len(a.young) >= maxAddresses/2 || now.Sub(a.turned).Seconds() > max(refill, 60) {
		a.young, a.old, a.turned = map[netip.Addr]*rate.Limiter{}, a.young, now
	}
	l := a.young[addr]
	if l == nil {
		if l = a.old[addr]; l == nil {
			l = a.policy.limiter()
		}
		a.young[addr] = l
	}
	return l
}

// size is how many addresses are kept count of.
func (a *addresses) size() float64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return float64(len(a.young) + len(a.old))
}

// caller is the address that r comes from: that of the connection, or where that is a
// trusted proxy's, the right-most that is not one's too in what the proxies report.
// Proxies add to X-Forwarded-For or to Forwarded (RFC 7239) and let the other through as
// the client wrote it: where r has both and they differ, neither is believed.
func (a *addresses) caller(r *http.Request) (addr netip.Addr, reported bool) {
	if at, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		addr = at.Addr().Unmap().WithZone("")
	}
	listed, tagged := r.Header["X-Forwarded-For"], r.Header["Forwarded"]
	if len(listed)+len(tagged) == 0 || !a.trusts(addr) {
		return addr, false
	}
	first, second := a.before(addr, listed, node), a.before(addr, tagged, forNode)
	switch {
	case len(tagged) == 0 || first == second:
		return first, true
	case len(listed) == 0:
		return second, true
	default:
		return addr, true
	}
}

// before follows what proxies report from right to left, as far as it can be trusted.
func (a *addresses) before(addr netip.Addr, values []string, read func(string) (netip.Addr, error)) netip.Addr {
	for i := len(values) - 1; i >= 0; i-- {
		for rest, more := values[i], true; more; {
			at := strings.LastIndexByte(rest, ',')
			element := strings.TrimSpace(rest[at+1:])
			if more = at >= 0; more {
				rest = rest[:at]
			}
			if element == "" {
				continue
			}
			next, err := read(element)
			if err != nil {
				return addr
			}
			if addr = next; !a.trusts(addr) {
				return addr
			}
		}
	}
	return addr
}

func (a *addresses) trusts(addr netip.Addr) bool {
	for _, p := range a.trusted {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

// node reads an address that may have a port, an IPv6 one in brackets.
func node(text string) (netip.Addr, error) {
	addr, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"))
	if err != nil {
		var at netip.AddrPort
		at, err = netip.ParseAddrPort(text)
		addr = at.Addr()
	}
	return addr.Unmap().WithZone(""), err
}

// forNode reads the parameter for of an element of Forwarded.
func forNode(element string) (netip.Addr, error) {
	for pair := range strings.SplitSeq(element, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
		if strings.EqualFold(name, "for") {
			return node(strings.Trim(value, `"`))
		}
	}
	return netip.Addr{}, fmt.Errorf("no address in %q", element)
}
