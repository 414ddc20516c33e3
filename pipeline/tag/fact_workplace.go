package tag

import "strings"

// The workplaces, as indexes of a vote.
const (
	voteRemote = iota
	voteHybrid
	voteOnsite
	votes
)

var workplaceNames = [votes]string{"remote", "hybrid", "onsite"}

// workplaceVote adds up what the words of a posting say for each workplace, and
// remembers the best words for each.
type workplaceVote struct {
	sum   [votes]float64
	best  [votes]float64
	first [votes]int // tokens of the best words
	last  [votes]int
}

func (v *workplaceVote) add(kind int, weight float64, first, last int) {
	v.sum[kind] += weight
	if weight > v.best[kind] {
		v.best[kind], v.first[kind], v.last[kind] = weight, first, last
	}
}

// workplaceThreshold is the least sum of votes that says anything.
const workplaceThreshold = 2

// readWorkplace finds where the work is done: as the source states it, in the
// stated locations, in the title, in the text. A city alone says nothing.
func (f *facts) readWorkplace(d *document, ts *tokens, head headLine, out *Tags) {
	out.Workplace = "unspecified"
	switch w := d.posting.Workplace; w {
	case "remote", "hybrid", "onsite":
		out.Workplace = w
		out.Evidence = append(out.Evidence, Evidence{Tag: "workplace:" + w, Rule: "workplace.stated", End: len(w), Text: w, Section: "workplace"})
		return
	}
	var v workplaceVote
	line := 0
	for _, c := range ts.cues {
		i := int(c)
		t := ts.all[i]
		if t.class&(classRemote|classHybrid|classOnsite|classOffice|classAnywhere) == 0 {
			continue
		}
		for line+1 < len(d.lines) && d.lines[line+1].start <= int(t.start) {
			line++
		}
		kind, weight, last := f.workplaceAt(ts, i)
		if weight == 0 {
			continue
		}
		if !head.title && weight >= 0.8 && strings.ToUpper(ts.text(i)) == ts.text(i) { // REMOTE, ONSITE: the flags of "Who is hiring?"
			weight = max(weight, 2.5)
		}
		switch {
		case i >= head.first && i <= head.last && weight >= 0.5:
			weight = max(weight, 3) * 2
		case len(d.lines) > 0 && !d.lines[line].section.counts():
			weight *= 0.75
		}
		v.add(kind, weight, i, last)
	}
	located, location := f.locationVote(d)
	if located >= 0 {
		v.sum[located] += 4
	}
	best := -1
	for k := range votes {
		if v.sum[k] >= workplaceThreshold && (best < 0 || v.sum[k] > v.sum[best]) {
			best = k
		}
	}
	if best < 0 {
		return
	}
	out.Workplace = workplaceNames[best]
	tag := "workplace:" + out.Workplace
	if v.best[best] > 0 {
		rule := "workplace.text"
		if v.first[best] <= head.last {
			rule = "workplace.title"
		}
		f.prove(d, ts, out, tag, rule, v.first[best], v.last[best])
	}
	if located == best {
		out.Evidence = append(out.Evidence, Evidence{Tag: tag, Rule: "workplace.location", End: len(location), Text: location, Section: "location"})
	}
}

// locationVote is what the stated locations say, or -1.
func (f *facts) locationVote(d *document) (kind int, location string) {
	kind = -1
	ts := f.scratch()
	defer f.release(ts)
	for _, l := range d.posting.Locations {
		f.lexicon.cut(ts, l)
		for _, c := range ts.cues {
			i := int(c)
			switch {
			case negated(ts, i):
			case ts.has(i, classRemote) || ts.is(i, "anywhere"):
				if kind != voteHybrid {
					kind, location = voteRemote, l
				}
			case ts.has(i, classHybrid):
				kind, location = voteHybrid, l
			case kind < 0 && (ts.has(i, classOnsite) || ts.phrase(i-1, "on", "site") > 0 || ts.phrase(i-1, "in", "person") > 0):
				kind, location = voteOnsite, l
			}
		}
	}
	return kind, location
}

// negated reports whether the word i is denied: "no remote", "remote: no".
func negated(ts *tokens, i int) bool {
	return ts.nearWord(i, 3, 0, "no", "not", "non", "without", "kein", "keine", "nicht", "cannot", "isn", "unfortunately", "keinen") && !ts.nearWord(i, 2, 0, "only", "if", "just") ||
		ts.isSign(i+1, "-–—:?=") && ts.is(i+2, "no", "not", "none") || ts.is(i+1, "not", "no")
}

// workplaceAt says what the word i says about the workplace, and how strongly.
func (f *facts) workplaceAt(ts *tokens, i int) (kind int, weight float64, last int) {
	t := ts.all[i]
	if negated(ts, i) {
		if t.class&classRemote != 0 {
			return voteOnsite, 2.5, i
		}
		return 0, 0, i
	}
	switch {
	case t.class&classRemote != 0:
		return voteRemote, remoteWeight(ts, i), i
	case t.class&classHybrid != 0:
		return voteHybrid, hybridWeight(ts, i), i
	case t.class&classOnsite != 0:
		return voteOnsite, onsiteWeight(ts, i, i), i
	case t.class&classOffice != 0:
		return officeVote(ts, i)
	case ts.is(i, "based"):
		return basedVote(ts, i)
	case ts.is(i, "distributed") && ts.is(i-1, "fully", "-") && ts.nearWord(i, 3, 3, "fully"):
		return voteRemote, 2.8, i
	case ts.is(i, "distributed") && ts.is(i+1, "team", "company"):
		return voteRemote, 1, i
	case ts.is(i, "anywhere") && ts.is(i-1, "from") && ts.nearWord(i, 3, 0, "work", "working", "live", "remote"):
		return voteRemote, 2, i
	}
	return 0, 0, i
}

// basedVote reads "this role is based in our Berlin office".
func basedVote(ts *tokens, i int) (kind int, weight float64, last int) {
	if !ts.is(i+1, "in", "at", "out", "from") || !ts.nearWord(i, 6, 0, "role", "position", "job", "you", "be") {
		return 0, 0, i
	}
	for j := i + 2; j < i+9 && ts.at(j).kind == tokenWord || ts.isSign(j, ","); j++ {
		if ts.is(j, "office", "headquarters", "hq", "offices") {
			return voteOnsite, 2.2, j
		}
	}
	return 0, 0, i
}

// remoteWeight says how strongly the word for remote at i speaks for remote work.
func remoteWeight(ts *tokens, i int) float64 {
	next, prev := i+1, i-1
	for ts.isSign(next, "-‐‑") && ts.joined(next) {
		next++
	}
	for ts.isSign(prev, "-‐‑(") {
		prev--
	}
	if ts.is(prev, "li") {
		return 4
	}
	strong := ts.is(prev, "fully", "full", "completely", "entirely", "primarily", "predominantly", "permanently", "mostly") || ts.isSign(prev, "%")
	switch {
	case ts.is(next, "desktop", "desktops", "sensing", "monitoring", "support", "access", "server", "servers", "control", "site", "sites", "users", "user",
		"procedure", "code", "execution", "debugging", "diagnostics", "management", "system", "systems", "device", "devices", "hands", "repository", "api", "locations",
		"attendance", "patient", "care", "areas", "workplace", "stipend", "equipment", "sessions", "meetings", "interview", "interviews", "procedures", "infrastructure", "operation", "offices",
		"endpoints", "sensors", "assistance", "learning", "proctoring", "branch", "connectivity", "troubleshooting", "tools", "vehicle", "operations", "communication"):
		return 0
	case ts.near(i, 9, 9, classHybrid) && !ts.nearWord(i, 9, 9, "or", "fully") || ts.nearWord(i, 4, 0, "mix", "some", "consider", "combining", "occasional"):
		return 0.4
	case ts.is(next, "abroad", "customer", "customers"), ts.nearWord(i, 4, 0, "face"):
		return 0
	case ts.at(next).kind == tokenNumber && ts.near(next, 0, 4, classWeek|classDay|classMonth):
		return 0.4
	case strong:
		return 3
	case ts.is(next, "work", "working") && ts.at(i-1).kind == tokenBreak && !ts.is(next+1, "stipend"),
		ts.is(next, "work", "working") && ts.is(next+1, "arrangement", "arrangements", "role", "position", "environment", "friendly", "from"), ts.is(next, "worker"):
		return 2.8
	case ts.is(next, "environment", "setting") && ts.is(prev, "a", "fully"), ts.is(next, "team") && ts.is(prev, "our"):
		return 2
	case ts.is(next, "team", "teams", "employees", "workers", "workforce", "colleagues", "environment", "environments", "staff", "members", "engineers", "setting", "collaboration"):
		if ts.is(prev, "our", "a") {
			return 1
		}
		return 0.5
	case ts.is(next, "role", "roles", "position", "positions", "job", "jobs", "opportunity", "candidates", "applicants", "only", "ok", "possible", "eligible", "welcome", "considered", "optional", "option", "options"):
		return 3
	case ts.isSign(next, ",") && ts.nearWord(next, 0, 4, "role", "position", "job"):
		return 3
	case ts.is(next, "first"):
		return 2.7
	case ts.is(next, "friendly"):
		return 1.2
	case ts.nearWord(i, 7, 0, "location", "type", "arrangement", "arrangements", "workplace", "standort", "ort", "lieu", "ubicación", "based"):
		return 3
	case ts.is(i, "remotely") && ts.is(i-1, "work", "working"):
		if ts.nearWord(i, 4, 0, "can", "you", "to", "we") && !ts.nearWord(i, 0, 5, "weeks", "days", "month", "months", "weeks") {
			return 2.7
		}
		return 1.6
	case ts.is(i, "remotely") && ts.nearWord(i, 4, 0, "team", "join"):
		return 1.6
	case ts.is(next, "from", "in", "within", "across", "anywhere", "based") || ts.isSign(next, "("):
		return 2
	case ts.at(prev).kind == tokenBreak && ts.at(next).kind == tokenBreak, ts.is(prev, "be", "is", "are"):
		return 2.5
	case ts.is(i, "wfh", "télétravail", "homeoffice", "teletrabajo"):
		return 0.8
	case ts.is(next, "work", "working", "setup", "policy", "culture", "option", "arbeit"):
		return 1
	}
	return 0.8
}

// hybridWeight says how strongly the word for hybrid at i speaks for hybrid work.
func hybridWeight(ts *tokens, i int) float64 {
	next, prev := i+1, i-1
	for ts.isSign(prev, "-‐‑(") {
		prev--
	}
	for ts.isSign(next, "-‐‑") && ts.joined(next) {
		next++
	}
	if ts.is(prev, "li") {
		return 4
	}
	switch {
	case ts.is(i, "bürotage", "bürotagen"):
		return 3
	case ts.is(next, "cloud", "clouds", "search", "app", "apps", "mobile", "infrastructure", "approach", "vehicle", "vehicles", "retrieval", "it", "architecture", "systems", "quantum", "data", "deployment", "deployments", "responsibilities", "recommendation", "models", "multi", "warehouse", "skill", "skills", "identity", "sales"):
		return 0
	case ts.is(next, "role", "position", "job", "work", "working", "workplace", "schedule", "setup", "set", "model", "policy", "environment", "arrangement", "company", "opportunity", "flexibility", "working", "team", "remote", "office", "in", "collaboration", "culture", "available", "setting", "format"):
		return 3
	case ts.nearWord(i, 7, 0, "location", "type", "arrangement", "based", "be", "are", "workplace", "is", "work"), ts.nearWord(i, 0, 6, "office", "days", "onsite", "remote"):
		return 3
	}
	return 1
}

// onsiteWeight says how strongly the words first to last, which mean "where the
// employer is", speak for work on site.
func onsiteWeight(ts *tokens, first, last int) float64 {
	switch {
	case ts.isSign(first-1, "-") && ts.is(first-2, "li"):
		return 4
	case ts.is(last+1, "role", "position", "job", "culture", "team", "only", "first", "based"):
		return 3
	case ts.isSign(first-1, "(") && ts.isSign(last+1, ")"):
		return 3
	case ts.nearWord(last, 0, 3, "interview", "interviews", "screen", "flu", "gym", "visits", "visit", "meetings", "meeting", "events", "event", "retreats", "retreat", "gatherings", "parking", "lunch", "lunches", "meals", "childcare", "daycare",
		"customer", "customers", "client", "clients", "training", "offsites", "offsite", "loop", "stage", "round", "cafeteria", "fitness", "health", "support", "technicians", "final", "co", "panel", "onboarding", "workshops", "collaboration", "deployments", "assessment", "trial", "twice", "once", "quarterly", "annual", "snacks", "bar", "massage", "barista", "chef", "restaurant", "food", "shower", "bike", "amenities", "kitchen", "perks", "conferences", "summit", "summits", "experiences", "marketing", "campus", "virtual", "workshop", "sales"),
		ts.nearWord(first, 6, 0, "interview", "interviews", "panel"), ts.nearWord(first, 3, 0, "an", "schedule", "final", "virtual", "annual", "meet", "occasional", "occasionally", "quarterly", "customers", "interview", "lasting", "trial", "periodic", "stage", "conduct", "panel", "meeting", "meetings", "support"):
		return 0
	case ts.nearWord(last, 0, 2, "role", "position", "job", "culture", "team", "only", "work", "first", "environment", "based"), ts.nearWord(first, 7, 0, "location", "role", "position", "arrangement", "work", "working", "is", "are", "be", "re", "team"):
		return 3
	case ts.is(last+1, "in", "at"), ts.nearWord(last, 0, 5, "days", "office"):
		return 2
	}
	return 1
}

// officeVote reads "in-office", "in person", "on site" and days a week there.
func officeVote(ts *tokens, i int) (kind int, weight float64, last int) {
	first := i - 1
	for ts.isSign(first, "-‐‑–") {
		first--
	}
	if ts.nearWord(i, 6, 6, "month", "year", "quarter", "months", "monat", "mois") && ts.nearWord(i, 6, 6, "per", "a", "every", "each") { // now and then
		return 0, 0, i
	}
	if ts.near(i, 6, 6, classHybrid) { // "hybrid, in-office or work-from-home"
		return 0, 0, i
	}
	if days, ok := officeDays(ts, i); ok {
		switch {
		case days >= 5:
			return voteOnsite, 4, i
		case days >= 1:
			return voteHybrid, 4, i
		}
	}
	if ts.is(i, "office") && ts.nearWord(i, 5, 0, "in", "at") && ts.nearWord(i, 4, 0, "our") && ts.nearWord(i, 16, 0, "join", "looking") {
		return voteOnsite, 2, i
	}
	if ts.is(first, "in") && ts.is(i, "person") || ts.is(first, "on") && ts.is(i, "site") || ts.is(first, "in") && ts.is(i, "office") && first < i-1 {
		return voteOnsite, onsiteWeight(ts, first, i), i
	}
	return 0, 0, i
}

// officeDays reads the days a week in the office that stand near token i.
func officeDays(ts *tokens, i int) (days float64, ok bool) {
	ts.window(i, 12, 12, func(j int) bool {
		if !ts.is(j, "days", "day", "tage", "jours", "x", "times") {
			return true
		}
		if !ts.nearWord(j, 0, 4, "week", "weekly", "woche", "semaine") && !ts.nearWord(j, 5, 3, "office", "person", "site", "onsite") {
			return true
		}
		k := j - 1
		for ts.isSign(k, "+-") || ts.is(k, "full", "work", "working") {
			k--
		}
		switch t := ts.at(k); {
		case t.kind == tokenNumber && t.end-t.start == 1:
			days, ok = float64(ts.plain[t.start]-'0'), true
		case ts.is(k, "two", "zwei", "deux"):
			days, ok = 2, true
		case ts.is(k, "three", "drei", "trois"):
			days, ok = 3, true
		case ts.is(k, "four", "vier", "quatre"):
			days, ok = 4, true
		case ts.is(k, "five", "every", "fünf", "cinq"):
			days, ok = 5, true
		}
		return !ok
	})
	return days, ok
}
