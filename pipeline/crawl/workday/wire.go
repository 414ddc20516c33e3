package workday

import (
	"encoding/json"

	"jobcity/pipeline/crawl/source"
)

// query is the body of a request for a page of the list. A field that is missing
// is answered with 422.
type query struct {
	AppliedFacets applied `json:"appliedFacets"`
	Limit         int     `json:"limit"` // more than 20 is refused
	Offset        int     `json:"offset"`
	SearchText    string  `json:"searchText"`
}

// applied are ids of values by the parameter of their facet: postings that have
// any of the values of each.
type applied map[string][]string

// listed is one element of "jobPostings".
type listed struct {
	Title         source.Word                   `json:"title"`
	ExternalPath  source.Word                   `json:"externalPath"` // "/job/Berlin/Platform-Engineer_JR-1001"
	LocationsText source.Word                   `json:"locationsText"`
	TimeType      source.Word                   `json:"timeType"`
	RemoteType    source.Word                   `json:"remoteType"`
	BulletFields  source.Lax[[]json.RawMessage] `json:"bulletFields"` // the first is mostly the requisition's id
}

// facet is a way to part the postings. A value may be a facet of its own.
type facet struct {
	Parameter source.Word         `json:"facetParameter"`
	ID        source.Word         `json:"id"`
	Count     source.Amount       `json:"count"`
	Values    source.Lax[[]facet] `json:"values"`
}

// detail is the answer about one posting.
type detail struct {
	Info *info `json:"jobPostingInfo"`
}

type info struct {
	Title               string                    `json:"title"`
	JobDescription      string                    `json:"jobDescription"`
	Location            source.Word               `json:"location"`
	AdditionalLocations source.Lax[[]source.Word] `json:"additionalLocations"`
	Country             source.Lax[country]       `json:"country"`
	RequisitionLocation source.Lax[struct {
		Country source.Lax[country] `json:"country"`
	}] `json:"jobRequisitionLocation"`
	TimeType    source.Word `json:"timeType"`   // "Full time", in the site's language
	RemoteType  source.Word `json:"remoteType"` // "Remote", "Hybrid", "On-site"; the employer's words
	StartDate   source.Word `json:"startDate"`  // of the posting, ISO
	PostedOn    source.Word `json:"postedOn"`   // "Posted 3 Days Ago"
	EndDate     source.Word `json:"endDate"`    // of the posting, where the employer states it
	ExternalURL source.Word `json:"externalUrl"`
}

type country struct {
	Descriptor source.Word `json:"descriptor"`
	Alpha2     source.Word `json:"alpha2Code"`
}
