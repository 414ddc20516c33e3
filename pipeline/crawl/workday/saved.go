package workday

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/posting"
)

// publicPath is the path of a posting's page: perhaps a language, the site, and
// what the list calls the posting's path. A host that tenants share names the
// tenant, too.
var publicPath = regexp.MustCompile(`^(?:/[a-z]{2}-[A-Z]{2})?(?:/recruiting/([^/]+))?/([^/]+)(/job/.+)$`)

// DecodeSaved reads a saved answer about one posting. Which one it is says its own
// address; so does the board, unless one is given. How many days ago it was posted
// counts for nothing: nobody knows when the answer was saved.
func DecodeSaved(body []byte, board string) (posting.Posting, error) {
	d, _, err := source.One[detail](body)
	if err != nil || d.Info == nil {
		return posting.Posting{}, errors.New(`workday posting: the answer has no "jobPostingInfo"`)
	}
	at, err := url.Parse(string(d.Info.ExternalURL))
	if err != nil || at.Host == "" {
		return posting.Posting{}, errors.New("workday posting: field externalUrl: missing")
	}
	m := publicPath.FindStringSubmatch(at.EscapedPath())
	if m == nil {
		return posting.Posting{}, errors.New("workday posting: field externalUrl: not the address of a posting")
	}
	tenant, site, path := m[1], m[2], m[3]
	if tenant == "" {
		tenant, _, _ = strings.Cut(at.Hostname(), ".")
	}
	if board == "" {
		board = tenant + "/" + site
	}
	postings, bad, err := Decode(body, source.Board{Source: "workday", Board: board, Options: map[string]string{"host": at.Hostname()}}, path, time.Time{})
	switch {
	case err != nil:
		return posting.Posting{}, err
	case len(bad) > 0:
		return posting.Posting{}, fmt.Errorf("workday posting %s: %s", bad[0].NativeID, bad[0].Reason)
	}
	return postings[0], nil
}
