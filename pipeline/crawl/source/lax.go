package source

import (
	"encoding/json"
	"errors"
	"strings"
)

// Lax is a field that a posting is of use without. A value that is no T counts as
// not stated; of a list or an object, what does fit is kept.
type Lax[T any] struct{ V T }

// UnmarshalJSON never fails.
func (l *Lax[T]) UnmarshalJSON(b []byte) error {
	var v T
	err := json.Unmarshal(b, &v)
	var misfit *json.UnmarshalTypeError
	if err == nil || errors.As(err, &misfit) {
		l.V = v
	}
	return nil
}

// Word is a short text that a posting is of use without. It may be given as a
// string or a number; any other value counts as not stated.
type Word string

// UnmarshalJSON never fails.
func (w *Word) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		*w = Word(strings.TrimSpace(s))
		return nil
	}
	var n json.Number
	if json.Unmarshal(b, &n) == nil {
		*w = Word(n)
	}
	return nil
}
