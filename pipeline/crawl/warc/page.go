package warc

import (
	"bufio"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// MaxBody is the largest page that is read, in bytes, decoded.
const MaxBody = 16 << 20

// Page is the answer that a response record holds.
type Page struct {
	Status int
	Header http.Header
	Body   []byte // without transfer and content encoding; valid until the next record
	Cut    string // why Body is not all of it; "" if it is
}

// MayBeHTML reports whether an answer with this header calls itself a web page, or
// nothing.
func MayBeHTML(header http.Header) bool {
	switch mediaType(header.Get("Content-Type")) {
	case "text/html", "application/xhtml+xml", "":
		return true
	}
	return false
}

// Answer reads the HTTP answer of a response record, or the plain block of a
// resource record as if it was one. Archives differ in whether they keep chunks and
// compression and whether the header still names them, so both are undone where
// the bytes show them. The body is read only if want says so of status and header.
// The error is a [*BrokenError], or one of reading the file.
func (rec *Record) Answer(want func(status int, header http.Header) bool) (Page, error) {
	r := rec.reader
	r.http.Reset(block{r})
	p := Page{Status: http.StatusOK, Header: http.Header{"Content-Type": {rec.Header.Get("Content-Type")}}}
	if rec.Type == "response" {
		var err error
		if p.Status, p.Header, err = answerHead(r.http); r.cut != nil {
			return Page{}, r.broken(r.cut)
		} else if err != nil {
			return Page{}, &BrokenError{rec.Place, err.Error()}
		}
	}
	if !want(p.Status, p.Header) {
		return p, nil
	}
	if rec.Truncated != "" {
		p.Cut = "the archive holds only its beginning (" + rec.Truncated + ")"
	}
	body, err := unpacked(transfer(r.http, p.Header), p.Header)
	if err != nil {
		return Page{}, &BrokenError{rec.Place, err.Error()}
	}
	r.body.Reset()
	_, err = io.Copy(&r.body, io.LimitReader(body, MaxBody+1))
	if c, ok := body.(io.Closer); ok {
		c.Close()
	}
	p.Body = r.body.Bytes()
	switch {
	case r.cut != nil:
		return Page{}, r.broken(r.cut)
	case len(p.Body) > MaxBody:
		p.Body, p.Cut = p.Body[:MaxBody], fmt.Sprintf("it is larger than %d MiB", MaxBody>>20)
	case err != nil && p.Cut == "":
		p.Cut = "its encoding is damaged"
	}
	return p, nil
}

// answerHead reads the status line and the header.
func answerHead(in *bufio.Reader) (int, http.Header, error) {
	first, err := in.ReadSlice('\n')
	proto, rest, _ := strings.Cut(strings.TrimSpace(string(first)), " ")
	code, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	status, codeErr := strconv.Atoi(code)
	if !strings.HasPrefix(strings.ToUpper(proto), "HTTP/") || codeErr != nil {
		return 0, nil, errors.New("the record holds no HTTP answer")
	}
	if err != nil {
		return 0, nil, errors.New("the HTTP answer is cut short")
	}
	h, err := fields(func() ([]byte, error) {
		line, err := in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			err = nil // the rest follows as a line without a colon, most likely
		}
		return line, err
	})
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, nil, fmt.Errorf("the header of the HTTP answer: %w", err)
	}
	if h == nil {
		h = http.Header{}
	}
	return status, h, nil
}

var chunkSize = regexp.MustCompile(`^[0-9A-Fa-f]{1,8}[ \t]*(;[^\r\n]*)?\r?\n`)

// transfer undoes chunks.
func transfer(in *bufio.Reader, h http.Header) io.Reader {
	if !strings.Contains(strings.ToLower(strings.Join(h.Values("Transfer-Encoding"), ",")), "chunked") {
		return in
	}
	if head, _ := in.Peek(256); !chunkSize.Match(head) {
		return in
	}
	return httputil.NewChunkedReader(in)
}

// unpacked undoes content encodings, the last one first.
func unpacked(in io.Reader, h http.Header) (io.Reader, error) {
	encodings := strings.FieldsFunc(strings.ToLower(strings.Join(h.Values("Content-Encoding"), ",")), func(r rune) bool { return r == ',' || r == ' ' })
	if len(encodings) > 3 {
		return nil, fmt.Errorf("encoded %d times", len(encodings))
	}
	for _, e := range slices.Backward(encodings) {
		buffered := bufio.NewReader(in)
		head, _ := buffered.Peek(4)
		var err error
		switch {
		case e == "identity", e == "utf-8", e == "none":
			in = buffered
		case (e == "gzip" || e == "x-gzip") && Packed(head):
			in, err = gzip.NewReader(buffered)
		case e == "gzip", e == "x-gzip", e == "zstd" && string(head) != "\x28\xb5\x2f\xfd":
			in = buffered // undone by who wrote the archive
		case e == "deflate" && len(head) >= 2 && head[0]&0x0f == 8 && (uint(head[0])<<8|uint(head[1]))%31 == 0:
			in, err = zlib.NewReader(buffered)
		case e == "deflate" && len(head) > 0 && head[0] == '<':
			in = buffered
		case e == "deflate":
			in = flate.NewReader(buffered)
		case e == "br" && len(bytes.TrimLeft(head, " \r\n\t")) > 0 && bytes.TrimLeft(head, " \r\n\t")[0] == '<':
			in = buffered
		case e == "br":
			in = brotli.NewReader(buffered)
		case e == "zstd":
			in, err = newZstd(buffered)
		default:
			return nil, fmt.Errorf("the answer is encoded as %.40q, which cannot be read", e)
		}
		if err != nil {
			return nil, fmt.Errorf("the answer's %s encoding: %w", e, err)
		}
	}
	return in, nil
}

// newZstd closes with its reader.
func newZstd(in io.Reader) (io.Reader, error) {
	zr, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(8<<20))
	if err != nil {
		return nil, err
	}
	return zr.IOReadCloser(), nil
}
