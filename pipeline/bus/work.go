package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"jobcity/pipeline/posting"
)

const (
	// tagConsumer is the durable consumer that all tag workers share.
	tagConsumer = "tag"
	// ackWait is how long a worker may be silent before its postings go to another.
	ackWait = 10 * time.Second
	// maxDeliveries is how often a posting may be delivered before it is taken to
	// be what kills its workers.
	maxDeliveries = 20
)

// Work hands out postings to one process's tag workers. It is safe for
// concurrent use.
type Work struct {
	bus *Bus

	mu       sync.Mutex
	consumer jetstream.Consumer
}

// Postings opens the consumer that all tag workers on all machines share.
func (b *Bus) Postings(ctx context.Context) (*Work, error) {
	w := &Work{bus: b}
	if err := w.attach(ctx); err != nil {
		return nil, err
	}
	return w, nil
}

func (w *Work) attach(ctx context.Context) error {
	c, err := w.bus.js.CreateOrUpdateConsumer(ctx, Postings, jetstream.ConsumerConfig{
		Durable: tagConsumer, AckPolicy: jetstream.AckExplicitPolicy, AckWait: ackWait, MaxAckPending: 50_000,
	})
	if err != nil {
		return fmt.Errorf("consumer %s of %s: %w", tagConsumer, Postings, err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.consumer = c
	return nil
}

// fetch is the function fetch on the shared consumer, which it makes anew when
// somebody has deleted it.
func (w *Work) fetch(ctx context.Context, limit int, wait time.Duration) ([]jetstream.Msg, error) {
	for {
		w.mu.Lock()
		c := w.consumer
		w.mu.Unlock()
		msgs, err := fetch(ctx, c, limit, wait)
		if !errors.Is(err, ErrGone) {
			return msgs, err
		}
		w.bus.log.Warn("the consumer of the tag workers is gone; making it anew", "error", err)
		if err := w.attach(ctx); err != nil {
			return nil, err
		}
	}
}

// Next waits for postings and returns at most limit of them, as soon as there
// are that many or when the first has waited for wait. When ctx ends first it
// returns ctx's error.
//
// settle must be called once. With nil the postings are done and do not come
// again; with an error they are delivered again, to any worker, after a pause.
// Until then they are kept from other workers. Messages that are no postings
// have gone to the dead letters already.
func (w *Work) Next(ctx context.Context, limit int, wait time.Duration) (postings []posting.Posting, settle func(context.Context, error) error, err error) {
	for len(postings) == 0 {
		msgs, err := w.fetch(ctx, limit, wait)
		if err != nil {
			return nil, nil, err
		}
		var kept []jetstream.Msg
		for i, m := range msgs {
			p, err := w.read(m)
			if err == nil {
				postings, kept = append(postings, p), append(kept, m)
				continue
			}
			if err := w.bury(ctx, m, err); err != nil {
				for _, m := range append(kept, msgs[i:]...) {
					_ = m.NakWithDelay(nakDelay(m)) // else it comes again after ackWait
				}
				return nil, nil, err
			}
		}
		if len(kept) > 0 {
			settle = w.settler(kept)
		}
	}
	return postings, settle, nil
}

func (w *Work) read(m jetstream.Msg) (posting.Posting, error) {
	if meta, err := m.Metadata(); err == nil && meta.NumDelivered > 1 {
		w.bus.metrics.redelivered.Inc()
		if meta.NumDelivered > maxDeliveries {
			return posting.Posting{}, fmt.Errorf("delivered %d times and never settled", meta.NumDelivered-1)
		}
	}
	return posting.Decode(m.Data())
}

// bury puts m into the dead letters, and takes it from the stream's consumer
// only once it is there.
func (w *Work) bury(ctx context.Context, m jetstream.Msg, cause error) error {
	err := w.bus.PublishDead(ctx, posting.DeadLetter{Kind: "posting", Reason: cause.Error(), Where: m.Subject(), At: time.Now().UTC(), Payload: m.Data()})
	if err != nil {
		return err
	}
	return m.TermWithReason(cause.Error())
}

// settler returns the settle function of msgs and keeps them from other workers
// until it is called.
func (w *Work) settler(msgs []jetstream.Msg) func(context.Context, error) error {
	stop := make(chan struct{})
	var heart sync.WaitGroup
	heart.Go(func() {
		beat := time.NewTicker(ackWait / 3)
		defer beat.Stop()
		for {
			select {
			case <-stop:
				return
			case <-beat.C:
				for _, m := range msgs {
					_ = m.InProgress() // if it is lost the message comes again, which is harmless
				}
			}
		}
	})
	return func(_ context.Context, cause error) error {
		close(stop)
		heart.Wait()
		var errs []error
		for _, m := range msgs {
			if cause == nil {
				errs = append(errs, m.Ack())
			} else {
				errs = append(errs, m.NakWithDelay(nakDelay(m)))
			}
		}
		if err := w.bus.nc.FlushTimeout(closeTimeout); err != nil {
			errs = append(errs, fmt.Errorf("settle %d postings: %w", len(msgs), err))
		}
		return errors.Join(errs...)
	}
}

// nakDelay grows from a second to a minute with the deliveries of m.
func nakDelay(m jetstream.Msg) time.Duration {
	meta, err := m.Metadata()
	if err != nil {
		return time.Second
	}
	return min(time.Second<<min(meta.NumDelivered-1, 6), time.Minute)
}

// fetch returns the messages that are there, at most limit, once there is at
// least one. It waits for more until the first has waited for wait.
func fetch(ctx context.Context, c jetstream.Consumer, limit int, wait time.Duration) ([]jetstream.Msg, error) {
	for n := 0; ; {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		first, err := collect(c, 1, idleWait)
		if err != nil {
			if err := gone(ctx, c, err); err != nil {
				return nil, err
			}
			if err := sleep(ctx, retryDelay(n)); err != nil {
				return nil, err
			}
			n++
			continue
		}
		if len(first) == 0 {
			continue
		}
		if limit == 1 {
			return first, nil
		}
		more, err := collect(c, limit-1, wait)
		if err != nil {
			return first, nil //nolint:nilerr // what came is worth having; the next call meets the error again
		}
		return append(first, more...), nil
	}
}

// ErrGone says that a stream or its consumer has been deleted.
var ErrGone = errors.New("the stream or its consumer has been deleted")

// gone returns nil if fetching from c failed with cause because the bus was out of
// reach, which passes, and else what the matter is.
func gone(ctx context.Context, c jetstream.Consumer, cause error) error {
	switch {
	case errors.Is(cause, jetstream.ErrConsumerDeleted), errors.Is(cause, jetstream.ErrConsumerNotFound):
		return fmt.Errorf("%w: %w", ErrGone, cause)
	case errors.Is(cause, nats.ErrNoResponders):
		_, err := c.Info(ctx)
		if errors.Is(err, jetstream.ErrConsumerNotFound) || errors.Is(err, jetstream.ErrStreamNotFound) {
			return fmt.Errorf("%w: %w", ErrGone, err)
		}
		return nil
	case errors.Is(cause, nats.ErrTimeout), errors.Is(cause, jetstream.ErrNoHeartbeat), errors.Is(cause, nats.ErrDisconnected),
		errors.Is(cause, nats.ErrConnectionReconnecting):
		return nil
	}
	return cause
}

// idleWait is how long one request for a message stays open at the server, and so
// how long a stop may take.
const idleWait = 250 * time.Millisecond

// collect asks for messages and waits for all that the server sends. It does not
// end early with a context: what is on its way then would come again only after
// ackWait.
func collect(c jetstream.Consumer, limit int, wait time.Duration) ([]jetstream.Msg, error) {
	batch, err := c.Fetch(limit, jetstream.FetchMaxWait(wait))
	if err != nil {
		return nil, err
	}
	var msgs []jetstream.Msg
	for m := range batch.Messages() {
		msgs = append(msgs, m)
	}
	return msgs, batch.Error()
}

// DeadLetters returns at most limit dead letters after the given sequence of the
// stream DEAD, oldest first, and the sequence of the last.
func (b *Bus) DeadLetters(ctx context.Context, after uint64, limit int) ([]posting.DeadLetter, uint64, error) {
	stream, err := b.js.Stream(ctx, Dead)
	if err != nil {
		return nil, after, fmt.Errorf("dead letters: %w", err)
	}
	var letters []posting.DeadLetter
	for last := stream.CachedInfo().State.LastSeq; after < last && len(letters) < limit; {
		m, err := stream.GetMsg(ctx, after+1, jetstream.WithGetMsgSubject(subjects[Dead]))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			break
		}
		if err != nil {
			return letters, after, fmt.Errorf("dead letters after %d: %w", after, err)
		}
		var d posting.DeadLetter
		if err := json.Unmarshal(m.Data, &d); err != nil {
			d = posting.DeadLetter{Kind: "unreadable", Reason: err.Error(), Payload: m.Data}
		}
		letters, after = append(letters, d), m.Sequence
	}
	return letters, after, nil
}
