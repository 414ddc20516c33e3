package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// monthRate is how much of a currency one unit of the base bought on day.
type monthRate struct {
	day     time.Time
	perBase float64
}

// monthRates is the last rate of each month, by currency and the month's first day.
type monthRates map[string]map[time.Time]monthRate

// loadRates fills the table rate from the file of the settings, and empties it if
// there is none: without the file nothing is converted.
func (db *DB) loadRates(ctx context.Context) error {
	if db.cfg.Rates == "" {
		if _, err := db.writer.ExecContext(ctx, db.scripts["rates_forget"]); err != nil {
			return fmt.Errorf("forget exchange rates: %w", err)
		}
		return nil
	}
	f, err := os.Open(db.cfg.Rates)
	if err != nil {
		return fmt.Errorf("exchange rates (setting store.rates): %w", err)
	}
	defer f.Close()
	rates, err := readRates(f)
	if err != nil {
		return fmt.Errorf("exchange rates (setting store.rates): %s: %w", db.cfg.Rates, err)
	}
	err = db.commit(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, db.scripts["rates_forget"]); err != nil {
			return err
		}
		return db.appendTo(ctx, "city", "rate", func(row func(...driver.Value) error) error { return rates.each(row) })
	})
	if err != nil {
		return fmt.Errorf("load exchange rates: %w", err)
	}
	return nil
}

// each calls row with month, currency, day and rate. A currency's last rate also
// stands for the month after it.
func (r monthRates) each(row func(...driver.Value) error) error {
	for _, currency := range slices.Sorted(maps.Keys(r)) {
		months := slices.SortedFunc(maps.Keys(r[currency]), time.Time.Compare)
		for i, month := range months {
			rate := r[currency][month]
			if err := row(month, currency, rate.day, rate.perBase); err != nil {
				return err
			}
			next := month.AddDate(0, 1, 0)
			if i+1 < len(months) && months[i+1].Equal(next) {
				continue
			}
			if err := row(next, currency, rate.day, rate.perBase); err != nil {
				return err
			}
		}
	}
	return nil
}

// readRates reads exchange rates in one of two forms. Wide is the ECB's history of
// reference rates as it is (eurofxref-hist.csv): Date, then a column for each
// currency with what one euro buys, N/A where none was quoted. Long has the columns
// date, currency and per_eur or per_usd. Days are YYYY-MM-DD.
// Source: https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates
func readRates(r io.Reader) (monthRates, error) {
	c := csv.NewReader(r)
	c.FieldsPerRecord, c.TrimLeadingSpace, c.ReuseRecord = -1, true, true
	head, err := c.Read()
	if err != nil {
		return nil, fmt.Errorf("read the header: %w", err)
	}
	head[0] = strings.TrimPrefix(head[0], "\ufeff")
	columns := make([]string, len(head))
	for i, name := range head {
		columns[i] = strings.ToUpper(strings.TrimSpace(name))
	}
	base, long, err := rateForm(columns)
	if err != nil {
		return nil, err
	}
	rates := monthRates{}
	for {
		record, err := c.Read()
		if errors.Is(err, io.EOF) {
			return rates, rates.check(base)
		}
		if err != nil {
			return nil, err
		}
		line, _ := c.FieldPos(0)
		if err := rates.addLine(record, columns, base, long); err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
	}
}

// rateForm tells the base currency and the form by the columns' names.
func rateForm(columns []string) (base string, long bool, err error) {
	switch {
	case len(columns) == 3 && columns[0] == "DATE" && columns[1] == "CURRENCY" && (columns[2] == "PER_EUR" || columns[2] == "PER_USD"):
		return columns[2][4:], true, nil
	case len(columns) >= 2 && columns[0] == "DATE" && isCurrency(columns[1]):
		return "EUR", false, nil
	}
	return "", false, fmt.Errorf("the columns are %q; wanted the ECB's (Date, USD, JPY …), or date, currency and per_eur or per_usd", columns)
}

// addLine adds the rates of one line.
func (r monthRates) addLine(record, columns []string, base string, long bool) error {
	day, err := time.Parse(time.DateOnly, strings.TrimSpace(record[0]))
	if err != nil {
		return fmt.Errorf("%q is not a day as 2026-01-31", record[0])
	}
	r.add(base, day, 1)
	if long {
		if len(record) != 3 {
			return fmt.Errorf("it has %d fields, not 3", len(record))
		}
		return r.addText(strings.ToUpper(strings.TrimSpace(record[1])), day, record[2])
	}
	for i, text := range record[1:] {
		if i+1 >= len(columns) || columns[i+1] == "" { // the ECB ends its lines with a comma
			continue
		}
		if err := r.addText(columns[i+1], day, text); err != nil {
			return err
		}
	}
	return nil
}

func (r monthRates) addText(currency string, day time.Time, text string) error {
	if text = strings.TrimSpace(text); text == "" || text == "N/A" {
		return nil
	}
	rate, err := strconv.ParseFloat(text, 64)
	if err != nil || !(rate > 0 && rate < 1e12) || !isCurrency(currency) {
		return fmt.Errorf("%q is no rate of %q", text, currency)
	}
	r.add(currency, day, rate)
	return nil
}

// add keeps the last rate of each month.
func (r monthRates) add(currency string, day time.Time, rate float64) {
	month := time.Date(day.Year(), day.Month(), 1, 0, 0, 0, 0, time.UTC)
	if r[currency] == nil {
		r[currency] = map[time.Time]monthRate{}
	}
	if have, ok := r[currency][month]; !ok || day.After(have.day) {
		r[currency][month] = monthRate{day, rate}
	}
}

// check reports a file that converts nothing.
func (r monthRates) check(base string) error {
	if len(r) < 2 {
		return fmt.Errorf("it has no rates against %s", base)
	}
	return nil
}

// isCurrency reports whether s has the form of an ISO 4217 code.
func isCurrency(s string) bool {
	return len(s) == 3 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}
