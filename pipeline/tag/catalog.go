package tag

import (
	"io/fs"
	"maps"
	"slices"
)

// Catalog is what a taxonomy knows, for the store's dimension tables and for
// people who browse it.
type Catalog struct {
	Version   string           `json:"version"` // content hash of the taxonomy's files
	Districts []CatalogEntry   `json:"districts"`
	Streets   []CatalogEntry   `json:"streets"` // ids are "district/street"
	Facets    []CatalogEntry   `json:"facets"`
	Metrics   []CatalogEntry   `json:"metrics"`
	Skills    []CatalogedSkill `json:"skills"`
	Areas     []CatalogedArea  `json:"areas"`
}

// CatalogedArea is an area of several countries, which a place without a country
// has for a region: a role in it is open to each of them.
type CatalogedArea struct {
	ID        string   `json:"id"`        // EU, EMEA, LATAM …
	Countries []string `json:"countries"` // ISO 3166-1 alpha-2, sorted
}

// CatalogEntry is a district, street, facet or metric.
type CatalogEntry struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// CatalogedSkill is a skill of the taxonomy.
type CatalogedSkill struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Kind      string   `json:"kind"`
	Side      string   `json:"side"`      // technical or operational
	Districts []string `json:"districts"` // where it is at home
}

// Taxonomy is what the tagger's taxonomy knows.
func (t *Tagger) Taxonomy() Catalog {
	c := t.catalog
	c.Version = t.version
	for _, m := range t.vocabulary.metrics {
		c.Metrics = append(c.Metrics, CatalogEntry{m.id, m.name})
	}
	for _, s := range t.vocabulary.skills {
		side := sideTechnical
		if !s.technical {
			side = sideOperational
		}
		c.Skills = append(c.Skills, CatalogedSkill{s.id, s.name, s.kind, side, slices.Clone(s.districts)})
	}
	for _, area := range slices.Sorted(maps.Keys(t.facts.gazetteer.areas)) {
		c.Areas = append(c.Areas, CatalogedArea{area, slices.Clone(t.facts.gazetteer.areas[area])})
	}
	return c
}

// readCatalog reads the names of districts, streets and facets.
func readCatalog(fsys fs.FS) (Catalog, error) {
	var c Catalog
	districts, err := decodeFile[[]placeEntry](fsys, districtFile)
	if err != nil {
		return c, err
	}
	streets, err := decodeFile[[]placeEntry](fsys, streetFile)
	if err != nil {
		return c, err
	}
	facets, err := decodeFile[facetEntries](fsys, facetFile)
	for _, d := range districts {
		c.Districts = append(c.Districts, CatalogEntry{d.ID.text, d.Name.text})
	}
	for _, s := range streets {
		c.Streets = append(c.Streets, CatalogEntry{s.ID.text, s.Name.text})
	}
	for _, f := range facets.Facets {
		c.Facets = append(c.Facets, CatalogEntry{f.ID.text, f.Name.text})
	}
	return c, err
}
