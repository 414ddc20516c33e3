package jobposting

// propertyNames are the names that JobPosting markup is made of; they need not be
// copied for each page.
var propertyNames = func() map[string]string {
	names := map[string]string{}
	for _, n := range []string{
		"@context", "@type", "@id", "@graph", "@value", "@language", "@list", "@set",
		"title", "name", "legalName", "alternateName", "description", "datePosted", "validThrough", "url", "sameAs", "logo", "image",
		"identifier", "propertyID", "value", "hiringOrganization", "department", "employmentUnit", "employmentType",
		"jobLocation", "jobLocationType", "applicantLocationRequirements", "address", "streetAddress", "addressLocality",
		"addressRegion", "postalCode", "addressCountry", "geo", "latitude", "longitude",
		"baseSalary", "estimatedSalary", "currency", "minValue", "maxValue", "unitText", "unitCode", "salaryCurrency",
		"minPrice", "maxPrice", "price", "priceCurrency", "directApply", "industry", "occupationalCategory", "workHours",
		"responsibilities", "qualifications", "skills", "experienceRequirements", "educationRequirements", "jobBenefits",
		"incentiveCompensation", "monthsOfExperience", "credentialCategory", "inLanguage", "mainEntity", "mainEntityOfPage",
		"itemListElement", "item", "position", "numberOfItems",
	} {
		names[n] = n
	}
	return names
}()
