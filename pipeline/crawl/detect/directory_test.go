package detect_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jobcity/pipeline/crawl/detect"
)

const directory = "../../../../shared/realdata/ats_board_directories"

// listed is an address of the directory with what is known of it.
type listed struct{ url, source, board string }

// readDirectory calls yield for the rows of a CSV file there.
func readDirectory(t *testing.T, file string, yield func(row []string)) {
	t.Helper()
	f, err := os.Open(filepath.Join(directory, file))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the directory of real boards is not here: ", directory)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		yield(row)
	}
}

// known are the addresses of the directory that are of a source we read.
func known(t *testing.T) []listed {
	t.Helper()
	var all []listed
	readDirectory(t, "jobseek_boards.csv", func(row []string) {
		var c struct {
			Token, Slug, Company, Site, Tenant, Preset string
		}
		_ = json.Unmarshal([]byte(row[4]), &c) // empty for some
		l := listed{url: row[2], source: row[3]}
		switch l.source {
		case "workday":
			if l.board = c.Company + "/" + c.Site; c.Site == "" {
				l.board = ""
			}
		case "rss":
			switch c.Preset {
			case "teamtailor":
				l.source = "teamtailor"
			case "successfactors":
				return // a page of another system, whose feed stands elsewhere
			}
		case "ashby", "greenhouse", "lever", "smartrecruiters", "workable", "recruitee", "personio", "bamboohr":
			if l.board = c.Token; l.board == "" {
				l.board = c.Slug + c.Tenant
			}
		default:
			return
		}
		all = append(all, l)
	})
	for _, list := range []struct{ file, source string }{
		{"stapply_ashby_companies.csv", "ashby"}, {"stapply_greenhouse_greenhouse_companies.csv", "greenhouse"},
		{"stapply_lever_lever_companies.csv", "lever"}, {"stapply_smartrecruiters_companies.csv", "smartrecruiters"},
		{"stapply_workable_workable_companies.csv", "workable"},
	} {
		readDirectory(t, list.file, func(row []string) {
			if strings.HasPrefix(row[0], "http") {
				all = append(all, listed{url: row[0], source: list.source})
			}
		})
	}
	readDirectory(t, "stapply_job-map_public_jobs_minimal.csv", func(row []string) {
		for _, s := range []string{"greenhouse", "ashby", "lever", "workable"} {
			if strings.Contains(row[0], "://") && strings.Contains(row[0], s) {
				all = append(all, listed{url: row[0], source: s, board: row[3]})
			}
		}
	})
	return all
}

// tally counts how many addresses were told right.
type tally struct{ right, all int }

// TestTheDirectoryOfRealBoards tells boards by their address alone. Wrong are
// addresses of employers' own domains too, which only a look at the page can tell:
// the second figure leaves them out.
func TestTheDirectoryOfRealBoards(t *testing.T) {
	per, own := map[string]*tally{}, 0
	total := tally{}
	for _, l := range known(t) {
		if per[l.source] == nil {
			per[l.source] = &tally{}
		}
		u, err := detect.Parse(l.url)
		if err != nil {
			t.Errorf("%s: %v", l.url, err)
			continue
		}
		m, ok := detect.URL(u)
		right := ok && m.Board.Source == l.source && m.Board.Board != ""
		per[l.source].all++
		total.all++
		switch {
		case right:
			per[l.source].right++
			total.right++
			if l.board != "" && !sameBoard(m.Board.Board, l) {
				t.Logf("%s: board %q, the directory has %q", l.url, m.Board.Board, l.board)
			}
		case !ok:
			own++
		default:
			t.Logf("%s: told as %s %q, the directory has %s", l.url, m.Board.Source, m.Board.Board, l.source)
		}
	}
	for _, s := range slices.Sorted(maps.Keys(per)) {
		t.Logf("%-16s %5d of %5d  %.4f", s, per[s].right, per[s].all, float64(per[s].right)/float64(per[s].all))
	}
	share, shareOwn := float64(total.right)/float64(total.all), float64(total.right)/float64(total.all-own)
	t.Logf("%-16s %5d of %5d  %.4f; without %d addresses under employers' own domains %.4f", "all", total.right, total.all, share, own, shareOwn)
	if share < 0.98 || shareOwn < 0.998 {
		t.Errorf("told right: %.4f, want 0.98; without own domains %.4f, want 0.998", share, shareOwn)
	}
}

// sameBoard: names differ in capitals between the pages of a service, and of
// postings the directory only has the employer's name.
func sameBoard(got string, l listed) bool { return strings.EqualFold(got, l.board) }
