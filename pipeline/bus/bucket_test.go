package bus_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"jobcity/pipeline/bus"
)

func testBucket(t *testing.T, b *bus.Bus) {
	ctx := t.Context()
	k, err := b.Searches(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"nobody", "../*>"} {
		if _, err := k.Get(ctx, key); !errors.Is(err, bus.ErrNoEntry) {
			t.Errorf("get of unknown %q: %v", key, err)
		}
	}
	first, err := k.Put(ctx, "a b", []byte("1"), 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.Put(ctx, "a b", []byte("x"), 0); !errors.Is(err, bus.ErrChanged) {
		t.Errorf("made twice: %v", err)
	}
	second, err := k.Put(ctx, "a b", []byte("2"), first)
	if err != nil || second <= first {
		t.Fatalf("update: %d after %d, %v", second, first, err)
	}
	if _, err := k.Put(ctx, "a b", []byte("x"), first); !errors.Is(err, bus.ErrChanged) {
		t.Errorf("update of an old revision: %v", err)
	}
	if _, err := k.Put(ctx, "c", []byte("3"), 0); err != nil {
		t.Fatal(err)
	}
	if e, err := k.Get(ctx, "a b"); err != nil || string(e.Value) != "2" || e.Revision != second {
		t.Errorf("get: %+v, %v", e, err)
	}
	all, err := k.List(ctx)
	if slices.SortFunc(all, func(x, y bus.Entry) int { return int(x.Revision) - int(y.Revision) }); err != nil || len(all) != 2 || all[0].Key != "a b" || string(all[1].Value) != "3" {
		t.Errorf("list: %+v, %v", all, err)
	}
	if n, err := k.Count(ctx); n != 2 || err != nil {
		t.Errorf("count: %d, %v", n, err)
	}
	testWatch(t, k)
	if err := k.Delete(ctx, "a b"); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Get(ctx, "a b"); !errors.Is(err, bus.ErrNoEntry) {
		t.Errorf("get of deleted: %v", err)
	}
	if _, err := k.Put(ctx, "a b", []byte("x"), second); !errors.Is(err, bus.ErrChanged) {
		t.Errorf("update of what was deleted: %v", err)
	}
	if all, err := k.List(ctx); err != nil || len(all) != 1 {
		t.Errorf("list after deleting: %+v, %v", all, err)
	}
}

// testWatch sees what is there, then a change and a deletion.
func testWatch(t *testing.T, k *bus.Bucket) {
	ctx, cancel := context.WithCancel(t.Context())
	seen, there, done := make(chan bus.Entry, 10), make(chan struct{}), make(chan error, 1)
	go func() { done <- k.Watch(ctx, func(e bus.Entry) { seen <- e }, func() { close(there) }) }()
	<-there
	if len(seen) != 2 {
		t.Errorf("%d entries before it was ready", len(seen))
	}
	<-seen
	<-seen
	if _, err := k.Put(ctx, "d", []byte("4"), 0); err != nil {
		t.Fatal(err)
	}
	if e := <-seen; e.Key != "d" || string(e.Value) != "4" {
		t.Errorf("a new entry: %+v", e)
	}
	if err := k.Delete(ctx, "d"); err != nil {
		t.Fatal(err)
	}
	if e := <-seen; e.Key != "d" || e.Value != nil {
		t.Errorf("a deleted entry: %+v", e)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("the end: %v", err)
	}
}
