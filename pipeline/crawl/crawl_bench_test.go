package crawl_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"jobcity/pipeline/crawl"
	"jobcity/pipeline/crawl/crawltest"
	"jobcity/pipeline/posting"
)

// Boards of the size that public ones have: 60 postings of about 4 KB of HTML.
const (
	benchBoards   = 100
	benchPostings = 60
	benchAtATime  = 8
)

// sink takes everything and keeps nothing.
type sink struct{}

func (sink) PublishPostings(context.Context, []posting.Posting) error { return nil }
func (sink) PublishSweep(context.Context, posting.Sweep) error        { return nil }
func (sink) PublishDead(context.Context, posting.DeadLetter) error    { return nil }
func (sink) State(context.Context, string) ([]byte, error)            { return nil, nil }
func (sink) PutState(context.Context, string, []byte) error           { return nil }
func (sink) Leases(context.Context, string) ([]string, error)         { return nil, nil }
func (sink) Lease(ctx context.Context, _, _ string) (context.Context, func(), error) {
	return ctx, func() {}, nil
}

func benchCity(b *testing.B) (*crawltest.Server, []crawl.Board, int64) {
	b.Helper()
	srv := crawltest.New(b)
	var boards []crawl.Board
	var size int64
	for i := range benchBoards {
		board := crawl.Board{Source: "ashby", Board: fmt.Sprintf("employer%03d", i)}
		var jobs []any
		for j := range benchPostings {
			jobs = append(jobs, map[string]any{
				"id": fmt.Sprintf("%08d-0000-4000-8000-%012d", i, j), "title": fmt.Sprintf("Senior Backend Engineer %d", j), "department": "Engineering",
				"team": "Platform", "employmentType": "FullTime", "location": "Berlin, Germany", "publishedAt": "2026-03-01T10:00:00.000+00:00",
				"isListed": true, "isRemote": false, "jobUrl": fmt.Sprintf("https://jobs.example/%s/%d", board.Board, j),
				"descriptionHtml": benchText(i*benchPostings + j),
			})
		}
		var body strings.Builder
		enc := json.NewEncoder(&body)
		enc.SetEscapeHTML(false) // as boards do
		if err := enc.Encode(map[string]any{"jobs": jobs, "apiVersion": "1"}); err != nil {
			b.Fatal(err)
		}
		size += int64(body.Len())
		srv.Handle("/posting-api/job-board/"+board.Board, crawltest.JSON(body.String()))
		boards = append(boards, board)
	}
	return srv, boards, size
}

func benchText(n int) string {
	var t strings.Builder
	fmt.Fprintf(&t, "<h2>About the role %d</h2>", n)
	for _, part := range []string{"What you will do", "What you bring", "What we offer"} {
		fmt.Fprintf(&t, "<h3>%s</h3><ul>", part)
		for i := range 8 {
			fmt.Fprintf(&t, "<li>Design, build and run services in Go and PostgreSQL on Kubernetes, with %d years of experience &amp; care for the people who use them.</li>", i+n%7)
		}
		t.WriteString("</ul>")
	}
	if n%10 == 0 { // real texts: one in thirty
		t.WriteString("<p>Questions? Write to talent@employer.example or call +49 30 1234567.</p>")
	}
	return t.String()
}

// BenchmarkAPIBoards compares the whole crawler, from the queue to the prepared
// posting, with a loop that does nothing but read and decode.
func BenchmarkAPIBoards(b *testing.B) {
	srv, boards, size := benchCity(b)
	b.Run("crawler", func(b *testing.B) {
		cfg := crawl.DefaultConfig()
		cfg.MinDelay, cfg.PerHost, cfg.AllowPrivateHosts = 0, benchAtATime, []string{srv.Host}
		cfg.Sources = map[string]crawl.SourceConfig{"ashby": {BaseURL: srv.URL}}
		b.ReportAllocs()
		b.SetBytes(size)
		for b.Loop() {
			cr, err := crawl.New(cfg, boards, sink{}, sink{}, discard(), nil)
			if err != nil {
				b.Fatal(err)
			}
			sum, err := cr.Once(b.Context())
			if err != nil || sum.Published != benchBoards*benchPostings {
				b.Fatalf("published %d, error %v", sum.Published, err)
			}
		}
		b.ReportMetric(float64(benchBoards*benchPostings*b.N)/b.Elapsed().Seconds(), "postings/s")
	})
	b.Run("net/http and encoding/json", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(size)
		for b.Loop() {
			if n := readPlainly(b, srv, boards); n != benchBoards*benchPostings {
				b.Fatalf("read %d", n)
			}
		}
		b.ReportMetric(float64(benchBoards*benchPostings*b.N)/b.Elapsed().Seconds(), "postings/s")
	})
}

// readPlainly reads and decodes the boards, and does nothing with them.
func readPlainly(b *testing.B, srv *crawltest.Server, boards []crawl.Board) int {
	b.Helper()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: benchAtATime}}
	defer client.CloseIdleConnections()
	work := make(chan crawl.Board)
	var mu sync.Mutex
	var wg sync.WaitGroup
	total := 0
	for range benchAtATime {
		wg.Go(func() {
			for board := range work {
				n, err := readBoard(b.Context(), client, srv.URL+"/posting-api/job-board/"+board.Board)
				if err != nil {
					b.Error(err)
				}
				mu.Lock()
				total += n
				mu.Unlock()
			}
		})
	}
	for _, board := range boards {
		work <- board
	}
	close(work)
	wg.Wait()
	return total
}

func readBoard(ctx context.Context, client *http.Client, url string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err
	}
	var doc struct {
		Jobs []struct {
			ID, Title, Department, Team, EmploymentType, Location, PublishedAt, JobURL, DescriptionHTML string
			IsListed, IsRemote                                                                          bool
		}
	}
	if err := json.Unmarshal(body, &doc); err != nil {
		return 0, err
	}
	return len(doc.Jobs), nil
}
