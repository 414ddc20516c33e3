// Package api answers over HTTP: trends with their intervals, samples and SQL,
// postings with the words that earned their tags, and the state of the city. It
// only runs named queries with bound parameters. Equal requests share one run,
// answers are kept and renewed when the data changes, and every error is a problem+json.
// Callers are limited by key or address, and may listen to the counts as they change.
package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/sync/semaphore"

	"jobcity/pipeline/query"
	"jobcity/pipeline/search"
)

// Config is what can be set.
type Config struct {
	MinPostings  int           `yaml:"min_postings"`  // a row that rests on fewer postings shows no estimate; at least 1
	MinEmployers int           `yaml:"min_employers"` // a row that rests on fewer employers shows no estimate; at least 1
	MaxRows      int           `yaml:"max_rows"`      // the most rows of an answer, 1 to 1000000
	Timeout      time.Duration `yaml:"timeout"`       // the longest an answer may take
	Concurrency  int           `yaml:"concurrency"`   // queries at a time, 1 to 64
	Queue        int           `yaml:"queue"`         // answers that may wait for their turn; more get 429
	CacheBytes   int           `yaml:"cache_bytes"`   // of the answers that are kept; 0: none
	MaxAge       time.Duration `yaml:"max_age"`       // a kept answer lasts so long although the data has changed, and longer if it was dear to make
	MaxStale     time.Duration `yaml:"max_stale"`     // none is given that is older, while the data has changed
	AllowOrigins []string      `yaml:"allow_origins"` // web origins whose pages may read the answers (CORS); "*" for all

	Keys           []Key    `yaml:"keys"`            // who is let in by a key, and how often
	KeysRequired   bool     `yaml:"keys_required"`   // callers without a key are refused
	Rate           float64  `yaml:"rate"`            // requests a second without a key, by address (IPv6: by /64); 0: no limit
	Burst          int      `yaml:"burst"`           // such requests at once; 0: those of one second
	TrustedProxies []string `yaml:"trusted_proxies"` // addresses and networks whose X-Forwarded-For or Forwarded counts
	Listeners      int      `yaml:"listeners"`       // streams of events at a time, 0 to 10000; more get 429
}

// Validate reports every setting that is out of bounds.
func (c Config) Validate() error {
	var errs []error
	for _, s := range []struct {
		name              string
		value, least, top int
	}{
		{"min_postings", c.MinPostings, 1, 1e6},
		{"min_employers", c.MinEmployers, 1, 1e6},
		{"max_rows", c.MaxRows, 1, 1e6},
		{"concurrency", c.Concurrency, 1, 64},
		{"queue", c.Queue, 0, 1e6},
		{"cache_bytes", c.CacheBytes, 0, 1 << 40},
		{"listeners", c.Listeners, 0, 10_000},
	} {
		if s.value < s.least || s.value > s.top {
			errs = append(errs, fmt.Errorf("%s: must be between %d and %d (got %d)", s.name, s.least, s.top, s.value))
		}
	}
	if c.Timeout <= 0 {
		errs = append(errs, fmt.Errorf("timeout: must be positive (got %s)", c.Timeout))
	}
	if c.MaxAge < 0 || c.MaxStale < 2*c.MaxAge || c.MaxStale > time.Hour {
		errs = append(errs, fmt.Errorf("max_stale: must be between twice max_age and an hour, and max_age not negative (got %s and %s)", c.MaxStale, c.MaxAge))
	}
	for _, o := range c.AllowOrigins {
		u, err := url.Parse(o)
		if o != "*" && (err != nil || u.Scheme == "" || u.Host == "" || u.Path != "") {
			errs = append(errs, fmt.Errorf("allow_origins: must be origins such as https://example.org, or * (got %q)", o))
		}
	}
	errs = append(errs, c.validateKeys()...)
	return errors.Join(append(errs, c.validateAddresses()...)...)
}

// Runner runs bound queries.
type Runner interface {
	// Run returns at most maxRows rows and says whether there were more.
	Run(ctx context.Context, b query.Bound, maxRows int) (query.Result, error)
	// Version names the present data; it changes whenever the data does.
	Version() string
	// Revision names what the data depends on beside what arrives, such as what was
	// erased: an answer of another revision is never given.
	Revision() string
}

// Stream is how far a stream has been applied here.
type Stream struct {
	Name            string `json:"name"`
	Messages        uint64 `json:"messages"`
	Bytes           uint64 `json:"bytes"`
	LastSequence    uint64 `json:"last_sequence"`
	AppliedSequence uint64 `json:"applied_sequence"` // 0 for a stream that is not applied to the store
	Lag             uint64 `json:"lag"`              // messages still to be worked on
}

// Deps is what the answers come from. Only the first four are needed.
type Deps struct {
	Runner  Runner
	Trends  *query.Catalog // of sql/trend
	Queries *query.Catalog // of sql/api
	Log     *slog.Logger

	Reports  *query.Catalog                                                                 // of sql/report; nil: there are none
	Registry *prometheus.Registry                                                           // nil: there is no /metrics
	Ready    func(context.Context) error                                                    // nil: always ready
	Streams  func(context.Context) ([]Stream, error)                                        // nil: /v1/status shows none
	SQL      func(ctx context.Context, statement string, maxRows int) (query.Result, error) // nil, or no Token: there is no /v1/sql
	Token    string                                                                         // the bearer token of /v1/sql; who sends it is never limited
	Version  string                                                                         // of the program
	Ending   <-chan struct{}                                                                // closed when the program stops: streams of events end; nil: they do not
	Searches *search.Book                                                                   // nil: none can be saved
}

// server is what the handlers share.
type server struct {
	Deps
	cfg       Config
	log       *slog.Logger
	metrics   metrics
	cache     cache
	flights   flights
	running   *semaphore.Weighted
	renewals  renewals
	crowd     crowd
	keys      keyring
	addresses *addresses
	events    events
	asking    asking
	spec      []byte // the OpenAPI document
}

// route is one path of the API: how it is answered, and how it is documented.
type route struct {
	method, path string
	handle       func(http.ResponseWriter, *http.Request) error
	doc          operation
}

// New returns the handler of all routes.
func New(cfg Config, d Deps) (http.Handler, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	for _, name := range []string{"scope", "coverage", "known", "breaks", "boards", "status", "sources", "posting", "counts", "counts_by_district"} {
		if d.Queries.Query(name) == nil {
			return nil, fmt.Errorf("the query %s is missing", name)
		}
	}
	s := &server{
		Deps: d, cfg: cfg, log: d.Log.With("component", "api"),
		cache:     cache{most: cfg.CacheBytes},
		flights:   flights{timeout: cfg.Timeout},
		running:   semaphore.NewWeighted(int64(cfg.Concurrency)),
		crowd:     crowd{most: int64(cfg.Concurrency + cfg.Queue)},
		addresses: newAddresses(cfg),
		events:    events{most: int64(cfg.Listeners)},
	}
	var err error
	if s.metrics, err = newMetrics(d.Registry, s.addresses.size); err != nil {
		return nil, fmt.Errorf("api metrics: %w", err)
	}
	s.keys = newKeyring(cfg.Keys, d.Token, s.metrics)
	routes := s.routes()
	if s.spec, err = s.openAPI(routes); err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	mux := http.NewServeMux()
	for _, r := range routes {
		mux.Handle(r.method+" "+r.path, s.counted(r))
	}
	return s.outer(mux), nil
}

func (s *server) routes() []route {
	routes := []route{
		{"GET", "/v1/trends", listQueries(s.Trends, "/v1/trends/"), docQueries("trends", "The trends, their parameters and their columns")},
		{"GET", "/v1/postings/{id}", s.onePosting, docPosting()},
		{"GET", "/v1/boards", s.boards, s.docBoards()},
		{"GET", "/v1/status", s.status, s.docStatus()},
		{"GET", "/v1/events", s.listen, docEvents()},
		{"GET", "/healthz", s.healthy, docHealth()},
		{"GET", "/readyz", s.ready, docReady()},
		{"GET", "/openapi.json", s.openAPIDocument, docOpenAPI()},
		{"GET", "/v1/trends/{name}", unknownQuery(s.Trends, "trend"), operation{}},
	}
	for _, p := range pages() {
		routes = append(routes, route{"GET", p.path, s.onePage(p), s.docPage(p)})
	}
	for _, l := range lists() {
		routes = append(routes, route{"GET", l.path, s.onePageOf(l), s.docList(l)})
	}
	for _, q := range s.Trends.All() { // each has its own parameters and columns to document
		routes = append(routes, route{"GET", "/v1/trends/" + q.Name, s.oneTrend(q), s.docTrend(q)})
	}
	if s.Reports != nil {
		routes = append(routes,
			route{"GET", "/v1/reports", listQueries(s.Reports, "/v1/reports/"), docQueries("reports", "The reports, their parameters and their columns")},
			route{"GET", "/v1/reports/{name}", unknownQuery(s.Reports, "report"), operation{}})
		for _, q := range s.Reports.All() {
			routes = append(routes, route{"GET", "/v1/reports/" + q.Name, s.oneTrend(q), s.docTrend(q)})
		}
	}
	if s.Registry != nil {
		serve := promhttp.HandlerFor(s.Registry, promhttp.HandlerOpts{})
		routes = append(routes, route{"GET", "/metrics", func(w http.ResponseWriter, r *http.Request) error {
			serve.ServeHTTP(w, r)
			return nil
		}, docMetrics()})
	}
	routes = append(routes, s.searchRoutes()...)
	if s.SQL != nil && s.Token != "" {
		routes = append(routes, route{"POST", "/v1/sql", s.freeSQL, docSQL()})
	}
	return routes
}
