package batch

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"jobcity/pipeline/employer"
	"jobcity/pipeline/posting"
	"jobcity/pipeline/tag"
)

// Bounds of the evidence of one row. A posting earns some dozens of matches of a
// few words each; these bounds only cut what no person would read.
const (
	maxWords    = 512      // bytes of the words of one piece of evidence
	maxEvidence = 96 << 10 // bytes of all evidence of a posting
)

// Row is one posting with its tags.
type Row struct {
	Posting posting.Posting // prepared: with id and content hash
	Tags    tag.Tags
}

// check says why r cannot become a row of a record batch. The error wraps
// [posting.ErrInvalid].
func (r *Row) check() error {
	p := &r.Posting
	switch {
	case p.ID == "" || p.ContentHash == "":
		return fmt.Errorf("%w: posting %q without posting_id or content_hash", posting.ErrInvalid, p.NativeID)
	case r.Tags.Taxonomy == "":
		return fmt.Errorf("%w: posting %s: tags without a taxonomy version", posting.ErrInvalid, p.ID)
	case len(p.Text) > posting.MaxText:
		return fmt.Errorf("%w: posting %s: text of %d bytes, at most %d are allowed", posting.ErrInvalid, p.ID, len(p.Text), posting.MaxText)
	}
	for _, s := range r.strings() {
		if !utf8.ValidString(s.value) {
			return fmt.Errorf("%w: posting %s: %s is not valid UTF-8", posting.ErrInvalid, p.ID, s.name)
		}
	}
	for _, f := range r.numbers() {
		if math.IsNaN(f.value) || math.IsInf(f.value, 0) {
			return fmt.Errorf("%w: posting %s: %s is %g", posting.ErrInvalid, p.ID, f.name, f.value)
		}
	}
	return nil
}

type namedString struct{ name, value string }

// strings lists every string of the row that came from outside or from a tagger.
func (r *Row) strings() []namedString {
	p, t := &r.Posting, &r.Tags
	all := []namedString{
		{"posting_id", p.ID}, {"content_hash", p.ContentHash},
		{"source", p.Source}, {"board", p.Board}, {"native_id", p.NativeID}, {"employer", p.Employer},
		{"title", p.Title}, {"text", p.Text}, {"url", p.URL}, {"department", p.Department}, {"team", p.Team},
		{"standing", t.Standing}, {"seniority", t.Seniority}, {"workplace", t.Workplace},
		{"employment_type", t.EmploymentType}, {"degree", t.Degree}, {"language", t.Language}, {"taxonomy", t.Taxonomy},
	}
	if t.Primary != nil {
		all = append(all, namedString{"primary", *t.Primary})
	}
	if s := t.Salary; s != nil {
		all = append(all, namedString{"salary currency", s.Currency}, namedString{"salary period", s.Period}, namedString{"salary rule", s.AnnualRule})
	}
	for _, l := range p.Locations {
		all = append(all, namedString{"location", l})
	}
	for _, d := range t.Districts {
		all = append(all, namedString{"district", d.ID})
	}
	for _, s := range t.Streets {
		all = append(all, namedString{"street", s.ID})
	}
	for id := range t.Facets {
		all = append(all, namedString{"facet", id})
	}
	for _, s := range t.Skills {
		all = append(all, namedString{"skill", s.ID}, namedString{"need", s.Need})
	}
	for _, l := range t.Places {
		all = append(all, namedString{"country", l.Country}, namedString{"region", l.Region}, namedString{"city", l.City})
	}
	for _, m := range t.Metrics {
		all = append(all, namedString{"metric", m})
	}
	for _, e := range t.Evidence {
		all = append(all, namedString{"evidence tag", e.Tag}, namedString{"evidence rule", e.Rule},
			namedString{"evidence text", e.Text}, namedString{"evidence section", e.Section})
	}
	return all
}

type namedNumber struct {
	name  string
	value float64
}

func (r *Row) numbers() []namedNumber {
	t := &r.Tags
	all := []namedNumber{{"technical", t.Technical}, {"operational", t.Operational}, {"hybrid", t.Hybrid}}
	for id, score := range t.Facets {
		all = append(all, namedNumber{"facet " + id, score})
	}
	for _, d := range t.Districts {
		all = append(all, namedNumber{"weight of " + d.ID, d.Weight})
	}
	for _, s := range t.Streets {
		all = append(all, namedNumber{"weight of " + s.ID, s.Weight})
	}
	for _, e := range t.Evidence {
		all = append(all, namedNumber{"weight of evidence", e.Weight})
	}
	if s := t.Salary; s != nil {
		all = append(all, namedNumber{"salary min", s.Min}, namedNumber{"salary max", s.Max},
			namedNumber{"annual min", s.AnnualMin}, namedNumber{"annual max", s.AnnualMax})
	}
	return all
}

// size is about how many bytes the row takes in a record batch before compression.
func (r *Row) size() int {
	n := 700 + 4*(len(r.Tags.Words)+len(r.Tags.OtherWords)) // fixed-width columns, offsets, validity, the hashes and the sketch
	for _, s := range r.strings() {
		n += len(s.value) + 8
	}
	return n
}

// boundEvidence cuts the words of each piece of evidence to maxWords and drops
// pieces until all fit maxEvidence. The first piece of each tag is kept before
// any second one, so that every tag still shows what earned it.
func boundEvidence(all []tag.Evidence) []tag.Evidence {
	cost := func(e tag.Evidence) int {
		return len(e.Tag) + len(e.Rule) + min(len(e.Text), maxWords) + len(e.Section) + 40
	}
	total := 0
	for _, e := range all {
		total += cost(e)
	}
	keep := make([]bool, len(all))
	if total > maxEvidence {
		left := maxEvidence
		seen := make(map[string]bool, len(all))
		for i, e := range all {
			if !seen[e.Tag] && cost(e) <= left {
				keep[i], seen[e.Tag] = true, true
				left -= cost(e)
			}
		}
		for i, e := range all {
			if !keep[i] && cost(e) <= left {
				keep[i] = true
				left -= cost(e)
			}
		}
	}
	out := make([]tag.Evidence, 0, len(all))
	for i, e := range all {
		if total > maxEvidence && !keep[i] {
			continue
		}
		e.Text = cut(e.Text, maxWords)
		out = append(out, e)
	}
	return out
}

// cut returns at most n bytes of s, ending on a whole character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

var hashEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Fingerprint is equal for copies of one role: the same employer, title and
// text, whatever the case and the white space. Places, dates and links do not
// count, so that a role offered once for each place is one role. A posting
// without text is a copy of nothing: its title alone says too little.
func Fingerprint(p posting.Posting) string {
	h := sha256.New()
	parts := []string{employer.Key(p.Employer), fold(p.Title), fold(p.Text)}
	if parts[2] == "" {
		parts = append(parts, p.ID)
	}
	for _, s := range parts {
		fmt.Fprintf(h, "%d:%s", len(s), s)
	}
	return hashEncoding.EncodeToString(h.Sum(nil)[:10])
}

// fold lowers the case and turns every run of white space into one space.
func fold(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }

// day reads an ISO calendar day; ok is false when s is none.
func day(s string) (t time.Time, ok bool) {
	t, err := time.Parse(time.DateOnly, s)
	return t, err == nil
}
