// Package nquads reads RDF 1.1 N-Quads (w3.org/TR/n-quads), the form in which Web
// Data Commons publishes what it found in web pages: a line a statement, those of
// one page, which is their graph, one after the other.
//
// The grammar is followed but for what its writers are known to break: an IRI may
// hold any visible character but angle brackets, and a pair of surrogates in escapes
// is the character it stands for. Halves of pairs and bytes that are no UTF-8 become
// U+FFFD.
package nquads

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Kind is what a term is.
type Kind int

// The kinds of terms.
const (
	None    Kind = iota // no graph: the statement belongs to the default one
	IRI                 // Value is the address
	Blank               // Value is the label, with "_:"
	Literal             // Value is the text
)

// Term is one place of a statement.
type Term struct {
	Kind     Kind
	Value    string
	Datatype string // IRI of a literal's type, "" for a string
	Language string // BCP 47 tag of a literal, as written, "" if it has none
}

// Quad is one statement.
type Quad struct {
	Subject, Predicate, Object, Graph Term
}

// SyntaxError is a line that is no statement.
type SyntaxError struct {
	Column  int // from 1, in bytes
	Problem string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("column %d: %s", e.Column, e.Problem) }

// Parser parses line after line. It remembers the terms that come again with each
// line of a page. Its zero value is ready.
type Parser struct {
	line  []byte
	at    int
	text  []byte            // of the term that is read, if it holds escapes
	last  [3]string         // subject, datatype or language, graph of the line before
	terms map[string]string // predicates, of which there are few
}

// maxTerms is how many predicates are remembered.
const maxTerms = 4096

// Parse reads one line, with or without its end. ok is false for one that holds no
// statement: empty, or only a comment. The error is a [*SyntaxError].
func (p *Parser) Parse(line []byte) (q Quad, ok bool, err error) {
	p.line, p.at = line, 0
	p.space()
	if p.done() {
		return Quad{}, false, nil
	}
	if q.Subject, err = p.node("a subject", &p.last[0]); err != nil {
		return Quad{}, false, err
	}
	p.space()
	if p.peek() != '<' {
		return Quad{}, false, p.fault("a predicate, an IRI in angle brackets, must be here")
	}
	raw, err := p.iri()
	if err != nil {
		return Quad{}, false, err
	}
	q.Predicate = Term{Kind: IRI, Value: p.remember(raw)}
	p.space()
	if q.Object, err = p.object(); err != nil {
		return Quad{}, false, err
	}
	p.space()
	if c := p.peek(); c == '<' || c == '_' {
		if q.Graph, err = p.node("a graph", &p.last[2]); err != nil {
			return Quad{}, false, err
		}
		p.space()
	}
	if p.peek() != '.' {
		return Quad{}, false, p.fault("the statement does not end with a full stop")
	}
	p.at++
	p.space()
	if !p.done() {
		return Quad{}, false, p.fault("something follows the statement")
	}
	return q, true, nil
}

func (p *Parser) fault(problem string) error {
	return &SyntaxError{Column: p.at + 1, Problem: problem}
}

// peek is the next byte, 0 at the end.
func (p *Parser) peek() byte {
	if p.at < len(p.line) {
		return p.line[p.at]
	}
	return 0
}

func (p *Parser) space() {
	for p.at < len(p.line) && (p.line[p.at] == ' ' || p.line[p.at] == '\t') {
		p.at++
	}
}

// done: the line ends here, or a comment begins.
func (p *Parser) done() bool {
	c := p.peek()
	return p.at >= len(p.line) || c == '#' || c == '\n' || c == '\r'
}

// same is raw as a string, without a copy if it is what *last is.
func same(raw []byte, last *string) string {
	if string(raw) != *last {
		*last = string(raw)
	}
	return *last
}

func (p *Parser) remember(raw []byte) string {
	if s, ok := p.terms[string(raw)]; ok {
		return s
	}
	s := string(raw)
	if p.terms == nil {
		p.terms = map[string]string{}
	}
	if len(p.terms) < maxTerms {
		p.terms[s] = s
	}
	return s
}

// node reads an IRI or a blank node.
func (p *Parser) node(what string, last *string) (Term, error) {
	switch p.peek() {
	case '<':
		raw, err := p.iri()
		return Term{Kind: IRI, Value: same(raw, last)}, err
	case '_':
		raw, err := p.blank()
		return Term{Kind: Blank, Value: same(raw, last)}, err
	}
	return Term{}, p.fault(what + ", an IRI in angle brackets or a blank node, must be here")
}

func (p *Parser) object() (Term, error) {
	var unique string
	switch p.peek() {
	case '<', '_':
		return p.node("an object", &unique)
	case '"':
		return p.literal()
	}
	return Term{}, p.fault("an object must be here")
}

// iri reads <…>. What it returns is valid until the next term.
func (p *Parser) iri() ([]byte, error) {
	p.at++
	from := p.at
	for i, c := range p.line[from:] {
		switch {
		case c == '>':
			raw := p.line[from : from+i]
			if bytes.IndexByte(raw, '\\') < 0 {
				p.at = from + i + 1
				return valid(raw), nil
			}
			if err := p.unescape(raw, false); err != nil {
				return nil, err
			}
			p.at = from + i + 1
			return valid(p.text), nil
		case c <= ' ', c == '<':
			p.at = from + i
			return nil, p.fault("this character may not be in an IRI")
		}
	}
	p.at = len(p.line)
	return nil, p.fault("the IRI does not end")
}

// blank reads _:label.
func (p *Parser) blank() ([]byte, error) {
	from := p.at
	if !bytes.HasPrefix(p.line[from:], []byte("_:")) {
		return nil, p.fault("a blank node begins with _:")
	}
	end := from + 2
	for end < len(p.line) {
		r, size := utf8.DecodeRune(p.line[end:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != ':' && r != '-' && r != '.' && r != '·' && !unicode.Is(unicode.Mn, r) {
			break
		}
		end += size
	}
	for end > from+2 && p.line[end-1] == '.' {
		end-- // that of the statement
	}
	if end == from+2 || p.line[from+2] == '-' || p.line[from+2] == '.' {
		p.at = from + 2
		return nil, p.fault("a blank node's label must be here")
	}
	p.at = end
	return p.line[from:end], nil
}

// literal reads "…", "…"@language or "…"^^<datatype>.
func (p *Parser) literal() (Term, error) {
	p.at++
	from := p.at
	end, escaped := from, false
	for ; ; end++ {
		if end >= len(p.line) || p.line[end] == '\n' || p.line[end] == '\r' {
			p.at = end
			return Term{}, p.fault("the literal does not end")
		}
		if p.line[end] == '"' {
			break
		}
		if p.line[end] == '\\' {
			escaped = true
			end++
		}
	}
	t := Term{Kind: Literal}
	if escaped {
		if err := p.unescape(p.line[from:end], true); err != nil {
			return Term{}, err
		}
		t.Value = string(valid(p.text))
	} else {
		t.Value = string(valid(p.line[from:end]))
	}
	p.at = end + 1
	switch {
	case p.peek() == '@':
		p.at++
		from := p.at
		for p.at < len(p.line) && (isLetter(p.line[p.at]) || p.at > from && (p.line[p.at] == '-' || p.line[p.at] >= '0' && p.line[p.at] <= '9')) {
			p.at++
		}
		if p.at == from || p.line[p.at-1] == '-' {
			return Term{}, p.fault("a language tag must be here")
		}
		t.Language = same(p.line[from:p.at], &p.last[1])
	case bytes.HasPrefix(p.line[p.at:], []byte("^^<")):
		p.at += 2
		raw, err := p.iri()
		if err != nil {
			return Term{}, err
		}
		t.Datatype = same(raw, &p.last[1])
	case bytes.HasPrefix(p.line[p.at:], []byte("^^")):
		p.at += 2
		return Term{}, p.fault("a datatype, an IRI in angle brackets, must be here")
	}
	return t, nil
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// valid replaces bytes that are no UTF-8.
func valid(b []byte) []byte {
	if utf8.Valid(b) {
		return b
	}
	return bytes.ToValidUTF8(b, []byte("\uFFFD"))
}

// short are the escapes of one letter (ECHAR in the grammar).
var short = [256]byte{'t': '\t', 'b': '\b', 'n': '\n', 'r': '\r', 'f': '\f', '"': '"', '\'': '\'', '\\': '\\'}

// unescape puts raw into p.text with its escapes undone. Those of one letter belong
// to literals only. p.at is where raw begins.
func (p *Parser) unescape(raw []byte, literal bool) error {
	begin := p.at
	p.text = p.text[:0]
	for i := 0; i < len(raw); {
		next := bytes.IndexByte(raw[i:], '\\')
		if next < 0 {
			p.text = append(p.text, raw[i:]...)
			break
		}
		p.text = append(p.text, raw[i:i+next]...)
		i += next
		p.at = begin + i
		if i+1 >= len(raw) {
			return p.fault("an escape does not end")
		}
		c := raw[i+1]
		if literal && short[c] != 0 {
			p.text = append(p.text, short[c])
			i += 2
			continue
		}
		r, size := number(raw[i:])
		if size == 0 {
			return p.fault("there is no such escape")
		}
		i += size
		if utf16.IsSurrogate(r) {
			low, size := number(raw[i:])
			if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
				i += size
			}
		}
		p.text = utf8.AppendRune(p.text, r)
	}
	return nil
}

// number reads \uXXXX or \UXXXXXXXX; size is 0 if b does not begin with one.
func number(b []byte) (r rune, size int) {
	switch {
	case bytes.HasPrefix(b, []byte(`\u`)) && len(b) >= 6:
		size = 6
	case bytes.HasPrefix(b, []byte(`\U`)) && len(b) >= 10:
		size = 10
	default:
		return 0, 0
	}
	n, err := strconv.ParseUint(string(b[2:size]), 16, 32)
	if err != nil || n > unicode.MaxRune || strings.ContainsAny(string(b[2:size]), "_+-") {
		return 0, 0
	}
	return rune(n), size
}
