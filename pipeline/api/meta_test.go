package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"jobcity/sql/citytest"
)

func TestMetaSaysThePanelAndTheAdjustmentInUse(t *testing.T) {
	long := handler(t, config(), deps(t, citytest.OpenWith(t, seasons(40))))
	short := city(t)
	for _, c := range []struct {
		name, url string
		long      bool // forty months, not four
		panel     string
		adjusted  string
	}{
		{"all boards", "/v1/trends/demand_index", false, "raw: all", "none: seasonal adjustment takes 36 whole months in a row, and these are "},
		{"a matched panel", "/v1/trends/demand_index?panel=matched", false, "matched: ", "none: seasonal adjustment takes 36"},
		{"no series", "/v1/trends/skill_pairs", false, "raw: all", "none: this is no series"},
		{"too short to adjust", "/v1/trends/demand_adjusted", false, "raw: all", "none: it takes 36 whole months, and there are "},
		{"nothing to adjust", "/v1/trends/demand_adjusted?from=2031-01", false, "raw: all", "none: there is nothing to adjust"},
		{"long, but not adjusted", "/v1/trends/demand_index", true, "raw: all", "none: as it was seen; demand_adjusted"},
		{"adjusted", "/v1/trends/demand_adjusted", true, "raw: all", "seasonal: classical multiplicative decomposition"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := short
			if c.long {
				h = long
			}
			var got struct {
				Meta struct{ Panel, Adjustment string }
			}
			if text := body(t, get(t, h, "GET", c.url)); json.Unmarshal([]byte(text), &got) != nil {
				t.Fatal(text)
			}
			if !strings.HasPrefix(got.Meta.Panel, c.panel) || !strings.HasPrefix(got.Meta.Adjustment, c.adjusted) {
				t.Errorf("got %+v, want %q and %q", got.Meta, c.panel, c.adjusted)
			}
		})
	}
}

// seasons is the script of a city with two postings a month for so many months.
func seasons(months int) string {
	return fmt.Sprintf(`
	insert into posting by name
	select 'p' || m || '-' || n as posting_id, posting_id as content_hash, posting_id as fingerprint, posting_id as canonical_id, 'file' as source, 'b' as board_id,
		posting_id as native_id, 'e' || n as employer_id, 'e' as employer, 't' as title, (date '2020-01-10' + to_months(m::integer))::date as posted_on,
		timestamp '2025-03-02 00:00:00' as seen_at, 'core' as standing, 0 as technical, 0 as operational, 0 as hybrid, 'mid' as seniority,
		'remote' as workplace, 'unspecified' as employment_type, 'none' as degree, 'en' as language, 'x' as taxonomy, false as truncated
	from range(%d) as month(m), range(2) as posting(n)`, months)
}
