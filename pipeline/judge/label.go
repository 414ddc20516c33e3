package judge

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"jobcity/pipeline/tag"
)

// Label is what a reader says of a posting, or of a title alone.
type Label struct {
	ID        string   `json:"id"`
	Title     string   `json:"title"`
	Standing  string   `json:"standing"`
	Primary   string   `json:"primary"` // "" for none
	Districts []string `json:"districts"`
	Streets   []string `json:"streets"`
	Street    string   `json:"street"` // of a title alone
	Facets    []string `json:"facets"`
	Skills    []struct {
		Name string `json:"name"`
		Need string `json:"need"`
	} `json:"skills"`
	Seniority string `json:"seniority"`
	Workplace string `json:"workplace"`
	Salary    *struct {
		Min      float64 `json:"min"`
		Max      float64 `json:"max"`
		Currency string  `json:"currency"`
		Period   string  `json:"period"`
	} `json:"salary"`

	second    *Label // the other reader's, equal where it does not differ
	titleOnly bool
}

// DecodeLabel reads one line of labels. Where two readers differed, its "alt"
// holds what the second one said. A line without "districts" labels a title alone.
func DecodeLabel(line []byte) (Label, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(line, &fields); err != nil {
		return Label{}, fmt.Errorf("decode label: %w", err)
	}
	first, err := fromFields(fields)
	if err != nil {
		return Label{}, err
	}
	_, whole := fields["districts"]
	first.titleOnly = !whole
	if alt := fields["alt"]; len(alt) > 0 {
		if err := json.Unmarshal(alt, &fields); err != nil { // over the first reading
			return Label{}, fmt.Errorf("decode label %s: alt: %w", first.ID, err)
		}
	}
	second, err := fromFields(fields)
	first.second = &second
	return first, err
}

func fromFields(fields map[string]json.RawMessage) (Label, error) {
	var l Label
	line, err := json.Marshal(fields)
	if err == nil {
		err = json.Unmarshal(line, &l)
	}
	if err != nil {
		return l, fmt.Errorf("decode label: %w", err)
	}
	if l.Seniority == "" {
		l.Seniority = unspecified
	}
	if l.Workplace == "" {
		l.Workplace = unspecified
	}
	return l, nil
}

const unspecified = "unspecified"

// pay is a stated pay as the scorer compares it.
type pay struct {
	min, max         float64
	currency, period string
}

func payFrom(low, high float64, currency, period string) pay {
	if low == 0 && high == 0 {
		return pay{}
	}
	if low == 0 {
		low = high
	}
	if high == 0 {
		high = low
	}
	if period == "" {
		period = "year"
	}
	return pay{math.RoundToEven(low), math.RoundToEven(high), strings.ToUpper(currency), period}
}

func (l *Label) pay() pay {
	if l.Salary == nil {
		return pay{}
	}
	return payFrom(l.Salary.Min, l.Salary.Max, l.Salary.Currency, l.Salary.Period)
}

func taggedPay(s *tag.Salary) pay {
	if s == nil {
		return pay{}
	}
	return payFrom(s.Min, s.Max, s.Currency, s.Period)
}

// skills are the labelled skills with their needs, by normal name.
func (l *Label) skills() map[string]string {
	out := map[string]string{}
	for _, s := range l.Skills {
		addSkill(out, s.Name, s.Need)
	}
	return out
}

func taggedSkills(t *tag.Tags) map[string]string {
	out := map[string]string{}
	for _, s := range t.Skills {
		name := s.Name
		if name == "" {
			name = s.ID
		}
		addSkill(out, name, s.Need)
	}
	return out
}

func addSkill(to map[string]string, name, need string) {
	if name == "" {
		return
	}
	if name = normal(name); need == "" {
		need = "mention"
	}
	if _, there := to[name]; !there {
		to[name] = need
	}
}

// spellings are the ways to write a skill that the scorer takes for one.
var spellings = map[string]string{"golang": "go", "go lang": "go", "k8s": "kubernetes", "js": "javascript", "ts": "typescript", "postgres": "postgresql",
	"psql": "postgresql", "node": "node.js", "nodejs": "node.js", "reactjs": "react", "react.js": "react", "vue": "vue.js", "vuejs": "vue.js",
	"angularjs": "angular", "angular.js": "angular", "amazon web services": "aws", "google cloud platform": "gcp", "google cloud": "gcp",
	"microsoft azure": "azure", "ci cd": "ci/cd", "cicd": "ci/cd", "ci/cd pipelines": "ci/cd", "restful apis": "rest", "rest apis": "rest",
	"rest api": "rest", "restful api": "rest", "restful": "rest", "restful services": "rest", "restful web services": "rest", "ml": "machine learning",
	"ror": "ruby on rails", "rails": "ruby on rails", "nextjs": "next.js", "mongo": "mongodb", "elastic search": "elasticsearch",
	"tf": "tensorflow", "scikit": "scikit-learn", "sklearn": "scikit-learn", "html5": "html", "css3": "css", "ms sql": "sql server", "mssql": "sql server",
	"microsoft sql server": "sql server", "gh actions": "github actions", "objective c": "objective-c", "obj-c": "objective-c", "dot net": ".net",
	"large language models": "llm", "llms": "llm", "natural language processing": "nlp", "infrastructure-as-code": "infrastructure as code",
	"iac": "infrastructure as code", "unix/linux": "linux", "linux/unix": "linux", "agile methodologies": "agile", "agile development": "agile"}

var (
	blanks       = regexp.MustCompile(`[\s_]+`)
	endVersion   = regexp.MustCompile(`\s+v?\d+(\.\d+)*\+?$`)
	genericNoun  = regexp.MustCompile(`\s+(framework|frameworks|library|programming|language|development|databases?|technologies|tools?|pipelines?)$`)
	noPluralEnds = []string{"ss", "js", "aws", "os", "us", "is", "ics", "sas", "dbs", "kubernetes", "redis"}
)

// normal is the one spelling of a skill: lower case, without a trailing version,
// plural or generic noun. It is norm() of the scorer.
func normal(name string) string {
	n := strings.Trim(blanks.ReplaceAllString(strings.ToLower(strings.TrimSpace(name)), " "), " .,;:()")
	n = spelling(n)
	n = endVersion.ReplaceAllString(n, "")
	n = genericNoun.ReplaceAllString(n, "")
	if strings.HasSuffix(n, "s") && utf8.RuneCountInString(n) > 4 && !slices.ContainsFunc(noPluralEnds, func(end string) bool { return strings.HasSuffix(n, end) }) {
		n = n[:len(n)-1]
	}
	return spelling(n)
}

func spelling(n string) string {
	if one, ok := spellings[n]; ok {
		return one
	}
	return n
}
