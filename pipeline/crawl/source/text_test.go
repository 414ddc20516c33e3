package source_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"jobcity/pipeline/crawl/source"
)

func TestTextPutsSectionsUnderTheirHeadings(t *testing.T) {
	for _, tt := range []struct {
		name     string
		sections []source.Section
		want     string
	}{
		{"nothing", nil, ""},
		{"a body alone stays as it is", []source.Section{{Body: "<p>Write <b>Go</b>.<br></p>"}}, "<p>Write <b>Go</b>.<br></p>"},
		{"a section without a body is left out", []source.Section{{Heading: "Empty", Body: " \n"}, {Body: "<p>x</p>"}}, "<p>x</p>"},
		{"headings are plain text", []source.Section{{Heading: " You &amp;\n I <3 ", Body: "<p>x</p>"}}, "<h3>You &amp; I &lt;3</h3>\n<p>x</p>"},
		{"plain text keeps its lines", []source.Section{{Heading: "A", Body: "one\ntwo & three"}}, "<h3>A</h3>\n<p>one<br>\ntwo & three</p>"},
		{"HTML that was escaped is HTML", []source.Section{{Body: "&lt;p&gt;A &amp;amp; B&lt;/p&gt;"}}, "<p>A &amp; B</p>"},
		{"an escaped bracket in plain text is one", []source.Section{{Body: "a &lt; b"}}, "<p>a &lt; b</p>"},
		{"what is open is closed before the next heading", []source.Section{{Body: "<div><b>x"}, {Heading: "Requirements", Body: "<ul><li>one<li>two"}, {Body: "</ul></div>end"}},
			"<div><b>x</b></div>\n<h3>Requirements</h3>\n<ul><li>one</li><li>two</li></ul>\n<p>end</p>"},
		{"what overlaps is nested", []source.Section{{Body: "<b><i>x</b>y</i>"}}, "<b><i>x</i></b>y"},
		{"a comment without an end takes nothing along", []source.Section{{Body: "x<!-- y"}, {Heading: "A", Body: "z"}}, "<p>x</p>\n<h3>A</h3>\n<p>z</p>"},
		{"a quote without an end takes nothing along", []source.Section{{Body: `<a href="x>link</a> more`}, {Heading: "A", Body: `say "z"`}}, "<p>link more</p>\n<h3>A</h3>\n<p>say \"z\"</p>"},
		{"an apostrophe in a tag is no quote", []source.Section{{Body: `<p it's>x</p>`}}, `<p it's>x</p>`},
		{"a bracket that opens no tag is text", []source.Section{{Body: "<p>salary < 90k</p>"}}, "<p>salary &lt; 90k</p>"},
		{"scripts and styles are no text", []source.Section{{Body: "a<script>if (x</p>1) {}</script>b<STYLE>p{}</style>c"}}, "<p>abc</p>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := source.Text(tt.sections...); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// outline reads the text with a real tokenizer: the headings that stand outside
// of all other elements, and whether every element is closed in its place.
func outline(text string) (headings []string, wellFormed bool) {
	var open []string
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return headings, len(open) == 0
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			if !slices.Contains([]string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}, string(name)) {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				return headings, false
			}
			open = open[:len(open)-1]
		case html.TextToken:
			if slices.Equal(open, []string{"h3"}) {
				headings = append(headings, string(z.Text()))
			}
		}
	}
}

func TestTextIsWellFormedWhateverTheParts(t *testing.T) {
	parts := rapid.SampledFrom([]string{
		"<p>", "</p>", "<ul>", "<li>", "</li>", "</ul>", "<b>", "</b>", "<br>", "<br/>", "<p/>", "<div class='a>b'>", "</div>", "<A HREF=\"x\">", "</a >", "<a href=\"", "' ", "\"",
		"<!--", "-->", "<!-- x -->", "<!doctype html>", "<?xml ?>", "<", ">", "</", "</>", "< p>", "text", " & ", "&lt;p&gt;", "\n", "<script>", "</script>", "<style>", "<h2>", "</h2>",
		"<img src=x>", "<td", "<o:p>", "</o:p>", "<b=c>", "<x'y>", "<a b= 'c' d=\"e\">", "<3", "<\x00>", "é", "<é>",
	})
	rapid.Check(t, func(t *rapid.T) {
		first := strings.Join(rapid.SliceOfN(parts, 0, 12).Draw(t, "first"), "")
		second := strings.Join(rapid.SliceOfN(parts, 0, 12).Draw(t, "second"), "")
		text := source.Text(source.Section{Body: first}, source.Section{Heading: "Between", Body: "x" + second}, source.Section{Heading: "Last", Body: "end"})
		headings, wellFormed := outline(text)
		if !wellFormed {
			t.Fatalf("not well-formed: %q", text)
		}
		between, last := slices.Index(headings, "Between"), slices.Index(headings, "Last")
		if between < 0 || last < between {
			t.Fatalf("headings %q of %q", headings, text)
		}
		if again := source.Text(source.Section{Body: text}); again != text {
			t.Fatalf("written again it is another:\n%q\n%q", again, text)
		}
	})
}
