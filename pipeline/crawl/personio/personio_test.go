package personio_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jobcity/pipeline/crawl/crawltest"
	"jobcity/pipeline/crawl/personio"
	"jobcity/pipeline/crawl/source"
)

var acme = source.Board{Source: "personio", Board: "acme", BaseURL: "https://{board}.jobs.personio.de"}

func TestDecode(t *testing.T) {
	files, err := filepath.Glob("testdata/*.xml")
	if err != nil || len(files) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			postings, bad, err := personio.Decode(body, acme)
			crawltest.Golden(t, strings.TrimSuffix(file, ".xml")+".golden", postings, bad, err)
		})
	}
}

func TestTheBoardsOwnEmployerAndHostWin(t *testing.T) {
	b := source.Board{Source: "personio", Board: "acme.jobs.personio.com", Employer: "Acme Inc."}
	postings, _, err := personio.Decode([]byte(`<workzag-jobs><position><id>7</id><name>x</name><subcompany>Acme GmbH</subcompany></position></workzag-jobs>`), b)
	if err != nil || len(postings) != 1 || postings[0].Employer != "Acme Inc." || postings[0].URL != "https://acme.jobs.personio.com/job/7" {
		t.Errorf("got %+v, %v", postings, err)
	}
}

// feed is a feed with the positions given as "id" or "id text".
func feed(positions ...string) string {
	out := "<workzag-jobs>"
	for _, p := range positions {
		id, text, _ := strings.Cut(p, " ")
		out += "<position><id>" + id + "</id><name>Engineer " + id + "</name><jobDescriptions><jobDescription><name>Tasks</name><value>" + text + "</value></jobDescription></jobDescriptions></position>"
	}
	return out + "</workzag-jobs>"
}

func TestTextsMissingInOneLanguageComeFromTheOther(t *testing.T) {
	const en, de = "https://acme.jobs.personio.de/xml?language=en", "https://acme.jobs.personio.de/xml?language=de"
	french := acme
	french.Options = map[string]string{"language": "fr"}
	for _, tt := range []struct {
		name      string
		board     source.Board
		answers   map[string]string
		asked     []string
		listed    []string // with what became of it
		wantError string
	}{
		{"all texts are there", acme, map[string]string{en: feed("1 Go", "2 Java")}, []string{en}, []string{"1 read", "2 read"}, ""},
		{"one is missing", acme, map[string]string{en: feed("1 Go", "2"), de: feed("1 Los", "2 Java")}, []string{en, de}, []string{"1 read", "2 read"}, ""},
		{"it is missing in both", acme, map[string]string{en: feed("2"), de: feed("2")}, []string{en, de}, []string{"2 read"}, ""},
		{"it is only in one feed", acme, map[string]string{en: feed("2"), de: feed("3 Go")}, []string{en, de}, []string{"2 bad"}, ""},
		{"the other feed fails", acme, map[string]string{en: feed("1 Go", "2")}, []string{en, de}, []string{"1 read"}, "1 postings have no text in en: no answer"},
		{"the board names a language", french, map[string]string{"https://acme.jobs.personio.de/xml?language=fr": feed("1 Go", "2")}, []string{"https://acme.jobs.personio.de/xml?language=fr"}, []string{"1 read", "2 read"}, ""},
		{"nothing changed", acme, map[string]string{en: "304 2", de: "304"}, []string{en, de}, nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var asked, listed []string
			err := personio.Source().List(t.Context(), tt.board, func(_ context.Context, r source.Request) (source.Response, error) {
				sent, _, _ := strings.Cut(r.URL, "#")
				asked = append(asked, sent)
				body, ok := tt.answers[sent]
				if !ok {
					return source.Response{}, errors.New("no answer")
				}
				if memo, unchanged := strings.CutPrefix(body, "304"); unchanged {
					return source.Response{Request: r, NotModified: true, Memo: strings.TrimSpace(memo)}, nil
				}
				return source.Response{Request: r, Body: []byte(body)}, nil
			}, func(p source.Page) error {
				for _, one := range p.Postings {
					listed = append(listed, one.NativeID+" read")
				}
				for _, b := range p.Bad {
					listed = append(listed, b.NativeID+" bad")
				}
				return nil
			})
			if (err == nil) != (tt.wantError == "") || err != nil && !strings.Contains(err.Error(), tt.wantError) {
				t.Errorf("error %v, want %q", err, tt.wantError)
			}
			if !slices.Equal(asked, tt.asked) {
				t.Errorf("asked %q, want %q", asked, tt.asked)
			}
			if !slices.Equal(listed, tt.listed) {
				t.Errorf("listed %q, want %q", listed, tt.listed)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		name    string
		board   string
		options map[string]string
		want    string
	}{
		{"a name", "acme", nil, ""},
		{"a name with a hyphen and a language", "acme-group", map[string]string{"language": "pt-BR"}, ""},
		{"a whole host", "acme.jobs.personio.com", nil, ""},
		{"an address", "https://acme.jobs.personio.de", nil, "board: must be the part of the host"},
		{"a way out of the host", "evil.example/#", nil, "board: must be the part of the host"},
		{"a language by name", "acme", map[string]string{"language": "English"}, "language: must be a language like en"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := personio.Source().Check(source.Board{Source: "personio", Board: tt.board, Options: tt.options})
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	for _, name := range []string{"full", "latin1", "utf16", "control_characters", "entity_bomb", "no_end"} {
		body, err := os.ReadFile("testdata/" + name + ".xml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		postings, bad, err := personio.Decode(body, acme)
		crawltest.Properties(t, acme, postings, bad, err)
	})
}
