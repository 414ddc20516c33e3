package source

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// tenantMark stands in a base URL for the board's name.
const tenantMark = "{board}"

// hostName is a host name without a port: labels of letters, digits and hyphens.
var hostName = regexp.MustCompile(`(?i)^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$`)

// Root is where b is asked, for services that give every board a host of its own.
// Their base URL holds "{board}", as in "https://{board}.jobs.example":
//
//   - a board called "acme" is asked at https://acme.jobs.example;
//   - a board called "careers.acme.example" is a site under the employer's own
//     name, and is asked at https://careers.acme.example;
//   - if the base URL is set to one without {board}, the name is the first part of
//     the path, as in http://localhost:9000/acme: one server stands in for all.
func (b Board) Root() string {
	before, after, ok := strings.Cut(b.BaseURL, tenantMark)
	switch {
	case !ok:
		return b.BaseURL + "/" + url.PathEscape(b.Board)
	case strings.Contains(b.Board, "."):
		return "https://" + b.Board
	}
	return before + b.Board + after
}

// CheckTenant says what is wrong with the name of a board that has a host of its
// own.
func CheckTenant(b Board) error {
	if len(b.Board) > 253 || !hostName.MatchString(b.Board) {
		return fmt.Errorf("board: must be the part of the host that names the employer, or a whole host (got %q)", b.Board)
	}
	return nil
}

// ParseBaseURL is the parsed base URL, with a name in the place of {board}.
func ParseBaseURL(base string) (*url.URL, error) {
	u, err := url.Parse(strings.Replace(base, tenantMark, "board", 1))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, errors.New("not an http or https URL")
	}
	return u, nil
}
