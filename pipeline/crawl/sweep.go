package crawl

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/posting"
)

// maxListed is how many postings one sweep message lists: about 760 KiB of ids.
const maxListed = 40_000

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
	published int
	rejected  int
	fresh     bool    // something was read anew
	whole     bool    // all that the board shows was seen
	oldest    []int64 // when the requests to be made again were last made; nil before it is known
	rechecked int     // of them made again
	nameless  int     // items that could not be listed
	employer  string  // the one employer of all postings, "" if there are several
	employers int
}

// sweep crawls b once, publishes what is new and then the sweep itself, and keeps
// the board's state when all of that is acknowledged. Nothing is kept when ctx
// ends in between, or the bus does not take the messages: then the next sweep
// publishes the same again. The error is never the board's fault: that is in the
// sweep's verdict.
func (c *Crawler) sweep(ctx context.Context, b Board, sl *slot) (posting.Sweep, error) {
	key := b.ID()
	raw, err := c.state.State(ctx, key)
	if err != nil {
		return posting.Sweep{}, fmt.Errorf("board %s: read state: %w", key, err)
	}
	old, err := readState(raw)
	if err != nil {
		c.log.Warn("board state is unreadable; everything is published again", "board", key, "error", err)
	}
	s := &sweeping{
		Crawler: c, board: b, src: sources()[b.Source], session: c.fetcher.open(ctx, b.Source, sl), log: c.log.With("board", key),
		old: old, trusted: !old.Running && old.Version == c.cfg.Version, known: map[string]contentMark{},
		urls: map[string]*urlState{}, listed: map[string]bool{},
	}
	if !old.Running {
		s.known = old.published()
	}
	if err := c.markRunning(ctx, key, old); err != nil {
		return posting.Sweep{}, err
	}
	result, err := s.run(ctx)
	if err != nil {
		if ctx.Err() != nil {
			c.unmark(ctx, key, old, raw)
		}
		return posting.Sweep{}, fmt.Errorf("board %s: %w", key, err)
	}
	return result, nil
}

func (c *Crawler) markRunning(ctx context.Context, key string, old boardState) error {
	old.Running = true
	b, err := old.encode(c.stateRoom)
	if err != nil {
		return err
	}
	if err := c.state.PutState(ctx, key, b); err != nil {
		return fmt.Errorf("board %s: write state: %w", key, err)
	}
	return nil
}

// unmark puts the state back after a clean stop in the middle of a sweep.
func (c *Crawler) unmark(ctx context.Context, key string, old boardState, raw []byte) {
	if old.Running {
		return // an earlier sweep did not end either
	}
	if raw == nil {
		raw = []byte("{}")
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := c.state.PutState(ctx, key, raw); err != nil {
		c.log.Warn("board state not put back; the board is published again in full", "board", key, "error", err)
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
	for _, part := range splitSweep(result) {
		if err := s.deliver(ctx, "sweep", func() error { return s.publisher.PublishSweep(ctx, part) }); err != nil {
			return result, err
		}
	}
	return result, s.keep(ctx, result)
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
	x := exchange{url: r.URL, body: r.Body}
	before := s.old.URLs[requestKey(r)]
	version := versionMark(r.Version)
	if before != nil && s.trusted {
		if version != "" && version == before.Version && s.spared(before) {
			s.urls[requestKey(r)] = before
			return source.Response{Request: r, NotModified: true, Memo: before.Memo}, nil
		}
		x.etag, x.lastModified = before.ETag, before.LastModified
	}
	a, err := s.session.do(ctx, x)
	if err != nil {
		return source.Response{}, err
	}
	resp := source.Response{Request: r, Body: a.body, NotModified: a.status == 304, Limit: s.cfg.MaxBodyBytes}
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

// requestKey is the URL, and for a POST the hash of its body.
func requestKey(r source.Request) string {
	if len(r.Body) == 0 {
		return r.URL
	}
	h := fnv.New64a()
	h.Write(r.Body)
	return fmt.Sprintf("%s %016x", r.URL, h.Sum64())
}

// page takes what one response held: lists it, and publishes what is new.
func (s *sweeping) page(ctx context.Context, p source.Page) error {
	key := requestKey(p.Response.Request)
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
	u.Memo = p.Memo
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
		if !s.trusted {
			for _, u := range next.URLs {
				u.ETag, u.LastModified = "", ""
			}
		}
	}
	b, err := next.encode(s.stateRoom)
	if err != nil {
		return err
	}
	if err := s.state.PutState(ctx, s.board.ID(), b); err != nil {
		return fmt.Errorf("write state: %w", err)
	}
	return nil
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

// splitSweep cuts a sweep that would not fit into one message into partial ones:
// such a board's postings are never closed by absence.
func splitSweep(s posting.Sweep) []posting.Sweep {
	if len(s.Listed) <= maxListed {
		return []posting.Sweep{s}
	}
	var parts []posting.Sweep
	for listed := range slices.Chunk(s.Listed, maxListed) {
		part := s
		part.Listed, part.Verdict, part.NotModified = listed, posting.Partial, false
		if part.Reason == "" {
			part.Reason = fmt.Sprintf("the board lists %d postings, more than the %d that one sweep can hold", len(s.Listed), maxListed)
		}
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
