package tag

import "io/fs"

const wordingFile = "wording.yaml"

// wordSet is single words by the hash of their folded letters.
type wordSet map[uint64]struct{}

func (s wordSet) has(w spelling) bool {
	_, ok := s[w.hash]
	return ok
}

// hasAll says whether every one of words is in s, and there is one.
func (s wordSet) hasAll(words []spelling) bool {
	for _, w := range words {
		if !s.has(w) {
			return false
		}
	}
	return len(words) > 0
}

// readWording reads wording.yaml.
func (c *classifier) readWording(fsys fs.FS) error {
	file, err := decodeFile[struct {
		Negations []word `yaml:"negations"`
		AfterNot  []word `yaml:"after_not"`
		Seeking   []word `yaml:"seeking"`
		Ranks     []word `yaml:"ranks"`
	}](fsys, wordingFile)
	c.afterNot, c.seeking, c.ranks = setOf(file.AfterNot), setOf(file.Seeking), setOf(file.Ranks)
	for _, w := range file.Negations {
		c.denials = append(c.denials, w.text)
	}
	return err
}

func setOf(list []word) wordSet {
	set := wordSet{}
	for _, w := range list {
		for _, s := range spell(nil, w.text, 0, len(w.text)) {
			set[s.hash] = struct{}{}
		}
	}
	return set
}
