// Package detect tells which board an address leads to: its source, its name
// there and the options it needs.
//
// [URL] knows it by the address alone, for board, posting, embed and API
// addresses of every service that jobcity reads, and names the services that it
// does not read. [Page] looks at a page that was fetched from anywhere: the
// scripts, frames and links of these services on an employer's own careers page,
// feeds it announces, JobPosting markup. Both are pure; package crawl fetches,
// follows redirects and proves what was found.
package detect

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"jobcity/pipeline/crawl/source"
)

// Match is a board that an address or a page leads to.
type Match struct {
	System string       // name of the service, for people: "Greenhouse"
	Board  source.Board // Source is "" where jobcity cannot read the system, Board is "" where the board's name is not told
	Where  string       // what told it, for people: "its address", "a script of the page"

	worth int // on a page: how much speaks for it
}

// Named says whether the match knows which board it is, and jobcity can read it.
func (m Match) Named() bool { return m.Board.Source != "" && m.Board.Board != "" }

// UnsupportedError is a board of a service that jobcity cannot read.
type UnsupportedError struct {
	URL    string
	System string // name of the service
}

// Error says what to try instead.
func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("%s is %s board, which jobcity cannot read yet; try its own careers page with source jsonld", e.URL, withArticle(e.System))
}

// withArticle puts "a" or "an" before a name.
func withArticle(name string) string {
	if strings.ContainsRune("AEIOaeio", rune(name[0])) {
		return "an " + name
	}
	return "a " + name
}

// address is a URL taken apart for matching.
type address struct {
	*url.URL
	host string   // lower case, without port and final dot
	path []string // unescaped segments, none empty
}

// Parse reads an address as people write it: the scheme may be missing. It fails
// for anything that is not an http or https URL with a host.
func Parse(raw string) (*url.URL, error) {
	s := strings.Trim(strings.TrimSpace(raw), "<>\"'")
	switch {
	case strings.HasPrefix(s, "//"):
		s = "https:" + s
	case !strings.Contains(s, "://"):
		s = "https://" + s
	}
	u, err := url.Parse(s)
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "", strings.Contains(raw, "@") && !strings.Contains(raw, "://"):
	case strings.Contains(u.Host, "."), strings.Contains(u.Host, ":"), u.Host == "localhost":
		u.User = nil
		return u, nil
	}
	return nil, fmt.Errorf("address of a board: must be an http or https URL (got %q)", raw)
}

func newAddress(u *url.URL) address {
	a := address{URL: u, host: strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")}
	for s := range strings.SplitSeq(u.EscapedPath(), "/") {
		if plain, err := url.PathUnescape(s); err == nil {
			s = plain
		}
		if s = strings.TrimSpace(s); s != "" {
			a.path = append(a.path, s)
		}
	}
	return a
}

// at is segment i of the path, "" if there is none.
func (a address) at(i int) string {
	if i < len(a.path) {
		return a.path[i]
	}
	return ""
}

// after is the segment that follows the given ones at the start of the path.
func (a address) after(segments ...string) string {
	if len(a.path) > len(segments) && slices.Equal(a.path[:len(segments)], segments) {
		return a.path[len(segments)]
	}
	return ""
}

// URL tells the board from the address alone. It reports false if the address is
// of no service it knows. A match may lack the board's name ([Match.Named]): then
// the page has to be looked at.
func URL(u *url.URL) (Match, bool) {
	a := newAddress(u)
	if s, sub, ok := serviceOf(a.host); ok {
		m := Match{System: s.name, Board: source.Board{Source: s.source}, Where: "its address"}
		if s.board != nil {
			m.Board = s.board(a, sub)
			m.Board.Source = s.source
		}
		return m, true
	}
	if m, ok := mirror(a); ok {
		return m, true
	}
	return file(a)
}

// serviceOf finds the service that owns a host, and what stands before its
// domain: "job-boards.eu" of job-boards.eu.greenhouse.io. The longest domain wins.
func serviceOf(host string) (s service, sub string, ok bool) {
	for domain := host; domain != ""; {
		sub := strings.TrimSuffix(strings.TrimSuffix(host, domain), ".")
		if s, ok := services[domain]; ok {
			return s, sub, true
		}
		for _, table := range []map[string]string{unsupported, marketplaces} {
			if name, ok := table[domain]; ok {
				return service{name: name}, sub, true
			}
		}
		_, domain, _ = strings.Cut(domain, ".")
	}
	return service{}, "", false
}

// mirror knows a service's API by its path on any other host: a proxy, a
// recording, an employer's own domain. The board then carries its base_url.
func mirror(a address) (Match, bool) {
	for _, api := range apiPaths {
		i := indexOf(a.path, api.path)
		if i < 0 {
			continue
		}
		base := a.Scheme + "://" + a.Host
		for _, s := range a.path[:i] {
			base += "/" + url.PathEscape(s)
		}
		a.path = a.path[i:]
		b := api.board(a)
		if b.Board == "" {
			continue
		}
		b.Source = api.source
		if b.Board != a.host {
			b.BaseURL = base
		}
		return Match{System: api.name, Board: b, Where: "the path of its API"}, true
	}
	return Match{}, false
}

// indexOf is where the segments begin in path, -1 if they are not there. A
// segment "*" stands for any.
func indexOf(path, segments []string) int {
	for i := 0; i+len(segments) <= len(path); i++ {
		if slices.EqualFunc(path[i:i+len(segments)], segments, func(p, s string) bool { return s == "*" || p == s }) {
			return i
		}
	}
	return -1
}
