package tag

import "math"

// Mix is how technical and how operational a role is.
type Mix struct {
	Technical   float64 // share, in [0,1]
	Operational float64 // share, in [0,1]; with Technical 1, unless both are 0
	Hybrid      float64 // in [0,1]
}

// The formula's three constants, about the medians of labelled postings for
// technical skills, facets, and facets of the broadest quarter.
const (
	halfTechnical   = 8.0 // technical mass that counts half
	halfOperational = 4.0 // operational mass that counts half
	broad           = 6.0 // facets from which a role is as broad as can be
)

// MixOf is the hybrid-skill mix, and the whole of its formula:
//
//	t = Σ over distinct technical skills of their need (must 1, nice 0.6, mention 0.4)
//	F = Σ over the nine facets of their scores, each in [0,1]
//	o = F + ½ Σ over distinct operational skills of their need
//	a = t / (t + 8)                technical, 0 … 1
//	b = o / (o + 4)                operational, 0 … 1
//	technical   = a / (a + b)
//	operational = b / (a + b)
//	hybrid      = 2 · min(technical, operational) · min(1, F / 6)
//
// All three are 0 when a and b are. A skill named twice counts once, and facets
// are in [0,1] however often they are spoken of, so a text repeated, or said at
// greater length, has the same mix. 8 and 4 are where a long list stops to count
// for much more: about what a posting at the middle asks. Exchanging a and b
// exchanges the two shares and leaves the first factor of hybrid as it is. More of
// one side never lowers its share; more of the lesser side never lowers hybrid.
//
// Its arguments are t, Σ of operational skills, and F. Negative ones count as 0.
func MixOf(technicalSkills, operationalSkills, facets float64) Mix {
	t, s, f := max(technicalSkills, 0), max(operationalSkills, 0), max(facets, 0)
	a, b := t/(t+halfTechnical), (f+s/2)/(f+s/2+halfOperational)
	if a+b == 0 {
		return Mix{}
	}
	m := Mix{Technical: a / (a + b), Operational: b / (a + b)}
	m.Hybrid = 2 * math.Min(m.Technical, m.Operational) * math.Min(1, f/broad)
	return m
}

// needMass is what a skill of a need counts in the mix.
var needMass = [...]float64{needMention: 0.4, needNice: 0.6, needMust: 1}

// mix sets the mix of out from its facets and the skills of d.
func (out *Tags) mix(d *document) {
	var technical, operational, facets float64
	for _, s := range d.skills {
		if s.skill.technical {
			technical += needMass[s.need]
		} else {
			operational += needMass[s.need]
		}
	}
	for _, id := range facetIDs {
		facets += out.Facets[id]
	}
	m := MixOf(technical, operational, facets)
	out.Technical, out.Operational, out.Hybrid = round(m.Technical), round(m.Operational), round(m.Hybrid)
	if m.Technical+m.Operational > 0 {
		out.Operational = round(1 - out.Technical)
	}
}
