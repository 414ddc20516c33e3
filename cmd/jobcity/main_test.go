package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// asJobcity is the environment variable that makes the test binary the program
// itself, for tests that kill it.
const asJobcity = "JOBCITY_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asJobcity) != "" {
		main()
		return
	}
	if given := os.Getenv(asClients); given != "" {
		askAll(given)
		return
	}
	testscript.Main(m, map[string]func(){"jobcity": main})
}

// TestScripts runs testdata/script: one file, one story at the command line. Each
// finds a copy of the taxonomy in its folder.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("JOBCITY_NO_PROGRESS", "1")
			env.Setenv("JOBCITY_LOG_LEVEL", "warn")
			srv := boardServer()
			env.Defer(srv.Close)
			env.Setenv("SERVER", srv.URL)
			return os.CopyFS(filepath.Join(env.WorkDir, "taxonomy"), os.DirFS("../../configs/taxonomy"))
		},
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
	})
}
