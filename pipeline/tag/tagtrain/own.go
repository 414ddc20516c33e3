package main

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"jobcity/pipeline/posting"
)

// readOwn reads the project's own labels, which name public postings by id and
// hold no text, and finds the texts among the recorded ones in dir: saved Ashby
// boards and months of Hacker News. A posting that is not there is left out.
func readOwn(file, dir string) ([]example, error) {
	labels, err := readLines[label](file)
	if err != nil {
		return nil, err
	}
	wanted := map[string]label{}
	boards := map[string]bool{}
	for _, l := range labels {
		wanted[l.ID] = l
		if parts := strings.SplitN(l.ID, ":", 3); parts[0] == "ashby" && len(parts) == 3 {
			boards[parts[1]] = true
		}
	}
	texts := map[string]posting.Posting{}
	for b := range boards {
		if err := readAshby(dir, b, texts); err != nil {
			return nil, err
		}
	}
	months, err := filepath.Glob(filepath.Join(dir, "hn_whoishiring_2013-2017", "*.json.gz"))
	if err != nil {
		return nil, err
	}
	for _, m := range months {
		if err := readMonth(m, texts); err != nil {
			return nil, err
		}
	}
	var out []example
	for _, l := range labels {
		if p, ok := texts[l.ID]; ok {
			out = append(out, examplesOf(p, l)...)
		}
	}
	return out, nil
}

func readAshby(dir, board string, texts map[string]posting.Posting) error {
	var saved struct {
		Jobs []struct{ ID, Title, DescriptionHTML string }
	}
	if err := readPacked(filepath.Join(dir, "ashby_2025-10", "boards", filepath.Base(board)+".json.gz"), &saved); err != nil {
		return err
	}
	for _, j := range saved.Jobs {
		id := "ashby:" + board + ":" + j.ID
		texts[id] = posting.Posting{ID: id, Source: "ashby", Board: board, Employer: board, Title: j.Title, Text: j.DescriptionHTML}
	}
	return nil
}

func readMonth(file string, texts map[string]posting.Posting) error {
	var posts []struct {
		URL  string `json:"url"`
		Text string `json:"full_html"`
	}
	if err := readPacked(file, &posts); err != nil {
		return err
	}
	for _, p := range posts {
		if _, n, ok := strings.Cut(p.URL, "id="); ok {
			texts["hn:"+n] = posting.Posting{ID: "hn:" + n, Source: "hn", Text: p.Text}
		}
	}
	return nil
}

func readPacked(file string, v any) error {
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("read recorded postings: %w", err)
	}
	defer f.Close()
	zr, err := gzip.NewReader(f)
	if err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	if err := json.NewDecoder(zr).Decode(v); err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	return nil
}
