package jobsfile_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobcity/pipeline/crawl/crawltest"
	"jobcity/pipeline/crawl/jobsfile"
	"jobcity/pipeline/crawl/source"
)

func board() source.Board {
	return source.Board{Source: "jobsfile", Board: "acme", Options: map[string]string{"url": "https://acme.example/jobs.jsonl"}}
}

func TestDecode(t *testing.T) {
	files, err := filepath.Glob("testdata/*")
	if err != nil || len(files) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, ".golden") {
			continue
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			postings, bad, err := jobsfile.Decode(body, board())
			crawltest.Golden(t, file+".golden", postings, bad, err)
		})
	}
}

func TestEmptyBoardsAndEmptyAnswers(t *testing.T) {
	for _, tt := range []struct{ name, body, want string }{
		{"no bytes", "", "file acme: the answer is empty"},
		{"white space", "\n", ""},
		{"an empty list", "[]", ""},
		{"a header alone", "id,title\n", ""},
		{"a web page", "<!doctype html>", "file acme: the answer is a web page or XML"},
		{"an error in JSON", `{"error":"maintenance"}`, "file acme: not one posting in it can be read: field id: missing"},
		{"prose", "Dear Sir or Madam,\nno.", "file acme: of no known form"},
		{"a line cut short", `{"id":1,"title":"a"}` + "\n" + `{"id":2,"ti`, "file acme: the answer is cut short"},
		{"a list cut short", `[{"id":1,"title":"a"},{"id":2`, "file acme: the answer is cut short"},
		{"a row cut short", "id,title,text\n1,a,b\n2,a", "file acme: the answer is cut short"},
		{"semicolons between the cells", "id;title;text\n1;a;b, c\n", ""},
		{"a last row without the line's end", "id,title,text\n1,a,b\n2,a,b", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, bad, err := jobsfile.Decode([]byte(tt.body), board())
			if (err == nil) != (tt.want == "") || err != nil && !strings.HasPrefix(err.Error(), tt.want) || len(bad) > 0 {
				t.Errorf("got %v, want %q; bad %v", err, tt.want, bad)
			}
		})
	}
}

func TestTheBoardsOwnEmployerWins(t *testing.T) {
	b := board()
	b.Employer = "Acme Inc."
	postings, _, err := jobsfile.Decode([]byte(`{"id":1,"title":"x","employer":"acme"}`), b)
	if err != nil || len(postings) != 1 || postings[0].Employer != "Acme Inc." {
		t.Errorf("got %+v, %v", postings, err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"id":1,"title":"x"}` + "\n{"))
	f.Add([]byte("id,title,text\n1,\"a,b\n2"))
	f.Add([]byte(`[{"id":"1","salary":{"min":-1}},null,7]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		postings, bad, err := jobsfile.Decode(body, board())
		crawltest.Properties(t, board(), postings, bad, err)
	})
}
