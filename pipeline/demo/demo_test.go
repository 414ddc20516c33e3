package demo_test

import (
	"encoding/json"
	"net/http/httptest"
	"testing"
	"time"

	"jobcity/pipeline/demo"
)

var today = time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)

func get(t *testing.T, c *demo.City, path string, into any) {
	t.Helper()
	w := httptest.NewRecorder()
	c.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", path, nil))
	if w.Code != 200 {
		t.Fatalf("GET %s: status %d", path, w.Code)
	}
	if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
		t.Fatalf("GET %s: %v", path, err)
	}
}

func TestBoardsServeAsManyPostingsAsTheCitySays(t *testing.T) {
	c := demo.New(1, today)
	n := 0
	for _, b := range c.Boards() {
		var answer struct{ Jobs []any }
		switch b[0] {
		case "ashby":
			get(t, c, "/posting-api/job-board/"+b[1], &answer)
			n += len(answer.Jobs)
		case "greenhouse":
			get(t, c, "/v1/boards/"+b[1]+"/jobs", &answer)
			n += len(answer.Jobs)
		case "hn":
			var threads struct{ Hits []struct{ ObjectID string } }
			get(t, c, "/api/v1/search_by_date", &threads)
			for _, h := range threads.Hits {
				var thread struct{ Children []any }
				get(t, c, "/api/v1/items/"+h.ObjectID, &thread)
				n += len(thread.Children)
			}
		}
	}
	if n != c.Postings() || n < 1000 {
		t.Errorf("boards serve %d postings, the city says %d", n, c.Postings())
	}
}

func TestSameSeedAndDayMakeTheSameCity(t *testing.T) {
	var a, b any
	get(t, demo.New(7, today), "/posting-api/job-board/madeup-bakery-software", &a)
	get(t, demo.New(7, today), "/posting-api/job-board/madeup-bakery-software", &b)
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	if string(x) != string(y) {
		t.Error("two cities of one seed differ")
	}
}

func TestUnchangedBoardAnswersNotModified(t *testing.T) {
	h := demo.New(1, today).Handler()
	first := httptest.NewRecorder()
	h.ServeHTTP(first, httptest.NewRequestWithContext(t.Context(), "GET", "/posting-api/job-board/madeup-bakery-software", nil))
	again := httptest.NewRequestWithContext(t.Context(), "GET", "/posting-api/job-board/madeup-bakery-software", nil)
	again.Header.Set("If-None-Match", first.Header().Get("ETag"))
	second := httptest.NewRecorder()
	h.ServeHTTP(second, again)
	if second.Code != 304 {
		t.Errorf("second request: status %d, want 304", second.Code)
	}
}
