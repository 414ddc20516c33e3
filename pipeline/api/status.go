package api

import (
	"context"
	"net/http"

	"jobcity/pipeline/query"
)

// status says what is there and how fresh it is.
func (s *server) status(w http.ResponseWriter, r *http.Request) error {
	if err := noParams(r); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.cfg.Timeout)
	defer cancel()
	version := s.Runner.Version()
	counts, err := s.fixed(ctx, "status")
	if err != nil {
		return err
	}
	cover, err := s.fixed(ctx, "coverage")
	if err != nil {
		return err
	}
	sources, err := s.fixed(ctx, "sources")
	if err != nil {
		return err
	}
	about := object(counts, 0)
	about["sources"] = sources
	c := object(cover, 0)
	about["boards_complete"], about["boards_partial"], about["boards_failed"] = c["complete"], c["partial"], c["failed"]
	about["as_of"], about["taxonomy"], about["taxonomies"] = c["as_of"], c["taxonomy"], c["taxonomies"]
	about["version"], about["data_version"] = s.Version, version
	streams := []Stream{}
	if s.Streams != nil {
		if streams, err = s.Streams(ctx); err != nil {
			return err
		}
	}
	var lag uint64
	for _, st := range streams {
		lag += st.Lag
	}
	about["streams"], about["lag"] = streams, lag
	return giveJSON(w, r, about)
}

// boards lists the boards, those in trouble first.
func (s *server) boards(w http.ResponseWriter, r *http.Request) error {
	q := s.Queries.Query("boards")
	b, own, err := bind(r, q, "format")
	if err != nil {
		return err
	}
	format, err := negotiate(r, own["format"], formats())
	if err != nil {
		return err
	}
	return s.give(w, r, s.key(format, q.SQL, nil), format, func(ctx context.Context, version string) (answer, error) {
		res, err := s.run(ctx, b, s.cfg.MaxRows)
		if err != nil {
			return answer{}, err
		}
		a := answer{truncated: res.Truncated}
		if format == query.JSON {
			a.body, err = encode(map[string]any{"data": res, "meta": map[string]any{"rows": len(res.Rows), "truncated": res.Truncated, "version": version}})
			return a, err
		}
		a.body, err = res.Bytes(format, query.Options{})
		return a, err
	})
}

func (s *server) healthy(w http.ResponseWriter, r *http.Request) error {
	return giveJSON(w, r, map[string]string{"status": "ok"})
}

func (s *server) ready(w http.ResponseWriter, r *http.Request) error {
	if s.Ready != nil {
		if err := s.Ready(r.Context()); err != nil {
			return newProblem(http.StatusServiceUnavailable, "not ready: %v", err)
		}
	}
	return giveJSON(w, r, map[string]string{"status": "ready"})
}
