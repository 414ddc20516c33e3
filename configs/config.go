// Package configs embeds jobcity's defaults and taxonomy and joins the settings
// of all packages into one [Config]: default.yaml, then the file given, then the
// environment (JOBCITY_BUS_URL sets bus.url). Unknown keys and bad values are all
// reported at once, with file, line and column.
package configs

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"

	"jobcity/pipeline/api"
	"jobcity/pipeline/batch"
	"jobcity/pipeline/bus"
	"jobcity/pipeline/crawl"
	"jobcity/pipeline/employer"
	"jobcity/pipeline/ingest"
	"jobcity/pipeline/search"
	"jobcity/pipeline/store"
)

//go:embed default.yaml
var defaultYAML []byte

//go:embed boards.yaml
var boardsYAML []byte

//go:embed employers.yaml
var employersYAML []byte

//go:embed taxonomy
var taxonomy embed.FS

// Config is every setting. default.yaml is its reference.
type Config struct {
	Crawl  crawl.Config  `yaml:"crawl"`
	Bus    bus.Config    `yaml:"bus"`
	Ingest ingest.Config `yaml:"ingest"`
	Batch  batch.Policy  `yaml:"batch"`
	Store  store.Config  `yaml:"store"`
	API    api.Config    `yaml:"api"`
	Search search.Config `yaml:"search"`
}

// Default is the reference page of all settings, as YAML.
func Default() []byte { return bytes.Clone(defaultYAML) }

// Boards is the list of public boards that ships with jobcity, as YAML.
func Boards() []byte { return bytes.Clone(boardsYAML) }

// Employers is what ships with jobcity of employers' names, and a digest of it.
func Employers() (*employer.Directory, string, error) {
	d, err := employer.Parse("employers.yaml", bytes.NewReader(employersYAML))
	sum := sha256.Sum256(employersYAML)
	return d, hex.EncodeToString(sum[:8]), err
}

// Taxonomy is the taxonomy that ships with jobcity.
func Taxonomy() (fs.FS, error) { return fs.Sub(taxonomy, "taxonomy") }

// Load reads the defaults, the file at path (none if empty) and the environment,
// given as "KEY=value" strings, and checks the result.
func Load(path string, environ []string) (Config, error) {
	var c Config
	if err := decode("default.yaml", defaultYAML, &c); err != nil {
		return Config{}, err
	}
	if path != "" {
		b, err := os.ReadFile(path)
		if err != nil {
			return Config{}, fmt.Errorf("configuration: %w", err)
		}
		if err := decode(path, b, &c); err != nil {
			return Config{}, err
		}
	}
	if err := setFromEnv(reflect.ValueOf(&c).Elem(), "JOBCITY", environ); err != nil {
		return Config{}, err
	}
	return c, c.Validate()
}

// Validate reports every setting that is out of its bounds, each with its path.
func (c Config) Validate() error {
	var errs []error
	for _, s := range []struct {
		name string
		err  error
	}{
		{"crawl", c.Crawl.Validate()},
		{"bus", c.Bus.Validate()},
		{"ingest", c.Ingest.Validate()},
		{"batch", c.Batch.Validate()},
		{"store", c.Store.Validate()},
		{"api", c.API.Validate()},
		{"search", c.Search.Validate()},
	} {
		for _, err := range unjoin(s.err) {
			errs = append(errs, fmt.Errorf("%s.%w", s.name, err))
		}
	}
	return errors.Join(errs...)
}

// unjoin takes a joined error apart, so that each part gets its prefix.
func unjoin(err error) []error {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return []error{err}
}

func decode(name string, b []byte, c *Config) error {
	if len(bytes.TrimSpace(b)) == 0 {
		return nil
	}
	if err := yaml.UnmarshalWithOptions(b, c, yaml.Strict()); err != nil {
		return fmt.Errorf("%s:%s", name, describe(err))
	}
	return nil
}

// describe gives a YAML error as "line:column: message", on one line.
func describe(err error) string {
	var ye yaml.Error
	if !errors.As(err, &ye) || ye.GetToken() == nil {
		return " " + err.Error()
	}
	at := ye.GetToken().Position
	return fmt.Sprintf("%d:%d: %s", at.Line, at.Column, ye.GetMessage())
}

// setFromEnv sets the fields of v whose environment name is given. The name is
// the path of YAML keys in upper case: crawl.min_delay is JOBCITY_CRAWL_MIN_DELAY.
func setFromEnv(v reflect.Value, prefix string, environ []string) error {
	var errs []error
	for i := range v.NumField() {
		key, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
		if key == "" || key == "-" {
			continue
		}
		name := prefix + "_" + strings.ToUpper(key)
		if f := v.Field(i); f.Kind() == reflect.Struct {
			errs = append(errs, unjoin(setFromEnv(f, name, environ))...)
			continue
		}
		for _, e := range environ {
			value, ok := strings.CutPrefix(e, name+"=")
			if !ok {
				continue
			}
			if err := setScalar(v.Field(i), value); err != nil {
				errs = append(errs, fmt.Errorf("environment %s: %w (got %q)", name, err, value))
			}
		}
	}
	return errors.Join(errs...)
}

// setScalar reads value as YAML into f; a string field takes it as it is.
func setScalar(f reflect.Value, value string) error {
	if f.Kind() == reflect.String {
		f.SetString(value)
		return nil
	}
	into := reflect.New(f.Type())
	if err := yaml.Unmarshal([]byte(value), into.Interface()); err != nil {
		return fmt.Errorf("is not a %s", f.Type())
	}
	f.Set(into.Elem())
	return nil
}
