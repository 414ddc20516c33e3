//go:build unix

package store_test

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"testing"

	"jobcity/pipeline/batch/batchtest"
)

// limitFileSize lets no file of this process grow over n bytes, as on a full
// disk, until restore is called.
func limitFileSize(t *testing.T, n uint64) (restore func()) {
	t.Helper()
	signal.Ignore(syscall.SIGXFSZ) // an error instead of the end of the process
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: n, Max: before.Max}); err != nil {
		t.Fatal(err)
	}
	return func() {
		t.Helper()
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFullDiskIsAnErrorAndApplyingGoesOnWhenThereIsRoom(t *testing.T) {
	if os.Getenv("STORE_CHILD") == "" {
		if out, err := child(t, "small").CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	dir := t.TempDir()
	db := open(t, dir)
	apply(t, db, 1, batchtest.Rows(1, 100)...)
	restore := limitFileSize(t, 4<<20)
	sequence, failed := uint64(2), 0
	for range 12 { // as the loop that applies does, with a checkpoint now and then
		if _, err := db.ApplyBatches(t.Context(), batchtest.Records(t, batchtest.Rows(sequence, 400)), batches(sequence)); err == nil {
			sequence++
			continue
		}
		if failed++; failed%4 == 0 {
			_ = db.Checkpoint(t.Context()) // there may be no room for it either
		}
	}
	if failed == 0 {
		t.Error("everything found room on a full disk")
	}
	restore()
	apply(t, db, sequence, batchtest.Rows(sequence, 400)...)
	want := fmt.Sprintf("%d|%[1]d", 100+400*(sequence-1))
	expect(t, db, "select count(*), count(distinct posting_id) from posting", want)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	expect(t, open(t, dir), "select count(*), count(distinct posting_id) from posting", want)
}
