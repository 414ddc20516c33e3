package crawl_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jobcity/pipeline/crawl"
	"jobcity/pipeline/posting"
)

// realData is the folder of recorded public boards, which lies beside the
// repository where it is present at all.
func realData(t *testing.T) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "realdata")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no recorded boards: %s is not there", dir)
	}
	return dir
}

// held is what one reading of files yields.
type held struct {
	ids    map[string]bool
	boards map[string]int // postings by board
	sweeps map[string]bool
	dead   []posting.DeadLetter
	rows   int
}

func readAll(t *testing.T, files []string, wantFormat string) held {
	t.Helper()
	h := held{ids: map[string]bool{}, boards: map[string]int{}, sweeps: map[string]bool{}}
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		report, err := crawl.ReadFile(t.Context(), file, f, crawl.ReadOptions{
			Dead:  func(d posting.DeadLetter) error { h.dead = append(h.dead, d); return nil },
			Sweep: func(s posting.Sweep) error { h.sweeps[posting.BoardID(s.Source, s.Board)] = true; return nil },
		}, func(p posting.Posting) error {
			h.rows++
			h.ids[p.ID] = true
			h.boards[posting.BoardID(p.Source, p.Board)]++
			return nil
		})
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		if report.Format != wantFormat {
			t.Fatalf("%s: format %q, want %q", file, report.Format, wantFormat)
		}
	}
	return h
}

func unzip(t *testing.T, file string) []byte {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zr, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(zr)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func glob(t *testing.T, parts ...string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(parts...))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files %s: %v", filepath.Join(parts...), err)
	}
	return files
}

func TestReadFileReadsEveryRecordedAshbyBoard(t *testing.T) {
	files := glob(t, realData(t), "ashby_2025-10", "boards", "*.json.gz")
	want := map[string]int{}
	postings := 0
	for _, file := range files {
		var doc struct{ Jobs []json.RawMessage }
		if err := json.Unmarshal(unzip(t, file), &doc); err != nil {
			t.Fatal(err)
		}
		board, err := url.PathUnescape(strings.TrimSuffix(filepath.Base(file), ".json.gz"))
		if err != nil {
			t.Fatal(err)
		}
		if len(doc.Jobs) > 0 {
			want["ashby/"+board] = len(doc.Jobs)
		}
		postings += len(doc.Jobs)
	}
	got := readAll(t, files, "ashby")
	if got.rows != postings || got.rows != 8733 {
		t.Errorf("got %d postings, the files hold %d", got.rows, postings)
	}
	if !maps.Equal(got.boards, want) {
		t.Errorf("postings by board differ: got %d boards, want %d", len(got.boards), len(want))
	}
	if len(got.sweeps) != len(files) {
		t.Errorf("got sweeps of %d boards, want %d", len(got.sweeps), len(files))
	}
	if len(got.dead) > 0 {
		t.Errorf("%d rejected, the first: %s", len(got.dead), got.dead[0].Reason)
	}
}

func TestReadFileReadsEveryRecordedHackerNewsMonth(t *testing.T) {
	files := glob(t, realData(t), "hn_whoishiring_2013-2017", "*.json.gz")
	item := regexp.MustCompile(`id=(\d+)`)
	want := map[string]bool{}
	for _, file := range files {
		var posts []struct{ URL string }
		if err := json.Unmarshal(unzip(t, file), &posts); err != nil {
			t.Fatal(err)
		}
		for _, p := range posts {
			want[posting.ID("hn", "whoishiring", item.FindStringSubmatch(p.URL)[1])] = true
		}
	}
	got := readAll(t, files, "hn month")
	const empty = 1 // one post of August 2014 has no text
	if len(got.ids)+empty != len(want) || len(got.dead) != empty {
		t.Errorf("got %d distinct postings and %d rejected, want %d and %d", len(got.ids), len(got.dead), len(want)-empty, empty)
	}
	for id := range got.ids {
		if !want[id] {
			t.Fatalf("posting %s is in no file", id)
		}
	}
}

func TestReadFileReadsTheRecordedGreenhouseDays(t *testing.T) {
	for _, file := range glob(t, realData(t), "greenhouse_titles_2026-01", "*.json.gz") {
		var rows []struct {
			ID   json.Number `json:"id"`
			Slug string      `json:"company_slug"`
		}
		if err := json.Unmarshal(unzip(t, file), &rows); err != nil {
			t.Fatal(err)
		}
		want := map[string]bool{}
		boards := map[string]bool{}
		for _, r := range rows {
			want[posting.ID("greenhouse", r.Slug, r.ID.String())] = true
			boards["greenhouse/"+r.Slug] = true
		}
		got := readAll(t, []string{file}, "greenhouse list")
		if !maps.Equal(got.ids, want) || got.rows+len(got.dead) != len(rows) {
			t.Errorf("%s: got %d postings and %d rejected, want %d", filepath.Base(file), len(got.ids), len(got.dead), len(want))
		}
		if !maps.Equal(got.sweeps, boards) {
			t.Errorf("%s: got sweeps of %d boards, want %d", filepath.Base(file), len(got.sweeps), len(boards))
		}
	}
}

func TestReadFileReadsTheOtherRecordedFiles(t *testing.T) {
	dir := realData(t)
	items := readAll(t, glob(t, dir, "hn_2026", "*_raw.json.gz"), "hn items")
	if items.rows != 264+441+342 || items.boards["hn/whoishiring"] != 264+421+331 { // one of 343 is "[flagged]"
		t.Errorf("Hacker News items: got %d, boards %v", items.rows, items.boards)
	}
	salaries := readAll(t, []string{filepath.Join(dir, "glassdoor_2020", "glassdoor_jobs.csv")}, "glassdoor")
	if salaries.rows != 956 || len(salaries.ids) != 956 {
		t.Errorf("Glassdoor: got %d rows, %d ids, want 956", salaries.rows, len(salaries.ids))
	}
	gold := filepath.Join(dir, "..", "gold", "dev.postings.jsonl")
	if got := readAll(t, []string{gold}, "jsonl"); got.rows != 95 {
		t.Errorf("%s: got %d postings, want 95; boards %v", gold, got.rows, slices.Collect(maps.Keys(got.boards)))
	}
}
