package pipeline_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// layers says which of our own packages each package may import, upstream
// first. A package missing here fails the test: adding one means placing it.
var layers = map[string][]string{
	"posting":          {},
	"near":             {},
	"public":           {},
	"employer":         {},
	"crawl/source":     {"posting"},
	"crawl/jobposting": {"posting", "crawl/source"},
	"crawl/jsonl":      {"posting", "crawl/source"},
	"crawl/jobsfile":   {"posting", "crawl/source", "crawl/jsonl"},
	"crawl/*":          {"posting", "crawl/source", "crawl/jobposting"},
	"crawl":            {"posting", "near", "public", "crawl/source", "crawl/jobposting", "crawl/jsonl", "crawl/jobsfile", "crawl/*"},
	"bus":              {"posting"},
	"tag":              {"posting", "near"},
	"copies":           {"posting", "tag"},
	"batch":            {"posting", "tag", "copies", "employer"},
	"query":            {"near"},
	"stats":            {},
	"judge":            {"posting", "tag", "stats"},
	"store":            {"posting", "query", "employer"},
	"ingest":           {"posting", "tag", "batch", "bus", "store", "employer"},
	"search":           {"public", "bus", "query", "store"},
	"api":              {"near", "query", "stats", "search"},
	"demo":             {"posting"},
}

// onlyHome names the packages that alone may import a library, tests aside.
var onlyHome = map[string][]string{
	"github.com/nats-io/":           {"bus"},
	"github.com/synadia-io/":        {"bus"},
	"github.com/gocolly/colly":      {"crawl"},
	"github.com/duckdb/duckdb-go":   {"store"},
	"github.com/goccy/go-yaml":      {"crawl", "employer", "tag", "tag/tagtrain"},
	"github.com/prometheus/":        {"api", "bus", "crawl", "ingest", "search", "store"},
	"github.com/apache/arrow-go/":   {"batch", "ingest", "query", "store"},
	"github.com/alecthomas/kong":    {},
	"github.com/vbauerster/mpb":     {},
	"github.com/PuerkitoBio/":       {"crawl"},
	"gonum.org/":                    {"stats"},
	"github.com/biter777/countries": {"crawl/source", "tag"},
}

func TestImportsFlowDownstreamOnly(t *testing.T) {
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		dir := filepath.ToSlash(filepath.Dir(file))
		if dir == "." || strings.HasSuffix(dir, "test") || strings.HasPrefix(dir, "tag/") {
			return nil // this map, test kits, and the taxonomy's tools
		}
		allowed, ok := layers[layer(dir)]
		if !ok {
			t.Errorf("%s: package %s has no place in layers", file, dir)
			return nil
		}
		for _, imp := range imports(t, file) {
			if own, ok := strings.CutPrefix(imp, "jobcity/pipeline/"); ok && !slices.Contains(allowed, layer(own)) {
				t.Errorf("%s imports %s; allowed: %v", file, own, allowed)
			}
			for lib, homes := range onlyHome {
				if strings.HasPrefix(imp, lib) && !slices.Contains(homes, dir) {
					t.Errorf("%s imports %s; its home is %v", file, imp, homes)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestEveryLayerExists(t *testing.T) {
	for name := range layers {
		if strings.HasSuffix(name, "/*") {
			continue
		}
		if _, err := os.Stat(name); err != nil {
			t.Errorf("layers names %s: %v", name, err)
		}
	}
}

// layer is dir, or crawl/* for a board format.
func layer(dir string) string {
	if _, named := layers[dir]; !named && path.Dir(dir) == "crawl" {
		return "crawl/*"
	}
	return dir
}

func imports(t *testing.T, file string) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, spec := range f.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}
