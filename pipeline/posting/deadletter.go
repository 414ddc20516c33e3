package posting

import "time"

// DeadLetter is input that could not be used, kept with its reason.
type DeadLetter struct {
	Kind    string    `json:"kind"`    // what it was: "posting", "sweep", "batch", "input"
	Reason  string    `json:"reason"`  // one sentence for a person
	Where   string    `json:"where"`   // the board, or file and line
	At      time.Time `json:"at"`      // when it was given up
	Payload []byte    `json:"payload"` // the input itself, at most 256 KiB of it
}
