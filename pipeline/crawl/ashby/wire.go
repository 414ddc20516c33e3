package ashby

import "jobcity/pipeline/crawl/source"

// job is one element of "jobs" as the posting API gives it.
type job struct {
	ID                 source.NativeID `json:"id"`
	Title              string          `json:"title"`
	Department         string          `json:"department"`
	Team               string          `json:"team"`
	EmploymentType     string          `json:"employmentType"` // FullTime, PartTime, Intern, Contract, Temporary
	Location           string          `json:"location"`
	SecondaryLocations []struct {
		Location string   `json:"location"`
		Address  *address `json:"address"`
	} `json:"secondaryLocations"`
	PublishedAt      string       `json:"publishedAt"`
	IsListed         *bool        `json:"isListed"`
	IsRemote         *bool        `json:"isRemote"`      // null is common
	WorkplaceType    string       `json:"workplaceType"` // OnSite, Remote, Hybrid
	Address          *address     `json:"address"`
	JobURL           string       `json:"jobUrl"`
	DescriptionHTML  string       `json:"descriptionHtml"`
	DescriptionPlain string       `json:"descriptionPlain"`
	Compensation     compensation `json:"compensation"`
}

// address is {"postalAddress": {…}}; the documentation shows secondary locations
// with the inner fields alone, real boards wrap those too.
type address struct {
	Postal postal `json:"postalAddress"`
	postal
}

type postal struct {
	Locality string `json:"addressLocality"`
	Region   string `json:"addressRegion"`
	Country  string `json:"addressCountry"`
}

type compensation struct {
	Summary           string      `json:"compensationTierSummary"` // "$135K – $195K • Offers Equity"
	Tiers             []tier      `json:"compensationTiers"`
	SummaryComponents []component `json:"summaryComponents"`
}

type tier struct {
	Components []component `json:"components"`
}

type component struct {
	Type     string   `json:"compensationType"` // Salary, EquityPercentage, EquityCashValue, Bonus, Commission
	Interval string   `json:"interval"`         // "1 YEAR", "1 HOUR", "NONE"
	Currency string   `json:"currencyCode"`
	Min      *float64 `json:"minValue"`
	Max      *float64 `json:"maxValue"`
}
