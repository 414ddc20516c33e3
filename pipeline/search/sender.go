package search

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/semaphore"

	"jobcity/pipeline/bus"
	"jobcity/pipeline/query"
)

const (
	senderLease = "sender"
	maxPostings = 100                    // of a delivery
	maxTold     = 1000                   // ids that a search remembers to have told
	lateness    = time.Hour              // what was seen so long before the search had all there was may be new yet
	keepEvery   = 10 * time.Minute       // how often it is kept that a search was looked at to no avail
	grace       = 500 * time.Millisecond // for writing down what is done when the end comes
	leasesEvery = 10 * time.Second       // how often it is looked who else sends
)

// Sender delivers new postings to the webhooks of saved searches. Each search is
// told by one server at a time: the one whose store its cursor is of, as long as
// that holds its lease on the bus.
type Sender struct {
	book    *Book
	bus     *bus.Bus
	client  *http.Client
	log     *slog.Logger
	counts  metrics
	now     func() time.Time
	tick    time.Duration // how often it is looked whether there is something to do
	leases  time.Duration // how often it is looked who else sends
	started cursor        // where this store stood when the process began
	asking  *semaphore.Weighted
	slots   *semaphore.Weighted

	mu    sync.Mutex
	tasks map[string]*task

	// For the loop alone.
	version  string
	mark     cursor
	others   map[string]bool // servers that hold a lease
	othersAt time.Time
}

// task is a search with a webhook, as far as this process knows.
type task struct {
	record   record
	revision uint64
	kept     time.Time // the time of the cursor that the bus has
	busy     bool
}

type metrics struct {
	deliveries *prometheus.CounterVec
	postings   prometheus.Counter
}

// NewSender returns the loop that tells the webhooks of book; Run starts it. It
// must be made before the store applies anything: where the store stands then says
// whether it is the one that the searches know. Metrics go to reg unless it is nil.
func NewSender(book *Book, b *bus.Bus, log *slog.Logger, reg prometheus.Registerer) (*Sender, error) {
	s := &Sender{
		book: book, bus: b, client: newClient(book.cfg, book.guard), log: log.With("component", "search"), now: time.Now, tick: time.Second, leases: leasesEvery,
		asking: semaphore.NewWeighted(1), slots: semaphore.NewWeighted(int64(book.cfg.Concurrency)),
		counts: metrics{
			deliveries: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "jobcity_search_deliveries_total", Help: "Tries to tell a webhook of new postings, by outcome: delivered, failed, gone (the receiver wants no more) or disabled (it failed for too long)."}, []string{"outcome"}),
			postings:   prometheus.NewCounter(prometheus.CounterOpts{Name: "jobcity_search_delivered_postings_total", Help: "Postings that webhooks were told of."}),
		},
	}
	s.started.At = time.Now()
	s.started.Stream, s.started.Sequence = book.position()
	if reg != nil {
		if err := errors.Join(reg.Register(s.counts.deliveries), reg.Register(s.counts.postings)); err != nil {
			return nil, fmt.Errorf("search metrics: %w", err)
		}
	}
	return s, nil
}

// Run delivers until ctx ends. A delivery that is under way then is made again at
// the next start, under the same id.
func (s *Sender) Run(ctx context.Context) error {
	defer s.client.CloseIdleConnections()
	for waited := false; ctx.Err() == nil; {
		held, release, err := s.bus.Lease(ctx, senderLease, s.book.server)
		switch {
		case err != nil && ctx.Err() == nil:
			s.log.Error("taking the lease to deliver", "error", err)
		case held != nil:
			waited = false
			s.lead(held)
			release()
			continue
		case err == nil && !waited:
			waited = true
			s.log.Info("another process delivers under this server's name, or has just ended; waiting", "server", s.book.server)
		}
		sleep(ctx, time.Second)
	}
	return nil
}

// lead delivers as long as the lease is held.
func (s *Sender) lead(ctx context.Context) {
	var work sync.WaitGroup
	defer work.Wait()
	s.mu.Lock()
	s.tasks = map[string]*task{}
	s.mu.Unlock()
	s.version, s.othersAt = "", time.Time{}
	work.Go(func() { s.watch(ctx) })
	for took := time.Duration(0); ; {
		sleep(ctx, max(s.tick, took)) // the store has as much time for others as a round takes
		if ctx.Err() != nil {
			return
		}
		begin := time.Now()
		if err := s.round(ctx, &work); err != nil && ctx.Err() == nil {
			s.version = "" // look again
			s.log.Error("looking for new postings", "error", err)
		}
		took = time.Since(begin)
	}
}

// watch keeps tasks as the bus has them.
func (s *Sender) watch(ctx context.Context) {
	for ctx.Err() == nil {
		err := s.book.bucket.Watch(ctx, s.learn, func() {})
		if ctx.Err() == nil {
			s.log.Error("following the saved searches", "error", err)
			sleep(ctx, time.Second)
		}
	}
}

// learn takes over what the bus says of a search.
func (s *Sender) learn(e bus.Entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tasks[e.Key]
	if t != nil && e.Revision <= t.revision {
		return // what this process wrote itself
	}
	if e.Value == nil {
		delete(s.tasks, e.Key)
		return
	}
	r, err := decode(e)
	if err != nil {
		s.log.Error("a saved search is passed over", "search", logged(e.Key), "error", err)
		return
	}
	if r.Webhook == nil {
		return
	}
	if t == nil {
		t = &task{}
		s.tasks[e.Key] = t
	}
	t.record, t.revision, t.kept = r, e.Revision, r.Cursor.At
}

// round looks at every search once, and starts the deliveries that are due.
func (s *Sender) round(ctx context.Context, work *sync.WaitGroup) error {
	if version := s.book.runner.Version(); version != s.version {
		m, err := s.book.mark(ctx)
		if err != nil {
			return err
		}
		s.mark, s.version = m, version
	}
	s.mu.Lock()
	ids := slices.Collect(maps.Keys(s.tasks)) // in another order each time, so that none is always the last
	s.mu.Unlock()
	mark, errs := s.mark, []error(nil)
	for _, id := range ids {
		t, ok := s.take(id)
		if !ok {
			continue
		}
		due, err := s.ready(ctx, &t)
		if err != nil {
			errs = append(errs, fmt.Errorf("search %s: %w", logged(id), err))
		}
		if !due || !s.slots.TryAcquire(1) {
			s.giveBack(t)
			continue
		}
		work.Go(func() {
			defer s.slots.Release(1)
			s.deliver(ctx, t, mark)
		})
	}
	return errors.Join(errs...)
}

// take hands a search that nobody works on to the caller, who gives it back.
func (s *Sender) take(id string) (task, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tasks[id]
	if t == nil || t.busy || t.record.Webhook.State == Disabled {
		return task{}, false
	}
	t.busy = true
	return *t, true
}

// giveBack takes over what became of a search, unless the bus knows better.
func (s *Sender) giveBack(t task) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.tasks[t.record.ID]
	if now == nil {
		return
	}
	now.busy = false
	if t.revision >= now.revision {
		now.record, now.revision, now.kept = t.record, t.revision, t.kept
	}
}

// ready makes up t's next delivery, and says whether one is due.
func (s *Sender) ready(ctx context.Context, t *task) (bool, error) {
	if mine, err := s.own(ctx, t); !mine || err != nil {
		return false, err
	}
	if next := t.record.Webhook.NextTry; next != nil && s.now().Before(*next) {
		return false, nil
	}
	if t.record.Pending != nil {
		return true, nil
	}
	if err := s.look(ctx, t, s.mark); err != nil || t.record.Pending != nil {
		return err == nil, err
	}
	if t.record.Cursor.At.Sub(t.kept) <= keepEvery {
		return false, nil
	}
	err := s.keep(ctx, t)
	if errors.Is(err, bus.ErrChanged) {
		s.reload(ctx, t)
		err = nil
	}
	return false, err
}

// query asks the store, one question at a time: people go first.
func (s *Sender) query(ctx context.Context, b query.Bound) (query.Result, error) {
	if err := s.asking.Acquire(ctx, 1); err != nil {
		return query.Result{}, err
	}
	defer s.asking.Release(1)
	return s.book.runner.Run(ctx, b, 10*maxPostings)
}

// look moves the cursor of t to where it finds something new, or to mark.
func (s *Sender) look(ctx context.Context, t *task, mark cursor) error {
	r := &t.record
	for r.Cursor.Role < mark.Role {
		params := maps.Clone(r.Filters)
		params["after"], params["upto"] = strconv.FormatInt(r.Cursor.Role, 10), strconv.FormatInt(mark.Role, 10)
		params["since"] = strconv.FormatInt(horizon(*r).UnixMicro(), 10)
		params["top"] = strconv.Itoa(maxPostings)
		if !r.Cursor.Floor.IsZero() {
			params["floor"] = strconv.FormatInt(r.Cursor.Floor.UnixMicro(), 10)
		}
		bound, err := s.book.queries.Query("search_new").Bind(params)
		if err != nil {
			return err
		}
		res, err := s.query(ctx, bound)
		if err != nil {
			return err
		}
		then := r.Cursor
		if len(res.Rows) < maxPostings {
			then = caughtUp(r.Cursor, mark)
		} else {
			then.Role, _ = res.Rows[len(res.Rows)-1][0].(int64)
		}
		var ids []string
		for _, row := range res.Rows {
			if id, _ := row[1].(string); !told(r.Told, id) {
				ids = append(ids, id)
			}
		}
		if len(ids) > 0 {
			r.Pending = &pending{ID: "msg_" + rand.Text(), IDs: ids, Then: then}
			return nil
		}
		r.Cursor = then
	}
	if r.Cursor.Role == mark.Role && mark.At.After(r.Cursor.At) {
		r.Cursor = caughtUp(r.Cursor, mark)
	}
	return nil
}

// horizon is since when a posting with a past must have been seen first.
func horizon(r record) time.Time {
	if at := r.Cursor.At.Add(-lateness); at.After(r.Created) {
		return at
	}
	return r.Created
}

// caughtUp is the mark with what it does not know.
func caughtUp(c, mark cursor) cursor {
	mark.Floor = c.Floor
	return mark
}

// deliver tells what is pending, and then what else there is, until a try fails or
// nothing is left up to mark.
func (s *Sender) deliver(ctx context.Context, t task, mark cursor) {
	defer func() { s.giveBack(t) }()
	for ctx.Err() == nil {
		err := s.keep(ctx, &t) // before it is told, so that every try is the same
		var out outcome
		if err == nil {
			out, err = s.try(ctx, t.record)
		}
		if err == nil {
			s.settle(&t, out)
			err = s.keepSettled(ctx, &t)
		}
		if err == nil && out.err == nil {
			err = s.look(ctx, &t, mark)
		}
		switch {
		case errors.Is(err, bus.ErrChanged):
			s.reload(ctx, &t)
			return
		case err != nil:
			if ctx.Err() == nil {
				s.log.Error("telling a webhook", "search", logged(t.record.ID), "error", err)
			}
			return
		case out.err != nil || t.record.Pending == nil:
			return
		}
	}
}

// sleep waits for d or until ctx ends.
func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
