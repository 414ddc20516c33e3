package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"jobcity/pipeline/query"
)

// listener takes a stream, and can stop to read.
type listener struct {
	header   http.Header
	code     int
	gone     context.CancelFunc
	ended    chan struct{}
	deadline time.Time
	deaf     atomic.Bool

	mu   sync.Mutex
	text strings.Builder
}

// listenTo opens a stream. It lasts until the listener is gone, or the server ends it.
func listenTo(ctx context.Context, h http.Handler, url, last string) *listener {
	ctx, gone := context.WithCancel(ctx)
	l := &listener{header: http.Header{}, gone: gone, ended: make(chan struct{})}
	r := httptest.NewRequestWithContext(ctx, "GET", url, nil)
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	go func() {
		defer close(l.ended)
		h.ServeHTTP(l, r)
	}()
	return l
}

func (l *listener) Header() http.Header { return l.header }
func (l *listener) WriteHeader(c int)   { l.code = c }
func (l *listener) Flush()              {}

func (l *listener) SetWriteDeadline(t time.Time) error {
	l.deadline = t
	return nil
}

func (l *listener) Write(b []byte) (int, error) {
	if l.deaf.Load() {
		time.Sleep(time.Until(l.deadline))
		return 0, os.ErrDeadlineExceeded
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

// heard is what came since it was last asked for.
func (l *listener) heard() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.text.Reset()
	return l.text.String()
}

// ids are those of the events in text.
func ids(text string) (all []string) {
	for line := range strings.Lines(text) {
		if id, ok := strings.CutPrefix(line, "id: "); ok {
			all = append(all, strings.TrimSpace(id))
		}
	}
	return all
}

func TestAListenerHearsTheCountsNowAndWhenTheDataChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &fake{version: "1"}
		l := listenTo(t.Context(), handler(t, config(), deps(t, r)), "/v1/events", "")
		synctest.Wait()
		want := "retry: 3000\n\nid: 1\nevent: counts\ndata: " +
			`{"version":"1","as_of":null,"postings":20,"roles":20,"open_postings":20,"employers":20,"boards":{"complete":20,"failed":20,"partial":20},"districts":{}}` + "\n\n"
		if got := l.heard(); got != want {
			t.Errorf("at once\n got %q\nwant %q", got, want)
		}
		if got := l.header.Get("Content-Type") + " " + l.header.Get("Cache-Control"); got != "text/event-stream no-store" {
			t.Errorf("got %s", got)
		}
		time.Sleep(14500 * time.Millisecond)
		if got := l.heard(); got != "" {
			t.Errorf("nothing has changed, and there came %q", got)
		}
		time.Sleep(time.Second)
		if got := l.heard(); got != ":\n\n" {
			t.Errorf("after 15 seconds there came %q", got)
		}
		for v := range 9 { // within less than a second
			r.setVersion(fmt.Sprint(v + 2))
			time.Sleep(50 * time.Millisecond)
		}
		time.Sleep(time.Second)
		if got := l.heard(); fmt.Sprint(ids(got)) != "[10]" {
			t.Errorf("after nine changes there came %q", got)
		}
		l.gone()
		<-l.ended
	})
}

func TestAListenerThatHasTheCountsWaitsForTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &fake{version: "7"}
		h := handler(t, config(), deps(t, r))
		has, older := listenTo(t.Context(), h, "/v1/events", "7"), listenTo(t.Context(), h, "/v1/events", "6")
		synctest.Wait()
		if got := has.heard(); got != "retry: 3000\n\n" {
			t.Errorf("got %q", got)
		}
		if got := older.heard(); fmt.Sprint(ids(got)) != "[7]" {
			t.Errorf("got %q", got)
		}
		r.setVersion("8")
		time.Sleep(2 * time.Second)
		for _, l := range []*listener{has, older} {
			if got := l.heard(); fmt.Sprint(ids(got)) != "[8]" {
				t.Errorf("got %q", got)
			}
			l.gone()
			<-l.ended
		}
	})
}

func TestWhatIsErasedIsAChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &moving{}
		l := listenTo(t.Context(), handler(t, config(), deps(t, m)), "/v1/events", "")
		synctest.Wait()
		l.heard()
		m.erased.Add(1)
		time.Sleep(2 * time.Second)
		if got := l.heard(); fmt.Sprint(ids(got)) != "[0]" {
			t.Errorf("got %q", got)
		}
		l.gone()
		<-l.ended
	})
}

func TestAllListenersShareOneQueryASecond(t *testing.T) {
	for name, keeps := range map[string]int{"with a cache": 1 << 20, "without": 0} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const most, seconds = 100, 20
				m := &moving{}
				var runs atomic.Int64
				m.hold = func(_ context.Context, b query.Bound) error {
					if b.Query.Name == "counts" {
						runs.Add(1)
						time.Sleep(20 * time.Millisecond)
					}
					return nil
				}
				cfg := config()
				cfg.CacheBytes = keeps
				h := handler(t, cfg, deps(t, m))
				var all []*listener
				for range most {
					all = append(all, listenTo(t.Context(), h, "/v1/events", ""))
					time.Sleep(7 * time.Millisecond)
				}
				for range seconds * 20 {
					m.changes.Add(1)
					time.Sleep(50 * time.Millisecond)
				}
				time.Sleep(3 * time.Second)
				if n := runs.Load(); n < seconds-2 || n > seconds+4 {
					t.Errorf("%d queries in %d seconds", n, seconds+4)
				}
				for i, l := range all {
					got := ids(l.heard())
					if len(got) < seconds-2 || len(got) > seconds+4 || got[len(got)-1] != m.Version() {
						t.Errorf("listener %d heard %v, the data are at %s", i, got, m.Version())
					}
					l.gone()
					<-l.ended
				}
			})
		})
	}
}

func TestAListenerThatDoesNotReadIsLetGoAndHoldsUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &fake{version: "1"}
		h := handler(t, config(), deps(t, r))
		deaf, other := listenTo(t.Context(), h, "/v1/events", ""), listenTo(t.Context(), h, "/v1/events", "")
		synctest.Wait()
		deaf.deaf.Store(true)
		for v := range 5 {
			r.setVersion(fmt.Sprint(v + 2))
			time.Sleep(1500 * time.Millisecond)
			if got := fmt.Sprint(ids(other.heard())); !strings.HasSuffix(got, fmt.Sprintf("%d]", v+2)) {
				t.Errorf("the other heard %s", got)
			}
		}
		time.Sleep(5 * time.Second)
		synctest.Wait()
		select {
		case <-deaf.ended:
		default:
			t.Error("it is still held")
		}
		other.gone()
		<-other.ended
	})
}

func TestListenersAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config()
		cfg.Listeners = 2
		h := handler(t, cfg, deps(t, &fake{version: "1"}))
		one, two := listenTo(t.Context(), h, "/v1/events", ""), listenTo(t.Context(), h, "/v1/events", "")
		synctest.Wait()
		if res := get(t, h, "GET", "/v1/events"); res.StatusCode != 429 || res.Header.Get("Retry-After") != "60" || res.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("got %d, Retry-After %q", res.StatusCode, res.Header.Get("Retry-After"))
		}
		if res := get(t, h, "GET", "/v1/events?once=true"); res.StatusCode != 200 {
			t.Errorf("once: got %d", res.StatusCode)
		}
		if m := body(t, get(t, h, "GET", "/metrics")); !strings.Contains(m, "\njobcity_api_listeners 2\n") {
			t.Error("the metrics do not show two listeners")
		}
		one.gone()
		<-one.ended
		three := listenTo(t.Context(), h, "/v1/events", "")
		synctest.Wait()
		if len(ids(three.heard())) != 1 {
			t.Errorf("the next got %d", three.code)
		}
		two.gone()
		three.gone()
		<-two.ended
		<-three.ended
	})
}

func TestAStreamOutlivesAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &fake{version: "1"}
		var broken atomic.Bool
		var tries atomic.Int64
		r.hold = func(context.Context, query.Bound) error {
			if broken.Load() {
				tries.Add(1)
				return errors.New("out of order")
			}
			return nil
		}
		h := handler(t, config(), deps(t, r))
		l, other := listenTo(t.Context(), h, "/v1/events", ""), listenTo(t.Context(), h, "/v1/events", "")
		synctest.Wait()
		l.heard()
		broken.Store(true)
		r.setVersion("2")
		time.Sleep(16 * time.Second)
		if got := l.heard(); got != ":\n\n" || tries.Load() > 17 {
			t.Errorf("while it failed there came %q, after %d tries", got, tries.Load())
		}
		other.gone()
		<-other.ended
		if res := get(t, h, "GET", "/v1/events"); res.StatusCode != 500 || res.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("a new listener got %d %s", res.StatusCode, res.Header.Get("Content-Type"))
		}
		broken.Store(false)
		time.Sleep(2 * time.Second)
		if got := l.heard(); fmt.Sprint(ids(got)) != "[2]" {
			t.Errorf("after it there came %q", got)
		}
		l.gone()
		<-l.ended
	})
}

func TestOneEventIsToBeHadAlone(t *testing.T) {
	h := city(t)
	for _, accept := range []string{"", "*/*", "text/event-stream", "text/*;q=0.5"} {
		res := get(t, h, "GET", "/v1/events?once=true", "Accept", accept)
		if res.StatusCode != 200 || len(ids(body(t, res))) != 1 {
			t.Errorf("%q: got %d", accept, res.StatusCode)
		}
	}
	if res := get(t, h, "GET", "/v1/events", "Accept", "application/json"); res.StatusCode != http.StatusNotAcceptable {
		t.Errorf("as JSON: got %d", res.StatusCode)
	}
	if res := get(t, h, "HEAD", "/v1/events"); res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/event-stream" || body(t, res) != "" {
		t.Errorf("HEAD: got %d %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	if res := get(t, h, "GET", "/v1/events?twice=true"); res.StatusCode != 400 {
		t.Errorf("an unknown parameter: got %d", res.StatusCode)
	}
}

func TestEventsCountWhatStatusCounts(t *testing.T) {
	h := city(t)
	var status, event map[string]any
	if err := json.Unmarshal([]byte(body(t, get(t, h, "GET", "/v1/status"))), &status); err != nil {
		t.Fatal(err)
	}
	_, data, _ := strings.Cut(body(t, get(t, h, "GET", "/v1/events?once=true")), "\ndata: ")
	if err := json.Unmarshal([]byte(data), &event); err != nil {
		t.Fatal(err)
	}
	boards, _ := event["boards"].(map[string]any)
	for _, c := range []struct {
		name      string
		got, want any
	}{
		{"version", event["version"], status["data_version"]},
		{"as_of", event["as_of"], status["as_of"]},
		{"postings", event["postings"], status["postings"]},
		{"roles", event["roles"], status["core_postings"]},
		{"open_postings", event["open_postings"], status["open_postings"]},
		{"employers", event["employers"], status["employers"]},
		{"complete boards", boards["complete"], status["boards_complete"]},
		{"partial boards", boards["partial"], status["boards_partial"]},
		{"failed boards", boards["failed"], status["boards_failed"]},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %v, status says %v", c.name, c.got, c.want)
		}
	}
	if districts, _ := event["districts"].(map[string]any); districts["software"] != 27.0 {
		t.Errorf("districts: got %v", districts)
	}
}
