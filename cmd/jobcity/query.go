package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/term"

	"jobcity/pipeline/query"
	"jobcity/pipeline/store"
	sqlfiles "jobcity/sql"
)

// statement is free SQL that a command asks of the store.
type statement struct {
	SQL     string       `json:"sql"`
	Format  query.Format `json:"format"`
	Width   int          `json:"width"`
	MaxRows int          `json:"max_rows"`
}

// formatFlags are what the commands that print rows share.
type formatFlags struct {
	Format string `short:"f" help:"table, csv, json, ndjson, markdown, parquet or arrow; default table on a terminal, else csv."`
}

// format is the one asked for, else what suits the output.
func (f formatFlags) format(e *env) (query.Format, int, error) {
	width, tty := 0, false
	if out, ok := e.stdout.(*os.File); ok && term.IsTerminal(int(out.Fd())) {
		tty = true
		width, _, _ = term.GetSize(int(out.Fd()))
	}
	switch {
	case f.Format != "":
		format, err := query.ParseFormat(f.Format)
		if err != nil {
			return "", 0, usageError{err}
		}
		if tty && (format == query.Parquet || format == query.Arrow) {
			return "", 0, usageError{fmt.Errorf("%s is not for a terminal: send it to a file with > FILE", format)}
		}
		return format, width, nil
	case tty:
		return query.Table, width, nil
	}
	return query.CSV, 0, nil
}

type queryCmd struct {
	formatFlags
	Name   string   `arg:"" optional:"" help:"Name of the trend or report; without it, all are listed."`
	Params []string `arg:"" optional:"" passthrough:"" help:"Its parameters: --skill react --district data."`
}

func (c queryCmd) Run(ctx context.Context, e *env) error {
	catalog, err := trends()
	if err != nil {
		return err
	}
	reports, err := reports()
	if err != nil {
		return err
	}
	if c.Name == "" {
		return listQueries(e.stdout, slices.Concat(catalog.All(), reports.All()))
	}
	path := "/v1/trends/"
	if reports.Query(c.Name) != nil {
		path = "/v1/reports/"
	}
	params, own, err := queryParams(c.Params)
	if err != nil {
		return usageError{fmt.Errorf("query %s: %w", c.Name, err)}
	}
	if own.Format != "" {
		c.Format = own.Format
	}
	format, width, err := c.format(e)
	if err != nil {
		return err
	}
	values := url.Values{"format": {string(format)}, "width": {strconv.Itoa(width)}}
	for name, value := range params {
		values.Set(name, value)
	}
	return e.get(ctx, path+url.PathEscape(c.Name)+"?"+values.Encode())
}

// queryParams reads --name value, --name=value and name=value. The flag for the
// format may stand among them.
func queryParams(args []string) (map[string]string, formatFlags, error) {
	params, own := map[string]string{}, formatFlags{}
	for i := 0; i < len(args); i++ {
		name, value, ok := strings.Cut(strings.TrimLeft(args[i], "-"), "=")
		if !ok {
			if !strings.HasPrefix(args[i], "-") || i+1 == len(args) {
				return nil, own, fmt.Errorf("parameter %q has no value: write --%s VALUE", args[i], name)
			}
			i++
			value = args[i]
		}
		if name == "format" || name == "f" {
			own.Format = value
			continue
		}
		params[name] = value
	}
	return params, own, nil
}

// globalsFirst puts the flags that every command takes before query: among the
// parameters behind it they would be taken for some of the query.
func globalsFirst(args []string) []string {
	at := slices.Index(args, "query")
	if at < 0 {
		return args
	}
	var globals, rest []string
	for i := at + 1; i < len(args); i++ {
		name, _, joined := strings.Cut(args[i], "=")
		switch {
		case slices.Contains([]string{"--config", "--data", "--log-level"}, name):
			globals = append(globals, args[i])
			if !joined && i+1 < len(args) {
				i++
				globals = append(globals, args[i])
			}
		case name == "--no-progress":
			globals = append(globals, name)
		default:
			rest = append(rest, args[i])
		}
	}
	return slices.Concat(args[:at], globals, args[at:at+1], rest)
}

func trends() (*query.Catalog, error) { return query.Load(sqlfiles.Trend, "trend") }

func reports() (*query.Catalog, error) { return query.Load(sqlfiles.Report, "report") }

func listQueries(w io.Writer, all []*query.Query) error {
	res := query.Result{Columns: []query.Column{{Name: "name", Type: "text"}, {Name: "what it says", Type: "text"}, {Name: "parameters", Type: "text"}}}
	for _, q := range all {
		var params []string
		for _, p := range q.Params {
			if p.Required {
				params = append(params, "--"+p.Name+" …")
			} else {
				params = append(params, "[--"+p.Name+" …]")
			}
		}
		res.Rows = append(res.Rows, []any{q.Name, q.Title, strings.Join(params, " ")})
	}
	return res.Write(w, query.Table, query.Options{})
}

// get answers a request of the API: by the running server, or else over the data
// file, by the same routes.
func (e *env) get(ctx context.Context, path string) error {
	server, err := e.running()
	if err != nil {
		return err
	}
	if server != nil {
		return server.get(ctx, path, e.stdout)
	}
	return e.withStore(ctx, func(a *app) error {
		token := rand.Text() // keys and limits are for others
		routes, err := a.publicRoutes(token, nil)
		if err != nil {
			return err
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, path, nil)
		if err != nil {
			return err
		}
		req.Header.Set("Authorization", "Bearer "+token)
		w := &directAnswer{header: http.Header{}, body: e.stdout}
		routes.ServeHTTP(w, req)
		return w.err()
	})
}

// directAnswer is the answer to a request that no network carries.
type directAnswer struct {
	header  http.Header
	status  int
	body    io.Writer
	problem bytes.Buffer
}

func (w *directAnswer) Header() http.Header { return w.header }

func (w *directAnswer) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *directAnswer) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if w.status != http.StatusOK {
		return w.problem.Write(p)
	}
	return w.body.Write(p)
}

func (w *directAnswer) err() error {
	if w.status == http.StatusOK {
		return nil
	}
	return problemError(w.status, w.problem.Bytes())
}

// problemError is a problem+json of the API in words. What the caller can mend is
// a usage error.
func problemError(status int, body []byte) error {
	var p struct {
		Title  string `json:"title"`
		Detail string `json:"detail"`
	}
	if err := json.Unmarshal(body, &p); err != nil || p.Title == "" {
		return fmt.Errorf("status %d: %s", status, body)
	}
	text := p.Detail
	if text == "" {
		text = p.Title
	}
	if status == http.StatusBadRequest || status == http.StatusNotFound {
		return usageError{errors.New(text)}
	}
	return errors.New(text)
}

// ask runs a statement on the running server, or else on the data file.
func (e *env) ask(ctx context.Context, q statement) error {
	server, err := e.running()
	if err != nil {
		return err
	}
	if server != nil {
		return server.postJSON(ctx, "sql", q, e.stdout)
	}
	return e.withStore(ctx, func(a *app) error { return a.answer(ctx, q, e.stdout) })
}

// withStore opens the data file for one command. There must be one.
func (e *env) withStore(ctx context.Context, f func(*app) error) (err error) {
	if _, err := os.Stat((&app{env: e}).dataFile()); err != nil {
		return fmt.Errorf("no data in %s yet: start with 'jobcity demo', 'jobcity import' or 'jobcity up'", e.dir)
	}
	a, err := e.newApp()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	if err := a.openStore(ctx); err != nil {
		return err
	}
	return f(a)
}

func (a *app) dataFile() string { return a.dir + string(os.PathSeparator) + store.File }

// answer runs a statement and writes its rows.
func (a *app) answer(ctx context.Context, q statement, w io.Writer) error {
	res, err := a.store.Free(ctx, q.SQL, q.MaxRows)
	if errors.Is(err, store.ErrStatement) {
		return usageError{err}
	}
	if err != nil {
		return err
	}
	if err := res.Write(w, q.Format, query.Options{Width: q.Width}); err != nil {
		return err
	}
	if res.Truncated {
		return fmt.Errorf("%w: there are more than %d rows: raise --max-rows", errPartly, q.MaxRows)
	}
	return nil
}

type sqlCmd struct {
	formatFlags
	MaxRows   int    `default:"100000" help:"The most rows to print."`
	Statement string `arg:"" optional:"" help:"One SELECT or EXPLAIN; '-' or nothing reads it from standard input."`
}

func (c sqlCmd) Run(ctx context.Context, e *env) error {
	if c.Statement == "" || c.Statement == "-" {
		if f, ok := e.stdin.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
			return c.prompt(ctx, e)
		}
		text, err := io.ReadAll(io.LimitReader(e.stdin, 1<<20))
		if err != nil {
			return err
		}
		c.Statement = string(text)
	}
	if strings.TrimSpace(c.Statement) == "" {
		return usageError{errors.New("sql: no statement given")}
	}
	q := statement{SQL: c.Statement, MaxRows: c.MaxRows}
	var err error
	if q.Format, q.Width, err = c.format(e); err != nil {
		return err
	}
	return e.ask(ctx, q)
}

// prompt reads statements at a terminal, each ended by a semicolon, until the
// input ends.
func (c sqlCmd) prompt(ctx context.Context, e *env) error {
	old, err := term.MakeRaw(int(os.Stdin.Fd()))
	if err != nil {
		return fmt.Errorf("prompt: %w", err)
	}
	screen := struct {
		io.Reader
		io.Writer
	}{os.Stdin, os.Stderr}
	line := term.NewTerminal(screen, "sql> ")
	restore := func() { _ = term.Restore(int(os.Stdin.Fd()), old) }
	defer restore()
	fmt.Fprintln(line, "Statements end with ';'. The tables: from information_schema.tables; Ctrl-D ends.")
	var text strings.Builder
	for {
		one, err := line.ReadLine()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		text.WriteString(one + "\n")
		if line.SetPrompt("...> "); !strings.HasSuffix(strings.TrimSpace(one), ";") {
			continue
		}
		q := statement{SQL: text.String(), MaxRows: c.MaxRows}
		text.Reset()
		line.SetPrompt("sql> ")
		if q.Format, q.Width, err = c.format(e); err != nil {
			return err
		}
		restore()
		if err := e.ask(ctx, q); err != nil {
			fmt.Fprintln(e.stderr, "jobcity:", err)
		}
		if _, err := term.MakeRaw(int(os.Stdin.Fd())); err != nil {
			return fmt.Errorf("prompt: %w", err)
		}
	}
}
