// Package hn reads the monthly "Ask HN: Who is hiring?" threads of Hacker News by
// the Algolia API: a search lists the threads, one request answers with the whole
// tree of a thread. Only top-level comments are postings; replies are talk about
// them. Format: hn.algolia.com/api.
package hn

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/posting"
)

// Board is the only board of this source: the account that opens the threads.
const Board = "whoishiring"

const (
	defaultThreads = 2
	hitsPerPage    = 100
	maxPages       = 10 // Algolia gives out 1,000 hits at most
)

// Source is the Hacker News search API. Its option "threads" says how many of the
// newest monthly threads are read: a number (default 2) or "all".
func Source() source.Source {
	return source.Source{
		BaseURL: "https://hn.algolia.com",
		Start:   func(b source.Board) string { return searchURL(b, 0) },
		Home:    func(source.Board) string { return "https://news.ycombinator.com/submitted?id=whoishiring" },
		Options: []string{"threads"},
		Check:   check,
		List:    list,
	}
}

func check(b source.Board) error {
	if b.Board != Board {
		return fmt.Errorf("board: must be %s (got %q)", Board, b.Board)
	}
	_, err := threadsWanted(b)
	return err
}

// threadsWanted is the option "threads"; 0 means all.
func threadsWanted(b source.Board) (int, error) {
	switch v := b.Options["threads"]; v {
	case "":
		return defaultThreads, nil
	case "all":
		return 0, nil
	default:
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			return 0, fmt.Errorf(`threads: must be a number from 1 or "all" (got %q)`, v)
		}
		return n, nil
	}
}

func searchURL(b source.Board, page int) string {
	return fmt.Sprintf("%s/api/v1/search_by_date?tags=story,author_whoishiring&hitsPerPage=%d&page=%d", b.BaseURL, hitsPerPage, page)
}

func list(ctx context.Context, b source.Board, fetch source.Fetch, page func(source.Page) error) error {
	wanted, err := threadsWanted(b)
	if err != nil {
		return err
	}
	threads, err := findThreads(ctx, b, wanted, fetch, page)
	if err != nil && len(threads) == 0 {
		return err
	}
	missed := []error{err}
	for _, id := range threads {
		if err := listThread(ctx, b, id, fetch, page); err != nil {
			if ctx.Err() != nil {
				return err
			}
			missed = append(missed, fmt.Errorf("thread %s: %w", id, err))
		}
	}
	return errors.Join(missed...)
}

// findThreads pages through the search until it has the threads wanted, newest
// first. A page's memo is its threads and whether it is the last: "1,2,3 last".
func findThreads(ctx context.Context, b source.Board, wanted int, fetch source.Fetch, page func(source.Page) error) ([]string, error) {
	var threads []string
	seen := map[string]bool{}
	for n := 0; ; n++ {
		if n == maxPages {
			return threads, fmt.Errorf("the search gives out no more than %d threads", maxPages*hitsPerPage)
		}
		resp, err := fetch(ctx, source.Request{URL: searchURL(b, n)})
		if err != nil {
			return threads, err
		}
		memo := resp.Memo
		if !resp.NotModified {
			if memo, err = decodeSearch(resp.Body); err != nil {
				return threads, fmt.Errorf("hacker news search: %w", err)
			}
		}
		if err := page(source.Page{Response: resp, Memo: memo}); err != nil {
			return threads, err
		}
		found, last := strings.CutSuffix(memo, " last")
		for _, id := range strings.FieldsFunc(found, func(r rune) bool { return r == ',' || r == ' ' }) {
			if seen[id] {
				continue
			}
			seen[id] = true
			threads = append(threads, id)
			if len(threads) == wanted {
				return threads, nil
			}
		}
		if last {
			return threads, nil
		}
	}
}

// whoIsHiring leaves out "Who wants to be hired?" and "Freelancer? Seeking
// freelancer?", which the same account opens.
var whoIsHiring = regexp.MustCompile(`(?i)^\s*ask hn:\s*who('s| is) hiring\b`)

func decodeSearch(body []byte) (memo string, err error) {
	var answer struct {
		Hits *[]struct {
			ObjectID source.NativeID `json:"objectID"`
			Title    string          `json:"title"`
		} `json:"hits"`
		Page    int `json:"page"`
		NbPages int `json:"nbPages"`
	}
	if err := source.Object(body, &answer); err != nil {
		return "", err
	}
	if answer.Hits == nil {
		return "", errors.New(`the answer has no "hits"`)
	}
	var threads []string
	for _, h := range *answer.Hits {
		if whoIsHiring.MatchString(h.Title) && h.ObjectID != "" {
			threads = append(threads, string(h.ObjectID))
		}
	}
	memo = strings.Join(threads, ",")
	if answer.Page+1 >= answer.NbPages || len(*answer.Hits) == 0 {
		memo += " last"
	}
	return memo, nil
}

func listThread(ctx context.Context, b source.Board, id string, fetch source.Fetch, page func(source.Page) error) error {
	resp, err := fetch(ctx, source.Request{URL: b.BaseURL + "/api/v1/items/" + id})
	if err != nil {
		return err
	}
	if resp.NotModified {
		return page(source.Page{Response: resp})
	}
	postings, bad, err := Decode(resp.Body, b)
	if err != nil {
		return err
	}
	return page(source.Page{Response: resp, Postings: postings, Bad: bad})
}

// comment is one node of a thread.
type comment struct {
	ID        source.NativeID `json:"id"`
	CreatedAt string          `json:"created_at"`
	Text      string          `json:"text"` // HTML; null when deleted
}

// Decode reads a thread's whole tree. Deleted and empty comments are no postings.
func Decode(body []byte, b source.Board) ([]posting.Posting, []source.Bad, error) {
	postings := []posting.Posting{}
	var bad []source.Bad
	err := source.Items(body, "children", func(i int, raw []byte, c comment, err error) {
		if err == nil && c.ID == "" {
			err = errors.New("field id: missing")
		}
		switch {
		case err != nil:
			bad = append(bad, source.Bad{NativeID: string(c.ID), Index: i, Reason: err.Error(), Raw: raw})
		case !blank(c.Text):
			postings = append(postings, post(b, string(c.ID), c.Text, source.Day(c.CreatedAt)))
		}
	}, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("hacker news thread: %w", err)
	}
	return postings, bad, nil
}

// post makes a posting of a comment's HTML.
func post(b source.Board, id, text, day string) posting.Posting {
	h := readHead(text)
	p := posting.Posting{
		Source:         "hn",
		Board:          b.Board,
		NativeID:       id,
		Employer:       h.employer,
		Title:          h.title,
		Text:           text,
		URL:            "https://news.ycombinator.com/item?id=" + id,
		Locations:      h.places,
		Workplace:      h.workplace,
		EmploymentType: h.employment,
		PostedOn:       day,
	}
	if b.Employer != "" {
		p.Employer = b.Employer
	}
	return p
}

var (
	fontStart = regexp.MustCompile(`^<font[^>]*>`)
	itemID    = regexp.MustCompile(`\bid=(\d+)`)
)

// DecodeMonth reads one element of a month of collected posts (the files of
// gaganpreet/hn-hiring-mapped: full_html, url). They name no day, so the posting
// is dated the first of the month, given as "2014-05".
func DecodeMonth(raw []byte, month string) (posting.Posting, error) {
	var m struct {
		HTML string `json:"full_html"`
		URL  string `json:"url"`
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		return posting.Posting{}, fmt.Errorf("hacker news post: %w", err)
	}
	id := itemID.FindStringSubmatch(m.URL)
	switch {
	case id == nil:
		return posting.Posting{}, fmt.Errorf("hacker news post: field url: no item id in %q", m.URL)
	case blank(m.HTML):
		return posting.Posting{}, errors.New("hacker news post: field full_html: empty")
	}
	text := strings.TrimSuffix(fontStart.ReplaceAllString(strings.TrimSpace(m.HTML), ""), "</font>")
	return post(source.Board{Board: Board}, id[1], text, source.Day(month+"-01")), nil
}

// DecodeItem reads one item as Hacker News' own API gives it: id, time, text.
// Items that are not of a hiring thread (source "direct") belong to board "jobs".
func DecodeItem(raw []byte) (posting.Posting, error) {
	var it struct {
		ID     source.NativeID `json:"id"`
		Source string          `json:"source"`
		Time   int64           `json:"time"` // Unix seconds
		Text   string          `json:"text"`
	}
	if err := json.Unmarshal(raw, &it); err != nil {
		return posting.Posting{}, fmt.Errorf("hacker news item: %w", err)
	}
	switch {
	case it.ID == "":
		return posting.Posting{}, errors.New("hacker news item: field id: missing")
	case blank(it.Text):
		return posting.Posting{}, errors.New("hacker news item: field text: empty")
	}
	b := source.Board{Board: Board}
	if it.Source == "direct" {
		b.Board = "jobs"
	}
	day := ""
	if it.Time > 0 {
		day = source.DayOf(time.Unix(it.Time, 0).UTC())
	}
	return post(b, string(it.ID), it.Text, day), nil
}

// blank says that a comment was deleted, or holds nothing but tags.
func blank(text string) bool {
	if len(text) > 1000 {
		return false
	}
	seen := strings.TrimSpace(visible(text))
	return seen == "" || seen == "[deleted]" || seen == "[flagged]"
}
