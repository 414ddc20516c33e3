// Package postingtest makes synthetic postings for tests, benchmarks and load.
// The employers do not exist and the texts were written for this package.
package postingtest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"jobcity/pipeline/posting"
)

// Start is when the first posting that [Make] returns was seen. The others
// follow one second apart.
var Start = time.Date(2026, 1, 5, 6, 0, 0, 0, time.UTC)

const postingsPerBoard = 40

// Make returns n prepared postings, the same for the same seed. There are 40 to
// a board and one board to an employer. Texts are HTML of 1.5 to 5 KB. About one
// posting in 30 is a copy of the one before it, offered in another place.
func Make(seed uint64, n int) []posting.Posting {
	r := rand.New(rand.NewPCG(seed, 0x6a6f6263697479))
	out := make([]posting.Posting, 0, n)
	for i := range n {
		p := one(r, seed, i)
		if i%postingsPerBoard != 0 && r.IntN(30) == 0 {
			before := out[i-1]
			p.Title, p.Text, p.PostedOn = before.Title, before.Text, before.PostedOn
		}
		if err := p.Prepare(); err != nil {
			panic(fmt.Sprintf("synthetic posting %d: %v", i, err))
		}
		out = append(out, p)
	}
	return out
}

func one(r *rand.Rand, seed uint64, i int) posting.Posting {
	board := i / postingsPerBoard
	role := roles[r.IntN(len(roles))]
	seen := Start.Add(time.Duration(i) * time.Second)
	p := posting.Posting{
		Source:         []string{"ashby", "greenhouse"}[board%2],
		Board:          fmt.Sprintf("made-up-%d-%d", seed, board),
		NativeID:       fmt.Sprintf("%d-%08d", seed, i),
		Employer:       fmt.Sprintf("%s %s %d", employerFirst[board%len(employerFirst)], employerLast[board/7%len(employerLast)], board),
		Title:          pick(r, levels) + role.title,
		Text:           text(r, role),
		URL:            fmt.Sprintf("https://jobs.example/%d/%d", board, i),
		Locations:      []string{pick(r, places)},
		Department:     pick(r, departments),
		PostedOn:       seen.AddDate(0, 0, -r.IntN(120)).Format(time.DateOnly),
		EmploymentType: "full_time",
		Workplace:      pick(r, []string{"remote", "hybrid", "onsite", ""}),
		SeenAt:         seen,
	}
	if r.IntN(3) == 0 {
		low := float64(50+r.IntN(90)) * 1000
		p.Salary = &posting.Salary{Min: low, Max: low * 1.25, Currency: pick(r, []string{"USD", "EUR", "GBP"}), Period: "year"}
	}
	return p
}

// text writes a posting's page: about the employer, duties, requirements, nice to
// have, benefits.
func text(r *rand.Rand, role role) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<p>%s %s</p>", pick(r, about), pick(r, about))
	list(&b, r, pick(r, []string{"What you will do", "Your tasks", "The role"}), duties, role.skills, 4+r.IntN(7))
	list(&b, r, pick(r, []string{"What you bring", "Requirements", "You have"}), requirements, role.skills, 4+r.IntN(7))
	list(&b, r, pick(r, []string{"Nice to have", "A plus"}), nice, skills, 1+r.IntN(4))
	list(&b, r, pick(r, []string{"What we offer", "Benefits"}), benefits, skills, 2+r.IntN(4))
	return b.String()
}

func list(b *strings.Builder, r *rand.Rand, heading string, sentences, words []string, n int) {
	fmt.Fprintf(b, "<h3>%s</h3><ul>", heading)
	for range n {
		s := pick(r, sentences)
		s = strings.ReplaceAll(s, "{skill}", pick(r, words))
		s = strings.ReplaceAll(s, "{n}", fmt.Sprint(2+r.IntN(90)))
		s = strings.ReplaceAll(s, "{team}", pick(r, departments))
		fmt.Fprintf(b, "<li>%s %s</li>", s, pick(r, endings))
	}
	b.WriteString("</ul>")
}

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }
