package jobposting

import (
	"html"
	"net/url"
	"regexp"
	"strings"

	nethtml "golang.org/x/net/html"

	"jobcity/pipeline/crawl/source"
)

// first is the first value of a property that is not empty, as plain text.
func (n *Node) first(names ...string) string {
	for _, name := range names {
		for _, v := range n.Get(name) {
			if s := v.plain(); s != "" {
				return s
			}
		}
	}
	return ""
}

// plain is the node as one line of plain text: of a thing its name.
func (n *Node) plain() string {
	if len(n.Props) > 0 {
		if s := n.first("name", "@value", "value", "legalName", "alternateName", "@list", "@set"); s != "" {
			return s
		}
	}
	return plain(n.Text)
}

// plain undoes entities and drops tags. What stands for "nothing" becomes nothing.
func plain(s string) string {
	for range 2 {
		if !strings.Contains(s, "&") {
			break
		}
		s = html.UnescapeString(s)
	}
	if strings.Contains(s, "<") && tagLike.MatchString(s) {
		s = stripTags(s)
	}
	s = oneLine(s)
	switch strings.ToLower(s) {
	case "n/a", "na", "null", "undefined", "none", "-", "--", ".", "[object object]", "nil", "not specified", "unspecified":
		return ""
	}
	return s
}

var (
	tagLike     = regexp.MustCompile(`</?[a-zA-Z][^<>]*>`)
	escapedTags = regexp.MustCompile(`&lt;/?[a-zA-Z][^<>]*?&gt;`)
	twiceTags   = regexp.MustCompile(`&amp;lt;/?[a-zA-Z][^<>]*?&amp;gt;`)
)

func stripTags(s string) string {
	z := nethtml.NewTokenizer(strings.NewReader(s))
	var b strings.Builder
	for {
		switch z.Next() {
		case nethtml.ErrorToken:
			return b.String()
		case nethtml.TextToken:
			b.Write(z.Text())
		default:
			b.WriteByte(' ')
		}
	}
}

func (r *reader) title() string {
	s := r.first("title")
	if s == "" {
		s = r.first("name", "jobTitle")
	}
	if s == "" {
		r.problem("title", "missing", "")
	}
	return s
}

// text is the description, and behind it what the site keeps apart from it.
func (r *reader) text() string {
	s := ""
	for _, v := range r.Get("description") {
		if s = v.long(); s != "" {
			break
		}
	}
	if s == "" {
		r.problem("description", "missing", "")
	}
	rich := tagLike.MatchString(s)
	for _, part := range []struct{ heading, name string }{
		{"Responsibilities", "responsibilities"}, {"Qualifications", "qualifications"}, {"Skills", "skills"},
		{"Experience", "experienceRequirements"}, {"Education", "educationRequirements"},
		{"Benefits", "jobBenefits"}, {"Benefits", "incentiveCompensation"},
	} {
		var lines []string
		for _, v := range r.Get(part.name) {
			if line := v.long(); line != "" && !strings.Contains(s, line) {
				lines = append(lines, line)
			}
		}
		if len(lines) > 0 {
			s = appendPart(s, part.heading, lines, rich || s == "")
		}
	}
	return s
}

func appendPart(s, heading string, lines []string, rich bool) string {
	var b strings.Builder
	b.WriteString(s)
	if !rich {
		b.WriteString("\n\n" + heading + "\n")
		for _, l := range lines {
			b.WriteString(l + "\n")
		}
		return b.String()
	}
	b.WriteString("\n<h3>" + heading + "</h3>\n")
	for _, l := range lines {
		if !tagLike.MatchString(l) {
			l = "<p>" + html.EscapeString(html.UnescapeString(l)) + "</p>"
		}
		b.WriteString(l + "\n")
	}
	return b.String()
}

// long is a node's text with its markup. Markup that was escaped, once or twice,
// is restored; so are line breaks that arrive as a backslash and an n.
func (n *Node) long() string {
	s := n.Markup
	if s == "" {
		s = n.Text
	}
	if len(n.Props) > 0 {
		s = n.thingText()
	}
	if strings.TrimSpace(s) == "" || plain(s[:min(len(s), 40)]) == "" && len(s) < 40 {
		return ""
	}
	if strings.Contains(s, "&amp;lt;") && twiceTags.MatchString(s) {
		s = html.UnescapeString(s)
	}
	if strings.Contains(s, "&lt;") && escapedTags.MatchString(s) && !tagLike.MatchString(s) {
		s = html.UnescapeString(s)
	}
	return writtenBreaks(s)
}

// writtenBreaks makes line breaks of "\\n" written out, where no word can be meant:
// beside a tag, white space or another one, and at the end.
func writtenBreaks(s string) string {
	if !strings.Contains(s, `\n`) {
		return s
	}
	var b strings.Builder
	again := false // the one before was a break, and this one follows it
	for {
		before, after, ok := strings.Cut(s, `\n`)
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		again = again && before == "" || strings.HasSuffix(before, ">") || after == "" || after[0] <= ' ' || after[0] == '<' ||
			strings.HasPrefix(after, `\n`) || strings.HasPrefix(after, "\u00a0")
		if again {
			b.WriteByte('\n')
		} else {
			b.WriteString(`\n`)
		}
		s = after
	}
}

// thingText is what a thing says about requirements.
func (n *Node) thingText() string {
	if s := n.first("description"); s != "" {
		return s
	}
	if s := n.first("monthsOfExperience"); s != "" {
		return s + " months of experience"
	}
	if s := n.first("credentialCategory"); s != "" {
		return s
	}
	return n.plain()
}

func (r *reader) url(pageURL string) string {
	base, err := url.Parse(pageURL)
	if err != nil {
		return pageURL
	}
	for _, v := range r.Get("url") {
		stated := strings.TrimSpace(html.UnescapeString(v.Text))
		if len(v.Props) > 0 || stated == "" {
			stated = v.ID
		}
		if stated == "" {
			continue
		}
		u, err := base.Parse(stated)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			r.problem("url", "is not a web address", stated)
			continue
		}
		if strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && u.Fragment == "" && strings.Trim(base.Path, "/") != "" {
			continue // the site's front page
		}
		return u.String()
	}
	return pageURL
}

func (r *reader) employer() string {
	for _, v := range r.Get("hiringOrganization") {
		name := v.plain()
		if name == "" {
			continue
		}
		switch strings.ToLower(strings.Trim(name, ".*()[] ")) {
		case "confidential", "anonymous", "company confidential", "confidential company", "vertraulich", "confidentiel", "confidencial", "undisclosed":
			r.problem("hiringOrganization", "the employer is not named", name)
			continue
		}
		if u, err := url.Parse(name); err == nil && u.Host != "" {
			r.problem("hiringOrganization", "is an address, not a name", name)
			continue
		}
		return name
	}
	if len(r.Get("hiringOrganization")) == 0 {
		r.problem("hiringOrganization", "missing", "")
	}
	return ""
}

func (r *reader) department() string {
	if s := r.first("employmentUnit"); s != "" {
		return s
	}
	for _, v := range r.Get("hiringOrganization") {
		if s := v.first("department"); s != "" {
			return s
		}
	}
	return ""
}

// employmentType is every type that is stated, in one form: "full_time, contract".
func (r *reader) employmentType() string {
	var types []string
	for _, v := range r.Get("employmentType") {
		for part := range strings.FieldsFuncSeq(v.plain(), func(c rune) bool { return strings.ContainsRune(",;|/[]\"'", c) && !strings.Contains(v.Text, "://") }) {
			if part = LocalName(part); part == "" || strings.EqualFold(part, "OTHER") {
				continue
			}
			types = append(types, source.Employment(part))
		}
	}
	return strings.Join(source.Places(types...), ", ")
}

// workplace is remote for TELECOMMUTE, the only value there is; sites state others.
func (r *reader) workplace() string {
	for _, v := range r.Get("jobLocationType") {
		stated := v.plain()
		if stated == "" {
			continue
		}
		if w := source.Workplace(LocalName(stated)); w != "" {
			return w
		}
		r.problem("jobLocationType", "is not known", stated)
	}
	return ""
}

var languageTag = regexp.MustCompile(`^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$`)

func (r *reader) language() string {
	for _, v := range r.Get("inLanguage") {
		stated := v.plain()
		if len(v.Props) > 0 {
			if code := v.first("alternateName"); languageTag.MatchString(code) {
				stated = code
			}
		}
		if languageTag.MatchString(stated) {
			return strings.ReplaceAll(stated, "_", "-")
		}
		if stated != "" {
			r.problem("inLanguage", "is not a language tag", stated)
		}
	}
	return ""
}
