package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"jobcity/pipeline/api"
	"jobcity/pipeline/bus"
	"jobcity/pipeline/query"
	sqlfiles "jobcity/sql"
)

// serveHTTP answers on listener until ctx ends, then ends streams and lets what else is
// under way end.
func (a *app) serveHTTP(ctx context.Context, listener net.Listener, ready func(url string)) error {
	url := localURL(listener.Addr())
	secret, forget, err := a.announce(url)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer forget()
	handler, err := a.publicRoutes(secret, ctx.Done())
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	mux := http.NewServeMux()
	mux.Handle("/local/", a.localRoutes(secret))
	mux.Handle("/", handler)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	var g errgroup.Group
	g.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	a.log.Info("answering", "url", url)
	if ready != nil {
		ready(url)
	}
	<-ctx.Done()
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err = server.Shutdown(end)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close()
	}
	return errors.Join(err, g.Wait())
}

// localURL is the address by which this machine reaches addr.
func localURL(addr net.Addr) string {
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return "http://" + addr.String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return fmt.Sprintf("http://%s", net.JoinHostPort(host, port))
}

// publicRoutes is the API. Free SQL over HTTP needs the token; without one there
// is no such route. Streams end with ending.
func (a *app) publicRoutes(token string, ending <-chan struct{}) (http.Handler, error) {
	catalog, err := trends()
	if err != nil {
		return nil, err
	}
	reports, err := reports()
	if err != nil {
		return nil, err
	}
	queries, err := query.Load(sqlfiles.API, "api")
	if err != nil {
		return nil, err
	}
	return api.New(a.cfg.API, api.Deps{
		Runner: a.store, Trends: catalog, Reports: reports, Queries: queries, Log: a.log,
		Registry: a.registry, Ready: a.ready, Streams: a.streams, SQL: a.store.Free, Token: token, Version: version, Ending: ending,
		Searches: a.searches,
	})
}

// ready says why the server cannot answer or keep up, if it cannot.
func (a *app) ready(ctx context.Context) error {
	if !a.bus.Connected() {
		return errors.New("the bus is out of reach")
	}
	_, err := a.store.Counts(ctx)
	return err
}

// streams is how far this store is behind the bus.
func (a *app) streams(ctx context.Context) ([]api.Stream, error) {
	all, err := a.bus.Status(ctx)
	if err != nil {
		return nil, err
	}
	applied := map[string]uint64{}
	for _, p := range a.store.Positions() {
		applied[p.Stream] = p.Sequence
	}
	var out []api.Stream
	for _, s := range all {
		one := api.Stream{Name: s.Name, Messages: s.Messages, Bytes: s.Bytes, LastSequence: s.LastSeq, AppliedSequence: applied[s.Name], Lag: s.Pending}
		if s.Name == bus.Dead {
			one.Lag = 0
		}
		out = append(out, one)
	}
	return out, nil
}
