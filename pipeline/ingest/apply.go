package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"golang.org/x/sync/errgroup"

	"jobcity/pipeline/batch"
	"jobcity/pipeline/bus"
	"jobcity/pipeline/posting"
	"jobcity/pipeline/store"
)

// Applying follows BATCHES and SWEEPS into one store.
type Applying struct {
	cfg   Config
	bus   *bus.Bus
	store *store.DB
	name  string
	log   *slog.Logger
}

// NewApplying returns the loop that feeds db; Run starts it. The name tells this
// store's followers on the bus from those of others.
func NewApplying(cfg Config, b *bus.Bus, db *store.DB, name string, log *slog.Logger) *Applying {
	return &Applying{cfg: cfg, bus: b, store: db, name: name, log: log.With("component", "applying")}
}

// Run applies until ctx ends. What it has read by then is still applied, and what
// is settled is trimmed.
func (a *Applying) Run(ctx context.Context) error {
	if err := Reconcile(ctx, a.bus, a.store); err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return a.follow(ctx, bus.Batches, a.applyBatches) })
	g.Go(func() error { return a.follow(ctx, bus.Sweeps, a.applySweeps) })
	g.Go(func() error { a.trim(ctx); return nil })
	return g.Wait()
}

// follow reads one stream from where the store is and hands what comes to apply,
// until ctx ends. What cannot be applied now, because the disk is full, say, is
// tried again until it can.
func (a *Applying) follow(ctx context.Context, stream string, apply func(context.Context, []bus.Message, time.Time) error) error {
	created, err := a.bus.StreamCreated(ctx, stream)
	if err != nil {
		return err
	}
	after, err := a.store.Applied(ctx, stream, created)
	if err != nil {
		return err
	}
	f, err := a.bus.Follow(ctx, stream, a.name, after)
	if err != nil {
		return err
	}
	if f.Missed() > 0 {
		a.log.Warn("the stream has been trimmed beyond this store: start from a snapshot, or crawl and import again", "stream", stream, "missed", f.Missed())
	}
	var began time.Time
	for {
		msgs, err := f.Next(ctx, a.limit(stream), paced(began, a.cfg.ApplyWait))
		began = time.Now()
		if ctx.Err() != nil {
			return nil
		}
		if errors.Is(err, bus.ErrGone) {
			return err // it must be followed anew, from the start of the process
		}
		if err != nil {
			a.log.Error("reading a stream", "stream", stream, "error", err)
			if !sleep(ctx, time.Second) {
				return nil
			}
			continue
		}
		finish, cancel := outliving(ctx, grace)
		err = a.insist(finish, stream, func() error { return apply(finish, msgs, created) })
		if err == nil {
			err = f.Settle(finish, msgs[len(msgs)-1].Sequence)
		}
		cancel()
		if err != nil {
			a.log.Warn("settling what was applied", "stream", stream, "error", err)
		}
	}
}

// paced is how long to wait for more of what has begun to come, so that one portion
// begins at most every wait: the time that the one before took counts.
func paced(began time.Time, wait time.Duration) time.Duration {
	return max(min(wait, 10*time.Millisecond), wait-time.Since(began))
}

// limit is how many messages of a stream make one transaction. A batch holds
// some hundred rows.
func (a *Applying) limit(stream string) int {
	if stream == bus.Batches {
		return max(1, a.cfg.ApplyRows/rowsPerBatch)
	}
	return a.cfg.ApplyRows
}

// rowsPerBatch is about how many postings of usual length fit a message.
const rowsPerBatch = 500

// insist calls f until it succeeds or ctx ends.
func (a *Applying) insist(ctx context.Context, stream string, f func() error) error {
	for wait := 100 * time.Millisecond; ; wait = min(2*wait, 30*time.Second) {
		err := f()
		if err == nil {
			return nil
		}
		a.log.Error("applying; it will be tried again", "stream", stream, "in", wait, "error", err)
		if !sleep(ctx, wait) {
			return err
		}
	}
}

// applyBatches applies messages in one transaction. One that is no record batch
// goes to the dead letters.
func (a *Applying) applyBatches(ctx context.Context, msgs []bus.Message, created time.Time) error {
	var recs []arrow.RecordBatch
	defer func() {
		for _, r := range recs {
			r.Release()
		}
	}()
	for _, m := range msgs {
		rec, err := batch.Decode(m.Data, nil)
		if err != nil {
			if err := a.bury(ctx, "batch", bus.Batches, m, err); err != nil {
				return err
			}
			continue
		}
		recs = append(recs, rec)
	}
	start := time.Now()
	out, err := a.store.ApplyBatches(ctx, recs, store.Position{Stream: bus.Batches, Created: created, Sequence: msgs[len(msgs)-1].Sequence})
	if err != nil {
		return err
	}
	a.log.Debug("applied batches", "rows", out.Rows, "new", out.New, "changed", out.Changed, "took", time.Since(start))
	return nil
}

func (a *Applying) applySweeps(ctx context.Context, msgs []bus.Message, created time.Time) error {
	var sweeps []store.SweepAt
	for _, m := range msgs {
		s, err := posting.DecodeSweep(m.Data)
		if err != nil {
			if err := a.bury(ctx, "sweep", bus.Sweeps, m, err); err != nil {
				return err
			}
			continue
		}
		sweeps = append(sweeps, store.SweepAt{Sweep: s, Sequence: m.Sequence})
	}
	return a.store.ApplySweeps(ctx, sweeps, bus.Sweeps, created)
}

func (a *Applying) bury(ctx context.Context, kind, stream string, m bus.Message, cause error) error {
	return a.bus.PublishDead(ctx, posting.DeadLetter{Kind: kind, Reason: cause.Error(), Where: fmt.Sprintf("%s %d", stream, m.Sequence), At: m.At, Payload: m.Data})
}

// trim purges from time to time, and at the end, what nobody needs any more.
// Where the bus serves many machines, a new one starts from the newest snapshot,
// so only what that holds may go. The embedded bus serves this store alone: its
// own file, once checkpointed, is the snapshot.
func (a *Applying) trim(ctx context.Context) {
	finish, cancel := outliving(ctx, grace)
	defer cancel()
	for more := true; more; {
		more = sleep(ctx, a.cfg.TrimEvery)
		err := Reconcile(finish, a.bus, a.store)
		if err != nil {
			a.log.Error("taking over what was purged elsewhere", "error", err)
		}
		covered, err := a.covered(finish, more)
		if err == nil {
			err = a.bus.Trim(finish, covered)
		}
		if err != nil {
			a.log.Error("trimming the streams", "error", err)
		}
	}
}

// covered is how far the newest snapshot reaches; with fresh, a new one is made
// first where that is this store's task.
func (a *Applying) covered(ctx context.Context, fresh bool) (map[string]uint64, error) {
	if a.bus.Embedded() {
		covered := sequences(a.store.Positions())
		return covered, a.store.Checkpoint(ctx)
	}
	if a.cfg.Snapshots && fresh {
		if err := a.publishSnapshot(ctx); err != nil {
			return nil, err
		}
	}
	newest, r, err := a.bus.NewestSnapshot(ctx)
	if err != nil || r == nil {
		return nil, err
	}
	return newest.Applied, r.Close()
}

// publishSnapshot copies the store to the bus.
func (a *Applying) publishSnapshot(ctx context.Context) error {
	file, at, err := a.store.Snapshot(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file) }()
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("publish snapshot: %w", err)
	}
	defer f.Close()
	return a.bus.PutSnapshot(ctx, bus.Snapshot{Name: filepath.Base(file), Applied: sequences(at)}, f)
}

func sequences(at []store.Position) map[string]uint64 {
	all := map[string]uint64{}
	for _, p := range at {
		all[p.Stream] = p.Sequence
	}
	return all
}

// Bootstrap puts the newest snapshot on the bus in dir as the data file of a
// store that has none, and says whether it did. What came after the snapshot is
// read from the streams.
func Bootstrap(ctx context.Context, b *bus.Bus, dir string) (bool, error) {
	path := filepath.Join(dir, store.File)
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		return false, err
	}
	newest, r, err := b.NewestSnapshot(ctx)
	if err != nil || r == nil {
		return false, err
	}
	defer r.Close()
	part := path + ".part"
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return false, fmt.Errorf("start from snapshot %s: %w", newest.Name, err)
	}
	_, err = io.Copy(f, r)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		return false, fmt.Errorf("start from snapshot %s: %w", newest.Name, err)
	}
	return true, nil
}
