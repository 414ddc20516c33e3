package judge

import (
	"slices"
	"strings"

	"jobcity/pipeline/posting"
	"jobcity/pipeline/tag"
)

// Weak gathers how tags read from title and text alone agree with what boards state
// beside the text. What a board states is no reader's label: a department holds
// several kinds of roles, a text may keep silent about what a field says, and the
// two may be of different dates. The shares compare one version of the tagger
// with the next; they are no accuracies.
type Weak struct{ rows map[string]*weakRow }

type weakRow struct {
	row
	stated int
}

// WeakRow is one line of a weak judgement.
type WeakRow struct {
	Name       string
	Stated     int      // postings whose board states it
	N          int      // those of them in which the text says something to compare
	Agree      Estimate // share of N
	Confusions []Confused
}

// weakNames are the rows in their order.
var weakNames = []string{"department: core role", "department: not core", "team: district", "team: sysadmin", "team: software", "team: security", "team: data", "team: street",
	"pay: the same", "pay: overlaps", "workplace"}

// NewWeak is a judgement without postings.
func NewWeak() *Weak { return &Weak{map[string]*weakRow{}} }

// Bare is p as its title and text alone: without all that a board states beside them.
func Bare(p posting.Posting) posting.Posting {
	return posting.Posting{ID: p.ID, Source: p.Source, Board: p.Board, NativeID: p.NativeID, Employer: p.Employer, Title: p.Title, Text: p.Text}
}

// Add compares what the board of p states with the tags of [Bare] p.
func (w *Weak) Add(p posting.Posting, got *tag.Tags) {
	employer := p.Source + "/" + p.Board
	s := saidBy(p)
	switch s.standing {
	case "core":
		w.judge("department: core role", employer, got.Standing == "core", s.name, got.Standing)
	case "outside":
		w.judge("department: not core", employer, got.Standing != "core", s.name, got.Standing)
	}
	if s.district != "" {
		for _, name := range []string{"team: district", "team: " + s.district} {
			w.state(name)
			if got.Standing == "core" {
				w.compare(name, employer, slices.Contains(sharesOf(got.Districts), s.district), s.name, primaryOf(got))
			}
		}
	}
	if s.street != "" {
		w.state("team: street")
		if given := sharesOf(got.Streets); got.Standing == "core" && len(given) > 0 {
			w.compare("team: street", employer, slices.Contains(given, s.street), s.name, given[0])
		}
	}
	w.pay(p, got, employer)
	if p.Workplace != "" {
		w.state("workplace")
		if got.Workplace != unspecified {
			w.compare("workplace", employer, got.Workplace == p.Workplace, p.Workplace, got.Workplace)
		}
	}
}

func (w *Weak) pay(p posting.Posting, got *tag.Tags, employer string) {
	if p.Salary == nil {
		return
	}
	stated := payFrom(p.Salary.Min, p.Salary.Max, p.Salary.Currency, p.Salary.Period)
	if stated == (pay{}) {
		return
	}
	w.state("pay: the same")
	w.state("pay: overlaps")
	read := taggedPay(got.Salary)
	if read == (pay{}) {
		return
	}
	same := stated.currency == read.currency && stated.period == read.period
	how := "other figures"
	switch {
	case stated.currency != read.currency:
		how = "another currency"
	case stated.period != read.period:
		how = "another period"
	}
	w.compare("pay: the same", employer, stated == read, "stated", how)
	w.compare("pay: overlaps", employer, same && stated.min <= read.max && read.min <= stated.max, "stated", how)
}

// judge counts a row in which the text always says something.
func (w *Weak) judge(name, employer string, agrees bool, stated, read string) {
	w.state(name)
	w.compare(name, employer, agrees, stated, read)
}

func (w *Weak) state(name string) { w.row(name).stated++ }

func (w *Weak) compare(name, employer string, agrees bool, stated, read string) {
	r := w.row(name)
	r.n++
	if agrees {
		r.add(employer, Count{Right: 1})
		return
	}
	r.add(employer, Count{Wrong: 1})
	r.confuse(stated, read)
}

func (w *Weak) row(name string) *weakRow {
	if w.rows[name] == nil {
		w.rows[name] = &weakRow{row: row{groups: map[string]*Count{}, confusions: map[Confusion]int{}}}
	}
	return w.rows[name]
}

// Rows are the lines that have anything to compare, in a fixed order.
func (w *Weak) Rows() []WeakRow {
	var out []WeakRow
	for _, name := range weakNames {
		if r := w.rows[name]; r != nil {
			done := r.finish("weak", name)
			out = append(out, WeakRow{name, r.stated, r.n, done.Value, done.Confusions})
		}
	}
	return out
}

// stated is what the name of a department or team says of the roles in it.
type stated struct {
	name     string // as compared: lower case, "and" for "&"
	standing string // "core" or "outside"; "": it says neither
	district string
	street   string
}

// saidBy is what team and department of p say, the team first: it is the smaller.
func saidBy(p posting.Posting) stated {
	for _, name := range []string{p.Team, p.Department} {
		name = strings.Join(strings.Fields(strings.ReplaceAll(strings.ToLower(name), "&", " and ")), " ")
		for _, d := range departments {
			if slices.Contains(d.names, name) {
				d.name = name
				return d.stated
			}
		}
	}
	return stated{}
}

// departments are names whose meaning is plain; "Engineering", "Technology",
// "Product" and "Operations" hold too many kinds of roles to say anything.
var departments = []struct {
	names []string
	stated
}{
	{[]string{"sales", "marketing", "finance", "people", "legal", "human resources", "hr", "recruiting", "talent", "talent acquisition", "people and talent",
		"people operations", "people ops", "accounting", "accounting and finance", "finance and accounting", "business development", "account executive",
		"partnerships", "sales and marketing", "growth and marketing", "legal and compliance", "finance and legal", "communications", "clinical", "clinical care", "pharmacy", "translators and linguists",
		"creative", "content", "seo/content", "paid media", "demand generation", "fleet operations", "station operations", "fulfillment", "plant operations",
		"mechanical engineering", "mechanical", "sales development", "supply chain", "procurement and sourcing"}, stated{standing: "outside"}},
	{[]string{"software engineering", "software", "product engineering", "development", "application development", "software development"}, stated{standing: "core", district: "software"}},
	{[]string{"backend", "backend engineering", "back end", "back-end"}, stated{standing: "core", district: "software", street: "software/backend"}},
	{[]string{"frontend", "frontend engineering", "front end", "front-end", "web"}, stated{standing: "core", district: "software", street: "software/frontend"}},
	{[]string{"full stack", "fullstack", "full-stack"}, stated{standing: "core", district: "software", street: "software/fullstack"}},
	{[]string{"mobile", "mobile engineering", "ios", "android"}, stated{standing: "core", district: "software", street: "software/mobile"}},
	{[]string{"devops", "developer experience"}, stated{standing: "core", district: "software", street: "software/devops"}},
	{[]string{"qa", "quality assurance", "quality engineering"}, stated{standing: "core", district: "software", street: "software/qa"}},
	{[]string{"embedded", "firmware", "embedded software"}, stated{standing: "core", district: "software", street: "software/embedded"}},
	{[]string{"infrastructure", "cloud", "cloud engineering", "infrastructure engineering", "cloud availability"}, stated{standing: "core", district: "sysadmin"}},
	{[]string{"sre", "site reliability", "site reliability engineering", "platform", "platform engineering"}, stated{standing: "core", district: "sysadmin", street: "sysadmin/platform-sre"}},
	{[]string{"network engineering", "networking", "network"}, stated{standing: "core", district: "sysadmin", street: "sysadmin/network"}},
	{[]string{"it", "it support", "it operations", "information technology"}, stated{standing: "core", district: "sysadmin"}},
	{[]string{"security", "information security", "cybersecurity", "security engineering", "infosec"}, stated{standing: "core", district: "security"}},
	{[]string{"data", "data platform"}, stated{standing: "core", district: "data"}},
	{[]string{"data engineering"}, stated{standing: "core", district: "data", street: "data/engineering"}},
	{[]string{"data science"}, stated{standing: "core", district: "data", street: "data/science"}},
	{[]string{"analytics", "business intelligence", "data analytics"}, stated{standing: "core", district: "data", street: "data/analytics-bi"}},
	{[]string{"machine learning", "ml", "ai", "applied-ml", "applied ml", "ai/ml", "ml engineering", "ai engineer"}, stated{standing: "core", district: "data", street: "data/ml-ai"}},
}
