package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"jobcity/pipeline/judge"
	"jobcity/pipeline/posting"
	"jobcity/pipeline/tag"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestTheShortCardReadsWell renders a card of made-up labels and tags, so that no
// change of the taxonomy changes it.
func TestTheShortCardReadsWell(t *testing.T) {
	q := quality{settings: settings{date: "2026-01-31", command: "make quality"}, taxonomy: "0123456789abcdef", postings: map[string]int{"dev": 60, "train": 60, "titles": 1000},
		dev: judge.NewCard(), train: judge.NewCard(), titles: judge.NewCard(), all: judge.NewCard(), weak: judge.NewWeak(), spans: judge.NewSpans()}
	decode := func(line string) judge.Label {
		l, err := judge.DecodeLabel([]byte(line))
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	whole := decode(`{"id":"1","standing":"core","primary":"software","districts":["software"],"streets":["software/devops"],"facets":["deployment","monitoring"],
		"skills":[{"name":"k8s","need":"must"},{"name":"devops","need":"must"}],"seniority":"senior","workplace":"unspecified","salary":null}`)
	rare := decode(`{"id":"2","standing":"core","primary":"security","districts":["security"],"streets":["security/grc"],"facets":["security"],"skills":[],"seniority":"unspecified","workplace":"hybrid","salary":null}`)
	title := decode(`{"id":"3","title":"DevOps Engineer","standing":"core","primary":"software","street":"software/devops","seniority":"unspecified"}`)
	for i := range 60 {
		employer, got := fmt.Sprint(i/3), made("software", "software/devops")
		if i%5 == 0 {
			got = made("sysadmin", "sysadmin/platform-sre")
		}
		for _, c := range []*judge.Card{q.dev, q.train, q.all} {
			c.Add(whole, employer, got)
		}
		q.titles.Add(title, employer, got)
		p := posting.Posting{Source: "ashby", Board: employer, Team: "DevOps", Workplace: "remote", Salary: &posting.Salary{Min: 9e4, Max: 1e5, Currency: "USD", Period: "year"}}
		q.weak.Add(p, got)
	}
	q.train.Add(rare, "other", made("security", "security/grc"))
	s, err := judge.DecodeSentence([]byte(`{"idx":1,"tokens":["Kubernetes"],"tags_skill":["O"],"tags_knowledge":["B"],"source":"tech"}`))
	if err != nil {
		t.Fatal(err)
	}
	var text judge.SpanText
	text.Append(s)
	q.spans.Add("1", &text, &tag.Tags{Evidence: []tag.Evidence{{Tag: "skill:kubernetes", Start: 0, End: 10, Text: "Kubernetes"}}})

	got, err := q.readmeSection()
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "card.golden.md")
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the card is\n%s\nwant\n%s", got, want)
	}
}

// made are made-up tags of a core role with a skill that is right, one that is
// wrong, and pay and workplace.
func made(district, street string) *tag.Tags {
	return &tag.Tags{Standing: "core", Primary: &district, Districts: []tag.Share{{ID: district, Weight: 1}}, Streets: []tag.Share{{ID: street, Weight: 1}},
		Facets: map[string]float64{"deployment": 0.9, "automation": 0.6}, Skills: []tag.Skill{{ID: "kubernetes", Name: "Kubernetes", Need: "nice"}, {ID: "jenkins", Name: "Jenkins", Need: "must"}},
		Seniority: "senior", Workplace: "hybrid", Salary: &tag.Salary{Min: 9e4, Max: 1e5, Currency: "USD", Period: "year"}}
}
