package lever

import "jobcity/pipeline/crawl/source"

// job is one element of the list that the postings API gives with mode=json.
type job struct {
	ID                source.NativeID `json:"id"`
	Title             string          `json:"text"`
	Opening           string          `json:"opening"`
	Description       string          `json:"description"` // HTML; opening and body
	DescriptionBody   string          `json:"descriptionBody"`
	DescriptionPlain  string          `json:"descriptionPlain"`
	Lists             []section       `json:"lists"` // requirements, benefits …
	Additional        string          `json:"additional"`
	AdditionalPlain   string          `json:"additionalPlain"`
	Categories        categories      `json:"categories"`
	Country           string          `json:"country"`       // ISO 3166-1 alpha-2, null if unknown
	WorkplaceType     string          `json:"workplaceType"` // unspecified, on-site, remote, hybrid
	SalaryRange       salaryRange     `json:"salaryRange"`
	SalaryDescription string          `json:"salaryDescriptionPlain"`
	CreatedAt         source.Amount   `json:"createdAt"` // Unix milliseconds
	HostedURL         string          `json:"hostedUrl"`
}

type section struct {
	Text    string `json:"text"`
	Content string `json:"content"` // HTML: the <li> elements of a list
}

type categories struct {
	Location     string   `json:"location"`
	AllLocations []string `json:"allLocations"` // with location
	Commitment   string   `json:"commitment"`   // Full-time, Intern …: the employer's own words
	Department   string   `json:"department"`
	Team         string   `json:"team"`
}

type salaryRange struct {
	Currency string        `json:"currency"`
	Interval string        `json:"interval"` // per-year-salary, per-month-salary, per-hour-wage …
	Min      source.Amount `json:"min"`
	Max      source.Amount `json:"max"`
}
