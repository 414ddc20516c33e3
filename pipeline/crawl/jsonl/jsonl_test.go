package jsonl_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"jobcity/pipeline/crawl/jsonl"
	"jobcity/pipeline/posting"
)

func TestDecodeLine(t *testing.T) {
	for _, tt := range []struct {
		name, line string
		want       posting.Posting
		unknown    []string
		wantErr    string
	}{
		{
			name: "everything", line: `{"id":"a-1","title":"SRE","text":"<p>Run it.</p>","source":"board","board":"acme","employer":"Acme","url":"https://acme.example/1","location":["Berlin","Paris","berlin "],"posted_on":"2026-01-31T10:00:00+01:00","closed_on":"2026-02-28","employment_type":"Full-time","workplace":"On-site","salary":{"min":50000,"max":60000,"currency":"eur","period":"per year"}}`,
			want: posting.Posting{
				NativeID: "a-1", Title: "SRE", Text: "<p>Run it.</p>", Source: "board", Board: "acme", Employer: "Acme", URL: "https://acme.example/1",
				Locations: []string{"Berlin", "Paris"}, PostedOn: "2026-01-31", ClosedOn: "2026-02-28", EmploymentType: "full_time", Workplace: "onsite",
				Salary: &posting.Salary{Min: 50000, Max: 60000, Currency: "EUR", Period: "year"},
			},
		},
		{name: "id as a number and only a text", line: `{"id":17,"text":"Run it."}`, want: posting.Posting{NativeID: "17", Text: "Run it."}},
		{name: "nulls are absent", line: `{"id":"1","title":"x","location":null,"salary":null,"posted_on":null,"extra":null}`, want: posting.Posting{NativeID: "1", Title: "x"}},
		{name: "location and salary as strings", line: `{"id":"1","title":"x","location":"Berlin or Paris","salary":"50-60k"}`, want: posting.Posting{NativeID: "1", Title: "x", Locations: []string{"Berlin or Paris"}, Salary: &posting.Salary{Text: "50-60k"}}},
		{name: "empty optional fields", line: `{"id":"1","title":"x","location":"","salary":"","posted_on":"","workplace":""}`, want: posting.Posting{NativeID: "1", Title: "x"}},
		{name: "unknown fields are named", line: `{"id":"1","title":"x","zip":"1","colour":{}}`, want: posting.Posting{NativeID: "1", Title: "x"}, unknown: []string{"colour", "zip"}},
		{name: "the text stays as it is", line: `{"id":"1","text":"  a\u0000b\r\n "}`, want: posting.Posting{NativeID: "1", Text: "  a\x00b\r\n "}},
		{name: "a leap day", line: `{"id":"1","title":"x","posted_on":"2024-02-29"}`, want: posting.Posting{NativeID: "1", Title: "x", PostedOn: "2024-02-29"}},
		{name: "no id", line: `{"title":"x"}`, wantErr: "id: missing"},
		{name: "an empty id", line: `{"id":" ","title":"x"}`, wantErr: "id: missing"},
		{name: "an id that is neither", line: `{"id":{},"title":"x"}`, wantErr: "id: must be a string or a number"},
		{name: "neither title nor text", line: `{"id":"1","title":" "}`, wantErr: "title: missing, and so is text"},
		{name: "a title that is a number", line: `{"id":"1","title":7}`, wantErr: "title: must be a string"},
		{name: "a day that is none", line: `{"id":"1","title":"x","posted_on":"2026-02-30"}`, wantErr: `posted_on: must be an ISO date`},
		{name: "a day in another order", line: `{"id":"1","title":"x","posted_on":"01/02/2026"}`, wantErr: `posted_on: must be an ISO date`},
		{name: "the year 9999", line: `{"id":"1","title":"x","closed_on":"9999-12-31"}`, wantErr: `closed_on: must be an ISO date`},
		{name: "a location that is an object", line: `{"id":"1","title":"x","location":{}}`, wantErr: "location: must be a string or a list of strings"},
		{name: "a negative salary", line: `{"id":"1","title":"x","salary":{"min":-1}}`, wantErr: "salary: must not be negative"},
		{name: "a salary that is a list", line: `{"id":"1","title":"x","salary":[1]}`, wantErr: "salary: must be a string or an object"},
		{name: "not an object", line: `["id"]`, wantErr: "must be a JSON object, found array"},
		{name: "not JSON", line: `{"id":"1",}`, wantErr: "not valid JSON at column 11"},
		{name: "cut short", line: `{"id":"1"`, wantErr: "not valid JSON at column 9"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, unknown, err := jsonl.DecodeLine([]byte(tt.line))
			if tt.wantErr != "" {
				if err == nil || !strings.HasPrefix(err.Error(), tt.wantErr) {
					t.Errorf("got error %v, want %q", err, tt.wantErr)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, tt.want) || !slices.Equal(unknown, tt.unknown) {
				t.Errorf("got  %+v %v\nwant %+v %v", got, unknown, tt.want, tt.unknown)
			}
		})
	}
}

func FuzzDecodeLine(f *testing.F) {
	f.Add([]byte(`{"id":1e9,"title":"\ud800","salary":{"min":1e308,"max":null,"period":"1 HOUR"},"location":["a"],"posted_on":"2026-01-01"}`))
	f.Add([]byte(`{"id":"","text":null}`))
	f.Add([]byte("\ufeff{}"))
	f.Fuzz(func(t *testing.T, line []byte) {
		p, _, err := jsonl.DecodeLine(line)
		var field *jsonl.FieldError
		if errors.As(err, &field) && !slices.Contains(jsonl.Fields(), field.Field) {
			t.Errorf("error of field %q", field.Field)
		}
		if err == nil && (p.NativeID == "" || p.Title == "" && p.Text == "") {
			t.Errorf("accepted %+v", p)
		}
	})
}
