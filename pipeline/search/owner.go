package search

import (
	"context"
	"errors"

	"jobcity/pipeline/bus"
)

// own says whether this server is the one to tell t. It takes over a search whose
// server is gone, or whose numbers are those of a store that is no more.
func (s *Sender) own(ctx context.Context, t *task) (bool, error) {
	c := t.record.Cursor
	switch {
	case c.Server != s.book.server:
		alive, err := s.alive(ctx, c.Server)
		if alive || err != nil {
			return false, err
		}
	case c.Made.Equal(s.mark.Made) && !s.rewound(c):
		return true, nil
	}
	if s.mark.Stream.Equal(c.Stream) && s.mark.Sequence < c.Sequence {
		return false, nil // this store has still to apply what the search has seen
	}
	floor := horizon(t.record)
	if floor.Before(c.Floor) {
		floor = c.Floor
	}
	t.record.Cursor = cursor{Server: s.book.server, Made: s.mark.Made, At: c.At, Floor: floor}
	if p := t.record.Pending; p != nil { // the same postings under the same id, but then from here
		t.record.Pending = &pending{ID: p.ID, IDs: p.IDs, Then: t.record.Cursor}
	}
	err := s.keep(ctx, t)
	if errors.Is(err, bus.ErrChanged) { // somebody else has taken it
		s.reload(ctx, t)
		return false, nil
	}
	if err == nil {
		s.log.Info("telling a webhook from this server now", "search", logged(t.record.ID), "server_before", c.Server)
	}
	return err == nil, err
}

// rewound says that c was kept when this server's store had applied more than it
// had when the process began: it was made again from a snapshot, and numbers what
// came since otherwise.
func (s *Sender) rewound(c cursor) bool {
	return c.At.Before(s.started.At) && c.Stream.Equal(s.started.Stream) && c.Sequence > s.started.Sequence
}

// alive says whether a server holds its lease, as of a moment ago.
func (s *Sender) alive(ctx context.Context, server string) (bool, error) {
	if now := s.now(); now.Sub(s.othersAt) >= s.leases || s.others == nil {
		names, err := s.bus.Leases(ctx, senderLease)
		if err != nil {
			return false, err
		}
		s.others, s.othersAt = map[string]bool{}, now
		for _, name := range names {
			s.others[name] = true
		}
	}
	return s.others[server], nil
}
