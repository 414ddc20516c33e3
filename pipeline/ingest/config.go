package ingest

import (
	"errors"
	"fmt"
	"time"
)

// Config says how postings are gathered and applied.
type Config struct {
	Workers   int           `yaml:"workers"`    // tag workers in this process; 0: one a processor
	TagRows   int           `yaml:"tag_rows"`   // postings a worker takes at a time, 1 to 10,000
	TagWait   time.Duration `yaml:"tag_wait"`   // how long it waits for that many
	ApplyRows int           `yaml:"apply_rows"` // rows the store takes in one transaction, at least 1
	ApplyWait time.Duration `yaml:"apply_wait"` // how long it waits for that many
	TrimEvery time.Duration `yaml:"trim_every"` // how often settled messages are purged from the streams
	Snapshots bool          `yaml:"snapshots"`  // publish snapshots for new servers to start from; for clusters
}

// Validate reports every setting that is out of bounds.
func (c Config) Validate() error {
	var errs []error
	for _, n := range []struct {
		name          string
		got, min, max int
	}{
		{"workers", c.Workers, 0, 1024},
		{"tag_rows", c.TagRows, 1, 10_000},
		{"apply_rows", c.ApplyRows, 1, 1_000_000},
	} {
		if n.got < n.min || n.got > n.max {
			errs = append(errs, fmt.Errorf("%s: must be between %d and %d (got %d)", n.name, n.min, n.max, n.got))
		}
	}
	for _, d := range []struct {
		name string
		got  time.Duration
	}{{"tag_wait", c.TagWait}, {"apply_wait", c.ApplyWait}, {"trim_every", c.TrimEvery}} {
		if d.got <= 0 {
			errs = append(errs, fmt.Errorf("%s: must be positive (got %s)", d.name, d.got))
		}
	}
	return errors.Join(errs...)
}
