package api

import (
	"maps"
	"net/http"
	"strings"
	"sync"

	"jobcity/pipeline/query"
)

// asked is what a request asks of a trend, checked.
type asked struct {
	bound    query.Bound
	format   query.Format
	options  query.Options
	key      string // of the answer
	revision string // under which the ids in it are known
}

func (s *server) read(r *http.Request, q *query.Query) (a asked, err error) {
	var own map[string]string
	if a.bound, own, err = bind(r, q, "format", "raw", "width"); err != nil {
		return a, err
	}
	if a.format, err = negotiate(r, own["format"], formats()); err != nil {
		return a, err
	}
	if a.options, err = layout(own); err != nil {
		return a, err
	}
	if err = s.checkKnown(r.Context(), a.bound); err != nil {
		return a, err
	}
	named := maps.Clone(own)
	for name, value := range a.bound.Params {
		named["$"+name] = value
	}
	a.key = s.key(a.format, q.SQL, named)
	return a, nil
}

// asking remembers what requests ask that come in the same words again, so that they
// are not read and checked each time.
type asking struct {
	mu  sync.RWMutex
	all map[string]asked
}

const (
	mostAsked    = 2048
	longestAsked = 512 // bytes of a request's words; longer ones are read each time
)

func (a *asking) of(r *http.Request, revision string, read func() (asked, error)) (asked, error) {
	words := r.URL.Path + "?" + r.URL.RawQuery + " " + strings.Join(r.Header["Accept"], ",")
	a.mu.RLock()
	known, ok := a.all[words]
	a.mu.RUnlock()
	if ok && known.revision == revision {
		return known, nil
	}
	fresh, err := read()
	if err != nil || len(words) > longestAsked {
		return fresh, err
	}
	fresh.revision = revision
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.all == nil || len(a.all) >= mostAsked {
		a.all = map[string]asked{}
	}
	a.all[words] = fresh
	return fresh, nil
}
