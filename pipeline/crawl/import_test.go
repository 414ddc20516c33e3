package crawl_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"jobcity/pipeline/crawl"
	"jobcity/pipeline/posting"
)

// imported is what reading a file yielded.
type imported struct {
	crawl.Report
	postings []posting.Posting
	sweeps   []posting.Sweep
	dead     []posting.DeadLetter
	warnings []string
}

func read(t *testing.T, name string, r io.Reader, o crawl.ReadOptions) (imported, error) {
	t.Helper()
	var got imported
	o.Dead = func(d posting.DeadLetter) error { got.dead = append(got.dead, d); return nil }
	o.Sweep = func(s posting.Sweep) error { got.sweeps = append(got.sweeps, s); return nil }
	o.Warn = func(w string) { got.warnings = append(got.warnings, w) }
	var err error
	got.Report, err = crawl.ReadFile(t.Context(), name, r, o, func(p posting.Posting) error { got.postings = append(got.postings, p); return nil })
	return got, err
}

func zipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(s))
	w.Close()
	return b.String()
}

func zstded(s string) string {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		panic(err)
	}
	defer w.Close()
	return string(w.EncodeAll([]byte(s), nil))
}

func TestReadFileKnowsEveryForm(t *testing.T) {
	ashby, greenhouse, hn := ashbyKit().pages(three)[0].body, greenhouseKit().pages(three)[0].body, hnKit().pages(three)[1].body
	line := `{"id":"1","title":"SRE"}` + "\n"
	for _, tt := range []struct {
		name, file, body string
		format           string
		boards           []string
		postings         int
	}{
		{"JSONL", "data/jobs.jsonl", line + line[:7] + "2" + line[8:], "jsonl", []string{"file/jobs"}, 2},
		{"JSONL with a mark, CRLF and empty lines", "jobs.jsonl", "\ufeff\r\n" + strings.ReplaceAll(line, "\n", "\r\n") + "\r\n  \r\n", "jsonl", []string{"file/jobs"}, 1},
		{"JSONL without a last line end", "-", strings.TrimSpace(line), "jsonl", []string{"file/stdin"}, 1},
		{"JSONL in gzip", "jobs.jsonl.gz", zipped(line), "jsonl", []string{"file/jobs"}, 1},
		{"JSONL in several gzips", "jobs.jsonl.gz", zipped(line) + zipped(line[:7]+"2"+line[8:]), "jsonl", []string{"file/jobs"}, 2},
		{"JSONL in zstd", "jobs.jsonl.zst", zstded(line), "jsonl", []string{"file/jobs"}, 1},
		{"gzip in zstd, with a name that says nothing", "x", zstded(zipped(line)), "jsonl", []string{"file/x"}, 1},
		{"a JSON list", "jobs.json", "[" + strings.TrimSpace(line) + "]", "json", []string{"file/jobs"}, 1},
		{"an empty JSON list", "jobs.json", "[]", "json", nil, 0},
		{"CSV", "jobs.csv", "\ufeffID,Title,Posted On,unused\n1,\"SRE, senior\",2026-01-01,x\n2,\"two\nlines\",,\n", "csv", []string{"file/jobs"}, 2},
		{"CSV with semicolons", "jobs.csv", "id;title;location\n1;SRE;\"Bern; Basel\"\n2;Analyst;Rome, Italy\n", "csv", []string{"file/jobs"}, 2},
		{"CSV with tabs", "jobs.tsv", "id\ttitle\n1\tSRE, senior\n", "csv", []string{"file/jobs"}, 1},
		{"an Ashby board", "boards/Rose%20Rocket.json.gz", zipped(ashby), "ashby", []string{"ashby/Rose Rocket"}, 3},
		{"an empty Ashby board", "acme.json", `{"jobs":[],"apiVersion":"1"}`, "ashby", []string{"ashby/acme"}, 0},
		{"a Greenhouse board", "acme.json", greenhouse, "greenhouse", []string{"greenhouse/acme"}, 3},
		{"an empty Greenhouse board", "acme.json", `{"jobs":[],"meta":{"total":0}}`, "greenhouse", []string{"greenhouse/acme"}, 0},
		{"a list of Greenhouse boards", "day.json", `[{"company_slug":"b","id":1,"title":"x"},{"company_slug":"a","id":1,"title":"x"}]`, "greenhouse list", []string{"greenhouse/a", "greenhouse/b"}, 2},
		{"a Lever site", "acme.json", leverKit().pages(three)[0].body, "lever", []string{"lever/acme"}, 3},
		{"a Recruitee board", "acme.json", recruiteeKit().pages(three)[0].body, "recruitee", []string{"recruitee/acme"}, 3},
		{"an empty Recruitee board", "acme.json", `{"offers":[]}`, "recruitee", []string{"recruitee/acme"}, 0},
		{"SmartRecruiters postings", "x.json", `{"id":2,"name":"x","company":{"identifier":"b"},"jobAd":{}}` + `{"id":"3","name":"y","company":{"identifier":"a"},"jobAd":{}}`, "smartrecruiters", []string{"smartrecruiters/a", "smartrecruiters/b"}, 2},
		{"a Workable board", "acme.json", workableKit().pages(three)[0].body, "workable", []string{"workable/acme"}, 3},
		{"an empty Workable board", "acme.json", `{"name":"Acme","description":null,"jobs":[]}`, "workable", []string{"workable/acme"}, 0},
		{"a Personio feed", "acme.xml.gz", zipped(personioKit().pages(three)[0].body), "personio", []string{"personio/acme"}, 3},
		{"a Teamtailor feed", "acme.json", teamtailorKit().pages(three)[0].body, "teamtailor", []string{"teamtailor/acme"}, 3},
		{"an empty Teamtailor feed", "acme.json", `{"version":"https://jsonfeed.org/version/1.1","feed_url":"https://acme.teamtailor.com/jobs.json","items":[]}`, "teamtailor", []string{"teamtailor/acme"}, 0},
		{"a Teamtailor feed of RSS", "acme.rss", `<rss xmlns:tt="https://teamtailor.com/locations"><channel><item><title>x</title><link>/jobs/1</link></item></channel></rss>`, "teamtailor rss", []string{"teamtailor/acme"}, 1},
		{"BambooHR postings", "x.json", bamboohrKit().pages(three)[1].body + bamboohrKit().pages(three)[2].body, "bamboohr", []string{"bamboohr/acme"}, 2},
		{"Workday postings", "x.json", workdayKit().pages(three)[1].body + workdayKit().pages(three)[2].body, "workday", []string{"workday/acme/External"}, 2},
		{"a Hacker News thread", "92.json", strings.Replace(hn, "{", `{"author":"whoishiring",`, 1), "hn thread", []string{"hn/whoishiring"}, 2},
		{"a month of Hacker News", "hn/2014-05.json.gz", zipped(`[{"address":null,"full_html":"Acme | SRE","url":"https://x/item?id=5"}]`), "hn month", []string{"hn/whoishiring"}, 1},
		{"Hacker News items", "raw.json", `{"schema_version":"1.0","sources":{},"jobs":[{"id":5,"by":"x","time":1767377545,"text":"Acme | SRE"}]}`, "hn items", []string{"hn/whoishiring"}, 1},
		{"Glassdoor", "g.csv", ",Job Title,Salary Estimate,Job Description,Company Name,Location\n0,SRE,-1,Run it.,\"Acme\n3.8\",\"Rome, NY\"\n", "glassdoor", []string{"glassdoor/g"}, 1},
		{"nothing", "empty.jsonl", " \n", "empty", nil, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := read(t, tt.file, strings.NewReader(tt.body), crawl.ReadOptions{})
			if err != nil {
				t.Fatal(err)
			}
			var boards []string
			for _, s := range got.sweeps {
				boards = append(boards, posting.BoardID(s.Source, s.Board))
				if s.Verdict != posting.Partial || !strings.HasPrefix(s.Reason, "imported from ") || strings.Contains(s.Reason, "/") || s.Listed == nil || len(s.Listed) != s.Published {
					t.Errorf("sweep %+v", s)
				}
			}
			if got.Format != tt.format || got.Postings != tt.postings || len(got.postings) != tt.postings || !slices.Equal(boards, tt.boards) || got.Boards != len(tt.boards) || len(got.dead) > 0 {
				t.Errorf("got %+v, boards %v, dead %+v", got.Report, boards, got.dead)
			}
		})
	}
}

func TestReadFileRefusesWhatItCannotRead(t *testing.T) {
	for _, tt := range []struct{ name, file, body, want string }{
		{"a web page", "x.json", "<html>", "x.json: this is a web page or XML"},
		{"a binary file", "x", "PAR1\x00\x01", "x: this is a binary file"},
		{"prose", "x.txt", "Dear Sir or Madam", "x.txt: of no known form"},
		{"CSV of something else", "x.csv", "a,b,c\n1,2,3\n", "x.csv: of no known form"},
		{"CSV without ids", "x.csv", "title,text\na,b\n", "x.csv: a CSV file without a column id"},
		{"a JSON list of something else", "x.json", `[{"a":1}]`, "x.json: a JSON list of no known form"},
		{"some other object with jobs", "x.json", `{"jobs":[{"a":1}]}`, `x.json: a JSON object with "jobs"`},
		{"a list of SmartRecruiters", "x.json", smartrecruitersKit().pages(three)[0].body, "x.json: a list of SmartRecruiters, which has no texts"},
		{"a month without its name", "posts.json", `[{"full_html":"x","url":"id=1"}]`, "posts.json: a month of Hacker News posts, but"},
		{"gzip cut short", "x.jsonl.gz", zipped(strings.Repeat(`{"id":"1","title":"SRE"}`+"\n", 100))[:40], "x.jsonl.gz: "},
		{"a list cut short", "x.json", `[{"id":"1","title":"SRE"},{"id":`, "x.json: element 1: the file is cut short"},
		{"a board cut short", "x.json", ashbyKit().pages(three)[0].body[:200], "x.json: ashby board x: the answer is cut short"},
		{"gzip four times", "x", zipped(zipped(zipped(zipped("x")))), "x: packed more than twice"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := read(t, tt.file, strings.NewReader(tt.body), crawl.ReadOptions{}); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestReadFileReportsBadLinesAndGoesOn(t *testing.T) {
	long := `{"id":"9","title":"` + strings.Repeat("x", 5<<20) + `"}`
	body := strings.Join([]string{
		`{"id":"1","title":"SRE","zip":"x"}`, `{"id":"2"`, `{"title":"write to jane.doe@acme.example"}`, `{"id":"4","title":"x","posted_on":"soon"}`, long,
		`{"id":"6","title":"Analyst","colour":1}`,
	}, "\n")
	got, err := read(t, "jobs.jsonl", strings.NewReader(body), crawl.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Postings != 2 || got.Rejected != 4 || got.postings[1].Title != "Analyst" {
		t.Errorf("got %+v", got.Report)
	}
	want := []string{"jobs.jsonl:2 not valid JSON", "jobs.jsonl:3 id: missing", "jobs.jsonl:4 posted_on: must be", "jobs.jsonl:5 a line longer than 4 MiB"}
	for i, d := range got.dead {
		if !strings.HasPrefix(d.Where+" "+d.Reason, want[i]) || d.Kind != "input" || d.At.IsZero() || len(d.Payload) > 256<<10 {
			t.Errorf("dead letter %d: %s: %s", i, d.Where, d.Reason)
		}
	}
	if strings.Contains(string(got.dead[1].Payload), "jane.doe") {
		t.Errorf("a dead letter holds an address: %s", got.dead[1].Payload)
	}
	if want := []string{"jobs.jsonl: fields that are not used: colour, zip"}; !slices.Equal(got.warnings, want) {
		t.Errorf("warnings %q, want %q", got.warnings, want)
	}
}

func TestReadFileGivesTheIDsOfACrawl(t *testing.T) {
	for _, k := range []kit{ashbyKit(), greenhouseKit(), hnKit(), leverKit(), recruiteeKit(), smartrecruitersKit(), workableKit(), personioKit(), teamtailorKit(), bamboohrKit(), workdayKit()} {
		t.Run(k.board.Source, func(t *testing.T) {
			c := newCity(t)
			pages := k.pages(three)
			c.serve(pages)
			if _, err := c.crawler(t, k.board).Once(t.Context()); err != nil {
				t.Fatal(err)
			}
			crawled, _, _ := c.bus.Take()
			var fromFiles []string
			for _, p := range pages {
				if strings.Contains(p.path, "search") || strings.Contains(p.body, "totalFound") || strings.HasSuffix(p.path, "/list") || p.post != "" {
					continue
				}
				body := strings.Replace(p.body, `{"children"`, `{"author":"whoishiring","children"`, 1)
				got, err := read(t, "x/"+strings.ReplaceAll(k.board.Board, " ", "%20")+".json", strings.NewReader(body), crawl.ReadOptions{})
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range got.postings {
					fromFiles = append(fromFiles, p.ID+p.ContentHash)
				}
			}
			var want []string
			for _, p := range crawled {
				want = append(want, p.ID+p.ContentHash)
			}
			slices.Sort(want)
			slices.Sort(fromFiles)
			if !slices.Equal(fromFiles, want) {
				t.Errorf("got  %v\nwant %v", fromFiles, want)
			}
		})
	}
}

func TestReadFileOptions(t *testing.T) {
	seen := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	got, err := read(t, "x.jsonl", strings.NewReader(`{"id":"1","title":"a","board":"own"}`+"\n"+`{"id":"2","title":"b","source":"own"}`), crawl.ReadOptions{Source: "archive", Board: "old", SeenAt: seen})
	if err != nil {
		t.Fatal(err)
	}
	a, b := got.postings[0], got.postings[1]
	if a.Source != "archive" || a.Board != "own" || b.Source != "own" || b.Board != "old" || !a.SeenAt.Equal(seen) || !got.sweeps[0].StartedAt.Equal(seen) {
		t.Errorf("got %+v and %+v", a, b)
	}
}

func TestReadFileEndsWithItsCaller(t *testing.T) {
	stop := errors.New("the bus is gone")
	body := strings.Repeat(`{"id":"1","title":"a"}`+"\n{bad\n", 3)
	ok := func(posting.Posting) error { return nil }
	for name, run := range map[string]func() error{
		"yield": func() error {
			_, err := crawl.ReadFile(t.Context(), "x", strings.NewReader(body), crawl.ReadOptions{}, func(posting.Posting) error { return stop })
			return err
		},
		"dead": func() error {
			_, err := crawl.ReadFile(t.Context(), "x", strings.NewReader(body), crawl.ReadOptions{Dead: func(posting.DeadLetter) error { return stop }}, ok)
			return err
		},
		"sweep": func() error {
			_, err := crawl.ReadFile(t.Context(), "x", strings.NewReader(body), crawl.ReadOptions{Sweep: func(posting.Sweep) error { return stop }}, ok)
			return err
		},
	} {
		if err := run(); err != stop { //nolint:errorlint // as it is, not wrapped
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestVeryManyPostingsAreSweptInParts(t *testing.T) {
	var b strings.Builder
	for i := range 25_000 {
		fmt.Fprintf(&b, "{\"id\":%d,\"title\":\"x\"}\n", i)
	}
	got, err := read(t, "x.jsonl", strings.NewReader(b.String()), crawl.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.sweeps) != 2 || len(got.sweeps[0].Listed)+len(got.sweeps[1].Listed) != 25_000 || got.Boards != 1 {
		t.Errorf("got %d sweeps of %d boards", len(got.sweeps), got.Boards)
	}
}
