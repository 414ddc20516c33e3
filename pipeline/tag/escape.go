package tag

import (
	"html"
	"strings"
)

// mode is how line breaks in a text are meant.
type mode uint8

const (
	lined   mode = iota // plain text: a line break breaks the line
	flowed              // HTML: tags break lines, line breaks are spaces
	escaped             // HTML that was escaped once more, as Greenhouse sends it
)

// modeOf guesses the mode of text from its tags.
func modeOf(text string) mode {
	blocks := 0
	for i := 0; i < len(text); {
		k := strings.IndexByte(text[i:], '<')
		if k < 0 {
			break
		}
		i += k + 1
		if t, _ := tagName(text, i); t >= tagBreak {
			blocks++
		}
	}
	switch {
	case blocks == 0 && hasEscapedBlock(text):
		return escaped
	case blocks > 0 && blocks*3 >= strings.Count(text, "\n"):
		return flowed
	}
	return lined
}

func hasEscapedBlock(text string) bool {
	for i := 0; i < len(text); {
		k := strings.Index(text[i:], "&lt;")
		if k < 0 {
			return false
		}
		i += k + 4
		if t, _ := tagName(text, i); t >= tagBreak {
			return true
		}
	}
	return false
}

// unescape resolves the entities of text once, and says how the result maps to it.
func unescape(text string) (string, []span) {
	var out strings.Builder
	out.Grow(len(text))
	spans := []span{{0, 0, 0}}
	for i := 0; i < len(text); {
		k := strings.IndexByte(text[i:], '&')
		if k < 0 {
			out.WriteString(text[i:])
			break
		}
		out.WriteString(text[i : i+k])
		i += k
		s, n := entity(text, i)
		spans = append(spans, span{out.Len(), i, n}, span{out.Len() + len(s), i + n, 0})
		out.WriteString(s)
		i += n
	}
	return out.String(), spans
}

// entity decodes what the ampersand at text[i] begins and says how many bytes it
// takes; one that begins nothing stands for itself.
func entity(text string, i int) (string, int) {
	const longest = 33
	end := strings.IndexByte(text[i:min(len(text), i+longest)], ';')
	if end < 2 {
		return "&", 1
	}
	name := text[i : i+end+1]
	switch name {
	case "&amp;":
		return "&", 5
	case "&nbsp;", "&#160;":
		return " ", 6
	}
	s := html.UnescapeString(name)
	if s == name || s == "" || strings.HasSuffix(s, ";") && name != "&semi;" {
		return "&", 1
	}
	return s, len(name)
}
