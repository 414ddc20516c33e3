package query

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Format is a way to write a [Result].
type Format string

// The formats. NaN, infinities and nulls are null in all of them (an empty cell
// in those made of text); dates are ISO 8601 and times RFC 3339 in UTC.
const (
	Table    Format = "table"    // for people at a terminal
	CSV      Format = "csv"      // RFC 4180 with a header line
	JSON     Format = "json"     // one array of objects
	NDJSON   Format = "ndjson"   // one object a line
	Markdown Format = "markdown" // a pipe table
	Parquet  Format = "parquet"  // one file, zstd
	Arrow    Format = "arrow"    // an IPC stream
)

// Formats are all of them.
func Formats() []Format { return []Format{Table, CSV, JSON, NDJSON, Markdown, Parquet, Arrow} }

// ParseFormat finds the format of that name; its error names them all.
func ParseFormat(s string) (Format, error) {
	if slices.Contains(Formats(), Format(s)) {
		return Format(s), nil
	}
	names := make([]string, 0, len(Formats()))
	for _, f := range Formats() {
		names = append(names, string(f))
	}
	return "", fmt.Errorf("unknown format %q: must be one of %s", s, strings.Join(names, ", "))
}

// MediaType is what a server calls the format.
func (f Format) MediaType() string {
	switch f {
	case CSV:
		return "text/csv; charset=utf-8; header=present"
	case JSON:
		return "application/json"
	case NDJSON:
		return "application/x-ndjson"
	case Markdown:
		return "text/markdown; charset=utf-8"
	case Parquet:
		return "application/vnd.apache.parquet"
	case Arrow:
		return "application/vnd.apache.arrow.stream"
	default:
		return "text/plain; charset=utf-8"
	}
}

// Options are what some formats want to know.
type Options struct {
	Width    int               // table: columns of the terminal; 0: as wide as the rows are
	RawCSV   bool              // csv: leave out the guard against formulas
	Metadata map[string]string // parquet, arrow: kept in the schema
}

// Write writes r to w. In CSV a text cell that a spreadsheet would take for a
// formula (it begins with =, +, -, @, tab or carriage return) gets a ' in front,
// unless o.RawCSV.
func (r Result) Write(w io.Writer, f Format, o Options) error {
	var err error
	switch f {
	case Table:
		err = r.table(w, o.Width)
	case CSV:
		err = r.csv(w, o.RawCSV)
	case JSON:
		err = r.json(w)
	case NDJSON:
		err = r.ndjson(w)
	case Markdown:
		err = r.markdown(w)
	case Parquet:
		err = r.parquet(w, o.Metadata)
	case Arrow:
		err = r.arrow(w, o.Metadata)
	default:
		_, err = ParseFormat(string(f))
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", f, err)
	}
	return nil
}

// Bytes is what Write writes.
func (r Result) Bytes(f Format, o Options) ([]byte, error) {
	var b bytes.Buffer
	err := r.Write(&b, f, o)
	return b.Bytes(), err
}

// names are the columns' names, made distinct.
func (r Result) names() []string {
	seen := map[string]bool{}
	names := make([]string, len(r.Columns))
	for i, c := range r.Columns {
		name := c.Name
		for n := 1; seen[name]; n++ {
			name = fmt.Sprintf("%s_%d", c.Name, n)
		}
		seen[name] = true
		names[i] = name
	}
	return names
}

func (r Result) csv(w io.Writer, raw bool) error {
	cw := csv.NewWriter(w)
	cw.UseCRLF = true
	record := r.names()
	if !raw {
		for i := range record {
			record[i] = guard(record[i])
		}
	}
	if err := cw.Write(record); err != nil {
		return err
	}
	for _, row := range r.Rows {
		for i, v := range row {
			v = Plain(v, r.Columns[i].Type)
			record[i] = cell(v)
			if _, number := digits(v); !raw && !number {
				record[i] = guard(record[i])
			}
		}
		if err := cw.Write(record); err != nil {
			return err
		}
	}
	cw.Flush()
	return cw.Error()
}

// guard keeps a spreadsheet from running a cell.
func guard(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// MarshalJSON is the array of objects of format json.
func (r Result) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	err := r.json(&b)
	return b.Bytes(), err
}

func (r Result) json(w io.Writer) error {
	bw := bufio.NewWriter(w)
	sep := "["
	if len(r.Rows) == 0 {
		bw.WriteString(sep)
	}
	err := r.objects(func(object []byte) error {
		bw.WriteString(sep)
		_, err := bw.Write(object)
		sep = ",\n"
		return err
	})
	if err != nil {
		return err
	}
	bw.WriteString("]\n")
	return bw.Flush()
}

func (r Result) ndjson(w io.Writer) error {
	bw := bufio.NewWriter(w)
	err := r.objects(func(object []byte) error {
		bw.Write(object)
		return bw.WriteByte('\n')
	})
	if err != nil {
		return err
	}
	return bw.Flush()
}

// objects calls put with each row as a JSON object, its keys in the order of the
// columns. The bytes are good until put returns.
func (r Result) objects(put func([]byte) error) error {
	names := r.names()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	keys := make([]string, len(names))
	for i, n := range names {
		k, err := json.Marshal(n)
		if err != nil {
			return err
		}
		keys[i] = string(k)
	}
	for n, row := range r.Rows {
		b.Reset()
		for i, v := range row {
			b.WriteByte("{,"[min(i, 1)])
			b.WriteString(keys[i])
			b.WriteByte(':')
			if err := enc.Encode(Plain(v, r.Columns[i].Type)); err != nil {
				return fmt.Errorf("row %d, column %s: %w", n+1, names[i], err)
			}
			b.Truncate(b.Len() - 1) // the newline
		}
		b.WriteByte('}')
		if err := put(b.Bytes()); err != nil {
			return err
		}
	}
	return nil
}
