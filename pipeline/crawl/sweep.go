package crawl

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/posting"
)

// What one sweep message holds: 760 KiB of ids, and 230 KiB of closings.
const (
	maxListed = 40_000
	maxClosed = 3_000
)

// sweeping is one sweep of one board.
type sweeping struct {
	*Crawler
	board   Board
	src     source.Source
	session *session
	log     *slog.Logger

	old       boardState
	trusted   bool // old can be relied on: ask conditionally
	known     map[string]contentMark
	urls      map[string]*urlState
	listed    map[string]bool
	gone      map[string][]string // postings last found by requests that found nothing now
	published int
	rejected  int
	fresh     bool            // something was read anew
	whole     bool            // all that the board shows was seen
	due       map[string]bool // requests to be made though they promise nothing new; nil before they are known
	nameless  int             // items that could not be listed
	employer  string          // the one employer of all postings, "" if there are several
	employers int
}

// sweep crawls b once, publishes what is new and then the sweep itself, and keeps
// the board's state when all of that is acknowledged. Nothing is kept when ctx
// ends in between, or the bus does not take the messages: then the next sweep
// publishes the same again. held ends with ctx or with the lease on the board, and
// old is the state's head. The error is never the board's fault: that is in the
// sweep's verdict.
func (c *Crawler) sweep(ctx, held context.Context, b Board, old boardState, sl *slot) (posting.Sweep, error) {
	key := b.ID()
	if err := c.readURLs(held, key, &old); err != nil {
		return posting.Sweep{}, err
	}
	s := &sweeping{
		Crawler: c, board: b, src: sources()[b.Source], session: c.fetcher.open(held, b.Source, sl), log: c.log.With("board", key),
		old: old, trusted: !old.Running && old.Version == c.cfg.Version, known: map[string]contentMark{},
		urls: map[string]*urlState{}, listed: map[string]bool{}, gone: map[string][]string{},
	}
	if !old.Running {
		s.known = old.published()
	}
	mark := old
	mark.Running = true
	if err := c.putHead(held, key, mark); err != nil {
		return posting.Sweep{}, err
	}
	result, err := s.run(held)
	if err == nil {
		err = s.keep(held, result)
	} else if ctx.Err() != nil && !old.Running {
		s.unmark(ctx) // a clean stop in the middle
	}
	if err != nil {
		return posting.Sweep{}, fmt.Errorf("board %s: %w", key, err)
	}
	return result, nil
}

// unmark puts the state back as it was before the sweep.
func (s *sweeping) unmark(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := s.putHead(ctx, s.board.ID(), s.old); err != nil {
		s.log.Warn("board state not put back; the board is published again in full", "error", err)
	}
}

func (s *sweeping) run(ctx context.Context) (posting.Sweep, error) {
	result := posting.Sweep{
		Source: s.board.Source, Board: s.board.Board, URL: s.src.Home(s.board), StartedAt: s.now().UTC().Truncate(time.Millisecond),
	}
	listErr := s.list(ctx)
	if ctx.Err() != nil {
		return result, ctx.Err()
	}
	var undelivered *deliveryError
	if errors.As(listErr, &undelivered) {
		return result, undelivered
	}
	result.FinishedAt = s.now().UTC().Truncate(time.Millisecond)
	result.Employer = s.employerName()
	result.Verdict, result.Reason = s.verdict(listErr)
	s.whole = result.Verdict == posting.Complete || errors.Is(listErr, source.ErrNewest)
	result.NotModified = s.whole && !s.fresh && len(s.urls) > 0
	result.Listed = make([]string, 0, len(s.listed))
	for id := range s.listed {
		result.Listed = append(result.Listed, id)
	}
	slices.Sort(result.Listed)
	result.Published, result.Rejected, result.Requests = s.published, s.rejected, s.session.requests
	if len(result.Listed) > maxListed && result.Verdict == posting.Complete {
		result.Closed = s.vanished(result.StartedAt)
	} else {
		result.Closed = s.closed(result.StartedAt)
	}
	for _, part := range splitSweep(result) {
		if err := s.deliver(ctx, "sweep", func() error { return s.publisher.PublishSweep(ctx, part) }); err != nil {
			return result, err
		}
	}
	return result, nil
}

// list runs the format over the board. A panic there is one board's failure.
func (s *sweeping) list(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("format panicked", "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("the %s format cannot read this board: %v", s.board.Source, p)
		}
	}()
	return s.src.List(ctx, s.board, s.fetch, func(p source.Page) error { return s.page(ctx, p) })
}

func (s *sweeping) fetch(ctx context.Context, r source.Request) (source.Response, error) {
	x := exchange{url: r.URL, body: r.Body, page: r.HTML}
	before := s.old.URLs[requestKey(r)]
	version := versionMark(r.Version)
	if before != nil && s.trusted && !r.Whole {
		if version != "" && version == before.Version && s.spared(requestKey(r)) {
			s.urls[requestKey(r)] = before
			return source.Response{Request: r, NotModified: true, Memo: before.Memo}, nil
		}
		x.etag, x.lastModified = before.ETag, before.LastModified
	}
	a, err := s.session.do(ctx, x)
	if err != nil {
		return source.Response{}, err
	}
	resp := source.Response{Request: r, Body: a.body, NotModified: a.status == 304, Header: a.header, Limit: s.cfg.MaxBodyBytes}
	asked := int64(0)
	if version != "" {
		asked = s.now().Unix()
	}
	if resp.NotModified {
		resp.Memo = before.Memo
		before.Version, before.Asked = version, asked
		s.urls[requestKey(r)] = before
		return resp, nil
	}
	s.urls[requestKey(r)] = &urlState{ETag: a.etag, LastModified: a.lastModified, Version: version, Asked: asked}
	return resp, nil
}

// requestKey is the URL, and for a POST the hash of its body. Where there may be a
// request for each posting it is a hash of both, which takes less room in the state.
func requestKey(r source.Request) string {
	h := fnv.New64a()
	switch {
	case r.Version != "":
		h.Write([]byte(r.URL + "\n"))
		h.Write(r.Body)
		return "#" + strconv.FormatUint(h.Sum64(), 36)
	case len(r.Body) > 0:
		h.Write(r.Body)
		return fmt.Sprintf("%s %016x", r.URL, h.Sum64())
	}
	return r.URL
}

// page takes what one response held: lists it, and publishes what is new.
func (s *sweeping) page(ctx context.Context, p source.Page) error {
	key := requestKey(p.Response.Request)
	if p.Gone {
		s.takeGone(key)
		return nil
	}
	if !p.Response.NotModified && len(p.Response.Body) == 0 {
		s.urls[key] = s.unread(key)
		p.Memo = s.urls[key].Memo
	}
	u := s.urls[key]
	if u == nil {
		return fmt.Errorf("page of a request that was not made: %s", p.Response.Request.URL)
	}
	if p.Response.NotModified {
		for id := range u.Listed.each() {
			s.listed[id] = true
		}
		return nil
	}
	s.fresh = true
	if u.ETag != "" || u.LastModified != "" || u.Version != "" { // or it cannot come unchanged
		u.Memo = p.Memo
	}
	seen := s.now().UTC().Truncate(time.Millisecond)
	var news []posting.Posting
	for i := range p.Postings {
		one := p.Postings[i]
		one.SeenAt = seen
		if err := one.Prepare(); err != nil {
			p.Bad = append(p.Bad, source.Bad{NativeID: one.NativeID, Index: i, Reason: err.Error(), Raw: []byte(one.Title + "\n" + one.URL)})
			continue
		}
		if s.listed[one.ID] {
			continue // the board has it twice
		}
		s.listed[one.ID] = true
		s.countEmployer(one.Employer)
		mark := markOf(one.ContentHash)
		u.Listed.add(one.ID, mark)
		if s.known[one.ID] != mark {
			news = append(news, one)
		}
	}
	for _, b := range p.Bad {
		if err := s.reject(ctx, u, b); err != nil {
			return err
		}
	}
	if s.nameless > 0 {
		u.ETag, u.LastModified = "", "" // or the next sweep would be complete without them
	}
	return s.publish(ctx, u, news)
}

// publish sends news. A posting the bus calls invalid goes to the dead letters.
func (s *sweeping) publish(ctx context.Context, u *urlState, news []posting.Posting) error {
	if len(news) == 0 {
		return nil
	}
	err := s.deliver(ctx, "postings", func() error { return s.publisher.PublishPostings(ctx, news) })
	switch {
	case err == nil:
		s.published += len(news)
		s.metrics.postings.WithLabelValues(s.board.Source).Add(float64(len(news)))
		return nil
	case !errors.Is(err, posting.ErrInvalid):
		return err
	case len(news) == 1:
		return s.reject(ctx, u, source.Bad{NativeID: news[0].NativeID, Reason: err.Error(), Raw: []byte(news[0].Title + "\n" + news[0].URL)})
	}
	half := len(news) / 2
	if err := s.publish(ctx, u, news[:half]); err != nil {
		return err
	}
	return s.publish(ctx, u, news[half:])
}

// reject sends an item to the dead letters. It is still listed if its id is known.
func (s *sweeping) reject(ctx context.Context, u *urlState, b source.Bad) error {
	where := fmt.Sprintf("%s #%d", s.board.ID(), b.Index)
	if b.NativeID != "" {
		where = s.board.ID() + " " + b.NativeID
		if id := posting.ID(s.board.Source, s.board.Board, b.NativeID); !s.listed[id] {
			s.listed[id] = true
			u.Listed.add(id, contentMark{})
		}
	} else {
		s.nameless++
	}
	s.rejected++
	s.metrics.rejected.WithLabelValues(s.board.Source).Inc()
	dead := deadLetter("posting", b.Reason, where, s.now(), b.Raw)
	return s.deliver(ctx, "dead letter", func() error { return s.publisher.PublishDead(ctx, dead) })
}

func (s *sweeping) verdict(listErr error) (posting.Verdict, string) {
	switch {
	case errors.Is(listErr, source.ErrNewest):
		return posting.Partial, oneLine(listErr)
	case listErr != nil && len(s.listed) == 0:
		return posting.Failed, oneLine(listErr)
	case listErr != nil:
		return posting.Partial, oneLine(listErr)
	case s.nameless > 0:
		return posting.Partial, fmt.Sprintf("%d of the board's items could not be read and show no id", s.nameless)
	}
	return posting.Complete, ""
}

// keep saves the state for the next sweep. Requests that were not made this time
// keep what they last answered unless the sweep saw all that the board shows.
func (s *sweeping) keep(ctx context.Context, result posting.Sweep) error {
	next := boardState{Version: s.cfg.Version, Swept: result.StartedAt, Employer: result.Employer, URLs: s.urls}
	if !s.whole {
		next.URLs = s.old.URLs
		if next.URLs == nil || s.old.Running {
			next.URLs = map[string]*urlState{}
		}
		for key, u := range s.urls {
			if len(u.Listed) > 0 || u.Memo != "" {
				next.URLs[key] = u
			}
		}
		for key := range s.gone {
			delete(next.URLs, key)
		}
		if !s.trusted {
			for _, u := range next.URLs {
				u.ETag, u.LastModified, u.Version = "", "", ""
			}
		}
	}
	return s.putState(ctx, s.board.ID(), next, s.old.Parts)
}

func (s *sweeping) countEmployer(name string) {
	if s.employers == 0 || name != s.employer {
		s.employers++
		s.employer = name
	}
}

// employerName is the board's employer, if it has only one.
func (s *sweeping) employerName() string {
	switch {
	case s.board.Employer != "":
		return s.board.Employer
	case s.employers == 1:
		return s.employer
	case s.employers == 0:
		return s.old.Employer
	}
	return ""
}

// splitSweep cuts a sweep that would not fit into one message into partial ones,
// which close nothing by absence: what has vanished they name.
func splitSweep(s posting.Sweep) []posting.Sweep {
	if len(s.Listed) <= maxListed && len(s.Closed) <= maxClosed {
		return []posting.Sweep{s}
	}
	reason := s.Reason
	if reason == "" {
		reason = fmt.Sprintf("the board lists %d postings, more than the %d that one message holds", len(s.Listed), maxListed)
	}
	var parts []posting.Sweep
	for listed, gone := s.Listed, s.Closed; len(listed) > 0 || len(gone) > 0; {
		part := s
		part.Verdict, part.Reason, part.NotModified = posting.Partial, reason, false
		part.Listed, listed = listed[:min(maxListed, len(listed))], listed[min(maxListed, len(listed)):]
		part.Closed, gone = gone[:min(maxClosed, len(gone))], gone[min(maxClosed, len(gone)):]
		part.FinishedAt = s.FinishedAt.Add(time.Duration(len(parts)) * time.Millisecond) // sweeps are told apart by their times
		if len(parts) > 0 {
			part.Published, part.Rejected, part.Requests = 0, 0, 0
		}
		parts = append(parts, part)
	}
	return parts
}

// oneLine is an error's text on one line, cut to a readable length.
func oneLine(err error) string {
	s := strings.Join(strings.Fields(strings.ReplaceAll(err.Error(), "\n", "; ")), " ")
	if len(s) > 500 {
		s = strings.ToValidUTF8(s[:500], "") + " …"
	}
	return s
}
