package jobposting_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"jobcity/pipeline/crawl/jobposting"
)

// TestThingsJoinedByIDsEnd: a page of a few hundred bytes must not exhaust the
// stack or the day.
func TestThingsJoinedByIDsEnd(t *testing.T) {
	var fan strings.Builder
	for i := range 60 {
		fmt.Fprintf(&fan, `,{"@id":"b%d","name":[{"@id":"b%d"},{"@id":"b%d"}],"value":{"@id":"b%d"}}`, i, i+1, i+1, i+1)
	}
	for _, tt := range []struct{ name, title, things string }{
		{"a thing in itself", `{"@id":"b"}`, `,{"@id":"b","name":{"@id":"b"}}`},
		{"two things in each other", `{"@id":"b"}`, `,{"@id":"b","name":{"@id":"c"}},{"@id":"c","name":{"@id":"b"}}`},
		{"one thing in more places than can be walked", `{"@id":"b0"}`, fan.String()},
	} {
		t.Run(tt.name, func(t *testing.T) {
			page := `<script type="application/ld+json">{"@graph":[{"@type":"JobPosting","title":` + tt.title + `,"description":"Write Go.","hiringOrganization":{"@id":"o"}},{"@id":"o","name":"Acme","jobLocation":{"@id":"o"}}` + tt.things + `]}</script>`
			found := jobposting.Extract([]byte(page), "https://acme.example/1", nil, time.Time{}).Found
			if circle := !strings.Contains(page, "b59"); len(found) != 1 || circle && (found[0].Posting.Employer != "Acme" || found[0].Posting.Text == "") {
				t.Errorf("found %+v", found)
			}
		})
	}
}
