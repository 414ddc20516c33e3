package tag_test

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"jobcity/pipeline/posting"
	"jobcity/pipeline/tag"
)

var tagger = sync.OnceValues(func() (*tag.Tagger, error) { return tag.New(os.DirFS("../../configs/taxonomy")) })

func theTagger(t testing.TB) *tag.Tagger {
	t.Helper()
	g, err := tagger()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// sample is a posting as boards write them.
var sample = posting.Posting{
	ID: "sample", Title: "Senior Platform Engineer (Kubernetes), Berlin", Employer: "Acme Anvils", Locations: []string{"Berlin, Germany"},
	Text: `<p><strong>About us</strong></p><p>Acme Anvils drops anvils on time. Our product is written in COBOL and loved by coyotes everywhere.</p>
<h3>What you’ll do</h3><ul>
<li>Build and run our Kubernetes platform on AWS with Terraform and Helm, and keep it up: you share an on-call rotation and lead incident response</li>
<li>Automate releases with GitHub Actions and ArgoCD so that every team ships to production many times a day</li>
<li>Define SLOs with product teams, watch them with Prometheus and Grafana, and bring MTTR down</li>
<li>Mentor two engineers and work with our security team on hardening, secrets management and audits</li></ul>
<h3>What you bring</h3><ul>
<li>5+ years of experience with Linux, networking (TCP/IP, DNS) and at least one of Go, Python or Rust</li>
<li>Deep knowledge of AWS (EKS, RDS, S3, IAM) and infrastructure as code</li>
<li>Experience with PostgreSQL, Redis and Kafka in production</li>
<li>Fluent English; a degree in computer science is welcome, not required</li></ul>
<h3>Nice to have</h3><ul><li>OpenTelemetry, Istio or Cilium</li><li>CKA certification</li><li>Some C++ or Java</li></ul>
<h3>What we offer</h3><p>€75,000 to €95,000 a year, 30 days of paid holidays, a MacBook, and a hybrid week: two days in the office in Berlin.</p>
<p>Acme is an equal opportunity employer. We do not discriminate on the basis of race, religion, age or taste in anvils.</p>
<h3>How to apply</h3><p>Send us your CV. A call, a take-home task in Ruby, and a day with the team.</p>`,
}

func TestTagOfAWholePosting(t *testing.T) {
	got := theTagger(t).Tag(sample)
	if got.Standing != "core" || got.Primary == nil || got.Seniority != "senior" || got.Workplace != "hybrid" || got.Language != "en" {
		t.Errorf("standing %s, primary %v, seniority %s, workplace %s, language %s", got.Standing, got.Primary, got.Seniority, got.Workplace, got.Language)
	}
	if s := got.Salary; s == nil || s.Min != 75000 || s.Max != 95000 || s.Currency != "EUR" || s.Period != "year" {
		t.Errorf("salary %+v", got.Salary)
	}
	needs := map[string]string{}
	for _, s := range got.Skills {
		needs[s.Name] = s.Need
	}
	for name, want := range map[string]string{"Kubernetes": "must", "Terraform": "must", "Go": "must", "Python": "must", "Java": "nice", "COBOL": "", "Ruby": ""} {
		if needs[name] != want {
			t.Errorf("%s is %q, want %q", name, needs[name], want)
		}
	}
	if !slices.Contains(got.Metrics, "mttr") || !slices.Contains(got.Metrics, "slo") {
		t.Errorf("metrics %q", got.Metrics)
	}
	if got.Taxonomy == "" || len(got.Notes) != 0 {
		t.Errorf("taxonomy %q, notes %q", got.Taxonomy, got.Notes)
	}
	checkTags(t, sample, got)
}

// checkTags fails unless what tags promise of themselves holds.
func checkTags(t *testing.T, p posting.Posting, tags tag.Tags) {
	t.Helper()
	shares := func(name string, of []tag.Share) {
		sum := 0.0
		for i, s := range of {
			sum += s.Weight
			if s.Weight < 0 || i > 0 && s.Weight > of[i-1].Weight {
				t.Errorf("%s %+v", name, of)
			}
		}
		if len(of) > 0 && (sum < 0.99 || sum > 1.01) {
			t.Errorf("%s sum to %v: %+v", name, sum, of)
		}
	}
	shares("districts", tags.Districts)
	shares("streets", tags.Streets)
	if (tags.Standing == "outside") != (tags.Primary == nil) && tags.Standing != "adjacent" {
		t.Errorf("standing %s and primary %v", tags.Standing, tags.Primary)
	}
	if len(tags.Facets) != 9 {
		t.Errorf("%d facets", len(tags.Facets))
	}
	for f, v := range tags.Facets {
		if !(v >= 0 && v <= 1) {
			t.Errorf("facet %s is %v", f, v)
		}
	}
	if s := tags.Technical + tags.Operational; s != 0 && (s < 0.99 || s > 1.01) || !(tags.Hybrid >= 0 && tags.Hybrid <= 1) {
		t.Errorf("technical %v, operational %v, hybrid %v", tags.Technical, tags.Operational, tags.Hybrid)
	}
	named := map[string]bool{}
	for _, e := range tags.Evidence {
		named[e.Tag] = true
		source, known := map[string]string{"title": p.Title, "duties": p.Text, "requirements": p.Text, "nice": p.Text, "body": p.Text,
			"employer": p.Text, "benefits": p.Text, "legal": p.Text, "application": p.Text}[e.Section]
		if known && (e.Start < 0 || e.End > len(source) || e.Start > e.End || source[e.Start:e.End] != e.Text) {
			t.Errorf("evidence %+v is not in the %s", e, e.Section)
		}
		if e.Rule == "" || e.Tag == "" {
			t.Errorf("evidence %+v lacks its tag or rule", e)
		}
	}
	for _, s := range tags.Skills {
		if !named["skill:"+s.ID] {
			t.Errorf("no evidence for skill %s", s.ID)
		}
	}
	for _, m := range tags.Metrics {
		if !named["metric:"+m] {
			t.Errorf("no evidence for metric %s", m)
		}
	}
}

func TestTagOfBadInputSaysWhy(t *testing.T) {
	long := strings.Repeat("<p>You will write Go and SQL. 🚀 שלום</p>\n", 1<<20/30)
	tests := []struct {
		name, title, text string
		note              string
	}{
		{"nothing", "", "", "no text"},
		{"no title", "", "You will write Java.", "no title"},
		{"no text", "Java Developer", "", "no text"},
		{"only headings", "Java Developer", "<h2>Requirements</h2><h2>Benefits</h2>", "the text is only headings"},
		{"more than a MiB", "Java Developer", long, "only the first MiB of the text was read"},
		{"only the employer", "Java Developer", "<h2>About us</h2><p>We make anvils.</p>", "no part of the text speaks of the person"},
		{"not UTF-8", "Java \xff Developer", "<p>\xfe\xff Java \x00</p>", ""},
	}
	g := theTagger(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := posting.Posting{Title: tt.title, Text: tt.text}
			got := g.Tag(p)
			if tt.note != "" && !slices.Contains(got.Notes, tt.note) {
				t.Errorf("notes %q, want %q", got.Notes, tt.note)
			}
			checkTags(t, p, got)
		})
	}
}

func TestTagIsTheSameForAllAtOnce(t *testing.T) {
	g := theTagger(t)
	want := g.Tag(sample)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 20 {
				if got := g.Tag(sample); !reflect.DeepEqual(got, want) {
					t.Error("tags differ from call to call")
				}
			}
		})
	}
	wg.Wait()
}

func TestExplainHasTheSameTags(t *testing.T) {
	g := theTagger(t)
	x := g.Explain(sample)
	if want := g.Tag(sample); !reflect.DeepEqual(x.Tags, want) {
		t.Error("the explained tags differ")
	}
	for _, m := range x.Misses {
		if m.Why == "" || sample.Text[m.Start:m.End] != m.Text && sample.Title[m.Start:m.End] != m.Text {
			t.Errorf("miss %+v", m)
		}
	}
}

func TestTaxonomyIsInOrder(t *testing.T) {
	if err := tag.Check(os.DirFS("../../configs/taxonomy")); err != nil {
		t.Error(err)
	}
	c := theTagger(t).Taxonomy()
	if len(c.Districts) != 4 || len(c.Streets) != 32 || len(c.Facets) != 9 || len(c.Skills) < 2500 || len(c.Metrics) < 20 {
		t.Errorf("%d districts, %d streets, %d facets, %d skills, %d metrics", len(c.Districts), len(c.Streets), len(c.Facets), len(c.Skills), len(c.Metrics))
	}
}

func FuzzTag(f *testing.F) {
	f.Add(sample.Title, sample.Text)
	f.Add("", "")
	f.Add("C++/C#", "&lt;p&gt;5+ years: C, R &amp;amp; Go&lt;/p&gt;")
	f.Add("Ingénieur Données", "Missions\n• Java, SQL\nProfil\n- 3 ans d'expérience, 45k€")
	f.Fuzz(func(t *testing.T, title, text string) {
		p := posting.Posting{Title: title, Text: text}
		checkTags(t, p, theTagger(t).Tag(p))
	})
}

// longer makes the sample as long as postings commonly are, 3 KB, by what they
// commonly also say.
const longer = `<h3>The team</h3><p>You will join a team of seven people who look after the platform that forty other teams build on. We plan in two-week
cycles, write things down before we build them, review each other's work with care, and keep meetings to the mornings. Whoever runs into trouble
asks for help, and gets it the same day. Once a quarter we meet in person for three days to decide what comes next.</p>
<h3>Your first months</h3><ul><li>In the first weeks you pair with a colleague, get to know the parts of our platform and ship a small change on your second day</li>
<li>After three months you own one area, know the people who depend on it, and have improved the part that annoyed you most</li>
<li>After half a year you have led a project from the first sketch to its operation, and others come to you with questions about it</li></ul>
<p>You communicate clearly, in writing above all, and you know when something is good enough. You like to teach what you know and to be taught
what you do not. You take responsibility for the whole way of your work, from the idea to the day it is switched off, and you leave things tidier than you found them.</p>`

func BenchmarkTag(b *testing.B) {
	g := theTagger(b)
	p := sample
	p.Text = longer + p.Text
	b.ReportAllocs()
	b.SetBytes(int64(len(p.Text)))
	for b.Loop() {
		g.Tag(p)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "postings/s")
}
