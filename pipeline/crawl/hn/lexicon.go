package hn

import (
	"strings"
	"unicode"
)

// longestName is the most words that a name in the lists below has.
const longestName = 4

// words are the words of s in lower case, with what may stand inside them.
func words(s string) []string {
	fields := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(".'’-%", r)
	})
	out := fields[:0]
	for _, f := range fields {
		if f = strings.Trim(f, ".'’-"); f != "" {
			out = append(out, f)
		}
	}
	return out
}

// covered is how many bytes of the words belong to names that is knows, and how
// many there are in all.
func covered(words []string, is func(string) bool) (in, all int) {
	for i := 0; i < len(words); {
		step := 1
		for n := min(longestName, len(words)-i); n > 0; n-- {
			if name := strings.Join(words[i:i+n], " "); is(name) {
				in += len(name)
				step = n
				break
			}
		}
		all += len(strings.Join(words[i:i+step], " "))
		i += step
	}
	return in, all
}

func isPlaceName(name string) bool { return isRegion(name) || isCity(name) }

// isRole: words that name what a person does. "Multiple positions" and its like
// are found by [several].
func isRoleName(name string) bool {
	switch name {
	case "engineer", "engineers", "engineering", "developer", "developers", "dev", "devs", "programmer", "programmers", "scientist", "scientists",
		"designer", "designers", "architect", "architects", "analyst", "analysts", "administrator", "administrators", "sysadmin", "sysadmins", "admin",
		"admins", "manager", "managers", "director", "directors", "researcher", "researchers", "consultant", "consultants", "specialist", "specialists",
		"technician", "technicians", "devops", "sre", "sres", "dba", "dbas", "qa", "sdet", "sdets", "lead", "leads", "vp", "cto", "ceo", "coo", "ciso",
		"chief", "founder", "founders", "cofounder", "cofounders", "hacker", "hackers", "recruiter", "recruiters", "marketer", "marketers", "marketing",
		"sales", "writer", "writers", "editor", "editors", "intern", "interns", "internship", "internships", "fullstack", "frontend", "backend",
		"full-stack", "front-end", "back-end", "evangelist", "evangelists", "advocate", "advocates", "generalist", "generalists", "coder", "coders",
		"pentester", "pentesters", "support", "operations", "executive", "executives", "representative", "representatives", "associate", "associates",
		"instructor", "instructors", "teacher", "teachers", "mentor", "mentors", "translator", "translators", "accountant", "accountants", "hr", "tester",
		"testers", "co-founder", "co-founders", "head of", "full stack", "front end", "back end", "sys admin", "sys admins",
		"machine learning", "data science", "product owner", "scrum master", "people ops":
		return true
	}
	return false
}

// isTermWord: words of which a segment about workplace, hours, visa or pay is
// made.
func isTermWord(word string) bool {
	switch word {
	case "100%", "fully", "full", "partly", "partially", "global", "worldwide", "us", "usa", "uk", "eu", "europe", "no", "not", "open", "to", "ok", "okay",
		"only", "possible", "preferred", "optional", "friendly", "welcome", "considered", "available", "offered", "provided", "an", "option", "first",
		"remote", "onsite", "on-site", "on", "site", "on-premise", "offsite", "in-office", "in-person", "office", "person", "hybrid", "distributed",
		"anywhere", "local", "time", "full-time", "fulltime", "part", "part-time", "parttime", "ft", "pt", "f/t", "p/t", "f", "t", "p", "permanent",
		"perm", "contract", "contractor", "contractors", "contracting", "freelance", "temporary", "w2", "c2c", "intern", "interns", "internship",
		"internships", "visa", "visas", "h1b", "h-1b", "h1-b", "sponsorship", "sponsor", "sponsored", "transfer", "relocation", "relocate", "relo",
		"assistance", "support", "salary", "equity", "benefits", "bonus", "stock", "options", "competitive", "pay", "compensation", "based", "or", "and",
		"in", "is", "with", "for", "we", "will", "the", "day", "days", "week", "per", "x", "timezone", "timezones", "all":
		return true
	}
	return strings.Trim(word, "0123456789%.-") == ""
}

// isRegion: countries, states and larger.
func isRegion(name string) bool {
	switch name {
	case "united states", "uk", "united kingdom", "england", "scotland", "ireland", "canada", "germany", "france", "netherlands", "belgium", "switzerland",
		"austria", "sweden", "norway", "denmark", "finland", "poland", "czech republic", "spain", "portugal", "italy", "greece", "romania", "bulgaria",
		"hungary", "ukraine", "russia", "israel", "india", "china", "japan", "australia", "new zealand", "brazil", "argentina", "mexico", "europe", "eu",
		"emea", "apac", "latam", "north america", "worldwide", "global", "anywhere", "estonia", "latvia", "lithuania", "slovakia", "slovenia", "croatia",
		"serbia", "turkey", "egypt", "kenya", "nigeria", "south africa", "pakistan", "vietnam", "thailand", "malaysia", "indonesia", "philippines",
		"taiwan", "south korea", "korea", "chile", "colombia", "peru", "uruguay", "costa rica", "iceland", "luxembourg", "malta", "cyprus", "scandinavia",
		"the netherlands", "california", "texas", "colorado", "massachusetts", "virginia", "florida", "maryland", "michigan", "illinois", "ohio", "oregon",
		"utah", "georgia", "arizona", "minnesota", "wisconsin", "tennessee", "pennsylvania", "new jersey", "connecticut", "north carolina", "ontario",
		"quebec", "québec", "british columbia", "washington dc", "silicon valley", "east coast", "west coast", "us", "usa", "u.s", "u.s.a",
		"washington d.c", "d.c":
		return true
	}
	return false
}

// isCity: the places that hire most on Hacker News.
func isCity(name string) bool {
	switch name {
	case "sf", "nyc", "ny", "la", "dc", "bay area", "san francisco", "new york", "los angeles", "palo alto", "mountain view", "menlo park", "redwood city",
		"san mateo", "san jose", "santa clara", "sunnyvale", "cupertino", "berkeley", "oakland", "santa monica", "san diego", "seattle", "bellevue",
		"redmond", "portland", "denver", "boulder", "austin", "dallas", "houston", "chicago", "boston", "cambridge", "somerville", "philadelphia",
		"pittsburgh", "washington", "atlanta", "miami", "raleigh", "durham", "nashville", "minneapolis", "detroit", "ann arbor", "salt lake city", "provo",
		"phoenix", "las vegas", "brooklyn", "manhattan", "toronto", "vancouver", "montreal", "montréal", "ottawa", "waterloo", "calgary", "london",
		"manchester", "edinburgh", "bristol", "oxford", "dublin", "berlin", "munich", "münchen", "hamburg", "cologne", "frankfurt", "stuttgart",
		"karlsruhe", "amsterdam", "rotterdam", "utrecht", "delft", "the hague", "eindhoven", "paris", "lyon", "toulouse", "zurich", "zürich", "geneva",
		"lausanne", "basel", "vienna", "prague", "warsaw", "krakow", "kraków", "wroclaw", "wrocław", "gdansk", "budapest", "bucharest", "cluj", "sofia",
		"belgrade", "kiev", "kyiv", "lviv", "moscow", "minsk", "tallinn", "riga", "vilnius", "helsinki", "stockholm", "gothenburg", "malmö", "oslo",
		"copenhagen", "aarhus", "barcelona", "madrid", "lisbon", "porto", "milan", "rome", "athens", "istanbul", "tel aviv", "dubai", "cairo", "nairobi",
		"lagos", "cape town", "johannesburg", "bangalore", "bengaluru", "mumbai", "delhi", "new delhi", "gurgaon", "hyderabad", "pune", "chennai",
		"singapore", "kuala lumpur", "bangkok", "jakarta", "manila", "hanoi", "ho chi minh city", "hong kong", "shenzhen", "shanghai", "beijing", "taipei",
		"seoul", "tokyo", "osaka", "sydney", "melbourne", "brisbane", "perth", "auckland", "wellington", "são paulo", "sao paulo", "rio de janeiro",
		"buenos aires", "santiago", "bogota", "bogotá", "medellin", "mexico city":
		return true
	}
	return false
}
