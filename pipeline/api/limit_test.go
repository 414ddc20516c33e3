package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"jobcity/pipeline/api"
)

// limited lets burst requests through from an address, and one more in a day.
func limited(t testing.TB, burst int, proxies ...string) http.Handler {
	t.Helper()
	cfg := config()
	cfg.Rate, cfg.Burst, cfg.TrustedProxies = 1.0/86400, burst, proxies
	return handler(t, cfg, withSQL(t))
}

// from asks for something small from an address.
func from(t testing.TB, h http.Handler, addr string, header http.Header) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/v1/trends", nil)
	r.RemoteAddr = addr
	if header != nil {
		r.Header = header
	}
	return send(t, h, r)
}

func TestWhoAsksTooOftenIsTurnedAwayUntilTheTimeThatIsSaid(t *testing.T) {
	secret, k, err := api.NewKey("acme", 0.4, 3)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, policy string
		header       http.Header
	}{
		{"by address", `"address";q=3;w=8`, nil},
		{"by key", `"key";q=3;w=8`, http.Header{"X-Api-Key": {secret}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg := config()
				cfg.Keys, cfg.Rate, cfg.Burst = []api.Key{k}, 0.4, 3
				h := handler(t, cfg, withSQL(t))
				ask := func(status int, left string) *http.Response {
					t.Helper()
					res := from(t, h, "198.51.100.7:4711", c.header)
					if res.StatusCode != status || res.Header.Get("RateLimit") != strings.SplitAfter(c.policy, ";")[0]+left || res.Header.Get("RateLimit-Policy") != c.policy {
						t.Errorf("got %d, RateLimit %s, RateLimit-Policy %s; want %d, %s", res.StatusCode, res.Header.Get("RateLimit"), res.Header.Get("RateLimit-Policy"), status, left)
					}
					return res
				}
				ask(200, "r=2;t=5")
				ask(200, "r=1;t=3")
				ask(200, "r=0;t=3")
				res := ask(429, "r=0;t=3")
				if res.Header.Get("Retry-After") != "3" || res.Header.Get("Content-Type") != "application/problem+json" || !strings.Contains(body(t, res), `"retry_after":3`) {
					t.Errorf("Retry-After %s, %s", res.Header.Get("Retry-After"), res.Header.Get("Content-Type"))
				}
				time.Sleep(2 * time.Second)
				if res := ask(429, "r=0;t=1"); res.Header.Get("Retry-After") != "1" {
					t.Errorf("Retry-After %s", res.Header.Get("Retry-After"))
				}
				time.Sleep(time.Second)
				ask(200, "r=0;t=2")
				time.Sleep(time.Hour)
				ask(200, "r=2;t=5")
			})
		})
	}
}

func TestNobodyGetsMoreThanTheLimitAndWaitingHelps(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		perSecond := rapid.Float64Range(0.01, 50).Draw(rt, "rate")
		burst := rapid.IntRange(1, 20).Draw(rt, "burst")
		waits := rapid.SliceOfN(rapid.IntRange(0, 3000), 1, 60).Draw(rt, "waits")
		synctest.Test(t, func(t *testing.T) {
			cfg := config()
			cfg.Rate, cfg.Burst = perSecond, burst
			h := handler(t, cfg, withSQL(t))
			start, let := time.Now(), 0
			for _, ms := range waits {
				time.Sleep(time.Duration(ms) * time.Millisecond)
				res := from(t, h, "198.51.100.7:4711", nil)
				if res.StatusCode == http.StatusTooManyRequests {
					after, err := strconv.Atoi(res.Header.Get("Retry-After"))
					if err != nil || after < 1 {
						rt.Fatalf("Retry-After %q", res.Header.Get("Retry-After"))
					}
					time.Sleep(time.Duration(after) * time.Second)
					res = from(t, h, "198.51.100.7:4711", nil)
				}
				if res.StatusCode != http.StatusOK {
					rt.Fatalf("who waited as told got %d", res.StatusCode)
				}
				let++
				if most := float64(burst) + perSecond*time.Since(start).Seconds() + 1e-6; float64(let) > most {
					rt.Fatalf("%d requests in %s, at %g a second and %d at once", let, time.Since(start), perSecond, burst)
				}
			}
		})
	})
}

func TestAnAddressIsWhatOneCallerHas(t *testing.T) {
	for _, c := range []struct {
		name, first, second string
		want                int
	}{
		{"another port is the same caller", "198.51.100.7:1", "198.51.100.7:2", 429},
		{"another IPv4 address is another caller", "198.51.100.7:1", "198.51.100.8:1", 200},
		{"a /64 is one caller", "[2001:db8:1:2::1]:1", "[2001:db8:1:2:ffff::2]:1", 429},
		{"another /64 is another caller", "[2001:db8:1:2::1]:1", "[2001:db8:1:3::1]:1", 200},
		{"an IPv4 address within IPv6 is itself", "198.51.100.7:1", "[::ffff:198.51.100.7]:1", 429},
		{"IPv4 within IPv6 is not one /64", "[::ffff:198.51.100.7]:1", "[::ffff:198.51.100.8]:1", 200},
		{"a zone tells nobody apart", "[fe80::1%eth0]:1", "[fe80::1%eth1]:1", 429},
		{"this machine is not limited", "127.0.0.1:1", "127.0.0.1:2", 200},
		{"this machine by IPv6 is not limited", "[::1]:1", "[::1]:2", 200},
		{"those without an address are limited together", "", "@", 429},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := limited(t, 1)
			if res := from(t, h, c.first, nil); res.StatusCode != 200 {
				t.Fatalf("the first got %d", res.StatusCode)
			}
			if res := from(t, h, c.second, nil); res.StatusCode != c.want {
				t.Errorf("got %d, want %d", res.StatusCode, c.want)
			}
		})
	}
}

func TestOpenRoutesAndTheTokenAreNotLimited(t *testing.T) {
	h := limited(t, 1)
	if from(t, h, "198.51.100.7:1", nil).StatusCode != 200 || from(t, h, "198.51.100.7:1", nil).StatusCode != 429 {
		t.Fatal("there is no limit")
	}
	for _, url := range []string{"/healthz", "/readyz", "/metrics", "/openapi.json", "/v1/trends"} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", url, nil)
		r.RemoteAddr = "198.51.100.7:1"
		if url == "/v1/trends" {
			r.Header.Set("Authorization", "Bearer sesame")
		}
		if res := send(t, h, r); res.StatusCode != 200 || res.Header.Get("RateLimit") != "" {
			t.Errorf("%s: got %d, RateLimit %s", url, res.StatusCode, res.Header.Get("RateLimit"))
		}
	}
}

func TestWrongKeysAreCountedByAddress(t *testing.T) {
	secret, k := key(t, "acme")
	cfg := config()
	cfg.Keys, cfg.Rate, cfg.Burst = []api.Key{k}, 0.001, 3
	h := handler(t, cfg, withSQL(t))
	var got []int
	for range 5 {
		got = append(got, from(t, h, "198.51.100.7:1", http.Header{"X-Api-Key": {"guess"}}).StatusCode)
	}
	if fmt.Sprint(got) != "[401 401 401 429 429]" {
		t.Errorf("got %v", got)
	}
	if res := from(t, h, "198.51.100.7:1", http.Header{"X-Api-Key": {secret}}); res.StatusCode != 200 {
		t.Errorf("who has the key got %d", res.StatusCode)
	}
}

// forwarded are requests that come through proxies in 10.0.0.0/8 and on this machine.
var forwarded = []struct {
	name, from, list, tagged, want string
}{
	{"a proxy that reports nothing is the caller", "10.0.0.1", "", "", "10.0.0.1"},
	{"the caller is who the proxy reports", "10.0.0.1", "203.0.113.1", "", "203.0.113.1"},
	{"what the caller wrote itself does not count", "10.0.0.1", "1.2.3.4, 203.0.113.1", "", "203.0.113.1"},
	{"proxies in a row are passed over", "10.0.0.1", "1.2.3.4, 203.0.113.1, 10.0.0.3, 10.0.0.2", "", "203.0.113.1"},
	{"headers in a row are one list", "10.0.0.1", "1.2.3.4\n203.0.113.1\n10.0.0.2", "", "203.0.113.1"},
	{"where all are proxies it is the first", "10.0.0.1", "10.0.0.3, 10.0.0.2", "", "10.0.0.3"},
	{"a stranger's report does not count", "198.51.100.7", "203.0.113.1", "", "198.51.100.7"},
	{"a port is left out", "10.0.0.1", "203.0.113.1:99", "", "203.0.113.1"},
	{"IPv6 may stand in brackets", "10.0.0.1", "[2001:db8::1]:99", "", "2001:db8::1"},
	{"IPv6 may stand bare", "10.0.0.1", "2001:db8::1", "", "2001:db8::1"},
	{"what is no address ends the search", "10.0.0.1", "203.0.113.1, unknown", "", "10.0.0.1"},
	{"empty elements are passed over", "10.0.0.1", "203.0.113.1, ,", "", "203.0.113.1"},
	{"Forwarded counts as well", "10.0.0.1", "", "for=203.0.113.1;proto=https;by=10.0.0.1", "203.0.113.1"},
	{"Forwarded may be quoted", "10.0.0.1", "", `proto=http; For="[2001:db8::1]:4711"`, "2001:db8::1"},
	{"Forwarded is read from the right", "10.0.0.1", "", `for=1.2.3.4, for="203.0.113.1", for=10.0.0.2`, "203.0.113.1"},
	{"an open quote of the caller swallows nothing", "10.0.0.1", "", `for="1.2.3.4, for=203.0.113.1`, "203.0.113.1"},
	{"a hidden name ends the search", "10.0.0.1", "", "for=203.0.113.1, for=_gazonk", "10.0.0.1"},
	{"an element without for ends the search", "10.0.0.1", "", "for=203.0.113.1, proto=http", "10.0.0.1"},
	{"both headers count when they agree", "10.0.0.1", "203.0.113.1", "for=203.0.113.1", "203.0.113.1"},
	{"neither counts when they differ", "10.0.0.1", "203.0.113.1", "for=1.2.3.4", "10.0.0.1"},
	{"a proxy on this machine reports too", "127.0.0.1", "203.0.113.1", "", "203.0.113.1"},
}

func TestTheCallerBehindProxies(t *testing.T) {
	for _, c := range forwarded {
		t.Run(c.name, func(t *testing.T) {
			h := limited(t, 1, "10.0.0.0/8", "127.0.0.1")
			if res := from(t, h, netip.AddrPortFrom(netip.MustParseAddr(c.want), 1).String(), nil); res.StatusCode != 200 {
				t.Fatalf("the caller itself got %d", res.StatusCode)
			}
			header := http.Header{}
			if c.list != "" {
				header["X-Forwarded-For"] = strings.Split(c.list, "\n")
			}
			if c.tagged != "" {
				header["Forwarded"] = strings.Split(c.tagged, "\n")
			}
			if res := from(t, h, c.from+":1", header); res.StatusCode != 429 {
				t.Errorf("got %d: it is taken for another caller", res.StatusCode)
			}
		})
	}
}

func TestAProxyOnThisMachineThatSaysNothingClearIsLimited(t *testing.T) {
	h := limited(t, 1, "127.0.0.1")
	muddle := http.Header{"X-Forwarded-For": {"203.0.113.1"}, "Forwarded": {"for=1.2.3.4"}}
	if a, b := from(t, h, "127.0.0.1:1", muddle).StatusCode, from(t, h, "127.0.0.1:1", muddle).StatusCode; a != 200 || b != 429 {
		t.Errorf("got %d and %d", a, b)
	}
	if res := from(t, h, "127.0.0.1:1", nil); res.StatusCode != 200 {
		t.Errorf("this machine itself got %d", res.StatusCode)
	}
}

// FuzzForwarded: whatever a caller writes itself, it is known by what the proxy adds.
func FuzzForwarded(f *testing.F) {
	for _, c := range forwarded {
		f.Add(c.list, c.tagged)
	}
	f.Add(`for="a\", b`, `for="10.0.0.1;,=;"`)
	h := limited(f, 1, "10.0.0.0/8")
	from(f, h, "203.0.113.9:1", nil)
	f.Fuzz(func(t *testing.T, list, tagged string) {
		for name, value := range map[string]string{"X-Forwarded-For": list + ", 203.0.113.9", "Forwarded": tagged + ",for=203.0.113.9"} {
			if res := from(t, h, "10.0.0.1:1", http.Header{name: {value}}); res.StatusCode != 429 {
				t.Errorf("%s: %q is another caller", name, value)
			}
		}
		from(t, h, "10.0.0.1:1", http.Header{"X-Forwarded-For": {list}, "Forwarded": {tagged}})
	})
}

func TestAFloodOfAddressesDoesNotGrowMemory(t *testing.T) {
	h := limited(t, 1)
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/v1/events", nil)
	r.Header.Set("Accept", "image/png")
	w := &sink{header: http.Header{}}
	ask := func(addr string) int {
		clear(w.header)
		r.RemoteAddr = addr
		h.ServeHTTP(w, r)
		return w.code
	}
	ask("198.51.100.7:1")
	for i := range 100_000 {
		ask(fmt.Sprintf("[2001:db8:%x:%x::1]:1", i>>16, i&0xffff))
		if i%10_000 == 0 && ask("198.51.100.7:1") != 429 {
			t.Fatalf("one who keeps asking is forgotten after %d others", i)
		}
	}
	found := regexp.MustCompile(`(?m)^jobcity_api_addresses (\S+)$`).FindStringSubmatch(body(t, get(t, h, "GET", "/metrics")))
	if n, err := strconv.ParseFloat(found[1], 64); err != nil || n > 1<<16 || n < 1<<15 {
		t.Errorf("%v addresses are kept, %v", n, err)
	}
}
