package jobposting

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/unicode"
)

// decode brings a page to UTF-8. What is valid UTF-8 is taken for that, whatever
// the page or its header say; of the rest, what they say is believed unless it is
// UTF-8 and not one character of the page is. Bytes that mean nothing become
// U+FFFD.
func decode(page []byte, contentType string) []byte {
	if e := wide(page); e != "" {
		order := unicode.LittleEndian
		if e == "be" {
			order = unicode.BigEndian
		}
		if out, err := unicode.UTF16(order, unicode.UseBOM).NewDecoder().Bytes(page); err == nil {
			return out
		}
	}
	if utf8.Valid(page) && !bytes.Contains(page[:min(len(page), 1024)], []byte("iso-2022-jp")) {
		return page
	}
	encoding, name, _ := charset.DetermineEncoding(page, contentType)
	if name == "utf-8" && !anyWide(page) {
		encoding, _ = charset.Lookup("windows-1252")
	}
	if name == "windows-1252" && mostlyUTF8(page) {
		return bytes.ToValidUTF8(page, []byte("\uFFFD"))
	}
	out, err := encoding.NewDecoder().Bytes(page)
	if err != nil {
		return bytes.ToValidUTF8(page, []byte("\uFFFD"))
	}
	return out
}

// wide is "le" or "be" for a page in UTF-16, which shows by its byte order mark or
// by the zeros between its letters.
func wide(page []byte) string {
	switch {
	case bytes.HasPrefix(page, []byte{0xFF, 0xFE}):
		return "le"
	case bytes.HasPrefix(page, []byte{0xFE, 0xFF}):
		return "be"
	}
	head := page[:min(len(page), 200)]
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i&1]++
		}
	}
	switch third := len(head) / 3; {
	case len(head) < 8:
	case zeros[1] > third && zeros[0] == 0:
		return "le"
	case zeros[0] > third && zeros[1] == 0:
		return "be"
	}
	return ""
}

// anyWide: some character beyond ASCII is valid UTF-8.
func anyWide(page []byte) bool {
	good, _ := countWide(page)
	return good > 0
}

// mostlyUTF8: the characters beyond ASCII are UTF-8 with few exceptions.
func mostlyUTF8(page []byte) bool {
	good, bad := countWide(page)
	return good > 10*bad
}

func countWide(page []byte) (good, bad int) {
	for i := 0; i < len(page); {
		if page[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(page[i:])
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			good++
		}
		i += n
	}
	return good, bad
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
