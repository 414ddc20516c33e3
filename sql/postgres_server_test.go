//go:build linux

package sqlfiles_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// postgres is a private server that listens on a socket in its folder only.
type postgres struct {
	dir, bin string
}

// postgresSettings are for a machine of two processors that holds all data in memory.
var postgresSettings = []string{
	"listen_addresses=''", "shared_buffers=1GB", "work_mem=256MB", "maintenance_work_mem=512MB", "effective_cache_size=8GB",
	"max_parallel_workers_per_gather=2", "max_worker_processes=4", "random_page_cost=1.1",
	"wal_level=minimal", "max_wal_senders=0", "max_wal_size=8GB", "checkpoint_timeout=1h",
}

// startPostgres makes and starts a server, stopped and removed when b ends. It
// skips b where PostgreSQL is not installed.
func startPostgres(b *testing.B) *postgres {
	b.Helper()
	pg := &postgres{bin: findPostgres(b)}
	// The server refuses to run as root, so that its folder must be another's.
	pg.dir = strings.TrimSpace(pg.run(b, nil, "mktemp", "-d"))
	b.Cleanup(func() {
		if err := os.RemoveAll(pg.dir); err != nil {
			b.Error(err)
		}
	})
	pg.run(b, nil, filepath.Join(pg.bin, "initdb"), "--no-locale", "--encoding=UTF8", "--auth=trust", "--username=city", "-D", pg.data())
	conf := strings.Join(append(slices.Clone(postgresSettings), "unix_socket_directories='"+pg.dir+"'"), "\n")
	pg.run(b, strings.NewReader(conf), "tee", "-a", filepath.Join(pg.data(), "postgresql.conf"))
	pg.start(b)
	b.Cleanup(func() { pg.stop(b) })
	return pg
}

func findPostgres(b *testing.B) string {
	b.Helper()
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil { // psql lies beside the program itself
			return filepath.Dir(path)
		}
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		b.Skip("PostgreSQL is not here: put its initdb, pg_ctl and psql on the PATH")
	}
	return filepath.Dir(found[len(found)-1])
}

func (pg *postgres) data() string { return filepath.Join(pg.dir, "data") }

// run runs a program, as the user postgres if this one is root.
func (pg *postgres) run(b *testing.B, in io.Reader, program ...string) string {
	b.Helper()
	if os.Geteuid() == 0 {
		program = append([]string{"runuser", "-u", "postgres", "--"}, program...)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour) // b's own has ended when the server is stopped
	defer cancel()
	var out, errs strings.Builder
	cmd := exec.CommandContext(ctx, program[0], program[1:]...)
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = "/", in, &out, &errs
	if err := cmd.Run(); err != nil {
		b.Fatalf("%s: %v\n%s%s", strings.Join(program, " "), err, out.String(), errs.String())
	}
	return out.String()
}

func (pg *postgres) start(b *testing.B) {
	b.Helper()
	pg.run(b, nil, filepath.Join(pg.bin, "pg_ctl"), "start", "--wait", "--silent", "-D", pg.data(), "-l", filepath.Join(pg.dir, "log"))
}

func (pg *postgres) stop(b *testing.B) {
	b.Helper()
	pg.run(b, nil, filepath.Join(pg.bin, "pg_ctl"), "stop", "--wait", "--silent", "-m", "fast", "-D", pg.data())
}

// psql runs statements and script files in one session.
func (pg *postgres) psql(b *testing.B, in io.Reader, args ...string) string {
	b.Helper()
	program := []string{filepath.Join(pg.bin, "psql"), "-X", "-q", "--csv", "-v", "ON_ERROR_STOP=1", "-h", pg.dir, "-U", "city", "-d", "postgres"}
	return pg.run(b, in, append(program, args...)...)
}

// ask is the one value that a statement returns.
func (pg *postgres) ask(b *testing.B, statement string) string {
	b.Helper()
	return strings.TrimSpace(pg.psql(b, nil, "-t", "-c", statement))
}

// load makes the tables and fills them, then makes their indexes.
func (pg *postgres) load(b *testing.B, csvs string) (rows, indexes time.Duration) {
	b.Helper()
	start := time.Now()
	pg.psql(b, strings.NewReader(text(b, "schema")))
	for _, e := range exports {
		f, err := os.Open(filepath.Join(csvs, e.table+".csv"))
		if err != nil {
			b.Fatal(err)
		}
		// a table emptied in the same transaction needs no log
		pg.psql(b, f, "-1", "-c", "truncate "+e.table, "-c", "copy "+e.table+" from stdin (format csv, header, freeze)")
		f.Close()
	}
	rows = time.Since(start)
	start = time.Now()
	pg.psql(b, strings.NewReader(text(b, "indexes")))
	return rows, time.Since(start)
}

// answer runs a trend n times in one session. It returns how long psql waited for
// each answer, and the last answer.
func (pg *postgres) answer(b *testing.B, trend, skill, scope, jit string, n int) (took []time.Duration, csv string) {
	b.Helper()
	in := "set jit = " + jit + ";\n\\timing on\n" + strings.Repeat(text(b, trend), n)
	out := pg.psql(b, strings.NewReader(in), "-v", "skill="+skill, "-v", "scope="+scope)
	for range n {
		before, after, found := strings.Cut(out, "Time: ")
		line, rest, _ := strings.Cut(after, "\n")
		var ms float64
		if _, err := fmt.Sscan(line, &ms); err != nil || !found {
			b.Fatalf("psql says no time: %q", line)
		}
		took, csv, out = append(took, time.Duration(ms*float64(time.Millisecond))), before, rest
	}
	return took, csv
}

func (pg *postgres) plan(b *testing.B, trend, skill, scope string) {
	b.Helper()
	if os.Getenv("JOBCITY_CITY_PLANS") == "" {
		return
	}
	in := "set jit = off;\n explain (analyze, buffers, costs off)\n" + text(b, trend)
	fmt.Println(pg.psql(b, strings.NewReader(in), "--no-align", "-t", "-v", "skill="+skill, "-v", "scope="+scope))
}

// text is a file of the folder postgres.
func text(b *testing.B, name string) string {
	b.Helper()
	s, err := os.ReadFile(filepath.Join("postgres", name+".sql"))
	if err != nil {
		b.Fatal(err)
	}
	return string(s)
}
