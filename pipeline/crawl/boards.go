package crawl

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// ParseBoards reads a list of boards:
//
//	boards:
//	  - source: ashby        # the kind of board
//	    board: acme          # its name at the source
//	    employer: Acme Inc.  # optional; else as the source has it
//	    interval: 12h        # optional; else crawl.interval
//	    base_url: https://…  # optional; else the source's
//	  - {source: hn, board: whoishiring, threads: all}
//
// Further fields are options of the source. All errors are reported, joined, each
// as "name:line: field: what is wrong"; a board that is there twice is one.
func ParseBoards(name string, r io.Reader) ([]Board, error) {
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
	p := boardsParser{name: name, lines: map[string]int{}}
	for _, doc := range file.Docs {
		p.document(doc.Body)
	}
	return p.boards, errors.Join(p.errs...)
}

type boardsParser struct {
	name   string
	boards []Board
	lines  map[string]int // first line of each board, by id
	errs   []error
}

func (p *boardsParser) errorf(n ast.Node, format string, args ...any) {
	p.errs = append(p.errs, fmt.Errorf("%s:%d: %s", p.name, lineOf(n), fmt.Sprintf(format, args...)))
}

func lineOf(n ast.Node) int {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 {
		n = m.Values[0].Key
	}
	if n == nil || n.GetToken() == nil {
		return 1
	}
	return n.GetToken().Position.Line
}

func (p *boardsParser) document(body ast.Node) {
	switch n := body.(type) {
	case nil, *ast.NullNode, *ast.CommentGroupNode:
	case *ast.SequenceNode:
		p.list(n)
	case *ast.MappingNode, *ast.MappingValueNode:
		for _, kv := range pairs(n) {
			if key := kv.Key.String(); key != "boards" {
				p.errorf(kv.Key, "%s: unknown field%s", key, didYouMean(key, []string{"boards"}))
				continue
			}
			switch list := kv.Value.(type) {
			case *ast.SequenceNode:
				p.list(list)
			case *ast.NullNode:
			default:
				p.errorf(kv.Key, "boards: must be a list")
			}
		}
	default:
		p.errorf(n, "must be a list of boards under the key boards")
	}
}

func pairs(n ast.Node) []*ast.MappingValueNode {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}
	}
	return nil
}

func (p *boardsParser) list(seq *ast.SequenceNode) {
	for _, n := range seq.Values {
		kvs := pairs(n)
		if kvs == nil {
			p.errorf(n, "a board must have the fields source and board")
			continue
		}
		p.board(n, kvs)
	}
}

func (p *boardsParser) board(n ast.Node, kvs []*ast.MappingValueNode) {
	b := Board{Options: map[string]string{}}
	at := map[string]ast.Node{"": n}
	before := len(p.errs)
	for _, kv := range kvs {
		key := kv.Key.String()
		value, ok := scalar(kv.Value)
		if !ok {
			p.errorf(kv.Key, "%s: must be a single value", key)
			continue
		}
		at[key] = kv.Key
		p.field(&b, kv, key, value)
	}
	if b.Source == "" && at["source"] == nil {
		p.errorf(n, "source: missing")
	}
	if len(p.errs) > before {
		return
	}
	for _, err := range CheckBoard(b) {
		field, _, _ := strings.Cut(err.Error(), ":")
		where := at[field]
		if where == nil {
			where = n
		}
		p.errorf(where, "%s", err)
	}
	if first, twice := p.lines[b.ID()]; twice {
		p.errorf(n, "board %s is already on line %d", b.ID(), first)
	}
	if len(p.errs) > before {
		return
	}
	p.lines[b.ID()] = lineOf(n)
	if len(b.Options) == 0 {
		b.Options = nil
	}
	p.boards = append(p.boards, b)
}

func (p *boardsParser) field(b *Board, kv *ast.MappingValueNode, key, value string) {
	switch key {
	case "source":
		b.Source = value
	case "board":
		b.Board = value
	case "employer":
		b.Employer = value
	case "base_url":
		if !strings.HasPrefix(value, "http://") && !strings.HasPrefix(value, "https://") {
			p.errorf(kv.Key, "base_url: must be an http or https URL (got %q)", value)
		}
		b.BaseURL = strings.TrimRight(value, "/")
	case "interval":
		d, err := time.ParseDuration(value)
		if err != nil || d < time.Second {
			p.errorf(kv.Key, "interval: must be a duration of at least 1s, like 6h (got %q)", value)
		}
		b.Interval = d
	default:
		b.Options[key] = value
	}
}

// scalar is a value as it is written, without quotes.
func scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return strings.TrimSpace(n.Value.Value), true
	case *ast.NullNode:
		return "", true
	case ast.ScalarNode:
		return n.GetToken().Value, true
	}
	return "", false
}
