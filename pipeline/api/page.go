package api

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"jobcity/pipeline/query"
)

// page is an answer of several named queries about one thing.
type page struct {
	path, id, title string
	kind            string // of what {id} names; "": the page has none
	about           string // the query of sql/api that says what {id} is
	parts           []part
}

// part is one query of a page, under its name in the answer.
type part struct {
	name, query string
	subject     string            // the parameter that takes {id}
	fixed       map[string]string // other values
}

// shared are the parameters that a page hands to all its queries that take them.
var shared = []string{"street", "seniority", "workplace", "employment_type", "country", "source", "from", "to", "currency"}

func pages() []page {
	return []page{
		{path: "/v1/map", id: "map", title: "The map: districts, streets and where districts meet", parts: []part{
			{name: "districts", query: "map_districts"},
			{name: "streets", query: "street_sizes"},
			{name: "intersections", query: "map_intersections"},
		}},
		{path: "/v1/districts/{id}", id: "district", title: "A district: its size, skills, facets, mix, neighbours and employers", kind: "district", about: "district", parts: []part{
			{name: "size", query: "map_districts", subject: "district"},
			{name: "streets", query: "street_sizes", subject: "district"},
			{name: "intersections", query: "map_intersections", subject: "district"},
			{name: "skills", query: "skills_of_district", subject: "district", fixed: map[string]string{"top": "20"}},
			{name: "facets", query: "facet_share_by_district", subject: "district"},
			{name: "mix", query: "hybrid_mix_by_district", subject: "district"},
			{name: "employers", query: "postings_by_employer", subject: "district", fixed: map[string]string{"top": "10"}},
		}},
		{path: "/v1/skills/{id}", id: "skill", title: "A skill: its share by month, what it is mentioned with, what is like it, pay", kind: "skill", about: "skill", parts: []part{
			{name: "months", query: "skill_share_by_month", subject: "skill"},
			{name: "pairs", query: "skill_pairs", subject: "skill", fixed: map[string]string{"top": "20"}},
			{name: "similar", query: "similar_skills", subject: "skill", fixed: map[string]string{"top": "10"}},
			{name: "pay", query: "pay_by_skill", subject: "skill"},
		}},
		{path: "/v1/employers/{id}", id: "employer", title: "An employer: its boards, postings by month, and the skills they mention", kind: "employer", about: "employer", parts: []part{
			{name: "months", query: "demand", subject: "employer", fixed: map[string]string{"by": "employer"}},
			{name: "skills", query: "skill_ranking", subject: "employer", fixed: map[string]string{"top": "20"}},
		}},
	}
}

// named finds a query among the trends and those of sql/api.
func (s *server) named(name string) *query.Query {
	if q := s.Trends.Query(name); q != nil {
		return q
	}
	return s.Queries.Query(name)
}

// asked are the parameters that a page takes: those shared ones that any of its
// queries takes.
func (s *server) asked(p page) *query.Query {
	q := &query.Query{Name: p.id, Title: p.title}
	for _, name := range shared {
		for _, part := range p.parts {
			params := s.named(part.query).Params
			if i := slices.IndexFunc(params, func(p query.Param) bool { return p.Name == name }); i >= 0 {
				q.Params = append(q.Params, params[i])
				break
			}
		}
	}
	return q
}

func (s *server) onePage(p page) func(http.ResponseWriter, *http.Request) error {
	q := s.asked(p)
	return func(w http.ResponseWriter, r *http.Request) error {
		b, _, err := bind(r, q)
		if err != nil {
			return err
		}
		format, err := negotiate(r, "", []query.Format{query.JSON})
		if err != nil {
			return err
		}
		if err := s.checkKnown(r.Context(), b); err != nil {
			return err
		}
		id := r.PathValue("id")
		if p.kind == "skill" {
			id = strings.ToLower(id)
		}
		if p.kind != "" {
			all, err := s.known(r.Context())
			if err != nil {
				return err
			}
			if no := all.refuse(p.kind, "id", id); no != nil {
				return no
			}
		}
		named := maps.Clone(b.Params)
		named["{id}"] = id
		return s.give(w, r, s.key(format, p.path, named), format, func(ctx context.Context, version string) (answer, error) {
			return s.makePage(ctx, version, p, b, id)
		})
	}
}

// makePage runs the queries of a page. Each says in meta how it was asked.
func (s *server) makePage(ctx context.Context, version string, p page, b query.Bound, id string) (answer, error) {
	data, queries := map[string]any{}, map[string]any{}
	if p.about != "" {
		res, err := s.ask(ctx, p.about, id)
		if err != nil {
			return answer{}, err
		}
		if len(res.Rows) == 0 {
			return answer{}, newProblem(http.StatusNotFound, "there is no %s %q", p.kind, clip(id))
		}
		data["about"] = object(res, 0)
	}
	a := answer{}
	for _, part := range p.parts {
		q := s.named(part.query)
		params := maps.Clone(part.fixed)
		if params == nil {
			params = map[string]string{}
		}
		for _, param := range q.Params {
			if v, given := b.Params[param.Name]; given {
				params[param.Name] = v
			}
		}
		if part.subject != "" {
			params[part.subject] = id
		}
		bound, err := q.Bind(params)
		if err != nil {
			return answer{}, err
		}
		res, err := s.run(ctx, bound, s.cfg.MaxRows)
		if err != nil {
			return answer{}, err
		}
		res.Round()
		a.suppressed += res.Suppress(q, int64(s.cfg.MinPostings), int64(s.cfg.MinEmployers))
		data[part.name] = res
		queries[part.name] = map[string]any{"name": q.Name, "title": q.Title, "doc": q.Doc, "params": bound.Params, "sql": q.SQL}
	}
	m, err := s.describe(ctx, version, b)
	if err != nil {
		return answer{}, err
	}
	m.Suppressed.Rows, m.Adjustment = a.suppressed, adjustment(query.Result{}, nil, nil)
	a.body, err = encode(map[string]any{"data": data, "meta": struct {
		meta
		Queries map[string]any `json:"queries"`
	}{m, queries}})
	return a, err
}

func (s *server) docPage(p page) operation {
	data := dict{}
	if p.about != "" {
		data["about"] = dict{"type": "object"}
	}
	for _, part := range p.parts {
		data[part.name] = list(rowSchema(s.named(part.query)))
	}
	o := operation{
		id: p.id, summary: p.title, params: queryParams(s.asked(p)),
		content: jsonOf(envelope(all(data), dict{"type": "object", "required": []string{"n", "employers", "version", "queries"}})),
		fails:   []int{304, 404, 429, 504},
	}
	if p.kind != "" {
		o.params = append(o.params, dict{"name": "id", "in": "path", "required": true, "schema": dict{"type": "string"}})
	}
	return o
}
