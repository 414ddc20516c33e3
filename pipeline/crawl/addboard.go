package crawl

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// Addition is what [AddBoard] added.
type Addition struct {
	Line int    // number of its first line in the new text
	Text string // its lines
}

// AddBoard returns text, a list of boards as [ParseBoards] reads it, with b at its
// end. Comments and layout stay as they are, and the new entry is laid out like
// the last one. name is for messages. It refuses a board that is there already,
// also in other capitals, and a text that is not in order.
func AddBoard(name string, text []byte, b Board) ([]byte, Addition, error) {
	before, err := ParseBoards(name, bytes.NewReader(text))
	if err != nil {
		return nil, Addition{}, fmt.Errorf("add a board: %s is not in order, mend it first:\n%w", name, err)
	}
	if err := errors.Join(CheckBoard(b)...); err != nil {
		return nil, Addition{}, fmt.Errorf("add board %s: %w", b.ID(), err)
	}
	for _, have := range before {
		if strings.EqualFold(have.ID(), b.ID()) {
			return nil, Addition{}, fmt.Errorf("board %s is already in %s: %s", b.ID(), name, entry(have, true))
		}
	}
	l := layoutOf(string(text))
	out, added := l.insert(b, len(before) == 0)
	after, err := ParseBoards(name, strings.NewReader(out))
	if err != nil || !reflect.DeepEqual(after, append(slices.Clip(before), b)) {
		return nil, Addition{}, fmt.Errorf("%s is laid out in a way that cannot be added to; add this entry by hand:\n%s", name, entry(b, false))
	}
	return []byte(out), added, nil
}

// layout is how a list of boards is written.
type layout struct {
	text    string
	newline string
	indent  string // before the dash of an entry
	flow    bool   // the last entry is {…}
	inline  bool   // the whole list is […]
	key     bool   // there is a key boards
	list    bool   // the list begins without a key
}

var (
	keyLine   = regexp.MustCompile(`(?m)^boards[ \t]*:[ \t]*(\[|$|#|\r|null|~)`)
	entryLine = regexp.MustCompile(`^([ \t]*)-[ \t]+(\{?)`)
	emptyList = regexp.MustCompile(`(?m)^(boards[ \t]*:)[ \t]*(?:\[[ \t]*\]|null|~)`)
)

func layoutOf(text string) layout {
	l := layout{text: text, newline: "\n", indent: "  "}
	if strings.Contains(text, "\r\n") {
		l.newline = "\r\n"
	}
	if m := keyLine.FindStringSubmatch(text); m != nil {
		l.key, l.inline = true, m[1] == "[" && !emptyList.MatchString(text)
	}
	first := true
	for line := range strings.Lines(text) {
		m := entryLine.FindStringSubmatch(line)
		switch {
		case m == nil:
		case first:
			l.indent, l.flow, first = m[1], m[2] != "", false
			l.list = !l.key
		case m[1] == l.indent:
			l.flow = m[2] != ""
		}
	}
	return l
}

// insert puts b behind the last entry.
func (l layout) insert(b Board, empty bool) (string, Addition) {
	if l.inline {
		end := strings.LastIndex(l.text, "]")
		add := entry(b, true)
		if !empty {
			add = ", " + add
		}
		return l.text[:end] + add + l.text[end:], Addition{Line: 1 + strings.Count(l.text[:end], "\n"), Text: entry(b, true)}
	}
	text := l.text
	if empty && l.key {
		text = emptyList.ReplaceAllString(text, "$1")
	}
	text, rest := beforeEnd(text)
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += l.newline
	}
	if !l.key && !l.list {
		text += "boards:" + l.newline
	}
	var lines strings.Builder
	for i, line := range strings.Split(entry(b, l.flow), "\n") {
		lead := "- "
		if i > 0 {
			lead = "  "
		}
		lines.WriteString(l.indent + lead + line + l.newline)
	}
	added := Addition{Line: 1 + strings.Count(text, "\n"), Text: strings.TrimRight(strings.ReplaceAll(lines.String(), "\r", ""), "\n")}
	return text + lines.String() + rest, added
}

// beforeEnd splits text before a final line "...", the end of a YAML document.
func beforeEnd(text string) (string, string) {
	trimmed := strings.TrimRight(text, " \t\r\n")
	if i := strings.LastIndex(trimmed, "\n") + 1; trimmed[i:] == "..." {
		return text[:i], text[i:]
	}
	return text, ""
}

// entry is b as YAML: in one line, or a line a field without indentation.
func entry(b Board, flow bool) string {
	fields := []string{"source: " + scalarText(b.Source), "board: " + scalarText(b.Board)}
	add := func(key, value string) {
		if value != "" {
			fields = append(fields, key+": "+scalarText(value))
		}
	}
	add("employer", b.Employer)
	add("base_url", b.BaseURL)
	if b.Interval > 0 {
		add("interval", b.Interval.String())
	}
	for _, o := range sortedKeys(b.Options) {
		add(o, b.Options[o])
	}
	if flow {
		return "{" + strings.Join(fields, ", ") + "}"
	}
	return strings.Join(fields, "\n")
}

var (
	plainScalar = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*$|^https?://[A-Za-z0-9._~/%-]+(:\d+)?[A-Za-z0-9._~/%-]*$`)
	yamlWords   = []string{"true", "false", "yes", "no", "on", "off", "y", "n", "null"}
)

// scalarText is s as YAML, in quotes where it could be read as something else.
func scalarText(s string) string {
	if plainScalar.MatchString(s) && !slices.Contains(yamlWords, strings.ToLower(s)) {
		return s
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out) // a JSON string is a YAML string
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return s
	}
	return strings.TrimSpace(out.String())
}
