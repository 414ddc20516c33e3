package smartrecruiters

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"jobcity/pipeline/crawl/source"
)

const (
	pageSize = 100    // the most that the API gives
	maxItems = 50_000 // a board that lists more is not believed
)

// listPage is what is kept of one page.
type listPage struct {
	Total   int      `json:"total"`   // postings of the board, as it says; 0 if it does not
	Entries []string `json:"entries"` // "version id"
}

func pageURL(b source.Board, offset int) string {
	return fmt.Sprintf("%s/v1/companies/%s/postings?limit=%d&offset=%d", b.BaseURL, url.PathEscape(b.Board), pageSize, offset)
}

// readList walks the pages. It returns what it has seen also with an error, which
// says why that is not all: a page that fails or comes again, or a number of
// postings other than the board states, as when one was taken down meanwhile and
// those behind it moved up to a page already read.
func readList(ctx context.Context, b source.Board, fetch source.Fetch, page func(source.Page) error) ([]source.Detail, error) {
	var all []source.Detail
	seen := map[string]bool{}
	total, given := 0, 0
	odd := 0 // items that are counted and are no further posting: nameless, or twice on a page
	for given < maxItems {
		resp, err := fetch(ctx, source.Request{URL: pageURL(b, given)})
		if err != nil {
			return all, err
		}
		p, bad, err := readPage(resp, b)
		if err != nil {
			return all, err
		}
		memo, err := json.Marshal(p)
		if err != nil {
			return all, err
		}
		if err := page(source.Page{Response: resp, Bad: bad, Memo: string(memo)}); err != nil {
			return nil, err
		}
		total = max(total, p.Total)
		before := len(all)
		here := map[string]bool{}
		for _, line := range p.Entries {
			version, id, _ := strings.Cut(line, " ")
			if !seen[id] {
				seen[id] = true
				at := b.BaseURL + "/v1/companies/" + url.PathEscape(b.Board) + "/postings/" + url.PathEscape(id)
				all = append(all, source.Detail{NativeID: id, Request: source.Request{URL: at, Version: version}})
			}
			here[id] = true
		}
		n := len(p.Entries) + len(bad)
		given += n
		odd += n - len(here)
		switch {
		case len(p.Entries) > 0 && len(all) == before:
			return all, fmt.Errorf("smartrecruiters board %s: the same page again after %d postings", b.Board, given-n)
		case n > 0 && given < total, n == pageSize && p.Total == 0:
			continue
		case len(all)+odd < total:
			return all, fmt.Errorf("smartrecruiters board %s: it says it has %d postings and gave %d", b.Board, total, len(all))
		}
		return all, nil
	}
	return all, fmt.Errorf("smartrecruiters board %s: more than %d postings; the rest is not read", b.Board, maxItems)
}

func readPage(resp source.Response, b source.Board) (p listPage, bad []source.Bad, err error) {
	if resp.NotModified {
		err = json.Unmarshal([]byte(resp.Memo), &p)
		if err != nil {
			err = fmt.Errorf("smartrecruiters board %s: what the last sweep noted of a page is damaged: %w", b.Board, err)
		}
		return p, nil, err
	}
	err = source.Items(resp.Body, "content", func(i int, raw []byte, e entry, err error) {
		if err == nil && e.ID == "" {
			err = errors.New("field id: missing")
		}
		if e.ID == "" {
			bad = append(bad, source.Bad{Index: i, Reason: err.Error(), Raw: raw})
			return
		}
		p.Entries = append(p.Entries, source.Version(string(raw))+" "+string(e.ID))
	}, func(key string, raw json.RawMessage) {
		var total source.Amount
		if key == "totalFound" && json.Unmarshal(raw, &total) == nil && total > 0 && total < maxItems*2 {
			p.Total = int(total)
		}
	})
	if err != nil {
		return p, nil, fmt.Errorf("smartrecruiters board %s: %w", b.Board, err)
	}
	return p, bad, nil
}
