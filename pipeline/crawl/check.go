package crawl

import (
	"context"
	"errors"

	"jobcity/pipeline/crawl/source"
)

// errEnough ends a walk that has shown enough.
var errEnough = errors.New("enough was asked")

const (
	mostTries     = 2 // other addresses that a source may try when its first fails
	mostSiteSteps = 6 // requests from a site's robots.txt by way of its sitemaps to its first postings
)

// prove makes the first request of a sweep of b, or where that fails and the
// source knows another way the next. A page that it yields is counted; whether the
// source would ask for another tells if there is more. A site is asked on until a
// page has a posting.
func prove(ctx context.Context, b Board, src source.Source, s *session) (Proof, error) {
	p := Proof{Postings: -1}
	answers, failed, most := 0, 0, 1
	if b.Source == "jsonld" {
		most = mostSiteSteps
	}
	var last error
	fetch := func(ctx context.Context, r source.Request) (source.Response, error) {
		if p.Postings > 0 || answers == most || failed > mostTries {
			p.More = answers > 0
			return source.Response{}, errEnough
		}
		a, err := s.do(ctx, exchange{url: r.URL, body: r.Body, page: r.HTML})
		if err != nil {
			failed, last = failed+1, err
			return source.Response{}, err
		}
		answers++
		return source.Response{Request: r, Body: a.body, Header: a.header, Limit: s.cfg.MaxBodyBytes}, nil
	}
	err := src.List(ctx, b, fetch, func(page source.Page) error {
		if n := len(page.Postings) + len(page.Bad); p.Postings < n {
			p.Postings = n
			p.Employer = b.Employer
			if p.Employer == "" {
				p.Employer = mostNamed(page)
			}
		}
		return nil
	})
	p.settle(b)
	if err != nil && (errors.Is(err, errEnough) && answers > 0 || p.Postings >= 0) {
		return p, nil // what is wrong with later pages is the sweep's matter
	}
	if errors.Is(err, errEnough) {
		err = last
	}
	return p, err
}

// settle says what no posting means at the source of b.
func (p *Proof) settle(b Board) {
	switch {
	case p.Postings > 0:
	case b.Source == "jsonld":
		p.Doubt = "no posting on the first pages that the site lists"
	case p.Postings == 0 && p.More:
		p.Postings = -1 // a list whose postings are read one by one
	case p.Postings == 0 && b.Source == "smartrecruiters":
		p.Doubt = "no posting, as SmartRecruiters says of every company that it does not know"
	}
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
