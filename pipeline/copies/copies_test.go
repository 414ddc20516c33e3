package copies_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"jobcity/pipeline/copies"
	"jobcity/pipeline/posting"
	"jobcity/pipeline/tag"
)

const text = `You build the billing service of our platform in Go and PostgreSQL. You write tests before code,
review the work of your colleagues, and run what you build: deployments, alerts and the weekly on-call rotation are yours.
We ask for five years of backend development, good SQL, some Kubernetes, and patience with invoices.
Nice to have: Kafka, Terraform, a degree in computer science, and experience with payment providers in several countries.`

func sketch(title, body, employer string, places ...string) copies.Sketch {
	p := posting.Posting{Source: "ashby", Board: "acme", NativeID: title + body, Employer: employer, Title: title, Text: body, Locations: places}
	if err := p.Prepare(); err != nil {
		panic(err)
	}
	return copies.New(&p, strings.ToLower(employer), &tag.Tags{Words: tag.Words(title + "\n" + body)})
}

func TestCopiesAreOnlyWhatOneEmployerOffersUnderOneTitle(t *testing.T) {
	base := sketch("Backend Engineer", text, "Acme", "Berlin")
	for _, c := range []struct {
		name        string
		other       copies.Sketch
		group, near bool
	}{
		{"the same in another city", sketch("Backend Engineer - Lyon", text+" Our office is in Lyon.", "Acme", "Lyon, France"), true, true},
		{"another requisition", sketch("Backend Engineer (R-20411)", text+" Req 20411", "Acme", "Berlin"), true, true},
		{"letters for all genders", sketch("Backend Engineer (m/w/d)", text, "Acme", "Berlin"), true, true},
		{"remote", sketch("Backend Engineer, Remote", text, "Acme", "Remote"), true, true},
		{"another bullet and another year", sketch("Backend Engineer", text+" You speak at meetups. 2026", "Acme", "Berlin"), true, true},
		{"a senior role", sketch("Senior Backend Engineer", text, "Acme", "Berlin"), false, true},
		{"another language", sketch("Backend Engineer", strings.ReplaceAll(text[:len(text)/2], "Go and PostgreSQL", "Java, Spring and Oracle")+
			" You migrate mainframe batch jobs, keep COBOL programs alive and answer to auditors of the central bank.", "Acme", "Berlin"), true, false},
		{"another employer", sketch("Backend Engineer", text, "Bravo", "Berlin"), false, true},
		{"C++ is not C#", sketch("C++ Engineer", text, "Acme", "Berlin"), false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.other.Group == base.Group; got != c.group {
				t.Errorf("same group: %v", got)
			}
			j := copies.Jaccard(base.Words, c.other.Words)
			if got := j >= copies.Threshold; got != c.near {
				t.Errorf("Jaccard index %.3f", j)
			}
		})
	}
	if a, b := sketch("C++ Engineer", text, "Acme"), sketch("C# Engineer", text, "Acme"); a.Group == b.Group {
		t.Error("C++ and C# are one title")
	}
	if a, b := sketch("Engineer", text, "Acme"), sketch("Engineer", text, "Bravo"); a.Text != b.Text || a.Set == b.Set {
		t.Error("the same text of another employer must share the text's hash only")
	}
}

func TestPostingsWithoutTextAreCopiesOfNothing(t *testing.T) {
	p := posting.Posting{Source: "ashby", Board: "acme", NativeID: "1", Employer: "Acme", Title: "Engineer"}
	q := p
	q.NativeID = "2"
	for _, x := range []*posting.Posting{&p, &q} {
		if err := x.Prepare(); err != nil {
			t.Fatal(err)
		}
	}
	if copies.New(&p, "acme", &tag.Tags{}).Set == copies.New(&q, "acme", &tag.Tags{}).Set {
		t.Error("two postings without words are one set")
	}
}

func TestBandsMeetWhereSetsAreNear(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	met := map[float64]int{}
	const trials = 400
	for _, jaccard := range []float64{0.5, 0.9, 0.95} {
		for range trials {
			const n = 300
			same := int(math.Ceil(2 * n * jaccard / (1 + jaccard)))
			var a, b []string
			for i := range n {
				word := fmt.Sprintf("w%d", r.IntN(1<<30))
				a = append(a, word)
				if i >= same {
					word += "x"
				}
				b = append(b, word)
			}
			x, y := sketch("Engineer", strings.Join(a, " "), "Acme"), sketch("Engineer", strings.Join(b, " "), "Acme")
			if j := copies.Jaccard(x.Words, y.Words); math.Abs(j-jaccard) > 0.01 {
				t.Fatalf("made pairs of %.3f instead of %.3f", j, jaccard)
			}
			if slices.ContainsFunc(x.Bands, func(h uint64) bool { return slices.Contains(y.Bands, h) }) {
				met[jaccard]++
			}
		}
	}
	if met[0.9] < trials*99/100 || met[0.95] < trials*99/100 {
		t.Errorf("near pairs that met, of %d: %v", trials, met)
	}
	if met[0.5] > trials*6/10 { // 1-(1-0.5^4)^8 = 0.40
		t.Errorf("far pairs that met, of %d: %v", trials, met)
	}
}

func BenchmarkNew(b *testing.B) {
	p := posting.Posting{Source: "ashby", Board: "acme", NativeID: "1", Employer: "Acme", Title: "Backend Engineer", Text: strings.Repeat(text, 6), Locations: []string{"Berlin"}}
	if err := p.Prepare(); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		copies.New(&p, "acme", &tag.Tags{Words: tag.Words(p.Text)})
	}
}
