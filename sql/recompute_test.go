package sqlfiles_test

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobcity/pipeline/batch"
	"jobcity/pipeline/batch/batchtest"
	"jobcity/pipeline/crawl"
	"jobcity/pipeline/employer"
	"jobcity/pipeline/posting"
	"jobcity/pipeline/stats"
	"jobcity/pipeline/store"
	"jobcity/pipeline/tag"
	"jobcity/sql/citytest"
)

// fact is what is known of one posting without the store: its day and source from
// the raw file, its tags from the tagger. Only which posting stands for its copies
// is what the store says.
type fact struct {
	id, canonical, employer, content, source string
	month                                    time.Time
	tags                                     tag.Tags
}

// role says whether f is counted where each role counts once.
func (f fact) role() bool { return f.tags.Standing == "core" && f.id == f.canonical }

// cluster is what intervals take for independent.
func (f fact) cluster() string {
	if f.employer == "" {
		return "posting " + f.id
	}
	return f.employer
}

// recorded imports the recorded boards that the pattern names and two months of Hacker News, and returns
// the store and the facts.
func recorded(t *testing.T, boards string) (*store.DB, []fact) {
	t.Helper()
	dir := filepath.Join("..", "..", "shared", "realdata")
	files, err := filepath.Glob(filepath.Join(dir, "ashby_2025-10", "boards", boards+".json.gz"))
	if err != nil || len(files) == 0 {
		t.Skipf("no recorded boards in %s", dir)
	}
	for _, month := range []string{"2015-10", "2016-10"} {
		files = append(files, filepath.Join(dir, "hn_whoishiring_2013-2017", month+".json.gz"))
	}
	tagger, err := tag.New(os.DirFS("../configs/taxonomy"))
	if err != nil {
		t.Fatal(err)
	}
	var facts []fact
	var rows []batch.Row
	for _, name := range files {
		months := rawMonths(t, name)
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		_, err = crawl.ReadFile(t.Context(), name, f, crawl.ReadOptions{}, func(p posting.Posting) error {
			tags := tagger.Tag(p)
			rows = append(rows, batch.Row{Posting: p, Tags: tags})
			facts = append(facts, fact{id: p.ID, employer: employer.Key(p.Employer), content: batch.Fingerprint(p), source: p.Source, month: months(p.NativeID), tags: tags})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
	}
	db := citytest.OpenWith(t, "select 1")
	at := store.Position{Stream: "BATCHES", Created: time.Unix(1, 0), Sequence: 1}
	if _, err := db.ApplyBatches(t.Context(), batchtest.Records(t, rows), at); err != nil {
		t.Fatal(err)
	}
	res, err := db.Free(t.Context(), "select posting_id, canonical_id from posting", len(rows)+1)
	if err != nil {
		t.Fatal(err)
	}
	canonical := map[string]string{}
	for _, row := range res.Rows {
		canonical[row[0].(string)] = row[1].(string)
	}
	for i := range facts {
		facts[i].canonical = canonical[facts[i].id]
	}
	return db, facts
}

// rawMonths reads from a recorded file in which month each of its postings was new.
func rawMonths(t *testing.T, name string) func(nativeID string) time.Time {
	t.Helper()
	if strings.Contains(name, "hn_whoishiring") {
		month, err := time.Parse("2006-01", strings.TrimSuffix(filepath.Base(name), ".json.gz"))
		if err != nil {
			t.Fatal(err)
		}
		return func(string) time.Time { return month }
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	unpacked, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		Jobs []struct {
			ID          string
			PublishedAt time.Time
		}
	}
	if err := json.NewDecoder(unpacked).Decode(&board); err != nil {
		t.Fatal(err)
	}
	months := map[string]time.Time{}
	for _, job := range board.Jobs {
		at := job.PublishedAt.UTC()
		months[job.ID] = time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
	}
	return func(id string) time.Time { return months[id] }
}

// TestFiguresAgreeWithTheRawFiles recomputes what the demand trends say of recorded
// boards, from the files, in plain Go.
func TestFiguresAgreeWithTheRawFiles(t *testing.T) {
	t.Parallel()
	db, facts := recorded(t, "[B-D]*")
	roles := 0
	for _, f := range facts {
		if f.role() {
			roles++
		}
	}
	t.Logf("%d postings, %d core roles", len(facts), roles)
	t.Run("new postings by month and district, their copies, weights and interval", func(t *testing.T) {
		agreeByDistrict(t, facts, ask(t, db, "demand", map[string]string{"source": "ashby"}))
	})
	t.Run("share of a skill", func(t *testing.T) {
		rows := ask(t, db, "demand", map[string]string{"by": "skill", "id": "python", "source": "hn"})
		agreeOnPython(t, facts, rows)
		for i, row := range ask(t, db, "demand", map[string]string{"by": "source", "skill": "python", "source": "hn"}) {
			same(t, "postings that mention it", row["total"], float64(rows[i]["postings"].(int64)))
		}
	})
	t.Run("index of all boards", func(t *testing.T) {
		n := map[time.Time]float64{}
		for _, f := range facts {
			if f.role() && f.source == "ashby" {
				n[f.month]++
			}
		}
		rows := ask(t, db, "demand_index", map[string]string{"source": "ashby", "base": "2025-06-15"})
		for _, row := range rows {
			at := row["period"].(time.Time)
			same(t, fmt.Sprint("index of ", at), row["index"], 100*n[at]/n[time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC)])
			delete(n, at)
		}
		if len(rows) == 0 || len(n) > 0 {
			t.Errorf("%d rows, without %v", len(rows), n)
		}
	})
	t.Run("a year later, all and matched by employer", func(t *testing.T) { agreeOverAYear(t, db, facts) })
	t.Run("seniority of each district", func(t *testing.T) {
		n := map[string]float64{}
		for _, f := range facts {
			for _, d := range f.tags.Districts {
				if f.role() {
					n[d.ID+" "+f.tags.Seniority]++
				}
			}
		}
		rows := ask(t, db, "seniority_mix_by_district", nil)
		for _, row := range rows {
			same(t, fmt.Sprint(row["district"], row["seniority"]), row["matching"], n[fmt.Sprint(row["district"], " ", row["seniority"])])
		}
		if len(rows) != len(n) {
			t.Errorf("%d rows, want %d", len(rows), len(n))
		}
	})
	t.Run("sources by month", func(t *testing.T) {
		n := map[string]float64{}
		for _, f := range facts {
			if f.role() {
				n[f.source+f.month.String()]++
			}
		}
		rows := ask(t, db, "source_mix", nil)
		for _, row := range rows {
			key := row["source"].(string) + row["period"].(time.Time).String()
			same(t, key, row["matching"], n[key])
		}
		if len(rows) != len(n) {
			t.Errorf("%d rows, want %d", len(rows), len(n))
		}
	})
}

func same(t *testing.T, what string, got any, want float64) {
	t.Helper()
	g := math.NaN()
	switch v := got.(type) {
	case int64:
		g = float64(v)
	case float64:
		g = v
	}
	if math.IsNaN(g) || math.Abs(g-want) > 1e-6*math.Max(1, math.Abs(want)) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func agreeByDistrict(t *testing.T, facts []fact, rows []map[string]any) {
	t.Helper()
	copies := map[string]float64{}
	for _, f := range facts {
		copies[f.canonical]++
	}
	if len(rows) < 20 {
		t.Fatalf("got %d rows", len(rows))
	}
	left := map[any]float64{} // of the total of each period, after the weights
	for _, row := range rows {
		if _, seen := left[row["period"]]; !seen {
			left[row["period"]] = float64(row["total"].(int64))
		}
		left[row["period"]] -= row["weighted"].(float64)
		var postings, raw, weighted, total float64
		clusters := map[string]stats.Cluster{}
		for _, f := range facts {
			if !f.role() || f.source != "ashby" || !f.month.Equal(row["period"].(time.Time)) {
				continue
			}
			total++
			c := clusters[f.cluster()]
			c.N++
			for _, d := range f.tags.Districts {
				if d.ID == row["id"] {
					postings, raw, weighted = postings+1, raw+copies[f.id], weighted+d.Weight
					c.Hits++
				}
			}
			clusters[f.cluster()] = c
		}
		what := fmt.Sprint(row["period"], row["id"])
		same(t, what+" postings", row["postings"], postings)
		same(t, what+" raw", row["raw"], raw)
		same(t, what+" weighted", row["weighted"], weighted)
		same(t, what+" share", row["share"], postings/total)
		var list []stats.Cluster
		for _, c := range clusters {
			list = append(list, c)
		}
		lower, upper := stats.ClusteredShare(list)
		if math.Abs(row["lower"].(float64)-lower) > 0.05 || math.Abs(row["upper"].(float64)-upper) > 0.05 {
			t.Errorf("%s: got %v to %v, want %v to %v", what, row["lower"], row["upper"], lower, upper)
		}
	}
	for period, rest := range left {
		same(t, fmt.Sprint("what the weights leave of ", period), rest, 0)
	}
}

func agreeOnPython(t *testing.T, facts []fact, rows []map[string]any) {
	t.Helper()
	if len(rows) != 2 {
		t.Fatalf("got %d rows, want 2", len(rows))
	}
	for _, row := range rows {
		var postings, total float64
		employers := map[string]bool{}
		for _, f := range facts {
			if !f.role() || f.source != "hn" || !f.month.Equal(row["period"].(time.Time)) {
				continue
			}
			total++
			for _, s := range f.tags.Skills {
				if s.ID == "python" {
					postings++
					employers[f.employer] = true
				}
			}
		}
		delete(employers, "")
		same(t, "postings", row["postings"], postings)
		same(t, "employers", row["employers"], float64(len(employers)))
		same(t, "share", row["share"], postings/total)
	}
}

func agreeOverAYear(t *testing.T, db *store.DB, facts []fact) {
	t.Helper()
	type texts map[string]bool
	before, now := map[string]texts{}, map[string]texts{} // of an employer
	var all [2]float64
	for _, f := range facts {
		if f.source != "hn" || f.tags.Standing != "core" {
			continue
		}
		side, year := before, 0
		if f.month.Year() == 2016 {
			side, year = now, 1
		}
		if f.role() {
			all[year]++
		}
		if side[f.cluster()] == nil {
			side[f.cluster()] = texts{}
		}
		side[f.cluster()][f.content] = true
	}
	var matched [2]float64
	for employer := range now {
		if before[employer] != nil {
			matched[0] += float64(len(before[employer]))
			matched[1] += float64(len(now[employer]))
		}
	}
	for panel, want := range map[string][2]float64{"raw": all, "matched": matched} {
		rows := ask(t, db, "year_over_year", map[string]string{"panel": panel, "source": "hn"})
		if len(rows) != 1 {
			t.Fatalf("%s: got %d rows, want 1", panel, len(rows))
		}
		same(t, panel+" before", rows[0]["postings_before"], want[0])
		same(t, panel, rows[0]["postings"], want[1])
		same(t, panel+" change", rows[0]["change"], want[1]/want[0]-1)
	}
}
