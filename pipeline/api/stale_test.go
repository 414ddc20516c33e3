package api_test

import (
	"context"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"jobcity/pipeline/query"
)

// moving is a runner whose data change at every question for their version.
type moving struct {
	fake
	changes, erased atomic.Int64
}

func (m *moving) Version() string { return strconv.FormatInt(m.changes.Load(), 10) }

func (m *moving) Revision() string { return strconv.FormatInt(m.erased.Load(), 10) }

func TestAnswersAreAtHandWhileTheDataChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &moving{}
		var runs atomic.Int64
		m.hold = func(_ context.Context, b query.Bound) error {
			if b.Query.Name == "hybrid_mix_by_district" {
				runs.Add(1)
				time.Sleep(2 * time.Second)
			}
			return nil
		}
		cfg := config()
		cfg.MaxAge, cfg.MaxStale = 500*time.Millisecond, 10*time.Second
		h := handler(t, cfg, deps(t, m))
		ask := func(header string) (took time.Duration, tag string) {
			start := time.Now()
			w := get(t, h, "GET", "/v1/trends/hybrid_mix_by_district", "Cache-Control", header)
			return time.Since(start), w.Header.Get("ETag")
		}
		quick := func(header string) (tag string) {
			return get(t, h, "GET", "/v1/trends/map_districts", "Cache-Control", header).Header.Get("ETag")
		}
		first, tag := ask("")
		if first < 2*time.Second || runs.Load() != 1 {
			t.Fatalf("the first answer took %s, %d runs", first, runs.Load())
		}
		m.changes.Add(1)
		if took, same := ask(""); took != 0 || same != tag || runs.Load() != 1 {
			t.Errorf("a young answer took %s, %d runs, tag %s and then %s", took, runs.Load(), tag, same)
		}
		time.Sleep(4 * time.Second)
		if took, same := ask(""); took != 0 || same != tag || runs.Load() != 1 {
			t.Errorf("an answer that lasts, since it was dear, took %s, %d runs, tag %s and then %s", took, runs.Load(), tag, same)
		}
		time.Sleep(2 * time.Second)
		if took, same := ask(""); took != 0 || same != tag {
			t.Errorf("an answer that is being renewed took %s, tag %s and then %s", took, tag, same)
		}
		synctest.Wait()
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if took, now := ask(""); took != 0 || now == tag || runs.Load() != 2 {
			t.Errorf("the renewed answer took %s, %d runs, tag %s and then %s", took, runs.Load(), tag, now)
		}
		m.changes.Add(1)
		if took, _ := ask("no-cache"); took < 2*time.Second || runs.Load() != 3 {
			t.Errorf("a client that wants the newest waited %s, %d runs", took, runs.Load())
		}
		m.changes.Add(1)
		time.Sleep(11 * time.Second)
		if took, _ := ask(""); took < 2*time.Second || runs.Load() != 4 {
			t.Errorf("an answer that was too old took %s, %d runs", took, runs.Load())
		}
		m.changes.Add(1)
		if tag := quick(""); m.changes.Add(1) == 0 || quick("") != tag {
			t.Error("a young answer was made anew")
		} else if time.Sleep(1100 * time.Millisecond); quick("") == tag {
			t.Error("an answer that is made in no time was given although it was old")
		}
		m.erased.Add(1)
		if took, _ := ask(""); took < 2*time.Second || runs.Load() != 5 {
			t.Errorf("after something was erased an answer took %s, %d runs", took, runs.Load())
		}
	})
}
