package store

import (
	"errors"
	"fmt"
	"regexp"
	"time"
)

// Config says how much of the machine DuckDB may use.
type Config struct {
	MemoryLimit  string        `yaml:"memory_limit"`  // as DuckDB takes it: "1GB", "512MB"
	Threads      int           `yaml:"threads"`       // 0: one a processor
	QueryTimeout time.Duration `yaml:"query_timeout"` // the longest a query may take
	RepostGap    int           `yaml:"repost_gap"`    // days; a copy that opens later after the last one was visible is a new role
	Rates        string        `yaml:"rates"`         // CSV file of dated exchange rates; empty: pay is never converted
}

var memorySize = regexp.MustCompile(`^[1-9][0-9]*\s?(MB|GB|TB|MiB|GiB|TiB)$`)

// Validate reports every setting that is out of bounds.
func (c Config) Validate() error {
	var errs []error
	if !memorySize.MatchString(c.MemoryLimit) {
		errs = append(errs, fmt.Errorf("memory_limit: must be a size such as 1GB or 512MB (got %q)", c.MemoryLimit))
	}
	if c.Threads < 0 || c.Threads > 256 {
		errs = append(errs, fmt.Errorf("threads: must be between 0 and 256 (got %d)", c.Threads))
	}
	if c.QueryTimeout <= 0 {
		errs = append(errs, fmt.Errorf("query_timeout: must be positive (got %s)", c.QueryTimeout))
	}
	if c.RepostGap < 0 || c.RepostGap > 3650 {
		errs = append(errs, fmt.Errorf("repost_gap: must be between 0 and 3650 days (got %d)", c.RepostGap))
	}
	return errors.Join(errs...)
}
