package source

import "errors"

// NotFound says whether err of a [Fetch] is an answer that there is nothing at
// that address.
func NotFound(err error) bool {
	var n interface{ NotFound() bool }
	return errors.As(err, &n) && n.NotFound()
}
