package judge

import (
	"cmp"
	"slices"

	"jobcity/pipeline/tag"
)

// Report is what changes between two taxonomies over the same postings.
type Report struct {
	Old      string        `json:"old"` // version of the taxonomy before the change
	New      string        `json:"new"`
	Postings int           `json:"postings"`
	Changed  int           `json:"changed"`  // postings with a change in any field
	Fields   []FieldChange `json:"fields"`   // all fields, in their order
	Shares   []ShareChange `json:"shares"`   // of every tag that any posting lost or gained: kind by kind, the largest first
	Examples []Example     `json:"examples"` // those that changed most, at first
}

// FieldChange is in how many postings a field changes.
type FieldChange struct {
	Field   string  `json:"field"`
	Changed int     `json:"changed"`
	Share   float64 `json:"share"` // of all postings
}

// ShareChange is how the share of postings that have a tag changes. Before and
// After are numbers of postings; they can be equal where as many lost the tag as
// gained it.
type ShareChange struct {
	Kind        string  `json:"kind"`
	ID          string  `json:"id"`
	Before      int     `json:"before"`
	After       int     `json:"after"`
	Lost        int     `json:"lost"`
	Gained      int     `json:"gained"`
	ShareBefore float64 `json:"share_before"` // of all postings
	ShareAfter  float64 `json:"share_after"`
	Difference  float64 `json:"difference"` // ShareAfter − ShareBefore
	// Why a tag came or went as a whole: "new" or "gone" when only one of the
	// taxonomies knows it, else empty.
	Note string `json:"note,omitempty"`
}

// Example is one posting that changes.
type Example struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Changes []Change `json:"changes"`
}

// Report says what changed between the taxonomies before and after.
func (c *Comparison) Report(before, after tag.Catalog) Report {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := Report{Old: before.Version, New: after.Version, Postings: c.postings, Changed: c.changed, Shares: []ShareChange{}, Examples: slices.Clone(c.examples)}
	if r.Examples == nil {
		r.Examples = []Example{}
	}
	all := float64(max(c.postings, 1))
	for _, f := range compared {
		r.Fields = append(r.Fields, FieldChange{f.field, c.fields[f.field], float64(c.fields[f.field]) / all})
	}
	old, now := idsOf(before), idsOf(after)
	for key, t := range c.tags {
		if t.lost+t.gained == 0 {
			continue
		}
		s := ShareChange{Kind: key[0], ID: key[1], Before: t.before, After: t.after, Lost: t.lost, Gained: t.gained,
			ShareBefore: float64(t.before) / all, ShareAfter: float64(t.after) / all, Difference: float64(t.after-t.before) / all}
		switch {
		case now[key] && !old[key]:
			s.Note = "new"
		case old[key] && !now[key]:
			s.Note = "gone"
		}
		r.Shares = append(r.Shares, s)
	}
	slices.SortFunc(r.Shares, func(a, b ShareChange) int {
		return cmp.Or(slices.Index(kinds, a.Kind)-slices.Index(kinds, b.Kind), abs(b.After-b.Before)-abs(a.After-a.Before),
			b.Lost+b.Gained-a.Lost-a.Gained, cmp.Compare(a.ID, b.ID))
	})
	return r
}

// idsOf are the tags that a taxonomy names, by kind and id.
func idsOf(c tag.Catalog) map[[2]string]bool {
	ids := map[[2]string]bool{}
	for kind, list := range map[string][]tag.CatalogEntry{"district": c.Districts, "primary": c.Districts, "street": c.Streets, "facet": c.Facets, "metric": c.Metrics} {
		for _, e := range list {
			ids[[2]string{kind, e.ID}] = true
		}
	}
	for _, s := range c.Skills {
		ids[[2]string{"skill", s.ID}] = true
	}
	return ids
}

func abs(n int) int { return max(n, -n) }
