package crawl_test

import "jobcity/pipeline/crawl"

func bamboohrKit() kit {
	return kit{
		board: crawl.Board{Source: "bamboohr", Board: "acme"},
		pages: func(items []item) []page {
			result := []any{}
			var details []page
			for _, it := range items {
				entry := map[string]any{"jobOpeningName": it.title, "departmentLabel": "IT"}
				body := it.raw
				if body == "" {
					body = toJSON(map[string]any{"meta": map[string]any{}, "result": map[string]any{"jobOpening": map[string]any{"jobOpeningShareUrl": "https://acme.bamboohr.com/careers/" + it.id, "jobOpeningName": it.title, "description": "<p>" + it.text + "</p>"}}})
				}
				if it.id != "" {
					entry["id"] = it.id
					details = append(details, page{path: "/acme/careers/" + it.id + "/detail", body: body, detail: true})
				}
				result = append(result, entry)
			}
			list := page{path: "/acme/careers/list", body: toJSON(map[string]any{"meta": map[string]any{"totalCount": len(items)}, "result": result})}
			return append([]page{list}, details...)
		},
		misfit:   func(string) string { return `{"result":{"jobOpening":{"jobOpeningName":[1]}}}` },
		nameless: `{}`,
	}
}
