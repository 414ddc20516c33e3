// Package search keeps saved searches: a name, the filters of /v1/postings and
// perhaps a webhook. What is kept lives on the bus, for all servers of it. A
// [Sender] tells webhooks of the postings that are new, and a [Feed] lists the
// newest for feed readers.
//
// # What is new
//
// A search begins with the moment it was saved: what was there is not told. From
// then on a posting is new once, when it arrives. Roles have a number in the store
// that grows with each that arrives or changes, whatever day its posting was
// fetched, and a search remembers up to which number it has been told. So nothing
// is lost that comes late, or while the receiver or the server is down. A number
// says nothing about a role that changed, was tagged again, or of which a copy was
// seen earlier: such a posting counts as new only if it was first seen since the search last had
// all there was, less an hour, and was not among the last thousand told.
//
// Numbers are those of one store. The cursor names the store they are of, by the
// server's name and when its store was made, and how far that had applied BATCHES.
// When another store takes over, because the server is gone or its store was made
// anew, it waits until it has applied as much, begins at its own first number, and
// takes for old what was first seen before the search last had all there was, less
// an hour: a posting that is older and came later can then be lost, and one that
// was told can be told again under another message id.
package search

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"jobcity/pipeline/public"
	"jobcity/pipeline/query"
)

// Config is what can be set.
type Config struct {
	Max               int           `yaml:"max"`                 // searches that are kept, 0 to 10000; 0: none can be saved
	Concurrency       int           `yaml:"concurrency"`         // deliveries at a time, 1 to 256
	Timeout           time.Duration `yaml:"timeout"`             // of a delivery with its answer, at most a minute
	Retry             time.Duration `yaml:"retry"`               // wait after a delivery that failed; it doubles with each, up to retry_most
	RetryMost         time.Duration `yaml:"retry_most"`          // the longest such wait, and the longest Retry-After that is honoured
	GiveUp            time.Duration `yaml:"give_up"`             // a webhook that has failed for so long is disabled
	AllowPrivateHosts []string      `yaml:"allow_private_hosts"` // hosts, host:port, addresses or networks inside your own net that may be told
}

// Validate reports every setting that is out of bounds.
func (c Config) Validate() error {
	errs := public.CheckAllowed(c.AllowPrivateHosts)
	bad := func(wrong bool, format string, args ...any) {
		if wrong {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	bad(c.Max < 0 || c.Max > 10_000, "max: must be between 0 and 10000 (got %d)", c.Max)
	bad(c.Concurrency < 1 || c.Concurrency > 256, "concurrency: must be between 1 and 256 (got %d)", c.Concurrency)
	bad(c.Timeout <= 0 || c.Timeout > time.Minute, "timeout: must be positive and at most a minute (got %s)", c.Timeout)
	bad(c.Retry <= 0, "retry: must be positive (got %s)", c.Retry)
	bad(c.RetryMost < c.Retry, "retry_most: must be at least retry, %s (got %s)", c.Retry, c.RetryMost)
	bad(c.GiveUp <= 0, "give_up: must be positive (got %s)", c.GiveUp)
	return errors.Join(errs...)
}

// Search is a saved search as it is shown. Whoever knows its id may read and
// delete it.
type Search struct {
	ID      string            `json:"id"`
	Name    string            `json:"name"`
	Filters map[string]string `json:"filters"` // parameters of /v1/postings
	Created time.Time         `json:"created_at"`
	Webhook *Webhook          `json:"webhook"` // nil: it has a feed only
}

// The states of a webhook.
const (
	Waiting  = "waiting"  // nothing was delivered yet
	Working  = "working"  // the last delivery succeeded
	Failing  = "failing"  // the last delivery failed and is tried again
	Disabled = "disabled" // nothing is delivered any more; save the search anew
)

// Webhook is who is told of new postings, and how that goes.
type Webhook struct {
	URL       string     `json:"url"`
	State     string     `json:"state"`
	Delivered int64      `json:"delivered"`        // postings
	LastAt    *time.Time `json:"last_delivery_at"` // the last that succeeded
	Failures  int        `json:"failures"`         // tries that failed in a row
	Since     *time.Time `json:"failing_since"`    // the first of them
	LastError *string    `json:"last_error"`       // of the last try, if it failed
	NextTry   *time.Time `json:"next_try_at"`
}

// New is a search to be saved.
type New struct {
	Name    string
	Filters map[string]string
	URL     string // of the webhook; empty: none
}

const (
	maxName = 200  // characters
	maxURL  = 2048 // bytes
)

// Check binds the filters, and names everything that is wrong with n by a
// [*query.ParamError].
func (b *Book) Check(n New) (query.Bound, error) {
	var bad []query.BadParam
	switch {
	case strings.TrimSpace(n.Name) == "":
		bad = append(bad, query.BadParam{Name: "name", Reason: "required: what the search is called"})
	case !utf8.ValidString(n.Name) || utf8.RuneCountInString(n.Name) > maxName || strings.ContainsFunc(n.Name, unicode.IsControl):
		bad = append(bad, query.BadParam{Name: "name", Reason: fmt.Sprintf("must be one line of at most %d characters", maxName)})
	}
	if n.URL != "" {
		if err := b.checkURL(n.URL); err != nil {
			bad = append(bad, query.BadParam{Name: "webhook.url", Reason: err.Error()})
		}
	}
	bound, err := b.filters.Bind(n.Filters)
	var more *query.ParamError
	if errors.As(err, &more) {
		bad = append(bad, more.Params...)
	} else if err != nil {
		return query.Bound{}, err
	}
	if len(bad) > 0 {
		return query.Bound{}, &query.ParamError{Query: "search", Params: bad}
	}
	return bound, nil
}

func (b *Book) checkURL(text string) error {
	u, err := url.Parse(text)
	switch {
	case len(text) > maxURL:
		return fmt.Errorf("must have at most %d bytes", maxURL)
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "":
		return errors.New("must be an http or https URL such as https://example.org/hook")
	case u.User != nil:
		return errors.New("must not hold a user or password; deliveries are signed")
	case u.Fragment != "":
		return errors.New("must not have a fragment")
	}
	if err := b.guard.CheckURL(u); err != nil {
		return fmt.Errorf("%w; the operator can allow it by search.allow_private_hosts", err)
	}
	return nil
}

// goodID is what ids look like.
var goodID = regexp.MustCompile(`^[A-Z2-7]{26}$`)

// record is a search as it is kept.
type record struct {
	Search
	Secret  string   `json:"secret,omitempty"`
	Cursor  cursor   `json:"cursor"`
	Pending *pending `json:"pending,omitempty"`
	Told    []byte   `json:"told,omitempty"` // eight bytes of the hash of each id told last, the newest at the end
}

// cursor is how far a search has been told.
type cursor struct {
	Server   string    `json:"server"`   // whose store it is of
	Made     time.Time `json:"made"`     // when that store was made
	Role     int64     `json:"role"`     // roles up to this number are told
	At       time.Time `json:"at"`       // when all there was had been told
	Stream   time.Time `json:"stream"`   // when the stream BATCHES was made
	Sequence uint64    `json:"sequence"` // how far that was applied at that time, or less; 0: not known
	Floor    time.Time `json:"floor"`    // what was first seen before is old, whenever it comes; zero: nothing is
}

// pending is a delivery that has been decided on. It is kept before it is made, so
// that every try tells the same under the same id.
type pending struct {
	ID   string   `json:"id"` // the webhook-id
	IDs  []string `json:"ids"`
	Then cursor   `json:"then"` // where the search stands afterwards
}

// newSecret is a signing key in the form of Standard Webhooks: 32 random bytes.
func newSecret() string {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return secretPrefix + base64.StdEncoding.EncodeToString(key)
}
