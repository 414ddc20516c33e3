package crawl_test

import (
	"fmt"

	"jobcity/pipeline/crawl"
)

func workdayKit() kit {
	return kit{
		board: crawl.Board{Source: "workday", Board: "acme/External", Options: map[string]string{"instance": "wd5"}},
		pages: func(items []item) []page {
			const root = "/wday/cxs/acme/External"
			var lists, details []page
			for n := 0; n*20 < max(len(items), 1); n++ {
				postings := []any{}
				for _, it := range pageOf(items, n, 20) {
					entry := map[string]any{"title": it.title, "locationsText": "Berlin", "postedOn": "Posted Today", "bulletFields": []string{}}
					if it.id != "" {
						path := "/job/Berlin/Engineer_" + it.id
						entry["externalPath"] = path
						body := it.raw
						if body == "" {
							body = toJSON(map[string]any{"jobPostingInfo": map[string]any{"title": it.title, "jobDescription": "<p>" + it.text + "</p>", "startDate": "2026-03-01", "externalUrl": "https://acme.wd5.myworkdayjobs.com/External" + path}})
						}
						details = append(details, page{path: root + path, body: body, detail: true})
					}
					postings = append(postings, entry)
				}
				answer := map[string]any{"total": 0, "jobPostings": postings}
				if n == 0 {
					answer["total"] = len(items)
				}
				lists = append(lists, page{path: root + "/jobs", post: fmt.Sprintf(`{"appliedFacets":{},"limit":20,"offset":%d,"searchText":""}`, n*20), body: toJSON(answer)})
			}
			return append(lists, details...)
		},
		misfit:   func(string) string { return `{"jobPostingInfo":{"title":[1],"jobDescription":"<p>Text</p>"}}` },
		nameless: `{}`,
		several:  50,
	}
}
