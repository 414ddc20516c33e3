package teamtailor

import (
	"encoding/json"
	"regexp"
	"strings"

	"jobcity/pipeline/crawl/source"
)

// item is one element of "items" in the JSON Feed.
type item struct {
	ID            source.NativeID        `json:"id"` // of the feed's entry, not of the posting
	URL           string                 `json:"url"`
	Title         string                 `json:"title"`
	ContentHTML   source.Lax[string]     `json:"content_html"`
	DatePublished source.Word            `json:"date_published"`
	Posting       source.Lax[jobPosting] `json:"_jobposting"`
}

// jobPosting is a JobPosting of schema.org, as far as it goes beyond the item.
type jobPosting struct {
	Title           source.Word            `json:"title"`
	Description     source.Word            `json:"description"`
	DatePosted      source.Word            `json:"datePosted"`
	ValidThrough    source.Word            `json:"validThrough"`
	Identifier      named                  `json:"identifier"`
	Organization    named                  `json:"hiringOrganization"`
	EmploymentType  several[source.Word]   `json:"employmentType"`  // FULL_TIME, PART_TIME, …
	JobLocationType source.Word            `json:"jobLocationType"` // TELECOMMUTE, mostly null
	JobLocation     several[place]         `json:"jobLocation"`
	BaseSalary      source.Lax[baseSalary] `json:"baseSalary"`
}

type place struct {
	Address struct {
		Locality source.Word `json:"addressLocality"`
		Region   source.Word `json:"addressRegion"`
		Country  named       `json:"addressCountry"` // a code
	} `json:"address"`
}

type baseSalary struct {
	Currency source.Word `json:"currency"`
	Value    struct {
		Value source.Amount `json:"value"`
		Min   source.Amount `json:"minValue"`
		Max   source.Amount `json:"maxValue"`
		Unit  source.Word   `json:"unitText"` // YEAR, MONTH, WEEK, DAY, HOUR
	} `json:"value"`
}

// named is a thing of schema.org that may be given by its name or value alone.
type named struct {
	source.Word
}

// UnmarshalJSON never fails.
func (n *named) UnmarshalJSON(b []byte) error {
	var thing struct {
		Name  source.Word `json:"name"`
		Value source.Word `json:"value"`
	}
	if json.Unmarshal(b, &thing) == nil {
		n.Word = thing.Name
		if thing.Value != "" {
			n.Word = thing.Value
		}
		return nil
	}
	return n.Word.UnmarshalJSON(b)
}

// several is a list, or one element without it.
type several[T any] []T

// UnmarshalJSON never fails.
func (s *several[T]) UnmarshalJSON(b []byte) error {
	var list source.Lax[[]T]
	if len(b) > 0 && b[0] == '[' {
		_ = json.Unmarshal(b, &list)
		*s = list.V
		return nil
	}
	var one source.Lax[*T]
	_ = json.Unmarshal(b, &one)
	if one.V != nil {
		*s = []T{*one.V}
	}
	return nil
}

// rssItem is one element of the RSS feed; what is not RSS is in Teamtailor's
// namespace, or in none.
type rssItem struct {
	Title        string `xml:"title"`
	Description  string `xml:"description"`
	PubDate      string `xml:"pubDate"`
	Link         string `xml:"link"`
	GUID         string `xml:"guid"`
	RemoteStatus string `xml:"remoteStatus"` // fully, hybrid, temporary, none
	Department   string `xml:"department"`
	Role         string `xml:"role"`
	Locations    []struct {
		Name    string `xml:"name"`
		City    string `xml:"city"`
		Country string `xml:"country"`
	} `xml:"locations>location"`
	Swallowed []struct{} `xml:"item"` // of an item that has no end
}

var postingID = regexp.MustCompile(`/jobs/(\d+)`)

// nativeID is the number in the address of a posting's page, which both feeds
// have, or else the first of others.
func nativeID(link string, others ...string) string {
	if m := postingID.FindStringSubmatch(link); m != nil {
		return m[1]
	}
	for _, id := range others {
		if id = strings.TrimSpace(id); id != "" {
			return id
		}
	}
	return ""
}
