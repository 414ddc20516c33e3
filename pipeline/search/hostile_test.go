package search_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jobcity/pipeline/search"
)

func atoi(t *testing.T, text string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// failed is the webhook after its first try has failed.
func failed(t *testing.T, c *city, url string) *search.Webhook {
	t.Helper()
	s, _ := c.save(url)
	c.start(c.sender())
	c.arrive(c.row(time.Now(), "go"))
	return c.until(s.ID, func(s search.Search) bool { return s.Webhook.LastError != nil }).Webhook
}

func TestAReceiverThatIsGoneIsNotToldAgain(t *testing.T) {
	c := newCity(t)
	v := newReceiver(t, func(_ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
	w := failed(t, c, v.URL)
	if w.State != search.Disabled || w.NextTry != nil || *w.LastError != "it answered 410 Gone" {
		t.Errorf("%+v", w)
	}
	v.next(t)
	c.arrive(c.row(time.Now(), "go"))
	other := newReceiver(t, nil)
	s, _ := c.save(other.URL)
	c.arrive(c.row(time.Now(), "go"))
	c.until(s.ID, delivered(1)) // all searches have been looked at by now
	v.none(t)
}

func TestARedirectIsAFailureAndNotFollowed(t *testing.T) {
	c := newCity(t)
	var inside atomic.Int64
	secret := newReceiver(t, func(int, http.ResponseWriter, *http.Request) { inside.Add(1) })
	v := newReceiver(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, secret.URL, http.StatusTemporaryRedirect)
	})
	w := failed(t, c, v.URL)
	if w.State != search.Failing || !strings.Contains(*w.LastError, "307 Temporary Redirect; redirects are not followed") || inside.Load() > 0 {
		t.Errorf("%s, %d", *w.LastError, inside.Load())
	}
}

func TestANameThatLeadsInsideIsRefusedWhenItIsDialled(t *testing.T) {
	v := newReceiver(t, nil)
	cfg := config()
	cfg.AllowPrivateHosts = []string{"localhost:1"} // so that the name itself is not refused
	c := cityOn(t, openBus(t), "one", cfg)
	_, port, _ := strings.Cut(strings.TrimPrefix(v.URL, "http://"), ":")
	s, _ := c.save("http://localhost:" + port) // Create checks nothing; the name resolves to loopback
	c.start(c.sender())
	c.arrive(c.row(time.Now(), "go"))
	w := c.until(s.ID, func(s search.Search) bool { return s.Webhook.LastError != nil }).Webhook
	if !strings.Contains(*w.LastError, "does not lead to a public address") || strings.Contains(*w.LastError, "127.0.0.1") {
		t.Errorf("%s", *w.LastError)
	}
	v.none(t)
}

func TestAProxyInTheEnvironmentIsNotUsed(t *testing.T) {
	proxy := newReceiver(t, nil)
	t.Setenv("HTTP_PROXY", proxy.URL)
	c, v := cityOn(t, openBus(t), "one", config()), newReceiver(t, nil)
	s, _ := c.save(v.URL)
	c.start(c.sender())
	c.arrive(c.row(time.Now(), "go"))
	c.until(s.ID, delivered(1))
	v.next(t)
	proxy.none(t)
}

func TestAnEndlessAnswerIsReadNoFurtherThanItsLimit(t *testing.T) {
	c := newCity(t)
	v := newReceiver(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
		for junk := make([]byte, 32<<10); ; {
			if _, err := w.Write(junk); err != nil {
				return
			}
		}
	})
	s, _ := c.save(v.URL)
	c.start(c.sender())
	c.arrive(c.row(time.Now(), "go"))
	c.until(s.ID, delivered(1))
}

func TestAReceiverThatDoesNotAnswerFails(t *testing.T) {
	cfg := config()
	cfg.Timeout = 50 * time.Millisecond
	c := cityOn(t, openBus(t), "one", cfg)
	release := make(chan struct{})
	v := newReceiver(t, func(int, http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	if w := failed(t, c, v.URL); *w.LastError != "it did not answer within 50ms" {
		t.Errorf("%s", *w.LastError)
	}
}

func TestAReceiverThatFailsForTooLongIsDisabled(t *testing.T) {
	c := newCity(t)
	v := newReceiver(t, func(_ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	var ahead atomic.Int64
	sender := c.sender()
	sender.SetNow(func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) })
	s, _ := c.save(v.URL)
	c.start(sender)
	c.arrive(c.row(time.Now(), "go"))
	c.until(s.ID, func(s search.Search) bool { return s.Webhook.Failures >= 2 })
	ahead.Store(int64(c.cfg.GiveUp))
	w := c.until(s.ID, func(s search.Search) bool { return s.Webhook.State == search.Disabled }).Webhook
	if !strings.Contains(*w.LastError, "500 Internal Server Error; it has failed for 100h0m0s and is disabled") || w.NextTry != nil {
		t.Errorf("%+v: %s", w, *w.LastError)
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	cfg := config()
	cfg.RetryMost = time.Hour
	c := cityOn(t, openBus(t), "one", cfg)
	v := newReceiver(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "1800")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	w := failed(t, c, v.URL)
	if wait := time.Until(*w.NextTry); wait < 29*time.Minute || wait > 31*time.Minute {
		t.Errorf("the next try is in %s", wait)
	}
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, "-7": 0, "soon": 0, "Thu, 01 Jan 2026 12:01:00 GMT": time.Minute, "Thu, 01 Jan 2026 11:00:00 GMT": 0, "99999999999999999999": 0,
	} {
		if got := search.RetryAfter(header, now); got != want {
			t.Errorf("Retry-After %q: %s, want %s", header, got, want)
		}
	}
}

func TestWaitsDoubleUpToTheirMost(t *testing.T) {
	cfg := config()
	cfg.Retry, cfg.RetryMost = 5*time.Second, time.Hour
	s := cityOn(t, openBus(t), "one", cfg).sender()
	for failures, want := range map[int]time.Duration{1: 5 * time.Second, 2: 10 * time.Second, 5: 80 * time.Second, 11: time.Hour, 1000: time.Hour} {
		for range 20 {
			if got := s.BackOff(failures); got < want*4/5 || got > want*6/5+1 {
				t.Errorf("after %d failures: %s, want about %s", failures, got, want)
			}
		}
	}
}

func TestTheSecretIsShownOnceAndNeverAgain(t *testing.T) {
	c := newCity(t)
	v := newReceiver(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		if n == 0 {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	s, secret := c.save(v.URL)
	if !strings.HasPrefix(secret, "whsec_") || len(secret) < 40 {
		t.Fatalf("secret %q", secret)
	}
	stop := c.start(c.sender())
	c.arrive(c.row(time.Now(), "go"))
	shown := c.until(s.ID, delivered(1))
	stop()
	families, err := c.reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	all, err := c.book.List(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatalf("%v, %v", all, err)
	}
	key := strings.TrimPrefix(secret, "whsec_")
	for where, text := range map[string]string{"search": fmt.Sprintf("%+v %+v", shown, *shown.Webhook), "list": fmt.Sprintf("%+v", *all[0].Webhook), "metrics": fmt.Sprint(families), "log": c.log.String()} {
		if strings.Contains(text, key) {
			t.Errorf("the secret stands in the %s", where)
		}
	}
	if log := c.log.String(); strings.Contains(log, s.ID) || !strings.Contains(log, "could not be told") {
		t.Errorf("the log names the search by its id, or not at all: %s", log)
	}
	if text := fmt.Sprint(families); !strings.Contains(text, `"delivered"`) || !strings.Contains(text, `"failed"`) {
		t.Errorf("metrics %s", text)
	}
}

func TestNoMoreDeliveriesRunAtATimeThanMayAndASlowReceiverHoldsUpItsOwnOnly(t *testing.T) {
	cfg := config()
	cfg.Concurrency = 2
	c := cityOn(t, openBus(t), "one", cfg)
	release := make(chan struct{})
	slow := newReceiver(t, func(int, http.ResponseWriter, *http.Request) { <-release })
	var now, most atomic.Int64
	quick := newReceiver(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		defer now.Add(-1)
		w.WriteHeader(http.StatusAccepted)
	})
	held, _ := c.save(slow.URL)
	var all []search.Search
	for range 6 {
		s, _ := c.save(quick.URL)
		all = append(all, s)
	}
	c.start(c.sender())
	c.arrive(c.row(time.Now(), "go"))
	for _, s := range all {
		c.until(s.ID, delivered(1))
	}
	if most.Load() > 2 {
		t.Errorf("%d at a time", most.Load())
	}
	slow.next(t)
	close(release)
	c.until(held.ID, delivered(1))
}
