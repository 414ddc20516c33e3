package crawl_test

import (
	"strings"

	"jobcity/pipeline/crawl"
)

func personioKit() kit {
	return kit{
		board: crawl.Board{Source: "personio", Board: "acme"},
		pages: func(items []item) []page {
			var feed strings.Builder
			for _, it := range items {
				raw := "<position><id>" + it.id + "</id><name>" + it.title + "</name><jobDescriptions><jobDescription><name>Your tasks</name><value><![CDATA[<p>" + it.text + "</p>]]></value></jobDescription></jobDescriptions></position>"
				if it.raw != "" {
					raw = it.raw
				}
				feed.WriteString(raw)
			}
			return []page{{path: "/acme/xml", kind: "text/xml", body: `<?xml version="1.0" encoding="UTF-8"?><workzag-jobs>` + feed.String() + `</workzag-jobs>`}}
		},
		misfit: func(id string) string {
			return "<position><id>" + id + "</id><name/><office>Berlin</office></position>"
		},
		nameless: "<position><name>No id</name></position>",
		reasons:  map[string]string{"a web page": "a web page, not XML", "another document": "not XML"},
	}
}
