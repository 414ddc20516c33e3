package search

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"jobcity/pipeline/public"
	"jobcity/pipeline/query"
)

// maxAnswer is how many bytes of a receiver's answer are read.
const maxAnswer = 64 << 10

// message is the body of a delivery.
type message struct {
	Search struct {
		ID      string            `json:"id"`
		Name    string            `json:"name"`
		Filters map[string]string `json:"filters"`
	} `json:"search"`
	Postings  query.Result `json:"postings"` // rows of /v1/postings, in the order of their arrival
	Delivered time.Time    `json:"delivered_at"`
}

// outcome is how one try ended.
type outcome struct {
	postings int           // delivered; 0 without an error: all are gone, nothing was sent
	err      error         // in words for who saved the search
	gone     bool          // the receiver wants no more
	wait     time.Duration // that the receiver asks for
}

func newClient(cfg Config, guard public.Guard) *http.Client {
	return &http.Client{
		Timeout:       cfg.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:                  nil, // a proxy would be checked in place of the host behind it
			DialContext:            guard.Dial,
			DisableCompression:     true,
			ForceAttemptHTTP2:      true,
			MaxResponseHeaderBytes: 64 << 10,
			MaxIdleConns:           cfg.Concurrency,
			IdleConnTimeout:        10 * time.Second,
			TLSHandshakeTimeout:    cfg.Timeout,
		},
	}
}

// rows are the pending postings as they are now, in the order of their arrival.
// What was erased meanwhile is not among them.
func (s *Sender) rows(ctx context.Context, p *pending) (query.Result, error) {
	bound, err := s.book.queries.Query("search_postings").Bind(map[string]string{"ids": strings.Join(p.IDs, ",")})
	if err != nil {
		return query.Result{}, err
	}
	res, err := s.query(ctx, bound)
	if err != nil {
		return query.Result{}, err
	}
	slices.SortFunc(res.Rows, func(a, b []any) int { return slices.Index(p.IDs, a[0].(string)) - slices.Index(p.IDs, b[0].(string)) })
	return res, nil
}

// try delivers what is pending once. An error means that it could not be tried.
func (s *Sender) try(ctx context.Context, r record) (outcome, error) {
	rows, err := s.rows(ctx, r.Pending)
	if err != nil || len(rows.Rows) == 0 {
		return outcome{}, err
	}
	now := s.now().UTC()
	m := message{Postings: rows, Delivered: now.Truncate(time.Millisecond)}
	m.Search.ID, m.Search.Name, m.Search.Filters = r.ID, r.Name, r.Filters
	body, err := json.Marshal(m)
	if err != nil {
		return outcome{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.Webhook.URL, bytes.NewReader(body))
	if err != nil {
		return outcome{err: errors.New("its URL cannot be asked")}, nil
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "jobcity-webhook")
	if err := Sign(req.Header, r.Secret, r.Pending.ID, now, body); err != nil {
		return outcome{err: err}, nil
	}
	res, err := s.client.Do(req)
	if ctx.Err() != nil {
		return outcome{}, ctx.Err() // told or not: it is told again under the same id
	}
	if err != nil {
		return outcome{err: s.plain(err)}, nil
	}
	defer res.Body.Close()
	_, _ = io.CopyN(io.Discard, res.Body, maxAnswer) // so that the connection can be used again; the status says all
	return s.judge(res, len(rows.Rows)), nil
}

// judge says what an answer means.
func (s *Sender) judge(res *http.Response, postings int) outcome {
	switch {
	case res.StatusCode >= 200 && res.StatusCode < 300:
		return outcome{postings: postings}
	case res.StatusCode == http.StatusGone:
		return outcome{gone: true, err: errors.New("it answered 410 Gone")}
	}
	said := strings.TrimSpace(fmt.Sprintf("it answered %d %s", res.StatusCode, http.StatusText(res.StatusCode)))
	if res.StatusCode >= 300 && res.StatusCode < 400 {
		said += "; redirects are not followed"
	}
	return outcome{err: errors.New(said), wait: retryAfter(res.Header.Get("Retry-After"), s.now())}
}

// plain says what went wrong without telling of the net that this server is in.
func (s *Sender) plain(err error) error {
	var dns *net.DNSError
	var timeout net.Error
	var cert *tls.CertificateVerificationError
	switch {
	case errors.Is(err, public.ErrPrivate), errors.As(err, &dns):
		return errors.New("its host does not lead to a public address; the operator can allow one inside by search.allow_private_hosts")
	case errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Errorf("it did not answer within %s", s.book.cfg.Timeout)
	case errors.As(err, &cert):
		return errors.New("its certificate cannot be verified")
	}
	return errors.New("the connection failed")
}

// retryAfter reads the header of RFC 9110 section 10.2.3: seconds or a date; 0 for
// anything else.
func retryAfter(header string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseUint(strings.TrimSpace(header), 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
