package tag

// A signal is one thing the classifier sees in a posting, by name:
//
//	title:WORDS    a word or two of the title
//	head:WORDS     the last word or two of the title's first part
//	class:ID       a class of title words (titles.yaml), anywhere in the title
//	headclass:ID   the same in the title's first part
//	about:ID       the same in what the text asks of the person
//	role:ID        the same in a posting without a title, in short lines and in
//	               lines that seek someone ("we are hiring …")
//	lead:ID        the same in the first line of a posting without a title
//	untitled       the posting has no title
//	facet:ID.RULE  a rule of facets.yaml in what the text asks of the person
//	body:WORDS     a word or two of what the text asks of the person
//
// Its value is 1, or for classes and rules found in the text up to 3: 1 for the
// first sentence and a half for each further one. So neither the length of a text
// nor repeating it counts.

// kind is what a phrase means, in the upper byte of its payload.
type kind int32

const (
	kindTitle kind = iota << 24
	kindHead
	kindClass
	kindBody
	kindSign
	kindVerb
	kindObject
	kindNot
	kindDeny

	kindMask int32 = 0x7f << 24
)

// mostValue is how much a signal can count.
const mostValue = 3

// denial is how many words behind a negation are denied.
const denial = 3

// reach is how many words may stand between a verb and its object.
const reach = 10

// longestTitle is how many words of a title are read, and of the first line of
// a posting that has none.
const longestTitle = 40

// trace is the signals of one posting.
type trace struct {
	words   []spelling
	starts  []int32
	value   []float32 // by feature
	place   []mark    // by feature: where it was first found
	seen    []int32   // by feature: the sentence of the last time it counted
	touched []int32   // features with a value, in order of appearance

	sentence int32
	signs    []signHit // of the present sentence
	verb     []int32   // by rule: word behind its last verb in the present sentence
	verbIn   []int32   // by rule: the sentence that is true of
	verbFrom []int32   // by rule: the verb's first word
	denied   int       // the word of the last negation in the present sentence

	score   []float32 // by output
	wanted  []proof
	proofOf []int8 // by output: index into wanted, plus one
}

// mark is plain[start:end] of a line.
type mark struct{ line, start, end int32 }

// signHit is a phrase of a facet's rule: words[from:to] of the present line.
type signHit struct {
	rule, from, to int32
	not            bool
}

func (t *trace) reset(features, rules int) {
	if len(t.value) != features || len(t.verb) != rules {
		t.value, t.place, t.seen = make([]float32, features), make([]mark, features), make([]int32, features)
		t.verb, t.verbIn, t.verbFrom = make([]int32, rules), make([]int32, rules), make([]int32, rules)
	}
	for _, f := range t.touched {
		t.value[f], t.seen[f] = 0, 0
	}
	clear(t.verbIn)
	t.touched, t.sentence = t.touched[:0], 1
}

// once counts feature f, found at words[from:to] of line i, if it was not found yet.
func (t *trace) once(f int32, i, from, to int) {
	if f < 0 || t.value[f] != 0 {
		return
	}
	t.value[f] = 1
	t.touched = append(t.touched, f)
	t.place[f] = mark{int32(i), t.words[from].start, t.words[to-1].end}
}

// again counts feature f once a sentence.
func (t *trace) again(f int32, i, from, to int) {
	if f < 0 || t.seen[f] == t.sentence {
		return
	}
	if t.value[f] == 0 {
		t.once(f, i, from, to)
	} else if t.value[f] < mostValue {
		t.value[f] += 0.5
	}
	t.seen[f] = t.sentence
}

// observe traces the signals of d.
func (c *classifier) observe(d *document, t *trace) {
	t.reset(len(c.features), len(c.rules))
	if len(d.lines) == 0 {
		return
	}
	titled := d.lines[0].section == sectionTitle
	c.observeTitle(d, t, titled)
	if !titled && len(t.words) > 0 {
		t.once(c.untitled, 0, 0, 1)
	}
	for i, l := range d.lines {
		if l.section != sectionTitle && l.section.counts() {
			c.observeLine(d, t, i, titled)
		}
	}
}

// observeTitle reads the title or, where there is none, the first line.
func (c *classifier) observeTitle(d *document, t *trace, titled bool) {
	l := d.lines[0]
	t.words = spell(t.words[:0], d.plain, l.start, l.end)
	if len(t.words) > longestTitle {
		t.words = t.words[:longestTitle]
	}
	t.starts = c.title.know(t.words, t.starts)
	head := 0
	if titled {
		head = c.headEnd(d.plain, t.words)
	}
	free := 0 // classes are leftmost-longest: none begins before this word
	for i := range t.words {
		class, classEnd := int32(-1), 0
		node := t.starts[i]
		for k := i; node != 0; {
			k++
			for _, p := range c.title.of(node) {
				if !titled && kind(p&kindMask) != kindClass {
					continue
				}
				switch index := p &^ kindMask; kind(p & kindMask) {
				case kindTitle:
					t.once(index, 0, i, k)
				case kindHead:
					if k == head {
						t.once(index, 0, i, k)
					}
				case kindClass:
					class, classEnd = index, k
				}
			}
			if k >= len(t.words) {
				break
			}
			node = c.title.step(node, t.words[k].id)
		}
		if class >= 0 && i >= free {
			free = classEnd
			if !titled {
				t.once(c.classes[class].inLead, 0, i, classEnd)
				continue
			}
			t.once(c.classes[class].inTitle, 0, i, classEnd)
			if classEnd <= head {
				t.once(c.classes[class].inHead, 0, i, classEnd)
			}
		}
	}
}

// headEnd is where the first part of a title ends, in words: before the first
// comma, bar, bracket, colon or dash, and without the grade behind it ("Software
// Engineer II, Payments": 2). If that is but a rank, the head goes on with the
// second part ("Manager, Data Engineering": 3).
func (c *classifier) headEnd(plain string, words []spelling) int {
	n := partEnd(plain, words, 0)
	if c.ranks.hasAll(words[:n]) {
		n = partEnd(plain, words, n)
	}
	for n > 1 && isGrade(plain[words[n-1].start:words[n-1].end]) {
		n--
	}
	return n
}

// partEnd is the end of the part of a title that begins at word i.
func partEnd(plain string, words []spelling, i int) int {
	for i++; i < len(words); i++ {
		if parts(plain[words[i-1].end:words[i].start]) {
			return i
		}
	}
	return len(words)
}

// parts says whether what stands between two words of a title parts it.
func parts(gap string) bool {
	for i, r := range gap {
		switch r {
		case ',', '|', '(', '[', ':', '–', '—':
			return true
		case '-':
			if i > 0 && gap[i-1] == ' ' {
				return true
			}
		}
	}
	return false
}

// isGrade says whether a word is a number or a Roman one up to five.
func isGrade(w string) bool {
	if len(w) > 3 {
		return false
	}
	for i := range len(w) {
		if c := w[i] | 0x20; c != 'i' && c != 'v' && byteKinds[w[i]] != byteDigit {
			return false
		}
	}
	return true
}

// observeLine reads a line that asks something of the person.
func (c *classifier) observeLine(d *document, t *trace, line int, titled bool) {
	l := d.lines[line]
	t.words = spell(t.words[:0], d.plain, l.start, l.end)
	t.starts = c.body.know(t.words, t.starts)
	t.signs, t.denied = t.signs[:0], -1
	seeks := !titled && c.seeks(t.words)
	for i := range t.words {
		node := t.starts[i]
		for k := i; node != 0; {
			k++
			n := &c.body.nodes[node]
			for _, p := range c.body.flat[n.payload : n.payload+n.payloads] {
				c.phraseIn(t, p, line, i, k, seeks)
			}
			if !n.more || k >= len(t.words) || t.words[k-1].ends {
				break
			}
			node = c.body.step(node, t.words[k].id)
		}
		if t.words[i].ends {
			c.settleSigns(t, line)
		}
	}
	c.settleSigns(t, line)
}

// shortLine is how many words a line that names a role may have.
const shortLine = 12

// seeks says whether a line of these words may name the role that is sought.
func (c *classifier) seeks(words []spelling) bool {
	if len(words) <= shortLine {
		return true
	}
	for _, w := range words {
		if c.seeking.has(w) {
			return true
		}
	}
	return false
}

// phraseIn takes note of the phrase words[i:k] with payload p.
func (c *classifier) phraseIn(t *trace, p int32, line, i, k int, seeks bool) {
	index := p &^ kindMask
	switch kind(p & kindMask) {
	case kindBody:
		t.once(index, line, i, k)
	case kindClass:
		t.again(c.classes[index].inText, line, i, k)
		if seeks {
			t.again(c.classes[index].inRole, line, i, k)
		}
	case kindSign:
		if t.denied < 0 || i-t.denied > denial {
			t.signs = append(t.signs, signHit{rule: index, from: int32(i), to: int32(k)})
		}
	case kindNot:
		t.signs = append(t.signs, signHit{rule: index, from: int32(i), to: int32(k), not: true})
	case kindDeny:
		if k >= len(t.words) || !c.afterNot.has(t.words[k]) {
			t.denied = i
		}
	case kindVerb:
		t.verb[index], t.verbFrom[index], t.verbIn[index] = int32(k), int32(i), t.sentence
	case kindObject:
		if from := int(t.verbFrom[index]); t.denied >= 0 && from > t.denied && from-t.denied <= denial {
			return
		}
		if t.verbIn[index] == t.sentence && i-int(t.verb[index]) <= reach && int(t.verb[index]) <= i {
			t.signs = append(t.signs, signHit{rule: index, from: t.verbFrom[index], to: int32(k)})
		}
	}
}

// settleSigns counts the signs of the present sentence that no hard negative of
// their rule overlaps, and ends the sentence.
func (c *classifier) settleSigns(t *trace, line int) {
	for _, s := range t.signs {
		if !s.not && !t.overlapped(s) {
			t.again(c.rules[s.rule].feature, line, int(s.from), int(s.to))
		}
	}
	t.signs, t.denied = t.signs[:0], -1
	t.sentence++
}

func (t *trace) overlapped(s signHit) bool {
	for _, n := range t.signs {
		if n.not && n.rule == s.rule && n.from < s.to && s.from < n.to {
			return true
		}
	}
	return false
}
