// Command tagtrain learns the weights of the classifier and writes them as data,
// configs/taxonomy/weights.yaml: signal by signal, what it adds to which output.
// It reads labelled postings and titles. No text is kept, and no word that fewer
// than -employers of them use.
// The same input gives the same file.
//
//	tagtrain -gold DIR [-labels FILE -realdata DIR] -taxonomy configs/taxonomy [-cv [-tags FILE]]
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

type settings struct {
	gold, taxonomy   string
	labels, realdata string
	employers        int
	cv               bool
	tags             string
}

func main() {
	var s settings
	flag.StringVar(&s.gold, "gold", "", "directory of the labelled postings and titles")
	flag.StringVar(&s.taxonomy, "taxonomy", "configs/taxonomy", "directory of the taxonomy; weights.yaml is written there")
	flag.StringVar(&s.labels, "labels", "", "more labels, of postings that are recorded in -realdata; without it, none")
	flag.StringVar(&s.realdata, "realdata", "", "directory of recorded postings")
	flag.IntVar(&s.employers, "employers", 3, "a word becomes a signal when this many employers use it")
	flag.BoolVar(&s.cv, "cv", false, "only cross-validate, in five folds by employer, and print the figures")
	flag.StringVar(&s.tags, "tags", "", "with -cv: also write what each posting and title is classified as by the others' weights, as JSONL")
	flag.Parse()
	if err := run(s); err != nil {
		fmt.Fprintln(os.Stderr, "tagtrain:", err)
		os.Exit(1)
	}
}

func run(s settings) error {
	if s.gold == "" {
		return errors.New("-gold is needed")
	}
	gold, err := readGold(s.gold)
	if err != nil {
		return err
	}
	if s.labels != "" {
		own, err := readOwn(s.labels, s.realdata)
		if err != nil {
			return err
		}
		gold = append(gold, own...)
	}
	t, err := newTrainer(os.DirFS(s.taxonomy), s.employers)
	if err != nil {
		return err
	}
	if s.cv {
		tags, err := t.crossValidate(gold, os.Stdout)
		if err != nil || s.tags == "" {
			return err
		}
		return writeTags(s.tags, tags)
	}
	c, err := t.read(gold)
	if err != nil {
		return err
	}
	learned := t.train(c, func(example) bool { return true })
	return writeWeights(filepath.Join(s.taxonomy, "weights.yaml"), learned)
}
