package api

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"jobcity/pipeline/query"
)

// dict is a JSON object of the OpenAPI document.
type dict = map[string]any

// operation documents a route.
type operation struct {
	id, summary, about string
	params             []dict
	body               dict           // of the request, if there is one
	success            int            // the status of an answer without an error; 200 when none is given
	content            map[string]any // of the answer, by media type; nil: it has none
	fails              []int          // statuses besides those that every route has
	guarded            bool           // needs the bearer token
	open               bool           // to all: no key is looked at, and nothing is limited
}

// openAPI builds the document from the routes themselves.
func (s *server) openAPI(routes []route) ([]byte, error) {
	paths := dict{}
	for _, r := range routes {
		if r.doc.id == "" {
			continue
		}
		methods, _ := paths[r.path].(dict)
		if methods == nil {
			methods = dict{}
			paths[r.path] = methods
		}
		methods[strings.ToLower(r.method)] = r.doc.dict(s.cfg.KeysRequired)
	}
	version := s.Version
	if version == "" {
		version = "unknown"
	}
	return json.MarshalIndent(dict{
		"openapi": "3.1.0",
		"info": dict{
			"title": "jobcity", "version": version, "license": dict{"name": "Apache-2.0", "identifier": "Apache-2.0"},
			"description": "What job postings ask for, by district, skill and month. Shares are shares of postings that mention something: mentioned is not needed. Every trend says what it rests on in meta.",
		},
		"servers": []dict{{"url": "/"}},
		"paths":   paths,
		"components": dict{
			"schemas": schemas(),
			"headers": headerDocs(),
			"securitySchemes": dict{
				"token":  dict{"type": "http", "scheme": "bearer", "description": "The token of who runs the server."},
				"apiKey": dict{"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "A key; it may also be sent as Authorization: Bearer."},
			},
		},
	}, "", " ")
}

func (o operation) dict(keysRequired bool) dict {
	done := dict{"description": "The answer.", "headers": o.headers(http.StatusOK)}
	if o.content != nil {
		done["content"] = o.content
	}
	responses := dict{strconv.Itoa(cmp.Or(o.success, http.StatusOK)): done}
	fails := append([]int{http.StatusBadRequest, http.StatusNotAcceptable, http.StatusRequestURITooLong, http.StatusInternalServerError}, o.fails...)
	if !o.open {
		fails = append(fails, http.StatusUnauthorized, http.StatusTooManyRequests)
	}
	for _, code := range fails {
		if code == http.StatusNotModified {
			responses["304"] = dict{"description": "The client has this answer already."}
			continue
		}
		responses[strconv.Itoa(code)] = dict{
			"description": http.StatusText(code) + ".", "headers": o.headers(code),
			"content": dict{"application/problem+json": dict{"schema": ref("problem")}},
		}
	}
	d := dict{"operationId": o.id, "summary": o.summary, "responses": responses}
	if o.about != "" {
		d["description"] = o.about
	}
	if len(o.params) > 0 {
		d["parameters"] = o.params
	}
	if o.body != nil {
		d["requestBody"] = dict{"required": true, "content": o.body}
	}
	switch {
	case o.open:
		d["security"] = []dict{}
	case o.guarded:
		d["security"] = []dict{{"token": []string{}}}
	case keysRequired:
		d["security"] = []dict{{"apiKey": []string{}}}
	default:
		d["security"] = []dict{{}, {"apiKey": []string{}}}
	}
	return d
}

// headers are those of an answer with this status.
func (o operation) headers(status int) dict {
	names := []string{requestID}
	if !o.open && status != http.StatusRequestURITooLong { // which is said before anything is counted
		names = append(names, "RateLimit", "RateLimit-Policy")
	}
	switch status {
	case http.StatusUnauthorized:
		names = append(names, "WWW-Authenticate")
	case http.StatusTooManyRequests:
		names = append(names, "Retry-After")
	}
	d := dict{}
	for _, name := range names {
		d[name] = dict{"$ref": "#/components/headers/" + name}
	}
	return d
}

func headerDocs() dict {
	return dict{
		requestID:          dict{"description": "The request's id, as sent or made up.", "schema": text()},
		"RateLimit-Policy": dict{"description": `The limit of the caller's key or address: "address";q=100;w=5 lets 100 requests through at once, and all of them come back within 5 seconds (draft-ietf-httpapi-ratelimit-headers). Not there when the caller has no limit.`, "schema": text()},
		"RateLimit":        dict{"description": `What is left of it: "address";r=42;t=3 are 42 requests, which last when they are spread over 3 seconds.`, "schema": text()},
		"Retry-After":      dict{"description": "Whole seconds to wait.", "schema": whole()},
		"WWW-Authenticate": dict{"description": "The scheme that is asked for.", "schema": text()},
	}
}

func ref(name string) dict { return dict{"$ref": "#/components/schemas/" + name} }

func jsonOf(schema dict) map[string]any { return dict{"application/json": dict{"schema": schema}} }

// inFormats is the content of an answer that is to be had in all formats.
func inFormats(schema dict) map[string]any {
	content := jsonOf(schema)
	for _, f := range formats()[1:] {
		media, _, _ := strings.Cut(f.MediaType(), ";")
		content[media] = dict{}
	}
	return content
}

func formatParam() dict {
	var names []string
	for _, f := range formats() {
		names = append(names, string(f))
	}
	return dict{"name": "format", "in": "query", "description": "Goes before Accept.", "schema": dict{"type": "string", "enum": names, "default": "json"}}
}

// queryParams documents the declared parameters of a query.
func queryParams(q *query.Query) []dict {
	var list []dict
	for _, p := range q.Params {
		schema := dict{"type": "string"}
		switch p.Type {
		case "bigint":
			schema = dict{"type": "integer", "format": "int64"}
		case "double":
			schema = dict{"type": "number", "format": "double"}
		case "boolean":
			schema = dict{"type": "boolean"}
		case "date":
			schema = dict{"type": "string", "pattern": `^\d{4}-\d{2}(-\d{2})?$`}
		}
		if len(p.Values) > 0 {
			schema["enum"] = p.Values
		}
		if p.Range != nil {
			schema["minimum"], schema["maximum"] = p.Range.Least, p.Range.Most
		}
		if p.Default != nil {
			schema["default"] = *p.Default
			if p.Type != "text" && p.Type != "date" {
				schema["default"] = json.RawMessage(*p.Default)
			}
		}
		list = append(list, dict{"name": p.Name, "in": "query", "required": p.Required, "description": p.Doc, "schema": schema})
	}
	return list
}

// rowSchema documents the rows of a query.
func rowSchema(q *query.Query) dict {
	properties, required := dict{}, []string{}
	for _, c := range q.Columns {
		properties[c.Name] = nullable(c.Type)
		required = append(required, c.Name)
	}
	return dict{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

func nullable(typ string) dict {
	switch typ {
	case "bigint":
		return dict{"type": []string{"integer", "null"}}
	case "double":
		return dict{"type": []string{"number", "null"}}
	case "boolean":
		return dict{"type": []string{"boolean", "null"}}
	case "date":
		return dict{"type": []string{"string", "null"}, "format": "date"}
	case "timestamp":
		return dict{"type": []string{"string", "null"}, "format": "date-time"}
	default:
		return dict{"type": []string{"string", "null"}}
	}
}

func envelope(data, meta dict) dict {
	return dict{"type": "object", "required": []string{"data", "meta"}, "additionalProperties": false, "properties": dict{"data": data, "meta": meta}}
}

func list(items dict) dict { return dict{"type": "array", "items": items} }

func (s *server) docTrend(q *query.Query) operation {
	params := append(queryParams(q), formatParam(),
		dict{"name": "raw", "in": "query", "description": "CSV without the ' that keeps a spreadsheet from running a cell.", "schema": dict{"type": "boolean"}},
		dict{"name": "width", "in": "query", "description": "Columns of the terminal, for the format table.", "schema": dict{"type": "integer", "minimum": 0, "maximum": 10000}})
	return operation{
		id: q.Name, summary: q.Title, about: q.Doc, params: params,
		content: inFormats(envelope(list(rowSchema(q)), ref("meta"))),
		fails:   []int{304, 404, 429, 504},
	}
}

func docQueries(id, summary string) operation {
	return operation{id: id, summary: summary, content: jsonOf(dict{
		"type": "object", "required": []string{"data"}, "properties": dict{"data": list(ref("trend"))},
	})}
}

func (s *server) docBoards() operation {
	q := s.Queries.Query("boards")
	return operation{
		id: "boards", summary: q.Title, params: []dict{formatParam()},
		content: inFormats(envelope(list(rowSchema(q)), dict{"type": "object"})), fails: []int{304, 429, 504},
	}
}

func (s *server) docStatus() operation {
	schema := rowSchema(s.Queries.Query("status"))
	properties := schema["properties"].(dict)
	for _, name := range []string{"boards_complete", "boards_partial", "boards_failed", "lag", "taxonomies"} {
		properties[name] = dict{"type": "integer"}
	}
	properties["as_of"], properties["taxonomy"] = nullable("timestamp"), nullable("text")
	properties["version"], properties["data_version"] = dict{"type": "string"}, dict{"type": "string"}
	properties["sources"] = list(rowSchema(s.Queries.Query("sources")))
	properties["streams"] = list(ref("stream"))
	schema["required"] = append(schema["required"].([]string), "lag", "streams", "sources", "as_of", "taxonomy", "version", "data_version")
	return operation{id: "status", summary: "What is there and how fresh it is", content: jsonOf(schema), fails: []int{429, 504}}
}

func docPosting() operation {
	return operation{
		id: "posting", summary: "One posting with its tags and the words that earned them",
		params:  []dict{{"name": "id", "in": "path", "required": true, "schema": dict{"type": "string"}}},
		content: jsonOf(envelope(ref("posting"), dict{"type": "object"})), fails: []int{304, 404, 429, 504},
	}
}

func docHealth() operation {
	return operation{id: "health", summary: "Whether the process answers", content: jsonOf(ref("state")), open: true}
}

func docReady() operation {
	return operation{id: "ready", summary: "Whether it can answer from data", content: jsonOf(ref("state")), fails: []int{503}, open: true}
}

func docOpenAPI() operation {
	return operation{id: "openapi", summary: "This document", content: jsonOf(dict{"type": "object"}), open: true}
}

func docMetrics() operation {
	return operation{id: "metrics", summary: "Figures for Prometheus", content: dict{"text/plain": dict{"schema": dict{"type": "string"}}}, open: true}
}

func docSQL() operation {
	return operation{
		id: "sql", summary: "One SELECT or EXPLAIN of your own", params: []dict{formatParam()}, guarded: true,
		body: dict{
			"application/json": dict{"schema": dict{"type": "object", "required": []string{"sql"}, "properties": dict{"sql": dict{"type": "string"}}}},
			"text/plain":       dict{"schema": dict{"type": "string"}},
		},
		content: inFormats(envelope(list(dict{"type": "object"}), dict{"type": "object"})), fails: []int{401, 413, 504},
	}
}

func (s *server) openAPIDocument(w http.ResponseWriter, r *http.Request) error {
	if err := noParams(r); err != nil {
		return err
	}
	if _, err := negotiate(r, "", []query.Format{query.JSON}); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-cache")
	return write(w, r, http.StatusOK, query.JSON.MediaType(), s.spec)
}
