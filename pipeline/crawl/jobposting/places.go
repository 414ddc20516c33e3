package jobposting

import (
	"strings"

	"jobcity/pipeline/crawl/source"
)

// places is every jobLocation, one string a place: "Berlin, BE, DE".
func (r *reader) places(remote bool) []string {
	var all []string
	stated := r.Get("jobLocation")
	for _, v := range stated {
		all = append(all, placesOf(v, 0)...)
	}
	all = source.Places(all...)
	switch {
	case len(all) > 0:
	case len(stated) > 0:
		r.problem("jobLocation", "names no place", "")
	case !remote:
		r.problem("jobLocation", "missing", "")
	}
	return all
}

// remoteFrom adds where the person may live, which is all the place a remote role
// has.
func (r *reader) remoteFrom(places []string) []string {
	for _, v := range r.Get("applicantLocationRequirements") {
		places = append(places, placesOf(v, 0)...)
	}
	return source.Places(places...)
}

// placesOf reads a Place, an address, a name, or a list of any of them.
func placesOf(n *Node, depth int) []string {
	if depth > 4 {
		return nil
	}
	if len(n.Props) == 0 {
		var out []string
		for part := range strings.FieldsFuncSeq(n.Text, func(r rune) bool { return r == ';' || r == '|' || r == '•' || r == '\n' }) {
			out = append(out, plain(part))
		}
		return out
	}
	var out []string
	for _, name := range []string{"@list", "@set", "itemListElement", "item", "address"} {
		for _, v := range n.Get(name) {
			out = append(out, placesOf(v, depth+1)...)
		}
	}
	if len(source.Places(out...)) > 0 {
		return out
	}
	if out = postal(n); len(out) > 0 {
		return out
	}
	return []string{n.plain()}
}

// postal reads a PostalAddress: the town, region and country, or as much of the
// rest as there is where the town is missing.
func postal(n *Node) []string {
	region, country := n.first("addressRegion"), n.first("addressCountry")
	join := func(parts ...string) []string {
		if s := strings.Join(source.Places(parts...), ", "); s != "" {
			return []string{s}
		}
		return nil
	}
	var out []string
	for _, town := range n.Get("addressLocality") {
		if name := strings.Trim(town.plain(), ", "); name != "" {
			out = append(out, join(name, region, country)...)
		}
	}
	switch {
	case len(out) > 0:
		return out
	case region != "":
		return join(region, country)
	case n.first("streetAddress", "postalCode") != "":
		return join(n.first("streetAddress"), n.first("postalCode"), country)
	}
	return join(country)
}
