package source

import (
	"html"
	"regexp"
	"slices"
	"strings"
)

// Section is a part of a posting's text that the source gives apart.
type Section struct {
	Heading string // plain text; "" for none
	Body    string // HTML, or plain text without tags
}

// escapedTag tells HTML that was escaped once more than it should be.
var escapedTag = regexp.MustCompile(`(?i)&lt;/?(p|br|ul|li|div|strong|b|h[1-6])\b`)

// Text writes sections below each other as HTML, each under its heading as <h3>.
// Those without a body are left out. A section's tags are closed where it ends:
// none runs into the next.
func Text(sections ...Section) string {
	var out strings.Builder
	for _, s := range sections {
		body := strings.TrimSpace(s.Body)
		if !strings.Contains(body, "<") && escapedTag.MatchString(body) {
			body = html.UnescapeString(body)
		}
		body = closeTags(body)
		switch {
		case body == "":
			continue
		case !strings.Contains(body, "<"):
			body = "<p>" + strings.ReplaceAll(body, "\n", "<br>\n") + "</p>"
		}
		if out.Len() > 0 {
			out.WriteByte('\n')
		}
		if heading := strings.Join(strings.Fields(s.Heading), " "); heading != "" {
			out.WriteString("<h3>" + html.EscapeString(html.UnescapeString(heading)) + "</h3>\n")
		}
		out.WriteString(body)
	}
	return out.String()
}

// void are the elements that have no end tag.
var void = []string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

// implied are the elements that end where the next of their kind begins.
var implied = []string{"dd", "dt", "li", "option", "p", "td", "th", "tr"}

// closeTags makes the tags of s well-formed: it closes what is left open and
// drops end tags without a start, and tags and comments that do not end. Where
// all is well it returns s itself.
func closeTags(s string) string {
	c := closer{in: s}
	for at := 0; ; {
		next := strings.IndexByte(s[at:], '<')
		if next < 0 {
			return c.finish()
		}
		at = c.tag(at + next)
	}
}

type closer struct {
	in   string
	out  strings.Builder
	done int      // in is copied up to here
	open []string // names of the elements that are open, in lower case
}

// replace puts text in the place of in[from:to].
func (c *closer) replace(from, to int, text string) {
	c.out.WriteString(c.in[c.done:from])
	c.out.WriteString(text)
	c.done = to
}

func (c *closer) finish() string {
	if c.done == 0 && len(c.open) == 0 {
		return c.in
	}
	c.out.WriteString(c.in[c.done:])
	c.out.WriteString(c.end(0))
	return c.out.String()
}

// end closes the elements from the i-th on.
func (c *closer) end(i int) string {
	var tags strings.Builder
	for _, name := range slices.Backward(c.open[i:]) {
		tags.WriteString("</" + name + ">")
	}
	c.open = c.open[:i]
	return tags.String()
}

// tag reads what begins with the '<' at i and returns where it ends.
func (c *closer) tag(i int) int {
	rest := c.in[i:]
	switch {
	case strings.HasPrefix(rest, "<!--"):
		if n := strings.Index(rest[4:], "-->"); n >= 0 {
			return i + 4 + n + 3
		}
		c.replace(i, len(c.in), "")
		return len(c.in)
	case len(rest) < 2 || !letter(rest[1]) && rest[1] != '/' && rest[1] != '!' && rest[1] != '?':
		c.replace(i, i+1, "&lt;") // "< 3 years"
		return i + 1
	}
	n := tagEnd(rest)
	if n < 0 { // a quote or the tag itself does not end
		if n = strings.IndexByte(rest, '>') + 1; n == 0 {
			n = len(rest)
		}
		c.replace(i, i+n, "")
		return i + n
	}
	name := tagName(rest[1:n])
	switch {
	case rest[1] == '/':
		c.close(tagName(rest[2:n]), i, i+n)
	case name == "" || slices.Contains(void, name):
	case name == "script" || name == "style" || name == "title" || name == "textarea":
		return c.raw(name, i, i+n)
	default:
		if last := len(c.open) - 1; last >= 0 && c.open[last] == name && slices.Contains(implied, name) {
			c.replace(i, i, c.end(last))
		}
		c.open = append(c.open, name)
	}
	return i + n
}

func (c *closer) close(name string, from, to int) {
	for i := range slices.Backward(c.open) {
		if c.open[i] != name {
			continue
		}
		if i == len(c.open)-1 {
			c.open = c.open[:i]
		} else {
			c.replace(from, to, c.end(i))
		}
		return
	}
	c.replace(from, to, "")
}

// raw leaves out an element whose content is no text, from its start at from,
// with content from body on.
func (c *closer) raw(name string, from, body int) int {
	to := len(c.in)
	for at := body; at < len(c.in); {
		n := strings.Index(c.in[at:], "</")
		if n < 0 {
			break
		}
		at += n
		if tagName(c.in[at+2:]) == name {
			if n := strings.IndexByte(c.in[at:], '>'); n >= 0 {
				to = at + n + 1
			}
			break
		}
		at += 2
	}
	c.replace(from, to, "")
	return to
}

// tagEnd is the length of the tag that s begins with, -1 if it does not end.
func tagEnd(s string) int {
	quote := byte(0)
	for i := 1; i < len(s); i++ {
		switch b := s[i]; {
		case quote != 0:
			if b == quote {
				quote = 0
			}
		case b == '>':
			return i + 1
		case (b == '"' || b == '\'') && beforeValue(s[:i]):
			quote = b
		}
	}
	return -1
}

// beforeValue says that a quote after s opens an attribute's value.
func beforeValue(s string) bool {
	return strings.HasSuffix(strings.TrimRight(s, " \t\r\n\f"), "=")
}

func tagName(s string) string {
	n := 0
	for n < len(s) && !strings.ContainsRune(" \t\r\n\f/>", rune(s[n])) {
		n++
	}
	return strings.ToLower(s[:n])
}

func letter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }
