package tag

import "strings"

// tagKind is what a tag does to the line.
type tagKind uint8

const (
	tagNone   tagKind = iota // not a tag
	tagOther                 // any other name
	tagInline                // known and without effect
	tagBold
	tagSkip  // script, style: the content is not text
	tagBreak // from here on: ends the line
	tagItem
	tagList
	tagHeading // + level
)

var tagKinds = map[string]tagKind{
	"a": tagInline, "i": tagInline, "u": tagInline, "em": tagInline, "font": tagInline, "span": tagInline, "code": tagInline,
	"small": tagInline, "sup": tagInline, "sub": tagInline, "img": tagInline, "mark": tagInline, "abbr": tagInline, "s": tagInline,
	"big": tagInline, "tt": tagInline, "label": tagInline, "o:p": tagInline, "wbr": tagInline,
	"b": tagBold, "strong": tagBold,
	"script": tagSkip, "style": tagSkip,
	"p": tagBreak, "br": tagBreak, "div": tagBreak, "tr": tagBreak, "td": tagBreak, "th": tagBreak, "table": tagBreak, "tbody": tagBreak,
	"thead": tagBreak, "section": tagBreak, "article": tagBreak, "header": tagBreak, "footer": tagBreak, "main": tagBreak, "aside": tagBreak,
	"blockquote": tagBreak, "hr": tagBreak, "dl": tagBreak, "dt": tagBreak, "dd": tagBreak, "pre": tagBreak, "body": tagBreak, "html": tagBreak,
	"head": tagBreak, "title": tagBreak, "center": tagBreak, "form": tagBreak, "details": tagBreak, "summary": tagBreak, "figure": tagBreak,
	"nav": tagBreak, "fieldset": tagBreak, "option": tagBreak, "select": tagBreak, "legend": tagBreak, "address": tagBreak, "caption": tagBreak,
	"li": tagItem, "ul": tagList, "ol": tagList, "menu": tagList,
	"h1": tagHeading + 1, "h2": tagHeading + 2, "h3": tagHeading + 3, "h4": tagHeading + 4, "h5": tagHeading + 5, "h6": tagHeading + 6,
}

// tagName is the kind of the tag whose '<' (or escaped "&lt;") ends before
// text[i], and whether it is a closing one.
func tagName(text string, i int) (tagKind, bool) {
	closing := i < len(text) && text[i] == '/'
	if closing {
		i++
	}
	var name [12]byte
	n := 0
	for ; i < len(text) && n < len(name); i++ {
		c := text[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c >= 'a' && c <= 'z' || n > 0 && (c >= '0' && c <= '9' || c == ':' || c == '-') {
			name[n] = c
			n++
			continue
		}
		break
	}
	if n == 0 {
		return tagNone, false
	}
	if i < len(text) && n < len(name) && !strings.ContainsRune(" \t\r\n\f/>&", rune(text[i])) {
		return tagNone, false
	}
	// The commonest by a switch: a map costs more than all the rest.
	switch string(name[:n]) {
	case "p", "br", "div":
		return tagBreak, closing
	case "li":
		return tagItem, closing
	case "span", "a":
		return tagInline, closing
	case "strong", "b":
		return tagBold, closing
	}
	if k, ok := tagKinds[string(name[:n])]; ok {
		return k, closing
	}
	return tagOther, closing
}

// tag handles the '<' at i.
func (s *stripper) tag(i int) int {
	text := s.text
	if strings.HasPrefix(text[i:], "<!--") {
		if !s.noComment {
			if k := strings.Index(text[i:], "-->"); k >= 0 {
				return i + k + 3
			}
			s.noComment = true
		}
		return i + 4
	}
	kind, closing := tagName(text, i+1)
	if kind == tagNone && strings.HasPrefix(text[i:], "<!") && s.mode == flowed {
		kind = tagOther
	}
	if kind == tagNone || kind == tagOther && s.mode == lined || s.noClose {
		s.add(i, i+1)
		return i + 1
	}
	end := tagEnd(text, i)
	if end < 0 {
		s.noClose = true
		s.add(i, i+1)
		return i + 1
	}
	switch {
	case kind == tagBold:
		s.bold = max(0, s.bold+step(closing))
	case kind == tagSkip && !closing && !s.noScript:
		if k := strings.Index(text[end:], "</s"); k >= 0 {
			return end + k
		}
		s.noScript = true
	case kind >= tagBreak:
		s.flush()
		s.block(kind, closing, text[i:end])
	}
	return end
}

// block notes what the block tag opens or closes.
func (s *stripper) block(kind tagKind, closing bool, tag string) {
	switch {
	case kind == tagItem:
		s.item = !closing
	case kind == tagList && closing:
		s.item = false
	case kind > tagHeading:
		s.level = 0
		if !closing {
			s.level = uint8(kind - tagHeading)
		}
	case strings.HasPrefix(strings.ToLower(tag[:min(len(tag), 5)]), "<pre"), strings.HasPrefix(strings.ToLower(tag[:min(len(tag), 5)]), "</pre"):
		s.pre = max(0, s.pre+step(closing))
	}
}

func step(closing bool) int {
	if closing {
		return -1
	}
	return 1
}

// tagEnd is where the tag at text[i] is over, or -1.
func tagEnd(text string, i int) int {
	const longestValue = 1024
	k := strings.IndexByte(text[i:], '>')
	if k < 0 {
		return -1
	}
	end := i + k + 1
	if strings.Count(text[i:end], `"`)%2 == 1 { // a '>' inside a quoted value
		rest := text[end:min(len(text), end+longestValue)]
		if q := strings.IndexByte(rest, '"'); q >= 0 {
			if g := strings.IndexByte(rest[q:], '>'); g >= 0 {
				return end + q + g + 1
			}
		}
	}
	return end
}
