package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"jobcity/pipeline/crawl"
	"jobcity/pipeline/ingest"
	"jobcity/pipeline/posting"
)

type importCmd struct {
	Files  []string `arg:"" help:"Files; '-' is standard input."`
	Source string   `placeholder:"NAME" help:"Source of postings that name none; default 'file', or what the format is."`
	Board  string   `placeholder:"NAME" help:"Board of postings that name none; default the file's name, for web archives and N-Quads the site."`
	Seen   string   `placeholder:"DATE" help:"When the postings were seen, as an ISO date or RFC 3339, for files that do not say; default now."`
}

// publisher takes what an import reads: the bus, or the running server.
type publisher interface {
	PublishPostings(context.Context, []posting.Posting) error
	PublishSweep(context.Context, posting.Sweep) error
	PublishDead(context.Context, posting.DeadLetter) error
}

func (c importCmd) Run(ctx context.Context, e *env) (err error) {
	if _, err := c.seenAt(); err != nil {
		return err
	}
	for _, f := range c.Files {
		if f == "-" {
			continue
		}
		if _, err := os.Stat(f); err != nil {
			return fmt.Errorf("import: %w", err)
		}
	}
	server, err := e.running()
	if err != nil {
		return err
	}
	if server != nil {
		rejected, err := c.read(ctx, e, server)
		return errors.Join(err, partly(rejected))
	}
	a, err := e.newApp()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	if err := a.openBus(ctx); err != nil {
		return err
	}
	if !a.bus.Embedded() { // others tag and store
		rejected, err := c.read(ctx, e, a.bus)
		return errors.Join(err, partly(rejected))
	}
	if err := errors.Join(a.openStore(ctx), a.openTagger(ctx)); err != nil {
		return err
	}
	rejected := 0
	err = runStages(ctx,
		stage{"import", func(ctx context.Context) (err error) {
			if rejected, err = c.read(ctx, e, a.bus); err != nil {
				return err
			}
			bar, most := e.newProgress("tagging and storing", "messages", 0), uint64(0)
			defer bar.done()
			return a.drain(ctx, func(left uint64) {
				most = max(most, left)
				bar.set(int64(most-left), int64(most))
			})
		}},
		stage{"tag", ingest.NewTagging(a.cfg.Ingest, a.cfg.Batch, a.bus, a.tagger, a.log).Run},
		stage{"apply", ingest.NewApplying(a.cfg.Ingest, a.bus, a.store, "store", a.log).Run},
	)
	if err == nil {
		err = ctx.Err()
	}
	return errors.Join(err, partly(rejected))
}

func partly(rejected int) error {
	if rejected == 0 {
		return nil
	}
	return fmt.Errorf("%w: %d postings went to the dead letters", errPartly, rejected)
}

// seenAt is --seen; zero if it is not given.
func (c importCmd) seenAt() (time.Time, error) {
	if c.Seen == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, c.Seen); err == nil && t.Before(time.Now()) {
			return t, nil
		}
	}
	return time.Time{}, usageError{fmt.Errorf("--seen: must be an ISO date or RFC 3339 in the past (got %q)", c.Seen)}
}

// publishRows is how many postings are published at a time: one atomic batch.
const publishRows = 1000

// read publishes the postings of all files and returns how many it could not use.
func (c importCmd) read(ctx context.Context, e *env, to publisher) (rejected int, err error) {
	bar := e.newProgress("reading", "files", int64(len(c.Files)))
	defer bar.done()
	postings := 0
	for i, name := range c.Files {
		report, err := c.readFile(ctx, e, name, to)
		rejected += report.Rejected
		postings += report.Postings
		if err != nil {
			return rejected, fmt.Errorf("import: %w", err)
		}
		bar.set(int64(i+1), int64(len(c.Files)))
	}
	fmt.Fprintf(e.stderr, "read %d postings of %d files; %d could not be used\n", postings, len(c.Files), rejected)
	return rejected, nil
}

func (c importCmd) readFile(ctx context.Context, e *env, name string, to publisher) (crawl.Report, error) {
	in := e.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return crawl.Report{}, err
		}
		defer f.Close()
		in = f
	}
	var waiting []posting.Posting
	flush := func() error {
		if len(waiting) == 0 {
			return nil
		}
		err := to.PublishPostings(ctx, waiting)
		waiting = waiting[:0]
		return err
	}
	seen, err := c.seenAt()
	if err != nil {
		return crawl.Report{}, err
	}
	report, err := crawl.ReadFile(ctx, name, in, crawl.ReadOptions{
		Source: c.Source, Board: c.Board, SeenAt: seen,
		Dead: func(d posting.DeadLetter) error {
			fmt.Fprintf(e.stderr, "jobcity: %s: %s\n", d.Where, d.Reason)
			return to.PublishDead(ctx, d)
		},
		Sweep: func(s posting.Sweep) error { return errors.Join(flush(), to.PublishSweep(ctx, s)) },
		Warn:  func(remark string) { fmt.Fprintf(e.stderr, "jobcity: %s\n", remark) },
	}, func(p posting.Posting) error {
		if waiting = append(waiting, p); len(waiting) == publishRows {
			return flush()
		}
		return nil
	})
	return report, errors.Join(err, flush())
}
