package api_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// stream opens a stream over the network, and hands its lines to each until that is
// false or the stream ends. It closes opened when the answer has begun.
func stream(ctx context.Context, url string, opened chan<- struct{}, each func(line string) bool) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/v1/events", nil)
	if err != nil {
		return err
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("got %d", res.StatusCode)
	}
	close(opened)
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		if !each(lines.Text()) {
			return nil
		}
	}
	return lines.Err()
}

func TestAHundredListenersHearOfTheLastChange(t *testing.T) {
	m := &moving{}
	h := handler(t, config(), deps(t, m))
	server := httptest.NewServer(h)
	defer server.Close()
	var g sync.WaitGroup
	for i := range 100 {
		opened := make(chan struct{})
		g.Go(func() {
			heard := ""
			err := stream(t.Context(), server.URL, opened, func(line string) bool {
				if id, ok := strings.CutPrefix(line, "id: "); ok {
					heard = id
				}
				return heard != "1000"
			})
			if err != nil || heard != "1000" {
				t.Errorf("listener %d heard %s last: %v", i, heard, err)
			}
		})
		<-opened
		m.changes.Add(5)
	}
	if res := get(t, h, "GET", "/v1/events"); res.StatusCode != 429 {
		t.Errorf("one too many got %d", res.StatusCode)
	}
	if res := get(t, h, "GET", "/v1/trends/hybrid_mix_by_district"); res.StatusCode != 200 {
		t.Errorf("who asks meanwhile got %d", res.StatusCode)
	}
	m.changes.Add(500)
	g.Wait()
}

func TestStreamsEndWithTheServer(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	d := deps(t, &fake{version: "1"})
	d.Ending = ctx.Done()
	server := httptest.NewServer(handler(t, config(), d))
	var g sync.WaitGroup
	for range 3 {
		opened := make(chan struct{})
		g.Go(func() {
			if err := stream(t.Context(), server.URL, opened, func(string) bool { return true }); err != nil {
				t.Errorf("the stream was cut off: %v", err)
			}
		})
		<-opened
	}
	stop()
	within, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if err := server.Config.Shutdown(within); err != nil {
		t.Error(err)
	}
	g.Wait()
	server.Close()
}
