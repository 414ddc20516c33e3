package query

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"jobcity/pipeline/near"
)

// MaxValue is the most bytes that the value of one parameter may have.
const MaxValue = 4096

// BadParam is one parameter that could not be bound.
type BadParam struct {
	Name   string   `json:"name"`
	Value  string   `json:"value,omitempty"`
	Reason string   `json:"reason"`         // what is wrong and what would be right
	Near   []string `json:"near,omitempty"` // names or values that were perhaps meant
}

// ParamError says everything that is wrong with the values given to a query.
type ParamError struct {
	Query  string
	Params []BadParam // by name
}

// Error names every bad parameter.
func (e *ParamError) Error() string {
	parts := make([]string, len(e.Params))
	for i, p := range e.Params {
		parts[i] = p.Name + ": " + p.Reason
	}
	return e.Query + ": " + strings.Join(parts, "; ")
}

// Bind converts values to the declared types and fills in the defaults. An empty
// value counts as not given. The error is a [*ParamError] that lists every
// unknown, missing and unreadable parameter.
func (q *Query) Bind(values map[string]string) (Bound, error) {
	b := Bound{Query: q, Args: make([]any, 0, len(q.Params)), Params: map[string]string{}}
	var bad []BadParam
	known := make([]string, len(q.Params))
	for i, p := range q.Params {
		known[i] = p.Name
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !slices.Contains(known, name) {
			bad = append(bad, BadParam{
				Name: name, Value: clip(values[name]), Near: near.Words(name, known),
				Reason: "unknown parameter" + orNear(name, known),
			})
		}
	}
	for _, p := range q.Params {
		value := values[p.Name]
		if value == "" && p.Default != nil {
			value = *p.Default
		}
		if value == "" {
			if p.Required {
				bad = append(bad, BadParam{Name: p.Name, Reason: "required: " + strings.TrimSuffix(p.Type+", "+p.Doc, ", ")})
			}
			b.Args = append(b.Args, sql.Named(p.Name, nil))
			continue
		}
		v, err := p.convert(value)
		if err != nil {
			bad = append(bad, BadParam{Name: p.Name, Value: clip(value), Reason: err.Error()})
			continue
		}
		b.Args = append(b.Args, sql.Named(p.Name, v))
		b.Params[p.Name] = value
	}
	if len(bad) > 0 {
		slices.SortStableFunc(bad, func(x, y BadParam) int { return strings.Compare(x.Name, y.Name) })
		return Bound{}, &ParamError{Query: q.Name, Params: bad}
	}
	return b, nil
}

// convert reads a value of the parameter's type and checks that it may have it.
func (p Param) convert(s string) (any, error) {
	v, err := convert(p.Type, s)
	if err != nil {
		return nil, err
	}
	if len(p.Values) > 0 && !slices.Contains(p.Values, s) {
		return nil, fmt.Errorf("must be one of %s (got %q)", strings.Join(p.Values, ", "), clip(s))
	}
	if p.Range != nil {
		if f, _ := digits(v); f < p.Range.Least || f > p.Range.Most {
			return nil, fmt.Errorf("must be from %s to %s (got %s)", cell(p.Range.Least), cell(p.Range.Most), clip(s))
		}
	}
	return v, nil
}

// convert reads a value of a type.
func convert(typ, s string) (any, error) {
	if len(s) > MaxValue {
		return nil, fmt.Errorf("must have at most %d bytes (got %d)", MaxValue, len(s))
	}
	switch typ {
	case "text":
		if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
			return nil, errors.New("must be valid UTF-8 without NUL")
		}
		return s, nil
	case "bigint":
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("must be a whole number such as 12 (got %q)", clip(s))
		}
		return n, nil
	case "double":
		f, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, fmt.Errorf("must be a number such as 0.25 (got %q)", clip(s))
		}
		return f, nil
	case "date":
		for _, layout := range []string{time.DateOnly, "2006-01"} {
			if t, err := time.Parse(layout, s); err == nil {
				return t, nil
			}
		}
		return nil, fmt.Errorf("must be a date such as 2026-01-31, or a month such as 2026-01 (got %q)", clip(s))
	case "boolean":
		switch strings.ToLower(s) {
		case "true", "1", "yes":
			return true, nil
		case "false", "0", "no":
			return false, nil
		}
		return nil, fmt.Errorf("must be true or false (got %q)", clip(s))
	}
	return nil, fmt.Errorf("unknown type %q", typ)
}

// clip shortens a value for a message.
func clip(s string) string {
	const most = 80
	s = strings.ToValidUTF8(s, "\uFFFD")
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// orNear words a suggestion for a message, or nothing when none is near.
func orNear(word string, candidates []string) string {
	if n := near.Words(word, candidates); len(n) > 0 {
		return "; did you mean " + strings.Join(n, ", ") + "?"
	}
	if len(candidates) == 0 {
		return "; none is known here"
	}
	return "; known are " + strings.Join(candidates, ", ")
}
