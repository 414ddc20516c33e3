package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"

	"jobcity/pipeline/crawl"
	"jobcity/pipeline/ingest"
)

type upCmd struct {
	crawlFlags
	Crawl  bool   `env:"JOBCITY_CRAWL" help:"Crawl: the boards of your file, or if there is none jobcity's own list of public boards. Needs a contact address."`
	Listen string `default:"127.0.0.1:8080" env:"JOBCITY_LISTEN" help:"Address of the API."`
}

func (c upCmd) Run(ctx context.Context, e *env) error {
	plan, err := c.plan(e)
	if err != nil {
		return err
	}
	return e.serveAll(ctx, c.Listen, func(a *app) (*crawl.Crawler, error) { return a.crawler(plan) }, nil)
}

// serveAll runs everything in one process until ctx ends. The crawler may be nil.
// ready, if given, is called with the address once it listens.
func (e *env) serveAll(ctx context.Context, listen string, crawler func(*app) (*crawl.Crawler, error), ready func(url string)) (err error) {
	a, err := e.newApp()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	listener, err := listenOn(ctx, listen)
	if err != nil {
		return err
	}
	a.leaveRoom()
	if err := errors.Join(a.openBus(ctx), a.openStore(ctx), a.openTagger(ctx)); err != nil {
		return errors.Join(err, listener.Close())
	}
	if err := a.openSearches(ctx, "store"); err != nil {
		return errors.Join(err, listener.Close())
	}
	c, err := crawler(a)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	var stages []stage
	if c != nil {
		stages = append(stages, stage{"crawl", c.Run})
	}
	stages = append(stages,
		stage{"tag", ingest.NewTagging(a.cfg.Ingest, a.cfg.Batch, a.bus, a.tagger, a.log).Run},
		stage{"apply", ingest.NewApplying(a.cfg.Ingest, a.bus, a.store, "store", a.log).Run},
		stage{"tell", a.sender.Run},
		stage{"serve", func(ctx context.Context) error { return a.serveHTTP(ctx, listener, ready) }},
	)
	return runStages(ctx, stages...)
}

// listenOn opens the address of a server, and says plainly when it is taken.
func listenOn(ctx context.Context, address string) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w (choose another with --listen)", address, err)
	}
	return l, nil
}

type crawlCmd struct {
	crawlFlags
	Once bool `help:"Crawl every board once and stop."`
}

func (c crawlCmd) Run(ctx context.Context, e *env) (err error) {
	plan, err := e.plan(c.crawlFlags)
	if err == nil && plan.shipped {
		err = plan.needContact()
	}
	if err != nil {
		return err
	}
	if len(plan.boards) == 0 {
		return usageError{errors.New("no boards to crawl: make boards.yaml with 'jobcity boards add URL', give --boards FILE, or start from jobcity's own list with 'jobcity boards list --print > boards.yaml'")}
	}
	a, err := e.newApp()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	if err := a.openBus(ctx); err != nil {
		return err
	}
	crawler, err := a.crawler(plan)
	if err != nil {
		return err
	}
	if !c.Once {
		return runStages(ctx, stage{"crawl", crawler.Run})
	}
	bar := e.newProgress("crawling", "boards", 0)
	crawler.OnProgress = func(p crawl.Progress) { bar.set(int64(p.Done), int64(p.Boards)) }
	sum, err := crawler.Once(ctx)
	bar.done()
	fmt.Fprintf(e.stderr, "%d boards: %d complete (%d unchanged), %d partial, %d failed; %d postings listed, %d published, %d rejected; %d requests\n",
		sum.Boards, sum.Complete, sum.NotModified, sum.Partial, sum.Failed, sum.Listed, sum.Published, sum.Rejected, sum.Requests)
	if err == nil && sum.Complete < sum.Boards {
		err = fmt.Errorf("%w: %d of %d boards", errPartly, sum.Boards-sum.Complete, sum.Boards)
	}
	return err
}

type workCmd struct{}

func (workCmd) Run(ctx context.Context, e *env) (err error) {
	a, err := e.newApp()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	if err := errors.Join(a.openBus(ctx), a.openTagger(ctx)); err != nil {
		return err
	}
	return runStages(ctx, stage{"tag", ingest.NewTagging(a.cfg.Ingest, a.cfg.Batch, a.bus, a.tagger, a.log).Run})
}

type serveCmd struct {
	Listen string `default:"127.0.0.1:8080" env:"JOBCITY_LISTEN" help:"Address of the API."`
	Name   string `env:"JOBCITY_NAME" placeholder:"NAME" help:"This store's name on the bus, its own among all; default the host's name."`
}

func (c serveCmd) Run(ctx context.Context, e *env) (err error) {
	a, err := e.newApp()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	name := c.Name
	if name == "" {
		if name, err = os.Hostname(); err != nil {
			return fmt.Errorf("this store's name on the bus (give --name): %w", err)
		}
	}
	listener, err := listenOn(ctx, c.Listen)
	if err != nil {
		return err
	}
	a.leaveRoom()
	if err := errors.Join(a.openBus(ctx), a.openStore(ctx), a.openTagger(ctx)); err != nil {
		return errors.Join(err, listener.Close())
	}
	if err := a.openSearches(ctx, name); err != nil {
		return errors.Join(err, listener.Close())
	}
	return runStages(ctx,
		stage{"apply", ingest.NewApplying(a.cfg.Ingest, a.bus, a.store, name, a.log).Run},
		stage{"tell", a.sender.Run},
		stage{"serve", func(ctx context.Context) error { return a.serveHTTP(ctx, listener, nil) }})
}
