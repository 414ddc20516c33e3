package crawl_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jobcity/pipeline/crawl"
)

func TestAddBoardKeepsCommentsAndLayout(t *testing.T) {
	acme := crawl.Board{Source: "ashby", Board: "acme"}
	for _, tt := range []struct {
		name, before, after string
		b                   crawl.Board
		line                int
	}{
		{"no file yet", "", "boards:\n  - source: ashby\n    board: acme\n", acme, 2},
		{"only comments", "# mine\n", "# mine\nboards:\n  - source: ashby\n    board: acme\n", acme, 3},
		{"an empty list", "boards: [] # none yet\n", "boards: # none yet\n  - source: ashby\n    board: acme\n", acme, 2},
		{"a key without a list", "boards:\n# soon\n", "boards:\n# soon\n  - source: ashby\n    board: acme\n", acme, 3},
		{"entries over several lines, without a last newline", "boards:\n- source: greenhouse # ours\n  board: x", "boards:\n- source: greenhouse # ours\n  board: x\n- source: ashby\n  board: acme\n", acme, 4},
		{"entries in one line", "boards:\n    - {source: greenhouse, board: x}\n\n# end\n", "boards:\n    - {source: greenhouse, board: x}\n\n# end\n    - {source: ashby, board: acme}\n", acme, 5},
		{"a list without a key", "- {source: greenhouse, board: x}\n", "- {source: greenhouse, board: x}\n- {source: ashby, board: acme}\n", acme, 2},
		{"the whole list in one line", "boards: [{source: greenhouse, board: x}]\n", "boards: [{source: greenhouse, board: x}, {source: ashby, board: acme}]\n", acme, 1},
		{"lines of Windows", "boards:\r\n  - source: greenhouse\r\n    board: x\r\n", "boards:\r\n  - source: greenhouse\r\n    board: x\r\n  - source: ashby\r\n    board: acme\r\n", acme, 4},
		{"the end of a document", "boards:\n  - {source: greenhouse, board: x}\n...\n", "boards:\n  - {source: greenhouse, board: x}\n  - {source: ashby, board: acme}\n...\n", acme, 3},
		{
			"all that a board may carry, with what needs quotes", "boards:\n  - {source: greenhouse, board: x}\n",
			"boards:\n  - {source: greenhouse, board: x}\n  - {source: hn, board: whoishiring, employer: \"Rose & Rocket: \\\"Ltd\\\"\", base_url: http://127.0.0.1:80, interval: \"12h0m0s\", threads: \"3\"}\n",
			crawl.Board{Source: "hn", Board: "whoishiring", Employer: `Rose & Rocket: "Ltd"`, BaseURL: "http://127.0.0.1:80", Interval: 12 * 3600e9, Options: map[string]string{"threads": "3"}}, 3,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, added, err := crawl.AddBoard("b.yaml", []byte(tt.before), tt.b)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != tt.after || added.Line != tt.line {
				t.Errorf("line %d:\n%s\nwant line %d:\n%s", added.Line, got, tt.line, tt.after)
			}
		})
	}
}

func TestAddBoardRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, before string
		b            crawl.Board
		want         string
	}{
		{"a board that is there", "boards:\n  - {source: ashby, board: acme}\n", crawl.Board{Source: "ashby", Board: "acme"}, "board ashby/acme is already in b.yaml"},
		{"a board that is there in other capitals", "- {source: ashby, board: Acme}\n", crawl.Board{Source: "ashby", Board: "acme"}, "already in b.yaml: {source: ashby, board: Acme}"},
		{"a file that is not in order", "boards:\n  - source: ashby\n", crawl.Board{Source: "ashby", Board: "acme"}, "b.yaml is not in order, mend it first:\nb.yaml:2: board: missing"},
		{"a board that is wrong", "", crawl.Board{Source: "nosuch", Board: "acme"}, `unknown source "nosuch"`},
		{"a layout it cannot add to", "boards: [\n  {source: ashby, board: x} ] # [ours]\n", crawl.Board{Source: "ashby", Board: "acme"}, "add this entry by hand:\nsource: ashby\nboard: acme"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, _, err := crawl.AddBoard("b.yaml", []byte(tt.before), tt.b)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v and %q, want %q", err, got, tt.want)
			}
		})
	}
}

func TestWhatIsAddedIsReadBackWhateverItsName(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, want := []byte(rapid.SampledFrom([]string{"", "boards:\n", "boards: []\n", "# a comment"}).Draw(t, "begin")), []crawl.Board(nil)
		for range rapid.IntRange(1, 4).Draw(t, "boards") {
			b := crawl.Board{
				Source:   rapid.SampledFrom([]string{"ashby", "greenhouse"}).Draw(t, "source"),
				Board:    rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"null", "true", "1e3", "0123", "~", "- a", "a: b", "#x", "y", "{a", "a,b"})).Draw(t, "board"),
				Employer: rapid.String().Draw(t, "employer"),
			}
			out, _, err := crawl.AddBoard("b.yaml", text, b)
			if err != nil {
				continue // refused, or a name that YAML cannot hold
			}
			text, want = out, append(slices.Clip(want), b)
		}
		got, err := crawl.ParseBoards("b.yaml", strings.NewReader(string(text)))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("got %+v, %v\nwant %+v\n%s", got, err, want, text)
		}
	})
}
