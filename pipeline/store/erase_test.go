package store_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"jobcity/pipeline/posting"
	"jobcity/pipeline/store"
)

func TestWhatIsErasedIsGoneAndStaysOut(t *testing.T) {
	words := someWords(rand.New(rand.NewPCG(8, 8)), 120)
	head, copied := offered(t, "1", "acme", "Engineer", words, "2026-05-01"), offered(t, "2", "acme", "Engineer", words, "2026-05-02")
	other := offered(t, "3", "bravo", "Engineer", words[:60], "2026-05-02")
	db := open(t, t.TempDir())
	apply(t, db, 1, head, copied, other)
	sweeps(t, db, 1, sweep("acme", day(1), posting.Complete, head.Posting.ID, copied.Posting.ID))
	before := db.Version()
	deleted, err := db.Erase(t.Context(), []string{head.Posting.ID}, nil, "url")
	if err != nil || deleted["posting"] != 1 || deleted["posting_text"] != 1 || deleted["spell"] != 1 {
		t.Fatalf("deleted %v, %v", deleted, err)
	}
	if db.Version() == before {
		t.Error("the version is the same after something was erased")
	}
	expect(t, db, "select native_id, canonical_id = posting_id from posting order by 1", "2|true\n3|true")
	rolesAreRight(t, db)
	apply(t, db, 2, head)
	sweeps(t, db, 2, sweep("acme", day(2), posting.Complete, head.Posting.ID, copied.Posting.ID))
	expect(t, db, "select count(*) from posting", "2")
	expect(t, db, "select count(*) from spell", "1")
	if err := db.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	expect(t, db, "select count(*) from posting", "2")
}

func TestTombstonesOfAnotherStoreSayWhatIsLeftHere(t *testing.T) {
	a, b := open(t, t.TempDir()), open(t, t.TempDir())
	row := offered(t, "1", "acme", "Engineer", someWords(rand.New(rand.NewPCG(9, 9)), 60), "2026-05-01")
	apply(t, a, 1, row)
	apply(t, b, 1, row)
	if _, err := a.Erase(t.Context(), []string{row.Posting.ID}, nil, "employer"); err != nil {
		t.Fatal(err)
	}
	stones, err := a.Tombstones(t.Context())
	if err != nil || len(stones) != 1 || stones[0].Reason != "employer" || time.Since(stones[0].At) > time.Hour {
		t.Fatalf("tombstones %v, %v", stones, err)
	}
	left, err := b.AddTombstones(t.Context(), stones)
	if err != nil || len(left) != 1 || left[0] != row.Posting.ID {
		t.Fatalf("left %v, %v", left, err)
	}
	if again, err := b.AddTombstones(t.Context(), stones); err != nil || len(again) != 1 {
		t.Errorf("left %v, %v", again, err)
	}
	if found, err := b.Find(t.Context(), store.Target{Before: time.Now().AddDate(1, 0, 0)}); err != nil || len(found.IDs) != 1 {
		t.Errorf("found %v, %v", found, err)
	}
}
