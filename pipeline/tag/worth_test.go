package tag

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jobcity/pipeline/posting"
)

var learnWorth = flag.Bool("learn", false, "learn the weights of worth.yaml from the labelled postings")

const taxonomyDir, goldDir = "../../configs/taxonomy", "../../../shared/gold"

// example is a skill that a labelled posting names, and whether a reader says
// that it is asked of the person.
type example struct {
	posting int
	skill   *skill
	has     uint64
	before  []string // words, each once
	after   []string
	asked   bool
}

// TestLearnWorth judges worth.yaml by cross-validation and, with -learn, writes it:
//
//	go test ./pipeline/tag -run TestLearnWorth -v -learn
//
// The model is logistic regression with ridge; the weight of a single skill is
// held back harder than that of a trait, so that it needs several postings to
// speak for itself.
func TestLearnWorth(t *testing.T) {
	if !*learnWorth {
		t.Skip("only with -learn: it takes a minute")
	}
	examples, labels := readExamples(t)
	folds := 5
	var tp, fp int
	for f := range folds {
		m := fitWorth(examples, func(e example) bool { return e.posting%folds != f })
		for _, e := range examples {
			if e.posting%folds != f {
				continue
			}
			switch said := m.score(e) >= 0; {
			case said && e.asked:
				tp++
			case said:
				fp++
			}
		}
	}
	precision, recall := float64(tp)/float64(tp+fp), float64(tp)/float64(labels)
	t.Logf("%d examples, %d labels; cross-validated, names as the tags have them: precision %.3f, recall %.3f, F1 %.3f", len(examples), labels,
		precision, recall, 2*precision*recall/(precision+recall))
	fitWorth(examples, func(example) bool { return true }).write(t, filepath.Join(taxonomyDir, worthFile))
}

// worthModel is a set of weights under training.
type worthModel struct {
	traits [2][traits]float64
	kinds  map[string]*float64
	skills map[string]*float64
	before [2]map[string]*float64
	after  [2]map[string]*float64
}

func newWorthModel() *worthModel {
	words := func() [2]map[string]*float64 { return [2]map[string]*float64{{}, {}} }
	return &worthModel{kinds: map[string]*float64{}, skills: map[string]*float64{}, before: words(), after: words()}
}

// weights calls f with each weight of e and its ridge.
func (m *worthModel) weights(e example, f func(w *float64, ridge float64)) {
	const ofTrait, ofKind, ofSkill, ofWord = 0.0008, 0.004, 0.006, 0.006
	class := 0
	if e.skill.notion {
		class = 1
	}
	for i := range traits {
		if e.has>>i&1 != 0 {
			f(&m.traits[class][i], ofTrait)
		}
	}
	f(entry(m.kinds, e.skill.kind), ofKind)
	f(entry(m.skills, e.skill.id), ofSkill)
	for _, w := range e.before {
		f(entry(m.before[class], w), ofWord)
	}
	for _, w := range e.after {
		f(entry(m.after[class], w), ofWord)
	}
}

func entry(of map[string]*float64, key string) *float64 {
	if of[key] == nil {
		of[key] = new(float64)
	}
	return of[key]
}

// lean shifts the decision towards speaking, where precision and recall of the
// labelled postings meet.
const lean = -0.10

func (m *worthModel) score(e example) float64 {
	sum := -lean
	m.weights(e, func(w *float64, _ float64) { sum += *w })
	return sum
}

// fitWorth descends the ridge-penalised log loss by stochastic steps that shrink.
func fitWorth(examples []example, use func(example) bool) *worthModel {
	m := newWorthModel()
	rnd := rand.New(rand.NewPCG(3, 4))
	order := rnd.Perm(len(examples))
	const epochs = 60
	for epoch := range epochs {
		rnd.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		rate := 0.1 / (1 + float64(epoch)/5)
		for _, k := range order {
			e := examples[k]
			if !use(e) {
				continue
			}
			y := 0.0
			if e.asked {
				y = 1
			}
			g := 1/(1+math.Exp(-m.score(e)-lean)) - y
			m.weights(e, func(w *float64, ridge float64) { *w -= rate * (g + ridge**w) })
		}
	}
	return m
}

// write saves the weights that matter.
func (m *worthModel) write(t *testing.T, path string) {
	var b strings.Builder
	b.WriteString("# What makes a named skill one that is asked of the person: see pipeline/tag/worth.go.\n" +
		"# Learned, not written by hand: go test ./pipeline/tag -run TestLearnWorth -learn\n" +
		"# A skill counts when the weights of its traits, of its kind and its own sum to 0 or more.\n")
	for class, name := range []string{"things", "notions"} {
		fmt.Fprintf(&b, "%s:\n", name)
		for i := range traits {
			n, w := traitName(i), m.traits[class][i]
			if i == traitAlways {
				w -= lean
			}
			fmt.Fprintf(&b, "  %q: %.2f\n", n, w)
		}
	}
	writeWeights(&b, "kinds:\n", m.kinds, 0)
	writeWeights(&b, "skills:\n", m.skills, 0.25)
	b.WriteString("words:\n")
	for class, name := range []string{"things", "notions"} {
		fmt.Fprintf(&b, "  %s:\n", name)
		writeWeights(&b, "    before:\n    ", m.before[class], 0.15)
		writeWeights(&b, "    after:\n    ", m.after[class], 0.15)
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// writeWeights writes the weights of at least least behind head, of whose last
// line each takes the indent.
func writeWeights(b *strings.Builder, head string, of map[string]*float64, least float64) {
	indent := head[strings.LastIndexByte(head, '\n')+1:]
	b.WriteString(strings.TrimSuffix(head, indent))
	for _, k := range slices.Sorted(maps.Keys(of)) {
		if math.Abs(*of[k]) >= least {
			fmt.Fprintf(b, "%s  %q: %.2f\n", indent, k, *of[k])
		}
	}
}

// label is what readers said of a posting, as shared/gold has it.
type label struct {
	ID       string       `json:"id"`
	Standing string       `json:"standing"`
	Skills   []labelSkill `json:"skills"`
	Alt      *struct {
		Skills []labelSkill `json:"skills"`
	} `json:"alt"`
}

type labelSkill struct {
	Name string `json:"name"`
	Need string `json:"need"`
}

// readExamples tags the labelled postings, and counts the labels that both
// readings have.
func readExamples(t *testing.T) ([]example, int) {
	postings := map[string]posting.Posting{}
	readLines(t, "train.postings.jsonl", func(p struct{ ID, Title, Text, Employer string }) {
		postings[p.ID] = posting.Posting{ID: p.ID, Title: p.Title, Text: p.Text, Employer: p.Employer}
	})
	fsys := os.DirFS(taxonomyDir)
	entries, err := readEntries(fsys)
	if err != nil {
		t.Fatal(err)
	}
	v := newVocabulary(entries)
	v.worth = &worth{}
	matcher := newMatcher(v.forms)
	sections, err := newSections(fsys)
	if err != nil {
		t.Fatal(err)
	}
	var examples []example
	n, labels := 0, 0
	readLines(t, "train.labels.jsonl", func(l label) {
		n++
		if l.Standing == "outside" {
			return
		}
		one, two := names(l.Skills), names(l.Skills)
		if l.Alt != nil && l.Alt.Skills != nil {
			two = names(l.Alt.Skills)
		}
		p := postings[l.ID]
		d := &document{posting: &p, reading: read(p.Title, p.Text)}
		sections.mark(d.reading, p.Employer)
		d.match(matcher)
		var out Tags
		v.nameSkills(d, &out)
		for _, f := range d.skills {
			// As the scorer does: what only one of two readings has counts neither way.
			name := goldNorm(f.name())
			if one[name] == two[name] {
				e := example{posting: n, skill: f.skill, has: f.has, asked: one[name]}
				for _, p := range f.places[:min(f.count, mostEvidence)] {
					before, after := d.neighbours(p)
					e.before, e.after = addOnce(e.before, strings.ToLower(before)), addOnce(e.after, strings.ToLower(after))
				}
				examples = append(examples, e)
			}
		}
		for name := range one {
			if two[name] {
				labels++
			}
		}
	})
	return examples, labels
}

func addOnce(words []string, w string) []string {
	if slices.Contains(words, w) {
		return words
	}
	return append(words, w)
}

func names(skills []labelSkill) map[string]bool {
	out := map[string]bool{}
	for _, s := range skills {
		out[goldNorm(s.Name)] = true
	}
	return out
}

func readLines[T any](t *testing.T, file string, use func(T)) {
	f, err := os.Open(filepath.Join(goldDir, file))
	if os.IsNotExist(err) {
		t.Skipf("labelled postings are not here: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	s.Buffer(nil, 4<<20)
	for s.Scan() {
		var v T
		if err := json.Unmarshal(s.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		use(v)
	}
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
}

var (
	spacesAndUnderscores = regexp.MustCompile(`[\s_]+`)
	trailingVersion      = regexp.MustCompile(`\s+v?\d+(\.\d+)*\+?$`)
	trailingNoun         = regexp.MustCompile(`\s+(framework|frameworks|library|programming|language|development|databases?|technologies|tools?|pipelines?)$`)
)

// goldAliases are the spellings that the scorer of the labelled postings takes for one.
var goldAliases = func() map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(`go: golang, go lang
kubernetes: k8s
javascript: js
typescript: ts
postgresql: postgres, psql
node.js: node, nodejs
react: reactjs, react.js
vue.js: vue, vuejs
angular: angularjs, angular.js
aws: amazon web services
gcp: google cloud platform, google cloud
azure: microsoft azure
ci/cd: ci cd, cicd, ci/cd pipelines
rest: restful apis, rest apis, rest api, restful api, restful, restful services, restful web services
machine learning: ml
ruby on rails: ror, rails
next.js: nextjs
mongodb: mongo
elasticsearch: elastic search
tensorflow: tf
scikit-learn: scikit, sklearn
html: html5
css: css3
sql server: ms sql, mssql, microsoft sql server
github actions: gh actions
objective-c: objective c, obj-c
.net: dot net
llm: large language models, llms
nlp: natural language processing
infrastructure as code: infrastructure-as-code, iac
linux: unix/linux, linux/unix
agile: agile methodologies, agile development
`) {
		name, aliases, _ := strings.Cut(strings.TrimSpace(line), ": ")
		for a := range strings.SplitSeq(aliases, ", ") {
			out[a] = name
		}
	}
	return out
}()

// goldNorm is the scorer's norm: one spelling for each skill.
func goldNorm(name string) string {
	alias := func(s string) string {
		if a, ok := goldAliases[s]; ok {
			return a
		}
		return s
	}
	n := alias(strings.Trim(spacesAndUnderscores.ReplaceAllString(strings.ToLower(strings.TrimSpace(name)), " "), " .,;:()"))
	n = trailingNoun.ReplaceAllString(trailingVersion.ReplaceAllString(n, ""), "")
	if strings.HasSuffix(n, "s") && len(n) > 4 && !slices.ContainsFunc([]string{"ss", "js", "aws", "os", "us", "is", "ics", "sas", "dbs", "kubernetes", "redis"}, func(s string) bool { return strings.HasSuffix(n, s) }) {
		n = n[:len(n)-1]
	}
	return alias(n)
}
