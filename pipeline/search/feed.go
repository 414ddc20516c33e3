package search

import (
	"encoding/json"
	"encoding/xml"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"jobcity/pipeline/query"
)

// MaxEntries is how many postings a feed holds.
const MaxEntries = 50

// Media types of feeds.
const (
	AtomType     = "application/atom+xml"
	JSONFeedType = "application/feed+json"
)

// Feed is the newest postings of a search. It holds no texts of postings.
type Feed struct {
	search  Search
	self    string // where it is to be had
	entries []entry
}

type entry struct {
	id, title, link, employer, summary string
	skills                             []string
	updated                            time.Time
	published                          string // RFC 3339; empty: not known
}

// NewFeed makes a feed of rows of the query postings, the newest first, and of
// those of search_skills. self is its address.
func NewFeed(s Search, self string, postings, skills query.Result) Feed {
	f := Feed{search: s, self: self}
	asked := map[string]string{}
	for _, row := range skills.Rows {
		asked[word(row[0])] = word(row[1])
	}
	for _, row := range postings.Rows {
		v := map[string]any{}
		for i, c := range postings.Columns {
			v[c.Name] = row[i]
		}
		id := word(v["id"])
		e := entry{id: urn("posting", id), title: word(v["title"]), link: webLink(word(v["url"])), employer: word(v["employer"])}
		e.updated, _ = v["seen_at"].(time.Time)
		if posted, ok := v["posted_on"].(time.Time); ok {
			e.published = posted.UTC().Format(time.RFC3339)
		}
		if asked[id] != "" {
			e.skills = strings.Split(asked[id], ", ")
		}
		var parts []string
		for _, p := range []string{e.employer, word(v["places"]), pay(v), asked[id]} {
			if p != "" {
				parts = append(parts, p)
			}
		}
		e.summary = strings.Join(parts, " · ")
		if e.title == "" {
			e.title = "(no title)"
		}
		f.entries = append(f.entries, e)
	}
	return f
}

// updated is when the newest entry was seen; without one, when the search was saved.
func (f Feed) updated() time.Time {
	at := f.search.Created
	for i, e := range f.entries {
		if i == 0 || e.updated.After(at) {
			at = e.updated
		}
	}
	return at
}

// urn names a thing for good: a version 5 UUID (RFC 9562) of its kind and id.
func urn(kind, id string) string {
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte("jobcity:"+kind+":"+id)).URN()
}

// webLink is a URL that a reader may open: http or https, and nothing else.
func webLink(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return u.String()
}

// pay words stated pay, such as "60000–80000 EUR a year".
func pay(v map[string]any) string {
	low, hasLow := v["pay_min"].(float64)
	high, hasHigh := v["pay_max"].(float64)
	number := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	var text string
	switch {
	case hasLow && hasHigh && low != high:
		text = number(low) + "–" + number(high)
	case hasLow:
		text = number(low)
	case hasHigh:
		text = number(high)
	default:
		return ""
	}
	if currency := word(v["pay_currency"]); currency != "" {
		text += " " + currency
	}
	if period := word(v["pay_period"]); period != "" {
		text += " a " + period
	}
	return text
}

func word(v any) string {
	s, _ := v.(string)
	return s
}

// The elements of RFC 4287.
type (
	atomFeed struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Updated string      `xml:"updated"`
		Author  atomPerson  `xml:"author"`
		Link    atomLink    `xml:"link"`
		Entries []atomEntry `xml:"entry"`
	}
	atomEntry struct {
		ID        string         `xml:"id"`
		Title     string         `xml:"title"`
		Updated   string         `xml:"updated"`
		Published string         `xml:"published,omitempty"`
		Author    *atomPerson    `xml:"author"`
		Link      *atomLink      `xml:"link"`
		Summary   string         `xml:"summary,omitempty"`
		Content   string         `xml:"content,omitempty"` // an entry without a link must have one
		Category  []atomCategory `xml:"category"`
	}
	atomPerson struct {
		Name string `xml:"name" json:"name"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	}
	atomCategory struct {
		Term string `xml:"term,attr"`
	}
)

// Atom is the feed as RFC 4287 has it. Characters that XML does not know, such as
// most control characters, become U+FFFD.
func (f Feed) Atom() ([]byte, error) {
	out := atomFeed{
		ID: urn("search", f.search.ID), Title: f.search.Name, Updated: f.updated().UTC().Format(time.RFC3339Nano),
		Author: atomPerson{"jobcity"}, Link: atomLink{"self", f.self},
	}
	for _, e := range f.entries {
		a := atomEntry{ID: e.id, Title: e.title, Updated: e.updated.UTC().Format(time.RFC3339Nano), Published: e.published, Summary: e.summary}
		if e.employer != "" {
			a.Author = &atomPerson{e.employer}
		}
		if e.link != "" {
			a.Link = &atomLink{"alternate", e.link}
		} else {
			a.Summary, a.Content = "", e.words()
		}
		for _, s := range e.skills {
			a.Category = append(a.Category, atomCategory{s})
		}
		out.Entries = append(out.Entries, a)
	}
	body, err := xml.Marshal(out)
	return append([]byte(xml.Header), body...), err
}

// words is the summary, or the title where there is nothing to sum up.
func (e entry) words() string {
	if e.summary != "" {
		return e.summary
	}
	return e.title
}

// The objects of JSON Feed 1.1, jsonfeed.org/version/1.1.
type (
	jsonFeed struct {
		Version string     `json:"version"`
		Title   string     `json:"title"`
		Items   []jsonItem `json:"items"`
	}
	jsonItem struct {
		ID        string       `json:"id"`
		URL       string       `json:"url,omitempty"`
		Title     string       `json:"title"`
		Text      string       `json:"content_text"`
		Published string       `json:"date_published,omitempty"`
		Modified  string       `json:"date_modified"`
		Authors   []atomPerson `json:"authors,omitempty"`
		Tags      []string     `json:"tags,omitempty"`
	}
)

// JSON is the feed as JSON Feed 1.1 has it.
func (f Feed) JSON() ([]byte, error) {
	out := jsonFeed{Version: "https://jsonfeed.org/version/1.1", Title: f.search.Name, Items: []jsonItem{}}
	for _, e := range f.entries {
		i := jsonItem{ID: e.id, URL: e.link, Title: e.title, Text: e.words(), Published: e.published, Modified: e.updated.UTC().Format(time.RFC3339Nano), Tags: e.skills}
		if e.employer != "" {
			i.Authors = []atomPerson{{e.employer}}
		}
		out.Items = append(out.Items, i)
	}
	return json.Marshal(out)
}
