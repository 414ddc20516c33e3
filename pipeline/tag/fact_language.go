package tag

import "strings"

// readLanguage tells the language of a text by its commonest words. Texts of
// fewer than twenty words are too short: there the source's word, stated as a
// BCP 47 tag, is taken. "und" is a language that cannot be told.
func readLanguage(ts *tokens, stated string) string {
	code, _, _ := strings.Cut(strings.ToLower(stated), "-")
	if len(code) != 2 {
		code = "und"
	}
	best, second := 0, -1
	for i := 1; i < languages; i++ {
		switch {
		case ts.langs[i] > ts.langs[best]:
			best, second = i, best
		case second < 0 || ts.langs[i] > ts.langs[second]:
			second = i
		}
	}
	if second == best {
		second = 0
	}
	switch {
	case ts.words < 20 && code != "und":
		return code
	case ts.langs[best] < 2 || ts.langs[best]*100 < ts.words*8:
		if ts.words < 20 {
			return code
		}
		return "und"
	case ts.langs[best] <= ts.langs[second]+ts.langs[second]/20:
		return code
	}
	return languageCodes[best]
}
