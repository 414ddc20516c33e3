package rss

import (
	"regexp"
	"strings"

	"jobcity/pipeline/crawl/source"
)

var (
	roleWord = regexp.MustCompile(`(?i)(?:\b(?:engineering|develop|dev|devops|management|designer|analyst|admin|architect|scientist|lead|head|director|specialist|consultant|technician|intern|internship|officer|support|sales|recruiter|writer|editor|tester|sre|cto|ciso|vp|senior|junior|staff|principal|fullstack|full-stack|frontend|front-end|backend|back-end|representative|coordinator|assistant|associate|ingénieur|développeur|développeuse|werkstudent|praktikant|praktikum|chef|responsable|desarrollador|ingeniero|sviluppatore|ontwikkelaar)|` +
		// these also end compounds: Systemadministrator, Softwareentwickler
		`(?:engineer|developer|manager|administrator|administrateur|programmer|programmierer|entwickler|ingenieur|berater|leiter|techniker|informatiker|architekt))(?:in|innen|s|e|a|ing)?\b`)
	// no employer's name, though it stands before a colon
	notice   = regexp.MustCompile(`(?i)^(?:job|jobs|remote|hybrid|onsite|hiring|we'?re hiring|urgent|new|wanted|now hiring|apply|position|vacancy|role|title|stelle|poste|\[.*\])$`)
	colon    = regexp.MustCompile(`^([^:]{2,60}):\s+(\S.*)$`)
	at       = regexp.MustCompile(`(?i)^(.{3,}?)\s+(?:at|@|bei|chez)\s+([^|]{2,80})$`)
	trailing = regexp.MustCompile(`\s*\(([^()]*)\)\s*$`)
	anywhere = regexp.MustCompile(`(?i)\b(?:allows remote|remote|telecommute)\b`)
)

// titles is how the titles of one feed are written. A lone title tells little:
// "Acme: Engineer" is plain, "Platform: Search" is not. So what nearly all titles
// of a feed do counts as its custom.
type titles struct{ colon, at bool }

// custom looks at all titles of a feed.
func custom(all []string) titles {
	const fewest, share = 3, 0.7
	titled, colons, ats := 0, 0, 0
	for _, t := range all {
		if t != "" {
			titled++
		}
		if employer, _ := byColon(t); employer != "" {
			colons++
		}
		if _, employer := byAt(bare(t)); employer != "" {
			ats++
		}
	}
	most := share * float64(titled)
	return titles{
		colon: titled >= fewest && float64(colons) >= most,
		at:    titled >= fewest && float64(ats) >= most,
	}
}

// bare is a title without the brackets at its end.
func bare(t string) string {
	for trailing.MatchString(t) {
		t = trailing.ReplaceAllString(t, "")
	}
	return t
}

// byColon reads "Employer: Title".
func byColon(t string) (employer, title string) {
	m := colon.FindStringSubmatch(t)
	if m == nil || roleWord.MatchString(m[1]) || notice.MatchString(strings.TrimSpace(m[1])) {
		return "", t
	}
	return strings.TrimSpace(m[1]), m[2]
}

// byAt reads "Title at Employer".
func byAt(t string) (title, employer string) {
	m := at.FindStringSubmatch(t)
	if m == nil || roleWord.MatchString(m[2]) {
		return t, ""
	}
	return m[1], strings.TrimSpace(m[2])
}

// headline is what a title says.
type headline struct {
	title, employer, place string
	remote                 bool
}

// read takes employer and place out of title, by the feed's custom. What the item
// states elsewhere, known and places, is taken out of the title too.
func (c titles) read(title, known string, places []string) headline {
	h := headline{title: strings.Join(strings.Fields(title), " "), employer: known}
	if known != "" {
		h.title = without(h.title, known)
	} else if employer, rest := byColon(h.title); employer != "" && (c.colon || roleWord.MatchString(rest)) {
		h.title, h.employer = rest, employer
	} else if rest, employer := byAt(bare(h.title)); employer != "" && (c.at || roleWord.MatchString(rest)) {
		for _, m := range brackets(h.title) {
			if anywhere.MatchString(m) {
				h.remote = true
			} else if h.place == "" {
				h.place = m
			}
		}
		h.title, h.employer = rest, employer
	}
	if m := trailing.FindStringSubmatch(h.title); m != nil && isPlace(m[1], places) {
		h.title = trailing.ReplaceAllString(h.title, "")
	}
	return h
}

// brackets are what stands in the brackets at the end of t, the last one first.
func brackets(t string) []string {
	var all []string
	for m := trailing.FindStringSubmatch(t); m != nil; m = trailing.FindStringSubmatch(t) {
		if in := strings.TrimSpace(m[1]); in != "" {
			all = append(all, in)
		}
		t = trailing.ReplaceAllString(t, "")
	}
	return all
}

// without is t without the employer's name at an end of it.
func without(t, employer string) string {
	lower, name := strings.ToLower(t), strings.ToLower(employer)
	if len(lower) != len(t) || len(name) != len(employer) {
		return t // letters whose cases differ in length
	}
	for _, join := range []string{": ", " - ", " – ", " | "} {
		if strings.HasPrefix(lower, name+join) {
			return t[len(name+join):]
		}
	}
	for _, join := range []string{" at ", " @ ", " bei ", " chez ", " - ", " – ", " | ", ", "} {
		if strings.HasSuffix(lower, join+name) {
			return t[:len(t)-len(join+name)]
		}
	}
	return t
}

// isPlace: s is a place the item states, or the beginning of one ("Berlin, DE" of
// "Berlin, DE, 10115").
func isPlace(s string, places []string) bool {
	s = strings.ToLower(strings.Join(strings.Fields(s), " "))
	for _, p := range source.Places(places...) {
		if s != "" && strings.HasPrefix(strings.ToLower(p), s) {
			return true
		}
	}
	return false
}
