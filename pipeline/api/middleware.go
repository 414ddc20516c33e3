package api

import (
	"crypto/rand"
	"errors"
	"net/http"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

const (
	requestID = "X-Request-Id"
	maxURI    = 16 << 10 // bytes of path and query string
)

var goodID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// metrics counts what is asked, by route.
type metrics struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	cache    *prometheus.CounterVec
}

func newMetrics(r prometheus.Registerer) (metrics, error) {
	m := metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "jobcity_api_requests_total", Help: "Requests answered, by route and status."}, []string{"route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "jobcity_api_request_duration_seconds", Help: "Time to answer, by route.",
			Buckets: []float64{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30},
		}, []string{"route"}),
		cache: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "jobcity_api_answers_total", Help: "Answers by where they came from: the client's own copy, ours (hit), or a query (miss)."}, []string{"from"}),
	}
	if r == (*prometheus.Registry)(nil) {
		return m, nil
	}
	return m, errors.Join(r.Register(m.requests), r.Register(m.seconds), r.Register(m.cache))
}

// status remembers what was answered.
type status struct {
	http.ResponseWriter
	code int
}

func (s *status) WriteHeader(code int) {
	if s.code == 0 {
		s.code = code
	}
	s.ResponseWriter.WriteHeader(code)
}

func (s *status) Write(b []byte) (int, error) {
	if s.code == 0 {
		s.code = http.StatusOK
	}
	return s.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (s *status) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// counted answers one route: errors become problems, panics too.
func (s *server) counted(rt route) http.Handler {
	seconds := s.metrics.seconds.WithLabelValues(rt.path)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		st, start := &status{ResponseWriter: w}, time.Now()
		defer func() {
			if p := recover(); p != nil {
				if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
					panic(p)
				}
				s.log.Error("handler panicked", "path", rt.path, "panic", p, "stack", string(debug.Stack()))
				if st.code == 0 {
					s.fail(st, r, newProblem(http.StatusInternalServerError, "the answer could not be made; the log has the reason under this request's id"))
				}
			}
			seconds.Observe(time.Since(start).Seconds())
			s.metrics.requests.WithLabelValues(rt.path, strconv.Itoa(st.code)).Inc()
		}()
		if err := rt.handle(st, r); err != nil {
			s.fail(st, r, err)
		}
	})
}

// outer does what all requests need, and answers those that no route does.
func (s *server) outer(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		id := r.Header.Get(requestID)
		if !goodID.MatchString(id) {
			id = rand.Text()
		}
		h.Set(requestID, id)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		s.allowOrigin(h, r)
		// A client that does not read must not hold its answer for ever.
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(s.cfg.Timeout + time.Minute))
		if len(r.URL.Path)+len(r.URL.RawQuery) > maxURI {
			s.fail(w, r, newProblem(http.StatusRequestURITooLong, "path and query string may have %d bytes at most", maxURI))
			return
		}
		if handler, pattern := mux.Handler(r); pattern == "" {
			s.unrouted(w, r, handler)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// allowOrigin lets pages of the configured origins read the answer.
func (s *server) allowOrigin(h http.Header, r *http.Request) {
	if len(s.cfg.AllowOrigins) == 0 {
		return
	}
	h.Add("Vary", "Origin")
	origin := r.Header.Get("Origin")
	if origin == "" || !slices.Contains(s.cfg.AllowOrigins, origin) && !slices.Contains(s.cfg.AllowOrigins, "*") {
		return
	}
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Expose-Headers", "ETag, Link, Location, Retry-After, X-Request-Id, X-Suppressed, X-Truncated")
	if r.Method == http.MethodOptions {
		h.Set("Access-Control-Allow-Methods", "GET, HEAD, POST, DELETE, OPTIONS")
		h.Set("Access-Control-Allow-Headers", "Accept, Authorization, Content-Type, If-None-Match, X-Request-Id")
		h.Set("Access-Control-Max-Age", "600")
	}
}

// reply takes what the mux says where it has no route.
type reply struct {
	header http.Header
	code   int
}

func (r *reply) Header() http.Header         { return r.header }
func (r *reply) WriteHeader(code int)        { r.code = code }
func (r *reply) Write(b []byte) (int, error) { return len(b), nil }

// unrouted answers OPTIONS, and problems in place of the mux's plain texts.
func (s *server) unrouted(w http.ResponseWriter, r *http.Request, handler http.Handler) {
	said := reply{header: http.Header{}, code: http.StatusOK}
	handler.ServeHTTP(&said, r)
	allow := said.header.Get("Allow")
	switch {
	case said.code == http.StatusMethodNotAllowed && r.Method == http.MethodOptions:
		w.Header().Set("Allow", allow+", OPTIONS")
		w.WriteHeader(http.StatusNoContent)
	case said.code == http.StatusMethodNotAllowed:
		w.Header().Set("Allow", allow+", OPTIONS")
		s.fail(w, r, newProblem(http.StatusMethodNotAllowed, "%s takes %s, not %s", r.URL.Path, allow, clip(r.Method)))
	case said.code >= 300 && said.code < 400:
		w.Header().Set("Location", said.header.Get("Location"))
		w.WriteHeader(said.code)
	default:
		p := newProblem(http.StatusNotFound, "there is nothing at %s", clip(r.URL.Path))
		if strings.HasPrefix(r.URL.Path, "/v1") {
			p.Detail += "; /openapi.json lists what there is"
		}
		s.fail(w, r, p)
	}
}
