package crawl_test

import (
	"fmt"

	"jobcity/pipeline/crawl"
)

func leverKit() kit {
	return kit{
		board: crawl.Board{Source: "lever", Board: "AcmeRobotics", Options: map[string]string{"region": "eu"}},
		pages: func(items []item) []page {
			var pages []page
			for n := 0; n <= len(items)/100; n++ {
				jobs := listOf(pageOf(items, n, 100), func(it item) any {
					return map[string]any{"id": it.id, "text": it.title, "description": "<div>" + it.text + "</div>", "lists": []any{}, "categories": map[string]any{"location": "Berlin"}, "createdAt": 1772359200000, "hostedUrl": "https://jobs.eu.lever.co/AcmeRobotics/" + it.id}
				})
				pages = append(pages, page{path: fmt.Sprintf("/v0/postings/AcmeRobotics?mode=json&skip=%d&limit=100", n*100), body: toJSON(jobs)})
			}
			return pages
		},
		misfit:   func(id string) string { return `{"id":"` + id + `","text":[1]}` },
		nameless: `{"text":7}`,
		several:  250,
		reasons:  map[string]string{"another document": "the answer is not a JSON list"},
	}
}
