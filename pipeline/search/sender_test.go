package search_test

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"jobcity/pipeline/batch"
	"jobcity/pipeline/search"
	"jobcity/pipeline/tag"
)

func tagSkill(id string) tag.Skill { return tag.Skill{ID: id, Need: "must"} }

func ids(rows ...batch.Row) []string {
	var all []string
	for _, r := range rows {
		all = append(all, r.Posting.ID)
	}
	return all
}

func delivered(n int64) func(search.Search) bool {
	return func(s search.Search) bool { return s.Webhook.Delivered == n && s.Webhook.State == search.Working }
}

func TestAWebhookIsToldOfWhatIsNewInOrderOfArrival(t *testing.T) {
	c, v := newCity(t), newReceiver(t, nil)
	now := time.Now()
	c.arrive(c.row(now, "go"))
	s, secret := c.save(v.URL)
	c.start(c.sender())
	first, other, late := c.row(now, "go", "sql"), c.row(now, "sql"), c.row(now.AddDate(-10, 0, 0), "go")
	c.arrive(first, other)
	got := v.next(t)
	if !slices.Equal(got.ids, ids(first)) || got.search.ID != s.ID || got.search.Name != "Go" || got.search.Filters["skills"] != "go" || got.at.Before(now.Add(-time.Second)) {
		t.Errorf("got %s", got.body)
	}
	want := http.Header{}
	at := time.Unix(atoi(t, got.header.Get("webhook-timestamp")), 0)
	if err := search.Sign(want, secret, got.header.Get("webhook-id"), at, got.body); err != nil || got.header.Get("webhook-signature") != want.Get("webhook-signature") {
		t.Errorf("signature %q, want %q (%v)", got.header.Get("webhook-signature"), want.Get("webhook-signature"), err)
	}
	c.until(s.ID, delivered(1))
	c.arrive(late) // fetched ten years ago, and new all the same
	if got := v.next(t); !slices.Equal(got.ids, ids(late)) {
		t.Errorf("got %v", got.ids)
	}
	c.until(s.ID, delivered(2))
	v.none(t)
}

func TestALongListIsToldInPartsOfAHundred(t *testing.T) {
	c, v := newCity(t), newReceiver(t, nil)
	s, _ := c.save(v.URL)
	var all []batch.Row
	for range 250 {
		all = append(all, c.row(time.Now(), "go"))
	}
	c.arrive(all...)
	c.start(c.sender())
	var got []string
	for _, n := range []int{100, 100, 50} {
		d := v.next(t)
		if len(d.ids) != n {
			t.Errorf("%d postings in a delivery, want %d", len(d.ids), n)
		}
		got = append(got, d.ids...)
	}
	slices.Sort(got)
	if len(slices.Compact(got)) != 250 {
		t.Errorf("%d different postings were told", len(got))
	}
	c.until(s.ID, delivered(250))
}

func TestAPostingIsNotToldAgainWhenItChanges(t *testing.T) {
	c, v := newCity(t), newReceiver(t, nil)
	now := time.Now()
	old := c.row(now.Add(-time.Hour), "go")
	c.arrive(old)
	c.sweep(now.Add(-time.Hour), old)
	s, _ := c.save(v.URL)
	c.start(c.sender())
	fresh := c.row(now, "go")
	c.arrive(fresh)
	if got := v.next(t); !slices.Equal(got.ids, ids(fresh)) {
		t.Fatalf("got %v", got.ids)
	}
	c.until(s.ID, delivered(1))
	for _, r := range []batch.Row{old, fresh} {
		r.Posting.Title, r.Posting.SeenAt = r.Posting.Title+", again", now.Add(time.Minute)
		c.arrive(c.prepared(r, "go"))
		r.Tags.Taxonomy = "another"
		c.arrive(r)
	}
	last := c.row(now, "go") // what came before it was looked at when it is told
	c.arrive(last)
	if got := v.next(t); !slices.Equal(got.ids, ids(last)) {
		t.Errorf("got %v, want %v", got.ids, ids(last))
	}
	c.until(s.ID, delivered(2))
	v.none(t)
}

func TestWhatChangesBeforeItIsToldIsTold(t *testing.T) {
	c, v := newCity(t), newReceiver(t, nil)
	s, _ := c.save(v.URL)
	fresh := c.row(time.Now(), "go")
	c.arrive(fresh)
	c.sweep(time.Now(), fresh)
	fresh.Posting.Title, fresh.Posting.SeenAt = "Another title", fresh.Posting.SeenAt.Add(time.Minute)
	c.arrive(c.prepared(fresh, "go"))
	c.start(c.sender())
	if got := v.next(t); !slices.Equal(got.ids, ids(fresh)) {
		t.Errorf("got %v", got.ids)
	}
	c.until(s.ID, delivered(1))
}

func TestACopyOfARoleThatWasToldIsNotNew(t *testing.T) {
	c, v := newCity(t), newReceiver(t, nil)
	s, _ := c.save(v.URL)
	old := c.row(time.Now().AddDate(0, 0, -20), "go") // an old dump may hold a role twice: it is told once
	c.arrive(old, c.copyOf(old, "2", old.Posting.SeenAt, "go"))
	c.start(c.sender())
	if got := v.next(t); len(got.ids) != 1 {
		t.Errorf("got %v", got.ids)
	}
	c.until(s.ID, delivered(1))
	c.arrive(c.copyOf(old, "3", time.Now(), "go")) // of which the first remains the one that stands for it
	other := c.copyOf(old, "4", time.Now(), "go")
	other.Posting.PostedOn = time.Now().AddDate(0, 0, -30).Format(time.DateOnly) // it is the first of them by its date, and stands for the role from now on
	c.arrive(c.prepared(other, "go"))
	last := c.row(time.Now(), "go")
	c.arrive(last)
	if got := v.next(t); !slices.Equal(got.ids, ids(last)) {
		t.Errorf("got %v, want %v", got.ids, ids(last))
	}
	c.until(s.ID, delivered(2))
	v.none(t)
}

func TestAPostingWhoseSweepComesLaterCountsAsOpen(t *testing.T) {
	c, v := newCity(t), newReceiver(t, nil)
	s, _, err := c.book.Create(t.Context(), search.New{Name: "open", Filters: map[string]string{"open": "true"}, URL: v.URL})
	if err != nil {
		t.Fatal(err)
	}
	c.start(c.sender())
	fresh := c.row(time.Now())
	c.arrive(fresh)
	if got := v.next(t); !slices.Equal(got.ids, ids(fresh)) {
		t.Errorf("got %v", got.ids)
	}
	c.until(s.ID, delivered(1))
}

func TestAProcessThatEndsBeforeItWritesDownWhatItToldTellsItAgainUnderTheSameID(t *testing.T) {
	c := newCity(t)
	end := make(chan func(), 1)
	v := newReceiver(t, func(n int, _ http.ResponseWriter, r *http.Request) {
		if n == 0 {
			(<-end)()
			<-r.Context().Done() // the connection is cut, and the answer never comes
		}
	})
	s, _ := c.save(v.URL)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	sender := c.sender()
	go func() { done <- sender.Run(ctx) }()
	fresh := c.row(time.Now(), "go")
	c.arrive(fresh)
	end <- cancel
	first := v.next(t)
	begin := time.Now()
	if err := <-done; err != nil || time.Since(begin) > 5*time.Second {
		t.Fatalf("it ended after %s: %v", time.Since(begin), err)
	}
	if got, err := c.book.Get(t.Context(), s.ID); err != nil || got.Webhook.State != search.Waiting || got.Webhook.Failures != 0 {
		t.Errorf("%+v, %v", got.Webhook, err)
	}
	more := c.row(time.Now(), "go")
	c.arrive(more)
	c.again()
	second := v.next(t)
	if second.header.Get("webhook-id") != first.header.Get("webhook-id") || !slices.Equal(second.ids, ids(fresh)) || !slices.Equal(first.ids, second.ids) {
		t.Errorf("%s told of %v, then %s of %v", first.header.Get("webhook-id"), first.ids, second.header.Get("webhook-id"), second.ids)
	}
	third := v.next(t)
	if third.header.Get("webhook-id") == first.header.Get("webhook-id") || !slices.Equal(third.ids, ids(more)) {
		t.Errorf("then %s told of %v", third.header.Get("webhook-id"), third.ids)
	}
	c.until(s.ID, delivered(2))
}

func TestWhatAReceiverMissesComesWhenItIsBack(t *testing.T) {
	c := newCity(t)
	const down = 5
	v := newReceiver(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		if n < down {
			w.WriteHeader(http.StatusBadGateway)
		}
	})
	s, _ := c.save(v.URL)
	stop := c.start(c.sender())
	first := c.row(time.Now(), "go")
	c.arrive(first)
	id := v.next(t).header.Get("webhook-id")
	failing := c.until(s.ID, func(s search.Search) bool { return s.Webhook.Failures > 0 })
	if w := failing.Webhook; w.State != search.Failing || w.Since == nil || w.NextTry == nil || w.LastError == nil || *w.LastError != "it answered 502 Bad Gateway" || w.Delivered != 0 {
		t.Errorf("%+v", w)
	}
	second := c.row(time.Now(), "go")
	c.arrive(second)
	stop() // and the server is down for a while, too
	c.again()
	for n := 1; n <= down; n++ {
		got := v.next(t)
		if got.header.Get("webhook-id") != id || !slices.Equal(got.ids, ids(first)) {
			t.Errorf("try %d: %v under %s", n, got.ids, got.header.Get("webhook-id"))
		}
	}
	if got := v.next(t); got.header.Get("webhook-id") == id || !slices.Equal(got.ids, ids(second)) {
		t.Errorf("then %v under %s", got.ids, got.header.Get("webhook-id"))
	}
	if w := c.until(s.ID, delivered(2)).Webhook; w.Failures != 0 || w.Since != nil || w.NextTry != nil || w.LastError != nil || w.LastAt == nil {
		t.Errorf("%+v", w)
	}
}

func TestNothingIsAskedWhileNothingChanges(t *testing.T) {
	c, v := newCity(t), newReceiver(t, nil)
	s, _ := c.save(v.URL)
	c.start(c.sender())
	c.arrive(c.row(time.Now(), "go"))
	c.until(s.ID, delivered(1))
	other, _ := c.save(v.URL)
	c.arrive(c.row(time.Now(), "go"))
	c.until(other.ID, delivered(1))
	c.until(s.ID, delivered(2))
	before := c.runs.Load()
	time.Sleep(100 * time.Millisecond) // fifty looks
	if n := c.runs.Load() - before; n > 1 {
		t.Errorf("%d queries although nothing had changed", n)
	}
}

func TestErasedPostingsAreNotTold(t *testing.T) {
	c := newCity(t)
	erased, kept := c.row(time.Now(), "go"), c.row(time.Now(), "go")
	v := newReceiver(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		if n == 0 { // while it is pending
			if _, err := c.store.Erase(context.Background(), ids(erased), nil, "url"); err != nil {
				t.Error(err)
			}
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	s, _ := c.save(v.URL)
	c.start(c.sender())
	c.arrive(erased, kept)
	if got := v.next(t); len(got.ids) != 2 {
		t.Errorf("first %v", got.ids)
	}
	if got := v.next(t); !slices.Equal(got.ids, ids(kept)) {
		t.Errorf("then %v", got.ids)
	}
	c.until(s.ID, delivered(1))
}

func TestADeletedSearchIsToldNothing(t *testing.T) {
	c, v := newCity(t), newReceiver(t, nil)
	s, _ := c.save(v.URL)
	other, _ := c.save(v.URL)
	c.start(c.sender())
	c.arrive(c.row(time.Now(), "go"))
	v.next(t)
	v.next(t)
	c.until(s.ID, delivered(1))
	c.until(other.ID, delivered(1))
	if err := c.book.Delete(t.Context(), s.ID); err != nil {
		t.Fatal(err)
	}
	c.arrive(c.row(time.Now(), "go"))
	c.until(other.ID, delivered(2))
	v.next(t)
	c.arrive(c.row(time.Now(), "go"))
	c.until(other.ID, delivered(3))
	if got := v.next(t); got.search.ID != other.ID {
		t.Error("the deleted search was told")
	}
	v.none(t)
}
