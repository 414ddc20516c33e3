package detect

import (
	"regexp"
	"slices"
	"strings"

	"jobcity/pipeline/crawl/source"
)

// service is one system that hosts boards under a domain.
type service struct {
	name   string
	source string                                   // "" if jobcity cannot read it
	board  func(a address, sub string) source.Board // sub stands before the domain; a board without name if the address does not tell it
}

// services are the known systems by their domain. The addresses of a service are
// as its own pages, embeds and API documents write them.
var services = map[string]service{
	"greenhouse.io":        {"Greenhouse", "greenhouse", greenhouse},
	"ashbyhq.com":          {"Ashby", "ashby", ashby},
	"lever.co":             {"Lever", "lever", lever},
	"smartrecruiters.com":  {"SmartRecruiters", "smartrecruiters", smartrecruiters},
	"workable.com":         {"Workable", "workable", workable},
	"recruitee.com":        {"Recruitee", "recruitee", recruitee},
	"jobs.personio.de":     {"Personio", "personio", personio},
	"jobs.personio.com":    {"Personio", "personio", personio},
	"personio.de":          {"Personio", "personio", personioOld},
	"personio.com":         {"Personio", "personio", nameless},
	"teamtailor.com":       {"Teamtailor", "teamtailor", teamtailor},
	"bamboohr.com":         {"BambooHR", "bamboohr", bamboohr},
	"myworkdayjobs.com":    {"Workday", "workday", workday},
	"myworkdaysite.com":    {"Workday", "workday", workday},
	"news.ycombinator.com": {"Hacker News", "hn", hn},
	"hn.algolia.com":       {"Hacker News", "hn", hn},
}

// apiPaths are how the services' APIs are asked, on whatever host.
var apiPaths = []struct {
	name, source string
	path         []string
	board        func(a address) source.Board // a begins with path
}{
	{"Greenhouse", "greenhouse", []string{"v1", "boards", "*", "jobs"}, segment(2)},
	{"Ashby", "ashby", []string{"posting-api", "job-board", "*"}, segment(2)},
	{"Lever", "lever", []string{"v0", "postings", "*"}, segment(2)},
	{"SmartRecruiters", "smartrecruiters", []string{"v1", "companies", "*", "postings"}, segment(2)},
	{"Workable", "workable", []string{"api", "v1", "widget", "accounts", "*"}, segment(4)},
	{"Workable", "workable", []string{"api", "accounts", "*"}, segment(2)},
	{"Workday", "workday", []string{"wday", "cxs", "*", "*"}, func(a address) source.Board { return source.Board{Board: a.at(2) + "/" + a.at(3)} }},
	{"Recruitee", "recruitee", []string{"api", "offers"}, func(a address) source.Board { return source.Board{Board: a.host} }},
}

func segment(i int) func(address) source.Board {
	return func(a address) source.Board { return source.Board{Board: a.at(i)} }
}

func nameless(address, string) source.Board { return source.Board{} }

// named is a board of that name, or none if the name is one of the service's own.
func named(name string, own ...string) source.Board {
	if slices.Contains(own, strings.ToLower(name)) {
		return source.Board{}
	}
	return source.Board{Board: name}
}

// ownHosts are first labels that no employer has: the services keep them.
var ownHosts = []string{
	"", "www", "app", "api", "apply", "jobs", "help", "support", "docs", "documentation", "developer", "developers", "status", "blog",
	"resources", "partners", "partner", "marketplace", "integrations", "auth", "login", "id", "static", "assets", "images", "scripts",
	"cdn", "go", "get", "info", "learn", "community", "careers-analytics", "career-analytics", "mail", "email", "track",
}

// greenhouse: boards and job-boards .greenhouse.io/{board}[/jobs/{id}], both also
// under .eu; /embed/job_board?for={board}; the API. Names are not case-sensitive.
func greenhouse(a address, sub string) source.Board {
	if sub = strings.TrimSuffix(sub, ".eu"); !slices.Contains([]string{"boards", "job-boards", "boards-api", "api"}, sub) {
		return source.Board{}
	}
	name := a.Query().Get("for")
	if name == "" {
		name = a.after("v1", "boards")
	}
	if name == "" {
		name = a.at(0)
	}
	return named(strings.ToLower(name), "embed", "v1", "users", "assets", "packs")
}

// ashby: jobs.ashbyhq.com/{board}[/{id}], /{board}/embed; the API.
func ashby(a address, sub string) source.Board {
	switch sub {
	case "jobs":
		return named(a.at(0), "api", "_next", "embed")
	case "api":
		return named(a.after("posting-api", "job-board"))
	}
	return source.Board{}
}

// lever: jobs.lever.co/{board}[/{id}[/apply]] and the API, both also under .eu:
// tenants of one region are unknown in the other. Names are case-sensitive.
func lever(a address, sub string) source.Board {
	var b source.Board
	switch plain := strings.TrimSuffix(sub, ".eu"); plain {
	case "jobs":
		b = named(a.at(0), "parseresume")
	case "api":
		b = named(a.after("v0", "postings"))
	}
	if b.Board != "" && strings.HasSuffix(sub, ".eu") {
		b.Options = map[string]string{"region": "eu"}
	}
	return b
}

var postingID = regexp.MustCompile(`^\d{6,}`)

// smartrecruiters: careers.… and jobs.smartrecruiters.com/{board}[/{id}-{title}],
// one-click and referral pages, search pages with ?company=; the API and the
// widget's. Of www, only posting pages: the rest is the vendor's own.
func smartrecruiters(a address, sub string) source.Board {
	switch sub {
	case "careers", "jobs":
		if c := a.Query().Get("company"); c != "" {
			return named(c)
		}
		switch {
		case a.at(1) == "company":
			return named(a.at(2))
		case a.at(0) == "ni" || a.at(0) == "my-applications":
			return named(a.at(1))
		}
		return named(a.at(0), "sr-jobs", "job-search", "search", "oneclick-ui", "external-referrals")
	case "api":
		return named(a.after("v1", "companies"))
	case "www", "":
		if name := a.after("job-api", "public", "search", "widgets"); name != "" {
			return named(name)
		}
		if postingID.MatchString(a.at(1)) {
			return named(a.at(0))
		}
	}
	return source.Board{}
}

// workable: apply.workable.com/{board}[/j/{shortcode}], {board}.workable.com, the
// APIs. apply.workable.com/j/{shortcode} redirects to an address with the name.
func workable(a address, sub string) source.Board {
	if sub == "apply" || sub == "www" || sub == "" {
		for _, api := range [][]string{{"api", "v1", "widget", "accounts"}, {"api", "v1", "accounts"}, {"api", "v2", "accounts"}, {"api", "v3", "accounts"}, {"api", "accounts"}} {
			if name := a.after(api...); name != "" {
				return named(name)
			}
		}
		if sub == "apply" {
			return named(a.at(0), "j", "api", "static", "assets")
		}
		return source.Board{}
	}
	return named(sub, ownHosts...)
}

// recruitee: {board}.recruitee.com.
func recruitee(_ address, sub string) source.Board { return named(sub, ownHosts...) }

// personio: {board}.jobs.personio.de; one under .com is named by its whole host.
func personio(a address, sub string) source.Board {
	if strings.HasSuffix(a.host, ".com") && !slices.Contains(ownHosts, sub) {
		return source.Board{Board: a.host}
	}
	return named(sub, ownHosts...)
}

// personioOld: {board}-jobs.personio.de, as it was before 2019.
func personioOld(_ address, sub string) source.Board {
	if name, ok := strings.CutSuffix(sub, "-jobs"); ok {
		return named(name)
	}
	return source.Board{}
}

// teamtailor: {board}.teamtailor.com; one of a region, as in
// {board}.na.teamtailor.com, is named by its whole host.
func teamtailor(a address, sub string) source.Board {
	first, region, _ := strings.Cut(sub, ".")
	if region != "" && !slices.Contains(ownHosts, first) {
		return source.Board{Board: a.host}
	}
	return named(sub, ownHosts...)
}

// bamboohr: {board}.bamboohr.com/careers, /jobs and embeds.
func bamboohr(_ address, sub string) source.Board { return named(sub, ownHosts...) }

var dataCentre = regexp.MustCompile(`^wd\d+(-impl)?$`)

var language = regexp.MustCompile(`^[a-z]{2}([-_][A-Za-z]{2,4})?$`)

// workday: {tenant}.wd{N}.myworkdayjobs.com/[{language}/]{site}[/job/…],
// wd{N}.myworkdaysite.com/[{language}/]recruiting/{tenant}/{site}, the API of
// both: /wday/cxs/{tenant}/{site}/jobs.
func workday(a address, sub string) source.Board {
	path := a.path
	if len(path) > 1 && language.MatchString(path[0]) && path[1] != "job" && path[1] != "details" {
		path = path[1:]
	}
	tenant, _, _ := strings.Cut(sub, ".")
	site := ""
	switch {
	case len(path) >= 4 && path[0] == "wday" && path[1] == "cxs":
		tenant, site = path[2], path[3]
	case len(path) >= 3 && path[0] == "recruiting":
		tenant, site = path[1], path[2]
	case len(path) >= 1 && path[0] != "wday" && path[0] != "recruiting" && !strings.HasSuffix(a.host, "myworkdaysite.com"):
		site = path[0]
	}
	if site == "" || tenant == "" {
		return source.Board{}
	}
	b := source.Board{Board: tenant + "/" + site, Options: map[string]string{"host": a.host}}
	if of, instance, ok := strings.Cut(sub, "."); ok && of == tenant && strings.HasSuffix(a.host, "myworkdayjobs.com") && dataCentre.MatchString(instance) {
		b.Options = map[string]string{"instance": instance}
	}
	return b
}

// hn: the threads, their search, and the account that opens them.
func hn(a address, _ string) source.Board {
	q := a.Query()
	if id := q.Get("id"); a.host == "news.ycombinator.com" && (a.at(0) == "item" || id == "whoishiring") || a.host == "hn.algolia.com" {
		return source.Board{Board: "whoishiring"}
	}
	return source.Board{}
}
