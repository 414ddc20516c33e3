package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobcity/pipeline/batch/batchtest"
	"jobcity/pipeline/store"
	"jobcity/pipeline/tag"
)

// ecb is in the form of the ECB's eurofxref-hist.csv, with made-up rates.
const ecb = `Date,USD,JPY,GBP,CHF,
2026-03-31,1.25,160,0.8,N/A,
2026-03-02,1.2,150,0.75,0.9,
2026-02-27,1.1,140,0.7,0.95,
2026-01-30,1.0,130,0.5,1.0,
`

// withRates opens a store in dir with a file of rates.
func withRates(t *testing.T, dir, file string) (*store.DB, error) {
	t.Helper()
	cfg := config()
	if file != "" {
		cfg.Rates = filepath.Join(t.TempDir(), "rates.csv")
		if err := os.WriteFile(cfg.Rates, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return store.Open(t.Context(), cfg, dir, quiet)
}

func TestRatesAreTheLastOfEachMonth(t *testing.T) {
	for _, c := range []struct{ name, file, statement, want string }{
		{"the ECB's file", ecb, "select month, currency, on_day, per_base from rate where currency in ('EUR', 'CHF') order by all",
			"2026-01-01|CHF|2026-01-30|1\n2026-01-01|EUR|2026-01-30|1\n2026-02-01|CHF|2026-02-27|0.95\n2026-02-01|EUR|2026-02-27|1\n" +
				"2026-03-01|CHF|2026-03-02|0.9\n2026-03-01|EUR|2026-03-31|1\n2026-04-01|CHF|2026-03-02|0.9\n2026-04-01|EUR|2026-03-31|1"},
		{"a long file in euros", "date,currency,per_eur\n2026-01-30,USD,1.5\n", "select currency, per_base from rate where month = '2026-01-01' order by all", "EUR|1\nUSD|1.5"},
		{"a long file in dollars", "\ufeffdate, currency, per_usd\n2026-01-30, eur, 0.8\n", "select currency, per_base from rate where month = '2026-01-01' order by all", "EUR|0.8\nUSD|1"},
		{"between two others than the base", ecb, "select factor, rate_day from rates_to('GBP') where currency = 'USD' and month = '2026-01-01'", "0.5|2026-01-30"},
		{"itself", ecb, "select factor, rate_day from rates_to('GBP') where currency = 'GBP' and month = '2026-01-01'", "1|<nil>"},
		{"the older day of two", ecb, "select rate_day from rates_to('CHF') where currency = 'USD' and month = '2026-03-01'", "2026-03-02"},
		{"a month too old", ecb, "select count(*) from rate where month > '2026-04-01'", "0"},
		{"no file", "", "select count(*) from rate", "0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			db, err := withRates(t, t.TempDir(), c.file)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			expect(t, db, c.statement, c.want)
		})
	}
}

func TestRatesAreForgottenWithTheSetting(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ file, want string }{{ecb, "true"}, {ecb, "true"}, {"", "false"}} {
		db, err := withRates(t, dir, c.file)
		if err != nil {
			t.Fatal(err)
		}
		expect(t, db, "select count(*) between 1 and 30 from rate", c.want)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestBadRatesAreRefusedWithTheirLine(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"other columns":     {"day,money\n", "wanted the ECB's"},
		"no day":            {"date,currency,per_eur\n2026-01-30,USD,1\n30/01/2026,USD,1.5\n", "line 3: \"30/01/2026\" is not a day"},
		"no number":         {"Date,USD\n2026-01-30,high\n", "line 2: \"high\" is no rate of \"USD\""},
		"nought":            {"Date,USD\n2026-01-30,0\n", "line 2: \"0\" is no rate"},
		"infinitely much":   {"Date,USD\n2026-01-30,Inf\n", "is no rate"},
		"no currency":       {"date,currency,per_eur\n2026-01-30,Dollar,1\n", "no rate of \"DOLLAR\""},
		"too few fields":    {"date,currency,per_eur\n2026-01-30,USD\n", "line 2: it has 2 fields"},
		"nothing":           {" \n", "columns are"},
		"a header alone":    {"Date,USD\n", "no rates against EUR"},
		"an unclosed quote": {"Date,USD\n\"2026-01-30,1\n", "line 2"},
	} {
		db, err := withRates(t, t.TempDir(), c.file)
		if err == nil {
			err = db.Close()
			t.Errorf("%s: opened (%v)", name, err)
		} else if !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "store.rates") {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func TestAMissingFileOfRatesIsNamed(t *testing.T) {
	cfg := config()
	cfg.Rates = filepath.Join(t.TempDir(), "none.csv")
	if _, err := store.Open(t.Context(), cfg, t.TempDir(), quiet); err == nil || !strings.Contains(err.Error(), "none.csv") {
		t.Errorf("got %v", err)
	}
}

func TestPayIsConvertedByTheMonthOfTheRole(t *testing.T) {
	db, err := withRates(t, t.TempDir(), ecb)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows := batchtest.Rows(1, 6)
	for i, c := range []struct {
		currency, posted, flag string
		low, high              float64
	}{
		{"EUR", "2026-03-10", "", 50000, 70000}, // as stated
		{"USD", "2026-03-10", "", 50000, 70000}, // by the rate of 31 March
		{"USD", "2026-01-10", "", 50000, 70000}, // by the rate of 30 January
		{"USD", "2020-01-10", "", 50000, 70000}, // no rate
		{"USD", "2026-03-10", "range wider than 5 times", 10000, 70000},
		{"PLN", "2026-03-10", "", 50000, 70000}, // no rate
	} {
		r := &rows[i]
		r.Posting.PostedOn, r.Posting.SeenAt = c.posted, day(31)
		r.Tags.Salary = &tag.Salary{Min: c.low, Max: c.high, Currency: c.currency, Period: "year", AnnualMin: c.low, AnnualMax: c.high, AnnualRule: "as stated", Flag: c.flag}
	}
	apply(t, db, 1, rows...)
	expect(t, db, "select stated_currency, pay, rate, rate_day from pay_in('EUR') order by all", "EUR|60000|1|<nil>\nUSD|48000|0.8|2026-03-31\nUSD|60000|1|2026-01-30")
	expect(t, db, "select count(*) from posting where pay_flag = 'range wider than 5 times'", "1")
}

// Areas hold countries, so that a query for one finds the remote roles open to it.
func TestRolesOpenToACountry(t *testing.T) {
	db := open(t, t.TempDir())
	tax := store.Taxonomy{Version: "1", Areas: [][2]string{{"EU", "DE"}, {"EU", "FR"}, {"LATAM", "BR"}}}
	if err := db.SetTaxonomy(t.Context(), tax); err != nil {
		t.Fatal(err)
	}
	rows := batchtest.Rows(1, 4)
	for i, p := range []struct{ country, region string }{{"DE", "Bavaria"}, {"", "EU"}, {"", "LATAM"}, {"FR", ""}} {
		rows[i].Tags.Places = []tag.Place{{Country: p.country, Region: p.region}}
	}
	apply(t, db, 1, rows...)
	for country, want := range map[string]string{"DE": "false\ntrue", "FR": "false\ntrue", "BR": "true", "US": ""} {
		expect(t, db, "select by_area from open_to('"+country+"') order by all", want)
	}
}
