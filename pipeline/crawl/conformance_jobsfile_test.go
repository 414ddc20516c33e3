package crawl_test

import "jobcity/pipeline/crawl"

func jobsfileKit() kit {
	return kit{
		board: crawl.Board{Source: "jobsfile", Board: "acme", Options: map[string]string{"url": "/data/jobs.jsonl.gz"}},
		pages: func(items []item) []page {
			lines := "\n"
			for _, it := range items {
				if it.raw == "" {
					it.raw = toJSON(map[string]any{"id": it.id, "title": it.title, "text": it.text, "employer": "Acme"})
				}
				lines += it.raw + "\n"
			}
			return []page{{path: "/data/jobs.jsonl.gz", kind: "application/gzip", body: zipped(lines)}}
		},
		misfit:   func(id string) string { return `{"id":"` + id + `","title":[1]}` },
		nameless: `{"title":"no id"}`,
		reasons: map[string]string{
			"a web page":       "a web page or XML",
			"another document": "not one posting in it can be read: field id: missing",
		},
	}
}
