package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"jobcity/pipeline/crawl"
	"jobcity/pipeline/crawl/jsonl"
	"jobcity/pipeline/judge"
	"jobcity/pipeline/posting"
	"jobcity/pipeline/tag"
)

// quality is what was judged so far.
type quality struct {
	settings
	tagger   *tag.Tagger
	taxonomy string // its version
	messages io.Writer

	dev, train, titles *judge.Card // nil: not judged
	all                *judge.Card // dev and train together, for confusions
	weak               *judge.Weak
	spans              *judge.Spans
	postings           map[string]int // how many of each set were judged
}

// judgeGold judges the labelled postings and titles: dev as the tagger has it,
// the rest as the weights say that were learned without its employers.
func (q *quality) judgeGold() error {
	q.all, q.postings = judge.NewCard(), map[string]int{}
	q.dev = judge.NewCard()
	if err := q.judgeSet("dev", "dev.postings.jsonl", nil, q.dev, q.all); err != nil {
		return err
	}
	if !present(q.cv) {
		fmt.Fprintf(q.messages, "tagquality: no cross-validated tags in %q: train and titles are not judged\n", q.cv)
		return nil
	}
	cv := map[string]tag.Tags{}
	err := eachLine(q.cv, func(line []byte) error {
		var t tag.Tags
		err := json.Unmarshal(line, &t)
		cv[t.ID] = t
		return err
	})
	if err != nil {
		return err
	}
	q.train, q.titles = judge.NewCard(), judge.NewCard()
	return errors.Join(
		q.judgeSet("train", "train.postings.jsonl", cv, q.train, q.all),
		q.judgeSet("titles", "titles.labels.jsonl", cv, q.titles),
	)
}

// judgeSet tags the postings of a set and adds them to the cards. With cv, what the
// classifier decides is taken from there.
func (q *quality) judgeSet(set, postings string, cv map[string]tag.Tags, cards ...*judge.Card) error {
	tags, groups := map[string]*tag.Tags{}, map[string]string{}
	err := eachLine(filepath.Join(q.gold, postings), func(line []byte) error {
		p, _, err := jsonl.DecodeLine(line)
		if err != nil {
			return err
		}
		p.ID = p.NativeID
		t := q.tagger.Tag(p)
		if cv != nil {
			held, ok := cv[p.ID]
			if !ok {
				return fmt.Errorf("%s has no tags for %s: run tagtrain -cv again", q.cv, p.ID)
			}
			t.Standing, t.Primary, t.Districts, t.Streets, t.Facets = held.Standing, held.Primary, held.Districts, held.Streets, held.Facets
		}
		tags[p.ID], groups[p.ID] = &t, cmp.Or(p.Board, p.Employer, p.ID)
		return nil
	})
	if err != nil {
		return err
	}
	return eachLine(filepath.Join(q.gold, set+".labels.jsonl"), func(line []byte) error {
		l, err := judge.DecodeLabel(line)
		if err != nil {
			return err
		}
		q.postings[set]++
		for _, c := range cards {
			c.Add(l, groups[l.ID], tags[l.ID])
		}
		return nil
	})
}

// judgeWeak judges the postings of Ashby boards by what stands beside their texts.
func (q *quality) judgeWeak(ctx context.Context) error {
	files, err := filepath.Glob(filepath.Join(q.realdata, "ashby_2025-10", "boards", "*"))
	if err != nil || q.realdata == "" || len(files) == 0 {
		fmt.Fprintf(q.messages, "tagquality: no Ashby boards in %q: not judged by departments, pay and workplace\n", q.realdata)
		return err
	}
	q.weak = judge.NewWeak()
	for _, file := range files {
		if err := q.judgeBoard(ctx, file); err != nil {
			return err
		}
	}
	return nil
}

func (q *quality) judgeBoard(ctx context.Context, file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = crawl.ReadFile(ctx, file, f, crawl.ReadOptions{Dead: func(posting.DeadLetter) error { return nil }}, func(p posting.Posting) error {
		t := q.tagger.Tag(judge.Bare(p))
		q.weak.Add(p, &t)
		q.postings["ashby"]++
		return nil
	})
	return err
}

// judgeSpans judges skills by the technical part of SkillSpan.
func (q *quality) judgeSpans() error {
	dir := filepath.Join(q.realdata, "skillspan")
	if q.realdata == "" || !present(dir) {
		fmt.Fprintf(q.messages, "tagquality: no SkillSpan in %q: skills are not judged by its spans\n", q.realdata)
		return nil
	}
	q.spans = judge.NewSpans()
	for _, set := range []string{"train", "dev"} {
		texts, order := map[int]*judge.SpanText{}, []int(nil)
		err := eachLine(filepath.Join(dir, set+".jsonl"), func(line []byte) error {
			s, err := judge.DecodeSentence(line)
			if err != nil || s.Source != "tech" {
				return err
			}
			if texts[s.Posting] == nil {
				texts[s.Posting] = &judge.SpanText{}
				order = append(order, s.Posting)
			}
			texts[s.Posting].Append(s)
			return nil
		})
		if err != nil {
			return err
		}
		for _, n := range order {
			id := fmt.Sprintf("%s/%d", set, n)
			t := q.tagger.Tag(texts[n].Posting(id))
			q.spans.Add(id, texts[n], &t)
			q.postings["skillspan"]++
		}
	}
	return nil
}

// eachLine reads the lines of a file; errors name the line.
func eachLine(path string, yield func([]byte) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		if err := yield(lines.Bytes()); err != nil {
			return fmt.Errorf("%s:%d: %w", path, n, err)
		}
	}
	return lines.Err()
}
