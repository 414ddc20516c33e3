// Package query reads the named .sql files, checks their headers and binds typed
// values to their parameters. It runs nothing: package store runs what is bound
// here, and this package writes the rows that come back as a table, CSV, JSON,
// NDJSON, Markdown, Parquet or Arrow.
//
// A query file is one statement under a header that is its contract:
//
//	-- name:   skill_share_by_month
//	-- title:  Share of postings that mention a skill, by month
//	-- doc:    One sentence or more; lines are joined.
//	-- param:  skill text -- id of a skill, in lower case
//	-- param:  district text = null -- only postings of this district
//	-- param:  workplace text in remote|hybrid|onsite = null
//	-- param:  top bigint in 1..1000 = 50 -- at most so many rows
//	-- base:   postings, employers
//	-- base:   pay_postings, pay_employers for pay_median, pay_lower
//	-- column: month date, share double, postings bigint, employers bigint
//
// The name is the file's name. A parameter without a default is required; the
// default null means "not given". The body names a parameter as $skill and in no
// other way. The base names the columns that say how large the sample of a row is,
// its postings and its employers; without the line it is the columns of those
// names, if there are any. A base for some columns says that these rest on a part of
// the sample.
package query

import (
	"database/sql"
	"slices"
	"strconv"
)

// Column is one column of a query's rows.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"` // text, bigint, double, date, timestamp, boolean; from free SQL also DuckDB's other types, in lower case
}

// Param is one declared parameter.
type Param struct {
	Name     string  `json:"name"`
	Type     string  `json:"type"`     // text, bigint, double, date or boolean
	Default  *string `json:"default"`  // nil: none, or null
	Required bool    `json:"required"` // true when the header gives no default
	Doc      string  `json:"doc,omitempty"`

	Values []string `json:"values,omitempty"` // all the values a text may have; none: any
	Range  *Range   `json:"range,omitempty"`  // the values a number may have; nil: any
}

// Range is a closed interval.
type Range struct {
	Least float64 `json:"least"`
	Most  float64 `json:"most"`
}

// Base names the columns of a row's sample; both are empty when rows are no
// estimates.
type Base struct{ Postings, Employers string }

// Part names the columns that rest on another sample than the rest of their row.
type Part struct {
	Base
	Columns []string
}

// Query is one named statement and its contract.
type Query struct {
	Name    string   `json:"name"`
	Title   string   `json:"title"`
	Doc     string   `json:"doc,omitempty"`
	Params  []Param  `json:"params"`
	Columns []Column `json:"columns"`
	Base    Base     `json:"-"`
	Parts   []Part   `json:"-"`
	SQL     string   `json:"-"` // the whole file, header included
}

// Bound is a query with a value for each of its parameters, ready to run.
type Bound struct {
	Query  *Query
	Args   []any             // one [database/sql.NamedArg] a parameter
	Params map[string]string // the values in use, defaults included; what is null is absent
}

// Value is the value bound to the parameter of that name; nil when it is null or
// there is no such parameter.
func (b Bound) Value(name string) any {
	for _, a := range b.Args {
		if n, ok := a.(sql.NamedArg); ok && n.Name == name {
			return n.Value
		}
	}
	return nil
}

// Result is what a query answered.
type Result struct {
	Columns   []Column
	Rows      [][]any // one value a column: nil, bool, integers, floats, string, time.Time, or what the driver gives for other types
	Truncated bool    // there were more rows than the caller asked for
}

// Catalog is a set of queries by name.
type Catalog struct {
	queries []*Query // by name
}

// All returns the queries in the order of their names.
func (c *Catalog) All() []*Query { return c.queries }

// Query returns the query of that name, or nil.
func (c *Catalog) Query(name string) *Query {
	for _, q := range c.queries {
		if q.Name == name {
			return q
		}
	}
	return nil
}

// Suppress takes the estimates (columns of type double, and those named
// significant) out of the rows of q whose sample is smaller than asked for, those of
// its parts by their own, and returns in how many rows that was. A result without a
// base stays as it is.
func (r *Result) Suppress(q *Query, minPostings, minEmployers int64) int {
	touched := map[int]bool{}
	suppress := func(b Base, estimate func(Column) bool) {
		postings, employers := r.column(b.Postings), r.column(b.Employers)
		if postings < 0 || employers < 0 {
			return
		}
		for n, row := range r.Rows {
			p, _ := row[postings].(int64)
			e, _ := row[employers].(int64)
			if p >= minPostings && e >= minEmployers {
				continue
			}
			for i, c := range r.Columns {
				if estimate(c) && row[i] != nil {
					row[i], touched[n] = nil, true
				}
			}
		}
	}
	suppress(q.Base, func(c Column) bool { return c.Type == "double" || c.Name == "significant" })
	for _, part := range q.Parts {
		suppress(part.Base, func(c Column) bool { return slices.Contains(part.Columns, c.Name) })
	}
	return len(touched)
}

// Round cuts the values of double columns to 12 significant digits. DuckDB adds up
// on several threads, so the last digits of a sum differ from run to run.
func (r *Result) Round() {
	for i, c := range r.Columns {
		if c.Type != "double" {
			continue
		}
		for _, row := range r.Rows {
			if f, ok := row[i].(float64); ok {
				row[i], _ = strconv.ParseFloat(strconv.FormatFloat(f, 'g', 12, 64), 64) // cannot fail: it is a number's own text
			}
		}
	}
}

func (r *Result) column(name string) int {
	return slices.IndexFunc(r.Columns, func(c Column) bool { return c.Name == name })
}
