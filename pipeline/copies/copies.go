// Package copies tells postings that offer the same role: it makes of each a
// sketch by which near copies find one another. Two postings are copies when they
// have one employer and one title, places and requisition numbers aside, and their
// texts are [Near]. The store finds and links them, by the same rule in SQL.
package copies

import (
	"encoding/binary"
	"hash/fnv"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"jobcity/pipeline/posting"
	"jobcity/pipeline/tag"
)

// Threshold is the least Jaccard index of the word sets of copies.
const Threshold = 0.9

// FewWords is how many distinct words a posting must have to be a near copy of
// another; with fewer, only equal sets are copies.
const FewWords = 20

// Bands and rows of the locality-sensitive hashing: two sets meet as candidates
// when all rows of any band agree, which at a Jaccard index of 0.9 fails for 2 in
// 10,000 pairs.
//
// Source: A. Broder, On the resemblance and containment of documents (1997); J.
// Leskovec, A. Rajaraman, J. Ullman, Mining of Massive Datasets, section 3.4.
const (
	bands = 8
	rows  = 4
)

// Sketch is what is compared of a posting.
type Sketch struct {
	Group uint64   // employer and title
	Set   uint64   // group and words: equal for exact copies
	Text  uint64   // words alone: equal for copies of other employers too; 0 when there are too few to tell
	Words []uint32 // of the role, ascending
	Other []uint32 // the others, ascending
	Bands []uint64 // none when there are too few words
}

// New sketches p, which employer names (empty: its board stands for it) and t
// tags.
func New(p *posting.Posting, employer string, t *tag.Tags) Sketch {
	if employer == "" {
		employer = "board " + posting.BoardID(p.Source, p.Board)
	}
	places := placeWords(p, t)
	isPlace := func(w uint32) bool {
		_, found := slices.BinarySearch(places, w)
		return found
	}
	s := Sketch{Words: slices.DeleteFunc(slices.Clone(t.Words), isPlace), Other: slices.DeleteFunc(slices.Clone(t.OtherWords), isPlace)}
	s.Group = hash(employer, titleKey(p, places))
	if len(s.Words) == 0 {
		s.Set = hash(employer, p.ID) // without a text it is a copy of nothing
		return s
	}
	set := binary.LittleEndian.AppendUint64(nil, s.Group)
	for _, w := range s.Words {
		set = binary.LittleEndian.AppendUint32(set, w)
	}
	s.Set = hash(string(set))
	if len(s.Words) < FewWords {
		return s
	}
	s.Text = hash(string(set[8:]))
	s.Bands = append(minHash(s.Words, 1), minHash(slices.Concat(s.Words, s.Other), 1+bands)...)
	return s
}

// Near says whether two sketches of one group are copies: the Jaccard index of the
// words of the role is at least [Threshold], so that other benefits or another legal
// text make no other role; or that of all words is, and the words of the smaller
// role are, to the same share, among those of the other, so that a copy whose
// sections cannot be told is found too. Names of places and of the employer are in
// none of them. The store follows the same rule in sql/store/copies_near.sql.
func Near(a, b Sketch) bool {
	role := Jaccard(a.Words, b.Words)
	if role >= Threshold {
		return true
	}
	common := role * float64(len(a.Words)+len(b.Words)) / (1 + role)
	return Jaccard(all(a), all(b)) >= Threshold && common >= Threshold*float64(min(len(a.Words), len(b.Words)))
}

// all are the words of the role and the others.
func all(s Sketch) []uint32 {
	words := slices.Concat(s.Words, s.Other)
	slices.Sort(words)
	return words
}

// Jaccard is the share of the words of a and b, each ascending, that are in both.
func Jaccard(a, b []uint32) float64 {
	if len(a)+len(b) == 0 {
		return 1
	}
	both, i, j := 0, 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			both, i, j = both+1, i+1, j+1
		}
	}
	return float64(both) / float64(len(a)+len(b)-both)
}

// minHash folds the least hash of words under each of bands*rows permutations
// into one number a band; the bands are numbered from first on.
func minHash(words []uint32, first uint64) []uint64 {
	var least [bands * rows]uint32
	for i := range least {
		least[i] = ^uint32(0)
	}
	for _, w := range words {
		x := uint64(w)*0x9e3779b97f4a7c15 + 0x632be59bd9b4e019
		for i := range least {
			x = (x ^ x>>29) * 0xbf58476d1ce4e5b9 // a permutation of 64-bit numbers
			least[i] = min(least[i], uint32(x>>32))
		}
	}
	out := make([]uint64, bands)
	for b := range out {
		h := uint64(b) + first
		for _, l := range least[b*rows : (b+1)*rows] {
			h = (h ^ uint64(l)) * 0x9e3779b97f4a7c15
			h ^= h >> 32
		}
		out[b] = h
	}
	return out
}

// placeWords are the words that name where the role is and who offers it: they
// differ between copies of one role.
func placeWords(p *posting.Posting, t *tag.Tags) []uint32 {
	var all strings.Builder
	for _, l := range p.Locations {
		all.WriteString(l + " ")
	}
	for _, place := range t.Places {
		all.WriteString(place.City + " " + place.Region + " ")
	}
	all.WriteString(p.Employer)
	return tag.Words(all.String())
}

// titleKey is the title without what differs between copies of one role: places,
// numbers, how the work is done, and the letters that stand for all genders. The
// title of a thread's comment is only its first line, and says nothing.
func titleKey(p *posting.Posting, places []uint32) string {
	if p.Source == "hn" {
		return ""
	}
	var key []string
	title := requisition.ReplaceAllString(strings.ToLower(p.Title), " ")
	for word := range strings.FieldsFuncSeq(title, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '+' && r != '#'
	}) {
		if unicode.IsDigit(rune(word[0])) || slices.Contains(noTitle, word) {
			continue
		}
		hashes := tag.Words(word)
		if len(hashes) == 1 {
			if _, found := slices.BinarySearch(places, hashes[0]); found {
				continue
			}
		}
		key = append(key, word)
	}
	return strings.Join(key, " ")
}

var noTitle = []string{"m", "w", "f", "d", "x", "h", "i", "remote", "hybrid", "onsite"}

// requisition is the number of an opening in an applicant tracking system.
var requisition = regexp.MustCompile(`\b(?:r|jr|req|ref|id|job)[-_ #:]*\d+`)

func hash(parts ...string) uint64 {
	h := fnv.New64a()
	for _, s := range parts {
		var size [8]byte
		binary.LittleEndian.PutUint64(size[:], uint64(len(s)))
		h.Write(size[:])
		h.Write([]byte(s))
	}
	return h.Sum64()
}
