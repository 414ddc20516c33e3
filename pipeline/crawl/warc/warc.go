// Package warc reads web archives in WARC 1.0 and 1.1 (ISO 28500), as Common Crawl,
// Heritrix and wget write them, record by record and in bounded memory, whether they
// are plain, packed as a whole, or packed with one gzip member a record. What is
// broken costs one record, or the stretch up to the next one, and is reported with
// its place in the file.
//
// Format: iipc.github.io/warc-specifications.
package warc

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Sizes that no sound record has.
const (
	maxLine   = 64 << 10 // bytes of a header line; the size of the buffer
	maxFields = 500      // header lines
)

// BrokenError is a stretch of the file that cannot be read. Reading goes on after
// it.
type BrokenError struct {
	Place
	Reason string
}

func (e *BrokenError) Error() string { return fmt.Sprintf("at %s: %s", e.Place, e.Reason) }

// Place is where a record begins: its offset in the file, in bytes, and in a packed
// file that of its gzip member and how far into the unpacked member it is.
type Place struct {
	Offset, Inner int64
}

// String is "1234", or "1234+56" inside a member.
func (p Place) String() string {
	if p.Inner == 0 {
		return strconv.FormatInt(p.Offset, 10)
	}
	return fmt.Sprintf("%d+%d", p.Offset, p.Inner)
}

// Record is one record. It is valid until the next call of [Reader.Next].
type Record struct {
	Place
	Type      string    // WARC-Type: "response", "request", "warcinfo" …, in lower case
	URL       string    // WARC-Target-URI
	Date      time.Time // WARC-Date, UTC; zero if there is none that can be read
	MediaType string    // Content-Type of the block, without parameters
	Truncated string    // WARC-Truncated: why the archive holds only the beginning; "" if it holds all
	Header    http.Header

	reader *Reader
}

// Reader reads records.
type Reader struct {
	packed *members      // nil for a plain file
	file   *counter      // of a plain file
	text   *bufio.Reader // the file, unpacked
	at     int64         // offset of the next byte in what is unpacked
	left   int64         // bytes of the current record's block not yet read
	first  int64         // where the current record begins in what is unpacked
	place  Place         // of the current record
	cut    error         // why the current record's block ends too early
	lost   bool          // after something broken, until a record is found

	http *bufio.Reader
	body bytes.Buffer
}

// NewReader reads an archive that is plain or packed with gzip; see [Packed].
func NewReader(r io.Reader) *Reader {
	file := newCounter(r)
	w := &Reader{file: file, text: file.in}
	if head, _ := file.in.Peek(4); Packed(head) { // a file that cannot be read says so at the first record
		w.packed = &members{file: file}
		w.text = bufio.NewReaderSize(w.packed, maxLine)
	}
	w.http = bufio.NewReaderSize(nil, 16<<10)
	return w
}

// Next goes to the next record. It returns io.EOF at the end, a [*BrokenError] for
// something that is no record, after which it can be called again, and any other
// error for good.
func (r *Reader) Next() (*Record, error) {
	if _, err := io.Copy(io.Discard, block{r}); err != nil {
		return nil, r.broken(err)
	}
	for {
		line, err := r.line()
		switch {
		case errors.Is(err, io.EOF) && len(line) == 0:
			return nil, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			r.place = r.placeOf(r.at - int64(len(line)))
			if gap := new(gapError); errors.As(err, &gap) {
				if r.lost {
					continue
				}
				if len(line) == 0 {
					r.place = Place{Offset: gap.file}
				}
			}
			return nil, r.broken(err)
		case len(bytes.TrimSpace(line)) == 0:
			continue
		}
		r.first = r.at - int64(len(line))
		r.place = r.placeOf(r.first)
		if !bytes.HasPrefix(line, []byte("WARC/")) {
			if r.lost {
				continue
			}
			r.lost = true
			return nil, &BrokenError{r.place, "no record begins here"}
		}
		rec, err := r.head()
		if err != nil {
			return nil, r.broken(err)
		}
		r.lost = false
		return rec, nil
	}
}

// broken makes of an error while reading a record one that says which record. A
// stretch that is broken throughout is reported once.
func (r *Reader) broken(err error) error {
	r.left, r.cut = 0, nil
	var broken *BrokenError
	var file *fileError
	var gap *gapError
	switch {
	case errors.As(err, &broken):
		return broken
	case errors.As(err, &file):
		return fmt.Errorf("read the archive: %w", err)
	case errors.As(err, &gap):
		r.lost = true
		return &BrokenError{r.place, gap.Error()}
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return &BrokenError{r.place, "the record is cut short"}
	}
	return &BrokenError{r.place, err.Error()}
}

func (r *Reader) placeOf(at int64) Place {
	if r.packed == nil {
		return Place{Offset: at}
	}
	file, inner := r.packed.place(at)
	return Place{Offset: file, Inner: inner}
}

// line is the next line with its end; of a longer one than the buffer only a part.
func (r *Reader) line() ([]byte, error) {
	line, err := r.text.ReadSlice('\n')
	r.at += int64(len(line))
	if errors.Is(err, bufio.ErrBufferFull) {
		return line, nil
	}
	return line, err
}

// head reads the header of the record whose first line was read.
func (r *Reader) head() (*Record, error) {
	h, err := fields(r.line)
	if err != nil {
		return nil, err
	}
	length, err := strconv.ParseInt(h.Get("Content-Length"), 10, 64)
	if err != nil || length < 0 {
		return nil, &BrokenError{r.place, fmt.Sprintf("Content-Length of the record is %.40q", h.Get("Content-Length"))}
	}
	r.left = length
	rec := &Record{
		Place: r.place, Type: strings.ToLower(h.Get("WARC-Type")), URL: strings.Trim(h.Get("WARC-Target-URI"), "<>"),
		MediaType: mediaType(h.Get("Content-Type")), Truncated: h.Get("WARC-Truncated"), Header: h, reader: r,
	}
	if t, err := time.Parse(time.RFC3339Nano, h.Get("WARC-Date")); err == nil {
		rec.Date = t.UTC()
	}
	return rec, nil
}

// fields reads header lines up to an empty one. Lines without a colon are passed
// over; one that begins with white space continues the one before.
func fields(line func() ([]byte, error)) (http.Header, error) {
	h := http.Header{}
	last := ""
	for range maxFields {
		l, err := line()
		text := strings.TrimSpace(strings.ToValidUTF8(string(l), "\uFFFD"))
		switch name, value, ok := strings.Cut(text, ":"); {
		case text == "":
			return h, err
		case (l[0] == ' ' || l[0] == '\t') && last != "":
			h[last][len(h[last])-1] += " " + text
		case ok:
			last = http.CanonicalHeaderKey(strings.TrimSpace(name))
			h[last] = append(h[last], strings.TrimSpace(value))
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, errors.New("a header without end")
}

// block is what is left of the current record's block.
type block struct{ *Reader }

func (b block) Read(p []byte) (int, error) {
	r := b.Reader
	switch {
	case r.cut != nil:
		return 0, r.cut
	case r.left == 0:
		return 0, io.EOF
	}
	p = p[:min(int64(len(p)), r.left)]
	if r.packed != nil {
		if _, err := r.text.Peek(1); err == nil { // now it is known whether a member begins here
			if r.beginsRecord() {
				r.cut = io.ErrUnexpectedEOF
				return 0, r.cut
			}
			if next, ok := r.packed.nextStart(r.at); ok {
				p = p[:min(int64(len(p)), next-r.at)]
			}
		}
	}
	n, err := r.text.Read(p)
	r.at += int64(n)
	r.left -= int64(n)
	if n > 0 {
		return n, nil
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	r.cut = err
	return 0, err
}

// beginsRecord: a gzip member begins at the next byte, and a record in it, though
// the current one's length says that it goes on.
func (r *Reader) beginsRecord() bool {
	for _, s := range r.packed.starts {
		if s.unpacked == r.at && r.at > r.first {
			head, _ := r.text.Peek(5)
			return string(head) == "WARC/"
		}
	}
	return false
}

func mediaType(s string) string {
	s, _, _ = strings.Cut(s, ";")
	return strings.ToLower(strings.TrimSpace(s))
}
