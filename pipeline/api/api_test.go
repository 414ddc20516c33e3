package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"jobcity/pipeline/api"
	"jobcity/pipeline/query"
	sqlfiles "jobcity/sql"
	"jobcity/sql/citytest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func config() api.Config {
	return api.Config{MinPostings: 5, MinEmployers: 3, MaxRows: 1000, Timeout: 10 * time.Second, Concurrency: 2, Queue: 10, CacheBytes: 1 << 20, Listeners: 100}
}

// catalogs are read once for all tests.
var catalogs = sync.OnceValues(func() (c struct{ trends, reports, queries *query.Catalog }, err error) {
	var errs [3]error
	c.trends, errs[0] = query.Load(sqlfiles.Trend, "trend")
	c.reports, errs[1] = query.Load(sqlfiles.Report, "report")
	c.queries, errs[2] = query.Load(sqlfiles.API, "api")
	return c, errors.Join(errs[:]...)
})

func deps(t testing.TB, r api.Runner) api.Deps {
	t.Helper()
	c, err := catalogs()
	if err != nil {
		t.Fatal(err)
	}
	return api.Deps{
		Runner: r, Trends: c.trends, Reports: c.reports, Queries: c.queries, Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Registry: prometheus.NewRegistry(), Version: "test",
		Streams: func(context.Context) ([]api.Stream, error) {
			return []api.Stream{{Name: "BATCHES", Messages: 3, Bytes: 4000, LastSequence: 3, AppliedSequence: 2, Lag: 1}}, nil
		},
	}
}

func handler(t testing.TB, cfg api.Config, d api.Deps) http.Handler {
	t.Helper()
	h, err := api.New(cfg, d)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// city is the API over the made-up city.
func city(t testing.TB) http.Handler {
	t.Helper()
	d := deps(t, citytest.Open(t))
	d.Token, d.SQL = "sesame", func(_ context.Context, statement string, _ int) (query.Result, error) {
		if strings.Contains(statement, "delete") {
			return query.Result{}, errors.New("only SELECT and EXPLAIN run here")
		}
		return query.Result{Columns: []query.Column{{Name: "one", Type: "bigint"}}, Rows: [][]any{{int64(1)}}}, nil
	}
	return handler(t, config(), d)
}

func get(t testing.TB, h http.Handler, method, url string, header ...string) *http.Response {
	t.Helper()
	return send(t, h, httptest.NewRequestWithContext(t.Context(), method, url, nil), header...)
}

func send(t testing.TB, h http.Handler, r *http.Request, header ...string) *http.Response {
	t.Helper()
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t testing.TB, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestAnswersAreTheGoldenOnes(t *testing.T) {
	h := city(t)
	for name, url := range map[string]string{
		"share":       "/v1/trends/skill_share_by_month?skill=Kubernetes&from=2025-02",
		"small":       "/v1/trends/skill_share_by_month?skill=python&district=security",
		"hybrid":      "/v1/trends/hybrid_mix_by_district",
		"posting":     "/v1/postings/p003",
		"stock":       "/v1/postings/p040",
		"status":      "/v1/status",
		"boards":      "/v1/boards",
		"bad":         "/v1/trends/skill_share_by_month?skil=go&from=soon&to=2025-01&to=2025-02",
		"worse":       "/v1/trends/skill_share_by_month?skil=go&from=soon",
		"unknown":     "/v1/trends/skill_share_by_month?skill=kuberntes",
		"district":    "/v1/trends/skills_of_district?district=securty",
		"no_trend":    "/v1/trends/skill_share_by_moth",
		"no_posting":  "/v1/postings/nobody",
		"no_route":    "/v1/trend",
		"no_format":   "/v1/trends/hybrid_mix_by_district?format=xml",
		"stray_param": "/v1/status?verbose=1",
	} {
		t.Run(name, func(t *testing.T) {
			res := get(t, h, "GET", url, "X-Request-Id", "a-request")
			var b bytes.Buffer
			if err := json.Indent(&b, []byte(body(t, res)), "", "  "); err != nil {
				t.Fatal(err)
			}
			golden(t, name+".json", b.Bytes())
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
	}
}

func TestTrendsAreToBeHadInEveryFormat(t *testing.T) {
	h := city(t)
	for _, c := range []struct{ accept, url, media string }{
		{"", "", "application/json"},
		{"*/*", "", "application/json"},
		{"text/html,application/xhtml+xml,*/*;q=0.8", "", "application/json"},
		{"text/csv", "", "text/csv; charset=utf-8; header=present"},
		{"application/json;q=0.5, text/csv", "", "text/csv; charset=utf-8; header=present"},
		{"application/x-ndjson", "", "application/x-ndjson"},
		{"application/vnd.apache.arrow.stream", "", "application/vnd.apache.arrow.stream"},
		{"application/vnd.apache.parquet", "", "application/vnd.apache.parquet"},
		{"application/json", "?format=csv", "text/csv; charset=utf-8; header=present"},
		{"", "?format=markdown", "text/markdown; charset=utf-8"},
		{"", "?format=table&width=60", "text/plain; charset=utf-8"},
	} {
		res := get(t, h, "GET", "/v1/trends/hybrid_mix_by_district"+c.url, "Accept", c.accept)
		if res.StatusCode != 200 || res.Header.Get("Content-Type") != c.media {
			t.Errorf("%q %q: got %d %s", c.accept, c.url, res.StatusCode, res.Header.Get("Content-Type"))
		}
		if b := body(t, res); len(b) == 0 {
			t.Errorf("%q %q: empty", c.accept, c.url)
		}
		if linked := res.Header.Get("Link") != ""; linked == (c.media == "application/json") {
			t.Errorf("%q %q: link %q", c.accept, c.url, res.Header.Get("Link"))
		}
	}
	for _, url := range []string{"/v1/trends/hybrid_mix_by_district", "/v1/status", "/v1/postings/p003", "/openapi.json", "/v1/boards", "/v1/trends", "/healthz"} {
		if res := get(t, h, "GET", url, "Accept", "image/png"); res.StatusCode != http.StatusNotAcceptable || res.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s as an image: got %d %s", url, res.StatusCode, body(t, res))
		}
	}
}

func TestAnAnswerThatTheClientHasIsNotSentAgain(t *testing.T) {
	r := &fake{version: "1"}
	h := handler(t, config(), deps(t, r))
	url := "/v1/trends/hybrid_mix_by_district"
	first := get(t, h, "GET", url)
	tag := first.Header.Get("ETag")
	if first.StatusCode != 200 || tag == "" {
		t.Fatalf("got %d, ETag %q: %s", first.StatusCode, tag, body(t, first))
	}
	runs := r.count()
	for _, have := range []string{tag, `"other", ` + tag, "W/" + tag, "*"} {
		res := get(t, h, "GET", url, "If-None-Match", have)
		if res.StatusCode != http.StatusNotModified || body(t, res) != "" || res.Header.Get("ETag") != tag {
			t.Errorf("%s: got %d", have, res.StatusCode)
		}
	}
	if res := get(t, h, "GET", url); body(t, res) != body(t, first) || r.count() != runs {
		t.Errorf("the second request ran %d queries more", r.count()-runs)
	}
	seen := []string{tag}
	for _, other := range []string{url + "?format=csv", url + "?district=data", url + "?seniority=senior", url + "?format=table&width=40"} {
		seen = append(seen, get(t, h, "GET", other).Header.Get("ETag"))
	}
	r.setVersion("2")
	res := get(t, h, "GET", url, "If-None-Match", tag)
	if res.StatusCode != 200 {
		t.Errorf("new data: got %d", res.StatusCode)
	}
	seen = append(seen, res.Header.Get("ETag"))
	slices.Sort(seen)
	if n := len(seen); len(slices.Compact(seen)) != n {
		t.Errorf("different answers share an ETag: %v", seen)
	}
}

func TestMethods(t *testing.T) {
	h := city(t)
	whole := get(t, h, "GET", "/v1/status")
	head := get(t, h, "HEAD", "/v1/status")
	if head.StatusCode != 200 || body(t, head) != "" || head.Header.Get("Content-Length") != whole.Header.Get("Content-Length") {
		t.Errorf("HEAD: got %d, length %s", head.StatusCode, head.Header.Get("Content-Length"))
	}
	if res := get(t, h, "HEAD", "/nowhere"); res.StatusCode != 404 || body(t, res) != "" {
		t.Errorf("HEAD of nothing: got %d", res.StatusCode)
	}
	if res := get(t, h, "OPTIONS", "/v1/trends"); res.StatusCode != 204 || res.Header.Get("Allow") != "GET, HEAD, OPTIONS" {
		t.Errorf("OPTIONS: got %d, allow %q", res.StatusCode, res.Header.Get("Allow"))
	}
	res := get(t, h, "DELETE", "/v1/trends")
	if res.StatusCode != 405 || res.Header.Get("Allow") != "GET, HEAD, OPTIONS" || res.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("DELETE: got %d, allow %q, %s", res.StatusCode, res.Header.Get("Allow"), body(t, res))
	}
	if res := get(t, h, "GET", "/v1//status"); res.StatusCode != http.StatusTemporaryRedirect && res.StatusCode != http.StatusMovedPermanently || res.Header.Get("Location") != "/v1/status" {
		t.Errorf("a doubled slash: got %d to %q", res.StatusCode, res.Header.Get("Location"))
	}
	for _, path := range []string{"/v1/trends/%2e%2e%2fschema", "/v1/postings/..%2f..%2fetc%2fpasswd", "/%00", "/v1/trends/" + strings.Repeat("x", 3000)} {
		if res := get(t, h, "GET", path); res.StatusCode != 404 {
			t.Errorf("%.40s: got %d", path, res.StatusCode)
		}
	}
	if res := get(t, h, "GET", "/v1/trends?x="+strings.Repeat("x", 20000)); res.StatusCode != http.StatusRequestURITooLong {
		t.Errorf("a long query string: got %d", res.StatusCode)
	}
	if res := get(t, h, "GET", "/v1/trends?%zz"); res.StatusCode != 400 {
		t.Errorf("a broken query string: got %d", res.StatusCode)
	}
}

func TestHeadersKeepBrowsersSafe(t *testing.T) {
	cfg := config()
	cfg.AllowOrigins = []string{"https://map.example"}
	h := handler(t, cfg, deps(t, &fake{}))
	res := get(t, h, "GET", "/healthz", "Origin", "https://map.example", "X-Request-Id", "bad id\n")
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Access-Control-Allow-Origin": "https://map.example", "Vary": "Origin",
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
	} {
		if got := res.Header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if id := res.Header.Get("X-Request-Id"); len(id) < 20 {
		t.Errorf("request id: got %q", id)
	}
	pre := get(t, h, "OPTIONS", "/v1/trends", "Origin", "https://map.example", "Access-Control-Request-Method", "GET")
	if pre.StatusCode != 204 || pre.Header.Get("Access-Control-Allow-Methods") == "" {
		t.Errorf("preflight: got %d %v", pre.StatusCode, pre.Header)
	}
	if res := get(t, h, "GET", "/healthz", "Origin", "https://evil.example"); res.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("a foreign origin was let in")
	}
}

func TestFreeSQLNeedsTheToken(t *testing.T) {
	h := city(t)
	post := func(text string, header ...string) *http.Response {
		return send(t, h, httptest.NewRequestWithContext(t.Context(), "POST", "/v1/sql", strings.NewReader(text)), header...)
	}
	for _, auth := range []string{"", "Bearer wrong", "sesam", "Basic sesame"} {
		if res := post("select 1", "Authorization", auth); res.StatusCode != 401 || res.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("%q: got %d", auth, res.StatusCode)
		}
	}
	open := []string{"Authorization", "Bearer sesame"}
	if res := post("select 1", open...); res.StatusCode != 200 || !strings.Contains(body(t, res), `"one":1`) {
		t.Errorf("text: got %d", res.StatusCode)
	}
	if res := post(`{"sql":"select 1"}`, append(open, "Content-Type", "application/json")...); res.StatusCode != 200 {
		t.Errorf("JSON: got %d", res.StatusCode)
	}
	for text, want := range map[string]int{"": 400, "delete from posting": 400, strings.Repeat("x", 70000): 413} {
		if res := post(text, open...); res.StatusCode != want {
			t.Errorf("%.20q: got %d, want %d", text, res.StatusCode, want)
		}
	}
	plain := handler(t, config(), deps(t, &fake{}))
	if res := send(t, plain, httptest.NewRequestWithContext(t.Context(), "POST", "/v1/sql", strings.NewReader("select 1"))); res.StatusCode != 404 {
		t.Errorf("without a token there must be no route: got %d", res.StatusCode)
	}
}

func TestReadiness(t *testing.T) {
	d := deps(t, &fake{})
	d.Ready = func(context.Context) error { return errors.New("the bus is not there") }
	h := handler(t, config(), d)
	if res := get(t, h, "GET", "/readyz"); res.StatusCode != 503 || !strings.Contains(body(t, res), "the bus is not there") {
		t.Errorf("got %d", res.StatusCode)
	}
	if res := get(t, h, "GET", "/healthz"); res.StatusCode != 200 {
		t.Errorf("health: got %d", res.StatusCode)
	}
	if res := get(t, h, "GET", "/metrics"); res.StatusCode != 200 || !strings.Contains(body(t, res), `jobcity_api_requests_total{route="/readyz",status="503"} 1`) {
		t.Errorf("metrics: got %d", res.StatusCode)
	}
}

func TestConfigReportsAllThatIsOutOfBounds(t *testing.T) {
	err := api.Config{MinPostings: 0, Concurrency: 1000, AllowOrigins: []string{"example.org"}}.Validate()
	for _, want := range []string{"min_postings: must be between 1", "concurrency: must be between 1 and 64 (got 1000)", "timeout: must be positive", "allow_origins: must be origins"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("missing %q in: %v", want, err)
		}
	}
	if err := config().Validate(); err != nil {
		t.Error(err)
	}
}

// fake answers every query with one row, when it is let.
type fake struct {
	mu      sync.Mutex
	version string
	runs    int
	hold    func(ctx context.Context, b query.Bound) error
}

func (f *fake) Revision() string { return "" }

func (f *fake) Version() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.version
}

func (f *fake) setVersion(v string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.version = v
}

func (f *fake) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.runs
}

func (f *fake) Run(ctx context.Context, b query.Bound, _ int) (query.Result, error) {
	f.mu.Lock()
	f.runs++
	f.mu.Unlock()
	if f.hold != nil {
		if err := f.hold(ctx, b); err != nil {
			return query.Result{}, err
		}
	}
	res := query.Result{Columns: b.Query.Columns}
	if b.Query.Name == "known" {
		return res, nil
	}
	row := make([]any, len(res.Columns))
	for i, c := range res.Columns {
		if c.Type == "bigint" {
			row[i] = int64(20)
		}
	}
	if b.Query.Name != "breaks" {
		res.Rows = [][]any{row}
	}
	return res, nil
}
