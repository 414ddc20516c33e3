package source

import (
	"context"
	"fmt"
	"hash/fnv"
	"strconv"

	"jobcity/pipeline/posting"
)

// mostFailures is how many answers about single postings may fail in a row before
// the rest is not asked for.
const mostFailures = 5

// Detail is a posting that a list names and another answer tells about.
type Detail struct {
	NativeID string
	Request  Request
}

// Details asks about each posting and hands the answers to page. A posting whose
// answer cannot be had or read is Bad and listed all the same: the list has it.
// After several of those in a row Details gives up with an error, since it is not
// the postings then. read gets the answer's body.
func Details(ctx context.Context, all []Detail, fetch Fetch, page func(Page) error, read func(d Detail, body []byte) ([]posting.Posting, []Bad, error)) error {
	failures := 0
	for _, d := range all {
		resp, err := fetch(ctx, d.Request)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		p := Page{Response: resp}
		if err == nil && !resp.NotModified {
			p.Postings, p.Bad, err = read(d, resp.Body)
		}
		if err == nil {
			failures = 0
			if err := page(p); err != nil {
				return err
			}
			continue
		}
		reason := "the answer about this posting: " + err.Error()
		if NotFound(err) {
			reason = "listed, but there is nothing about it: " + d.Request.URL
		}
		missed := Bad{NativeID: d.NativeID, Reason: reason, Raw: resp.Body}
		if err := page(Page{Response: Response{Request: d.Request}, Bad: []Bad{missed}}); err != nil {
			return err
		}
		if failures++; failures == mostFailures {
			return fmt.Errorf("%d postings in a row cannot be read: %w", failures, err)
		}
	}
	return nil
}

// Version is a short hash of what a list says about a posting, for
// [Request.Version].
func Version(said ...string) string {
	h := fnv.New64a()
	for _, s := range said {
		fmt.Fprintf(h, "%d:%s", len(s), s)
	}
	return strconv.FormatUint(h.Sum64(), 36)
}
