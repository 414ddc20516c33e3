package tag

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// newMatcher makes a matcher of forms. Forms without a letter or digit are left out.
func newMatcher(forms []form) *matcher {
	b := trieBuilder{root: map[string]*trieNode{}}
	for _, f := range forms {
		b.add(f)
	}
	return b.matcher()
}

// trieNode is a node under construction.
type trieNode struct {
	next map[rune]*trieNode
	outs []out
}

type trieBuilder struct{ root map[string]*trieNode }

func (b *trieBuilder) add(f form) {
	plain := plainForm(f.text)
	low := strings.ToLower(plain)
	if !hasWord([]byte(low)) {
		return
	}
	first := firstWord(low)
	n := b.root[first]
	if n == nil {
		n = &trieNode{}
		b.root[first] = n
	}
	for _, c := range low[len(first):] {
		if n.next == nil {
			n.next = map[rune]*trieNode{}
		}
		if n.next[c] == nil {
			n.next[c] = &trieNode{}
		}
		n = n.next[c]
	}
	o := out{owner: f.owner, layer: f.layer, short: len(plain) == 1}
	if f.exact {
		o.exact = plain
	}
	if !slices.Contains(n.outs, o) {
		n.outs = append(n.outs, o)
	}
}

// firstWord is the part of a form that is looked up by hash.
func firstWord(low string) string {
	if folded[low[0]] == 0 && low[0] < utf8.RuneSelf {
		return low[:1]
	}
	j := 0
	for j < len(low) && folded[low[j]] != 0 {
		j++
	}
	return low[:j]
}

func (b *trieBuilder) matcher() *matcher {
	m := &matcher{starts: make([]start, 16), nodes: make([]node, 1)}
	for len(m.starts) < 4*len(b.root) {
		m.starts = make([]start, 2*len(m.starts))
	}
	words := make([]string, 0, len(b.root))
	for w := range b.root {
		words = append(words, w)
	}
	slices.Sort(words)
	for _, w := range words {
		h := uint32(wordSeed)
		for _, c := range []byte(w) {
			h = (h ^ uint32(c)) * wordPrime
		}
		if w != "" && folded[w[0]] == 0 {
			m.opens[w[0]] = true
		}
		h ^= h >> 15
		m.known[h%knownBits/64] |= 1 << (h % 64)
		k := h
		for m.starts[k&uint32(len(m.starts)-1)].node != 0 {
			k++
		}
		n := b.root[w]
		s := start{hash: h, node: m.freeze(n), word: w, alone: len(n.outs) > 0}
		for c, next := range n.next {
			if c != ' ' {
				s.marks = true
				continue
			}
			s.follow = next.pairs()
		}
		m.starts[k&uint32(len(m.starts)-1)] = s
	}
	return m
}

// pairs are the pairs of letters that n goes on with.
func (n *trieNode) pairs() uint64 {
	var p uint64
	for a, then := range n.next {
		if len(then.outs) > 0 {
			return ^uint64(0)
		}
		for b := range then.next {
			p |= 1 << pair(byte(a), byte(b)) // beyond ASCII it is not asked
		}
	}
	return p
}

// freeze lays n and what is under it out in m's tables, as one node as far as
// there is one way to go.
func (m *matcher) freeze(n *trieNode) int32 {
	var label []rune
	for len(n.next) == 1 && len(n.outs) == 0 {
		for r, next := range n.next {
			label, n = append(label, r), next
		}
	}
	id := int32(len(m.nodes))
	m.nodes = append(m.nodes, node{label: string(label), out: int32(len(m.outs)), outs: uint16(len(n.outs)), edge: int32(len(m.edges)), edges: uint16(len(n.next))})
	m.outs = append(m.outs, n.outs...)
	letters := make([]rune, 0, len(n.next))
	for r := range n.next {
		letters = append(letters, r)
	}
	slices.Sort(letters)
	at := len(m.edges)
	m.edges = append(m.edges, make([]edge, len(letters))...)
	for i, r := range letters {
		to := m.freeze(n.next[r]) // moves m.edges
		m.edges[at+i] = edge{r, to}
	}
	return id
}

// plainForm is text as the trie spells it but in its own case: single spaces,
// typed apostrophes and hyphens.
func plainForm(text string) string {
	text = strings.NewReplacer("’", "'", "‘", "'", "‐", "-", "‑", "-").Replace(text)
	return strings.Join(strings.Fields(text), " ")
}
