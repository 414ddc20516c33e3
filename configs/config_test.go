package configs_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"jobcity/configs"
	"jobcity/pipeline/crawl"
	"jobcity/pipeline/tag"
)

func load(t *testing.T, text string, environ ...string) (configs.Config, error) {
	t.Helper()
	file := ""
	if text != "" {
		file = filepath.Join(t.TempDir(), "jobcity.yaml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return configs.Load(file, environ)
}

func TestDefaultsAreValid(t *testing.T) {
	if _, err := load(t, ""); err != nil {
		t.Error(err)
	}
}

func TestDefaultYAMLNamesEverySetting(t *testing.T) {
	var given map[string]map[string]any
	if err := yaml.Unmarshal(configs.Default(), &given); err != nil {
		t.Fatal(err)
	}
	sections := reflect.TypeFor[configs.Config]()
	for i := range sections.NumField() {
		section := sections.Field(i)
		name := section.Tag.Get("yaml")
		for j := range section.Type.NumField() {
			key, _, _ := strings.Cut(section.Type.Field(j).Tag.Get("yaml"), ",")
			if _, ok := given[name][key]; !ok && key != "-" && key != "" {
				t.Errorf("default.yaml does not name %s.%s", name, key)
			}
		}
	}
}

func TestDefaultsOfTheCrawlerAreItsOwn(t *testing.T) {
	c, err := load(t, "")
	if err != nil {
		t.Fatal(err)
	}
	want := crawl.DefaultConfig()
	c.Crawl.AllowPrivateHosts, c.Crawl.Sources = want.AllowPrivateHosts, want.Sources
	if !reflect.DeepEqual(c.Crawl, want) {
		t.Errorf("default.yaml says %+v, the crawler %+v", c.Crawl, want)
	}
}

func TestFileAndEnvironmentGoBeforeDefaults(t *testing.T) {
	c, err := load(t, "crawl: {interval: 2h}\nbus: {replicas: 3, url: 'nats://file:4222'}\n",
		"JOBCITY_BUS_URL=nats://environment:4222", "JOBCITY_API_CONCURRENCY=7", "JOBCITY_CRAWL_ALLOW_PRIVATE_HOSTS=[localhost]")
	if err != nil {
		t.Fatal(err)
	}
	if c.Crawl.Interval != 2*time.Hour || c.Bus.Replicas != 3 || c.Bus.URL != "nats://environment:4222" || c.API.Concurrency != 7 || len(c.Crawl.AllowPrivateHosts) != 1 {
		t.Errorf("got %+v", c)
	}
	if c.Crawl.Retries != 2 {
		t.Errorf("a default beside what the file sets is lost: %+v", c.Crawl)
	}
}

func TestMistakesAreNamedWithTheirPlace(t *testing.T) {
	for _, c := range []struct {
		name, text string
		environ    []string
		want       []string
	}{
		{"unknown key", "bus:\n  uri: x\n", nil, []string{"jobcity.yaml:2:3", "uri"}},
		{"wrong type", "ingest:\n  workers: many\n", nil, []string{"jobcity.yaml:2"}},
		{"no YAML", "bus: [\n", nil, []string{"jobcity.yaml:1"}},
		{"out of bounds, all at once", "bus: {replicas: 9}\nstore: {threads: -1}\nbatch: {max_rows: 0}\n", nil, []string{"bus.replicas: ", "store.threads: ", "batch.max_rows: "}},
		{"environment of the wrong type", "", []string{"JOBCITY_BUS_REPLICAS=nine"}, []string{"JOBCITY_BUS_REPLICAS", `"nine"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := load(t, c.text, c.environ...)
			for _, want := range c.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("error %v does not say %s", err, want)
				}
			}
		})
	}
	if _, err := configs.Load("no-such-file.yaml", nil); err == nil {
		t.Error("a file that is not there was read")
	}
}

func TestShippedBoardsAndTaxonomyAreInOrder(t *testing.T) {
	boards, err := os.Open("boards.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer boards.Close()
	if _, err := crawl.ParseBoards("boards.yaml", boards); err != nil {
		t.Error(err)
	}
	fsys, err := configs.Taxonomy()
	if err != nil {
		t.Fatal(err)
	}
	if err := tag.Check(fsys); err != nil {
		t.Error(err)
	}
}

func TestTheShippedBoardsAreManyAndInOrder(t *testing.T) {
	boards, err := crawl.ParseBoards("boards.yaml", bytes.NewReader(configs.Boards()))
	if err != nil {
		t.Fatal(err)
	}
	per := map[string]int{}
	for _, b := range boards {
		per[b.Source]++
		if b.BaseURL != "" && !strings.HasPrefix(b.BaseURL, "https://") {
			t.Errorf("%s is asked at %s", b.ID(), b.BaseURL)
		}
	}
	for _, source := range []string{"ashby", "greenhouse", "hn", "lever", "personio", "recruitee", "smartrecruiters", "teamtailor", "workable", "workday"} {
		if per[source] == 0 {
			t.Errorf("no board of %s", source)
		}
	}
	if len(boards) < 300 {
		t.Errorf("%d boards", len(boards))
	}
}
