package crawl

import "time"

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

// RetryAfter is retryAfter.
func RetryAfter(header string, now time.Time) (time.Duration, bool) { return retryAfter(header, now) }

// SetStateRoom sets the size of the largest state that is kept.
func (c *Crawler) SetStateRoom(bytes int) { c.stateRoom = bytes }

// MaxPart is maxPart.
const MaxPart = maxPart

// SetRechecks sets how many requests that promise nothing new a sweep makes.
func (c *Crawler) SetRechecks(n int) { c.rechecks = n }

// SetNow sets the clock of the crawler.
func (c *Crawler) SetNow(now func() time.Time) { c.now = now }

// SetLeaseRetry sets when a board that another works on is looked at again.
func (c *Crawler) SetLeaseRetry(d time.Duration) { c.leaseRetry = d }

// Crawlers is how many crawlers c believes to be at work.
func (c *Crawler) Crawlers() int { return int(c.fetcher.hosts.crawlers.Load()) }

// SetRateWindow sets over how long an answer must come in fast enough.
func (c *Crawler) SetRateWindow(d time.Duration) { c.fetcher.transport.window = d }

// SetHostsNow sets the clock of the hosts' queues.
func (c *Crawler) SetHostsNow(now func() time.Time) { c.fetcher.hosts.now = now }

// Breakers is how many hosts are in each state of their circuit breaker.
func (c *Crawler) Breakers() map[string]int {
	out := map[string]int{}
	for state, n := range c.fetcher.hosts.count() {
		out[string(state)] = n
	}
	return out
}

// MaxQueries is maxQueries.
const MaxQueries = maxQueries
