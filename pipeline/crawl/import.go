package crawl

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/posting"
)

// ReadOptions say how a file is read. All may be left out.
type ReadOptions struct {
	Source string                         // of postings that state none; default "file", or what the format is
	Board  string                         // of postings that state none; default the file's name without its endings
	SeenAt time.Time                      // when the postings were seen; default now, or what the file says of each
	Dead   func(posting.DeadLetter) error // takes what could not be read, with file and line
	Sweep  func(posting.Sweep) error      // takes a partial sweep for each board, so that spells open
	Warn   func(string)                   // takes remarks about the whole file
}

// Report is what a file held.
type Report struct {
	Format   string // "jsonl", "json", "csv", "glassdoor", "ashby", "greenhouse", "greenhouse list", "hn month", "hn items", "hn thread", "lever", "recruitee", "smartrecruiters", "workable", "personio", "teamtailor", "teamtailor rss", "bamboohr", "workday", "rss", "warc", "nquads", "empty"
	Postings int    // yielded
	Rejected int    // given to Dead
	Boards   int    // different boards
}

// ReadFile reads the postings of a file, whatever it is: JSONL or CSV in the form
// of package jsonl, a saved answer of a board (the board is the file's name), of
// BambooHR, SmartRecruiters and Workday about single postings, a list of many
// Greenhouse boards, a month of Hacker News "Who is hiring?", a job feed, a web
// archive (WARC) or Web Data Commons' N-Quads, both of pages that mark up
// schema.org JobPostings; plain or packed with gzip or zstd. It is streamed, except
// that a saved board or feed is read whole, up to 256 MiB.
//
// The postings of pages are those of source "jsonld" and of a board that is the
// site's host. Those of an archive were seen when it says, those of N-Quads at
// SeenAt.
//
// Each posting is prepared and given to yield. One that cannot be read goes to
// Dead, and the rest goes on. Ids are those a crawl of the same board gives. At
// the end, and in between where there are very many, each board gets a partial
// sweep: a file never closes anything. Errors of yield, Dead and Sweep end the
// reading and are returned as they are; a file that is cut short or of no known
// form is an error after what came before it.
func ReadFile(ctx context.Context, name string, r io.Reader, o ReadOptions, yield func(posting.Posting) error) (Report, error) {
	f := newFileReader(ctx, name, o, yield)
	in := bufio.NewReaderSize(r, sniffed)
	format := "warc"
	if !isArchive(in) {
		unpacked, done, err := source.Unpack(in, sniffed)
		if err != nil {
			return Report{}, fmt.Errorf("%s: %w", name, err)
		}
		defer done()
		in = unpacked
		if format, err = sniff(in); err != nil {
			return Report{}, fmt.Errorf("%s: %w", name, err)
		}
	}
	f.report.Format = format
	err := f.read(format, in)
	var callers *callerError
	if errors.As(err, &callers) {
		return f.report, callers.err
	}
	if ctx.Err() != nil {
		return f.report, ctx.Err()
	}
	f.warnUnknown()
	f.warnProblems()
	if sweepErr := f.sweepAll(); sweepErr != nil {
		return f.report, sweepErr
	}
	if err != nil {
		return f.report, fmt.Errorf("%s: %w", name, err)
	}
	return f.report, nil
}

// callerError carries an error of a callback past those of the file.
type callerError struct{ err error }

func (e *callerError) Error() string { return e.err.Error() }

const (
	listedMost = 20_000  // ids of one board in one partial sweep
	heldMost   = 400_000 // ids held over all boards
)

// fileReader gathers what the readers of the formats find.
type fileReader struct {
	ctx    context.Context //nolint:containedctx // lives for one call of ReadFile
	name   string          // as given, for messages
	base   string          // the file's name without directories and endings
	o      ReadOptions
	yield  func(posting.Posting) error
	seen   time.Time
	report Report

	boards   map[[2]string]*importedBoard
	held     int
	unknown  map[string]bool // names of fields that were not used
	problems map[string]int  // fields that could not be read
}

type importedBoard struct {
	listed    []string
	employer  string
	employers int
	published int
	from, to  time.Time // when its postings not yet swept were seen
	sweeps    int
}

func newFileReader(ctx context.Context, name string, o ReadOptions, yield func(posting.Posting) error) *fileReader {
	f := &fileReader{ctx: ctx, name: name, o: o, yield: yield, seen: o.SeenAt, boards: map[[2]string]*importedBoard{}, unknown: map[string]bool{}, problems: map[string]int{}}
	if f.seen.IsZero() {
		f.seen = time.Now()
	}
	f.seen = f.seen.UTC().Truncate(time.Millisecond)
	f.base = fileBoard(name)
	return f
}

// fileBoard is the name a file gives a board: without folders and endings, and
// with URL escapes undone, as saved boards carry them.
func fileBoard(name string) string {
	if name == "-" || name == "" {
		return "stdin"
	}
	base := path.Base(filepath.ToSlash(name))
	for _, ending := range []string{".gz", ".zst", ".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".txt", ".xml", ".rss", ".atom"} {
		base = strings.TrimSuffix(base, ending)
	}
	if plain, err := url.PathUnescape(base); err == nil {
		base = plain
	}
	if base == "" {
		return "file"
	}
	return base
}

// sweepSpan is the longest time that one partial sweep stands for.
const sweepSpan = 24 * time.Hour

// add prepares p and passes it on. It was seen when it says, or when the file was.
func (f *fileReader) add(where string, raw []byte, p posting.Posting) error {
	if err := f.ctx.Err(); err != nil {
		return err
	}
	if p.SeenAt.IsZero() {
		p.SeenAt = f.seen
	}
	if err := p.Prepare(); err != nil {
		return f.reject(where, strings.TrimPrefix(err.Error(), posting.ErrInvalid.Error()+": "), raw)
	}
	if err := f.yield(p); err != nil {
		return &callerError{err}
	}
	f.report.Postings++
	b := f.board(p.Source, p.Board)
	if len(b.listed) > 0 && (p.SeenAt.Sub(b.from) > sweepSpan || b.to.Sub(p.SeenAt) > sweepSpan) {
		if err := f.sweep([2]string{p.Source, p.Board}, b); err != nil {
			return err
		}
	}
	if len(b.listed) == 0 {
		b.from, b.to = p.SeenAt, p.SeenAt
	}
	if p.SeenAt.Before(b.from) {
		b.from = p.SeenAt
	}
	if p.SeenAt.After(b.to) {
		b.to = p.SeenAt
	}
	b.published++
	b.listed = append(b.listed, p.ID)
	if b.employers == 0 || p.Employer != b.employer {
		b.employers++
		b.employer = p.Employer
	}
	f.held++
	if len(b.listed) >= listedMost || f.held >= heldMost {
		return f.sweepHeld()
	}
	return nil
}

// board is what was gathered of a board; asking for it makes sure it is swept.
func (f *fileReader) board(source, name string) *importedBoard {
	key := [2]string{source, name}
	b := f.boards[key]
	if b == nil {
		b = &importedBoard{from: f.seen, to: f.seen}
		f.boards[key] = b
		f.report.Boards++
	}
	return b
}

// reject gives up one piece of the file.
func (f *fileReader) reject(where, reason string, raw []byte) error {
	f.report.Rejected++
	if f.o.Dead == nil {
		return nil
	}
	if err := f.o.Dead(deadLetter("input", reason, where, time.Now(), raw)); err != nil {
		return &callerError{err}
	}
	return nil
}

// sweepHeld sweeps the boards with ids not yet swept.
func (f *fileReader) sweepHeld() error {
	for key, b := range f.boards {
		if len(b.listed) == 0 {
			continue
		}
		if err := f.sweep(key, b); err != nil {
			return err
		}
	}
	f.held = 0
	return nil
}

func (f *fileReader) sweepAll() error {
	keys := make([][2]string, 0, len(f.boards))
	for key := range f.boards {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b [2]string) int { return strings.Compare(a[0]+"/"+a[1], b[0]+"/"+b[1]) })
	for _, key := range keys {
		b := f.boards[key]
		if len(b.listed) == 0 && b.sweeps > 0 {
			continue
		}
		if err := f.sweep(key, b); err != nil {
			var callers *callerError
			if errors.As(err, &callers) {
				return callers.err
			}
			return err
		}
	}
	return nil
}

func (f *fileReader) sweep(key [2]string, b *importedBoard) error {
	slices.Sort(b.listed)
	s := posting.Sweep{
		Source: key[0], Board: key[1], StartedAt: b.from, FinishedAt: b.to.Add(time.Duration(b.sweeps) * time.Millisecond), Verdict: posting.Partial,
		Reason: "imported from " + path.Base(filepath.ToSlash(f.name)), Listed: slices.Compact(b.listed), Published: b.published,
	}
	if s.Listed == nil {
		s.Listed = []string{}
	}
	if b.employers == 1 {
		s.Employer = b.employer
	}
	if src, ok := sources()[s.Source]; ok {
		s.URL = src.Home(source.Board{Source: s.Source, Board: s.Board})
	}
	b.listed, b.published = nil, 0
	b.sweeps++ // each ends at a time of its own: sweeps of one board are told apart by their times
	if f.o.Sweep == nil {
		return nil
	}
	if err := f.o.Sweep(s); err != nil {
		return &callerError{err}
	}
	return nil
}

func (f *fileReader) warnUnknown() {
	if len(f.unknown) == 0 || f.o.Warn == nil {
		return
	}
	f.o.Warn(fmt.Sprintf("%s: fields that are not used: %s", f.name, strings.Join(sortedKeys(f.unknown), ", ")))
}
