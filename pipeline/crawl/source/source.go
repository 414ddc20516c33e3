// Package source is the shape that every board format under crawl shares: what a
// board is, how a format asks for bytes, and what it hands back. A format is a
// pure decoder and a [List] function that walks a board's pages; it opens no
// connection itself, so that politeness, robots.txt, limits and conditional
// requests are the same for all of them.
package source

import (
	"context"
	"errors"
	"net/http"
	"time"

	"jobcity/pipeline/posting"
)

// Board is one employer's or site's list of postings.
type Board struct {
	Source   string            // the kind of board: "ashby", "greenhouse", "hn" …
	Board    string            // its name at the source
	Employer string            // overrides what the source says; "" leaves it to the source
	BaseURL  string            // root of the service, without a slash at the end; the crawler fills it in from its configuration if empty; see Root
	Interval time.Duration     // time from one sweep to the next; 0 is the crawler's own
	Options  map[string]string // what only this source understands
}

// ID is the id of the board everywhere: "source/board".
func (b Board) ID() string { return posting.BoardID(b.Source, b.Board) }

// Source is one board format. Adding one is a folder under crawl and a line in
// crawl's list of sources.
type Source struct {
	BaseURL string               // of the real service; holds {board} if each board has a host of its own
	Start   func(b Board) string // URL of the first request of a sweep: its host decides the queue the board waits in
	Home    func(b Board) string // page for people, "" if there is none
	Options []string             // names of the options a board may carry
	Check   func(b Board) error  // says what is wrong with name and options; nil if anything goes
	List    List
}

// List walks a board once. It asks through fetch and hands every response it has
// read to page, including one that was not modified. It returns nil when it has
// seen the whole board, and an error when it has not: then the sweep is partial
// if any page was handed over, and failed if none was. An error of page must be
// returned as it is. Pages are handed over one at a time, so that only one needs
// to be held in memory.
type List func(ctx context.Context, b Board, fetch Fetch, page func(Page) error) error

// OneAnswer is the [List] of a board that answers one request, at start, with all
// of its postings.
func OneAnswer(start func(Board) string, decode func(body []byte, b Board) ([]posting.Posting, []Bad, error)) List {
	return func(ctx context.Context, b Board, fetch Fetch, page func(Page) error) error {
		resp, err := fetch(ctx, Request{URL: start(b)})
		if err != nil {
			return err
		}
		if resp.NotModified {
			return page(Page{Response: resp})
		}
		postings, bad, err := decode(resp.Body, b)
		if err != nil {
			return err
		}
		return page(Page{Response: resp, Postings: postings, Bad: bad})
	}
}

// ErrNewest is what a [List] returns when it has read all that the board shows and
// the board shows only its newest postings, as feeds do. The sweep is partial, with
// this as its reason: a posting that is not listed any more may still be open.
var ErrNewest = errors.New("the board shows only its newest postings; those it lists no more may still be open")

// Fetch makes one polite request, with retries, and answers 200 or, when nothing
// has changed since the last sweep, NotModified. Everything else is an error.
type Fetch func(ctx context.Context, r Request) (Response, error)

// Request is what a format asks for. A request with a body is a POST of JSON.
//
// Version is for sources that list postings in one answer and tell about each in
// another: what the list says about the posting, or when it changed. As long as it
// is the same as at the last sweep the request is spared, and the answer is
// NotModified. Since a list does not always show a change, some of the requests
// spared are made all the same, those not made for longest first. "" spares none.
type Request struct {
	URL     string
	Body    []byte
	Version string
	HTML    bool // a web page is asked for, not JSON
	Whole   bool // the answer is needed as a whole: it is never NotModified
}

// Response is an answer to a [Request].
type Response struct {
	Request     Request
	Body        []byte      // decoded; empty if NotModified
	NotModified bool        // as at the last sweep: its postings are still listed
	Memo        string      // what the Page of the last sweep noted, if NotModified
	Header      http.Header // nil if NotModified
	Limit       int64       // largest answer that is read, in bytes; also of what a packed file in Body unpacks to
}

// Page is what one response held. Of a response that was not modified only
// Response and Memo are set: the crawler knows what it listed.
//
// The Request of a fetch that failed may be handed over as well, with nothing but
// what is Bad: where another answer says that the posting is there, it stays
// listed as the last sweep knew it. With Gone there is nothing at that address any
// more, or it asks not to be found: the postings that the last sweep found there
// are closed at once, whether or not the sweep sees the rest of the board, unless
// another page lists them.
type Page struct {
	Response Response
	Postings []posting.Posting
	Bad      []Bad
	Gone     bool   // there is nothing any more, or it is not to be found
	Memo     string // kept with the board's state and given back if the response is not modified next time: what a later request depends on
}

// Bad is an item of a board that could not be read.
type Bad struct {
	NativeID string // "" if it cannot be told: then the item cannot be listed, and the sweep is partial
	Index    int    // place in the response, from 0
	Reason   string
	Raw      []byte
}
