package tag

import (
	"os"
	"strings"
	"testing"

	"jobcity/pipeline/posting"
)

// madeUp is a posting of about 3 KB that nobody wrote.
func madeUp() posting.Posting {
	const part = "<h2>What you will do</h2><ul><li>Build and run services in Go and Python that millions of people use, and ship them to production every day.</li>" +
		"<li>Automate our cloud infrastructure with Terraform, and keep an eye on it with Prometheus and Grafana.</li>" +
		"<li>Work closely with product managers and designers, and explain trade-offs to people who do not write code.</li></ul>" +
		"<h2>Requirements</h2><ul><li>Five years of back-end development, with PostgreSQL and message queues.</li>" +
		"<li>You have been on call, and have led the review after an incident.</li><li>Experience with GDPR is a plus.</li></ul>"
	return posting.Posting{Title: "Senior Software Engineer, Payments", Text: strings.Repeat(part, 3) + "<h2>About us</h2><p>" + strings.Repeat("We sell shoes to people who like shoes. ", 20) + "</p>"}
}

func BenchmarkClassify(b *testing.B) {
	c, err := newClassifier(os.DirFS("../../configs/taxonomy"))
	if err != nil {
		b.Fatal(err)
	}
	s, err := newSections(os.DirFS("../../configs/taxonomy"))
	if err != nil {
		b.Fatal(err)
	}
	p := madeUp()
	d := &document{posting: &p, reading: read(p.Title, p.Text)}
	s.mark(d.reading, "")
	b.SetBytes(int64(len(d.plain)))
	b.ReportAllocs()
	for b.Loop() {
		out := Tags{Evidence: make([]Evidence, 0, 64)}
		c.classify(d, &out)
	}
}
