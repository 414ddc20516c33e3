package personio

import (
	"encoding/xml"
	"slices"
	"strings"
)

// position is one element of the feed. Of an element that comes twice the last
// counts.
type position struct {
	ID                string     `xml:"id"`
	Subcompany        string     `xml:"subcompany"` // legal entity, where the employer has several
	Office            string     `xml:"office"`
	AdditionalOffices []string   `xml:"additionalOffices>office"`
	Department        string     `xml:"department"`
	Category          string     `xml:"recruitingCategory"`
	Name              string     `xml:"name"`
	Sections          []section  `xml:"jobDescriptions>jobDescription"`
	EmploymentType    string     `xml:"employmentType"` // permanent, intern, trainee, freelance; others occur
	Schedule          string     `xml:"schedule"`       // full-time, part-time, full-or-part-time
	CreatedAt         string     `xml:"createdAt"`
	Swallowed         []struct{} `xml:"position"` // of a position that has no end
}

type section struct {
	Name  string `xml:"name"`
	Value markup `xml:"value"`
}

// unclosed are the elements of HTML that have no end.
var unclosed = []string{"br", "hr", "img"}

// markup is HTML in CDATA, escaped, or as elements of the feed itself.
type markup string

// UnmarshalXML takes the element's content, with the tags in it but not their
// attributes.
func (m *markup) UnmarshalXML(d *xml.Decoder, _ xml.StartElement) error {
	var b strings.Builder
	for depth := 0; ; {
		t, err := d.Token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.CharData:
			b.Write(t)
		case xml.StartElement:
			depth++
			b.WriteString("<" + t.Name.Local + ">")
		case xml.EndElement:
			if depth == 0 {
				*m = markup(b.String())
				return nil
			}
			depth--
			if !slices.Contains(unclosed, t.Name.Local) {
				b.WriteString("</" + t.Name.Local + ">")
			}
		}
	}
}
