package bus

import (
	"context"

	"github.com/nats-io/nats.go/jetstream"
)

// SetFree makes b believe that its disk has what free returns left.
func (b *Bus) SetFree(free func(string) (uint64, error)) { b.free = free }

// MinFree is what the embedded server leaves free.
const MinFree = minFree

// MaxDeliveries is how often a posting is delivered at most.
const MaxDeliveries = maxDeliveries

// Read is what Next does with one message.
func (w *Work) Read(m jetstream.Msg) error {
	_, err := w.read(m)
	return err
}

// WriteLease makes a lease as another crawler would, that nobody renews.
func (b *Bus) WriteLease(ctx context.Context, kind, name string) error {
	_, err := b.leases.Put(ctx, leaseKey(kind, name), []byte("another"))
	return err
}
