package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"jobcity/configs"
	"jobcity/pipeline/crawl"
	"jobcity/pipeline/crawl/detect"
	"jobcity/pipeline/query"
)

type boardsCmd struct {
	List  boardsListCmd  `cmd:"" help:"List the boards to crawl."`
	Add   boardsAddCmd   `cmd:"" help:"Find out which board an address leads to, try it, and add it to the file."`
	Check boardsCheckCmd `cmd:"" help:"Ask every board once, politely, and say what is wrong."`
}

type boardsListCmd struct {
	boardsFlag
	Print bool `help:"Print jobcity's own list of public boards, to start from."`
}

func (c boardsListCmd) Run(e *env) error {
	if c.Print {
		_, err := e.stdout.Write(configs.Boards())
		return err
	}
	list, err := loadBoards(c.Boards)
	if err != nil {
		return err
	}
	if len(list.boards) == 0 {
		fmt.Fprintf(e.stderr, "no boards: %s is empty or not there\n", list.name)
	}
	for _, b := range list.boards {
		fmt.Fprintf(e.stdout, "%s\t%s\n", b.ID(), b.Employer)
	}
	return nil
}

type boardsAddCmd struct {
	contactFlag
	URL      string `arg:"" name:"url" help:"Address of a board, of one of its postings, or of an employer's careers page."`
	File     string `aliases:"boards" default:"boards.yaml" placeholder:"FILE" env:"JOBCITY_BOARDS" help:"The file to add to; default boards.yaml in the working folder."`
	Source   string `placeholder:"NAME" help:"Do not find out: read the address itself as jsonld (a site with JobPosting markup), rss or jobsfile."`
	Employer string `placeholder:"NAME" help:"The employer's name; default as the board has it."`
	DryRun   bool   `help:"Say what would be added, add nothing."`
}

// Run adds a board only after it has answered.
func (c boardsAddCmd) Run(ctx context.Context, e *env) error {
	cfg, err := c.crawlConfig(e)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(c.File)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("boards: %w", err)
	}
	crawler, err := crawl.New(cfg, nil, nil, nil, e.log, nil)
	if err != nil {
		return err
	}
	found, err := c.find(ctx, crawler)
	if err != nil {
		return err
	}
	found.Board.Employer = c.Employer
	out, added, err := crawl.AddBoard(filepath.Base(c.File), text, found.Board)
	if err != nil {
		return err
	}
	proof, err := crawler.Prove(ctx, found.Board)
	if err != nil {
		return fmt.Errorf("%s leads to board %s (told by %s), but that does not work, so nothing was added: %w", c.URL, found.Board.ID(), found.Where, err)
	}
	if markupSeen := found.Board.Source == "jsonld" && c.Source == ""; proof.Doubt != "" && !markupSeen {
		return fmt.Errorf("%s leads to board %s (told by %s), but it has %s; nothing was added. If you are sure, add it by hand:\n%s", c.URL, found.Board.ID(), found.Where, proof.Doubt, added.Text)
	}
	fmt.Fprintf(e.stdout, "%s: %s, told by %s; %s\n", found.Board.ID(), found.System, found.Where, proof)
	if c.DryRun {
		fmt.Fprintf(e.stdout, "would add to %s, line %d:\n%s\n", c.File, added.Line, added.Text)
		return nil
	}
	if err := replaceFile(c.File, out); err != nil {
		return fmt.Errorf("add board %s: %w", found.Board.ID(), err)
	}
	fmt.Fprintf(e.stdout, "added to %s, line %d:\n%s\n", c.File, added.Line, added.Text)
	return nil
}

func (c boardsAddCmd) find(ctx context.Context, crawler *crawl.Crawler) (detect.Match, error) {
	if c.Source == "" {
		return crawler.Find(ctx, c.URL)
	}
	u, err := detect.Parse(c.URL)
	if err != nil {
		return detect.Match{}, err
	}
	m, err := detect.As(c.Source, u)
	if err != nil {
		return m, usageError{err}
	}
	return m, nil
}

// replaceFile puts text in the place of a file in one step, through a link to
// where it points, and leaves its permissions.
func replaceFile(name string, text []byte) (err error) {
	mode := os.FileMode(0o644)
	if to, err := filepath.EvalSymlinks(name); err == nil {
		name = to
		info, err := os.Stat(name)
		if err != nil {
			return err
		}
		mode = info.Mode().Perm()
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(tmp.Name())
		}
	}()
	_, err = io.Copy(tmp, bytes.NewReader(text))
	if err = errors.Join(err, tmp.Chmod(mode), tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), name)
}

type boardsCheckCmd struct {
	crawlFlags
	formatFlags
}

// Run tries all boards, those of different hosts at the same time.
func (c boardsCheckCmd) Run(ctx context.Context, e *env) error {
	format, width, err := c.format(e)
	if err != nil {
		return err
	}
	plan, err := e.plan(c.crawlFlags)
	if err != nil {
		return err
	}
	if len(plan.boards) == 0 {
		return usageError{fmt.Errorf("no boards to check: %s is empty or not there", plan.name)}
	}
	crawler, err := crawl.New(plan.cfg, plan.boards, nil, nil, e.log, nil)
	if err != nil {
		return fmt.Errorf("boards in %s:\n%w", plan.name, err)
	}
	rows, bad := e.checkAll(ctx, crawler, plan)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	res := query.Result{Columns: []query.Column{{Name: "board", Type: "text"}, {Name: "state", Type: "text"}, {Name: "postings", Type: "bigint"}, {Name: "note", Type: "text"}}, Rows: rows}
	if err := res.Write(e.stdout, format, query.Options{Width: width}); err != nil {
		return err
	}
	switch {
	case bad == 0:
		fmt.Fprintf(e.stderr, "all %d boards answer\n", len(rows))
		return nil
	case bad == len(rows):
		return fmt.Errorf("none of %d boards can be read", bad)
	}
	return fmt.Errorf("%w: %d of %d boards", errPartly, bad, len(rows))
}

// checkAll returns a row a board, in the order of the file, and how many failed.
func (e *env) checkAll(ctx context.Context, crawler *crawl.Crawler, p plan) (rows [][]any, bad int) {
	rows = make([][]any, len(p.boards))
	bar := e.newProgress("checking", "boards", int64(len(p.boards)))
	defer bar.done()
	answered := make(chan bool)
	for i, b := range p.boards { // the crawler holds the requests back
		go func() {
			proof, err := crawler.Prove(ctx, b)
			rows[i] = checkRow(b, proof, err)
			answered <- err == nil
		}()
	}
	for done := range p.boards {
		if !<-answered {
			bad++
		}
		bar.set(int64(done+1), int64(len(p.boards)))
	}
	return rows, bad
}

func checkRow(b crawl.Board, p crawl.Proof, err error) []any {
	switch {
	case err != nil:
		return []any{b.ID(), "failed", nil, err.Error()}
	case p.Postings < 0:
		return []any{b.ID(), "ok", nil, p.String()}
	case p.Postings == 0:
		return []any{b.ID(), "empty", int64(0), p.String()}
	}
	return []any{b.ID(), "ok", int64(p.Postings), p.String()}
}
