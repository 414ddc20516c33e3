package search

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/semaphore"

	"jobcity/pipeline/bus"
	"jobcity/pipeline/public"
	"jobcity/pipeline/query"
	"jobcity/pipeline/store"
)

// Errors of a [Book].
var (
	// ErrUnknown says that there is no search of that id.
	ErrUnknown = errors.New("there is no such search")
	// ErrFull says that no more searches can be kept.
	ErrFull = errors.New("no more searches can be saved")
)

// Runner is the store that searches are asked of.
type Runner interface {
	// Run returns at most maxRows rows of a bound query.
	Run(ctx context.Context, b query.Bound, maxRows int) (query.Result, error)
	// Version changes whenever the data does.
	Version() string
	// Positions is how far each stream is applied.
	Positions() []store.Position
}

// Book is the saved searches of a bus. It is safe for concurrent use.
type Book struct {
	cfg     Config
	guard   public.Guard
	bucket  *bus.Bucket
	runner  Runner
	server  string
	queries *query.Catalog
	filters *query.Query // the parameters that a search takes

	saving *semaphore.Weighted // one at a time, so that no more are saved than may be
}

// Open opens the searches that b keeps. server is the name of this process's store
// on the bus, its own among all, and queries are those of sql/api. Without r, which
// may be nil, searches can be listed, read and deleted only.
func Open(ctx context.Context, cfg Config, b *bus.Bus, r Runner, queries *query.Catalog, server string) (*Book, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	for _, name := range []string{"search_new", "search_mark", "search_postings", "search_skills", "postings"} {
		if queries.Query(name) == nil {
			return nil, fmt.Errorf("the query %s is missing", name)
		}
	}
	bucket, err := b.Searches(ctx)
	if err != nil {
		return nil, err
	}
	filters := *queries.Query("search_new")
	filters.Name = "search"
	filters.Params = slices.DeleteFunc(slices.Clone(filters.Params), func(p query.Param) bool {
		return slices.Contains([]string{"after", "upto", "since", "floor", "top"}, p.Name)
	})
	return &Book{
		cfg: cfg, guard: public.New(cfg.AllowPrivateHosts, "search.allow_private_hosts"), bucket: bucket,
		runner: r, server: server, queries: queries, filters: &filters, saving: semaphore.NewWeighted(1),
	}, nil
}

// Filters are the parameters that a search takes, as a query without a statement of
// its own.
func (b *Book) Filters() *query.Query { return b.filters }

// Create saves a search that [Book.Check] found right and that is told from now on.
// The secret signs its deliveries and is not to be had again; it is empty without a
// webhook. The error wraps [ErrFull] when as many are kept as may be.
func (b *Book) Create(ctx context.Context, given New) (s Search, secret string, err error) {
	m, err := b.mark(ctx)
	if err != nil {
		return Search{}, "", fmt.Errorf("save a search: %w", err)
	}
	r := record{Search: Search{ID: rand.Text(), Name: strings.TrimSpace(given.Name), Filters: map[string]string{}, Created: m.At}, Cursor: m}
	for name, value := range given.Filters {
		if value != "" {
			r.Filters[name] = value
		}
	}
	if given.URL != "" {
		r.Webhook, r.Secret = &Webhook{URL: given.URL, State: Waiting}, newSecret()
	}
	if err := b.saving.Acquire(ctx, 1); err != nil {
		return Search{}, "", fmt.Errorf("save a search: %w", err)
	}
	defer b.saving.Release(1)
	n, err := b.bucket.Count(ctx)
	if err != nil {
		return Search{}, "", fmt.Errorf("save a search: %w", err)
	}
	if n >= b.cfg.Max {
		return Search{}, "", fmt.Errorf("%w: there are %d, as many as search.max allows", ErrFull, n)
	}
	if _, err := b.put(ctx, r, 0); err != nil {
		return Search{}, "", fmt.Errorf("save a search: %w", err)
	}
	return r.Search, r.Secret, nil
}

// Get returns a search; the error wraps [ErrUnknown] when there is none of that id.
func (b *Book) Get(ctx context.Context, id string) (Search, error) {
	r, _, err := b.get(ctx, id)
	return r.Search, err
}

// Delete forgets a search for good; the error is as of [Book.Get].
func (b *Book) Delete(ctx context.Context, id string) error {
	if _, _, err := b.get(ctx, id); err != nil {
		return err
	}
	return b.bucket.Delete(ctx, id)
}

// List returns all searches, the oldest first. It is for the operator.
func (b *Book) List(ctx context.Context) ([]Search, error) {
	entries, err := b.bucket.List(ctx)
	if err != nil {
		return nil, err
	}
	all := []Search{}
	for _, e := range entries {
		r, err := decode(e)
		if err != nil {
			return nil, err
		}
		all = append(all, r.Search)
	}
	slices.SortFunc(all, func(x, y Search) int { return x.Created.Compare(y.Created) })
	return all, nil
}

func (b *Book) get(ctx context.Context, id string) (record, uint64, error) {
	if !goodID.MatchString(id) {
		return record{}, 0, ErrUnknown
	}
	e, err := b.bucket.Get(ctx, id)
	if errors.Is(err, bus.ErrNoEntry) {
		return record{}, 0, ErrUnknown
	}
	if err != nil {
		return record{}, 0, err
	}
	r, err := decode(e)
	return r, e.Revision, err
}

func (b *Book) put(ctx context.Context, r record, revision uint64) (uint64, error) {
	data, err := json.Marshal(r)
	if err != nil {
		return 0, err
	}
	return b.bucket.Put(ctx, r.ID, data, revision)
}

func decode(e bus.Entry) (record, error) {
	var r record
	if err := json.Unmarshal(e.Value, &r); err != nil {
		return record{}, fmt.Errorf("a saved search cannot be read: %w", err)
	}
	return r, nil
}

// mark is where a search stands that has been told all there is.
func (b *Book) mark(ctx context.Context) (cursor, error) {
	c := cursor{Server: b.server, At: time.Now().UTC().Truncate(time.Microsecond)}
	c.Stream, c.Sequence = b.position() // the data may be newer by the time it is read, never older
	bound, err := b.queries.Query("search_mark").Bind(nil)
	if err != nil {
		return cursor{}, err
	}
	res, err := b.runner.Run(ctx, bound, 1)
	if err != nil {
		return cursor{}, err
	}
	c.Role, _ = res.Rows[0][0].(int64)
	c.Made, _ = res.Rows[0][1].(time.Time)
	return c, nil
}

// position is how far BATCHES is applied, and when that stream was made.
func (b *Book) position() (created time.Time, sequence uint64) {
	for _, p := range b.runner.Positions() {
		if p.Stream == bus.Batches {
			return p.Created.UTC().Truncate(time.Microsecond), p.Sequence // as precise as the store keeps it
		}
	}
	return time.Time{}, 0
}
