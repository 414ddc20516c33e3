package hn

import (
	"regexp"
	"slices"
	"strings"

	"jobcity/pipeline/crawl/source"
)

type kind int

const (
	kindOther kind = iota
	kindRole
	kindPlace
	kindTerm // workplace, hours, visa, pay, links: said elsewhere
)

var (
	several = regexp.MustCompile(`(?i)\b(?:multiple|several|various|many|open|all|other|technical|tech)(?: \w+)? (?:roles|positions|openings)\b`)
	pay     = regexp.MustCompile(`(?i)[$€£¥₹]\s?\d|\d\s?[$€£]|\b\d{2,3}(?:[.,]\d{3})?\s?k\b|\b(?:usd|eur|gbp|chf|cad|aud|sek|pln)\b|\bsalary\b|\bequity\b|\b\d+(?:\.\d+)?\s?%`)
	place   = regexp.MustCompile(`^(?:[\p{Lu}][\p{L}.'’-]*,? ?){1,5}, ?(?:A[BKLRZ]|BC|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ABDEINOST]|N[BCDEHJLMSVY]|O[HKNR]|PA|QC|RI|S[CDK]|T[NX]|UT|V[AIT]|W[AIVY]|Tex|Calif|Mass)\b\.?`)
	bound   = regexp.MustCompile(`\s*(?:;|\s/\s|\s&\s|\s\+\s|\bor\b|\band\b|/)\s*`)
	noise   = regexp.MustCompile(`(?i)\b(?:fully |100% )?(?:remote|on-?site|on site|in-?office|in-?person|hybrid)(?: (?:only|ok|okay|possible|preferred|friendly|welcome|considered|first|in|from|within))?\b:?|\b(?:full|part)[- ]?time\b|\b(?:no|visa|h1b|relocation|locals? only)\b`)

	remoteSaid = regexp.MustCompile(`(?i)\bremote(?:ly)?\b`)
	noRemote   = regexp.MustCompile(`(?i)\b(?:no|not) remote\b|\bremote not\b|\bno remotes\b`)
	onsiteSaid = regexp.MustCompile(`(?i)\bon-?site\b|\bon site\b|\bin-?office\b|\bin-?person\b`)
	hybridSaid = regexp.MustCompile(`(?i)\bhybrid\b`)
)

// classify says what a segment of the line is about. A segment that names a role
// is a role even if it names a place too.
func classify(s string) kind {
	bare := located.ReplaceAllString(strings.Trim(squeeze(link.ReplaceAllString(s, " ")), edge+"()"), "")
	switch {
	case bare == "" || bareSite.MatchString(bare) || strings.Contains(bare, "@"):
		return kindTerm
	case isTerm(bare) && !namesPlace(bare):
		return kindTerm
	case isRole(s) != "":
		return kindRole
	case pay.MatchString(bare):
		return kindTerm
	case looksLikePlace(noise.ReplaceAllString(brackets.ReplaceAllString(bare, ""), "")):
		return kindPlace
	case noise.MatchString(bare) && len(placesIn(bare)) > 0:
		return kindPlace
	}
	if noise.MatchString(bare) && strings.Trim(noise.ReplaceAllString(bare, ""), edge+"()") == "" {
		return kindTerm
	}
	return kindOther
}

// isRole is the role that the segment names, without link and surrounding
// punctuation, or "".
func isRole(s string) string {
	s = strings.Trim(squeeze(link.ReplaceAllString(s, " ")), edge)
	bare := brackets.ReplaceAllString(s, "")
	if len(s) > 160 || isTerm(bare) {
		return ""
	}
	if in, _ := covered(words(bare), isRoleName); in == 0 && !several.MatchString(bare) {
		return ""
	}
	return s
}

// isTerm: nothing but words about workplace, hours, visa or pay.
func isTerm(s string) bool {
	all := words(s)
	return len(all) > 0 && !slices.ContainsFunc(all, func(w string) bool { return !isTermWord(w) })
}

func namesPlace(s string) bool {
	in, _ := covered(words(s), isPlaceName)
	return in > 0
}

// looksLikePlace: "City, ST", or mostly well-known names of places.
func looksLikePlace(s string) bool {
	s = strings.Trim(squeeze(s), edge+"()")
	if at := place.FindString(s); at != "" && 2*len(at) >= len(s) {
		return true
	}
	if at := strings.LastIndexByte(s, ','); at > 0 && len(strings.Fields(s[:at])) <= 4 && isRegion(strings.Join(words(s[at+1:]), " ")) {
		return true
	}
	in, all := covered(words(s), isPlaceName)
	return in > 0 && 2*in >= all
}

// placesIn takes a segment apart into places: "London / Berlin" are two. Pieces
// that do not look like places are left out, unless all are.
func placesIn(s string) []string {
	s = squeeze(link.ReplaceAllString(s, " "))
	var found []string
	for _, piece := range bound.Split(noise.ReplaceAllString(s, " "), -1) {
		piece = trimPlace(piece)
		if piece != "" && looksLikePlace(brackets.ReplaceAllString(piece, "")) {
			found = append(found, piece)
		}
	}
	return source.Places(found...)
}

// emptied is a bracket that starts with nothing: its first words were noise.
var emptied = regexp.MustCompile(`\s*\(\s*[,;].*$`)

var located = regexp.MustCompile(`(?i)^(?:locations?:|located in|based in|in\b)\s*`)

// trimPlace takes off what is around a place, and a bracket that lost its other
// half.
func trimPlace(s string) string {
	s = strings.Trim(located.ReplaceAllString(strings.Trim(squeeze(s), "()[]{}"+edge), ""), "[]{}"+edge)
	s = emptied.ReplaceAllString(s, "")
	if strings.Count(s, "(") > strings.Count(s, ")") {
		s += ")"
	}
	return strings.TrimSpace(s)
}

// workplace is set only when the line names one kind.
func workplace(line string) string {
	remote := remoteSaid.MatchString(line)
	onsite := onsiteSaid.MatchString(line)
	if noRemote.MatchString(line) {
		remote, onsite = false, true
	}
	switch hybrid := hybridSaid.MatchString(line); {
	case hybrid && !remote:
		return "hybrid"
	case remote && !onsite && !hybrid:
		return "remote"
	case onsite && !remote:
		return "onsite"
	}
	return ""
}

var employmentSaid = regexp.MustCompile(`(?i)\b(full[- ]?time|part[- ]?time|contract|freelance|interns?|internships?)\b`)

// employment is set only when the line names one kind.
func employment(line string) string {
	said := ""
	for _, m := range employmentSaid.FindAllString(line, -1) {
		e := source.Employment(m)
		if e == "" || said != "" && e != said {
			return ""
		}
		said = e
	}
	switch said {
	case "full_time", "part_time", "contract", "internship":
		return said
	}
	return ""
}
