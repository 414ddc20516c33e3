package batch

import (
	"errors"
	"fmt"
	"time"
)

// MaxEncoded is the most bytes an encoded batch may have: a bus message holds
// 1 MiB, and its subject and headers need room too.
const MaxEncoded = 768 << 10

// Policy says when gathered rows become a batch: at the first limit reached.
type Policy struct {
	MaxRows  int           `yaml:"max_rows"`  // rows of a batch, 1 to 10,000; default 1,000
	MaxBytes int           `yaml:"max_bytes"` // bytes of an encoded batch, 64 KiB to 768 KiB; default 768 KiB
	MaxAge   time.Duration `yaml:"max_age"`   // how long a row may wait for others, over 0; default 500ms
}

// DefaultPolicy returns the defaults.
func DefaultPolicy() Policy {
	return Policy{MaxRows: 1000, MaxBytes: MaxEncoded, MaxAge: 500 * time.Millisecond}
}

// Validate reports every field that is out of its range.
func (p Policy) Validate() error {
	var errs []error
	if p.MaxRows < 1 || p.MaxRows > 10_000 {
		errs = append(errs, fmt.Errorf("max_rows: must be 1 to 10000 (got %d)", p.MaxRows))
	}
	if p.MaxBytes < 64<<10 || p.MaxBytes > MaxEncoded {
		errs = append(errs, fmt.Errorf("max_bytes: must be %d to %d (got %d)", 64<<10, MaxEncoded, p.MaxBytes))
	}
	if p.MaxAge <= 0 {
		errs = append(errs, fmt.Errorf("max_age: must be positive (got %s)", p.MaxAge))
	}
	return errors.Join(errs...)
}
