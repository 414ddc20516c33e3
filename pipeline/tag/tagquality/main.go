// Command tagquality judges the tagger: against labelled postings and titles, and
// against what boards and other people's spans say of postings that nobody here
// labelled. It prints the quality card, and writes it in short into the README
// between the markers quality:begin and quality:end. What is judged and how is said
// in package judge. The same input gives the same card.
//
//	tagquality -gold DIR [-cv FILE] [-realdata DIR] [-readme FILE]
//
// The labels, and the texts they are of, are not part of the repository: where
// they are absent it says so, changes nothing and ends well.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"jobcity/configs"
	"jobcity/pipeline/tag"
)

type settings struct {
	gold, cv, realdata, readme, date, command string
}

func main() {
	var s settings
	flag.StringVar(&s.gold, "gold", "", "folder of the labelled postings and titles")
	flag.StringVar(&s.cv, "cv", "", "what tagtrain -cv -tags wrote: the train postings and the titles, cross-validated")
	flag.StringVar(&s.realdata, "realdata", "", "folder with ashby_2025-10 and skillspan, for the weak labels")
	flag.StringVar(&s.readme, "readme", "", "file to write the short card into, between its markers")
	flag.StringVar(&s.date, "date", time.Now().UTC().Format(time.DateOnly), "date to print on the card")
	flag.StringVar(&s.command, "command", "make quality", "command to print on the card")
	flag.Parse()
	if err := run(context.Background(), s, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "tagquality:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, s settings, out, messages io.Writer) error {
	if !present(s.gold) {
		fmt.Fprintf(messages, "tagquality: there are no labelled postings in %q: nothing is judged, nothing is written\n", s.gold)
		return nil
	}
	fsys, err := configs.Taxonomy()
	if err != nil {
		return err
	}
	tagger, err := tag.New(fsys)
	if err != nil {
		return fmt.Errorf("taxonomy:\n%w", err)
	}
	q := quality{settings: s, tagger: tagger, taxonomy: tagger.Version(), messages: messages}
	if err := errors.Join(q.judgeGold(), q.judgeWeak(ctx), q.judgeSpans()); err != nil {
		return err
	}
	if err := q.print(out); err != nil || s.readme == "" {
		return err
	}
	return q.writeReadme()
}

func present(path string) bool {
	if path == "" {
		return false
	}
	_, err := os.Stat(path)
	return err == nil
}
