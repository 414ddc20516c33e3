// Package workday reads Workday career sites by the JSON that their own pages
// load: a list in pages of 20, asked for by POST, and one answer a posting.
//
// None of it is documented. What is known comes from those who measured it
// (career-ops-hq/career-ops#3310 and #3975, colophon-group/jobseek#6375, articles of 2026
// on dev.to by Adderley Data and Daniel Meshulam) and was not checked against a
// live site: a page has at most 20 postings; only the first says how many there
// are; no query gives more than 2,000, it says 2,000 then, and begins anew after
// them; the counts of the facets are of all postings.
package workday

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/posting"
)

// service only marks that nothing stands in for the real hosts.
const service = "https://{board}.myworkdayjobs.com"

// Source is Workday's public career sites. A board is "tenant/site": what is
// "acme" and "External" in https://acme.wd5.myworkdayjobs.com/External. Which data
// centre it is at says the option "instance" ("wd5"), or the option "host" names
// the whole host, as for sites under myworkdaysite.com.
func Source() source.Source {
	return source.Source{
		BaseURL: service,
		Start:   func(b source.Board) string { return root(b) + "/jobs" },
		Home:    home,
		Options: []string{"instance", "host"},
		Check:   check,
		List:    list,
	}
}

var (
	boardName = regexp.MustCompile(`^[A-Za-z0-9_-]+/[A-Za-z0-9._~-]+$`)
	dataSite  = regexp.MustCompile(`^wd[0-9]{1,4}(-impl)?$`)
	hostName  = regexp.MustCompile(`(?i)^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$`)
)

func check(b source.Board) error {
	instance, host := b.Options["instance"], b.Options["host"]
	switch {
	case !boardName.MatchString(b.Board):
		return fmt.Errorf("board: must be tenant/site, like acme/External of https://acme.wd5.myworkdayjobs.com/External (got %q)", b.Board)
	case instance != "" && !dataSite.MatchString(instance):
		return fmt.Errorf("instance: must be the wd5 of acme.wd5.myworkdayjobs.com (got %q)", instance)
	case host != "" && !hostName.MatchString(host):
		return fmt.Errorf("host: must be the name of a host (got %q)", host)
	case instance == "" && host == "" && b.BaseURL == "":
		return errors.New("instance: missing; it is the wd5 of acme.wd5.myworkdayjobs.com")
	}
	return nil
}

// names are the tenant and the site of b.
func names(b source.Board) (tenant, site string) {
	tenant, site, _ = strings.Cut(b.Board, "/")
	return tenant, site
}

func host(b source.Board) string {
	if h := b.Options["host"]; h != "" {
		return h
	}
	tenant, _ := names(b)
	if b.Options["instance"] == "" {
		return tenant + ".myworkdayjobs.com"
	}
	return tenant + "." + b.Options["instance"] + ".myworkdayjobs.com"
}

// root is where the list and the postings of b are.
func root(b source.Board) string {
	tenant, site := names(b)
	base := strings.ReplaceAll(b.BaseURL, "{board}", tenant)
	if b.BaseURL == service {
		base = "https://" + host(b)
	}
	return base + "/wday/cxs/" + tenant + "/" + site
}

// home is the board's page for people, whatever stands in for the service. A host
// that several tenants share has them in the path.
func home(b source.Board) string {
	tenant, site := names(b)
	h := host(b)
	if strings.HasSuffix(strings.ToLower(h), ".myworkdaysite.com") {
		site = "recruiting/" + tenant + "/" + site
	}
	return "https://" + h + "/" + site
}

// list reads the whole list first, which is quick, so that it changes little
// meanwhile, and then asks for each posting that is new or looks changed.
func list(ctx context.Context, b source.Board, fetch source.Fetch, page func(source.Page) error) error {
	w := &walk{board: b, fetch: fetch, page: page, paths: map[string]string{}, known: map[string]bool{}}
	listErr := w.query(ctx, applied{}, 0)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case w.handover != nil:
		return w.handover
	case w.capped:
		listErr = errors.Join(fmt.Errorf("it lists no more than %d postings at a time; with others by facets %d were reached, and there may be more", resultCap, len(w.details)), listErr)
	}
	if listErr != nil {
		listErr = fmt.Errorf("workday board %s: %w", b.Board, listErr)
	}
	today := time.Now()
	err := source.Details(ctx, w.details, fetch, page, func(d source.Detail, body []byte) ([]posting.Posting, []source.Bad, error) {
		return decode(body, b, d.NativeID, w.paths[d.NativeID], today)
	})
	return errors.Join(listErr, err)
}
