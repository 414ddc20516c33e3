package jobposting

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// maxBlocks is how many JSON-LD scripts of one page are read.
const maxBlocks = 500

// head is what the tokens of a page tell, without a tree of it.
type head struct {
	blocks    [][]byte // the JSON-LD scripts, as they stand in the page
	robots    Robots
	canonical string // as stated
	base      string
}

// scan reads a page token by token. It stops behind the head of a page whose rest
// holds nothing of interest.
func scan(page []byte) head {
	var h head
	z := html.NewTokenizer(bytes.NewReader(page))
	at, inBlock := 0, false
	for {
		kind := z.Next()
		start := at
		at += len(z.Raw())
		switch kind {
		case html.ErrorToken:
			return h
		case html.TextToken:
			if inBlock && len(h.blocks) < maxBlocks {
				h.blocks = append(h.blocks, page[start:at])
			}
			inBlock = false
		case html.StartTagToken, html.SelfClosingTagToken:
			inBlock = false
			name, more := z.TagName()
			switch string(name) {
			case "script":
				inBlock = more && isJSONLD(z)
			case "meta", "link", "base":
				tag := string(name)
				if more {
					h.tag(tag, attributes(z))
				}
			case "body":
				if rest := page[at:]; !mentions(rest, "ld+json", "LD+JSON", "json+ld") && !mentions(rest, "robots", "Robots", "ROBOTS", productToken) {
					return h
				}
			}
		}
	}
}

func mentions(page []byte, words ...string) bool {
	for _, w := range words {
		if bytes.Contains(page, []byte(w)) {
			return true
		}
	}
	return false
}

// isJSONLD reads the attributes of a script.
func isJSONLD(z *html.Tokenizer) bool {
	for {
		key, value, more := z.TagAttr()
		if string(key) == "type" {
			kind := strings.ToLower(string(value))
			return strings.Contains(kind, "ld+json") || strings.Contains(kind, "json+ld")
		}
		if !more {
			return false
		}
	}
}

func attributes(z *html.Tokenizer) map[string]string {
	attrs := map[string]string{}
	for {
		key, value, more := z.TagAttr()
		if _, twice := attrs[string(key)]; !twice {
			attrs[string(key)] = string(value)
		}
		if !more {
			return attrs
		}
	}
}

func (h *head) tag(name string, attrs map[string]string) {
	switch name {
	case "base":
		if h.base == "" {
			h.base = attrs["href"]
		}
	case "link":
		for rel := range strings.FieldsSeq(strings.ToLower(attrs["rel"])) {
			if rel == "canonical" && h.canonical == "" {
				h.canonical = attrs["href"]
			}
		}
	case "meta":
		if who := strings.ToLower(strings.TrimSpace(attrs["name"])); who == "robots" || who == productToken {
			h.robots.add(attrs["content"])
		}
	}
}

// canonicalOf is the page's own address as the page or its header states it, ""
// if neither does or it is on another site.
func canonicalOf(h head, page *url.URL, header http.Header) string {
	stated := h.canonical
	for _, line := range header.Values("Link") {
		if stated == "" {
			stated = linkTarget(line, "canonical")
		}
	}
	if stated == "" || page == nil {
		return ""
	}
	base := page
	if h.base != "" {
		if b, err := page.Parse(strings.TrimSpace(h.base)); err == nil {
			base = b
		}
	}
	u, err := base.Parse(strings.TrimSpace(stated))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !sameSite(u, page) {
		return ""
	}
	return u.String()
}

// linkTarget is the target of the relation rel in a Link header (RFC 8288).
func linkTarget(line, rel string) string {
	for part := range strings.SplitSeq(line, "<") {
		target, params, ok := strings.Cut(part, ">")
		if !ok {
			continue
		}
		for param := range strings.SplitSeq(params, ";") {
			name, value, _ := strings.Cut(param, "=")
			if !strings.EqualFold(strings.TrimSpace(name), "rel") {
				continue
			}
			for r := range strings.FieldsSeq(strings.Trim(strings.TrimRight(value, ", "), `" `)) {
				if strings.EqualFold(r, rel) {
					return target
				}
			}
		}
	}
	return ""
}

// sameSite: one host, with or without "www.".
func sameSite(a, b *url.URL) bool {
	return strings.TrimPrefix(strings.ToLower(a.Hostname()), "www.") == strings.TrimPrefix(strings.ToLower(b.Hostname()), "www.")
}
