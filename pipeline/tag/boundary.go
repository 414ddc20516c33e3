package tag

import (
	"unicode"
	"unicode/utf8"
)

// touched says whether a letter or digit, or the run of + or # that a name may end
// in, goes on at text[j], where a form ends.
func touched(text string, j int) bool {
	if j >= len(text) {
		return false
	}
	c := text[j]
	if folded[c] != 0 { // but a version may follow a mark, as in c++17
		return c > '9' || text[j-1] != '+' && text[j-1] != '#'
	}
	if c == '+' || c == '#' {
		return text[j-1] == c
	}
	if c < utf8.RuneSelf {
		return false
	}
	r, _ := utf8.DecodeRuneInString(text[j:])
	return wordRune(r)
}

// wordRune says whether r belongs to a word: a letter, digit or accent of a
// script that puts spaces between words.
func wordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return folded[byte(r)] != 0
	}
	if r >= 0x2000 && r < 0x2C00 { // punctuation, arrows, symbols, boxes
		return false
	}
	return (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)) && !unspaced(r)
}

// unspaced says whether r is of a script written without spaces.
func unspaced(r rune) bool {
	return r >= 0x0E00 && (r <= 0x0EFF || r >= 0x1000 && r <= 0x11FF || r >= 0x1780 && r <= 0x17FF || r >= 0x2E80 && r <= 0xA4CF ||
		r >= 0xA960 && r <= 0xA97F || r >= 0xAC00 && r <= 0xD7FF || r >= 0xF900 && r <= 0xFAFF || r >= 0xFE00 && r <= 0xFE0F ||
		r >= 0xFF65 && r <= 0xFFDC || r >= 0x1B000 && r <= 0x1B16F || r >= 0x20000)
}

func wordBefore(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(text)
	return wordRune(r)
}

// wordEnd is where the word that goes on at text[j] is over.
func wordEnd(text string, j int) int {
	for j < len(text) {
		r, size := utf8.DecodeRuneInString(text[j:])
		if !wordRune(r) {
			break
		}
		j += size
	}
	return j
}
