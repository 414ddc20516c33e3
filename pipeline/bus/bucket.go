package bus

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// searchesBucket is the key-value bucket with one entry a saved search.
const searchesBucket = "searches"

// What a bucket of saved searches may hold, and how long it remembers that an
// entry was deleted.
const (
	searchesBytes = 256 << 20
	markerTime    = time.Hour
)

// Errors of a [Bucket].
var (
	// ErrNoEntry says that there is nothing under a key.
	ErrNoEntry = errors.New("there is no such entry")
	// ErrChanged says that an entry is not as it was when it was read.
	ErrChanged = errors.New("the entry was changed meanwhile")
)

// Bucket keeps values by key, any text of 1 to 200 bytes, on the bus, for all
// servers of it. What it takes without an error is on disk. It is safe for
// concurrent use.
type Bucket struct {
	bus  *Bus
	name string
	kv   jetstream.KeyValue
}

// Entry is a value of a bucket. Its revision changes whenever it does.
type Entry struct {
	Key      string
	Value    []byte // nil: it was deleted
	Revision uint64
}

// Searches opens the bucket of saved searches.
func (b *Bus) Searches(ctx context.Context) (*Bucket, error) {
	kv, err := b.js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: searchesBucket, Description: "saved searches, their webhooks and how far each has been told",
		Storage: jetstream.FileStorage, Replicas: b.replicas, MaxBytes: min(b.maxBytes, searchesBytes), LimitMarkerTTL: markerTime,
	})
	if err != nil {
		return nil, fmt.Errorf("bucket %s: %w", searchesBucket, err)
	}
	return &Bucket{b, searchesBucket, kv}, nil
}

// Get returns the entry of a key; the error wraps [ErrNoEntry] when there is none.
func (k *Bucket) Get(ctx context.Context, key string) (Entry, error) {
	e, err := k.kv.Get(ctx, stateKey(key))
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return Entry{}, fmt.Errorf("%s: %w", k.name, ErrNoEntry)
	}
	if err != nil {
		return Entry{}, fmt.Errorf("read %s: %w", k.name, err)
	}
	return Entry{key, e.Value(), e.Revision()}, nil
}

// Put keeps value, at most [MaxPayload] bytes, in place of the given revision of a
// key, 0 for a new one, and returns its revision. The error wraps [ErrChanged] when
// another revision is there. It waits as [Bus.PublishPostings] does.
func (k *Bucket) Put(ctx context.Context, key string, value []byte, revision uint64) (now uint64, err error) {
	err = k.bus.retry(ctx, k.name, func(ctx context.Context) error {
		if revision == 0 {
			now, err = k.kv.Create(ctx, stateKey(key), value)
		} else {
			now, err = k.kv.Update(ctx, stateKey(key), value, revision)
		}
		return err
	})
	if taken(err) || errors.Is(err, jetstream.ErrKeyExists) {
		return 0, fmt.Errorf("%s: %w", k.name, ErrChanged)
	}
	if err != nil {
		return 0, fmt.Errorf("keep in %s: %w", k.name, err)
	}
	return now, nil
}

// Delete forgets a key, if it is there.
func (k *Bucket) Delete(ctx context.Context, key string) error {
	err := k.bus.retry(ctx, k.name, func(ctx context.Context) error {
		return k.kv.Purge(ctx, stateKey(key), jetstream.PurgeTTL(markerTime))
	})
	if err != nil {
		return fmt.Errorf("delete from %s: %w", k.name, err)
	}
	return nil
}

// Count is how many entries there are.
func (k *Bucket) Count(ctx context.Context) (int, error) {
	keys, err := k.kv.ListKeys(ctx)
	if err != nil {
		return 0, fmt.Errorf("count %s: %w", k.name, err)
	}
	n := 0
	for range keys.Keys() {
		n++
	}
	return n, ctx.Err()
}

// List returns all entries, in no order.
func (k *Bucket) List(ctx context.Context) ([]Entry, error) {
	within, enough := context.WithCancel(ctx)
	defer enough()
	var all []Entry
	err := k.Watch(within, func(e Entry) {
		if e.Value != nil {
			all = append(all, e)
		}
	}, enough)
	if ctx.Err() == nil && errors.Is(err, context.Canceled) {
		err = nil
	}
	return all, err
}

// Watch calls f for every entry there is, then ready, then f for every change,
// until ctx ends, and returns why it did.
func (k *Bucket) Watch(ctx context.Context, f func(Entry), ready func()) error {
	w, err := k.kv.WatchAll(ctx)
	if err != nil {
		return fmt.Errorf("watch %s: %w", k.name, err)
	}
	defer func() { _ = w.Stop() }()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case e, open := <-w.Updates():
			switch {
			case !open:
				return fmt.Errorf("watch %s: the bus has ended it", k.name)
			case e == nil: // all that was there has come
				ready()
			default:
				key, err := base64.RawURLEncoding.DecodeString(e.Key())
				if err != nil {
					return fmt.Errorf("watch %s: key %s: %w", k.name, e.Key(), err)
				}
				entry := Entry{Key: string(key), Revision: e.Revision()}
				if e.Operation() == jetstream.KeyValuePut {
					entry.Value = e.Value()
				}
				f(entry)
			}
		}
	}
}
