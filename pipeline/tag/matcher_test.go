package tag

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// formsOf makes forms of one layer, owner i for the i-th; "=" before a text makes
// it exact.
func formsOf(texts ...string) []form {
	var fs []form
	for i, t := range texts {
		exact := strings.HasPrefix(t, "=")
		fs = append(fs, form{text: strings.TrimPrefix(t, "="), exact: exact, owner: int32(i)})
	}
	return fs
}

func TestMatcherFindsWholeWords(t *testing.T) {
	vocabulary := []string{"c", "c++", "c#", "objective-c", ".net", ".net core", "asp.net", "asp.net core", ".net 8", "node.js", "ci/cd", "r", "go",
		"=Go", "java", "javascript", "machine learning", "data", "data engineer", "k8s", "b.i.", "überwachung", "équipe", "f#", "rock'n'roll", "Ｊａｖａ"}
	tests := []struct {
		name, text string
		want       []string
	}{
		{"the longest of c, c++, c# and objective-c", "C, C++, C# and Objective-C", []string{"C", "C++", "C#", "Objective-C"}},
		{"a longer name is not its beginning", "c+++ c## cc c++x", nil},
		{"a version may follow a mark", "C++17", []string{"C++"}},
		{"the longest of the .net family", "ASP.NET Core, .NET Core, .NET 8 and .NET", []string{"ASP.NET Core", ".NET Core", ".NET 8", ".NET"}},
		{".net inside another name", "vb.net", nil},
		{"a question mark behind", "node.js?", []string{"node.js"}},
		{"a stop behind", "We write go.", []string{"go"}},
		{"a stop and the next sentence", "We write Go.It is fun", []string{"Go", "Go"}},
		{"a hyphen is a boundary", "cafe-Java", []string{"Java"}},
		{"an accent is not", "javaé éjava java\u0301", nil},
		{"curly quotes", "“Java” ‘Go’", []string{"Java", "Go", "Go"}},
		{"bullets and signs", "•Java ©Java→Java", []string{"Java", "Java", "Java"}},
		{"neighbours of scripts without spaces", "日本Java語 자바Go를 ไทยJavaไทย", []string{"Java", "Go", "Go", "Java"}},
		{"full width is another letter", "Ｊａｖａ Java", []string{"Ｊａｖａ", "Java"}},
		{"a line break inside a phrase", "machine\n\t learning", []string{"machine\n\t learning"}},
		{"a non-breaking space inside a phrase", "machine\u00a0learning machine \u00a0 learning", []string{"machine\u00a0learning", "machine \u00a0 learning"}},
		{"a non-breaking hyphen", "objective‑c", []string{"objective‑c"}},
		{"a shorter name when the longer fails at its end", "data engineering, data engineers", []string{"data", "data"}},
		{"slashes and letters", "CI/CD ci/cds", []string{"CI/CD"}},
		{"one letter beside a joining mark", "R&D, C-level, it's, e.r., c.", []string{"C", "c"}},
		{"exact beside folded of the same letters", "Go go GO", []string{"Go", "Go", "go", "GO"}},
		{"letters beyond ASCII fold too", "ÜBERWACHUNG Équipe", []string{"ÜBERWACHUNG", "Équipe"}},
		{"a typographic apostrophe", "rock’n’roll", []string{"rock’n’roll"}},
		{"underscores belong to words", "java_home my_java", nil},
		{"digits belong to words", "go2 2go k8s", []string{"k8s"}},
		{"bytes that are not UTF-8", "\xffJava\xfe", []string{"Java"}},
		{"nothing", "", nil},
	}
	m := newMatcher(formsOf(vocabulary...))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, h := range m.find(tt.text, nil) {
				got = append(got, tt.text[h.start:h.end])
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestLayersDoNotHideOneAnother(t *testing.T) {
	m := newMatcher([]form{{text: "experience with python", layer: layerCue}, {text: "python", layer: layerSkill}, {text: "python", layer: layerSkill, owner: 7}, {text: "with", layer: layerMetric}})
	got := m.find("experience with Python", nil)
	want := []hit{{0, 22, 0, layerCue}, {11, 15, 0, layerMetric}, {16, 22, 0, layerSkill}, {16, 22, 7, layerSkill}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// naive is the matcher written down as its description says, without regard to time.
func naive(forms []form, text string) []hit {
	var hits []hit
	var done [layers]int
	for i := range text {
		longest := map[layer]int{}
		ends := make([]int, len(forms))
		for k, f := range forms {
			ends[k] = naiveEnd(f, text, i)
			if i >= done[f.layer] && ends[k] > longest[f.layer] {
				longest[f.layer] = ends[k]
			}
		}
		for l := range layers {
			if longest[l] == 0 {
				continue
			}
			done[l] = longest[l]
			for k, f := range forms {
				if f.layer == l && ends[k] == longest[l] {
					hits = append(hits, hit{i, ends[k], f.owner, l})
				}
			}
		}
	}
	return hits
}

// naiveEnd is where f ends if it stands at text[i], or 0.
func naiveEnd(f form, text string, i int) int {
	isWord := func(r rune) bool {
		return r == '_' || (unicode.IsLetter(r) || unicode.IsDigit(r)) && !unicode.Is(unicode.Han, r)
	}
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	if i > 0 && isWord(before) {
		return 0
	}
	j := i
	for _, w := range f.text {
		r, n := utf8.DecodeRuneInString(text[j:])
		if w == ' ' {
			k := j
			for k < len(text) && (text[k] == ' ' || text[k] == '\n') {
				k++
			}
			if k == j {
				return 0
			}
			j = k
			continue
		}
		if r != w && (f.exact || unicode.ToLower(r) != unicode.ToLower(w)) || n == 0 {
			return 0
		}
		j += n
	}
	after, _ := utf8.DecodeRuneInString(text[j:])
	last := text[j-1]
	switch {
	case j == len(text):
	case isWord(after) && !(after >= '0' && after <= '9' && (last == '+' || last == '#')):
		return 0
	case (after == '+' || after == '#') && byte(after) == last:
		return 0
	}
	if j-i == 1 && joined(text, i, j) {
		return 0
	}
	return j
}

func TestMatcherAgreesWithTheNaiveOne(t *testing.T) {
	// Few letters and many marks, so that forms and texts meet often.
	piece := rapid.SampledFrom([]string{"a", "b", "A", "B", "é", "É", "1", " ", " ", "\n", "+", "#", ".", "-", "/", "'", "&", "日", "”", "_"})
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[abAé1.][ab1é.+#/-]{0,3}( [ab.]{1,2})?`), 1, 8).Draw(t, "forms")
		var forms []form
		for i, w := range words {
			f := form{text: w, owner: int32(i), exact: rapid.Bool().Draw(t, "exact"), layer: layer(rapid.IntRange(0, 2).Draw(t, "layer"))}
			if hasWord([]byte(w)) {
				forms = append(forms, f)
			}
		}
		text := strings.Join(rapid.SliceOfN(piece, 0, 30).Draw(t, "text"), "")
		got, want := newMatcher(forms).find(text, nil), naive(forms, text)
		byPlace := func(a, b hit) int {
			if a.start != b.start {
				return a.start - b.start
			}
			if a.layer != b.layer {
				return int(a.layer) - int(b.layer)
			}
			return int(a.owner - b.owner)
		}
		slices.SortFunc(got, byPlace)
		slices.SortFunc(want, byPlace)
		if !slices.Equal(got, want) {
			t.Fatalf("in %q\n got %v\nwant %v", text, got, want)
		}
	})
}
