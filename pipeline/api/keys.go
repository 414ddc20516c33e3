package api

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/time/rate"
)

// Key lets one caller in by a secret that only the caller has.
type Key struct {
	Name   string  `yaml:"name"`   // whose it is, for metrics: up to 64 letters, digits and ._-
	SHA256 string  `yaml:"sha256"` // of the secret, in hex
	Rate   float64 `yaml:"rate"`   // requests a second; 0: no limit
	Burst  int     `yaml:"burst"`  // requests at once; 0: those of one second
}

const (
	keyHeader = "X-Api-Key" // as net/http spells X-API-Key
	leastRate = 1e-5        // requests a second: about one a day
	mostRate  = 1e6
	mostBurst = 1_000_000
)

var goodName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// NewKey makes up a key: the secret for the caller, of 128 random bits, and what to
// configure, which does not give the secret away.
func NewKey(name string, perSecond float64, burst int) (secret string, k Key, err error) {
	secret = "jobcity_" + rand.Text()
	sum := sha256.Sum256([]byte(secret))
	k = Key{Name: name, SHA256: hex.EncodeToString(sum[:]), Rate: perSecond, Burst: burst}
	if errs := k.validate(); len(errs) > 0 {
		return "", Key{}, errs[0]
	}
	return secret, k, nil
}

func (k Key) validate() (errs []error) {
	if !goodName.MatchString(k.Name) {
		errs = append(errs, fmt.Errorf("name: must be 1 to 64 letters, digits, dots, dashes and underscores, the first a letter or digit (got %q)", k.Name))
	}
	if b, err := hex.DecodeString(k.SHA256); err != nil || len(b) != sha256.Size {
		errs = append(errs, fmt.Errorf("sha256: must be 64 hexadecimal digits, as 'jobcity keys new' prints them (got %d characters)", len(k.SHA256)))
	}
	return append(errs, validateLimit(k.Rate, k.Burst)...)
}

// validateKeys reports all that is wrong with the keys.
func (c Config) validateKeys() (errs []error) {
	if c.KeysRequired && len(c.Keys) == 0 {
		errs = append(errs, fmt.Errorf("keys_required: would let nobody in, because keys has none"))
	}
	names, digests := map[string]int{}, map[string]int{} // and the first that has them
	for i, k := range c.Keys {
		for _, err := range k.validate() {
			errs = append(errs, fmt.Errorf("keys[%d].%w", i, err))
		}
		if first, given := names[k.Name]; given {
			errs = append(errs, fmt.Errorf("keys[%d].name: must be given once, and keys[%d] is %q too", i, first, k.Name))
		} else {
			names[k.Name] = i
		}
		digest := strings.ToLower(k.SHA256)
		if first, given := digests[digest]; given {
			errs = append(errs, fmt.Errorf("keys[%d].sha256: must be given once, and keys[%d] has it too", i, first))
		} else {
			digests[digest] = i
		}
	}
	return errs
}

// keyring knows the callers with a secret.
type keyring struct {
	token   [sha256.Size]byte      // of /v1/sql: who has it runs this server
	tokened bool                   // there is one
	held    map[[4]byte][]*heldKey // by the first bytes of the digest
}

type heldKey struct {
	digest   [sha256.Size]byte
	policy   *policy // nil: no limit
	limiter  *rate.Limiter
	requests prometheus.Counter
}

// newKeyring holds valid keys. Their requests are counted by m.
func newKeyring(keys []Key, token string, m metrics) keyring {
	ring := keyring{token: sha256.Sum256([]byte(token)), tokened: token != "", held: map[[4]byte][]*heldKey{}}
	for _, k := range keys {
		held := &heldKey{policy: newPolicy("key", k.Rate, k.Burst), requests: m.keyRequests.WithLabelValues(k.Name)}
		_, _ = hex.Decode(held.digest[:], []byte(k.SHA256)) // checked by Validate
		if held.policy != nil {
			held.limiter = held.policy.limiter()
		}
		ring.held[[4]byte(held.digest[:])] = append(ring.held[[4]byte(held.digest[:])], held)
	}
	return ring
}

// sender is who sends a request, by what it has to show.
type sender int

const (
	nobody   sender = iota // shows nothing
	stranger               // shows a key that there is not
	holder                 // of a key
	local                  // has the token
)

// sender tells who sends r. A key travels as X-API-Key or as Authorization: Bearer;
// on guarded routes the latter is the token's. Where there are no keys, none is
// looked for: a proxy before us may have its own.
func (k *keyring) sender(r *http.Request, guarded bool) (sender, *heldKey) {
	sent := bearer(r)
	if sent != "" && k.tokened && k.isToken(sent) {
		return local, nil
	}
	if guarded {
		sent = ""
	}
	if v := r.Header[keyHeader]; len(v) > 0 && v[0] != "" {
		sent = v[0]
	}
	if sent == "" || len(k.held) == 0 {
		return nobody, nil
	}
	digest := sha256.Sum256([]byte(sent)) // what is compared is not what was sent, and the time it takes tells nothing of a key
	for _, held := range k.held[[4]byte(digest[:])] {
		if subtle.ConstantTimeCompare(digest[:], held.digest[:]) == 1 {
			return holder, held
		}
	}
	return stranger, nil
}

func (k *keyring) isToken(sent string) bool {
	digest := sha256.Sum256([]byte(sent))
	return subtle.ConstantTimeCompare(digest[:], k.token[:]) == 1
}

// bearer is the token of the header Authorization (RFC 6750), "" when it has none.
func bearer(r *http.Request) string {
	const scheme = "Bearer "
	v := r.Header.Get("Authorization")
	if len(v) > len(scheme) && strings.EqualFold(v[:len(scheme)], scheme) {
		return strings.TrimSpace(v[len(scheme):])
	}
	return ""
}

// admit lets a request to a limited route in, or says why not. Who shows a wrong
// key, or none where one is needed, is counted by address first: guessing is slow.
func (s *server) admit(w http.ResponseWriter, r *http.Request, guarded bool) error {
	who, key := s.keys.sender(r, guarded)
	switch who {
	case local:
		return nil
	case holder:
		key.requests.Inc()
		if key.policy == nil {
			return nil
		}
		return key.policy.take(w.Header(), key.limiter, time.Now())
	}
	if err := s.addresses.take(w.Header(), r, time.Now()); err != nil {
		return err
	}
	switch {
	case who == stranger:
		w.Header().Set("WWW-Authenticate", `Bearer realm="jobcity", error="invalid_token"`)
		return refusal(http.StatusUnauthorized, "unknown_key", "there is no such API key")
	case s.cfg.KeysRequired:
		w.Header().Set("WWW-Authenticate", `Bearer realm="jobcity"`)
		return refusal(http.StatusUnauthorized, "no_key", "this needs an API key, as X-API-Key: KEY or Authorization: Bearer KEY")
	}
	return nil
}
