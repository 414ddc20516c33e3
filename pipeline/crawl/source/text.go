package source

import (
	"html"
	"regexp"
	"slices"
	"strings"

	"jobcity/pipeline/posting"
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
	size := 0
	for _, s := range sections {
		size += len(s.Heading) + min(len(s.Body), maxBody) + len("\n<h3></h3>\n<p></p>")
	}
	var out strings.Builder
	out.Grow(size)
	for _, s := range sections {
		body := strings.TrimSpace(s.Body[:min(len(s.Body), maxBody)])
		if !strings.Contains(body, "<") && escapedTag.MatchString(body) {
			body = html.UnescapeString(body)
		}
		body = strings.TrimSpace(closeTags(body))
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
			out.WriteString("<h3>")
			out.WriteString(html.EscapeString(html.UnescapeString(heading)))
			out.WriteString("</h3>\n")
		}
		out.WriteString(body)
	}
	return out.String()
}

// maxBody is as much of a section as is looked at: more than a posting may hold,
// so that it is known to have been cut.
const maxBody = posting.MaxText + 1024

// maxDepth is how many elements may be open at a time; those beyond are left out.
const maxDepth = 256

// closeTags makes the tags of s well-formed: it closes what is left open, and
// leaves out end tags without a start, tags that do not end, comments, and scripts.
// Where all is well it returns s itself.
func closeTags(s string) string {
	var room [16]string
	c := closer{in: s, open: room[:0]}
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
	case len(rest) > 1 && (letter(rest[1]) || rest[1] == '/'):
	case strings.HasPrefix(rest, "<!--"):
		return c.comment(i, "-->")
	case strings.HasPrefix(rest, "<!"), strings.HasPrefix(rest, "<?"):
		return c.comment(i, ">")
	default:
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
	if rest[1] == '/' {
		c.close(tagName(rest[2:n]), i, i+n)
		return i + n
	}
	switch name := tagName(rest[1:n]); name {
	case "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr": // have no end tag
	case "script", "style", "title", "textarea":
		return c.raw(name, i, i+n)
	case "dd", "dt", "li", "option", "p", "td", "th", "tr": // end where the next of their kind begins
		if last := len(c.open) - 1; last >= 0 && c.open[last] == name {
			c.replace(i, i, c.end(last))
		}
		c.start(name, i, i+n)
	default:
		c.start(name, i, i+n)
	}
	return i + n
}

// start takes the start tag of name at in[from:to].
func (c *closer) start(name string, from, to int) {
	if len(c.open) == maxDepth {
		c.replace(from, to, "")
		return
	}
	c.open = append(c.open, name)
}

// comment leaves out what begins at from, to the next end.
func (c *closer) comment(from int, end string) int {
	to := len(c.in)
	if n := strings.Index(c.in[from+2:], end); n >= 0 {
		to = from + 2 + n + len(end)
	}
	c.replace(from, to, "")
	return to
}

// close takes the end tag of name at in[from:to]. What was opened since is closed
// before it.
func (c *closer) close(name string, from, to int) {
	last := len(c.open) - 1
	for i := last; i >= 0; i-- {
		if c.open[i] != name {
			continue
		}
		if i == last {
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

// tagName is the name that s begins with, in lower case.
func tagName(s string) string {
	n, lower := 0, true
	for ; n < len(s); n++ {
		switch b := s[n]; {
		case b == ' ' || b == '\t' || b == '\r' || b == '\n' || b == '\f' || b == '/' || b == '>':
			return lowered(s[:n], lower)
		case 'A' <= b && b <= 'Z' || b >= 0x80:
			lower = false
		}
	}
	return lowered(s, lower)
}

func lowered(s string, already bool) string {
	if already {
		return s
	}
	return strings.ToLower(s)
}

func letter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }
