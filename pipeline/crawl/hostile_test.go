package crawl_test

import (
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"jobcity/pipeline/crawl"
	"jobcity/pipeline/crawl/crawltest"
	"jobcity/pipeline/posting"
)

func TestRobotsTxtDecides(t *testing.T) {
	k := ashbyKit()
	path := k.pages(nil)[0].path
	rest := strings.Repeat("#"+strings.Repeat("x", 998)+"\n", 600) // 600 KB
	for _, tt := range []struct {
		name    string
		robots  http.Handler
		verdict posting.Verdict
		reason  string
	}{
		{"allowed", crawltest.JSON("User-agent: *\nDisallow: /private/\n"), posting.Complete, ""},
		{"forbidden to all", crawltest.JSON("User-agent: *\nDisallow: /posting-api/\n"), posting.Failed, "robots.txt forbids it"},
		{"forbidden to us by name", crawltest.JSON("User-agent: JobCity/9\nDisallow: /\n\nUser-agent: *\nAllow: /\n"), posting.Failed, "robots.txt forbids it"},
		{"forbidden to another", crawltest.JSON("User-agent: jobcitybot\nDisallow: /\n"), posting.Complete, ""},
		{"not there", crawltest.Status(404), posting.Complete, ""},
		{"refused", crawltest.Status(403), posting.Complete, ""},
		{"broken", crawltest.Status(500), posting.Failed, "counts as a refusal"},
		{"asks to wait", crawltest.Status(429), posting.Failed, "counts as a refusal"},
		{"cut short", crawltest.Truncated(strings.Repeat("# nothing\n", 1000)), posting.Failed, "counts as a refusal"},
		{"a web page", crawltest.HTML(), posting.Complete, ""},
		{"a bad crawl-delay", crawltest.JSON("User-agent: *\nCrawl-delay: 1s\nDisallow: /x\n"), posting.Complete, ""},
		{"a rule before 500 KiB", crawltest.JSON("User-agent: *\nDisallow: /posting-api/\n" + rest), posting.Failed, "robots.txt forbids it"},
		{"a rule after 500 KiB", crawltest.JSON("User-agent: *\n" + rest + "Disallow: /posting-api/\n"), posting.Complete, ""},
		{"a bomb", crawltest.Bomb(100 << 20), posting.Complete, ""},
		{"moved", crawltest.Status(301, "Location", "/elsewhere.txt"), posting.Failed, "robots.txt forbids it"},
		{"moved in circles", crawltest.Status(301, "Location", "/robots.txt"), posting.Complete, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newCity(t)
			c.serve(k.pages(three))
			c.Handle("/robots.txt", tt.robots)
			c.Handle("/elsewhere.txt", crawltest.JSON("User-agent: *\nDisallow: /\n"))
			s := c.sweep(t, c.crawler(t, k.board))
			if s.Verdict != tt.verdict || !strings.Contains(s.Reason, tt.reason) {
				t.Errorf("verdict %s, reason %q", s.Verdict, s.Reason)
			}
			if asked := c.Asked(path); (asked > 0) != (tt.verdict == posting.Complete) {
				t.Errorf("the board was asked %d times", asked)
			}
		})
	}
}

func TestRobotsTxtIsKeptForADay(t *testing.T) {
	k := ashbyKit()
	c := newCity(t)
	c.serve(k.pages(three))
	cr := c.crawler(t, k.board)
	now := time.Now()
	cr.SetRobotsNow(func() time.Time { return now })
	c.sweep(t, cr)
	c.Handle("/robots.txt", crawltest.JSON("User-agent: *\nDisallow: /\n"))
	now = now.Add(23 * time.Hour)
	if s := c.sweep(t, cr); s.Verdict != posting.Complete || c.Asked("/robots.txt") != 1 {
		t.Errorf("within the day: %s, robots.txt asked %d times", s.Verdict, c.Asked("/robots.txt"))
	}
	now = now.Add(2 * time.Hour)
	if s := c.sweep(t, cr); s.Verdict != posting.Failed {
		t.Errorf("after a day the new robots.txt is not obeyed: %s", s.Verdict)
	}
	c.Handle("/robots.txt", crawltest.JSON("User-agent: *\nAllow: /\n"))
	now = now.Add(25 * time.Hour)
	c.sweep(t, cr)
	c.Handle("/robots.txt", crawltest.Status(500))
	now = now.Add(25 * time.Hour)
	if s := c.sweep(t, cr); s.Verdict != posting.Complete {
		t.Errorf("an older robots.txt is at hand, and was not used: %s", s.Reason)
	}
}

func TestAddressesInsideAreNotAsked(t *testing.T) {
	k := ashbyKit()
	path := k.pages(nil)[0].path
	c := newCity(t)
	c.serve(k.pages(three))
	_, port, _ := strings.Cut(c.Host, ":")
	for _, target := range []string{
		"http://localhost:" + port + path, "http://localhost.:" + port + path, "http://[::1]:" + port + path,
		"http://[::ffff:7f00:1]:" + port + path, "http://2130706433:" + port + path, "http://0x7f.1:" + port + path,
		"http://0.0.0.0:" + port + path, "http://10.0.0.1" + path, "http://[64:ff9b::7f00:1]" + path,
	} {
		t.Run(target, func(t *testing.T) {
			c.Handle(path, crawltest.Status(302, "Location", target))
			before := c.Asked("/robots.txt")
			cr := c.crawler(t, k.board)
			s := c.sweep(t, cr)
			if s.Verdict != posting.Failed || !strings.Contains(s.Reason, "robots.txt") {
				t.Errorf("verdict %s, reason %q", s.Verdict, s.Reason)
			}
			if c.Asked("/robots.txt") > before+1 {
				t.Error("the address inside was asked for its robots.txt")
			}
		})
	}
	t.Run("nor a board that is called by one", func(t *testing.T) {
		c := newCity(t)
		c.cfg.AllowPrivateHosts = nil
		c.cfg.Sources = nil
		for _, board := range []string{"127.0.0.1", "169.254.169.254", "careers.localhost"} {
			s := c.sweep(t, c.crawler(t, crawl.Board{Source: "recruitee", Board: board}))
			if s.Verdict != posting.Failed || !strings.Contains(s.Reason, "robots.txt") {
				t.Errorf("%s: verdict %s, reason %q", board, s.Verdict, s.Reason)
			}
		}
	})
	t.Run("nor a base URL that is not allowed", func(t *testing.T) {
		c := newCity(t)
		c.cfg.AllowPrivateHosts = nil
		_, err := crawl.New(c.cfg, nil, c.bus, c.bus, discard(), nil)
		if err == nil || !strings.Contains(err.Error(), "sources.ashby.base_url: 127.0.0.1 is not a public address: add it to allow_private_hosts") {
			t.Errorf("error %v", err)
		}
	})
	t.Run("a proxy in the environment is not used", func(t *testing.T) {
		t.Setenv("HTTP_PROXY", "http://"+crawltest.Unreachable(t))
		t.Setenv("COLLY_MAX_BODY_SIZE", "10")
		c := newCity(t)
		c.serve(k.pages(three))
		if s := c.sweep(t, c.crawler(t, k.board)); s.Verdict != posting.Complete {
			t.Errorf("verdict %s: %s", s.Verdict, s.Reason)
		}
	})
}

func TestAGzipBombIsCutOff(t *testing.T) {
	k := ashbyKit()
	c := newCity(t)
	c.cfg.MaxBodyBytes = 8 << 20
	c.Handle(k.pages(nil)[0].path, crawltest.Bomb(1<<30))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	s := c.sweep(t, c.crawler(t, k.board))
	runtime.ReadMemStats(&after)
	if s.Verdict != posting.Failed || !strings.Contains(s.Reason, "larger than max_body_bytes") {
		t.Errorf("verdict %s, reason %q", s.Verdict, s.Reason)
	}
	if spent := (after.TotalAlloc - before.TotalAlloc) >> 20; spent > 150 {
		t.Errorf("allocated %d MiB", spent)
	}
}

func TestAnEndlessAnswerIsCutOffInTime(t *testing.T) {
	k := ashbyKit()
	c := newCity(t)
	c.cfg.Timeout = 300 * time.Millisecond
	c.Handle(k.pages(nil)[0].path, crawltest.Endless(20*time.Millisecond))
	s := c.sweep(t, c.crawler(t, k.board))
	if s.Verdict != posting.Failed || !strings.Contains(s.Reason, "took too long") {
		t.Errorf("verdict %s, reason %q", s.Verdict, s.Reason)
	}
}

func TestCheckSaysWhatIsWrong(t *testing.T) {
	ashby := ashbyKit()
	c := newCity(t)
	c.serve(ashby.pages(three))
	c.serve(hnKit().pages(three))
	cr := c.crawler(t)
	for _, tt := range []struct {
		name string
		b    crawl.Board
		want string
	}{
		{"a board that is there", ashby.board, ""},
		{"the first of several requests is enough", hnKit().board, ""},
		{"a board that is not there", crawl.Board{Source: "ashby", Board: "nobody"}, "there is no such board (404"},
		{"an unknown source", crawl.Board{Source: "ashbee", Board: "x"}, `unknown source "ashbee" (did you mean ashby?)`},
		{"a host that is not there", crawl.Board{Source: "ashby", Board: "x", BaseURL: "http://" + crawltest.Unreachable(t)}, "not a public address"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := cr.Check(t.Context(), tt.b)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	if ps, ss, _ := c.bus.Take(); len(ps)+len(ss) > 0 {
		t.Error("a check published something")
	}
}

func TestABusThatRefuses(t *testing.T) {
	k := ashbyKit()
	t.Run("one posting as invalid: it goes to the dead letters", func(t *testing.T) {
		c := newCity(t)
		c.serve(k.pages(three))
		c.bus.Refuse(func(p posting.Posting) error {
			if p.NativeID == "1002" {
				return fmt.Errorf("%w: too large", posting.ErrInvalid)
			}
			return nil
		})
		s := c.sweep(t, c.crawler(t, k.board))
		s.check(t, posting.Complete, ids(k.board, three), "Backend Engineer", "Site Reliability Engineer")
		if len(s.dead) != 1 || !strings.Contains(s.dead[0].Reason, "too large") {
			t.Errorf("dead letters %+v", s.dead)
		}
	})
	t.Run("for a while: the crawler waits", func(t *testing.T) {
		c := newCity(t)
		c.serve(k.pages(three))
		tries := 0
		c.bus.Refuse(func(posting.Posting) error {
			if tries++; tries < 3 {
				return crawltest.ErrRefused
			}
			return nil
		})
		if s := c.sweep(t, c.crawler(t, k.board)); s.Published != 3 {
			t.Errorf("published %d", s.Published)
		}
	})
	t.Run("for good: no sweep, and everything again later", func(t *testing.T) {
		c := newCity(t)
		c.serve(k.pages(three))
		c.bus.Refuse(func(posting.Posting) error { return crawltest.ErrRefused })
		cr := c.crawler(t, k.board)
		cr.SetPatience(0)
		sum, err := cr.Once(t.Context())
		if !errors.Is(err, crawltest.ErrRefused) || sum.Failed != 1 {
			t.Errorf("error %v, summary %+v", err, sum)
		}
		if _, ss, _ := c.bus.Take(); len(ss) > 0 {
			t.Errorf("a sweep was published: %+v", ss)
		}
		c.bus.Refuse(nil)
		if s := c.sweep(t, cr); s.Published != 3 {
			t.Errorf("published %d", s.Published)
		}
	})
}
