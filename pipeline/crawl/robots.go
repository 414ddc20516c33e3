package crawl

import (
	"bytes"
	"strconv"
	"strings"
	"time"
)

// maxRobots is how much of a robots.txt is read; RFC 9309 section 2.5 asks for at
// least 500 KiB.
const maxRobots = 500 << 10

// robots is what a robots.txt says to one crawler, by RFC 9309. The zero value
// allows everything.
type robots struct {
	rules []robotsRule
	delay time.Duration // Crawl-delay; not in the RFC, but common
}

type robotsRule struct {
	pattern string // normalised
	allow   bool
}

// allowAll and disallowAll are what sections 2.3.1.3 and 2.3.1.4 make of a file
// that is not there and of one that cannot be had.
func allowAll() robots    { return robots{} }
func disallowAll() robots { return robots{rules: []robotsRule{{pattern: "/"}}} }

// parseRobots reads what file says to the crawler that calls itself token: the
// rules of all groups that name it, or else of all that name "*". Lines that are
// no rules are passed over and end no group.
func parseRobots(file []byte, token string) robots {
	file = bytes.TrimPrefix(file[:min(len(file), maxRobots)], []byte("\ufeff"))
	token = strings.ToLower(token)
	var ours, others robots
	var named, hasOurs, toUs, toAll, open bool // open: the group's user-agent lines may go on
	for line := range bytes.FieldsFuncSeq(file, func(r rune) bool { return r == '\n' || r == '\r' }) {
		key, value, ok := robotsLine(line)
		if !ok {
			continue
		}
		switch key {
		case "user-agent":
			if !open {
				toUs, toAll = false, false
			}
			open, named = true, true
			agent := productName(value)
			toUs = toUs || agent == token
			toAll = toAll || agent == "*"
			hasOurs = hasOurs || agent == token
		case "allow", "disallow":
			open = false
			if value == "" || !named {
				continue
			}
			rule := robotsRule{pattern: normalPattern(value), allow: key == "allow"}
			if toUs {
				ours.rules = append(ours.rules, rule)
			}
			if toAll {
				others.rules = append(others.rules, rule)
			}
		case "crawl-delay":
			seconds, err := strconv.ParseFloat(value, 64)
			if err != nil || !(seconds >= 0 && seconds < 1e6) {
				continue
			}
			d := time.Duration(seconds * float64(time.Second))
			if toUs {
				ours.delay = max(ours.delay, d)
			}
			if toAll {
				others.delay = max(others.delay, d)
			}
		}
	}
	if hasOurs {
		return ours
	}
	return others
}

func robotsLine(line []byte) (key, value string, ok bool) {
	text, _, _ := strings.Cut(string(line), "#")
	key, value, ok = strings.Cut(text, ":")
	key = strings.ToLower(strings.TrimSpace(key))
	if key == "useragent" || key == "user agent" {
		key = "user-agent"
	}
	return key, strings.TrimSpace(value), ok
}

// productName is the product token that a user-agent line names, in lower case:
// the letters, "_" and "-" it starts with, or "*".
func productName(value string) string {
	if value == "*" || strings.HasPrefix(value, "* ") {
		return "*"
	}
	end := strings.IndexFunc(value, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_' || r == '-')
	})
	if end >= 0 {
		value = value[:end]
	}
	return strings.ToLower(value)
}

// allows says whether the path, with its query, may be asked for: the longest
// rule that matches decides, and "allow" where two are as long.
func (r robots) allows(path string) bool {
	if path == "" {
		path = "/"
	}
	if path == "/robots.txt" {
		return true
	}
	path = normalPath(path)
	allow, longest := true, -1
	for _, rule := range r.rules {
		if len(rule.pattern) < longest || len(rule.pattern) == longest && allow {
			continue
		}
		if matchPattern(rule.pattern, path) {
			allow, longest = rule.allow, len(rule.pattern)
		}
	}
	return allow
}

// matchPattern matches a prefix of path; "*" stands for anything and a "$" at the
// end for the end. It looks for each piece where it comes first, so that its time
// is bounded by len(path) times the pieces.
func matchPattern(pattern, path string) bool {
	pattern, anchored := strings.CutSuffix(pattern, "$")
	pieces := strings.Split(pattern, "*")
	if !strings.HasPrefix(path, pieces[0]) {
		return false
	}
	rest := path[len(pieces[0]):]
	if len(pieces) == 1 {
		return !anchored || rest == ""
	}
	for _, piece := range pieces[1 : len(pieces)-1] {
		at := strings.Index(rest, piece)
		if at < 0 {
			return false
		}
		rest = rest[at+len(piece):]
	}
	last := pieces[len(pieces)-1]
	if anchored {
		return strings.HasSuffix(rest, last)
	}
	return strings.Contains(rest, last)
}

// normalPattern is a rule's path in the form of [normalPath]; "*" and a "$" at the
// end keep their meaning.
func normalPattern(p string) string {
	if !strings.HasPrefix(p, "/") && !strings.HasPrefix(p, "*") {
		p = "/" + p
	}
	p, anchored := strings.CutSuffix(p, "$")
	pieces := strings.FieldsFunc(p, func(r rune) bool { return r == '*' })
	for i := range pieces {
		pieces[i] = normalPath(pieces[i])
	}
	out := strings.Join(pieces, "*")
	if strings.HasPrefix(p, "*") {
		out = "*" + out
	}
	if strings.HasSuffix(p, "*") && out != "*" {
		out += "*"
	}
	if anchored {
		out += "$"
	}
	return out
}

// normalPath brings octets to one spelling before they are compared (section
// 2.2.2): escapes of plain characters are undone, others are in capitals, and
// what is not ASCII, "*" and "$" are escaped.
func normalPath(p string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(p); i++ {
		c := p[i]
		if c == '%' && i+2 < len(p) {
			if n, err := strconv.ParseUint(p[i+1:i+3], 16, 8); err == nil {
				if c = byte(n); plain(c) {
					b.WriteByte(c)
				} else {
					b.Write([]byte{'%', hex[c>>4], hex[c&15]})
				}
				i += 2
				continue
			}
		}
		if c >= 0x80 || c <= ' ' || c == '*' || c == '$' {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// plain are the unreserved characters of RFC 3986.
func plain(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}
