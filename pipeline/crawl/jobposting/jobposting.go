// Package jobposting finds schema.org JobPostings in web pages, as JSON-LD,
// microdata or RDFa, and reads them into postings.
//
// Sites break every rule of these notations, so everything is read for what it can
// only mean, and nothing is guessed: a field that could mean two things, or
// nothing, stays empty and is reported as a [Problem], and the posting goes on
// without it. No JSON-LD processor is used and no "@context" is ever fetched. A
// page with JSON-LD is read token by token; only a page without it, and that
// mentions JobPosting, is parsed into a tree.
//
// Vocabulary: schema.org/JobPosting; rules of the largest reader:
// developers.google.com/search/docs/appearance/structured-data/job-posting.
package jobposting

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"jobcity/pipeline/posting"
)

const (
	maxPage = 16 << 20 // bytes of a page that are read
	maxTree = 4 << 20  // bytes of a page that is parsed into a tree
)

// Page is what a web page says about postings and about itself.
type Page struct {
	Found     []Found
	Damage    []string // what of its markup could not be read, or only in part
	Canonical string   // the page's own address as it or its header states it, absolute, on the same site; "" if it does not
	Robots    Robots   // of its meta tags and its header
}

// Found is one JobPosting. Its posting has no Source, Board and SeenAt yet. It may
// have neither title nor text: then it is of no use.
type Found struct {
	Posting  posting.Posting
	Problems []Problem
}

// Problem is a field that could not be read, or that cannot be right.
type Problem struct {
	Field  string // of schema.org: "baseSalary"
	Reason string
	Value  string // as stated, cut to 80 bytes
}

// String is the problem on one line.
func (p Problem) String() string {
	if p.Value == "" {
		return p.Field + ": " + p.Reason
	}
	return fmt.Sprintf("%s: %s (%q)", p.Field, p.Reason, p.Value)
}

// Extract reads a web page that was answered from pageURL. The header of the
// answer may be nil; its Content-Type, Link and X-Robots-Tag are used. seen is
// when it was fetched: a posting cannot have been posted later; zero leaves that
// unchecked. Of pages over 16 MiB the rest is not read.
func Extract(page []byte, pageURL string, header http.Header, seen time.Time) Page {
	var out Page
	if len(page) > maxPage {
		page = page[:maxPage]
		out.Damage = append(out.Damage, "the page is larger than 16 MiB: its end was not read")
	}
	page = decode(page, header.Get("Content-Type"))
	at, err := url.Parse(pageURL)
	if err != nil {
		at = nil
	}
	h := scan(page)
	out.Robots = h.robots.and(HeaderRobots(header))
	out.Canonical = canonicalOf(h, at, header)
	trees, damage := readBlocks(h.blocks)
	out.Damage = append(out.Damage, damage...)
	own := out.Canonical
	if own == "" {
		own = pageURL
	}
	out.Found = Postings(trees, own, seen)
	if len(out.Found) > 0 || !marksUp(page) {
		return out
	}
	if len(page) > maxTree {
		out.Damage = append(out.Damage, "the page is larger than 4 MiB: its microdata was not read")
		return out
	}
	if trees, err = readMarkup(page); err != nil {
		out.Damage = append(out.Damage, "microdata: "+err.Error())
		return out
	}
	out.Found = Postings(trees, own, seen)
	return out
}

// marksUp: the page may hold a JobPosting as microdata or RDFa.
func marksUp(page []byte) bool {
	return mentions(page, "JobPosting", "jobposting", "Jobposting") && mentions(page, microdata.types, rdfa.types)
}

// readBlocks reads a page's JSON-LD scripts, if any of them mentions a posting.
func readBlocks(blocks [][]byte) (trees []*Node, damage []string) {
	any := false
	for _, b := range blocks {
		any = any || mentions(b, "JobPosting", "jobPosting", "jobposting", "Jobposting")
	}
	if !any {
		return nil, nil
	}
	for i, b := range blocks {
		read, hurt := readJSON(b)
		trees = append(trees, read...)
		if hurt != "" && len(bytes.TrimSpace(b)) > 0 {
			damage = append(damage, fmt.Sprintf("JSON-LD script %d: %s", i+1, hurt))
		}
		if len(trees) > maxNodes {
			break
		}
	}
	return trees, damage
}

// Postings reads every JobPosting in the trees of one page. Things that only name
// an id are joined with the thing that has it. A native id is the address of the
// posting's own page; where one page holds several, it is the page's with the
// posting's own identifier behind it.
func Postings(trees []*Node, pageURL string, seen time.Time) []Found {
	nodes := jobs(trees)
	if len(nodes) == 0 {
		return nil
	}
	link(trees)
	u := unfolding{path: map[*Node]bool{}, left: maxUnfolded}
	for i, n := range nodes {
		nodes[i] = u.unfold(n, 0)
	}
	out := make([]Found, 0, len(nodes))
	for _, n := range nodes {
		out = append(out, read(n, pageURL, seen))
	}
	return identify(nodes, out, pageURL)
}

// Posting reads one JobPosting, the only one of its page.
func Posting(tree *Node, pageURL string, seen time.Time) (posting.Posting, []Problem) {
	one := []Found{read(tree, pageURL, seen)}
	one = identify([]*Node{tree}, one, pageURL)
	return one[0].Posting, one[0].Problems
}

// reader reads the fields of one JobPosting.
type reader struct {
	*Node
	problems []Problem
}

func (r *reader) problem(field, reason, value string) {
	if value = oneLine(value); len(value) > 80 {
		value = strings.ToValidUTF8(value[:80], "") + "…"
	}
	r.problems = append(r.problems, Problem{Field: field, Reason: reason, Value: value})
}

func read(n *Node, pageURL string, seen time.Time) Found {
	r := &reader{Node: n}
	p := posting.Posting{
		Title:          r.title(),
		Text:           r.text(),
		URL:            r.url(pageURL),
		Employer:       r.employer(),
		Department:     r.department(),
		EmploymentType: r.employmentType(),
		Language:       r.language(),
	}
	p.Workplace = r.workplace()
	p.Locations = r.places(p.Workplace == "remote")
	if p.Workplace == "remote" {
		p.Locations = r.remoteFrom(p.Locations)
	}
	p.PostedOn, p.ClosedOn = r.dates(seen)
	p.Salary = r.salary()
	return Found{Posting: p, Problems: r.problems}
}
