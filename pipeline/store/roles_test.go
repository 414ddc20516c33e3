package store_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"jobcity/pipeline/batch"
	"jobcity/pipeline/batch/batchtest"
	"jobcity/pipeline/posting"
	"jobcity/pipeline/store"
	"jobcity/pipeline/tag"
)

// rolesAreRight compares the roles, kept right step by step, with what the
// postings say.
func rolesAreRight(t *testing.T, db *store.DB) {
	t.Helper()
	for _, c := range []struct{ what, kept, slow string }{
		{"role", "select * exclude (role_no, cluster) from role", "select * from role_slow"},
		{"role_district", "select posting_id, d.district, weight from role_district d join role using (role_no)", "select posting_id, d.district, weight from posting_district d semi join role_slow using (posting_id)"},
		{"role_facet", "select posting_id, facet, score from role_facet join role using (role_no)", "select posting_id, facet, score from posting_facet semi join role_slow using (posting_id)"},
		{"role_skill", "select posting_id, skill, need from role_skill join role using (role_no)", "select posting_id, skill, need from posting_skill semi join role_slow using (posting_id)"},
		{"role_place", "select posting_id, country, region, city from role_place join role using (role_no)", "select posting_id, country, region, city from unique_place semi join role_slow using (posting_id)"},
	} {
		expect(t, db, "select '"+c.what+"', (select count(*) from ("+c.kept+" except all "+c.slow+")), (select count(*) from ("+c.slow+" except all "+c.kept+"))", c.what+"|0|0")
	}
	expect(t, db, "select count(*) - count(distinct role_no), count(*) filter (where cluster is distinct from coalesce(employer_no, -role_no)) from role", "0|0")
	expect(t, db, "select count(*) from (select role_no from role_skill union select role_no from role_facet union select role_no from role_place union select role_no from role_district) anti join role using (role_no)", "0")
}

// TestRolesFollowWhateverComes applies random postings, changes, copies, other
// taxonomies and sweeps, and compares the roles after each step.
func TestRolesFollowWhateverComes(t *testing.T) {
	for seed := range uint64(2) {
		r := rand.New(rand.NewPCG(seed, 9))
		db := open(t, t.TempDir())
		var known []batch.Row
		at := day(1)
		for step := range uint64(12) {
			if r.IntN(3) == 0 {
				s := sweep("b", at, posting.Complete)
				for _, k := range known {
					if r.IntN(3) > 0 {
						s.Listed = append(s.Listed, k.Posting.ID)
					}
				}
				at = at.Add(30 * time.Hour)
				sweeps(t, db, step+1, s)
			} else {
				rows := someRows(t, r, known, 100*seed+step)
				known = append(known, rows...)
				apply(t, db, step+1, rows...)
			}
			rolesAreRight(t, db)
			if t.Failed() {
				t.Fatalf("seed %d, step %d", seed, step)
			}
		}
	}
}

// someRows are new postings, and copies and later forms of some that are known.
func someRows(t *testing.T, r *rand.Rand, known []batch.Row, seed uint64) []batch.Row {
	t.Helper()
	rows := batchtest.Rows(seed, 12)
	for i := range rows {
		if r.IntN(3) == 0 {
			rows[i].Posting.PostedOn = ""
		}
		if r.IntN(6) == 0 {
			rows[i].Tags.Standing = "outside"
		}
		rows[i].Tags.Places = []tag.Place{{Country: []string{"DE", "FR", "US"}[r.IntN(3)]}}
		rows[i] = changed(t, rows[i], rows[i].Posting.Title, 0)
	}
	for range min(8, len(known)) {
		k := known[r.IntN(len(known))]
		switch r.IntN(4) {
		case 0: // another role by then
			k = changed(t, k, fmt.Sprint("Title ", r.IntN(5)), time.Duration(1+r.IntN(5))*time.Hour)
		case 1: // the same content under another taxonomy
			k.Tags.Taxonomy, k.Tags.Skills = fmt.Sprint("made-up-", r.IntN(3)), k.Tags.Skills[:len(k.Tags.Skills)/2]
		default: // a copy elsewhere
			k.Posting.NativeID += fmt.Sprint("-copy-", r.IntN(3))
			k.Posting.PostedOn = []string{"", "2025-12-01", "2026-03-01"}[r.IntN(3)]
			k.Tags.Places = []tag.Place{{Country: "PL"}}
			k = changed(t, k, k.Posting.Title, 0)
		}
		rows = append(rows, k)
	}
	return rows
}
