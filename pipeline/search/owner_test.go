package search_test

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"jobcity/pipeline/search"
	"jobcity/pipeline/store"
)

func TestAnotherServerTakesOverWhenOneIsGone(t *testing.T) {
	t.Parallel()
	b := openBus(t)
	one, two := cityOn(t, b, "one", config()), cityOn(t, b, "two", config())
	v := newReceiver(t, nil)
	now := time.Now()
	old := one.row(now.Add(-3*time.Hour), "go")
	one.arrive(old)
	two.arrive(two.row(now.Add(-3*time.Hour), "go"), old) // its numbers are others
	s, _ := one.save(v.URL)
	stop := one.start(one.sender())
	two.start(two.sender())
	first := one.row(time.Now(), "go")
	one.arrive(first)
	two.arrive(first)
	if got := v.next(t); !slices.Equal(got.ids, ids(first)) {
		t.Fatalf("got %v", got.ids)
	}
	one.until(s.ID, delivered(1))
	stop()
	second := one.row(time.Now(), "go")
	two.arrive(second)
	if got := v.next(t); !slices.Equal(got.ids, ids(second)) {
		t.Errorf("the other server told of %v, want %v", got.ids, ids(second))
	}
	one.until(s.ID, delivered(2))
	one.arrive(second)
	one.again() // it is back, and the search stays where it is
	third := one.row(time.Now(), "go")
	one.arrive(third)
	two.arrive(third)
	if got := v.next(t); !slices.Equal(got.ids, ids(third)) {
		t.Errorf("then %v", got.ids)
	}
	one.until(s.ID, delivered(3))
	v.none(t)
}

func TestAServerThatIsCutOffFromTheBusFallsSilentAndAnotherTakesOver(t *testing.T) {
	t.Parallel()
	n, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true})
	if err != nil {
		t.Fatal(err)
	}
	n.Start()
	t.Cleanup(func() { n.Shutdown(); n.WaitForShutdown() })
	if !n.ReadyForConnections(20 * time.Second) {
		t.Fatal("the server is not ready")
	}
	cut := busAt(t, n.ClientURL())
	one, two := cityOn(t, cut, "one", config()), cityOn(t, busAt(t, n.ClientURL()), "two", config())
	v := newReceiver(t, nil)
	s, _ := one.save(v.URL)
	one.start(one.sender())
	two.start(two.sender())
	first := one.row(time.Now(), "go")
	one.arrive(first)
	two.arrive(first)
	if got := v.next(t); !slices.Equal(got.ids, ids(first)) {
		t.Fatalf("got %v", got.ids)
	}
	two.until(s.ID, delivered(1))
	if err := cut.Close(); err != nil { // it gives nothing back
		t.Fatal(err)
	}
	second := one.row(time.Now(), "go")
	two.arrive(second)
	if got := v.next(t); !slices.Equal(got.ids, ids(second)) {
		t.Errorf("got %v, want %v", got.ids, ids(second))
	}
	two.until(s.ID, delivered(2))
	one.arrive(second)
	third := two.row(time.Now(), "go")
	one.arrive(third)
	two.arrive(third)
	two.until(s.ID, delivered(3))
	if got := v.next(t); !slices.Equal(got.ids, ids(third)) {
		t.Errorf("got %v, want %v", got.ids, ids(third))
	}
	v.none(t)
}

func TestAPendingDeliveryKeepsItsIDWhenAnotherServerMakesIt(t *testing.T) {
	t.Parallel()
	b := openBus(t)
	one, two := cityOn(t, b, "one", config()), cityOn(t, b, "two", config())
	var up atomic.Bool
	v := newReceiver(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
		if !up.Load() {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	s, _ := one.save(v.URL)
	fresh := one.row(time.Now(), "go")
	one.arrive(fresh)
	two.arrive(two.row(time.Now()), fresh)
	stop := one.start(one.sender())
	id := v.next(t).header.Get("webhook-id")
	one.until(s.ID, func(s search.Search) bool { return s.Webhook.Failures > 1 })
	stop()
	up.Store(true)
	two.start(two.sender())
	one.until(s.ID, delivered(1))
	for len(v.came) > 0 {
		if got := v.next(t); got.header.Get("webhook-id") != id || !slices.Equal(got.ids, ids(fresh)) {
			t.Errorf("%v under %s", got.ids, got.header.Get("webhook-id"))
		}
	}
	more := two.row(time.Now(), "go")
	two.arrive(more)
	if got := v.next(t); !slices.Equal(got.ids, ids(more)) {
		t.Errorf("then %v", got.ids)
	}
	one.until(s.ID, delivered(2))
}

func TestAStoreThatIsMadeAgainTellsOnlyOfWhatIsNew(t *testing.T) {
	c, v := newCity(t), newReceiver(t, nil)
	now := time.Now()
	old := c.row(now.Add(-3*time.Hour), "go")
	c.arrive(old)
	s, _ := c.save(v.URL)
	stop := c.start(c.sender())
	first := c.row(time.Now(), "go")
	c.arrive(first)
	if got := v.next(t); !slices.Equal(got.ids, ids(first)) {
		t.Fatalf("got %v", got.ids)
	}
	c.until(s.ID, delivered(1))
	stop()
	reached := c.sequence
	c.openStore(t.TempDir())
	c.sequence = 0
	c.again()
	c.arrive(old)
	fresh := c.row(time.Now(), "go")
	c.arrive(first, fresh)
	for c.sequence < reached { // it has yet to apply what the search has seen
		c.arrive(c.row(now.Add(-3 * time.Hour)))
	}
	if got := v.next(t); !slices.Equal(got.ids, ids(fresh)) {
		t.Errorf("got %v, want %v", got.ids, ids(fresh))
	}
	c.until(s.ID, delivered(2))
	c.arrive(c.row(now.Add(-30*time.Hour), "go")) // what fills the new store again is not new
	last := c.row(time.Now(), "go")
	c.arrive(last)
	if got := v.next(t); !slices.Equal(got.ids, ids(last)) {
		t.Errorf("got %v, want %v", got.ids, ids(last))
	}
	c.until(s.ID, delivered(3))
	v.none(t)
}

func TestAStoreMadeAgainFromASnapshotIsAnother(t *testing.T) {
	c, v := newCity(t), newReceiver(t, nil)
	now := time.Now()
	c.arrive(c.row(now.Add(-3*time.Hour), "go"))
	snapshot, _, err := c.store.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s, _ := c.save(v.URL)
	stop := c.start(c.sender())
	first, at := c.row(time.Now(), "go"), c.sequence
	c.arrive(first)
	v.next(t)
	c.until(s.ID, delivered(1))
	for range 5 { // numbers that the store from the snapshot will give to others
		c.arrive(c.row(time.Now()))
	}
	other, _ := c.save(v.URL) // stands at the end of these
	stop()
	dir := t.TempDir()
	restore(t, snapshot, dir)
	c.openStore(dir)
	reached := c.sequence
	c.sequence = at
	c.again()
	fresh := c.row(time.Now(), "go")
	c.arrive(first, fresh)
	for c.sequence < reached {
		c.arrive(c.row(now.Add(-3 * time.Hour)))
	}
	for range 2 {
		if got := v.next(t); !slices.Contains(got.ids, fresh.Posting.ID) || got.search.ID == s.ID && len(got.ids) != 1 {
			t.Errorf("got %v, want %v", got.ids, ids(fresh))
		}
	}
	c.until(s.ID, delivered(2))
	c.until(other.ID, func(s search.Search) bool { return s.Webhook.Delivered >= 1 })
	v.none(t)
}

func TestOneOfTwoProcessesOfAServerDelivers(t *testing.T) {
	c, v := newCity(t), newReceiver(t, nil)
	s, _ := c.save(v.URL)
	c.start(c.sender())
	c.again()
	for n := range 5 {
		c.arrive(c.row(time.Now(), "go"))
		c.until(s.ID, delivered(int64(n+1)))
		v.next(t)
	}
	v.none(t)
}

// restore puts a snapshot in place of a store's data file.
func restore(t *testing.T, snapshot, dir string) {
	t.Helper()
	data, err := os.ReadFile(snapshot)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, store.File), data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
