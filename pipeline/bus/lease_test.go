package bus_test

import (
	"context"
	"testing"
	"time"

	"jobcity/pipeline/bus"
)

const shortLease = 600 * time.Millisecond

func shortLeases(t *testing.T) *bus.Bus {
	t.Helper()
	cfg := config()
	cfg.Lease = shortLease
	b := open(t, cfg, t.TempDir())
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func TestALeaseIsHeldByOneUntilItIsGivenBack(t *testing.T) {
	b := embedded(t)
	held, release, err := b.Lease(t.Context(), "board", "ashby/acme")
	if err != nil || held == nil {
		t.Fatalf("first lease: %v, %v", held, err)
	}
	if second, _, err := b.Lease(t.Context(), "board", "ashby/acme"); err != nil || second != nil {
		t.Errorf("second lease: %v, %v", second, err)
	}
	other, releaseOther, err := b.Lease(t.Context(), "board", "ashby/other")
	if err != nil || other == nil {
		t.Fatalf("lease of another name: %v, %v", other, err)
	}
	if n, err := b.Leases(t.Context(), "board"); n != 2 || err != nil {
		t.Errorf("%d leases, %v; want 2", n, err)
	}
	if n, err := b.Leases(t.Context(), "crawler"); n != 0 || err != nil {
		t.Errorf("%d leases of another kind, %v", n, err)
	}
	releaseOther()
	release()
	if held.Err() == nil {
		t.Error("the lease's context did not end")
	}
	for range 3 { // given back as often as taken
		again, release, err := b.Lease(t.Context(), "board", "ashby/acme")
		if err != nil || again == nil {
			t.Fatalf("lease after release: %v, %v", again, err)
		}
		release()
	}
	if n, err := b.Leases(t.Context(), "board"); n != 0 || err != nil {
		t.Errorf("%d leases at the end, %v", n, err)
	}
}

func TestALeaseOutlivesItsTimeWhileItIsHeld(t *testing.T) {
	b := shortLeases(t)
	held, release, err := b.Lease(t.Context(), "board", "ashby/acme")
	if err != nil || held == nil {
		t.Fatalf("lease: %v, %v", held, err)
	}
	defer release()
	for end := time.Now().Add(3 * shortLease); time.Now().Before(end); {
		if second, _, err := b.Lease(t.Context(), "board", "ashby/acme"); err != nil || second != nil {
			t.Fatalf("somebody else got it: %v, %v", second, err)
		}
	}
	if held.Err() != nil {
		t.Errorf("it was lost: %v", context.Cause(held))
	}
}

func TestALeaseOfOneWhoDiedIsFreeAfterItsTime(t *testing.T) {
	b := shortLeases(t)
	if err := b.WriteLease(t.Context(), "board", "ashby/acme"); err != nil { // and nobody renews it
		t.Fatal(err)
	}
	for tries := 0; ; tries++ {
		next, release, err := b.Lease(t.Context(), "board", "ashby/acme")
		if err != nil {
			t.Fatal(err)
		}
		if next != nil {
			if tries == 0 {
				t.Error("it was free at once")
			}
			release()
			return
		}
	}
}

func TestWhoLosesALeaseIsTold(t *testing.T) {
	b := shortLeases(t)
	held, release, err := b.Lease(t.Context(), "board", "ashby/acme")
	if err != nil || held == nil {
		t.Fatalf("lease: %v, %v", held, err)
	}
	if err := b.WriteLease(t.Context(), "board", "ashby/acme"); err != nil { // as if it had run out
		t.Fatal(err)
	}
	select {
	case <-held.Done():
	case <-time.After(20 * time.Second):
		t.Fatal("its context did not end")
	}
	release()
	if n, err := b.Leases(t.Context(), "board"); n != 1 || err != nil {
		t.Errorf("the other's lease was given back too: %d, %v", n, err)
	}
}
