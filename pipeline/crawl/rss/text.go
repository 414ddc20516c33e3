package rss

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

var declared = regexp.MustCompile(`^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._:-]+)["']`)

var (
	comment  = regexp.MustCompile(`(?s)<!--.*?-->`)
	stray    = regexp.MustCompile(`<([^A-Za-z_:/!?])`)
	strayEnd = regexp.MustCompile(`\]\]>(\s*\]\]>)+`)
)

// mend makes XML of what is nearly XML: comments are dropped, for many break their
// own rules; a bracket that begins no tag is text; and a CDATA section that was put
// into another ends once.
func mend(body []byte) []byte {
	body = comment.ReplaceAll(body, nil)
	body = strayEnd.ReplaceAll(body, []byte("]]>"))
	return stray.ReplaceAll(body, []byte("&lt;$1"))
}

// toUTF8 decodes body by its byte order mark or its XML declaration, and takes out
// what XML forbids and feeds still hold: control characters, as bytes and as
// references. Bytes that fit no encoding become U+FFFD.
func toUTF8(body []byte) []byte {
	if enc := encodingOf(body); enc != nil {
		if decoded, err := enc.NewDecoder().Bytes(body); err == nil {
			body = decoded
		}
	}
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	if !utf8.Valid(body) {
		if hasMultibyte(body) {
			body = bytes.ToValidUTF8(body, []byte("\uFFFD"))
		} else if decoded, err := charmap.Windows1252.NewDecoder().Bytes(body); err == nil {
			body = decoded // says UTF-8, or nothing, and holds none: old software's usual lie
		}
	}
	return withoutControls(body)
}

// encodingOf is the encoding of body; nil for UTF-8 and what is unknown.
func encodingOf(body []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(body, []byte("\xef\xbb\xbf")):
		return nil
	case bytes.HasPrefix(body, []byte("\xff\xfe")), bytes.HasPrefix(body, []byte("<\x00")):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(body, []byte("\xfe\xff")), bytes.HasPrefix(body, []byte("\x00<")):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	}
	m := declared.FindSubmatch(body[:min(len(body), 300)])
	if m == nil {
		return nil
	}
	enc, err := htmlindex.Get(string(m[1]))
	if err != nil {
		return nil
	}
	if name, err := htmlindex.Name(enc); err != nil || name == "utf-8" || name == "utf-16le" || name == "utf-16be" {
		return nil // bytes that show a declaration are not UTF-16
	}
	return enc
}

// hasMultibyte: some of body is UTF-8 beyond ASCII.
func hasMultibyte(body []byte) bool {
	for i := 0; i < len(body); {
		if body[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(body[i:])
		if r != utf8.RuneError || size > 1 {
			return true
		}
		i += size
	}
	return false
}

// withoutControls blanks the characters that XML 1.0 does not allow (section 2.2).
func withoutControls(body []byte) []byte {
	cloned := false
	blank := func(from, to int) {
		if !cloned {
			body, cloned = slices.Clone(body), true
		}
		for i := from; i < to; i++ {
			body[i] = ' '
		}
	}
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case c < ' ' && c != '\t' && c != '\n' && c != '\r':
			blank(i, i+1)
		case c == 0xef && i+2 < len(body) && body[i+1] == 0xbf && body[i+2] >= 0xbe:
			blank(i, i+3) // U+FFFE, U+FFFF
		case c == '&' && i+2 < len(body) && body[i+1] == '#':
			if end := bytes.IndexByte(body[i:min(len(body), i+12)], ';'); end > 2 && !allowed(string(body[i+2:i+end])) {
				blank(i, i+end+1)
			}
		}
	}
	return body
}

// allowed: the number of a character reference, "65" or "x41", is one of XML.
func allowed(ref string) bool {
	base := 10
	if ref[0] == 'x' || ref[0] == 'X' {
		ref, base = ref[1:], 16
	}
	n, err := strconv.ParseUint(ref, base, 32)
	if err != nil {
		return true // not a reference: stays as it is
	}
	return n == '\t' || n == '\n' || n == '\r' || n >= 0x20 && n <= 0xd7ff || n >= 0xe000 && n <= 0xfffd || n >= 0x10000 && n <= 0x10ffff
}
