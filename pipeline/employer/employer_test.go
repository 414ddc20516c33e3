package employer_test

import (
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jobcity/pipeline/employer"
)

func TestKeySeesThroughHowANameIsWritten(t *testing.T) {
	for want, names := range map[string][]string{
		"acmerobotics": {"Acme Robotics", "ACME  Robotics GmbH", "Acme Robotics, Inc.", "acme-robotics", "acmerobotics", "Acme Robotics (YC S09)",
			"Acme Robotics | San Francisco | Onsite", "Acme Robotics S.A.S.", "Acme Robotics B.V.", "Acme Robotics Oy", "Acme Robotics AB", "Acme Robotics ApS",
			"Acme Robotics K.K.", "Acme Robotics Pty Ltd", "Acme Robotics (Pty) Ltd", "Acme Robotics Sp. z o.o.", "Acme Robotics s.r.o.", "Acme Robotics S. de R.L. de C.V.",
			"Acme Robotics GmbH & Co. KG", "Acme Robotics & Co", "Acme Robotics Careers", "Acme Robotics Jobs", "The Acme Robotics", "Acme Robotics is hiring!",
			"acmerobotics.com", "https://www.acmerobotics.com/careers", "PT Acme Robotics Tbk", "株式会社Acme Robotics", "Acmé Robotics® A/S", "Acme Services, Inc. d/b/a Acme Robotics"},
		"societegenerale":   {"Société Générale SA", "SOCIETE GENERALE", "Societe Generale S.A."},
		"johnsonandjohnson": {"Johnson & Johnson", "Johnson and Johnson, Inc."},
		"мир":               {"ООО Мир", "Мир"},
	} {
		for _, n := range names {
			if got := employer.Key(n); got != want {
				t.Errorf("Key(%q) = %q, want %q", n, got, want)
			}
		}
	}
}

func TestNothingIsMergedOnWeakEvidence(t *testing.T) {
	for _, pair := range [][2]string{
		{"Data Inc", "Data"}, {"AB Ltd", "AB"}, {"3M Co", "3M GmbH"}, {"apollo.io", "Apollo"}, {"Cars.com", "Cars"},
		{"The Guardian", "Guardian"}, {"Canal+", "Canal"}, {"Remote Jobs", "Remote Labs"}, {"Nugg.ad", "Nugg"}, {"Coop", "Co-op Co Ltd Partners"},
		{"Acme Holding", "Acme"}, {"Acme Group", "Acme"}, {"Acme", "Acme Labs"},
	} {
		if a, b := employer.Key(pair[0]), employer.Key(pair[1]); a == b {
			t.Errorf("%q and %q are both %q", pair[0], pair[1], a)
		}
	}
}

func TestNameThatSaysNothingIsNoEmployer(t *testing.T) {
	for _, n := range []string{"", " ", "N/A", "Confidential", "stealth", "Stealth Startup", "***", "Company"} {
		if got := employer.Key(n); got != "" {
			t.Errorf("Key(%q) = %q", n, got)
		}
	}
}

const data = `
employers:
  - {name: Globex, aliases: [Initech, Globex Platforms], domains: [globex.com, initech.io]}
  - {name: "Umbra & Co.", id: umbraandco}
agencies:
  names: [Robert Halb]
  phrases: [staffing]
  except: [Staffing Robotics]
`

func parse(t *testing.T, text string) *employer.Directory {
	t.Helper()
	d, err := employer.Parse("employers.yaml", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDataJoinsAndTellsApart(t *testing.T) {
	d := parse(t, data)
	for name, want := range map[string]employer.Employer{
		"Initech GmbH":           {ID: "globex", Name: "Globex", Domain: "globex.com"},
		"globex-platforms":       {ID: "globex", Name: "Globex", Domain: "globex.com"},
		"globexplatforms":        {ID: "globex", Name: "Globex", Domain: "globex.com"},
		"www.initech.io":         {ID: "globex", Name: "Globex", Domain: "globex.com"},
		"Umbra & Co., Inc.":      {ID: "umbraandco", Name: "Umbra & Co."},
		"Umbra KGaA":             {ID: "umbra"},
		"Robert Halb Ltd":        {ID: "roberthalb", Agency: true},
		"Blue Sky Staffing, LLC": {ID: "blueskystaffing", Agency: true},
		"Staffing Robotics":      {ID: "staffingrobotics"},
		"Understaffing Tools":    {ID: "understaffingtools"},
		"soylent.com":            {ID: "soylent", Domain: "soylent.com"},
	} {
		if got := d.Of(name); got != want {
			t.Errorf("Of(%q) = %+v, want %+v", name, got, want)
		}
	}
}

func TestMistakesAreAllNamedWithTheirLines(t *testing.T) {
	_, err := employer.Parse("employers.yaml", strings.NewReader(`employers:
  - {name: Globex, aliases: [Initech]}
  - name: Umbra
    aliases: [Initech]
    domains: [no domain]
    colour: red
  - {aliases: [Nobody]}
  - {name: Soylent, id: "So Ylent"}
agencies: {phrases: staffing}
`))
	for _, want := range []string{"employers.yaml:4: name: \"Initech\" is given twice, first in line 2", "employers.yaml:5: domains:", "employers.yaml:6: employer: unknown field \"colour\"",
		"employers.yaml:7: name: is missing", "employers.yaml:8: id:", "employers.yaml:9: phrases: must be a list"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error does not say %q:\n%v", want, err)
		}
	}
}

func TestShippedDataIsInOrder(t *testing.T) {
	f, err := os.Open("../../configs/employers.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d, err := employer.Parse("employers.yaml", f)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := d.Of("Merck KGaA"), d.Of("Merck & Co., Inc."); a.ID == b.ID || a.Name == "" || b.Name == "" {
		t.Errorf("%+v and %+v", a, b)
	}
}

func TestKeyOfAKeyIsTheKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[A-Za-zéß&.,' -]{0,24}( (Inc|GmbH|Ltd|AG))?`).Draw(t, "name")
		key := employer.Key(name)
		if employer.Key(strings.ToUpper(name)) != key {
			t.Errorf("case makes a difference to %q", name)
		}
		if strings.ContainsAny(key, " .,'-") {
			t.Errorf("key %q of %q has punctuation", key, name)
		}
	})
}

func FuzzKey(f *testing.F) {
	for _, s := range []string{"Acme, Inc.", "株式会社", "Sp. z o.o.", "(((", "\xff", "d/b/a", "& Co"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if a, b := employer.Key(name), employer.Key(name); a != b {
			t.Errorf("%q is %q and %q", name, a, b)
		}
	})
}
