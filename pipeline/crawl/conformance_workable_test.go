package crawl_test

import "jobcity/pipeline/crawl"

func workableKit() kit {
	return kit{
		board: crawl.Board{Source: "workable", Board: "acme"},
		pages: func(items []item) []page {
			jobs := listOf(items, func(it item) any {
				return map[string]any{"shortcode": it.id, "title": it.title, "description": "<p>" + it.text + "</p>", "url": "https://apply.workable.com/j/" + it.id, "state": "Berlin"}
			})
			return []page{{path: "/api/v1/widget/accounts/acme?details=true", body: toJSON(map[string]any{"name": "Acme", "description": nil, "jobs": jobs})}}
		},
		misfit:   func(id string) string { return `{"shortcode":"` + id + `","title":[1]}` },
		nameless: `{"title":"no id"}`,
	}
}
