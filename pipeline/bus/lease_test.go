package bus_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"jobcity/pipeline/bus"
)

const shortLease = 1500 * time.Millisecond

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
	names, err := b.Leases(t.Context(), "board")
	if slices.Sort(names); err != nil || !slices.Equal(names, []string{"ashby/acme", "ashby/other"}) {
		t.Errorf("leases %q, %v", names, err)
	}
	if names, err := b.Leases(t.Context(), "crawler"); len(names) != 0 || err != nil {
		t.Errorf("leases of another kind %q, %v", names, err)
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
	if names, err := b.Leases(t.Context(), "board"); len(names) != 0 || err != nil {
		t.Errorf("leases at the end %q, %v", names, err)
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
	if names, err := b.Leases(t.Context(), "board"); len(names) != 1 || err != nil {
		t.Errorf("the other's lease was given back too: %q, %v", names, err)
	}
}
