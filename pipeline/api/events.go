package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/munnerz/goautoneg"

	"jobcity/pipeline/query"
)

const (
	eventStream = "text/event-stream"
	eventEvery  = time.Second      // at most one event, and one query for all listeners
	heartbeat   = 15 * time.Second // so often a silent stream shows that it is alive
	eventWrite  = 10 * time.Second // a listener that does not take an event for so long is let go
	retryAfter  = 3 * time.Second  // a listener that lost its stream waits so long before it asks again
)

// events are the streams of counts, and what was counted last.
type events struct {
	most      int64
	listeners atomic.Int64
	mu        sync.Mutex
	newest    kept      // its value is the event as it is sent
	counted   time.Time // when it was last counted, or tried to
	err       error     // why it could not be
}

// counts is what an event holds.
type counts struct {
	Version      string           `json:"version"`
	AsOf         *time.Time       `json:"as_of"`
	Postings     int64            `json:"postings"`
	Roles        int64            `json:"roles"`
	OpenPostings int64            `json:"open_postings"`
	Employers    int64            `json:"employers"`
	Boards       map[string]int64 `json:"boards"`    // by verdict of the last sweep
	Districts    map[string]int64 `json:"districts"` // roles that live there; a role may live in several
}

// listen answers with a stream of events as HTML has it (WHATWG HTML, 9.2): the counts
// now, unless the listener has them, and again whenever the data has changed.
func (s *server) listen(w http.ResponseWriter, r *http.Request) error {
	b, _, err := bind(r, eventsQuery())
	if err != nil {
		return err
	}
	once, _ := b.Value("once").(bool)
	accept := strings.Join(r.Header.Values("Accept"), ",")
	if strings.TrimSpace(accept) != "" && goautoneg.Negotiate(accept, []string{eventStream}) == "" {
		return newProblem(http.StatusNotAcceptable, "this is to be had as %s", eventStream)
	}
	if !once {
		if s.events.listeners.Add(1) > s.events.most {
			s.events.listeners.Add(-1)
			p := refusal(http.StatusTooManyRequests, "listeners", "%d streams are open already; try again in a minute, or ask with once=true", s.events.most)
			p.RetryAfter = 60
			return p
		}
		s.metrics.listeners.Inc()
		defer func() { s.events.listeners.Add(-1); s.metrics.listeners.Dec() }()
	}
	has := kept{version: r.Header.Get("Last-Event-ID"), revision: s.Runner.Revision()}
	first := []byte(nil)
	if once || has.version == "" || has.version != s.Runner.Version() {
		if has, err = s.newestCounts(r.Context()); err != nil {
			return err
		}
		first = has.value.([]byte)
	}
	h := w.Header()
	h.Set("Content-Type", eventStream)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // a proxy that gathers answers must not hold up this one
	st := stream{w: w, c: http.NewResponseController(w)}
	hello := fmt.Appendf(nil, "retry: %d\n\n", retryAfter.Milliseconds())
	if r.Method == http.MethodHead || !st.send(append(hello, first...)) || once {
		return nil
	}
	s.follow(r.Context(), &st, has)
	return nil
}

// follow sends the counts after those that the listener has, until it is gone, does
// not read, or the program stops.
func (s *server) follow(ctx context.Context, st *stream, has kept) {
	tick := time.NewTicker(eventEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.Ending:
			return
		case <-tick.C:
		}
		next := has
		if has.version != s.Runner.Version() || has.revision != s.Runner.Revision() {
			if k, err := s.newestCounts(ctx); err == nil { // else the reason is in the log, and the next tick tries again
				next = k
			}
		}
		switch {
		case next.version != has.version || next.revision != has.revision:
			if !st.send(next.value.([]byte)) {
				return
			}
			has = next
		case time.Since(st.sent) >= heartbeat:
			if !st.send([]byte(":\n\n")) {
				return
			}
		}
	}
}

// newestCounts is the event of the present data, or the last one when it was counted
// less than [eventEvery] ago and nothing was erased since.
func (s *server) newestCounts(ctx context.Context) (kept, error) {
	s.events.mu.Lock()
	k, err, lately := s.events.newest, s.events.err, time.Since(s.events.counted) < eventEvery
	s.events.mu.Unlock()
	switch {
	case lately && err != nil:
		return kept{}, err
	case k.value != nil && k.revision == s.Runner.Revision() && (lately || k.version == s.Runner.Version()):
		return k, nil
	}
	k, _, err = s.keep(ctx, "events", true, func(ctx context.Context, version string) (any, int, error) {
		revision := s.Runner.Revision()
		event, err := s.makeEvent(ctx, version)
		if !errors.Is(ctx.Err(), context.Canceled) { // which says that nobody waits for it any more
			s.events.mu.Lock()
			s.events.counted, s.events.err = time.Now(), err
			if err == nil { // together, so that who comes now has the newest
				s.events.newest = kept{value: event, version: version, revision: revision}
			}
			s.events.mu.Unlock()
			if err != nil {
				s.log.Warn("counting for an event", "error", err)
			}
		}
		return event, len(event), err
	})
	return k, err
}

// makeEvent counts, and writes the event down.
func (s *server) makeEvent(ctx context.Context, version string) ([]byte, error) {
	res, err := s.count(ctx, "counts")
	if err != nil {
		return nil, err
	}
	by, err := s.count(ctx, "counts_by_district")
	if err != nil {
		return nil, err
	}
	row := res.Rows[0]
	c := counts{
		Version: version, AsOf: instant(row[7]), Postings: row[0].(int64), Roles: row[1].(int64), OpenPostings: row[2].(int64), Employers: row[3].(int64),
		Boards:    map[string]int64{"complete": row[4].(int64), "partial": row[5].(int64), "failed": row[6].(int64)},
		Districts: map[string]int64{},
	}
	for _, row := range by.Rows {
		if district, ok := row[0].(string); ok {
			c.Districts[district] = row[1].(int64)
		}
	}
	data, err := encode(c)
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "id: %s\nevent: counts\ndata: %s\n\n", version, bytes.TrimSpace(data)), nil
}

// count runs a query without parameters on the present data.
func (s *server) count(ctx context.Context, name string) (query.Result, error) {
	b, err := s.Queries.Query(name).Bind(nil)
	if err != nil {
		return query.Result{}, err
	}
	return s.run(ctx, b, s.cfg.MaxRows)
}

// stream writes events to a listener.
type stream struct {
	w    http.ResponseWriter
	c    *http.ResponseController
	sent time.Time // when the last was
}

// send says whether the listener took it in time.
func (st *stream) send(b []byte) bool {
	st.sent = time.Now()
	_ = st.c.SetWriteDeadline(st.sent.Add(eventWrite)) // writers without a connection need none
	_, err := st.w.Write(b)
	if err == nil {
		err = st.c.Flush()
	}
	return err == nil
}

// eventsQuery declares what may be asked of the stream.
func eventsQuery() *query.Query {
	no := "false"
	return &query.Query{Name: "events", Params: []query.Param{{Name: "once", Type: "boolean", Default: &no, Doc: "one event, and the answer ends"}}}
}

func docEvents() operation {
	return operation{
		id: "events", summary: "Live counts as server-sent events",
		about: "An event named counts, its id the version of the data, at once (unless Last-Event-ID names the present version) and whenever the data has changed, at most one a second. Its data is the schema counts as JSON. A comment every 15 seconds shows that a silent stream is alive.",
		params: append(queryParams(eventsQuery()),
			dict{"name": "Last-Event-ID", "in": "header", "description": "The id of the last event that the listener has.", "schema": text()}),
		content: dict{eventStream: dict{"schema": text()}}, fails: []int{504},
	}
}
