package crawltest

import (
	"context"
	"errors"
	"maps"
	"strings"
	"sync"

	"jobcity/pipeline/posting"
)

// ErrRefused is what a [Bus] answers while it refuses.
var ErrRefused = errors.New("refused")

// Bus keeps what a crawler publishes and its boards' states, in memory.
type Bus struct {
	mu       sync.Mutex
	postings []posting.Posting
	sweeps   []posting.Sweep
	dead     []posting.DeadLetter
	states   map[string][]byte
	leases   map[string]bool
	refuse   func(p posting.Posting) error
}

// NewBus returns an empty bus.
func NewBus() *Bus { return &Bus{states: map[string][]byte{}, leases: map[string]bool{}} }

// Refuse sets what is asked about each posting before it is taken.
func (b *Bus) Refuse(f func(posting.Posting) error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refuse = f
}

// PublishPostings takes all postings or none.
func (b *Bus) PublishPostings(_ context.Context, ps []posting.Posting) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.refuse != nil {
		for _, p := range ps {
			if err := b.refuse(p); err != nil {
				return err
			}
		}
	}
	b.postings = append(b.postings, ps...)
	return nil
}

// PublishSweep takes a sweep.
func (b *Bus) PublishSweep(_ context.Context, s posting.Sweep) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sweeps = append(b.sweeps, s)
	return nil
}

// PublishDead takes a dead letter.
func (b *Bus) PublishDead(_ context.Context, d posting.DeadLetter) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.dead = append(b.dead, d)
	return nil
}

// State is the state of a board, nil if there is none.
func (b *Bus) State(_ context.Context, board string) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.states[board], nil
}

// PutState keeps the state of a board.
func (b *Bus) PutState(_ context.Context, board string, state []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if state == nil {
		delete(b.states, board)
		return nil
	}
	b.states[board] = state
	return nil
}

// Lease takes name until release.
func (b *Bus) Lease(ctx context.Context, kind, name string) (held context.Context, release func(), err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	key := kind + "/" + name
	if b.leases[key] {
		return nil, nil, nil
	}
	b.leases[key] = true
	held, cancel := context.WithCancel(ctx)
	return held, func() {
		cancel()
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.leases, key)
	}, nil
}

// Leases are the names of a kind that are held.
func (b *Bus) Leases(_ context.Context, kind string) ([]string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var names []string
	for key := range b.leases {
		if name, ok := strings.CutPrefix(key, kind+"/"); ok {
			names = append(names, name)
		}
	}
	return names, nil
}

// States are all states.
func (b *Bus) States() map[string][]byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	return maps.Clone(b.states)
}

// Take hands out what was published since the last Take.
func (b *Bus) Take() (ps []posting.Posting, ss []posting.Sweep, ds []posting.DeadLetter) {
	b.mu.Lock()
	defer b.mu.Unlock()
	ps, ss, ds = b.postings, b.sweeps, b.dead
	b.postings, b.sweeps, b.dead = nil, nil, nil
	return ps, ss, ds
}
