package crawl

import (
	"context"
	"errors"

	"jobcity/pipeline/crawl/source"
)

// errEnough ends a walk after its first request.
var errEnough = errors.New("one request is enough")

// mostTries is how many other addresses a source may try when its first fails.
const mostTries = 2

// prove makes the first request of a sweep of b, or where that fails and the
// source knows another way the next. A page that it yields is counted; whether the
// source would ask for another tells if there is more.
func prove(ctx context.Context, b Board, src source.Source, s *session) (Proof, error) {
	p := Proof{Postings: -1}
	answered, failed := false, 0
	var last error
	fetch := func(ctx context.Context, r source.Request) (source.Response, error) {
		if answered || failed > mostTries {
			p.More = answered
			return source.Response{}, errEnough
		}
		a, err := s.do(ctx, exchange{url: r.URL, body: r.Body})
		if answered = err == nil; !answered {
			failed, last = failed+1, err
		}
		return source.Response{Request: r, Body: a.body, Limit: s.cfg.MaxBodyBytes}, err
	}
	err := src.List(ctx, b, fetch, func(page source.Page) error {
		if p.Postings < 0 {
			p.Postings = len(page.Postings) + len(page.Bad)
			p.Employer = b.Employer
			if p.Employer == "" {
				p.Employer = mostNamed(page)
			}
		}
		return nil
	})
	if p.Postings == 0 && p.More {
		p.Postings = -1 // a list whose postings are read one by one
	}
	p.Doubtful = p.Postings == 0 && b.Source == "smartrecruiters" // an unknown company has an empty board there
	if err != nil && (errors.Is(err, errEnough) && answered || p.Postings >= 0) {
		return p, nil // what is wrong with later pages is the sweep's matter
	}
	if errors.Is(err, errEnough) {
		err = last
	}
	return p, err
}

// mostNamed is the employer that more than half of the postings name, "" if none is.
func mostNamed(page source.Page) string {
	count := map[string]int{}
	for _, p := range page.Postings {
		if count[p.Employer]++; 2*count[p.Employer] > len(page.Postings) {
			return p.Employer
		}
	}
	return ""
}
