package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"jobcity/pipeline/crawl"
	"jobcity/pipeline/judge"
	"jobcity/pipeline/posting"
	"jobcity/pipeline/query"
	"jobcity/pipeline/tag"
)

// shownExamples is how many postings that change are named.
const shownExamples = 20

// compare tags the input under two taxonomies and reports what changes.
func (c tagCmd) compare(ctx context.Context, e *env) error {
	format, width, err := c.format(e)
	if err != nil {
		return err
	}
	files, size, err := inputs(c.File)
	if err != nil {
		return err
	}
	before, err := taggerAt(c.Compare)
	if err != nil {
		return err
	}
	after, err := newTagger()
	if err != nil {
		return err
	}
	bar := e.newProgress("comparing", "kB", size/1000)
	comparison := judge.NewComparison(shownExamples)
	workers, wctx := errgroup.WithContext(ctx)
	workers.SetLimit(runtime.GOMAXPROCS(0))
	var read atomic.Int64
	bad, err := 0, error(nil)
	for _, f := range files {
		var rejected int
		rejected, err = eachPosting(wctx, e, f, &read, func(p posting.Posting) error {
			bar.set(read.Load()/1000, max(size, read.Load())/1000)
			workers.Go(func() error {
				was, is := before.Tag(p), after.Tag(p)
				comparison.Add(p.ID, p.Title, &was, &is)
				return nil
			})
			return wctx.Err()
		})
		if bad += rejected; err != nil {
			break
		}
	}
	err = errors.Join(err, workers.Wait())
	bar.done()
	if err != nil {
		return fmt.Errorf("tag: %w", err)
	}
	if err := writeComparison(e.stdout, comparison.Report(before.Taxonomy(), after.Taxonomy()), format, width); err != nil {
		return err
	}
	if bad > 0 {
		return fmt.Errorf("%w: %d postings", errPartly, bad)
	}
	return nil
}

// taggerAt compiles the taxonomy in a folder.
func taggerAt(dir string) (*tag.Tagger, error) {
	if _, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("taxonomy to compare with: %w", err)
	}
	t, err := tag.New(os.DirFS(dir))
	if err != nil {
		return nil, fmt.Errorf("taxonomy %s cannot be compared with:\n%w", dir, err)
	}
	return t, nil
}

// inputs are the files to read, sorted, and their size in bytes. Of a folder they
// are all that are in it and below it, but hidden ones.
func inputs(name string) (files []string, size int64, err error) {
	if name == "-" {
		return []string{"-"}, 0, nil
	}
	err = filepath.WalkDir(name, func(file string, d fs.DirEntry, err error) error {
		if err != nil || file != name && strings.HasPrefix(d.Name(), ".") {
			if err == nil && d.IsDir() {
				return fs.SkipDir
			}
			return err
		}
		if d.IsDir() {
			return nil
		}
		info, err := os.Stat(file)
		if err == nil && info.Mode().IsRegular() || file == name {
			files = append(files, file)
		}
		if err == nil {
			size += info.Size()
		}
		return err
	})
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s has no files", name)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("tag: %w", err)
	}
	return files, size, nil
}

// eachPosting reads a file of postings, whatever its form, or one posting as plain
// text, and returns how many it could not read; each was named.
func eachPosting(ctx context.Context, e *env, name string, read *atomic.Int64, yield func(posting.Posting) error) (rejected int, err error) {
	in := e.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return 0, err
		}
		defer f.Close()
		in = f
	}
	counted := bufio.NewReaderSize(&countingReader{in, read}, 1<<16)
	if first, _ := counted.Peek(1); len(first) == 1 && !strings.ContainsRune("{[\x1f\x28", rune(first[0])) && !strings.HasSuffix(name, ".csv") {
		return 0, tagText(counted, io.Discard, func(p posting.Posting) ([]byte, error) { return nil, yield(p) })
	}
	warned := false
	report, err := crawl.ReadFile(ctx, name, counted, crawl.ReadOptions{
		Dead: func(d posting.DeadLetter) error {
			fmt.Fprintf(e.stderr, "jobcity: %s: %s\n", d.Where, d.Reason)
			return nil
		},
		Warn: func(remark string) {
			if !warned {
				fmt.Fprintf(e.stderr, "jobcity: %s\n", remark)
				warned = true
			}
		},
	}, func(p posting.Posting) error {
		p.ID = p.NativeID
		return yield(p)
	})
	return report.Rejected, err
}

// countingReader counts what is read.
type countingReader struct {
	io.Reader
	n *atomic.Int64
}

func (r *countingReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.n.Add(int64(n))
	return n, err
}

// writeComparison writes the report for people as tables, as JSON whole, and in
// the formats of rows the changes of fields and shares.
func writeComparison(w io.Writer, r judge.Report, format query.Format, width int) error {
	switch format {
	case query.JSON:
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	case query.Table, query.Markdown:
		return writeComparisonTables(w, r, format, width)
	}
	return comparisonRows(r).Write(w, format, query.Options{})
}

// comparisonRows are the fields, whose before and after are null, and the shares.
func comparisonRows(r judge.Report) query.Result {
	res := query.Result{Columns: []query.Column{{Name: "kind", Type: "text"}, {Name: "id", Type: "text"}, {Name: "postings", Type: "bigint"},
		{Name: "changed", Type: "bigint"}, {Name: "lost", Type: "bigint"}, {Name: "gained", Type: "bigint"}, {Name: "before", Type: "bigint"}, {Name: "after", Type: "bigint"},
		{Name: "share_before", Type: "double"}, {Name: "share_after", Type: "double"}, {Name: "difference", Type: "double"}}}
	n := int64(r.Postings)
	for _, f := range r.Fields {
		res.Rows = append(res.Rows, []any{"field", f.Field, n, int64(f.Changed), nil, nil, nil, nil, nil, nil, nil})
	}
	for _, s := range r.Shares {
		res.Rows = append(res.Rows, []any{s.Kind, s.ID, n, int64(s.Lost + s.Gained), int64(s.Lost), int64(s.Gained), int64(s.Before), int64(s.After), s.ShareBefore, s.ShareAfter, s.Difference})
	}
	return res
}

// shownShares is how many changed shares of one kind a person is shown.
const shownShares = 10

func writeComparisonTables(w io.Writer, r judge.Report, format query.Format, width int) error {
	fmt.Fprintf(w, "%d of %d postings change (%s) from taxonomy %s to %s.\n", r.Changed, r.Postings, percent(r.Changed, r.Postings), r.Old, r.New)
	if r.Changed == 0 {
		return nil
	}
	fields := query.Result{Columns: textColumns("field", "postings changed", "share")}
	fields.Columns[1].Type = "bigint"
	for _, f := range r.Fields {
		if f.Changed > 0 {
			fields.Rows = append(fields.Rows, []any{f.Field, int64(f.Changed), percent(f.Changed, r.Postings)})
		}
	}
	shares := query.Result{Columns: textColumns("tag", "before", "after", "difference", "lost", "gained", "note")}
	of := map[string]int{}
	for _, s := range r.Shares {
		if of[s.Kind]++; of[s.Kind] <= shownShares {
			shares.Rows = append(shares.Rows, []any{s.Kind + ":" + s.ID, counted(s.Before, r.Postings), counted(s.After, r.Postings),
				fmt.Sprintf("%+.2f pp", 100*s.Difference), int64(s.Lost), int64(s.Gained), s.Note})
		}
	}
	shares.Columns[4].Type, shares.Columns[5].Type = "bigint", "bigint"
	for _, t := range []struct {
		heading string
		rows    query.Result
	}{{"Fields", fields}, {fmt.Sprintf("Shares of %d postings that have a tag, the largest changes of each kind", r.Postings), shares}} {
		if len(t.rows.Rows) == 0 {
			continue
		}
		fmt.Fprintf(w, "\n%s\n\n", t.heading)
		if err := t.rows.Write(w, format, query.Options{Width: width}); err != nil {
			return err
		}
	}
	return writeExamples(w, r, width)
}

// writeExamples names postings that change and what they lost and gained.
func writeExamples(w io.Writer, r judge.Report, width int) error {
	fmt.Fprintf(w, "\nPostings that change most, %d of %d (− lost, + gained)\n", len(r.Examples), r.Changed)
	room := cmp.Or(width, 100)
	for _, x := range r.Examples {
		fmt.Fprintf(w, "\n%s\n", clip(x.ID+"  "+oneLine(x.Title), room))
		for _, ch := range x.Changes {
			var words []string
			for _, v := range ch.Lost {
				words = append(words, "−"+v)
			}
			for _, v := range ch.Gained {
				words = append(words, "+"+v)
			}
			if _, err := fmt.Fprintln(w, clip(fmt.Sprintf("  %-15s %s", ch.Field, strings.Join(words, "  ")), room)); err != nil {
				return err
			}
		}
	}
	return nil
}

// clip shortens a line to so many characters.
func clip(s string, room int) string {
	if r := []rune(s); len(r) > room {
		return string(slices.Concat(r[:max(room-1, 0)], []rune("…")))
	}
	return s
}

func textColumns(names ...string) []query.Column {
	columns := make([]query.Column, len(names))
	for i, n := range names {
		columns[i] = query.Column{Name: n, Type: "text"}
	}
	return columns
}

func percent(n, of int) string { return fmt.Sprintf("%.1f %%", 100*float64(n)/float64(max(of, 1))) }

func counted(n, of int) string { return fmt.Sprintf("%d (%s)", n, percent(n, of)) }
