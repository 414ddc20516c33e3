package crawl

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// queueOf is a host's queue under a test's clock.
func queueOf(cfg Config) *host { return newHosts(cfg).of("boards.example:443") }

// ask makes one request that takes latency and ends with status, and returns when
// it started, in time since begin.
func ask(t *testing.T, h *host, begin time.Time, floor, latency time.Duration, status int, retryAfter string) time.Duration {
	t.Helper()
	if err := h.enter(context.Background(), floor); err != nil {
		t.Fatal(err)
	}
	start := time.Since(begin)
	time.Sleep(latency)
	h.leave(outcome{url: "https://boards.example/x", latency: latency, status: status, retryAfter: retryAfter})
	return start
}

func TestHostsDelayFollowsLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := DefaultConfig()
		cfg.MinDelay, cfg.MaxDelay = 100*time.Millisecond, 5*time.Second
		h, begin := queueOf(cfg), time.Now()
		for range 20 {
			ask(t, h, begin, 0, 10*time.Millisecond, 200, "")
		}
		if h.delay != cfg.MinDelay {
			t.Errorf("a fast host has delay %s, want the least, %s", h.delay, cfg.MinDelay)
		}
		for range 20 {
			ask(t, h, begin, 0, 2*time.Second, 200, "")
		}
		slow := h.delay
		if slow < 1900*time.Millisecond || slow > 2*time.Second {
			t.Errorf("a host that takes 2s has delay %s", slow)
		}
		ask(t, h, begin, 0, time.Millisecond, 404, "")
		ask(t, h, begin, 0, time.Millisecond, 500, "")
		if h.delay < slow {
			t.Errorf("errors lowered the delay to %s", h.delay)
		}
		for range 10 {
			ask(t, h, begin, 0, time.Hour, 200, "")
		}
		if h.delay > cfg.MaxDelay {
			t.Errorf("delay %s is over the most, %s", h.delay, cfg.MaxDelay)
		}
	})
}

func TestHostsKeepRobotsCrawlDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := DefaultConfig()
		cfg.MinDelay = 0
		h, begin := queueOf(cfg), time.Now()
		for i := range 4 {
			if at := ask(t, h, begin, 3*time.Second, 0, 200, ""); at != time.Duration(i)*3*time.Second {
				t.Errorf("request %d started at %s", i, at)
			}
		}
	})
}

func TestHostsWaitForRetryAfter(t *testing.T) {
	for _, tt := range []struct {
		name   string
		status int
		header string
		want   time.Duration
	}{
		{"seconds", 429, "120", 120 * time.Second},
		{"a date", 429, "Sat, 01 Jan 2000 00:03:00 GMT", 3 * time.Minute}, // synctest begins at midnight of that day
		{"a date that has passed", 429, "Fri, 31 Dec 1999 23:00:00 GMT", 0},
		{"with 503", 503, "7", 7 * time.Second},
		{"too long: the cap", 429, "1e9", 10 * time.Minute},
		{"negative: the default", 429, "-1", time.Second},
		{"nonsense: the default", 429, "soon", time.Second},
		{"none: the default", 429, "", time.Second},
		{"a server error alone is no wait for the host", 503, "", 0},
		{"other statuses do not wait", 404, "99", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg := DefaultConfig()
				cfg.MinDelay = 0
				h, begin := queueOf(cfg), time.Now()
				ask(t, h, begin, 0, 0, tt.status, tt.header)
				if at := ask(t, h, begin, 0, 0, 200, ""); at != tt.want {
					t.Errorf("the next request started after %s, want %s", at, tt.want)
				}
			})
		})
	}
}

func TestHostsAreIndependent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hs, begin := newHosts(DefaultConfig()), time.Now()
		ask(t, hs.of("a.example:443"), begin, 0, 0, 429, "300")
		if at := ask(t, hs.of("b.example:443"), begin, 0, 0, 200, ""); at != 0 {
			t.Errorf("another host waited %s", at)
		}
	})
}

func TestHostsThatKeepFailingRestLongerEachTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := DefaultConfig()
		cfg.MinDelay = 0
		h := queueOf(cfg)
		fail := func(url string) error {
			if err := h.enter(t.Context(), 0); err != nil {
				return err
			}
			h.leave(outcome{url: url, status: 500})
			return nil
		}
		for range 50 { // one URL alone is that board's trouble
			if err := fail("https://boards.example/one"); err != nil {
				t.Fatal(err)
			}
		}
		for i := range restAfter - 1 {
			if err := fail(string(rune('a' + i))); err != nil {
				t.Fatal(err)
			}
		}
		for _, rest := range []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute} {
			if err := fail("x"); !errors.Is(err, errResting) {
				t.Fatalf("got %v, want a rest", err)
			}
			time.Sleep(rest - time.Second)
			if err := fail("x"); !errors.Is(err, errResting) {
				t.Fatalf("the rest ended before %s", rest)
			}
			time.Sleep(time.Second)
			if err := fail("x"); err != nil {
				t.Fatalf("the rest did not end after %s: %v", rest, err)
			}
		}
		time.Sleep(time.Hour)
		if err := h.enter(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		h.leave(outcome{url: "x", status: 200})
		if err := fail("x"); err != nil || h.rests != 0 {
			t.Errorf("after a good answer: %v, %d rests", err, h.rests)
		}
	})
}

func TestAWaitingRequestEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := queueOf(DefaultConfig())
		ask(t, h, time.Now(), 0, 0, 429, "500")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := h.enter(ctx, 0); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if len(h.slots) != 0 {
			t.Error("the slot was kept")
		}
	})
}
