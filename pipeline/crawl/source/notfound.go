package source

import "errors"

// NotFound says whether err of a [Fetch] is an answer that there is nothing at
// that address.
func NotFound(err error) bool {
	var n interface{ NotFound() bool }
	return errors.As(err, &n) && n.NotFound()
}

// Forbidden says whether err of a [Fetch] is the site's own robots.txt, which
// forbids that address.
func Forbidden(err error) bool {
	var f interface{ Forbidden() bool }
	return errors.As(err, &f) && f.Forbidden()
}
