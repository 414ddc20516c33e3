package rss

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Bounds on one item, far above any real one.
const (
	maxNodes = 500 // elements kept of one item
	maxDepth = 6   // of elements kept in an item
)

// feed is what one document holds.
type feed struct {
	items    []item
	language string
	next     string // address of the next page, as it stands there
	complete bool   // the feed says that it is all
}

// item is one <item>, <entry> or <job>.
type item struct {
	node
	raw []byte
}

// node is an element with its text and its elements.
type node struct {
	name  xml.Name
	attrs []xml.Attr
	text  string // its characters without those of its elements
	inner []byte // its content as it is written
	kids  []node
}

func (n node) attr(local string) string {
	for _, a := range n.attrs {
		if a.Name.Local == local {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

const nsHistory = "http://purl.org/syndication/history/1.0" // RFC 5005

// parse reads a whole document. It needs no valid XML: unknown entities stay as
// they are, tags that do not match are closed, stray brackets are text, and nothing
// a document type declares is expanded or fetched.
func parse(body []byte) (feed, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return feed{}, errors.New("the answer is empty")
	}
	body = toUTF8(body)
	f, err := parseXML(body)
	if errors.Is(err, errBroken) {
		if again, retryErr := parseXML(mend(body)); retryErr == nil {
			return again, nil
		}
	}
	return f, err
}

func parseXML(body []byte) (feed, error) {
	r := &reader{body: body}
	r.dec = xml.NewDecoder(bytes.NewReader(r.body))
	r.dec.Strict, r.dec.Entity = false, xml.HTMLEntity
	r.dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	root, err := r.root()
	if err != nil {
		return feed{}, err
	}
	if root.Name.Local == "source" || root.Name.Local == "jobs" {
		r.feed.complete = true // the form is the whole list by its definition
	}
	r.feed.language = langOf(root)
	if err := r.walk(); err != nil {
		return feed{}, err
	}
	return r.feed, nil
}

func langOf(e xml.StartElement) string {
	for _, a := range e.Attr {
		if a.Name.Local == "lang" {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

// reader walks the document.
type reader struct {
	body    []byte
	dec     *xml.Decoder
	feed    feed
	itemTag string
	nodes   int // left of the item that is read
}

var errBroken = errors.New("the answer is not XML that can be read")

var errWebPage = errors.New("the answer is a web page, not a feed")

// root is the first element, if it is that of a feed.
func (r *reader) root() (xml.StartElement, error) {
	for {
		t, err := r.dec.Token()
		if err != nil {
			return xml.StartElement{}, errors.New("the answer is no feed: it holds no XML element")
		}
		if text, ok := t.(xml.CharData); ok && len(bytes.TrimSpace(text)) > 0 {
			return xml.StartElement{}, errors.New("the answer is no feed: it is not XML")
		}
		if d, ok := t.(xml.Directive); ok && bytes.HasPrefix(bytes.ToLower(d), []byte("doctype html")) {
			return xml.StartElement{}, errWebPage
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		switch strings.ToLower(e.Name.Local) {
		case "rss", "rdf", "channel":
			r.itemTag = "item"
		case "feed":
			r.itemTag = "entry"
		case "source", "jobs":
			r.itemTag = "job"
		case "html":
			return e, errWebPage
		default:
			return e, fmt.Errorf("the answer is no feed: its root is <%.40s>", e.Name.Local)
		}
		return e, nil
	}
}

// walk reads items and what the feed says of itself until the root ends.
func (r *reader) walk() error {
	for depth := 1; depth > 0; {
		at := r.dec.InputOffset()
		t, err := r.dec.Token()
		if err != nil {
			return broken(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			depth++
			taken := true
			switch {
			case t.Name.Local == r.itemTag:
				err = r.item(t, at)
			case t.Name.Local == "link", t.Name.Local == "language", t.Name.Local == "complete" && t.Name.Space == nsHistory:
				err = r.head(t)
			case t.Name.Local == "image", t.Name.Local == "author", strings.EqualFold(t.Name.Local, "textInput"):
				err = r.dec.Skip() // they have links of their own
			default:
				taken = false
			}
			if err != nil {
				return broken(err)
			}
			if taken {
				depth--
			}
		case xml.EndElement:
			depth--
		}
	}
	return nil
}

func broken(err error) error {
	var syntax *xml.SyntaxError
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &syntax) && strings.Contains(syntax.Msg, "EOF") {
		return errors.New("the answer is cut short")
	}
	return fmt.Errorf("%w: %w", errBroken, err)
}

// head takes what the feed says of itself.
func (r *reader) head(e xml.StartElement) error {
	r.nodes = maxNodes
	n, err := r.node(e, maxDepth)
	if err != nil {
		return err
	}
	switch n.name.Local {
	case "link":
		if n.attr("rel") == "next" && r.feed.next == "" {
			r.feed.next = n.attr("href")
		}
	case "language":
		if r.feed.language == "" {
			r.feed.language = strings.TrimSpace(n.text)
		}
	case "complete":
		r.feed.complete = true
	}
	return nil
}

func (r *reader) item(e xml.StartElement, at int64) error {
	r.nodes = maxNodes
	n, err := r.node(e, 0)
	if err != nil {
		return err
	}
	r.feed.items = append(r.feed.items, item{node: n, raw: bytes.TrimSpace(r.body[at:r.dec.InputOffset()])})
	return nil
}

// node reads the element that e starts. Elements too deep or too many are kept in
// inner only.
func (r *reader) node(e xml.StartElement, depth int) (node, error) {
	n := node{name: e.Name, attrs: e.Attr}
	from := r.dec.InputOffset()
	var text strings.Builder
	for {
		at := r.dec.InputOffset()
		t, err := r.dec.Token()
		if err != nil {
			return n, err
		}
		switch t := t.(type) {
		case xml.CharData:
			text.Write(t)
		case xml.StartElement:
			if r.nodes--; r.nodes < 0 || depth >= maxDepth {
				if err := r.dec.Skip(); err != nil {
					return n, err
				}
				n.kids = append(n.kids[:min(len(n.kids), maxNodes)], node{name: t.Name})
				continue
			}
			kid, err := r.node(t, depth+1)
			if err != nil {
				return n, err
			}
			n.kids = append(n.kids, kid)
		case xml.EndElement:
			n.text = text.String()
			n.inner = r.body[from:max(from, at)]
			if end := bytes.LastIndex(n.inner, []byte("</")); end >= 0 && bytes.HasSuffix(n.inner[end:], []byte(e.Name.Local+">")) {
				n.inner = n.inner[:end] // its end tag closed another element first
			}
			return n, nil
		}
	}
}
