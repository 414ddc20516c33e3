package tag

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// small is the real taxonomy with few skills, metrics, cues and headings.
func small(t *testing.T) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{
		"skills/test.yaml": {Data: []byte("- {id: go, name: Go, kind: language, side: technical, districts: [software], context: [goroutines]}\n")},
		metricFile:         {Data: []byte("- {id: mttr, name: MTTR, districts: [sysadmin], aliases: [mean time to recovery], not: [mttr inc]}\n")},
		needFile:           {Data: []byte("must:\n  - required\nnice:\n  - a plus\nmention:\n  - our stack\nnegation:\n  - no\n")},
		sectionFile:        {Data: []byte("- section: nice\n  headings: [nice to have]\n  whole: [bonus]\n- section: duties\n  headings: [what you'll do]\n  lines: [you will own]\n")},
		"weights.yaml":     {Data: []byte("- \"bias | standing/core 0.1\"\n")},
		worthFile:          {Data: []byte("things:\n  \"always\": 1\nnotions: {}\nkinds:\n  \"language\": 0.1\nskills:\n  \"go\": 0.2\n")},
	}
	real := os.DirFS(taxonomyDir)
	for _, name := range []string{districtFile, streetFile, facetFile, titleFile, factWordsFile, wordingFile, placesName, atlasFile} {
		data, err := fs.ReadFile(real, name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: data}
	}
	return files
}

func TestASmallTaxonomyIsInOrder(t *testing.T) {
	if err := Check(small(t)); err != nil {
		t.Error(err)
	}
}

func TestWhatCanNeverMatchIsNamedWithItsPlace(t *testing.T) {
	for _, c := range []struct{ name, file, from, to, want string }{
		{"a metric without a letter", metricFile, "aliases: [", `aliases: ["%", `, `metrics.yaml:1:59: mttr: the form "%" can never match`},
		{"a metric that the reader decodes", metricFile, "aliases: [", `aliases: ["R&amp;D", `, `metrics.yaml:1:59: mttr: the form "R&amp;D" can never match`},
		{"a metric across lines", metricFile, "aliases: [", `aliases: ["time<br>lost", `, `mttr: the form "time<br>lost" can never match`},
		{"a hard negative that is the metric itself", metricFile, "not: [mttr inc]", "not: [MTTR]", `mttr: "MTTR" is both a form and not one`},
		{"the context of a skill", "skills/test.yaml", "[goroutines]", `[goroutines, "..."]`, `skills/test.yaml:1:100: go: the form "..." can never match`},
		{"a skill that the reader decodes", "skills/test.yaml", "name: Go", `name: "Go&#43;"`, `go: the form "Go&#43;" can never match`},
		{"a cue without a letter", needFile, "- required", `- "*"`, `needs.yaml:2:5: must: the form "*" can never match`},
		{"a cue that is there twice", needFile, "- required", "- required\n  - Required", `needs.yaml:3:5: must: "Required" is there twice (line 2)`},
		{"a cue of two needs", needFile, "- a plus", "- required", `needs.yaml:4:5: nice: "required" says must too (line 2), and only one of them can count`},
		{"a heading of two sections", sectionFile, "[what you'll do]", "[What you’ll do, Nice to have]", `sections.yaml:5:30: duties: "Nice to have" can never match: nice has it (line 2)`},
		{"a heading that the reader decodes", sectionFile, "[nice to have]", `["nice &amp; good"]`, `sections.yaml:2:14: nice: the form "nice &amp; good" can never match`},
		{"a heading without a letter", sectionFile, "[nice to have]", `["***"]`, `nice: the form "***" can never match`},
		{"a heading longer than headings are", sectionFile, "[nice to have]", "[" + strings.Repeat("nice ", 20) + "]", `sections.yaml:2:14: nice: no heading is as long as`},
		{"a whole heading in capitals", sectionFile, "[bonus]", "[Bonus]", `sections.yaml:3:11: nice: no heading is "Bonus"`},
		{"a whole heading with its colon", sectionFile, "[bonus]", `["bonus:"]`, `here as "bonus"`},
		{"a whole heading that begins with a number", sectionFile, "[bonus]", `["1. bonus"]`, `no heading is "1. bonus"`},
		{"a line that is there twice", sectionFile, "[you will own]", "[you will own, You will own]", `sections.yaml:6:25: duties: "You will own" can never match: duties has it (line 6)`},
	} {
		t.Run(c.name, func(t *testing.T) { complains(t, c.file, c.from, c.to, c.want) })
	}
}

func TestUnknownNamesAreNamedWithTheirPlace(t *testing.T) {
	for _, c := range []struct{ name, file, from, to, want string }{
		{"a section", sectionFile, "section: duties", "section: dutie", `sections.yaml:4:12: section "dutie" is not one of body, duties, requirements, nice, employer, benefits, legal, application, did you mean "duties"?`},
		{"the title is no section of headings", sectionFile, "section: duties", "section: title", `sections.yaml:4:12: section "title" is not one of`},
		{"a field of a section", sectionFile, "  lines:", "  line:", `sections.yaml:6:3: unknown field "line", did you mean "lines"?`},
		{"a trait", worthFile, `"always"`, `"alway"`, `worth.yaml:2:3: things: unknown trait "alway", did you mean "always"?`},
		{"a trait of notions", worthFile, "notions: {}", "notions:\n  \"in titel\": 1", `worth.yaml:4:3: notions: unknown trait "in titel", did you mean "in title"?`},
		{"a kind", worthFile, `"language"`, `"langage"`, `worth.yaml:5:3: kinds: there is no kind "langage", did you mean "language"?`},
		{"a skill with a weight", worthFile, `"go"`, `"goo"`, `worth.yaml:7:3: skills: there is no skill "goo"`},
		{"weights that are no YAML", worthFile, "things:", "things: [", `worth.yaml:`},
		{"a list of needs", needFile, "must:", "musts:", `needs.yaml:1:1: unknown field "musts", did you mean "must"?`},
		{"a district of a metric", metricFile, "[sysadmin]", "[sysadmins]", `metrics.yaml:1:38: mttr: district "sysadmins" is not one of`},
		{"a class of titles that points nowhere", titleFile, "street: data/ml-ai", "street: data/ml", `street "data/ml" is not in streets.yaml`},
		{"a class of words nobody reads", factWordsFile, "  s_lead:", "  s_leads:", `unknown class "s_leads"`},
	} {
		t.Run(c.name, func(t *testing.T) { complains(t, c.file, c.from, c.to, c.want) })
	}
}

// complains checks the small taxonomy with one mistake in it.
func complains(t *testing.T, file, from, to, want string) {
	t.Helper()
	files := small(t)
	text := string(files[file].Data)
	if !strings.Contains(text, from) {
		t.Fatalf("%s does not hold %q", file, from)
	}
	files[file] = &fstest.MapFile{Data: []byte(strings.Replace(text, from, to, 1))}
	err := Check(files)
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got\n%v\nwant %q", err, want)
	}
	if err != nil && strings.Count(err.Error(), "unknown trait") > 1 {
		t.Errorf("said twice:\n%v", err)
	}
}

func TestOneMistakeInSkillsDoesNotMakeOthersElsewhere(t *testing.T) {
	files := small(t)
	files["skills/test.yaml"] = &fstest.MapFile{Data: []byte("- {id: go, nam: Go}\n")}
	err := Check(files)
	if err == nil || strings.Contains(err.Error(), worthFile) {
		t.Errorf("got\n%v", err)
	}
}
