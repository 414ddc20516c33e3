package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"jobcity/pipeline/query"
	"jobcity/pipeline/store"
	sqlfiles "jobcity/sql"
)

// question is what a command asks of the store: a trend by name, or a statement.
type question struct {
	Trend   string            `json:"trend,omitempty"`
	Params  map[string]string `json:"params,omitempty"`
	SQL     string            `json:"sql,omitempty"`
	Format  query.Format      `json:"format"`
	Width   int               `json:"width"`
	MaxRows int               `json:"max_rows"`
}

// formatFlags are what the commands that print rows share.
type formatFlags struct {
	Format  string `short:"f" help:"table, csv, json, ndjson, markdown, parquet or arrow; default table on a terminal, else csv."`
	MaxRows int    `default:"100000" help:"The most rows to print."`
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
	Name   string   `arg:"" optional:"" help:"Name of the trend; without it, all are listed."`
	Params []string `arg:"" optional:"" passthrough:"" help:"Its parameters: --skill react --district data."`
}

func (c queryCmd) Run(ctx context.Context, e *env) error {
	catalog, err := trends()
	if err != nil {
		return err
	}
	if c.Name == "" {
		return listTrends(e.stdout, catalog)
	}
	params, own, err := queryParams(c.Params)
	if err != nil {
		return usageError{fmt.Errorf("query %s: %w", c.Name, err)}
	}
	if own.Format != "" {
		c.Format = own.Format
	}
	q := question{Trend: c.Name, Params: params, MaxRows: c.MaxRows}
	if q.Format, q.Width, err = c.format(e); err != nil {
		return err
	}
	return e.ask(ctx, q)
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

func trends() (*query.Catalog, error) { return query.Load(sqlfiles.Trend, "trend") }

func listTrends(w io.Writer, c *query.Catalog) error {
	res := query.Result{Columns: []query.Column{{Name: "trend", Type: "text"}, {Name: "what it says", Type: "text"}, {Name: "parameters", Type: "text"}}}
	for _, q := range c.All() {
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

// ask puts a question to the running server, or else to the data file.
func (e *env) ask(ctx context.Context, q question) error {
	server, err := e.running()
	if err != nil {
		return err
	}
	if server != nil {
		return server.postJSON(ctx, "question", q, e.stdout)
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

// answer runs the question and writes its rows.
func (a *app) answer(ctx context.Context, q question, w io.Writer) error {
	var res query.Result
	if q.SQL != "" {
		var err error
		if res, err = a.store.Free(ctx, q.SQL, q.MaxRows); err != nil {
			return err
		}
	} else {
		bound, err := bind(q)
		if err != nil {
			return err
		}
		if res, err = a.store.Run(ctx, bound, q.MaxRows); err != nil {
			return err
		}
	}
	if err := res.Write(w, q.Format, query.Options{Width: q.Width}); err != nil {
		return err
	}
	if res.Truncated {
		a.log.Warn("there are more rows: raise --max-rows", "rows", q.MaxRows)
	}
	return nil
}

func bind(q question) (query.Bound, error) {
	catalog, err := trends()
	if err != nil {
		return query.Bound{}, err
	}
	trend := catalog.Query(q.Trend)
	if trend == nil {
		text := fmt.Sprintf("unknown trend %q", q.Trend)
		if near := catalog.Near(q.Trend); len(near) > 0 {
			text += ": did you mean " + strings.Join(near, " or ") + "?"
		}
		return query.Bound{}, usageError{errors.New(text + " ('jobcity query' lists them)")}
	}
	bound, err := trend.Bind(q.Params)
	if err != nil {
		return query.Bound{}, usageError{err}
	}
	return bound, nil
}

type sqlCmd struct {
	formatFlags
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
	q := question{SQL: c.Statement, MaxRows: c.MaxRows}
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
	var statement strings.Builder
	for {
		text, err := line.ReadLine()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		statement.WriteString(text + "\n")
		if line.SetPrompt("...> "); !strings.HasSuffix(strings.TrimSpace(text), ";") {
			continue
		}
		q := question{SQL: statement.String(), MaxRows: c.MaxRows}
		statement.Reset()
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
