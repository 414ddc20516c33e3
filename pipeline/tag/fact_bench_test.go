package tag

import (
	"os"
	"strings"
	"testing"

	"jobcity/pipeline/posting"
)

// BenchmarkFacts reads all facts of one posting of about 3 KB. The cut is the
// part that every reader shares.
func BenchmarkFacts(b *testing.B) {
	bench, err := factReader()
	if err != nil {
		b.Fatal(err)
	}
	p := posting.Posting{Title: "Senior Platform Engineer (Remote)", Locations: []string{"Berlin, Germany", "Remote - EU"}, Text: benchText()}
	d := bench.document(&p)
	b.Run("cut", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(d.plain)))
		var ts tokens
		for b.Loop() {
			bench.facts.lexicon.cut(&ts, d.plain)
		}
	})
	b.Run("all", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(d.plain)))
		for b.Loop() {
			var out Tags
			bench.facts.read(d, &out)
		}
	})
}

// BenchmarkPlaces reads the places of stated locations.
func BenchmarkPlaces(b *testing.B) {
	bench, err := factReader()
	if err != nil {
		b.Fatal(err)
	}
	locations := []string{"Remote", "New York, NY", "Berlin, Germany", "San Francisco, California, United States", "Springfield", "Bengaluru, Karnataka, India", "Remote - EU",
		"500 Madison Ave, New York, NY 10022", "San Francisco, CA; Austin, TX; New York, NY; Remote - US"}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		bench.facts.gazetteer.find(locations[n%len(locations)], false, func(Place, int, int) {})
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "locations/s")
}

// BenchmarkGazetteer loads the gazetteer.
func BenchmarkGazetteer(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := newGazetteer(os.DirFS("../../configs/taxonomy")); err != nil {
			b.Fatal(err)
		}
	}
}

// benchText is a made-up posting of about 3 KB.
func benchText() string {
	var b strings.Builder
	b.WriteString("About us\n\nWe make tools that help cities plan their streets. We have raised $12M and work with 40 cities in 9 countries.\n\nWhat you will do\n\n")
	for _, duty := range []string{"Design and run the services that our customers use every day", "Own deployments, monitoring and the response to incidents", "Work with product and data colleagues on what comes next",
		"Improve the pipelines that carry 20,000 events a second", "Review code, write documents and help others grow", "Automate what is done by hand today"} {
		for range 4 {
			b.WriteString("- " + duty + "\n")
		}
	}
	b.WriteString("\nRequirements\n\n- 5+ years of experience with Linux, Go and Kubernetes\n- Bachelor's degree in computer science or equivalent experience\n- Experience with PostgreSQL 16, Kafka 3.7 and Terraform 1.9\n")
	b.WriteString("\nBenefits\n\n- Salary: €75,000 - €95,000 a year plus equity\n- 30 days of holidays and a training budget of €1,500\n- We are remote-first; our Berlin office is open on all days\n")
	for b.Len() < 3000 {
		b.WriteString("\nWe welcome people of every background and decide by what they can do in this role and with this team.")
	}
	return b.String()
}
