package main

import (
	"os"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestCommandsInTheReadmeExist parses every jobcity command of the README and
// looks up every trend and make target that it names.
func TestCommandsInTheReadmeExist(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := trends()
	if err != nil {
		t.Fatal(err)
	}
	reported, err := reports()
	if err != nil {
		t.Fatal(err)
	}
	commands := 0
	for i, block := range strings.Split(string(readme), "```") {
		if i%2 == 0 || !strings.HasPrefix(block, "sh\n") {
			continue
		}
		for line := range strings.Lines(strings.TrimPrefix(block, "sh\n")) {
			line, _, _ = strings.Cut(line, " #")
			line, _, _ = strings.Cut(line, " > ")
			words := shellWords(line)
			switch {
			case len(words) == 0:
			case words[0] == "make":
				if !strings.Contains(string(makefile), "\n"+words[1]+":") {
					t.Errorf("README: there is no target %q", words[1])
				}
			case words[0] == "jobcity":
				commands++
				checkCommand(t, words[1:])
				if len(words) > 2 && words[1] == "query" && catalog.Query(words[2]) == nil && reported.Query(words[2]) == nil {
					t.Errorf("README: there is no trend or report %q", words[2])
				}
			}
		}
	}
	if commands < 8 {
		t.Errorf("found %d commands in the README", commands)
	}
}

func checkCommand(t *testing.T, args []string) {
	t.Helper()
	parser, err := kong.New(&cli{}, kong.Name("jobcity"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(args); err != nil {
		t.Errorf("README: jobcity %s: %v", strings.Join(args, " "), err)
	}
}

// shellWords splits a line at spaces outside double quotes.
func shellWords(line string) []string {
	var words []string
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 1 {
			words = append(words, part)
		} else {
			words = append(words, strings.Fields(part)...)
		}
	}
	return words
}
