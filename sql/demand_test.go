package sqlfiles_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"jobcity/pipeline/query"
	"jobcity/pipeline/stats"
	"jobcity/pipeline/store"
	sqlfiles "jobcity/sql"
	"jobcity/sql/citytest"
)

// watchedCity gathers the script of a city of boards that are swept every day.
type watchedCity struct {
	postings, sweeps, spells, more []string
	boards                         map[string]bool
}

// date is a day of 2025 and after, in UTC: date(32) is the first of February.
func date(day int) time.Time { return time.Date(2025, 1, day, 0, 0, 0, 0, time.UTC) }

// post adds a core posting that was first listed on a day, by the spell it has; the
// source does not state the day.
func (c *watchedCity) post(id, board, employer string, day int) {
	at := date(day).Add(time.Hour).Format(time.DateTime)
	c.postings = append(c.postings, fmt.Sprintf("('%s', '%s', '%s', '%s')", id, board, employer, at))
	c.spells = append(c.spells, fmt.Sprintf("('%s', '%s', timestamp '%s', false, timestamp '%s', null, null)", id, board, at, at))
}

// sweep adds a sweep of a board on a day.
func (c *watchedCity) sweep(board string, day int, verdict, reason string) {
	if c.boards == nil {
		c.boards = map[string]bool{}
	}
	c.boards[board] = true
	at := date(day).Add(time.Hour).Format(time.DateTime)
	c.sweeps = append(c.sweeps, fmt.Sprintf("('%s', timestamp '%s', timestamp '%s', '%s', nullif('%s', ''), false, 1, 0, 0, 0, 0, 1)", board, at, at, verdict, reason))
}

// watch adds a complete sweep for each of the days.
func (c *watchedCity) watch(board string, from, to int) {
	for day := from; day <= to; day++ {
		c.sweep(board, day, "complete", "")
	}
}

func (c *watchedCity) script() string {
	var s strings.Builder
	fmt.Fprintf(&s, `
		insert into posting by name
		select id as posting_id, id as content_hash, id as fingerprint, id as canonical_id, 'made-up' as source, b as board_id,
			id as native_id, e as employer_id, e as employer, 't' as title, seen::timestamp as seen_at,
			'core' as standing, 0 as technical, 0 as operational, 0 as hybrid, 'mid' as seniority, 'remote' as workplace,
			'unspecified' as employment_type, 'none' as degree, 'en' as language, 'x' as taxonomy, false as truncated
		from (values %s) as t(id, b, e, seen);
		insert into spell (posting_id, board_id, opened_at, left_truncated, last_listed_at, closed_at, closed_reason) values %s;`, strings.Join(c.postings, ","), strings.Join(c.spells, ","))
	if len(c.sweeps) > 0 {
		fmt.Fprintf(&s, `
		insert into sweep values %s;
		insert into board
		select board_id, 'made-up', board_id, null, null, min(started_at), max(started_at), arg_max(verdict, started_at), null, null, null, 0
		from sweep group by board_id;`, strings.Join(c.sweeps, ","))
	}
	return s.String() + strings.Join(c.more, ";")
}

// ask runs a trend and returns its rows by the name of the column.
func ask(t *testing.T, db *store.DB, name string, given map[string]string) []map[string]any {
	t.Helper()
	catalog, err := query.Load(sqlfiles.Trend, "trend")
	if err != nil {
		t.Fatal(err)
	}
	b, err := catalog.Query(name).Bind(given)
	if err != nil {
		t.Fatal(err)
	}
	res, err := db.Run(t.Context(), b, 10000)
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]any
	for _, row := range res.Rows {
		m := map[string]any{}
		for i, c := range res.Columns {
			m[c.Name] = row[i]
		}
		rows = append(rows, m)
	}
	return rows
}

// index returns the column index of demand_index, by period; NaN for null.
func index(t *testing.T, db *store.DB, given map[string]string) (periods []string, values []float64) {
	t.Helper()
	for _, row := range ask(t, db, "demand_index", given) {
		periods = append(periods, row["period"].(time.Time).Format(time.DateOnly))
		v, ok := row["index"].(float64)
		if !ok {
			v = math.NaN()
		}
		values = append(values, v)
	}
	return periods, values
}

var months = []int{1, 32, 60, 91, 121, 152, 182} // first days, to July

// steady adds a board of one employer, watched from the last day of 2024 to the end
// of June, with so many new postings in each month.
func (c *watchedCity) steady(board string, perMonth ...int) {
	c.watch(board, 0, 181)
	for m, n := range perMonth {
		for i := range n {
			c.post(fmt.Sprintf("%s-%d-%d", board, m, i), board, board, months[m]+i%28)
		}
	}
}

func TestMatchedPanelIsTheChainOfWhatWasWatched(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 5))
	var c watchedCity
	counts := make([][]float64, 6)
	for u := range counts {
		board := fmt.Sprintf("b%d", u)
		counts[u] = make([]float64, 6)
		for m := range 6 {
			// A board but the first fails through one of the months.
			if u == 0 || u != m {
				c.watch(board, months[m]-1, months[m+1]-1)
				counts[u][m] = float64(1 + random.IntN(9))
				for i := range int(counts[u][m]) {
					c.post(fmt.Sprintf("%s-%d-%d", board, m, i), board, board, months[m]+i)
				}
			} else {
				counts[u][m] = math.NaN()
			}
		}
	}
	db := citytest.OpenWith(t, c.script())
	want := stats.MatchedIndex(counts, 0)
	periods, got := index(t, db, map[string]string{"panel": "matched", "from": "2025-01-01"})
	if len(got) != 6 {
		t.Fatalf("got %v", periods)
	}
	for m := range got {
		if math.Abs(got[m]-want[m]) > 1e-9 {
			t.Errorf("%s: got %v, want %v", periods[m], got[m], want[m])
		}
	}
}

func TestABoardThatIsAddedMovesTheMatchedPanelByNothing(t *testing.T) {
	build := func(added bool) *store.DB {
		var c watchedCity
		c.steady("a", 10, 12, 9, 14, 11, 13)
		c.steady("b", 5, 5, 8, 3, 5, 7)
		if added { // first swept in the middle of March, with a backlog
			c.watch("new", 75, 181)
			for i := range 500 {
				c.post(fmt.Sprintf("new-%d", i), "new", "new", 75+i%105)
			}
			// It is employer b's second board: the first of its postings now stand for roles of b.
			c.more = append(c.more,
				"update posting set employer_id = 'b', posted_on = date '2025-01-02' where board_id = 'new' and posting_id in ('new-1', 'new-2', 'new-3')",
				"update posting set canonical_id = 'new-1' where posting_id = 'b-1-1'",
				"update posting set canonical_id = 'new-2' where posting_id = 'b-2-1'")
		}
		return citytest.OpenWith(t, c.script())
	}
	before, after := build(false), build(true)
	for period, to := range map[string]string{"month": "2025-04-01", "week": "2025-03-17"} { // later, it is one of the panel
		given := map[string]string{"panel": "matched", "period": period, "from": "2025-01-01", "to": to}
		p1, v1 := index(t, before, given)
		p2, v2 := index(t, after, given)
		if fmt.Sprint(p1, v1) != fmt.Sprint(p2, v2) {
			t.Errorf("by %s\nwithout %v %v\nwith    %v %v", period, p1, v1, p2, v2)
		}
		if _, raw := index(t, after, map[string]string{"period": period, "from": "2025-01-01"}); slices.Max(raw) < 200 {
			t.Errorf("by %s: the raw panel is %v: it hardly moved, so this test tells nothing", period, raw)
		}
	}
}

func TestAnOutageMovesTheMatchedPanelByNothing(t *testing.T) {
	var c watchedCity
	for _, board := range []string{"a", "b", "c"} {
		for day := 0; day <= 181; day++ {
			switch out := board != "a" && day >= 70 && day < 110; {
			case out:
				c.sweep(board, day, "failed", "status 503")
			default:
				c.sweep(board, day, "complete", "")
			}
		}
		for m := range 6 {
			for i := range 28 {
				day := months[m] + i
				if board != "a" && day >= 70 && day < 110 {
					day = 110 // all that opened meanwhile is found when the board is back
				}
				c.post(fmt.Sprintf("%s-%d-%d", board, m, i), board, board, day)
			}
		}
	}
	db := citytest.OpenWith(t, c.script())
	periods, got := index(t, db, map[string]string{"panel": "matched", "from": "2025-01-01"})
	for i := range got {
		if math.Abs(got[i]-100) > 1e-9 {
			t.Errorf("%s: got %v, want 100", periods[i], got[i])
		}
	}
	if _, raw := index(t, db, map[string]string{"from": "2025-01-01"}); raw[2] > 90 || raw[3] < 110 {
		t.Errorf("the raw panel is %v: the outage does not show, so this test tells nothing", raw)
	}
	_, daily := index(t, db, map[string]string{"panel": "matched", "period": "day", "days": "28", "from": "2025-02-01", "to": "2025-06-20"})
	for i, v := range daily {
		if math.IsNaN(v) || v < 85 || v > 115 { // 28 days hold 25 to 28 of a month's postings
			t.Errorf("day %d of %d: got %v, want about 100", i, len(daily), v)
		}
	}
}

func TestASeriesIsNotBridgedOverABreak(t *testing.T) {
	var c watchedCity
	c.steady("a", 10, 20, 30, 40, 50, 60)
	c.more = []string{
		"insert into series_break values ('demand', date '2025-03-01', 'a source was left out'), ('pay', date '2025-05-02', 'not of demand')",
		"update posting set taxonomy = 'y' where posting_id like 'a-5-%'",
	}
	db := citytest.OpenWith(t, c.script())
	for _, panel := range []string{"raw", "matched"} {
		rows := ask(t, db, "demand_index", map[string]string{"panel": panel, "from": "2025-01-01", "base": "2025-04-20"})
		var got []string
		for _, row := range rows {
			got = append(got, fmt.Sprintf("%.0f %v %v", row["index"], row["segment"], row["break"]))
		}
		want := "100 1 <nil>, 200 1 <nil>, 75 2 a source was left out, 100 2 <nil>, 125 2 <nil>, 100 3 another taxonomy"
		if g := strings.Join(got, ", "); g != want {
			t.Errorf("%s\n got %s\nwant %s", panel, g, want)
		}
	}
}

func TestEmployersOfUnsweptBoardsAreMatchedByName(t *testing.T) {
	var c watchedCity
	for i, of := range []string{"x", "x", "y", "y", "y", "z"} {
		c.post(fmt.Sprintf("jan-%d", i), "file", of, 5+i)
	}
	for i, of := range []string{"x", "x", "x", "y", "y", "w", "w", "w"} {
		c.post(fmt.Sprintf("feb-%d", i), "file", of, 40+i)
	}
	_, got := index(t, citytest.OpenWith(t, c.script()), map[string]string{"panel": "matched"})
	if want := []float64{100, 100}; fmt.Sprint(got) != fmt.Sprint(want) { // x and y: five in each month
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestWeightsAddUpToTheTotal(t *testing.T) {
	db := citytest.Open(t)
	for _, name := range []string{"demand", "stock"} {
		sum, total := map[time.Time]float64{}, map[time.Time]int64{}
		for _, row := range ask(t, db, name, boardsOf(name, map[string]string{"by": "district"})) {
			at := row["period"].(time.Time)
			sum[at] += row["weighted"].(float64)
			total[at] = row["total"].(int64)
		}
		for at, n := range total {
			if math.Abs(sum[at]-float64(n)) > 1e-9 {
				t.Errorf("%s of %s: weights add up to %v, want %d", name, at, sum[at], n)
			}
		}
	}
}

func TestStockAtTheEndIsWhatIsOpen(t *testing.T) {
	db := citytest.Open(t)
	res, err := db.Free(t.Context(), "select count(distinct canonical_id) from open_posting where standing = 'core'", 1)
	if err != nil {
		t.Fatal(err)
	}
	rows := ask(t, db, "stock", map[string]string{"boards": "all"})
	if got, want := rows[len(rows)-1]["total"], res.Rows[0][0]; got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

// boardsOf asks the stock for boards that were never swept completely too.
func boardsOf(name string, given map[string]string) map[string]string {
	if name == "stock" {
		given["boards"] = "all"
	}
	return given
}

func TestEveryDimensionHasAnAnswer(t *testing.T) {
	db := citytest.Open(t)
	for _, by := range []string{"district", "street", "skill", "country", "city", "employer", "seniority", "workplace", "employment_type", "source"} {
		for _, name := range []string{"demand", "stock"} {
			for _, row := range ask(t, db, name, boardsOf(name, map[string]string{"by": by, "period": "week"})) {
				lower, share, upper := row["lower"].(float64), row["share"].(float64), row["upper"].(float64)
				if lower > share || share > upper || row["postings"].(int64) > row["total"].(int64) || row["name"] == nil {
					t.Errorf("%s by %s: %v", name, by, row)
				}
			}
		}
	}
}

func TestStockCarriesABoardThatDoesNotAnswer(t *testing.T) {
	var c watchedCity
	c.watch("a", 1, 120)
	c.watch("b", 1, 40)
	for day := 41; day < 100; day++ {
		c.sweep("b", day, "failed", "status 503")
	}
	c.watch("b", 100, 120)
	c.watch("late", 65, 120)
	for i := range 3 {
		c.post(fmt.Sprintf("a-%d", i), "a", "a", 5)
		c.post(fmt.Sprintf("b-%d", i), "b", "b", 5)
		c.post(fmt.Sprintf("late-%d", i), "late", "late", 65)
	}
	c.more = []string{ // the first sweep after the outage does not list it any more
		"update spell set closed_at = timestamp '2025-04-10 01:00:00', closed_reason = 'vanished' where posting_id = 'b-0'",
		"update spell set left_truncated = true where board_id = 'late'",
		"insert into posting_district (posting_id, district, weight) select posting_id, 'software', 1 from posting",
	}
	var got []string
	for _, row := range ask(t, citytest.OpenWith(t, c.script()), "stock", nil) {
		got = append(got, fmt.Sprintf("%s %v %v %v %v", row["period"].(time.Time).Format("2006-01"), row["postings"], row["boards"], row["carried"], row["partial"]))
	}
	want := "2025-01 6 2 0 false, 2025-02 6 2 0 false, 2025-03 9 3 1 false, 2025-04 8 3 0 true"
	if g := strings.Join(got, ", "); g != want {
		t.Errorf("\n got %s\nwant %s", g, want)
	}
}

func TestCoverageCountsEachBoardOnceADay(t *testing.T) {
	var c watchedCity
	c.post("p", "a", "a", 1)
	c.watch("a", 1, 3)
	c.sweep("b", 1, "failed", "https://b.example/jobs: robots.txt forbids it")
	c.sweep("b", 2, "failed", "https://b.example/jobs: status 500")
	c.sweep("b", 2, "partial", "cut short")
	c.sweep("c", 2, "failed", "https://c.example/jobs: status 429")
	var got []string
	for _, row := range ask(t, citytest.OpenWith(t, c.script()), "coverage_by_day", nil) {
		got = append(got, fmt.Sprint(row["boards"], row["complete"], row["partial"], row["failed"], row["blocked"], row["silent"]))
	}
	if want := []string{"2 1 0 1 1 0", "3 1 1 1 1 0", "3 1 0 0 0 2"}; strings.Join(got, ", ") != strings.Join(want, ", ") {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDemandOfAnEmptyCityIsNoRows(t *testing.T) {
	db := citytest.OpenWith(t, "select 1")
	for _, name := range []string{"demand", "stock", "demand_index", "year_over_year", "source_mix", "coverage_by_day", "series_breaks", "demand_adjusted"} {
		for _, period := range []string{"month", "week"} {
			given := map[string]string{"period": period, "panel": "matched"}
			switch name {
			case "demand", "stock", "source_mix":
				delete(given, "panel")
			case "coverage_by_day", "series_breaks", "demand_adjusted":
				given = nil
			}
			if rows := ask(t, db, name, given); len(rows) > 0 {
				t.Errorf("%s: got %v", name, rows)
			}
		}
	}
}

func TestAdjustedDemandHasNoSeason(t *testing.T) {
	season := []float64{1.4, 1.1, 1, 0.9, 0.9, 0.8, 0.7, 0.8, 1.2, 1.3, 1.1, 0.8} // sums to 12
	build := func(years int) *store.DB {
		var c watchedCity
		for m := range 12 * years {
			day := int(time.Date(2025, time.Month(1+m), 10, 0, 0, 0, 0, time.UTC).Sub(date(0)).Hours() / 24)
			for i := range int(math.Round(40 * season[m%12])) {
				c.post(fmt.Sprintf("p%d-%d", m, i), "file", fmt.Sprintf("e%d", i%9), day)
			}
		}
		c.post("last", "file", "e", int(time.Date(2025, time.Month(1+12*years), 10, 0, 0, 0, 0, time.UTC).Sub(date(0)).Hours()/24)) // a month that has only begun
		return citytest.OpenWith(t, c.script())
	}
	rows := ask(t, build(3), "demand_adjusted", nil)
	if len(rows) != 37 || rows[36]["adjusted"] != nil || rows[36]["partial"] != true {
		t.Fatalf("got %d rows, the last %v", len(rows), rows[len(rows)-1])
	}
	for m, row := range rows[:36] {
		if got, ok := row["adjusted"].(float64); !ok || math.Abs(got-40) > 1 || row["note"] != nil {
			t.Errorf("%v: %v", row["month"], row)
		}
		if got := row["factor"].(float64); math.Abs(got-season[m%12]) > 0.03 {
			t.Errorf("%v: factor %v, want %v", row["month"], got, season[m%12])
		}
	}
	for _, row := range ask(t, build(2), "demand_adjusted", nil) {
		if row["adjusted"] != nil || row["note"] != "not adjusted: it takes 36 whole months, and there are 24" {
			t.Errorf("two years: %v", row)
		}
	}
}
