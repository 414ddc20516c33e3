package ingest

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"jobcity/pipeline/batch"
	"jobcity/pipeline/bus"
	"jobcity/pipeline/store"
	"jobcity/pipeline/tag"
)

// Retagged is what a re-tagging has changed.
type Retagged struct {
	Taxonomy string  `json:"taxonomy"` // today's version
	Postings int     `json:"postings"` // tagged again
	Changed  int     `json:"changed"`  // of these, in any of the following
	Standing int     `json:"standing"` // with another standing
	District int     `json:"district"` // with another primary district
	Street   int     `json:"street"`   // with another first street
	Skills   int     `json:"skills"`   // with another skill, or one less
	Gained   []Moved `json:"gained"`   // skills that most postings gained
	Lost     []Moved `json:"lost"`     // skills that most postings lost
}

// Moved is how many postings gained or lost a skill.
type Moved struct {
	Skill    string `json:"skill"`
	Postings int    `json:"postings"`
}

// mostMoved is how many skills a report names.
const mostMoved = 20

// retagRows is how many stored postings are read at a time.
const retagRows = 1000

// Retag tags the stored postings again that were tagged under another taxonomy,
// and publishes them as record batches; the store replaces the tags of a posting
// whose content is the same, and keeps those it had for a comparison. Stopped, it
// goes on from where it was: what is applied by then is under today's taxonomy.
func Retag(ctx context.Context, b *bus.Bus, db *store.DB, tagger *tag.Tagger, policy batch.Policy, progress func(done, total int)) (Retagged, error) {
	out := Retagged{Taxonomy: tagger.Version()}
	gained, lost := map[string]int{}, map[string]int{}
	total, err := db.StoredLeft(ctx, tagger.Version())
	if err != nil {
		return out, err
	}
	for after := ""; ; {
		page, err := db.Stored(ctx, tagger.Version(), after, retagRows)
		if err != nil {
			return out, err
		}
		if len(page) == 0 {
			break
		}
		after = page[len(page)-1].Posting.ID
		if err := retagPage(ctx, b, tagger, policy, page, &out, gained, lost); err != nil {
			return out, err
		}
		progress(out.Postings, total)
	}
	out.Gained, out.Lost = most(gained), most(lost)
	return out, nil
}

func retagPage(ctx context.Context, b *bus.Bus, tagger *tag.Tagger, policy batch.Policy, page []store.Stored, out *Retagged, gained, lost map[string]int) error {
	builder, err := batch.NewBuilder(policy, nil)
	if err != nil {
		return err
	}
	defer builder.Release()
	var full []batch.Batch
	for _, s := range page {
		tags := tagger.Tag(s.Posting)
		out.count(s, &tags, gained, lost)
		more, err := builder.Add(batch.Row{Posting: s.Posting, Tags: tags})
		if err != nil {
			return fmt.Errorf("tag posting %s again: %w", s.Posting.ID, err)
		}
		full = append(full, more...)
	}
	rest, err := builder.Flush()
	if err != nil {
		return fmt.Errorf("encode %d postings: %w", len(page), err)
	}
	for _, one := range append(full, rest...) {
		if err := b.PublishBatch(ctx, one.Data); err != nil {
			return err
		}
	}
	return nil
}

// count adds what is different of one posting.
func (r *Retagged) count(was store.Stored, is *tag.Tags, gained, lost map[string]int) {
	r.Postings++
	district, street, wasStreet := "", "", ""
	if is.Primary != nil {
		district = *is.Primary
	}
	if len(is.Streets) > 0 {
		street = is.Streets[0].ID
	}
	if len(was.Streets) > 0 {
		wasStreet = was.Streets[0]
	}
	before, other := maps.Clone(was.Skills), false
	for _, s := range is.Skills {
		if _, had := before[s.ID]; !had {
			gained[s.ID]++
			other = true
		}
		delete(before, s.ID)
	}
	for id := range before {
		lost[id]++
		other = true
	}
	changes := map[*int]bool{&r.Standing: is.Standing != was.Standing, &r.District: district != was.District, &r.Street: street != wasStreet, &r.Skills: other}
	changed := false
	for n, yes := range changes {
		if yes {
			*n++
			changed = true
		}
	}
	if changed {
		r.Changed++
	}
}

// most are the skills with the highest counts.
func most(counts map[string]int) []Moved {
	all := []Moved{}
	for skill, n := range counts {
		all = append(all, Moved{skill, n})
	}
	slices.SortFunc(all, func(a, b Moved) int { return cmp.Or(b.Postings-a.Postings, cmp.Compare(a.Skill, b.Skill)) })
	return all[:min(len(all), mostMoved)]
}
