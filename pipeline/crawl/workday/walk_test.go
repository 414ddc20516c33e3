package workday_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/crawl/workday"
)

// site is a career site as those who measured it describe it.
type site struct {
	postings []map[string]string // facet values; "path" is the path
	facets   []string            // parameters that are shown; "group>place" is nested
	clamp    int                 // most postings of a query; after them it begins anew
	honest   bool                // says how many there are even so
	mute     bool                // never says how many there are
	loop     bool                // gives the first page whatever is asked for
	moving   bool                // a posting is added in front with every page
	fail     string              // part of a request that is answered with an error
	lists    int                 // requests for pages
	details  int                 // requests for postings
}

// make adds n postings whose facets have the values given by index.
func (s *site) make(n int, facets func(i int) map[string]string) *site {
	for i := range n {
		p := map[string]string{}
		if facets != nil {
			p = facets(i)
		}
		p["path"] = fmt.Sprintf("/job/Berlin/Engineer_JR-%d", 10_000+i)
		s.postings = append(s.postings, p)
	}
	return s
}

func (s *site) fetch(_ context.Context, r source.Request) (source.Response, error) {
	if s.fail != "" && strings.Contains(r.URL+string(r.Body), s.fail) {
		return source.Response{}, errors.New("unexpected status 422")
	}
	if !strings.HasSuffix(r.URL, "/jobs") {
		s.details++
		return source.Response{Request: r, Body: []byte(`{"jobPostingInfo":{"title":"Engineer"}}`)}, nil
	}
	s.lists++
	var q struct {
		AppliedFacets map[string][]string
		Limit, Offset int
		SearchText    *string
	}
	if err := json.Unmarshal(r.Body, &q); err != nil || q.Limit != 20 || q.AppliedFacets == nil || q.SearchText == nil {
		return source.Response{}, fmt.Errorf("422 for %s", r.Body)
	}
	body, err := json.Marshal(s.answer(q.AppliedFacets, q.Offset))
	if s.moving {
		s.postings = slices.Insert(s.postings, 0, map[string]string{"path": fmt.Sprint("/job/Berlin/New_JR-", s.lists)})
	}
	return source.Response{Request: r, Body: body}, err
}

func (s *site) answer(with map[string][]string, offset int) map[string]any {
	var found []map[string]string
	for _, p := range s.postings {
		match := true
		for param, ids := range with {
			match = match && slices.Contains(ids, p[param])
		}
		if match {
			found = append(found, p)
		}
	}
	total := len(found)
	if s.clamp > 0 && len(found) > s.clamp {
		found = found[:s.clamp]
		if !s.honest {
			total = s.clamp
		}
		if offset >= s.clamp {
			offset = 0
		}
	}
	if s.loop {
		offset = 0
	}
	answer := map[string]any{"total": 0, "facets": s.counts(with)}
	if offset == 0 && !s.mute {
		answer["total"] = total
	}
	rows := []any{}
	for _, p := range found[min(offset, len(found)):min(offset+20, len(found))] {
		rows = append(rows, map[string]any{"title": "Engineer", "externalPath": p["path"], "postedOn": "Posted Today"})
	}
	answer["jobPostings"] = rows
	return answer
}

// counts are the facets, counted over all postings that match, clamped or not.
func (s *site) counts(with map[string][]string) []any {
	out := []any{}
	for _, f := range s.facets {
		group, param, nested := strings.Cut(f, ">")
		if !nested {
			param = f
		}
		counts := map[string]int{}
		for _, p := range s.postings {
			match := p[param] != ""
			for other, ids := range with {
				match = match && (other == param || slices.Contains(ids, p[other]))
			}
			if match {
				counts[p[param]]++
			}
		}
		values := []any{}
		for id, n := range counts {
			values = append(values, map[string]any{"descriptor": id, "id": id, "count": n})
		}
		one := map[string]any{"facetParameter": param, "descriptor": param, "values": values}
		if nested {
			one = map[string]any{"facetParameter": group, "values": []any{one}}
		}
		out = append(out, one)
	}
	return out
}

// by parts postings by a number of values of one facet.
func by(param string, n int) func(int) map[string]string {
	return func(i int) map[string]string { return map[string]string{param: fmt.Sprintf("%s-%d", param, i%n)} }
}

func TestList(t *testing.T) {
	family := func(i int) map[string]string { // one family is too large for one query
		p := map[string]string{"country": fmt.Sprint("country-", i%3), "family": "stores"}
		if i%20 == 0 {
			p["family"] = "office"
		}
		return p
	}
	for _, tt := range []struct {
		name      string
		site      *site
		reached   int
		maxLists  int
		wantError string // with reached: partial
	}{
		{"an empty board", new(site), 0, 1, ""},
		{"the first page alone says how many there are", new(site).make(45, nil), 45, 3, ""},
		{"full pages", new(site).make(40, nil), 40, 2, ""},
		{"none says how many there are", (&site{mute: true}).make(45, nil), 45, 3, ""},
		{"none says how many there are and the last is full", (&site{mute: true}).make(40, nil), 40, 3, ""},
		{"the first page comes again", (&site{loop: true}).make(45, nil), 20, 2, "the same page again after 20 postings"},
		{"the first page comes again and none says how many there are", (&site{loop: true, mute: true}).make(45, nil), 20, 2, "the same page again after 20 postings"},
		{"a large board without a limit", (&site{honest: true}).make(2305, nil), 2305, 116, ""},
		{"exactly as many as the limit", (&site{clamp: 2000}).make(2000, nil), 2000, 100, "there may be more"},
		{"more than the limit, by one facet", (&site{clamp: 2000, facets: []string{"country"}}).make(2300, by("country", 4)), 2300, 100 + 120, "there may be more"},
		{"more than the limit, and the site says how many", (&site{clamp: 2000, honest: true, facets: []string{"country"}}).make(2300, by("country", 4)), 2300, 101 + 120, "there may be more"},
		{"more than the limit, and none says how many there are", (&site{clamp: 2000, mute: true, facets: []string{"country"}}).make(2300, by("country", 4)), 2300, 101 + 125, "there may be more"},
		{"by a facet inside another", (&site{clamp: 2000, facets: []string{"place>locations"}}).make(2300, by("locations", 900)), 2300, 100 + 130, "there may be more"},
		{"by two facets", (&site{clamp: 2000, facets: []string{"family", "country"}}).make(6000, family), 6000, 420, "there may be more"},
		{"by a facet of which one value is too large", (&site{clamp: 2000, facets: []string{"family"}}).make(3000, family), 2150, 250, "there may be more"},
		{"no facet", (&site{clamp: 2000}).make(2300, nil), 2000, 100, "there may be more"},
		{"a part that fails", (&site{clamp: 2000, facets: []string{"country"}, fail: `["country-3"`}).make(4800, by("country", 4)), 4100, 400, "by country: unexpected status 422"},
		{"a list that moves", (&site{moving: true}).make(60, nil), 58, 3, "it says it has 60 postings and gave 58"},
		{"a page that fails", (&site{fail: `"offset":20`}).make(45, nil), 20, 1, "unexpected status 422"},
		{"a board that fails", (&site{fail: `"offset":0`}).make(45, nil), 0, 0, "unexpected status 422"},
		{"postings that fail", (&site{fail: `/job/`}).make(45, nil), 5, 3, "5 postings in a row cannot be read"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			reached := map[string]bool{}
			err := workday.Source().List(t.Context(), acme, tt.site.fetch, func(p source.Page) error {
				for _, one := range p.Postings {
					reached[one.NativeID] = true
				}
				for _, b := range p.Bad {
					reached[b.NativeID] = true
				}
				return nil
			})
			if (err == nil) != (tt.wantError == "") || err != nil && !strings.Contains(err.Error(), tt.wantError) {
				t.Errorf("error %v, want %q", err, tt.wantError)
			}
			if len(reached) != tt.reached {
				t.Errorf("reached %d postings, want %d", len(reached), tt.reached)
			}
			if tt.site.lists > tt.maxLists || tt.site.details > len(reached) {
				t.Errorf("asked for %d pages and %d postings, want at most %d and %d", tt.site.lists, tt.site.details, tt.maxLists, len(reached))
			}
		})
	}
}

func TestOddRowsOfTheList(t *testing.T) {
	for _, tt := range []struct {
		name      string
		list      string
		want      []string
		wantError string
	}{
		{"the requisition's id is the posting's", `{"total":1,"jobPostings":[{"externalPath":"/job/Berlin/A_JR-1"}]}`, []string{"JR-1"}, ""},
		{"one requisition in two places", `{"total":2,"jobPostings":[{"externalPath":"/job/Berlin/A_JR-1"},{"externalPath":"/job/Paris/A_JR-1-1"}]}`, []string{"JR-1", "JR-1-1"}, ""},
		{"two postings with the same end", `{"total":3,"jobPostings":[{"externalPath":"/job/Berlin/A_1"},{"externalPath":"/job/Paris/B_1"},{"externalPath":"/job/Rome/B_1"}]}`, []string{"1", "B_1", "/job/Rome/B_1"}, ""},
		{"a path without an id", `{"total":1,"jobPostings":[{"externalPath":"/job/Berlin/Senior_Engineer"}]}`, []string{"Senior_Engineer"}, ""},
		{"a row without a path shows its id", `{"total":1,"jobPostings":[{"bulletFields":["JR-7"]}]}`, []string{"JR-7 bad"}, ""},
		{"a row without anything", `{"total":1,"jobPostings":[null]}`, []string{" bad"}, ""},
		{"a path that leads elsewhere", `{"total":2,"jobPostings":[{"externalPath":"https://evil.example/_1"},{"externalPath":"/../../x_2","bulletFields":[2]}]}`, []string{" bad", "2 bad"}, ""},
		{"the same row twice", `{"total":2,"jobPostings":[{"externalPath":"/job/Berlin/A_1"},{"externalPath":"/job/Berlin/A_1"}]}`, []string{"1"}, ""},
		{"fewer rows than it says", `{"total":5,"jobPostings":[{"externalPath":"/job/Berlin/A_1"}]}`, []string{"1"}, "it says it has 5 postings and gave 1"},
		{"everything of a wrong type", `{"total":"many","facets":{},"jobPostings":[{"title":1,"externalPath":"/job/Berlin/A_1","locationsText":[],"bulletFields":"JR-1","timeType":{}}]}`, []string{"1"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			err := workday.Source().List(t.Context(), acme, func(_ context.Context, r source.Request) (source.Response, error) {
				body := `{"jobPostingInfo":{"title":"Engineer"}}`
				if strings.HasSuffix(r.URL, "/jobs") {
					body = tt.list
				}
				return source.Response{Request: r, Body: []byte(body)}, nil
			}, func(p source.Page) error {
				for _, one := range p.Postings {
					got = append(got, one.NativeID)
				}
				for _, b := range p.Bad {
					got = append(got, b.NativeID+" bad")
				}
				return nil
			})
			if (err == nil) != (tt.wantError == "") || err != nil && !strings.Contains(err.Error(), tt.wantError) {
				t.Errorf("error %v, want %q", err, tt.wantError)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
