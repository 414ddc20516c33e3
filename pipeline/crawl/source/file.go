package source

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// FileURL is the address of a board that is one file or feed: its option "url", or
// without that its name. An address that is only a path stands under BaseURL.
func FileURL(b Board) string {
	at := strings.TrimSpace(b.Options["url"])
	if at == "" {
		at = strings.TrimSpace(b.Board)
	}
	if strings.HasPrefix(at, "/") && !strings.HasPrefix(at, "//") {
		return strings.TrimRight(b.BaseURL, "/") + at
	}
	return at
}

// CheckFileURL says what is wrong with the address that [FileURL] gives.
func CheckFileURL(b Board) error {
	field := "url"
	if b.Options["url"] == "" {
		field = "board"
	}
	at := FileURL(b)
	if strings.HasPrefix(at, "/") && !strings.HasPrefix(at, "//") {
		return nil // under a base_url that is not known yet
	}
	u, err := url.Parse(at)
	switch {
	case err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "":
		return nil
	case field == "board":
		return fmt.Errorf("url: missing: the address of the file, http or https (the board's name %.80q is none)", b.Board)
	}
	return fmt.Errorf("%s: must be an http or https URL, or a path under base_url (got %.80q)", field, at)
}

// maxPacked is how many times one thing may be packed in another.
const maxPacked = 2

// Unpack undoes gzip and zstd, also one in the other, and returns a reader with a
// buffer of size bytes. done frees what the reader holds.
func Unpack(r io.Reader, size int) (in *bufio.Reader, done func(), err error) {
	var closers []func()
	done = func() {
		for _, c := range closers {
			c()
		}
	}
	for range maxPacked + 1 {
		br := bufio.NewReaderSize(r, size)
		magic, _ := br.Peek(4)
		switch {
		case isGzip(magic):
			zr, err := gzip.NewReader(br)
			if err != nil {
				done()
				return nil, nil, fmt.Errorf("gzip: %w", err)
			}
			r = zr
		case isZstd(magic):
			zr, err := zstd.NewReader(br, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(128<<20))
			if err != nil {
				done()
				return nil, nil, fmt.Errorf("zstd: %w", err)
			}
			closers = append(closers, zr.Close)
			r = zr
		default:
			return br, done, nil
		}
	}
	done()
	return nil, nil, errors.New("packed more than twice")
}

// Unpacked is the body of resp, unpacked if it is a gzip or zstd file. It fails
// when that is longer than resp.Limit, or the file is cut short.
func Unpacked(resp Response) ([]byte, error) {
	if !isGzip(resp.Body) && !isZstd(resp.Body) {
		return resp.Body, nil
	}
	in, done, err := Unpack(bytes.NewReader(resp.Body), 4<<10)
	if err != nil {
		return nil, err
	}
	defer done()
	body, err := io.ReadAll(io.LimitReader(in, resp.Limit+1))
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, errors.New("the answer is cut short")
	case err != nil:
		return nil, fmt.Errorf("unpack the answer: %w", err)
	case int64(len(body)) > resp.Limit:
		return nil, fmt.Errorf("the answer unpacks to more than the %d bytes of max_body_bytes", resp.Limit)
	}
	return body, nil
}

func isGzip(head []byte) bool { return bytes.HasPrefix(head, []byte("\x1f\x8b")) }
func isZstd(head []byte) bool { return bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")) }
