package bus

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/synadia-io/orbit.go/jetstreamext"

	"jobcity/pipeline/posting"
)

// Bounds of one atomic batch: the server takes 1,000 messages, and holds them in
// memory until the last.
const (
	maxBatchMessages = 1000
	maxBatchBytes    = 16 << 20
)

// MaxPayload is the largest message the bus carries, a little under NATS'
// default of 1 MiB to leave room for headers.
const MaxPayload = 1<<20 - 4<<10

// How much of an unusable input, and of the reason, a dead letter keeps.
const (
	maxDeadPayload = 256 << 10
	maxDeadReason  = 4 << 10
)

// PublishPostings publishes prepared postings and returns when all are
// acknowledged, or ctx ends. A full stream or a bus out of reach makes it wait.
// A posting too large for the bus goes to the dead letters; one that was erased on
// demand is left out. After an error any
// part of postings may have been published: publish them again, the store drops
// what it has.
func (b *Bus) PublishPostings(ctx context.Context, postings []posting.Posting) error {
	var msgs []*nats.Msg
	size := 0
	flush := func() error {
		err := b.publishAtomic(ctx, msgs)
		msgs, size = msgs[:0], 0
		return err
	}
	for _, p := range b.withoutErased(postings) {
		data, err := p.Encode()
		if err != nil {
			return fmt.Errorf("encode posting %s: %w", p.ID, err)
		}
		if len(data) > b.maxPayload() {
			err := b.PublishDead(ctx, posting.DeadLetter{
				Kind: "posting", Where: posting.BoardID(p.Source, p.Board), At: time.Now().UTC(), Payload: data,
				Reason: fmt.Sprintf("posting %s takes %d bytes on the bus, which carries %d", p.ID, len(data), b.maxPayload()),
			})
			if err != nil {
				return err
			}
			continue
		}
		if len(msgs) == maxBatchMessages || size+len(data) > maxBatchBytes {
			if err := flush(); err != nil {
				return err
			}
		}
		msgs = append(msgs, &nats.Msg{Subject: "jobcity.posting." + token(p.Source), Data: data})
		size += len(data)
	}
	return flush()
}

func (b *Bus) publishAtomic(ctx context.Context, msgs []*nats.Msg) error {
	if len(msgs) == 0 {
		return nil
	}
	err := b.retry(ctx, Postings, func(ctx context.Context) error {
		if len(msgs) == 1 {
			_, err := b.js.PublishMsg(ctx, msgs[0])
			return err
		}
		for _, m := range msgs {
			m.Header = nats.Header{} // a batch that failed left its marks
		}
		_, err := jetstreamext.PublishMsgBatch(ctx, b.js, msgs)
		return err
	})
	if err != nil {
		return fmt.Errorf("publish %d postings: %w", len(msgs), err)
	}
	b.metrics.published.WithLabelValues(Postings).Add(float64(len(msgs)))
	return nil
}

// PublishSweep publishes a sweep; waiting is as in [Bus.PublishPostings].
func (b *Bus) PublishSweep(ctx context.Context, s posting.Sweep) error {
	data, err := s.Encode()
	if err != nil {
		return fmt.Errorf("encode sweep of %s: %w", posting.BoardID(s.Source, s.Board), err)
	}
	if len(data) > b.maxPayload() {
		return fmt.Errorf("%w: sweep of %s lists %d postings and takes %d bytes, the bus carries %d",
			posting.ErrInvalid, posting.BoardID(s.Source, s.Board), len(s.Listed), len(data), b.maxPayload())
	}
	return b.publish(ctx, Sweeps, subjects[Sweeps], data)
}

// PublishBatch publishes an encoded record batch of at most [MaxPayload] bytes.
func (b *Bus) PublishBatch(ctx context.Context, ipc []byte) error {
	if len(ipc) > b.maxPayload() {
		return fmt.Errorf("%w: record batch of %d bytes, the bus carries %d", posting.ErrInvalid, len(ipc), b.maxPayload())
	}
	return b.publish(ctx, Batches, subjects[Batches], ipc)
}

// PublishDead keeps input that could not be used, with its reason.
func (b *Bus) PublishDead(ctx context.Context, d posting.DeadLetter) error {
	room := max(0, min(maxDeadPayload, b.maxPayload()*3/4-2*maxDeadReason)) // in JSON it is base64
	d.Payload = d.Payload[:min(len(d.Payload), room)]
	if len(d.Reason) > maxDeadReason {
		d.Reason = strings.ToValidUTF8(d.Reason[:maxDeadReason], "")
	}
	data, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("encode dead letter: %w", err)
	}
	if err := b.publish(ctx, Dead, "jobcity.dead."+token(d.Kind), data); err != nil {
		return err
	}
	b.metrics.dead.WithLabelValues(d.Kind).Inc()
	return nil
}

// publish publishes one message. Its id is its content, so that a retry whose
// first try did arrive is not stored twice.
func (b *Bus) publish(ctx context.Context, stream, subject string, data []byte) error {
	sum := sha256.Sum256(data)
	err := b.retry(ctx, stream, func(ctx context.Context) error {
		_, err := b.js.Publish(ctx, subject, data, jetstream.WithMsgID(hex.EncodeToString(sum[:16])))
		return err
	})
	if err != nil {
		return fmt.Errorf("publish to %s: %w", stream, err)
	}
	b.metrics.published.WithLabelValues(stream).Inc()
	return nil
}

// maxPayload is MaxPayload, or less where the server carries less.
func (b *Bus) maxPayload() int {
	if n := int(b.nc.MaxPayload()) - 4<<10; n > 0 {
		return min(MaxPayload, n)
	}
	return MaxPayload // not connected at the moment
}

// attemptTimeout is how long one try may take. A batch of 16 MiB on a slow disk
// takes seconds.
const attemptTimeout = 30 * time.Second

// retry calls publish until it succeeds, ctx ends, or the error is one that
// waiting does not mend.
func (b *Bus) retry(ctx context.Context, stream string, publish func(context.Context) error) error {
	for n := 0; ; n++ {
		err := b.attempt(ctx, publish)
		if err == nil || !passing(err) {
			return err
		}
		if ctx.Err() != nil {
			return errors.Join(ctx.Err(), err)
		}
		if n == 0 {
			b.log.Warn("the bus does not take more now; waiting", "stream", stream, "error", err)
		}
		b.metrics.waits.WithLabelValues(stream).Inc()
		if err := sleep(ctx, retryDelay(n)); err != nil {
			return err
		}
	}
}

func (b *Bus) attempt(ctx context.Context, publish func(context.Context) error) error {
	if err := b.room(); err != nil {
		return err
	}
	within, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	stop := b.lost.watch(cancel)
	defer stop()
	err := publish(within)
	if errors.Is(err, context.Canceled) && ctx.Err() == nil {
		return nats.ErrDisconnected // the answer will not come any more
	}
	return err
}

// passing says whether what failed with err may succeed later: the stream or the
// disk is full, too much is under way, or the server is out of reach.
func passing(err error) bool {
	var api *jetstream.APIError
	if errors.As(err, &api) {
		return api.Code >= 500 || api.Code == 429 || api.ErrorCode == jetstreamext.JSErrCodeBatchPublishIncomplete
	}
	for _, e := range []error{
		errNoRoom, nats.ErrTimeout, nats.ErrNoResponders, nats.ErrDisconnected, nats.ErrReconnectBufExceeded, nats.ErrConnectionReconnecting,
		nats.ErrNoServers, jetstream.ErrNoStreamResponse, jetstreamext.ErrInvalidBatchAck, context.DeadlineExceeded,
	} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// token makes s one token of a subject.
func token(s string) string {
	if s == "" {
		return "unknown"
	}
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '_'
	}, s)
}
