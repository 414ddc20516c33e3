package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"jobcity/pipeline/near"
	"jobcity/pipeline/query"
)

// problem is an error as RFC 9457 has it. Errors names each part of the request
// that is wrong, and what would be right.
type problem struct {
	Type       string           `json:"type"`
	Title      string           `json:"title"`
	Status     int              `json:"status"`
	Detail     string           `json:"detail,omitempty"`
	Instance   string           `json:"instance,omitempty"` // the request's id
	Errors     []query.BadParam `json:"errors,omitempty"`
	RetryAfter int              `json:"retry_after,omitempty"` // seconds
	refused    string           // of a refusal: why, as the metrics have it
}

func (p *problem) Error() string { return fmt.Sprintf("%d %s: %s", p.Status, p.Title, p.Detail) }

func newProblem(status int, format string, args ...any) *problem {
	return &problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: fmt.Sprintf(format, args...)}
}

// refusal is a problem of a caller that is turned away, counted under reason.
func refusal(status int, reason, format string, args ...any) *problem {
	p := newProblem(status, format, args...)
	p.refused = reason
	return p
}

// problemOf chooses what a client is told about err. What is not the client's
// doing is a 500 whose cause stays in the log.
func problemOf(err error) *problem {
	var p *problem
	var bad *query.ParamError
	var size *http.MaxBytesError
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &bad):
		p = newProblem(http.StatusBadRequest, "%s", bad)
		p.Errors = bad.Params
		return p
	case errors.As(err, &size):
		return newProblem(http.StatusRequestEntityTooLarge, "the body may have %d bytes at most", size.Limit)
	case errors.Is(err, context.DeadlineExceeded):
		return newProblem(http.StatusGatewayTimeout, "the answer took too long; ask for less, for example by from, to or district")
	default:
		return newProblem(http.StatusInternalServerError, "the answer could not be made; the log has the reason under this request's id")
	}
}

// fail answers with the problem that err is.
func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil && errors.Is(err, context.Canceled) {
		return // nobody listens any more
	}
	p := *problemOf(err)
	p.Instance = w.Header().Get(requestID)
	if p.Status >= http.StatusInternalServerError {
		s.log.Error("request failed", "request_id", p.Instance, "path", loggedPath(r), "error", err)
	}
	if p.refused != "" {
		s.metrics.refused.WithLabelValues(p.refused).Inc()
	}
	if p.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(p.RetryAfter))
	}
	body, err := json.Marshal(p)
	if err != nil {
		body = []byte(`{"type":"about:blank","title":"Internal Server Error","status":500}`)
	}
	for _, name := range []string{"ETag", "Link", "X-Truncated", "X-Suppressed", "Content-Disposition"} {
		w.Header().Del(name)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(p.Status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the client may be gone
	}
}

// loggedPath is the path of a request without the id of a saved search, which is the
// only key to it.
func loggedPath(r *http.Request) string {
	if strings.HasPrefix(r.URL.Path, searchesPath+"/") {
		return searchesPath + "/…"
	}
	return r.URL.Path
}

// unknown is the 404 for a name that there is not, with those it may have meant.
func unknown(kind, param, value string, known []string) *problem {
	meant := near.Words(value, known)
	p := newProblem(http.StatusNotFound, "there is no %s %q", kind, clip(value))
	if len(meant) > 0 {
		p.Detail += "; did you mean " + strings.Join(meant, ", ") + "?"
	}
	p.Errors = []query.BadParam{{Name: param, Value: clip(value), Reason: "unknown " + kind, Near: meant}}
	return p
}

// clip shortens a value for a message.
func clip(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if len(s) > 80 {
		return strings.ToValidUTF8(s[:80], "") + "…"
	}
	return s
}
