// Package crawltest is a server of job boards that behaves as badly as real ones
// do, for tests of package crawl.
package crawltest

import (
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Server answers paths with the handlers it was given; anything else is 404. By
// default its robots.txt allows everything.
type Server struct {
	URL  string
	Host string // "127.0.0.1:port", for allow_private_hosts

	mu       sync.Mutex
	handlers map[string]http.Handler
	asked    map[string]int // by path, path and query, path and body
	agents   map[string]bool
}

// New starts a server that stops with the test.
func New(t testing.TB) *Server {
	t.Helper()
	s := &Server{handlers: map[string]http.Handler{}, asked: map[string]int{}, agents: map[string]bool{}}
	srv := httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(func() {
		srv.CloseClientConnections()
		srv.Close()
	})
	s.URL = srv.URL
	u, err := url.Parse(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	s.Host = u.Host
	s.Handle("/robots.txt", JSON("User-agent: *\nAllow: /\n"))
	return s
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	key, body := r.URL.EscapedPath(), ""
	if r.Method == http.MethodPost {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return // the client went away
		}
		body = string(b)
	}
	s.mu.Lock()
	s.asked[key]++
	s.agents[r.UserAgent()] = true
	if r.URL.RawQuery != "" {
		s.asked[key+"?"+r.URL.RawQuery]++
	}
	h := s.handlers[key+"?"+r.URL.RawQuery]
	if h == nil {
		h = s.handlers[key]
	}
	if r.Method == http.MethodPost {
		s.asked[key+" "+body]++
		if own := s.handlers[key+" "+body]; own != nil {
			h = own
		}
	}
	s.mu.Unlock()
	if h == nil {
		http.NotFound(w, r)
		return
	}
	h.ServeHTTP(w, r)
}

// Handle answers a path from now on, with or without a query; or a POST to it, by
// path, a space and body.
func (s *Server) Handle(path string, h http.Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handlers[path] = h
}

// Asked is how often a path was asked for.
func (s *Server) Asked(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[path]
}

// Agents are the User-Agents that asked.
func (s *Server) Agents() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for a := range s.agents {
		out = append(out, a)
	}
	return out
}

// JSON answers body with an ETag, and 304 to one who has it.
func JSON(body string) http.Handler { return Content("application/json", body) }

// Content answers body as [JSON] does, with another media type.
func Content(kind, body string) http.Handler {
	etag := fmt.Sprintf(`"%x"`, sha256.Sum256([]byte(body)))[:20] + `"`
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", etag)
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Type", kind)
		fmt.Fprint(w, body)
	})
}

// Status answers a status, with headers given as name, value, ….
func Status(code int, headers ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(code)
		fmt.Fprintln(w, http.StatusText(code))
	})
}

// HTML answers 200 with a page for people, as sites in trouble do.
func HTML() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!doctype html><title>We will be back soon</title>")
	})
}

// Truncated sends half of body and breaks the connection.
func Truncated(body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		fmt.Fprint(w, body[:len(body)/2])
		if f, ok := w.(http.Flusher); ok {
			f.Flush()
		}
		panic(http.ErrAbortHandler)
	})
}

// Bomb answers n bytes of white space in gzip: a thousandth on the wire.
func Bomb(n int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		zw := gzip.NewWriter(w)
		defer zw.Close()
		chunk := []byte(strings.Repeat(" ", 64<<10))
		for ; n > 0; n -= len(chunk) {
			if _, err := zw.Write(chunk[:min(n, len(chunk))]); err != nil {
				return
			}
		}
	})
}

// Endless sends a byte every tick until the client goes away.
func Endless(tick time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for {
			if _, err := w.Write([]byte(" ")); err != nil {
				return
			}
			if f, ok := w.(http.Flusher); ok {
				f.Flush()
			}
			select {
			case <-time.After(tick):
			case <-r.Context().Done():
				return
			}
		}
	})
}

// Sequence answers each request with the next handler, and then with the last.
func Sequence(hs ...http.Handler) http.Handler {
	var mu sync.Mutex
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		h := hs[0]
		if len(hs) > 1 {
			hs = hs[1:]
		}
		mu.Unlock()
		h.ServeHTTP(w, r)
	})
}

// Unreachable is an address on loopback that refuses connections.
func Unreachable(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
