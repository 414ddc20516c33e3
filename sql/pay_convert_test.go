package sqlfiles_test

import (
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"jobcity/pipeline/batch/batchtest"
	"jobcity/pipeline/store"
	"jobcity/pipeline/tag"
)

// TestPayIsConvertedByTheRateOfItsMonth, and what has no rate is counted.
func TestPayIsConvertedByTheRateOfItsMonth(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cfg := store.Config{MemoryLimit: "512MB", Threads: 2, QueryTimeout: time.Minute, RepostGap: 60, Rates: filepath.Join(dir, "rates.csv")}
	if err := os.WriteFile(cfg.Rates, []byte("date,currency,per_eur\n2025-01-31,USD,1.25\n2025-02-28,USD,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), cfg, dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows := batchtest.Rows(1, 7)
	for i, c := range []struct {
		posted, currency string
		pay              float64
	}{
		{"2025-01-10", "EUR", 60000},
		{"2025-01-10", "USD", 100000}, // 80000 EUR
		{"2025-02-10", "USD", 100000}, // 50000 EUR
		{"2025-01-10", "GBP", 90000},  // no rate
		{"", "USD", 90000},            // no month
		{"", "EUR", 70000},
		{"2025-02-10", "", 0},
	} {
		r := &rows[i]
		r.Posting.PostedOn, r.Posting.SeenAt = c.posted, time.Date(2025, 5, 2, 0, 0, 0, 0, time.UTC)
		r.Tags.Streets, r.Tags.Hybrid = []tag.Share{{ID: "software/backend", Weight: 1}}, 0
		r.Tags.Skills, r.Tags.Salary = []tag.Skill{{ID: "go", Need: "must"}}, nil
		if c.pay > 0 {
			r.Tags.Salary = &tag.Salary{Min: c.pay, Max: c.pay, Currency: c.currency, Period: "year", AnnualMin: c.pay, AnnualMax: c.pay, AnnualRule: "as stated"}
		}
	}
	rows[1].Tags.Hybrid = 1
	if _, err := db.ApplyBatches(t.Context(), batchtest.Records(t, rows), store.Position{Stream: "BATCHES", Created: time.Unix(1, 0), Sequence: 1}); err != nil {
		t.Fatal(err)
	}
	given := map[string]string{"currency": "USD", "convert_to": "eur"}
	for what, row := range map[string]map[string]any{
		"pay_by":       ask(t, db, "pay_by", given)[0],
		"pay_by_skill": ask(t, db, "pay_by_skill", given)[1],
		"pay_bands":    askReport(t, db, "pay_bands", given)[0],
	} {
		near(t, what+": median of 50000, 60000, 70000 and 80000", row["median"], 65000)
		near(t, what+": disclosure", row["disclosure"], 6.0/7)
		if got := fmt.Sprintln(row["currency"], row["postings"], row["converted"], row["not_converted"]); got != "EUR 4 2 2\n" {
			t.Errorf("%s: got %s, want EUR 4 2 2", what, got)
		}
	}
	months := ask(t, db, "pay_by_month", given)
	near(t, "January", months[0]["median"], 70000)
	near(t, "February", months[1]["median"], 50000)
	if bins := ask(t, db, "pay_histogram", given); bins[0]["total"] != int64(4) || bins[0]["not_converted"] != int64(2) {
		t.Errorf("histogram: got %v, want 4 and 2 not converted", bins[0])
	}
	premium := ask(t, db, "pay_premium", given)[0] // one hybrid role of 80000
	near(t, "premium", premium["premium"], 80000/math.Cbrt(60000.0*50000*70000)-1)
	if premium["not_converted"] != int64(2) {
		t.Errorf("premium: got %v not converted, want 2", premium["not_converted"])
	}
	if row := ask(t, db, "pay_by", map[string]string{"currency": "EUR"})[0]; row["postings"] != int64(2) || row["converted"] != int64(0) {
		t.Errorf("without convert_to: got %v", row)
	}
}
