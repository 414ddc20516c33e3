package tag

import "strings"

// employmentNames maps what sources state, folded, to our words.
var employmentNames = map[string]string{
	"fulltime": "full_time", "permanent": "full_time", "regular": "full_time", "vollzeit": "full_time", "festanstellung": "full_time", "cdi": "full_time", "employee": "full_time", "fulltimeemployee": "full_time", "parttime": "part_time", "teilzeit": "part_time",
	"contract": "contract", "contractor": "contract", "freelance": "contract", "freelancer": "contract", "consultant": "contract", "temporary": "temporary", "temp": "temporary", "cdd": "temporary", "fixedterm": "temporary", "seasonal": "temporary",
	"intern": "internship", "internship": "internship", "traineeship": "internship", "praktikum": "internship", "stage": "internship", "workingstudent": "internship", "trainee": "internship", "apprenticeship": "internship",
}

// readEmployment finds the employment type: as the source states it, then in the
// title, then in the text.
func (f *facts) readEmployment(d *document, ts *tokens, head headLine, out *Tags) {
	out.EmploymentType = "unspecified"
	if stated := d.posting.EmploymentType; stated != "" {
		main, _, _ := strings.Cut(stated, ",") // of several the first
		key := strings.NewReplacer(" ", "", "-", "", "_", "").Replace(strings.ToLower(main))
		if name := employmentNames[key]; name != "" {
			out.EmploymentType = name
			out.Evidence = append(out.Evidence, Evidence{Tag: "employment:" + name, Rule: "employment.stated", End: len(stated), Text: stated, Section: "employment_type"})
			return
		}
	}
	line := 0
	for c := range ts.cues {
		i := int(ts.cues[c])
		name, last := f.employmentAt(ts, i, i <= head.last)
		if name == "" || i > head.last && (ts.nearWord(last, 0, 8, "may", "eligible", "only") || ts.nearWord(i, 6, 0, "if") || ts.is(last+1, "opportunities", "benefits", "employees", "team", "employee")) {
			continue
		}
		for line+1 < len(d.lines) && d.lines[line+1].start <= int(ts.all[i].start) {
			line++
		}
		if len(d.lines) > 0 && d.lines[line].section == sectionLegal {
			continue
		}
		rule := "employment.text"
		if i <= head.last {
			rule = "employment.title"
		}
		out.EmploymentType = name
		f.prove(d, ts, out, "employment:"+name, rule, i, last)
		return
	}
}

// employmentAt reads the employment type that token i names, and its last token.
func (f *facts) employmentAt(ts *tokens, i int, title bool) (name string, last int) {
	if n := max(ts.phrase(i, "full", "time"), ts.phrase(i, "part", "time")); n > 0 {
		if ts.is(i, "full") {
			return "full_time", i + n - 1
		}
		return "part_time", i + n - 1
	}
	c := ts.all[i].class
	if c&(classFullTime|classPartTime|classContract|classTemporary|classInternship) == 0 {
		return "", i
	}
	of := ts.nearWord(i, 3, 3, "type", "position", "role", "job", "employment", "basis", "contract", "vertrag", "stelle", "duration")
	switch {
	case c&classInternship != 0 && title && !ts.is(i, "stage", "interns"):
		return "internship", i
	case c&classFullTime != 0:
		if ts.is(i, "full") || ts.is(i, "permanent", "perm") && !of && !title || ts.is(i+1, "resident", "residency", "residence", "residents") {
			return "", i
		}
		return "full_time", i
	case c&classPartTime != 0 && !ts.is(i, "part"):
		return "part_time", i
	case c&classTemporary != 0 && (title || of && !ts.is(i+1, "disability", "work")):
		return "temporary", i
	case c&classContract != 0 && title && !ts.is(i, "consultant", "corp") && !ts.is(i+1, "manager", "management", "testing", "lifecycle") && !ts.is(i-1, "smart"):
		return "contract", i
	case ts.is(i, "contract") && ts.phrase(i-3, "fixed", "term", "contract")+ts.phrase(i-2, "fixed", "term", "contract") > 0:
		return "temporary", i
	case c&classContract != 0 && ts.nearWord(i, 3, 0, "indefinite", "permanent"):
		return "full_time", i
	case c&classContract != 0 && ts.is(i, "contractor", "freelance", "freelancer", "b2b", "contract") && (ts.nearWord(i, 2, 0, "as", "type", "term", "month") || ts.is(i+1, "position", "role", "basis", "agreement") || ts.phrase(i, "contract", "to", "hire") > 0 || ts.is(i-1, "b2b")) && !ts.is(i-1, "smart"):
		return "contract", i
	}
	return "", i
}
