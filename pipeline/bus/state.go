package bus

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/nats-io/nats.go/jetstream"
)

// boardsBucket is the key-value bucket with one entry a board.
const boardsBucket = "boards"

// State returns what [Bus.PutState] kept for a key, nil if nothing.
func (b *Bus) State(ctx context.Context, key string) ([]byte, error) {
	e, err := b.boards.Get(ctx, stateKey(key))
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("state of %s: %w", key, err)
	}
	return e.Value(), nil
}

// PutState keeps value, at most [MaxPayload] bytes, for a key; nil forgets it. It
// waits as [Bus.PublishPostings] does.
func (b *Bus) PutState(ctx context.Context, key string, value []byte) error {
	err := b.retry(ctx, boardsBucket, func(ctx context.Context) error {
		if value == nil {
			return b.boards.Purge(ctx, stateKey(key))
		}
		_, err := b.boards.Put(ctx, stateKey(key), value)
		return err
	})
	if err != nil {
		return fmt.Errorf("keep state of %s: %w", key, err)
	}
	return nil
}

// stateKey makes any name a valid key.
func stateKey(name string) string { return base64.RawURLEncoding.EncodeToString([]byte(name)) }

// Snapshot is a copy of a store's data file on the bus, for new servers to start
// from.
type Snapshot struct {
	Name    string
	Applied map[string]uint64 // stream to the last sequence it holds
}

// snapshotsKept is how many snapshots stay on the bus: the newest, and the one
// before it for who is still reading that.
const snapshotsKept = 2

func (b *Bus) snapshots(ctx context.Context) (jetstream.ObjectStore, error) {
	store, err := b.js.CreateOrUpdateObjectStore(ctx, jetstream.ObjectStoreConfig{Bucket: "snapshots", Description: "copies of a store's data file", Storage: jetstream.FileStorage})
	if err != nil {
		return nil, fmt.Errorf("bucket snapshots: %w", err)
	}
	return store, nil
}

// PutSnapshot publishes a snapshot and drops all but the newest two.
func (b *Bus) PutSnapshot(ctx context.Context, s Snapshot, r io.Reader) error {
	store, err := b.snapshots(ctx)
	if err != nil {
		return err
	}
	meta := map[string]string{}
	for stream, sequence := range s.Applied {
		meta[stream] = strconv.FormatUint(sequence, 10)
	}
	if _, err := store.Put(ctx, jetstream.ObjectMeta{Name: s.Name, Metadata: meta}, r); err != nil {
		return fmt.Errorf("publish snapshot %s: %w", s.Name, err)
	}
	all, err := list(ctx, store)
	if err != nil {
		return err
	}
	for _, o := range all[:max(0, len(all)-snapshotsKept)] {
		if err := store.Delete(ctx, o.Name); err != nil {
			return fmt.Errorf("drop snapshot %s: %w", o.Name, err)
		}
	}
	return nil
}

// NewestSnapshot opens the newest snapshot; the reader is nil when there is none.
func (b *Bus) NewestSnapshot(ctx context.Context) (Snapshot, io.ReadCloser, error) {
	store, err := b.snapshots(ctx)
	if err != nil {
		return Snapshot{}, nil, err
	}
	all, err := list(ctx, store)
	if err != nil || len(all) == 0 {
		return Snapshot{}, nil, err
	}
	o := all[len(all)-1]
	s := Snapshot{Name: o.Name, Applied: map[string]uint64{}}
	for stream, text := range o.Metadata {
		if s.Applied[stream], err = strconv.ParseUint(text, 10, 64); err != nil {
			return Snapshot{}, nil, fmt.Errorf("snapshot %s: position of %s: %w", o.Name, stream, err)
		}
	}
	r, err := store.Get(ctx, o.Name)
	if err != nil {
		return Snapshot{}, nil, fmt.Errorf("snapshot %s: %w", o.Name, err)
	}
	return s, r, nil
}

// list returns the snapshots, oldest first.
func list(ctx context.Context, store jetstream.ObjectStore) ([]*jetstream.ObjectInfo, error) {
	all, err := store.List(ctx)
	if errors.Is(err, jetstream.ErrNoObjectsFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list snapshots: %w", err)
	}
	slices.SortFunc(all, func(a, b *jetstream.ObjectInfo) int { return a.ModTime.Compare(b.ModTime) })
	return all, nil
}
