package crawl_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"jobcity/pipeline/crawl"
)

func TestParseBoards(t *testing.T) {
	for _, tt := range []struct {
		name, file string
		want       []crawl.Board
		wantErr    []string
	}{
		{
			name: "boards with and without options",
			file: `boards:
  - source: ashby
    board: Rose Rocket
    employer: "Rose & Rocket: Ltd"
    interval: 12h
  - {source: greenhouse, board: 0123}
  - {source: hn, board: whoishiring, threads: 3, base_url: "http://127.0.0.1:8099/"}
`,
			want: []crawl.Board{
				{Source: "ashby", Board: "Rose Rocket", Employer: "Rose & Rocket: Ltd", Interval: 12 * time.Hour},
				{Source: "greenhouse", Board: "0123"},
				{Source: "hn", Board: "whoishiring", BaseURL: "http://127.0.0.1:8099", Options: map[string]string{"threads": "3"}},
			},
		},
		{name: "a bare list", file: "- source: ashby\n  board: acme\n", want: []crawl.Board{{Source: "ashby", Board: "acme"}}},
		{name: "an empty file", file: ""},
		{name: "only comments", file: "# none yet\nboards:\n"},
		{
			name: "every error at once, with its line",
			file: `boards:
  - source: grenhouse
    board: acme
  - source: ashby
  - source: hn
    board: whoishiring
    threads: many
  - source: ashby
    board: acme
    theads: 3
  - board: lonely
  - just a word
  - {source: ashby, board: twice}
  - {source: ashby, board: twice}
  - source: ashby
    board: [a, b]
  - {source: ashby, board: fast, interval: 1ms}
  - {source: hn, board: whoisfiring}
bords: []
`,
			wantErr: []string{
				`b.yaml:2: source: unknown source "grenhouse" (did you mean greenhouse?)`,
				`b.yaml:4: board: missing`,
				`b.yaml:7: threads: must be a number from 1 or "all" (got "many")`,
				`b.yaml:10: theads: ashby boards have no such field`,
				`b.yaml:11: source: missing`,
				`b.yaml:12: a board must have the fields source and board`,
				`b.yaml:14: board ashby/twice is already on line 13`,
				`b.yaml:16: board: must be a single value`,
				`b.yaml:17: interval: must be a duration of at least 1s, like 6h (got "1ms")`,
				`b.yaml:18: board: must be whoishiring (got "whoisfiring")`,
				`b.yaml:19: bords: unknown field (did you mean boards?)`,
			},
		},
		{name: "broken YAML", file: "boards:\n  - source: [ashby\n", wantErr: []string{"b.yaml:2: "}},
		{name: "a scalar", file: "acme", wantErr: []string{"b.yaml:1: must be a list of boards under the key boards"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := crawl.ParseBoards("b.yaml", strings.NewReader(tt.file))
			if len(tt.wantErr) == 0 {
				if err != nil {
					t.Fatal(err)
				}
				if !reflect.DeepEqual(got, tt.want) {
					t.Errorf("got  %+v\nwant %+v", got, tt.want)
				}
				return
			}
			if err == nil {
				t.Fatal("no error")
			}
			lines := strings.Split(err.Error(), "\n")
			if len(tt.wantErr) > 1 && len(lines) != len(tt.wantErr) {
				t.Errorf("got %d errors, want %d:\n%s", len(lines), len(tt.wantErr), err)
			}
			for i, want := range tt.wantErr {
				if i < len(lines) && !strings.HasPrefix(lines[i], want) {
					t.Errorf("error %d:\ngot  %s\nwant %s", i, lines[i], want)
				}
			}
		})
	}
}
