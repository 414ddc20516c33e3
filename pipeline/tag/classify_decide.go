package tag

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

const (
	mostStreets = 3
	// nearlyAs is how likely a street must be, beside the likeliest, to be given too.
	nearlyAs = 0.35
	// proofs is how many words are given as evidence for one tag.
	proofs = 3
)

// decide turns scores into tags with their evidence.
func (c *classifier) decide(d *document, t *trace, out *Tags) {
	out.Facets = make(map[string]float64, len(facetIDs))
	for i, id := range facetIDs {
		out.Facets[id] = round(c.facetScore(t, c.facets.from+i))
	}
	if len(t.touched) == 0 {
		out.Standing = "outside"
		out.Notes = append(out.Notes, "standing: no word is known to the taxonomy")
		return
	}
	standing := highest(t.score, c.standings)
	out.Standing = c.outputs[standing].id
	t.wanted = append(t.wanted[:0], proof{output: standing, tag: "standing:" + out.Standing})
	if out.Standing != "outside" {
		primary := highest(t.score, c.primaries)
		out.Primary = &c.districts[primary-c.primaries.from]
		out.Districts = c.memberships(t, primary-c.primaries.from)
		out.Streets = c.streetShares(t, out.Districts)
		for _, s := range out.Districts {
			p := proof{output: int(c.outputOf(modelDistrict, s.ID)), tag: "district:" + s.ID}
			if s.ID == *out.Primary {
				p.output = primary
			}
			t.wanted = append(t.wanted, p)
		}
		for _, s := range out.Streets {
			t.wanted = append(t.wanted, proof{output: int(c.outputOf(modelStreet, s.ID)), tag: "street:" + s.ID})
		}
	}
	for i, id := range facetIDs {
		if out.Facets[id] >= 0.5 {
			t.wanted = append(t.wanted, proof{output: c.facets.from + i, tag: "facet:" + id})
		}
	}
	c.prove(d, t, out)
}

// facetScore is in [0,1]. It is under 0.5 where no rule of the facet matched: a
// facet is what the text asks for, not what such roles tend to need.
func (c *classifier) facetScore(t *trace, output int) float64 {
	p := logistic(t.score[output])
	for i := range c.rules {
		if r := &c.rules[i]; r.facet == c.outputs[output].id && t.value[r.feature] > 0 {
			return p
		}
	}
	return min(p, 0.49)
}

func logistic(z float32) float64 { return 1 / (1 + math.Exp(-float64(z))) }

// highest is the output of those with the highest score, the first if several.
func highest(score []float32, of outputs) int {
	best := of.from
	for o := of.from; o < of.to; o++ {
		if score[o] > score[best] {
			best = o
		}
	}
	return best
}

// memberships are the districts of a role whose primary one is given: it, and all
// others at least as likely as not. Weights are proportional to the likelihoods;
// the primary's is taken to be no less than any other's.
func (c *classifier) memberships(t *trace, primary int) []Share {
	var shares []Share
	most := 0.0
	for i, id := range c.districts {
		p := logistic(t.score[c.members.from+i])
		if i == primary || p >= 0.5 {
			shares = append(shares, Share{ID: id, Weight: p})
			most = max(most, p)
		}
	}
	for i := range shares {
		if shares[i].ID == c.districts[primary] {
			shares[i].Weight = most
			shares[0], shares[i] = shares[i], shares[0]
		}
	}
	return sharesOf(shares)
}

// streetShares are the likeliest streets of the districts: the first is the
// primary district's.
func (c *classifier) streetShares(t *trace, districts []Share) []Share {
	var shares []Share
	first := -1
	for i, id := range c.streets {
		district, _, _ := strings.Cut(id, "/")
		if !slices.ContainsFunc(districts, func(s Share) bool { return s.ID == district }) {
			continue
		}
		shares = append(shares, Share{ID: id, Weight: float64(t.score[c.ways.from+i])})
		if district == districts[0].ID && (first < 0 || shares[len(shares)-1].Weight > shares[first].Weight) {
			first = len(shares) - 1
		}
	}
	if first < 0 {
		return nil
	}
	shares[0], shares[first] = shares[first], shares[0]
	top := shares[0].Weight
	for i := range shares {
		shares[i].Weight = min(math.Exp(shares[i].Weight-top), 1)
	}
	slices.SortStableFunc(shares[1:], func(a, b Share) int { return cmp.Compare(b.Weight, a.Weight) })
	n := 1
	for n < len(shares) && n < mostStreets && shares[n].Weight >= nearlyAs {
		n++
	}
	return sharesOf(shares[:n])
}

// sharesOf makes weights sum to 1, to four places, the heaviest first and of
// equals in the given order.
func sharesOf(shares []Share) []Share {
	sum := 0.0
	for _, s := range shares {
		sum += s.Weight
	}
	rest := 1.0
	for i := len(shares) - 1; i > 0; i-- {
		shares[i].Weight = math.Floor(shares[i].Weight/sum*1e4) / 1e4 // never up, or the first might not be the heaviest
		rest -= shares[i].Weight
	}
	shares[0].Weight = round(rest)
	slices.SortStableFunc(shares[1:], func(a, b Share) int { return cmp.Compare(b.Weight, a.Weight) })
	return shares
}

// round rounds to four places.
func round(x float64) float64 { return math.Round(x*1e4) / 1e4 }

// proof is a tag and the signals that gave it, the strongest first.
type proof struct {
	output int
	tag    string
	found  [proofs]struct {
		feature int32
		weight  float32
	}
	n int
}

// prove adds the evidence of all wanted tags.
func (c *classifier) prove(d *document, t *trace, out *Tags) {
	if cap(t.proofOf) < len(c.outputs) {
		t.proofOf = make([]int8, len(c.outputs))
	}
	t.proofOf = t.proofOf[:len(c.outputs)]
	clear(t.proofOf)
	for i, p := range t.wanted {
		t.proofOf[p.output] = int8(i + 1)
	}
	for _, f := range t.touched {
		ft := &c.features[f]
		for _, w := range c.weights[ft.weight : ft.weight+ft.weights] {
			if i := t.proofOf[w.output]; i > 0 && w.value > 0 {
				t.wanted[i-1].weigh(f, w.value*t.value[f])
			}
		}
	}
	for i := range t.wanted {
		p := &t.wanted[i]
		if p.n == 0 {
			out.Notes = append(out.Notes, p.tag+": no word speaks for it, but the others are less likely")
		}
		for _, e := range p.found[:p.n] {
			at := t.place[e.feature]
			out.Evidence = append(out.Evidence, d.evidence(p.tag, c.features[e.feature].name, int(at.line), int(at.start), int(at.end), round(float64(e.weight))))
		}
	}
}

// weigh keeps the strongest signals.
func (p *proof) weigh(f int32, weight float32) {
	i := p.n
	if i < proofs {
		p.n++
	} else if i--; weight <= p.found[i].weight {
		return
	}
	for ; i > 0 && p.found[i-1].weight < weight; i-- {
		p.found[i] = p.found[i-1]
	}
	p.found[i].feature, p.found[i].weight = f, weight
}
