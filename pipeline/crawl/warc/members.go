package warc

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/klauspost/compress/gzip"
)

// counter knows how far into the file its reader is.
type counter struct {
	in   *bufio.Reader
	read int64 // bytes taken from the file
	from io.Reader
}

func newCounter(r io.Reader) *counter {
	c := &counter{from: r}
	c.in = bufio.NewReaderSize(readerFunc(func(p []byte) (int, error) {
		n, err := c.from.Read(p)
		c.read += int64(n)
		if err != nil && !errors.Is(err, io.EOF) {
			err = &fileError{err}
		}
		return n, err
	}), 64<<10)
	return c
}

// fileError is an error of the file itself, not of what it holds.
type fileError struct{ err error }

func (e *fileError) Error() string { return e.err.Error() }
func (e *fileError) Unwrap() error { return e.err }

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// offset of the next byte.
func (c *counter) offset() int64 { return c.read - int64(c.in.Buffered()) }

var gzipMagic = []byte{0x1f, 0x8b, 8}

// Packed reports whether head, the beginning of a file, is gzip.
func Packed(head []byte) bool { return bytes.HasPrefix(head, gzipMagic) }

// boundary is where a gzip member begins: in what is unpacked, and in the file.
type boundary struct{ unpacked, file int64 }

// members unpacks one gzip member after the other. A read never goes over the end
// of a member.
type members struct {
	file     *counter
	zr       *gzip.Reader
	open     bool
	unpacked int64
	starts   []boundary // of members with bytes not yet consumed, oldest first
}

// gapError is a member, or what stands in its place, that cannot be unpacked. What
// follows is the next member.
type gapError struct {
	file int64 // where it begins
}

func (e *gapError) Error() string { return "the packed data is damaged" }

func (m *members) Read(p []byte) (int, error) {
	for {
		if !m.open {
			if err := m.next(); err != nil {
				return 0, err
			}
		}
		n, err := m.zr.Read(p)
		m.unpacked += int64(n)
		switch {
		case err == nil && n > 0:
			return n, nil
		case errors.Is(err, io.EOF):
			m.open = false
			if n > 0 {
				return n, nil
			}
		case err != nil:
			m.open = false
			return n, m.gap(m.starts[len(m.starts)-1].file, err)
		}
	}
}

// next opens the member that begins here; io.EOF at the file's end.
func (m *members) next() error {
	at := m.file.offset()
	head, err := m.file.in.Peek(4)
	if len(head) == 0 {
		if errors.Is(err, io.EOF) {
			return io.EOF
		}
		return err
	}
	if !Packed(head) {
		return m.gap(at, gzip.ErrHeader)
	}
	if m.zr == nil {
		m.zr = new(gzip.Reader)
	}
	if err := m.zr.Reset(m.file.in); err != nil {
		return m.gap(at, err)
	}
	m.zr.Multistream(false)
	m.open = true
	m.starts = append(m.starts, boundary{unpacked: m.unpacked, file: at})
	return nil
}

// gap goes on from damage that begins at offset at to what looks like the next
// member. An error of reading the file itself stays as it is.
func (m *members) gap(at int64, err error) error {
	var file *fileError
	switch {
	case errors.As(err, &file):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return io.ErrUnexpectedEOF // the file ends inside a member
	}
	for {
		head, err := m.file.in.Peek(4)
		if len(head) < 4 {
			if err != nil && !errors.Is(err, io.EOF) {
				return err
			}
			if _, err := m.file.in.Discard(len(head)); err != nil {
				return err
			}
			return &gapError{at}
		}
		if Packed(head) && head[3] < 0x20 {
			return &gapError{at}
		}
		buffered, err := m.file.in.Peek(m.file.in.Buffered())
		if err != nil {
			return err
		}
		skip := bytes.Index(buffered[1:], gzipMagic) + 1
		if skip == 0 {
			skip = max(1, len(buffered)-3)
		}
		if _, err := m.file.in.Discard(skip); err != nil {
			return err
		}
	}
}

// place is where in the file, and where in its unpacked member, a byte of the
// unpacked stream is. Members wholly before it are forgotten.
func (m *members) place(unpacked int64) (file, inner int64) {
	for len(m.starts) > 1 && m.starts[1].unpacked <= unpacked {
		m.starts = m.starts[1:]
	}
	if len(m.starts) == 0 {
		return 0, unpacked
	}
	return m.starts[0].file, unpacked - m.starts[0].unpacked
}

// nextStart is where the first member after unpacked begins in the stream, if that
// is known; members are known as far as they were read.
func (m *members) nextStart(unpacked int64) (int64, bool) {
	for _, s := range m.starts {
		if s.unpacked > unpacked {
			return s.unpacked, true
		}
	}
	return 0, false
}
