// Package demo makes up a city of employers, boards and postings and serves it
// in the shapes of the real services, so that everything can be tried, measured
// and shown without the network and without anybody's real posting. Nothing in
// it is real, and every employer says so in its name.
package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// City is a made-up city: the same seed and day give the same city.
type City struct {
	boards  []board
	threads []thread
}

type board struct {
	source, name, employer string
	roles                  []role
}

type role struct {
	id         string
	title      string
	text       string
	place      string
	remote     bool
	published  time.Time
	payMin     int // a year, in dollars; 0: not stated
	payMax     int
	employment string
}

type thread struct {
	id      int
	created time.Time
	posts   []post
}

type post struct {
	id      int
	created time.Time
	text    string
}

// months is how far back the city's postings go.
const months = 24

// New makes up a city as it looks on the given day.
func New(seed uint64, today time.Time) *City {
	rng := rand.New(rand.NewPCG(seed, 1))
	day := time.Date(today.Year(), today.Month(), today.Day(), 9, 0, 0, 0, time.UTC)
	c := &City{}
	for i, trade := range trades {
		source := "ashby"
		if i%3 == 2 {
			source = "greenhouse"
		}
		b := board{source: source, name: fmt.Sprintf("madeup-%s", slug(trade)), employer: fmt.Sprintf("%s %s (made up)", streetNames[i%len(streetNames)], trade)}
		for n := range 8 + rng.IntN(18) {
			age := time.Duration(rng.IntN(months*30)) * 24 * time.Hour
			b.roles = append(b.roles, makeRole(rng, fmt.Sprintf("%s-%d", b.name, n), b.employer, day.Add(-age), day))
		}
		c.boards = append(c.boards, b)
	}
	for m := range months {
		first := time.Date(day.Year(), day.Month()-time.Month(m), 1, 15, 0, 0, 0, time.UTC)
		t := thread{id: 9_000_000 + 1000*m, created: first}
		for n := range 30 + rng.IntN(20) {
			employer := fmt.Sprintf("%s %s (made up)", streetNames[rng.IntN(len(streetNames))], trades[rng.IntN(len(trades))])
			r := makeRole(rng, "", employer, first, day)
			t.posts = append(t.posts, post{id: t.id + n + 1, created: first.Add(time.Duration(n) * time.Minute), text: r.headline(employer) + "<p>" + r.text})
		}
		c.threads = append(c.threads, t)
	}
	return c
}

// Boards lists the city's boards as (source, board) pairs. The forum, in the
// shape of Hacker News, is the board "whoishiring" of the source "hn".
func (c *City) Boards() [][2]string {
	all := [][2]string{{"hn", "whoishiring"}}
	for _, b := range c.boards {
		all = append(all, [2]string{b.source, b.name})
	}
	return all
}

// Postings is the number of postings the city offers on all its boards.
func (c *City) Postings() int {
	n := 0
	for _, b := range c.boards {
		n += len(b.roles)
	}
	for _, t := range c.threads {
		n += len(t.posts)
	}
	return n
}

func (r role) headline(employer string) string {
	where := r.place
	if r.remote {
		where += " | REMOTE"
	}
	return strings.Join([]string{employer, r.title, where, "Full-time"}, " | ")
}

func makeRole(rng *rand.Rand, id, employer string, published, today time.Time) role {
	k := kinds[rng.IntN(len(kinds))]
	level := levels[rng.IntN(len(levels))]
	place := places[rng.IntN(len(places))]
	r := role{
		id: id, title: strings.TrimSpace(level.prefix + " " + k.title), place: place.name, published: published,
		remote: rng.Float64() < 0.35, employment: "FullTime",
	}
	if rng.Float64() < 0.5 {
		r.payMin = (k.pay + level.pay) / 5 * 5 * 1000
		r.payMax = r.payMin + 30_000
	}
	// One thing rises and one falls in this city, so that its trends have a story.
	age := today.Sub(published).Hours() / 24 / (30 * months)
	asked := pick(rng, k.must, 4)
	if rng.Float64() < 0.75-0.5*age {
		asked = append(asked, "Kubernetes")
	}
	if rng.Float64() < 0.10+0.5*age {
		asked = append(asked, "Jenkins")
	}
	r.text = page(rng, employer, k, level.years, asked, r)
	return r
}

func page(rng *rand.Rand, employer string, k kind, years int, asked []string, r role) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<h3>About us</h3><p>%s is made up, like this posting. We care for reliability, security and customers.</p>", employer)
	b.WriteString("<h3>What you will do</h3><ul>")
	for _, d := range append(pick(rng, k.duties, 3), pick(rng, duties, 3)...) {
		fmt.Fprintf(&b, "<li>%s</li>", d)
	}
	b.WriteString("</ul><h3>What we ask</h3><ul>")
	if years > 0 {
		fmt.Fprintf(&b, "<li>%d+ years of experience as a %s</li>", years, strings.ToLower(k.title))
	}
	fmt.Fprintf(&b, "<li>Experience with %s</li></ul>", strings.Join(asked, ", "))
	fmt.Fprintf(&b, "<h3>Nice to have</h3><ul><li>%s</li></ul>", strings.Join(pick(rng, k.nice, 2), ", "))
	if r.payMin > 0 {
		fmt.Fprintf(&b, "<p>Salary: $%d - $%d a year</p>", r.payMin, r.payMax)
	}
	b.WriteString("<h3>Benefits</h3><p>Made-up health insurance and a made-up pension.</p>")
	return b.String()
}

// pick draws n different elements of from, or all of them when there are fewer.
func pick(rng *rand.Rand, from []string, n int) []string {
	var out []string
	for _, i := range rng.Perm(len(from))[:min(n, len(from))] {
		out = append(out, from[i])
	}
	return out
}

func slug(s string) string { return strings.ReplaceAll(strings.ToLower(s), " ", "-") }
