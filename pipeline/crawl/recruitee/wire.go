package recruitee

import (
	"encoding/json"

	"jobcity/pipeline/crawl/source"
)

// offer is one element of "offers".
type offer struct {
	ID           source.NativeID            `json:"id"`
	Slug         string                     `json:"slug"`
	Title        string                     `json:"title"`
	Status       string                     `json:"status"` // published; drafts and closed ones are not listed
	Description  string                     `json:"description"`
	Requirements string                     `json:"requirements"`
	Company      string                     `json:"company_name"`
	Department   string                     `json:"department"`
	Employment   string                     `json:"employment_type_code"` // fulltime_permanent, parttime_fixed_term, internship …
	Location     string                     `json:"location"`
	City         string                     `json:"city"`
	Country      string                     `json:"country"`
	CountryCode  string                     `json:"country_code"`
	Locations    []location                 `json:"locations"`
	Remote       bool                       `json:"remote"`
	Hybrid       bool                       `json:"hybrid"`
	OnSite       bool                       `json:"on_site"`
	Salary       salary                     `json:"salary"`
	PublishedAt  string                     `json:"published_at"` // "2026-03-01 09:00:00 UTC"
	CloseAt      string                     `json:"close_at"`
	CareersURL   string                     `json:"careers_url"`
	Translations map[string]json.RawMessage `json:"translations"` // by language code
}

type location struct {
	Name        string `json:"name"`
	City        string `json:"city"`
	State       string `json:"state"`
	Country     string `json:"country"`
	CountryCode string `json:"country_code"`
}

type salary struct {
	Min      source.Amount `json:"min"` // a string as a rule, null if not stated
	Max      source.Amount `json:"max"`
	Currency string        `json:"currency"`
	Period   string        `json:"period"` // year, month, hour
}
