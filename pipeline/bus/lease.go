package bus

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// leasesBucket is the key-value bucket of who works on what. Its entries run out
// by themselves.
const leasesBucket = "leases"

// errLeaseLost is the cause of a context whose lease ran out: another may have it.
var errLeaseLost = errors.New("the lease was lost")

// Lease takes name, one of a kind, for the caller alone, until release. held is
// nil while another has it; otherwise it ends with ctx, and as soon as the lease
// can no longer be relied on. A lease whose holder died is free again after
// cfg.Lease.
func (b *Bus) Lease(ctx context.Context, kind, name string) (held context.Context, release func(), err error) {
	key := leaseKey(kind, name)
	var revision uint64
	err = b.retry(ctx, leasesBucket, func(ctx context.Context) (err error) {
		revision, err = b.leases.Create(ctx, key, nil)
		return err
	})
	if taken(err) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("lease of %s %s: %w", kind, name, err)
	}
	held, lose := context.WithCancelCause(ctx)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		revision = b.renew(held, key, revision, stop, lose)
	}()
	return held, func() {
		close(stop)
		<-stopped
		lose(nil)
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), b.leaseTime/3)
		defer cancel()
		if err := b.leases.Delete(ctx, key, jetstream.LastRevision(revision)); err != nil {
			b.log.Debug("lease not given back; it runs out by itself", "kind", kind, "name", name, "error", err)
		}
	}, nil
}

// renew keeps a lease until stop, or loses it when its time is over, or it is
// another's. It returns the last revision.
func (b *Bus) renew(held context.Context, key string, revision uint64, stop <-chan struct{}, lose context.CancelCauseFunc) uint64 {
	tick := time.NewTicker(b.leaseTime / 3)
	defer tick.Stop()
	for renewed := time.Now(); ; {
		select {
		case <-stop:
			return revision
		case <-tick.C:
		}
		begin := time.Now()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(held), b.leaseTime/3)
		next, err := b.leases.Update(ctx, key, nil, revision)
		cancel()
		switch {
		case err == nil:
			revision, renewed = next, begin
		case taken(err) || time.Since(renewed) > b.leaseTime*2/3:
			lose(errLeaseLost)
			return revision
		}
	}
}

// Leases are the names of a kind that are held, in no order.
func (b *Bus) Leases(ctx context.Context, kind string) ([]string, error) {
	prefix := leaseKey(kind, "")
	keys, err := b.leases.ListKeysFiltered(ctx, prefix+"*")
	if err != nil {
		return nil, fmt.Errorf("list leases of kind %s: %w", kind, err)
	}
	var names []string
	for key := range keys.Keys() {
		name, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(key, prefix))
		if err != nil {
			return nil, fmt.Errorf("list leases of kind %s: key %s: %w", kind, key, err)
		}
		names = append(names, string(name))
	}
	return names, nil
}

func leaseKey(kind, name string) string { return token(kind) + "." + stateKey(name) }

// taken says that another revision of a key is there.
func taken(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) &&
		(api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence || api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant)
}
