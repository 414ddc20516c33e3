package smartrecruiters

import "jobcity/pipeline/crawl/source"

// entry is one element of "content" in a page of the list. Nothing but the id is
// read from it: the answer about the posting has all the rest.
type entry struct {
	ID source.NativeID `json:"id"`
}

// detail is the answer about one posting.
type detail struct {
	ID      source.NativeID `json:"id"`
	Name    string          `json:"name"`
	Company struct {
		Identifier string `json:"identifier"` // the board
		Name       string `json:"name"`
	} `json:"company"`
	ReleasedDate     string   `json:"releasedDate"`
	Location         location `json:"location"`
	Department       labelled `json:"department"`
	TypeOfEmployment labelled `json:"typeOfEmployment"`
	Language         struct {
		Code string `json:"code"`
	} `json:"language"`
	PostingURL string `json:"postingUrl"`
	JobAd      struct {
		Sections struct {
			CompanyDescription    section `json:"companyDescription"`
			JobDescription        section `json:"jobDescription"`
			Qualifications        section `json:"qualifications"`
			AdditionalInformation section `json:"additionalInformation"`
		} `json:"sections"`
	} `json:"jobAd"`
}

type location struct {
	City    string `json:"city"`
	Region  string `json:"region"`
	Country string `json:"country"`      // ISO 3166-1 alpha-2, in lower case
	Full    string `json:"fullLocation"` // "Madrid, MD, Spain"; parts may be empty
	Remote  bool   `json:"remote"`
	Hybrid  bool   `json:"hybrid"`
}

type labelled struct {
	ID    source.NativeID `json:"id"`
	Label string          `json:"label"`
}

type section struct {
	Title string `json:"title"`
	Text  string `json:"text"` // HTML
}
