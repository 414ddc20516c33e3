package tag

import "strings"

// maxPlaces is how many places one posting keeps.
const maxPlaces = 20

// readPlaces finds where the role can be done: from the locations the source
// states, else from the line that stands for a title.
func (f *facts) readPlaces(d *document, ts *tokens, head headLine, out *Tags) {
	out.Places = []Place{}
	for _, location := range d.posting.Locations {
		f.gazetteer.find(location, false, func(p Place, start, end int) {
			if addPlace(out, p) {
				out.Evidence = append(out.Evidence, Evidence{Tag: "place:" + placeName(p), Rule: "place.stated", Start: start, End: end, Text: location[start:end], Section: "location"})
			}
		})
	}
	if len(d.posting.Locations) > 0 || head.title || len(ts.plain) == 0 {
		return
	}
	from, to := int(ts.at(head.first).start), int(ts.at(head.last).end)
	to = min(to, from+400)
	i := d.lineAt(from)
	find := func(from int) {
		f.gazetteer.find(ts.plain[from:to], true, func(p Place, start, end int) {
			if addPlace(out, p) {
				out.Evidence = append(out.Evidence, d.evidence("place:"+placeName(p), "place.head", i, from+start, from+end, 0))
			}
		})
	}
	if bar := strings.IndexByte(ts.plain[from:to], '|'); bar > 0 { // the employer's name stands first: Acme Africa | Berlin
		find(from + bar)
	}
	if len(out.Places) == 0 {
		find(from)
	}
	for next := i + 1; len(out.Places) == 0 && next < min(i+3, len(d.lines)) && d.lines[next].end-d.lines[next].start < 120; next++ {
		i, from, to = next, d.lines[next].start, d.lines[next].end
		find(from)
	}
}

// addPlace adds p unless it is there, or something nearer is.
func addPlace(out *Tags, p Place) bool {
	if len(out.Places) >= maxPlaces {
		return false
	}
	for _, q := range out.Places {
		if p == q || p.City == "" && p.Country == q.Country && (p.Region == "" || p.Region == q.Region) && q.Country != "" {
			return false
		}
	}
	out.Places = append(out.Places, p)
	return true
}

// placeName is the nearest name of p.
func placeName(p Place) string {
	switch {
	case p.City != "":
		return p.City
	case p.Region != "":
		return p.Region
	}
	return p.Country
}

// home is the currency that pay is in where a text names none: that of the
// places' only country, else the only currency written anywhere in the text.
func (f *facts) home(ts *tokens, places []Place) string {
	code := ""
	for _, p := range places {
		c := f.gazetteer.currency[p.Country]
		if c == "" || code != "" && c != code {
			code = ""
			break
		}
		code = c
	}
	if code != "" {
		return code
	}
	for i := range ts.all {
		t := &ts.all[i]
		if t.kind != tokenSign || t.sign == '-' || t.sign == ',' || t.sign == '.' {
			continue
		}
		for _, s := range f.lexicon.signs {
			if s.sign == t.sign {
				if code != "" && code != s.Code.text {
					return ""
				}
				code = s.Code.text
			}
		}
	}
	for _, c := range ts.cues {
		if code == "" && ts.has(int(c), classCurrency) {
			switch text := ts.text(int(c)); text {
			case "USD", "EUR", "GBP", "CHF", "CAD", "AUD", "INR", "PLN":
				code = text
			}
		}
	}
	return code
}
