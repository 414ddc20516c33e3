package sqlfiles_test

import (
	"fmt"
	"strings"
	"testing"

	"jobcity/pipeline/query"
	sqlfiles "jobcity/sql"
	"jobcity/sql/citytest"
)

// signalling is a city of forty open postings of one street and board, two days
// old to eighty, of which some give signals.
const signalling = `
	create temp table made as
	select
		printf('p%02d', i) as id, 'e' || (i % 8) as e, date '2025-05-01' - (2 * i)::integer as began, i > 5 as paid
	from range(1, 41) as t(i);
	-- Three copies of p40 and two more places; two earlier runs of the text of p20.
	insert into posting by name
	select
		id as posting_id, id as content_hash, id as fingerprint, id as canonical_id, 'file' as source, 'file/b' as board_id, id as native_id, e as employer_id,
		e as employer, 't' as title, began as posted_on, timestamp '2025-05-02 00:00:00' as seen_at, 'core' as standing, 'data' as district, 'data/engineering' as street,
		0 as technical, 0 as operational, 0 as hybrid, 'mid' as seniority, 'remote' as workplace, if(paid, 50000, null) as pay_min, 'unspecified' as employment_type,
		'none' as degree, 'en' as language, 'x' as taxonomy, false as truncated, if(id = 'p20', 20::ubigint, null) as copies_id
	from made;
	insert into posting by name
	select posting.* replace (posting_id || '-' || i as posting_id, native_id || '-' || i as native_id) from posting, range(4) as t(i) where posting_id = 'p40';
	insert into posting by name
	select posting.* replace (posting_id || '-' || i as posting_id, posting_id || '-' || i as canonical_id, native_id || '-' || i as native_id, (posted_on - (100 * i)::integer)::date as posted_on)
	from posting, range(1, 3) as t(i) where posting_id = 'p20';
	insert into posting_place (posting_id, country, region, city) select posting_id, 'DE', null, ['Berlin', 'Bonn', 'Ulm'][1 + ord(right(posting_id, 1)) % 3] from posting where canonical_id = 'p40';
	insert into board values ('file/b', 'file', 'b', null, null, timestamp '2024-01-01', timestamp '2025-05-01', 'complete', null, timestamp '2025-05-01', null, 0);
	insert into spell (posting_id, board_id, opened_at, left_truncated, last_listed_at, closed_at, closed_reason) select id, 'file/b', began, false, began, null, null from made;
	insert into spell (posting_id, board_id, opened_at, left_truncated, last_listed_at, closed_at, closed_reason) select posting_id, 'file/b', posted_on, false, posted_on, posted_on + 10, 'vanished' from posting where posting_id like 'p20-%';
	-- p30 was away twice, once only for an hour.
	update spell set opened_at = timestamp '2025-04-20' where posting_id = 'p30';
	insert into spell (posting_id, board_id, opened_at, left_truncated, last_listed_at, closed_at, closed_reason) values ('p30', 'file/b', timestamp '2025-03-02', false, timestamp '2025-03-10', timestamp '2025-03-10', 'vanished'),
		('p30', 'file/b', timestamp '2025-03-10 01:00:00', false, timestamp '2025-04-02', timestamp '2025-04-02', 'vanished');
	-- p39 is the oldest, but one: it stood there before, from a day that it does not state.
	update posting set posted_on = null where posting_id = 'p39';
	update spell set left_truncated = true, opened_at = timestamp '2024-12-01' where posting_id = 'p39';
	insert into posting_change values ('p10', timestamp '2025-04-20', true, date '2025-04-11', date '2025-04-19'), ('p10', timestamp '2025-04-25', true, date '2025-04-19', date '2025-04-11'),
		('p11', timestamp '2025-04-20', false, date '2025-04-01', date '2025-04-19');`

func TestSignalsAreWhatWasPlanted(t *testing.T) {
	db := citytest.OpenWith(t, signalling)
	got := map[string]string{}
	for _, row := range rowsOf(t, db, "posting_signals", nil) {
		got[fmt.Sprint(row["posting_id"], " ", row["signal"])] = row["words"].(string)
	}
	want := map[string]string{
		"p20 reposted":       "was put up again 2 times after it had been gone",
		"p30 reposted":       "was put up again 1 time after it had been gone",
		"p39 long_visible":   "has been visible for at least 151 days; 95 % of the 42 postings of its street for 75.9 or less",
		"p40 long_visible":   "has been visible for 80 days; 95 % of the 42 postings of its street for 75.9 or less",
		"p38 long_visible":   "has been visible for 76 days; 95 % of the 42 postings of its street for 75.9 or less",
		"p39 unchanged":      "text is unchanged since 2024-12-01",
		"p40 copies":         "stands 5 times, in 3 places",
		"p10 date_refreshed": "stated date was moved forward 1 time without a change of the text, last to 2025-04-19",
	}
	for i := 1; i <= 5; i++ {
		want[fmt.Sprintf("p%02d no_pay", i)] = "states no pay; 88 % of the 42 postings of its board do"
	}
	for key, words := range want {
		if got[key] != words {
			t.Errorf("%s: got %q, want %q", key, got[key], words)
		}
	}
	for key, words := range got {
		if want[key] == "" {
			t.Errorf("%s: got %q, want nothing", key, words)
		}
	}
	verdicts := []string{"ghost", "fake", "suspicious", "scam", "dishonest", "warning"}
	catalog, err := query.Load(sqlfiles.API, "api")
	if err != nil {
		t.Fatal(err)
	}
	one := map[string]string{}
	for i := 1; i <= 40; i++ {
		id := fmt.Sprintf("p%02d", i)
		b, err := catalog.Query("posting_signal").Bind(map[string]string{"id": id})
		if err != nil {
			t.Fatal(err)
		}
		res, err := db.Run(t.Context(), b, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range res.Rows {
			words := row[4].(string)
			one[fmt.Sprint(id, " ", row[0])] = words
			for _, v := range verdicts {
				if strings.Contains(words, v) {
					t.Errorf("%s: %q judges", id, words)
				}
			}
		}
	}
	if fmt.Sprint(one) != fmt.Sprint(got) {
		t.Errorf("asked one by one\n got %v\nwant %v", one, got)
	}
}

func TestRepostsCountAmongTheNewOfTheirMonth(t *testing.T) {
	db := citytest.OpenWith(t, signalling)
	got := ""
	for _, row := range rowsOf(t, db, "repost_rate", map[string]string{"from": "2024-08-01"}) {
		if row["reposts"].(int64) > 0 {
			got += fmt.Sprintf("%.7s %d/%d ", row["month"], row["reposts"], row["postings"])
		}
	}
	if want := "2024-12 1/1 2025-03 1/15 "; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	rows := rowsOf(t, db, "repost_rate", map[string]string{"by": "employer"})
	if row := rows[0]; row["employer_id"] != "e4" || row["reposts"] != int64(2) || row["employers"] != int64(8) {
		t.Errorf("by employer: %v", row)
	}
}
