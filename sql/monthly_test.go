package sqlfiles_test

import (
	"fmt"
	"testing"

	"jobcity/sql/citytest"
)

// TestAnEarlierMonthThatIsTooSmallShowsItsSizeAndNoNumber: the made-up city has 9 postings
// of 8 employers in February, 3 of them with pay in dollars.
func TestAnEarlierMonthThatIsTooSmallShowsItsSizeAndNoNumber(t *testing.T) {
	db := citytest.Open(t)
	for _, c := range []struct {
		postings, employers string
		shown, pay          bool
	}{{"9", "8", true, false}, {"10", "1", false, false}, {"1", "9", false, false}, {"3", "3", true, true}} {
		risers := 0
		for _, row := range askReport(t, db, "monthly_hiring", map[string]string{"month": "2025-03-01", "min_postings": c.postings, "min_employers": c.employers}) {
			what := fmt.Sprint(row["measure"], " from ", c.postings, " postings and ", c.employers, " employers")
			n, want := int64(9), c.shown
			if row["measure"] == "median_pay" {
				n, want = 3, c.pay
			}
			if row["section"] == "riser" {
				risers++
			}
			if row["before_postings"] != n || row["value"] == nil || row["a_year_before"] != nil {
				t.Errorf("%s: got %v", what, row)
			}
			if shown := row["before"] != nil; shown != want && (row["section"] == "overview" || shown) {
				t.Errorf("%s: got %v before, want it shown: %v", what, row["before"], want)
			}
		}
		if (risers > 0) != c.shown {
			t.Errorf("from %s postings and %s employers: got %d risers", c.postings, c.employers, risers)
		}
	}
}
