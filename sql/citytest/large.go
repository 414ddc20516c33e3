package citytest

import (
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jobcity/configs"
	"jobcity/pipeline/batch"
	"jobcity/pipeline/batch/batchtest"
	"jobcity/pipeline/posting"
	"jobcity/pipeline/store"
	"jobcity/pipeline/tag"
)

// Maker makes up the tagged postings of a large city: any number of them, over
// [Months] months, twelve skills each, with employers, skills and places as
// unequal in size as real ones. The skills are those of the taxonomy; nothing
// read the texts. Every fifth posting is a copy of the one before it in another
// city.
type Maker struct {
	taxonomy  string
	districts []string
	streets   map[string][]string
	skills    []string            // all, the most asked first
	home      map[string][]string // of each district, the most asked first
}

// Months is how many months the postings are spread over, up to [LastMonth].
const Months = 24

// LastMonth is the newest month of a large city.
var LastMonth = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)

// NewMaker reads the taxonomy that ships with jobcity.
func NewMaker() (*Maker, error) {
	files, err := configs.Taxonomy()
	if err != nil {
		return nil, err
	}
	tagger, err := tag.New(files)
	if err != nil {
		return nil, err
	}
	c := tagger.Taxonomy()
	m := &Maker{taxonomy: c.Version, streets: map[string][]string{}, home: map[string][]string{}}
	for _, d := range c.Districts {
		m.districts = append(m.districts, d.ID)
	}
	for _, s := range c.Streets {
		district, _, _ := strings.Cut(s.ID, "/")
		m.streets[district] = append(m.streets[district], s.ID)
	}
	order := rand.New(rand.NewPCG(1, 1)).Perm(len(c.Skills)) // which skill is asked how often is made up
	for _, i := range order {
		s := c.Skills[i]
		m.skills = append(m.skills, s.ID)
		for _, d := range s.Districts {
			m.home[d] = append(m.home[d], s.ID)
		}
	}
	return m, nil
}

// Row is the i-th posting of the city.
func (m *Maker) Row(i uint64) batch.Row {
	role := i
	if i%5 == 4 {
		role-- // a copy is made like the posting before it
	}
	r := rand.New(rand.NewPCG(2, role))
	employer := skewed(r, 20_000)
	district := m.districts[pick(r, 0.15, 0.55, 0.10, 0.20)]
	month := LastMonth.AddDate(0, -int(math.Sqrt(r.Float64()*Months*Months)), 0) // rather old than new
	p := posting.Posting{
		Source: source(employer), Board: fmt.Sprintf("employer-%d", employer), NativeID: fmt.Sprint(i),
		Employer: fmt.Sprintf("Employer %d", employer), Title: m.title(rand.New(rand.NewPCG(4, role)), district),
		PostedOn: month.AddDate(0, 0, r.IntN(28)).Format(time.DateOnly),
	}
	p.SeenAt, _ = time.Parse(time.DateOnly, p.PostedOn)
	p.SeenAt = p.SeenAt.Add(time.Duration(8+r.IntN(10)) * time.Hour)
	t := m.tags(r, district)
	names := make([]string, len(t.Skills))
	for n, s := range t.Skills {
		names[n] = s.Name
	}
	p.Text = fmt.Sprintf("Number %d. You bring %s. %x %x %x", role, strings.Join(names, ", "), r.Uint64(), r.Uint64(), r.Uint64())
	t.Places = []tag.Place{place(rand.New(rand.NewPCG(3, i)))}
	if err := p.Prepare(); err != nil {
		panic(err) // it has an id and a text
	}
	t.ID, t.Words = p.ID, tag.Words(p.Text)
	return batch.Row{Posting: p, Tags: t}
}

// source is what an employer's board is: a small one's may be a thread of Hacker News.
func source(employer int) string {
	if employer >= 2000 && employer%4 == 3 {
		return "hn"
	}
	return []string{"greenhouse", "ashby", "lever"}[employer%3]
}

// title is one of some ten thousand, the most asked skills of a district the most
// often in it.
func (m *Maker) title(r *rand.Rand, district string) string {
	level := []string{"Junior ", "", "Senior ", "Staff ", "Lead ", "Principal "}[pick(r, 0.05, 0.35, 0.4, 0.1, 0.06, 0.04)]
	craft := []string{"Engineer", "Developer", "Administrator", "Analyst", "Architect", "Specialist", "Consultant"}[skewed(r, 7)]
	team := []string{"Payments", "Growth", "Identity", "Search", "Billing", "Logistics", "Fleet", "Storage", "Messaging", "Mapping", "Pricing", "Checkout"}[skewed(r, 12)]
	home := m.home[district]
	return level + home[skewed(r, len(home))] + " " + craft + ", " + team
}

// Rows are n postings from the i-th on.
func (m *Maker) Rows(i uint64, n int) []batch.Row {
	rows := make([]batch.Row, n)
	for k := range rows {
		rows[k] = m.Row(i + uint64(k))
	}
	return rows
}

// Fill puts a city of n postings into the data file of folder dir, if it has none.
func Fill(t testing.TB, m *Maker, dir string, n int) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(dir, store.File)); err == nil {
		return
	}
	db, err := store.Open(t.Context(), store.Config{MemoryLimit: "2GB", Threads: 2, QueryTimeout: time.Minute, RepostGap: 60}, dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	for i := 0; i < n; i += 10_000 {
		recs := batchtest.Records(t, m.Rows(uint64(i), min(10_000, n-i)))
		at := store.Position{Stream: "CITY", Created: time.Unix(1, 0), Sequence: uint64(i + 1)}
		if _, err := db.ApplyBatches(t.Context(), recs, at); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d postings applied in %s", n, time.Since(start).Round(time.Second))
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func (m *Maker) tags(r *rand.Rand, district string) tag.Tags {
	streets := m.streets[district]
	t := tag.Tags{
		Standing: "core", Primary: &district, Districts: []tag.Share{{ID: district, Weight: 1}},
		Streets: []tag.Share{{ID: streets[skewed(r, len(streets))], Weight: 1}}, Facets: map[string]float64{},
		Seniority: []string{"intern", "junior", "mid", "senior", "lead", "manager", "unspecified"}[pick(r, 0.03, 0.07, 0.1, 0.4, 0.1, 0.05, 0.25)],
		Workplace: []string{"remote", "hybrid", "onsite", "unspecified"}[pick(r, 0.25, 0.2, 0.15, 0.4)], EmploymentType: "full_time",
		Degree: "unspecified", Language: "en", Taxonomy: m.taxonomy,
	}
	if other := m.districts[r.IntN(len(m.districts))]; other != district && r.Float64() < 0.35 {
		t.Districts = []tag.Share{{ID: district, Weight: 0.7}, {ID: other, Weight: 0.3}}
	}
	for _, f := range []string{"deployment", "infrastructure", "monitoring", "data_driven", "collaboration", "security", "automation", "customer", "leadership"} {
		t.Facets[f] = math.Round(r.Float64()*r.Float64()*200) / 100
		t.Facets[f] = min(1, t.Facets[f])
	}
	t.Technical = 0.4 + r.Float64()*0.6
	t.Operational = 1 - t.Technical
	t.Hybrid = r.Float64()
	for len(t.Skills) < 12 {
		from := m.home[district]
		if r.Float64() < 0.3 || len(from) < 24 {
			from = m.skills
		}
		id := from[skewed(r, len(from))]
		if !slices.ContainsFunc(t.Skills, func(s tag.Skill) bool { return s.ID == id }) {
			t.Skills = append(t.Skills, tag.Skill{ID: id, Name: id, Need: []string{"must", "nice", "mention"}[pick(r, 0.6, 0.15, 0.25)]})
		}
	}
	if r.Float64() < 0.1 {
		t.Metrics = []string{[]string{"mttr", "slo", "cycle-time"}[r.IntN(3)]}
	}
	if r.Float64() < 0.3 {
		low := math.Round(60+r.Float64()*120) * 1000
		t.Salary = &tag.Salary{Min: low, Max: low * 1.25, Currency: []string{"USD", "EUR", "GBP"}[pick(r, 0.7, 0.2, 0.1)], Period: "year", AnnualMin: low, AnnualMax: low * 1.25, AnnualRule: "as stated"}
	}
	return t
}

// place is one of 400 cities in 20 countries.
func place(r *rand.Rand) tag.Place {
	countries := []string{"US", "GB", "DE", "IN", "CA", "FR", "NL", "ES", "PL", "IE", "AU", "SE", "BR", "IL", "SG", "CH", "PT", "IT", "JP", "MX"}
	c := countries[skewed(r, len(countries))]
	return tag.Place{Country: c, City: fmt.Sprintf("City %s %d", c, skewed(r, 20))}
}

// skewed is below n, and k is about as likely as 1/(k+1).
func skewed(r *rand.Rand, n int) int { return int(math.Pow(float64(n+1), r.Float64())) - 1 }

// pick is an index, as often as its share says.
func pick(r *rand.Rand, shares ...float64) int {
	at := r.Float64()
	for i, s := range shares {
		if at -= s; at < 0 {
			return i
		}
	}
	return len(shares) - 1
}
