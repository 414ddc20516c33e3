package crawl_test

import (
	"fmt"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"jobcity/pipeline/crawl"
	"jobcity/pipeline/crawl/crawltest"
	"jobcity/pipeline/crawl/jobposting"
	"jobcity/pipeline/posting"
)

func TestARedirectIsFollowedFiveTimesAndCheckedEachTime(t *testing.T) {
	k := ashbyKit()
	board := k.pages(three)[0]
	for _, tt := range []struct {
		name    string
		hops    int
		to      func(c *city) string
		verdict posting.Verdict
		reason  string
	}{
		{"five hops", 5, nil, posting.Complete, ""},
		{"eleven hops", 11, nil, posting.Failed, "leads through more than 5"},
		{"into what robots.txt forbids", 1, func(c *city) string { return c.URL + "/private/board" }, posting.Failed, "robots.txt forbids it"},
		{"to the cloud's metadata", 1, func(*city) string { return "http://169.254.169.254/latest/meta-data/" }, posting.Failed, "not a public address"},
		{"to an address inside, as IPv6", 1, func(*city) string { return "http://[::ffff:7f00:1]/" }, posting.Failed, "not a public address"},
		{"to an address inside, as a number", 1, func(*city) string { return "http://2130706433/" }, posting.Failed, ""},
		{"to localhost with a dot", 1, func(*city) string { return "http://localhost.:9/" }, posting.Failed, ""},
		{"to another scheme", 1, func(*city) string { return "file:///etc/passwd" }, posting.Failed, "bad redirect"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newCity(t)
			c.Handle("/robots.txt", crawltest.JSON("User-agent: *\nDisallow: /private/\n"))
			c.Handle("/private/board", board.answer(board.body))
			last := c.URL + "/moved/0"
			c.Handle("/moved/0", board.answer(board.body))
			if tt.to != nil {
				last = tt.to(c)
			}
			for i := 1; i < tt.hops; i++ {
				c.Handle(fmt.Sprintf("/moved/%d", i), crawltest.Status(302, "Location", last))
				last = fmt.Sprintf("%s/moved/%d", c.URL, i)
			}
			c.Handle(board.path, crawltest.Status(302, "Location", last))
			s := c.sweep(t, c.crawler(t, k.board))
			if s.Verdict != tt.verdict || !strings.Contains(s.Reason, tt.reason) {
				t.Errorf("verdict %s, reason %q", s.Verdict, s.Reason)
			}
			if n := c.Asked("/private/board"); n > 0 {
				t.Errorf("the forbidden page was asked for %d times", n)
			}
		})
	}
}

func TestAnAnswerThatDripsIsCutOff(t *testing.T) {
	k := ashbyKit()
	c := newCity(t)
	c.cfg.MinRate = 1 << 20
	c.Handle(k.pages(nil)[0].path, crawltest.Endless(5*time.Millisecond))
	cr := c.crawler(t, k.board)
	cr.SetRateWindow(100 * time.Millisecond)
	if s := c.sweep(t, cr); s.Verdict != posting.Failed || s.Reason == "" {
		t.Errorf("verdict %s, reason %q", s.Verdict, s.Reason)
	}
}

// TestAHostsBreakerLetsOneRequestThrough: after the rest of a host that kept
// failing one request finds out whether it is well again.
func TestAHostsBreakerLetsOneRequestThrough(t *testing.T) {
	c := newCity(t)
	boards := c.manyBoards(30)
	for _, b := range boards {
		c.Handle("/posting-api/job-board/"+b.Board, crawltest.Status(500))
	}
	cr := c.crawler(t, boards...)
	now := time.Now()
	var mu sync.Mutex
	cr.SetHostsNow(func() time.Time { mu.Lock(); defer mu.Unlock(); return now })
	if _, err := cr.Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	if b := cr.Breakers(); b["open"] != 1 {
		t.Fatalf("breakers %v", b)
	}
	asked := func() (n int) {
		for _, b := range boards {
			n += c.Asked("/posting-api/job-board/" + b.Board)
		}
		return n
	}
	before := asked()
	if before >= len(boards) {
		t.Errorf("%d requests to a host that keeps failing", before)
	}
	mu.Lock()
	now = now.Add(2 * time.Hour)
	mu.Unlock()
	if b := cr.Breakers(); b["half_open"] != 1 {
		t.Errorf("breakers %v", b)
	}
	if _, err := cr.Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := asked() - before; n != 1 {
		t.Errorf("%d requests after the rest, want one", n)
	}
}

// TestATrapOfAddressesEnds: a calendar, or filters that multiply, has no end.
func TestATrapOfAddressesEnds(t *testing.T) {
	c := newCity(t)
	c.cfg.Sources["jsonld"] = crawl.SourceConfig{BaseURL: c.URL}
	var urls strings.Builder
	for i := range crawl.MaxQueries + 50 {
		fmt.Fprintf(&urls, "%s/jobs?day=%d\n", c.URL, i)
	}
	c.Handle("/sitemap.xml", crawltest.Content("text/plain", urls.String()))
	c.Handle("/jobs", crawltest.Content("text/html", "<html>another day without postings</html>"))
	s := c.sweep(t, c.crawler(t, site))
	if s.Verdict != posting.Failed || !strings.Contains(s.Reason, "all the requests it may") || s.Requests > crawl.MaxQueries+10 {
		t.Errorf("verdict %s after %d requests: %s", s.Verdict, s.Requests, s.Reason)
	}
}

// TestPagesThatHurt: whatever a page is, it is read in bounded time and memory, and
// what comes out is valid UTF-8 without NUL.
func TestPagesThatHurt(t *testing.T) {
	marked := markedUp("Engineer", "")
	utf16 := func(s string) string {
		var b strings.Builder
		for _, r := range s {
			b.WriteByte(byte(r))
			b.WriteByte(byte(r >> 8))
		}
		return b.String()
	}
	for name, body := range map[string]string{
		"100,000 nested elements": strings.Repeat("<div>", 100_000) + marked,
		"a million links":         strings.Repeat(`<a href="/x">x</a>`, 1_000_000) + marked,
		"NUL bytes":               strings.Replace(marked, "Engineer", "Engi\x00neer", 1),
		"UTF-16 without a mark":   utf16(marked),
		"broken UTF-8":            strings.Replace(marked, "Engineer", "Engin\xe9er\xff", 1),
		"a lone surrogate":        strings.Replace(marked, "Engineer", `Eng\ud800ineer`, 1),
		"script in the text":      strings.Replace(marked, "<p>Text</p>", `<script>alert(1)<\/script><img onerror=alert(1)>Text`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			for _, f := range jobposting.Extract([]byte(body), "https://acme.example/jobs/1", nil, time.Time{}).Found {
				p := f.Posting
				p.Source, p.Board = "jsonld", "acme.example"
				if err := p.Prepare(); err != nil {
					t.Errorf("it cannot be prepared: %v", err)
				}
				if strings.ContainsRune(p.Title+p.Text, 0) || strings.Contains(p.Title, `\ud800`) {
					t.Errorf("title %q", p.Title)
				}
			}
		})
	}
}

// TestThousandsOfHostsAtOnce: each host has a queue of its own, asked one thing at a
// time, and all of them do not take more goroutines than a few a host.
func TestThousandsOfHostsAtOnce(t *testing.T) {
	const hosts = 2_000
	c := newCity(t)
	c.cfg.AllowPrivateHosts = []string{"127.0.0.0/8"}
	c.cfg.Concurrency = 64
	var mu sync.Mutex
	busy, most, answered := map[string]int{}, 0, map[string]int{}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		busy[r.Host]++
		most = max(most, busy[r.Host])
		answered[r.Host]++
		mu.Unlock()
		if r.URL.Path == "/robots.txt" {
			w.WriteHeader(http.StatusNotFound)
		} else {
			fmt.Fprint(w, `{"jobs":[{"id":"1","title":"Engineer"}]}`)
		}
		mu.Lock()
		busy[r.Host]--
		mu.Unlock()
	})
	srv := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	defer srv.Close()
	var serving sync.WaitGroup
	defer serving.Wait()
	defer srv.Close()
	var boards []crawl.Board
	for i := range hosts {
		l, err := net.Listen("tcp", fmt.Sprintf("127.1.%d.%d:0", i/250, i%250+1))
		if err != nil {
			t.Skipf("no loopback network of this many addresses here: %v", err)
		}
		serving.Go(func() { _ = srv.Serve(l) })
		boards = append(boards, crawl.Board{Source: "ashby", Board: fmt.Sprintf("employer%d", i), BaseURL: "http://" + l.Addr().String()})
	}
	before := runtime.NumGoroutine()
	peak := 0
	cr := c.crawler(t, boards...)
	cr.OnProgress = func(crawl.Progress) { peak = max(peak, runtime.NumGoroutine()-before) }
	sum, err := cr.Once(t.Context())
	if err != nil || sum.Complete != hosts || sum.Published != hosts {
		_, sweeps, _ := c.bus.Take()
		for _, s := range sweeps {
			if s.Verdict != posting.Complete {
				t.Errorf("%s: %s", s.URL, s.Reason)
				break
			}
		}
		t.Fatalf("summary %+v, error %v", sum, err)
	}
	if most != 1 {
		t.Errorf("%d requests at a time to one host", most)
	}
	if peak > 8*hosts {
		t.Errorf("%d goroutines for %d hosts", peak, hosts)
	}
	for h, n := range answered {
		if n != 2 {
			t.Fatalf("%s was asked %d times, want robots.txt and the board", h, n)
		}
	}
}
