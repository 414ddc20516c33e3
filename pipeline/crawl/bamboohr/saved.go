package bamboohr

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"

	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/posting"
)

// DecodeSaved reads a saved answer about one posting. Which one it is says its own
// address; so does the board, unless one is given.
func DecodeSaved(body []byte, board string) (posting.Posting, error) {
	d, _, err := source.One[detail](body)
	if err != nil || d.Result.Opening == nil {
		return posting.Posting{}, errors.New(`bamboohr posting: the answer has no "jobOpening"`)
	}
	at, err := url.Parse(string(d.Result.Opening.ShareURL))
	if err != nil || at.Host == "" {
		return posting.Posting{}, errors.New("bamboohr posting: field jobOpeningShareUrl: missing")
	}
	id := path.Base(at.Path)
	if id == "." || id == "/" {
		return posting.Posting{}, errors.New("bamboohr posting: field jobOpeningShareUrl: not the address of a posting")
	}
	if board == "" {
		board, _ = strings.CutSuffix(strings.ToLower(at.Hostname()), ".bamboohr.com")
	}
	postings, bad, err := Decode(body, source.Board{Source: "bamboohr", Board: board}, id)
	switch {
	case err != nil:
		return posting.Posting{}, err
	case len(bad) > 0:
		return posting.Posting{}, fmt.Errorf("bamboohr posting %s: %s", id, bad[0].Reason)
	}
	return postings[0], nil
}
