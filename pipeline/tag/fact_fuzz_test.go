package tag

import (
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"jobcity/pipeline/posting"

	"pgregory.net/rapid"
)

// FuzzFacts reads facts of anything: no panic, evidence that stands where it
// says, and values of the documented sets only.
func FuzzFacts(f *testing.F) {
	for _, seed := range [][3]string{
		{"", "", ""},
		{"Senior Engineer II", "Salary: $120k–$150k, 3-5 years, B.Sc., hybrid 3 days a week", "Berlin, Germany; Remote"},
		{"", "Acme | NYC | ONSITE or REMOTE | £40-50k\n- Senior Dev, 45 000 € brut annuel", "Remote - EU"},
		{"Head of", "CHF 1'000'000.–", "CA - DE - /// ((("},
		{"II", "100,0000 - 1.2.3.4 $ $ $1", "\u202e\u0301"},
		{"<b>x</b>", "<ul><li>5+ years<li>₹ 12 LPA", "ſ K Å"},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, title, text, location string) {
		if !utf8.ValidString(title + text + location) {
			return // postings are valid UTF-8
		}
		p := posting.Posting{Title: title, Text: text, Locations: strings.Split(location, ";"), Salary: nil}
		checkFacts(t, factsOf(t, p))
		p.Locations, p.Salary = nil, &posting.Salary{Text: location}
		checkFacts(t, factsOf(t, p))
	})
}

func checkFacts(t *testing.T, out Tags) {
	t.Helper()
	if s := out.Salary; s != nil {
		if !(s.Min > 0 && s.Min <= s.Max && s.AnnualMin > 0 && s.AnnualMin <= s.AnnualMax) || len(s.Currency) != 3 || s.AnnualRule == "" {
			t.Errorf("salary %+v", s)
		}
	}
	if out.Years != nil && (*out.Years < 0 || *out.Years > maxTenure) {
		t.Errorf("years %d", *out.Years)
	}
	for _, p := range out.Places {
		if p.Country != "" && len(p.Country) != 2 || p == (Place{}) {
			t.Errorf("place %+v", p)
		}
	}
	for name, c := range map[string]struct{ got, all string }{
		"seniority":  {out.Seniority, "unspecified intern junior mid senior lead manager executive"},
		"workplace":  {out.Workplace, "unspecified remote hybrid onsite"},
		"employment": {out.EmploymentType, "unspecified full_time part_time contract temporary internship"},
		"degree":     {out.Degree, "unspecified none secondary bachelor master doctorate"},
		"language":   {out.Language, "und en de fr es it nl pl pt"},
	} {
		if !strings.Contains(" "+c.all+" ", " "+c.got+" ") {
			t.Errorf("%s is %q", name, c.got)
		}
	}
}

// Pay is read however it is written, and the text around it does not matter.
func TestAnyRangeOfPayIsReadBack(t *testing.T) {
	whole := t
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.IntRange(30, 300).Draw(t, "low")
		high := rapid.IntRange(low, min(2*low, 400)).Draw(t, "high")
		style := rapid.SampledFrom([]func(int) string{
			func(k int) string { return "$" + strconv.Itoa(k) + ",000" },
			func(k int) string { return "$" + strconv.Itoa(k) + "k" },
			func(k int) string { return "$" + strconv.Itoa(k) + "K" },
			func(k int) string { return "$" + strconv.Itoa(k) + "000" },
			func(k int) string { return "$" + strconv.Itoa(k) + ",000.00" },
			func(k int) string { return "USD " + strconv.Itoa(k) + ",000" },
			func(k int) string { return strconv.Itoa(k) + ",000 USD" },
			func(k int) string { return "US$" + strconv.Itoa(k) + "k" },
		}).Draw(t, "style")
		between := rapid.SampledFrom([]string{"-", " - ", "–", " to ", " — "}).Draw(t, "between")
		before := rapid.SampledFrom([]string{"Salary: ", "The base salary range for this role is ", "Compensation of ", "We raised $30M. Base pay: "}).Draw(t, "before")
		after := rapid.SampledFrom([]string{"", ".", " per year", " + equity", ", depending on experience", " and 401(k)"}).Draw(t, "after")
		out := factsOf(whole, posting.Posting{Text: before + style(low) + between + style(high) + after})
		if s := out.Salary; s == nil || s.Min != float64(low*1000) || s.Max != float64(high*1000) || s.Currency != "USD" || s.Period != "year" {
			t.Fatalf("%s%s%s%s%s: got %+v", before, style(low), between, style(high), after, s)
		}
	})
}
