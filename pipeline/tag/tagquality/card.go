package main

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"jobcity/pipeline/judge"
	"jobcity/pipeline/query"
)

// Streets that fewer postings are labelled with stand only on the printed card.
const leastOnReadme = 45

// print writes the whole card for people.
func (q *quality) print(w io.Writer) error {
	fmt.Fprint(w, q.preface())
	for _, t := range q.tables(false) {
		fmt.Fprintf(w, "\n%s\n\n", t.about)
		if err := t.Write(w, query.Table, query.Options{}); err != nil {
			return err
		}
	}
	return nil
}

// readmeSection is the short card as Markdown, with its markers.
func (q *quality) readmeSection() ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n%s", begin, q.preface())
	for _, t := range q.tables(true) {
		fmt.Fprintf(&b, "\n%s\n\n", t.about)
		if err := t.Write(&b, query.Markdown, query.Options{}); err != nil {
			return nil, err
		}
	}
	fmt.Fprint(&b, end)
	return b.Bytes(), nil
}

const (
	begin = "<!-- quality:begin -->"
	end   = "<!-- quality:end -->"
)

// writeReadme puts the short card between the markers of the README.
func (q *quality) writeReadme() error {
	section, err := q.readmeSection()
	if err != nil {
		return err
	}
	text, err := os.ReadFile(q.readme)
	if err != nil {
		return fmt.Errorf("write the card: %w", err)
	}
	from, to := bytes.Index(text, []byte(begin)), bytes.Index(text, []byte(end))
	if from < 0 || to < from {
		return fmt.Errorf("write the card: %s has no %s … %s to write it between", q.readme, begin, end)
	}
	return os.WriteFile(q.readme, slices.Concat(text[:from], section, text[to+len(end):]), 0o644)
}

// preface says what made the figures and what they are of.
func (q *quality) preface() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Made by `%s` on %s with taxonomy `%s`; definitions are those of the scorer that lies beside the labels.\n\n", q.command, q.date, q.taxonomy)
	fmt.Fprintf(&b, "- **dev**: %d postings that two readers labelled. No weight was learned from them; some rules were mended after a look at them.\n", q.postings["dev"])
	if q.train != nil {
		fmt.Fprintf(&b, "- **train**: %s postings, and %s titles alone, cross-validated in five folds by employer; the rules and weights of a figure with * were made with these postings in view.\n",
			thousands(q.postings["train"]), thousands(q.postings["titles"]))
	}
	b.WriteString("- **95 %**: the wider, on each side, of Wilson's interval and of a bootstrap over employers.\n")
	return b.String()
}

// table is one table of the card.
type table struct {
	about string
	query.Result
}

func newTable(about string, columns ...string) table {
	t := table{about: about}
	for _, c := range columns {
		t.Columns = append(t.Columns, query.Column{Name: c, Type: "text"})
	}
	return t
}

func (t *table) add(cells ...string) {
	row := make([]any, len(cells))
	for i, c := range cells {
		row[i] = c
	}
	t.Rows = append(t.Rows, row)
}

// tables are the tables of the card, in short or whole.
func (q *quality) tables(short bool) []table {
	out := []table{q.fields(short)}
	if q.train != nil {
		out = append(out, q.classes(short))
	} else {
		out = append(out, q.devClasses())
	}
	if q.weak != nil || q.spans != nil {
		out = append(out, q.weakTable(short))
	}
	return out
}

// fieldNames are the fields for people; what is measured differs.
var fieldNames = map[string]string{
	"standing": "standing, accuracy", "primary": "primary district, accuracy", "districts": "districts, F1", "streets": "first street is among the labelled",
	"facets": "facets, F1", "skills": "skills, F1", "need": "need of a skill, accuracy", "seniority": "seniority, accuracy",
	"seniority_false_claims": "seniority claimed where none is said", "workplace": "workplace, accuracy",
	"workplace_false_claims": "workplace claimed where none is said", "salary": "pay, exact",
}

// inSample are the fields whose train figures are not cross-validated.
var inSample = []string{"skills", "need", "seniority", "seniority_false_claims", "workplace", "workplace_false_claims", "salary"}

func (q *quality) fields(short bool) table {
	t := newTable("Fields. Confusions are labelled → tagged, the commonest of both sets.", "Field", "n dev", "dev", "dev 95 %", "n train", "train", "train 95 %", "Commonest confusions")
	train := byName(q.train, "field")
	confusions := byName(q.all, "field")
	for _, r := range q.dev.Rows("field") {
		mark := ""
		if slices.Contains(inSample, r.Name) {
			mark = "*"
		}
		add := func(name string, of func(judge.Row) judge.Estimate, said string) {
			cells := []string{name, strconv.Itoa(r.N), figure(of(r)), interval(of(r)), "", "", "", said}
			if o, ok := train[r.Name]; ok {
				cells[4], cells[5], cells[6] = strconv.Itoa(o.N), figure(of(o))+mark, interval(of(o))
			}
			t.add(cells...)
		}
		add(fieldNames[r.Name], func(r judge.Row) judge.Estimate { return r.Value }, confused(confusions[r.Name].Confusions, 3))
		if r.Name == "skills" {
			add("skills, precision", func(r judge.Row) judge.Estimate { return r.Precision }, "")
			add("skills, recall", func(r judge.Row) judge.Estimate { return r.Recall }, "")
		}
	}
	if q.titles == nil {
		return t
	}
	for _, r := range q.titles.Rows("field") {
		if short && strings.HasSuffix(r.Name, "_false_claims") {
			continue
		}
		mark := ""
		if slices.Contains(inSample, r.Name) {
			mark = "*"
		}
		t.add("title alone: "+fieldNames[r.Name], "", "", "", thousands(r.N), figure(r.Value)+mark, interval(r.Value), confused(r.Confusions, 3))
	}
	return t
}

const (
	aboutClasses = "Districts, facets and streets; n is how many postings are labelled so. A posting is labelled with up to three streets, and the tagger gives those nearly as likely as the first: " +
		"so a street by itself has less recall than the first street has accuracy."
	aboutWeak = "Weak labels, which nobody made for this. Boards file several kinds of roles under one department; Ashby's \"remote\" takes in hybrid; its pay may be one of several ranges in the text. " +
		"SkillSpan marks spoken languages and fields of study, which are no skills here, and leaves mere lists of technologies unmarked."
)

// classes are the districts, facets and streets one by one.
func (q *quality) classes(short bool) table {
	t := newTable(aboutClasses, "District, facet, street", "n train", "precision", "recall", "F1 train", "train 95 %", "n dev", "F1 dev", "dev 95 %", "Commonest confusions")
	for _, kind := range []string{"district", "facet", "street"} {
		dev, all := byName(q.dev, kind), byName(q.all, kind)
		rows := q.train.Rows(kind)
		if kind == "street" {
			slices.SortStableFunc(rows, func(a, b judge.Row) int { return b.N - a.N })
		}
		for _, r := range rows {
			if short && kind == "street" && r.N < leastOnReadme {
				continue
			}
			cells := []string{called(kind, r.Name), strconv.Itoa(r.N), figure(r.Precision), figure(r.Recall), figure(r.Value), interval(r.Value), "", "", "", confused(all[r.Name].Confusions, 2)}
			if d, ok := dev[r.Name]; ok {
				cells[6], cells[7], cells[8] = strconv.Itoa(d.N), figure(d.Value), interval(d.Value)
			}
			t.add(cells...)
		}
	}
	return t
}

// called is a name that no other kind has: there is a district and a facet "security".
func called(kind, name string) string {
	if kind == "street" {
		return name
	}
	return kind + " " + name
}

// devClasses are they when there is dev alone.
func (q *quality) devClasses() table {
	t := newTable(aboutClasses, "District, facet, street", "n dev", "precision", "recall", "F1", "95 %", "Commonest confusions")
	for _, kind := range []string{"district", "facet", "street"} {
		for _, r := range q.dev.Rows(kind) {
			t.add(called(kind, r.Name), strconv.Itoa(r.N), figure(r.Precision), figure(r.Recall), figure(r.Value), interval(r.Value), confused(r.Confusions, 2))
		}
	}
	return t
}

// weakNames are the weak labels for people.
var weakNames = map[string]string{
	"department: core role": "Ashby: a software, IT or data team's role is core",
	"department: not core":  "Ashby: a business team's role is not core",
	"team: district":        "Ashby: a team's district is among the districts",
	"team: sysadmin":        "Ashby: infrastructure, IT, network teams → sysadmin among the districts",
	"team: software":        "Ashby: software teams → software",
	"team: security":        "Ashby: security teams → security",
	"team: data":            "Ashby: data and AI teams → data",
	"team: street":          "Ashby: backend, mobile, data science … teams → that street among those given",
	"pay: the same":         "Ashby: pay in the text is the stated pay, exactly",
	"pay: overlaps":         "Ashby: … or overlaps it",
	"workplace":             "Ashby: workplace in the text is the stated one",
}

// onlyPrinted are the weak labels that the README leaves out: others hold them.
var onlyPrinted = []string{"team: sysadmin", "team: software", "team: security", "team: data", "pay: overlaps"}

func (q *quality) weakTable(short bool) table {
	t := newTable(aboutWeak, "Weak label (agreement, not accuracy)", "stated", "compared", "agree", "95 %", "Commonest disagreements")
	most := 3
	if q.weak != nil {
		for _, r := range q.weak.Rows() {
			if short && slices.Contains(onlyPrinted, r.Name) {
				continue
			}
			t.add(weakNames[r.Name], thousands(r.Stated), thousands(r.N), figure(r.Agree), interval(r.Agree), confused(r.Confusions, most))
		}
	}
	if q.spans == nil {
		return t
	}
	for i, r := range q.spans.Rows() {
		if short && i == 2 { // what one does and how: hardly ever a named skill
			continue
		}
		words := ""
		if !short { // other people's texts stay out of the README
			words = confused(r.Confusions, most)
		}
		t.add("SkillSpan, technical part: "+r.Name, "", thousands(r.N), figure(r.Value), interval(r.Value), words)
	}
	return t
}

func byName(c *judge.Card, kind string) map[string]judge.Row {
	out := map[string]judge.Row{}
	if c == nil {
		return out
	}
	for _, r := range c.Rows(kind) {
		out[r.Name] = r
	}
	return out
}

func figure(e judge.Estimate) string {
	if math.IsNaN(e.Value) {
		return "–"
	}
	return fmt.Sprintf("%.3f", e.Value)
}

func interval(e judge.Estimate) string {
	if math.IsNaN(e.Lower) {
		return "–"
	}
	return fmt.Sprintf("%.2f–%.2f", e.Lower, e.Upper)
}

// confused names the commonest confusions.
func confused(list []judge.Confused, most int) string {
	var out []string
	for _, c := range list[:min(len(list), most)] {
		switch {
		case c.Labelled == "":
			out = append(out, fmt.Sprintf("%s wrong %d", c.Tagged, c.Count))
		case c.Tagged == "":
			out = append(out, fmt.Sprintf("%s missed %d", c.Labelled, c.Count))
		default:
			out = append(out, fmt.Sprintf("%s → %s %d", short(c.Labelled), short(c.Tagged), c.Count))
		}
	}
	return strings.Join(out, ", ")
}

// short is a street without its district.
func short(id string) string {
	if _, street, ok := strings.Cut(id, "/"); ok {
		return street
	}
	return id
}

// thousands writes a number with commas.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
