package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobcity/configs"
	"jobcity/pipeline/crawl"
)

// boardServer stands in for the services, and for a made-up employer's own site.
func boardServer() *httptest.Server {
	mux := http.NewServeMux()
	answer := func(path, body string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) })
	}
	const two = `{"jobs":[{"id":1,"title":"Engineer","content":"&lt;p&gt;You build.&lt;/p&gt;","company_name":"Acme"},{"id":2,"title":"Analyst","content":"","company_name":"Acme"}],"meta":{"total":2}}`
	answer("/robots.txt", "User-agent: *\nDisallow: /v1/boards/shy/\n")
	answer("/v1/boards/acme/jobs", two)
	answer("/v1/boards/shy/jobs", two)
	answer("/posting-api/job-board/empty", `{"jobs":[]}`)
	answer("/careers", `<script src="https://boards.greenhouse.io/embed/job_board/js?for=acme"></script>`)
	answer("/about", `<p>No posting anywhere.`)
	answer("/jobs/1", `<script type="application/ld+json">{"@type":"JobPosting","title":"Engineer","description":"You build.","hiringOrganization":"Acme"}</script>`)
	srv := httptest.NewServer(mux)
	answer("/sitemap.xml", "<urlset><url><loc>"+srv.URL+"/jobs/1</loc></url></urlset>")
	return srv
}

// TestUpCrawlsStrangersOnlyWhenTold decides by flags, file and contact.
func TestUpCrawlsStrangersOnlyWhenTold(t *testing.T) {
	list, err := crawl.ParseBoards("boards.yaml", bytes.NewReader(configs.Boards()))
	if err != nil {
		t.Fatal(err)
	}
	shipped := len(list)
	const own = "- {source: ashby, board: acme}\n"
	for _, tt := range []struct {
		name, file string // file is the content of boards.yaml, "" for none
		cmd        upCmd
		boards     int
		log, err   string
	}{
		{name: "nothing said: nothing is crawled", log: "nothing is crawled: name boards with"},
		{name: "boards of one's own are crawled", file: own, boards: 1},
		{name: "a copy of jobcity's list is not one's own", file: string(configs.Boards()), log: "--crawl crawls it"},
		{name: "a changed copy is", file: string(configs.Boards()) + "  - {source: ashby, board: a-board-of-ones-own}\n", boards: shipped + 1},
		{name: "--crawl without a contact", cmd: upCmd{Crawl: true}, err: "a contact address is needed"},
		{name: "--crawl with what is no address", cmd: upCmd{Crawl: true, crawlFlags: crawlFlags{contactFlag: contactFlag{"me"}}}, err: "a contact address is needed"},
		{name: "--crawl with a contact takes jobcity's list", cmd: upCmd{Crawl: true, crawlFlags: crawlFlags{contactFlag: contactFlag{"me@acme.example"}}}, boards: shipped},
		{name: "--crawl with boards of one's own takes these", file: own, cmd: upCmd{Crawl: true, crawlFlags: crawlFlags{contactFlag: contactFlag{"https://acme.example/bot"}}}, boards: 1},
		{name: "a contact that would break the User-Agent", cmd: upCmd{crawlFlags: crawlFlags{contactFlag: contactFlag{"me@acme.example\n"}}}, err: "contact: must be one line"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			if tt.file != "" {
				if err := os.WriteFile("boards.yaml", []byte(tt.file), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			var log bytes.Buffer
			e := newEnv(&cli{}, nil, nil, &log)
			e.log = slog.New(slog.NewTextHandler(&log, nil))
			p, err := tt.cmd.plan(e)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Errorf("got %v, want %q", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(p.boards) != tt.boards || !strings.Contains(log.String(), tt.log) {
				t.Errorf("%d boards, want %d; log %q, want %q", len(p.boards), tt.boards, log.String(), tt.log)
			}
		})
	}
}

func TestReplaceFileKeepsModeAndLink(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "real.yaml"), filepath.Join(dir, "boards.yaml")
	if err := os.WriteFile(file, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	if err := replaceFile(link, []byte("new")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(link)
	if err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
	got, err := os.ReadFile(file)
	if info, statErr := os.Stat(file); err != nil || statErr != nil || string(got) != "new" || info.Mode().Perm() != 0o600 {
		t.Errorf("got %q, %v, %v", got, err, info.Mode())
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".boards*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
