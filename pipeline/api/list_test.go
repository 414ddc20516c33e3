package api_test

import (
	"encoding/json"
	"net/url"
	"slices"
	"testing"
)

func TestPagesOfPostingsFollowOneAnotherWithoutGapOrDouble(t *testing.T) {
	h := city(t)
	read := func(query url.Values) (ids []string, next *string) {
		var answer struct {
			Data []struct{ ID string }
			Meta struct{ Next *string }
		}
		res := get(t, h, "GET", "/v1/postings?"+query.Encode())
		if err := json.Unmarshal([]byte(body(t, res)), &answer); err != nil || res.StatusCode != 200 {
			t.Fatalf("%d %v", res.StatusCode, err)
		}
		for _, p := range answer.Data {
			ids = append(ids, p.ID)
		}
		return ids, answer.Meta.Next
	}
	want, _ := read(url.Values{"limit": {"1000"}})
	if len(want) < 20 {
		t.Fatalf("%d postings", len(want))
	}
	var got []string
	query := url.Values{"limit": {"7"}}
	for {
		ids, next := read(query)
		got = append(got, ids...)
		if next == nil {
			break
		}
		query.Set("cursor", *next)
	}
	if !slices.Equal(got, want) {
		t.Errorf("page by page %v, at once %v", got, want)
	}
}
