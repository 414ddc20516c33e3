// Package citytest opens a store that holds a small made-up city: the postings of
// sql/testdata. Golden results of the named queries are computed over it.
package citytest

import (
	"database/sql"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2" // the driver that loads the postings

	"jobcity/pipeline/store"
)

// Open returns a store with the made-up city, closed when t ends.
func Open(t testing.TB) *store.DB {
	t.Helper()
	return OpenWith(t, script(t))
}

// OpenWith returns a store on which script was run, with the roles of the postings
// that it left, closed when t ends.
func OpenWith(t testing.TB, script string) *store.DB {
	t.Helper()
	dir := t.TempDir()
	db := open(t, dir) // makes the schema
	path := db.Path()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	plain, err := sql.Open("duckdb", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{script, file(t, "roles.sql")} {
		if _, err := plain.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("load postings: %v", err)
		}
	}
	if err := plain.Close(); err != nil {
		t.Fatal(err)
	}
	db = open(t, dir)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func open(t testing.TB, dir string) *store.DB {
	t.Helper()
	cfg := store.Config{MemoryLimit: "512MB", Threads: 2, QueryTimeout: time.Minute, RepostGap: 60}
	db, err := store.Open(t.Context(), cfg, dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// script is load.sql with the place of the postings filled in.
func script(t testing.TB) string {
	t.Helper()
	return strings.Replace(file(t, "load.sql"), "'postings.ndjson'", "'"+filepath.ToSlash(filepath.Join(folder(t), "postings.ndjson"))+"'", 1)
}

// file is the text of a file of sql/testdata.
func file(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder(t), name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// folder is sql/testdata.
func folder(t testing.TB) string {
	t.Helper()
	_, here, _, ok := runtime.Caller(0)
	if !ok {
		t.Fatal("cannot find the test data")
	}
	return filepath.Join(filepath.Dir(here), "..", "testdata")
}
