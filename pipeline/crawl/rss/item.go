package rss

import (
	"html"
	"regexp"
	"slices"
	"strings"

	"jobcity/pipeline/crawl/jobposting"
	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/posting"
)

// skipped are namespaces whose elements are named like ours and mean other things.
var skipped = []string{
	"http://search.yahoo.com/mrss/", "media",
	"http://www.itunes.com/dtds/podcast-1.0.dtd", "itunes",
	"http://www.w3.org/2003/01/geo/wgs84_pos#", "geo",
	"http://www.georss.org/georss", "georss",
}

// meanings are the names of elements, without case and marks, that say the same.
var meanings = map[string][]string{
	"id":         {"id", "jobid", "referencenumber", "referenceid", "vacancyid", "uniqueid"}, // no requisition: it may be posted in several places
	"title":      {"title", "jobtitle", "position", "positiontitle"},
	"link":       {"link", "url", "joburl", "origlink"},
	"content":    {"encoded", "content"},
	"text":       {"description", "jobdescription", "body"},
	"summary":    {"summary"},
	"posted":     {"pubdate", "published", "issued", "date", "dateposted", "posteddate", "publishdate", "publicationdate", "postdate", "created"},
	"closed":     {"expires", "expiresat", "expirationdate", "expirydate", "expiredate", "expiry", "validthrough", "closingdate", "deadline", "applicationdeadline"},
	"employer":   {"company", "companyname", "employer", "employername", "organization", "organisation", "hiringorganization"},
	"place":      {"location", "joblocation", "locationname", "place"},
	"city":       {"city", "town", "locality"},
	"region":     {"state", "region", "province"},
	"country":    {"country", "countrycode"},
	"employment": {"jobtype", "employmenttype", "contracttype", "type", "positiontype", "hours", "jobcategory", "schedule"},
	"workplace":  {"remotestatus", "workplacetype", "remotetype", "locationtype", "remote", "isremote"},
	"department": {"department", "jobfunction", "function"},
	"pay":        {"salary", "jobsalary", "salaryrange", "compensation", "pay", "remuneration"},
	"language":   {"language"},
}

// said is what one item says, by meaning.
type said map[string][]string

func (s said) first(meaning string) string {
	if v := s[meaning]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// postings makes postings of the items. at is the feed's address.
func (f feed) postings(b source.Board, at string) ([]posting.Posting, []source.Bad) {
	postings := []posting.Posting{}
	var bad []source.Bad
	byName := map[string]string{}
	for meaning, names := range meanings {
		for _, n := range names {
			byName[n] = meaning
		}
	}
	all := make([]said, len(f.items))
	headlines := make([]string, len(f.items))
	for i, it := range f.items {
		all[i] = read1(it, byName)
		headlines[i] = plainText(cut(all[i].first("title"), 4*posting.MaxTitle))
	}
	c := custom(headlines)
	for i, s := range all {
		p := f.posting(s, headlines[i], c, b, at)
		switch {
		case p.NativeID == "":
			bad = append(bad, source.Bad{Index: i, Reason: "field guid: missing, and so is a link", Raw: f.items[i].raw})
		case p.Title == "" && strings.TrimSpace(p.Text) == "":
			bad = append(bad, source.Bad{NativeID: p.NativeID, Index: i, Reason: "field title: missing, and so is a text", Raw: f.items[i].raw})
		default:
			postings = append(postings, p)
		}
	}
	return postings, bad
}

// read1 sorts an item's elements by what they mean.
func read1(it item, byName map[string]string) said {
	s := said{}
	add := func(meaning, value string) {
		if value = strings.TrimSpace(value); value != "" {
			s[meaning] = append(s[meaning], value)
		}
	}
	add("about", it.attr("about")) // RSS 1.0
	if lang := it.attr("lang"); lang != "" {
		add("language", lang)
	}
	for _, k := range it.kids {
		name := letters(k.name.Local)
		if slices.Contains(skipped, k.name.Space) {
			continue
		}
		switch meaning := byName[name]; {
		case name == "category":
			if k.attr("label") != "" {
				add("category", k.attr("label"))
			} else if k.attr("term") != "" {
				add("category", k.attr("term"))
			} else {
				add("category", plainText(k.text))
			}
		case name == "guid":
			add("guid", k.text)
			if p := k.attr("isPermaLink"); p != "false" && strings.HasPrefix(strings.TrimSpace(k.text), "http") {
				add("permalink", k.text)
			}
		case name == "locations":
			for _, one := range k.kids {
				add("place", placeOf(one))
			}
		case meaning == "link":
			if rel := k.attr("rel"); k.attr("href") != "" && (rel == "" || rel == "alternate") {
				add("link", k.attr("href"))
			} else if k.attr("href") == "" {
				add("link", k.text)
			}
		case meaning == "content", meaning == "text", meaning == "summary":
			add(meaning, markup(k))
		case meaning == "place" && len(k.kids) > 0:
			add("place", placeOf(k))
		case meaning == "employer" && len(k.kids) > 0:
			for _, one := range k.kids {
				if letters(one.name.Local) == "name" {
					add("employer", plainText(one.text))
				}
			}
		case meaning != "":
			add(meaning, k.text)
		}
	}
	return s
}

// placeOf is a place whose parts are elements: "City, Region, Country", or its name
// if it has no city.
func placeOf(n node) string {
	part := map[string]string{}
	for _, k := range n.kids {
		if name := letters(k.name.Local); part[name] == "" {
			part[name] = plainText(k.text)
		}
	}
	if len(n.kids) == 0 {
		return plainText(n.text)
	}
	city := firstOf(part["city"], part["locality"], part["addresslocality"])
	if city == "" {
		city = part["name"]
	}
	return strings.Join(source.Places(city, firstOf(part["state"], part["region"], part["addressregion"]), firstOf(part["country"], part["addresscountry"])), ", ")
}

func firstOf(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}

var tag = regexp.MustCompile(`</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>`)

// markup is the HTML of a description: characters that are HTML, escaped once or
// twice, or elements that nobody escaped.
func markup(n node) string {
	if len(n.kids) > 0 {
		return string(n.inner)
	}
	if !strings.Contains(n.text, "<") && strings.Contains(n.text, "&lt;") {
		if again := html.UnescapeString(n.text); tag.MatchString(again) {
			return again
		}
	}
	return n.text
}

// plainText is s without tags and entities, on one line.
func plainText(s string) string {
	s = html.UnescapeString(tag.ReplaceAllString(s, " "))
	return strings.Join(strings.Fields(tag.ReplaceAllString(s, " ")), " ")
}

// cut is at most limit bytes of s.
func cut(s string, limit int) string {
	return strings.ToValidUTF8(s[:min(len(s), limit)], "")
}

// letters is a name in lower case without marks: "job_type" and "jobType" are one.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == '.' {
			return -1
		}
		return r
	}, strings.ToLower(s))
}

func (f feed) posting(s said, title string, c titles, b source.Board, at string) posting.Posting {
	link := address(at, firstOf(s.first("link"), s.first("permalink"), s.first("about")))
	p := posting.Posting{
		Source:   b.Source,
		Board:    b.Board,
		NativeID: firstOf(s.first("guid"), s.first("id"), s.first("about"), jobposting.PageID(link)),
		URL:      link,
		Text:     firstOf(s.first("content"), s.first("text"), s.first("summary")),
		PostedOn: firstDay(s["posted"]),
		ClosedOn: firstDay(s["closed"]),
		Language: firstOf(s.first("language"), f.language),
	}
	p.Locations = places(s)
	h := c.read(title, plainText(s.first("employer")), p.Locations)
	p.Title, p.Employer = h.title, firstOf(b.Employer, h.employer)
	p.Locations = source.Places(append(p.Locations, h.place)...)
	if pay := plainText(s.first("pay")); pay != "" {
		p.Salary = &posting.Salary{Text: pay}
	}
	p.EmploymentType, p.Workplace, p.Department = s.kind(h.remote)
	return p
}

func firstDay(all []string) string {
	for _, s := range all {
		if d := day(s); d != "" {
			return d
		}
	}
	return ""
}

// places are the places stated as one, or else put together from their parts.
func places(s said) []string {
	var all []string
	for _, p := range s["place"] {
		all = append(all, plainText(p))
	}
	if len(all) == 0 {
		all = append(all, strings.Join(source.Places(plainText(s.first("city")), plainText(s.first("region")), plainText(s.first("country"))), ", "))
	}
	return source.Places(all...)
}

// kind reads employment type, workplace and department. Boards put all three into
// their categories: one that is a known employment type or workplace is that, and
// the first that is neither is the department.
func (s said) kind(remote bool) (employment, workplace, department string) {
	if remote {
		workplace = "remote"
	}
	for _, v := range s["workplace"] {
		switch letters(v) {
		case "fully", "full", "true", "yes", "1":
			workplace = "remote"
		default:
			workplace = firstOf(source.Workplace(v), workplace)
		}
	}
	for _, v := range s["employment"] {
		for _, one := range strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ';' || r == '|' }) {
			if known := employments[source.Employment(one)]; known && employment == "" {
				employment = source.Employment(one)
			}
		}
	}
	department = plainText(s.first("department"))
	for _, v := range s["category"] {
		switch {
		case employments[source.Employment(v)]:
			employment = firstOf(employment, source.Employment(v))
		case source.Workplace(v) != "":
			workplace = firstOf(workplace, source.Workplace(v))
		default:
			department = firstOf(department, v)
		}
	}
	return employment, workplace, department
}

// employments are the forms of [source.Employment]; anything else that stands in
// these elements is as often a category.
var employments = map[string]bool{"full_time": true, "part_time": true, "contract": true, "temporary": true, "internship": true, "volunteer": true}
