package jobposting

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"sort"
	"strconv"
	"strings"
)

// identify gives each posting of a page its native id, and drops those that are
// there twice.
func identify(nodes []*Node, found []Found, pageURL string) []Found {
	page := PageID(pageURL)
	at, err := url.Parse(pageURL)
	if err != nil {
		at = nil
	}
	kept := found[:0]
	var stated []statedID
	seen := map[string]bool{}
	for i, f := range found {
		id := statedID{number: nodes[i].identifier(), content: digest(f.Posting.Title, strings.Join(f.Posting.Locations, "\n"))}
		if own := ownURL(nodes[i], at); own != "" {
			id.url = PageID(own)
		}
		whole := digest(id.url, id.number, id.content, f.Posting.Text)
		if !seen[whole] {
			seen[whole] = true
			kept, stated = append(kept, f), append(stated, id)
		}
	}
	if len(kept) == 1 {
		kept[0].Posting.NativeID = page
		if page == "" {
			kept[0].Posting.NativeID = stated[0].any()
		}
		return kept
	}
	urls, numbers := map[string]int{}, map[string]int{}
	for _, id := range stated {
		urls[id.url]++
		numbers[id.number]++
	}
	taken := map[string]int{}
	for i, id := range stated {
		native := page + "#" + id.content
		switch {
		case id.url != "" && urls[id.url] == 1:
			native = id.url
		case id.number != "" && numbers[id.number] == 1:
			native = page + "#" + id.number
		}
		if taken[native]++; taken[native] > 1 {
			native += "~" + strconv.Itoa(taken[native])
		}
		kept[i].Posting.NativeID = native
	}
	return kept
}

// statedID is what a posting says that may tell it from others.
type statedID struct{ url, number, content string }

func (id statedID) any() string {
	switch {
	case id.url != "":
		return id.url
	case id.number != "":
		return id.number
	}
	return id.content
}

// identifier is the posting's number at its employer: of a PropertyValue its value.
func (n *Node) identifier() string {
	for _, v := range n.Get("identifier") {
		if s := v.first("value", "@value"); s != "" {
			return s
		}
		if s := v.plain(); s != "" {
			return s
		}
	}
	return ""
}

// ownURL is the address that the posting gives as its own, "" if it is on another
// site or a front page.
func ownURL(n *Node, page *url.URL) string {
	for _, v := range n.Get("url") {
		s := strings.TrimSpace(v.Text)
		if s == "" {
			s = v.ID
		}
		u, err := url.Parse(s)
		if err == nil && page != nil {
			u = page.ResolveReference(u)
		}
		if err != nil || u.Host == "" || page != nil && page.Host != "" && !sameSite(u, page) || strings.Trim(u.Path, "/") == "" && u.RawQuery == "" {
			continue
		}
		return u.String()
	}
	return ""
}

func digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// trackers are query parameters that say where a reader came from, not what the
// page is.
var trackers = map[string]bool{
	"gclid": true, "fbclid": true, "msclkid": true, "dclid": true, "yclid": true, "gclsrc": true, "igshid": true, "mc_cid": true, "mc_eid": true, "_ga": true, "_gl": true,
	"gh_src": true, "lever-source": true, "lever-origin": true, "trk": true, "trackingid": true, "refid": true, "sessionid": true, "phpsessid": true, "jsessionid": true,
	"iis": true, "iisn": true, "li_fat_id": true,
}

// PageID is what identifies the page at an address: http and https, with or
// without "www.", a slash at the end, tracking parameters and the order of the
// others are one. A fragment counts only where it is a route ("#/jobs/7",
// "#!jobs/7").
func PageID(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" {
		return strings.TrimSpace(address)
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	if port := u.Port(); port != "" && port != "80" && port != "443" {
		host += ":" + port
	}
	path, _, _ := strings.Cut(u.EscapedPath(), ";jsessionid=")
	id := "https://" + host + strings.TrimRight(path, "/")
	var kept []string
	for part := range strings.SplitSeq(u.RawQuery, "&") {
		name, _, _ := strings.Cut(strings.ToLower(part), "=")
		if part != "" && !trackers[name] && !strings.HasPrefix(name, "utm_") && !strings.HasPrefix(name, "_hs") {
			kept = append(kept, part)
		}
	}
	if len(kept) > 0 {
		sort.Strings(kept)
		id += "?" + strings.Join(kept, "&")
	}
	if f := u.EscapedFragment(); strings.HasPrefix(f, "/") || strings.HasPrefix(f, "!") {
		id += "#" + f
	}
	return id
}
