package copies_test

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"html"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"jobcity/configs"
	"jobcity/pipeline/copies"
	"jobcity/pipeline/posting"
	"jobcity/pipeline/tag"
)

// edits are what copies of one role differ by.
var edits = []struct {
	name string
	edit func(r *rand.Rand, p *posting.Posting)
}{
	{"another city", func(r *rand.Rand, p *posting.Posting) {
		city := []string{"Lisbon", "Austin", "Krakow", "Osaka"}[r.IntN(4)]
		p.Locations = append([]string{city}, p.Locations...)
		p.Text += "<p>This role is based in our " + city + " office.</p>"
	}},
	{"the place in the title", func(r *rand.Rand, p *posting.Posting) {
		p.Locations = append([]string{"Toronto, Canada"}, p.Locations...)
		p.Title += " - Toronto"
	}},
	{"a requisition number", func(r *rand.Rand, p *posting.Posting) {
		p.Title += fmt.Sprintf(" (R-%d)", 10000+r.IntN(90000))
		p.Text += fmt.Sprintf("<p>Requisition R-%d</p>", r.IntN(1e6))
	}},
	{"letters for all genders", func(_ *rand.Rand, p *posting.Posting) { p.Title += " (m/f/d)" }},
	{"another bullet", func(_ *rand.Rand, p *posting.Posting) {
		p.Text = strings.Replace(p.Text, "</ul>", "<li>Speak at meetups and write for our engineering blog</li></ul>", 1)
	}},
	{"a bullet less", func(r *rand.Rand, p *posting.Posting) {
		if all := bullet.FindAllStringIndex(p.Text, -1); len(all) > 4 {
			at := all[r.IntN(len(all))]
			p.Text = p.Text[:at[0]] + p.Text[at[1]:]
		}
	}},
	{"another closing paragraph", func(_ *rand.Rand, p *posting.Posting) {
		p.Text += "<h3>Benefits</h3><p>Thirty days of holiday, a pension plan, dental care, a gym and a dog-friendly garden with hammocks.</p><h3>Equal opportunity</h3><p>We welcome applicants of every background, age and belief, and adapt the interview to what you need.</p>"
	}},
	{"plain text", func(_ *rand.Rand, p *posting.Posting) {
		p.Text = html.UnescapeString(markup.ReplaceAllString(breaks.ReplaceAllString(p.Text, "\n"), ""))
	}},
	{"another year and other pay", func(r *rand.Rand, p *posting.Posting) {
		p.Text = year.ReplaceAllString(p.Text, "2026") + fmt.Sprintf("<p>Pay: %d,000 USD a year</p>", 90+r.IntN(90))
	}},
}

var (
	bullet = regexp.MustCompile(`(?s)<li[^>]*>.*?</li>`)
	breaks = regexp.MustCompile(`</?(?:p|li|ul|ol|h[1-6]|div|br)[^>]*>`)
	markup = regexp.MustCompile(`<[^>]+>`)
	year   = regexp.MustCompile(`\b202\d\b`)
)

// TestEditedCopiesOfRealPostingsAreFound edits recorded postings as copies are
// edited, three edits each, and says how many are still found.
func TestEditedCopiesOfRealPostingsAreFound(t *testing.T) {
	originals := recorded(t)
	files, err := configs.Taxonomy()
	if err != nil {
		t.Fatal(err)
	}
	tagger, err := tag.New(files)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(12, 12))
	of := func(p posting.Posting) copies.Sketch {
		if err := p.Prepare(); err != nil {
			t.Fatal(err)
		}
		tags := tagger.Tag(p)
		return copies.New(&p, strings.ToLower(p.Employer), &tags)
	}
	const n = 300
	found, missed := 0, []string{}
	for range n {
		p := originals[r.IntN(len(originals))]
		c := p
		c.NativeID += "-copy"
		var names []string
		for _, i := range r.Perm(len(edits))[:3] {
			edits[i].edit(r, &c)
			names = append(names, edits[i].name)
		}
		a, b := of(p), of(c)
		if a.Group == b.Group && copies.Near(a, b) {
			found++
		} else {
			missed = append(missed, fmt.Sprintf("%s (%.2f)", strings.Join(names, ", "), copies.Jaccard(a.Words, b.Words)))
		}
	}
	t.Logf("%d of %d copies found; missed: %v", found, n, missed)
	if found < n*90/100 {
		t.Errorf("%d of %d copies found", found, n)
	}
}

// recorded are postings of recorded Ashby boards.
func recorded(t *testing.T) []posting.Posting {
	t.Helper()
	files, err := filepath.Glob("../../../shared/realdata/ashby_2025-10/boards/*.json.gz")
	if err != nil || len(files) == 0 {
		t.Skip("no recorded boards in ../shared/realdata: recall of copies is not measured")
	}
	var found []posting.Posting
	for _, name := range files[:60] {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		var board struct {
			Jobs []struct{ ID, Title, Location, DescriptionHTML string }
		}
		if err := json.NewDecoder(z).Decode(&board); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		f.Close()
		for _, j := range board.Jobs {
			found = append(found, posting.Posting{Source: "ashby", Board: filepath.Base(name), NativeID: j.ID, Employer: filepath.Base(name), Title: j.Title, Text: j.DescriptionHTML, Locations: []string{j.Location}})
		}
	}
	return found
}
