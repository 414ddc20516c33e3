package api_test

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestReportsAreListedAndToBeHadInEveryFormat(t *testing.T) {
	h := city(t)
	var list struct{ Data []struct{ Name, URL string } }
	if err := json.Unmarshal([]byte(body(t, get(t, h, "GET", "/v1/reports"))), &list); err != nil {
		t.Fatal(err)
	}
	if len(list.Data) < 3 {
		t.Fatalf("got %d reports, want at least 3", len(list.Data))
	}
	given := map[string]string{"skills_watchlist": "&skills=python,kubernetes"}
	for _, one := range list.Data {
		for _, format := range []string{"json", "csv", "ndjson", "arrow", "parquet", "markdown", "table"} {
			url := one.URL + "?format=" + format + given[one.Name]
			res := get(t, h, "GET", url)
			text := body(t, res)
			if res.StatusCode != 200 || len(text) == 0 {
				t.Errorf("%s: got %d %.200s", url, res.StatusCode, text)
			}
			if format == "json" && !strings.Contains(text, `"suppressed"`) {
				t.Errorf("%s: no meta", url)
			}
		}
	}
}

func TestAReportThatThereIsNotIsNotFoundWithNearNames(t *testing.T) {
	res := get(t, city(t), "GET", "/v1/reports/pay_band")
	if text := body(t, res); res.StatusCode != 404 || !strings.Contains(text, "pay_bands") {
		t.Errorf("got %d %s", res.StatusCode, text)
	}
}
