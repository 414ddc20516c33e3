package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"jobcity/pipeline/posting"
)

// label is a labelled posting or title; see GUIDE.md beside the labels.
type label struct {
	ID        string   `json:"id"`
	Title     string   `json:"title"`
	Standing  string   `json:"standing"`
	Primary   string   `json:"primary"`
	Districts []string `json:"districts"`
	Streets   []string `json:"streets"`
	Street    string   `json:"street"`
	Facets    []string `json:"facets"`
}

// example is a posting to learn from, and how much it counts.
type example struct {
	posting posting.Posting
	label   label
	group   string // examples of one group are never on both sides of a fold
	weight  float64
	title   bool // a title without a text
}

func readGold(dir string) ([]example, error) {
	labels, err := readLines[label](filepath.Join(dir, "train.labels.jsonl"))
	if err != nil {
		return nil, err
	}
	postings, err := readLines[struct{ ID, Source, Board, Employer, Title, Text string }](filepath.Join(dir, "train.postings.jsonl"))
	if err != nil {
		return nil, err
	}
	byID := map[string]posting.Posting{}
	for _, p := range postings {
		byID[p.ID] = posting.Posting{ID: p.ID, Source: p.Source, Board: p.Board, Employer: p.Employer, Title: p.Title, Text: p.Text}
	}
	var out []example
	for _, l := range labels {
		out = append(out, examplesOf(byID[l.ID], l)...)
	}
	titles, err := readLines[label](filepath.Join(dir, "titles.labels.jsonl"))
	for _, l := range titles {
		group := l.Title
		if i := strings.LastIndex(group, " - "); i > 0 {
			group = group[:i]
		}
		if l.Street != "" {
			l.Streets = []string{l.Street}
		}
		out = append(out, example{posting: posting.Posting{ID: l.ID, Title: l.Title}, label: l, group: group, weight: 1, title: true})
	}
	return out, err
}

// examplesOf are a labelled posting and, for half as much, its title alone.
func examplesOf(p posting.Posting, l label) []example {
	group := first(p.Board, p.Employer, p.ID)
	out := []example{{posting: p, label: l, group: group, weight: 1}}
	if p.Title != "" {
		p.Text = ""
		out = append(out, example{posting: p, label: l, group: group, weight: 0.5, title: true})
	}
	return out
}

func first(of ...string) string {
	for _, s := range of {
		if s != "" {
			return s
		}
	}
	return ""
}

func readLines[T any](path string) ([]T, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read labels: %w", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	var out []T
	for lines.Scan() {
		var v T
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		out = append(out, v)
	}
	return out, lines.Err()
}
