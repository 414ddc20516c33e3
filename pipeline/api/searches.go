package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/munnerz/goautoneg"

	"jobcity/pipeline/near"
	"jobcity/pipeline/query"
	"jobcity/pipeline/search"
)

const (
	searchesPath = "/v1/searches"
	maxSearch    = 16 << 10 // bytes of a search to be saved
)

func (s *server) searchRoutes() []route {
	if s.Searches == nil {
		return nil
	}
	return []route{
		{"POST", searchesPath, s.saveSearch, s.docSaveSearch()},
		{"GET", searchesPath + "/{id}", s.oneSearch, s.docSearch()},
		{"DELETE", searchesPath + "/{id}", s.deleteSearch, docDeleteSearch()},
		{"GET", searchesPath + "/{id}/feed", s.feed, docFeed()},
	}
}

// saved is a search as the API shows it.
type saved struct {
	search.Search
	Feed string `json:"feed"` // its path
}

func shown(found search.Search) saved { return saved{found, searchesPath + "/" + found.ID + "/feed"} }

// saveSearch saves a search. Only application/json is taken, so that a page of
// another origin has to ask first (CORS).
func (s *server) saveSearch(w http.ResponseWriter, r *http.Request) error {
	if err := noParams(r); err != nil {
		return err
	}
	if _, err := negotiate(r, "", []query.Format{query.JSON}); err != nil {
		return err
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		w.Header().Set("Accept-Post", "application/json")
		return newProblem(http.StatusUnsupportedMediaType, "the body must be application/json")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxSearch))
	if err != nil {
		return err
	}
	given, bad, err := readSearch(body)
	if err != nil {
		return err
	}
	bound, err := s.Searches.Check(given)
	var more *query.ParamError
	switch {
	case errors.As(err, &more):
		bad = append(bad, more.Params...)
	case err != nil:
		return err
	}
	if len(bad) > 0 {
		return &query.ParamError{Query: "search", Params: bad}
	}
	if err := s.checkKnown(r.Context(), bound); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.cfg.Timeout)
	defer cancel()
	made, secret, err := s.Searches.Create(ctx, given)
	if err != nil {
		return searchProblem(err)
	}
	answer := struct {
		saved
		Webhook *withSecret `json:"webhook"`
	}{saved: shown(made)}
	if made.Webhook != nil {
		answer.Webhook = &withSecret{made.Webhook, secret}
	}
	w.Header().Set("Location", searchesPath+"/"+made.ID)
	return giveSearch(w, r, http.StatusCreated, answer)
}

// withSecret is a webhook as it is shown once, when its search is saved.
type withSecret struct {
	*search.Webhook
	Secret string `json:"secret"`
}

func giveSearch(w http.ResponseWriter, r *http.Request, status int, data any) error {
	body, err := encode(map[string]any{"data": data})
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return write(w, r, status, query.JSON.MediaType(), body)
}

// readSearch reads {"name", "filters", "webhook": {"url"}}. bad is what has no place
// in it, or is of another kind.
func readSearch(body []byte) (n search.New, bad []query.BadParam, err error) {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(body, &all); err != nil || all == nil {
		p := newProblem(http.StatusBadRequest, `the body must be a JSON object such as {"name": "…", "filters": {"skills": "go"}, "webhook": {"url": "https://…"}}`)
		if err != nil {
			p.Detail += ": " + err.Error()
		}
		return n, nil, p
	}
	text := func(name string, raw json.RawMessage, into *string) {
		if raw != nil && json.Unmarshal(raw, into) != nil {
			bad = append(bad, query.BadParam{Name: name, Value: clip(string(raw)), Reason: "must be text"})
		}
	}
	object := func(name string, raw json.RawMessage) (fields map[string]json.RawMessage) {
		if raw != nil && json.Unmarshal(raw, &fields) != nil {
			bad = append(bad, query.BadParam{Name: name, Value: clip(string(raw)), Reason: "must be an object"})
		}
		return fields
	}
	bad = append(bad, strays("", all, "name", "filters", "webhook")...)
	text("name", all["name"], &n.Name)
	hook := object("webhook", all["webhook"])
	bad = append(bad, strays("webhook.", hook, "url")...)
	text("webhook.url", hook["url"], &n.URL)
	if hook != nil && n.URL == "" && hook["url"] == nil {
		bad = append(bad, query.BadParam{Name: "webhook.url", Reason: "required: where new postings are sent"})
	}
	n.Filters = map[string]string{}
	for name, raw := range object("filters", all["filters"]) {
		value, err := filterText(raw)
		if err != nil {
			bad = append(bad, query.BadParam{Name: name, Value: clip(string(raw)), Reason: err.Error()})
			continue
		}
		n.Filters[name] = value
	}
	return n, bad, nil
}

// strays are the fields that are not among known.
func strays(prefix string, fields map[string]json.RawMessage, known ...string) (bad []query.BadParam) {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if !slices.Contains(known, name) {
			bad = append(bad, query.BadParam{Name: prefix + clip(name), Reason: "unknown field; known are " + strings.Join(known, ", "), Near: near.Words(name, known)})
		}
	}
	return bad
}

// filterText is a filter as it stands in a query string: text, true, false, a
// number, or a list of texts with commas between.
func filterText(raw json.RawMessage) (string, error) {
	var v any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return "", err
	}
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case bool:
		return strconv.FormatBool(v), nil
	case json.Number:
		return v.String(), nil
	case []any:
		var parts []string
		for _, one := range v {
			text, ok := one.(string)
			if !ok || strings.Contains(text, ",") {
				return "", errors.New("must be a list of texts without commas")
			}
			parts = append(parts, text)
		}
		return strings.Join(parts, ","), nil
	}
	return "", errors.New("must be text")
}

func (s *server) oneSearch(w http.ResponseWriter, r *http.Request) error {
	if err := noParams(r); err != nil {
		return err
	}
	if _, err := negotiate(r, "", []query.Format{query.JSON}); err != nil {
		return err
	}
	found, err := s.found(r)
	if err != nil {
		return err
	}
	return giveSearch(w, r, http.StatusOK, shown(found))
}

func (s *server) deleteSearch(w http.ResponseWriter, r *http.Request) error {
	if err := noParams(r); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.cfg.Timeout)
	defer cancel()
	if err := s.Searches.Delete(ctx, r.PathValue("id")); err != nil {
		return searchProblem(err)
	}
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// found is the search that the path names.
func (s *server) found(r *http.Request) (search.Search, error) {
	ctx, cancel := context.WithTimeout(r.Context(), s.cfg.Timeout)
	defer cancel()
	found, err := s.Searches.Get(ctx, r.PathValue("id"))
	if err != nil {
		return search.Search{}, searchProblem(err)
	}
	return found, nil
}

// searchProblem says why a search cannot be had or saved.
func searchProblem(err error) error {
	switch {
	case errors.Is(err, search.ErrUnknown):
		p := newProblem(http.StatusNotFound, "there is no such search; it may have been deleted")
		p.Errors = []query.BadParam{{Name: "id", Reason: "unknown search"}}
		return p
	case errors.Is(err, search.ErrFull):
		return newProblem(http.StatusInsufficientStorage, "%v; delete one that is not needed any more", err)
	case errors.Is(err, context.Canceled):
		return err
	}
	p := newProblem(http.StatusServiceUnavailable, "saved searches are out of reach at the moment")
	p.RetryAfter = 5
	return fmt.Errorf("%w (%w)", p, err)
}

// feed answers with the newest postings of a search, for feed readers.
func (s *server) feed(w http.ResponseWriter, r *http.Request) error {
	_, own, err := bind(r, &query.Query{Name: r.URL.Path}, "format")
	if err != nil {
		return err
	}
	media, err := feedType(r, own["format"])
	if err != nil {
		return err
	}
	found, err := s.found(r)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Cache-Control", "private, no-cache") // a copy that is kept is asked for again: what was erased must go
	h.Add("Vary", "Accept")
	named := maps.Clone(found.Filters)
	named["{id}"] = found.ID
	key := s.key(query.Format(media), searchesPath, named)
	k, outcome, err := s.keep(r.Context(), key, strings.Contains(r.Header.Get("Cache-Control"), "no-cache"), func(ctx context.Context, _ string) (any, int, error) {
		if err := s.crowd.enter(); err != nil {
			return nil, 0, err
		}
		defer s.crowd.leave()
		body, err := s.makeFeed(ctx, found, media)
		return body, len(body), err
	})
	if err != nil {
		return err
	}
	body := k.value.([]byte)
	tag := etag(string(body), "") // of the content: it stays when other data changes
	if fresh(r, tag) {
		return s.unchanged(w, tag)
	}
	s.metrics.cache.WithLabelValues(outcome).Inc()
	h.Set("ETag", tag)
	return write(w, r, http.StatusOK, media+"; charset=utf-8", body)
}

// feedType is Atom, unless the request asks for JSON.
func feedType(r *http.Request, format string) (string, error) {
	switch format {
	case "atom":
		return search.AtomType, nil
	case "json":
		return search.JSONFeedType, nil
	case "":
	default:
		p := newProblem(http.StatusNotAcceptable, "format must be atom or json")
		p.Errors = []query.BadParam{{Name: "format", Value: clip(format), Reason: "must be one of atom, json"}}
		return "", p
	}
	accept := strings.Join(r.Header.Values("Accept"), ",")
	if strings.TrimSpace(accept) == "" {
		return search.AtomType, nil
	}
	switch goautoneg.Negotiate(accept, []string{search.AtomType, search.JSONFeedType, "application/json", "application/xml", "text/xml"}) {
	case search.AtomType, "application/xml", "text/xml":
		return search.AtomType, nil
	case search.JSONFeedType, "application/json":
		return search.JSONFeedType, nil
	}
	return "", newProblem(http.StatusNotAcceptable, "this is to be had as %s, %s", search.AtomType, search.JSONFeedType)
}

func (s *server) makeFeed(ctx context.Context, found search.Search, media string) ([]byte, error) {
	params := maps.Clone(found.Filters)
	params["top"] = strconv.Itoa(search.MaxEntries)
	bound, err := s.Queries.Query("postings").Bind(params)
	if err != nil {
		return nil, err
	}
	postings, err := s.run(ctx, bound, search.MaxEntries)
	if err != nil {
		return nil, err
	}
	var skills query.Result
	if len(postings.Rows) > 0 {
		var ids []string
		for _, row := range postings.Rows {
			ids = append(ids, row[0].(string))
		}
		if bound, err = s.Queries.Query("search_skills").Bind(map[string]string{"ids": strings.Join(ids, ",")}); err != nil {
			return nil, err
		}
		if skills, err = s.run(ctx, bound, search.MaxEntries); err != nil {
			return nil, err
		}
	}
	f := search.NewFeed(found, searchesPath+"/"+found.ID+"/feed", postings, skills)
	if media == search.JSONFeedType {
		return f.JSON()
	}
	return f.Atom()
}
