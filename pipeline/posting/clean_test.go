package posting_test

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"jobcity/pipeline/posting"
)

func TestPrepareCleansLines(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"runs of white space become one space", " Senior \t\r\n  Engineer\u00a0(Go) ", "Senior Engineer (Go)"},
		{"control characters become spaces", "Data\x00Engineer\x1b[0m\u0085II", "Data Engineer [0m II"},
		{"invisible characters go", "Soft\u200bware\u00ad \u202eEngineer\u2069\ufeff", "Software Engineer"},
		{"invalid UTF-8 is marked", "Caf\xe9 Manager", "Caf\ufffd Manager"},
		{"letters are composed", "Inge\u0301nieur", "Ingénieur"},
		{"long titles are cut between characters", strings.Repeat("ü", 400), strings.Repeat("ü", 250)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := full()
			p.Title = tt.in
			if got := prepared(t, p).Title; got != tt.want {
				t.Errorf("title = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestPrepareCleansText(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"lines and tabs stay", " a\n\tb  c \n", " a\n\tb  c \n"},
		{"all line ends become one", "a\r\nb\rc\u0085d", "a\nb\nc\nd"},
		{"control characters become spaces", "a\x00b\x07c\u009fd", "a b c d"},
		{"invalid UTF-8 is marked", "a\xff\xfeb", "a\ufffdb"},
		{"letters are composed", "u\u0308", "ü"},
		{"only white space is nothing", " \r\n\t ", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := full()
			p.Text = tt.in
			if got := prepared(t, p).Text; got != tt.want {
				t.Errorf("text = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestPrepareCutsLongTexts(t *testing.T) {
	p := full()
	p.Text = strings.Repeat("word ", posting.MaxText/5-1) + "jane.doe@example.com and more"
	got := prepared(t, p)
	if !got.Truncated || len(got.Text) > posting.MaxText {
		t.Errorf("truncated = %v with %d bytes", got.Truncated, len(got.Text))
	}
	if strings.Contains(got.Text, "jane") {
		t.Errorf("half an address was left at the cut: %q", got.Text[len(got.Text)-30:])
	}
	if again := prepared(t, got); !again.Truncated || again.ContentHash != got.ContentHash {
		t.Error("a cut text that is prepared again is another one")
	}
	if p := prepared(t, full()); p.Truncated {
		t.Error("a short text is marked as cut")
	}
}

func TestPrepareCleansDates(t *testing.T) {
	tests := []struct{ in, want string }{
		{"2026-01-31", "2026-01-31"},
		{" 2024-02-29\n", "2024-02-29"},
		{"2026-01-31T23:59:59-08:00", "2026-01-31"},
		{"2026-01-31T23:59:59.123Z", "2026-01-31"},
		{"1990-01-01", "1990-01-01"},
		{"2100-12-31", "2100-12-31"},
		{"1989-12-31", ""},
		{"2101-01-01", ""},
		{"2026-02-30", ""},
		{"2023-02-29", ""},
		{"9999-12-31", ""},
		{"99999-12-31", ""},
		{"1970-01-01T00:00:00Z", ""},
		{"0000-00-00", ""},
		{"31.01.2026", ""},
		{"yesterday", ""},
		{"", ""},
	}
	for _, tt := range tests {
		p := full()
		p.PostedOn, p.ClosedOn = tt.in, tt.in
		got := prepared(t, p)
		if got.PostedOn != tt.want || got.ClosedOn != tt.want {
			t.Errorf("%q: posted_on = %q, closed_on = %q, want %q", tt.in, got.PostedOn, got.ClosedOn, tt.want)
		}
	}
}

func TestPrepareCleansWorkplace(t *testing.T) {
	for in, want := range map[string]string{
		"remote": "remote", "Fully Remote": "remote", "TELECOMMUTE": "remote", "100% remote": "remote",
		"Hybrid": "hybrid", "hybrid-remote": "hybrid",
		"OnSite": "onsite", "on-site": "onsite", "In Office": "onsite", "not remote": "onsite",
		"": "", "Berlin": "", "somewhere": "",
	} {
		p := full()
		p.Workplace = in
		if got := prepared(t, p).Workplace; got != want {
			t.Errorf("workplace %q = %q, want %q", in, got, want)
		}
	}
}

func TestPrepareCleansSalary(t *testing.T) {
	tests := []struct {
		name string
		in   posting.Salary
		want *posting.Salary
	}{
		{"what JSON cannot hold goes", posting.Salary{Min: math.NaN(), Max: math.Inf(1), Currency: "eur"}, &posting.Salary{Currency: "EUR"}},
		{"negative amounts go", posting.Salary{Min: -1, Max: 5, Period: "1 YEAR"}, &posting.Salary{Max: 5, Period: "year"}},
		{"unknown periods go", posting.Salary{Min: 1, Period: "fortnight"}, &posting.Salary{Min: 1}},
		{"an empty salary is none", posting.Salary{Min: -3, Text: " "}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := full()
			in := tt.in
			p.Salary = &in
			if got := prepared(t, p).Salary; !reflect.DeepEqual(got, tt.want) {
				t.Errorf("salary = %+v, want %+v", got, tt.want)
			}
			if in.Currency != tt.in.Currency || in.Period != tt.in.Period {
				t.Errorf("the caller's salary was changed to %+v", in)
			}
		})
	}
}

func TestPrepareCleansTheRest(t *testing.T) {
	p := full()
	p.Locations = []string{" Berlin ", "", "Berlin", "\u200b", "Be\u200brlin", "Paris"}
	p.SeenAt = time.Date(2026, 2, 1, 0, 30, 0, 123456789, time.FixedZone("", 3600))
	p.URL = "mailto:jobs@example.com"
	got := prepared(t, p)
	if want := []string{"Berlin", "Paris"}; !slices.Equal(got.Locations, want) {
		t.Errorf("locations = %q, want %q", got.Locations, want)
	}
	if want := time.Date(2026, 1, 31, 23, 30, 0, 123456000, time.UTC); got.SeenAt != want {
		t.Errorf("seen_at = %v, want %v", got.SeenAt, want)
	}
	if got.URL != "" {
		t.Errorf("url = %q, want none", got.URL)
	}
	p.SeenAt = time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC)
	if got := prepared(t, p); !got.SeenAt.IsZero() {
		t.Errorf("seen_at = %v, want none", got.SeenAt)
	}
	p.Locations = slices.Repeat([]string{"a"}, 300)
	for i := range p.Locations {
		p.Locations[i] += strings.Repeat("b", i)
	}
	if got := prepared(t, p); len(got.Locations) != posting.MaxPlace {
		t.Errorf("%d locations, want %d", len(got.Locations), posting.MaxPlace)
	}
}

func TestLongNativeIDsStayApart(t *testing.T) {
	p, q := full(), full()
	p.NativeID = strings.Repeat("x", 5000) + "1"
	q.NativeID = strings.Repeat("x", 5000) + "2"
	if p, q := prepared(t, p), prepared(t, q); p.ID == q.ID || len(p.NativeID) > posting.MaxField {
		t.Errorf("ids %s and %s, %d bytes", p.ID, q.ID, len(p.NativeID))
	}
}

// pieces are what hostile and ordinary fields are made of.
func pieces() *rapid.Generator[string] {
	return rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		" ", "\n", "\x00", "\xff", "\u200b", "\u202e", "e\u0301", "\u0344", "\u0958", "&#64;", "&amp;#x40;", "@", " at ", " dot ", "[at]", "com", "jane",
		"example.com", "+49", "030", "1234567", "(0)", "-", ".", "<b>", "</b>", "tel:", "mailto:", "%40", "[email]", "[phone]", strings.Repeat("9 ", 60),
		strings.Repeat("x", 600), strings.Repeat("ü", 1200),
	}))
}

func anyPosting() *rapid.Generator[posting.Posting] {
	field := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(pieces(), 0, 8).Draw(t, "pieces"), "")
	})
	return rapid.Custom(func(t *rapid.T) posting.Posting {
		draw := func(name string) string { return field.Draw(t, name) }
		p := posting.Posting{
			Source: "file", Board: "b" + draw("board"), NativeID: "n" + draw("native id"), Employer: draw("employer"), Title: "t" + draw("title"),
			Text: draw("text"), URL: draw("url"), Department: draw("department"), Team: draw("team"), PostedOn: draw("posted"),
			ClosedOn: draw("closed"), EmploymentType: draw("type"), Workplace: draw("workplace"), Language: draw("language"),
			Locations: rapid.SliceOfN(field, 0, 4).Draw(t, "locations"),
			SeenAt:    time.Unix(rapid.Int64().Draw(t, "seconds"), rapid.Int64().Draw(t, "nanoseconds")),
		}
		if rapid.Bool().Draw(t, "salary") {
			p.Salary = &posting.Salary{Min: rapid.Float64().Draw(t, "min"), Max: rapid.Float64().Draw(t, "max"), Currency: draw("currency"), Period: draw("period"), Text: draw("pay")}
		}
		return p
	})
}

func fieldsOf(p posting.Posting) []string {
	f := []string{p.Source, p.Board, p.NativeID, p.Employer, p.Title, p.Text, p.URL, p.Department, p.Team, p.PostedOn, p.ClosedOn, p.EmploymentType, p.Workplace, p.Language}
	if p.Salary != nil {
		f = append(f, p.Salary.Currency, p.Salary.Period, p.Salary.Text)
	}
	return append(f, p.Locations...)
}

func checkPrepared(t rapid.TB, p posting.Posting) {
	for _, f := range fieldsOf(p) {
		if !utf8.ValidString(f) || !norm.NFC.IsNormalString(f) || len(f) > posting.MaxText {
			t.Fatalf("field of %d bytes is not clean: %.200q", len(f), f)
		}
		if strings.ContainsFunc(f, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
			t.Fatalf("control character in %.200q", f)
		}
	}
	again := p
	if err := again.Prepare(); err != nil {
		t.Fatalf("prepared once it is good, twice not: %v", err)
	}
	if !reflect.DeepEqual(again, p) {
		t.Fatalf("prepared twice is not prepared once:\n%+q\n%+q", again, p)
	}
	b, err := p.Encode()
	if err != nil {
		t.Fatalf("Encode: %v", err)
	}
	back, err := posting.Decode(b)
	if err != nil {
		t.Fatalf("Decode: %v", err)
	}
	if !reflect.DeepEqual(back, p) {
		t.Fatalf("decoded it is another:\n%+q\n%+q", back, p)
	}
}

func TestPreparingTwiceIsPreparingOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPosting().Draw(t, "posting")
		if p.Prepare() == nil {
			checkPrepared(t, p)
		}
	})
}
