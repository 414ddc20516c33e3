package tag

import (
	"errors"
	"io/fs"
	"slices"
	"sync"

	"jobcity/pipeline/posting"
)

// Tagger tags postings. It does not change once made and is safe for concurrent use.
type Tagger struct {
	version    string
	vocabulary *vocabulary
	sections   *sections
	classifier *classifier
	facts      *facts
	matcher    *matcher
	catalog    Catalog // districts, streets and facets
	pool       *sync.Pool
}

// New reads the taxonomy whose root is fsys (the files of configs/taxonomy). It
// fails on what it cannot read; [Check] says what else is wrong with it.
func New(fsys fs.FS) (*Tagger, error) {
	var t Tagger
	var errs [6]error
	var e entries
	e, errs[0] = readEntries(fsys)
	t.sections, errs[1] = newSections(fsys)
	t.classifier, errs[2] = newClassifier(fsys)
	t.facts, errs[3] = newFacts(fsys)
	t.version, errs[4] = version(fsys)
	t.catalog, errs[5] = readCatalog(fsys)
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	t.pool = &sync.Pool{New: func() any { return new(scratch) }}
	t.vocabulary = newVocabulary(e)
	var err error
	if t.vocabulary.worth, err = newWorth(fsys, t.vocabulary.skills); err != nil {
		return nil, err
	}
	t.matcher = newMatcher(t.vocabulary.forms)
	t.vocabulary.forms = nil
	return &t, nil
}

// Version is the content hash of the taxonomy.
func (t *Tagger) Version() string { return t.version }

// longestText is how much of a text is read, in bytes.
const longestText = 1 << 20

// Tag says what p asks of a person.
//
// It calls, in this order: read (reading.go), the matcher over every line
// (matcher.go), the skills (skill.go, need.go), then
// classifier.classify (classify.go: standing, primary, districts, streets,
// facets, mix) and facts.read (fact.go: all other fields but skills, metrics,
// taxonomy). Each adds to the evidence.
func (t *Tagger) Tag(p posting.Posting) Tags {
	out, _ := t.tag(&p, false)
	return out
}

func (t *Tagger) tag(p *posting.Posting, explain bool) (Tags, []Miss) {
	text, cut := bounded(p.Text)
	s := t.pool.Get().(*scratch)
	defer t.pool.Put(s)
	d := s.open(p, text, explain)
	t.sections.mark(d.reading, p.Employer)
	d.match(t.matcher)
	out := Tags{ID: p.ID, Taxonomy: t.version, Evidence: s.evidence[:0], Metrics: []string{}}
	t.vocabulary.nameSkills(d, &out)
	t.classifier.classify(d, &out)
	t.facts.read(d, &out)
	out.Words, out.OtherWords = d.words()
	out.Notes = append(out.Notes, d.notes(cut)...)
	s.evidence, out.Evidence = out.Evidence, append([]Evidence{}, out.Evidence...)
	clear(s.evidence) // it holds on to the posting
	if out.Districts == nil {
		out.Districts = []Share{}
	}
	if out.Streets == nil {
		out.Streets = []Share{}
	}
	if out.Places == nil {
		out.Places = []Place{}
	}
	return out, d.misses
}

// bounded cuts text to what is read, at the start of a character.
func bounded(text string) (string, bool) {
	if len(text) <= longestText {
		return text, false
	}
	n := longestText
	for n > longestText-4 && text[n]&0xC0 == 0x80 {
		n--
	}
	return text[:n], true
}

// notes say why a posting could not be read, or not all of it.
func (d *document) notes(cut bool) []string {
	var notes []string
	body := d.lines
	if d.title == "" {
		notes = append(notes, "no title")
	} else {
		body = body[1:]
	}
	if cut {
		notes = append(notes, "only the first MiB of the text was read")
	}
	if len(body) == 0 {
		return append(notes, "no text")
	}
	if !slices.ContainsFunc(body, func(l line) bool { return !l.heading }) {
		return append(notes, "the text is only headings")
	}
	if !slices.ContainsFunc(body, func(l line) bool { return l.section.counts() }) {
		notes = append(notes, "no part of the text speaks of the person")
	}
	return notes
}
