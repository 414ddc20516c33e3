package crawl

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/public"
)

// Config says how boards are crawled. [DefaultConfig] has the defaults.
type Config struct {
	Contact           string                  `yaml:"contact"`             // page or address that tells a site's owner who crawls; sent in the User-Agent
	Interval          time.Duration           `yaml:"interval"`            // from one sweep of a board to the next; default 6h, at least 1s
	Jitter            float64                 `yaml:"jitter"`              // share of the interval by which it varies, 0 to 0.5; default 0.1
	Concurrency       int                     `yaml:"concurrency"`         // boards worked on at a time over all hosts; default 16
	PerHost           int                     `yaml:"per_host"`            // requests at a time to one host; default 1
	MinDelay          time.Duration           `yaml:"min_delay"`           // least time between requests to one host; default 500ms
	MaxDelay          time.Duration           `yaml:"max_delay"`           // most time that a slow or failing host is spared; default 1m
	MaxCrawlDelay     time.Duration           `yaml:"max_crawl_delay"`     // robots.txt may ask for this much between requests, not more; default 30s
	MaxRetryAfter     time.Duration           `yaml:"max_retry_after"`     // longest Retry-After that is waited for; default 10m
	Retries           int                     `yaml:"retries"`             // further tries after 429, 5xx or a broken connection, 0 to 10; default 2
	Timeout           time.Duration           `yaml:"timeout"`             // for one request with its whole answer; default 1m
	MaxBodyBytes      int64                   `yaml:"max_body_bytes"`      // largest answer, decoded; default 64 MiB
	MinRate           int64                   `yaml:"min_rate"`            // an answer that comes in slower, in bytes a second over 10s, is cut off; default 1024, 0: none is
	MaxRequests       int                     `yaml:"max_requests"`        // requests of one sweep of a board, with redirects; default 50000
	AllowPrivateHosts []string                `yaml:"allow_private_hosts"` // hosts, host:port, addresses or networks inside your own net that may be asked; default none
	Sources           map[string]SourceConfig `yaml:"sources"`             // by name of the source

	Version string `yaml:"-"` // of this program, sent in the User-Agent and kept with each board's state
}

// SourceConfig is what can be set for all boards of one source.
type SourceConfig struct {
	BaseURL string `yaml:"base_url"` // root of the service, default the real one; {board} in it stands for the board's name
}

// DefaultConfig is polite enough for strangers' servers.
func DefaultConfig() Config {
	return Config{
		Interval: 6 * time.Hour, Jitter: 0.1,
		Concurrency: 16, PerHost: 1,
		MinDelay: 500 * time.Millisecond, MaxDelay: time.Minute,
		MaxCrawlDelay: 30 * time.Second, MaxRetryAfter: 10 * time.Minute,
		Retries: 2, Timeout: time.Minute, MaxBodyBytes: 64 << 20, MinRate: 1 << 10, MaxRequests: 50_000,
	}
}

// Validate reports every setting that is out of its bounds.
func (c Config) Validate() error {
	var errs []error
	bad := func(wrong bool, format string, args ...any) {
		if wrong {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	bad(c.Interval < time.Second, "interval: must be at least 1s (got %s)", c.Interval)
	bad(c.Jitter < 0 || c.Jitter > 0.5, "jitter: must be from 0 to 0.5 (got %g)", c.Jitter)
	bad(c.Concurrency < 1 || c.Concurrency > 10_000, "concurrency: must be from 1 to 10000 (got %d)", c.Concurrency)
	bad(c.PerHost < 1 || c.PerHost > 100, "per_host: must be from 1 to 100 (got %d)", c.PerHost)
	bad(c.MinDelay < 0, "min_delay: must not be negative (got %s)", c.MinDelay)
	bad(c.MaxDelay < c.MinDelay, "max_delay: must be at least min_delay, %s (got %s)", c.MinDelay, c.MaxDelay)
	bad(c.MaxCrawlDelay < 0, "max_crawl_delay: must not be negative (got %s)", c.MaxCrawlDelay)
	bad(c.MaxRetryAfter < 0, "max_retry_after: must not be negative (got %s)", c.MaxRetryAfter)
	bad(c.Retries < 0 || c.Retries > 10, "retries: must be from 0 to 10 (got %d)", c.Retries)
	bad(c.Timeout <= 0, "timeout: must be positive (got %s)", c.Timeout)
	bad(c.MaxBodyBytes < 1<<10, "max_body_bytes: must be at least 1024 (got %d)", c.MaxBodyBytes)
	bad(c.MinRate < 0, "min_rate: must not be negative (got %d)", c.MinRate)
	bad(c.MaxRequests < 1, "max_requests: must be at least 1 (got %d)", c.MaxRequests)
	bad(strings.ContainsAny(c.Contact, "\r\n()"), "contact: must be one line without brackets (got %q)", c.Contact)
	errs = append(errs, public.CheckAllowed(c.AllowPrivateHosts)...)
	names := sourceNames()
	for _, name := range sortedKeys(c.Sources) {
		if !slices.Contains(names, name) {
			errs = append(errs, fmt.Errorf("sources.%s: unknown source%s; there are %s", name, didYouMean(name, names), strings.Join(names, ", ")))
			continue
		}
		if base := c.Sources[name].BaseURL; base != "" {
			if err := c.checkBaseURL(base); err != nil {
				errs = append(errs, fmt.Errorf("sources.%s.base_url: %w", name, err))
			}
		}
	}
	return errors.Join(errs...)
}

// checkBaseURL refuses an address inside the own net that is not allowed by name,
// so that the mistake shows before the first request.
func (c Config) checkBaseURL(base string) error {
	u, err := source.ParseBaseURL(base)
	if err != nil {
		return fmt.Errorf("must be an http or https URL (got %q)", base)
	}
	if err := guard(c.AllowPrivateHosts).CheckURL(u); err != nil {
		return fmt.Errorf("%w: add it to allow_private_hosts if you mean it", err)
	}
	return nil
}

// userAgent names the program first, so that robots.txt can address it, and how
// to reach whoever runs it.
func (c Config) userAgent() string {
	ua := productToken
	if c.Version != "" {
		ua += "/" + c.Version
	}
	if c.Contact != "" {
		ua += " (+" + c.Contact + ")"
	}
	return ua
}

// productToken is the name robots.txt may address us by.
const productToken = "jobcity"
