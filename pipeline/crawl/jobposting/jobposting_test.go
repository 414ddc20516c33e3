package jobposting_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"jobcity/pipeline/crawl/jobposting"
	"jobcity/pipeline/posting"
)

const pageURL = "https://jobs.acme.example/role/17"

var seen = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// ld is a page with one JSON-LD script.
func ld(script string) string {
	return `<!doctype html><html><head><title>Jobs</title><script type="application/ld+json">` + script + `</script></head><body><p>hello</p></body></html>`
}

func extract(page string) jobposting.Page {
	return jobposting.Extract([]byte(page), pageURL, nil, seen)
}

// one is the only posting of a page.
func one(t *testing.T, page string) jobposting.Found {
	t.Helper()
	got := extract(page)
	if len(got.Found) != 1 {
		t.Fatalf("found %d postings, want one; damage %q", len(got.Found), got.Damage)
	}
	return got.Found[0]
}

// TestJSONIsReadAsSitesWriteIt: section 3 of the notes on formats, "JSON itself".
// Every script is the same posting.
func TestJSONIsReadAsSitesWriteIt(t *testing.T) {
	for _, tt := range []struct{ name, script, text string }{
		{"valid", `{"@context":"https://schema.org","@type":"JobPosting","title":"Engineer","description":"<p>Build it</p>"}`, ""},
		{"a newline and a tab in a string", "{\"@type\":\"JobPosting\",\"title\":\"Engineer\",\"description\":\"<p>Build\n\tit</p>\"}", "<p>Build\n\tit</p>"},
		{"control characters in a string", "{\"@type\":\"JobPosting\",\"title\":\"Engi\x00neer\",\"description\":\"<p>Build \x01it</p>\"}", "<p>Build \x01it</p>"},
		{"a comment around it", "<!--\n{\"@type\":\"JobPosting\",\"title\":\"Engineer\",\"description\":\"<p>Build it</p>\"}\n-->", ""},
		{"CDATA around it", "<![CDATA[{\"@type\":\"JobPosting\",\"title\":\"Engineer\",\"description\":\"<p>Build it</p>\"}]]>", ""},
		{"CDATA in JavaScript comments", "//<![CDATA[\n{\"@type\":\"JobPosting\",\"title\":\"Engineer\",\"description\":\"<p>Build it</p>\"}\n//]]>", ""},
		{"CDATA in a comment on one line", "// <![CDATA[ {\"@type\":\"JobPosting\",\"title\":\"Engineer\",\"description\":\"<p>Build it</p>\"} // ]]>", ""},
		{"CDATA in block comments", "/*<![CDATA[*/{\"@type\":\"JobPosting\",\"title\":\"Engineer\",\"description\":\"<p>Build it</p>\"}/*]]>*/", ""},
		{"comments inside", "{\"@type\":\"JobPosting\", // the kind\n/* name */\"title\":\"Engineer\",\"description\":\"<p>Build it</p>\"}", ""},
		{"a semicolon behind it", `{"@type":"JobPosting","title":"Engineer","description":"<p>Build it</p>"};`, ""},
		{"an assignment before it", `var job = {"@type":"JobPosting","title":"Engineer","description":"<p>Build it</p>"};`, ""},
		{"commas too many", `{"@type":"JobPosting",,"title":"Engineer","description":"<p>Build it</p>","skills":["",],}`, ""},
		{"a comma missing", `{"@type":"JobPosting" "title":"Engineer" "description":"<p>Build it</p>"}`, ""},
		{"a byte order mark", "\ufeff{\"@type\":\"JobPosting\",\"title\":\"Engineer\",\"description\":\"<p>Build it</p>\"}", ""},
		{"unescaped quotes", `{"@type":"JobPosting","description":"<p>The "best" team, "really", builds it: "yes"</p>","title":"Engineer"}`, `<p>The "best" team, "really", builds it: "yes"</p>`},
		{"unescaped quotes around attributes", `{"@type":"JobPosting","description":"<p class="x" id="y">Build it</p>","title":"Engineer"}`, `<p class="x" id="y">Build it</p>`},
		{"an unescaped quote at the end", `{"@type":"JobPosting","title":"Engineer","description":"We say "build""}`, `We say "build"`},
		{"single quotes and bare names", `{'@type':'JobPosting',title:'Engineer',description:'<p>Build it</p>'}`, ""},
		{"invalid escapes", `{"@type":"JobPosting","title":"Engineer","description":"<p>Bu\ild \'it\'\u00zz</p>"}`, `<p>Build 'it'\u00zz</p>`},
		{"lone surrogates", `{"@type":"JobPosting","title":"Engineer","description":"\ud83d\ude80 \ud83d <p>Build it</p>\udc00"}`, "🚀 \ufffd <p>Build it</p>\ufffd"},
		{"entities for its own quotes", `{&quot;@type&quot;:&quot;JobPosting&quot;,&quot;title&quot;:&quot;Engineer&quot;,&quot;description&quot;:&quot;&lt;p&gt;Build it&lt;/p&gt;&quot;}`, ""},
		{"a description escaped twice", `{"@type":"JobPosting","title":"Engineer","description":"&lt;p&gt;Build it&lt;/p&gt;"}`, ""},
		{"a description escaped three times", `{"@type":"JobPosting","title":"Engineer","description":"&amp;lt;p&amp;gt;Build it&amp;lt;/p&amp;gt;"}`, ""},
		{"breaks written out", `{"@type":"JobPosting","title":"Engineer","description":"\\n\\n<p>Build it</p>\\n"}`, "\n\n<p>Build it</p>\n"},
		{"no end", `{"@type":"JobPosting","title":"Engineer","description":"<p>Build it</p>"`, ""},
		{"no end of a string", `{"@type":"JobPosting","title":"Engineer","description":"<p>Build it</p>`, ""},
		{"JSON in a string", `"{\"@type\":\"JobPosting\",\"title\":\"Engineer\",\"description\":\"<p>Build it</p>\"}"`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := extract(ld(tt.script)).Found
			if len(got) == 0 {
				t.Fatal("nothing found")
			}
			p := got[len(got)-1].Posting
			if tt.text == "" {
				tt.text = "<p>Build it</p>"
			}
			if title := strings.ReplaceAll(p.Title, "\x00", ""); title != "Engineer" || p.Text != tt.text {
				t.Errorf("got %q, %q, want Engineer, %q", p.Title, p.Text, tt.text)
			}
		})
	}
}

func TestPostingsAreFoundWhereverTheyAre(t *testing.T) {
	const job = `{"@type":"JobPosting","title":"A","description":"x"}`
	for _, tt := range []struct{ name, page, want string }{
		{"a list", ld(`[{"@type":"Organization","name":"Acme"},` + job + `]`), "A"},
		{"a graph", ld(`{"@context":"https://schema.org","@graph":[{"@type":"WebSite"},` + job + `]}`), "A"},
		{"the main entity of a page", ld(`{"@type":"WebPage","mainEntity":` + job + `}`), "A"},
		{"an item list", ld(`{"@type":"ItemList","itemListElement":[{"@type":"ListItem","position":1,"item":` + job + `},{"@type":"ListItem","item":{"@type":"JobPosting","title":"B"}}]}`), "A B"},
		{"several types", ld(`{"@type":["Thing","JobPosting"],"title":"A"}`), "A"},
		{"a full IRI", ld(`{"@type":"http://schema.org/JobPosting","http://schema.org/title":"A"}`), "A"},
		{"a prefix", ld(`{"@context":{"schema":"https://schema.org/"},"@type":"schema:JobPosting","schema:title":"A"}`), "A"},
		{"value objects", ld(`{"@type":"JobPosting","title":{"@value":"A","@language":"en"},"description":{"@value":"x"}}`), "A"},
		{"another case", ld(`{"@type":"jobPosting","title":"A"}`), "A"},
		{"two scripts", ld(job) + ld(`{"@type":"JobPosting","title":"B"}`), "A B"},
		{"the same twice", ld(job) + ld(job), "A"},
		{"two values in one script", ld(job + "\n" + `{"@type":"JobPosting","title":"B"}`), "A B"},
		{"similar ones inside", ld(`{"@type":"JobPosting","title":"A","relatedLink":` + job + `}`), "A"},
		{"a type with parameters", `<script type="application/ld+json; charset=utf-8" id=x>` + job + `</script>`, "A"},
		{"a type without quotes", `<SCRIPT TYPE=application/ld+json>` + job + `</SCRIPT>`, "A"},
		{"a script in the body", `<html><body><p>text</p><script type="application/ld+json">` + job + `</script></body>`, "A"},
		{"a broken script before", ld(`{"@type":"JobPosting"`+"\x00{[[[") + ld(job), "A"},
		{"other things only", ld(`{"@type":"Organization","name":"JobPosting Ltd"}`), ""},
		{"a comment", `<!-- <script type="application/ld+json">` + job + `</script> -->`, ""},
		{"no markup", `<h1>JobPosting</h1>`, ""},
		{"an empty page", ``, ""},
		{"microdata", `<div itemscope itemtype="https://schema.org/JobPosting"><h1 itemprop="title">A</h1></div>`, "A"},
		{"microdata beside JSON-LD of something else", ld(`{"@type":"Organization"}`) + `<div itemscope itemtype="http://schema.org/JobPosting"><meta itemprop="title" content="A"></div>`, "A"},
		{"microdata within a page", `<body itemscope itemtype="http://schema.org/WebPage"><div itemprop="mainEntity" itemscope itemtype="http://schema.org/JobPosting"><b itemprop="title">A</b></div></body>`, "A"},
		{"microdata by reference", `<div itemscope itemtype="http://schema.org/JobPosting" itemref="t"></div><h1 id="t" itemprop="title">A</h1>`, "A"},
		{"microdata that refers to itself", `<div id="t" itemscope itemtype="http://schema.org/JobPosting" itemref="t"><h1 itemprop="title">A</h1></div>`, "A"},
		{"RDFa", `<div vocab="https://schema.org/" typeof="JobPosting"><h1 property="title">A</h1></div>`, "A"},
		{"RDFa with a prefix", `<div prefix="s: http://schema.org/" typeof="s:JobPosting"><h1 property="s:title">A</h1></div>`, "A"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var titles []string
			ids := map[string]bool{}
			for _, f := range extract(tt.page).Found {
				titles = append(titles, f.Posting.Title)
				if ids[f.Posting.NativeID] || f.Posting.NativeID == "" {
					t.Errorf("native id %q is empty or there twice", f.Posting.NativeID)
				}
				ids[f.Posting.NativeID] = true
			}
			if got := strings.Join(titles, " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestPlaces(t *testing.T) {
	for _, tt := range []struct{ name, fields, want string }{
		{"a place", `"jobLocation":{"@type":"Place","address":{"@type":"PostalAddress","addressLocality":"Berlin","addressRegion":"BE","addressCountry":"DE"}}`, "Berlin, BE, DE"},
		{"a string", `"jobLocation":"Berlin, Germany"`, "Berlin, Germany"},
		{"several in a string", `"jobLocation":"Berlin; Paris"`, "Berlin / Paris"},
		{"a list", `"jobLocation":[{"@type":"Place","address":{"addressLocality":"Berlin"}},"Paris"]`, "Berlin / Paris"},
		{"a list inside a place", `"jobLocation":{"address":[{"addressLocality":"Berlin"},{"addressLocality":"Paris"}]}`, "Berlin / Paris"},
		{"an address without a place", `"jobLocation":{"@type":"PostalAddress","addressLocality":"Berlin","addressCountry":"Germany"}`, "Berlin, Germany"},
		{"an address that is a string", `"jobLocation":{"@type":"Place","address":"Main St 1, Springfield"}`, "Main St 1, Springfield"},
		{"a country that is a thing", `"jobLocation":{"address":{"addressLocality":"Berlin","addressCountry":{"@type":"Country","name":"Germany"}}}`, "Berlin, Germany"},
		{"a region that repeats the town", `"jobLocation":{"address":{"addressLocality":"Berlin","addressRegion":"Berlin","addressCountry":"DE"}}`, "Berlin, DE"},
		{"only a country", `"jobLocation":{"address":{"addressLocality":"","addressCountry":"DE"}}`, "DE"},
		{"only a street", `"jobLocation":{"address":{"streetAddress":"Main St 1","postalCode":"12345"}}`, "Main St 1, 12345"},
		{"only a name", `"jobLocation":{"@type":"Place","name":"Berlin office"}`, "Berlin office"},
		{"nothing that is written out", `"jobLocation":{"address":{"addressLocality":"null","addressCountry":"N/A"}}`, " [jobLocation: names no place]"},
		{"none", `"title":"x"`, " [jobLocation: missing]"},
		{"remote", `"jobLocationType":"TELECOMMUTE","applicantLocationRequirements":[{"@type":"Country","name":"Germany"},{"@type":"State","name":"Tyrol"}]`, "Germany / Tyrol remote"},
		{"remote with an office", `"jobLocation":"Berlin","jobLocationType":"TELECOMMUTE","applicantLocationRequirements":{"@type":"Country","name":"Germany"}`, "Berlin / Germany remote"},
		{"remote in small letters as a list", `"jobLocationType":["telecommute"]`, " remote"},
		{"a type that is not in the vocabulary", `"jobLocation":"Berlin","jobLocationType":"HYBRID"`, "Berlin hybrid"},
		{"a type that is unknown", `"jobLocation":"Berlin","jobLocationType":"moon"`, `Berlin [jobLocationType: is not known ("moon")]`},
		{"requirements without remote", `"jobLocation":"Berlin","applicantLocationRequirements":{"@type":"Country","name":"Germany"}`, "Berlin"},
		{"a reference into the graph", `"jobLocation":{"@id":"#hq"},"x":{"@id":"#hq","@type":"Place","address":{"addressLocality":"Berlin"}}`, "Berlin"},
		{"references in a circle", `"jobLocation":{"@id":"#a"},"x":[{"@id":"#a","address":{"@id":"#b"}},{"@id":"#b","address":{"@id":"#a"}}]`, " [jobLocation: names no place]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := one(t, ld(`{"@type":"JobPosting","title":"x","description":"y","hiringOrganization":"Acme",`+tt.fields+`}`))
			check(t, f, strings.Join(f.Posting.Locations, " / "), f.Posting.Workplace, tt.want)
		})
	}
}

// check compares what was read, with the problems behind it.
func check(t *testing.T, f jobposting.Found, first, second, want string) {
	t.Helper()
	got := first
	if second != "" {
		got += " " + second
	}
	var problems []string
	for _, p := range f.Problems {
		problems = append(problems, p.String())
	}
	if len(problems) > 0 {
		got += " [" + strings.Join(problems, "; ") + "]"
	}
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDates(t *testing.T) {
	const future = "is in the future"
	for _, tt := range []struct{ name, fields, want string }{
		{"days", `"datePosted":"2026-03-01","validThrough":"2026-04-01"`, "2026-03-01 2026-04-01"},
		{"times", `"datePosted":"2026-03-01T23:59:00-08:00","validThrough":"2026-04-01T00:00"`, "2026-03-01 2026-04-01"},
		{"a time with a space", `"datePosted":"2026-03-01 10:00:00 +0100"`, "2026-03-01"},
		{"milliseconds", `"datePosted":1772323200000`, "2026-03-01"},
		{"milliseconds as text", `"datePosted":"1772323200000"`, "2026-03-01"},
		{"seconds", `"datePosted":1772323200`, "2026-03-01"},
		{"digits", `"datePosted":"20260301"`, "2026-03-01"},
		{"short numbers", `"datePosted":"2026-3-1"`, "2026-03-01"},
		{"slashes, year first", `"datePosted":"2026/03/01"`, "2026-03-01"},
		{"slashes that could be two days", `"datePosted":"01/02/2026"`, ` [datePosted: could be day before month or month before day ("01/02/2026")]`},
		{"dots that could be two days", `"datePosted":"01.02.2026"`, ` [datePosted: could be day before month or month before day ("01.02.2026")]`},
		{"slashes that can only be one day", `"datePosted":"13/02/2026"`, "2026-02-13"},
		{"slashes, month first, that can only be one day", `"datePosted":"02/13/2026"`, "2026-02-13"},
		{"the second of the second", `"datePosted":"02/02/2026"`, "2026-02-02"},
		{"English words", `"datePosted":"March 1st, 2026"`, "2026-03-01"},
		{"English words, day first", `"datePosted":"Sun, 1 Mar 2026 10:00:00 GMT"`, "2026-03-01"},
		{"German words", `"datePosted":"1. März 2026"`, "2026-03-01"},
		{"as JavaScript prints it", `"datePosted":"Sun Mar 01 2026 10:00:00 GMT+0100 (CET)"`, "2026-03-01"},
		{"a day that is not in the calendar", `"datePosted":"2026-03-01","validThrough":"2026-02-30"`, `2026-03-01 [validThrough: is not in the calendar ("2026-02-30")]`},
		{"an end before the beginning", `"datePosted":"2026-03-01","validThrough":"2026-02-01"`, `2026-03-01 [validThrough: is before datePosted ("2026-02-01")]`},
		{"the future", `"datePosted":"2027-03-01","validThrough":"2028-04-01"`, `2028-04-01 [datePosted: ` + future + ` ("2027-03-01")]`},
		{"tomorrow", `"datePosted":"2026-03-11"`, "2026-03-11"},
		{"the year one", `"datePosted":"0001-01-01T00:00:00"`, ` [datePosted: is outside the years 1990 to 2100 ("0001-01-01T00:00:00")]`},
		{"words", `"datePosted":"3 days ago"`, ` [datePosted: is not a date ("3 days ago")]`},
		{"empty", `"datePosted":"","validThrough":null`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := one(t, ld(`{"@type":"JobPosting","title":"x","description":"y","hiringOrganization":"Acme","jobLocation":"Berlin",`+tt.fields+`}`))
			dates := strings.TrimSpace(f.Posting.PostedOn + " " + f.Posting.ClosedOn)
			check(t, f, dates, "", tt.want)
		})
	}
}

func TestEmployers(t *testing.T) {
	for _, tt := range []struct{ name, fields, want string }{
		{"a thing", `"hiringOrganization":{"@type":"Organization","name":"Acme &amp; Co","department":{"name":"Platform"}}`, "Acme & Co Platform"},
		{"a string", `"hiringOrganization":"Acme"`, "Acme"},
		{"a list", `"hiringOrganization":[{"name":""},{"name":"Acme"}]`, "Acme"},
		{"confidential", `"hiringOrganization":"confidential"`, ` [hiringOrganization: the employer is not named ("confidential")]`},
		{"an address", `"hiringOrganization":"https://acme.example"`, ` [hiringOrganization: is an address, not a name ("https://acme.example")]`},
		{"none", `"x":"y"`, ` [hiringOrganization: missing]`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := one(t, ld(`{"@type":"JobPosting","title":"x","description":"y","jobLocation":"Berlin",`+tt.fields+`}`))
			check(t, f, f.Posting.Employer, f.Posting.Department, tt.want)
		})
	}
}

func TestEmploymentTypes(t *testing.T) {
	for _, tt := range []struct{ name, value, want string }{
		{"one", `"FULL_TIME"`, "full_time"},
		{"a list", `["FULL_TIME","CONTRACTOR"]`, "full_time, contract"},
		{"a list in a string", `"FULL_TIME, PART_TIME"`, "full_time, part_time"},
		{"an IRI", `"http://schema.org/INTERN"`, "internship"},
		{"other", `"OTHER"`, ""},
		{"words", `"Permanent"`, "full_time"},
		{"another language", `"Vollzeit"`, "Vollzeit"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := one(t, ld(`{"@type":"JobPosting","title":"x","employmentType":`+tt.value+`}`)).Posting.EmploymentType; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestPrepareTakesWhateverIsExtracted(t *testing.T) {
	f := one(t, ld("{\"@type\":\"JobPosting\",\"title\":\"En\xffgineer\x00\",\"description\":\"a\xffb\"}"))
	f.Posting.Source, f.Posting.Board = "jsonld", "acme"
	if err := f.Posting.Prepare(); err != nil || !utf8.ValidString(f.Posting.Title+f.Posting.Text) || strings.Contains(f.Posting.Title+f.Posting.Text, "\x00") {
		t.Errorf("got %+v, %v", f.Posting, err)
	}
}

func TestPagesInOtherEncodings(t *testing.T) {
	const script = `{"@type":"JobPosting","title":"Käufer","description":"für Köln"}`
	latin := strings.NewReplacer("ä", "\xe4", "ü", "\xfc", "ö", "\xf6").Replace(script)
	wide := "\xff\xfe"
	for _, r := range ld(script) {
		wide += string([]byte{byte(r), byte(r >> 8)})
	}
	for _, tt := range []struct{ name, page, contentType string }{
		{"UTF-8", ld(script), "text/html; charset=utf-8"},
		{"UTF-8 that is called Latin-1", ld(script), "text/html; charset=iso-8859-1"},
		{"Latin-1", ld(latin), "text/html; charset=iso-8859-1"},
		{"Latin-1 that is called UTF-8", ld(latin), "text/html; charset=utf-8"},
		{"Latin-1 by its meta tag", `<meta charset="iso-8859-1">` + ld(latin), "text/html"},
		{"UTF-16", wide, "text/html"},
		{"UTF-16 without its mark", wide[2:], ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := jobposting.Extract([]byte(tt.page), pageURL, http.Header{"Content-Type": {tt.contentType}}, seen)
			if len(got.Found) != 1 || got.Found[0].Posting.Title != "Käufer" || got.Found[0].Posting.Text != "für Köln" {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestSalaries(t *testing.T) {
	range60 := posting.Salary{Min: 50000, Max: 60000, Currency: "EUR", Period: "year"}
	for _, tt := range []struct {
		name, value string
		want        posting.Salary
		problem     string
	}{
		{"by the book", `{"@type":"MonetaryAmount","currency":"EUR","value":{"@type":"QuantitativeValue","minValue":50000,"maxValue":60000,"unitText":"YEAR"}}`, range60, ""},
		{"values as strings", `{"currency":"EUR","value":{"minValue":"50000","maxValue":"60000.00","unitText":"YEAR"}}`, range60, ""},
		{"values on the amount itself", `{"currency":"eur","minValue":50000,"maxValue":60000,"unitText":"per year"}`, range60, ""},
		{"a price specification", `{"@type":"PriceSpecification","priceCurrency":"EUR","minPrice":50000,"maxPrice":60000,"unitText":"ANN"}`, range60, ""},
		{"minimum over maximum", `{"currency":"EUR","value":{"minValue":60000,"maxValue":50000,"unitText":"YEAR"}}`, range60, "minimum is over the maximum"},
		{"a range in the value", `{"currency":"EUR","value":{"value":"50.000 - 60.000","unitText":"YEAR"}}`, range60, ""},
		{"a range in a string", `"50.000 - 60.000 €"`, posting.Salary{Min: 50000, Max: 60000, Currency: "EUR"}, ""},
		{"a range in a string with its period", `"€50k–60k per year"`, range60, ""},
		{"a range in German", `"50.000,00 bis 60.000,00 Euro brutto / Jahr"`, range60, ""},
		{"a range with narrow spaces", `"50 000 – 60 000 EUR par an"`, posting.Salary{Min: 50000, Max: 60000, Currency: "EUR"}, ""},
		{"a sign in place of a code", `{"currency":"€","value":{"minValue":50000,"maxValue":60000,"unitText":"YEARLY"}}`, range60, ""},
		{"a word in place of a code", `{"currency":"Euro","value":{"minValue":50000,"maxValue":60000,"unitText":"Jahr"}}`, range60, ""},
		{"one value", `{"currency":"EUR","value":{"value":30.5,"unitText":"HOUR"}}`, posting.Salary{Min: 30.5, Max: 30.5, Currency: "EUR", Period: "hour"}, ""},
		{"one value without a thing around it", `{"currency":"EUR","value":"3.500","unitText":"MONTH"}`, posting.Salary{Min: 3500, Max: 3500, Currency: "EUR", Period: "month"}, ""},
		{"only a minimum", `{"currency":"EUR","value":{"minValue":50000,"unitText":"YEAR"}}`, posting.Salary{Min: 50000, Currency: "EUR", Period: "year"}, ""},
		{"up to", `"up to 60000 EUR"`, posting.Salary{Max: 60000, Currency: "EUR"}, ""},
		{"from", `"ab 50.000 €"`, posting.Salary{Min: 50000, Currency: "EUR"}, ""},
		{"a bare number", `55000`, posting.Salary{Min: 55000, Max: 55000}, ""},
		{"Indian grouping", `"₹12,00,000 - ₹15,00,000 per annum"`, posting.Salary{Min: 1200000, Max: 1500000, Currency: "INR", Period: "year"}, ""},
		{"three decimals", `{"currency":"EUR","value":{"value":"55000.000","unitText":"YEAR"}}`, posting.Salary{Min: 55000, Max: 55000, Currency: "EUR", Period: "year"}, ""},
		{"thousands an hour or decimals", `{"currency":"EUR","value":{"value":"15.000","unitText":"HOUR"}}`, posting.Salary{Currency: "EUR", Period: "hour", Text: "15.000"}, "no amount could be read"},
		{"a period that is not one", `{"currency":"EUR","value":{"minValue":50000,"maxValue":60000,"unitText":"moon"}}`, posting.Salary{Min: 50000, Max: 60000, Currency: "EUR", Text: "moon"}, "unitText is not known"},
		{"dollars of no country", `{"currency":"$","value":{"value":50,"unitText":"HOUR"}}`, posting.Salary{Min: 50, Max: 50, Period: "hour", Text: "$"}, "could be several"},
		{"words", `"competitive"`, posting.Salary{Text: "competitive"}, "no amount could be read"},
		{"a pay scale", `"TV-L E13"`, posting.Salary{Text: "TV-L E13"}, "no amount could be read"},
		{"several amounts", `"50000 EUR, 60000 EUR, 70000 EUR"`, posting.Salary{Text: "50000 EUR, 60000 EUR, 70000 EUR"}, "no amount could be read"},
		{"negative", `{"currency":"EUR","value":{"value":-1,"unitText":"YEAR"}}`, posting.Salary{Currency: "EUR", Period: "year", Text: "-1"}, "no amount could be read"},
		{"zeros", `{"currency":"EUR","value":{"minValue":0,"maxValue":0,"unitText":"YEAR"}}`, posting.Salary{}, ""},
		{"a list", `[{"currency":"EUR"},{"currency":"EUR","value":{"minValue":50000,"maxValue":60000,"unitText":"YEAR"}}]`, range60, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := one(t, ld(`{"@type":"JobPosting","title":"x","description":"y","hiringOrganization":"Acme","jobLocation":"Berlin","baseSalary":`+tt.value+`}`))
			var got posting.Salary
			if f.Posting.Salary != nil {
				got = *f.Posting.Salary
			}
			if got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
			problem := ""
			for _, p := range f.Problems {
				problem += p.String()
			}
			if (tt.problem == "") != (problem == "") || !strings.Contains(problem, tt.problem) {
				t.Errorf("problems %q, want %q", problem, tt.problem)
			}
		})
	}
	t.Run("dollars of one country", func(t *testing.T) {
		f := one(t, ld(`{"@type":"JobPosting","title":"x","jobLocation":{"address":{"addressCountry":"CA"}},"baseSalary":{"currency":"$","value":{"value":50,"unitText":"HOUR"}}}`))
		if f.Posting.Salary == nil || f.Posting.Salary.Currency != "CAD" {
			t.Errorf("got %+v", f.Posting.Salary)
		}
	})
}
