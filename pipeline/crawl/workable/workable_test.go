package workable_test

import (
	"testing"

	"jobcity/pipeline/crawl/crawltest"
	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/crawl/workable"
)

func board() source.Board {
	return source.Board{Source: "workable", Board: "acme", BaseURL: workable.Source().BaseURL}
}

func TestDecode(t *testing.T) { crawltest.GoldenFiles(t, board(), workable.Decode) }

func FuzzDecode(f *testing.F) {
	crawltest.Fuzz(f, board(), workable.Decode,
		`{"jobs":[null,{},[],1,{"url":"/j/","title":"x"},{"shortcode":"1"},{"shortcode":"1","locations":[{}]}],"name":7}`)
}

func TestTheAccountsNameIsTheEmployer(t *testing.T) {
	for _, tt := range []struct{ name, employer, body, want string }{
		{"after the postings", "", `{"jobs":[{"shortcode":"1","title":"x"}],"name":"Acme Ltd"}`, "Acme Ltd"},
		{"the board's own wins", "Acme", `{"name":"Acme Ltd","jobs":[{"shortcode":"1","title":"x"}]}`, "Acme"},
		{"none", "", `{"name":null,"jobs":[{"shortcode":"1","title":"x"}]}`, "acme"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := board()
			b.Employer = tt.employer
			postings, _, err := workable.Decode([]byte(tt.body), b)
			if err != nil || len(postings) != 1 || postings[0].Employer != tt.want {
				t.Errorf("got %+v, %v", postings, err)
			}
		})
	}
}
