package jobposting

import (
	"bytes"
	"html"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// lax reads JSON as sites write it. What is valid JSON is read as such; beyond it,
// control characters in strings, unescaped quotes, comments, CDATA and comment
// wrappers, stray commas and semicolons, single quotes, bare keys and a missing
// end are all read for what they can only mean.
type lax struct {
	b       []byte
	i       int
	depth   int
	nodes   int
	second  int // strings whose end had to be looked for again
	closeAt int // the quote found then
	slab    []Node
	damage  string // the first repair that may have cost something
}

// readJSON is the things that block holds. damage says what was lost, "" if
// nothing was.
func readJSON(block []byte) (trees []*Node, damage string) {
	if escapedWhole(block) {
		block = []byte(html.UnescapeString(string(block)))
	}
	p := &lax{b: block}
	trees = p.all()
	if len(trees) == 0 && p.damage == "" {
		p.hurt("it is not JSON")
	}
	return trees, p.damage
}

// escapedWhole: the JSON's own quotes are written as HTML entities.
func escapedWhole(b []byte) bool {
	head := b[:min(len(b), 200)]
	at := bytes.IndexByte(head, '&')
	if at < 0 || bytes.IndexByte(head[:at], '"') >= 0 {
		return false
	}
	for _, quote := range []string{"&quot;", "&#34;", "&#x22;", "&#034;"} {
		if bytes.HasPrefix(head[at:], []byte(quote)) {
			return true
		}
	}
	return false
}

func (p *lax) hurt(what string) {
	if p.damage == "" {
		p.damage = what
	}
}

// all reads one value after another and passes over what is none: "var x =", ";".
func (p *lax) all() []*Node {
	var out []*Node
	for {
		p.skip()
		if p.i >= len(p.b) {
			return out
		}
		switch p.b[p.i] {
		case '{', '[':
			out = p.value(out, inList)
		case '"': // JSON inside a JSON string
			if s := p.str(inList); strings.HasPrefix(strings.TrimSpace(s), "{") && p.depth == 0 {
				inner := &lax{b: []byte(s), depth: 1, nodes: p.nodes}
				out = append(out, inner.all()...)
				p.nodes = inner.nodes
			}
		default:
			p.i++
		}
	}
}

// skip passes over white space, comments and wrappers.
func (p *lax) skip() {
	for p.i < len(p.b) {
		switch c := p.b[p.i]; {
		case c <= ' ':
			p.i++
		case c == '/' || c == '<' || c == '-' || c == ']' || c >= 0x80:
			n := wrapper(p.b[p.i:])
			if n == 0 {
				return
			}
			p.i += n
		default:
			return
		}
	}
}

// wrapper is the length of the comment, wrapper or exotic space that b starts
// with, 0 if it starts with none.
func wrapper(b []byte) int {
	for _, w := range []string{"<![CDATA[", "]]>", "<!--", "-->", "--!>", "\ufeff", "\u00a0", "\u2028", "\u2029", "\u200b"} {
		if bytes.HasPrefix(b, []byte(w)) {
			return len(w)
		}
	}
	switch {
	case bytes.HasPrefix(b, []byte("/*")):
		if end := bytes.Index(b, []byte("*/")); end >= 2 {
			return end + 2
		}
		return 2
	case bytes.HasPrefix(b, []byte("*/")):
		return 2
	case bytes.HasPrefix(b, []byte("//")):
		rest := bytes.TrimLeft(b[2:], " \t")
		if len(rest) > 0 && (rest[0] == '<' || rest[0] == ']' || rest[0] == '-') && wrapper(rest) > 0 {
			return len(b) - len(rest) // what follows the wrapper on its line is JSON
		}
		if end := bytes.IndexByte(b, '\n'); end >= 0 {
			return end + 1
		}
		return len(b)
	}
	return 0
}

// where a string stands decides what may follow it.
type where int

const (
	inKey where = iota
	inObject
	inList
)

// value appends the value at p.i to out: nothing for null, all elements of a list.
func (p *lax) value(out []*Node, at where) []*Node {
	p.skip()
	if p.i >= len(p.b) {
		p.hurt("it is cut short")
		return out
	}
	switch p.b[p.i] {
	case '{':
		return append(out, p.object())
	case '[':
		return p.list(out)
	case '"', '\'':
		n := p.node()
		n.Text = p.str(at)
		return append(out, n)
	case ',', '}', ']', ':':
		p.hurt("a value is missing")
		return out
	}
	text := p.bare(",}]\n\r")
	if text == "" || text == "null" || text == "undefined" || text == "NaN" {
		return out
	}
	n := p.node()
	_, err := strconv.ParseFloat(text, 64)
	n.Text, n.Number = text, err == nil
	return append(out, n)
}

// bare reads up to one of the ends or a comment. It always moves on.
func (p *lax) bare(ends string) string {
	start := p.i
	for p.i++; p.i < len(p.b) && strings.IndexByte(ends, p.b[p.i]) < 0; p.i++ {
		if p.b[p.i] == '/' && p.i+1 < len(p.b) && (p.b[p.i+1] == '*' || p.b[p.i+1] == '/') {
			break
		}
	}
	return string(bytes.TrimSpace(p.b[start:p.i]))
}

func (p *lax) node() *Node {
	p.nodes++
	if p.nodes > maxNodes {
		p.hurt("it holds too many values")
		p.i = len(p.b)
	}
	if len(p.slab) == 0 {
		p.slab = make([]Node, 16)
	}
	n := &p.slab[0]
	p.slab = p.slab[1:]
	return n
}

func (p *lax) enter() {
	p.i++
	p.depth++
	if p.depth > maxDepth {
		p.hurt("it is nested too deeply")
		p.i = len(p.b)
	}
}

func (p *lax) list(out []*Node) []*Node {
	p.enter()
	defer func() { p.depth-- }()
	for {
		if p.skip(); p.i >= len(p.b) {
			p.hurt("it is cut short")
			return out
		}
		switch p.b[p.i] {
		case ']':
			p.i++
			return out
		case ',', ';':
			p.i++
		case '}', ':':
			p.hurt("a list does not end")
			if p.b[p.i] == '}' {
				return out
			}
			p.i++
		default:
			out = p.value(out, inList)
		}
	}
}

func (p *lax) object() *Node {
	n := p.node()
	p.enter()
	defer func() { p.depth-- }()
	for {
		if p.skip(); p.i >= len(p.b) {
			p.hurt("it is cut short")
			return n
		}
		var key string
		switch c := p.b[p.i]; c {
		case '}':
			p.i++
			return n
		case ',', ';':
			p.i++
			continue
		case ']':
			p.hurt("an object does not end")
			return n
		case '"', '\'':
			key = p.key()
		case ':', '{', '[':
			p.hurt("a value has no name")
			p.i++
			continue
		default:
			key = p.bare(":,}]\n")
		}
		if p.skip(); p.i >= len(p.b) || p.b[p.i] != ':' {
			p.hurt("a name has no value")
			continue
		}
		p.i++
		n.set(key, p.value(nil, inObject))
	}
}

// set gives n a property, or what a keyword of JSON-LD stands for.
func (n *Node) set(key string, values []*Node) {
	switch {
	case len(values) == 0:
	case key == "@type" || key == "type" && len(values[0].Props) == 0 && LocalName(values[0].Text) == "JobPosting":
		for _, v := range values {
			n.Types = append(n.Types, LocalName(v.Text))
		}
	case key == "@id":
		n.ID = values[0].Text
	case key == "@value":
		n.Text, n.Number = values[0].Text, values[0].Number
	case key == "@context" || key == "@language":
	case strings.HasPrefix(key, "@"): // @graph, @list, @set
		n.Props = append(n.Props, Prop{Name: key, Values: values})
	default:
		n.Add(key, values...)
	}
}

// key reads a name without copying it, if it is one that is known.
func (p *lax) key() string {
	rest := p.b[p.i+1:]
	if end := bytes.IndexByte(rest[:min(len(rest), 64)], '"'); p.b[p.i] == '"' && end >= 0 {
		if name, ok := propertyNames[string(rest[:end])]; ok {
			p.i += end + 2
			return name
		}
	}
	return p.str(inKey)
}

// str reads the string at p.i. A quote ends it only if what follows can follow a
// string there. If no quote does, the first that comes near does.
func (p *lax) str(at where) string {
	quote := p.b[p.i]
	p.i++
	start, near := p.i, -1
	var out []byte
	from := p.i // not yet in out
	for p.i < len(p.b) {
		next := bytes.IndexByte(p.b[p.i:], quote)
		stop := len(p.b)
		if next >= 0 {
			stop = p.i + next
		}
		for { // escapes before it
			esc := bytes.IndexByte(p.b[p.i:stop], '\\')
			if esc < 0 {
				p.i = stop
				break
			}
			out = append(out, p.b[from:p.i+esc]...)
			p.i += esc
			out = p.escape(out)
			if from = p.i; p.i > stop {
				break // it was the quote
			}
		}
		if p.i != stop || stop == len(p.b) {
			continue
		}
		if at == inKey || stop == p.closeAt || p.second > 20 || p.closes(stop+1, at) {
			p.i = stop + 1
			if out == nil {
				return string(p.b[start:stop])
			}
			return string(append(out, p.b[from:stop]...))
		}
		if near < 0 && mayFollow(p.b[stop+1:]) {
			near = stop
		}
		p.i++ // a quote inside the text
	}
	if near >= 0 {
		p.i, p.closeAt = start-1, near
		s := p.str(at)
		p.closeAt = 0
		p.second++
		return s
	}
	p.hurt("it is cut short")
	return string(append(out, p.b[min(from, len(p.b)):]...))
}

// mayFollow: what follows a quote is what follows a string, on the face of it.
func mayFollow(b []byte) bool {
	b = bytes.TrimLeft(b[:min(len(b), 100)], " \t\r\n")
	return len(b) > 0 && strings.IndexByte(",}]", b[0]) >= 0
}

// closes looks at what follows a quote. It is true for every string of valid JSON.
func (p *lax) closes(i int, at where) bool {
	i = pastSpace(p.b, i)
	if i == len(p.b) {
		return true
	}
	switch p.b[i] {
	case '}':
		return at == inObject || p.depth < 2
	case ']':
		return at == inList || bytes.HasPrefix(p.b[i:], []byte("]]>"))
	case '/', '<':
		return wrapper(p.b[i:]) > 0
	case '"':
		return at == inObject && nameFollows(p.b, i)
	case ',':
		i = pastSpace(p.b, i+1)
		if at == inObject {
			return nameFollows(p.b, i)
		}
		return i == len(p.b) || strings.IndexByte("\"'{[]-0123456789/", p.b[i]) >= 0 || literalFollows(p.b[i:])
	}
	return false
}

func pastSpace(b []byte, i int) int {
	for i < len(b) && b[i] <= ' ' {
		i++
	}
	return i
}

func literalFollows(b []byte) bool {
	for _, word := range []string{"true", "false", "null"} {
		if bytes.HasPrefix(b, []byte(word)) {
			return true
		}
	}
	return false
}

// nameFollows: at i stands a property's name with its colon, or the end.
func nameFollows(b []byte, i int) bool {
	if i == len(b) {
		return true
	}
	const longest = 300
	switch c := b[i]; {
	case c == '}' || c == '/' || c == ',':
		return true
	case c == '"' || c == '\'':
		rest := b[i+1 : min(len(b), i+longest)]
		end := bytes.IndexByte(rest, c)
		if end < 0 {
			return len(rest) == longest-1
		}
		if bytes.IndexByte(rest[:end], '\\') >= 0 {
			return true
		}
		end = pastSpace(b, i+1+end+1)
		return end == len(b) || b[end] == ':'
	case c == '@' || c == '_' || c == '$' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		for i < len(b) && (b[i] == '@' || b[i] == '_' || b[i] == '$' || b[i] >= '0' && b[i] <= '9' || b[i]|0x20 >= 'a' && b[i]|0x20 <= 'z') {
			i++
		}
		i = pastSpace(b, i)
		return i < len(b) && b[i] == ':'
	}
	return false
}

// escape appends what the escape at p.i stands for, as JavaScript reads it.
func (p *lax) escape(out []byte) []byte {
	if p.i+1 >= len(p.b) {
		p.i = len(p.b)
		return out
	}
	c := p.b[p.i+1]
	p.i += 2
	switch c {
	case 'n':
		return append(out, '\n')
	case 't':
		return append(out, '\t')
	case 'r':
		return append(out, '\r')
	case 'b', 'f':
		return append(out, ' ')
	case 'u':
		r, ok := p.hex4()
		if !ok {
			return append(out, `\u`...)
		}
		if utf16.IsSurrogate(r) {
			first := p.i
			if bytes.HasPrefix(p.b[p.i:], []byte(`\u`)) {
				p.i += 2
				low, ok := p.hex4()
				if pair := utf16.DecodeRune(r, low); ok && pair != utf8.RuneError {
					return utf8.AppendRune(out, pair)
				}
				p.i = first
			}
			r = utf8.RuneError
		}
		return utf8.AppendRune(out, r)
	}
	return append(out, c)
}

func (p *lax) hex4() (rune, bool) {
	if p.i+4 > len(p.b) {
		return 0, false
	}
	n, err := strconv.ParseUint(string(p.b[p.i:p.i+4]), 16, 16)
	if err != nil {
		return 0, false
	}
	p.i += 4
	return rune(n), true
}
