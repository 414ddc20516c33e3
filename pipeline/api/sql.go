package api

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"jobcity/pipeline/query"
)

// maxStatement is the most bytes that the body of POST /v1/sql may have.
const maxStatement = 64 << 10

// freeSQL runs a statement of the caller's own for those who know the token.
func (s *server) freeSQL(w http.ResponseWriter, r *http.Request) error {
	if !s.keys.isToken(bearer(r)) {
		w.Header().Set("WWW-Authenticate", `Bearer realm="jobcity"`)
		return refusal(http.StatusUnauthorized, "no_token", "this needs the header Authorization: Bearer TOKEN")
	}
	_, own, err := bind(r, &query.Query{Name: r.URL.Path}, "format")
	if err != nil {
		return err
	}
	format, err := negotiate(r, own["format"], formats())
	if err != nil {
		return err
	}
	statement, err := statement(w, r)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.cfg.Timeout)
	defer cancel()
	res, err := s.SQL(ctx, statement, s.cfg.MaxRows)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return newProblem(http.StatusBadRequest, "%v", err)
	}
	w.Header().Set("Cache-Control", "no-store")
	if res.Truncated {
		w.Header().Set("X-Truncated", "true")
	}
	var body []byte
	if format == query.JSON {
		body, err = encode(map[string]any{"data": res, "meta": map[string]any{"columns": res.Columns, "rows": len(res.Rows), "truncated": res.Truncated}})
	} else {
		body, err = res.Bytes(format, query.Options{})
	}
	if err != nil {
		return err
	}
	return write(w, r, http.StatusOK, format.MediaType(), body)
}

// statement reads the body: {"sql": "…"}, or the plain text.
func statement(w http.ResponseWriter, r *http.Request) (string, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxStatement))
	if err != nil {
		return "", err
	}
	text := string(body)
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		var b struct {
			SQL string `json:"sql"`
		}
		if err := json.Unmarshal(body, &b); err != nil {
			return "", newProblem(http.StatusBadRequest, `the body must be {"sql": "select …"}: %v`, err)
		}
		text = b.SQL
	}
	if strings.TrimSpace(text) == "" {
		return "", newProblem(http.StatusBadRequest, "the body holds no statement")
	}
	return text, nil
}
