// Package judge says how good the tags are and what a change of the taxonomy does
// to them. [Comparison] holds the tags of the same postings under two taxonomies
// against each other; [Card] holds tags against labels, by the definitions of the
// scorer that lies beside the labels, and [Weak] against what boards state beside
// their texts. It reads no files and keeps no texts: its input is postings, labels
// and tags, its answers are the same for the same input in whatever order.
package judge

import (
	"fmt"
	"slices"

	"jobcity/pipeline/tag"
)

// present is the score from which a posting has a facet.
const present = 0.5

// facetsOf are the facets that t has, sorted.
func facetsOf(t *tag.Tags) []string {
	var out []string
	for f, score := range t.Facets {
		if score >= present {
			out = append(out, f)
		}
	}
	slices.Sort(out)
	return out
}

// sharesOf are the ids of memberships, the heaviest first.
func sharesOf(shares []tag.Share) []string {
	out := make([]string, 0, len(shares))
	for _, s := range shares {
		out = append(out, s.ID)
	}
	return out
}

// primaryOf is the primary district, or "" when there is none.
func primaryOf(t *tag.Tags) string {
	if t.Primary == nil {
		return ""
	}
	return *t.Primary
}

// payOf is pay as it is stated, for people: "90000-120000 USD year".
func payOf(s *tag.Salary) string {
	if s == nil {
		return ""
	}
	return fmt.Sprintf("%g-%g %s %s", s.Min, s.Max, s.Currency, s.Period)
}
