package source

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// XML returns a decoder of body that stands the usual faults of feeds: another
// character set than UTF-8, declared or marked by its first bytes; a declaration
// that is wrong about UTF-8; control characters; a stray "<" or "&"; HTML's
// entities. It expands no entity that body itself declares. text is what it reads,
// for its InputOffset. XML fails if body is not XML at all.
func XML(body []byte) (d *xml.Decoder, text []byte, err error) {
	text = utf8Text(body)
	switch head := bytes.TrimLeft(text, " \t\r\n"); {
	case len(head) == 0:
		return nil, nil, errors.New("the answer is empty")
	case head[0] != '<':
		return nil, nil, errors.New("the answer is not XML")
	default:
		text = head
	}
	d = xml.NewDecoder(bytes.NewReader(text))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // text is UTF-8 by now
	return d, text, nil
}

// XMLRoot reads d up to its first element, which must be called name.
func XMLRoot(d *xml.Decoder, name string) error {
	for {
		t, err := d.Token()
		if err != nil {
			return XMLError(err)
		}
		webPage := errors.New("the answer is a web page, not XML")
		switch t := t.(type) {
		case xml.Directive:
			if strings.EqualFold(strings.TrimSpace(string(t)), "doctype html") {
				return webPage
			}
		case xml.StartElement:
			switch {
			case strings.EqualFold(t.Name.Local, name):
				return nil
			case strings.EqualFold(t.Name.Local, "html"):
				return webPage
			}
			return fmt.Errorf("the answer has no %q: it begins with %q", name, t.Name.Local)
		}
	}
}

// XMLError is err of a decoder in plain words.
func XMLError(err error) error {
	var syntax *xml.SyntaxError
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &syntax) && syntax.Msg == "unexpected EOF" {
		return errors.New("the answer is cut short")
	}
	return fmt.Errorf("the answer is not valid XML: %w", err)
}

var (
	tagStart    = []byte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_:!/?")
	xmlEncoding = regexp.MustCompile(`^<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']`)
	// controlReference is a numeric reference to a character that XML forbids.
	controlReference = regexp.MustCompile(`&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));`)
)

// utf8Text is body in UTF-8 without what XML forbids. Bytes that are UTF-8 are
// taken as it, whatever they are declared to be.
func utf8Text(body []byte) []byte {
	var from encoding.Encoding
	switch {
	case bytes.HasPrefix(body, []byte{0xff, 0xfe}):
		from = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(body, []byte{0xfe, 0xff}):
		from = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case !utf8.Valid(body):
		if m := xmlEncoding.FindSubmatch(bytes.TrimLeft(body, " \t\r\n")); m != nil {
			from, _ = htmlindex.Get(string(m[1])) // nil if unknown
		}
	}
	if from != nil {
		if text, err := from.NewDecoder().Bytes(body); err == nil {
			body = text
		}
	}
	body = escapeStray(bytes.TrimPrefix(body, []byte("\ufeff")))
	if bytes.Contains(body, []byte("&#")) {
		body = controlReference.ReplaceAll(body, []byte(" "))
	}
	if utf8.Valid(body) && !bytes.ContainsFunc(body, forbidden) {
		return body
	}
	return bytes.Map(func(r rune) rune { // turns what is not UTF-8 into U+FFFD
		if forbidden(r) {
			return ' '
		}
		return r
	}, body)
}

// escapeStray escapes each "<" that begins no tag. In CDATA that holds HTML it
// means the same.
func escapeStray(body []byte) []byte {
	var out []byte
	done := 0
	for i := bytes.IndexByte(body, '<'); i >= 0 && i+1 < len(body); {
		if c := body[i+1]; c < utf8.RuneSelf && bytes.IndexByte(tagStart, c) < 0 {
			out = append(append(out, body[done:i]...), "&lt;"...)
			done = i + 1
		}
		next := bytes.IndexByte(body[i+1:], '<')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	if done == 0 {
		return body
	}
	return append(out, body[done:]...)
}

// forbidden says of a character that XML 1.0 does not allow it.
func forbidden(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff
}
