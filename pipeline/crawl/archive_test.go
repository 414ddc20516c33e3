package crawl_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"jobcity/pipeline/crawl"
)

// warcRecord is a response record of a web page.
func warcRecord(url, date, header, page string) string {
	block := "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n" + header + "\r\n" + page
	return fmt.Sprintf("WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: %s\r\nWARC-Date: %s\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", url, date, len(block), block)
}

func jobPage(title string) string {
	return `<html><head><script type="application/ld+json">{"@context":"https://schema.org","@type":"JobPosting","title":"` + title +
		`","description":"<p>Keep it up.</p>","datePosted":"2026-02-20","hiringOrganization":{"@type":"Organization","name":"Acme"},"jobLocation":{"@type":"Place","address":{"addressLocality":"Berlin","addressCountry":"DE"}}}</script></head></html>`
}

func TestReadFileReadsWebArchives(t *testing.T) {
	records := []string{
		"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 4\r\n\r\na: b\r\n\r\n",
		warcRecord("https://www.acme.example/jobs/1?utm_source=x", "2026-03-01T10:00:00Z", "", jobPage("SRE")),
		warcRecord("https://acme.example/jobs/2", "2026-03-01T23:00:00Z", "", jobPage("Analyst")),
		warcRecord("https://acme.example/jobs/3", "2026-03-09T00:00:00Z", "", jobPage("Tester")),
		warcRecord("https://other.example/about", "2026-03-01T10:00:00Z", "", "<html><p>About us</p></html>"),
		warcRecord("https://other.example/secret", "2026-03-01T10:00:00Z", "X-Robots-Tag: noindex\r\n", jobPage("Not to be found")),
		warcRecord("https://other.example/text", "2026-03-01T10:00:00Z", "X-Robots-Tag: noarchive\r\n", jobPage("Not to be kept")),
		warcRecord("https://other.example/bad", "2026-03-01T10:00:00Z", "Content-Encoding: rot13\r\n", "x"),
		warcRecord("https://other.example/cut", "2026-03-01T10:00:00Z", "", `<script type="application/ld+json">{"@type":"JobPosting"`),
	}
	packed := ""
	for _, r := range records {
		packed += zipped(r)
	}
	for name, body := range map[string]string{"plain": strings.Join(records, ""), "packed": packed, "in zstd": zstded(strings.Join(records, ""))} {
		t.Run(name, func(t *testing.T) {
			got, err := read(t, "crawl/CC-1.warc.gz", strings.NewReader(body), crawl.ReadOptions{})
			if err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, p := range got.postings {
				all = append(all, fmt.Sprintf("%s/%s %s %s %d", p.Source, p.Board, p.Title, p.SeenAt.Format(time.DateOnly), len(p.Text)))
			}
			if want := []string{
				"jsonld/acme.example SRE 2026-03-01 18", "jsonld/acme.example Analyst 2026-03-01 18", "jsonld/acme.example Tester 2026-03-09 18",
				"jsonld/other.example Not to be kept 2026-03-01 0",
			}; got.Format != "warc" || !slices.Equal(all, want) || got.Boards != 2 {
				t.Errorf("got %s %q", got.Format, all)
			}
			var sweeps []string
			for _, s := range got.sweeps {
				sweeps = append(sweeps, fmt.Sprintf("%s %s to %s: %d", s.Board, s.StartedAt.Format("02T15"), s.FinishedAt.Format("02T15"), len(s.Listed)))
			}
			if want := []string{"acme.example 01T10 to 01T23: 2", "acme.example 09T00 to 09T00: 1", "other.example 01T10 to 01T10: 1"}; !slices.Equal(sweeps, want) {
				t.Errorf("sweeps %q", sweeps)
			}
			if len(got.dead) != 2 || got.Rejected != 2 {
				t.Fatalf("dead letters %+v", got.dead)
			}
			if d := got.dead[0]; !strings.HasPrefix(d.Where, "crawl/CC-1.warc.gz@") || !strings.Contains(d.Reason, "rot13") {
				t.Errorf("dead letter %+v", d)
			}
			if d := got.dead[1]; !strings.Contains(d.Reason, "cannot be read") || string(d.Payload) != "https://other.example/cut" {
				t.Errorf("dead letter %+v", d)
			}
		})
	}
}

func TestReadFileReadsWhatIsWholeOfAnArchiveCutShort(t *testing.T) {
	a, b := zipped(warcRecord("https://acme.example/1", "2026-03-01T10:00:00Z", "", jobPage("SRE"))), zipped(warcRecord("https://acme.example/2", "2026-03-01T10:00:00Z", "", jobPage("Analyst")))
	got, err := read(t, "x.warc.gz", strings.NewReader(a+b[:len(b)/2]), crawl.ReadOptions{})
	if err != nil || got.Postings != 1 || len(got.dead) != 1 || got.dead[0].Where != fmt.Sprintf("x.warc.gz@%d", len(a)) || got.dead[0].Reason != "the record is cut short" {
		t.Errorf("got %+v, dead %+v, %v", got.Report, got.dead, err)
	}
}

// wdc are statements in the form of Web Data Commons' extraction of JobPosting.
const wdc = `_:n1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://schema.org/JobPosting> <https://www.acme.example/jobs/1> .
_:n1 <http://schema.org/title> "Site Reliability Engineer (Z\u00FCrich)"@en <https://www.acme.example/jobs/1> .
_:n1 <http://schema.org/description> "<p>Keep it up.\nWrite Go.</p>" <https://www.acme.example/jobs/1> .
_:n1 <http://schema.org/datePosted> "2026-02-20"^^<http://schema.org/Date> <https://www.acme.example/jobs/1> .
_:n1 <http://schema.org/employmentType> "FULL_TIME" <https://www.acme.example/jobs/1> .
_:n1 <http://schema.org/hiringOrganization> _:n2 <https://www.acme.example/jobs/1> .
_:n2 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://schema.org/Organization> <https://www.acme.example/jobs/1> .
_:n2 <http://schema.org/name> "Acme" <https://www.acme.example/jobs/1> .
_:n2 <http://schema.org/jobPosting> _:n1 <https://www.acme.example/jobs/1> .
_:n2 <http://schema.org/url> <https://www.acme.example/> <https://www.acme.example/jobs/1> .
_:n1 <http://schema.org/jobLocation> _:n3 <https://www.acme.example/jobs/1> .
_:n3 <http://schema.org/address> _:n4 <https://www.acme.example/jobs/1> .
_:n4 <http://schema.org/addressLocality> "Zürich" <https://www.acme.example/jobs/1> .
_:n4 <http://schema.org/addressCountry> "CH" <https://www.acme.example/jobs/1> .
_:n1 <http://schema.org/baseSalary> _:n5 <https://www.acme.example/jobs/1> .
_:n5 <http://schema.org/currency> "CHF" <https://www.acme.example/jobs/1> .
_:n5 <http://schema.org/value> _:n6 <https://www.acme.example/jobs/1> .
_:n6 <http://schema.org/minValue> "100000"^^<http://www.w3.org/2001/XMLSchema#integer> <https://www.acme.example/jobs/1> .
_:n6 <http://schema.org/maxValue> "120000"^^<http://www.w3.org/2001/XMLSchema#integer> <https://www.acme.example/jobs/1> .
_:n6 <http://schema.org/unitText> "YEAR" <https://www.acme.example/jobs/1> .
this line is broken
_:m1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://schema.org/WebPage> <http://other.example/about> .
_:x <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://schema.org/JobPosting> <http://other.example/loop> .
_:x <http://schema.org/name> _:x <http://other.example/loop> .
_:x <http://schema.org/title> _:y <http://other.example/loop> .
_:y <http://schema.org/name> _:x <http://other.example/loop> .
_:x <http://schema.org/description> "A text." <http://other.example/loop> .
_:z <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://schema.org/JobPosting> .
`

func TestReadFileReadsNQuads(t *testing.T) {
	seen := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for name, body := range map[string]string{"plain": wdc, "packed": zipped(wdc), "behind a broken line": "x\n" + wdc} {
		t.Run(name, func(t *testing.T) {
			got, err := read(t, "schema_JobPosting.nq", strings.NewReader(body), crawl.ReadOptions{SeenAt: seen})
			if err != nil || got.Format != "nquads" || got.Postings != 2 {
				t.Fatalf("got %+v, %v", got.Report, err)
			}
			p := got.postings[0]
			if p.Source != "jsonld" || p.Board != "acme.example" || p.Title != "Site Reliability Engineer (Zürich)" || p.Employer != "Acme" || p.PostedOn != "2026-02-20" || p.EmploymentType != "full_time" ||
				!strings.Contains(p.Text, "Write Go.") || len(p.Locations) != 1 || !strings.Contains(p.Locations[0], "Zürich") || p.Salary == nil || p.Salary.Max != 120000 || !p.SeenAt.Equal(seen) {
				t.Errorf("got %+v, salary %+v", p, p.Salary)
			}
			faults := 2
			if name == "behind a broken line" {
				faults = 3
			}
			if len(got.dead) != faults || !strings.Contains(got.dead[faults-2].Reason, "no N-Quads statement: column 1") || !strings.Contains(got.dead[faults-1].Reason, "statements without a page") {
				t.Errorf("dead letters %+v", got.dead)
			}
		})
	}
}

// TestAPageHasOneIdentityHoweverItCame: the page crawled by Common Crawl and its
// markup extracted by Web Data Commons are one posting.
func TestAPageHasOneIdentityHoweverItCame(t *testing.T) {
	archive, err := read(t, "x.warc", strings.NewReader(warcRecord("http://www.acme.example/jobs/1/", "2026-03-01T10:00:00Z", "", jobPage("SRE"))), crawl.ReadOptions{})
	if err != nil || archive.Postings != 1 {
		t.Fatalf("%+v, %v", archive.Report, err)
	}
	quads, err := read(t, "x.nq", strings.NewReader(wdc), crawl.ReadOptions{})
	if err != nil || quads.Postings != 2 {
		t.Fatalf("%+v, %v", quads.Report, err)
	}
	if archive.postings[0].ID != quads.postings[0].ID {
		t.Errorf("ids of %q and %q differ", archive.postings[0].NativeID, quads.postings[0].NativeID)
	}
}

func TestReadFileReadsFeeds(t *testing.T) {
	for name, body := range map[string]string{
		"RSS": feed(three, ""), "RSS behind a comment": "<?xml version='1.0'?>\n<!-- made -->\n" + strings.SplitN(feed(three, ""), "?>", 2)[1],
		"Atom": `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1001</id><title>a</title></entry><entry><id>1002</id><title>b</title></entry><entry><id>1003</id><title>c</title></entry></feed>`,
	} {
		t.Run(name, func(t *testing.T) {
			got, err := read(t, "feeds/acme.rss.gz", strings.NewReader(zipped(body)), crawl.ReadOptions{})
			if err != nil || got.Format != "rss" || got.Postings != 3 {
				t.Fatalf("got %+v, %v", got.Report, err)
			}
			var have []string
			for _, p := range got.postings {
				have = append(have, p.ID)
			}
			slices.Sort(have)
			if !slices.Equal(have, ids(rssKit().board, three)) {
				t.Errorf("ids are not those of a crawl")
			}
		})
	}
}
