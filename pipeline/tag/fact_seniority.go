package tag

// The seniorities, as indexes of seniorityNames.
const (
	levelNone = iota
	levelIntern
	levelJunior
	levelMid
	levelSenior
	levelLead
	levelManager
	levelExecutive
)

var seniorityNames = [...]string{"unspecified", "intern", "junior", "mid", "senior", "lead", "manager", "executive"}

// rank is a seniority that words state.
type rank struct {
	level       int
	first, last int // tokens, both inclusive
	rule        string
}

// readSeniority finds the seniority: the title first, then the wording of the
// text, then the years asked (0-1 junior, 2-4 mid, 5 and more senior).
func (f *facts) readSeniority(d *document, ts *tokens, head headLine, asked tenure, years bool, out *Tags) {
	r := titleRank(ts, head)
	if r.level == levelNone {
		r = textRank(d, ts, head)
	}
	if r.level == levelNone && !head.title {
		r = listRank(ts, head)
	}
	if r.level == levelNone && years {
		r = rank{level: yearsLevel(asked), first: asked.first, last: asked.last, rule: "years"}
	}
	out.Seniority = seniorityNames[r.level]
	if r.level != levelNone {
		f.prove(d, ts, out, "seniority:"+out.Seniority, "seniority."+r.rule, r.first, r.last)
	}
}

// yearsLevel is the seniority that years alone say.
func yearsLevel(t tenure) int {
	switch {
	case t.low >= 5:
		return levelSenior
	case t.low >= 1.5 || t.high >= 5:
		return levelMid
	}
	return levelJunior
}

// titleRank reads the seniority of a title.
func titleRank(ts *tokens, head headLine) rank {
	var found [levelExecutive + 1]rank
	order := 0 // the first level that was written
	for i := head.first; i <= head.last; i++ {
		level, last := titleLevel(ts, i, head)
		if level == levelNone {
			continue
		}
		if found[level].level == levelNone {
			found[level] = rank{level: level, first: i, last: last, rule: "title." + seniorityNames[level]}
		}
		if order == levelNone {
			order = level
		}
	}
	switch {
	case found[levelIntern].level != levelNone && (head.title || roles(ts, head) <= 1):
		return found[levelIntern]
	case found[levelExecutive].level != levelNone:
		return found[levelExecutive]
	case found[levelManager].level != levelNone:
		if found[levelLead].level != levelNone && found[levelLead].first < found[levelManager].first {
			return found[levelLead]
		}
		return found[levelManager]
	case order == levelSenior && found[levelLead].level != levelNone && choice(ts, found[levelSenior].last):
		return found[levelSenior] // Senior/Staff
	case found[levelLead].level != levelNone:
		return found[levelLead]
	}
	if order == levelIntern {
		order = levelNone
	}
	if order == levelJunior && ts.is(found[levelJunior].first, "associate") { // Associate III
		order = max(order, found[levelMid].level, found[levelSenior].level)
	}
	if order == levelMid && found[levelSenior].level != levelNone && !choice(ts, found[levelMid].last) {
		return found[levelSenior] // Senior Engineer II, read backwards
	}
	if order != levelNone {
		return found[order]
	}
	return rank{}
}

// roles is how many roles a line names.
func roles(ts *tokens, head headLine) int {
	n := 0
	for i := head.first; i <= head.last; i++ {
		if roleNoun(ts, i) && !ts.is(i, "end", "l", "level", "support") {
			n++
		}
	}
	return n
}

// choice reports whether another level is offered right after token i.
func choice(ts *tokens, i int) bool {
	return ts.isSign(i+1, "/|&-–") || ts.is(i+1, "or", "to", "and", "oder", "und")
}

// titleLevel is the seniority that token i of a title says, and its last token.
func titleLevel(ts *tokens, i int, head headLine) (level, last int) {
	t := ts.all[i]
	if t.kind == tokenNumber || t.end-t.start <= 3 && t.kind == tokenWord {
		if l := grade(ts, i); l != levelNone {
			return l, i
		}
	}
	c := t.class
	if ts.phrase(i, "co", "op") > 0 {
		return levelIntern, i + ts.phrase(i, "co", "op") - 1
	}
	if ts.is(i, "early") && ts.phrase(i, "early", "career") > 0 {
		return levelJunior, i + 1
	}
	switch {
	case ts.is(i, "duales") && ts.is(i+1, "studium"), ts.is(i, "resident", "residency", "fellowship") && ts.at(i+1).kind != tokenWord,
		ts.is(i, "stage") && i == head.first && ts.at(i+1).kind == tokenWord && !ts.is(i+1, "manager"):
		return levelIntern, i
	case c&classSeniority == 0:
		return levelNone, i
	case c&classIntern != 0:
		if ts.is(i, "stage", "interns") && (ts.is(i-1, "early", "late", "growth", "seed") || ts.is(i, "stage") && ts.langs[2] < 3 || ts.is(i, "interns") && !head.title) {
			return levelNone, i
		}
		return levelIntern, i
	case c&classExecutive != 0:
		return executiveLevel(ts, i), i
	case c&classManager != 0:
		return managerLevel(ts, i, head), i
	case c&classLead != 0:
		return leadLevel(ts, i), i
	case c&classSenior != 0:
		if ts.is(i-1, "semi") || ts.is(i, "experienced") && !head.title {
			return levelNone, i
		}
		return levelSenior, i
	case c&classJunior != 0:
		switch {
		case ts.is(i, "entry") && !ts.is(i+1, "level") && !(ts.isSign(i+1, "-") && ts.is(i+2, "level")):
			return levelNone, i
		case ts.is(i, "associate", "associates") && (ts.is(i+1, "director", "manager", "partner", "principal", "vp", "vice", "general", "professor", "creative", "account", "staff") && !ts.is(i+2, "manager", "executive", "coordinator") || ts.is(i-1, "senior", "sr", "principal", "lead")):
			return levelNone, i
		}
		return levelJunior, i
	case c&classMid != 0:
		if ts.is(i+1, "market", "east", "platform", "office", "mile", "atlantic", "west", "conductor", "school", "river") || ts.isSign(i+1, "-") && ts.is(i+2, "market", "atlantic", "mile", "conductor", "size", "sized") || ts.is(i, "semi") && !ts.is(i+1, "senior") {
			return levelNone, i
		}
		return levelMid, i
	}
	return levelNone, i
}

// grade reads Roman and Arabic grades: Engineer II, Developer 2.
func grade(ts *tokens, i int) int {
	after := ts.at(i + 1)
	ends := after.kind != tokenWord && after.kind != tokenNumber || ts.isSign(i+1, "-,(")
	switch s := ts.text(i); s {
	case "I":
		if (ends || ts.is(i+1, "on")) && ts.at(i-1).kind == tokenWord && !ts.isSign(i+1, "/'’") {
			return levelJunior
		}
	case "II":
		return levelMid
	case "III", "IV", "V":
		if s != "V" || roleNoun(ts, i-1) {
			return levelSenior
		}
	case "1", "2", "3", "4", "5":
		if !ends || !roleNoun(ts, i-1) && !(ts.isSign(i-1, "-") && ts.joined(i-2) && roleNoun(ts, i-2)) {
			return levelNone
		}
		return [...]int{levelJunior, levelMid, levelSenior, levelSenior, levelSenior}[s[0]-'1']
	}
	return levelNone
}

// roleNoun reports whether token i is the word of a title that a grade follows.
func roleNoun(ts *tokens, i int) bool {
	return ts.is(i, "engineer", "developer", "analyst", "specialist", "manager", "designer", "scientist", "administrator", "technician", "tech", "consultant",
		"programmer", "sde", "swe", "architect", "sre", "operator", "associate", "representative", "coordinator", "researcher", "sysadmin", "dba", "level", "accountant", "end", "l", "support", "admin")
}

func executiveLevel(ts *tokens, i int) int {
	switch {
	case ts.is(i, "avp"), ts.is(i, "president") && ts.is(i-1, "vice") && ts.is(i-2, "assistant"):
		return levelMid // a grade of banks
	case ts.is(i-1, "to") || ts.is(i-1, "the") && ts.is(i-2, "to") || ts.nearWord(i, 3, 0, "assistant") && !ts.is(i, "director"):
		return levelNone
	case ts.is(i, "chief") && (ts.phrase(i, "chief", "of", "staff") > 0 || ts.is(i+1, "engineer", "architect")):
		if ts.is(i+1, "of") {
			return levelNone
		}
		return levelLead
	case ts.is(i, "head") && !ts.is(i+1, "of", "director") && !ts.isSign(i+1, "/,-–|") && ts.at(i+1).kind == tokenWord:
		return levelNone
	}
	return levelExecutive
}

// managerLevel tells managers of people from managers of products, projects and
// accounts, who are so in name only.
func managerLevel(ts *tokens, i int, head headLine) int {
	if !ts.is(i, "manager", "managers") {
		return levelManager
	}
	p := i - 1
	for ts.isSign(p, ")-&,") || ts.is(p, "and") {
		p--
	}
	switch {
	case p < head.first, ts.is(p, "senior", "sr", "associate", "assistant", "general", "group", "deputy", "junior") && ts.isSign(i+1, ",-–—|:/") || ts.at(p).kind != tokenWord && !ts.isSign(p, "."):
		return levelManager
	case ts.is(p, "senior", "sr", "associate", "assistant", "general", "group") || ts.isSign(p, "."):
		return levelManager
	case ts.is(p, "development") && ts.is(p-1, "business"):
		return levelNone
	case ts.is(p, "product") && ts.is(p-1, "group"):
		return levelManager
	case ts.is(p, "engineering", "engineer", "analytics", "science", "sciences", "test", "testing", "store", "operations", "center", "centre", "it", "support", "infrastructure", "network", "systems", "platform",
		"software", "data", "qa", "quality", "assurance", "payable", "practice", "relations", "expansion", "compliance", "security", "development", "devops", "sre", "technology", "technical", "architecture", "research",
		"shift", "plant", "restaurant", "warehouse", "lab", "laboratory", "finance", "accounting", "accounts", "team", "department", "branch", "desk", "helpdesk", "service", "services", "delivery", "design", "hr", "people", "ml", "ai", "learning", "backend", "frontend", "mobile", "web", "bi", "intelligence", "cloud", "database", "reliability", "production", "manufacturing", "maintenance", "mine", "kitchen", "bar", "retail", "nursing", "clinic", "site", "district"):
		return levelManager
	}
	return levelNone
}

func leadLevel(ts *tokens, i int) int {
	switch {
	case ts.is(i, "leads", "chef", "fellow", "responsable", "leitender"):
		if ts.is(i, "responsable") {
			return levelLead
		}
		return levelNone
	case ts.is(i, "lead") && (ts.is(i+1, "generation", "gen", "qualification", "nurturing", "time") || ts.isSign(i+1, "-") && ts.is(i+2, "gen", "generation")):
		return levelNone
	case ts.is(i, "staff") && (ts.is(i-1, "technical", "of") && !ts.is(i-2, "senior", "principal") || ts.is(i+1, "accountant", "attorney", "nurse", "augmentation", "writer", "pharmacist", "physician", "assistant", "auditor", "reporter")):
		return levelNone
	case ts.is(i, "leader") && ts.is(i-1, "store", "shop"):
		return levelManager
	}
	return levelLead
}

// textRank reads the seniority that the text states of the role: "we are looking
// for a senior …", "Level: mid". Words about other people do not count.
func textRank(d *document, ts *tokens, head headLine) rank {
	line := 0
	for _, c := range ts.cues {
		i := int(c)
		t := ts.all[i]
		if t.class&classSeniority == 0 || i <= head.last {
			continue
		}
		for line+1 < len(d.lines) && d.lines[line+1].start <= int(t.start) {
			line++
		}
		if s := d.lines[line].section; s == sectionNice || s == sectionBenefits || s == sectionLegal {
			continue
		}
		var level int
		switch {
		case t.class&classSenior != 0 && !ts.is(i, "seniors", "experienced"):
			level = levelSenior
		case t.class&classJunior != 0 && ts.is(i, "junior", "jr", "graduate", "entry"):
			if ts.is(i, "entry") && ts.phrase(i, "entry", "level") == 0 {
				continue
			}
			level = levelJunior
		case t.class&classMid != 0 && ts.is(i, "mid", "intermediate", "medior") && (ts.is(i+1, "level", "weight") || ts.isSign(i+1, "-") && ts.is(i+2, "level", "weight", "career", "senior") || ts.is(i, "intermediate", "medior")):
			level = levelMid
		case t.class&classIntern != 0 && ts.is(i, "intern", "praktikant", "stagiaire", "werkstudent"):
			level = levelIntern
		case ts.is(i, "staff", "principal", "lead") && roleNoun(ts, i+2):
			level = levelLead
		default:
			continue
		}
		if sought(ts, i) {
			return rank{level: level, first: i, last: i, rule: "text"}
		}
	}
	return rank{}
}

// listRank reads the seniority of the first role that a posting without a title
// lists: a short line that names a role at its start.
func listRank(ts *tokens, head headLine) rank {
	start := head.last + 1
	for i := start; i < len(ts.all); i++ {
		if ts.all[i].kind != tokenBreak {
			continue
		}
		line := headLine{first: start, last: min(i-1, start+8)}
		start = i + 1
		for j := line.first; j <= line.last; j++ {
			if ts.at(j).kind == tokenSign && j > line.first && ts.isSign(j, ",|(–—:") {
				break
			}
			if roleNoun(ts, j) && !ts.is(j, "support", "end", "l", "level") {
				line.last = j
				r := titleRank(ts, line)
				r.rule = "list"
				return r
			}
		}
	}
	return rank{}
}

// sought reports whether the person of the level at token i is the one sought.
func sought(ts *tokens, i int) bool {
	start := ts.lineStart(i, 5)
	if ts.is(start, "level", "seniority", "karrierelevel") && i-start <= 4 {
		return true
	}
	j := i - 1
	for ts.is(j, "a", "an", "our", "new", "talented", "skilled", "experienced", "motivated", "passionate", "highly", "einen", "eine", "un", "une", "another", "strong", "first", "exceptional") || ts.isSign(j, ",") {
		j--
	}
	switch {
	case ts.is(j, "for") && ts.is(j-1, "looking", "searching", "hiring"),
		ts.is(j, "seeking", "hiring", "seeks", "recruiting", "suchen", "recrutons", "recherchons", "buscamos"),
		ts.is(j, "as") && ts.nearWord(j, 4, 0, "join", "role", "you", "position"),
		ts.is(j, "is", "s") && ts.nearWord(j, 4, 0, "this", "role", "position"):
		return !ts.is(i+1, "leadership", "stakeholders", "management", "executives", "leaders", "engineers", "developers")
	}
	return false
}
