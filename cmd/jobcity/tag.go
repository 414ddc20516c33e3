package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"

	"golang.org/x/sync/errgroup"

	"jobcity/pipeline/crawl/jsonl"
	"jobcity/pipeline/posting"
	"jobcity/pipeline/tag"
)

type tagCmd struct {
	File    string `arg:"" optional:"" default:"-" help:"Postings, one JSON object a line, or one posting as plain text; '-' is standard input. With --compare also a folder, and any file that import reads."`
	Explain bool   `help:"Show a person why: the words behind each tag, and what nearly made one." xor:"how"`
	Compare string `type:"path" placeholder:"DIR" help:"Tag under the taxonomy in DIR too and report which postings and shares change from it to today's." xor:"how"`
	formatFlags
}

// maxLine is the longest line of JSONL that is read.
const maxLine = 16 << 20

func (c tagCmd) Run(ctx context.Context, e *env) error {
	if c.Compare != "" {
		return c.compare(ctx, e)
	}
	if c.Format != "" {
		return usageError{errors.New("tag: --format goes with --compare: tags are JSONL, one object a line")}
	}
	in := e.stdin
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return fmt.Errorf("tag: %w", err)
		}
		defer f.Close()
		in = f
	}
	tagger, err := newTagger()
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(e.stdout, 1<<16)
	write := func(p posting.Posting) ([]byte, error) { return tagsLine(tagger, p) }
	if c.Explain {
		write = func(p posting.Posting) ([]byte, error) { return explain(tagger.Explain(p), p, colours(e.stdout)), nil }
	}
	bad, err := tagAll(ctx, c.File, bufio.NewReaderSize(in, 1<<16), out, e.stderr, write)
	if err := errors.Join(err, out.Flush()); err != nil {
		return err
	}
	if bad > 0 {
		return fmt.Errorf("%w: %d lines", errPartly, bad)
	}
	return nil
}

func tagsLine(t *tag.Tagger, p posting.Posting) ([]byte, error) {
	tags := t.Tag(p)
	tags.ID = p.ID
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(tags)
	return b.Bytes(), err
}

// tagAll reads postings and writes one answer for each, in their order, on all
// processors. It returns how many lines could not be read; each was named on
// messages.
func tagAll(ctx context.Context, name string, in *bufio.Reader, out io.Writer, messages io.Writer, write func(posting.Posting) ([]byte, error)) (bad int, err error) {
	if first, _ := in.Peek(1); len(first) == 1 && first[0] != '{' {
		return 0, tagText(in, out, write)
	}
	g, ctx := errgroup.WithContext(ctx)
	answers := make(chan chan []byte, 4*runtime.GOMAXPROCS(0))
	g.Go(func() error {
		for a := range answers {
			if _, err := out.Write(<-a); err != nil {
				return err
			}
		}
		return nil
	})
	workers, wctx := errgroup.WithContext(ctx)
	workers.SetLimit(runtime.GOMAXPROCS(0))
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 1<<16), maxLine)
	warned := map[string]bool{}
	for n := 1; wctx.Err() == nil && lines.Scan(); n++ {
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		p, unknown, err := jsonl.DecodeLine(line)
		for _, u := range unknown {
			if !warned[u] {
				fmt.Fprintf(messages, "jobcity: %s:%d: field %q is not part of a posting and is left out\n", name, n, u)
				warned[u] = true
			}
		}
		if err != nil {
			bad++
			fmt.Fprintf(messages, "jobcity: %s:%d: %v\n", name, n, err)
			continue
		}
		p.ID = p.NativeID
		answer := make(chan []byte, 1)
		select {
		case answers <- answer:
		case <-wctx.Done():
		}
		workers.Go(func() error {
			b, err := write(p)
			answer <- b
			return err
		})
	}
	err = errors.Join(workers.Wait(), lines.Err())
	close(answers)
	return bad, errors.Join(err, g.Wait())
}

// tagText tags the whole input as the text of one posting.
func tagText(in io.Reader, out io.Writer, write func(posting.Posting) ([]byte, error)) error {
	text, err := io.ReadAll(io.LimitReader(in, maxLine))
	if err != nil {
		return err
	}
	b, err := write(posting.Posting{ID: "text", NativeID: "text", Text: string(text)})
	if err != nil {
		return err
	}
	_, err = out.Write(b)
	return err
}
