package tag

import (
	"errors"
	"io/fs"
	"sync"
)

// facts reads pay, workplace, employment type, seniority, years, degree,
// language and places. What a posting does not say stays unspecified.
type facts struct {
	lexicon   *lexicon
	gazetteer *gazetteer
	pool      sync.Pool // of *tokens
}

func newFacts(fsys fs.FS) (*facts, error) {
	lexicon, wordsErr := newLexicon(fsys)
	gazetteer, placesErr := newGazetteer(fsys)
	if err := errors.Join(wordsErr, placesErr); err != nil {
		return nil, err
	}
	return &facts{lexicon: lexicon, gazetteer: gazetteer}, nil
}

// scratch is an empty tokens; release gives it back.
func (f *facts) scratch() *tokens {
	if ts, ok := f.pool.Get().(*tokens); ok {
		return ts
	}
	return &tokens{}
}

func (f *facts) release(ts *tokens) {
	ts.plain = ""
	if cap(ts.all) > 1<<16 { // of one huge text
		return
	}
	f.pool.Put(ts)
}

// read fills the facts of out.
func (f *facts) read(d *document, out *Tags) {
	ts := f.scratch()
	defer f.release(ts)
	f.lexicon.cut(ts, d.plain)
	head := d.head(ts)
	out.Language = readLanguage(ts, d.posting.Language)
	f.readPlaces(d, ts, head, out)
	f.readPay(d, ts, head, f.home(ts, out.Places), out)
	f.readWorkplace(d, ts, head, out)
	f.readEmployment(d, ts, head, out)
	asked, years := f.readYears(d, ts, out)
	f.readDegree(d, ts, out)
	f.readSeniority(d, ts, head, asked, years, out)
}

// headLine is the tokens, first and last inclusive, of a posting's title, or in
// postings without one of the line that stands for it.
type headLine struct {
	first, last int
	title       bool
}

// head finds the head line: of a posting without a title, the first line as far as
// its last bar and a few words more.
func (d *document) head(ts *tokens) headLine {
	h := headLine{title: len(d.lines) > 0 && d.lines[0].section == sectionTitle}
	for h.first < len(ts.all)-1 && ts.all[h.first].kind == tokenBreak {
		h.first++
	}
	h.last = h.first
	for h.last+1 < len(ts.all) && ts.all[h.last+1].kind != tokenBreak {
		h.last++
	}
	if h.title {
		return h
	}
	end := h.first + 30 // a first line may run on into a paragraph
	for i := h.first; i <= h.last; i++ {
		if ts.isSign(i, "|") {
			end = i + 8
		}
	}
	h.last = min(h.last, end)
	return h
}

// prove adds the evidence that tokens first to last, both inclusive, give.
func (f *facts) prove(d *document, ts *tokens, out *Tags, tag, rule string, first, last int) {
	start, end := int(ts.all[first].start), int(ts.all[last].end)
	if len(d.lines) == 0 || start >= end {
		return
	}
	i := d.lineAt(start)
	end = min(end, d.lines[i].end)
	if start < d.lines[i].start || start >= end {
		return
	}
	out.Evidence = append(out.Evidence, d.evidence(tag, rule, i, start, end, 0))
}
