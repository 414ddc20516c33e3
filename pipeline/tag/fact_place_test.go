package tag

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jobcity/pipeline/posting"
)

func TestPlacesOfAStatedLocation(t *testing.T) {
	for location, want := range map[string]string{
		"San Francisco":                   "San Francisco/California/US",
		"San Francisco, CA - US":          "San Francisco/California/US",
		"SF / NY":                         "San Francisco/California/US + New York/New York/US",
		"New York, New York":              "New York/New York/US",
		"NYC or Remote":                   "New York/New York/US",
		"Brooklyn, New York":              "Brooklyn/New York/US",
		"New Hyde Park, NY":               "New Hyde Park/New York/US",
		"Washington, D.C.":                "Washington/District of Columbia/US",
		"Cambridge, MA":                   "Cambridge/Massachusetts/US",
		"Cambridge":                       "Cambridge/England/GB",
		"Cambridge, United Kingdom":       "Cambridge/England/GB",
		"Portland, ME":                    "Portland/Maine/US",
		"Portland":                        "Portland/Oregon/US",
		"Lafayette, CO":                   "Lafayette/Colorado/US",
		"Dublin, OH":                      "Dublin/Ohio/US",
		"Dublin, Ireland":                 "Dublin/Leinster/IE",
		"London, ON":                      "London/Ontario/CA",
		"London, UK (hybrid)":             "London/England/GB",
		"Darmstadt, DE":                   "Darmstadt/Hesse/DE",
		"Tijuana, BC":                     "Tijuana/Baja California/MX",
		"India - Bengaluru":               "Bengaluru/Karnataka/IN",
		"Bangalore":                       "Bengaluru/Karnataka/IN",
		"USA - New York NY":               "New York/New York/US",
		"Poland, Warsaw":                  "Warsaw/Mazovia/PL",
		"München":                         "Munich/Bavaria/DE",
		"Sao Paulo, Brazil":               "São Paulo/São Paulo/BR",
		"São Paulo":                       "São Paulo/São Paulo/BR",
		"Remote - EU":                     "/EU/",
		"Remote (United States | Canada)": "//US + //CA",
		"US only":                         "//US",
		"Remote":                          "",
		"Headquarters":                    "",
		"Luxembourg, Luxembourg":          "Luxembourg//LU",
		"Berlin, Munich, Germany":         "Berlin/Berlin/DE + Munich/Bavaria/DE",
		"Spain; Portugal":                 "//ES + //PT",
		"Anywhere in France, Belgium":     "//FR + //BE",
		"Seattle, San Francisco & Austin": "Seattle/Washington/US + San Francisco/California/US + Austin/Texas/US",
		"Winston-Salem, NC":               "Winston-Salem/North Carolina/US",
		"Remote-US":                       "//US",
		"Tbilisi, Georgia":                "Tbilisi/Tbilisi/GE",
		"Atlanta, Georgia":                "Atlanta/Georgia/US",
		"Singapore":                       "Singapore//SG",
		"Mexico City, CDMX":               "Mexico City/Mexico City/MX",
		// abbreviations, codes and spellings
		"NYC / SF":                        "New York/New York/US + San Francisco/California/US",
		"Berlin, Munich or Remote":        "Berlin/Berlin/DE + Munich/Bavaria/DE",
		"San Francisco, CA; New York, NY": "San Francisco/California/US + New York/New York/US",
		"Chicago OR London":               "Chicago/Illinois/US + London/England/GB",
		"Portland, OR":                    "Portland/Oregon/US",
		"San Jose, CR":                    "San José/San José/CR",
		"San Juan, PR":                    "San Juan//PR",
		"Milano, ITA":                     "Milan/Lombardy/IT",
		"Muenchen":                        "Munich/Bavaria/DE",
		"Zuerich, Schweiz":                "Zurich/Zurich/CH",
		"WIEN":                            "Vienna/Vienna/AT",
		"Łódź":                            "Łódź/Łódź Voivodeship/PL",
		"東京都港区":                           "Tokyo/Tokyo/JP",
		"서울":                              "Seoul/Seoul/KR",
		"Москва":                          "Moscow/Moscow/RU",
		"Київ, Україна":                   "Kyiv/Kyiv City/UA",
		"Bosnia and Herzegovina":          "//BA",
		"Trinidad & Tobago":               "//TT",
		"Newfoundland & Labrador, Canada": "/Newfoundland and Labrador/CA",
		// the rest of the location decides
		"Georgia":                             "/Georgia/US",
		"Bulgaria, Georgia, Poland":           "//BG + //GE + //PL",
		"NL, Remote":                          "//NL",
		"Remote - CA":                         "/California/US",
		"St. John's, NL":                      "St. John's/Newfoundland and Labrador/CA",
		"Mexico or USA":                       "//MX + //US",
		"Cambridge; Boston, MA":               "Cambridge/Massachusetts/US + Boston/Massachusetts/US",
		"Amsterdam, New York, Singapore":      "Amsterdam/North Holland/NL + New York/New York/US + Singapore//SG",
		"Austin | Dublin | Sydney":            "Austin/Texas/US + Dublin/Leinster/IE + Sydney/New South Wales/AU",
		"Toronto & London":                    "Toronto/Ontario/CA + London/England/GB",
		"Seattle, Vancouver, New York":        "Seattle/Washington/US + Vancouver/British Columbia/CA + New York/New York/US",
		"London, Ontario, Canada":             "London/Ontario/CA",
		"Augusta-Waterville, ME":              "Augusta/Maine/US + Waterville/Maine/US",
		"Denver, CO - Louisville":             "Denver/Colorado/US + Louisville/Colorado/US",
		"East London, UK":                     "//GB",
		"WXYZ-TV Denver":                      "Denver/Colorado/US",
		"Remote, Ontario":                     "/Ontario/CA",
		"Ontario, CA":                         "Ontario/California/US",
		"Corona del Mar, CA":                  "/California/US",
		"Rome, NY":                            "Rome/New York/US",
		"Springfield, Vermont, United States": "/Vermont/US",
		"Springfield, USA":                    "Springfield/Massachusetts/US",
		"Marathon, NY":                        "/New York/US",
		"WI-Baldwin":                          "/Wisconsin/US",
		"Alberta, British Columbia, Ontario":  "/Alberta/CA + /British Columbia/CA + /Ontario/CA",
		"Hong Kong, China":                    "Hong Kong//HK",
		// postal addresses and counties
		"Am Hafen 12, 20457 Hamburg":            "Hamburg/Hamburg/DE",
		"10 High Street, London SE1 9GF":        "London/England/GB",
		"500 Madison Ave, New York, NY 10022":   "New York/New York/US",
		"1830 Cordova Road, Austin, TX 78701":   "Austin/Texas/US",
		"12 Palm Bay Rd NE, Palm Bay, FL 32905": "Palm Bay/Florida/US",
		"75009 Paris":                           "Paris/Île-de-France/FR",
		"Los Angeles County":                    "/California/US",
		"Monroe County, Florida":                "/Florida/US",
		"Summit, NJ":                            "Summit/New Jersey/US",
		"Remote-Friendly, United States":        "//US",
		"Warren County, NJ":                     "/New Jersey/US",
		// scopes
		"EMEA":                           "/EMEA/",
		"Remote (UK & EU)":               "//GB + /EU/",
		"Remote - North America":         "/North America/",
		"Remote - LATAM":                 "/LATAM/",
		"Worldwide":                      "/Worldwide/",
		"Dublin, Ireland, EMEA":          "Dublin/Leinster/IE",
		"APAC - Australia; Singapore":    "//AU + Singapore//SG",
		"London; Remote - EMEA":          "London/England/GB + /EMEA/",
		"North America, UK, Europe":      "/North America/ + //GB + /Europe/",
		"South America or San Francisco": "/South America/ + San Francisco/California/US",
		// unknown stays unknown
		"Hybrid":                            "",
		"Anywhere":                          "",
		"Home Office":                       "",
		"Multiple Locations":                "",
		"N/A":                               "",
		"NA":                                "",
		"Remote (EST)":                      "",
		"West Coast":                        "",
		"South East":                        "",
		"Field Services Division":           "",
		"To be determined":                  "",
		"San Antonio":                       "San Antonio/Texas/US",
		"San Luis":                          "",
		"Punjab":                            "",
		"Berlin, Berlin, Germany; New York": "Berlin/Berlin/DE + New York/New York/US",
	} {
		out := factsOf(t, posting.Posting{Title: "Engineer", Locations: []string{location}})
		if got := placesString(out); got != want {
			t.Errorf("%q: got %q, want %q", location, got, want)
		}
	}
}

func placesString(out Tags) string {
	var all []string
	for _, p := range out.Places {
		all = append(all, p.City+"/"+p.Region+"/"+p.Country)
	}
	return strings.Join(all, " + ")
}

// A location says where a role is only by the names in it: every country that is
// found is that of a name or code which stands there.
func TestNoCountryIsInvented(t *testing.T) {
	b, err := factReader()
	if err != nil {
		t.Fatal(err)
	}
	g := b.facts.gazetteer
	words := []string{"Berlin", "Georgia", "Springfield", "CA", "Remote", "EMEA", "New York", "London", "IN", "DE", "Paris", "Santa Ana", "or", "San", "US", "Ontario", "Vienna", "Lima", "Hybrid", "Mobile", "Reading",
		"Poland", "ME", "Cordoba", "Office", "東京", "München", "St", "County", "NE", "Main Street", "Acme", "10115", "Hong Kong"}
	rapid.Check(t, func(t *rapid.T) {
		var s strings.Builder
		for range rapid.IntRange(1, 8).Draw(t, "words") {
			s.WriteString(rapid.SampledFrom(words).Draw(t, "word"))
			s.WriteString(rapid.SampledFrom([]string{", ", "; ", " ", " - ", " / ", " | ", " (", ") "}).Draw(t, "sign"))
		}
		location := s.String()
		g.find(location, false, func(p Place, start, end int) {
			if start < 0 || end > len(location) || start >= end {
				t.Fatalf("%q: %+v stands at %d to %d", location, p, start, end)
			}
			if !named(g, p, location[start:end]) {
				t.Errorf("%q: %+v is not named by %q", location, p, location[start:end])
			}
		})
	})
}

// named reports whether some run of words means something in the country, or the
// area, of p.
func named(g *gazetteer, p Place, words string) bool {
	all := strings.Fields(foldName(words))
	for i := range all {
		for j := i + 1; j <= len(all); j++ {
			key := []byte(strings.Join(all[i:j], " "))
			for _, s := range g.lookup(key, g.atlas.find(key, hashOf(key), nil), nil) {
				if s.Country == p.Country && (s.Country != "" || s.Region == p.Region) {
					return true
				}
			}
		}
	}
	return false
}

// FuzzPlaces reads places of anything: no panic, and places that stand where they
// say and are whole.
func FuzzPlaces(f *testing.F) {
	for _, seed := range []string{"", "Berlin, Munich or Remote", "NYC / SF", "東京都港区; 서울", "CA - DE - /// (((", "St. Louis, MO & Trinidad & Tobago", "\u202e\u0301 ſ K Å İ", "Winston-Salem,NC|L'Aquila", "SE1 EC1A 1BB London"} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, location string, strict bool) {
		b, err := factReader()
		if err != nil {
			t.Fatal(err)
		}
		last := 0
		b.facts.gazetteer.find(location, strict, func(p Place, start, end int) {
			if start < last || end > len(location) || start >= end {
				t.Errorf("%q: %+v stands at %d to %d, after %d", location, p, start, end, last)
			}
			if last = end; len(p.Country) != 2 && (p.Country != "" || p.Region == "" || p.City != "") {
				t.Errorf("%q: %+v", location, p)
			}
		})
	})
}

func TestPlacesOfAHeadLine(t *testing.T) {
	for text, want := range map[string]string{
		"Acme | Senior Engineer | Berlin, Germany | ONSITE":           "Berlin/Berlin/DE",
		"Acme Africa | Engineer | Zurich | REMOTE":                    "Zurich/Zurich/CH",
		"Acme - Boston, MA - Full-time":                               "Boston/Massachusetts/US",
		"Acme (NYC) is hiring":                                        "New York/New York/US",
		"Acme | Mobile and backend | reading code | nice people":      "",
		"We are a small team that likes bath and mobile applications": "",
	} {
		if got := placesString(factsOf(t, posting.Posting{Text: text})); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestPlacesKeepAllStatedLocationsOnce(t *testing.T) {
	out := factsOf(t, posting.Posting{Locations: []string{"Paris, France", "Lyon", "Paris", "France"}})
	if got, want := placesString(out), "Paris/Île-de-France/FR + Lyon/Auvergne-Rhône-Alpes/FR"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if i := slices.IndexFunc(out.Evidence, func(e Evidence) bool { return e.Tag == "place:Lyon" }); i < 0 || out.Evidence[i].Section != "location" {
		t.Errorf("no evidence for Lyon: %+v", out.Evidence)
	}
}
