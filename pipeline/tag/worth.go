package tag

import (
	"fmt"
	"io/fs"
	"math/bits"
	"slices"
	"strings"
)

// Not every skill that a posting names is asked of the person: "our cloud team"
// asks for no cloud. Whether one is depends on what it is and on how it stands
// there, which worth.yaml weighs: a sum of named weights, learned from labelled
// postings by TestLearnWorth. A skill counts when the sum is not below 0.

// trait is a way in which a skill stands in a posting; its weights are in worth.yaml.
type trait uint8

const (
	traitAlways trait = iota
	traitRequirements
	traitNice
	traitDuties
	traitBody
	traitTitle
	traitItem        // in a list item
	traitListed      // in an enumeration with another skill
	traitListedLong  // with three others or more
	traitBesidePlain // a skill that is a thing, not a notion, stands in its line
	traitMustCue
	traitNiceCue
	traitMentionCue
	traitTwice
	traitOften    // four times or more
	traitTwoWords // as written
	traitLongName
	traitCapital // written with a capital that no sentence asks for, a digit or a mark
	traitOpen    // nothing goes on behind it: the end, a mark or a conjunction
	traitBegins  // nothing stands before it: the start, a mark or a conjunction
	traitWhole   // both: it stands by itself
	traitAfterOf // behind "with", "in", "of", "using"
	traitVouched // an everyday word that something vouched for
	traitShort   // in a line of fewer than 120 bytes
	traitFirst   // at the start of its line
	traitParens  // inside parentheses
	traitExample // behind "such as", "like", "e.g.", "including"
	traitDense   // five skills or more in its line
	traitRich    // ten things or more in the posting
	traitPoor    // no other thing in the posting
	traitShared  // its last word stands behind its neighbour
	traitNamed   // how many skills the posting names: this one and one more, at most
	traitNamed3  // 3 to 6
	traitNamed7  // 7 to 14
	traitNamed15 // 15 to 30
	traitNamed31 // 31 or more
	traitPairs   // from here on: pairs, see pairsOf
	traits       = traitPairs + pairs
)

// Pairs of traits that together say more than the two by themselves.
var (
	pairSections = [...]trait{traitRequirements, traitDuties, traitBody}
	pairTraits   = [...]trait{traitWhole, traitListedLong, traitBesidePlain, traitMustCue, traitItem, traitCapital}
)

const pairs = trait(len(pairSections) * len(pairTraits))

// pairsOf adds the pairs to has.
func pairsOf(has uint64) uint64 {
	var with uint64
	for i, b := range pairTraits {
		with |= has >> b & 1 << i
	}
	for i, a := range pairSections {
		has |= has >> a & 1 * with << (int(traitPairs) + i*len(pairTraits))
	}
	return has
}

var traitNames = [traitPairs]string{"always", "in requirements", "in nice", "in duties", "in body", "in title", "in a list item", "listed", "listed with three",
	"beside a thing", "must wording", "nice wording", "mention wording", "twice", "four times", "two words", "three words", "capital", "open behind",
	"open before", "by itself", "after a preposition", "vouched", "short line", "first in line", "in parentheses", "as an example", "dense line", "many things", "no other thing",
	"shares a word", "up to 2 skills", "3 to 6 skills", "7 to 14 skills", "15 to 30 skills", "31 skills"}

// traitName names a trait as worth.yaml does.
func traitName(t trait) string {
	if t < traitPairs {
		return traitNames[t]
	}
	p := int(t - traitPairs)
	return traitNames[pairSections[p/len(pairTraits)]] + ", " + traitNames[pairTraits[p%len(pairTraits)]]
}

// worthEntry is worth.yaml.
type worthEntry struct {
	Things  map[string]float64 `yaml:"things"`  // by trait
	Notions map[string]float64 `yaml:"notions"` // by trait, for concepts and methods
	Kinds   map[string]float64 `yaml:"kinds"`
	Skills  map[string]float64 `yaml:"skills"` // by id
	Words   struct {
		Things, Notions struct {
			Before map[string]float64 `yaml:"before"`
			After  map[string]float64 `yaml:"after"`
		}
	} `yaml:"words"` // the words straight before and behind
}

const worthFile = "worth.yaml"

// worth is the compiled weights. Without a file every skill counts.
type worth struct {
	things, notions [traits]float64
	before, after   [2]map[string]float64 // of things, of notions
}

func newWorth(fsys fs.FS, skills []skill) (*worth, error) {
	e, err := decodeFile[worthEntry](fsys, worthFile)
	if err != nil {
		return nil, err
	}
	var w worth
	for _, l := range []struct {
		of map[string]float64
		to *[traits]float64
	}{{e.Things, &w.things}, {e.Notions, &w.notions}} {
		names := make([]string, traits)
		for i := range names {
			names[i] = traitName(trait(i))
		}
		for name, v := range l.of {
			i := slices.Index(names, name)
			if i < 0 {
				return nil, fmt.Errorf("%s: unknown trait %q%s", worthFile, name, suggestion(name, names))
			}
			l.to[i] = v
		}
	}
	w.before = [2]map[string]float64{e.Words.Things.Before, e.Words.Notions.Before}
	w.after = [2]map[string]float64{e.Words.Things.After, e.Words.Notions.After}
	for i := range skills {
		skills[i].worth = e.Kinds[skills[i].kind] + e.Skills[skills[i].id]
	}
	return &w, nil
}

// of is what f is worth, which stands in d.
func (w *worth) of(d *document, f *namedSkill) float64 {
	weights, class := &w.things, 0
	if f.skill.notion {
		weights, class = &w.notions, 1
	}
	sum := f.skill.worth
	for has := f.has; has != 0; has &= has - 1 {
		sum += weights[bits.TrailingZeros64(has)]
	}
	var before, after [mostEvidence]string
	for k, p := range f.places[:min(f.count, mostEvidence)] {
		before[k], after[k] = d.neighbours(p)
		sum += weightOf(w.before[class], before[:k+1]) + weightOf(w.after[class], after[:k+1])
	}
	return sum
}

// weightOf is the weight of the last of words, 0 if it is also an earlier one.
func weightOf(weights map[string]float64, words []string) float64 {
	last := words[len(words)-1]
	for _, w := range words[:len(words)-1] {
		if strings.EqualFold(w, last) {
			return 0
		}
	}
	var room [24]byte
	if len(last) > len(room) {
		return 0 // longer than any that has a weight
	}
	lower := room[:len(last)]
	for i := range lower {
		lower[i] = last[i]
		if c := last[i]; 'A' <= c && c <= 'Z' {
			lower[i] += 'a' - 'A'
		}
	}
	return weights[string(lower)]
}

// noWord stands for the start or the end of a line, where a word would.
const noWord = "^"

// neighbours are the words straight before and behind p, without the ASCII marks
// around them: "" if there are only marks, [noWord] if there is nothing.
func (d *document) neighbours(p namedAt) (before, after string) {
	l := d.lines[p.line]
	lead, rest := strings.TrimRight(d.plain[l.start:p.start], " "), strings.TrimLeft(d.plain[p.end:l.end], " ")
	before, after = noWord, noWord
	if lead != "" {
		before = bareWord(lead[strings.LastIndexByte(lead, ' ')+1:])
	}
	if rest != "" {
		after, _, _ = strings.Cut(rest, " ")
		after = bareWord(after)
	}
	return before, after
}

// bareWord is w without the ASCII marks around it.
func bareWord(w string) string {
	for w != "" && headingEdge(w[0]) {
		w = w[1:]
	}
	for w != "" && headingEdge(w[len(w)-1]) {
		w = w[:len(w)-1]
	}
	return w
}

// lineTraits are what the skills of one line have in common.
type lineTraits struct {
	things   int // how many are things, not notions
	examples int // where examples begin
}

// traitsOf are the traits of candidate k of line i.
func (d *document) traitsOf(i int, cands []candidate, k int, cues needCues, in lineTraits) uint64 {
	l, c := d.lines[i], &cands[k]
	has := uint64(1) << traitAlways
	set := func(t trait, is bool) {
		if is {
			has |= 1 << t
		}
	}
	switch l.section {
	case sectionTitle:
		set(traitTitle, true)
	case sectionRequirements:
		set(traitRequirements, true)
	case sectionNice:
		set(traitNice, true)
	case sectionDuties:
		set(traitDuties, true)
	default:
		set(traitBody, true)
	}
	listed := 0
	for m := range cands {
		if m != k && cands[m].run == c.run && cands[m].rule != "" && cands[m].layer == layerSkill {
			listed++
		}
	}
	set(traitItem, l.item)
	set(traitListed, listed > 0)
	set(traitListedLong, listed > 2)
	set(traitBesidePlain, in.things > 0)
	set(traitDense, len(cands) >= 5)
	set(traitMustCue, cues.must)
	set(traitNiceCue, cues.nice)
	set(traitMentionCue, cues.mention)
	set(traitVouched, c.s.ambiguous)
	set(traitShared, c.shared)
	set(traitShort, l.end-l.start < 120)
	set(traitFirst, c.start-l.start < 3)
	words := strings.Count(d.plain[c.start:c.end], " ") + 1
	set(traitTwoWords, words == 2)
	set(traitLongName, words > 2)
	set(traitCapital, d.capital(l, c.start, c.end))
	behind, before := open(d.plain[c.end:l.end]), openBefore(d.plain[l.start:c.start])
	set(traitOpen, behind)
	set(traitBegins, before)
	set(traitWhole, behind && before)
	set(traitAfterOf, afterPreposition(d.plain[l.start:c.start]))
	lead := d.plain[max(l.start, c.start-60):c.start]
	set(traitParens, strings.LastIndexByte(lead, '(') > strings.LastIndexByte(lead, ')'))
	set(traitExample, in.examples < c.start)
	return has
}

// capital says whether plain[start:end] is written as a name.
func (d *document) capital(l line, start, end int) bool {
	w := d.plain[start:end]
	for i := range len(w) {
		c := w[i]
		switch {
		case c >= '0' && c <= '9', c == '+', c == '#', c == '.':
			return true
		case c >= 'A' && c <= 'Z':
			if i > 0 && w[i-1] != ' ' {
				return true
			}
			if i == 0 && start-l.start > 3 && d.plain[start-2] != '.' && d.plain[start-2] != ':' {
				return true
			}
		}
	}
	return false
}

// open says whether rest, the text behind a skill, begins with something other
// than a word that the skill could be a part of.
func open(rest string) bool {
	if rest == "" || rest[0] != ' ' {
		return rest == "" || rest[0] != '-'
	}
	w := firstWordOf(rest[1:])
	switch w {
	case "":
		return true
	case "and", "or", "is", "are", "to", "in", "with", "on", "for", "as", "using", "at", "by", "from", "a", "plus", "und", "oder", "et", "y", "that", "which", "where", "such", "like", "through", "via", "within", "across", "you", "we", "experience", "knowledge", "skills", "expertise", "required", "preferred", "etc":
		return true
	}
	return false
}

func firstWordOf(s string) string {
	j := 0
	for j < len(s) && folded[s[j]] != 0 {
		j++
	}
	return s[:j]
}

// openBefore is open for the text before a skill.
func openBefore(lead string) bool {
	lead = strings.TrimRight(lead, " ")
	if lead == "" || folded[lead[len(lead)-1]] == 0 && lead[len(lead)-1] < 0x80 {
		return lead == "" || lead[len(lead)-1] != '-'
	}
	switch lastWordOf(lead) {
	case "and", "or", "with", "in", "of", "using", "like", "as", "und", "oder", "et", "y", "on", "to", "for", "the", "a", "an", "mit", "en", "including", "e.g", "via", "into", "by", "plus", "knowledge":
		return true
	}
	return false
}

func lastWordOf(s string) string {
	i := len(s)
	for i > 0 && s[i-1] != ' ' && s[i-1] != '(' && s[i-1] != ',' && s[i-1] != '/' && s[i-1] != ';' && s[i-1] != ':' {
		i--
	}
	return s[i:]
}

func afterPreposition(lead string) bool {
	switch lastWordOf(strings.TrimRight(lead, " ")) {
	case "with", "in", "of", "using", "mit", "on", "avec", "con", "like":
		return true
	}
	return false
}
