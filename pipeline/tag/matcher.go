package tag

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// form is one way to write what a rule looks for: words, folded in case unless
// exact. White space in text stands for any run of white space.
type form struct {
	text  string
	exact bool  // only in exactly this case
	owner int32 // numbered by its layer
	layer layer
}

// hit is a form found: plain[start:end].
type hit struct {
	start, end int
	owner      int32
	layer      layer
}

// matcher finds forms in text. In each layer it finds, from left to right, the
// longest form at each place, and goes on behind it; forms of several owners
// with the same letters are all reported.
//
// A form stands by itself: no letter or digit touches it. Letters of scripts
// written without spaces (Chinese, Japanese, Korean, Thai and their like) touch
// nothing, nor do marks, except that a form of one letter is not one where a
// joining mark follows or precedes it: "c" is in "c, d" but not in "c++", "c#",
// "r&d", "i.e" or "it's".
//
// It tries a form only where a word starts: the ASCII letters and digits there,
// folded, are hashed, and a walk through a trie of the forms follows only when
// some form begins with them and goes on with the letters behind. That rejects
// most words at the cost of one look-up.
type matcher struct {
	known  [knownBits / 64]uint64 // bit hash%knownBits: maybe in starts
	starts []start                // open addressing by hash; a power of two
	nodes  []node
	edges  []edge
	outs   []out
	opens  [256]bool // marks that begin a form
}

// start is a first word of forms: where the trie goes on behind it.
type start struct {
	hash   uint32
	node   int32  // 0: empty slot
	follow uint64 // bit pair(a, b): a form goes on with a space and the letters a, b
	word   string // in lower case, since hashes may agree by chance
	marks  bool   // a form goes on with something else
	alone  bool   // the word is a form
}

// goesOn says whether a form may go on with text[j:], behind its first word.
func (s *start) goesOn(text string, j int) bool {
	if j+2 >= len(text) || text[j] != ' ' {
		return j < len(text) && (s.marks || text[j] <= ' ' || text[j] >= utf8.RuneSelf)
	}
	a, b := text[j+1], text[j+2]
	return a <= ' ' || a|b >= utf8.RuneSelf || s.follow>>pair(a, b)&1 != 0
}

// pair hashes two ASCII letters, without regard to case, to less than 64.
func pair(a, b byte) uint8 { return ((a|0x20)*31 + (b | 0x20)) & 63 }

// node is a state of the trie: after label, its forms end, and its edges go on.
type node struct {
	label string // white space in it is one space
	edge  int32  // its edges are edges[edge:edge+edges]
	out   int32  // its forms are outs[out:out+outs]
	edges uint16
	outs  uint16
}

type edge struct {
	r  rune
	to int32
}

// out is a form that ends at a node.
type out struct {
	exact string // not empty: only when written so
	owner int32
	layer layer
	short bool // one letter
}

const knownBits = 1 << 16

const (
	wordSeed  = 2166136261
	wordPrime = 16777619
)

// folded is the ASCII letter or digit in lower case, or 0 for any other byte.
var folded = func() (t [256]byte) {
	for c := byte('0'); c <= '9'; c++ {
		t[c] = c
	}
	for c := byte('a'); c <= 'z'; c++ {
		t[c], t[c-'a'+'A'] = c, c
	}
	t['_'] = '_'
	return t
}()

// lower is the ASCII character in lower case, or 0 for white space and for all
// beyond ASCII.
var lower = func() (t [256]byte) {
	for c := byte(' ' + 1); c < utf8.RuneSelf; c++ {
		t[c] = c
		if c >= 'A' && c <= 'Z' {
			t[c] += 'a' - 'A'
		}
	}
	return t
}()

// find appends the hits in plain to dst, ascending by start.
func (m *matcher) find(plain string, dst []hit) []hit { return m.findIn(plain, 0, len(plain), dst) }

// findIn is find for plain[from:to], with offsets into plain. What stands outside
// does not touch it.
func (m *matcher) findIn(plain string, from, to int, dst []hit) []hit {
	text := plain[:to]
	mask := uint32(len(m.starts) - 1)
	var done [layers]int // where the layer's last hit ended
	for i := from; i < len(text); {
		c := text[i]
		if folded[c] == 0 {
			if c < utf8.RuneSelf {
				if m.opens[c] && (i == from || !wordBefore(text[from:i])) {
					h := (wordSeed ^ uint32(c)) * wordPrime
					if s := m.lookUp(h, text[i:i+1], mask); s != nil {
						dst = m.walk(text, i, i+1, s.node, &done, dst)
					}
				}
				i++
				continue
			}
			r, size := utf8.DecodeRuneInString(text[i:])
			if !wordRune(r) {
				i += size
				continue
			}
		}
		h := uint32(wordSeed)
		j := i
		for j < len(text) {
			f := folded[text[j]]
			if f == 0 {
				break
			}
			h = (h ^ uint32(f)) * wordPrime
			j++
		}
		if s := m.lookUp(h, text[i:j], mask); s != nil {
			if s.goesOn(text, j) {
				dst = m.walk(text, i, j, s.node, &done, dst)
			} else if s.alone && !touched(text, j) {
				dst = m.emit(text, i, j, s.node, &done, dst)
			}
		}
		if j < len(text) && text[j] >= utf8.RuneSelf {
			j = wordEnd(text, j)
		}
		i = j
	}
	return dst
}

// lookUp finds a first word by its hash, or nil.
func (m *matcher) lookUp(h uint32, w string, mask uint32) *start {
	h ^= h >> 15
	if m.known[h%knownBits/64]>>(h%64)&1 == 0 {
		return nil
	}
	for k := h; ; k++ {
		s := &m.starts[k&mask]
		if s.node == 0 {
			return nil
		}
		if s.hash == h && sameWord(w, s.word) {
			return s
		}
	}
}

// sameWord says whether w is word, which is in lower case.
func sameWord(w, word string) bool {
	if len(w) != len(word) {
		return false
	}
	for i := range len(w) {
		if c := w[i]; c != word[i] && folded[c] != word[i] {
			return false
		}
	}
	return true
}

// emit appends the forms text[i:j] that end at node n.
func (m *matcher) emit(text string, i, j int, n int32, done *[layers]int, dst []hit) []hit {
	was := *done
	nd := &m.nodes[n]
	for k := nd.out; k < nd.out+int32(nd.outs); k++ {
		if o := &m.outs[k]; i >= was[o.layer] && o.holds(text, i, j) {
			dst = append(dst, hit{i, j, o.owner, o.layer})
			done[o.layer] = j
		}
	}
	return dst
}

// walk follows the trie from node n at text[j], whose word started at i, and
// appends each layer's longest form.
func (m *matcher) walk(text string, i, j int, n int32, done *[layers]int, dst []hit) []hit {
	var best [layers]struct{ node, end int32 }
	found := false
	for {
		nd := &m.nodes[n]
		if j = nd.follow(text, j); j < 0 {
			break
		}
		if nd.outs > 0 && !touched(text, j) {
			for k := nd.out; k < nd.out+int32(nd.outs); k++ {
				if o := &m.outs[k]; i >= done[o.layer] && o.holds(text, i, j) {
					best[o.layer].node, best[o.layer].end = n, int32(j-i)
					found = true
				}
			}
		}
		if nd.edges == 0 || j >= len(text) {
			break
		}
		r, size := letter(text, j)
		j += size
		if n = m.next(nd, r); n == 0 {
			break
		}
	}
	if !found {
		return dst
	}
	for l := range best {
		b := best[l]
		if b.node == 0 {
			continue
		}
		end := i + int(b.end)
		nd := &m.nodes[b.node]
		for k := nd.out; k < nd.out+int32(nd.outs); k++ {
			if o := &m.outs[k]; o.layer == layer(l) && o.holds(text, i, end) {
				dst = append(dst, hit{i, end, o.owner, o.layer})
			}
		}
		done[l] = end
	}
	return dst
}

// follow is where nd's label ends that stands at text[j], or -1.
func (nd *node) follow(text string, j int) int {
	label := nd.label
	for k := 0; k < len(label); {
		if j >= len(text) {
			return -1
		}
		if c := lower[text[j]]; c != 0 { // a plain ASCII character
			if c != label[k] {
				return -1
			}
			j++
			k++
			continue
		}
		r, size := letter(text, j)
		want, width := utf8.DecodeRuneInString(label[k:])
		if r != want {
			return -1
		}
		j += size
		k += width
	}
	return j
}

// letter is the character at text[j] as the trie spells it, and its bytes: in
// lower case, a run of white space as one space, and the typographic apostrophe
// and hyphen as the typed ones.
func letter(text string, j int) (rune, int) {
	if c := lower[text[j]]; c != 0 {
		return rune(c), 1
	}
	if text[j] <= ' ' {
		return ' ', skipSpace(text, j) - j
	}
	r, size := utf8.DecodeRuneInString(text[j:])
	switch r {
	case '\u00a0':
		return ' ', skipSpace(text, j) - j
	case '’', '‘':
		return '\'', size
	case '‐', '‑':
		return '-', size
	}
	return unicode.ToLower(r), size
}

func (m *matcher) next(nd *node, r rune) int32 {
	for _, e := range m.edges[nd.edge : nd.edge+int32(nd.edges)] {
		if e.r == r {
			return e.to
		}
	}
	return 0
}

func skipSpace(text string, j int) int {
	for j < len(text) {
		switch {
		case text[j] <= ' ':
			j++
		case strings.HasPrefix(text[j:], "\u00a0"):
			j += 2
		default:
			return j
		}
	}
	return j
}

// holds says whether text[i:j], which has the form's letters, is the form.
func (o *out) holds(text string, i, j int) bool {
	if o.exact != "" && !sameCase(text[i:j], o.exact) {
		return false
	}
	return !o.short || !joined(text, i, j)
}

// sameCase says whether w, which has the letters of exact, has its case too.
func sameCase(w, exact string) bool {
	k := 0
	for j := 0; j < len(w); {
		r, size := letter(w, j)
		if r != ' ' && r != '-' && r != '\'' {
			r, size = utf8.DecodeRuneInString(w[j:])
		}
		want, width := utf8.DecodeRuneInString(exact[k:])
		if r != want {
			return false
		}
		j, k = j+size, k+width
	}
	return k == len(exact)
}

// joined says whether a mark joins the single letter text[i:j] to more.
func joined(text string, i, j int) bool {
	if j < len(text) {
		switch text[j] {
		case '+', '#':
			return true
		case '.', '&', '\'':
			if j+1 < len(text) && folded[text[j+1]] != 0 && !(text[j] == '\'' && text[j+1]|0x20 == 's') {
				return true
			}
		}
	}
	if i > 0 {
		switch text[i-1] {
		case '.', '&', '\'', '$':
			return i > 1 && (folded[text[i-2]] != 0 || text[i-1] == '$')
		}
		if strings.HasSuffix(text[:i], "’") {
			return true
		}
	}
	return false
}
