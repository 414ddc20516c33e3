package jsonl

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// ErrCut is a file that ends too early.
var ErrCut = errors.New("the file is cut short")

// Lines hands every line of in to each, with its number from 1, until each fails.
// Of a line longer than [MaxLine] line is the beginning. A line is valid until each
// returns.
func Lines(in *bufio.Reader, each func(n int, line []byte, tooLong bool) error) error {
	for n := 1; ; n++ {
		line, tooLong, err := readLine(in)
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("line %d: %w", n, ReadError(err))
		}
		if err := each(n, line, tooLong); err != nil {
			return err
		}
		if err != nil {
			return nil
		}
	}
}

// readLine returns the next line, or its beginning if it is too long. It is valid
// until the next call.
func readLine(in *bufio.Reader) (line []byte, tooLong bool, err error) {
	line, err = in.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return line, false, err
	}
	line = slices.Clone(line)
	for errors.Is(err, bufio.ErrBufferFull) {
		var more []byte
		more, err = in.ReadSlice('\n')
		if tooLong = tooLong || len(line)+len(more) > MaxLine; !tooLong {
			line = append(line, more...)
		}
	}
	return line, tooLong, err
}

// Elements hands every element of the JSON list that is in, or is under key in it,
// to each, with its number from 0, until each fails.
func Elements(in io.Reader, key string, each func(i int, raw []byte) error) error {
	dec := json.NewDecoder(in)
	if err := enterList(dec, key); err != nil {
		return err
	}
	for i := 0; dec.More(); i++ {
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return fmt.Errorf("element %d: %w", i, ReadError(err))
		}
		if err := each(i, raw); err != nil {
			return err
		}
	}
	_, err := dec.Token()
	return ReadError(err)
}

// enterList steps into the list that is the document, or is under key in it.
func enterList(dec *json.Decoder, key string) error {
	t, err := dec.Token()
	if err != nil {
		return ReadError(err)
	}
	if t == json.Delim('[') {
		return nil
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return ReadError(err)
		}
		if name == key {
			if t, err = dec.Token(); err != nil {
				return ReadError(err)
			}
			if t != json.Delim('[') {
				return fmt.Errorf("%q is not a list", key)
			}
			return nil
		}
		var skip json.RawMessage
		if err := dec.Decode(&skip); err != nil {
			return ReadError(err)
		}
	}
	return fmt.Errorf("no list %q", key)
}

// Row is one row of a CSV file.
type Row struct {
	Line   int               // on which it begins, from 1
	Fields map[string]string // by [ColumnName]
	Raw    []byte            // its cells
	Short  bool              // it has fewer cells than the header
}

// Delimiter is what stands between the cells of a CSV file with this header row: a
// comma, or a semicolon or tab where there are more of those.
func Delimiter(header []byte) rune {
	best := ','
	for _, d := range ";\t" {
		if bytes.Count(header, []byte(string(d))) > bytes.Count(header, []byte(string(best))) {
			best = d
		}
	}
	return best
}

// Rows streams a CSV file with a header row: header gets the names of its columns,
// each every row, until one of them fails.
func Rows(in io.Reader, header func(columns []string) error, each func(Row) error) error {
	buffered := bufio.NewReaderSize(in, 64<<10)
	head, _ := buffered.Peek(64 << 10) // of a file that cannot be read the reader below tells
	head, _, _ = bytes.Cut(head, []byte("\n"))
	r := csv.NewReader(buffered)
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = Delimiter(head), -1, true, true
	first, err := r.Read()
	if err != nil {
		return ReadError(err)
	}
	columns := make([]string, len(first))
	for i, cell := range first {
		columns[i] = ColumnName(cell)
	}
	if err := header(columns); err != nil {
		return err
	}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return ReadError(err)
		}
		line, _ := r.FieldPos(0)
		row := Row{Line: line, Fields: make(map[string]string, len(columns)), Raw: []byte(strings.Join(cells, ",")), Short: len(cells) < len(columns)}
		for i, cell := range cells[:min(len(cells), len(columns))] {
			row.Fields[columns[i]] = cell
		}
		if err := each(row); err != nil {
			return err
		}
	}
}

// ColumnName is a header cell in the form of [Fields].
func ColumnName(cell string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(strings.TrimPrefix(cell, "\ufeff"))), " ", "_")
}

// CheckColumns says why the columns of a CSV file are not those of a file of
// postings.
func CheckColumns(columns []string) error {
	known := 0
	for _, c := range columns {
		if slices.Contains(Fields(), c) {
			known++
		}
	}
	switch {
	case known < 2:
		return errors.New("of no known form: neither JSON, nor JSONL, nor CSV with a header row")
	case !slices.Contains(columns, "id"):
		return fmt.Errorf("a CSV file without a column id; its columns are %s", strings.Join(columns, ", "))
	}
	return nil
}

// ReadError says plainly what an error of reading a file means: [ErrCut] where it
// ends too early.
func ReadError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return ErrCut
	}
	return fmt.Errorf("read: %w", err)
}
