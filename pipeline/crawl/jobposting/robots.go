package jobposting

import (
	"net/http"
	"strings"
	"time"

	"jobcity/pipeline/crawl/source"
)

// productToken is the name by which pages may address this crawler.
const productToken = "jobcity"

// Robots is what a page says to crawlers in its meta tags and its X-Robots-Tag
// headers. Rules: developers.google.com/search/docs/crawling-indexing/robots-meta-tag.
type Robots struct {
	NoIndex          bool      // the page is not to be found: its postings are closed
	NoFollow         bool      // its links are not to be followed
	NoArchive        bool      // its text is not to be kept
	UnavailableAfter time.Time // from then on as NoIndex; zero if not stated
}

// Hidden reports whether the page is not to be shown at the time now.
func (r Robots) Hidden(now time.Time) bool {
	return r.NoIndex || !r.UnavailableAfter.IsZero() && !now.IsZero() && now.After(r.UnavailableAfter)
}

// LastDay is the last calendar day, in UTC, before the page is not to be shown any
// more, "" if none is stated.
func (r Robots) LastDay() string {
	if r.UnavailableAfter.IsZero() {
		return ""
	}
	return source.DayOf(r.UnavailableAfter.UTC().Add(-time.Nanosecond))
}

// HeaderRobots reads the X-Robots-Tag lines of a header that are for all crawlers
// or for this one: "noindex", "jobcity: noindex".
func HeaderRobots(header http.Header) Robots {
	var r Robots
	for _, line := range header.Values("X-Robots-Tag") {
		if agent, rules, ok := strings.Cut(line, ":"); ok && !isRule(agent) {
			agent = strings.ToLower(strings.TrimSpace(agent))
			if agent != productToken && agent != "*" {
				continue
			}
			line = rules
		}
		r.add(line)
	}
	return r
}

// isRule tells "unavailable_after: …" and "noindex, max-snippet: 3" from the name
// of a crawler.
func isRule(s string) bool {
	if strings.Contains(s, ",") {
		return true
	}
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "unavailable_after", "max-snippet", "max-image-preview", "max-video-preview":
		return true
	}
	return false
}

// add adds the rules of one list. A date may hold a comma, so it takes the rest.
func (r *Robots) add(rules string) {
	for rules != "" {
		rule, rest, _ := strings.Cut(rules, ",")
		name, _, hasValue := strings.Cut(rule, ":")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "noindex":
			r.NoIndex = true
		case "nofollow":
			r.NoFollow = true
		case "noarchive", "nocache":
			r.NoArchive = true
		case "none":
			r.NoIndex, r.NoFollow = true, true
		case "unavailable_after":
			if hasValue {
				var value string
				value, rest = takeDate(rules)
				if at, ok := robotsTime(value); ok && (r.UnavailableAfter.IsZero() || at.Before(r.UnavailableAfter)) {
					r.UnavailableAfter = at
				}
			}
		}
		rules = rest
	}
}

// takeDate cuts "unavailable_after: date" off rules: up to the first comma that
// leaves a date, or to the end.
func takeDate(rules string) (date, rest string) {
	_, value, _ := strings.Cut(rules, ":")
	for i := range len(value) {
		if value[i] == ',' {
			if _, ok := robotsTime(value[:i]); ok {
				return value[:i], value[i+1:]
			}
		}
	}
	return value, ""
}

// robotsTime reads the date of unavailable_after, which is ISO 8601, RFC 822 or
// RFC 850. A day without a time is over at its end.
func robotsTime(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	for _, layout := range []string{
		time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", time.DateTime,
		time.RFC1123, time.RFC1123Z, time.RFC822, time.RFC822Z, time.RFC850,
		"2 Jan 2006 15:04:05 MST", "2 Jan 2006 15:04:05 -0700", "02-Jan-2006 15:04:05 MST",
	} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	for _, layout := range []string{time.DateOnly, "2 Jan 2006", "2-Jan-2006", "Mon, 2 Jan 2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.AddDate(0, 0, 1), true
		}
	}
	return time.Time{}, false
}

// and joins what two places say: the stricter holds.
func (r Robots) and(o Robots) Robots {
	r.NoIndex = r.NoIndex || o.NoIndex
	r.NoFollow = r.NoFollow || o.NoFollow
	r.NoArchive = r.NoArchive || o.NoArchive
	if r.UnavailableAfter.IsZero() || !o.UnavailableAfter.IsZero() && o.UnavailableAfter.Before(r.UnavailableAfter) {
		r.UnavailableAfter = o.UnavailableAfter
	}
	return r
}
