package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"jobcity/pipeline/query"
	"jobcity/pipeline/search"
	sqlfiles "jobcity/sql"
)

type searchesCmd struct {
	List   searchesListCmd   `cmd:"" default:"1" help:"All saved searches and how their webhooks do."`
	Delete searchesDeleteCmd `cmd:"" help:"Delete a saved search, its feed and its webhook."`
}

type searchesListCmd struct {
	JSON bool `name:"json" help:"As JSON, with filters and webhooks."`
}

type searchesDeleteCmd struct {
	ID string `arg:"" help:"Id of the search."`
}

// searchesOrder is what is to be done, as it goes to the running server: the list,
// or with an id its deletion.
type searchesOrder struct {
	Delete string `json:"delete"`
}

func (c searchesListCmd) Run(ctx context.Context, e *env) error {
	var answer bytes.Buffer
	if err := e.searches(ctx, searchesOrder{}, &answer); err != nil {
		return err
	}
	if c.JSON {
		_, err := io.Copy(e.stdout, &answer)
		return err
	}
	var all []search.Search
	if err := json.Unmarshal(answer.Bytes(), &all); err != nil {
		return err
	}
	table := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	for _, s := range all {
		state, said := "no webhook", ""
		if s.Webhook != nil {
			state = s.Webhook.State
			if s.Webhook.LastError != nil {
				said = *s.Webhook.LastError
			}
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", s.ID, s.Created.Format(time.DateOnly), state, s.Name, said)
	}
	return table.Flush()
}

func (c searchesDeleteCmd) Run(ctx context.Context, e *env) error {
	if err := e.searches(ctx, searchesOrder{Delete: c.ID}, io.Discard); err != nil {
		return err
	}
	_, err := fmt.Fprintln(e.stdout, "deleted")
	return err
}

// searches goes through the running server where there is one, else to the bus.
func (e *env) searches(ctx context.Context, o searchesOrder, w io.Writer) error {
	r, err := e.running()
	if err != nil {
		return err
	}
	if r != nil {
		err = r.postJSON(ctx, "searches", o, w)
	} else {
		err = e.searchesAlone(ctx, o, w)
	}
	if err != nil {
		return fmt.Errorf("searches: %w", err)
	}
	return nil
}

func (e *env) searchesAlone(ctx context.Context, o searchesOrder, w io.Writer) (err error) {
	a, err := e.newApp()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	if err := a.openBus(ctx); err != nil {
		return err
	}
	queries, err := query.Load(sqlfiles.API, "api")
	if err != nil {
		return err
	}
	if a.searches, err = search.Open(ctx, a.cfg.Search, a.bus, nil, queries, ""); err != nil {
		return err
	}
	return a.answerSearches(ctx, o, w)
}

// answerSearches runs in the process that has the bus.
func (a *app) answerSearches(ctx context.Context, o searchesOrder, w io.Writer) error {
	if o.Delete != "" {
		err := a.searches.Delete(ctx, o.Delete)
		if errors.Is(err, search.ErrUnknown) {
			return usageError{fmt.Errorf("%w; 'jobcity searches list' names all", err)}
		}
		return err
	}
	all, err := a.searches.List(ctx)
	if err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(all)
}
