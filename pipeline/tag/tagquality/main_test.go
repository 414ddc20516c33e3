package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// gold is a folder of made-up labelled postings and what they were classified as.
func gold(t *testing.T) settings {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata")); err != nil {
		t.Fatal(err)
	}
	return settings{gold: filepath.Join(dir, "gold"), cv: filepath.Join(dir, "gold", "cv.jsonl"), realdata: filepath.Join(dir, "realdata"),
		readme: filepath.Join(dir, "README.md"), date: "2026-01-31", command: "make quality"}
}

func TestTheCardGoesBetweenTheMarkersOfTheReadme(t *testing.T) {
	s := gold(t)
	var out, messages bytes.Buffer
	if err := run(t.Context(), s, &out, &messages); err != nil {
		t.Fatal(err)
	}
	if messages.Len() > 0 {
		t.Errorf("messages: %s", &messages)
	}
	for _, want := range []string{"first street is among the labelled", "software/devops", "Ashby: … or overlaps it", "SkillSpan"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the printed card has no %q:\n%s", want, &out)
		}
	}
	readme, err := os.ReadFile(s.readme)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(readme), begin+"\nMade by `make quality` on 2026-01-31 with taxonomy ")
	if _, after, _ := strings.Cut(rest, end); !found || before != "# Made up\n\n" || after != "\n\nWhat follows stays.\n" || strings.Contains(rest, "an older card") {
		t.Errorf("README\n%s", readme)
	}
	again := bytes.Buffer{}
	if err := run(t.Context(), s, &again, &messages); err != nil || again.String() != out.String() {
		t.Errorf("the second card differs from the first: %v", err)
	}
}

func TestWhatIsAbsentIsSaidAndLeftOut(t *testing.T) {
	for _, c := range []struct {
		name    string
		change  func(*settings)
		message string
		missing string // from the card
	}{
		{"no labels", func(s *settings) { s.gold = filepath.Join(s.gold, "none") }, "there are no labelled postings", "Field"},
		{"no cross-validated tags", func(s *settings) { s.cv = "" }, "train and titles are not judged", "title alone"},
		{"no boards and spans", func(s *settings) { s.realdata = "" }, "not judged by departments, pay and workplace", "Ashby"},
		{"no spans", func(s *settings) {
			if err := os.RemoveAll(filepath.Join(s.realdata, "skillspan")); err != nil {
				panic(err)
			}
		}, "not judged by its spans", "inside a span"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := gold(t)
			c.change(&s)
			var out, messages bytes.Buffer
			if err := run(t.Context(), s, &out, &messages); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(messages.String(), c.message) {
				t.Errorf("messages %q", &messages)
			}
			if strings.Contains(out.String(), c.missing) {
				t.Errorf("the card has %q:\n%s", c.missing, &out)
			}
		})
	}
}

func TestWhatIsWrongIsAnErrorAndTheReadmeStays(t *testing.T) {
	for _, c := range []struct{ name, file, text, want string }{
		{"no markers", "README.md", "# Read me\n", "has no <!-- quality:begin -->"},
		{"a label that is none", "gold/dev.labels.jsonl", "{}\n[]\n", "dev.labels.jsonl:2: decode label"},
		{"a posting without cross-validated tags", "gold/cv.jsonl", "{}\n", "has no tags for t1: run tagtrain -cv again"},
		{"a sentence that is none", "realdata/skillspan/dev.jsonl", "x\n", "dev.jsonl:1: decode sentence"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := gold(t)
			if err := os.WriteFile(filepath.Join(filepath.Dir(s.readme), c.file), []byte(c.text), 0o644); err != nil {
				t.Fatal(err)
			}
			before, _ := os.ReadFile(s.readme)
			err := run(t.Context(), s, &bytes.Buffer{}, &bytes.Buffer{})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if after, _ := os.ReadFile(s.readme); !bytes.Equal(before, after) {
				t.Errorf("the README changed:\n%s", after)
			}
		})
	}
}

func TestNumbersAreWrittenForPeople(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 31656: "31,656", 1234567: "1,234,567"} {
		if got := thousands(n); got != want {
			t.Errorf("%d is written %s", n, got)
		}
	}
}
