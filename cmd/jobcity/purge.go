package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"jobcity/configs"
	"jobcity/pipeline/ingest"
	"jobcity/pipeline/store"
)

type purgeCmd struct {
	URL      string `name:"url" placeholder:"URL" xor:"what" required:"" help:"The posting with this page."`
	Employer string `placeholder:"NAME" xor:"what" required:"" help:"All postings of this employer, by any of its names or its id."`
	Before   string `placeholder:"DATE" xor:"what" required:"" help:"Postings last seen before this day."`
	DryRun   bool   `name:"dry-run" help:"Only say what would be erased."`
	Yes      bool   `help:"Do not ask."`
}

// purgeOrder is what is to be erased, as it goes to the running server.
type purgeOrder struct {
	Target store.Target `json:"target"`
	DryRun bool         `json:"dry_run"`
}

// Run erases postings from store, streams and snapshots, through the running server
// where there is one.
func (c purgeCmd) Run(ctx context.Context, e *env) error {
	t, err := c.target()
	if err != nil {
		return usageError{err}
	}
	found, err := e.purge(ctx, purgeOrder{t, true})
	if err != nil {
		return fmt.Errorf("purge: %w", err)
	}
	fmt.Fprintf(e.stdout, "%d postings under %d names of employers, on %d boards\n", found.Postings, len(found.Employers), len(found.Boards))
	if c.DryRun || found.Postings == 0 {
		return nil
	}
	if !c.Yes {
		if err := e.confirm("Erase them for good?"); err != nil {
			return err
		}
	}
	done, err := e.purge(ctx, purgeOrder{t, false})
	if err != nil {
		return fmt.Errorf("purge: %w (run it again to go on)", err)
	}
	for _, table := range slices.Sorted(maps.Keys(done.Rows)) {
		fmt.Fprintf(e.stdout, "%8d rows of %s\n", done.Rows[table], table)
	}
	for _, stream := range slices.Sorted(maps.Keys(done.Messages)) {
		fmt.Fprintf(e.stdout, "%8d messages of %s\n", done.Messages[stream], stream)
	}
	fmt.Fprintf(e.stdout, "%8d snapshots\n%8d tombstones keep erased postings out\n", done.Snapshots, done.Tombstones)
	if len(done.Waiting) > 0 {
		return fmt.Errorf("%w: %s had not been worked through: run the purge again", errPartly, strings.Join(done.Waiting, " and "))
	}
	return nil
}

func (c purgeCmd) target() (store.Target, error) {
	if c.Before != "" {
		before, err := time.Parse(time.DateOnly, c.Before)
		if err != nil {
			return store.Target{}, fmt.Errorf("purge: --before must be a day such as 2026-01-31 (got %q)", c.Before)
		}
		return store.Target{Before: before}, nil
	}
	if c.Employer != "" {
		directory, _, err := configs.Employers()
		if err != nil {
			return store.Target{}, err
		}
		id := directory.Of(c.Employer).ID
		if id == "" {
			return store.Target{}, fmt.Errorf("purge: %q names no employer", c.Employer)
		}
		return store.Target{EmployerID: id}, nil
	}
	return store.Target{URL: c.URL}, nil
}

func (e *env) purge(ctx context.Context, o purgeOrder) (out ingest.Erased, err error) {
	var answer bytes.Buffer
	r, err := e.running()
	if err != nil {
		return out, err
	}
	if r != nil {
		err = r.postJSON(ctx, "purge", o, &answer)
	} else {
		err = e.alone(ctx, func(ctx context.Context, a *app) error { return a.purge(ctx, o, &answer) })
	}
	if err != nil {
		return out, err
	}
	return out, json.Unmarshal(answer.Bytes(), &out)
}

// purge runs in the process that has the store.
func (a *app) purge(ctx context.Context, o purgeOrder, w io.Writer) error {
	if o.DryRun {
		found, err := a.store.Find(ctx, o.Target)
		if err != nil {
			return err
		}
		return json.NewEncoder(w).Encode(ingest.Erased{Postings: len(found.IDs), Employers: found.Employers, Boards: found.Boards})
	}
	out, err := ingest.Purge(ctx, a.bus, a.store, o.Target, a.log)
	if err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(out)
}

// confirm asks on the terminal; without one it refuses.
func (e *env) confirm(question string) error {
	in, ok := e.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return usageError{errors.New("nobody to ask: give --yes to erase without asking, or --dry-run to see what would go")}
	}
	fmt.Fprint(e.stderr, question+" [y/N] ")
	line, err := bufio.NewReader(e.stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if answer := strings.ToLower(strings.TrimSpace(line)); answer != "y" && answer != "yes" {
		return errors.New("nothing was erased")
	}
	return nil
}
