package detect

import (
	"bytes"
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"jobcity/pipeline/crawl/source"
)

// How much a mention of a board on a page is worth: a script or frame that shows
// the board is the page's own; a link may lead anywhere.
const (
	worthEmbed  = 100
	worthScript = 20
	worthLink   = 1
	mostLinks   = 50 // further mentions count one each, up to this
)

const (
	maxMentions = 20_000  // looked at in one page
	maxScript   = 1 << 20 // bytes of one inline script looked at
)

// Page tells the boards that a fetched page shows or links to, the likeliest
// first. u is the address the page came from in the end. The first is the page's
// board unless [Ambiguous] says that others are as likely. None means that
// nothing was recognised.
func Page(u *url.URL, body []byte) []Match {
	if m, ok := document(u, body); ok {
		return []Match{m}
	}
	p := &page{at: newAddress(u), found: map[string]*candidate{}}
	p.read(body)
	return p.matches()
}

// Ambiguous reports whether the second match is nearly as likely as the first:
// a page of several employers, or of one with several boards.
func Ambiguous(matches []Match) bool {
	return len(matches) > 1 && matches[0].Named() && matches[1].Named() && 2*matches[1].worth >= matches[0].worth
}

// candidate is a board with all that speaks for it.
type candidate struct {
	Match
	order int
	best  int // worth of its best mention
	count int // mentions
}

type page struct {
	at       address
	found    map[string]*candidate // by source, system and board
	mentions int
	script   bool // inside an inline script
	data     bool // inside one of type application/ld+json
}

// read walks the page's tokens; it builds no tree, so that nesting costs nothing.
func (p *page) read(body []byte) {
	z := html.NewTokenizer(bytes.NewReader(body))
	for p.mentions < maxMentions {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			attrs := map[string]string{}
			tag := string(name)
			for more {
				var k, v []byte
				k, v, more = z.TagAttr()
				attrs[string(k)] = string(v)
			}
			p.tag(tag, attrs)
		case html.EndTagToken:
			p.script, p.data = false, false
		case html.TextToken:
			if p.script {
				text := z.Raw()
				p.inline(text[:min(len(text), maxScript)])
			}
		}
	}
}

func (p *page) tag(tag string, attrs map[string]string) {
	p.script = tag == "script"
	p.data = p.script && strings.Contains(strings.ToLower(attrs["type"]), "ld+json")
	if strings.Contains(attrs["itemtype"], "schema.org/JobPosting") || attrs["typeof"] == "JobPosting" || attrs["typeof"] == "schema:JobPosting" {
		p.add(markup(p.at.URL, "JobPosting markup in the page"), worthScript)
	}
	if attrs["id"] == "grnhse_app" {
		p.add(Match{System: "Greenhouse", Board: source.Board{Source: "greenhouse"}, Where: "a frame of the page"}, worthScript)
	}
	switch tag {
	case "script":
		p.mention(attrs["src"], "a script of the page", worthEmbed)
	case "iframe", "frame", "embed":
		p.mention(cmp.Or(attrs["src"], attrs["data-src"]), "a frame of the page", worthEmbed)
	case "link":
		p.link(attrs)
	case "meta":
		if attrs["property"] == "og:url" {
			p.mention(attrs["content"], "the page's own address", worthEmbed)
		}
	case "a", "area":
		p.mention(attrs["href"], "a link of the page", worthLink)
	case "form":
		p.mention(attrs["action"], "a form of the page", worthScript)
	}
}

var aboutPostings = regexp.MustCompile(`(?i)job|career|karriere|carri[eè]re|vacan|vacature|stelle|emploi|offre|position|opening|empleo|oferta|lavor|trabalho|praca|rekrut|recruit|hiring`)

// link is a <link>: the page's true address, a feed it announces, assets.
func (p *page) link(attrs map[string]string) {
	switch kind := strings.ToLower(attrs["type"]); {
	case strings.Contains(strings.ToLower(attrs["rel"]), "canonical"):
		p.mention(attrs["href"], "the page's own address", worthEmbed)
	case kind == "application/rss+xml" || kind == "application/atom+xml":
		to, err := p.at.Parse(attrs["href"])
		if err == nil && aboutPostings.MatchString(to.Path+" "+attrs["title"]) { // most pages announce a blog's
			p.add(feed(to, "a feed that the page announces"), worthScript)
		}
	default:
		p.mention(attrs["href"], "a file of the page", worthScript)
	}
}

var (
	addresses   = regexp.MustCompile(`(?:https?:)?//[A-Za-z0-9.-]+\.[a-z]{2,6}[^\s"'<>\\)]*`)
	isPosting   = regexp.MustCompile(`"@type"\s*:\s*\[?\s*"(?:https?://schema\.org/)?JobPosting"`)
	workableID  = regexp.MustCompile(`whr_embed\(\s*(\d+)`)
	leverName   = regexp.MustCompile(`(?s)leverJobsOptions\s*=\s*\{.{0,200}?accountName['"]?\s*:\s*['"]([^'"]+)`)
	smartWidget = regexp.MustCompile(`(?s)widget\(\s*\{.{0,500}?company_code['"]?\s*:\s*['"]([^'"]+)`)
)

// inline is the text of a script: addresses in it, and the calls that embed a
// board by name.
func (p *page) inline(text []byte) {
	if p.data {
		if isPosting.Match(text) {
			p.add(markup(p.at.URL, "JobPosting markup in the page"), worthScript)
		}
		return
	}
	for _, call := range []struct {
		re             *regexp.Regexp
		system, source string
	}{{workableID, "Workable", "workable"}, {leverName, "Lever", "lever"}, {smartWidget, "SmartRecruiters", "smartrecruiters"}} {
		if m := call.re.FindSubmatch(text); m != nil {
			p.add(Match{System: call.system, Board: source.Board{Source: call.source, Board: string(m[1])}, Where: "a script of the page"}, worthEmbed)
		}
	}
	plain := bytes.ReplaceAll(text, []byte(`\/`), []byte("/"))
	for _, at := range addresses.FindAll(plain, maxMentions) {
		p.mention(string(at), "an address in a script of the page", worthScript)
	}
}

// mention is an address on the page. Only those of hiring systems count.
func (p *page) mention(raw, where string, worth int) {
	raw = strings.TrimSpace(raw)
	if raw == "" {
		return
	}
	p.mentions++
	to, err := p.at.Parse(raw)
	if err != nil || to.Scheme != "http" && to.Scheme != "https" {
		return
	}
	a := newAddress(to)
	if m, ok := p.ownDomain(a, where); ok {
		p.add(m, worthEmbed)
		return
	}
	if q := to.Query(); a.host == p.at.host && q.Has("gh_jid") {
		p.add(Match{System: "Greenhouse", Board: source.Board{Source: "greenhouse"}, Where: where}, worthLink)
		return
	}
	s, sub, ok := serviceOf(a.host)
	if !ok {
		if m, ok := mirror(a); ok && worth > worthLink && a.host == p.at.host {
			p.add(m, worth)
		}
		return
	}
	m := Match{System: s.name, Where: where}
	if s.source == "" && (marketplace(a.host) || vendorsOwn(a)) {
		return
	}
	if s.source != "" {
		m.Board = s.board(a, sub)
		m.Board.Source = s.source
		if m.Board.Board == "" && worth < worthScript {
			return
		}
	}
	p.add(m, worth)
}

// marketplace reports whether the host is of one of the marketplaces.
func marketplace(host string) bool {
	for domain := host; domain != ""; _, domain, _ = strings.Cut(domain, ".") {
		if marketplaces[domain] != "" {
			return true
		}
	}
	return false
}

// vendorsOwn: a system's front page, as in "powered by", leads to no board.
func vendorsOwn(a address) bool {
	return strings.Count(strings.TrimPrefix(a.host, "www."), ".") < 2 && len(a.path) < 2
}

// ownDomain knows the career sites that a service runs under an employer's own
// domain by the files they load from the service.
func (p *page) ownDomain(a address, where string) (Match, bool) {
	switch {
	case strings.HasSuffix(a.host, ".teamtailor-cdn.com") && a.at(0) != "widgets" && where != "a link of the page":
		return Match{System: "Teamtailor", Board: ownSite("teamtailor", p.at), Where: where}, true
	case strings.HasSuffix(a.host, ".recruiteecdn.com") || a.host == "recruiteecdn.com" || a.host == "careers-analytics.recruitee.com":
		return Match{System: "Recruitee", Board: ownSite("recruitee", p.at), Where: where}, true
	}
	return Match{}, false
}

// ownSite is the board of a career site under the employer's own domain, named by
// its host; under the service's it is what the address says.
func ownSite(name string, a address) source.Board {
	if s, sub, ok := serviceOf(a.host); ok && s.source == name {
		b := s.board(a, sub)
		b.Source = name
		return b
	}
	return source.Board{Source: name, Board: a.host}
}

func (p *page) add(m Match, worth int) {
	key := cmp.Or(m.Board.Source, m.System) + "/" + m.Board.Board
	c := p.found[key]
	if c == nil {
		c = &candidate{Match: m, order: len(p.found)}
		p.found[key] = c
	}
	if worth > c.best {
		c.best, c.Where = worth, m.Where
	}
	c.count++
	c.worth = c.best + min(c.count, mostLinks)
}

// matches ranks what was found: boards with a name before systems without one,
// a hiring system's own API before a feed and that before markup, then by worth.
func (p *page) matches() []Match {
	all := make([]*candidate, 0, len(p.found))
	for _, c := range p.found {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b *candidate) int {
		return cmp.Or(cmp.Compare(rank(a.Match), rank(b.Match)), cmp.Compare(b.worth, a.worth), cmp.Compare(a.order, b.order))
	})
	out := make([]Match, len(all))
	for i, c := range all {
		out[i] = c.Match
	}
	return out
}

func rank(m Match) int {
	switch {
	case m.Named() && m.Board.Source != "rss" && m.Board.Source != "jsonld":
		return 0
	case m.Board.Source == "rss":
		return 1
	case m.Board.Source == "jsonld":
		return 2
	}
	return 3
}
