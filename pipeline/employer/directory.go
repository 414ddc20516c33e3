package employer

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Parse reads what is known of employers:
//
//	employers:
//	  - name: Meta
//	    id: meta                      # optional; else the key of the name
//	    aliases: [Facebook, Meta Platforms]
//	    domains: [meta.com, facebook.com]
//	    agency: true                  # optional
//	agencies:
//	  names: [Robert Half]
//	  phrases: [staffing]             # whole words of a name that only agencies have
//	  except: [Acme Staffing Software]
//	nothing: [Confidential]           # names that say nothing
//	common: [data]                    # words that are no name alone
//
// All errors are reported, joined, each as "name:line: field: what is wrong".
func Parse(name string, r io.Reader) (*Directory, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		var ye yaml.Error
		if errors.As(err, &ye) && ye.GetToken() != nil {
			return nil, fmt.Errorf("%s:%d: %s", name, ye.GetToken().Position.Line, ye.GetMessage())
		}
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	p := reader{name: name, d: empty(), lines: map[string]int{}}
	for _, doc := range file.Docs {
		p.document(doc.Body)
	}
	if err := errors.Join(p.errs...); err != nil {
		return nil, err
	}
	return p.d, nil
}

// reader reads the nodes of a file into a directory.
type reader struct {
	name  string
	d     *Directory
	lines map[string]int // where each name and domain was first given
	later []entry        // employers, read once the words are known
	errs  []error
}

type entry struct {
	node            ast.Node
	name, id        string
	aliases, domain []item
	agency          bool
}

// item is one string of a list and where it stands.
type item struct {
	text string
	line int
}

func (p *reader) errorf(line int, format string, args ...any) {
	p.errs = append(p.errs, fmt.Errorf("%s:%d: %s", p.name, line, fmt.Sprintf(format, args...)))
}

func lineOf(n ast.Node) int {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 {
		return lineOf(m.Values[0].Key)
	}
	return n.GetToken().Position.Line
}

// fields calls take for each field of a mapping; others are errors.
func (p *reader) fields(n ast.Node, what string, take map[string]func(ast.Node)) {
	var values []*ast.MappingValueNode
	switch m := n.(type) {
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	case nil, *ast.NullNode:
		return
	default:
		p.errorf(lineOf(n), "%s: must be a mapping", what)
		return
	}
	for _, v := range values {
		key := v.Key.GetToken().Value
		if f := take[key]; f != nil {
			f(v.Value)
		} else {
			p.errorf(lineOf(v.Key), "%s: unknown field %q", what, key)
		}
	}
}

func (p *reader) text(n ast.Node, what string) string {
	if s, ok := n.(ast.ScalarNode); ok && n.Type() != ast.NullType {
		if text := strings.TrimSpace(fmt.Sprint(s.GetValue())); text != "" {
			return text
		}
	}
	p.errorf(lineOf(n), "%s: must be text", what)
	return ""
}

func (p *reader) list(n ast.Node, what string) []item {
	if _, none := n.(*ast.NullNode); none {
		return nil
	}
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		p.errorf(lineOf(n), "%s: must be a list", what)
		return nil
	}
	var items []item
	for _, v := range seq.Values {
		if t := p.text(v, what); t != "" {
			items = append(items, item{t, lineOf(v)})
		}
	}
	return items
}

func (p *reader) document(n ast.Node) {
	var agencies, except []item
	p.fields(n, "employers file", map[string]func(ast.Node){
		"employers": p.employers,
		"nothing":   p.into("nothing", p.d.nothing),
		"common":    p.into("common", p.d.common),
		"agencies": func(n ast.Node) {
			p.fields(n, "agencies", map[string]func(ast.Node){
				"names":  func(n ast.Node) { agencies = p.list(n, "names") },
				"except": func(n ast.Node) { except = p.list(n, "except") },
				"phrases": func(n ast.Node) {
					for _, i := range p.list(n, "phrases") {
						p.d.phrases = append(p.d.phrases, " "+words(i.text)+" ")
					}
				},
			})
		},
	})
	for _, e := range p.later {
		p.add(e)
	}
	for _, i := range agencies {
		p.d.agencies[p.d.Of(i.text).ID] = true
	}
	for _, i := range except {
		p.d.not[p.d.Of(i.text).ID] = true
	}
}

func (p *reader) into(what string, set map[string]bool) func(ast.Node) {
	return func(n ast.Node) {
		for _, i := range p.list(n, what) {
			set[words(i.text)] = true
		}
	}
}

func (p *reader) employers(n ast.Node) {
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		p.errorf(lineOf(n), "employers: must be a list")
		return
	}
	for _, v := range seq.Values {
		e := entry{node: v}
		p.fields(v, "employer", map[string]func(ast.Node){
			"name":    func(n ast.Node) { e.name = p.text(n, "name") },
			"id":      func(n ast.Node) { e.id = p.text(n, "id") },
			"aliases": func(n ast.Node) { e.aliases = p.list(n, "aliases") },
			"domains": func(n ast.Node) { e.domain = p.list(n, "domains") },
			"agency": func(n ast.Node) {
				b, ok := n.(*ast.BoolNode)
				if !ok {
					p.errorf(lineOf(n), "agency: must be true or false")
					return
				}
				e.agency = b.Value
			},
		})
		p.later = append(p.later, e)
	}
}

// add puts an employer under its names and domains.
func (p *reader) add(e entry) {
	line := lineOf(e.node)
	if e.name == "" {
		p.errorf(line, "name: is missing")
		return
	}
	known := &Employer{ID: e.id, Name: e.name, Agency: e.agency}
	if e.id == "" {
		known.ID = p.d.key(e.name)
	} else if strings.Join(tokens(e.id), "") != e.id {
		p.errorf(line, "id: must be lower-case letters and digits (got %q)", e.id)
		return
	}
	if known.ID == "" {
		p.errorf(line, "name: %q says nothing", e.name)
		return
	}
	for _, i := range append([]item{{e.name, line}}, e.aliases...) {
		if !p.first("name", words(i.text), i) {
			continue
		}
		p.d.named[words(i.text)] = known
		// A name that the data tells from its like by an id stands for itself alone.
		if key := p.d.key(i.text); e.id == "" || i.text != e.name {
			if p.d.keyed[key] == nil && words(i.text) == strings.Join(withoutForms(tokens(i.text)), " ") {
				p.d.keyed[key] = known
			}
		}
	}
	for _, i := range e.domain {
		domain := Domain(i.text)
		if domain == "" {
			p.errorf(i.line, "domains: %q is no domain", i.text)
			continue
		}
		if p.first("domain", domain, i) {
			p.d.domains[domain] = known
			if known.Domain == "" {
				known.Domain = domain
			}
		}
	}
}

// first says whether a name or domain is new, and reports one that is not.
func (p *reader) first(what, key string, i item) bool {
	if line, twice := p.lines[what+" "+key]; twice {
		p.errorf(i.line, "%s: %q is given twice, first in line %d", what, i.text, line)
		return false
	}
	p.lines[what+" "+key] = i.line
	return true
}
