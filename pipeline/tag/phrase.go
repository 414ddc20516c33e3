package tag

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// spelling is one word of a text for the classifier: plain[start:end] and the
// hash of its folded letters.
type spelling struct {
	start, end int32
	hash       uint64
	id         int32 // in a phraseBook; -1: unknown to it
	ends       bool  // a sentence ends behind it
}

const (
	spellSeed  = 14695981039346656037 // FNV-1a, 64 bits
	spellPrime = 1099511628211
)

// spell appends the words of plain[start:end]. Words are runs of letters and
// digits, with + and # behind a letter ("c++", "c#"), folded in case; a plural s is
// folded away. Letters of scripts without spaces between words are words by
// themselves. It takes time linear in the text.
func spell(dst []spelling, plain string, start, end int) []spelling {
	for i := start; i < end; {
		c := plain[i]
		switch {
		case byteKinds[c] == byteLetter || byteKinds[c] == byteDigit:
			var s spelling
			s, i = spellWord(plain, i, end)
			dst = append(dst, s)
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(plain[i:end])
			switch {
			case alone(r):
				dst = append(dst, spelling{start: int32(i), end: int32(i + n), hash: spellRune(spellSeed, r)})
				i += n
			case unicode.IsLetter(r):
				var s spelling
				s, i = spellWord(plain, i, end)
				dst = append(dst, s)
			default:
				if (r == '•' || r == '。') && len(dst) > 0 {
					dst[len(dst)-1].ends = true
				}
				i += n
			}
		default:
			if (c == '.' || c == '!' || c == '?' || c == ';' || c == '\n') && len(dst) > 0 && (i+1 >= end || plain[i+1] <= ' ') {
				dst[len(dst)-1].ends = true
			}
			i++
		}
	}
	return dst
}

// spellWord reads the word that starts at i and returns the index behind it.
func spellWord(plain string, i, end int) (spelling, int) {
	j := i
	for j < end && spellBytes[plain[j]]-1 < utf8.RuneSelf-1 {
		j++
	}
	if j < end && plain[j] >= utf8.RuneSelf {
		if r, _ := utf8.DecodeRuneInString(plain[j:end]); (unicode.IsLetter(r) || unicode.Is(unicode.Mn, r)) && !alone(r) {
			return spellWide(plain, i, end)
		}
	}
	// Nearly all words are ASCII: their ending is read first, and hashed once.
	w := ending{n: j - i}
	for k := range min(w.n, len(w.last)) {
		w.last[k] = spellBytes[plain[j-1-k]]
	}
	drop, y := w.plural()
	hash := uint64(spellSeed)
	for k := i; k < j-drop; k++ {
		hash = (hash ^ uint64(spellBytes[plain[k]])) * spellPrime
	}
	if y {
		hash = (hash ^ 'y') * spellPrime
	}
	return spelling{start: int32(i), end: int32(j), hash: hash}, j
}

// spellWide is spellWord for words with letters beyond ASCII.
func spellWide(plain string, i, end int) (spelling, int) {
	s := spelling{start: int32(i)}
	w := ending{hash: [4]uint64{spellSeed, spellSeed, spellSeed, spellSeed}}
	for i < end {
		c := spellBytes[plain[i]]
		if c == 0 {
			break
		}
		if c < utf8.RuneSelf {
			w.add((w.hash[0]^uint64(c))*spellPrime, c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(plain[i:end])
		if !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) || alone(r) {
			break
		}
		w.add(spellRune(w.hash[0], unicode.ToLower(r)), 0)
		i += size
	}
	s.end, s.hash = int32(i), w.singular()
	return s, i
}

// ending is what is known of a word's end: the hashes of the whole and without its
// last one, two and three letters, and those letters, the last first.
type ending struct {
	hash [4]uint64
	last [4]byte
	n    int
}

func (w *ending) add(hash uint64, c byte) {
	w.hash = [4]uint64{hash, w.hash[0], w.hash[1], w.hash[2]}
	w.last = [4]byte{c, w.last[0], w.last[1], w.last[2]}
	w.n++
}

// singular is the hash of the word without its plural ending.
func (w *ending) singular() uint64 {
	drop, y := w.plural()
	if y {
		return (w.hash[drop] ^ 'y') * spellPrime
	}
	return w.hash[drop]
}

// plural is how many letters the plural ending takes, and whether a y stood in its
// place: "engineers", "processes" and "companies" are as "engineer", "process" and
// "company", while "business", "status", "analysis" and "devops" stay what they are.
func (w *ending) plural() (drop int, y bool) {
	a, b, c, d := w.last[0], w.last[1], w.last[2], w.last[3]
	switch {
	case a != 's' || w.n <= 3 || b == 's' || b == 'u' || b == 'i' || b == 'p' && c == 'o':
		return 0, false
	case b == 'e' && (c == 'x' || c == 's' && d == 's' || c == 'h' && (d == 'c' || d == 's')) && w.n > 4:
		return 2, false
	case b == 'e' && c == 'i' && w.n > 4:
		return 3, true
	}
	return 1, false
}

// spellBytes are the bytes that go on with a word, folded; 0 for those that end it
// and 128 for those of a character outside ASCII.
var spellBytes = makeSpellBytes()

func makeSpellBytes() (folded [256]byte) {
	for c := range folded {
		switch byteKinds[c] {
		case byteLetter:
			folded[c] = byte(c) | 0x20
		case byteDigit:
			folded[c] = byte(c)
		case byteWide:
			folded[c] = utf8.RuneSelf
		}
	}
	folded['+'], folded['#'] = '+', '#'
	return folded
}

func spellRune(hash uint64, r rune) uint64 {
	var b [utf8.UTFMax]byte
	for _, c := range b[:utf8.EncodeRune(b[:], r)] {
		hash = (hash ^ uint64(c)) * spellPrime
	}
	return hash
}

// alone says whether r is a letter of a script that sets no spaces between words,
// or glues particles to them.
func alone(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai)
}

// phraseBook finds phrases, sequences of folded words, in spellings. What a phrase
// means is its payloads, which are the caller's.
type phraseBook struct {
	words    []wordSlot // open addressing by hash; a power of two
	known    int        // words
	steps    []stepSlot // open addressing; a power of two
	used     int        // steps
	nodes    []phraseNode
	payloads [][]int32 // while it grows; by node
	flat     []int32   // once frozen
}

type wordSlot struct {
	hash uint64
	id   int32 // plus one; 0: empty
	node int32 // where phrases that begin with the word go on; 0: none does
}

type stepSlot struct {
	node, word int32
	next       int32 // 0: empty
}

type phraseNode struct {
	payload, payloads int32
	more              bool // longer phrases begin like this
}

func newPhraseBook() *phraseBook {
	return &phraseBook{words: make([]wordSlot, 64), steps: make([]stepSlot, 64), nodes: make([]phraseNode, 1), payloads: make([][]int32, 1)}
}

// add adds a phrase and reports whether it has a word at all.
func (b *phraseBook) add(phrase string, payload int32) bool {
	sp := spell(nil, phrase, 0, len(phrase))
	node := int32(0)
	for k, s := range sp {
		w := b.slot(s.hash)
		if w.id == 0 {
			b.known++
			*w = wordSlot{hash: s.hash, id: int32(b.known)}
			b.growWords()
			w = b.slot(s.hash)
		}
		if k == 0 {
			if w.node == 0 {
				w.node = b.newNode()
			}
			node = w.node
			continue
		}
		b.nodes[node].more = true
		node = b.stepOrAdd(node, w.id)
	}
	if node == 0 {
		return false
	}
	b.payloads[node] = append(b.payloads[node], payload)
	return true
}

// freeze packs the payloads; nothing may be added after it.
func (b *phraseBook) freeze() {
	for i, p := range b.payloads {
		b.nodes[i].payload, b.nodes[i].payloads = int32(len(b.flat)), int32(len(p))
		b.flat = append(b.flat, p...)
	}
	b.payloads = nil
}

func (b *phraseBook) newNode() int32 {
	b.nodes = append(b.nodes, phraseNode{})
	b.payloads = append(b.payloads, nil)
	return int32(len(b.nodes) - 1)
}

func (b *phraseBook) slot(hash uint64) *wordSlot {
	mask := uint64(len(b.words) - 1)
	for i := (hash ^ hash>>32) & mask; ; i = (i + 1) & mask {
		if w := &b.words[i]; w.id == 0 || w.hash == hash {
			return w
		}
	}
}

func (b *phraseBook) growWords() {
	if b.known*4 < len(b.words) {
		return
	}
	old := b.words
	b.words = make([]wordSlot, 2*len(old))
	for _, w := range old {
		if w.id != 0 {
			*b.slot(w.hash) = w
		}
	}
}

func (b *phraseBook) stepSlot(node, word int32) *stepSlot {
	mask := uint64(len(b.steps) - 1)
	h := (uint64(node)<<32 | uint64(word)) * 0x9e3779b97f4a7c15
	for i := (h >> 32) & mask; ; i = (i + 1) & mask {
		if s := &b.steps[i]; s.next == 0 || s.node == node && s.word == word {
			return s
		}
	}
}

func (b *phraseBook) stepOrAdd(node, word int32) int32 {
	if s := b.stepSlot(node, word); s.next != 0 {
		return s.next
	}
	next := b.newNode()
	*b.stepSlot(node, word) = stepSlot{node, word, next}
	if b.used++; b.used*2 >= len(b.steps) {
		old := b.steps
		b.steps = make([]stepSlot, 2*len(old))
		for _, s := range old {
			if s.next != 0 {
				*b.stepSlot(s.node, s.word) = s
			}
		}
	}
	return next
}

// know sets the ids of sp in b and reports through starts, as long as sp, where
// a phrase may begin: the node of its first word, or 0.
func (b *phraseBook) know(sp []spelling, starts []int32) []int32 {
	starts = starts[:0]
	for i := range sp {
		w := b.slot(sp[i].hash)
		sp[i].id = w.id
		starts = append(starts, w.node)
	}
	return starts
}

// step is where node goes on with the word id, or 0.
func (b *phraseBook) step(node, id int32) int32 {
	if id == 0 || !b.nodes[node].more {
		return 0
	}
	return b.stepSlot(node, id).next
}

// of are the payloads of node.
func (b *phraseBook) of(node int32) []int32 {
	n := b.nodes[node]
	return b.flat[n.payload : n.payload+n.payloads]
}

// foldPhrase is phrase as a phraseBook sees it: words in lower case with single
// spaces between them, without plural s.
func foldPhrase(phrase string) string {
	var out strings.Builder
	for _, s := range spell(nil, phrase, 0, len(phrase)) {
		if out.Len() > 0 {
			out.WriteByte(' ')
		}
		out.WriteString(foldWord(phrase[s.start:s.end], s.hash))
	}
	return out.String()
}

// foldWord is a word in lower case, without the plural ending that its hash is
// without.
func foldWord(text string, hash uint64) string {
	text = strings.ToLower(text)
	for _, end := range []struct{ plural, singular string }{{"ies", "y"}, {"es", ""}, {"s", ""}} {
		if stem, ok := strings.CutSuffix(text, end.plural); ok {
			stem += end.singular
			if s, n := spellWord(stem, 0, len(stem)); n == len(stem) && s.hash == hash {
				return stem
			}
		}
	}
	return text
}
