package bamboohr

import (
	"encoding/json"

	"jobcity/pipeline/crawl/source"
)

// listed is one element of "result" in /careers/list. What else it says comes
// with the detail, too.
type listed struct {
	ID   source.NativeID `json:"id"`
	Name source.Word     `json:"jobOpeningName"`
}

// detail is the answer of /careers/{id}/detail.
type detail struct {
	Result struct {
		Opening *opening `json:"jobOpening"`
	} `json:"result"`
}

type opening struct {
	ShareURL         source.Word          `json:"jobOpeningShareUrl"`
	Name             string               `json:"jobOpeningName"`
	Department       source.Word          `json:"departmentLabel"`
	EmploymentStatus source.Word          `json:"employmentStatusLabel"` // the employer's words: "Full-Time", "FT" …
	Location         source.Lax[location] `json:"location"`
	ATSLocation      source.Lax[location] `json:"atsLocation"` // used where location is empty
	Description      string               `json:"description"`
	Compensation     source.Word          `json:"compensation"` // free text, or null
	DatePosted       source.Word          `json:"datePosted"`
	LocationType     source.Word          `json:"locationType"` // 0 on site, 1 remote, 2 hybrid
	IsRemote         source.Lax[bool]     `json:"isRemote"`     // null is common
}

// location is an object, or just a name.
type location struct {
	City           source.Word `json:"city"`
	State          source.Word `json:"state"`
	Province       source.Word `json:"province"`
	Country        source.Word `json:"country"`
	AddressCountry source.Word `json:"addressCountry"`
}

// UnmarshalJSON takes a name for that of the city.
func (l *location) UnmarshalJSON(b []byte) error {
	type object location
	if err := l.City.UnmarshalJSON(b); err != nil || l.City != "" {
		return err
	}
	return json.Unmarshal(b, (*object)(l))
}
