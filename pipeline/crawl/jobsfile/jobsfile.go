// Package jobsfile reads a file of postings at an address: JSONL, a JSON list or CSV
// in the form of package jsonl, also packed with gzip or zstd. The file is the
// whole board: a posting that is not in it any more has closed. Source and board
// are those of the board, whatever the lines say.
package jobsfile

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"jobcity/pipeline/crawl/jsonl"
	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/posting"
)

// Source is any file of postings. The board's name is free; its option "url" is the
// file's address, or the path under the board's base_url. Without it the name
// itself is the address.
func Source() source.Source {
	return source.Source{
		Start:   source.FileURL,
		Home:    func(source.Board) string { return "" },
		Options: []string{"url"},
		Check:   source.CheckFileURL,
		List:    list,
	}
}

func list(ctx context.Context, b source.Board, fetch source.Fetch, page func(source.Page) error) error {
	resp, err := fetch(ctx, source.Request{URL: source.FileURL(b)})
	if err != nil {
		return err
	}
	if resp.NotModified {
		return page(source.Page{Response: resp})
	}
	body, err := source.Unpacked(resp)
	if err != nil {
		return fmt.Errorf("file %s: %w", b.Board, err)
	}
	postings, bad, err := Decode(body, b)
	if err != nil {
		return err
	}
	return page(source.Page{Response: resp, Postings: postings, Bad: bad})
}

// file gathers what is read.
type file struct {
	board    source.Board
	postings []posting.Posting
	bad      []source.Bad
	named    bool // something in it had an id
}

// Decode reads a whole file. It fails if body is no such file, is cut short as far
// as that can be seen, or if not one of its lines can be read: then it is
// something else. A file of nothing but white space, an empty list and a CSV file
// of nothing but a header are empty boards; no bytes at all are not.
func Decode(body []byte, b source.Board) ([]posting.Posting, []source.Bad, error) {
	f := file{board: b, postings: []posting.Posting{}}
	err := f.read(bytes.TrimPrefix(body, []byte("\ufeff")))
	if err == nil && len(f.bad) > 0 && !f.named {
		err = fmt.Errorf("not one posting in it can be read: %s", f.bad[0].Reason)
	}
	if errors.Is(err, jsonl.ErrCut) {
		err = errors.New("the answer is cut short")
	}
	if err != nil {
		return nil, nil, fmt.Errorf("file %s: %w", b.Board, err)
	}
	return f.postings, f.bad, nil
}

func (f *file) read(body []byte) error {
	head := bytes.TrimLeft(body, " \t\r\n")
	switch {
	case len(body) == 0:
		return errors.New("the answer is empty")
	case len(head) == 0:
		return nil
	case head[0] == '<':
		return errors.New("the answer is a web page or XML, not a file of postings")
	case head[0] == '[':
		return jsonl.Elements(bytes.NewReader(body), "", f.object)
	case head[0] == '{':
		return f.lines(body)
	}
	whole := bytes.HasSuffix(body, []byte("\n"))
	var last jsonl.Row
	err := jsonl.Rows(bytes.NewReader(body), jsonl.CheckColumns, func(row jsonl.Row) error {
		last = row
		p, err := jsonl.FromText(row.Fields)
		f.add(row.Line-1, row.Raw, p, err)
		return nil
	})
	if err == nil && last.Short && !whole {
		return jsonl.ErrCut
	}
	return err
}

func (f *file) lines(body []byte) error {
	return jsonl.Lines(bufio.NewReader(bytes.NewReader(body)), func(n int, line []byte, tooLong bool) error {
		trimmed := bytes.TrimSpace(line)
		switch {
		case tooLong:
			f.add(n-1, line, posting.Posting{}, fmt.Errorf("a line longer than %d MiB", jsonl.MaxLine>>20))
		case len(trimmed) == 0:
		case !bytes.HasSuffix(line, []byte("\n")) && !json.Valid(trimmed):
			return jsonl.ErrCut // the last one
		default:
			return f.object(n-1, trimmed)
		}
		return nil
	})
}

func (f *file) object(i int, raw []byte) error {
	p, _, err := jsonl.DecodeLine(raw)
	f.add(i, raw, p, err)
	return nil
}

// add takes what was read at place i, or why it cannot be.
func (f *file) add(i int, raw []byte, p posting.Posting, err error) {
	f.named = f.named || p.NativeID != ""
	if err != nil {
		reason := err.Error()
		var field *jsonl.FieldError
		if errors.As(err, &field) {
			reason = "field " + reason
		}
		f.bad = append(f.bad, source.Bad{NativeID: p.NativeID, Index: i, Reason: reason, Raw: bytes.Clone(raw)})
		return
	}
	p.Source, p.Board = f.board.Source, f.board.Board
	if f.board.Employer != "" {
		p.Employer = f.board.Employer
	}
	f.postings = append(f.postings, p)
}
