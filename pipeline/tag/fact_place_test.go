package tag

import (
	"slices"
	"strings"
	"testing"

	"jobcity/pipeline/posting"
)

func TestPlacesOfAStatedLocation(t *testing.T) {
	for location, want := range map[string]string{
		"San Francisco":                     "San Francisco/California/US",
		"San Francisco, CA - US":            "San Francisco/California/US",
		"SF / NY":                           "San Francisco/California/US + New York/New York/US",
		"New York, New York":                "New York/New York/US",
		"NYC or Remote":                     "New York/New York/US",
		"Brooklyn, New York":                "Brooklyn/New York/US",
		"New Hyde Park, NY":                 "New Hyde Park/New York/US",
		"Washington, D.C.":                  "Washington/District of Columbia/US",
		"Cambridge, MA":                     "Cambridge/Massachusetts/US",
		"Cambridge":                         "Cambridge/England/GB",
		"Cambridge, United Kingdom":         "Cambridge/England/GB",
		"Portland, ME":                      "Portland/Maine/US",
		"Portland":                          "Portland/Oregon/US",
		"Lafayette, CO":                     "Lafayette/Colorado/US",
		"Dublin, OH":                        "Dublin/Ohio/US",
		"Dublin, Ireland":                   "Dublin/Leinster/IE",
		"London, ON":                        "London/Ontario/CA",
		"London, UK (hybrid)":               "London/England/GB",
		"Darmstadt, DE":                     "Darmstadt/Hesse/DE",
		"Tijuana, BC":                       "Tijuana/Baja California/MX",
		"India - Bengaluru":                 "Bengaluru/Karnataka/IN",
		"Bangalore":                         "Bengaluru/Karnataka/IN",
		"USA - New York NY":                 "New York/New York/US",
		"Poland, Warsaw":                    "Warsaw/Mazovia/PL",
		"München":                           "Munich/Bavaria/DE",
		"Sao Paulo, Brazil":                 "São Paulo/São Paulo/BR",
		"São Paulo":                         "São Paulo/São Paulo/BR",
		"Remote - EU":                       "/EU/",
		"Remote (United States | Canada)":   "//US + //CA",
		"US only":                           "//US",
		"Remote":                            "",
		"Headquarters":                      "",
		"Luxembourg, Luxembourg":            "Luxembourg//LU",
		"Berlin, Munich, Germany":           "Berlin/Berlin/DE + Munich/Bavaria/DE",
		"Spain; Portugal":                   "//ES + //PT",
		"Anywhere in France, Belgium":       "//FR + //BE",
		"Seattle, San Francisco & Austin":   "Seattle/Washington/US + San Francisco/California/US + Austin/Texas/US",
		"Winston-Salem, NC":                 "Winston-Salem/North Carolina/US",
		"Remote-US":                         "//US",
		"Tbilisi, Georgia":                  "Tbilisi/Tbilisi/GE",
		"Atlanta, Georgia":                  "Atlanta/Georgia/US",
		"Singapore":                         "Singapore//SG",
		"Mexico City, CDMX":                 "Mexico City/Mexico City/MX",
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
