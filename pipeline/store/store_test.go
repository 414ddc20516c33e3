package store_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobcity/pipeline/batch"
	"jobcity/pipeline/batch/batchtest"
	"jobcity/pipeline/posting"
	"jobcity/pipeline/query"
	"jobcity/pipeline/store"
)

var (
	quiet = slog.New(slog.DiscardHandler)
	born  = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
)

func config() store.Config {
	return store.Config{MemoryLimit: "1GB", QueryTimeout: time.Minute}
}

func open(t testing.TB, dir string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), config(), dir, quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func batches(sequence uint64) store.Position {
	return store.Position{Stream: "BATCHES", Created: born, Sequence: sequence}
}

func apply(t testing.TB, db *store.DB, sequence uint64, rows ...batch.Row) store.Outcome {
	t.Helper()
	out, err := db.ApplyBatches(t.Context(), batchtest.Records(t, rows), batches(sequence))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// ask runs a statement and returns its rows as text, one a line.
func ask(t testing.TB, db *store.DB, statement string) string {
	t.Helper()
	res, err := db.Free(t.Context(), statement, 1000)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return text(res.Rows)
}

// text is rows as text, one a line.
func text(rows [][]any) string {
	var lines []string
	for _, r := range rows {
		var cells []string
		for _, v := range r {
			if at, ok := v.(time.Time); ok {
				v = at.Format(time.DateOnly)
			}
			cells = append(cells, fmt.Sprint(v))
		}
		lines = append(lines, strings.Join(cells, "|"))
	}
	return strings.Join(lines, "\n")
}

func expect(t testing.TB, db *store.DB, statement, want string) {
	t.Helper()
	if got := ask(t, db, statement); got != want {
		t.Errorf("%s\ngot  %s\nwant %s", statement, got, want)
	}
}

func TestEveryFactOfARowIsStored(t *testing.T) {
	db := open(t, t.TempDir())
	rows := batchtest.Rows(1, 500)
	if out := apply(t, db, 1, rows...); out.New != 500 || out.Changed != 0 {
		t.Fatalf("outcome %+v", out)
	}
	var districts, streets, facets, skills, places, locations, metrics, evidence, paid int
	for _, r := range rows {
		districts += len(r.Tags.Districts)
		streets += len(r.Tags.Streets)
		facets += len(r.Tags.Facets)
		skills += len(r.Tags.Skills)
		places += len(r.Tags.Places)
		locations += len(r.Posting.Locations)
		metrics += len(r.Tags.Metrics)
		evidence += len(r.Tags.Evidence)
		if r.Tags.Salary != nil {
			paid++
		}
	}
	for table, want := range map[string]int{
		"posting": 500, "posting_text": 500, "posting_district": districts, "posting_street": streets, "posting_facet": facets,
		"posting_skill": skills, "posting_place": places, "posting_location": locations, "posting_metric": metrics, "posting_evidence": evidence,
	} {
		expect(t, db, "select count(*) from "+table, fmt.Sprint(want))
	}
	expect(t, db, "select count(*) from posting where pay_max is not null or pay_min is not null", fmt.Sprint(paid))
	r := rows[3]
	expect(t, db, "select title, employer, content_hash, taxonomy, epoch_us(seen_at) from posting where posting_id = '"+r.Posting.ID+"'",
		strings.Join([]string{r.Posting.Title, r.Posting.Employer, r.Posting.ContentHash, r.Tags.Taxonomy, fmt.Sprint(r.Posting.SeenAt.UnixMicro())}, "|"))
	expect(t, db, "select text from posting_text where posting_id = '"+r.Posting.ID+"'", r.Posting.Text)
}

func TestRowsCountOnce(t *testing.T) {
	db := open(t, t.TempDir())
	rows := batchtest.Rows(1, 50)
	apply(t, db, 1, rows...)
	if out := apply(t, db, 2, rows...); out.New+out.Changed != 0 {
		t.Errorf("the same rows in another batch: %+v", out)
	}
	if out := apply(t, db, 2, batchtest.Rows(2, 50)...); out.New+out.Changed != 0 {
		t.Errorf("a batch at a position that is applied: %+v", out)
	}
	twice := append(batchtest.Rows(3, 5), batchtest.Rows(3, 5)...)
	if out := apply(t, db, 3, twice...); out.New != 5 {
		t.Errorf("rows twice in one batch: %+v", out)
	}
	expect(t, db, "select count(*), count(distinct posting_id) from posting", "55|55")
}

// changed is r with another title, seen after a while.
func changed(t testing.TB, r batch.Row, title string, after time.Duration) batch.Row {
	t.Helper()
	r.Posting.Title = title
	r.Posting.SeenAt = r.Posting.SeenAt.Add(after)
	if err := r.Posting.Prepare(); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestLaterContentReplacesEarlierInAnyOrder(t *testing.T) {
	db := open(t, t.TempDir())
	r := batchtest.Rows(1, 1)[0]
	second, third := changed(t, r, "Second", time.Hour), changed(t, r, "Third", 2*time.Hour)
	apply(t, db, 1, r)
	if out := apply(t, db, 2, third); out.Changed != 1 {
		t.Errorf("outcome %+v", out)
	}
	apply(t, db, 3, second)
	apply(t, db, 4, r)
	expect(t, db, "select title from posting", "Third")
	expect(t, db, "select count(*) from posting_skill", fmt.Sprint(len(r.Tags.Skills)))
	expect(t, db, "select count(*) from posting_text", "1")
}

func TestSameContentUnderAnotherTaxonomyReplacesTags(t *testing.T) {
	db := open(t, t.TempDir())
	r := batchtest.Rows(1, 1)[0]
	apply(t, db, 1, r)
	r.Tags.Taxonomy, r.Tags.Skills = "made-up-2", nil
	apply(t, db, 2, r)
	expect(t, db, "select taxonomy, (select count(*) from posting_skill) from posting", "made-up-2|0")
}

func TestCopiesShareOnePostingWhateverTheirOrder(t *testing.T) {
	base := batchtest.Rows(1, 1)[0]
	var copies []batch.Row
	for i, day := range []string{"2026-02-02", "2026-01-01", "2026-03-03"} {
		c := base
		c.Posting.NativeID, c.Posting.PostedOn = fmt.Sprint("copy-", i), day
		if err := c.Posting.Prepare(); err != nil {
			t.Fatal(err)
		}
		copies = append(copies, c)
	}
	for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 0, 2}} {
		db := open(t, t.TempDir())
		for i, c := range order {
			apply(t, db, uint64(i+1), copies[c])
		}
		expect(t, db, "select native_id from unique_posting", "copy-1")
		// The head becomes another role: the two that are left find a new head.
		apply(t, db, 9, changed(t, copies[1], "Another role", time.Hour))
		expect(t, db, "select native_id from unique_posting order by 1", "copy-0\ncopy-1")
	}
}

func sweep(board string, at time.Time, verdict posting.Verdict, listed ...string) posting.Sweep {
	return posting.Sweep{Source: "ashby", Board: board, StartedAt: at, FinishedAt: at.Add(time.Minute), Verdict: verdict, Listed: listed}
}

// sweeps applies sweeps one after the other, from the given sequence on.
func sweeps(t testing.TB, db *store.DB, sequence uint64, all ...posting.Sweep) {
	t.Helper()
	var at []store.SweepAt
	for i, s := range all {
		at = append(at, store.SweepAt{Sweep: s, Sequence: sequence + uint64(i)})
	}
	if err := db.ApplySweeps(t.Context(), at, "SWEEPS", born); err != nil {
		t.Fatal(err)
	}
}

const spells = "select posting_id, opened_at::date, left_truncated, closed_at::date, closed_reason from spell order by posting_id, opened_at"

func day(n int) time.Time { return time.Date(2026, 3, n, 6, 0, 0, 0, time.UTC) }

func TestSweepsOpenAndCloseSpells(t *testing.T) {
	full, part, fail := posting.Complete, posting.Partial, posting.Failed
	stated := sweep("b", day(2), full, "x")
	stated.Closed = []posting.Closing{{ID: "y", On: "2026-03-01", Reason: "stated"}}
	for _, c := range []struct {
		name   string
		sweeps []posting.Sweep
		want   string
	}{
		{"the first sweep opens what was open before", []posting.Sweep{sweep("b", day(1), full, "x")}, "x|2026-03-01|true|<nil>|<nil>"},
		{"a later sweep opens what is new", []posting.Sweep{sweep("b", day(1), full, "x"), sweep("b", day(2), full, "x", "y")},
			"x|2026-03-01|true|<nil>|<nil>\ny|2026-03-02|false|<nil>|<nil>"},
		{"a complete sweep closes what it does not list", []posting.Sweep{sweep("b", day(1), full, "x", "y"), sweep("b", day(2), full, "y")},
			"x|2026-03-01|true|2026-03-02|vanished\ny|2026-03-01|true|<nil>|<nil>"},
		{"a partial sweep closes nothing", []posting.Sweep{sweep("b", day(1), full, "x", "y"), sweep("b", day(2), part, "y")},
			"x|2026-03-01|true|<nil>|<nil>\ny|2026-03-01|true|<nil>|<nil>"},
		{"a failed sweep closes nothing", []posting.Sweep{sweep("b", day(1), full, "x"), sweep("b", day(2), fail)}, "x|2026-03-01|true|<nil>|<nil>"},
		{"another board closes nothing", []posting.Sweep{sweep("b", day(1), full, "x"), sweep("c", day(2), full, "z")},
			"x|2026-03-01|true|<nil>|<nil>\nz|2026-03-02|true|<nil>|<nil>"},
		{"what comes back opens another spell", []posting.Sweep{sweep("b", day(1), full, "x", "y"), sweep("b", day(2), full, "y"), sweep("b", day(3), full, "x", "y")},
			"x|2026-03-01|true|2026-03-02|vanished\nx|2026-03-03|false|<nil>|<nil>\ny|2026-03-01|true|<nil>|<nil>"},
		{"one empty sweep closes nothing", []posting.Sweep{sweep("b", day(1), full, "x"), sweep("b", day(2), full)}, "x|2026-03-01|true|<nil>|<nil>"},
		{"three empty sweeps over 48 hours close", []posting.Sweep{sweep("b", day(1), full, "x"), sweep("b", day(2), full), sweep("b", day(3), full), sweep("b", day(4), full)},
			"x|2026-03-01|true|2026-03-04|vanished"},
		{"three empty sweeps within a day close nothing", []posting.Sweep{sweep("b", day(1), full, "x"), sweep("b", day(2), full), sweep("b", day(2).Add(time.Hour), full), sweep("b", day(2).Add(2*time.Hour), full)},
			"x|2026-03-01|true|<nil>|<nil>"},
		{"a full sweep between empty ones starts the count again", []posting.Sweep{sweep("b", day(1), full, "x"), sweep("b", day(2), full), sweep("b", day(3), full, "x"), sweep("b", day(4), full), sweep("b", day(5), full)},
			"x|2026-03-01|true|<nil>|<nil>"},
		{"a sweep that comes too late does nothing", []posting.Sweep{sweep("b", day(3), full, "x"), sweep("b", day(2), full, "y")}, "x|2026-03-03|true|<nil>|<nil>"},
		{"a stated closing ends the open spell", []posting.Sweep{sweep("b", day(1), full, "x", "y"), stated}, "x|2026-03-01|true|<nil>|<nil>\ny|2026-03-01|true|2026-03-01|stated"},
		{"a stated closing of what was never open is a closed spell", []posting.Sweep{stated}, "x|2026-03-02|true|<nil>|<nil>\ny|2026-03-01|true|2026-03-01|stated"},
		{"a stated closing counts once", []posting.Sweep{stated, func() posting.Sweep { s := stated; s.StartedAt = day(3); return s }()},
			"x|2026-03-02|true|<nil>|<nil>\ny|2026-03-01|true|2026-03-01|stated"},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := open(t, t.TempDir())
			sweeps(t, db, 1, c.sweeps...)
			expect(t, db, spells, c.want)
			expect(t, db, "select count(*) from sweep", fmt.Sprint(len(c.sweeps)))
			expect(t, db, "select count(*) from spell where closed_at < opened_at or last_listed_at < opened_at", "0")
		})
	}
}

func TestSweepsAtAnAppliedPositionDoNothing(t *testing.T) {
	db := open(t, t.TempDir())
	sweeps(t, db, 1, sweep("b", day(1), posting.Complete, "x"))
	sweeps(t, db, 1, sweep("b", day(2), posting.Complete))
	expect(t, db, "select count(*) from sweep", "1")
}

func TestStreamMadeAnewIsReadFromItsBeginning(t *testing.T) {
	db := open(t, t.TempDir())
	apply(t, db, 5, batchtest.Rows(1, 1)...)
	for created, want := range map[time.Time]uint64{born: 5, born.Add(time.Hour): 0} {
		if got, err := db.Applied(t.Context(), "BATCHES", created); got != want || err != nil {
			t.Errorf("applied of the stream made at %v: %d, %v; want %d", created, got, err, want)
		}
	}
}

func TestReopenedStoreHasEverythingAndItsVersion(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	apply(t, db, 7, batchtest.Rows(1, 20)...)
	version := db.Version()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = open(t, dir)
	expect(t, db, "select count(*) from posting", "20")
	if db.Version() != version {
		t.Errorf("version %s became %s", version, db.Version())
	}
	if _, err := os.Stat(filepath.Join(dir, store.File+".wal")); err == nil {
		t.Error("a write-ahead log is left after Close")
	}
}

func TestFreeSQLOnlyReadsAndReachesNothingElse(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	apply(t, db, 1, batchtest.Rows(1, 5)...)
	outside := filepath.Join(dir, "out.csv")
	for _, statement := range []string{
		"delete from posting", "drop table posting", "create table x (a int)", "update posting set title = ''", "insert into taxonomy values ('x', now())",
		"copy posting to '" + outside + "'", "export database '" + dir + "/x'", "attach '" + dir + "/other.duckdb' as other",
		"select * from read_csv('/etc/passwd')", "from '/etc/passwd'", "select * from glob('/*')", "select * from read_text('/etc/passwd')",
		"install httpfs", "load httpfs", "set threads = 8", "pragma enable_profiling", "call enable_logging()", "begin", "checkpoint",
		"select 1; delete from posting", "create temp macro m(a) as a; select 1", "select * from query('select * from read_csv(''/etc/passwd'')')",
	} {
		if _, err := db.Free(t.Context(), statement, 10); err == nil {
			t.Errorf("%s: was run", statement)
		}
	}
	if _, err := os.Stat(outside); err == nil {
		t.Error("a file was written")
	}
	expect(t, db, "select count(*) from posting", "5")
	expect(t, db, "with a as (select 1 as n) select n from a", "1")
	if _, err := db.Free(t.Context(), "explain select 1", 10); err != nil {
		t.Error(err)
	}
	if _, err := db.Free(t.Context(), "select 1; select 2", 10); !errors.Is(err, store.ErrStatement) {
		t.Errorf("two statements: %v", err)
	}
}

func TestQueryEndsAtItsTimeLimit(t *testing.T) {
	cfg := config()
	cfg.QueryTimeout = 300 * time.Millisecond
	db, err := store.Open(t.Context(), cfg, t.TempDir(), quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	_, err = db.Free(t.Context(), "select count(*) from range(1000000000) a, range(1000000000) b where (a.range + b.range) % 3 = 1", 1)
	if !errors.Is(err, context.DeadlineExceeded) && (err == nil || !strings.Contains(err.Error(), "longer than 300ms")) {
		t.Errorf("error %v", err)
	}
	expect(t, db, "select 1", "1")
}

func TestRowsBeyondTheCapAreSaidToBeMissing(t *testing.T) {
	db := open(t, t.TempDir())
	res, err := db.Free(t.Context(), "select * from range(100)", 10)
	if err != nil || len(res.Rows) != 10 || !res.Truncated {
		t.Errorf("%d rows, truncated %v, %v", len(res.Rows), res.Truncated, err)
	}
	q := &query.Query{Name: "q", Columns: []query.Column{{Name: "n", Type: "bigint"}}, SQL: "select 1 as n"}
	one, err := db.Run(t.Context(), query.Bound{Query: q}, 10)
	if err != nil || len(one.Rows) != 1 || one.Truncated {
		t.Errorf("%+v, %v", one, err)
	}
}

func TestSnapshotIsAWholeStore(t *testing.T) {
	db := open(t, t.TempDir())
	apply(t, db, 3, batchtest.Rows(1, 30)...)
	sweeps(t, db, 2, sweep("b", day(1), posting.Complete, "x"))
	file, at, err := db.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(at) != 2 || at[0].Sequence != 3 || at[1].Sequence != 2 {
		t.Errorf("snapshot reaches %v", at)
	}
	dir := t.TempDir()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, store.File), data, 0o600); err != nil {
		t.Fatal(err)
	}
	copied := open(t, dir)
	expect(t, copied, "select count(*), (select count(*) from spell) from unique_posting", "30|1")
	if copied.Version() != db.Version() {
		t.Errorf("version %s, the copy has %s", db.Version(), copied.Version())
	}
}

func TestDimensionsAreReplacedByANewTaxonomy(t *testing.T) {
	db := open(t, t.TempDir())
	first := store.Taxonomy{Version: "1", Districts: [][2]string{{"data", "Data"}}, Skills: [][4]string{{"go", "Go", "language", "technical"}, {"r", "R", "language", "technical"}}}
	for _, tax := range []store.Taxonomy{first, first, {Version: "2", Skills: [][4]string{{"go", "Golang", "language", "technical"}}}} {
		if err := db.SetTaxonomy(t.Context(), tax); err != nil {
			t.Fatal(err)
		}
	}
	expect(t, db, "select skill, name from skill", "go|Golang")
	expect(t, db, "select count(*) from taxonomy", "2")
}

func TestDamagedFilesAreRefusedWithWhatToDo(t *testing.T) {
	for name, damage := range map[string]func(t *testing.T, dir string){
		"data file that is something else": func(t *testing.T, dir string) {
			if err := os.WriteFile(filepath.Join(dir, store.File), []byte(strings.Repeat("not a database ", 1000)), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"write-ahead log with flipped bytes": func(t *testing.T, dir string) {
			wal := unclosed(t, dir)
			data, err := os.ReadFile(wal)
			if err != nil {
				t.Fatal(err)
			}
			for i := range 8 {
				data[len(data)/4+i] ^= 0xff
			}
			if err := os.WriteFile(wal, data, 0o600); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			damage(t, dir)
			_, err := store.Open(t.Context(), config(), dir, quiet)
			if !errors.Is(err, store.ErrDamaged) || !strings.Contains(err.Error(), "mv '") {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestTruncatedWriteAheadLogLosesOnlyTheLastTransaction(t *testing.T) {
	dir := t.TempDir()
	wal := unclosed(t, dir)
	info, err := os.Stat(wal)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(wal, info.Size()-7); err != nil {
		t.Fatal(err)
	}
	db := open(t, dir)
	applied, err := db.Applied(t.Context(), "BATCHES", born)
	if err != nil || applied != 2 {
		t.Errorf("applied %d, %v; want 2 of 3", applied, err)
	}
	expect(t, db, "select count(*) from posting", "10")
}

// unclosed makes a store with three transactions in its write-ahead log, as a
// process that was killed leaves it, in dir.
func unclosed(t *testing.T, dir string) (wal string) {
	t.Helper()
	from := t.TempDir()
	db := open(t, from)
	for i := range 3 {
		apply(t, db, uint64(i+1), batchtest.Rows(uint64(i+1), 5)...)
	}
	for _, name := range []string{store.File, store.File + ".wal"} {
		data, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, store.File+".wal")
}

func TestValidateNamesEveryBadField(t *testing.T) {
	err := store.Config{MemoryLimit: "much", Threads: -1}.Validate()
	for _, want := range []string{"memory_limit:", "threads:", "query_timeout:"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v does not name %s", err, want)
		}
	}
}

func TestEveryPublicTableCanBeCopied(t *testing.T) {
	db := open(t, t.TempDir())
	apply(t, db, 1, batchtest.Rows(1, 40)...)
	tables, err := db.Tables(t.Context())
	if err != nil || len(tables) < 19 {
		t.Fatalf("%d tables, %v", len(tables), err)
	}
	for _, name := range tables {
		file, columns, rows, err := db.CopyTable(t.Context(), name)
		if err != nil || len(columns) == 0 {
			t.Fatalf("%s: %v", name, err)
		}
		if info, err := os.Stat(file); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
		if name == "posting" && rows != 40 {
			t.Errorf("%d postings copied", rows)
		}
	}
	if _, _, _, err := db.CopyTable(t.Context(), "applied"); err == nil {
		t.Error("the store's bookkeeping was copied")
	}
}
