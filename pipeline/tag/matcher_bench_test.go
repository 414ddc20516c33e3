package tag

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	ahocorasick "github.com/petar-dambovaliev/aho-corasick"
)

// syntheticText makes terms and postings by chance: words by Zipf's law, of which
// about one in three begins some term, as in real postings, and a term every 40
// words.
func syntheticText(terms, size int) ([]string, string) {
	rnd := rand.New(rand.NewPCG(1, 2))
	syllables := strings.Fields("ba con de er fi gra ho in ju ka lo men no or pla qui re sta ti us ve wo ex yn za")
	word := func() string {
		var b strings.Builder
		for range 1 + rnd.IntN(4) {
			b.WriteString(syllables[rnd.IntN(len(syllables))])
		}
		return b.String()
	}
	common := make([]string, 2000)
	for i := range common {
		common[i] = word()
	}
	seeds := strings.Fields("c c++ c# .net node.js ci/cd r go java sql aws k8s")
	vocabulary := make([]string, 0, terms)
	vocabulary = append(vocabulary, seeds...)
	for len(vocabulary) < terms {
		switch rnd.IntN(3) {
		case 0:
			vocabulary = append(vocabulary, word()+fmt.Sprint(rnd.IntN(9)))
		case 1:
			vocabulary = append(vocabulary, common[20+rnd.IntN(120)]+" "+word())
		default:
			vocabulary = append(vocabulary, "v"+word()+" "+word()+" "+word())
		}
	}
	zipf := rand.NewZipf(rnd, 1.1, 4, uint64(len(common)-1))
	var b strings.Builder
	for n := 0; b.Len() < size; n++ {
		w := common[zipf.Uint64()]
		if n%40 == 39 {
			w = vocabulary[rnd.IntN(len(vocabulary))]
		}
		if n%17 == 0 {
			w = strings.ToUpper(w[:1]) + w[1:]
		}
		b.WriteString(w)
		b.WriteString([...]string{" ", " ", " ", " ", " ", ", ", ". ", " – ", "\n• "}[rnd.IntN(9)])
	}
	return vocabulary, b.String()
}

const benchTerms, benchSize = 4000, 4 << 20

func BenchmarkMatcher(b *testing.B) {
	terms, text := syntheticText(benchTerms, benchSize)
	m := newMatcher(formsOf(terms...))
	hits := make([]hit, 0, 1<<16)
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		hits = m.find(text, hits[:0])
	}
	b.ReportMetric(float64(len(hits)), "hits")
}

// BenchmarkMatcherPetar is the best Go library that is nearly right.
func BenchmarkMatcherPetar(b *testing.B) {
	terms, text := syntheticText(benchTerms, benchSize)
	builder := ahocorasick.NewAhoCorasickBuilder(ahocorasick.Opts{AsciiCaseInsensitive: true, MatchOnlyWholeWords: true, MatchKind: ahocorasick.LeftMostLongestMatch, DFA: true})
	m := builder.Build(terms)
	n := 0
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		n = len(m.FindAll(text))
	}
	b.ReportMetric(float64(n), "hits")
}

// BenchmarkMatcherScan is the limit: reading the text once.
func BenchmarkMatcherScan(b *testing.B) {
	_, text := syntheticText(benchTerms, benchSize)
	data := []byte(text)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		bytes.Count(data, []byte{'\n'})
	}
}

// BenchmarkMatcherWords is the limit of a byte loop that finds the words.
func BenchmarkMatcherWords(b *testing.B) {
	_, text := syntheticText(benchTerms, benchSize)
	b.SetBytes(int64(len(text)))
	n := 0
	for b.Loop() {
		was := byte(0)
		for i := range len(text) {
			f := folded[text[i]]
			if f != 0 && was == 0 {
				n++
			}
			was = f
		}
	}
	b.ReportMetric(float64(n), "words")
}
