package tag

import (
	"fmt"
	"slices"
	"strings"
)

// skill is one entry of configs/taxonomy/skills.
type skill struct {
	id, name, kind string
	technical      bool // side
	notion         bool // a concept or method, rather than a thing
	districts      []string
	tag            string  // of its evidence: "skill:" + id
	worth          float64 // its own weight; see worth
}

// metric is one entry of metrics.yaml.
type metric struct {
	id, name, tag string
	districts     []string
}

// surface is one way to write a skill or a metric: what a hit of layerSkill or
// layerMetric owns.
type surface struct {
	of        int32 // index of the skill or metric; -1: a phrase that is none, for all its letters
	ambiguous bool  // also an everyday word
	naming    naming
	text      string // as the taxonomy has it
}

// naming is how a surface names its skill.
type naming uint8

const (
	phrase    naming = iota // not by a name: "Kubernetes clusters"
	otherName               // by a name of its own, as which the posting knows it: "OTel", "Apache Kafka"
	ownName                 // by the name that the taxonomy gives it
	loosely                 // by its own name in another case than it must have
)

// Rules that made a skill count, as evidence names them.
const (
	ruleForm    = "skill/form"    // the words are plain
	ruleShared  = "skill/shared"  // its last word stands behind its neighbour: "unit and integration tests"
	ruleContext = "skill/context" // a word of its context stands in the line or the title
	ruleList    = "skill/list"    // it stands in an enumeration of skills
	ruleItem    = "skill/item"    // it stands in a requirement beside another skill
	ruleNear    = "skill/near"    // the words before or behind it are said of skills
	ruleMetric  = "metric/form"
)

// mostEvidence is how many places of one skill are kept as evidence.
const mostEvidence = 3

// candidate is a place in a line that may name a skill.
type candidate struct {
	hit
	s      *surface
	run    int32  // its enumeration
	rule   string // why it counts; "": it does not
	shared bool   // it shares the last word of the next
}

// nameSkills finds the skills and metrics that d names, into d.skills, and those
// of them that are asked of the person into out.Skills and out.Metrics, with
// evidence.
func (v *vocabulary) nameSkills(d *document, out *Tags) {
	found := d.skills[:0]
	var room [48]candidate
	for i := range d.lines {
		if !d.lines[i].section.counts() {
			continue
		}
		cands := v.candidates(d, i, room[:0])
		if len(cands) == 0 {
			continue
		}
		v.vouch(d, i, cands)
		cues := v.cuesOf(d, i)
		in := lineTraits{examples: exampleIn(cues, d.lines[i])}
		for k := range cands {
			if c := &cands[k]; c.rule != "" && v.denied(d, i, c) {
				c.rule = ""
			} else if c.rule != "" && c.layer == layerSkill && !v.skills[c.s.of].notion {
				in.things++
			}
		}
		for k := range cands {
			switch c := &cands[k]; {
			case c.rule == "":
			case c.layer == layerMetric:
				v.addMetric(d, i, c, out)
			default:
				found = v.addSkill(found, d, i, cands, k, v.cuesIn(d, i, c, cues), in)
			}
		}
	}
	d.skills = found
	v.keep(d, out)
}

// keep puts the skills that are asked of the person into out, with evidence.
func (v *vocabulary) keep(d *document, out *Tags) {
	out.Skills = make([]Skill, 0, len(d.skills))
	things := 0
	for k := range d.skills {
		if !d.skills[k].skill.notion {
			things++
		}
	}
	for k := range d.skills {
		f := &d.skills[k]
		f.has |= counted(f.count) | company(len(d.skills))
		switch {
		case things >= 10:
			f.has |= 1 << traitRich
		case things == 0 || things == 1 && !f.skill.notion:
			f.has |= 1 << traitPoor
		}
		f.has = pairsOf(f.has)
		f.worth = v.worth.of(d, f)
		f.asked = f.worth >= 0
		places := f.places[:min(f.count, mostEvidence)]
		for _, p := range places {
			if f.asked {
				out.Evidence = append(out.Evidence, d.evidence(f.skill.tag, p.rule, int(p.line), int(p.start), int(p.end), f.worth))
			} else if d.explain {
				d.miss(f.skill.tag, int(p.line), hit{start: int(p.start), end: int(p.end)}, fmt.Sprintf("named, but hardly asked for (worth %.2f)", f.worth))
			}
		}
		if f.asked {
			out.Skills = append(out.Skills, Skill{f.skill.id, f.name(), f.need.String()})
		}
	}
}

// name is what the posting calls the skill, if it never uses the skill's own name
// but another one; otherwise the skill's own.
func (f *namedSkill) name() string {
	if f.own || f.alias == "" {
		return f.skill.name
	}
	return nameMarks.Replace(f.alias)
}

// nameMarks are the marks that a name has in many forms.
var nameMarks = strings.NewReplacer("\u2010", "-", "\u2011", "-", "\u2019", "'", "\n", " ")

// counted are the traits of being named n times.
func counted(n int) uint64 {
	switch {
	case n >= 4:
		return 1<<traitTwice | 1<<traitOften
	case n >= 2:
		return 1 << traitTwice
	}
	return 0
}

// company is the trait of being named beside others, n with itself.
func company(n int) uint64 {
	switch {
	case n <= 2:
		return 1 << traitNamed
	case n <= 6:
		return 1 << traitNamed3
	case n <= 14:
		return 1 << traitNamed7
	case n <= 30:
		return 1 << traitNamed15
	}
	return 1 << traitNamed31
}

// candidates are the hits of line i that may be skills or metrics.
func (v *vocabulary) candidates(d *document, i int, dst []candidate) []candidate {
	for _, h := range d.hitsOf(i) {
		var s *surface
		switch h.layer {
		case layerSkill:
			s = &v.surfaces[h.owner]
		case layerMetric:
			s = &v.measures[h.owner]
		default:
			continue
		}
		if s.of < 0 {
			d.miss("", i, h, "hard negative "+s.text)
			continue
		}
		if inAddress(d.plain, d.lines[i], h.start, h.end) {
			d.miss(v.tagOf(h.layer, s), i, h, "part of an address")
			continue
		}
		if n := len(dst); n > 0 && dst[n-1].start == h.start && dst[n-1].end == h.end && dst[n-1].layer == h.layer {
			if dst[n-1].s.naming == loosely { // the same words, in the case they must have
				dst[n-1] = candidate{hit: h, s: s}
			}
			continue
		}
		dst = append(dst, candidate{hit: h, s: s})
	}
	return v.shared(d, i, dst)
}

// vouch decides which candidates of line i count, and by which rule.
func (v *vocabulary) vouch(d *document, i int, cands []candidate) {
	plain := 0
	doubtful := false
	for k := range cands {
		if cands[k].s.ambiguous {
			doubtful = true
			continue
		}
		cands[k].rule = ruleForm
		if cands[k].shared {
			cands[k].rule = ruleShared
		}
		if cands[k].layer == layerSkill {
			plain++
		}
	}
	if !doubtful {
		return
	}
	runs(d.plain, cands)
	for k := range cands {
		c := &cands[k]
		if !c.s.ambiguous {
			continue
		}
		c.rule = v.ruleFor(d, i, cands, k, plain)
		if c.rule == "" {
			d.miss(v.tagOf(c.layer, c.s), i, c.hit, "an everyday word without a strong neighbour")
		}
	}
}

// ruleFor is why the ambiguous candidate k of line i counts, or "".
func (v *vocabulary) ruleFor(d *document, i int, cands []candidate, k, plain int) string {
	c := &cands[k]
	l := d.lines[i]
	switch {
	case hyphened(d.plain, l, c.start, c.end):
		return ""
	case c.s.naming == loosely:
		whole := open(d.plain[c.end:l.end]) && openBefore(d.plain[l.start:c.start])
		if whole && listed(cands, c.run) || fills(d.plain, l, c.start, c.end) && v.listedAround(d, i) {
			return ruleList
		}
		return ""
	case v.inContext(d, i, c):
		return ruleContext
	case listed(cands, c.run) || fills(d.plain, l, c.start, c.end) && v.listedAround(d, i):
		return ruleList
	case plain > 0 && l.item && (l.section == sectionRequirements || l.section == sectionNice):
		return ruleItem
	case v.near(d, i, c):
		return ruleNear
	}
	return ""
}

// runs numbers the enumerations of a line: candidates with nothing between them
// but separators, conjunctions and a word or two.
func runs(plain string, cands []candidate) {
	run := int32(0)
	for k := range cands {
		if k > 0 && !enumerates(plain[min(cands[k-1].end, cands[k].start):cands[k].start]) {
			run++
		}
		cands[k].run = run
	}
}

// listed says whether an enumeration vouches for its ambiguous members: with one
// plain skill in it, or with three that are written as they must be.
func listed(cands []candidate, run int32) bool {
	size := 0
	for k := range cands {
		if cands[k].run == run && cands[k].layer == layerSkill && cands[k].s.naming != loosely {
			if !cands[k].s.ambiguous {
				return true
			}
			size++
		}
	}
	return size >= 3
}

// conjunctions join the members of an enumeration, as separators do.
var conjunctions = []string{"and", "or", "und", "oder", "et", "ou", "y", "o", "e", "en", "of", "plus", "as", "well", "with", "like", "such", "vs", "to", "on", "in"}

// enumerates says whether gap joins two members of an enumeration.
func enumerates(gap string) bool {
	const longest = 32
	if len(gap) > longest || gap == "" {
		return false
	}
	if gap == " " || strings.Contains(gap, ". ") {
		return false
	}
	separators, words := 0, 0
	first, last := true, false
	for i := 0; i < len(gap); {
		c := gap[i]
		switch {
		case c == ' ':
			i++
			continue
		case folded[c] != 0:
			j := i
			for j < len(gap) && (folded[gap[j]] != 0 || gap[j] == '.' || gap[j] == '-') {
				j++
			}
			w := gap[i:j]
			i = j
			last = slices.Contains(conjunctions[:10], strings.ToLower(w))
			if last {
				separators++
			} else {
				if first {
					return false // the form goes on
				}
				words++
			}
		default:
			separators++
			last = true
			i++
		}
		first = false
	}
	return separators > 0 && words <= 2 && last
}

// fills says whether plain[start:end] is all of the line, but for marks.
func fills(plain string, l line, start, end int) bool {
	return !hasWord([]byte(plain[l.start:start])) && !hasWord([]byte(plain[end:l.end]))
}

// listedAround says whether a line beside line i names a plain skill too.
func (v *vocabulary) listedAround(d *document, i int) bool {
	for k := max(0, i-3); k <= min(len(d.lines)-1, i+3); k++ {
		if k == i || !d.lines[k].section.counts() || d.lines[k].section == sectionTitle {
			continue
		}
		for _, h := range d.hitsOf(k) {
			if h.layer == layerSkill && v.surfaces[h.owner].of >= 0 && !v.surfaces[h.owner].ambiguous && d.lines[k].end-d.lines[k].start < 60 {
				return true
			}
		}
	}
	return false
}

// hyphened says whether plain[start:end] is a part of a hyphenated word, other
// than of one like "Go-based".
func hyphened(plain string, l line, start, end int) bool {
	if start > l.start && plain[start-1] == '-' && start-1 > l.start && folded[plain[start-2]] != 0 {
		return true
	}
	return end+1 < l.end && plain[end] == '-' && folded[plain[end+1]] != 0 && !strings.HasPrefix(plain[end+1:], "based") && !strings.HasPrefix(plain[end+1:], "like")
}

// inAddress says whether plain[start:end] is a part of a URL or an e-mail address.
func inAddress(plain string, l line, start, end int) bool {
	joins := func(i int) bool {
		return i >= l.start && i < l.end && strings.IndexByte("./@:_-=?&#", plain[i]) >= 0
	}
	if !joins(start-1) && !joins(end) {
		return false
	}
	for start > l.start && plain[start-1] > ' ' {
		start--
	}
	for end < l.end && plain[end] > ' ' {
		end++
	}
	w := plain[start:end]
	return strings.Contains(w, "://") || strings.Contains(w, "www.") || strings.IndexByte(w, '@') > 0 || strings.Contains(w, ".com") || strings.Contains(w, ".io/")
}

// addSkill adds candidate k of line i to found.
func (v *vocabulary) addSkill(found []namedSkill, d *document, i int, cands []candidate, k int, cues needCues, in lineTraits) []namedSkill {
	c := &cands[k]
	s := &v.skills[c.s.of]
	at := 0
	for at < len(found) && found[at].skill != s {
		at++
	}
	if at == len(found) {
		found = append(found, namedSkill{skill: s})
	}
	if !s.notion {
		in.things-- // itself
	}
	f := &found[at]
	switch c.s.naming {
	case ownName, loosely:
		f.own = true
	case otherName:
		if f.alias == "" && !c.shared {
			f.alias = d.plain[c.start:c.end]
		}
	}
	f.has |= d.traitsOf(i, cands, k, cues, in)
	p := namedAt{c.rule, int32(i), int32(c.start), int32(c.end)}
	if n := needIn(d.lines[i].section, cues); f.count == 0 || n > f.need {
		f.need = n
		f.places[min(f.count, mostEvidence-1)] = f.places[0]
		f.places[0] = p
	} else if f.count < mostEvidence {
		f.places[f.count] = p
	}
	f.count++
	return found
}

func (v *vocabulary) addMetric(d *document, i int, c *candidate, out *Tags) {
	m := &v.metrics[c.s.of]
	if !slices.Contains(out.Metrics, m.id) {
		out.Metrics = append(out.Metrics, m.id)
		out.Evidence = append(out.Evidence, d.evidence(m.tag, ruleMetric, i, c.start, c.end, 0))
	}
}

// tagOf is the evidence tag of a surface.
func (v *vocabulary) tagOf(l layer, s *surface) string {
	if l == layerMetric {
		return v.metrics[s.of].tag
	}
	return v.skills[s.of].tag
}
