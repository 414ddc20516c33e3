package bus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// erasedBucket is the key-value bucket of what was erased on demand: the hash of
// a posting's id, with what the store says of it.
const erasedBucket = "erased"

// Rewrite goes through the messages that stream holds now, oldest first. Where f
// says so, it publishes what f gives in place of a message, waits until that is
// on disk, and then erases the message, its bytes overwritten. It returns how many
// it erased.
//
// What comes in place stands at the end of the stream: that is right where order
// makes no difference (postings, batches, dead letters), and wrong for sweeps.
func (b *Bus) Rewrite(ctx context.Context, stream string, f func(Message) (erase bool, instead [][]byte, err error)) (erased int, err error) {
	s, err := b.js.Stream(ctx, stream)
	if err != nil {
		return 0, fmt.Errorf("rewrite %s: %w", stream, err)
	}
	after := uint64(0)
	for last := s.CachedInfo().State.LastSeq; after < last; {
		m, err := s.GetMsg(ctx, after+1, jetstream.WithGetMsgSubject(subjects[stream]))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			break
		}
		if err != nil {
			return erased, fmt.Errorf("rewrite %s after %d: %w", stream, after, err)
		}
		if after = m.Sequence; after > last {
			break
		}
		erase, instead, err := f(Message{Sequence: m.Sequence, Data: m.Data, At: m.Time})
		if err != nil {
			return erased, fmt.Errorf("rewrite %s at %d: %w", stream, after, err)
		}
		if !erase {
			continue
		}
		for _, data := range instead {
			if err := b.publish(ctx, stream, m.Subject, data); err != nil {
				return erased, err
			}
		}
		if err := s.SecureDeleteMsg(ctx, m.Sequence); err != nil && !errors.Is(err, jetstream.ErrMsgNotFound) {
			return erased, fmt.Errorf("erase %d of %s: %w", m.Sequence, stream, err)
		}
		erased++
	}
	return erased, nil
}

// Settled waits until all that stream holds now is settled by every reader, or
// limit is over, and says whether it is.
func (b *Bus) Settled(ctx context.Context, stream string, limit time.Duration) (bool, error) {
	s, err := b.js.Stream(ctx, stream)
	if err != nil {
		return false, fmt.Errorf("wait for %s: %w", stream, err)
	}
	now := s.CachedInfo().State
	for begin := time.Now(); ; {
		left, err := unsettled(ctx, s, now)
		if err != nil || left == 0 || time.Since(begin) > limit {
			return left == 0, err
		}
		if err := sleep(ctx, retryDelay(0)); err != nil {
			return false, err
		}
	}
}

// KeepOut remembers for good that what has these keys was erased; value is for
// the stores.
func (b *Bus) KeepOut(ctx context.Context, entries map[string][]byte) error {
	kv, err := b.erasedKeys(ctx)
	if err != nil {
		return err
	}
	for key, value := range entries {
		err := b.retry(ctx, erasedBucket, func(ctx context.Context) error {
			_, err := kv.Put(ctx, key, value)
			return err
		})
		if err != nil {
			return fmt.Errorf("remember what was erased: %w", err)
		}
		b.erased.add(key)
	}
	return nil
}

// KeptOut are the entries of [Bus.KeepOut].
func (b *Bus) KeptOut(ctx context.Context) (map[string][]byte, error) {
	kv, err := b.erasedKeys(ctx)
	if err != nil {
		return nil, err
	}
	w, err := kv.WatchAll(ctx, jetstream.IgnoreDeletes())
	if err != nil {
		return nil, fmt.Errorf("read what was erased: %w", err)
	}
	defer func() { _ = w.Stop() }()
	all := map[string][]byte{}
	for {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case e, open := <-w.Updates():
			if !open || e == nil { // all that is there now has come
				return all, nil
			}
			all[e.Key()] = e.Value()
		}
	}
}

func (b *Bus) erasedKeys(ctx context.Context) (jetstream.KeyValue, error) {
	kv, err := b.js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: erasedBucket, Description: "hashes of the ids of postings that were erased and must not come back",
		Storage: jetstream.FileStorage, Replicas: b.replicas,
	})
	if err != nil {
		return nil, fmt.Errorf("bucket %s: %w", erasedBucket, err)
	}
	return kv, nil
}

// DropSnapshots deletes every snapshot on the bus. A server that starts anew finds
// none until the next is published.
func (b *Bus) DropSnapshots(ctx context.Context) (int, error) {
	store, err := b.snapshots(ctx)
	if err != nil {
		return 0, err
	}
	all, err := list(ctx, store)
	if err != nil {
		return 0, err
	}
	for _, o := range all {
		if err := store.Delete(ctx, o.Name); err != nil {
			return 0, fmt.Errorf("drop snapshot %s: %w", o.Name, err)
		}
	}
	return len(all), nil
}
