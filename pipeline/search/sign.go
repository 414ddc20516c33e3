package search

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Deliveries are signed as Standard Webhooks 1.0.0 has it
// (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md): the
// header webhook-signature is "v1," and the Base64 of HMAC-SHA256, under the key
// that follows whsec_ in the secret, over webhook-id, webhook-timestamp (seconds of
// Unix time) and the body, joined by full stops.

const secretPrefix = "whsec_"

// Sign sets the headers of a delivery: its id, the time of this try, and the
// signature of both and body under secret.
func Sign(h http.Header, secret, id string, at time.Time, body []byte) error {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
	if err != nil || len(key) == 0 {
		return fmt.Errorf("the secret of a webhook is not %s and Base64", secretPrefix) // err might quote it
	}
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + stamp + "."))
	mac.Write(body)
	h.Set("webhook-id", id)
	h.Set("webhook-timestamp", stamp)
	h.Set("webhook-signature", "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return nil
}
