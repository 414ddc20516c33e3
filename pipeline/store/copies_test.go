package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"jobcity/pipeline/batch"
	"jobcity/pipeline/batch/batchtest"
	"jobcity/pipeline/copies"
	"jobcity/pipeline/posting"
	"jobcity/pipeline/store"
	"jobcity/pipeline/tag"
)

// offered is a posting of an employer with the given words, opened on a day.
func offered(t testing.TB, id, employer, title string, words []string, on string) batch.Row {
	t.Helper()
	r := batchtest.Rows(1, 1)[0]
	r.Posting = posting.Posting{Source: "ashby", Board: employer, NativeID: id, Employer: employer, Title: title, Text: strings.Join(words, " "), PostedOn: on, SeenAt: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
	if err := r.Posting.Prepare(); err != nil {
		t.Fatal(err)
	}
	r.Tags.ID, r.Tags.Words = r.Posting.ID, tag.Words(r.Posting.Text)
	return r
}

// edited is words with n of them replaced.
func edited(r *rand.Rand, words []string, n int) []string {
	words = slices.Clone(words)
	for range n {
		words[r.IntN(len(words))] = fmt.Sprintf("edit%d", r.IntN(1<<30))
	}
	return words
}

func someWords(r *rand.Rand, n int) []string {
	words := make([]string, n)
	for i := range words {
		words[i] = fmt.Sprintf("word%d", r.IntN(1<<30))
	}
	return words
}

// TestCopiesDoNotDependOnTheOrderOfArrival applies families of near copies, some
// of which change later, in random orders and portions, and compares the groups
// with those of a plain comparison of all pairs.
func TestCopiesDoNotDependOnTheOrderOfArrival(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	var rows, later []batch.Row
	for family := range 8 {
		words := someWords(r, 200)
		for i := range 6 {
			words = edited(r, words, r.IntN(14)) // a chain: its ends may be far apart
			row := offered(t, fmt.Sprint(family, "-", i), fmt.Sprint("employer", family%3), fmt.Sprint("Title ", 'a'+rune(family%2)), words, "2026-10-01")
			rows = append(rows, row)
			if r.IntN(4) == 0 {
				changed := offered(t, fmt.Sprint(family, "-", i), fmt.Sprint("employer", family%3), fmt.Sprint("Title ", 'a'+rune(family%2)), someWords(r, 100), "2026-10-01")
				changed.Posting.SeenAt = changed.Posting.SeenAt.Add(time.Hour)
				later = append(later, changed)
			}
		}
	}
	want := groups(append(slices.Clone(rows), later...))
	for seed := range uint64(4) {
		r := rand.New(rand.NewPCG(seed, 4))
		all := append(slices.Clone(rows), later...)
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		db := open(t, t.TempDir())
		for sequence := uint64(1); len(all) > 0; sequence++ {
			n := min(len(all), 1+r.IntN(20))
			apply(t, db, sequence, all[:n]...)
			all = all[n:]
		}
		if got := ask(t, db, "select string_agg(native_id, ' ' order by native_id) as ids from posting group by copies_id order by ids"); got != want {
			t.Fatalf("seed %d: groups\n%s\nwant\n%s", seed, got, want)
		}
		expect(t, db, "select count(*) from (select copies_id from posting group by copies_id having count(distinct canonical_id) > 1)", "0")
		rolesAreRight(t, db)
	}
}

// groups are the connected components of all pairs that are near copies; of two
// rows of one posting the later counts.
func groups(rows []batch.Row) string {
	newest := map[string]batch.Row{}
	for _, r := range rows {
		if have, ok := newest[r.Posting.NativeID]; !ok || r.Posting.SeenAt.After(have.Posting.SeenAt) {
			newest[r.Posting.NativeID] = r
		}
	}
	of := map[string]string{}
	for id := range newest {
		of[id] = id
	}
	for a, x := range newest {
		for b, y := range newest {
			one, two := copies.New(&x.Posting, x.Posting.Employer, &x.Tags), copies.New(&y.Posting, y.Posting.Employer, &y.Tags)
			if one.Group == two.Group && copies.Near(one, two) {
				old, now := of[a], of[b]
				for id := range of {
					if of[id] == old {
						of[id] = now
					}
				}
			}
		}
	}
	members := map[string][]string{}
	for id, head := range of {
		members[head] = append(members[head], id)
	}
	var lines []string
	for _, ids := range members {
		slices.Sort(ids)
		lines = append(lines, strings.Join(ids, " "))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func TestRepostsContinueARoleAndLaterCopiesBeginAnother(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	words := someWords(r, 120)
	month := func(db *store.DB, first uint64, days ...string) {
		for i, on := range days {
			apply(t, db, first+uint64(i), offered(t, on, "acme", "Engineer", edited(r, words, 2), on))
		}
	}
	db := open(t, t.TempDir())
	month(db, 1, "2026-03-01", "2026-01-01", "2026-02-01", "2026-08-01", "2026-08-20")
	expect(t, db, "select native_id from unique_posting order by 1", "2026-01-01\n2026-08-01")
	expect(t, db, "select postings, reposts, first_on, last_on from role_size order by first_on", "3|2|2026-01-01|2026-03-01\n2|1|2026-08-01|2026-08-20")
	// What fills the gap makes one role of two.
	month(db, 9, "2026-04-20", "2026-06-10")
	expect(t, db, "select native_id from unique_posting order by 1", "2026-01-01")
}

func TestACopyThatOpensWhileTheRoleIsVisibleIsNoNewRole(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	words := someWords(r, 120)
	first, second := offered(t, "1", "b", "Engineer", words, "2026-03-01"), offered(t, "2", "b", "Engineer", edited(r, words, 2), "2026-07-20")
	db := open(t, t.TempDir())
	apply(t, db, 1, first, second)
	expect(t, db, "select count(*) from unique_posting", "2") // nothing tells how long the first was visible
	open := func(n int) time.Time { return day(1).AddDate(0, n, 0) }
	sweeps(t, db, 1, sweep("b", open(0), posting.Complete, first.Posting.ID), sweep("b", open(4), posting.Complete, first.Posting.ID),
		sweep("b", open(5), posting.Complete, second.Posting.ID))
	expect(t, db, "select native_id from unique_posting", "1")
	rolesAreRight(t, db)
}

func TestAnAgencysCopyIsToldAndNotMerged(t *testing.T) {
	words := someWords(rand.New(rand.NewPCG(7, 7)), 120)
	db := open(t, t.TempDir())
	copied := offered(t, "2", "agency", "Engineer (our client)", words, "2026-05-02")
	original := offered(t, "1", "acme", "Engineer", words, "2026-05-01")
	apply(t, db, 1, copied)
	expect(t, db, "select count(copied_from) from posting", "0")
	apply(t, db, 2, original)
	expect(t, db, "select native_id, copied_from = '"+original.Posting.ID+"' from posting order by 1", "1|<nil>\n2|true")
	expect(t, db, "select count(*) from unique_posting", "2")
}
