// Package batch gathers tagged postings into Arrow record batches. It takes rows
// from the taggers and yields Arrow IPC streams small enough for one bus message;
// the store applies them. All batches have one flat schema: a row is a posting,
// and what a posting has several of (skills, evidence, places …) are parallel
// lists, which the store turns into rows of their own tables. The same rows
// always give the same bytes.
package batch

import (
	"slices"
	"sort"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"jobcity/pipeline/copies"
	"jobcity/pipeline/employer"
	"jobcity/pipeline/posting"
	"jobcity/pipeline/tag"
)

// SchemaVersion is the version of the record batch's schema. It travels in the
// schema's metadata under [SchemaKey]; [Decode] refuses any other.
const (
	SchemaVersion = "2"
	SchemaKey     = "jobcity.batch"
)

// record is a row made ready for its columns.
type record struct {
	*posting.Posting
	tags     *tag.Tags
	facets   []string // ids of tags.Facets, sorted
	evidence []tag.Evidence
	sketch   copies.Sketch
}

func newRecord(r *Row) *record {
	facets := make([]string, 0, len(r.Tags.Facets))
	for id := range r.Tags.Facets {
		facets = append(facets, id)
	}
	sort.Strings(facets)
	return &record{Posting: &r.Posting, tags: &r.Tags, facets: facets, evidence: boundEvidence(r.Tags.Evidence),
		sketch: copies.New(&r.Posting, employer.Key(r.Posting.Employer), &r.Tags)}
}

// column is one column of the record batch and how a row fills it.
type column struct {
	arrow.Field
	fill func(array.Builder, *record)
}

// Schema returns the schema of every record batch.
func Schema() *arrow.Schema {
	cols := columns()
	fields := make([]arrow.Field, len(cols))
	for i, c := range cols {
		fields[i] = c.Field
	}
	meta := arrow.NewMetadata([]string{SchemaKey}, []string{SchemaVersion})
	return arrow.NewSchema(fields, &meta)
}

// columns is the schema: the columns of the store's table of incoming rows, in
// its order (sql/store/incoming.sql).
func columns() []column {
	return slices.Concat(postingColumns(), tagColumns(), listColumns(), sketchColumns(), []column{
		text("text", func(r *record) string { return r.Text }),
	})
}

func postingColumns() []column {
	return []column{
		text("posting_id", func(r *record) string { return r.ID }),
		text("content_hash", func(r *record) string { return r.ContentHash }),
		text("fingerprint", func(r *record) string { return Fingerprint(*r.Posting) }),
		text("source", func(r *record) string { return r.Source }),
		text("board", func(r *record) string { return r.Board }),
		text("board_id", func(r *record) string { return posting.BoardID(r.Source, r.Board) }),
		text("native_id", func(r *record) string { return r.NativeID }),
		text("employer_id", func(r *record) string { return employer.Key(r.Employer) }), // the store knows more of employers than their names
		text("employer", func(r *record) string { return r.Employer }),
		text("title", func(r *record) string { return r.Title }),
		optional("url", func(r *record) string { return r.URL }),
		optional("department", func(r *record) string { return r.Department }),
		optional("team", func(r *record) string { return r.Team }),
		date("posted_on", func(r *record) string { return r.PostedOn }),
		date("closed_on", func(r *record) string { return r.ClosedOn }),
		{arrow.Field{Name: "seen_at", Type: &arrow.TimestampType{Unit: arrow.Microsecond}}, func(b array.Builder, r *record) {
			b.(*array.TimestampBuilder).Append(arrow.Timestamp(r.SeenAt.UnixMicro()))
		}},
		flag("truncated", func(r *record) bool { return r.Truncated }),
	}
}

func tagColumns() []column {
	return []column{
		text("standing", func(r *record) string { return r.tags.Standing }),
		optional("district", func(r *record) string {
			if r.tags.Primary == nil {
				return ""
			}
			return *r.tags.Primary
		}),
		optional("street", func(r *record) string {
			if len(r.tags.Streets) == 0 {
				return ""
			}
			return r.tags.Streets[0].ID
		}),
		number("technical", func(r *record) float64 { return r.tags.Technical }),
		number("operational", func(r *record) float64 { return r.tags.Operational }),
		number("hybrid", func(r *record) float64 { return r.tags.Hybrid }),
		text("seniority", func(r *record) string { return r.tags.Seniority }),
		text("workplace", func(r *record) string { return r.tags.Workplace }),
		text("employment_type", func(r *record) string { return r.tags.EmploymentType }),
		pay("pay_min", func(s *tag.Salary) float64 { return s.Min }),
		pay("pay_max", func(s *tag.Salary) float64 { return s.Max }),
		payText("pay_currency", func(s *tag.Salary) string { return s.Currency }),
		payText("pay_period", func(s *tag.Salary) string { return s.Period }),
		pay("pay_annual_min", func(s *tag.Salary) float64 { return s.AnnualMin }),
		pay("pay_annual_max", func(s *tag.Salary) float64 { return s.AnnualMax }),
		payText("pay_rule", func(s *tag.Salary) string { return s.AnnualRule }),
		{arrow.Field{Name: "pay_structured", Type: arrow.FixedWidthTypes.Boolean, Nullable: true}, func(b array.Builder, r *record) {
			if s := r.tags.Salary; s != nil {
				b.(*array.BooleanBuilder).Append(s.Structured)
				return
			}
			b.AppendNull()
		}},
		payText("pay_flag", func(s *tag.Salary) string { return s.Flag }),
		{arrow.Field{Name: "years", Type: arrow.PrimitiveTypes.Int32, Nullable: true}, func(b array.Builder, r *record) {
			if y := r.tags.Years; y != nil {
				b.(*array.Int32Builder).Append(int32(*y))
				return
			}
			b.AppendNull()
		}},
		text("degree", func(r *record) string { return r.tags.Degree }),
		text("language", func(r *record) string { return r.tags.Language }),
		text("taxonomy", func(r *record) string { return r.tags.Taxonomy }),
	}
}

func listColumns() []column {
	return []column{
		texts("districts", func(r *record) int { return len(r.tags.Districts) }, func(r *record, i int) string { return r.tags.Districts[i].ID }),
		numbers("district_weights", func(r *record) int { return len(r.tags.Districts) }, func(r *record, i int) float64 { return r.tags.Districts[i].Weight }),
		texts("streets", func(r *record) int { return len(r.tags.Streets) }, func(r *record, i int) string { return r.tags.Streets[i].ID }),
		numbers("street_weights", func(r *record) int { return len(r.tags.Streets) }, func(r *record, i int) float64 { return r.tags.Streets[i].Weight }),
		texts("facets", func(r *record) int { return len(r.facets) }, func(r *record, i int) string { return r.facets[i] }),
		numbers("facet_scores", func(r *record) int { return len(r.facets) }, func(r *record, i int) float64 { return r.tags.Facets[r.facets[i]] }),
		texts("skills", func(r *record) int { return len(r.tags.Skills) }, func(r *record, i int) string { return r.tags.Skills[i].ID }),
		texts("skill_needs", func(r *record) int { return len(r.tags.Skills) }, func(r *record, i int) string { return r.tags.Skills[i].Need }),
		texts("place_countries", func(r *record) int { return len(r.tags.Places) }, func(r *record, i int) string { return r.tags.Places[i].Country }),
		texts("place_regions", func(r *record) int { return len(r.tags.Places) }, func(r *record, i int) string { return r.tags.Places[i].Region }),
		texts("place_cities", func(r *record) int { return len(r.tags.Places) }, func(r *record, i int) string { return r.tags.Places[i].City }),
		texts("locations", func(r *record) int { return len(r.Locations) }, func(r *record, i int) string { return r.Locations[i] }),
		texts("metrics", func(r *record) int { return len(r.tags.Metrics) }, func(r *record, i int) string { return r.tags.Metrics[i] }),
		texts("evidence_tags", func(r *record) int { return len(r.evidence) }, func(r *record, i int) string { return r.evidence[i].Tag }),
		texts("evidence_rules", func(r *record) int { return len(r.evidence) }, func(r *record, i int) string { return r.evidence[i].Rule }),
		ints("evidence_starts", func(r *record) int { return len(r.evidence) }, func(r *record, i int) int { return r.evidence[i].Start }),
		ints("evidence_ends", func(r *record) int { return len(r.evidence) }, func(r *record, i int) int { return r.evidence[i].End }),
		texts("evidence_words", func(r *record) int { return len(r.evidence) }, func(r *record, i int) string { return r.evidence[i].Text }),
		texts("evidence_sections", func(r *record) int { return len(r.evidence) }, func(r *record, i int) string { return r.evidence[i].Section }),
		numbers("evidence_weights", func(r *record) int { return len(r.evidence) }, func(r *record, i int) float64 { return r.evidence[i].Weight }),
	}
}

func sketchColumns() []column {
	return []column{
		key("sketch_group", func(s *copies.Sketch) uint64 { return s.Group }),
		key("sketch_set", func(s *copies.Sketch) uint64 { return s.Set }),
		key("sketch_text", func(s *copies.Sketch) uint64 { return s.Text }),
		list("sketch_words", arrow.PrimitiveTypes.Uint32, func(r *record) int { return len(r.sketch.Words) }, func(b array.Builder, r *record, i int) {
			b.(*array.Uint32Builder).Append(r.sketch.Words[i])
		}),
		list("sketch_other", arrow.PrimitiveTypes.Uint32, func(r *record) int { return len(r.sketch.Other) }, func(b array.Builder, r *record, i int) {
			b.(*array.Uint32Builder).Append(r.sketch.Other[i])
		}),
		list("sketch_bands", arrow.PrimitiveTypes.Uint64, func(r *record) int { return len(r.sketch.Bands) }, func(b array.Builder, r *record, i int) {
			b.(*array.Uint64Builder).Append(r.sketch.Bands[i])
		}),
	}
}

func key(name string, value func(*copies.Sketch) uint64) column {
	return column{arrow.Field{Name: name, Type: arrow.PrimitiveTypes.Uint64}, func(b array.Builder, r *record) {
		b.(*array.Uint64Builder).Append(value(&r.sketch))
	}}
}

func text(name string, value func(*record) string) column {
	return column{arrow.Field{Name: name, Type: arrow.BinaryTypes.String}, func(b array.Builder, r *record) {
		b.(*array.StringBuilder).Append(value(r))
	}}
}

// optional is a text that is null when it is empty.
func optional(name string, value func(*record) string) column {
	return column{arrow.Field{Name: name, Type: arrow.BinaryTypes.String, Nullable: true}, func(b array.Builder, r *record) {
		if s := value(r); s != "" {
			b.(*array.StringBuilder).Append(s)
			return
		}
		b.AppendNull()
	}}
}

// date is null when the text is not an ISO calendar day.
func date(name string, value func(*record) string) column {
	return column{arrow.Field{Name: name, Type: arrow.FixedWidthTypes.Date32, Nullable: true}, func(b array.Builder, r *record) {
		if t, ok := day(value(r)); ok {
			b.(*array.Date32Builder).Append(arrow.Date32FromTime(t))
			return
		}
		b.AppendNull()
	}}
}

func flag(name string, value func(*record) bool) column {
	return column{arrow.Field{Name: name, Type: arrow.FixedWidthTypes.Boolean}, func(b array.Builder, r *record) {
		b.(*array.BooleanBuilder).Append(value(r))
	}}
}

func number(name string, value func(*record) float64) column {
	return column{arrow.Field{Name: name, Type: arrow.PrimitiveTypes.Float64}, func(b array.Builder, r *record) {
		b.(*array.Float64Builder).Append(value(r))
	}}
}

// pay is a figure of the salary, null when there is no salary or the figure is 0.
func pay(name string, value func(*tag.Salary) float64) column {
	return column{arrow.Field{Name: name, Type: arrow.PrimitiveTypes.Float64, Nullable: true}, func(b array.Builder, r *record) {
		if s := r.tags.Salary; s != nil && value(s) != 0 {
			b.(*array.Float64Builder).Append(value(s))
			return
		}
		b.AppendNull()
	}}
}

func payText(name string, value func(*tag.Salary) string) column {
	return optional(name, func(r *record) string {
		if s := r.tags.Salary; s != nil {
			return value(s)
		}
		return ""
	})
}

// list is a list without nulls: itself never null, its items never null.
func list(name string, item arrow.DataType, length func(*record) int, fill func(array.Builder, *record, int)) column {
	return column{arrow.Field{Name: name, Type: arrow.ListOfNonNullable(item)}, func(b array.Builder, r *record) {
		l := b.(*array.ListBuilder)
		l.Append(true)
		for i := range length(r) {
			fill(l.ValueBuilder(), r, i)
		}
	}}
}

func texts(name string, length func(*record) int, value func(*record, int) string) column {
	return list(name, arrow.BinaryTypes.String, length, func(b array.Builder, r *record, i int) {
		b.(*array.StringBuilder).Append(value(r, i))
	})
}

func numbers(name string, length func(*record) int, value func(*record, int) float64) column {
	return list(name, arrow.PrimitiveTypes.Float64, length, func(b array.Builder, r *record, i int) {
		b.(*array.Float64Builder).Append(value(r, i))
	})
}

func ints(name string, length func(*record) int, value func(*record, int) int) column {
	return list(name, arrow.PrimitiveTypes.Int32, length, func(b array.Builder, r *record, i int) {
		b.(*array.Int32Builder).Append(int32(value(r, i)))
	})
}
