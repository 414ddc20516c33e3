package tag

import (
	"slices"

	"jobcity/pipeline/posting"
)

// layer keeps families of forms apart. Within a layer hits are leftmost-longest
// and do not overlap; layers do not hide one another, so that the phrase
// "experience with python" of one layer leaves "python" to another.
type layer uint8

// The layers. Each numbers its owners by itself.
const (
	layerSkill  layer = iota // skills; owner: index into vocabulary.surfaces
	layerMetric              // district metrics; owner: index into vocabulary.measures
	layerCue                 // wording of need and of context; owner: index into vocabulary.cues
	layers                   // how many there are
)

// scratch is what one call of the tagger leaves to the next: buffers.
type scratch struct {
	stripper stripper
	document document
	evidence []Evidence
}

// open makes the document of p, on the buffers of s.
func (s *scratch) open(p *posting.Posting, text string, explain bool) *document {
	d := &s.document
	*d = document{posting: p, reading: s.stripper.read(p.Title, text), explain: explain, hits: d.hits, first: d.first, skills: d.skills[:0], cues: d.cues}
	return d
}

// document is one posting on its way through the tagger. All offsets are bytes
// of reading.plain, in which the title, if there is one, is the first line.
type document struct {
	posting *posting.Posting
	*reading
	hits   []hit   // of the lines that count; all layers, ascending by start
	first  []int32 // hits of line i: hits[first[i]:first[i+1]]
	skills []namedSkill

	cues    []cueHit // of the line in hand
	explain bool
	misses  []Miss // kept when explain
}

// match fills d.hits and d.first.
func (d *document) match(m *matcher) {
	d.hits = d.hits[:0]
	d.first = slices.Grow(d.first[:0], len(d.lines)+1)[:len(d.lines)+1]
	for i, l := range d.lines {
		d.first[i] = int32(len(d.hits))
		if l.section.counts() {
			d.hits = m.findIn(d.plain, l.start, l.end, d.hits)
		}
	}
	d.first[len(d.lines)] = int32(len(d.hits))
}

// miss notes, for [Tagger.Explain], that h nearly made a tag.
func (d *document) miss(tag string, i int, h hit, why string) {
	if !d.explain {
		return
	}
	e := d.evidence(tag, "", i, h.start, h.end, 0)
	d.misses = append(d.misses, Miss{Tag: tag, Why: why, Start: e.Start, End: e.End, Text: e.Text, Section: e.Section})
}

// hitsOf returns the hits inside line i, none if its section does not count.
func (d *document) hitsOf(i int) []hit { return d.hits[d.first[i]:d.first[i+1]] }

// evidence is the evidence for a tag that the words plain[start:end] of line i
// gave, as rule.
func (d *document) evidence(tag, rule string, i, start, end int, weight float64) Evidence {
	from, to := d.original(start, end)
	text := d.text
	if d.lines[i].section == sectionTitle {
		text = d.rawTitle
	}
	return Evidence{Tag: tag, Rule: rule, Start: from, End: to, Text: text[from:to], Section: d.lines[i].section.String(), Weight: weight}
}

// namedSkill is a skill that the document names in a section that counts. The
// classifier sees all of them; only those that are asked of the person are tags.
type namedSkill struct {
	skill  *skill
	need   need
	asked  bool    // of the person: worth is not below 0
	worth  float64 // see worth.go
	has    uint64  // traits, by bit
	count  int     // how many times it is named
	own    bool    // by its own name
	alias  string  // the first other name, as written; "" if there is none
	places [mostEvidence]namedAt
}

// namedAt is where a skill is named.
type namedAt struct {
	rule       string
	line       int32
	start, end int32 // in plain
}
