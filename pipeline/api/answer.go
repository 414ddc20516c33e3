package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/munnerz/goautoneg"

	"jobcity/pipeline/near"
	"jobcity/pipeline/query"
)

// answer is a whole response.
type answer struct {
	body       []byte
	truncated  bool
	suppressed int // rows without an estimate
}

// formats are those of tables, the preferred one first.
func formats() []query.Format {
	return []query.Format{query.JSON, query.CSV, query.NDJSON, query.Arrow, query.Parquet, query.Markdown, query.Table}
}

// negotiate finds the format that the request asks for: by ?format=, else by
// Accept.
func negotiate(r *http.Request, format string, offered []query.Format) (query.Format, error) {
	names, types := make([]string, len(offered)), make([]string, len(offered))
	for i, f := range offered {
		names[i] = string(f)
		types[i], _, _ = strings.Cut(f.MediaType(), ";")
	}
	if format != "" {
		if i := slices.Index(names, format); i >= 0 {
			return offered[i], nil
		}
		p := newProblem(http.StatusNotAcceptable, "format must be one of %s", strings.Join(names, ", "))
		p.Errors = []query.BadParam{{Name: "format", Value: clip(format), Reason: "must be one of " + strings.Join(names, ", "), Near: near.Words(format, names)}}
		return "", p
	}
	accept := strings.Join(r.Header.Values("Accept"), ",")
	if strings.TrimSpace(accept) == "" {
		return offered[0], nil
	}
	if i := slices.Index(types, goautoneg.Negotiate(accept, types)); i >= 0 {
		return offered[i], nil
	}
	return "", newProblem(http.StatusNotAcceptable, "this is to be had as %s", strings.Join(types, ", "))
}

// values reads the query string: each parameter once. Those in own are not the
// query's and are taken out. bad are those that were given more often.
func values(r *http.Request, own ...string) (params, taken map[string]string, bad []query.BadParam, err error) {
	given, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, nil, nil, newProblem(http.StatusBadRequest, "the query string cannot be read: %v", err)
	}
	params, taken = map[string]string{}, map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if len(given[name]) > 1 {
			bad = append(bad, query.BadParam{Name: name, Reason: fmt.Sprintf("must be given once (got %d times)", len(given[name]))})
		}
		if slices.Contains(own, name) {
			taken[name] = given[name][0]
		} else {
			params[name] = given[name][0]
		}
	}
	return params, taken, bad, nil
}

// bind reads the query string into q's parameters, and what is left of it.
func bind(r *http.Request, q *query.Query, own ...string) (query.Bound, map[string]string, error) {
	params, taken, bad, err := values(r, own...)
	if err != nil {
		return query.Bound{}, nil, err
	}
	b, err := q.Bind(params)
	var more *query.ParamError
	if errors.As(err, &more) {
		bad = append(bad, more.Params...)
	} else if err != nil {
		return query.Bound{}, nil, err
	}
	if len(bad) > 0 {
		return query.Bound{}, nil, &query.ParamError{Query: q.Name, Params: bad}
	}
	return b, taken, nil
}

// noParams refuses a query string where there is nothing to ask.
func noParams(r *http.Request) error {
	_, _, err := bind(r, &query.Query{Name: r.URL.Path})
	return err
}

// key names an answer whatever the data: another query, other values, another
// format or other settings make another one.
func (s *server) key(format query.Format, statement string, params map[string]string) string {
	h := sha256.New() // of the parts with their lengths: quotes around a statement cost more than all else here
	fmt.Fprintf(h, "%d:%s %s %d:%s %d %d %d", len(s.Version), s.Version, format, len(statement), statement, s.cfg.MinPostings, s.cfg.MinEmployers, s.cfg.MaxRows)
	for _, name := range slices.Sorted(maps.Keys(params)) {
		fmt.Fprintf(h, " %d:%s=%d:%s", len(name), name, len(params[name]), params[name])
	}
	return string(h.Sum(nil)[:16])
}

// etag names an answer made of a version of the data.
func etag(key, version string) string {
	h := sha256.Sum256([]byte(key + version))
	return `"` + hex.EncodeToString(h[:12]) + `"`
}

// fresh says whether the client has the answer named by tag already.
func fresh(r *http.Request, tag string) bool {
	for have := range strings.SplitSeq(strings.Join(r.Header.Values("If-None-Match"), ","), ",") {
		if have = strings.TrimPrefix(strings.TrimSpace(have), "W/"); have == tag || have == "*" {
			return true
		}
	}
	return false
}

// give answers from the cache, or by make, unless the client has it already.
func (s *server) give(w http.ResponseWriter, r *http.Request, key string, format query.Format, make func(ctx context.Context, version string) (answer, error)) error {
	h := w.Header()
	if s.cfg.KeysRequired { // a shared cache would give it to those without a key
		h.Set("Cache-Control", "private, max-age=1, stale-while-revalidate=60")
	} else {
		h.Set("Cache-Control", "public, max-age=1, stale-while-revalidate=60")
	}
	h.Add("Vary", "Accept")
	if tag := etag(key, s.Runner.Version()); fresh(r, tag) {
		return s.unchanged(w, tag)
	}
	newest := strings.Contains(r.Header.Get("Cache-Control"), "no-cache")
	k, outcome, err := s.keep(r.Context(), key, newest, func(ctx context.Context, version string) (any, int, error) {
		if err := s.crowd.enter(); err != nil {
			return nil, 0, err
		}
		defer s.crowd.leave()
		a, err := make(ctx, version)
		return a, len(a.body), err
	})
	if err != nil {
		return err
	}
	tag := etag(key, k.version)
	if outcome != "miss" && fresh(r, tag) {
		return s.unchanged(w, tag)
	}
	s.metrics.cache.WithLabelValues(outcome).Inc()
	h.Set("ETag", tag)
	a := k.value.(answer)
	if a.truncated {
		h.Set("X-Truncated", "true")
	}
	if a.suppressed > 0 {
		h.Set("X-Suppressed", strconv.Itoa(a.suppressed))
	}
	return write(w, r, http.StatusOK, format.MediaType(), a.body)
}

// unchanged says that the client has the answer.
func (s *server) unchanged(w http.ResponseWriter, tag string) error {
	s.metrics.cache.WithLabelValues("client").Inc()
	w.Header().Set("ETag", tag)
	w.WriteHeader(http.StatusNotModified)
	return nil
}

// giveJSON answers with v, which is not kept.
func giveJSON(w http.ResponseWriter, r *http.Request, v any) error {
	if _, err := negotiate(r, "", []query.Format{query.JSON}); err != nil {
		return err
	}
	body, err := encode(v)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-cache")
	return write(w, r, http.StatusOK, query.JSON.MediaType(), body)
}

// encode is JSON without escapes for HTML, which nosniff makes needless.
func encode(v any) ([]byte, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return []byte(b.String()), err
}

func write(w http.ResponseWriter, r *http.Request, status int, contentType string, body []byte) error {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the client may be gone
	}
	return nil
}
