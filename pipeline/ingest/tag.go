// Package ingest joins the bus to the tagger and to the store. [Tagging] tags
// postings, gathers them into record batches and publishes those; [Applying]
// applies batches and sweeps to the store. Neither settles a message before what
// came of it is durable downstream: a batch therefore arrives at least once, and
// the sequence that the store writes in the same transaction makes that exactly
// once.
package ingest

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"time"

	"golang.org/x/sync/errgroup"

	"jobcity/pipeline/batch"
	"jobcity/pipeline/bus"
	"jobcity/pipeline/posting"
	"jobcity/pipeline/tag"
)

// Tagging takes postings from the bus, tags them and publishes record batches.
type Tagging struct {
	cfg    Config
	policy batch.Policy
	bus    *bus.Bus
	tagger *tag.Tagger
	log    *slog.Logger
}

// NewTagging returns the tagging loop; Run starts it.
func NewTagging(cfg Config, policy batch.Policy, bus *bus.Bus, tagger *tag.Tagger, log *slog.Logger) *Tagging {
	return &Tagging{cfg: cfg, policy: policy, bus: bus, tagger: tagger, log: log.With("component", "tagging")}
}

// Run tags until ctx ends. What a worker has taken by then is still published
// and settled.
func (t *Tagging) Run(ctx context.Context) error {
	workers := t.cfg.Workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	work, err := t.bus.Postings(ctx)
	if err != nil {
		return fmt.Errorf("take postings from the bus: %w", err)
	}
	g, ctx := errgroup.WithContext(ctx)
	for range workers {
		g.Go(func() error { return t.work(ctx, work) })
	}
	return g.Wait()
}

// grace is how long after a stop what was taken may still be published, applied
// and settled.
const grace = 8 * time.Second

// outliving is a context that ends d after ctx does.
func outliving(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(d, cancel) })
	return longer, func() { stop(); cancel() }
}

func (t *Tagging) work(ctx context.Context, work *bus.Work) error {
	var began time.Time
	for {
		postings, settle, err := work.Next(ctx, t.cfg.TagRows, paced(began, t.cfg.TagWait))
		began = time.Now()
		if ctx.Err() != nil {
			if settle != nil {
				_ = settle(context.WithoutCancel(ctx), ctx.Err()) // they come again after the next start anyway
			}
			return nil
		}
		if err != nil {
			t.log.Error("taking postings", "error", err)
			if !sleep(ctx, time.Second) {
				return nil
			}
			continue
		}
		finish, cancel := outliving(ctx, grace)
		err = t.publish(finish, postings)
		if err != nil {
			t.log.Error("publishing a batch; it will be tried again", "postings", len(postings), "error", err)
		}
		if err := settle(finish, err); err != nil {
			t.log.Warn("settling postings; they will come again", "postings", len(postings), "error", err)
		}
		t.log.Debug("tagged", "postings", len(postings), "took", time.Since(began))
		cancel()
	}
}

// publish tags postings and publishes them as record batches. A posting that
// cannot be tagged or encoded goes to the dead letters; the rest goes on.
func (t *Tagging) publish(ctx context.Context, postings []posting.Posting) error {
	builder, err := batch.NewBuilder(t.policy, nil)
	if err != nil {
		return err
	}
	defer builder.Release()
	var full []batch.Batch
	for _, p := range postings {
		if t.bus.Erased(p.ID) {
			continue
		}
		tags, err := t.tag(p)
		if err == nil {
			var more []batch.Batch
			more, err = builder.Add(batch.Row{Posting: p, Tags: tags})
			full = append(full, more...)
		}
		if err != nil {
			if err := t.bury(ctx, p, err); err != nil {
				return err
			}
		}
	}
	rest, err := builder.Flush()
	if err != nil {
		return fmt.Errorf("encode batch of %d postings: %w", len(postings), err)
	}
	for _, b := range append(full, rest...) {
		if err := t.bus.PublishBatch(ctx, b.Data); err != nil {
			return err
		}
	}
	return nil
}

// tag is Tagger.Tag, with a panic turned into an error: one strange posting must
// not end the process.
func (t *Tagging) tag(p posting.Posting) (tags tag.Tags, err error) {
	defer func() {
		if r := recover(); r != nil {
			t.log.Error("the tagger panicked", "posting_id", p.ID, "panic", r, "stack", string(debug.Stack()))
			err = fmt.Errorf("the tagger panicked: %v", r)
		}
	}()
	return t.tagger.Tag(p), nil
}

func (t *Tagging) bury(ctx context.Context, p posting.Posting, cause error) error {
	payload, err := p.Encode()
	if err != nil {
		payload = []byte(p.ID)
	}
	return t.bus.PublishDead(ctx, posting.DeadLetter{
		Kind: "posting", Reason: cause.Error(), Where: posting.BoardID(p.Source, p.Board), At: time.Now().UTC(), Payload: payload,
	})
}

// sleep waits for d; false means that ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
