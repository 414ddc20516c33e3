package crawl_test

import (
	"encoding/json"
	"html"

	"jobcity/pipeline/crawl"
)

func greenhouseKit() kit {
	return kit{
		board: crawl.Board{Source: "greenhouse", Board: "acme"},
		pages: func(items []item) []page {
			jobs := listOf(items, func(it item) any {
				return map[string]any{"id": json.Number(it.id), "title": it.title, "content": html.EscapeString("<p>" + it.text + "</p>"), "company_name": "Acme", "location": map[string]any{"name": "Berlin"}}
			})
			return []page{{path: "/v1/boards/acme/jobs", body: toJSON(map[string]any{"jobs": jobs, "meta": map[string]any{"total": len(jobs)}})}}
		},
		misfit:   func(id string) string { return `{"id":` + id + `,"title":{}}` },
		nameless: `{"title":"no id"}`,
	}
}
