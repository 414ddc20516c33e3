package tag_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"jobcity/pipeline/posting"
)

func TestWorkplaceByItsWording(t *testing.T) {
	for text, want := range map[string]string{
		"This is a fully remote position.":                               "remote",
		"The team is fully distributed.":                                 "remote",
		"You can work from anywhere.":                                    "remote",
		"#LI-Remote":                                                     "remote",
		"#LI-Hybrid":                                                     "hybrid",
		"#LI-Onsite":                                                     "onsite",
		"Location: Remote":                                               "remote",
		"We are a remote-first company.":                                 "remote",
		"Remote candidates are welcome.":                                 "remote",
		"The role is remote within the United States.":                   "remote",
		"No remote work, please.":                                        "onsite",
		"Remote: no":                                                     "onsite",
		"This role is based in our Berlin office.":                       "onsite",
		"You are expected to be in the office five days a week.":         "onsite",
		"This is an on-site position.":                                   "onsite",
		"Three days a week in the office, the rest at home.":             "hybrid",
		"Wir arbeiten zwei Tage pro Woche im Office.":                    "hybrid",
		"We work in a hybrid model.":                                     "hybrid",
		"You run our hybrid cloud.":                                      "unspecified",
		"You improve hybrid search and retrieval.":                       "unspecified",
		"You give remote support to users of remote desktops.":           "unspecified",
		"You build software for remote sensing.":                         "unspecified",
		"We meet once a year for an onsite retreat.":                     "unspecified",
		"The final round is an onsite interview.":                        "unspecified",
		"You will visit customers onsite twice a year.":                  "unspecified",
		"Our office in Lisbon has a kitchen and a shower.":               "unspecified",
		"Your team is in our office in Oslo once per quarter.":           "unspecified",
		"You manage distributed systems and remote procedure call APIs.": "unspecified",
	} {
		if got := theTagger(t).Tag(posting.Posting{Title: "Software Engineer", Text: "<p>" + text + "</p>"}); got.Workplace != want {
			t.Errorf("%q is %s, want %s", text, got.Workplace, want)
		}
	}
}

func TestStatedLocationsSayTheWorkplace(t *testing.T) {
	for _, c := range []struct {
		locations []string
		want      string
	}{
		{[]string{"Remote (US)"}, "remote"},
		{[]string{"Anywhere"}, "remote"},
		{[]string{"Paris (hybrid)"}, "hybrid"},
		{[]string{"Paris (Hybrid)", "Remote - France"}, "hybrid"},
		{[]string{"Austin, TX (onsite)"}, "onsite"},
		{[]string{"Austin, TX"}, "unspecified"},
	} {
		if got := theTagger(t).Tag(posting.Posting{Title: "Software Engineer", Text: "You write code.", Locations: c.locations}); got.Workplace != c.want {
			t.Errorf("%q is %s, want %s", c.locations, got.Workplace, c.want)
		}
	}
}

func TestSeniorityOfRarerTitles(t *testing.T) {
	for title, want := range map[string]string{
		"Chief Engineer":               "lead",
		"Head Chef":                    "unspecified",
		"AVP, Software Development":    "mid",
		"Business Development Manager": "unspecified",
		"IT Service Desk Manager":      "manager",
		"Store Leader":                 "manager",
		"Responsable Infrastructure":   "lead",
		"Staff Auditor":                "unspecified",
		"Principal Staff Engineer":     "lead",
		"Lead Time Analyst":            "unspecified",
	} {
		if got := theTagger(t).Tag(posting.Posting{Title: title}); got.Seniority != want {
			t.Errorf("%q is %s, want %s", title, got.Seniority, want)
		}
	}
}

func TestOnlyTheFirstMebibyteIsRead(t *testing.T) {
	const most = 1 << 20
	start := "<p>Requirements: Python.</p>"
	for cut := range utf8.UTFMax { // the cut falls on each byte of a character
		text := start + strings.Repeat(".", most-len(start)-cut) + "😀 and Kubernetes"
		got := theTagger(t).Tag(posting.Posting{Title: "Developer", Text: text})
		noted := false
		for _, n := range got.Notes {
			noted = noted || strings.Contains(n, "first MiB")
		}
		if !noted {
			t.Errorf("cut %d bytes into a character: the notes %q do not say so", cut, got.Notes)
		}
		for _, s := range got.Skills {
			if s.ID == "kubernetes" {
				t.Error("a skill behind the first MiB is tagged")
			}
		}
		for _, e := range got.Evidence {
			if !utf8.ValidString(e.Text) {
				t.Errorf("evidence %q is cut inside a character", e.Text)
			}
		}
	}
}

func TestTagsNameTheTaxonomyThatMadeThem(t *testing.T) {
	g := theTagger(t)
	if got := g.Tag(sample).Taxonomy; got == "" || got != g.Version() || got != g.Taxonomy().Version {
		t.Errorf("tags of %q, tagger of %q, catalog of %q", got, g.Version(), g.Taxonomy().Version)
	}
}
