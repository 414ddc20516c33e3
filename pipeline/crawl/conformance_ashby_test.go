package crawl_test

import "jobcity/pipeline/crawl"

func ashbyKit() kit {
	return kit{
		board: crawl.Board{Source: "ashby", Board: "Rose Rocket"},
		pages: func(items []item) []page {
			jobs := listOf(items, func(it item) any {
				return map[string]any{"id": it.id, "title": it.title, "descriptionHtml": "<p>" + it.text + "</p>", "isListed": true, "publishedAt": "2026-03-01T10:00:00Z"}
			})
			return []page{{path: "/posting-api/job-board/Rose%20Rocket", body: toJSON(map[string]any{"jobs": jobs, "apiVersion": "1"})}}
		},
		misfit:   func(id string) string { return `{"id":"` + id + `","title":[1]}` },
		nameless: `{"title":7}`,
	}
}
