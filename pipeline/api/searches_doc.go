package api

import (
	"jobcity/pipeline/search"
)

// filterSchema documents the filters of a search.
func (s *server) filterSchema() dict {
	properties := dict{}
	for _, p := range queryParams(s.Searches.Filters()) {
		schema := dict{"description": p["description"]}
		for k, v := range p["schema"].(dict) {
			schema[k] = v
		}
		if p["name"] == "skills" {
			schema["type"] = []string{"string", "array"}
			schema["items"] = text()
		}
		delete(schema, "default")
		properties[p["name"].(string)] = schema
	}
	return dict{"type": "object", "properties": properties, "additionalProperties": false}
}

// searchSchema documents a saved search; more are fields of its webhook beside
// those that always stand there.
func searchSchema(more dict) dict {
	moment := dict{"type": "string", "format": "date-time"}
	hook := dict{
		"url": text(), "state": dict{"enum": []string{search.Waiting, search.Working, search.Failing, search.Disabled}},
		"delivered": whole(), "last_delivery_at": nullable("timestamp"), "failures": whole(), "failing_since": nullable("timestamp"),
		"last_error": nullable("text"), "next_try_at": nullable("timestamp"),
	}
	for name, schema := range more {
		hook[name] = schema
	}
	object := all(hook)
	object["type"] = []string{"object", "null"}
	return all(dict{"data": all(dict{
		"id": text(), "name": text(), "filters": dict{"type": "object", "additionalProperties": text()},
		"created_at": moment, "feed": text(), "webhook": object,
	})})
}

func searchID() dict {
	return dict{"name": "id", "in": "path", "required": true, "description": "As saving it answered. Who knows it may read and delete the search.", "schema": text()}
}

func (s *server) docSaveSearch() operation {
	body := jsonOf(closed(dict{
		"name":    dict{"type": "string", "minLength": 1, "maxLength": 200},
		"filters": s.filterSchema(),
		"webhook": closed(dict{"url": dict{"type": "string", "format": "uri", "maxLength": 2048}}, "url"),
	}, "name"))
	body["application/json"].(dict)["example"] = dict{
		"name": "Go in Berlin", "filters": dict{"skills": []string{"go", "kubernetes"}, "workplace": "remote", "open": true},
		"webhook": dict{"url": "https://example.org/hook"},
	}
	content := jsonOf(searchSchema(dict{"secret": text()}))
	return operation{
		id: "save_search", summary: "Save a search, with a feed and perhaps a webhook",
		about: "The filters are those of /v1/postings. The answer's id is the only key to the search: there is no list. " +
			"A webhook is sent a POST of {search, postings, delivered_at} with at most 100 rows of /v1/postings when new ones match, in the order of their arrival and at least once, " +
			"signed as Standard Webhooks 1.0 with the secret that is shown here and never again; a delivery that is tried again keeps its webhook-id. " +
			"It must answer 2xx in time (ten seconds unless configured otherwise); redirects are not followed, 410 ends it, and so do days of failures.",
		body: body, success: 201, content: content, fails: []int{404, 413, 415, 503, 507},
	}
}

func (s *server) docSearch() operation {
	return operation{
		id: "search", summary: "A saved search and how its webhook does", params: []dict{searchID()},
		content: jsonOf(searchSchema(nil)), fails: []int{404, 503},
	}
}

func docDeleteSearch() operation {
	return operation{id: "delete_search", summary: "Delete a saved search, its feed and its webhook", params: []dict{searchID()}, success: 204, fails: []int{404, 503}}
}

func docFeed() operation {
	item := closed(dict{
		"id": text(), "url": text(), "title": text(), "content_text": text(), "date_published": text(), "date_modified": text(),
		"authors": list(all(dict{"name": text()})), "tags": list(text()),
	}, "id", "title", "content_text", "date_modified")
	return operation{
		id: "search_feed", summary: "The newest postings of a saved search, for feed readers",
		about: "Atom (RFC 4287), or JSON Feed 1.1; the newest 50, without their texts.",
		params: []dict{searchID(), {
			"name": "format", "in": "query", "description": "Goes before Accept.", "schema": dict{"type": "string", "enum": []string{"atom", "json"}, "default": "atom"},
		}},
		content: dict{
			search.AtomType:     dict{"schema": text()},
			search.JSONFeedType: dict{"schema": all(dict{"version": text(), "title": text(), "items": list(item)})},
		},
		fails: []int{304, 404, 429, 503, 504},
	}
}
