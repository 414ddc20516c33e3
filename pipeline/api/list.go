package api

import (
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"jobcity/pipeline/query"
)

// paged is a list that is read page by page: where the next page begins stands in
// meta.next and in the header Link.
type paged struct {
	path, query string
	after       func(res query.Result) string // what the parameter after of the next page is
}

// moment is how a cursor writes a time: to the microsecond, as the store keeps it.
const moment = "2006-01-02T15:04:05.999999Z"

func lists() []paged {
	return []paged{
		{"/v1/skills", "skills", func(res query.Result) string { return res.Rows[len(res.Rows)-1][0].(string) }},
		{"/v1/postings", "postings", func(res query.Result) string {
			last := res.Rows[len(res.Rows)-1]
			at := slices.IndexFunc(res.Columns, func(c query.Column) bool { return c.Name == "seen_at" })
			return last[at].(time.Time).UTC().Format(moment) + " " + last[0].(string)
		}},
	}
}

// shape is the list's query as it is asked over HTTP: with cursor and limit for
// after and top.
func (s *server) shape(l paged) *query.Query {
	q := *s.Queries.Query(l.query)
	q.Params = nil
	for _, p := range s.Queries.Query(l.query).Params {
		switch p.Name {
		case "after":
			p.Name, p.Doc = "cursor", "meta.next of the page before"
		case "top":
			p.Name = "limit"
		}
		q.Params = append(q.Params, p)
	}
	return &q
}

func (s *server) onePageOf(l paged) func(http.ResponseWriter, *http.Request) error {
	shape, q := s.shape(l), s.Queries.Query(l.query)
	return func(w http.ResponseWriter, r *http.Request) error {
		b, own, err := bind(r, shape, "format")
		if err != nil {
			return err
		}
		format, err := negotiate(r, own["format"], formats())
		if err != nil {
			return err
		}
		if err := s.checkKnown(r.Context(), b); err != nil {
			return err
		}
		params := maps.Clone(b.Params)
		params["top"] = params["limit"]
		delete(params, "limit")
		if cursor, given := params["cursor"]; given {
			after, err := base64.RawURLEncoding.DecodeString(cursor)
			if err != nil || l.query == "postings" && !goodCursor(string(after)) {
				return &query.ParamError{Query: l.query, Params: []query.BadParam{{Name: "cursor", Value: clip(cursor), Reason: "must be meta.next of the page before"}}}
			}
			params["after"] = string(after)
			delete(params, "cursor")
		}
		bound, err := q.Bind(params)
		if err != nil {
			return err
		}
		return s.give(w, r, s.key(format, q.SQL, params), format, func(ctx context.Context, version string) (answer, error) {
			res, err := s.run(ctx, bound, s.cfg.MaxRows)
			if err != nil {
				return answer{}, err
			}
			var next *string
			if limit := fmt.Sprint(len(res.Rows)); len(res.Rows) > 0 && limit == params["top"] {
				c := base64.RawURLEncoding.EncodeToString([]byte(l.after(res)))
				next = &c
			}
			a := answer{truncated: res.Truncated}
			if format == query.JSON {
				a.body, err = encode(map[string]any{"data": res, "meta": map[string]any{"rows": len(res.Rows), "next": next, "params": b.Params, "version": version}})
				return a, err
			}
			a.body, err = res.Bytes(format, query.Options{})
			return a, err
		})
	}
}

// goodCursor says whether text is a moment and an id, as lists makes them.
func goodCursor(text string) bool {
	at, id, ok := strings.Cut(text, " ")
	_, err := time.Parse(moment, at)
	return ok && err == nil && id != ""
}

func (s *server) docList(l paged) operation {
	q := s.shape(l)
	meta := all(dict{"rows": whole(), "next": nullable("text"), "params": dict{"type": "object"}, "version": text()})
	return operation{
		id: l.query, summary: q.Title, about: q.Doc, params: append(queryParams(q), formatParam()),
		content: inFormats(envelope(list(rowSchema(q)), meta)), fails: []int{304, 404, 429, 504},
	}
}
