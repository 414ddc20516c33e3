package hn

import (
	"html"
	"regexp"
	"strings"

	"jobcity/pipeline/crawl/source"
)

// head is what a comment's first line says. By custom it reads
//
//	Company | Role | Place | REMOTE or ONSITE | Full-time | https://…
//
// in any order after the company; before 2015 mostly "Company - Place" or "Place -
// Company". Nothing is guessed: what no rule knows stays in the text.
type head struct {
	employer   string
	title      string // the roles named; without any, the line itself
	places     []string
	workplace  string
	employment string
}

const (
	maxHead  = 600 // bytes of a first line that are looked at
	maxTitle = 140 // runes of a title made of a whole line
	maxName  = 60  // runes of a company's name
)

var (
	lineEnd   = regexp.MustCompile(`(?i)<p>|<p |</p>|<br|<pre|\n`)
	bars      = regexp.MustCompile(`\s*[|│｜¦]+\s*`)
	strokes   = regexp.MustCompile(`\s+(?://|—+|–+|➡|→|•|·|::|>>)\s+`)
	dashes    = regexp.MustCompile(`\s+-{1,3}\s+`)
	link      = regexp.MustCompile(`(?i)\(?\s*\b(?:https?://|www\.)\S+`)
	bareSite  = regexp.MustCompile(`(?i)^[a-z0-9-]+(\.[a-z0-9-]+)*\.(com|io|org|net|co|ai|dev|app|tech|jobs|me|uk|de|eu|fr|ca|so|us|vc)(/\S*)?$`)
	brackets  = regexp.MustCompile(`\s*[(\[{][^)\]}]*[)\]}]?`)
	hiring    = regexp.MustCompile(`(?i)^(?:hi,? )?(?:we(?:'re| are) hiring (?:at|for) |at |here at |join )?(.{2,60}?)(?:,? (?:is|are) (?:now |currently |also |still )?(?:hiring|looking|seeking|searching|growing|expanding|recruiting)\b|'s hiring\b)`)
	talk      = regexp.MustCompile(`(?i)^(?:if|we|we're|i|i'm|you|they|it|who|hi|hey|hello|any|anyone|anybody|what|why|how|where|sorry|thanks|this|that|there|our|my|the company|looking|seeking|wanted|hiring|come|join|please|apply|help)\b`)
	hiringEnd = regexp.MustCompile(`(?i)\s+(?:is|are) (?:now |currently |also )?(?:hiring|looking|seeking|growing).*$`)
	edge      = " \t.,:;-–—=*_#~!|/"
)

func readHead(text string) head {
	line := firstLine(text)
	parts := split(line)
	h := head{title: wholeLine(parts), workplace: workplace(line), employment: employment(line)}
	if len(parts) < 2 {
		h.single(line)
		return h
	}
	var roles []string
	for i, part := range parts {
		kind := classify(part)
		if i == 0 && kind == kindTerm && bareSite.MatchString(part) {
			kind = kindOther // a site's address in the first place is the company's name
		}
		switch kind {
		case kindRole:
			roles = append(roles, isRole(part))
		case kindPlace:
			h.places = append(h.places, placesIn(part)...)
		case kindOther:
			if h.employer != "" {
				break
			}
			h.employer = name(part)
			if in := strings.Trim(brackets.FindString(part), edge+"()[]"); looksLikePlace(in) {
				h.places = append(h.places, placesIn(in)...)
			}
		}
	}
	if h.employer == "" && len(roles) > 0 {
		if role, at, ok := strings.Cut(roles[0], " at "); ok {
			h.employer, roles[0] = name(at), role
		}
	}
	if h.employer == "" && len(roles) > 1 && isRole(parts[0]) != "" { // "Acme Support | Engineer"
		h.employer, roles = name(parts[0]), roles[1:]
	}
	h.places = source.Places(h.places...)
	if len(roles) > 0 {
		h.title = cut(strings.Join(source.Places(roles...), ", "), 2*maxTitle)
	}
	return h
}

// single reads a line that has no parts: "Company is hiring …", a company's name,
// or a place.
func (h *head) single(line string) {
	if m := hiring.FindStringSubmatch(line); m != nil {
		h.employer = name(m[1])
		return
	}
	switch classify(line) {
	case kindPlace:
		h.places = placesIn(line)
	case kindOther:
		if len(line) <= maxName {
			h.employer = name(line)
		}
	}
}

// wholeLine is the title of a comment that names no role.
func wholeLine(parts []string) string {
	var kept []string
	for _, p := range parts {
		if p = strings.Trim(squeeze(link.ReplaceAllString(p, " ")), edge+"("); p != "" {
			kept = append(kept, p)
		}
	}
	return cut(strings.Join(kept, " | "), maxTitle)
}

// firstLine is the comment up to its first break, without tags and entities.
func firstLine(text string) string {
	for text = strings.TrimSpace(text); text != ""; {
		line, rest := text, ""
		if at := lineEnd.FindStringIndex(text); at != nil {
			line, rest = text[:at[0]], text[at[1]:]
		}
		line = strings.ToValidUTF8(line[:min(len(line), 4*maxHead)], "")
		if line = squeeze(visible(line)); strings.Trim(line, edge) != "" {
			return strings.ToValidUTF8(line[:min(len(line), maxHead)], "")
		}
		text = rest
	}
	return ""
}

// visible is s without tags and entities.
func visible(s string) string {
	var b strings.Builder
	for s != "" {
		before, rest, ok := strings.Cut(s, "<")
		b.WriteString(before)
		if !ok {
			break
		}
		_, s, ok = strings.Cut(rest, ">")
		if !ok {
			b.WriteString("<" + rest)
			break
		}
	}
	return html.UnescapeString(b.String())
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// split takes the line apart at the strongest separator it has.
func split(line string) []string {
	var parts []string
	switch {
	case bars.MatchString(line):
		parts = bars.Split(line, -1)
	case strokes.MatchString(line):
		parts = strokes.Split(line, -1)
	default:
		parts = dashes.Split(line, -1)
	}
	if len(parts) > 0 {
		parts = append(first(parts[0]), parts[1:]...)
	}
	var out []string
	for _, p := range parts {
		if p = strings.Trim(p, edge); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// first takes the first segment apart further, where it holds the company and
// more: "Company (https://…), City" and "Company: Role".
func first(s string) []string {
	if at := link.FindStringIndex(s); at != nil && strings.Trim(s[:at[0]], edge) != "" {
		return []string{s[:at[0]], strings.Trim(s[at[1]:], edge+")")}
	}
	if company, rest, ok := strings.Cut(s, ": "); ok && len(company) <= maxName && rest != "" && !strings.EqualFold(company, "location") {
		return []string{company, rest}
	}
	if pieces := strings.SplitN(s, ", ", 2); len(pieces) == 2 && strings.Contains(pieces[1], ", ") && looksLikePlace(pieces[1]) && !strings.Contains(pieces[0], "(") && !looksLikePlace(pieces[0]) {
		return pieces
	}
	return []string{s}
}

// name is a company's name out of a segment that holds it: without links,
// brackets ("(YC S23)") and "is hiring". "" if what is left is a sentence.
func name(s string) string {
	s = hiringEnd.ReplaceAllString(s, "")
	if at := link.FindStringIndex(s); at != nil && strings.Trim(s[:at[0]], edge) != "" {
		s = s[:at[0]]
	}
	if short := strings.Trim(brackets.ReplaceAllString(s, ""), edge); short != "" {
		s = short
	}
	s = strings.TrimPrefix(strings.TrimPrefix(squeeze(s), "https://"), "http://")
	s = strings.Trim(s, edge)
	if first, rest, ok := strings.Cut(s, ", "); ok && classify(rest) == kindPlace {
		s = first
	}
	if len([]rune(s)) > maxName || len(strings.Fields(s)) > 8 || talk.MatchString(s) {
		return ""
	}
	return s
}

func cut(s string, runes int) string {
	r := []rune(s)
	if len(r) <= runes {
		return s
	}
	s = string(r[:runes])
	if at := strings.LastIndexByte(s, ' '); at > len(s)/2 {
		s = s[:at]
	}
	return strings.TrimRight(s, edge) + " …"
}
