package crawl

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"jobcity/pipeline/crawl/ashby"
	"jobcity/pipeline/crawl/bamboohr"
	"jobcity/pipeline/crawl/greenhouse"
	"jobcity/pipeline/crawl/hn"
	"jobcity/pipeline/crawl/jsonl"
	"jobcity/pipeline/crawl/lever"
	"jobcity/pipeline/crawl/personio"
	"jobcity/pipeline/crawl/recruitee"
	"jobcity/pipeline/crawl/rss"
	"jobcity/pipeline/crawl/smartrecruiters"
	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/crawl/teamtailor"
	"jobcity/pipeline/crawl/workable"
	"jobcity/pipeline/crawl/workday"
	"jobcity/pipeline/posting"
)

// maxDocument is the largest saved answer that is read, unpacked.
const maxDocument = 256 << 20

var monthInName = regexp.MustCompile(`(?:19|20)\d\d-(?:0[1-9]|1[0-2])`)

func (f *fileReader) read(format string, in *bufio.Reader) error {
	switch format {
	case "empty":
		return nil
	case "jsonl":
		return f.lines(in)
	case "json":
		return f.elements(in, "", f.line)
	case "csv":
		return f.rows(in, jsonl.FromText)
	case "glassdoor":
		return f.rows(in, f.glassdoor)
	case "ashby":
		return f.document(in, "ashby", f.o.Board, ashby.Decode)
	case "greenhouse":
		return f.document(in, "greenhouse", f.o.Board, greenhouse.Decode)
	case "lever":
		return f.document(in, "lever", f.o.Board, lever.Decode)
	case "recruitee":
		return f.document(in, "recruitee", f.o.Board, recruitee.Decode)
	case "workable":
		return f.document(in, "workable", f.o.Board, workable.Decode)
	case "smartrecruiters":
		return f.objects(in, func(raw []byte) (posting.Posting, error) { return smartrecruiters.DecodeSaved(raw, f.o.Board) })
	case "personio":
		return f.document(in, "personio", f.o.Board, personio.Decode)
	case "teamtailor":
		return f.document(in, "teamtailor", f.o.Board, teamtailor.Decode)
	case "teamtailor rss":
		return f.document(in, "teamtailor", f.o.Board, teamtailor.DecodeRSS)
	case "bamboohr":
		return f.objects(in, func(raw []byte) (posting.Posting, error) { return bamboohr.DecodeSaved(raw, f.o.Board) })
	case "workday":
		return f.objects(in, func(raw []byte) (posting.Posting, error) { return workday.DecodeSaved(raw, f.o.Board) })
	case "hn thread":
		return f.document(in, "hn", hn.Board, hn.Decode)
	case "rss":
		return f.document(in, "rss", f.o.Board, rss.Decode)
	case "warc":
		return f.archive(in)
	case "nquads":
		return f.quads(in)
	case "greenhouse list":
		return f.elements(in, "", func(where string, raw []byte) error { return f.decoded(where, raw, greenhouse.DecodeListed) })
	case "hn items":
		return f.elements(in, "jobs", func(where string, raw []byte) error { return f.decoded(where, raw, hn.DecodeItem) })
	case "hn month":
		month := monthInName.FindString(f.base)
		if month == "" {
			return errors.New("a month of Hacker News posts, but the file's name does not say which; call it like 2014-05.json.gz")
		}
		return f.elements(in, "", func(where string, raw []byte) error {
			return f.decoded(where, raw, func(raw []byte) (posting.Posting, error) { return hn.DecodeMonth(raw, month) })
		})
	}
	return fmt.Errorf("form %q cannot be read", format)
}

func (f *fileReader) decoded(where string, raw []byte, decode func([]byte) (posting.Posting, error)) error {
	p, err := decode(raw)
	if err != nil {
		return f.reject(where, err.Error(), raw)
	}
	return f.add(where, raw, p)
}

// objects reads JSON objects one after another.
func (f *fileReader) objects(in io.Reader, decode func([]byte) (posting.Posting, error)) error {
	dec := json.NewDecoder(in)
	for i := 0; dec.More(); i++ {
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return fmt.Errorf("object %d: %w", i, jsonl.ReadError(err))
		}
		if err := f.decoded(fmt.Sprintf("%s#%d", f.name, i), raw, decode); err != nil {
			return err
		}
	}
	return nil
}

// document reads a saved board.
func (f *fileReader) document(in io.Reader, src, board string, decode func([]byte, source.Board) ([]posting.Posting, []source.Bad, error)) error {
	body, err := io.ReadAll(io.LimitReader(in, maxDocument+1))
	if err != nil {
		return jsonl.ReadError(err)
	}
	if len(body) > maxDocument {
		return fmt.Errorf("a saved board larger than %d MiB", maxDocument>>20)
	}
	if board == "" {
		board = f.base
	}
	postings, bad, err := decode(body, source.Board{Source: src, Board: board})
	if err != nil {
		return err
	}
	f.board(src, board)
	for i, p := range postings {
		if err := f.add(fmt.Sprintf("%s#%d", f.name, i), []byte(p.Title), p); err != nil {
			return err
		}
	}
	for _, b := range bad {
		if err := f.reject(fmt.Sprintf("%s#%d", f.name, b.Index), strings.TrimSpace(b.NativeID+" "+b.Reason), b.Raw); err != nil {
			return err
		}
	}
	return nil
}

// elements streams the objects of a JSON list, or of the list under key.
func (f *fileReader) elements(in io.Reader, key string, each func(where string, raw []byte) error) error {
	return jsonl.Elements(in, key, func(i int, raw []byte) error { return each(fmt.Sprintf("%s#%d", f.name, i), raw) })
}

// lines streams JSONL. A line that is too long is passed over.
func (f *fileReader) lines(in *bufio.Reader) error {
	return jsonl.Lines(in, func(n int, line []byte, tooLong bool) error {
		where := fmt.Sprintf("%s:%d", f.name, n)
		trimmed := bytes.TrimSpace(line)
		switch {
		case tooLong:
			return f.reject(where, fmt.Sprintf("a line longer than %d MiB", jsonl.MaxLine>>20), line)
		case len(trimmed) > 0:
			return f.line(where, trimmed)
		}
		return nil
	})
}

// line reads one object of the exchange form.
func (f *fileReader) line(where string, raw []byte) error {
	p, unknown, err := jsonl.DecodeLine(raw)
	for _, u := range unknown {
		if len(f.unknown) < 50 {
			f.unknown[u] = true
		}
	}
	if err != nil {
		return f.reject(where, err.Error(), raw)
	}
	return f.add(where, raw, f.placed(p))
}

// placed gives p the source and board of the file where it states none.
func (f *fileReader) placed(p posting.Posting) posting.Posting {
	for _, d := range []struct {
		to      *string
		choices []string
	}{{&p.Source, []string{f.o.Source, "file"}}, {&p.Board, []string{f.o.Board, f.base}}} {
		for _, c := range d.choices {
			if *d.to == "" {
				*d.to = c
			}
		}
	}
	return p
}

// rows streams a CSV file with a header row.
func (f *fileReader) rows(in io.Reader, decode func(map[string]string) (posting.Posting, error)) error {
	header := func(columns []string) error {
		for _, c := range columns {
			if !slices.Contains(jsonl.Fields(), c) && c != "" && f.report.Format == "csv" {
				f.unknown[c] = true
			}
		}
		return nil
	}
	return jsonl.Rows(in, header, func(row jsonl.Row) error {
		where := fmt.Sprintf("%s:%d", f.name, row.Line)
		row.Fields["line"] = strconv.Itoa(row.Line)
		p, err := decode(row.Fields)
		if err != nil {
			return f.reject(where, err.Error(), row.Raw)
		}
		return f.add(where, row.Raw, f.placed(p))
	})
}

// glassdoor reads a row of the data set "glassdoor_jobs.csv": -1 stands for
// nothing, and the company's rating follows its name on a line of its own.
func (f *fileReader) glassdoor(row map[string]string) (posting.Posting, error) {
	value := func(name string) string {
		if v := strings.TrimSpace(row[name]); v != "-1" {
			return v
		}
		return ""
	}
	id := value("")
	if id == "" {
		id = row["line"]
	}
	employer, _, _ := strings.Cut(value("company_name"), "\n")
	p := posting.Posting{
		Source: "glassdoor", NativeID: id, Title: value("job_title"), Text: value("job_description"),
		Employer: strings.TrimSpace(employer), Locations: source.Places(value("location")),
	}
	if pay := value("salary_estimate"); pay != "" {
		p.Salary = &posting.Salary{Text: pay}
	}
	return p, nil
}
