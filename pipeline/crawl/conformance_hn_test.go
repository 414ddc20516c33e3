package crawl_test

import (
	"encoding/json"

	"jobcity/pipeline/crawl"
)

func hnKit() kit {
	return kit{
		board: crawl.Board{Source: "hn", Board: "whoishiring", Options: map[string]string{"threads": "all"}},
		pages: func(items []item) []page {
			half := min(len(items), 2)
			return []page{
				{path: "/api/v1/search_by_date", body: toJSON(map[string]any{"page": 0, "nbPages": 1, "hits": []any{
					map[string]any{"objectID": "92", "title": "Ask HN: Who is hiring? (March 2026)"},
					map[string]any{"objectID": "99", "title": "Ask HN: Who wants to be hired? (March 2026)"},
					map[string]any{"objectID": "91", "title": "Ask HN: Who is hiring? (February 2026)"},
				}})},
				{path: "/api/v1/items/92", body: thread(items[:half])},
				{path: "/api/v1/items/91", body: thread(items[half:])},
			}
		},
		misfit:   func(id string) string { return `{"id":` + id + `,"text":3}` },
		nameless: `{"text":"Acme | Engineer"}`,
	}
}

func thread(items []item) string {
	kids := listOf(items, func(it item) any {
		return map[string]any{"id": json.Number(it.id), "created_at": "2026-03-02T15:00:00Z", "text": "Acme | " + it.title + " | Berlin<p>" + it.text,
			"children": []any{map[string]any{"id": 5, "text": "a reply"}}}
	})
	deleted := map[string]any{"id": 1, "text": nil, "children": []any{}}
	return toJSON(map[string]any{"id": 9, "type": "story", "children": append([]any{deleted}, kids...)})
}
