package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"jobcity/configs"
	"jobcity/pipeline/bus"
	"jobcity/pipeline/ingest"
	"jobcity/pipeline/query"
	"jobcity/pipeline/search"
	"jobcity/pipeline/store"
	"jobcity/pipeline/tag"
	sqlfiles "jobcity/sql"
)

// app holds what a process works with. A role opens only what it needs.
type app struct {
	*env
	cfg      configs.Config
	registry *prometheus.Registry
	unlock   func() error
	bus      *bus.Bus
	store    *store.DB
	tagger   *tag.Tagger
	searches *search.Book
	sender   *search.Sender
}

// newApp reads the settings and takes the lock on the data folder.
func (e *env) newApp() (*app, error) {
	cfg, err := e.config()
	if err != nil {
		return nil, err
	}
	a := &app{env: e, cfg: cfg, registry: prometheus.NewRegistry()}
	a.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if a.unlock, err = bus.Lock(e.dir); err != nil {
		return nil, err
	}
	return a, nil
}

func (a *app) openBus(ctx context.Context) (err error) {
	a.bus, err = bus.Open(ctx, a.cfg.Bus, a.dir, a.log, a.registry)
	return err
}

// openStore opens the data file. Where there is none and the bus has a snapshot,
// it starts from that.
func (a *app) openStore(ctx context.Context) (err error) {
	if a.bus != nil && !a.bus.Embedded() {
		from, err := ingest.Bootstrap(ctx, a.bus, a.dir)
		if err != nil {
			return err
		}
		if from {
			a.log.Info("started from the newest snapshot on the bus")
		}
	}
	if a.store, err = store.Open(ctx, a.cfg.Store, a.dir, a.log); err != nil {
		return err
	}
	directory, digest, err := configs.Employers()
	if err != nil {
		return err
	}
	return a.store.SetEmployers(ctx, directory, digest)
}

// leaveRoom keeps long queries of a server off one processor, unless the number of
// threads is set: what arrives must be applied meanwhile, and requests be answered.
func (a *app) leaveRoom() {
	if a.cfg.Store.Threads == 0 {
		a.cfg.Store.Threads = max(1, runtime.NumCPU()-1)
	}
}

// openTagger compiles the taxonomy, and tells the store of it if it is open.
func (a *app) openTagger(ctx context.Context) (err error) {
	if a.tagger, err = newTagger(); err != nil {
		return err
	}
	if a.store == nil {
		return nil
	}
	return a.store.SetTaxonomy(ctx, dimensions(a.tagger))
}

// openSearches opens the saved searches and what tells their webhooks, before
// anything is applied. name is the store's on the bus.
func (a *app) openSearches(ctx context.Context, name string) error {
	queries, err := query.Load(sqlfiles.API, "api")
	if err != nil {
		return err
	}
	if a.searches, err = search.Open(ctx, a.cfg.Search, a.bus, a.store, queries, name); err != nil {
		return err
	}
	a.sender, err = search.NewSender(a.searches, a.bus, a.log, a.registry)
	return err
}

func newTagger() (*tag.Tagger, error) {
	fsys, err := configs.Taxonomy()
	if err != nil {
		return nil, err
	}
	t, err := tag.New(fsys)
	if err != nil {
		return nil, fmt.Errorf("taxonomy:\n%w", err)
	}
	return t, nil
}

// dimensions is the taxonomy as the store's tables have it.
func dimensions(t *tag.Tagger) store.Taxonomy {
	c := t.Taxonomy()
	out := store.Taxonomy{Version: c.Version}
	for _, d := range c.Districts {
		out.Districts = append(out.Districts, [2]string{d.ID, d.Name})
	}
	for _, f := range c.Facets {
		out.Facets = append(out.Facets, [2]string{f.ID, f.Name})
	}
	for _, m := range c.Metrics {
		out.Metrics = append(out.Metrics, [2]string{m.ID, m.Name})
	}
	for _, s := range c.Streets {
		district, _, _ := strings.Cut(s.ID, "/")
		out.Streets = append(out.Streets, [3]string{s.ID, district, s.Name})
	}
	for _, s := range c.Skills {
		out.Skills = append(out.Skills, [4]string{s.ID, s.Name, s.Kind, s.Side})
	}
	for _, a := range c.Areas {
		for _, country := range a.Countries {
			out.Areas = append(out.Areas, [2]string{a.ID, country})
		}
	}
	return out
}

// close closes what is open, downstream last, and gives the lock back.
func (a *app) close() error {
	var errs []error
	if a.bus != nil {
		errs = append(errs, a.bus.Close())
	}
	if a.store != nil {
		errs = append(errs, a.store.Close())
	}
	if a.unlock != nil {
		errs = append(errs, a.unlock())
	}
	return errors.Join(errs...)
}

// stage is one running part of a process.
type stage struct {
	name string
	run  func(context.Context) error
}

// runStages runs stages until ctx ends or the first of them does. It then stops
// them in the order given, the flow's, each only when the one before
// has ended, so that what is on its way arrives.
func runStages(ctx context.Context, stages ...stage) error {
	type running struct {
		cancel context.CancelFunc
		done   chan error
	}
	base := context.WithoutCancel(ctx)
	ended := make(chan struct{}, len(stages))
	var all []running
	for _, s := range stages {
		own, cancel := context.WithCancel(base)
		r := running{cancel, make(chan error, 1)}
		all = append(all, r)
		go func() {
			err := s.run(own)
			if err != nil && !errors.Is(err, context.Canceled) {
				err = fmt.Errorf("%s: %w", s.name, err)
			} else {
				err = nil
			}
			r.done <- err
			ended <- struct{}{}
		}()
	}
	select {
	case <-ctx.Done():
	case <-ended:
	}
	var errs []error
	for _, r := range all {
		r.cancel()
		errs = append(errs, <-r.done)
	}
	return errors.Join(errs...)
}

// drain waits until everything published is tagged and applied.
func (a *app) drain(ctx context.Context, report func(left uint64)) error {
	for {
		streams, err := a.bus.Status(ctx)
		if err != nil {
			return err
		}
		left := uint64(0)
		for _, s := range streams { // upstream first: what leaves one has reached the next
			if s.Name != bus.Dead {
				left += s.Pending
			}
		}
		report(left)
		if left == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}
