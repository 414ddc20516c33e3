package main

import (
	"fmt"

	"jobcity/pipeline/api"
)

type keysCmd struct {
	New keysNewCmd `cmd:"" help:"Make a key: it is printed once, and the line for your settings beside it."`
}

type keysNewCmd struct {
	Name  string  `arg:"" help:"Whose key it is: letters, digits, dots, dashes and underscores."`
	Rate  float64 `default:"100" help:"Requests a second that it may make; 0: no limit."`
	Burst int     `default:"500" help:"Requests at once; 0: those of one second."`
}

// Run prints the key to stdout and what to configure to stderr. The key is kept nowhere.
func (c keysNewCmd) Run(e *env) error {
	secret, k, err := api.NewKey(c.Name, c.Rate, c.Burst)
	if err != nil {
		return usageError{err}
	}
	fmt.Fprintf(e.stderr, "# Add this line to api.keys in your settings. The key itself is not kept: it is shown only now.\n    - {name: %q, sha256: %q, rate: %v, burst: %d}\n", k.Name, k.SHA256, k.Rate, k.Burst)
	_, err = fmt.Fprintln(e.stdout, secret)
	return err
}
