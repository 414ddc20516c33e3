package crawl

import (
	"context"
	"errors"

	"jobcity/pipeline/crawl/source"
)

// errEnough ends a walk after its first page.
var errEnough = errors.New("one page is enough")

// check reads the first page of b.
func check(ctx context.Context, b Board, src source.Source, s *session) error {
	asked := false
	fetch := func(ctx context.Context, r source.Request) (source.Response, error) {
		if asked {
			return source.Response{}, errEnough
		}
		asked = true
		a, err := s.do(ctx, exchange{url: r.URL, body: r.Body})
		return source.Response{Request: r, Body: a.body, Limit: s.cfg.MaxBodyBytes}, err
	}
	err := src.List(ctx, b, fetch, func(source.Page) error { return errEnough })
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}
