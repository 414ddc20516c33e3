package sqlfiles_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"jobcity/pipeline/query"
	"jobcity/pipeline/stats"
	"jobcity/pipeline/store"
	sqlfiles "jobcity/sql"
	"jobcity/sql/citytest"
)

// rowsOf runs a trend and returns its rows by the names of their columns.
func rowsOf(t *testing.T, db *store.DB, name string, params map[string]string) []map[string]any {
	t.Helper()
	catalog, err := query.Load(sqlfiles.Trend, "trend")
	if err != nil {
		t.Fatal(err)
	}
	b, err := catalog.Query(name).Bind(params)
	if err != nil {
		t.Fatal(err)
	}
	res, err := db.Run(t.Context(), b, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]any
	for _, row := range res.Rows {
		one := map[string]any{}
		for i, c := range res.Columns {
			one[c.Name] = row[i]
		}
		out = append(out, one)
	}
	return out
}

// lived is the script of a city in which postings were visible as the stays say.
// Ages are whole days. One that entered late is left truncated and states the day
// it was posted.
func lived(stays []stats.Stay) string {
	origin := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	moment := func(days float64) string {
		return "timestamp '" + origin.Add(time.Duration(days*24)*time.Hour).Format(time.DateTime) + "'"
	}
	var postings, spells []string
	for i, s := range stays {
		id := fmt.Sprintf("p%04d", i)
		postings = append(postings, fmt.Sprintf("('%s', '%s', date '2025-01-01')", id, s.Employer))
		closed, reason := "null", "null"
		if s.Ended {
			closed, reason = moment(s.Left), "'stated'"
		}
		spells = append(spells, fmt.Sprintf("('%s', 'file/b', %s, %v, %s, %s, %s)", id, moment(s.Entered), s.Entered > 0, moment(s.Left), closed, reason))
	}
	return script(postings, []string{"('p', 's', 'must')"}) + `
		insert into spell (posting_id, board_id, opened_at, left_truncated, last_listed_at, closed_at, closed_reason) values ` + strings.Join(spells, ",") + ";"
}

func TestDaysVisibleIsTheEstimateOfTheStatistics(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for name, employers := range map[string]int{"one employer a posting": 150, "few employers": 12} {
		var stays []stats.Stay
		for i := range 150 {
			e := i % employers
			s := stats.Stay{Employer: fmt.Sprintf("e%d", e), Ended: random.Float64() < 0.8}
			if random.Float64() < 0.3 {
				s.Entered = float64(1 + random.IntN(40))
			}
			s.Left = s.Entered + float64(random.IntN(20+5*(e%7)))
			stays = append(stays, s)
		}
		want := stats.KaplanMeier(stays)
		db := citytest.OpenWith(t, lived(stays))
		got := rowsOf(t, db, "days_visible_curve", map[string]string{"until": "3650"})
		if len(got) != len(want.Steps) {
			t.Fatalf("%s: got %d steps, want %d", name, len(got), len(want.Steps))
		}
		for i, s := range want.Steps {
			row := got[i]
			if row["day"] != s.Day || row["at_risk"] != int64(s.AtRisk) || row["ended"] != int64(s.Ended) {
				t.Fatalf("%s: got %v, want %+v", name, row, s)
			}
			for column, want := range map[string]float64{"visible": s.Visible, "lower": s.Lower, "upper": s.Upper} {
				if got, ok := row[column].(float64); ok == math.IsNaN(want) || ok && math.Abs(got-want) > 1e-6 {
					t.Errorf("%s, day %v: %s: got %v, want %v", name, s.Day, column, row[column], want)
				}
			}
		}
		summary := rowsOf(t, db, "days_visible", nil)[0]
		median, lower, upper := want.Quantile(0.5)
		quarter, _, _ := want.Quantile(0.25)
		most, _, _ := want.Quantile(0.75)
		for column, want := range map[string]float64{
			"median": median, "lower": lower, "upper": upper, "quarter_gone": quarter, "three_quarters_gone": most, "deff": want.Design,
			"after_7": want.At(7), "after_14": want.At(14), "after_30": want.At(30), "after_60": want.At(60), "after_90": want.At(90),
			"from_day": want.From, "until_day": want.Until,
		} {
			if got, ok := summary[column].(float64); ok == math.IsNaN(want) || ok && math.Abs(got-want) > 1e-6 {
				t.Errorf("%s: %s: got %v, want %v", name, column, summary[column], want)
			}
		}
		if n := summary["ended"].(int64); n != int64(want.Ended) {
			t.Errorf("%s: ended %d, want %d", name, n, want.Ended)
		}
	}
}
