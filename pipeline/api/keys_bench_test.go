package api_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"jobcity/pipeline/api"
)

// BenchmarkCachedAnswer gives one kept answer to different callers.
func BenchmarkCachedAnswer(b *testing.B) {
	for _, c := range []struct {
		name, from string
		header     http.Header
		set        func(*api.Config)
	}{
		{"loopback", "127.0.0.1:4711", nil, func(*api.Config) {}},
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
