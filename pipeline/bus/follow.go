package bus

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// ErrRewound says that a stream has lost messages which a store has applied, as a
// server that does not sync does when the power fails: what comes next would get
// their numbers and be passed over. Once the stream is deleted a new one is made,
// which the store reads from its start.
var ErrRewound = errors.New("the stream has lost messages; delete it on the bus, then start again")

// Message is one message of a followed stream.
type Message struct {
	Sequence uint64
	Data     []byte
	At       time.Time // when the stream took it
}

// Follower reads one stream in its order for one store, which keeps its own
// position. It is for one goroutine.
type Follower struct {
	bus      *Bus
	stream   string
	consumer jetstream.Consumer
	created  time.Time
	missed   uint64
	unacked  map[uint64]jetstream.Msg
	last     uint64
}

// StreamCreated returns when the stream was made. A stream that was made anew
// counts from 1 again.
func (b *Bus) StreamCreated(ctx context.Context, stream string) (time.Time, error) {
	s, err := b.js.Stream(ctx, stream)
	if err != nil {
		return time.Time{}, fmt.Errorf("stream %s: %w", stream, err)
	}
	return s.CachedInfo().Created.UTC(), nil
}

// Follow reads stream after the sequence given, for the store called name. What
// a follower has not settled is not trimmed, as long as it has not been away for
// a month. The error wraps [ErrRewound] when after lies behind the stream's end.
func (b *Bus) Follow(ctx context.Context, stream, name string, after uint64) (*Follower, error) {
	s, err := b.js.Stream(ctx, stream)
	if err != nil {
		return nil, fmt.Errorf("follow %s: %w", stream, err)
	}
	info := s.CachedInfo()
	if after > info.State.LastSeq {
		return nil, fmt.Errorf("follow %s: %w: the store has applied %d, the stream made at %s ends at %d",
			stream, ErrRewound, after, info.Created.UTC().Format(time.RFC3339), info.State.LastSeq)
	}
	f := &Follower{bus: b, stream: stream, created: info.Created.UTC(), unacked: map[uint64]jetstream.Msg{}, last: after}
	if info.State.FirstSeq > after+1 {
		f.missed = info.State.FirstSeq - after - 1
	}
	prefix := "store_" + token(name) + "_"
	old, err := consumerNames(ctx, s, prefix)
	if err != nil {
		return nil, fmt.Errorf("follow %s: %w", stream, err)
	}
	// The new consumer is there before the old ones go, so that nothing is trimmed between.
	f.consumer, err = s.CreateConsumer(ctx, jetstream.ConsumerConfig{
		Durable: fmt.Sprintf("%s%d", prefix, time.Now().UnixNano()), AckPolicy: jetstream.AckAllPolicy,
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: after + 1,
		AckWait: ackWait, MaxAckPending: 50_000, InactiveThreshold: 30 * 24 * time.Hour,
	})
	if err != nil {
		return nil, fmt.Errorf("follow %s: %w", stream, err)
	}
	for _, o := range old {
		if err := s.DeleteConsumer(ctx, o); err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
			return nil, fmt.Errorf("follow %s: %w", stream, err)
		}
	}
	return f, nil
}

func consumerNames(ctx context.Context, s jetstream.Stream, prefix string) ([]string, error) {
	var names []string
	lister := s.ConsumerNames(ctx)
	for n := range lister.Name() {
		if stamp, ok := strings.CutPrefix(n, prefix); ok && strings.Trim(stamp, "0123456789") == "" {
			names = append(names, n)
		}
	}
	return names, lister.Err()
}

// Created is when the stream was made.
func (f *Follower) Created() time.Time { return f.created }

// Missed is how many messages after the start had been trimmed already.
func (f *Follower) Missed() uint64 { return f.missed }

// Next waits for messages and returns at most limit of them, in their order and
// without gaps but those that the stream itself has, as soon as there are that
// many or when the first has waited for wait. After [ErrGone] the stream has to be
// followed anew.
func (f *Follower) Next(ctx context.Context, limit int, wait time.Duration) ([]Message, error) {
	for {
		msgs, err := fetch(ctx, f.consumer, limit, wait)
		if err != nil {
			return nil, err
		}
		var out []Message
		for _, m := range msgs {
			meta, err := m.Metadata()
			if err != nil {
				return nil, fmt.Errorf("follow %s: %w", f.stream, err)
			}
			if meta.NumDelivered > 1 {
				f.bus.metrics.redelivered.Inc()
			}
			f.unacked[meta.Sequence.Stream] = m
			if meta.Sequence.Stream <= f.last {
				continue // it came again; the store has it
			}
			f.last = meta.Sequence.Stream
			out = append(out, Message{Sequence: f.last, Data: m.Data(), At: meta.Timestamp})
		}
		if len(out) > 0 {
			return out, nil
		}
	}
}

// Settle tells the bus that everything up to sequence is in the store for good.
func (f *Follower) Settle(ctx context.Context, sequence uint64) error {
	m, ok := f.unacked[sequence]
	if !ok {
		return fmt.Errorf("settle %d of %s: it was not delivered", sequence, f.stream)
	}
	if err := m.DoubleAck(ctx); err != nil {
		return fmt.Errorf("settle %d of %s: %w", sequence, f.stream, err)
	}
	for s := range f.unacked {
		if s <= sequence {
			delete(f.unacked, s)
		}
	}
	return nil
}

// Trim purges what nobody needs any more: POSTINGS up to where all tag workers
// have settled; BATCHES and SWEEPS up to where every follower has settled and
// covered, the position of the newest snapshot, reaches. It never goes by age.
func (b *Bus) Trim(ctx context.Context, covered map[string]uint64) error {
	var errs []error
	for _, name := range []string{Postings, Batches, Sweeps} {
		if err := b.trim(ctx, name, covered); err != nil {
			errs = append(errs, fmt.Errorf("trim %s: %w", name, err))
		}
	}
	return errors.Join(errs...)
}

func (b *Bus) trim(ctx context.Context, name string, covered map[string]uint64) error {
	s, err := b.js.Stream(ctx, name)
	if err != nil {
		return err
	}
	info := s.CachedInfo()
	floor, consumers := info.State.LastSeq, 0
	lister := s.ListConsumers(ctx)
	for c := range lister.Info() {
		consumers++
		settled := c.AckFloor.Stream
		if c.Config.OptStartSeq > 0 {
			settled = max(settled, c.Config.OptStartSeq-1)
		}
		floor = min(floor, settled)
	}
	if err := lister.Err(); err != nil {
		return err
	}
	if consumers == 0 {
		return nil // nobody has read it yet
	}
	if name != Postings {
		floor = min(floor, covered[name])
	}
	if floor < info.State.FirstSeq {
		return nil
	}
	return s.Purge(ctx, jetstream.WithPurgeSequence(floor+1))
}

// StreamStatus is how full a stream is and how far its readers are.
type StreamStatus struct {
	Name     string `json:"name"`
	Messages uint64 `json:"messages"`
	Bytes    uint64 `json:"bytes"`
	FirstSeq uint64 `json:"first_sequence"`
	LastSeq  uint64 `json:"last_sequence"`
	Pending  uint64 `json:"pending"` // messages the slowest reader has not settled; all, when nobody reads
}

// Status returns how things stand on all streams.
func (b *Bus) Status(ctx context.Context) ([]StreamStatus, error) {
	var all []StreamStatus
	for _, name := range []string{Postings, Batches, Sweeps, Dead} {
		s, err := b.js.Stream(ctx, name)
		if err != nil {
			return nil, fmt.Errorf("status of %s: %w", name, err)
		}
		st := s.CachedInfo().State
		one := StreamStatus{Name: name, Messages: st.Msgs, Bytes: st.Bytes, FirstSeq: st.FirstSeq, LastSeq: st.LastSeq}
		if one.Pending, err = unsettled(ctx, s, st); err != nil {
			return nil, fmt.Errorf("status of %s: %w", name, err)
		}
		all = append(all, one)
	}
	return all, nil
}

// unsettled is how many messages lie between where the slowest reader has settled
// and the end of the stream. A reader's own count of what it has before it lags
// behind the stream and is not asked.
func unsettled(ctx context.Context, s jetstream.Stream, st jetstream.StreamState) (uint64, error) {
	most, readers := uint64(0), 0
	lister := s.ListConsumers(ctx)
	for c := range lister.Info() {
		readers++
		settled := max(c.AckFloor.Stream, st.FirstSeq-min(st.FirstSeq, 1))
		if c.Config.OptStartSeq > 0 {
			settled = max(settled, c.Config.OptStartSeq-1)
		}
		most = max(most, st.LastSeq-min(settled, st.LastSeq))
	}
	if readers == 0 {
		most = st.Msgs
	}
	return most, lister.Err()
}

// Connected says whether the bus can be reached now.
func (b *Bus) Connected() bool { return b.nc.Status() == nats.CONNECTED }
