// Package tag reads a posting and says what it asks of a person: districts,
// streets, facets, skills, pay, place and seniority, each with the words that
// earned it. It is a pure function of the posting and the taxonomy: no clock, no
// files, no network, the same answer everywhere.
package tag

// Tags is what one posting is tagged with. Its JSON is the output of
// `jobcity tag` and part of /v1/postings/{id}; it does not change within v1.
type Tags struct {
	ID             string             `json:"id"`
	Standing       string             `json:"standing"` // core, adjacent, outside
	Primary        *string            `json:"primary"`  // the district of most of the role; null when outside
	Districts      []Share            `json:"districts"`
	Streets        []Share            `json:"streets"`
	Facets         map[string]float64 `json:"facets"`      // all nine, each in [0,1]; present at 0.5 and over
	Technical      float64            `json:"technical"`   // share, with Operational 1; both 0 when nothing was found
	Operational    float64            `json:"operational"` // share
	Hybrid         float64            `json:"hybrid"`      // 0: all one side, 1: an even blend over many facets
	Skills         []Skill            `json:"skills"`
	Seniority      string             `json:"seniority"`       // intern, junior, mid, senior, lead, manager, executive, unspecified
	Workplace      string             `json:"workplace"`       // remote, hybrid, onsite, unspecified
	EmploymentType string             `json:"employment_type"` // full_time, part_time, contract, temporary, internship, unspecified
	Salary         *Salary            `json:"salary"`
	Places         []Place            `json:"places"`
	Years          *int               `json:"years"`    // the least number of years asked; null: none stated
	Degree         string             `json:"degree"`   // none, secondary, bachelor, master, doctorate, unspecified
	Language       string             `json:"language"` // ISO 639-1 of the text, "und" when it cannot be told
	Metrics        []string           `json:"metrics"`  // ids of district metrics named in the text
	Taxonomy       string             `json:"taxonomy"` // version of the taxonomy: a content hash
	Evidence       []Evidence         `json:"evidence"`
	Notes          []string           `json:"notes,omitempty"` // why something could not be read
	Words          []uint32           `json:"-"`               // the words of the role, for telling copies: see [Words]
	OtherWords     []uint32           `json:"-"`               // those of the employer, benefits, legal text and application alone
}

// Share is a membership: the weights of one posting's districts sum to 1, and so
// do those of its streets. The heaviest is first.
type Share struct {
	ID     string  `json:"id"` // "software", or "software/backend" for a street
	Weight float64 `json:"weight"`
}

// Skill is a skill that a posting names.
type Skill struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Need string `json:"need"` // must, nice, mention
}

// Salary is pay as stated, never predicted. A single figure is both Min and Max.
type Salary struct {
	Min        float64 `json:"min"`
	Max        float64 `json:"max"`
	Currency   string  `json:"currency"` // ISO 4217
	Period     string  `json:"period"`   // year, month, week, day, hour
	AnnualMin  float64 `json:"annual_min"`
	AnnualMax  float64 `json:"annual_max"`
	AnnualRule string  `json:"annual_rule"`    // the rule that made the annual figures, "as stated" for yearly pay
	Structured bool    `json:"structured"`     // stated by the source beside the text
	Flag       string  `json:"flag,omitempty"` // why the pay as stated is not believed; empty where it is
}

// Place is a place where the role can be done; what is not known is empty.
type Place struct {
	Country string `json:"country"` // ISO 3166-1 alpha-2
	Region  string `json:"region"`
	City    string `json:"city"`
}

// Evidence is why a tag is there. Start and End are byte offsets into the
// posting's text as it was given (or into its title, when Section is "title");
// Text is what stands there.
type Evidence struct {
	Tag     string  `json:"tag"`  // "skill:python", "facet:monitoring", "district:data", "street:data/science", "seniority:senior" …
	Rule    string  `json:"rule"` // id of the rule that made it
	Start   int     `json:"start"`
	End     int     `json:"end"`
	Text    string  `json:"text"`
	Section string  `json:"section"`          // title, duties, requirements, nice, employer, benefits, legal, application, body, or the name of a stated field
	Weight  float64 `json:"weight,omitempty"` // what it contributed to the score, where there is one
}
