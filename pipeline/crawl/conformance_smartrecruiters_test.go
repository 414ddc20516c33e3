package crawl_test

import (
	"fmt"

	"jobcity/pipeline/crawl"
)

func smartrecruitersKit() kit {
	return kit{
		board: crawl.Board{Source: "smartrecruiters", Board: "AcmeGroup"},
		pages: func(items []item) []page {
			const root = "/v1/companies/AcmeGroup/postings"
			var lists, details []page
			for n := 0; n*100 < max(len(items), 1); n++ {
				content := []any{}
				for _, it := range pageOf(items, n, 100) {
					entry := map[string]any{"name": it.title, "company": map[string]any{"identifier": "AcmeGroup"}}
					if it.id != "" {
						entry["id"] = it.id
					}
					content = append(content, entry)
				}
				lists = append(lists, page{
					path: fmt.Sprintf("%s?limit=100&offset=%d", root, n*100),
					body: toJSON(map[string]any{"offset": n * 100, "limit": 100, "totalFound": len(items), "content": content}),
				})
			}
			for _, it := range items {
				body := it.raw
				if body == "" {
					sections := map[string]any{"jobDescription": map[string]any{"title": "Job Description", "text": "<p>" + it.text + "</p>"}}
					body = toJSON(map[string]any{"id": it.id, "name": it.title, "company": map[string]any{"identifier": "AcmeGroup", "name": "Acme"}, "jobAd": map[string]any{"sections": sections}})
				}
				if it.id != "" {
					details = append(details, page{path: root + "/" + it.id, body: body, detail: true})
				}
			}
			return append(lists, details...)
		},
		misfit:   func(id string) string { return `{"id":"` + id + `","name":[1]}` },
		nameless: `{}`,
		several:  250,
	}
}
