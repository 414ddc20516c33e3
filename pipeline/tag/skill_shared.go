package tag

import "strings"

// longestShared is how many bytes lie at most between the words that share one,
// and longestOwn how many such a word has at most.
const longestShared, longestOwn = 64, 20

// shared adds to cands, which are of line i, the skills that share the last word
// of another one: "unit and integration tests" names unit tests too. The words
// are those of the skill alone: "unit".
func (v *vocabulary) shared(d *document, i int, cands []candidate) []candidate {
	l := d.lines[i]
	for k := 0; k < len(cands); k++ {
		c := &cands[k]
		if c.layer != layerSkill {
			continue
		}
		cut := strings.LastIndexByte(d.plain[c.start:c.end], ' ')
		if cut < 0 {
			continue
		}
		from, least := c.start, max(l.start, c.start-longestShared)
		if start, end := joinedTo(d.plain, least, from); start == end {
			continue
		}
		head := d.plain[c.start+cut : c.end]
		if k > 0 {
			least = max(least, cands[k-1].end)
		}
		for least < from {
			start, end := joinedTo(d.plain, least, from)
			if start == end {
				break
			}
			at, known := v.pairs[strings.ToLower(d.plain[start:end]+head)]
			if !known {
				break
			}
			cands = append(cands, candidate{})
			copy(cands[k+1:], cands[k:])
			cands[k] = candidate{hit: hit{start: start, end: end, owner: at, layer: layerSkill}, s: &v.surfaces[at], shared: true}
			from = start
		}
		for k+1 < len(cands) && cands[k].shared {
			k++
		}
	}
	return cands
}

// joinedTo is the word that a conjunction or a separator joins to the words at
// plain[from:], if it lies behind least; otherwise start and end are the same.
func joinedTo(plain string, least, from int) (start, end int) {
	end = from
	gap := false
	for end > least && strings.IndexByte(" /,&+", plain[end-1]) >= 0 {
		gap = gap || plain[end-1] != ' '
		end--
	}
	switch w := lastWordOf(plain[least:end]); strings.ToLower(w) {
	case "and", "or", "und", "oder", "et":
		gap = true
		end -= len(w)
		for end > least && strings.IndexByte(" ,", plain[end-1]) >= 0 {
			end--
		}
	}
	start = end - len(lastWordOf(plain[least:end]))
	if !gap || end-start < 2 || end-start > longestOwn || start == least && least > 0 && folded[plain[least-1]] != 0 {
		return from, from
	}
	return start, end
}
