package batch

import (
	"errors"
	"fmt"
)

// MaxEncoded is the most bytes an encoded batch may have: a bus message holds
// 1 MiB, and its subject and headers need room too.
const MaxEncoded = 768 << 10

// Policy says when gathered rows become a batch: at the first limit reached, and
// at the latest when they are flushed. How long a row waits is the caller's.
type Policy struct {
	MaxRows  int `yaml:"max_rows"`  // rows of a batch, 1 to 10,000; default 1,000
	MaxBytes int `yaml:"max_bytes"` // bytes of an encoded batch, 64 KiB to 768 KiB; default 768 KiB
}

// DefaultPolicy returns the defaults.
func DefaultPolicy() Policy {
	return Policy{MaxRows: 1000, MaxBytes: MaxEncoded}
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
	return errors.Join(errs...)
}
