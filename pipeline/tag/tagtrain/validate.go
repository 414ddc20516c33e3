package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"

	"jobcity/pipeline/tag"
)

// counts are right answers of all, or true and false positives and misses.
type counts struct{ right, all, tp, fp, fn int }

func (c counts) share() float64 { return float64(c.right) / float64(max(c.all, 1)) }
func (c counts) f1() float64    { return float64(2*c.tp) / float64(max(2*c.tp+c.fp+c.fn, 1)) }

func (c *counts) is(ok bool) {
	c.all++
	if ok {
		c.right++
	}
}

func (c *counts) sets(got, want []string) {
	for _, g := range got {
		if slices.Contains(want, g) {
			c.tp++
		} else {
			c.fp++
		}
	}
	for _, w := range want {
		if !slices.Contains(got, w) {
			c.fn++
		}
	}
}

// crossValidate trains five times without a fifth of the employers and prints how
// well their postings and titles are tagged, as shared/gold/score.py would count.
// It returns their tags.
func (t *trainer) crossValidate(gold []example, w io.Writer) ([]tag.Tags, error) {
	posts, titles := map[string]*counts{}, map[string]*counts{}
	c, err := t.read(gold)
	if err != nil {
		return nil, err
	}
	var all []tag.Tags
	for k := range folds {
		l, err := tag.NewLearner(t.fsys)
		if err != nil {
			return nil, err
		}
		l.Learn(t.train(c, func(e example) bool { return fold(e.group) != k }))
		for _, e := range gold {
			if fold(e.group) != k {
				continue
			}
			of := posts
			if e.title {
				if e.weight < 1 { // the title of a posting
					continue
				}
				of = titles
			}
			tags := l.Classify(e.posting)
			count(of, e, tags)
			tags.Evidence = nil // it quotes the text
			all = append(all, tags)
		}
	}
	print := func(what string, of map[string]*counts) {
		for _, field := range []string{"standing", "primary", "districts", "streets", "facets", "deployment", "infrastructure", "monitoring", "data_driven", "collaboration", "security", "automation", "customer", "leadership"} {
			c := of[field]
			switch {
			case c == nil:
			case c.all > 0:
				fmt.Fprintf(w, "%s %-15s %.3f  of %d\n", what, field, c.share(), c.all)
			default:
				fmt.Fprintf(w, "%s %-15s %.3f  precision %.3f recall %.3f\n", what, field, c.f1(), float64(c.tp)/float64(c.tp+c.fp), float64(c.tp)/float64(c.tp+c.fn))
			}
		}
	}
	print("postings", posts)
	print("titles  ", titles)
	return all, nil
}

// writeTags writes tags as JSONL.
func writeTags(path string, tags []tag.Tags) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	for _, t := range tags {
		if err := enc.Encode(t); err != nil {
			return fmt.Errorf("write tags of %s: %w", t.ID, err)
		}
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write tags: %w", err)
	}
	return nil
}

// count adds one posting.
func count(of map[string]*counts, e example, got tag.Tags) {
	c := func(field string) *counts {
		if of[field] == nil {
			of[field] = &counts{}
		}
		return of[field]
	}
	primary := ""
	if got.Primary != nil {
		primary = *got.Primary
	}
	c("standing").is(got.Standing == e.label.Standing)
	if e.label.Standing == "core" {
		c("primary").is(primary == e.label.Primary)
		if len(e.label.Streets) > 0 {
			var st []string
			for _, s := range got.Streets {
				st = append(st, s.ID)
			}
			c("streets").is(len(st) > 0 && slices.Contains(e.label.Streets, st[0]))
		}
		if !e.title {
			var ds []string
			for _, d := range got.Districts {
				ds = append(ds, d.ID)
			}
			c("districts").sets(ds, e.label.Districts)
		}
	}
	if !e.title && e.label.Standing != "outside" {
		var fs []string
		for f, v := range got.Facets {
			if v >= 0.5 {
				fs = append(fs, f)
			}
		}
		c("facets").sets(fs, e.label.Facets)
		for f := range got.Facets {
			one := func(of []string) []string {
				if slices.Contains(of, f) {
					return []string{f}
				}
				return nil
			}
			c(f).sets(one(fs), one(e.label.Facets))
		}
	}
}
