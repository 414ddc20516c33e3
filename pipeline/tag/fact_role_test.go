package tag

import (
	"testing"

	"jobcity/pipeline/posting"
)

func TestSeniorityOfATitle(t *testing.T) {
	for title, want := range map[string]string{
		"Software Engineer":                            "unspecified",
		"Senior Software Engineer":                     "senior",
		"Sr. Data Scientist II":                        "senior",
		"Jr Developer":                                 "junior",
		"Junior Data Analyst":                          "junior",
		"Associate Linux Support Engineer":             "junior",
		"Senior Associate, Data":                       "senior",
		"Warehouse Operations Associate III":           "senior",
		"Associate Director, Data":                     "executive",
		"Software Engineer I - Backend":                "junior",
		"Software Engineer II (Security)":              "mid",
		"Backend Engineer III":                         "senior",
		"Front End Developer 2":                        "mid",
		"SDE-2":                                        "mid",
		"Entry-Level Engineer":                         "junior",
		"Software Engineer, New Grad":                  "junior",
		"Mid-level Backend Engineer":                   "mid",
		"Account Executive, Mid-Market":                "unspecified",
		"Account Executive, Middle East":               "unspecified",
		"Semi Senior Designer":                         "mid",
		"Staff Engineer":                               "lead",
		"Member of Technical Staff":                    "unspecified",
		"Member of Technical Staff (Senior)":           "senior",
		"Senior Staff Engineer":                        "lead",
		"Senior/Staff Engineer":                        "senior",
		"Principal Product Manager":                    "lead",
		"Tech Lead, Android":                           "lead",
		"Machine Learning Operations Lead":             "lead",
		"Lead Generation Specialist":                   "unspecified",
		"Staff Accountant":                             "unspecified",
		"Senior Solutions Architect":                   "lead",
		"Engineering Manager":                          "manager",
		"Senior Manager, Data Engineering":             "manager",
		"Manager, Industrial Engineering":              "manager",
		"Product Manager":                              "unspecified",
		"Technical Program Manager":                    "unspecified",
		"Customer Success Manager":                     "unspecified",
		"Senior Product Manager":                       "senior",
		"Group Product Manager":                        "manager",
		"Head of Engineering":                          "executive",
		"Executive Assistant to the Director of IT":    "unspecified",
		"Assistant Vice President, Data":               "mid",
		"VP of Engineering":                            "executive",
		"Director, Data Platform":                      "executive",
		"Chief Technology Officer":                     "executive",
		"Chief of Staff":                               "unspecified",
		"Executive Assistant to the CEO":               "unspecified",
		"Account Executive":                            "unspecified",
		"Software Engineer Intern":                     "intern",
		"Software Architect - Intern":                  "intern",
		"Engineering Co-Op":                            "intern",
		"Werkstudent Softwareentwicklung (m/w/d)":      "intern",
		"Praktikum Data Science":                       "intern",
		"Early Stage Product Engineer":                 "unspecified",
		"Abteilungsleiter IT (m/w/d)":                  "manager",
		"Développeur confirmé":                         "mid",
		"Desenvolvedor Full Stack Sênior":              "senior",
		"Responsable infrastructure":                   "lead",
		"Directrice des systèmes d'information":        "executive",
		"Internal Tools Engineer":                      "unspecified",
		"Middle School Science Teacher":                "unspecified",
		"Engineer, Platform 1":                         "unspecified",
		"Network Engineer L2":                          "mid",
		"Site Reliability Engineer (Senior/Principal)": "senior",
	} {
		if got := factsOf(t, posting.Posting{Title: title}).Seniority; got != want {
			t.Errorf("%q: got %s, want %s", title, got, want)
		}
	}
}

func TestSeniorityFallsBackOnWordingThenYears(t *testing.T) {
	for _, c := range []struct{ name, title, text, want string }{
		{"wording", "Engineer", "Acme is seeking a Senior Machine Learning Engineer with 3+ years of experience.", "senior"},
		{"other people's level", "Engineer", "You will work with senior engineers and mentor junior colleagues.", "unspecified"},
		{"five years", "Engineer", "Requirements\n- 5+ years of experience with Go", "senior"},
		{"three years", "Engineer", "Requirements\n- 3+ years of experience with Go", "mid"},
		{"a wide range", "Engineer", "Requirements\n- 1-5 years of experience", "mid"},
		{"one year", "Engineer", "Requirements\n- 1+ years of experience", "junior"},
		{"the title wins", "Junior Engineer", "Requirements\n- 5+ years of experience with Go", "junior"},
		{"the company's age", "Engineer", "We have been on the market for 7 years.", "unspecified"},
		{"a list of roles under a head line", "", "Acme | Berlin | ONSITE\nWe make tools.\n- Senior Backend Engineer\n- Designer", "senior"},
		{"a list that starts without a level", "", "Acme | Berlin | ONSITE\nWe make tools.\n- Web Developer\n- Senior Administrator", "unspecified"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := factsOf(t, posting.Posting{Title: c.title, Text: c.text}).Seniority; got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestYearsAsked(t *testing.T) {
	for text, want := range map[string]int{
		"- 5+ years of experience in Go":                                      5,
		"- 3-5 years' experience with databases":                              3,
		"- At least 2 years working as an engineer":                           2,
		"- Minimum of three (3) years of professional experience":             3,
		"- Bachelor's +2 years experience":                                    2,
		"- 5+ years of experience, or 3 years of experience with a master's":  3,
		"- Mindestens 3 Jahre Berufserfahrung":                                3,
		"- 5 ans d'expérience minimum":                                        5,
		"- Al menos 4 años de experiencia":                                    4,
		"- minimum 2 lata doświadczenia":                                      2,
		"- almeno due anni di esperienza":                                     2,
		"- Minstens 3 jaar ervaring":                                          3,
		"- 8+ years building large systems\n- 3+ years of experience leading": 8,
		"- Professional experience: 4 to 6 years in data engineering":         4,
		"Founded 20 years ago, we make tools.":                                -1,
		"Our options vest over 4 years.":                                      -1,
		"You must be 18 years of age or older.":                               -1,
		"For more than 50 years, the laboratory has advanced science.":        -1,
		"In just 9 years we have grown to 40 people.":                         -1,
		"a 5-year plan for growth":                                            -1,
		"10,000 users in 2 years":                                             -1,
		"one of the best teams of the year":                                   -1,
	} {
		got := -1
		if y := factsOf(t, posting.Posting{Title: "Engineer", Text: "About\n\nRequirements:\n" + text}).Years; y != nil {
			got = *y
		}
		if got != want {
			t.Errorf("%q: got %d, want %d", text, got, want)
		}
	}
}

func TestDegreeAsked(t *testing.T) {
	for text, want := range map[string]string{
		"- Bachelor's degree in Computer Science":                    "bachelor",
		"- BS/MS in Computer Science or equivalent experience":       "bachelor",
		"- B.Sc. in engineering":                                     "bachelor",
		"- Master's degree in a quantitative field":                  "master",
		"- MSc or PhD in physics":                                    "master",
		"- PhD in machine learning":                                  "doctorate",
		"- High school diploma or GED":                               "secondary",
		"- No degree required":                                       "none",
		"- Some of us have no degree at all":                         "unspecified",
		"- An associate's degree in electronics":                     "unspecified",
		"- A post-secondary degree":                                  "bachelor",
		"- Abgeschlossenes Studium der Informatik":                   "bachelor",
		"- A university degree in a technical field":                 "bachelor",
		"- Scrum master certification":                               "unspecified",
		"- A high degree of autonomy":                                "unspecified",
		"- Work with BA and QA teams, MS Office":                     "unspecified",
		"- Degree in Computer Science or related technical field":    "bachelor",
		"- Master data management and mastery of SQL":                "unspecified",
		"- Experience with master/replica databases":                 "unspecified",
		"- 360 degree feedback":                                      "unspecified",
		"- Bachelor or Master in Informatics, or similar experience": "bachelor",
	} {
		if got := factsOf(t, posting.Posting{Title: "Engineer", Text: "Requirements:\n" + text}).Degree; got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

func TestEmploymentType(t *testing.T) {
	for _, c := range []struct{ title, stated, text, want string }{
		{"Engineer", "FullTime", "part-time", "full_time"},
		{"Engineer", "Intern", "", "internship"},
		{"Engineer", "full_time, contract", "", "full_time"},
		{"Engineer (Contract)", "", "Full-time", "contract"},
		{"Engineer, Part-Time", "", "", "part_time"},
		{"Data Intern", "", "This is a full-time role", "internship"},
		{"Contract Manager", "", "", "unspecified"},
		{"Smart Contract Engineer", "", "", "unspecified"},
		{"Entwickler (m/w/d)", "", "Vollzeit, unbefristet", "full_time"},
		{"Développeur", "", "CDI, Paris", "full_time"},
		{"Engineer", "", "Type: Full-Time", "full_time"},
		{"Engineer", "", "This is a contract position for 6 months", "contract"},
		{"Engineer", "", "Fixed-term contract of 12 months", "temporary"},
		{"Engineer", "", "Part-time, contract, or freelance roles may not be eligible.", "unspecified"},
		{"Engineer", "", "We write contract tests for full stack systems.", "unspecified"},
	} {
		if got := factsOf(t, posting.Posting{Title: c.title, Text: c.text, EmploymentType: c.stated}).EmploymentType; got != c.want {
			t.Errorf("%q, %q, %q: got %s, want %s", c.title, c.stated, c.text, got, c.want)
		}
	}
}

func TestWorkplace(t *testing.T) {
	for _, c := range []struct{ name, title, location, text, want string }{
		{"a city alone", "Engineer", "Berlin", "We make tools.", "unspecified"},
		{"the location", "Engineer", "Remote - EU", "", "remote"},
		{"the location's bracket", "Engineer", "London, UK (hybrid)", "", "hybrid"},
		{"the title", "Engineer (Remote)", "Berlin", "", "remote"},
		{"a remote role", "Engineer", "Berlin", "This is a remote role based in Germany.", "remote"},
		{"fully remote", "Engineer", "", "We are fully remote.", "remote"},
		{"a label", "Engineer", "", "Come and join. #LI-Hybrid", "hybrid"},
		{"days in the office", "Engineer", "", "You will be in our office 3 days a week.", "hybrid"},
		{"all days in the office", "Engineer", "", "We work in the office 5 days a week.", "onsite"},
		{"a hybrid mix", "Engineer", "", "This role has a hybrid work arrangement - combining remote work with in-office collaboration.", "hybrid"},
		{"hybrid or remote", "Engineer", "", "This role can be hybrid out of our Toronto office, or fully remote, anywhere in Canada.", "remote"},
		{"an in-person role", "Engineer", "", "This is an in-person role in San Francisco.", "onsite"},
		{"on site in brackets", "Engineer", "", "Berlin (On-site) · full-time", "onsite"},
		{"flags", "", "", "Acme | Engineer | Berlin | ONSITE", "onsite"},
		{"both flags", "", "", "Acme | Engineer | Berlin | ONSITE or REMOTE", "remote"},
		{"no remote", "", "", "Acme | Engineer | Berlin | no remote", "onsite"},
		{"remote denied after", "", "", "Acme | Engineer | NYC | H1B - yes | Remote - no", "onsite"},
		{"not open to it", "Engineer", "", "This role is in-office in San Francisco. We are not open to remote candidates.", "onsite"},
		{"remote desktop", "Engineer", "", "Experience with remote desktop, remote monitoring and remote teams.", "unspecified"},
		{"hybrid cloud", "Engineer", "", "You know hybrid cloud and hybrid infrastructure.", "unspecified"},
		{"an onsite interview", "Engineer", "", "After the call we schedule an onsite in our office. Onsite interview with the founder.", "unspecified"},
		{"onsite perks", "Engineer", "", "Benefits: onsite gym and on-site childcare", "unspecified"},
		{"some weeks abroad", "Engineer", "", "Work remotely for a maximum of 4 weeks per year.", "unspecified"},
		{"a few days a month", "", "", "Acme | Developer | REMOTE (with 2 days a month on site)", "remote"},
		{"from anywhere", "Engineer", "", "Work from anywhere in the world.", "remote"},
		{"German", "Entwickler", "", "Du kannst zwischen Bürotagen und Home-Office wechseln.", "hybrid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := posting.Posting{Title: c.title, Text: c.text}
			if c.location != "" {
				p.Locations = []string{c.location}
			}
			if got := factsOf(t, p).Workplace; got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	if got := factsOf(t, posting.Posting{Text: "fully remote", Workplace: "onsite"}).Workplace; got != "onsite" {
		t.Errorf("the source's word does not come first: %s", got)
	}
}

func TestLanguageOfTheText(t *testing.T) {
	for text, want := range map[string]string{
		"We are looking for an engineer who will work with our team on the platform that our customers use every day, and you will be part of it.":          "en",
		"Wir suchen eine Entwicklerin für unser Team in Berlin, die mit uns die Plattform baut und sich für die Zuverlässigkeit der Dienste verantwortet.":  "de",
		"Nous recherchons un développeur pour rejoindre notre équipe à Paris et participer à la conception de la plateforme que nos clients utilisent.":     "fr",
		"Buscamos un desarrollador para nuestro equipo en Madrid que participe en el diseño de la plataforma que usan los clientes de la empresa cada día.": "es",
		"Cerchiamo uno sviluppatore per il nostro team di Milano che si occupi della progettazione della piattaforma e dei servizi che usano i clienti.":    "it",
		"Wij zoeken een ontwikkelaar voor ons team in Utrecht die met ons werkt aan het platform dat onze klanten elke dag gebruiken en verbeteren.":        "nl",
		"Szukamy programisty do naszego zespołu w Krakowie, który będzie pracował nad platformą i usługami dla klientów oraz dbał o ich jakość.":            "pl",
		"Procuramos uma pessoa para a nossa equipe em Lisboa que participe do desenho da plataforma e dos serviços que são usados por nossos clientes.":     "pt",
		"私たちは東京のチームで働くエンジニアを探しています。":                                                                                                                        "und",
		"": "und",
	} {
		if got := factsOf(t, posting.Posting{Text: text}).Language; got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
	if got := factsOf(t, posting.Posting{Title: "Engineer", Language: "de-AT"}).Language; got != "de" {
		t.Errorf("short text: got %s, want the source's de", got)
	}
}
