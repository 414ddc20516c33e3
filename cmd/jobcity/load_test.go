package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"jobcity/pipeline/crawl"
	"jobcity/pipeline/posting"
	"jobcity/sql/citytest"
)

// BenchmarkCity asks a server for every trend while postings arrive: eight
// clients, a thousand postings a second through bus, tagger and store, on top of a
// large made-up city. It prints the time of answers by route, and how long a
// posting takes from being published to being in an answer.
//
//	JOBCITY_CITY=DIR       keep the city's data here, and use it again
//	JOBCITY_CITY_SIZE=N    postings of the city; 100000 without it
//	JOBCITY_CITY_RATE=N    postings a second; 1000 without it
//	JOBCITY_CITY_SECONDS=N how long; 20 without it
//	JOBCITY_CITY_PAUSE=N   milliseconds that a client rests after each answer; 0 without it
func BenchmarkCity(b *testing.B) {
	size, rate, seconds := setting("JOBCITY_CITY_SIZE", 100_000), setting("JOBCITY_CITY_RATE", 1000), setting("JOBCITY_CITY_SECONDS", 20)
	data := os.Getenv("JOBCITY_CITY")
	if data == "" {
		data = b.TempDir()
	}
	maker, err := citytest.NewMaker()
	if err != nil {
		b.Fatal(err)
	}
	citytest.Fill(b, maker, data, size)
	for b.Loop() {
		underLoad(b, maker, data, size, rate, time.Duration(seconds)*time.Second)
	}
}

func setting(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// underLoad runs the server, its clients and its feed.
func underLoad(b *testing.B, maker *citytest.Maker, data string, size, rate int, length time.Duration) {
	b.Helper()
	e := &env{cli: &cli{Data: data}, dir: data, stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard, log: slog.New(slog.DiscardHandler)}
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	var server *app
	ready := make(chan string, 1)
	ended := make(chan error, 1)
	go func() {
		ended <- e.serveAll(ctx, "127.0.0.1:0", func(a *app) (*crawl.Crawler, error) { server = a; return nil, nil }, func(url string) { ready <- url })
	}()
	var url string
	select {
	case url = <-ready:
	case err := <-ended:
		b.Fatal(err)
	}
	routes := routesToAsk(b, server)
	var first answered
	for _, r := range routes { // the first time each is asked nobody else waits
		first.ask(ctx, url, r)
	}
	first.report("first answers, one client, nothing arriving")
	var g sync.WaitGroup
	end, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	var answers *answered
	g.Go(func() {
		answers = otherProcess(b, asking{url, routes, length, time.Duration(setting("JOBCITY_CITY_PAUSE", 0)) * time.Millisecond})
	})
	var seen answered
	g.Go(func() { feed(end, b, server, maker, url, size, rate, &seen) })
	g.Wait()
	answers.report(fmt.Sprintf("eight clients, %d postings a second", rate))
	seen.report("from published to answered")
	stop()
	if err := <-ended; err != nil {
		b.Error(err)
	}
}

// asClients is the environment variable that makes the test binary the clients: a
// server shares its processors with them, but not its own scheduler.
const asClients = "JOBCITY_TEST_AS_CLIENTS"

// asking is what eight clients are to do, one request after the other with a pause
// between.
type asking struct {
	URL           string
	Routes        []string
	Length, Pause time.Duration
}

// otherProcess asks from a process of its own.
func otherProcess(b *testing.B, a asking) (answers *answered) {
	answers = &answered{}
	b.Helper()
	given, err := json.Marshal(a)
	if err != nil {
		b.Error(err)
		return answers
	}
	cmd := exec.CommandContext(b.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), asClients+"="+string(given))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		b.Errorf("clients: %v", err)
		return answers
	}
	if err := json.Unmarshal(out, answers); err != nil {
		b.Errorf("clients: %v", err)
	}
	return answers
}

// askAll is the main function of the clients.
func askAll(given string) {
	var a asking
	if err := json.Unmarshal([]byte(given), &a); err != nil {
		panic(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), a.Length)
	defer cancel()
	var answers answered
	var g sync.WaitGroup
	for c := range 8 {
		g.Go(func() {
			r := rand.New(rand.NewPCG(7, uint64(c)))
			for ctx.Err() == nil {
				answers.ask(ctx, a.URL, a.Routes[r.IntN(len(a.Routes))])
				time.Sleep(a.Pause)
			}
		})
	}
	g.Wait()
	if err := json.NewEncoder(os.Stdout).Encode(&answers); err != nil {
		panic(err)
	}
}

// routesToAsk are all trends, each with its defaults, and with several values
// where it needs some; and the pages of the map.
func routesToAsk(b *testing.B, a *app) (routes []string) {
	b.Helper()
	catalog, err := trends()
	if err != nil {
		b.Fatal(err)
	}
	skills := []string{"python", "kubernetes", "terraform", "react"}
	for _, q := range catalog.All() {
		path := "/v1/trends/" + q.Name
		needs := map[string][]string{"skill": skills, "district": {"data", "security", "software", "sysadmin"}, "skills": {"python,sql", "kubernetes,terraform"}, "id": {"kubernetes"}}
		asked := false
		for _, p := range q.Params {
			if p.Required {
				for _, v := range needs[p.Name] {
					routes = append(routes, path+"?"+p.Name+"="+v)
					asked = true
				}
			}
		}
		if !asked {
			routes = append(routes, path)
		}
	}
	return append(routes, "/v1/map", "/v1/districts/data", "/v1/skills/python")
}

// feed publishes postings at a steady rate, and measures for one of each second
// how long it takes until there is an answer with it.
func feed(ctx context.Context, b *testing.B, a *app, maker *citytest.Maker, url string, size, rate int, seen *answered) {
	const beat = 100 * time.Millisecond
	every := time.NewTicker(beat)
	defer every.Stop()
	next := uint64(size) + uint64(time.Now().Unix())*100_000 // new ones in each run
	var watchers sync.WaitGroup
	defer watchers.Wait()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
		var postings []posting.Posting
		for _, row := range maker.Rows(next, rate/10) {
			postings = append(postings, row.Posting)
		}
		next += uint64(rate / 10)
		start := time.Now()
		if err := a.bus.PublishPostings(ctx, postings); err != nil {
			if ctx.Err() == nil {
				b.Error(err)
			}
			return
		}
		if n%10 == 0 {
			watchers.Go(func() {
				for time.Since(start) < time.Minute {
					status, _ := get(context.WithoutCancel(ctx), url+"/v1/postings/"+postings[0].ID)
					if status == http.StatusOK {
						seen.add("/v1/postings/{id}", time.Since(start), "")
						return
					}
					time.Sleep(50 * time.Millisecond) // each look costs some milliseconds
				}
				seen.add("/v1/postings/{id}", time.Since(start), "not there after a minute")
			})
		}
	}
}

// answered gathers how long answers took, by route.
type answered struct {
	mu    sync.Mutex
	Took  map[string][]time.Duration
	Wrong map[string]int
}

func (a *answered) ask(ctx context.Context, url, route string) {
	start := time.Now()
	status, body := get(ctx, url+route)
	if ctx.Err() != nil {
		return
	}
	wrong := ""
	if status != http.StatusOK {
		var p struct{ Detail string }
		_ = json.Unmarshal(body, &p)
		wrong = fmt.Sprintf("%d %s", status, p.Detail)
	}
	path, _, _ := strings.Cut(route, "?")
	a.add(path, time.Since(start), wrong)
}

func (a *answered) add(route string, took time.Duration, wrong string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.Took == nil {
		a.Took, a.Wrong = map[string][]time.Duration{}, map[string]int{}
	}
	a.Took[route] = append(a.Took[route], took)
	if wrong != "" {
		a.Wrong[route+": "+wrong]++
	}
}

func (a *answered) report(title string) {
	var all []time.Duration
	var lines []string
	for route, took := range a.Took {
		slices.Sort(took)
		all = append(all, took...)
		lines = append(lines, fmt.Sprintf("%10.1f %8.1f %8.1f %8d  %s", ms(took, 0.5), ms(took, 0.99), ms(took, 1), len(took), route))
	}
	slices.Sort(all)
	slices.Sort(lines)
	slices.Reverse(lines)
	for wrong, n := range a.Wrong {
		lines = append(lines, fmt.Sprintf("%d times %s", n, wrong))
	}
	fmt.Printf("%s\n    p50 ms   p99 ms   max ms        n\n%10.1f %8.1f %8.1f %8d  all\n%s\n", title, ms(all, 0.5), ms(all, 0.99), ms(all, 1), len(all), strings.Join(lines, "\n"))
}

// ms is a quantile of sorted times, in milliseconds.
func ms(sorted []time.Duration, at float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return float64(sorted[int(at*float64(len(sorted)-1))].Microseconds()) / 1000
}

var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

func get(ctx context.Context, url string) (status int, body []byte) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, nil
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, nil
	}
	defer resp.Body.Close()
	body, _ = io.ReadAll(resp.Body)
	return resp.StatusCode, body
}
