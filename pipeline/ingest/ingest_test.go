package ingest_test

import (
	"context"
	"log/slog"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"jobcity/pipeline/batch"
	"jobcity/pipeline/bus"
	"jobcity/pipeline/ingest"
	"jobcity/pipeline/posting"
	"jobcity/pipeline/posting/postingtest"
	"jobcity/pipeline/store"
	"jobcity/pipeline/tag"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		goleak.IgnoreAnyFunction("github.com/nats-io/nats-server/v2/server.(*Server).startGoRoutine.func1"),
		goleak.IgnoreAnyFunction("github.com/nats-io/nats-server/v2/server.(*fileStore).flushLoop"),
	)
}

// city is bus, tagger and store in one folder.
type city struct {
	t      *testing.T
	bus    *bus.Bus
	store  *store.DB
	tagger *tag.Tagger
}

var quiet = slog.New(slog.DiscardHandler)

func open(t *testing.T, dir string) *city {
	t.Helper()
	b, err := bus.Open(t.Context(), bus.Config{Replicas: 1, MaxBytes: 64 << 20, ConnectTimeout: 20 * time.Second, Lease: 30 * time.Second}, dir, quiet, nil)
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), store.Config{MemoryLimit: "1GB", QueryTimeout: time.Minute, RepostGap: 60}, dir, quiet)
	if err != nil {
		t.Fatal(err)
	}
	tagger, err := tag.New(os.DirFS("../../configs/taxonomy"))
	if err != nil {
		t.Fatal(err)
	}
	return &city{t, b, db, tagger}
}

func (c *city) close() {
	c.t.Helper()
	if err := c.bus.Close(); err != nil {
		c.t.Error(err)
	}
	if err := c.store.Close(); err != nil {
		c.t.Error(err)
	}
}

func config() ingest.Config {
	return ingest.Config{Workers: 2, TagRows: 50, TagWait: 20 * time.Millisecond, ApplyRows: 1000, ApplyWait: 20 * time.Millisecond, TrimEvery: 50 * time.Millisecond}
}

// run runs both loops until all is applied or the context ends.
func (c *city) run(until func() bool) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), time.Minute)
	defer cancel()
	done := make(chan error, 2)
	go func() { done <- ingest.NewTagging(config(), batch.DefaultPolicy(), c.bus, c.tagger, quiet).Run(ctx) }()
	go func() { done <- ingest.NewApplying(config(), c.bus, c.store, "test", quiet).Run(ctx) }()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !until() {
		select {
		case <-tick.C:
		case err := <-done:
			c.t.Fatalf("a loop ended: %v", err)
		case <-ctx.Done():
			c.t.Fatal("not done within a minute")
		}
	}
	cancel()
	for range 2 {
		if err := <-done; err != nil {
			c.t.Error(err)
		}
	}
}

func (c *city) postings() int64 {
	c.t.Helper()
	n, err := c.store.Counts(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	return n.Postings
}

// idle says whether nothing is on its way any more.
func (c *city) idle() bool {
	c.t.Helper()
	streams, err := c.bus.Status(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	for _, s := range streams {
		if s.Name != bus.Dead && s.Pending > 0 {
			return false
		}
	}
	return true
}

func TestEveryPostingArrivesOnceThroughStopsAndRestarts(t *testing.T) {
	const n = 900
	dir := t.TempDir()
	c := open(t, dir)
	if err := c.bus.PublishPostings(t.Context(), postingtest.Make(1, n)); err != nil {
		t.Fatal(err)
	}
	for _, enough := range []int64{1, n / 2} { // stop in the middle of the work
		c.run(func() bool { return c.postings() >= enough })
		c.close()
		c = open(t, dir)
	}
	c.run(c.idle)
	if got := c.postings(); got != n {
		t.Errorf("%d postings arrived, want %d", got, n)
	}
	// Published again, as after a crawler's crash, they change nothing.
	if err := c.bus.PublishPostings(t.Context(), postingtest.Make(1, n)); err != nil {
		t.Fatal(err)
	}
	c.run(c.idle)
	if got := c.postings(); got != n {
		t.Errorf("%d postings after publishing all again, want %d", got, n)
	}
	c.close()
}

func TestWhatIsNoBatchGoesToTheDeadLettersAndTheRestIsApplied(t *testing.T) {
	c := open(t, t.TempDir())
	defer c.close()
	if err := c.bus.PublishBatch(t.Context(), []byte("no record batch")); err != nil {
		t.Fatal(err)
	}
	if err := c.bus.PublishPostings(t.Context(), postingtest.Make(1, 30)); err != nil {
		t.Fatal(err)
	}
	c.run(c.idle)
	if got := c.postings(); got != 30 {
		t.Errorf("%d postings, want 30", got)
	}
	letters, _, err := c.bus.DeadLetters(t.Context(), 0, 10)
	if err != nil || len(letters) != 1 || letters[0].Kind != "batch" || string(letters[0].Payload) != "no record batch" {
		t.Errorf("dead letters %+v, %v", letters, err)
	}
}

func TestSweepsReachTheStoreAndSettledMessagesAreTrimmed(t *testing.T) {
	c := open(t, t.TempDir())
	defer c.close()
	postings := postingtest.Make(1, 40)
	if err := c.bus.PublishPostings(t.Context(), postings); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	s := posting.Sweep{Source: "ashby", Board: "b", StartedAt: at, FinishedAt: at, Verdict: posting.Complete}
	for _, p := range postings {
		s.Listed = append(s.Listed, p.ID)
	}
	if err := c.bus.PublishSweep(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	c.run(func() bool {
		streams, err := c.bus.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		left := uint64(0)
		for _, s := range streams {
			left += s.Messages
		}
		return left == 0
	})
	counts, err := c.store.Counts(t.Context())
	if err != nil || counts.OpenSpells != 40 || counts.Sweeps != 1 || counts.Postings != 40 {
		t.Errorf("counts %+v, %v", counts, err)
	}
}

func TestNewServerStartsFromTheNewestSnapshot(t *testing.T) {
	c := open(t, t.TempDir())
	defer c.close()
	if err := c.bus.PublishPostings(t.Context(), postingtest.Make(1, 25)); err != nil {
		t.Fatal(err)
	}
	c.run(c.idle)
	file, at, err := c.store.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := c.bus.PutSnapshot(t.Context(), bus.Snapshot{Name: "one", Applied: map[string]uint64{bus.Batches: at[0].Sequence}}, f); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if from, err := ingest.Bootstrap(t.Context(), c.bus, dir); !from || err != nil {
		t.Fatalf("bootstrap: %v, %v", from, err)
	}
	db, err := store.Open(t.Context(), store.Config{MemoryLimit: "1GB", QueryTimeout: time.Minute, RepostGap: 60}, dir, quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if n, err := db.Counts(t.Context()); err != nil || n.Postings != 25 {
		t.Errorf("%+v, %v", n, err)
	}
	if again, err := ingest.Bootstrap(t.Context(), c.bus, dir); again || err != nil {
		t.Errorf("a store with data was replaced: %v, %v", again, err)
	}
}
