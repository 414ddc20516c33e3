package greenhouse

import "jobcity/pipeline/crawl/source"

// job is one element of "jobs" as the job board API gives it with content=true.
type job struct {
	ID             source.NativeID `json:"id"`
	Title          string          `json:"title"`
	AbsoluteURL    string          `json:"absolute_url"`
	FirstPublished string          `json:"first_published"`
	Language       string          `json:"language"`
	CompanyName    string          `json:"company_name"`
	Content        string          `json:"content"` // HTML, entity-escaped once
	Location       struct {
		Name string `json:"name"`
	} `json:"location"`
	Departments []struct {
		Name string `json:"name"`
	} `json:"departments"`
	Offices []struct {
		Name     string `json:"name"`
		Location string `json:"location"`
	} `json:"offices"`
}

// listed is one element of a collected list, flat and without content.
type listed struct {
	ID             source.NativeID `json:"id"`
	Slug           string          `json:"company_slug"`
	Company        string          `json:"company"`
	Title          string          `json:"title"`
	Location       string          `json:"location"`
	URL            string          `json:"url"`
	AbsoluteURL    string          `json:"absolute_url"`
	FirstPublished string          `json:"first_published"`
}
