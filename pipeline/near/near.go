// Package near finds, for a word that is not known, the known words that were
// perhaps meant.
package near

import (
	"slices"
	"strings"
)

// Words returns the candidates most like word, the nearest first, at most three:
// those within a third of its length in edits (insert, delete, replace, swap of
// neighbours; at least 1), and those that begin with it or that it begins with.
// Case does not count.
func Words(word string, candidates []string) []string {
	w := []rune(strings.ToLower(word))
	if len(w) == 0 || len(w) > 100 {
		return nil
	}
	most := max(1, len(w)/3)
	type near struct {
		name string
		dist int
	}
	var found []near
	for _, c := range candidates {
		lower := strings.ToLower(c)
		d := edits(w, []rune(lower), most)
		if d > most && len(w) >= 3 && len(lower) >= 3 && (strings.HasPrefix(lower, string(w)) || strings.HasPrefix(string(w), lower)) {
			d = most
		}
		if d <= most {
			found = append(found, near{c, d})
		}
	}
	slices.SortStableFunc(found, func(a, b near) int {
		if a.dist != b.dist {
			return a.dist - b.dist
		}
		return strings.Compare(a.name, b.name)
	})
	var names []string
	for _, f := range found[:min(3, len(found))] {
		names = append(names, f.name)
	}
	return names
}

// edits is the optimal string alignment distance of a and b, or something above
// most when it is above most.
func edits(a, b []rune, most int) int {
	if d := len(a) - len(b); d > most || -d > most {
		return most + 1
	}
	var before []int
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
