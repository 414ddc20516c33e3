package api_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"jobcity/pipeline/query"
)

func TestEqualRequestsShareOneRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		let := make(chan struct{})
		r := &fake{hold: func(_ context.Context, b query.Bound) error {
			if b.Query.Name == "hybrid_mix_by_district" {
				<-let
			}
			return nil
		}}
		cfg := config()
		cfg.CacheBytes = 0
		h := handler(t, cfg, deps(t, r))
		const clients = 50
		bodies := make(chan string, clients)
		for range clients {
			go func() { bodies <- body(t, get(t, h, "GET", "/v1/trends/hybrid_mix_by_district")) }()
		}
		synctest.Wait()
		close(let)
		first := <-bodies
		for range clients - 1 {
			if b := <-bodies; b != first {
				t.Errorf("got %s, want %s", b, first)
			}
		}
		if want := len([]string{"the trend", "scope", "coverage", "breaks"}); r.count() != want {
			t.Errorf("%d queries for %d equal requests, want %d", r.count(), clients, want)
		}
	})
}

func TestARunStopsWhenNobodyWaitsForIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stopped := make(chan error, 1)
		h := handler(t, config(), deps(t, &fake{hold: func(ctx context.Context, _ query.Bound) error {
			<-ctx.Done()
			stopped <- ctx.Err()
			return ctx.Err()
		}}))
		ask := func(ctx context.Context) chan struct{} {
			done := make(chan struct{})
			go func() {
				defer close(done)
				h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/v1/trends/hybrid_mix_by_district", nil))
			}()
			synctest.Wait()
			return done
		}
		one, leaveOne := context.WithCancel(t.Context())
		two, leaveTwo := context.WithCancel(t.Context())
		first, second := ask(one), ask(two)
		leaveOne()
		<-first
		synctest.Wait()
		select {
		case err := <-stopped:
			t.Fatalf("the run ended with %v while somebody waited for it", err)
		default:
		}
		leaveTwo()
		<-second
		if err := <-stopped; !errors.Is(err, context.Canceled) {
			t.Errorf("the run ended with %v", err)
		}
	})
}

func TestTooManyQueriesAreTurnedAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		let := make(chan struct{})
		cfg := config()
		cfg.Concurrency, cfg.Queue = 1, 1
		h := handler(t, cfg, deps(t, &fake{hold: func(context.Context, query.Bound) error { <-let; return nil }}))
		answers := make(chan *http.Response, 3)
		for i := range 3 {
			go func() { answers <- get(t, h, "GET", fmt.Sprintf("/v1/trends/postings_by_employer?top=%d", i+1)) }()
		}
		turned := <-answers
		close(let)
		if turned.StatusCode != http.StatusTooManyRequests || turned.Header.Get("Retry-After") != "1" {
			t.Errorf("got %d, Retry-After %q", turned.StatusCode, turned.Header.Get("Retry-After"))
		}
		for range 2 {
			if res := <-answers; res.StatusCode != 200 {
				t.Errorf("one that waited: got %d", res.StatusCode)
			}
		}
	})
}

func TestASlowQueryIsGivenUp(t *testing.T) {
	cfg := config()
	cfg.Timeout = time.Millisecond
	h := handler(t, cfg, deps(t, &fake{hold: func(ctx context.Context, _ query.Bound) error {
		<-ctx.Done()
		return fmt.Errorf("query: %w", ctx.Err())
	}}))
	if res := get(t, h, "GET", "/v1/trends/hybrid_mix_by_district"); res.StatusCode != http.StatusGatewayTimeout {
		t.Errorf("got %d: %s", res.StatusCode, body(t, res))
	}
}

func TestFailuresKeepTheirReasonInTheLog(t *testing.T) {
	h := handler(t, config(), deps(t, &fake{hold: func(_ context.Context, b query.Bound) error {
		if b.Query.Name == "hybrid_mix_by_district" {
			return errors.New("secret path /data/city")
		}
		panic("out of order")
	}}))
	for _, url := range []string{"/v1/trends/hybrid_mix_by_district", "/v1/status"} {
		res := get(t, h, "GET", url)
		if b := body(t, res); res.StatusCode != 500 || strings.Contains(b, "secret") || strings.Contains(b, "order") || res.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: got %d %s", url, res.StatusCode, b)
		}
	}
}
