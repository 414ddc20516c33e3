package jobposting

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// dialect is microdata or RDFa Lite: the same tree under other attributes.
type dialect struct {
	scope, types, prop, id string
}

var (
	microdata = dialect{scope: "itemscope", types: "itemtype", prop: "itemprop", id: "itemid"}
	rdfa      = dialect{scope: "typeof", types: "typeof", prop: "property", id: "resource"}
)

// readMarkup is the things that a page marks up as microdata and as RDFa. It fails
// where elements are nested beyond the 512 that the parser takes.
func readMarkup(page []byte) ([]*Node, error) {
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return nil, err
	}
	var out []*Node
	for _, d := range []dialect{microdata, rdfa} {
		if !bytes.Contains(page, []byte(d.types)) {
			continue
		}
		w := &markup{dialect: d, root: doc}
		w.walk(doc, nil)
		out = append(out, w.top...)
	}
	return out, nil
}

type markup struct {
	dialect
	root  *html.Node
	top   []*Node
	nodes int
	ids   map[string]*html.Node // by id, for itemref
	depth int                   // of itemref
	steps int                   // nodes read for their text
}

// maxSteps bounds the work on texts within texts.
const maxSteps = 5_000_000

// walk adds what is marked up below n to the thing in, which may be nil.
func (w *markup) walk(n *html.Node, in *Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			w.element(c, in)
		}
	}
}

func (w *markup) element(e *html.Node, in *Node) {
	if w.nodes > maxNodes {
		return
	}
	names, named := attr(e, w.prop)
	if _, opens := attr(e, w.scope); opens {
		w.nodes++
		thing := w.thing(e)
		if in != nil && named {
			add(in, names, thing)
		} else {
			w.top = append(w.top, thing)
		}
		return
	}
	if named && in != nil {
		w.nodes++
		for name := range strings.FieldsSeq(names) {
			in.Add(name, w.literal(e, LocalName(name)))
		}
	}
	w.walk(e, in)
}

func add(to *Node, names string, v *Node) {
	for name := range strings.FieldsSeq(names) {
		to.Add(name, v)
	}
}

func (w *markup) thing(e *html.Node) *Node {
	thing := &Node{}
	types, _ := attr(e, w.types)
	for t := range strings.FieldsSeq(types) {
		thing.Types = append(thing.Types, LocalName(t))
	}
	thing.ID, _ = attr(e, w.id)
	if thing.Is("JobPosting") {
		w.walk(e, thing)
	} else {
		thing.Text = w.text(e) // a thing of the wrong kind may still be read as its text
		w.walk(e, thing)
	}
	if refs, ok := attr(e, "itemref"); ok && w.scope == "itemscope" && w.depth < 3 {
		w.depth++
		for ref := range strings.FieldsSeq(refs) {
			if other := w.byID(ref); other != nil && w.nodes < maxNodes {
				w.element(other, thing)
			}
		}
		w.depth--
	}
	return thing
}

func (w *markup) byID(id string) *html.Node {
	if w.ids == nil {
		w.ids = map[string]*html.Node{}
		for n := range w.root.Descendants() {
			if v, ok := attr(n, "id"); ok && w.ids[v] == nil {
				w.ids[v] = n
			}
		}
	}
	return w.ids[id]
}

// literal is what the element e states for the property name. Only properties
// that are addresses take an element's link rather than its text.
func (w *markup) literal(e *html.Node, name string) *Node {
	switch name {
	case "url", "sameAs", "logo", "image", "mainEntityOfPage":
		for _, key := range []string{"href", "src", "content", "data"} {
			if v, ok := attr(e, key); ok {
				return Literal(v)
			}
		}
	}
	for _, key := range []string{"content", "datetime", "value"} {
		if v, ok := attr(e, key); ok && strings.TrimSpace(v) != "" {
			return Literal(v)
		}
	}
	n := &Node{Text: w.text(e)}
	if n.Text == "" {
		for _, key := range []string{"href", "src", "resource", "alt"} {
			if v, ok := attr(e, key); ok {
				return Literal(v)
			}
		}
	}
	if longTexts[name] && w.steps < maxSteps {
		n.Markup = inner(e)
	}
	return n
}

// longTexts are the properties whose lists and paragraphs matter.
var longTexts = map[string]bool{
	"description": true, "responsibilities": true, "qualifications": true, "skills": true, "experienceRequirements": true,
	"educationRequirements": true, "jobBenefits": true, "incentiveCompensation": true, "benefits": true,
}

func inner(e *html.Node) string {
	var b strings.Builder
	for c := e.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && hidden(c) {
			continue
		}
		if err := html.Render(&b, c); err != nil {
			return ""
		}
	}
	return strings.TrimSpace(b.String())
}

// text is the text of an element on one line.
func (w *markup) text(e *html.Node) string {
	var b strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil && w.steps < maxSteps; c = c.NextSibling {
			w.steps += 1 + len(c.Data)/16
			switch {
			case c.Type == html.TextNode:
				b.WriteString(c.Data)
			case c.Type == html.ElementNode && !hidden(c):
				walk(c)
				b.WriteByte(' ')
			}
		}
	}
	walk(e)
	return strings.Join(strings.Fields(b.String()), " ")
}

func hidden(e *html.Node) bool {
	return e.DataAtom == atom.Script || e.DataAtom == atom.Style || e.DataAtom == atom.Template || e.DataAtom == atom.Noscript
}

func attr(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return strings.TrimSpace(a.Val), true
		}
	}
	return "", false
}
