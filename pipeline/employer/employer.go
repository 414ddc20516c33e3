// Package employer says which employer a name stands for: one id for all the ways
// in which boards, files and people write the name of one company. What can be
// read off the name itself is [Key]; what must be known (other names, domains,
// staffing agencies) is data, a [Directory] read from configs/employers.yaml.
//
// Two employers taken for one falsify every count of employers, and cannot be
// seen in the numbers; one employer taken for two only widens an interval. So
// nothing is merged on weak evidence.
package employer

import "strings"

// Employer is what is known of a name.
type Employer struct {
	ID     string // empty: the name says nothing
	Name   string // as the data has it; empty where it has none
	Domain string // of its site, without "www"; empty where unknown
	Agency bool   // it looks for people on behalf of others
}

// Directory is what is known of employers beyond their names.
type Directory struct {
	named    map[string]*Employer // by the words of a name, with its legal form
	keyed    map[string]*Employer // by key
	domains  map[string]*Employer
	agencies map[string]bool // by key
	phrases  []string        // words of names of agencies, each between blanks
	not      map[string]bool // keys that have such words and are none
	nothing  map[string]bool // names that say nothing, as words
	common   map[string]bool // words that are no name alone
}

// noNames is the directory without data.
var noNames = empty()

func empty() *Directory {
	return &Directory{named: map[string]*Employer{}, keyed: map[string]*Employer{}, domains: map[string]*Employer{},
		agencies: map[string]bool{}, not: map[string]bool{},
		nothing: setOf("", "n a", "na", "none", "unknown", "confidential", "confidential company", "confidential client", "undisclosed", "anonymous",
			"stealth", "stealth startup", "stealth mode startup", "stealth mode", "stealth company", "in stealth", "startup", "company", "employer", "various", "private", "hiring", "remote"),
		common: setOf("data", "software", "systems", "system", "solutions", "services", "service", "technology", "technologies", "tech", "labs", "lab", "digital", "group",
			"global", "international", "consulting", "partners", "capital", "ventures", "media", "studio", "studios", "network", "networks", "cloud", "security", "health",
			"it", "ai", "remote", "crypto", "python", "java", "web", "mobile", "startup", "company", "team", "the", "and", "design", "research", "engineering", "energy",
			"bank", "finance", "insurance", "university", "hospital", "school", "city", "state", "government", "online", "smart", "first", "one", "new", "open", "next", "general", "american", "national", "united",
			"information", "analytics", "robotics", "logistics", "travel", "food", "games", "gaming", "music", "sports", "news", "store", "shop", "market", "people", "talent", "work", "jobs", "careers")}
}

// Of says which employer a name stands for.
func (d *Directory) Of(name string) Employer {
	bare := trim(name)
	e := Employer{Domain: Domain(bare)}
	known := d.byName(tokens(bare))
	switch {
	case known != nil:
		e = *known
	case e.Domain != "" && d.domains[e.Domain] != nil:
		e = *d.domains[e.Domain]
	default:
		e.ID = d.key(name)
		if known := d.keyed[e.ID]; known != nil {
			domain := e.Domain
			if e = *known; e.Domain == "" {
				e.Domain = domain
			}
		}
	}
	e.Agency = e.Agency || d.agencies[e.ID] || d.soundsLikeAgency(name, e.ID)
	return e
}

// byName finds a name in the data: as it is, then without one legal form after
// another.
func (d *Directory) byName(name []string) *Employer {
	for len(name) > 0 {
		if e := d.named[strings.Join(name, " ")]; e != nil {
			return e
		}
		n := formAt(name)
		if n == 0 {
			break
		}
		name = name[:len(name)-n]
	}
	return nil
}

// soundsLikeAgency says whether a name has words that only agencies have.
func (d *Directory) soundsLikeAgency(name, id string) bool {
	if id == "" || d.not[id] {
		return false
	}
	spaced := " " + words(name) + " "
	for _, p := range d.phrases {
		if strings.Contains(spaced, p) {
			return true
		}
	}
	return false
}

func words(name string) string { return strings.Join(tokens(name), " ") }
