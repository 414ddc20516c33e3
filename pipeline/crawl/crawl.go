// Package crawl turns public job boards and files into postings and sweeps.
//
// A [Crawler] walks each board politely, publishes every posting that is new or
// changed since the last time, and then one sweep: what the board listed and how
// far the crawl got. [ReadFile] does the same for saved boards, JSONL and CSV.
//
// Each board format is a folder: wire types and a pure decoder, in the shape of
// package crawl/source. Everything else is done here, once, for all of them:
// robots.txt, one queue a host with a delay that adapts, Retry-After, conditional
// requests, limits on size and time, and a guard against addresses inside
// somebody's net.
//
// Several crawlers of the same boards share them: each takes a lease on a board
// while it sweeps it, and passes over what another has swept meanwhile.
//
// Postings arrive at least once. What was published is remembered only when
// postings and sweep are acknowledged; after a crash a board is published again
// in full, and the store drops what it has.
package crawl

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"jobcity/pipeline/posting"
)

// Publisher takes what crawling yields. A call returns when everything it was
// given is durable. An error that wraps [posting.ErrInvalid] means that trying
// again is no use; any other is tried again for a while.
type Publisher interface {
	PublishPostings(ctx context.Context, postings []posting.Posting) error
	PublishSweep(ctx context.Context, s posting.Sweep) error
	PublishDead(ctx context.Context, d posting.DeadLetter) error
}

// State is what the crawlers of the same boards share.
type State interface {
	// State is what was put for a key, nil if nothing was.
	State(ctx context.Context, key string) ([]byte, error)
	// PutState keeps up to 700 KiB for a key; nil forgets it.
	PutState(ctx context.Context, key string, state []byte) error
	// Lease takes name, one of a kind, until release, or until the crawler has
	// been dead for a while. held is nil while another crawler has it, and ends
	// when the lease is lost.
	Lease(ctx context.Context, kind, name string) (held context.Context, release func(), err error)
	// Leases are the names of a kind that are held.
	Leases(ctx context.Context, kind string) ([]string, error)
}

// Progress is how far a round over the boards has got.
type Progress struct {
	Boards   int // to crawl
	Done     int // of them
	Postings int // published as new or changed
	Failed   int // boards whose sweep failed
}

// Summary is what [Crawler.Once] did.
type Summary struct {
	Boards      int // all
	Complete    int // sweeps, of them NotModified unchanged
	NotModified int
	Partial     int
	Failed      int // sweeps; and boards whose sweep could not be published
	Listed      int // postings that the boards listed
	Published   int // as new or changed
	Rejected    int // to the dead letters
	Requests    int // HTTP requests, without robots.txt
	Elsewhere   int // boards that another crawler has swept meanwhile
}

// Crawler crawls a fixed list of boards. OnProgress and OnSweep, if set before it
// runs, are called one at a time after each board.
type Crawler struct {
	OnProgress func(Progress)
	OnSweep    func(posting.Sweep)

	cfg       Config
	boards    []Board
	publisher Publisher
	state     State
	log       *slog.Logger
	fetcher   *fetcher
	metrics   *metrics
	slots     chan struct{}
	now       func() time.Time
	patience  time.Duration // how long a publish is tried again
	stateRoom int           // largest state kept, in bytes
	rechecks  int           // requests made again in a sweep though they promise nothing new

	leaseRetry time.Duration // until a board that another crawler works on is looked at again
}

// New checks configuration and boards and returns a crawler that has not begun.
// reg may be nil.
func New(cfg Config, boards []Board, p Publisher, st State, log *slog.Logger, reg prometheus.Registerer) (*Crawler, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("crawl configuration: %w", err)
	}
	m, err := newMetrics(reg)
	if err != nil {
		return nil, err
	}
	f := newFetcher(cfg, m)
	if err := watchHosts(reg, f.hosts); err != nil {
		return nil, err
	}
	c := &Crawler{
		cfg: cfg, publisher: p, state: st, log: log.With("component", "crawl"), metrics: m,
		fetcher: f, slots: make(chan struct{}, cfg.Concurrency), now: time.Now, patience: 10 * time.Minute, stateRoom: maxState, rechecks: rechecks, leaseRetry: leaseRetry,
	}
	var errs []error
	seen := map[string]bool{}
	for _, b := range boards {
		for _, err := range CheckBoard(b) {
			errs = append(errs, fmt.Errorf("board %s: %w", b.ID(), err))
		}
		if seen[b.ID()] {
			errs = append(errs, fmt.Errorf("board %s is there twice", b.ID()))
		}
		seen[b.ID()] = true
		if b.BaseURL != "" {
			if err := cfg.checkBaseURL(b.BaseURL); err != nil {
				errs = append(errs, fmt.Errorf("board %s: base_url: %w", b.ID(), err))
			}
		}
		c.boards = append(c.boards, c.withBase(b))
	}
	return c, errors.Join(errs...)
}

// withBase fills in the root of the board's service.
func (c *Crawler) withBase(b Board) Board {
	if b.BaseURL == "" {
		b.BaseURL = c.cfg.Sources[b.Source].BaseURL
	}
	if b.BaseURL == "" {
		b.BaseURL = sources()[b.Source].BaseURL
	}
	b.BaseURL = strings.TrimRight(b.BaseURL, "/")
	return b
}

// deliveryError is a bus that did not take a message in time.
type deliveryError struct {
	what string
	err  error
}

func (e *deliveryError) Error() string { return fmt.Sprintf("publish %s: %v", e.what, e.err) }
func (e *deliveryError) Unwrap() error { return e.err }

// deliver calls publish until it succeeds, the error is final, ctx ends, or
// patience does. A bus that is full is waited for, never given up quickly: its
// refusal is back-pressure.
func (c *Crawler) deliver(ctx context.Context, what string, publish func() error) error {
	begin := c.now()
	for wait := 100 * time.Millisecond; ; wait = min(2*wait, 15*time.Second) {
		err := publish()
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, posting.ErrInvalid):
			return fmt.Errorf("publish %s: %w", what, err)
		case c.now().Sub(begin) > c.patience:
			return &deliveryError{what: what, err: err}
		}
		c.metrics.deliveryRetry.Inc()
		c.log.Warn("the bus did not take a message; trying again", "what", what, "wait", wait, "error", err)
		if err := c.fetcher.hosts.sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// Check makes one polite request to b and says in plain words what is wrong, or
// nil. Nothing is published.
func (c *Crawler) Check(ctx context.Context, b Board) error {
	_, err := c.Prove(ctx, b)
	return err
}
