package source_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/posting"
)

func TestRootOfABoardWithAHostOfItsOwn(t *testing.T) {
	const service = "https://{board}.jobs.example"
	for _, tt := range []struct{ name, base, board, want string }{
		{"by its name", service, "acme", "https://acme.jobs.example"},
		{"under the employer's own host", service, "careers.acme.example", "https://careers.acme.example"},
		{"in the path, on a server that stands in for all", "http://127.0.0.1:9000/x", "acme", "http://127.0.0.1:9000/x/acme"},
		{"a host in the path", "http://127.0.0.1:9000", "careers.acme.example", "http://127.0.0.1:9000/careers.acme.example"},
		{"in the path where the base URL says so", "http://127.0.0.1:9000/boards/{board}/v2", "acme", "http://127.0.0.1:9000/boards/acme/v2"},
		{"with letters that a path does not have", "http://127.0.0.1:9000", "a/../b ?", "http://127.0.0.1:9000/a%2F..%2Fb%20%3F"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := (source.Board{Board: tt.board, BaseURL: tt.base}).Root(); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
	for board, good := range map[string]bool{
		"acme": true, "Acme-2": true, "careers.acme.example": true, "": false, "a b": false, "a/b": false, "user@evil.example": false,
		"acme:8080": false, "-acme": false, "acme.": false, "a..b": false, "[::1]": false, strings.Repeat("a.", 200) + "a": false,
	} {
		if err := source.CheckTenant(source.Board{Board: board}); (err == nil) != good {
			t.Errorf("%q: %v", board, err)
		}
	}
	for base, good := range map[string]bool{
		service: true, "http://localhost:80/{board}": true, "ftp://x": false, "https://": false, "{board}": false, "https://a b": false,
	} {
		if _, err := source.ParseBaseURL(base); (err == nil) != good {
			t.Errorf("%q: %v", base, err)
		}
	}
}

func TestAmountsAsNumbersAndStrings(t *testing.T) {
	for in, want := range map[string]source.Amount{
		`50000`: 50000, `5e4`: 50000, `"50000"`: 50000, `" 50000.5 "`: 50000.5, `"50,000"`: 50000, `"1,250,000.50"`: 1250000.5, `-3`: -3,
		`null`: 0, `""`: 0, `"50.000,00"`: 0, `"12,50"`: 0, `"50k"`: 0, `"NaN"`: 0, `"Inf"`: 0, `1e999`: 0, `true`: 0, `{}`: 0, `[1]`: 0,
	} {
		got := struct{ A source.Amount }{A: 7}
		if err := json.Unmarshal([]byte(`{"A":`+in+`}`), &got); err != nil || got.A != want && in != "null" {
			t.Errorf("%s: %v, %v, want %v", in, got.A, err, want)
		}
	}
}

func TestPay(t *testing.T) {
	for _, tt := range []struct {
		name                   string
		lowest, highest        source.Amount
		currency, period, text string
		want                   *posting.Salary
	}{
		{"a range", 1, 2, "eur", "per-year-salary", " + bonus ", &posting.Salary{Min: 1, Max: 2, Currency: "EUR", Period: "year", Text: "+ bonus"}},
		{"the wrong way round", 2, 1, "EUR", "hour", "", &posting.Salary{Min: 1, Max: 2, Currency: "EUR", Period: "hour"}},
		{"from", 2, 0, "", "", "", &posting.Salary{Min: 2}},
		{"up to", -5, 3, "", "one-time", "", &posting.Salary{Max: 3}},
		{"text alone", 0, 0, "EUR", "year", "good", &posting.Salary{Text: "good"}},
		{"nothing but a currency", 0, -1, "EUR", "year", " ", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := source.Pay(tt.lowest, tt.highest, tt.currency, tt.period, tt.text); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestDayAndCountry(t *testing.T) {
	for in, want := range map[string]string{
		"2026-03-01 23:30:00 UTC": "2026-03-01", "2026-03-01 23:30:00 CET": "2026-03-01", "2026-03-01T23:30:00.5-08:00": "2026-03-01",
		"01/02/2026": "", "2026-02-30": "", "1970-01-01 00:00:00 UTC": "",
	} {
		if got := source.Day(in); got != want {
			t.Errorf("day %q: %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"de": "Germany", " IN ": "India", "US": "United States", "XX": "XX", "": "", "Wales": "Wales", "EU": "EU"} {
		if got := source.Country(in); got != want {
			t.Errorf("country %q: %q, want %q", in, got, want)
		}
	}
}

func TestListsAndObjects(t *testing.T) {
	type item struct {
		ID   source.NativeID
		Name string
	}
	for _, tt := range []struct{ name, body, want string }{
		{"elements", `[{"ID":1,"Name":"a"},{"ID":"2"}]`, "1 a, 2 "},
		{"after a byte order mark", "\ufeff [{\"ID\":1}]", "1 "},
		{"a field of the wrong type loses that field", `[{"ID":1,"Name":[]},{"ID":2}]`, "1 !field Name: found array where a string belongs, 2 "},
		{"an id of the wrong type loses that element", `[{"ID":{},"Name":"a"},{"ID":2}]`, " !field ID: found object where a string belongs, 2 "},
		{"an element of the wrong type", `[[1],{"ID":2}]`, " !found array where an object belongs, 2 "},
		{"none", `[]`, ""},
		{"an object", `{"a":[]}`, "the answer is not a JSON list"},
		{"a web page", `<html>`, "the answer is a web page, not JSON"},
		{"nothing", " ", "the answer is empty"},
		{"cut short", `[{"ID":1},{"ID"`, "the answer is cut short"},
		{"not JSON", `[{"ID":1} {"ID"]`, "the answer is not valid JSON"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			err := source.Elements([]byte(tt.body), func(_ int, _ []byte, v item, err error) {
				one := string(v.ID) + " " + v.Name
				if err != nil {
					one += "!" + err.Error()
				}
				got = append(got, one)
			})
			if err != nil {
				got = []string{err.Error()}
			}
			if out := strings.Join(got, ", "); !strings.HasPrefix(out, tt.want) || tt.want == "" && out != "" {
				t.Errorf("got %q, want %q", out, tt.want)
			}
		})
	}
	if v, misfit, err := source.One[item]([]byte(`{"Name":7,"ID":"x"}`)); v.ID != "x" || misfit == nil || err != nil {
		t.Errorf("got %+v, %v, %v", v, misfit, err)
	}
	if _, misfit, err := source.One[item]([]byte(`{"Name":`)); misfit != nil || err == nil {
		t.Errorf("got %v, %v", misfit, err)
	}
}
