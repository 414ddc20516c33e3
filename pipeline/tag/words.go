package tag

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// fewWords is how many distinct words the sections that count must have; a text
// with fewer is all of the role.
const fewWords = 40

// words are the distinct words of the posting, as hashes, ascending: those of the
// role, which are those of the title and of the sections that count, and the
// others. What an employer says of itself, benefits and legal text are much the
// same in all its postings and tell no two roles apart.
func (d *document) words() (role, rest []uint32) {
	role, rest = make([]uint32, 0, 512), make([]uint32, 0, 512)
	for _, l := range d.lines {
		if words := d.plain[l.start:l.end]; l.section.counts() {
			role = appendWords(role, words)
		} else {
			rest = appendWords(rest, words)
		}
	}
	role, rest = distinctWords(role), distinctWords(rest)
	if len(role) < fewWords {
		return distinctWords(append(role, rest...)), nil
	}
	return role, slices.DeleteFunc(rest, func(w uint32) bool {
		_, found := slices.BinarySearch(role, w)
		return found
	})
}

func distinctWords(words []uint32) []uint32 {
	slices.Sort(words)
	return slices.Compact(words)
}

// Words are the hashes of the distinct words of text, ascending: runs of letters
// and digits that start with a letter, in lower case. Numbers are no words: in
// copies of one role the pay, the year and the number of the requisition differ.
func Words(text string) []uint32 { return distinctWords(appendWords(nil, text)) }

// appendWords appends the hash (FNV-1a, 32 bits) of each word of text.
func appendWords(to []uint32, text string) []uint32 {
	const offset, prime = 2166136261, 16777619
	h, within, counts := uint32(offset), false, false
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		letter, digit := isLetter(r), r >= '0' && r <= '9'
		if letter || digit {
			if !within {
				within, counts, h = true, letter, offset
			}
			for r = unicode.ToLower(r); r > 0; r >>= 8 {
				h = (h ^ uint32(r&0xff)) * prime
			}
		} else if within {
			if within = false; counts {
				to = append(to, h)
			}
		}
		i += size
	}
	if within && counts {
		to = append(to, h)
	}
	return to
}

func isLetter(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r|0x20 && r|0x20 <= 'z'
	}
	return unicode.IsLetter(r) || unicode.IsMark(r)
}
