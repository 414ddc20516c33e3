package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// TestAServerWithOpenStreamsStops: streams that nobody ends must not hold up the end.
func TestAServerWithOpenStreamsStops(t *testing.T) {
	e := &env{cli: &cli{}, dir: t.TempDir(), stderr: io.Discard, log: slog.New(slog.DiscardHandler)}
	a, err := e.newApp()
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.close(); err != nil {
			t.Error(err)
		}
	}()
	if err := errors.Join(a.openBus(t.Context()), a.openStore(t.Context())); err != nil {
		t.Fatal(err)
	}
	before := goleak.IgnoreCurrent()
	listener, err := listenOn(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- a.serveHTTP(ctx, listener, func(url string) { ready <- url }) }()
	var url string
	select {
	case url = <-ready:
	case err := <-ended:
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "data: ") {
	}
	if err := lines.Err(); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("got %d, %v", res.StatusCode, err)
	}
	stop()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Second):
		t.Error("after a second it still runs")
		<-ended
	}
	if rest, err := io.ReadAll(res.Body); err != nil {
		t.Errorf("the stream was cut off: %v after %q", err, rest)
	}
	goleak.VerifyNone(t, before)
}
