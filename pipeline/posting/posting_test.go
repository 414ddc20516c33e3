package posting_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"jobcity/pipeline/posting"
)

func full() posting.Posting {
	return posting.Posting{
		Source: "ashby", Board: "Maple & Sons", NativeID: "7f-1",
		Employer: "Maple & Sons", Title: "Backend Engineer <Go>", Text: "<p>Build & run\u2028services.</p>",
		URL: "https://jobs.example/1?a=b&c=d", Locations: []string{"Zürich", "Remote, CH"}, Department: "Platform", Team: "Core",
		PostedOn: "2026-01-31", ClosedOn: "2026-03-01", EmploymentType: "full_time", Workplace: "hybrid",
		Salary: &posting.Salary{Min: 90000, Max: 120000.5, Currency: "CHF", Period: "year", Text: "90k-120k"}, Language: "de-CH",
		SeenAt: time.Date(2026, 2, 1, 10, 11, 12, 13000, time.UTC),
	}
}

func prepared(t testing.TB, p posting.Posting) posting.Posting {
	t.Helper()
	if err := p.Prepare(); err != nil {
		t.Fatalf("Prepare: %v", err)
	}
	return p
}

func TestID(t *testing.T) {
	if got, want := posting.ID("ashby", "maple", "1"), "kr4wwtlkqk6m7a6e"; got != want {
		t.Errorf("ID = %q, want %q: ids in every data file would change", got, want)
	}
	seen := map[string][3]string{}
	for _, k := range [][3]string{{"ashby", "maple", "1"}, {"ashby", "maple1", ""}, {"ashbymaple", "", "1"}, {"ashby", "mapl", "e1"}, {"Ashby", "maple", "1"}} {
		id := posting.ID(k[0], k[1], k[2])
		if other, twice := seen[id]; twice {
			t.Errorf("%v and %v share id %s", k, other, id)
		}
		if len(id) != 16 || strings.Trim(id, "abcdefghijklmnopqrstuvwxyz234567") != "" {
			t.Errorf("ID(%v) = %q, want 16 characters of lower-case base32", k, id)
		}
		seen[id] = k
	}
}

func TestContentHash(t *testing.T) {
	base := prepared(t, full())
	tests := []struct {
		name   string
		change func(*posting.Posting)
		same   bool
	}{
		{"a later look at the same posting", func(p *posting.Posting) { p.SeenAt = p.SeenAt.Add(time.Hour) }, true},
		{"white space around the title", func(p *posting.Posting) { p.Title = "  " + p.Title + "\t" }, true},
		{"another native id", func(p *posting.Posting) { p.NativeID = "2" }, true},
		{"another title", func(p *posting.Posting) { p.Title += "!" }, false},
		{"another text", func(p *posting.Posting) { p.Text += "!" }, false},
		{"another employer", func(p *posting.Posting) { p.Employer += "!" }, false},
		{"another url", func(p *posting.Posting) { p.URL += "1" }, false},
		{"one place fewer", func(p *posting.Posting) { p.Locations = p.Locations[:1] }, false},
		{"words moved from team to department", func(p *posting.Posting) { p.Department, p.Team = "PlatformC", "ore" }, false},
		{"another day", func(p *posting.Posting) { p.PostedOn = "2026-02-01" }, false},
		{"a closing day", func(p *posting.Posting) { p.ClosedOn = "" }, false},
		{"another workplace", func(p *posting.Posting) { p.Workplace = "remote" }, false},
		{"more pay", func(p *posting.Posting) { s := *p.Salary; s.Max++; p.Salary = &s }, false},
		{"no pay", func(p *posting.Posting) { p.Salary = nil }, false},
		{"another language", func(p *posting.Posting) { p.Language = "de" }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := full()
			tt.change(&p)
			if got := prepared(t, p).ContentHash == base.ContentHash; got != tt.same {
				t.Errorf("same hash = %v, want %v", got, tt.same)
			}
		})
	}
}

func TestPrepareRefuses(t *testing.T) {
	tests := []struct {
		name    string
		change  func(*posting.Posting)
		wantErr string
	}{
		{"no source", func(p *posting.Posting) { p.Source = " \t" }, "without source"},
		{"no board", func(p *posting.Posting) { p.Board = "\u200b" }, "without board"},
		{"no native id", func(p *posting.Posting) { p.NativeID = "\x00" }, "without native_id"},
		{"nothing to read", func(p *posting.Posting) { p.Title, p.Text = "", " \r\n\t" }, "neither title nor text"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := full()
			tt.change(&p)
			err := p.Prepare()
			if !errors.Is(err, posting.ErrInvalid) || !strings.Contains(err.Error(), tt.wantErr) {
				t.Errorf("error = %v, want ErrInvalid and %q", err, tt.wantErr)
			}
		})
	}
}

func TestEncodeDecode(t *testing.T) {
	for name, p := range map[string]posting.Posting{
		"every field": full(),
		"only what is required": {
			Source: "file", Board: "b", NativeID: "1", Title: "x",
		},
	} {
		t.Run(name, func(t *testing.T) {
			want := prepared(t, p)
			b, err := want.Encode()
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(b), `\u003c`) || strings.HasSuffix(string(b), "\n") {
				t.Errorf("wire form escapes HTML or ends with a newline: %s", b)
			}
			got, err := posting.Decode(b)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	tests := []struct{ name, wire, wantErr string }{
		{"not JSON", `{"schema":1`, "unexpected end"},
		{"another shape", `{"schema":1,"title":7}`, "cannot unmarshal"},
		{"no schema", `{"posting_id":"a","content_hash":"b"}`, "has schema 0, this program reads 1"},
		{"a later schema", `{"schema":2,"posting_id":"a","content_hash":"b"}`, "has schema 2"},
		{"not prepared", `{"schema":1,"posting_id":"a"}`, "without posting_id or content_hash"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := posting.Decode([]byte(tt.wire))
			if !errors.Is(err, posting.ErrInvalid) || !strings.Contains(err.Error(), tt.wantErr) {
				t.Errorf("error = %v, want ErrInvalid and %q", err, tt.wantErr)
			}
		})
	}
}

func TestSweepEncodeDecode(t *testing.T) {
	at := time.Date(2026, 2, 1, 10, 11, 12, 0, time.UTC)
	want := posting.Sweep{
		Source: "hn", Board: "2026-01", Employer: "", URL: "https://news.example/1", StartedAt: at, FinishedAt: at.Add(time.Minute),
		Verdict: posting.Partial, Reason: "page 2: 503", Listed: []string{"a", "b"},
		Closed: []posting.Closing{{ID: "c", On: "2026-02-01", Reason: "gone"}}, Published: 2, Rejected: 1, Requests: 3,
	}
	b, err := want.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := posting.DecodeSweep(b)
	if err != nil {
		t.Fatal(err)
	}
	want.Schema = posting.SchemaVersion
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestDecodeSweepRefuses(t *testing.T) {
	tests := []struct{ name, wire, wantErr string }{
		{"not JSON", `[`, "unexpected end"},
		{"another schema", `{"schema":9,"verdict":"complete"}`, "has schema 9"},
		{"no verdict", `{"schema":1,"source":"hn","board":"x"}`, `sweep of hn/x has verdict ""`},
		{"an unknown verdict", `{"schema":1,"source":"hn","board":"x","verdict":"done"}`, `verdict "done"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := posting.DecodeSweep([]byte(tt.wire))
			if !errors.Is(err, posting.ErrInvalid) || !strings.Contains(err.Error(), tt.wantErr) {
				t.Errorf("error = %v, want ErrInvalid and %q", err, tt.wantErr)
			}
		})
	}
}
