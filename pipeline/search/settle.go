package search

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// settle writes down how a try went.
func (s *Sender) settle(t *task, out outcome) {
	hook := *t.record.Webhook // what others were shown stays as it is
	t.record.Webhook = &hook
	now := s.now().UTC().Truncate(time.Millisecond)
	if out.err == nil {
		for _, id := range t.record.Pending.IDs {
			t.record.Told = tell(t.record.Told, id)
		}
		t.record.Cursor, t.record.Pending = t.record.Pending.Then, nil
		hook.Failures, hook.Since, hook.LastError, hook.NextTry = 0, nil, nil, nil
		if hook.State == Failing {
			hook.State = Waiting
		}
		if out.postings > 0 || hook.LastAt != nil {
			hook.State = Working
		}
		if out.postings > 0 {
			hook.LastAt = &now
			hook.Delivered += int64(out.postings)
			s.counts.deliveries.WithLabelValues("delivered").Inc()
			s.counts.postings.Add(float64(out.postings))
		}
		return
	}
	said := out.err.Error()
	hook.State, hook.LastError = Failing, &said
	hook.Failures++
	if hook.Since == nil {
		hook.Since = &now
	}
	result := "failed"
	switch wait := max(s.backOff(hook.Failures), min(out.wait, s.book.cfg.RetryMost)); {
	case out.gone:
		hook.State, hook.NextTry, result = Disabled, nil, "gone"
	case now.Sub(*hook.Since) >= s.book.cfg.GiveUp:
		said += fmt.Sprintf("; it has failed for %s and is disabled", s.book.cfg.GiveUp)
		hook.State, hook.NextTry, result = Disabled, nil, "disabled"
	default:
		next := now.Add(wait)
		hook.NextTry = &next
	}
	s.counts.deliveries.WithLabelValues(result).Inc()
	s.log.Info("a webhook could not be told", "search", logged(t.record.ID), "state", hook.State, "failures", hook.Failures, "error", said)
}

// backOff is how long to wait after so many failures in a row: twice as long each
// time, give or take a fifth, so that receivers that failed together are not told
// together.
func (s *Sender) backOff(failures int) time.Duration {
	wait := min(s.book.cfg.Retry<<min(failures-1, 30), s.book.cfg.RetryMost)
	if wait <= 0 {
		wait = s.book.cfg.RetryMost
	}
	return wait*4/5 + rand.N(wait*2/5+1)
}

// keep writes t to the bus, unless it was changed there.
func (s *Sender) keep(ctx context.Context, t *task) error {
	revision, err := s.book.put(ctx, t.record, t.revision)
	if err == nil {
		t.revision, t.kept = revision, t.record.Cursor.At
	}
	return err
}

// keepSettled is keep for what has happened already: an end of ctx gives it a moment.
func (s *Sender) keepSettled(ctx context.Context, t *task) error {
	within, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	defer stop()
	return s.keep(within, t)
}

// reload takes over what somebody else has written, if it is still there.
func (s *Sender) reload(ctx context.Context, t *task) {
	r, revision, err := s.book.get(ctx, t.record.ID)
	if err == nil {
		t.record, t.revision, t.kept = r, revision, r.Cursor.At
	}
}

// told says whether id is among those told last, and tell adds it to them.
func told(all []byte, id string) bool {
	sum := sha256.Sum256([]byte(id))
	for have := range slices.Chunk(all, 8) {
		if string(have) == string(sum[:8]) {
			return true
		}
	}
	return false
}

func tell(all []byte, id string) []byte {
	sum := sha256.Sum256([]byte(id))
	all = append(slices.Clone(all), sum[:8]...)
	return all[max(0, len(all)-8*maxTold):]
}

// logged is a search's id for the log, where it must not stand: who knows it may
// delete the search.
func logged(id string) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:4])
}
