package public_test

import (
	"errors"
	"net"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"jobcity/pipeline/public"
)

func TestOnlyAddressesOfThePublicInternetArePublic(t *testing.T) {
	for addr, want := range map[string]bool{
		"8.8.8.8": true, "2606:4700::1111": true, "127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false,
		"169.254.169.254": false, "100.64.0.1": false, "0.0.0.0": false, "255.255.255.255": false, "224.0.0.1": false, "198.18.0.1": false,
		"::1": false, "::": false, "fe80::1": false, "fd00::1": false, "::ffff:127.0.0.1": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false,
		"ff02::1": false, "2001:db8::1": false, "240.0.0.1": false, "::ffff:8.8.8.8": true, "::127.0.0.1": false, "64:ff9b:1::1": false,
	} {
		if got := public.Is(netip.MustParseAddr(addr)); got != want {
			t.Errorf("%s: public %v, want %v", addr, got, want)
		}
	}
}

func TestAnAddressInsideIsDialledOnlyWhenItIsAllowed(t *testing.T) {
	srv := httptest.NewServer(nil)
	defer srv.Close()
	host := srv.Listener.Addr().String()
	_, port, err := net.SplitHostPort(host)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, dial string
		allow      []string
		want       bool
	}{
		{"nothing is allowed", host, nil, false},
		{"a name that resolves to loopback", "localhost:" + port, nil, false},
		{"an IPv4 address in an IPv6 one", "[::ffff:127.0.0.1]:" + port, nil, false},
		{"another host is allowed", host, []string{"10.0.0.1", "localhost"}, false},
		{"another port is allowed", host, []string{"127.0.0.1:1"}, false},
		{"the address is allowed", host, []string{"127.0.0.1"}, true},
		{"the address and port are allowed", host, []string{host}, true},
		{"the network is allowed", host, []string{"127.0.0.0/8"}, true},
		{"the name is allowed", "localhost:" + port, []string{"LOCALHOST"}, true},
	} {
		conn, err := public.New(c.allow, "x.allow_private_hosts").Dial(t.Context(), "tcp4", c.dial)
		if err == nil {
			conn.Close()
		}
		if (err == nil) != c.want || err != nil && (!errors.Is(err, public.ErrPrivate) || !strings.Contains(err.Error(), "add it to x.allow_private_hosts")) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestAURLThatPlainlyLeadsInsideIsRefused(t *testing.T) {
	for text, want := range map[string]bool{
		"https://example.org/x": true, "http://8.8.8.8:81": true, "http://127.0.0.1": false, "http://LOCALHOST:80": false, "http://a.localhost": false,
		"http://[::1]/": false, "http://10.0.0.7": true, "http://10.0.0.8": false, "https://169.254.169.254": false,
	} {
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := public.New([]string{"10.0.0.7:80"}, "x").CheckURL(u); (err == nil) != want {
			t.Errorf("%s: %v", text, err)
		}
	}
}
