package crawl

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"jobcity/pipeline/crawl/jobposting"
	"jobcity/pipeline/crawl/jsonl"
	"jobcity/pipeline/crawl/nquads"
	"jobcity/pipeline/crawl/warc"
)

// pageSource is the source of postings that web pages mark up; the board is the
// site.
const pageSource = "jsonld"

// siteOf is the board that the page at an address belongs to: its host, without
// "www." and without a usual port. "" if the address has none.
func siteOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	site := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	if port := u.Port(); port != "" && port != "80" && port != "443" {
		site += ":" + port
	}
	return site
}

// isArchive: the file is a WARC file, plain or in gzip. That one is not unpacked
// as a whole: its records are members.
func isArchive(in *bufio.Reader) bool {
	const sign = "WARC/"
	head, _ := in.Peek(4 << 10)
	if !warc.Packed(head) {
		return bytes.HasPrefix(head, []byte(sign))
	}
	zr, err := gzip.NewReader(bytes.NewReader(head))
	if err != nil {
		return false
	}
	first := make([]byte, len(sign))
	_, err = io.ReadFull(zr, first)
	return err == nil && string(first) == sign
}

// archive streams a WARC file. Each page is seen when the archive says.
func (f *fileReader) archive(in io.Reader) error {
	r := warc.NewReader(in)
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil && (rec.Type == "response" && rec.MediaType == "application/http" || rec.Type == "resource") {
			err = f.record(rec)
		}
		var broken *warc.BrokenError
		if errors.As(err, &broken) {
			err = f.reject(f.name+"@"+broken.String(), broken.Reason, nil)
		}
		if err == nil {
			err = f.ctx.Err()
		}
		if err != nil {
			return err
		}
	}
}

// record reads the postings of one archived page.
func (f *fileReader) record(rec *warc.Record) error {
	wanted := false
	answer, err := rec.Answer(func(status int, header http.Header) bool {
		wanted = status == http.StatusOK && warc.MayBeHTML(header)
		return wanted
	})
	if err != nil || !wanted {
		return err
	}
	page := jobposting.Extract(answer.Body, rec.URL, answer.Header, rec.Date)
	where := fmt.Sprintf("%s@%s", f.name, rec.Place)
	if len(page.Found) == 0 {
		damage := page.Damage
		if answer.Cut != "" && bytes.Contains(answer.Body, []byte("JobPosting")) {
			damage = append(damage, answer.Cut)
		}
		if len(damage) == 0 {
			return nil
		}
		return f.reject(where, "the JobPosting of the page cannot be read: "+strings.Join(damage, "; "), []byte(rec.URL))
	}
	if page.Robots.Hidden(rec.Date) {
		return nil // the site does not want it found
	}
	return f.page(where, rec.URL, page.Found, rec.Date, page.Robots.NoArchive)
}

// page adds the postings found on a page. Fields that could not be read are
// counted, for one remark about the file. noText leaves out the texts.
func (f *fileReader) page(where, address string, found []jobposting.Found, seen time.Time, noText bool) error {
	site := firstNonEmpty(f.o.Board, siteOf(address))
	for _, one := range found {
		for _, p := range one.Problems {
			f.problems[p.Field]++
		}
		p := one.Posting
		p.Source, p.Board, p.SeenAt = firstNonEmpty(f.o.Source, pageSource), site, seen
		if noText {
			p.Text = ""
		}
		if err := f.add(where, []byte(address+"\n"+p.Title), p); err != nil {
			return err
		}
	}
	return nil
}

func firstNonEmpty(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}

// quads streams N-Quads: the statements about one page are its graph.
func (f *fileReader) quads(in *bufio.Reader) error {
	var pages nquads.Pages
	err := jsonl.Lines(in, func(n int, line []byte, tooLong bool) error {
		where := fmt.Sprintf("%s:%d", f.name, n)
		if tooLong {
			return f.reject(where, fmt.Sprintf("a line longer than %d MiB", jsonl.MaxLine>>20), line)
		}
		done, err := pages.Add(n, line)
		if err != nil {
			return f.reject(where, "no N-Quads statement: "+err.Error(), line)
		}
		return f.graph(done)
	})
	if err != nil {
		return err
	}
	return f.graph(pages.End())
}

// graph reads the postings that the statements about a page make.
func (f *fileReader) graph(page *nquads.Page) error {
	if page == nil {
		return nil
	}
	if err := f.ctx.Err(); err != nil {
		return err
	}
	where := fmt.Sprintf("%s:%d", f.name, page.Line)
	switch {
	case page.Graph.Kind != nquads.IRI:
		return f.reject(where, "statements without a page: their fourth term is no address", []byte(page.Graph.Value))
	case page.TooLarge:
		return f.reject(where, "a page of too many statements", []byte(page.Graph.Value))
	}
	return f.page(where, page.Graph.Value, jobposting.Postings(trees(page.Quads), page.Graph.Value, f.o.SeenAt), time.Time{}, false)
}

const rdfType = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

// trees are the things that statements tell of, those that belong to another one
// inside it.
func trees(quads []nquads.Quad) []*jobposting.Node {
	things := map[string]*jobposting.Node{}
	var order []*jobposting.Node
	for _, q := range quads {
		if s := q.Subject.Value; things[s] == nil {
			things[s] = &jobposting.Node{ID: s}
			order = append(order, things[s])
		}
	}
	inside := map[*jobposting.Node]bool{}
	for _, q := range quads {
		n := things[q.Subject.Value]
		thing := things[q.Object.Value]
		switch {
		case q.Predicate.Value == rdfType:
			n.Types = append(n.Types, jobposting.LocalName(q.Object.Value))
		case q.Object.Kind == nquads.Literal:
			n.Add(q.Predicate.Value, &jobposting.Node{Text: q.Object.Value, Number: isNumber(q.Object.Datatype)})
		case thing == nil:
			n.Add(q.Predicate.Value, jobposting.Literal(q.Object.Value))
		default:
			n.Add(q.Predicate.Value, thing)
			inside[thing] = true
		}
	}
	var roots []*jobposting.Node
	seen := map[*jobposting.Node]bool{}
	for _, circles := range []bool{false, true} { // what is inside nothing, then what only circles lead to
		for _, n := range order {
			if !seen[n] && inside[n] == circles {
				roots = append(roots, n)
				mark(n, seen)
			}
		}
	}
	return roots
}

// mark notes n and all that is inside it.
func mark(n *jobposting.Node, seen map[*jobposting.Node]bool) {
	seen[n] = true
	for _, p := range n.Props {
		for _, v := range p.Values {
			if !seen[v] {
				mark(v, seen)
			}
		}
	}
}

// isNumber: the datatype is one of numbers (XML Schema, or schema.org's own).
func isNumber(datatype string) bool {
	switch jobposting.LocalName(datatype) {
	case "integer", "int", "long", "short", "decimal", "double", "float", "nonNegativeInteger", "positiveInteger", "Number", "Integer", "Float":
		return true
	}
	return false
}

// warnProblems says in one remark which fields could not be read.
func (f *fileReader) warnProblems() {
	if len(f.problems) == 0 || f.o.Warn == nil {
		return
	}
	var parts []string
	for _, field := range sortedKeys(f.problems) {
		parts = append(parts, fmt.Sprintf("%s %d", field, f.problems[field]))
	}
	f.o.Warn(fmt.Sprintf("%s: fields that could not be read, and in how many postings: %s", f.name, strings.Join(parts, ", ")))
}
