package crawl

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"jobcity/pipeline/posting"
)

// maxState is the largest state that is kept, in bytes of JSON: about 30,000
// postings. A larger board is published whole every time; the store drops what it
// already has.
const maxState = 700 << 10

// boardState is what is remembered of a board from one sweep to the next.
type boardState struct {
	Version  string               `json:"version"`            // of the program; another one asks for everything anew
	Running  bool                 `json:"running,omitempty"`  // a sweep began and has not ended: nothing here can be relied on
	Swept    time.Time            `json:"swept"`              // start of the last sweep
	Employer string               `json:"employer,omitempty"` // as the last sweep named it
	URLs     map[string]*urlState `json:"urls,omitempty"`
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

func readState(b []byte) (boardState, error) {
	var s boardState
	if len(b) == 0 {
		return s, nil
	}
	if err := json.Unmarshal(b, &s); err != nil {
		return boardState{}, fmt.Errorf("read board state: %w", err)
	}
	return s, nil
}

// encode drops the listings if they would make the state larger than room.
func (s boardState) encode(room int) ([]byte, error) {
	b, err := json.Marshal(s)
	if err == nil && len(b) > room {
		s.URLs = nil
		b, err = json.Marshal(s)
	}
	if err != nil {
		return nil, fmt.Errorf("write board state: %w", err)
	}
	return b, nil
}

// published is the content of every posting that was published, by id.
func (s boardState) published() map[string]contentMark {
	known := map[string]contentMark{}
	for _, u := range s.URLs {
		for id, m := range u.Listed.each() {
			known[id] = m
		}
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

func (m marks) each() func(yield func(string, contentMark) bool) {
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
