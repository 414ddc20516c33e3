package crawl

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"jobcity/pipeline/crawl/ashby"
	"jobcity/pipeline/crawl/bamboohr"
	"jobcity/pipeline/crawl/greenhouse"
	"jobcity/pipeline/crawl/hn"
	"jobcity/pipeline/crawl/jobsfile"
	"jobcity/pipeline/crawl/jsonld"
	"jobcity/pipeline/crawl/lever"
	"jobcity/pipeline/crawl/personio"
	"jobcity/pipeline/crawl/recruitee"
	"jobcity/pipeline/crawl/rss"
	"jobcity/pipeline/crawl/smartrecruiters"
	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/crawl/teamtailor"
	"jobcity/pipeline/crawl/workable"
	"jobcity/pipeline/crawl/workday"
	"jobcity/pipeline/near"
)

// Board is one board to crawl.
type Board = source.Board

// sources are the board formats by name.
func sources() map[string]source.Source {
	return map[string]source.Source{
		"ashby":           ashby.Source(),
		"bamboohr":        bamboohr.Source(),
		"greenhouse":      greenhouse.Source(),
		"hn":              hn.Source(),
		"jobsfile":        jobsfile.Source(),
		"jsonld":          jsonld.Source(),
		"lever":           lever.Source(),
		"personio":        personio.Source(),
		"recruitee":       recruitee.Source(),
		"rss":             rss.Source(),
		"smartrecruiters": smartrecruiters.Source(),
		"teamtailor":      teamtailor.Source(),
		"workable":        workable.Source(),
		"workday":         workday.Source(),
	}
}

func sourceNames() []string { return sortedKeys(sources()) }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// CheckBoard says what is wrong with a board: an unknown source, a missing name,
// an option its source does not have. Several errors are joined, each named after
// its field.
func CheckBoard(b Board) []error {
	names := sourceNames()
	src, ok := sources()[b.Source]
	if !ok {
		return []error{fmt.Errorf("source: unknown source %q%s", b.Source, didYouMean(b.Source, names))}
	}
	var errs []error
	if strings.TrimSpace(b.Board) == "" {
		errs = append(errs, fmt.Errorf("board: missing"))
	}
	for _, o := range sortedKeys(b.Options) {
		if !slices.Contains(src.Options, o) {
			known := append([]string{"source", "board", "employer", "base_url", "interval"}, src.Options...)
			errs = append(errs, fmt.Errorf("%s: %s boards have no such field%s", o, b.Source, didYouMean(o, known)))
		}
	}
	if len(errs) == 0 && src.Check != nil {
		if err := src.Check(b); err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

// didYouMean is " (did you mean x?)" for the nearest of names, or "".
func didYouMean(got string, names []string) string {
	meant := near.Words(got, names)
	if len(meant) == 0 {
		return ""
	}
	return fmt.Sprintf(" (did you mean %s?)", meant[0])
}
