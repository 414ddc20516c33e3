package crawl_test

import (
	"encoding/json"

	"jobcity/pipeline/crawl"
)

func recruiteeKit() kit {
	return kit{
		board: crawl.Board{Source: "recruitee", Board: "acme"},
		pages: func(items []item) []page {
			offers := listOf(items, func(it item) any {
				return map[string]any{"id": json.Number(it.id), "title": it.title, "description": "<p>" + it.text + "</p>", "requirements": nil, "status": "published", "company_name": "Acme"}
			})
			return []page{{path: "/acme/api/offers", body: toJSON(map[string]any{"offers": offers})}}
		},
		misfit:   func(id string) string { return `{"id":` + id + `,"title":{}}` },
		nameless: `{"title":"no id"}`,
	}
}
