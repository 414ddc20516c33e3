package workable

import "jobcity/pipeline/crawl/source"

// job is one element of "jobs" as the widget API gives it with details=true. A
// posting at several places has one element for each.
type job struct {
	Shortcode      source.NativeID `json:"shortcode"`
	Title          string          `json:"title"`
	URL            string          `json:"url"`
	Shortlink      string          `json:"shortlink"`
	Description    string          `json:"description"`
	Requirements   string          `json:"requirements"` // only where it is not part of the description
	Benefits       string          `json:"benefits"`     // likewise
	Department     string          `json:"department"`
	EmploymentType string          `json:"employment_type"` // Full-time, Part-time, Contract, Temporary …
	Telecommuting  bool            `json:"telecommuting"`
	WorkplaceType  string          `json:"workplace_type"` // remote, hybrid, on_site; many boards do not have it
	PublishedOn    string          `json:"published_on"`
	CreatedAt      string          `json:"created_at"`
	City           string          `json:"city"`
	Region         string          `json:"state"` // of the country: says nothing about the posting
	Country        string          `json:"country"`
	Locations      []location      `json:"locations"`
}

type location struct {
	City        string `json:"city"`
	Region      string `json:"region"`
	Country     string `json:"country"`
	CountryCode string `json:"countryCode"`
	Hidden      bool   `json:"hidden"` // not shown to people
}
