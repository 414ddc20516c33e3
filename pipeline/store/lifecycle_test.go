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
	"jobcity/pipeline/posting"
	"jobcity/pipeline/store"
)

const states = "select posting_id, state, reason, spells, left_truncated, right_censored from posting_state order by posting_id"

// TestAnOutageOfHalfTheBoardsClosesNothing: for ten days half of the boards fail
// in one way or another while the others go on, each losing a posting a day.
func TestAnOutageOfHalfTheBoardsClosesNothing(t *testing.T) {
	db := open(t, t.TempDir())
	const boards, listed = 20, 12
	sequence := uint64(1)
	round := func(n int, out bool) {
		var all []posting.Sweep
		for b := range boards {
			s := sweep(fmt.Sprint("b", b), day(n), posting.Complete)
			switch {
			case out && b%4 == 0:
				s.Verdict = posting.Failed
			case out && b%4 == 2 && n%2 == 0:
				s.Verdict = posting.Partial
			case out && b%4 == 2: // complete and empty, never twice in a row
			default:
				for p := range listed {
					if b%2 == 0 || p >= n-1 {
						s.Listed = append(s.Listed, fmt.Sprintf("%d-%d", b, p))
					}
				}
			}
			all = append(all, s)
		}
		sweeps(t, db, sequence, all...)
		sequence += boards
	}
	round(1, false)
	for n := 2; n <= 4; n++ {
		round(n, true)
	}
	out := "select count(*) from spell where closed_at is not null and left(posting_id, instr(posting_id, '-') - 1)::integer % 2 = 0"
	expect(t, db, out, "0")
	expect(t, db, "select state, count(*) from posting_state group by state order by state", fmt.Sprintf("closed|%d\nopen|%d\nunseen|%d", 3*boards/2, (listed-3)*boards/2, listed*boards/2))
	round(5, false)
	expect(t, db, out, "0")
	expect(t, db, "select count(*) from posting_state where state = 'unseen'", "0")
	expect(t, db, "select count(*) from posting_state where spells > 1", "0")
}

func TestStatesOfAPosting(t *testing.T) {
	full, part, fail := posting.Complete, posting.Partial, posting.Failed
	gone := sweep("b", day(2), part)
	gone.Closed = []posting.Closing{{ID: "x", On: "2026-03-02", Reason: "gone"}}
	for _, c := range []struct {
		name   string
		sweeps []posting.Sweep
		want   string
	}{
		{"open before we looked", []posting.Sweep{sweep("b", day(1), full, "x")}, "x|open|<nil>|1|true|true"},
		{"its board fails for a day", []posting.Sweep{sweep("b", day(1), full, "x"), sweep("b", day(2), fail)}, "x|open|<nil>|1|true|true"},
		{"its board fails for two days", []posting.Sweep{sweep("b", day(1), full, "x"), sweep("b", day(2), fail), sweep("b", day(3), fail)}, "x|unseen|<nil>|1|true|true"},
		{"its board answers in part, without it", []posting.Sweep{sweep("b", day(1), full, "x", "y"), sweep("b", day(3), part, "y")}, "x|unseen|<nil>|1|true|true\ny|open|<nil>|1|true|true"},
		{"its board is empty, which is not believed yet", []posting.Sweep{sweep("b", day(1), full, "x"), sweep("b", day(2), full), sweep("b", day(3), full)}, "x|unseen|<nil>|1|true|true"},
		{"nobody looks at its board any more", []posting.Sweep{sweep("b", day(1), full, "x"), sweep("c", day(15), full, "z")}, "x|unseen|<nil>|1|true|true\nz|open|<nil>|1|true|true"},
		{"its board takes its time", []posting.Sweep{sweep("b", day(1), full, "x"), sweep("c", day(14), full, "z")}, "x|open|<nil>|1|true|true\nz|open|<nil>|1|true|true"},
		{"vanished", []posting.Sweep{sweep("b", day(1), full, "x", "y"), sweep("b", day(2), full, "y")}, "x|closed|vanished|1|true|false\ny|open|<nil>|1|true|true"},
		{"back again", []posting.Sweep{sweep("b", day(1), full, "x", "y"), sweep("b", day(2), full, "y"), sweep("b", day(3), full, "x", "y")}, "x|reopened|<nil>|2|false|true\ny|open|<nil>|1|true|true"},
		{"gone from a board that answers in part", []posting.Sweep{sweep("b", day(1), full, "x"), gone}, "x|closed|gone|1|true|false"},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := open(t, t.TempDir())
			sweeps(t, db, 1, c.sweeps...)
			expect(t, db, states, c.want)
		})
	}
}

func TestAPartialSweepSaysWhatIsStillListed(t *testing.T) {
	db := open(t, t.TempDir())
	sweeps(t, db, 1, sweep("b", day(1), posting.Partial, "x", "y"), sweep("b", day(5), posting.Partial, "x"))
	expect(t, db, "select posting_id, last_listed_at::date from spell order by 1", "x|2026-03-05\ny|2026-03-01")
	expect(t, db, "select posting_id, state from posting_state order by 1", "x|open\ny|unseen")
}

// on is a row of a posting of board, with dates as stated, seen at a day.
func on(t testing.TB, board, native, posted, closed string, seen time.Time) batch.Row {
	t.Helper()
	r := batchtest.Rows(1, 1)[0]
	r.Posting.Source, r.Posting.Board, r.Posting.NativeID = "ashby", board, native
	r.Posting.PostedOn, r.Posting.ClosedOn, r.Posting.SeenAt = posted, closed, seen
	if err := r.Posting.Prepare(); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestABoardUnderAnotherNameCountsOnce(t *testing.T) {
	db := open(t, t.TempDir())
	var old, renamed []batch.Row
	var was, is []string
	for i, r := range batchtest.Rows(4, 8) {
		r.Posting.Source, r.Posting.NativeID, r.Posting.PostedOn = "ashby", fmt.Sprint("n", i), ""
		for _, name := range []string{"old", "new"} {
			r.Posting.Board, r.Posting.SeenAt = name, day(1)
			if err := r.Posting.Prepare(); err != nil {
				t.Fatal(err)
			}
			if name == "old" {
				old, was = append(old, r), append(was, r.Posting.ID)
			} else {
				renamed, is = append(renamed, r), append(is, r.Posting.ID)
			}
		}
	}
	apply(t, db, 1, old...)
	sweeps(t, db, 1, sweep("old", day(1), posting.Complete, was...))
	before := ask(t, db, "select count(*) from unique_posting")
	apply(t, db, 2, renamed...)
	sweeps(t, db, 2, sweep("old", day(4), posting.Failed), sweep("new", day(4), posting.Complete, is...))
	expect(t, db, "select count(*) from unique_posting", before)
	expect(t, db, "select * from board_overlap", "ashby/new|ashby/old|8")
	expect(t, db, "select board_id, state, left_truncated, count(*) from posting_state join posting using (posting_id) group by all order by 1", "ashby/new|open|true|8\nashby/old|unseen|true|8")
	expect(t, db, "select count(*) from dated_posting where month is not null", "0") // a new name makes nothing new
	expect(t, db, "select count(*), max(left_at) from visible_time(30)", "0|<nil>")
}

// TestARoleOnTwoBoardsIsVisibleOnce: one employer shows it on two boards, on one
// from the 2nd to the 4th and on the other from the 3rd to the 9th.
func TestARoleOnTwoBoardsIsVisibleOnce(t *testing.T) {
	db := open(t, t.TempDir())
	one, other := on(t, "one", "n1", "", "", day(2)), on(t, "other", "n2", "", "", day(3))
	apply(t, db, 1, one, other)
	full := posting.Complete
	var all []posting.Sweep
	for n := 1; n <= 12; n++ {
		a, b := sweep("one", day(n), full, "a"), sweep("other", day(n), full, "b") // each lists something all the time
		if n >= 2 && n <= 4 {
			a.Listed = append(a.Listed, one.Posting.ID)
		}
		if n >= 3 && n <= 9 {
			b.Listed = append(b.Listed, other.Posting.ID)
		}
		all = append(all, a, b)
	}
	sweeps(t, db, 1, all...)
	expect(t, db, "select count(*), count(distinct employer_id) from unique_posting", "1|1")
	expect(t, db, "select began_at::date, entered, left_at, ended from visible_time(30)", "2026-03-02|0|7.5|true")
	expect(t, db, "select count(*) from visible_time(0)", "1")
	expect(t, db, "select state, reason, count(*) from posting_state join posting using (posting_id) group by all", "closed|vanished|2")
	expect(t, db, "select count(*) from board_overlap", "0") // other ids: two boards, not one renamed
}

func TestAClockThatWasAheadIsSetRight(t *testing.T) {
	db := open(t, t.TempDir())
	full := posting.Complete
	apply(t, db, 1, on(t, "b", "n", "", "", day(1)))
	ahead := day(1).AddDate(3, 0, 0)
	sweeps(t, db, 1, sweep("b", day(1), full, "x", "y"), sweep("b", ahead, full, "x", "new"))
	sweeps(t, db, 3, sweep("b", day(3), full, "x", "new"), sweep("b", day(4), full, "x", "new"))
	expect(t, db, "select count(*) from clock_jump", "0") // two may be stragglers
	sweeps(t, db, 5, sweep("b", day(5), full, "x", "new"))
	expect(t, db, "select board_id, wrong_at::date, right_at::date from clock_jump", "ashby/b|2029-03-01|2026-03-05")
	expect(t, db, spells, "new|2026-03-05|false|<nil>|<nil>\nx|2026-03-01|true|<nil>|<nil>\ny|2026-03-01|true|2026-03-05|vanished")
	sweeps(t, db, 6, sweep("b", day(6), full, "x"))
	expect(t, db, "select posting_id, state, closed_at::date from posting_state order by 1", "new|closed|2026-03-06\nx|open|<nil>\ny|closed|2026-03-05")
	expect(t, db, "select last_sweep_at::date, last_complete_at::date from board", "2026-03-06|2026-03-06")
	expect(t, db, "select count(*) from late_sweep", "0")
	expect(t, db, "select count(*) from spell where closed_at < opened_at or last_listed_at < opened_at or last_listed_at > closed_at", "0")

	r := changed(t, on(t, "c", "n", "", "", ahead), "Only Here", 0) // a posting that the wrong clock saw first
	apply(t, db, 2, r)
	sweeps(t, db, 7, sweep("c", day(1), full, "q"), sweep("c", ahead, full, "q", r.Posting.ID))
	expect(t, db, "select new_on, seen_at::date from role join posting using (posting_id) where role.board_id = 'ashby/c'", "2029-03-01|2029-03-01")
	sweeps(t, db, 9, sweep("c", day(3), full, "q", r.Posting.ID), sweep("c", day(4), full, "q", r.Posting.ID), sweep("c", day(5), full, "q", r.Posting.ID))
	expect(t, db, "select new_on, seen_at::date from role join posting using (posting_id) where role.board_id = 'ashby/c'", "2026-03-05|2026-03-05")
	rolesAreRight(t, db)
	r.Posting.SeenAt = day(1)
	later := changed(t, r, "Another Title", 5*24*time.Hour)
	if out := apply(t, db, 3, later); out.Changed != 1 {
		t.Errorf("a change after the clock was set right: %+v", out)
	}
}

func TestStragglersAndAClockAtItsEpochDoNothing(t *testing.T) {
	db := open(t, t.TempDir())
	full := posting.Complete
	epoch := time.Date(1970, 1, 1, 0, 0, 5, 0, time.UTC)
	sweeps(t, db, 1, sweep("b", epoch, full, "q"), sweep("b", day(8), full, "x"),
		sweep("b", day(3), full, "y"), sweep("b", day(2), full, "y"), sweep("b", day(1), full, "y"), // each older than the one before
		sweep("b", epoch, full, "z"), sweep("b", epoch.Add(time.Hour), full, "z"), sweep("b", epoch.Add(2*time.Hour), full, "z"), sweep("b", epoch.Add(3*time.Hour), full, "z"))
	expect(t, db, spells, "x|2026-03-08|true|<nil>|<nil>")
	expect(t, db, "select count(*) from clock_jump", "0")
	back := sweep("b", day(9), full, "x")
	back.FinishedAt = day(1)
	sweeps(t, db, 20, back)
	expect(t, db, "select count(*) from sweep where finished_at < started_at", "0")
}

func TestTheLastDayStatedEndsASpell(t *testing.T) {
	full, part, fail := posting.Complete, posting.Partial, posting.Failed
	row := func(posted, closed string, seen time.Time) batch.Row { return on(t, "b", "n", posted, closed, seen) }
	id := row("", "", day(1)).Posting.ID
	type step any
	db := open(t, t.TempDir())
	sequence := uint64(0)
	for i, c := range []struct {
		name  string
		steps []step // rows and sweeps in their order
		want  string
	}{
		{"not on that day", []step{row("", "2026-03-03", day(1)), sweep("b", day(1), full, id), sweep("b", day(3), full, id)}, "open|<nil>|<nil>|1"},
		{"on the day after, though it is listed", []step{row("", "2026-03-03", day(1)), sweep("b", day(1), full, id), sweep("b", day(6), full, id)}, "closed|2026-03-04|expired|1"},
		{"and it stays so", []step{row("", "2026-03-03", day(1)), sweep("b", day(1), full, id), sweep("b", day(6), full, id), sweep("b", day(7), full, id)}, "closed|2026-03-04|expired|1"},
		{"by a partial sweep too", []step{row("", "2026-03-03", day(1)), sweep("b", day(1), full, id), sweep("b", day(6), part)}, "closed|2026-03-04|expired|1"},
		{"not by a failed one", []step{row("", "2026-03-03", day(1)), sweep("b", day(1), full, id), sweep("b", day(6), fail)}, "unseen|<nil>|<nil>|1"},
		{"when the posting comes after the sweep", []step{sweep("b", day(1), full, id), sweep("b", day(6), full, id), row("", "2026-03-03", day(1))}, "closed|2026-03-04|expired|1"},
		{"of a posting that was over when we first saw it", []step{row("", "2026-03-03", day(6)), sweep("b", day(6), full, id)}, "closed|2026-03-04|expired|1"},
		{"not when it comes before the day it was posted", []step{row("2026-03-04", "2026-03-03", day(5)), sweep("b", day(5), full, id), sweep("b", day(6), full, id)}, "open|<nil>|<nil>|1"},
		{"not when the source moved it first", []step{row("", "2026-03-03", day(1)), sweep("b", day(1), full, id), sweep("b", day(6), full, id), row("", "2026-03-30", day(6)), sweep("b", day(7), full, id)}, "open|<nil>|<nil>|1"},
		{"and another begins when the source states a later one after long", []step{row("", "2026-03-03", day(1)), sweep("b", day(1), full, id), sweep("b", day(6), full, id), row("", "2026-03-30", day(20)), sweep("b", day(21), full, id)}, "reopened|<nil>|<nil>|2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			board := fmt.Sprint("b", i) // each case has a board of its own
			for _, s := range c.steps {
				sequence++
				switch s := s.(type) {
				case batch.Row:
					s.Posting.Board = board
					apply(t, db, sequence, changed(t, s, s.Posting.Title, 0))
				case posting.Sweep:
					s.Board = board
					if len(s.Listed) > 0 {
						s.Listed = []string{posting.ID("ashby", board, "n")}
					}
					sweeps(t, db, sequence, s)
				}
			}
			expect(t, db, "select state, closed_at::date, reason, spells from posting_state where posting_id = '"+posting.ID("ashby", board, "n")+"'", c.want)
		})
	}
	expect(t, db, "select count(*) from spell where closed_at < opened_at or last_listed_at < opened_at or last_listed_at > closed_at", "0")
}

func TestDatesThatAreNotBelievedAreFlagged(t *testing.T) {
	db := open(t, t.TempDir())
	want := map[string]string{}
	var rows []batch.Row
	for i, c := range []struct{ posted, closed, want string }{
		{"", "", "<nil>"},
		{"2026-03-01", "2026-03-30", "<nil>"},
		{"2026-03-03", "", "<nil>"}, // somewhere it is tomorrow already
		{"2026-03-04", "", "posted in the future"},
		{"2099-01-01", "2098-01-01", "posted in the future, closed before posted, closes too far ahead"},
		{"2026-02-01", "2026-01-01", "closed before posted"},
		{"2026-02-01", "2099-12-31", "closes too far ahead"},
	} {
		r := on(t, "b", fmt.Sprint("n", i), c.posted, c.closed, day(2))
		rows, want[r.Posting.ID] = append(rows, r), c.want
	}
	apply(t, db, 1, rows...)
	for line := range strings.SplitSeq(ask(t, db, "select posting_id, date_flag from posting"), "\n") {
		if id, flag, _ := strings.Cut(line, "|"); flag != want[id] {
			t.Errorf("got %q, want %q", flag, want[id])
		}
	}
	expect(t, db, "select count(*) from dated_posting where new_on > date '2026-03-03'", "0")
}

func TestChangesOfAPostingAreRemembered(t *testing.T) {
	db := open(t, t.TempDir())
	first := on(t, "b", "n", "2026-03-01", "", day(1))
	moved := on(t, "b", "n", "2026-03-09", "", day(9))
	other := changed(t, moved, "Another Title", 24*time.Hour)
	again := other
	again.Tags.Taxonomy = "made-up-2"
	for i, r := range []batch.Row{first, moved, moved, other, again} {
		apply(t, db, uint64(i+1), r)
	}
	expect(t, db, "select seen_at::date, same_text, posted_before, posted_on from posting_change order by seen_at", "2026-03-09|true|2026-03-01|2026-03-09\n2026-03-10|false|2026-03-09|2026-03-09")
}

func TestALateEntryIsAsOldAsItsFirstStatedDay(t *testing.T) {
	db := open(t, t.TempDir())
	first := on(t, "b", "n", "2026-02-20", "", day(1))
	apply(t, db, 1, first)
	apply(t, db, 2, on(t, "b", "n", "2026-03-09", "", day(9)))
	id := first.Posting.ID
	sweeps(t, db, 1, sweep("b", day(1), posting.Complete, id), sweep("b", day(11), posting.Complete, id))
	expect(t, db, "select began_at::date, left_truncated, entered, left_at, ended from visible_time(30)", "2026-02-20|true|9.5|19.5|false")
	sweeps(t, db, 3, sweep("b", day(12), posting.Complete, "x"))
	expect(t, db, "select entered, left_at, ended from visible_time(30)", "9.5|20|true")
}

// TestVisibleTimesAreNeverNegative applies what random boards do and asks for the
// times their postings were visible.
func TestVisibleTimesAreNeverNegative(t *testing.T) {
	db := open(t, t.TempDir())
	var rows []batch.Row
	var all []store.SweepAt
	for i, r := range batchtest.Rows(6, 60) {
		r.Posting.Source, r.Posting.Board, r.Posting.NativeID = "ashby", fmt.Sprint("b", i%6), fmt.Sprint(i)
		r.Posting.PostedOn = day(i%40 - 20).Format(time.DateOnly)
		r.Posting.SeenAt = day(1)
		if err := r.Posting.Prepare(); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, r)
	}
	apply(t, db, 1, rows...)
	for n := range 25 {
		for b := range 6 {
			s := sweep(fmt.Sprint("b", b), day(1+(n*7)%25), posting.Complete)
			for i, r := range rows {
				if r.Posting.Board == s.Board && (i+n)%5 > 0 {
					s.Listed = append(s.Listed, r.Posting.ID)
				}
			}
			all = append(all, store.SweepAt{Sweep: s, Sequence: uint64(len(all) + 1)})
		}
	}
	if err := db.ApplySweeps(t.Context(), all, "SWEEPS", born); err != nil {
		t.Fatal(err)
	}
	for _, gap := range []int{0, 3, 30} {
		from := fmt.Sprintf(" from visible_time(%d)", gap)
		expect(t, db, "select count(*) > 20, count(*) filter (entered < 0 or left_at < entered or (ended and left_at = 0))"+from, "true|0")
		expect(t, db, "select count(*) from (select posting_id, began_at + to_hours((24 * entered)::bigint) as entered_at, max(began_at + to_hours((24 * left_at)::bigint)) over (partition by posting_id order by began_at + to_hours((24 * entered)::bigint) rows between unbounded preceding and 1 preceding) as before"+from+") where entered_at + interval 12 hours < before", "0")
	}
}

// TestNoClockLastsLongerThanItIsWrong lets the clocks of boards jump, ahead and
// back, for some sweeps, and then be right for four.
func TestNoClockLastsLongerThanItIsWrong(t *testing.T) {
	db := open(t, t.TempDir())
	r := rand.New(rand.NewPCG(41, 12))
	const boards, days = 40, 30
	of := map[string][]posting.Sweep{}
	want := map[string]string{}
	for b := range boards {
		board := fmt.Sprint("b", b)
		wrong, until := time.Duration(0), 0
		for n := range days {
			if n >= days-4 {
				wrong = 0
			} else if n >= until && r.IntN(6) == 0 {
				wrong, until = time.Duration(r.IntN(2000)-600)*24*time.Hour, n+1+r.IntN(5)
			} else if n >= until {
				wrong = 0
			}
			verdict := posting.Complete
			if n < days-4 && r.IntN(5) == 0 {
				verdict = posting.Failed
			}
			s := sweep(board, day(1+n).Add(wrong), verdict)
			if verdict == posting.Complete {
				s.Listed = []string{board + "-always"}
				for p := range 5 {
					if r.IntN(2) == 0 {
						s.Listed = append(s.Listed, fmt.Sprint(board, "-", p))
					}
				}
				slices.Sort(s.Listed)
				want[board] = strings.Join(s.Listed, "\n")
			}
			of[board] = append(of[board], s)
		}
	}
	sweeps(t, db, 1, inTurns(r, of)...)
	for board, listed := range want {
		expect(t, db, "select posting_id from spell where closed_at is null and board_id = 'ashby/"+board+"' order by 1", listed)
	}
	expect(t, db, "select count(*) from spell where closed_at < opened_at or last_listed_at < opened_at or last_listed_at > closed_at", "0")
	expect(t, db, fmt.Sprintf("select count(*) from spell where greatest(opened_at, last_listed_at, closed_at) > timestamp '%s'", day(days).Format(time.DateTime)), "0")
	expect(t, db, "select count(*) > 10 from clock_jump", "true")
	expect(t, db, "select count(*) from posting_state where state = 'unseen'", "0")
}
