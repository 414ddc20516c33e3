package api

import (
	"context"
	"net/http"

	"jobcity/pipeline/query"
)

// parts are the queries that hold the lists of a posting, and their names in it.
func parts() []struct{ name, query string } {
	return []struct{ name, query string }{
		{"districts", "posting_district"},
		{"streets", "posting_street"},
		{"facets", "posting_facet"},
		{"skills", "posting_skill"},
		{"places", "posting_place"},
		{"metrics", "posting_metric"},
		{"evidence", "posting_evidence"},
		{"spells", "posting_spell"},
		{"signals", "posting_signal"},
	}
}

func (s *server) onePosting(w http.ResponseWriter, r *http.Request) error {
	if err := noParams(r); err != nil {
		return err
	}
	format, err := negotiate(r, "", []query.Format{query.JSON})
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	return s.give(w, r, s.key(format, "posting", map[string]string{"id": id}), format, func(ctx context.Context, version string) (answer, error) {
		p, err := s.posting(ctx, id)
		if err != nil {
			return answer{}, err
		}
		body, err := encode(map[string]any{"data": p, "meta": map[string]any{"version": version}})
		return answer{body: body}, err
	})
}

// posting gathers one posting and its tags, under the names that `jobcity tag`
// gives them.
func (s *server) posting(ctx context.Context, id string) (map[string]any, error) {
	res, err := s.ask(ctx, "posting", id)
	if err != nil {
		return nil, err
	}
	if len(res.Rows) == 0 {
		p := newProblem(http.StatusNotFound, "there is no posting %q", clip(id))
		p.Errors = []query.BadParam{{Name: "id", Value: clip(id), Reason: "unknown posting"}}
		return nil, p
	}
	p := object(res, 0)
	p["id"], p["primary"] = p["posting_id"], p["district"]
	p["salary"] = salary(p)
	for _, name := range []string{
		"posting_id", "district", "street", "pay_min", "pay_max", "pay_currency", "pay_period",
		"pay_annual_min", "pay_annual_max", "pay_rule", "pay_structured",
	} {
		delete(p, name)
	}
	for _, part := range parts() {
		res, err := s.ask(ctx, part.query, id)
		if err != nil {
			return nil, err
		}
		switch part.name {
		case "facets":
			scores := map[string]any{}
			for _, row := range res.Rows {
				scores[row[0].(string)] = row[1]
			}
			p[part.name] = scores
		case "metrics":
			ids := []any{}
			for _, row := range res.Rows {
				ids = append(ids, row[0])
			}
			p[part.name] = ids
		default:
			p[part.name] = res
		}
	}
	return p, nil
}

// salary is the pay of a posting, or nil when it states none.
func salary(p map[string]any) any {
	if p["pay_min"] == nil && p["pay_max"] == nil {
		return nil
	}
	return map[string]any{
		"min": p["pay_min"], "max": p["pay_max"], "currency": p["pay_currency"], "period": p["pay_period"],
		"annual_min": p["pay_annual_min"], "annual_max": p["pay_annual_max"], "annual_rule": p["pay_rule"], "structured": p["pay_structured"],
	}
}

// ask runs a query of sql/api that takes an id.
func (s *server) ask(ctx context.Context, name, id string) (query.Result, error) {
	b, err := s.Queries.Query(name).Bind(map[string]string{"id": id})
	if err != nil {
		return query.Result{}, err
	}
	return s.run(ctx, b, s.cfg.MaxRows)
}

// object is one row by the names of its columns, as JSON has it.
func object(res query.Result, row int) map[string]any {
	o := map[string]any{}
	for i, c := range res.Columns {
		o[c.Name] = query.Plain(res.Rows[row][i], c.Type)
	}
	return o
}
