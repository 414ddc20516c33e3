package api

import "slices"

// schemas are the shapes that several answers share.
func schemas() dict {
	return dict{
		"problem": closed(dict{
			"type": text(), "title": text(), "status": whole(), "detail": text(), "instance": text(), "retry_after": whole(),
			"errors": list(closed(dict{"name": text(), "value": text(), "reason": text(), "near": list(text())}, "name", "reason")),
		}, "type", "title", "status"),
		"state":  closed(dict{"status": text()}, "status"),
		"stream": all(dict{"name": text(), "messages": whole(), "bytes": whole(), "last_sequence": whole(), "applied_sequence": whole(), "lag": whole()}),
		"trend": closed(dict{
			"name": text(), "title": text(), "doc": text(), "url": text(),
			"params": list(closed(dict{
				"name": text(), "type": text(), "default": nullable("text"), "required": flag(), "doc": text(), "values": list(text()),
				"range": all(dict{"least": dict{"type": "number"}, "most": dict{"type": "number"}}),
			}, "name", "type", "default", "required")),
			"columns": list(all(dict{"name": text(), "type": text()})),
		}, "name", "title", "url", "params", "columns"),
		"counts": all(dict{
			"version": text(), "as_of": nullable("timestamp"), "postings": whole(), "roles": whole(), "open_postings": whole(), "employers": whole(),
			"boards":    all(dict{"complete": whole(), "partial": whole(), "failed": whole()}),
			"districts": dict{"type": "object", "additionalProperties": whole()},
		}),
		"meta":    metaSchema(),
		"posting": postingSchema(),
	}
}

func metaSchema() dict {
	return all(dict{
		"trend": text(), "title": text(), "doc": text(), "dedup": text(), "sql": text(), "version": text(),
		"panel":      said("Which boards it is computed over: raw, all of them, or matched, those watched through both of the periods compared.", "^(raw|matched): "),
		"adjustment": said("How a series is adjusted for the season, or none and why: it takes 36 whole months in a row.", "^(none|seasonal): "),
		"n":          whole(), "employers": whole(), "rows": whole(), "truncated": flag(),
		"taxonomy": nullable("text"), "as_of": nullable("timestamp"), "from": nullable("date"), "to": nullable("date"),
		"interval":   dict{"const": "95%"},
		"suppressed": all(dict{"rows": whole(), "min_postings": whole(), "min_employers": whole(), "reason": text()}),
		"coverage": all(dict{
			"boards": whole(), "complete": whole(), "partial": whole(), "failed": whole(),
			"sources": list(text()), "last_sweep_at": nullable("timestamp"),
		}),
		"breaks": list(all(dict{"series": text(), "on": dict{"type": "string", "format": "date"}, "reason": text()})),
		"params": dict{"type": "object", "additionalProperties": text()},
	})
}

func postingSchema() dict {
	share := dict{"type": "number", "minimum": 0, "maximum": 1}
	weights := list(all(dict{"id": text(), "weight": share}))
	return all(dict{
		"id": text(), "canonical_id": text(), "content_hash": text(), "source": text(), "board_id": text(), "employer_id": nullable("text"),
		"employer": nullable("text"), "title": text(), "url": nullable("text"), "department": nullable("text"), "team": nullable("text"),
		"posted_on": nullable("date"), "closed_on": nullable("date"), "seen_at": dict{"type": "string", "format": "date-time"},
		"new_on": nullable("date"), "text": nullable("text"), "truncated": flag(),
		"standing": text(), "primary": nullable("text"), "districts": weights, "streets": weights,
		"facets":    dict{"type": "object", "additionalProperties": share},
		"technical": share, "operational": share, "hybrid": share,
		"skills":    list(all(dict{"id": text(), "name": text(), "need": dict{"enum": []string{"must", "nice", "mention"}}})),
		"seniority": text(), "workplace": text(), "employment_type": text(),
		"salary": dict{"type": []string{"object", "null"}, "properties": dict{
			"min": nullable("double"), "max": nullable("double"), "currency": nullable("text"), "period": nullable("text"),
			"annual_min": nullable("double"), "annual_max": nullable("double"), "annual_rule": nullable("text"), "structured": nullable("boolean"),
		}},
		"places": list(all(dict{"country": nullable("text"), "region": nullable("text"), "city": nullable("text")})),
		"years":  nullable("bigint"), "degree": text(), "language": text(), "metrics": list(text()), "taxonomy": text(),
		"evidence": list(all(dict{
			"tag": text(), "rule": text(), "start": whole(), "end": whole(), "text": text(), "section": text(), "weight": nullable("double"),
		})),
		"spells": list(all(dict{
			"board_id": text(), "opened_at": nullable("timestamp"), "left_truncated": flag(), "last_listed_at": nullable("timestamp"),
			"closed_at": nullable("timestamp"), "closed_reason": nullable("text"),
		})),
		"signals": list(all(dict{"signal": text(), "value": nullable("double"), "reference": nullable("double"), "n": nullable("bigint"), "words": text()})),
	})
}

func text() dict  { return dict{"type": "string"} }
func whole() dict { return dict{"type": "integer"} }
func flag() dict  { return dict{"type": "boolean"} }

// said is a text that begins as pattern says.
func said(about, pattern string) dict {
	return dict{"type": "string", "description": about, "pattern": pattern}
}

// closed is an object with these properties and no others.
func closed(properties dict, required ...string) dict {
	return dict{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

// all is an object with exactly these properties.
func all(properties dict) dict {
	required := make([]string, 0, len(properties))
	for name := range properties {
		required = append(required, name)
	}
	slices.Sort(required)
	return closed(properties, required...)
}
