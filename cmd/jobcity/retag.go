package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"jobcity/pipeline/ingest"
)

type retagCmd struct {
	JSON bool `name:"json" help:"The report as JSON."`
}

// Run tags what is stored again, through the running server where there is one.
func (c retagCmd) Run(ctx context.Context, e *env) error {
	var report bytes.Buffer
	r, err := e.running()
	if err != nil {
		return err
	}
	if r != nil {
		err = r.post(ctx, "retag", http.NoBody, &report)
	} else {
		err = e.alone(ctx, func(ctx context.Context, a *app) error { return a.retag(ctx, &report) })
	}
	if err != nil {
		return fmt.Errorf("retag: %w (what was done is kept: run it again to go on)", err)
	}
	var out ingest.Retagged
	if err := json.Unmarshal(report.Bytes(), &out); err != nil || c.JSON {
		_, copyErr := io.Copy(e.stdout, &report)
		return errors.Join(err, copyErr)
	}
	fmt.Fprintf(e.stdout, "%d postings tagged again under taxonomy %s; %d changed: standing %d, primary district %d, first street %d, skills %d\n",
		out.Postings, out.Taxonomy, out.Changed, out.Standing, out.District, out.Street, out.Skills)
	for _, part := range []struct {
		what  string
		moved []ingest.Moved
	}{{"gained", out.Gained}, {"lost", out.Lost}} {
		for _, m := range part.moved {
			fmt.Fprintf(e.stdout, "%s by %d: %s\n", part.what, m.Postings, m.Skill)
		}
	}
	return nil
}

// retag runs in the process that has the store, and writes its report to w.
func (a *app) retag(ctx context.Context, w io.Writer) error {
	bar := a.newProgress("tagging again", "postings", 0)
	out, err := ingest.Retag(ctx, a.bus, a.store, a.tagger, a.cfg.Batch, func(done, total int) { bar.set(int64(done), int64(total)) })
	bar.done()
	if err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(out)
}

// alone runs f in a process of its own that applies what f publishes, and returns
// when all of it is applied.
func (e *env) alone(ctx context.Context, f func(context.Context, *app) error) (err error) {
	a, err := e.newApp()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	if err := errors.Join(a.openBus(ctx), a.openStore(ctx), a.openTagger(ctx)); err != nil {
		return err
	}
	return runStages(ctx,
		stage{"work", func(ctx context.Context) error {
			if err := f(ctx, a); err != nil {
				return err
			}
			return a.drain(ctx, func(uint64) {})
		}},
		stage{"tag", ingest.NewTagging(a.cfg.Ingest, a.cfg.Batch, a.bus, a.tagger, a.log).Run},
		stage{"apply", ingest.NewApplying(a.cfg.Ingest, a.bus, a.store, "store", a.log).Run})
}
