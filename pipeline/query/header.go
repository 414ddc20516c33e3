package query

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	nameRE   = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	headerRE = regexp.MustCompile(`^--\s*([a-z]+):\s*(.*?)\s*$`)
	paramRE  = regexp.MustCompile(`^(\S+)\s+(\S+)(?:\s+in\s+(\S+))?(\s+=\s*(.*?))?(?:\s+--\s+(.*))?$`)
)

// Load reads every .sql file of dir. Its error holds all that is wrong with all
// of them, one line each, as file:line: reason.
func Load(fsys fs.FS, dir string) (*Catalog, error) {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil, fmt.Errorf("read queries: %w", err)
	}
	c := &Catalog{}
	var errs []error
	for _, e := range entries {
		if e.IsDir() || path.Ext(e.Name()) != ".sql" {
			continue
		}
		file := path.Join(dir, e.Name())
		text, err := fs.ReadFile(fsys, file)
		if err != nil {
			errs = append(errs, fmt.Errorf("read query: %w", err))
			continue
		}
		q, err := parse(file, string(text))
		if err != nil {
			errs = append(errs, err)
			continue
		}
		c.queries = append(c.queries, q)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return c, nil
}

// header gathers a query from its header lines, and what is wrong with them.
type header struct {
	file  string
	query *Query
	lines map[string]int // of each parameter
	errs  []error

	baseLine  int // 0: not given
	partLines []int
}

func (h *header) fail(line int, format string, args ...any) {
	h.errs = append(h.errs, fmt.Errorf("%s:%d: %s", h.file, line, fmt.Sprintf(format, args...)))
}

func parse(file, text string) (*Query, error) {
	h := &header{file: file, query: &Query{SQL: text, Params: []Param{}, Base: Base{"postings", "employers"}}, lines: map[string]int{}}
	end := h.read(text)
	q := h.query
	if want := strings.TrimSuffix(path.Base(file), ".sql"); q.Name != want {
		h.fail(1, "name: must be the file's name, %q (got %q)", want, q.Name)
	} else if !nameRE.MatchString(q.Name) {
		h.fail(1, "name: %q must be lower case letters, digits and _, a letter first", q.Name)
	}
	if q.Title == "" {
		h.fail(1, "title: missing")
	}
	if len(q.Columns) == 0 {
		h.fail(1, "column: missing")
	}
	h.checkBase()
	uses, statements := scan(text)
	if statements != 1 {
		h.fail(end, "must hold one statement (got %d)", statements)
	}
	for _, u := range uses {
		if _, ok := h.lines[u.name]; !ok {
			h.fail(u.line, "$%s is used but not declared", u.name)
		}
	}
	for _, p := range q.Params {
		if !slices.ContainsFunc(uses, func(u use) bool { return u.name == p.Name }) {
			h.fail(h.lines[p.Name], "param %s is declared but not used", p.Name)
		}
	}
	if len(h.errs) > 0 {
		return nil, errors.Join(h.errs...)
	}
	return q, nil
}

// read reads the header, the comment lines at the top, and returns the number of
// the first line after it.
func (h *header) read(text string) int {
	sc := bufio.NewScanner(strings.NewReader(text))
	sc.Buffer(nil, 1<<20)
	n := 1
	for ; sc.Scan() && strings.HasPrefix(sc.Text(), "--"); n++ {
		m := headerRE.FindStringSubmatch(sc.Text())
		if m == nil {
			h.fail(n, "header line is not `-- key: value`")
			continue
		}
		h.set(n, m[1], m[2])
	}
	return n
}

func (h *header) set(line int, key, value string) {
	q := h.query
	switch key {
	case "name":
		q.Name = value
	case "title":
		q.Title = value
	case "doc":
		q.Doc = strings.TrimSpace(q.Doc + " " + value)
	case "param":
		h.param(line, value)
	case "column":
		h.columns(line, value)
	case "base":
		h.base(line, value)
	default:
		h.fail(line, "unknown header key %q%s", key, orNear(key, []string{"name", "title", "doc", "param", "base", "column"}))
	}
}

func (h *header) param(line int, value string) {
	m := paramRE.FindStringSubmatch(value)
	if m == nil {
		h.fail(line, "param: want `name type [in …] [= default] [-- what it is]` (got %q)", value)
		return
	}
	p := Param{Name: m[1], Type: m[2], Required: m[4] == "", Doc: m[6]}
	if !nameRE.MatchString(p.Name) {
		h.fail(line, "param: bad name %q", p.Name)
		return
	}
	if _, ok := h.lines[p.Name]; ok {
		h.fail(line, "param %s is declared twice", p.Name)
		return
	}
	h.lines[p.Name] = line
	if !slices.Contains(paramTypes(), p.Type) {
		h.fail(line, "param %s: type must be one of %s (got %q)", p.Name, strings.Join(paramTypes(), ", "), p.Type)
		return
	}
	if err := p.allow(m[3]); err != nil {
		h.fail(line, "param %s: %v", p.Name, err)
		return
	}
	switch fallback := m[5]; {
	case p.Required || fallback == "null":
	case fallback == "":
		h.fail(line, "param %s: default is missing after =", p.Name)
	default:
		p.Default = &fallback
		if _, err := p.convert(fallback); err != nil {
			h.fail(line, "param %s: default: %v", p.Name, err)
		}
	}
	h.query.Params = append(h.query.Params, p)
}

// allow reads what stands after in: a|b|c for a text, least..most for a number.
func (p *Param) allow(in string) error {
	switch {
	case in == "":
		return nil
	case p.Type == "text":
		p.Values = strings.Split(in, "|")
		return nil
	case p.Type == "bigint" || p.Type == "double":
		least, most, ok := strings.Cut(in, "..")
		low, errLow := strconv.ParseFloat(least, 64)
		high, errHigh := strconv.ParseFloat(most, 64)
		if !ok || errLow != nil || errHigh != nil || low > high {
			return fmt.Errorf("in: want least..most (got %q)", in)
		}
		p.Range = &Range{Least: low, Most: high}
		return nil
	}
	return fmt.Errorf("in: a %s cannot have it", p.Type)
}

// base reads `postings, employers`: the columns that hold the sample of a row, or,
// with ` for pay_median, pay_lower` behind it, of these columns of it.
func (h *header) base(line int, value string) {
	sample, part, ofPart := strings.Cut(value, " for ")
	postings, employers, ok := strings.Cut(sample, ",")
	base := Base{Postings: strings.TrimSpace(postings), Employers: strings.TrimSpace(employers)}
	if !ok {
		h.fail(line, "base: want two columns, `postings, employers` (got %q)", value)
		return
	}
	if !ofPart {
		h.query.Base = base
		h.baseLine = line
		return
	}
	p := Part{Base: base}
	for column := range strings.SplitSeq(part, ",") {
		p.Columns = append(p.Columns, strings.TrimSpace(column))
	}
	h.query.Parts = append(h.query.Parts, p)
	h.partLines = append(h.partLines, line)
}

// checkBase finds the columns of the bases among those declared.
func (h *header) checkBase() {
	check := func(line int, names ...string) {
		for _, name := range names {
			if !h.has(name) {
				h.fail(line, "base: there is no column %s", name)
			}
		}
	}
	for i, p := range h.query.Parts {
		check(h.partLines[i], append([]string{p.Postings, p.Employers}, p.Columns...)...)
	}
	if h.baseLine != 0 {
		check(h.baseLine, h.query.Base.Postings, h.query.Base.Employers)
	} else if !h.has("postings") || !h.has("employers") {
		h.query.Base = Base{}
	}
}

func (h *header) has(column string) bool {
	return slices.ContainsFunc(h.query.Columns, func(c Column) bool { return c.Name == column })
}

func (h *header) columns(line int, value string) {
	for part := range strings.SplitSeq(value, ",") {
		f := strings.Fields(part)
		if len(f) != 2 || !nameRE.MatchString(f[0]) {
			h.fail(line, "column: want `name type, …` (got %q)", strings.TrimSpace(part))
			continue
		}
		if !slices.Contains(columnTypes(), f[1]) {
			h.fail(line, "column %s: type must be one of %s (got %q)", f[0], strings.Join(columnTypes(), ", "), f[1])
		}
		if h.has(f[0]) {
			h.fail(line, "column %s is declared twice", f[0])
		}
		h.query.Columns = append(h.query.Columns, Column{Name: f[0], Type: f[1]})
	}
}

func paramTypes() []string  { return []string{"text", "bigint", "double", "date", "boolean"} }
func columnTypes() []string { return append(paramTypes(), "timestamp") }

// use is one $name in a statement.
type use struct {
	name string
	line int
}

// scan finds the $names of a statement outside strings, quoted names and
// comments, and counts the statements.
func scan(text string) (uses []use, statements int) {
	line, open := 1, false
	for i := 0; i < len(text); {
		rest := text[i:]
		n := 1
		switch c := rest[0]; {
		case strings.HasPrefix(rest, "--"):
			n = until(rest, "\n", 2)
		case strings.HasPrefix(rest, "/*"):
			n = until(rest, "*/", 2)
		case c == '\'' || c == '"':
			n, open = until(rest, string(c), 1), true
		case c == ';':
			if open {
				statements++
			}
			open = false
		case c == '$':
			for n < len(rest) && isWord(rest[n]) {
				n++
			}
			uses, open = append(uses, use{rest[1:n], line}), true
		case c > ' ':
			open = true
		}
		line += strings.Count(rest[:n], "\n")
		i += n
	}
	if open {
		statements++
	}
	return uses, statements
}

// until returns how many bytes of s end with the first end at or after from.
func until(s, end string, from int) int {
	if i := strings.Index(s[from:], end); i >= 0 {
		return from + i + len(end)
	}
	return len(s)
}

func isWord(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
