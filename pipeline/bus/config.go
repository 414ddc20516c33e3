package bus

import (
	"errors"
	"fmt"
	"time"
)

// Config says which bus to use and how much it may hold.
type Config struct {
	URL            string        `yaml:"url"`             // nats://host:4222; empty: a server inside this process, without a port
	Credentials    string        `yaml:"credentials"`     // file with NATS credentials for url
	Replicas       int           `yaml:"replicas"`        // copies of each stream on a cluster, 1 to 5
	MaxBytes       int64         `yaml:"max_bytes"`       // size of each stream; a full stream holds up its writers, nothing is dropped
	ConnectTimeout time.Duration `yaml:"connect_timeout"` // how long to wait for url
	Lease          time.Duration `yaml:"lease"`           // after which others take over the boards of a crawler that died, at least 100ms; the same for all crawlers
}

// Validate reports every setting that is out of bounds.
func (c Config) Validate() error {
	var errs []error
	if c.Replicas < 1 || c.Replicas > 5 {
		errs = append(errs, fmt.Errorf("replicas: must be between 1 and 5 (got %d)", c.Replicas))
	}
	if c.URL == "" && c.Replicas > 1 {
		errs = append(errs, fmt.Errorf("replicas: the server inside this process has one copy; set bus.url for more (got %d)", c.Replicas))
	}
	if c.MaxBytes < 16<<20 {
		errs = append(errs, fmt.Errorf("max_bytes: must be at least 16 MiB (got %d)", c.MaxBytes))
	}
	if c.ConnectTimeout <= 0 {
		errs = append(errs, fmt.Errorf("connect_timeout: must be positive (got %s)", c.ConnectTimeout))
	}
	if c.Lease < 100*time.Millisecond {
		errs = append(errs, fmt.Errorf("lease: must be at least 100ms (got %s)", c.Lease))
	}
	return errors.Join(errs...)
}
