package store_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"jobcity/pipeline/posting"
	"jobcity/pipeline/store"
)

// stay is a spell as the ledger has it.
type stay struct {
	id             string
	opened, closed time.Time
	truncated      bool
	reason         string
}

// ledger is the rules of opening and closing, written down a second time, one
// board and one sweep after the other.
type ledger struct {
	stays                  []*stay
	complete, emptySince   time.Time
	emptyRun               int
	listed                 bool // a complete sweep has listed something
	known                  map[string]bool
	opened, closed, sweeps int
}

func (l *ledger) open(id string) *stay {
	for _, s := range l.stays {
		if s.id == id && s.closed.IsZero() {
			return s
		}
	}
	return nil
}

func (l *ledger) any(id string) bool {
	return slices.ContainsFunc(l.stays, func(s *stay) bool { return s.id == id })
}

func (l *ledger) end(s *stay, at time.Time, reason string) {
	if at.Before(s.opened) {
		at = s.opened
	}
	s.closed, s.reason = at, reason
	l.closed++
}

func (l *ledger) sweep(s posting.Sweep) {
	key := fmt.Sprint(s.StartedAt, s.FinishedAt, s.Verdict)
	if l.known[key] {
		return
	}
	l.known[key] = true
	l.sweeps++
	looked := l.listed || l.emptyRun >= 3 && l.complete.Sub(l.emptySince) >= 48*time.Hour
	full := s.Verdict == posting.Complete
	l.listed = l.listed || full && len(s.Listed) > 0
	if s.Verdict == posting.Failed || s.StartedAt.Before(l.complete) {
		return
	}
	closes := full
	if full && len(s.Listed) == 0 {
		if l.emptyRun == 0 {
			l.emptySince = s.StartedAt
		}
		l.emptyRun++
		closes = l.emptyRun >= 3 && s.StartedAt.Sub(l.emptySince) >= 48*time.Hour
	} else if len(s.Listed) > 0 {
		l.emptyRun = 0
	}
	if full {
		l.complete = s.StartedAt
	}
	l.apply(s, closes, looked)
}

// apply ends and opens what a sweep that counts says.
func (l *ledger) apply(s posting.Sweep, closes, looked bool) {
	said := map[string]time.Time{}
	for _, c := range s.Closed {
		on, _ := time.Parse(time.DateOnly, c.On)
		if !on.Before(s.StartedAt.Truncate(24 * time.Hour)) { // on this day or later
			on = s.StartedAt
		}
		said[c.ID] = on
	}
	for _, st := range l.stays {
		if _, ok := said[st.id]; closes && st.closed.IsZero() && !ok && !slices.Contains(s.Listed, st.id) {
			l.end(st, s.StartedAt, "vanished")
		}
	}
	for id, on := range said {
		if st := l.open(id); st != nil {
			l.end(st, on, "stated")
		} else if !l.any(id) {
			l.stays = append(l.stays, &stay{id: id, opened: on, truncated: true})
			l.end(l.open(id), on, "stated")
		}
	}
	for _, id := range s.Listed {
		if _, ok := said[id]; !ok && l.open(id) == nil {
			l.stays = append(l.stays, &stay{id: id, opened: s.StartedAt, truncated: !looked})
			l.opened++
		}
	}
}

func (l *ledger) lines() []string {
	var out []string
	for _, s := range l.stays {
		closed := "<nil>|<nil>"
		if !s.closed.IsZero() {
			closed = fmt.Sprintf("%d|%s", s.closed.Unix(), s.reason)
		}
		out = append(out, fmt.Sprintf("%s|%d|%v|%s", s.id, s.opened.Unix(), s.truncated, closed))
	}
	slices.Sort(out)
	return out
}

// TestSpellsFollowTheRulesWhateverComes applies random sweeps of many boards,
// late, doubled, failed and empty ones among them, in random portions, and
// compares the spells with those of the ledger.
func TestSpellsFollowTheRulesWhateverComes(t *testing.T) {
	db := open(t, t.TempDir())
	sequence := uint64(0)
	for seed := range uint64(3) {
		r := rand.New(rand.NewPCG(seed, 5))
		of, ledgers := map[string][]posting.Sweep{}, map[string]*ledger{}
		for b := range 40 {
			board := fmt.Sprintf("%d-%d", seed, b)
			of[board], ledgers[board] = someSweeps(r, board)
		}
		for all := inTurns(r, of); len(all) > 0; {
			n := 1 + r.IntN(len(all))
			sweeps(t, db, sequence+1, all[:n]...)
			sequence, all = sequence+uint64(n), all[n:]
		}
		for board, l := range ledgers {
			id := posting.BoardID("ashby", board)
			got := strings.Split(ask(t, db, "select posting_id, epoch(opened_at)::bigint, left_truncated, epoch(closed_at)::bigint, closed_reason from spell where board_id = '"+id+"'"), "\n")
			slices.Sort(got)
			if want := strings.Join(l.lines(), "\n"); strings.Join(got, "\n") != want {
				t.Errorf("seed %d, board %s\ngot\n%s\nwant\n%s", seed, board, strings.Join(got, "\n"), want)
			}
			expect(t, db, "select count(*), sum(opened), sum(closed) from sweep where board_id = '"+id+"'", fmt.Sprintf("%d|%d|%d", l.sweeps, l.opened, l.closed))
		}
	}
	expect(t, db, "select count(*) from spell where closed_at < opened_at or last_listed_at < opened_at or last_listed_at > closed_at", "0")
	expect(t, db, "select count(*) from (select posting_id from spell where closed_at is null group by posting_id having count(*) > 1)", "0")
}

// someSweeps makes sweeps of a board, and what its ledger says after them.
func someSweeps(r *rand.Rand, board string) ([]posting.Sweep, *ledger) {
	var all []posting.Sweep
	l := &ledger{known: map[string]bool{}}
	at := day(1)
	for range 12 {
		s := someSweep(r, board, at)
		if n := len(all); n > 0 && r.IntN(12) == 0 {
			s = all[n-1] // the same once more
		}
		all = append(all, s)
		l.sweep(s)
		at = at.Add(time.Duration(r.IntN(50)-8) * time.Hour)
	}
	return all, l
}

func someSweep(r *rand.Rand, board string, at time.Time) posting.Sweep {
	s := sweep(board, at, posting.Complete)
	switch r.IntN(10) {
	case 0:
		s.Verdict = posting.Failed
		return s
	case 1, 2:
		s.Verdict = posting.Partial
	case 3, 4, 5:
		return s // empty
	}
	for p := range 4 {
		id := fmt.Sprintf("%s-%d", board, p)
		if r.IntN(3) > 0 {
			s.Listed = append(s.Listed, id)
		}
		if r.IntN(12) == 0 {
			s.Closed = append(s.Closed, posting.Closing{ID: id, On: at.AddDate(0, 0, r.IntN(7)-5).Format(time.DateOnly), Reason: "stated"})
		}
	}
	return s
}

// inTurns lets the boards take turns, in a random order each time, and keeps the
// order of each.
func inTurns(r *rand.Rand, of map[string][]posting.Sweep) []posting.Sweep {
	boards := slices.Sorted(maps.Keys(of))
	var out []posting.Sweep
	for turn := 0; ; turn++ {
		n := len(out)
		r.Shuffle(len(boards), func(i, j int) { boards[i], boards[j] = boards[j], boards[i] })
		for _, b := range boards {
			if turn < len(of[b]) {
				out = append(out, of[b][turn])
			}
		}
		if len(out) == n {
			return out
		}
	}
}

func TestManySweepsAtOnce(t *testing.T) {
	db := open(t, t.TempDir())
	const boards, listed = 600, 35
	for round := range 2 {
		var all []posting.Sweep
		for b := range boards {
			s := sweep(fmt.Sprint("board-", b), day(1+round), posting.Complete)
			for p := range listed {
				s.Listed = append(s.Listed, fmt.Sprintf("%d-%d", b, p+round)) // one goes, one comes
			}
			all = append(all, s)
		}
		sweeps(t, db, uint64(round*boards+1), all...)
	}
	expect(t, db, "select count(*), count(*) filter (closed_at is null), count(*) filter (not left_truncated) from spell", fmt.Sprintf("%d|%d|%d", boards*(listed+1), boards*listed, boards))
	expect(t, db, "select sum(opened), sum(closed), count(*) from sweep", fmt.Sprintf("%d|%d|%d", boards*(listed+1), boards, 2*boards))
}

// TestSpellsAreSeenInALargeTable: beyond a row group of DuckDB's, which holds
// 122,880 rows, what was added once went unseen until the next checkpoint.
func TestSpellsAreSeenInALargeTable(t *testing.T) {
	db := open(t, t.TempDir())
	const boards, listed = 1000, 130
	for round := range 3 {
		var all []posting.Sweep
		for b := range boards {
			s := sweep(fmt.Sprint("board-", b), day(1+round), posting.Complete)
			for p := range listed {
				s.Listed = append(s.Listed, fmt.Sprintf("%d-%d", b, p+round)) // one goes, one comes
			}
			all = append(all, s)
		}
		sweeps(t, db, uint64(round*boards+1), all...)
		want := fmt.Sprintf("%d|%d|%d", boards*(listed+round), boards*listed, boards*round)
		expect(t, db, "select count(*), count(*) filter (closed_at is null), count(*) filter (not left_truncated) from spell", want)
	}
}

// BenchmarkApplySweeps is one round of boards that list what they listed before.
func BenchmarkApplySweeps(b *testing.B) {
	db := open(b, b.TempDir())
	const boards, listed = 3118, 36
	round := 0
	b.ReportAllocs()
	for b.Loop() {
		all := make([]store.SweepAt, boards)
		for i := range all {
			s := sweep(fmt.Sprint("board-", i), day(1).Add(time.Duration(round)*time.Hour), posting.Complete)
			for p := range listed {
				s.Listed = append(s.Listed, fmt.Sprintf("%d-%d", i, p))
			}
			all[i] = store.SweepAt{Sweep: s, Sequence: uint64(round*boards + i + 1)}
		}
		round++
		if err := db.ApplySweeps(b.Context(), all, "SWEEPS", born); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(boards*b.N)/b.Elapsed().Seconds(), "sweeps/s")
}
