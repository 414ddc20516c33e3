//go:build linux

package sqlfiles_test

import (
	"database/sql"
	"encoding/csv"
	"fmt"
	"io/fs"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"jobcity/pipeline/query"
	"jobcity/pipeline/store"
	sqlfiles "jobcity/sql"
	"jobcity/sql/citytest"
)

// besidePostgres are the trends that both answer, by the folder postgres.
var besidePostgres = []struct {
	trend  string
	values map[string]string // for jobcity
	scope  string            // the same, for PostgreSQL
}{
	{"skill_share_by_month", map[string]string{"skill": "kubernetes"}, "true"},
	{"skill_share_by_month", map[string]string{"skill": "kubernetes", "district": "security", "seniority": "senior"}, securitySeniors},
	{"rising_skills", nil, "true"},
	{"rising_skills", map[string]string{"district": "security", "seniority": "senior"}, securitySeniors},
	{"skill_pairs", nil, "true"},
	{"skill_pairs", map[string]string{"district": "security", "seniority": "senior"}, securitySeniors},
}

const securitySeniors = "seniority = 'senior' and role_no in (select role_no from role_district where district = 'security')"

const runs = 7 // of which the median counts

// exports are the tables that the trends read, as PostgreSQL keeps them, and the
// statements by which DuckDB makes them. Numbers of skills are in the order of names.
var exports = []struct{ table, statement string }{
	{"posting", "select row_number() over () as posting_no, seen_at from posting"},
	{"role", `select role_no, posting_id, employer_id, employer_no, cluster, board_id, source, new_on, month, district, street, seniority,
		workplace, employment_type, technical, operational, hybrid, years, language, pay_currency, pay, copies from role order by role_no`},
	{"role_district", "select role_no, district, weight from role_district order by role_no"},
	{"skill", `select row_number() over (order by skill) as skill_no, skill, coalesce(name, skill) as name
		from (select distinct skill from role_skill) left join skill using (skill) order by skill`},
	{"role_skill", `select role_no, skill_no, need from role_skill
		join (select skill, row_number() over (order by skill) as skill_no from role_skill group by skill) using (skill) order by role_no, skill_no`},
}

// BenchmarkPostgres asks jobcity and PostgreSQL for the same trends over the same
// large made-up city, checks that their rows are equal, and prints how long each
// takes: cold, which is the first answer of a started engine whose files are not in
// the memory of the operating system, and warm. Of PostgreSQL's answers with and
// without just-in-time compilation the faster counts.
//
//	JOBCITY_CITY=DIR       keep the city's data here, and use it again
//	JOBCITY_CITY_SIZE=N    postings of the city; 100000 without it
//	JOBCITY_CITY_PLANS=1   print the plans of both, with times
func BenchmarkPostgres(b *testing.B) {
	pg := startPostgres(b)
	size, err := strconv.Atoi(os.Getenv("JOBCITY_CITY_SIZE"))
	if err != nil {
		size = 100_000
	}
	data := os.Getenv("JOBCITY_CITY")
	if data == "" {
		data = b.TempDir()
	}
	maker, err := citytest.NewMaker()
	if err != nil {
		b.Fatal(err)
	}
	citytest.Fill(b, maker, data, size)
	csvs := b.TempDir()
	export(b, filepath.Join(data, store.File), csvs)
	duckTook, duckSize := loadDuckDB(b, csvs)
	pgTook, indexTook := pg.load(b, csvs)
	fmt.Printf("%d postings; the same CSV files loaded\n", size)
	fmt.Printf("DuckDB     %6.1f s                  %5d MB\n", duckTook.Seconds(), duckSize>>20)
	fmt.Printf("PostgreSQL %6.1f s + indexes %5.1f s %5s MB, of which indexes %s MB\n\n", pgTook.Seconds(), indexTook.Seconds(),
		pg.ask(b, "select sum(pg_total_relation_size(oid))::bigint >> 20 from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"),
		pg.ask(b, "select sum(pg_indexes_size(oid))::bigint >> 20 from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"))
	for b.Loop() {
		sideBySide(b, pg, data)
	}
}

func sideBySide(b *testing.B, pg *postgres, data string) {
	b.Helper()
	catalog, err := query.Load(sqlfiles.Trend, "trend")
	if err != nil {
		b.Fatal(err)
	}
	fmt.Printf("median of %d, ms            cold: jobcity PostgreSQL  ratio   warm: jobcity PostgreSQL  ratio\n", runs)
	for _, c := range besidePostgres {
		bound, err := catalog.Query(c.trend).Bind(c.values)
		if err != nil {
			b.Fatal(err)
		}
		name := c.trend
		if c.scope != "true" {
			name += ", filtered"
		}
		var cold, pgCold []time.Duration
		for range runs {
			db := openCold(b, data)
			took, _ := answer(b, db, bound, 1)
			cold = append(cold, took...)
			closeStore(b, db)
			pg.stop(b)
			forget(b, pg.dir)
			pg.start(b)
			took, _ = pg.answer(b, c.trend, c.values["skill"], c.scope, "off", 1)
			pgCold = append(pgCold, took...)
		}
		db := openCold(b, data)
		warm, rows := answer(b, db, bound, runs+1)
		plan(b, db, bound)
		closeStore(b, db)
		var pgWarm []time.Duration
		for _, jit := range []string{"off", "on"} {
			took, answer := pg.answer(b, c.trend, c.values["skill"], c.scope, jit, runs+1)
			if took = took[1:]; pgWarm == nil || median(took) < median(pgWarm) {
				pgWarm = took
			}
			equal(b, name, bound.Query.Columns, rows, answer)
		}
		pg.plan(b, c.trend, c.values["skill"], c.scope)
		c1, p1, c2, p2 := median(cold), median(pgCold), median(warm[1:]), median(pgWarm)
		fmt.Printf("%-32s %8.0f %10.0f %6.1f %15.0f %10.0f %6.1f\n", name, c1, p1, p1/c1, c2, p2, p2/c2)
	}
}

// median is in milliseconds.
func median(took []time.Duration) float64 {
	sorted := slices.Sorted(slices.Values(took))
	return float64(sorted[len(sorted)/2].Microseconds()) / 1000
}

func openCold(b *testing.B, data string) *store.DB {
	b.Helper()
	forget(b, data)
	db, err := store.Open(b.Context(), store.Config{MemoryLimit: "2GB", Threads: 2, QueryTimeout: 10 * time.Minute, RepostGap: 60}, data, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	return db
}

func closeStore(b *testing.B, db *store.DB) {
	b.Helper()
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
}

// forget has the operating system drop what it remembers of the files in dir.
func forget(b *testing.B, dir string) {
	b.Helper()
	unix.Sync() // only what is written can be dropped
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		return unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED)
	})
	if err != nil {
		b.Fatalf("drop the files of %s from memory: %v", dir, err)
	}
}

// answer runs a trend n times.
func answer(b *testing.B, db *store.DB, bound query.Bound, n int) (took []time.Duration, rows [][]any) {
	b.Helper()
	for range n {
		start := time.Now()
		res, err := db.Run(b.Context(), bound, 10_000)
		if err != nil {
			b.Fatal(err)
		}
		took, rows = append(took, time.Since(start)), res.Rows
	}
	return took, rows
}

func plan(b *testing.B, db *store.DB, bound query.Bound) {
	b.Helper()
	if os.Getenv("JOBCITY_CITY_PLANS") == "" {
		return
	}
	bound.Query = &query.Query{Name: bound.Query.Name, SQL: "explain analyze " + bound.Query.SQL, Columns: []query.Column{{Name: "key", Type: "text"}, {Name: "value", Type: "text"}}}
	_, rows := answer(b, db, bound, 1)
	for _, r := range rows {
		fmt.Println(r[1])
	}
}

// export writes the tables of a data file that the trends read as CSV files.
func export(b *testing.B, file, dir string) {
	b.Helper()
	db, err := sql.Open("duckdb", file+"?access_mode=read_only")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	for _, e := range exports {
		if _, err := db.ExecContext(b.Context(), fmt.Sprintf("copy (%s) to '%s'", e.statement, filepath.Join(dir, e.table+".csv"))); err != nil {
			b.Fatalf("export %s: %v", e.table, err)
		}
	}
}

// loadDuckDB loads the CSV files into a DuckDB file of their own.
func loadDuckDB(b *testing.B, csvs string) (took time.Duration, size int64) {
	b.Helper()
	file := filepath.Join(b.TempDir(), "same.duckdb")
	start := time.Now()
	db, err := sql.Open("duckdb", file+"?threads=2")
	if err != nil {
		b.Fatal(err)
	}
	for _, e := range exports {
		path := filepath.Join(csvs, e.table+".csv")
		if _, err := db.ExecContext(b.Context(), fmt.Sprintf("create table %s as from read_csv('%s')", e.table, path)); err != nil {
			b.Fatalf("load %s: %v", e.table, err)
		}
	}
	if err := db.Close(); err != nil { // writes all to the file
		b.Fatal(err)
	}
	took = time.Since(start)
	info, err := os.Stat(file)
	if err != nil {
		b.Fatal(err)
	}
	return took, info.Size()
}

// equal checks PostgreSQL's rows against jobcity's, numbers to 1e-9.
func equal(b *testing.B, name string, columns []query.Column, want [][]any, got string) {
	b.Helper()
	records, err := csv.NewReader(strings.NewReader(got)).ReadAll()
	if err != nil {
		b.Fatal(err)
	}
	if len(records) != len(want)+1 || len(want) == 0 {
		b.Fatalf("%s: PostgreSQL answers with %d rows, jobcity with %d", name, len(records)-1, len(want))
	}
	for i, row := range want {
		for k, c := range columns {
			if records[0][k] != c.Name {
				b.Fatalf("%s: PostgreSQL's column %d is %s, jobcity's %s", name, k, records[0][k], c.Name)
			}
			if cell := records[i+1][k]; !sameValue(cell, row[k]) {
				b.Fatalf("%s: row %d, %s: PostgreSQL says %s, jobcity %v", name, i, c.Name, cell, row[k])
			}
		}
	}
}

func sameValue(cell string, value any) bool {
	switch v := value.(type) {
	case nil:
		return cell == ""
	case float64:
		f, err := strconv.ParseFloat(cell, 64)
		return err == nil && math.Abs(f-v) <= 1e-9
	case bool:
		return cell == map[bool]string{true: "t", false: "f"}[v]
	case time.Time:
		return cell == v.Format(time.DateOnly)
	}
	return cell == fmt.Sprint(value)
}
