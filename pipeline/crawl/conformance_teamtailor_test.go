package crawl_test

import (
	"fmt"
	"slices"

	"jobcity/pipeline/crawl"
)

func teamtailorKit() kit {
	return kit{
		board: crawl.Board{Source: "teamtailor", Board: "acme"},
		pages: func(items []item) []page {
			var pages []page
			chunks := slices.Collect(slices.Chunk(items, 4))
			if len(chunks) == 0 {
				chunks = [][]item{nil}
			}
			for n, chunk := range chunks {
				feed := map[string]any{"version": "https://jsonfeed.org/version/1.1", "title": "Acme", "items": listOf(chunk, func(it item) any {
					return map[string]any{
						"id": "f00d-" + it.id, "url": "https://careers.acme.example/jobs/" + it.id + "-engineer", "title": it.title, "content_html": "<p>" + it.text + "</p>",
						"date_published": "2026-03-01T10:00:00+01:00", "_jobposting": map[string]any{"@type": "JobPosting", "hiringOrganization": map[string]any{"name": "Acme"}},
					}
				})}
				if n+1 < len(chunks) {
					feed["next_url"] = fmt.Sprintf("https://careers.acme.example/jobs.json?page=%d&per_page=4", n+2)
				}
				p := page{path: "/acme/jobs.json", body: toJSON(feed)}
				if n > 0 {
					p.path += fmt.Sprintf("?page=%d&per_page=4", n+1)
				}
				pages = append(pages, p)
			}
			return pages
		},
		misfit:   func(id string) string { return `{"url":"https://careers.acme.example/jobs/` + id + `","title":[1]}` },
		nameless: `{"title":"no id"}`,
		several:  10,
	}
}
