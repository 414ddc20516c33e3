package posting_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jobcity/pipeline/posting"
)

func redacted(t rapid.TB, text string) string {
	p := posting.Posting{Source: "file", Board: "b", NativeID: "1", Title: "t", Text: text}
	if err := p.Prepare(); err != nil {
		t.Fatalf("Prepare: %v", err)
	}
	return p.Text
}

func TestRedactEmails(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "Write to jane.doe+jobs@mail.example.co.uk.", "Write to [email]."},
		{"several", "a1@x.io, b2@x.io;c3@x.io", "[email], [email];[email]"},
		{"in angle brackets", "Jane <jane@example.com>", "Jane <[email]>"},
		{"a link", `<a href="mailto:jane@example.com?subject=Go">jane@example.com</a>`, `<a href="mailto:[email]?subject=Go">[email]</a>`},
		{"a link with an escaped sign", `<a href="mailto:jane%40example.com">x</a>`, `<a href="mailto:[email]">x</a>`},
		{"Markdown", "[jane@example.com](mailto:jane@example.com)", "[[email]](mailto:[email])"},
		{"a decimal entity", "jane&#64;example.com", "[email]"},
		{"a hexadecimal entity", "jane&#x40;example&#x2E;com", "[email]"},
		{"a named entity", "jane&commat;example&period;com", "[email]"},
		{"an entity escaped twice", "jane&amp;#64;example.com", "[email]"},
		{"every letter an entity", "&#106;&#97;&#110;&#101;&#64;&#120;&#46;&#105;&#111; now", "[email] now"},
		{"an escape of JSON", `jane\u0040example.com`, "[email]"},
		{"a wide sign", "jane＠example.com", "[email]"},
		{"split by tags", "<b>jane</b>@<span>example</span>.com", "<b>[email]"},
		{"split by what has no width", "jane\u200b@\u2060exam\u00adple.com", "[email]"},
		{"letters beyond ASCII", "jürgen@müller.example", "[email]"},
		{"square brackets", "jane [at] example [dot] com", "[email]"},
		{"tight brackets", "jane(at)example(dot)co(dot)uk!", "[email]!"},
		{"braces and shouting", "jane {AT} example {DOT} com", "[email]"},
		{"escaped angle brackets", "jane &lt;at&gt; example &lt;dot&gt; com", "[email]"},
		{"words", "reach jane at example dot com today", "reach [email] today"},
		{"words with a spelled name", "jane dot doe at example dot com", "[email]"},
		{"a sentence before words", "email me at jane dot doe at example dot com", "email me at [email]"},
		{"shouting words", "jane AT example DOT com", "[email]"},
		{"shouting at alone", "Contact jane AT example.com", "Contact [email]"},
		{"hyphens", "hello-at-example.com", "[email]"},
		{"hyphens throughout", "write jane-at-example-dot-com", "write [email]"},
		{"underscores", "jane _at_ example.com", "[email]"},
		{"words after a request", "Please email your resume to jobs at example.com.", "Please email your resume to [email]."},
		{"words in brackets", "Ask Jane (jane at example.com) for more", "Ask Jane ([email]) for more"},
		{"a well-known host", "jdoe1 at gmail.com", "[email]"},
		{"spaces", "send it to jane @ example.com", "send it to [email]"},
		{"a sentence of its own", "Let's talk. jane @ example.com", "Let's talk. [email]"},
		{"no top-level domain", "send your CV: jane [at] example", "send your CV: [email]"},
		{"no top-level domain, announced", "email me at jane@example", "email me at [email]"},
		{"an Austrian domain", "jobs@example.at", "[email]"},
		{"a network of servers", "follow @jane@social.example", "follow @[email]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := redacted(t, tt.in); got != tt.want {
				t.Errorf("%q\ngot  %q\nwant %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestRedactPhones(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"American", "call (415) 555-0132 now", "call [phone] now"},
		{"American with hyphens", "415-555-0132", "[phone]"},
		{"American with dots", "Jane, 415.555.0132.", "Jane, [phone]."},
		{"American with spaces", "415 555 0132", "[phone]"},
		{"American with its one", "1-800-555-0132", "[phone]"},
		{"American with extension", "415-555-0132 x123, or", "[phone], or"},
		{"American, international", "+1 415 555 0132", "[phone]"},
		{"American, bare, announced", "text 4155550132", "text [phone]"},
		{"American, seven digits, announced", "Phone: 555-0132", "Phone: [phone]"},
		{"British", "020 7946 0958", "[phone]"},
		{"British mobile", "07700 900123", "[phone]"},
		{"British mobile, bare", "07700900123", "[phone]"},
		{"British, international", "+44 (0)20 7946 0958", "[phone]"},
		{"German with slash", "030/1234567", "[phone]"},
		{"German with spaces", "0171 123 45 67", "[phone]"},
		{"German with brackets", "(030) 1234567", "[phone]"},
		{"German, international", "+49 30 1234567-0", "[phone]"},
		{"German with 00", "0049 30 1234567", "[phone]"},
		{"French", "01 23 45 67 89", "[phone]"},
		{"French with dots", "06.12.34.56.78", "[phone]"},
		{"French, international", "+33 1 23 45 67 89", "[phone]"},
		{"Indian", "+91 98765 43210", "[phone]"},
		{"Indian, bare", "+919876543210", "[phone]"},
		{"Indian with trunk zero", "098765 43210", "[phone]"},
		{"Swiss", "044 668 18 00", "[phone]"},
		{"Danish, announced", "Tlf/Tel. 12 34 56 78", "Tlf/Tel. [phone]"},
		{"non-breaking spaces", "+49&nbsp;30&#160;1234567", "[phone]"},
		{"non-breaking hyphens", "415\u2011555\u20110132", "[phone]"},
		{"a link", `<a href="tel:+49301234567">030 123 45 67</a>`, `<a href="tel:[phone]">[phone]</a>`},
		{"a link to a chat", "https://wa.me/4915112345678", "https://wa.me/[phone]"},
		{"two", "Tel 030 1234567, Fax 030 1234568", "Tel [phone], Fax [phone]"},
		{"in brackets", "Jane (+44 20 7946 0958)", "Jane ([phone])"},
		{"before opening hours", "+31 15 744 0137 (9 a.m. to 6 p.m.)", "[phone] (9 a.m. to 6 p.m.)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := redacted(t, tt.in); got != tt.want {
				t.Errorf("%q\ngot  %q\nwant %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestRedactLeavesAlone(t *testing.T) {
	for _, text := range []string{
		// pay and other figures
		"100,000 - 150,000 USD", "100 000 - 150 000 EUR", "$120000-$150000", "€ 60.000 – 80.000", "56.000-72.000 EUR", "£40k-50k",
		"pay: 415 555 0132 EUR", "1 000 000 users", "+10 000 000 users", "10 000 000 000 rows", "200 - 2000 FTE", "99.999 %", "$1.5M - $2.25M",
		// years, dates, times
		"2015-2017", "2015 - 2017, 2018-2019", "03/2024 - 05/2025", "01.02.2025 - 03.04.2025", "2025-01-02 03:04:05", "01-02-2025 10:30",
		"09:00 - 17:00", "24/7", "9-5", "12/31/2025", "2025-01-02T03:04:05.678901Z", "20250102",
		// versions, standards, addresses of machines
		"Python 3.12.1, Go 1.26.8", "C++11/14/17/20", "ISO 27001/27017/27018", "ISO 9001:2015", "NIST 800-53 and 800-171", "RFC 9110", "CVE-2021-44228",
		"192.168.100.200", "10.0.0.1:8080", "255.255.255.255", "2001:0db8:85a3::8a2e:0370:7334", "IEC 62443-4-2", "v1.2.3-20250102030405",
		// ids
		"https://jobs.example/view/4155550132", "https://jobs.example/?id=02079460958&x=1", "https://vimeo.com/145242961", "Req ID: 0612345678", "Job #4155550132",
		"Ref. 020 7946 0958", "550e8400-e29b-41d4-a716-446655440000", "R-0012345678", "0000123456", "IBAN 02 1234 5678", "DE89 3704 0044 0532 0130 00",
		"10115 Berlin", "94105-1234", "94105 94107", `<img width="1200" height="0800" data-id="0612345678">`, "401(k)",
		// at signs of other kinds
		"@angular/core and @types/node", "react@18.2.0", "next@14.1.canary", "actions/checkout@v4", "git@github.com:acme/city.git", "logo@2x.png",
		"Opportunity@Work", "follow @jane_doe", "https://medium.com/@jane.doe/post", "https://maps.example/@48.8566,2.3522,15z", "user@localhost", "10 req @ 5 ms",
		"Backend Developer @ Booking.com", "Engineer @ Example", "P@ssw0rd", "image@sha256:0123abcd",
		// the word at
		"Engineer at Example.com", "Learn more at example.com", "Email us at example.com", "Apply online at https://jobs.example.com", "visit our website at www.example.org",
		"working at example.com", "We are at 5 dot points", "look at page dot one", "life at example.io: check our blog at example.io/blog",
		"https://example.com/life-at-example.html", "https://example.com/work-at-example", "SOFTWARE ENGINEER AT EXAMPLE", "good at Node.js", "expert at ASP.NET",
		"a connect-the-dot test",
	} {
		if got := redacted(t, text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func TestRedactOtherFields(t *testing.T) {
	p := full()
	p.Title, p.Employer, p.Team = "Engineer (jane@example.com)", "Jane Doe, 020 7946 0958", "call +49 30 1234567"
	p.Locations = []string{"Berlin", "jane@example.com"}
	p.Salary.Text = "ask jane [at] example.com"
	p.URL = "https://jobs.example/4155550132?to=jane%40example.com"
	got := prepared(t, p)
	want := []string{"Engineer ([email])", "Jane Doe, [phone]", "call [phone]", "[email]", "ask [email]", "https://jobs.example/4155550132?to=[email]"}
	for i, g := range []string{got.Title, got.Employer, got.Team, got.Locations[1], got.Salary.Text, got.URL} {
		if g != want[i] {
			t.Errorf("got %q, want %q", g, want[i])
		}
	}
}

// TestRedactGeneratedContacts hides made-up contacts in ordinary words: nothing
// of them may be left, and nothing else may go.
func TestRedactGeneratedContacts(t *testing.T) {
	digitsOf := func(t *rapid.T, n int) string {
		return rapid.StringMatching(fmt.Sprintf(`[2-9][0-9]{%d}`, n-1)).Draw(t, "digits")
	}
	email := rapid.Custom(func(t *rapid.T) string {
		local := rapid.StringMatching(`[a-z]{3,8}([._+-][a-z0-9]{2,6})?x[0-9]`).Draw(t, "local")
		host := rapid.StringMatching(`[a-z]{3,9}(-[a-z]{2,5})?`).Draw(t, "host")
		end := rapid.SampledFrom([]string{"com", "io", "de", "co.uk", "example", "at"}).Draw(t, "end")
		at := rapid.SampledFrom([]string{"@", "&#64;", "&#x40;", " [at] ", "(at)", " (at) ", "[at]", " &lt;at&gt; ", "{at}"}).Draw(t, "at")
		dot := rapid.SampledFrom([]string{".", " [dot] ", "(dot)", " dot "}).Draw(t, "dot")
		return local + at + host + dot + strings.ReplaceAll(end, ".", dot)
	})
	phone := rapid.Custom(func(t *rapid.T) string {
		sep := rapid.SampledFrom([]string{" ", "-", "."}).Draw(t, "separator")
		switch rapid.IntRange(0, 7).Draw(t, "country") {
		case 0:
			return fmt.Sprintf("(%s) %s-%s", digitsOf(t, 3), digitsOf(t, 3), digitsOf(t, 4))
		case 1:
			return strings.Join([]string{digitsOf(t, 3), digitsOf(t, 3), digitsOf(t, 4)}, sep)
		case 2:
			return "+44" + sep + "7" + digitsOf(t, 3) + sep + digitsOf(t, 6)
		case 3:
			return "020" + sep + digitsOf(t, 4) + sep + digitsOf(t, 4)
		case 4:
			return "+49" + sep + digitsOf(t, 3) + sep + digitsOf(t, 7)
		case 5:
			return "06" + sep + digitsOf(t, 2) + sep + digitsOf(t, 2) + sep + digitsOf(t, 2) + sep + digitsOf(t, 2)
		case 6:
			return "+91" + sep + "9" + digitsOf(t, 4) + sep + digitsOf(t, 5)
		default:
			return "0171" + sep + digitsOf(t, 7)
		}
	})
	words := rapid.SampledFrom([]string{"We build maps. ", "<p>Salary: 100,000 - 150,000 EUR</p>", "Since 2015-2017, ", "Apply: ", "Contact ", "<li>", "24/7 on call; "})
	rapid.Check(t, func(t *rapid.T) {
		before, after := words.Draw(t, "before"), words.Draw(t, "after")
		contact, mark := email.Draw(t, "email"), "[email]"
		if rapid.Bool().Draw(t, "phone") {
			contact, mark = phone.Draw(t, "phone"), "[phone]"
		}
		in := before + contact + ", " + after
		if got, want := redacted(t, in), before+mark+", "+after; got != want {
			t.Fatalf("%q\ngot  %q\nwant %q", in, got, want)
		}
	})
}
