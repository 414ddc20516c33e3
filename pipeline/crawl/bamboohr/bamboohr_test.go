package bamboohr_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jobcity/pipeline/crawl/bamboohr"
	"jobcity/pipeline/crawl/crawltest"
	"jobcity/pipeline/crawl/source"
)

var acme = source.Board{Source: "bamboohr", Board: "acme", BaseURL: "https://{board}.bamboohr.com"}

func TestDecode(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			postings, bad, err := bamboohr.Decode(body, acme, "36")
			crawltest.Golden(t, strings.TrimSuffix(file, ".json")+".golden", postings, bad, err)
		})
	}
}

func TestTheBoardsOwnEmployerWins(t *testing.T) {
	b := acme
	b.Employer = "Acme Inc."
	postings, _, err := bamboohr.Decode([]byte(`{"result":{"jobOpening":{"jobOpeningName":"x"}}}`), b, "1")
	if err != nil || len(postings) != 1 || postings[0].Employer != "Acme Inc." {
		t.Errorf("got %+v, %v", postings, err)
	}
}

// row is a row of the list.
func row(id string) string {
	return `{"id":` + id + `,"jobOpeningName":"Row ` + strings.Trim(id, `"`) + `"}`
}

func TestList(t *testing.T) {
	const opening = `{"result":{"jobOpening":{"jobOpeningName":"Engineer"}}}`
	var eight, asked8 []string
	for i := range 8 {
		eight = append(eight, row(strconv.Itoa(i)))
		if i < 5 {
			asked8 = append(asked8, strconv.Itoa(i)+"/detail")
		}
	}
	for _, tt := range []struct {
		name      string
		answers   map[string]string
		asked     []string
		listed    []string
		wantError string
	}{
		{"a list with its details", map[string]string{"list": `{"result":[` + row("1") + `,` + row(`"2"`) + `],"meta":{"totalCount":2}}`, "1/detail": opening, "2/detail": opening},
			[]string{"list", "1/detail", "2/detail"}, []string{"1 Engineer", "2 Engineer"}, ""},
		{"a posting that is there twice", map[string]string{"list": `{"result":[` + row("1") + `,` + row("1") + `]}`, "1/detail": opening}, []string{"list", "1/detail"}, []string{"1 Engineer"}, ""},
		{"a title that only the list has", map[string]string{"list": `{"result":[` + row("1") + `]}`, "1/detail": `{"result":{"jobOpening":{}}}`}, []string{"list", "1/detail"}, []string{"1 Row 1"}, ""},
		{"a detail that fails", map[string]string{"list": `{"result":[` + row("1") + `,` + row("2") + `]}`, "2/detail": opening}, []string{"list", "1/detail", "2/detail"}, []string{"1 bad", "2 Engineer"}, ""},
		{"details that all fail", map[string]string{"list": `{"result":[` + strings.Join(eight, ",") + `]}`}, append([]string{"list"}, asked8...), []string{"0 bad", "1 bad", "2 bad", "3 bad", "4 bad"}, "5 postings in a row cannot be read"},
		{"fewer than the board says", map[string]string{"list": `{"meta":{"totalCount":3},"result":[` + row("1") + `]}`, "1/detail": opening}, []string{"list", "1/detail"}, []string{"1 Engineer"}, "it says it has 3 postings and gave 1"},
		{"a total of a wrong type", map[string]string{"list": `{"meta":{"totalCount":"many"},"result":[]}`}, []string{"list"}, nil, ""},
		{"no list", map[string]string{"list": `{"result":null}`}, []string{"list"}, nil, "is not a list"},
		{"an unchanged list", map[string]string{"list": `304 {"total":1,"entries":[["1","v","Row 1"]]}`, "1/detail": "304 "}, []string{"list", "1/detail"}, nil, ""},
		{"a damaged memory of it", map[string]string{"list": `304 {"total`}, []string{"list"}, nil, "bamboohr board acme: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var asked, listed []string
			err := bamboohr.Source().List(t.Context(), acme, func(_ context.Context, r source.Request) (source.Response, error) {
				path := strings.TrimPrefix(r.URL, "https://acme.bamboohr.com/careers/")
				asked = append(asked, path)
				body, ok := tt.answers[path]
				if !ok {
					return source.Response{}, errors.New("no answer")
				}
				if memo, unchanged := strings.CutPrefix(body, "304 "); unchanged {
					return source.Response{Request: r, NotModified: true, Memo: memo}, nil
				}
				return source.Response{Request: r, Body: []byte(body)}, nil
			}, func(p source.Page) error {
				for _, one := range p.Postings {
					listed = append(listed, one.NativeID+" "+one.Title)
				}
				for _, b := range p.Bad {
					listed = append(listed, b.NativeID+" bad")
				}
				return nil
			})
			if (err == nil) != (tt.wantError == "") || err != nil && !strings.Contains(err.Error(), tt.wantError) {
				t.Errorf("error %v, want %q", err, tt.wantError)
			}
			if !slices.Equal(asked, tt.asked) || !slices.Equal(listed, tt.listed) {
				t.Errorf("asked %q and listed %q, want %q and %q", asked, listed, tt.asked, tt.listed)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	for _, name := range []string{"full", "wrong_types", "bare"} {
		body, err := os.ReadFile("testdata/" + name + ".json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		postings, bad, err := bamboohr.Decode(body, acme, "36")
		crawltest.Properties(t, acme, postings, bad, err)
	})
}

func TestDecodeSaved(t *testing.T) {
	const opening = `{"result":{"jobOpening":{"jobOpeningShareUrl":"https://acme.bamboohr.com/careers/36","jobOpeningName":"Engineer"}}}`
	for _, tt := range []struct{ name, body, board, want, wantError string }{
		{"the address says which it is", opening, "", "acme 36", ""},
		{"the board is given", opening, "acme-group", "acme-group 36", ""},
		{"no address", `{"result":{"jobOpening":{"jobOpeningName":"Engineer"}}}`, "", "", "jobOpeningShareUrl: missing"},
		{"an address without an id", `{"result":{"jobOpening":{"jobOpeningShareUrl":"https://acme.bamboohr.com/"}}}`, "", "", "not the address of a posting"},
		{"an address that is none", `{"result":{"jobOpening":{"jobOpeningShareUrl":"http://[::1"}}}`, "", "", "jobOpeningShareUrl: missing"},
		{"no title", `{"result":{"jobOpening":{"jobOpeningShareUrl":"https://acme.bamboohr.com/careers/36"}}}`, "", "", "posting 36: field jobOpeningName: missing"},
		{"a list", `{"result":[]}`, "", "", `has no "jobOpening"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, err := bamboohr.DecodeSaved([]byte(tt.body), tt.board)
			if tt.wantError != "" {
				if err == nil || !strings.Contains(err.Error(), tt.wantError) {
					t.Errorf("got %+v and error %v, want %q", p, err, tt.wantError)
				}
				return
			}
			if got := p.Board + " " + p.NativeID; err != nil || got != tt.want {
				t.Errorf("got %q and error %v, want %q", got, err, tt.want)
			}
		})
	}
}
