package tag

import "strings"

// need is how much a posting wants a skill.
type need uint8

const (
	needMention need = iota
	needNice
	needMust
)

var needNames = [...]string{"mention", "nice", "must"}

func (n need) String() string { return needNames[n] }

// needEntry is needs.yaml.
type needEntry struct {
	Nice     []word `yaml:"nice"`
	Must     []word `yaml:"must"`
	Mention  []word `yaml:"mention"`
	Negation []word `yaml:"negation"`
	Before   []word `yaml:"before"`
	After    []word `yaml:"after"`
	Examples []word `yaml:"examples"`
}

const needFile = "needs.yaml"

// cueHit is a cue found in the line in hand.
type cueHit struct {
	start, end int
	*cue
}

// cuesOf are the cues of need in line i.
func (v *vocabulary) cuesOf(d *document, i int) []cueHit {
	out := d.cues[:0]
	for _, h := range d.hitsOf(i) {
		if h.layer == layerCue {
			if q := &v.cues[h.owner]; q.nice || q.must || q.mention || q.example {
				out = append(out, cueHit{h.start, h.end, q})
			}
		}
	}
	d.cues = out
	return out
}

// exampleIn is where examples begin in line l, which has cues, or its end.
func exampleIn(cues []cueHit, l line) int {
	for _, q := range cues {
		if q.example {
			return q.start
		}
	}
	return l.end
}

// needCues are the cues of one sentence.
type needCues struct{ nice, must, mention bool }

// cuesIn are the cues of the sentence that c stands in.
func (v *vocabulary) cuesIn(d *document, i int, c *candidate, cues []cueHit) needCues {
	var in needCues
	if len(cues) == 0 {
		return in
	}
	from, to := sentence(d.plain, d.lines[i], c.start, c.end)
	for _, q := range cues {
		if q.start < from || q.end > to || q.start < c.end && c.start < q.end {
			continue
		}
		in.nice = in.nice || q.nice
		in.must = in.must || q.must
		in.mention = in.mention || q.mention
	}
	return in
}

// needIn is how much a place in section s wants its skill: by the wording of its
// sentence, else by the section.
func needIn(s section, cues needCues) need {
	switch {
	case cues.nice, s == sectionNice:
		return needNice
	case cues.must:
		return needMust
	case cues.mention:
		return needMention
	case s == sectionTitle, s == sectionRequirements, s == sectionDuties:
		return needMust
	}
	return needMention
}

// sentence is the sentence of line l around plain[start:end].
func sentence(plain string, l line, start, end int) (int, int) {
	from, to := l.start, l.end
	for i := start - 2; i >= l.start; i-- {
		if ends(plain, i) {
			from = i + 1
			break
		}
	}
	for i := end; i+1 < l.end; i++ {
		if ends(plain, i) {
			to = i
			break
		}
	}
	return from, to
}

// ends says whether a sentence ends at plain[i].
func ends(plain string, i int) bool {
	switch plain[i] {
	case '.', '!', '?', ';':
		return plain[i+1] == ' '
	}
	return false
}

// fillers may stand between a negation and what it denies.
var fillers = strings.NewReplacer(" a ", " ", " an ", " ", " any ", " ", " the ", " ", " prior ", " ", " previous ", " ", " need for ", " ", " need to know ", " ", " experience with ", " ", " experience in ", " ", " knowledge of ", " ")

// denied says whether the words straight before c deny it: "no Java".
func (v *vocabulary) denied(d *document, i int, c *candidate) bool {
	const farthest = 24
	for _, h := range d.hitsOf(i) {
		if h.start >= c.start {
			break
		}
		if h.layer != layerCue || h.end >= c.start || c.start-h.end > farthest || !v.cues[h.owner].negation {
			continue
		}
		if gap := d.plain[h.end:c.start]; gap == " " || strings.TrimSpace(fillers.Replace(gap)) == "" {
			d.miss(v.tagOf(c.layer, c.s), i, c.hit, "denied by "+d.plain[h.start:h.end])
			return true
		}
	}
	return false
}
