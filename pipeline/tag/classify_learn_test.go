package tag_test

import (
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jobcity/pipeline/posting"
	"jobcity/pipeline/posting/postingtest"
	"jobcity/pipeline/tag"
)

func learner(t *testing.T) *tag.Learner {
	t.Helper()
	l, err := tag.NewLearner(os.DirFS("../../configs/taxonomy"))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// shipped are the weights of the repository as a training program learned them.
func shipped(t *testing.T) tag.Learned {
	t.Helper()
	data, err := os.ReadFile("../../configs/taxonomy/weights.yaml")
	if err != nil {
		t.Fatal(err)
	}
	learned := tag.Learned{}
	for line := range strings.Lines(string(data)) {
		line, isRow := strings.CutPrefix(strings.TrimSpace(line), "- ")
		if !isRow {
			continue
		}
		line, err := strconv.Unquote(line)
		if err != nil {
			t.Fatal(err)
		}
		cells := strings.Split(line, " | ")
		learned[cells[0]] = map[string]float64{}
		for _, c := range cells[1:] {
			output, value, _ := strings.Cut(c, " ")
			if learned[cells[0]][output], err = strconv.ParseFloat(value, 64); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(learned) < 100 {
		t.Fatalf("%d rows in weights.yaml", len(learned))
	}
	return learned
}

// TestATrainingProgramSeesWhatTheTaggerSees would fail if cross-validation judged
// another classifier than the one that ships.
func TestATrainingProgramSeesWhatTheTaggerSees(t *testing.T) {
	l, g := learner(t), theTagger(t)
	l.Learn(shipped(t))
	for _, p := range append(postingtest.Make(11, 60), sample, posting.Posting{Title: "Staff Data Engineer"}, posting.Posting{Text: "We are hiring a firmware engineer."}, posting.Posting{}) {
		got, want := l.Classify(p), g.Tag(p)
		if got.Standing != want.Standing || !reflect.DeepEqual(got.Primary, want.Primary) || !reflect.DeepEqual(got.Facets, want.Facets) ||
			len(got.Districts) != len(want.Districts) || len(got.Streets) != len(want.Streets) {
			t.Errorf("%q: the learner says %s %v %v, the tagger %s %v %v", p.Title, got.Standing, got.Districts, got.Streets, want.Standing, want.Districts, want.Streets)
			continue
		}
		if len(want.Districts) > 0 && !reflect.DeepEqual(got.Districts, want.Districts) || len(want.Streets) > 0 && !reflect.DeepEqual(got.Streets, want.Streets) {
			t.Errorf("%q: %v %v and %v %v", p.Title, got.Districts, got.Streets, want.Districts, want.Streets)
		}
	}
}

func TestATermIsASignalOnlyWhenItIsKnown(t *testing.T) {
	l := learner(t)
	p := posting.Posting{Title: "Quokka Wrangler", Text: "You wrangle quokkas."}
	names := func() (out []string) {
		for _, s := range l.Signals(p) {
			if strings.Contains(s.Name, "quokka") {
				out = append(out, s.Name)
			}
		}
		slices.Sort(out)
		return out
	}
	if got := names(); len(got) > 0 {
		t.Errorf("signals %q before anything is known", got)
	}
	l.Know([]string{"title:quokka", "body:wrangle quokkas", "body:quokka farm"})
	if got, want := names(), []string{"body:wrangle quokkas", "title:quokka"}; !slices.Equal(got, want) {
		t.Errorf("signals %q, want %q", got, want)
	}
	for _, s := range l.Signals(sample) {
		if s.Value <= 0 || s.Value > 2 {
			t.Errorf("%s has the value %g", s.Name, s.Value)
		}
		if !slices.Contains(l.Names(), s.Name) {
			t.Errorf("%s is not among the names of signals", s.Name)
		}
	}
}

func TestWhatIsLearnedDecides(t *testing.T) {
	l := learner(t)
	p := posting.Posting{Title: "Quokka Wrangler"}
	l.Learn(tag.Learned{"bias": {"standing/outside": 1}, "title:quokka": {"standing/core": 3, "primary/security": 2, "street/security/grc": 2}})
	got := l.Classify(p)
	if got.Standing != "core" || got.Primary == nil || *got.Primary != "security" || len(got.Streets) == 0 || got.Streets[0].ID != "security/grc" {
		t.Errorf("%s %v %v", got.Standing, got.Primary, got.Streets)
	}
	if got := l.Classify(posting.Posting{Title: "Wombat Wrangler"}); got.Standing != "outside" || got.Primary != nil {
		t.Errorf("a title without a known word is %s, %v", got.Standing, got.Primary)
	}
}

func TestWhatTheTaxonomySaysIsWhereLearningStarts(t *testing.T) {
	l := learner(t)
	pointed := 0
	for _, name := range l.Names() {
		for output, v := range l.Prior(name) {
			if pointed++; !slices.Contains(l.Outputs(), output) || v == 0 {
				t.Errorf("%s points to %s by %g", name, output, v)
			}
		}
	}
	if pointed == 0 {
		t.Error("no signal points anywhere")
	}
	if p := l.Prior("no such signal"); len(p) > 0 {
		t.Errorf("a signal that there is not points to %v", p)
	}
}

func TestTermsAreWhatThePostingAsksOfThePerson(t *testing.T) {
	p := posting.Posting{Title: "Quokka Engineers II, Payments", Employer: "Acme",
		Text: "<h3>About us</h3><p>We breed wombats.</p><h3>Requirements</h3><p>You feed quokkas. Daily.</p>"}
	terms := learner(t).Terms(p)
	var names []string
	for _, term := range terms {
		names = append(names, term.Name)
	}
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("not in order, or one twice: %q", names)
	}
	for _, want := range []string{"title:quokka engineer", "title:payment", "head:engineer", "head:quokka engineer", "body:feed quokka"} {
		if !slices.Contains(names, want) {
			t.Errorf("no %q in %q", want, names)
		}
	}
	for _, not := range []string{"head:payment", "head:ii", "body:wombat", "body:quokka daily"} {
		if slices.Contains(names, not) {
			t.Errorf("%q is a term", not)
		}
	}
	at := slices.Index(names, "title:quokka engineer")
	if at < 0 || terms[at].Text != "title:quokka engineers" {
		t.Errorf("the term is not given as it is written: %+v", terms)
	}
}

func TestTheHeadOfATitleIsTheRole(t *testing.T) {
	l := learner(t)
	l.Know([]string{"head:quokka", "head:wombat", "title:quokka", "title:wombat"})
	for _, c := range []struct {
		name, title  string
		head, behind string // of the two animals
	}{
		{"before a comma", "Wombat Quokka, Payments", "quokka", "wombat"},
		{"before a bar", "Wombat Quokka | Berlin", "quokka", "wombat"},
		{"before a bracket", "Quokka (Wombat)", "quokka", "wombat"},
		{"before a dash between spaces", "Quokka - Wombat", "quokka", "wombat"},
		{"a hyphen parts nothing", "Quokka-Wombat", "wombat", "quokka"},
		{"without its grade", "Quokka III, Wombat", "quokka", "wombat"},
		{"without a number", "Quokka 2 (Wombat)", "quokka", "wombat"},
		{"the second part when the first is but a rank", "Senior Manager, Wombat", "wombat", "quokka"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, s := range l.Signals(posting.Posting{Title: c.title}) {
				got = append(got, s.Name)
			}
			if !slices.Contains(got, "head:"+c.head) || slices.Contains(got, "head:"+c.behind) {
				t.Errorf("%q has %q", c.title, got)
			}
		})
	}
}

func TestWithoutATitleALineThatSeeksNamesTheRole(t *testing.T) {
	l := learner(t)
	role := func(p posting.Posting) bool {
		return slices.ContainsFunc(l.Signals(p), func(s tag.Signal) bool { return strings.HasPrefix(s.Name, "role:") })
	}
	const long = "every other week over a very long lunch in the large and sunny garden behind our old house"
	for _, c := range []struct {
		name string
		p    posting.Posting
		want bool
	}{
		{"a short line", posting.Posting{Text: "Data engineer at Acme"}, true},
		{"a long line that seeks", posting.Posting{Text: "We are looking for a data engineer to join us " + long}, true},
		{"a long line that does not", posting.Posting{Text: "You talk to the data engineer of the team next door " + long}, false},
		{"with a title the text names none", posting.Posting{Title: "Cook", Text: "We are looking for a data engineer"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := role(c.p); got != c.want {
				t.Errorf("names a role: %v", got)
			}
		})
	}
}
