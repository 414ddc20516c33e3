package search_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"jobcity/pipeline/search"
)

// TestWhateverFailsEveryPostingIsToldAndNoneTwiceUnderTwoIDs: postings of any date
// arrive and change while the sender is stopped in the middle of its work and the
// receiver fails now and then.
func TestWhateverFailsEveryPostingIsToldAndNoneTwiceUnderTwoIDs(t *testing.T) {
	c := newCity(t)
	rng := rand.New(rand.NewPCG(7, 8))
	var mu sync.Mutex
	moods := rand.New(rand.NewPCG(9, 10))
	v := newReceiver(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		mood := moods.IntN(4)
		mu.Unlock()
		switch mood {
		case 0:
			w.WriteHeader(http.StatusInternalServerError)
		case 1: // the answer is lost
			if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
				conn.Close()
			}
		}
	})
	c.arrive(c.row(time.Now(), "go"))
	s, _ := c.save(v.URL)
	want, stop := []string{}, c.again()
	for range 12 {
		for range 1 + rng.IntN(3) {
			seen := time.Now()
			if rng.IntN(2) == 0 {
				seen = seen.AddDate(0, 0, -rng.IntN(1000))
			}
			fresh := c.row(seen, "go")
			c.arrive(fresh, c.row(seen, "sql"))
			want = append(want, fresh.Posting.ID)
		}
		if rng.IntN(3) == 0 {
			stop()
			stop = c.again()
		}
	}
	c.until(s.ID, func(s search.Search) bool { return s.Webhook.Delivered >= int64(len(want)) })
	stop()
	got, under := []string{}, map[string]string{}
	for len(v.came) > 0 {
		d := v.next(t)
		id, ids := d.header.Get("webhook-id"), fmt.Sprint(d.ids)
		if under[id] == "" {
			under[id] = ids
			got = append(got, d.ids...)
		} else if under[id] != ids {
			t.Errorf("%s told of %s, then of %s", id, under[id], ids)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%d postings were told, want %d", len(got), len(want))
	}
}
