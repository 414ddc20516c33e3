package tag

import (
	"os"
	"sync"
	"testing"

	"jobcity/pipeline/posting"
)

// factReader is the facts and sections of the taxonomy in the repository.
var factReader = sync.OnceValues(func() (*factBench, error) {
	fsys := os.DirFS("../../configs/taxonomy")
	f, err := newFacts(fsys)
	if err != nil {
		return nil, err
	}
	s, err := newSections(fsys)
	return &factBench{facts: f, sections: s}, err
})

type factBench struct {
	facts    *facts
	sections *sections
}

func (b *factBench) document(p *posting.Posting) *document {
	r := read(p.Title, p.Text)
	b.sections.mark(r, p.Employer)
	return &document{posting: p, reading: r}
}

// factsOf reads the facts of p.
func factsOf(tb testing.TB, p posting.Posting) Tags {
	tb.Helper()
	b, err := factReader()
	if err != nil {
		tb.Fatal(err)
	}
	var out Tags
	b.facts.read(b.document(&p), &out)
	checkEvidence(tb, p, out)
	return out
}

// checkEvidence fails unless every evidence is what stands where it says.
func checkEvidence(tb testing.TB, p posting.Posting, out Tags) {
	tb.Helper()
	stated := map[string]bool{"location": true, "salary": true, "workplace": true, "employment_type": true}
	for _, e := range out.Evidence {
		if stated[e.Section] {
			continue
		}
		source := p.Text
		if e.Section == "title" {
			source = p.Title
		}
		if e.Start < 0 || e.End > len(source) || e.Start >= e.End || source[e.Start:e.End] != e.Text {
			tb.Errorf("evidence %+v does not stand in %q", e, source)
		}
	}
}
