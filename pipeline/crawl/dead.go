package crawl

import (
	"time"

	"jobcity/pipeline/posting"
)

// maxPayload is how much of rejected input is kept; see [posting.DeadLetter].
const maxPayload = 256 << 10

// deadLetter redacts and cuts the payload: people's addresses do not travel in
// what was rejected either.
func deadLetter(kind, reason, where string, at time.Time, payload []byte) posting.DeadLetter {
	carrier := posting.Posting{Source: "-", Board: "-", NativeID: "-", Text: string(payload[:min(len(payload), maxPayload)])}
	if err := carrier.Prepare(); err != nil {
		carrier.Text = "" // nothing readable in it
	}
	return posting.DeadLetter{Kind: kind, Reason: reason, Where: where, At: at.UTC(), Payload: []byte(carrier.Text)}
}
