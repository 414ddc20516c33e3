// Package posting says what a posting and a sweep are: their fields, their
// stable ids and the JSON they travel in. Everything that enters jobcity, from a
// board or from a file, passes [Posting.Prepare] once, at the edge: after it the
// text is valid UTF-8 in NFC form, bounded in size and free of people's e-mail
// addresses and phone numbers, and the id and the content hash are set.
package posting

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// SchemaVersion is the version of the wire form. [Decode] refuses a posting and
// [DecodeSweep] a sweep of any other version.
const SchemaVersion = 1

// ErrInvalid marks a posting or sweep that cannot be used and will not become
// usable by trying again. It belongs into the dead letters, with its reason.
var ErrInvalid = errors.New("invalid")

// Posting is one role as one board offered it at one time.
//
// Fields that the source did not state are empty. Dates are ISO 8601 calendar
// days ("2026-01-31").
type Posting struct {
	Schema      int    `json:"schema"`
	ID          string `json:"posting_id"`   // set by Prepare: hash of source, board and native id
	ContentHash string `json:"content_hash"` // set by Prepare: hash of all that is below, without SeenAt

	Source   string `json:"source"`    // the kind of board: "ashby", "greenhouse", "hn", "file" …
	Board    string `json:"board"`     // the board's name at its source
	NativeID string `json:"native_id"` // the id at the source

	Employer       string   `json:"employer,omitempty"`
	Title          string   `json:"title,omitempty"`
	Text           string   `json:"text,omitempty"`       // HTML or plain, as the source gave it
	Truncated      bool     `json:"truncated,omitempty"`  // set by Prepare: text was longer than MaxText
	URL            string   `json:"url,omitempty"`        // the page for people
	Locations      []string `json:"locations,omitempty"`  // as stated, one string a place
	Department     string   `json:"department,omitempty"` // as stated
	Team           string   `json:"team,omitempty"`       // as stated
	PostedOn       string   `json:"posted_on,omitempty"`  // as the source states it; never the day of the crawl
	ClosedOn       string   `json:"closed_on,omitempty"`  // as the source states it (validThrough, closed)
	EmploymentType string   `json:"employment_type,omitempty"`
	Workplace      string   `json:"workplace,omitempty"` // "remote", "hybrid", "onsite" or empty
	Salary         *Salary  `json:"salary,omitempty"`    // structured pay that the source states beside the text
	Language       string   `json:"language,omitempty"`  // BCP 47, if the source states it

	SeenAt time.Time `json:"seen_at"` // when it was fetched or read, UTC
}

// Salary is pay as a source states it, outside the text.
type Salary struct {
	Min      float64 `json:"min,omitempty"` // 0: not stated
	Max      float64 `json:"max,omitempty"` // 0: not stated
	Currency string  `json:"currency,omitempty"`
	Period   string  `json:"period,omitempty"` // "year", "month", "week", "day", "hour"
	Text     string  `json:"text,omitempty"`   // free text, where the source has only that
}

// Verdict says how far a sweep got.
type Verdict string

// The verdicts. Only a complete sweep can close postings.
const (
	Complete Verdict = "complete" // every posting of the board was listed
	Partial  Verdict = "partial"  // some were: a page failed, a cap was reached, or it was a file
	Failed   Verdict = "failed"   // none were: unreachable, refused, unreadable
)

// Sweep is one crawl of one board: what it listed and whether that was all.
type Sweep struct {
	Schema      int       `json:"schema"`
	Source      string    `json:"source"`
	Board       string    `json:"board"`
	Employer    string    `json:"employer,omitempty"`
	URL         string    `json:"url,omitempty"`
	StartedAt   time.Time `json:"started_at"`
	FinishedAt  time.Time `json:"finished_at"`
	Verdict     Verdict   `json:"verdict"`
	Reason      string    `json:"reason,omitempty"` // why it is not complete
	NotModified bool      `json:"not_modified,omitempty"`
	Listed      []string  `json:"listed"`           // posting ids, sorted
	Closed      []Closing `json:"closed,omitempty"` // postings the source itself says are closed
	Published   int       `json:"published"`        // postings published as new or changed
	Rejected    int       `json:"rejected"`         // postings sent to the dead letters
	Requests    int       `json:"requests"`         // HTTP requests made
}

// Closing is a posting that its source says is closed.
type Closing struct {
	ID     string `json:"posting_id"`
	On     string `json:"on"`     // ISO day
	Reason string `json:"reason"` // "stated", "gone", "expired"
}

// ID is the stable id of the posting that source and board call nativeID: 80
// bits of SHA-256 in lower-case base32, 16 characters. Among 100 million
// postings the chance that any two share one is below 1 in 100 million.
func ID(source, board, nativeID string) string {
	return digest(source, board, nativeID)
}

// BoardID is the id of a board everywhere: "source/board".
func BoardID(source, board string) string { return source + "/" + board }

var idEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// digest hashes parts so that moving a byte from one part to the next changes
// the result.
func digest(parts ...string) string {
	size := 0
	for _, p := range parts {
		size += len(p) + 12
	}
	all := make([]byte, 0, size)
	for _, p := range parts {
		all = strconv.AppendInt(all, int64(len(p)), 10)
		all = append(append(all, ':'), p...)
	}
	sum := sha256.Sum256(all)
	return idEncoding.EncodeToString(sum[:10])
}

// Prepare cleans, bounds and redacts p, and sets Schema, ID and ContentHash. It
// must run once before p is published. The error wraps [ErrInvalid] and names the
// field that is missing.
func (p *Posting) Prepare() error {
	p.clean()
	p.redact()
	for _, f := range []struct{ name, value string }{{"source", p.Source}, {"board", p.Board}, {"native_id", p.NativeID}} {
		if f.value == "" {
			return fmt.Errorf("%w: posting without %s", ErrInvalid, f.name)
		}
	}
	if p.Title == "" && p.Text == "" {
		return fmt.Errorf("%w: posting %s has neither title nor text", ErrInvalid, p.NativeID)
	}
	p.Schema = SchemaVersion
	p.ID = ID(p.Source, p.Board, p.NativeID)
	p.ContentHash = p.contentHash()
	return nil
}

func (p *Posting) contentHash() string {
	salary := ""
	if s := p.Salary; s != nil {
		salary = fmt.Sprintf("%g %g %s %s %s", s.Min, s.Max, s.Currency, s.Period, s.Text)
	}
	return digest(p.Employer, p.Title, p.Text, p.URL, strings.Join(p.Locations, "\n"), p.Department, p.Team,
		p.PostedOn, p.ClosedOn, p.EmploymentType, p.Workplace, salary, p.Language)
}

// Encode returns the wire form of a prepared posting.
func (p Posting) Encode() ([]byte, error) { return encode(p) }

// Decode reads the wire form. Its error wraps [ErrInvalid].
func Decode(b []byte) (Posting, error) {
	var p Posting
	if err := json.Unmarshal(b, &p); err != nil {
		return Posting{}, fmt.Errorf("%w: posting: %w", ErrInvalid, err)
	}
	if p.Schema != SchemaVersion {
		return Posting{}, fmt.Errorf("%w: posting has schema %d, this program reads %d", ErrInvalid, p.Schema, SchemaVersion)
	}
	if p.ID == "" || p.ContentHash == "" {
		return Posting{}, fmt.Errorf("%w: posting without posting_id or content_hash", ErrInvalid)
	}
	return p, nil
}

// Encode returns the wire form of s.
func (s Sweep) Encode() ([]byte, error) {
	s.Schema = SchemaVersion
	return encode(s)
}

// DecodeSweep reads the wire form of a sweep. Its error wraps [ErrInvalid].
func DecodeSweep(b []byte) (Sweep, error) {
	var s Sweep
	if err := json.Unmarshal(b, &s); err != nil {
		return Sweep{}, fmt.Errorf("%w: sweep: %w", ErrInvalid, err)
	}
	if s.Schema != SchemaVersion {
		return Sweep{}, fmt.Errorf("%w: sweep has schema %d, this program reads %d", ErrInvalid, s.Schema, SchemaVersion)
	}
	switch s.Verdict {
	case Complete, Partial, Failed:
	default:
		return Sweep{}, fmt.Errorf("%w: sweep of %s has verdict %q", ErrInvalid, BoardID(s.Source, s.Board), s.Verdict)
	}
	return s, nil
}

// encode is json.Marshal without the escaping of <, > and &, which would make
// texts in HTML a tenth longer.
func encode(v any) ([]byte, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return []byte(strings.TrimSuffix(b.String(), "\n")), nil
}
