package crawl_test

import (
	"encoding/json"
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
type item struct {
	id, title, text string
	raw             string // what the board has in its place, as the format writes it; "" for nothing special
}

// kit knows one source well enough to serve a board of it. Each source has its
// kit in a file of its own, conformance_<source>_test.go, and a line in kits.
type kit struct {
	board crawl.Board
	pages func(items []item) []page // the board's answers, in the order they are asked for
	// misfit is an item that has the id and cannot be read, in the form of
	// item.raw; nameless is one that shows no id either.
	misfit   func(id string) string
	nameless string
	// several is a number of items that fill at least three pages; 0 if the source
	// answers with the whole board.
	several int
	// reasons is what a sweep says where that is not what most formats say, by the
	// name of the failure.
	reasons map[string]string
}

// pageOf are the items of page n of size, from 0.
func pageOf(items []item, n, size int) []item {
	return items[min(n*size, len(items)):min((n+1)*size, len(items))]
}

// page is one answer of a board.
type page struct {
	path   string // escaped; with its query where the path alone does not tell
	post   string // body of the request, for a source that asks by POST
	kind   string // media type; "" is JSON
	body   string
	detail bool // it holds one posting, which other pages list
}

func (p page) key() string {
	if p.post != "" {
		return p.path + " " + p.post
	}
	return p.path
}

func (p page) answer(body string) http.Handler {
	if p.kind == "" {
		return crawltest.JSON(body)
	}
	return crawltest.Content(p.kind, body)
}

func kits() []kit {
	return []kit{
		ashbyKit(),
		bamboohrKit(),
		greenhouseKit(),
		hnKit(),
		leverKit(),
		personioKit(),
		recruiteeKit(),
		smartrecruitersKit(),
		teamtailorKit(),
		workableKit(),
		workdayKit(),
		jobsfileKit(),
		rssKit(),
	}
}

// listOf is a JSON list of items, as the format writes them.
func listOf(items []item, write func(item) any) []any {
	list := []any{}
	for _, it := range items {
		if it.raw != "" {
			list = append(list, json.RawMessage(it.raw))
		} else {
			list = append(list, write(it))
		}
	}
	return list
}

func toJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
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
	for _, k := range kits() {
		cfg.Sources[k.board.Source] = crawl.SourceConfig{BaseURL: srv.URL}
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
		c.Handle(p.key(), p.answer(p.body))
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
	{id: "1001", title: "Backend Engineer", text: "Write Go."},
	{id: "1002", title: "Data Engineer", text: "Move data."},
	{id: "1003", title: "Site Reliability Engineer", text: "Keep it up."},
}

// TestEverySourceConforms: what must hold whatever the format.
func TestEverySourceConforms(t *testing.T) {
	for _, k := range kits() {
		t.Run(k.board.Source, func(t *testing.T) {
			t.Run("a sweep from full to changed to empty", func(t *testing.T) { conformLife(t, k) })
			t.Run("failures close nothing and lose nothing", func(t *testing.T) { conformFailures(t, k) })
			t.Run("an item that cannot be read is rejected alone", func(t *testing.T) { conformBadItems(t, k) })
			t.Run("the pages of a large board", func(t *testing.T) { conformPages(t, k) })
			t.Run("the answers about single postings", func(t *testing.T) { conformDetails(t, k) })
			t.Run("a tenth of all answers fails", func(t *testing.T) { conformFlaky(t, k) })
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

	changed[0].text = "Write more Go."
	c.serve(k.pages(changed))
	c.sweep(t, cr).check(t, posting.Complete, all, "Backend Engineer")

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

// lists are the pages that list postings, and details those that hold one.
func lists(pages []page) (lists, details []page) {
	for _, p := range pages {
		if p.detail {
			details = append(details, p)
		} else {
			lists = append(lists, p)
		}
	}
	return lists, details
}

func conformFailures(t *testing.T, k kit) {
	c := newCity(t)
	c.cfg.MaxBodyBytes = 8 << 20
	cr := c.crawler(t, k.board)
	pages := k.pages(three)
	c.serve(pages)
	c.sweep(t, cr)
	listing, _ := lists(pages)
	last := listing[len(listing)-1]
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
		{"an answer that is cut short", last.answer(last.body[:len(last.body)/2]), "cut short"},
		{"another document", crawltest.JSON(`{"error":"maintenance"}`), "the answer has no"},
		{"an empty answer", last.answer(""), "the answer is empty"},
		{"a gzip bomb", crawltest.Bomb(16 << 20), "larger than max_body_bytes"},
		{"a redirect loop", crawltest.Status(307, "Location", last.path), "bad redirect"},
		{"a redirect inside", crawltest.Status(302, "Location", "http://169.254.169.254/latest/meta-data/"), "robots.txt"},
	} {
		t.Run(f.name, func(t *testing.T) {
			c.serve(pages)
			c.Handle(last.key(), f.handler)
			s := c.sweep(t, cr)
			if s.Verdict == posting.Complete || len(listing) == 1 && (s.Verdict != posting.Failed || len(s.Listed) > 0) || len(listing) > 1 && s.Verdict != posting.Partial {
				t.Errorf("verdict %s, listed %d", s.Verdict, len(s.Listed))
			}
			if own, ok := k.reasons[f.name]; ok {
				f.reason = own
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
		c.Handle(last.key(), crawltest.Sequence(crawltest.Status(429, "Retry-After", "0"), crawltest.Status(502), last.answer(last.body)))
		c.sweep(t, cr).check(t, posting.Complete, ids(k.board, three))
	})
}

func conformBadItems(t *testing.T, k kit) {
	c := newCity(t)
	cr := c.crawler(t, k.board)
	misfit := append(slices.Clone(three), item{id: "2001", raw: k.misfit("2001")})
	c.serve(k.pages(misfit))
	s := c.sweep(t, cr)
	s.check(t, posting.Complete, ids(k.board, misfit), "Backend Engineer", "Data Engineer", "Site Reliability Engineer")
	if len(s.dead) != 1 || s.dead[0].Where != k.board.ID()+" 2001" || !strings.Contains(s.dead[0].Reason, "field ") || len(s.dead[0].Payload) == 0 {
		t.Errorf("dead letters %+v", s.dead)
	}

	c.serve(k.pages(append(slices.Clone(three), item{raw: k.nameless})))
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
	k := ashbyKit()
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
