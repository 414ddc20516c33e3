package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"jobcity/pipeline/api"
)

// BenchmarkCachedAnswer gives one kept answer to different callers.
func BenchmarkCachedAnswer(b *testing.B) {
	secret, last := key(b, "last")
	last.Rate, last.Burst = 1e6, 1e6
	limits := func(cfg *api.Config) { cfg.Rate, cfg.Burst = 1e6, 1e6 }
	keys := func(n int) func(*api.Config) {
		return func(cfg *api.Config) {
			limits(cfg)
			for i := range n - 1 {
				_, k := key(b, fmt.Sprint("key", i))
				cfg.Keys = append(cfg.Keys, k)
			}
			cfg.Keys = append(cfg.Keys, last)
		}
	}
	for _, c := range []struct {
		name, from string
		header     http.Header
		set        func(*api.Config)
	}{
		{"no_limits", "198.51.100.7:4711", nil, func(*api.Config) {}},
		{"loopback", "127.0.0.1:4711", nil, limits},
		{"address", "198.51.100.7:4711", nil, limits},
		{"address_by_proxy", "10.0.0.1:4711", http.Header{"X-Forwarded-For": {"1.2.3.4, 198.51.100.7"}}, func(cfg *api.Config) {
			limits(cfg)
			cfg.TrustedProxies = []string{"10.0.0.0/8"}
		}},
		{"key", "198.51.100.7:4711", http.Header{"X-Api-Key": {secret}}, keys(1)},
		{"key_of_1000", "198.51.100.7:4711", http.Header{"X-Api-Key": {secret}}, keys(1000)},
	} {
		b.Run(c.name, func(b *testing.B) {
			cfg := config()
			c.set(&cfg)
			h := handler(b, cfg, deps(b, &fake{version: "1"}))
			r := httptest.NewRequestWithContext(b.Context(), "GET", "/v1/trends/hybrid_mix_by_district", nil)
			r.RemoteAddr, r.Header = c.from, c.header
			w := &sink{header: http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				clear(w.header)
				h.ServeHTTP(w, r)
			}
			if w.code != http.StatusOK {
				b.Fatalf("got %d", w.code)
			}
		})
	}
}

// sink takes an answer and keeps only its header.
type sink struct {
	header http.Header
	code   int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(b []byte) (int, error) { return len(b), nil }
func (s *sink) WriteHeader(code int)        { s.code = code }
