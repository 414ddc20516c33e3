package judge_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"jobcity/pipeline/judge"
	"jobcity/pipeline/posting"
	"jobcity/pipeline/tag"
)

const goldDir = "../../../shared/gold"

// TestFieldsAreWhatTheScorerSays holds the card against score.py on all labelled
// postings, some of which are left untagged.
func TestFieldsAreWhatTheScorerSays(t *testing.T) {
	score := filepath.Join(goldDir, "score.py")
	if _, err := os.Stat(score); err != nil {
		t.Skip("the labelled postings are not here")
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("the scorer needs python3")
	}
	tagger, err := tag.New(os.DirFS("../../configs/taxonomy"))
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range []string{"dev", "train", "titles"} {
		t.Run(set, func(t *testing.T) {
			labels := filepath.Join(goldDir, set+".labels.jsonl")
			postings := filepath.Join(goldDir, set+".postings.jsonl")
			if set == "titles" {
				postings = labels
			}
			byID := map[string]*tag.Tags{}
			var out bytes.Buffer
			n := 0
			eachLine(t, postings, func(line []byte) {
				var p posting.Posting
				var as struct{ ID, Location string }
				if json.Unmarshal(line, &p) != nil || json.Unmarshal(line, &as) != nil {
					t.Fatalf("%s: %s", postings, line)
				}
				if n++; n%7 == 0 {
					return
				}
				p.ID, p.Salary = as.ID, nil
				if as.Location != "" {
					p.Locations = []string{as.Location}
				}
				tags := tagger.Tag(p)
				byID[p.ID] = &tags
				if err := json.NewEncoder(&out).Encode(tags); err != nil {
					t.Fatal(err)
				}
			})
			card := judge.NewCard()
			eachLine(t, labels, func(line []byte) {
				l, err := judge.DecodeLabel(line)
				if err != nil {
					t.Fatal(err)
				}
				card.Add(l, l.ID, byID[l.ID])
			})
			cmd := exec.CommandContext(t.Context(), python, score, labels, "-", "--json")
			cmd.Stdin = &out
			said, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			var want map[string]struct {
				Value, Precision, Recall float64
				Postings                 int
			}
			if err := json.Unmarshal(said, &want); err != nil {
				t.Fatal(err)
			}
			rows := card.Rows("field")
			if len(rows) != len(want) {
				t.Errorf("%d fields, the scorer has %d", len(rows), len(want))
			}
			for _, r := range rows {
				w := want[r.Name]
				if r.N != w.Postings || math.Abs(r.Value.Value-w.Value) > 1e-12 {
					t.Errorf("%s is %.6f of %d, the scorer says %.6f of %d", r.Name, r.Value.Value, r.N, w.Value, w.Postings)
				}
				if r.Name == "skills" && (math.Abs(r.Precision.Value-w.Precision) > 1e-12 || math.Abs(r.Recall.Value-w.Recall) > 1e-12) {
					t.Errorf("skills: precision %.6f and recall %.6f, the scorer says %.6f and %.6f", r.Precision.Value, r.Recall.Value, w.Precision, w.Recall)
				}
			}
		})
	}
}

func eachLine(t *testing.T, path string, yield func([]byte)) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		yield(lines.Bytes())
	}
	if lines.Err() != nil {
		t.Fatal(lines.Err())
	}
}
