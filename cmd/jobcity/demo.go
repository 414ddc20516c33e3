package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"jobcity/pipeline/crawl"
	"jobcity/pipeline/demo"
)

type demoCmd struct {
	Listen string `default:"127.0.0.1:8080" env:"JOBCITY_LISTEN" help:"Address of the API."`
	Seed   uint64 `default:"1" help:"Another number makes up another city."`
	Keep   bool   `help:"Keep what is made up in the data folder; by default it is a folder of its own, data-demo."`
}

// Run serves a made-up city on loopback and crawls that, and nothing else.
func (c demoCmd) Run(ctx context.Context, e *env) error {
	if !c.Keep {
		e.dir += "-demo"
	}
	city := demo.New(c.Seed, time.Now().UTC())
	boards, err := listenOn(ctx, "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: city.Handler(), ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(boards) }()
	base := "http://" + boards.Addr().String()
	err = e.serveAll(ctx, c.Listen, func(a *app) (*crawl.Crawler, error) { return a.demoCrawler(city, base, boards.Addr().String()) }, func(url string) {
		fmt.Fprintf(e.stderr, `
A made-up city of %d boards and %d postings; nothing in it is real.
Ask it something, in a browser or with curl:

  %s/v1/trends/skill_share_by_month?skill=kubernetes
  %s/v1/trends
  %s/v1/status

or from another terminal:

  jobcity --data %s query skills_of_district --district data

Ctrl-C ends it.

`, len(city.Boards()), city.Postings(), url, url, url, e.dir)
	})
	if closeErr := server.Close(); err == nil {
		err = closeErr
	}
	if serveErr := <-served; !errors.Is(serveErr, http.ErrServerClosed) {
		err = errors.Join(err, serveErr)
	}
	return err
}

// demoCrawler crawls the city at base, without the manners that strangers' servers need.
func (a *app) demoCrawler(city *demo.City, base, host string) (*crawl.Crawler, error) {
	cfg := a.cfg.Crawl
	cfg.Version, cfg.MinDelay, cfg.PerHost = version, 0, 8
	cfg.AllowPrivateHosts = []string{host}
	var boards []crawl.Board
	for _, b := range city.Boards() {
		board := crawl.Board{Source: b[0], Board: b[1], BaseURL: base}
		if b[0] == "hn" {
			board.Options = map[string]string{"threads": "all"}
		}
		boards = append(boards, board)
	}
	return crawl.New(cfg, boards, a.bus, a.bus, a.log, a.registry)
}
