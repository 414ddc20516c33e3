package tag

// degree is a degree asked, least first.
type degree uint8

const (
	degreeNone degree = iota
	degreeSecondary
	degreeBachelor
	degreeMaster
	degreeDoctorate
	degreeUnspecified
)

var degreeNames = [...]string{"none", "secondary", "bachelor", "master", "doctorate", "unspecified"}

// readDegree finds the least degree asked.
func (f *facts) readDegree(d *document, ts *tokens, out *Tags) {
	best, at, last := degreeUnspecified, 0, 0
	line := 0
	for _, c := range ts.cues {
		i := int(c)
		t := ts.all[i]
		if t.class&(classBachelor|classMaster|classDoctorate|classDegree|classSecondary|classInitials) == 0 {
			continue
		}
		for line+1 < len(d.lines) && d.lines[line+1].start <= int(t.start) {
			line++
		}
		if s := d.lines[line].section; !s.counts() || s == sectionNice || s == sectionTitle {
			continue
		}
		level, end := degreeAt(ts, i)
		if level == degreeUnspecified || level >= best || ts.nearWord(end, 0, 6, "preferred", "plus", "bonus", "desirable") && level > degreeBachelor {
			continue
		}
		best, at, last = level, i, end
	}
	out.Degree = degreeNames[best]
	if best != degreeUnspecified {
		if ts.has(at, classInitials) {
			at -= 2
		}
		f.prove(d, ts, out, "degree", "degree."+out.Degree, at, last)
	}
}

// degreeAt reads the degree that token i may name, and the last token of it.
func degreeAt(ts *tokens, i int) (degree, int) {
	t := ts.all[i]
	if t.class&classInitials != 0 && ts.isSign(i-1, ".") && ts.joined(i-1) && ts.joined(i-2) {
		switch {
		case ts.is(i-2, "b"):
			return degreeBachelor, i
		case ts.is(i-2, "m"):
			return degreeMaster, i
		case ts.is(i-2, "ph") && ts.is(i, "d"):
			return degreeDoctorate, i
		}
	}
	letters := t.end-t.start <= 2
	upper := letters && ts.plain[t.start] >= 'A' && ts.plain[t.start] <= 'Z' && ts.plain[t.end-1] >= 'A' && ts.plain[t.end-1] <= 'Z'
	field := ts.isSign(i+1, "/,.+") || ts.is(i+1, "in", "or", "degree", "with") || ts.isSign(i-1, "/(") || ts.near(i, 4, 6, classDegree|classExperience) || ts.near(i, 4, 4, classMaster|classDoctorate)
	switch {
	case ts.phrase(i-1, "no", "degree") > 0 && ts.nearWord(i, 0, 3, "required", "necessary", "needed", "requirement", "requirements") || ts.phrase(i-3, "no", "formal", "university", "degree") > 0:
		return degreeNone, i
	case t.class&classBachelor != 0:
		if letters && !(upper && field) || ts.is(i, "grado", "licence", "undergraduate", "be") && !ts.near(i, 3, 4, classDegree) {
			return degreeUnspecified, i
		}
		return degreeBachelor, i
	case t.class&classMaster != 0:
		if letters && !(upper && field) || ts.is(i, "master", "masters") && (ts.nearWord(i, 2, 2, "scrum", "data", "to") || ts.nearWord(i, 0, 1, "the", "of") && !ts.is(i+2, "science", "engineering", "arts")) ||
			!letters && ts.is(i, "master") && !ts.isSign(i+1, "'’") && !(ts.isSign(i+1, "/") && ts.has(i+2, classBachelor|classDoctorate|classDegree)) && !ts.is(i+1, "degree", "in", "of", "or", "s", "level") && !ts.near(i, 5, 5, classDegree|classBachelor|classDoctorate) {
			return degreeUnspecified, i
		}
		return degreeMaster, i
	case t.class&classDoctorate != 0:
		if ts.is(i, "promotion") && !ts.nearWord(i, 3, 3, "abgeschlossene", "studium", "diplom") {
			return degreeUnspecified, i
		}
		return degreeDoctorate, i
	case t.class&classSecondary != 0:
		return degreeSecondary, i
	}
	return genericDegree(ts, i), i
}

// genericDegree reads words that mean a degree without saying which.
func genericDegree(ts *tokens, i int) degree {
	switch {
	case ts.is(i, "degree") && (ts.nearWord(i, 3, 0, "associate", "associates", "no") || ts.is(i-1, "s") && ts.is(i-3, "associate")):
		return degreeUnspecified
	case ts.is(i, "diploma", "degree") && ts.nearWord(i, 3, 0, "school", "secondary"):
		if ts.nearWord(i, 4, 0, "post") {
			return degreeBachelor
		}
		return degreeSecondary
	case ts.is(i, "studium", "hochschulabschluss", "hochschulstudium", "studienabschluss", "laurea", "hbo"),
		ts.is(i, "abschluss") && ts.nearWord(i, 3, 0, "akademischer", "universitärer"),
		ts.is(i, "diplôme") && ts.nearWord(i, 0, 4, "ingénieur", "supérieur", "bac"):
		return degreeBachelor
	case ts.is(i, "degree", "degrees"):
		if ts.is(i-1, "some", "high", "certain", "th", "of") || ts.is(i+1, "of", "view") && !ts.nearWord(i, 4, 0, "university", "college", "technical") {
			return degreeUnspecified
		}
		if ts.near(i, 3, 1, classMaster|classDoctorate|classBachelor) { // said by those words
			return degreeUnspecified
		}
		if ts.is(i+1, "in", "or", "required") || ts.is(i-1, "university", "college", "technical", "engineering", "science", "relevant", "related", "quantitative") {
			return degreeBachelor
		}
	}
	return degreeUnspecified
}
