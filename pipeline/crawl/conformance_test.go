package crawl_test

import (
	"encoding/json"
	"html"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"jobcity/pipeline/crawl"
	"jobcity/pipeline/crawl/crawltest"
	"jobcity/pipeline/posting"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// item is a posting as a test thinks of it.
type item struct{ id, title, text string }

// kit knows one source well enough to serve a board of it.
type kit struct {
	board crawl.Board
	// pages are the board's answers by path, in the order they are asked for.
	pages func(items []item) []page
	// misfit is an item with a field of the wrong type; nameless has no id either.
	misfit   func(id string) any
	nameless any
}

type page struct{ path, body string }

func kits() []kit {
	return []kit{
		{
			board: crawl.Board{Source: "ashby", Board: "Rose Rocket"},
			pages: func(items []item) []page {
				jobs := []any{}
				for _, it := range items {
					jobs = append(jobs, map[string]any{"id": it.id, "title": it.title, "descriptionHtml": "<p>" + it.text + "</p>", "isListed": true, "publishedAt": "2026-03-01T10:00:00Z"})
				}
				return []page{{"/posting-api/job-board/Rose%20Rocket", toJSON(map[string]any{"jobs": jobs, "apiVersion": "1"})}}
			},
			misfit:   func(id string) any { return map[string]any{"id": id, "title": []int{1}} },
			nameless: map[string]any{"title": 7},
		},
		{
			board: crawl.Board{Source: "greenhouse", Board: "acme"},
			pages: func(items []item) []page {
				jobs := []any{}
				for _, it := range items {
					jobs = append(jobs, map[string]any{"id": json.Number(it.id), "title": it.title, "content": html.EscapeString("<p>" + it.text + "</p>"), "company_name": "Acme", "location": map[string]any{"name": "Berlin"}})
				}
				return []page{{"/v1/boards/acme/jobs", toJSON(map[string]any{"jobs": jobs, "meta": map[string]any{"total": len(jobs)}})}}
			},
			misfit:   func(id string) any { return map[string]any{"id": json.Number(id), "title": map[string]any{}} },
			nameless: map[string]any{"title": "no id"},
		},
		{
			board: crawl.Board{Source: "hn", Board: "whoishiring", Options: map[string]string{"threads": "all"}},
			pages: func(items []item) []page {
				half := (len(items) + 1) / 2
				return []page{
					{"/api/v1/search_by_date", toJSON(map[string]any{"page": 0, "nbPages": 1, "hits": []any{
						map[string]any{"objectID": "92", "title": "Ask HN: Who is hiring? (March 2026)"},
						map[string]any{"objectID": "99", "title": "Ask HN: Who wants to be hired? (March 2026)"},
						map[string]any{"objectID": "91", "title": "Ask HN: Who is hiring? (February 2026)"},
					}})},
					{"/api/v1/items/92", thread(items[:half])},
					{"/api/v1/items/91", thread(items[half:])},
				}
			},
			misfit:   func(id string) any { return map[string]any{"id": json.Number(id), "text": 3} },
			nameless: map[string]any{"text": "Acme | Engineer"},
		},
	}
}

func thread(items []item) string {
	kids := []any{map[string]any{"id": 1, "text": nil, "children": []any{}}}
	for _, it := range items {
		kids = append(kids, map[string]any{"id": json.Number(it.id), "created_at": "2026-03-02T15:00:00Z", "text": "Acme | " + it.title + " | Berlin<p>" + it.text,
			"children": []any{map[string]any{"id": 5, "text": "a reply"}}})
	}
	return toJSON(map[string]any{"id": 9, "type": "story", "children": kids})
}

func toJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// add puts v into the list of the last page.
func add(pages []page, v any) []page {
	last := &pages[len(pages)-1]
	before, after, ok := strings.Cut(last.body, `"jobs":[`)
	if !ok {
		before, after, _ = strings.Cut(last.body, `"children":[`)
		before += `"children":[`
	} else {
		before += `"jobs":[`
	}
	if !strings.HasPrefix(after, "]") {
		after = "," + after
	}
	last.body = before + toJSON(v) + after
	return pages
}

// city is a crawler, its bus and the server it crawls.
type city struct {
	*crawltest.Server
	bus *crawltest.Bus
	cfg crawl.Config
}

func newCity(t *testing.T) *city {
	t.Helper()
	srv := crawltest.New(t)
	cfg := crawl.DefaultConfig()
	cfg.MinDelay, cfg.Retries, cfg.Timeout, cfg.Version, cfg.Contact = 0, 0, 20*time.Second, "1.0", "mailto:crawler@jobcity.example"
	cfg.AllowPrivateHosts = []string{srv.Host}
	cfg.Sources = map[string]crawl.SourceConfig{}
	for _, name := range []string{"ashby", "greenhouse", "hn"} {
		cfg.Sources[name] = crawl.SourceConfig{BaseURL: srv.URL}
	}
	return &city{Server: srv, bus: crawltest.NewBus(), cfg: cfg}
}

func (c *city) crawler(t *testing.T, boards ...crawl.Board) *crawl.Crawler {
	t.Helper()
	cr, err := crawl.New(c.cfg, boards, c.bus, c.bus, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		t.Fatal(err)
	}
	cr.SetBackOff(time.Millisecond)
	return cr
}

func (c *city) serve(pages []page) {
	for _, p := range pages {
		c.Handle(p.path, crawltest.JSON(p.body))
	}
}

// swept is what one sweep published.
type swept struct {
	posting.Sweep
	titles []string
	dead   []posting.DeadLetter
}

// sweep crawls one board once and checks what must hold of every sweep.
func (c *city) sweep(t *testing.T, cr *crawl.Crawler) swept {
	t.Helper()
	if _, err := cr.Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	ps, ss, ds := c.bus.Take()
	if len(ss) != 1 {
		t.Fatalf("got %d sweeps, want exactly one", len(ss))
	}
	s := swept{Sweep: ss[0], dead: ds}
	for _, p := range ps {
		s.titles = append(s.titles, p.Title)
		if p.ID == "" || p.ContentHash == "" || p.SeenAt.IsZero() {
			t.Errorf("posting %s is not prepared", p.NativeID)
		}
		if !slices.Contains(s.Listed, p.ID) {
			t.Errorf("posting %s was published and is not listed", p.NativeID)
		}
	}
	slices.Sort(s.titles)
	if !slices.IsSorted(s.Listed) || s.Listed == nil {
		t.Errorf("listed is not sorted, or nil: %v", s.Listed)
	}
	if s.Published != len(ps) || s.Rejected != len(ds) {
		t.Errorf("the sweep counts %d published and %d rejected, there are %d and %d", s.Published, s.Rejected, len(ps), len(ds))
	}
	if (s.Verdict == posting.Complete) != (s.Reason == "") {
		t.Errorf("verdict %s with reason %q", s.Verdict, s.Reason)
	}
	return s
}

func ids(b crawl.Board, items []item) []string {
	out := []string{}
	for _, it := range items {
		out = append(out, posting.ID(b.Source, b.Board, it.id))
	}
	slices.Sort(out)
	return out
}

func (s swept) check(t *testing.T, verdict posting.Verdict, listed []string, titles ...string) {
	t.Helper()
	if s.Verdict != verdict {
		t.Errorf("verdict %s (%s), want %s", s.Verdict, s.Reason, verdict)
	}
	if !slices.Equal(s.Listed, listed) {
		t.Errorf("listed %v, want %v", s.Listed, listed)
	}
	if !slices.Equal(s.titles, titles) {
		t.Errorf("published %q, want %q", s.titles, titles)
	}
}

var three = []item{
	{"1001", "Backend Engineer", "Write Go."}, {"1002", "Data Engineer", "Move data."}, {"1003", "Site Reliability Engineer", "Keep it up."},
}

// TestEverySourceConforms: what must hold whatever the format.
func TestEverySourceConforms(t *testing.T) {
	for _, k := range kits() {
		t.Run(k.board.Source, func(t *testing.T) {
			t.Run("a sweep from full to changed to empty", func(t *testing.T) { conformLife(t, k) })
			t.Run("failures close nothing and lose nothing", func(t *testing.T) { conformFailures(t, k) })
			t.Run("an item that cannot be read is rejected alone", func(t *testing.T) { conformBadItems(t, k) })
			t.Run("an unclean stop publishes everything again", func(t *testing.T) { conformUncleanStop(t, k) })
		})
	}
}

func conformLife(t *testing.T, k kit) {
	c := newCity(t)
	cr := c.crawler(t, k.board)
	all := ids(k.board, three)

	c.serve(k.pages(three))
	first := c.sweep(t, cr)
	first.check(t, posting.Complete, all, "Backend Engineer", "Data Engineer", "Site Reliability Engineer")
	if first.NotModified || first.Requests == 0 {
		t.Errorf("first sweep: not modified %v, %d requests", first.NotModified, first.Requests)
	}

	again := c.sweep(t, cr)
	again.check(t, posting.Complete, all)
	if !again.NotModified || again.Employer != first.Employer {
		t.Errorf("unchanged board: not modified %v, employer %q, want %q", again.NotModified, again.Employer, first.Employer)
	}

	changed := slices.Clone(three)
	changed[2].title = "Reliability Engineer"
	c.serve(k.pages(changed))
	c.sweep(t, cr).check(t, posting.Complete, all, "Reliability Engineer")

	c.serve(k.pages(changed[:2]))
	c.sweep(t, cr).check(t, posting.Complete, ids(k.board, three[:2]))

	c.serve(k.pages(nil))
	c.sweep(t, cr).check(t, posting.Complete, []string{})

	twice := append(slices.Clone(three), three[0])
	c.serve(k.pages(twice))
	c.sweep(t, cr).check(t, posting.Complete, all, "Backend Engineer", "Data Engineer", "Site Reliability Engineer")
	if agents := c.Agents(); !slices.Equal(agents, []string{"jobcity/1.0 (+mailto:crawler@jobcity.example)"}) {
		t.Errorf("user agents %q", agents)
	}
}

func conformFailures(t *testing.T, k kit) {
	c := newCity(t)
	cr := c.crawler(t, k.board)
	pages := k.pages(three)
	c.serve(pages)
	c.sweep(t, cr)
	last := pages[len(pages)-1]
	for _, f := range []struct {
		name    string
		handler http.Handler
		reason  string
	}{
		{"a server error", crawltest.Status(503), "the site has an error (503"},
		{"too many requests", crawltest.Status(429, "Retry-After", "0"), "come less often (429"},
		{"a deleted board", crawltest.Status(404), "there is no such board (404"},
		{"a refusal", crawltest.Status(403), "refuses access (403"},
		{"a web page", crawltest.HTML(), "a web page, not JSON"},
		{"a broken connection", crawltest.Truncated(last.body), "cut short"},
		{"JSON that is cut short", crawltest.JSON(last.body[:len(last.body)/2]), "cut short"},
		{"another document", crawltest.JSON(`{"error":"maintenance"}`), "the answer has no"},
		{"an empty answer", crawltest.JSON(""), "the answer is empty"},
		{"a gzip bomb", crawltest.Bomb(200 << 20), "larger than max_body_bytes"},
		{"a redirect loop", crawltest.Status(302, "Location", last.path), "bad redirect"},
		{"a redirect inside", crawltest.Status(302, "Location", "http://169.254.169.254/latest/meta-data/"), "robots.txt"},
	} {
		t.Run(f.name, func(t *testing.T) {
			c.serve(pages)
			c.Handle(last.path, f.handler)
			s := c.sweep(t, cr)
			if s.Verdict == posting.Complete || len(pages) == 1 && (s.Verdict != posting.Failed || len(s.Listed) > 0) || len(pages) > 1 && s.Verdict != posting.Partial {
				t.Errorf("verdict %s, listed %d", s.Verdict, len(s.Listed))
			}
			if !strings.Contains(s.Reason, f.reason) {
				t.Errorf("reason %q, want it to say %q", s.Reason, f.reason)
			}
			if len(s.titles) > 0 {
				t.Errorf("published %q", s.titles)
			}
			c.serve(pages)
			c.sweep(t, cr).check(t, posting.Complete, ids(k.board, three))
		})
	}
	t.Run("a refusal that passes", func(t *testing.T) {
		c.cfg.Retries = 2
		cr := c.crawler(t, k.board)
		c.Handle(last.path, crawltest.Sequence(crawltest.Status(429, "Retry-After", "0"), crawltest.Status(502), crawltest.JSON(last.body)))
		c.sweep(t, cr).check(t, posting.Complete, ids(k.board, three))
	})
}

func conformBadItems(t *testing.T, k kit) {
	c := newCity(t)
	cr := c.crawler(t, k.board)
	c.serve(add(k.pages(three), k.misfit("2001")))
	s := c.sweep(t, cr)
	s.check(t, posting.Complete, ids(k.board, append(slices.Clone(three), item{id: "2001"})), "Backend Engineer", "Data Engineer", "Site Reliability Engineer")
	if len(s.dead) != 1 || s.dead[0].Where != k.board.ID()+" 2001" || !strings.Contains(s.dead[0].Reason, "field t") || len(s.dead[0].Payload) == 0 {
		t.Errorf("dead letters %+v", s.dead)
	}

	c.serve(add(k.pages(three), k.nameless))
	for range 2 { // it must not become complete by being unchanged
		s = c.sweep(t, cr)
		s.check(t, posting.Partial, ids(k.board, three))
		if len(s.dead) != 1 || !strings.HasPrefix(s.dead[0].Where, k.board.ID()+" #") {
			t.Errorf("dead letters %+v", s.dead)
		}
	}
}

func conformUncleanStop(t *testing.T, k kit) {
	c := newCity(t)
	c.serve(k.pages(three))
	c.sweep(t, c.crawler(t, k.board))

	var state map[string]any
	if err := json.Unmarshal(c.bus.States()[k.board.ID()], &state); err != nil {
		t.Fatal(err)
	}
	if state["running"] != nil {
		t.Fatalf("state after a clean end: %v", state)
	}
	state["running"] = true
	if err := c.bus.PutState(t.Context(), k.board.ID(), []byte(toJSON(state))); err != nil {
		t.Fatal(err)
	}
	s := c.sweep(t, c.crawler(t, k.board))
	s.check(t, posting.Complete, ids(k.board, three), "Backend Engineer", "Data Engineer", "Site Reliability Engineer")

	if err := c.bus.PutState(t.Context(), k.board.ID(), []byte("{damaged")); err != nil {
		t.Fatal(err)
	}
	if s = c.sweep(t, c.crawler(t, k.board)); s.Published != 3 {
		t.Errorf("after a damaged state %d were published, want 3", s.Published)
	}

	c.cfg.Version = "2.0" // may read the same answer differently
	s = c.sweep(t, c.crawler(t, k.board))
	s.check(t, posting.Complete, ids(k.board, three))
	if s.NotModified {
		t.Error("another version of the program asked conditionally")
	}
}

func TestABoardTooLargeForItsStateIsPublishedWhole(t *testing.T) {
	k := kits()[0]
	c := newCity(t)
	c.serve(k.pages(three))
	cr := c.crawler(t, k.board)
	cr.SetStateRoom(150)
	for range 2 {
		if s := c.sweep(t, cr); s.Published != len(three) || s.Verdict != posting.Complete {
			t.Errorf("published %d, verdict %s", s.Published, s.Verdict)
		}
		if size := len(c.bus.States()); size != 1 {
			t.Errorf("state in %d parts", size)
		}
	}
}
