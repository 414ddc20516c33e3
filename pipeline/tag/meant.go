package tag

import (
	"fmt"
	"reflect"
	"strings"

	"jobcity/pipeline/near"
)

// meant is `, did you mean "aliases"?` for a decoder's message about an unknown
// key of T, or nothing.
func meant[T any](message string) string {
	_, rest, ok := strings.Cut(message, `unknown field "`)
	if !ok {
		return ""
	}
	key, _, _ := strings.Cut(rest, `"`)
	t := reflect.TypeFor[T]()
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Map || t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return ""
	}
	var keys []string
	for i := range t.NumField() {
		if k, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ","); k != "" {
			keys = append(keys, k)
		}
	}
	return suggestion(key, keys)
}

// suggestion is `, did you mean "x"?` for the known word nearest to unknown, if
// one is near.
func suggestion(unknown string, known []string) string {
	meant := near.Words(unknown, known)
	if len(meant) == 0 {
		return ""
	}
	return fmt.Sprintf(", did you mean %q?", meant[0])
}
