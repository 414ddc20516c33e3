package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"jobcity/pipeline/batch/batchtest"
	"jobcity/pipeline/store"
)

// cutOff is a context that ends by itself at the n-th question whether it has.
type cutOff struct {
	context.Context
	done chan struct{}
	left atomic.Int64
}

func endsAfter(t *testing.T, questions int) *cutOff {
	c := &cutOff{Context: t.Context(), done: make(chan struct{})}
	c.left.Store(int64(questions))
	return c
}

func (c *cutOff) Done() <-chan struct{} { return c.done }

func (c *cutOff) Err() error {
	left := c.left.Add(-1)
	if left == 0 {
		close(c.done)
	}
	if left <= 0 {
		return context.Canceled
	}
	return nil
}

func TestStoppedApplyChangesNothingAndTheNextOneWorks(t *testing.T) {
	db := open(t, t.TempDir())
	rows := batchtest.Records(t, batchtest.Rows(1, 60))
	stopped := 0
	for questions := 1; ; questions += 1 + questions/8 {
		_, err := db.ApplyBatches(endsAfter(t, questions), rows, batches(1))
		if err == nil {
			break
		}
		stopped++
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("stopped at question %d: %v", questions, err)
		}
		if applied, err := db.Applied(t.Context(), "BATCHES", born); err != nil || applied != 0 {
			t.Fatalf("stopped at question %d: applied %d, %v", questions, applied, err)
		}
		expect(t, db, "select count(*) from posting", "0")
	}
	if stopped < 10 {
		t.Errorf("stopped at %d points only", stopped)
	}
	expect(t, db, "select count(*), count(distinct posting_id) from posting", "60|60")
}

func TestClosedStoreSaysSo(t *testing.T) {
	db := open(t, t.TempDir())
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for name, call := range map[string]func() error{
		"apply":      func() error { _, err := db.ApplyBatches(t.Context(), nil, batches(1)); return err },
		"applied":    func() error { _, err := db.Applied(t.Context(), "BATCHES", born); return err },
		"checkpoint": func() error { return db.Checkpoint(t.Context()) },
		"taxonomy":   func() error { return db.SetTaxonomy(t.Context(), store.Taxonomy{Version: "1"}) },
		"snapshot":   func() error { _, _, err := db.Snapshot(t.Context()); return err },
		"read":       func() error { _, err := db.Counts(t.Context()); return err },
	} {
		if err := call(); !errors.Is(err, store.ErrClosed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Errorf("closing once more: %v", err)
	}
}

func TestLogWithoutItsDataFileIsRefused(t *testing.T) {
	dir := t.TempDir()
	unclosed(t, dir)
	away, file := filepath.Join(dir, "away"), filepath.Join(dir, store.File)
	if err := os.Rename(file, away); err != nil {
		t.Fatal(err)
	}
	_, err := store.Open(t.Context(), config(), dir, quiet)
	if !errors.Is(err, store.ErrDamaged) || !strings.Contains(err.Error(), "mv '") {
		t.Errorf("error %v", err)
	}
	if err := os.Rename(away, file); err != nil {
		t.Fatal(err)
	}
	expect(t, open(t, dir), "select count(*) from posting", "15")
}

func TestLargeAnswerIsNotHeldWhole(t *testing.T) {
	db := open(t, t.TempDir())
	for _, statement := range []string{
		"select range as a, range as a from range(100000000000)",
		"from range(100000000000); ",
		"select range from range(100000000000) -- as many as there are",
	} {
		res, err := db.Free(t.Context(), statement, 5)
		if err != nil || len(res.Rows) != 5 || !res.Truncated {
			t.Errorf("%s: %d rows, truncated %v, %v", statement, len(res.Rows), res.Truncated, err)
		}
	}
}

func TestFreeSQLAnswersUnderTheNamesItGives(t *testing.T) {
	db := open(t, t.TempDir())
	for statement, want := range map[string]string{
		"select 1 as a, 2 as a":                           "a a: 1|2",
		"show tables":                                     "name",
		"describe posting":                                "column_name column_type null key default extra",
		"values (1), (2)":                                 "col0: 1 2",
		"pragma database_list":                            "seq name file",
		"explain select 1":                                "explain_key explain_value",
		"select * from range(50) order by range desc":     "range: 49 48 47 46 45",
		"with a as (select 3 as n) select n from a":       "n: 3",
		"(select 1 as n union all select 2) order by all": "n: 1 2",
	} {
		res, err := db.Free(t.Context(), statement, 5)
		if err != nil {
			t.Errorf("%s: %v", statement, err)
			continue
		}
		var got []string
		for _, c := range res.Columns {
			got = append(got, c.Name)
		}
		columns, rows, _ := strings.Cut(want, ": ")
		if strings.Join(got, " ") != columns {
			t.Errorf("%s: columns %v, want %s", statement, got, columns)
		}
		if lines := strings.ReplaceAll(text(res.Rows), "\n", " "); rows != "" && lines != rows {
			t.Errorf("%s: rows %s, want %s", statement, lines, rows)
		}
	}
}

// child runs the test that calls it in another process, which finds value in
// STORE_CHILD.
func child(t *testing.T, value string) *exec.Cmd {
	c := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	c.Env = append(os.Environ(), "STORE_CHILD="+value)
	return c
}

// TestKilledStoreHasWholeTransactionsOnly kills a process that applies, over and
// over, and looks at what it left.
func TestKilledStoreHasWholeTransactionsOnly(t *testing.T) {
	if dir := os.Getenv("STORE_CHILD"); dir != "" {
		applyForever(t, dir)
		return
	}
	dir := t.TempDir()
	committed := uint64(0)
	for kill := range 4 {
		c := child(t, dir)
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; n < 3+2*kill && lines.Scan(); n++ {
			if _, err := fmt.Sscanf(lines.Text(), "committed %d", &committed); err != nil {
				t.Fatalf("the child says %q", lines.Text())
			}
		}
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, out)
		_ = c.Wait() // it was killed
		db := open(t, dir)
		applied, err := db.Applied(t.Context(), "BATCHES", born)
		if err != nil || applied < committed {
			t.Fatalf("applied %d of at least %d that were committed, %v", applied, committed, err)
		}
		expect(t, db, "select count(*), count(distinct posting_id) from posting", fmt.Sprintf("%d|%[1]d", perBatch*applied))
		expect(t, db, "select count(*) from posting_text", fmt.Sprint(perBatch*applied))
		expect(t, db, "select count(*) from posting_skill where posting_id not in (select posting_id from posting)", "0")
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

const perBatch = 40

// applyForever applies batch after batch and says on stdout which is committed.
func applyForever(t *testing.T, dir string) {
	db := open(t, dir)
	sequence, err := db.Applied(t.Context(), "BATCHES", born)
	if err != nil {
		t.Fatal(err)
	}
	for sequence < 1000 {
		sequence++
		apply(t, db, sequence, batchtest.Rows(sequence, perBatch)...)
		fmt.Printf("committed %d\n", sequence)
	}
}

func TestSnapshotLeavesTheFileLocked(t *testing.T) {
	if dir := os.Getenv("STORE_CHILD"); dir != "" {
		_, err := store.Open(t.Context(), config(), dir, quiet)
		fmt.Println(errors.Is(err, store.ErrLocked))
		return
	}
	dir := t.TempDir()
	db := open(t, dir)
	apply(t, db, 1, batchtest.Rows(1, 5)...)
	if _, _, err := db.Snapshot(t.Context()); err != nil {
		t.Fatal(err)
	}
	if out, err := child(t, dir).CombinedOutput(); err != nil || !strings.HasPrefix(string(out), "true") {
		t.Errorf("another process opened the file, %v\n%s", err, out)
	}
}
