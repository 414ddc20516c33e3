package crawl

import (
	"net/netip"
	"time"
)

// SetBackOff sets the wait before the first retry.
func (c *Crawler) SetBackOff(d time.Duration) { c.fetcher.backOff = d }

// SetPatience sets how long a publish is tried again.
func (c *Crawler) SetPatience(d time.Duration) { c.patience = d }

// SetRobotsNow sets the clock of the robots.txt cache.
func (c *Crawler) SetRobotsNow(now func() time.Time) { c.fetcher.robots.now = now }

// RobotsAllow says what a robots.txt allows the crawler called token.
func RobotsAllow(file, token, path string) bool {
	return parseRobots([]byte(file), token).allows(path)
}

// RobotsDelay is the Crawl-delay of a robots.txt for the crawler called token.
func RobotsDelay(file, token string) time.Duration { return parseRobots([]byte(file), token).delay }

// IsPublic is isPublic.
func IsPublic(addr string) bool { return isPublic(netip.MustParseAddr(addr)) }

// RetryAfter is retryAfter.
func RetryAfter(header string, now time.Time) (time.Duration, bool) { return retryAfter(header, now) }

// SetStateRoom sets the size of the largest state that is kept.
func (c *Crawler) SetStateRoom(bytes int) { c.stateRoom = bytes }

// MaxState is maxState.
const MaxState = maxState

// EncodedSize is the size of the state of a board with n postings.
func EncodedSize(n int) int {
	u := &urlState{}
	for range n {
		u.Listed.add("abcdefghijklmnop", contentMark{1})
	}
	b, err := boardState{URLs: map[string]*urlState{"https://boards.example/acme": u}}.encode(1 << 30)
	if err != nil {
		panic(err)
	}
	return len(b)
}

// SetRechecks sets how many requests that promise nothing new a sweep makes.
func (c *Crawler) SetRechecks(n int) { c.rechecks = n }
