package crawl

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"jobcity/pipeline/posting"
)

// The sizes of a board's state: maxPart is what one entry of it holds, maxState
// is all of it, in bytes of JSON: about 1,500,000 postings, or 100,000 pages of
// one posting each. A larger board is published whole every time; the store drops
// what it already has.
const (
	maxPart  = 700 << 10
	maxState = 32 << 20
)

// boardState is what is remembered of a board from one sweep to the next. What
// its requests answered can be large and is kept apart, in parts.
type boardState struct {
	Version  string               `json:"version"`            // of the program; another one asks for everything anew
	Running  bool                 `json:"running,omitempty"`  // a sweep began and has not ended: what was published cannot be relied on
	Swept    time.Time            `json:"swept"`              // start of the last sweep
	Employer string               `json:"employer,omitempty"` // as the last sweep named it
	Parts    int                  `json:"parts,omitempty"`    // of URLs
	URLs     map[string]*urlState `json:"-"`
}

// urlState is what one request answered last time.
type urlState struct {
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
	Memo         string `json:"memo,omitempty"`
	Version      string `json:"version,omitempty"` // hash of the request's version
	Asked        int64  `json:"asked,omitempty"`   // when it was last made, in Unix seconds; only with a version
	Listed       marks  `json:"listed,omitempty"`
}

// readHead reads the state of a board without its URLs. An unreadable one is an
// empty one with an error.
func readHead(b []byte) (boardState, error) {
	var s boardState
	if len(b) == 0 {
		return s, nil
	}
	if err := json.Unmarshal(b, &s); err != nil {
		return boardState{}, fmt.Errorf("read board state: %w", err)
	}
	return s, nil
}

// head reads the state of a board without its URLs.
func (c *Crawler) head(ctx context.Context, board string) (boardState, error) {
	raw, err := c.state.State(ctx, board)
	if err != nil {
		return boardState{}, fmt.Errorf("board %s: read state: %w", board, err)
	}
	s, err := readHead(raw)
	if err != nil {
		c.log.Warn("board state is unreadable; everything is published again", "board", board, "error", err)
	}
	return s, nil
}

// readURLs adds the URLs to s. Where they are unreadable there are none.
func (c *Crawler) readURLs(ctx context.Context, board string, s *boardState) error {
	var all []byte
	for n := range s.Parts {
		part, err := c.state.State(ctx, partKey(board, n))
		if err != nil {
			return fmt.Errorf("board %s: read state: %w", board, err)
		}
		all = append(all, part...)
	}
	if len(all) == 0 {
		return nil
	}
	if err := json.Unmarshal(all, &s.URLs); err != nil {
		s.URLs = nil
		c.log.Warn("board state is unreadable; everything is published again", "board", board, "error", err)
	}
	return nil
}

// partKey is where a part is kept; no board has a line break in its name.
func partKey(board string, n int) string { return fmt.Sprintf("%s\n%d", board, n) }

// putHead keeps s without its URLs.
func (c *Crawler) putHead(ctx context.Context, board string, s boardState) error {
	b, err := json.Marshal(s)
	if err == nil {
		err = c.state.PutState(ctx, board, b)
	}
	if err != nil {
		return fmt.Errorf("board %s: write state: %w", board, err)
	}
	return nil
}

// putState keeps all of s in place of a state of as many parts as before. It must
// be marked as running there: the head, which ends that, comes last.
func (c *Crawler) putState(ctx context.Context, board string, s boardState, before int) error {
	var all []byte
	if len(s.URLs) > 0 {
		var err error
		if all, err = json.Marshal(s.URLs); err != nil {
			return fmt.Errorf("board %s: write state: %w", board, err)
		}
	}
	if len(all) > c.stateRoom {
		c.log.Warn("board is too large for its state; it is published whole every time", "board", board, "bytes", len(all), "most", c.stateRoom)
		all = nil
	}
	s.Parts = 0
	for part := range slices.Chunk(all, maxPart) {
		if err := c.state.PutState(ctx, partKey(board, s.Parts), part); err != nil {
			return fmt.Errorf("board %s: write state: %w", board, err)
		}
		s.Parts++
	}
	for n := s.Parts; n < before; n++ {
		if err := c.state.PutState(ctx, partKey(board, n), nil); err != nil {
			return fmt.Errorf("board %s: write state: %w", board, err)
		}
	}
	return c.putHead(ctx, board, s)
}

// published is the content of every posting that was published, by id.
func (s boardState) published() map[string]contentMark {
	known := map[string]contentMark{}
	for _, u := range s.URLs {
		maps.Insert(known, u.Listed.each())
	}
	return known
}

// contentMark is the first 48 bits of a posting's content hash: enough to tell a
// change, with a chance of 4 in 10^15 to miss one. Zero: not published.
type contentMark [6]byte

func markOf(contentHash string) contentMark {
	var m contentMark
	full, err := packID(contentHash)
	if err == nil {
		copy(m[:], full[:])
	}
	return m
}

// marks is a listing, packed: ten bytes of posting id and six of content for each
// posting, so that large boards fit into the state. In JSON it is base64.
type marks []byte

const markSize = 16

func (m *marks) add(id string, c contentMark) {
	packed, err := packID(id)
	if err != nil {
		return // not an id of ours
	}
	*m = append(append(*m, packed[:]...), c[:]...)
}

func (m marks) each() iter.Seq2[string, contentMark] {
	return func(yield func(string, contentMark) bool) {
		for i := 0; i+markSize <= len(m); i += markSize {
			if !yield(unpackID(m[i:i+10]), contentMark(m[i+10:i+markSize])) {
				return
			}
		}
	}
}

// Posting ids and content hashes are 16 letters of base32; see [posting.ID].
const idLetters = "abcdefghijklmnopqrstuvwxyz234567"

func packID(id string) ([10]byte, error) {
	var out [10]byte
	if len(id) != 16 {
		return out, fmt.Errorf("%w: id %q", posting.ErrInvalid, id)
	}
	for half := range 2 {
		var bits uint64
		for _, c := range []byte(id[half*8 : half*8+8]) {
			v := strings.IndexByte(idLetters, c)
			if v < 0 {
				return out, fmt.Errorf("%w: id %q", posting.ErrInvalid, id)
			}
			bits = bits<<5 | uint64(v)
		}
		for i := range 5 {
			out[half*5+i] = byte(bits >> (32 - 8*i))
		}
	}
	return out, nil
}

func unpackID(b []byte) string {
	out := make([]byte, 0, 16)
	for half := range 2 {
		var bits uint64
		for _, c := range b[half*5 : half*5+5] {
			bits = bits<<8 | uint64(c)
		}
		for i := range 8 {
			out = append(out, idLetters[bits>>(35-5*i)&31])
		}
	}
	return string(out)
}
