package search_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"jobcity/pipeline/batch"
	"jobcity/pipeline/batch/batchtest"
	"jobcity/pipeline/bus"
	"jobcity/pipeline/posting"
	"jobcity/pipeline/query"
	"jobcity/pipeline/search"
	"jobcity/pipeline/store"
	"jobcity/pipeline/tag"
	sqlfiles "jobcity/sql"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		// The server and client leave these behind for a moment after they are closed.
		goleak.IgnoreAnyFunction("github.com/nats-io/nats-server/v2/server.(*Server).startGoRoutine.func1"),
		goleak.IgnoreAnyFunction("github.com/nats-io/nats-server/v2/server.(*fileStore).flushLoop"),
		goleak.IgnoreAnyFunction("github.com/nats-io/nats-server/v2/server.(*fileStore).syncBlocks"),
		goleak.IgnoreAnyFunction("github.com/nats-io/nats-server/v2/server.(*ipQueue[...]).push"),
	)
}

func config() search.Config {
	return search.Config{
		Max: 10, Concurrency: 4, Timeout: 5 * time.Second, Retry: time.Millisecond, RetryMost: 20 * time.Millisecond, GiveUp: 100 * time.Hour,
		AllowPrivateHosts: []string{"127.0.0.0/8"},
	}
}

// born is when the stream was made, more precisely than the store keeps it.
var born = time.Date(2026, 1, 1, 0, 0, 0, 123_456_789, time.UTC)

// city is a bus, a store and the saved searches between them.
type city struct {
	t      *testing.T
	bus    *bus.Bus
	store  *store.DB
	dir    string
	server string
	cfg    search.Config
	book   *search.Book
	log    *bytes.Buffer // what was logged
	reg    *prometheus.Registry
	runs   *atomic.Int64 // queries of the store

	sequence uint64
	made     int
}

func openBus(t *testing.T) *bus.Bus { return busAt(t, "") }

// busAt is the bus at url, or if that is empty one inside this process.
func busAt(t *testing.T, url string) *bus.Bus {
	t.Helper()
	cfg := bus.Config{URL: url, Replicas: 1, MaxBytes: 64 << 20, ConnectTimeout: 20 * time.Second, Lease: 300 * time.Millisecond}
	b, err := bus.Open(t.Context(), cfg, t.TempDir(), slog.New(slog.DiscardHandler), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

// newCity is a city for a test that runs beside others.
func newCity(t *testing.T) *city {
	t.Helper()
	t.Parallel()
	return cityOn(t, openBus(t), "one", config())
}

func cityOn(t *testing.T, b *bus.Bus, server string, cfg search.Config) *city {
	t.Helper()
	c := &city{t: t, bus: b, server: server, cfg: cfg, log: &bytes.Buffer{}, reg: prometheus.NewRegistry(), runs: &atomic.Int64{}}
	c.openStore(t.TempDir())
	return c
}

// openStore gives the city another store, and opens its searches.
func (c *city) openStore(dir string) {
	c.t.Helper()
	db, err := store.Open(c.t.Context(), store.Config{MemoryLimit: "512MB", Threads: 2, QueryTimeout: time.Minute, RepostGap: 60}, dir, slog.New(slog.DiscardHandler))
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = db.Close() })
	if err := db.SetTaxonomy(c.t.Context(), store.Taxonomy{Version: batchtest.Taxonomy, Districts: [][2]string{{"software", "Software"}}}); err != nil {
		c.t.Fatal(err)
	}
	queries, err := query.Load(sqlfiles.API, "api")
	if err != nil {
		c.t.Fatal(err)
	}
	c.store, c.dir = db, dir
	if c.book, err = search.Open(c.t.Context(), c.cfg, c.bus, counting{db, c.runs}, queries, c.server); err != nil {
		c.t.Fatal(err)
	}
}

// counting counts the queries of a store.
type counting struct {
	*store.DB
	runs *atomic.Int64
}

func (c counting) Run(ctx context.Context, b query.Bound, maxRows int) (query.Result, error) {
	c.runs.Add(1)
	return c.DB.Run(ctx, b, maxRows)
}

// row is a posting like no other, fetched at seen, with its tags.
func (c *city) row(seen time.Time, skills ...string) batch.Row {
	c.t.Helper()
	c.made++
	p := posting.Posting{
		Source: "file", Board: "made-up", NativeID: fmt.Sprintf("%s-%d", c.server, c.made), Employer: fmt.Sprint("Employer ", c.server, c.made), SeenAt: seen,
		Title: fmt.Sprintf("Engineer %s %d", c.server, c.made), Text: fmt.Sprintf("Builds %d bridges of kind %s-%d.", c.made, c.server, c.made), URL: "https://jobs.example/1",
	}
	return c.prepared(batch.Row{Posting: p}, skills...)
}

func (c *city) prepared(r batch.Row, skills ...string) batch.Row {
	c.t.Helper()
	if err := r.Posting.Prepare(); err != nil {
		c.t.Fatal(err)
	}
	rows := batchtest.Rows(1, 1)
	r.Tags = rows[0].Tags
	r.Tags.ID, r.Tags.Skills, r.Tags.Words = r.Posting.ID, nil, tag.Words(r.Posting.Title+" "+r.Posting.Text)
	for _, s := range skills {
		r.Tags.Skills = append(r.Tags.Skills, tagSkill(s))
	}
	return r
}

// copyOf is the same posting under another native id.
func (c *city) copyOf(r batch.Row, id string, seen time.Time, skills ...string) batch.Row {
	c.t.Helper()
	r.Posting.NativeID += "-" + id
	r.Posting.SeenAt = seen
	return c.prepared(r, skills...)
}

// arrive applies rows to the store, as one batch.
func (c *city) arrive(rows ...batch.Row) {
	c.t.Helper()
	c.sequence++
	at := store.Position{Stream: bus.Batches, Created: born, Sequence: c.sequence}
	if _, err := c.store.ApplyBatches(c.t.Context(), batchtest.Records(c.t, rows), at); err != nil {
		c.t.Fatal(err)
	}
}

// sweep applies a complete sweep of the board that lists the rows.
func (c *city) sweep(at time.Time, rows ...batch.Row) {
	c.t.Helper()
	c.sequence++
	s := posting.Sweep{Source: "file", Board: "made-up", StartedAt: at, FinishedAt: at.Add(time.Second), Verdict: posting.Complete}
	for _, r := range rows {
		s.Listed = append(s.Listed, r.Posting.ID)
	}
	if err := c.store.ApplySweeps(c.t.Context(), []store.SweepAt{{Sweep: s, Sequence: c.sequence}}, bus.Sweeps, born); err != nil {
		c.t.Fatal(err)
	}
}

// save saves a search for go postings that tells url.
func (c *city) save(url string) (search.Search, string) {
	c.t.Helper()
	s, secret, err := c.book.Create(c.t.Context(), search.New{Name: "Go", Filters: map[string]string{"skills": "go"}, URL: url})
	if err != nil {
		c.t.Fatal(err)
	}
	return s, secret
}

// sender is a sender that looks often.
func (c *city) sender() *search.Sender {
	c.t.Helper()
	s, err := search.NewSender(c.book, c.bus, slog.New(slog.NewJSONHandler(&locked{w: c.log}, &slog.HandlerOptions{Level: slog.LevelDebug})), c.reg)
	if err != nil {
		c.t.Fatal(err)
	}
	s.SetTick(2 * time.Millisecond)
	return s
}

// start runs a sender until stop is called.
func (c *city) start(s *search.Sender) (stop func()) {
	c.t.Helper()
	ctx, cancel := context.WithCancel(c.t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-done; err != nil {
				c.t.Error(err)
			}
		})
	}
	c.t.Cleanup(stop)
	return stop
}

// again runs a sender that registers its metrics anew, as another process would.
func (c *city) again() (stop func()) {
	c.reg = prometheus.NewRegistry()
	return c.start(c.sender())
}

// until waits until a search is as wanted.
func (c *city) until(id string, wanted func(search.Search) bool) search.Search {
	c.t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(2 * time.Millisecond) {
		s, err := c.book.Get(c.t.Context(), id)
		if err != nil {
			c.t.Fatal(err)
		}
		if wanted(s) {
			return s
		}
		if time.Now().After(end) {
			c.t.Fatalf("waited too long: %+v", s.Webhook)
		}
	}
}

type locked struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}

// told is a delivery as it was received.
type told struct {
	header http.Header
	body   []byte
	ids    []string
	search struct {
		ID      string            `json:"id"`
		Name    string            `json:"name"`
		Filters map[string]string `json:"filters"`
	}
	at time.Time
}

// receiver is a webhook on loopback. answer says how it answers its nth delivery,
// from 0; nil: 204 to all.
type receiver struct {
	*httptest.Server
	came   chan told
	answer func(n int, w http.ResponseWriter, r *http.Request)
}

func newReceiver(t *testing.T, answer func(n int, w http.ResponseWriter, r *http.Request)) *receiver {
	t.Helper()
	v := &receiver{came: make(chan told, 1000), answer: answer}
	var n atomic.Int64
	v.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := told{header: r.Header.Clone()}
		got.body, _ = io.ReadAll(r.Body)
		var m struct {
			Search    json.RawMessage  `json:"search"`
			Postings  []map[string]any `json:"postings"`
			Delivered time.Time        `json:"delivered_at"`
		}
		if err := json.Unmarshal(got.body, &m); err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s of %s, %s: %v", r.Method, r.Header.Get("Content-Type"), got.body, err)
		}
		_ = json.Unmarshal(m.Search, &got.search)
		for _, p := range m.Postings {
			got.ids = append(got.ids, p["id"].(string))
		}
		got.at = m.Delivered
		v.came <- got
		if v.answer == nil {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		v.answer(int(n.Add(1))-1, w, r)
	}))
	t.Cleanup(v.Close)
	return v
}

// next is the next delivery.
func (v *receiver) next(t *testing.T) told {
	t.Helper()
	select {
	case got := <-v.came:
		return got
	case <-time.After(20 * time.Second):
		t.Fatal("nothing was delivered")
		return told{}
	}
}

// none says that nothing has come that was not looked at.
func (v *receiver) none(t *testing.T) {
	t.Helper()
	select {
	case got := <-v.came:
		t.Errorf("told of %v under %s", got.ids, got.header.Get("webhook-id"))
	default:
	}
}
