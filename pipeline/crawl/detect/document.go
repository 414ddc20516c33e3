package detect

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"jobcity/pipeline/crawl/source"
)

// file knows feeds and files of postings by how the address ends.
func file(a address) (Match, bool) {
	last := ""
	if len(a.path) > 0 {
		last = strings.ToLower(a.path[len(a.path)-1])
	}
	plain := strings.TrimSuffix(strings.TrimSuffix(last, ".gz"), ".zst")
	has := func(ends ...string) bool {
		return slices.ContainsFunc(ends, func(e string) bool { return strings.HasSuffix(plain, e) })
	}
	const where = "the end of its address"
	switch {
	case strings.Contains(plain, "sitemap") && has(".xml"):
		return sitemap(a.URL, where), true
	case has(".jsonl", ".ndjson", ".csv"):
		return jobsfile(a.URL, where), true
	case has(".rss", ".atom", ".rdf"), slices.Contains([]string{"rss", "atom", "feed", "rss.xml", "atom.xml", "feed.xml", "googlefeed.xml"}, last):
		return feed(a.URL, where), true
	}
	return Match{}, false
}

// rootElement is an XML document's first element, behind declaration, comments
// and doctype.
var rootElement = regexp.MustCompile(`(?s)^(?:\s|<\?.*?\?>|<!--.*?-->|<![A-Z][^>]*>)*<([A-Za-z][\w:.-]*)([^>]*)>`)

// document knows bodies that are no page: feeds, sitemaps, files of postings.
func document(u *url.URL, body []byte) (Match, bool) {
	head := bytes.TrimLeft(bytes.TrimPrefix(body[:min(len(body), 64<<10)], []byte("\ufeff")), " \t\r\n")
	if m := rootElement.FindSubmatch(head); m != nil {
		return xmlDocument(u, string(m[1]), string(m[2]))
	}
	line, _, _ := bytes.Cut(head, []byte("\n"))
	var fields map[string]json.RawMessage
	if json.Unmarshal(line, &fields) == nil && fields["title"] != nil {
		return jobsfile(u, "its content, postings line by line"), true
	}
	if isCSV(string(line)) {
		return jobsfile(u, "its content, a table with a title column"), true
	}
	return Match{}, false
}

func xmlDocument(u *url.URL, root, attrs string) (Match, bool) {
	switch strings.ToLower(root) {
	case "workzag-jobs":
		return Match{System: "Personio", Board: ownSite("personio", newAddress(u)), Where: "its content, a Personio feed"}, true
	case "rss", "feed", "rdf:rdf":
		if strings.Contains(attrs, "teamtailor.com") {
			return Match{System: "Teamtailor", Board: ownSite("teamtailor", newAddress(u)), Where: "its content, a Teamtailor feed"}, true
		}
		return feed(u, "its content, a feed"), true
	case "urlset", "sitemapindex":
		return sitemap(u, "its content, a sitemap"), true
	}
	return Match{}, false
}

// isCSV: a first line that names columns, title and what a posting says among them.
func isCSV(line string) bool {
	var columns []string
	for c := range strings.FieldsFuncSeq(strings.ToLower(line), func(r rune) bool { return strings.ContainsRune(",;\t", r) }) {
		columns = append(columns, strings.Trim(c, "\" \r"))
	}
	return slices.Contains(columns, "title") && (slices.Contains(columns, "text") || slices.Contains(columns, "description") || slices.Contains(columns, "url"))
}

// feed is the board of an RSS or Atom feed.
func feed(u *url.URL, where string) Match { return byURL("RSS", "rss", u, where) }

// jobsfile is the board of a file of postings.
func jobsfile(u *url.URL, where string) Match { return byURL("jobs file", "jobsfile", u, where) }

// markup is the board of a site whose pages carry JobPosting markup; any address
// of it names it.
func markup(u *url.URL, where string) Match {
	a := newAddress(u)
	b := source.Board{Source: "jsonld", Board: strings.TrimPrefix(a.host, "www.")}
	if b.Board != a.host || u.Scheme != "https" || u.Port() != "" {
		b.BaseURL = u.Scheme + "://" + strings.ToLower(u.Host)
	}
	return Match{System: "JobPosting markup", Board: b, Where: where}
}

// sitemap is the board of a site of which one sitemap is read.
func sitemap(u *url.URL, where string) Match {
	m := markup(u, where)
	m.Board.Options = map[string]string{"sitemap": u.RequestURI()}
	return m
}

// byURL is a board whose option "url" is its address; its name is the address
// without what tells nothing, so that two of one site differ.
func byURL(system, kind string, u *url.URL, where string) Match {
	plain := *u
	plain.Fragment, plain.RawFragment = "", ""
	name := strings.TrimPrefix(strings.ToLower(plain.Hostname()), "www.") + strings.TrimRight(plain.EscapedPath(), "/")
	if plain.RawQuery != "" {
		name += "?" + plain.RawQuery
	}
	return Match{System: system, Board: source.Board{Source: kind, Board: name, Options: map[string]string{"url": plain.String()}}, Where: where}
}

// As takes an address as the board of a source that any site can be: jsonld, rss
// or jobsfile.
func As(name string, u *url.URL) (Match, error) {
	const where = "what you said"
	switch name {
	case "jsonld":
		return markup(u, where), nil
	case "rss":
		return feed(u, where), nil
	case "jobsfile":
		return jobsfile(u, where), nil
	}
	return Match{}, fmt.Errorf("source: must be jsonld, rss or jobsfile (got %q); boards of the other sources are found by their address", name)
}
