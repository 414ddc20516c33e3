package search

import "time"

// SetTick sets how often the sender looks for something to do, and who else sends.
func (s *Sender) SetTick(d time.Duration) { s.tick, s.leases = d, 50*d }

// SetNow sets the clock of the sender.
func (s *Sender) SetNow(now func() time.Time) { s.now = now }

// RetryAfter is retryAfter.
func RetryAfter(header string, now time.Time) time.Duration { return retryAfter(header, now) }

// BackOff is backOff.
func (s *Sender) BackOff(failures int) time.Duration { return s.backOff(failures) }
