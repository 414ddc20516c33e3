package tag

import (
	"html"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func linesOf(r *reading) []string {
	var out []string
	for _, l := range r.lines {
		out = append(out, r.of(l))
	}
	return out
}

func TestReadCutsTextIntoLines(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"nothing", "", nil},
		{"white space alone", " \n\t\u00a0&nbsp;\n", nil},
		{"plain paragraphs and bullets", "We hire.\n\n• Go\n- SQL\n* C++\n· R", []string{"We hire.", "Go", "SQL", "C++", "R"}},
		{"a paragraph cut to fit a width", "We look for somebody who has written programs in Go for\nmany years.\nAlso SQL.", []string{"We look for somebody who has written programs in Go for many years.", "Also SQL."}},
		{"HTML paragraphs and items", "<p>Hello,&nbsp; <b>world</b></p>\n<ul>\n<li>One</li><li><p>Two</p></li></ul>", []string{"Hello, world", "One", "Two"}},
		{"HTML written in lines", "<div>one\ntwo</div>\n<p>three</p>", []string{"one two", "three"}},
		{"bullets inside one paragraph", "Needed: • Go • SQL", []string{"Needed:", "Go", "SQL"}},
		{"paragraphs opened and never closed", "Acme | Go Dev | Remote<p>We build things.<p>Stack: Go &amp; SQL", []string{"Acme | Go Dev | Remote", "We build things.", "Stack: Go & SQL"}},
		{"HTML escaped once more", "&lt;p&gt;R&amp;amp;D in &lt;strong&gt;Go&lt;/strong&gt;&lt;/p&gt;&lt;ul&gt;&lt;li&gt;C++&lt;/li&gt;&lt;/ul&gt;", []string{"R&D in Go", "C++"}},
		{"entities", "<p>5&#43; years, C&#35;, &lt;3, &ldquo;ok&rdquo; &bogus; AT&T</p>", []string{"5+ years, C#, <3, “ok” &bogus; AT&T"}},
		{"less than in plain text", "a < b, I <3 C++ and vector<int>", []string{"a < b, I <3 C++ and vector<int>"}},
		{"soup", "<p><font color=red>Go</p></b><<li>SQL<p", []string{"Go", "<", "SQL<p"}},
		{"script, style and comments", "<p>a</p><script>var java = 1</script><style>p{}</style><!-- php --><p>b</p>", []string{"a", "b"}},
		{"a comment without end", "<p>a <!-- b</p>", []string{"a b"}},
		{"a sign inside an attribute", `<p><a title="a > b" href="x">Go</a></p>`, []string{"Go"}},
		{"invisible characters", "<p>Ja\u00adva\u200b Go\ufeff</p>", []string{"Java Go"}},
		{"emoji and right to left", "🚀 Go\nשלום Go", []string{"🚀 Go", "שלום Go"}},
		{"preformatted text", "<pre>a\nb</pre>", []string{"a", "b"}},
		{"table cells", "<table><tr><td>Go</td><td>SQL</td></tr></table>", []string{"Go", "SQL"}},
		{"a ruled heading", "Needed\n------\nGo", []string{"Needed", "Go"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := linesOf(read("", tt.text)); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestReadPutsTheTitleFirst(t *testing.T) {
	r := read("R&amp;D\nEngineer", "<p>Go</p>")
	if got, want := linesOf(r), []string{"R&D Engineer", "Go"}; !slices.Equal(got, want) {
		t.Fatalf("got %q, want %q", got, want)
	}
	if r.lines[0].section != sectionTitle || r.title != "R&D Engineer" {
		t.Errorf("the title is %q in section %s", r.title, r.lines[0].section)
	}
	for _, part := range []struct{ plain, original, of string }{{"R&D", "R&amp;D", r.rawTitle}, {"Engineer", "Engineer", r.rawTitle}, {"Go", "Go", r.text}} {
		i := strings.Index(r.plain, part.plain)
		if from, to := r.original(i, i+len(part.plain)); part.of[from:to] != part.original {
			t.Errorf("%q stands at %q, want %q", part.plain, part.of[from:to], part.original)
		}
	}
}

func TestOriginalFindsTheWordsAgain(t *testing.T) {
	piece := rapid.SampledFrom([]string{"Go", "C++", "é", "<p>", "</p>", "<b>", "</b>", "<li>", "<br/>", "&amp;", "&nbsp;", "&#43;", "&", "<", ">", "\n", " ", "\u00a0", "•",
		"- ", "\u00ad", "日本", "&lt;p&gt;", "&lt;", "<!--", "-->", "\xff", "**", ":", "<script>", "</script>"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(piece, 0, 40).Draw(t, "text"), "")
		r := read(rapid.SampledFrom([]string{"", "Go &amp; C"}).Draw(t, "title"), text)
		for _, l := range r.lines {
			from := rapid.IntRange(l.start, l.end).Draw(t, "from")
			to := rapid.IntRange(from, l.end).Draw(t, "to")
			if !validCut(r.plain, l.start) || !validCut(r.plain, l.end) {
				t.Fatalf("a line cuts a character of %q", r.plain)
			}
			if !validCut(r.plain, from) || !validCut(r.plain, to) {
				from, to = l.start, l.end
			}
			source := r.text
			if l.section == sectionTitle {
				source = r.rawTitle
			}
			a, b := r.original(from, to)
			if a < 0 || b < a || b > len(source) {
				t.Fatalf("%q is said to stand at %d to %d of %q", r.plain[from:to], a, b, source)
			}
			if !subsequence(letters(r.plain[from:to]), letters(html.UnescapeString(html.UnescapeString(source[a:b])))) {
				t.Fatalf("%q is said to stand at %q in %q", r.plain[from:to], source[a:b], source)
			}
		}
	})
}

func validCut(s string, i int) bool { return i == len(s) || s[i]&0xC0 != 0x80 }

// letters is s without what reading may drop or change.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if r == 'G' || r == 'o' || r == 'C' || r == '+' || r == 'é' || r == '日' || r == '本' {
			return r
		}
		return -1
	}, s)
}

func subsequence(part, whole string) bool {
	for _, r := range whole {
		if strings.HasPrefix(part, string(r)) {
			part = part[len(string(r)):]
		}
	}
	return part == ""
}

func TestReadTakesLinearTime(t *testing.T) {
	// Each of these made a naive reader look to the end of the text again and again.
	for _, s := range []string{"<", "<a ", "<!--", "<p \"", "&", "&lt;", "<script>", "• ", "- \n", "<p>", "\n\n"} {
		r := read("", strings.Repeat(s, 1<<20/len(s)))
		if len(r.plain) > 1<<21 {
			t.Errorf("%q grew to %d bytes", s, len(r.plain))
		}
	}
}

func testSections(t testing.TB) *sections {
	t.Helper()
	s, err := newSections(os.DirFS(taxonomyDir))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestMarkTellsSectionsApart(t *testing.T) {
	tests := []struct {
		name, text string
		want       map[string]section // by what the line begins with
	}{
		{"headings in HTML", "<p>Acme makes anvils.</p><h3>What you’ll do</h3><ul><li>Write Go</li></ul><h3>Requirements</h3><ul><li>SQL</li></ul><h3>Nice to have</h3><ul><li>Rust</li></ul><h3>What we offer</h3><ul><li>Lunch</li></ul><h3>How to apply</h3><p>Write to us</p>",
			map[string]section{"Acme": sectionBody, "Write Go": sectionDuties, "SQL": sectionRequirements, "Rust": sectionNice, "Lunch": sectionBenefits, "Write to": sectionApplication}},
		{"bold lines and emoji", "<p><strong>🚀 About us</strong></p><p>Anvils.</p><p><strong>⭐️ Is this you?</strong></p><ul><li>Go</li></ul>",
			map[string]section{"Anvils": sectionEmployer, "Go": sectionRequirements}},
		{"plain text with colons", "About Acme:\nWe make anvils.\n\nYou will:\n- write Go\n\nMust have:\n- SQL\n\nBonus:\n- Rust",
			map[string]section{"We make": sectionEmployer, "write": sectionDuties, "SQL": sectionRequirements, "Rust": sectionNice}},
		{"a heading at the start of its paragraph", "Requirements: five years of Go.\nNice to have: Rust.", map[string]section{"Requirements": sectionRequirements, "Nice": sectionNice}},
		{"German", "<h2>Deine Aufgaben</h2><p>Go schreiben</p><h2>Dein Profil</h2><p>SQL</p><h2>Das bieten wir</h2><p>Obst</p><h2>Über uns</h2><p>Ambosse</p>",
			map[string]section{"Go": sectionDuties, "SQL": sectionRequirements, "Obst": sectionBenefits, "Ambosse": sectionEmployer}},
		{"French", "<h2>Vos missions</h2><p>Go</p><h2>Profil recherché</h2><p>SQL</p><h2>Avantages</h2><p>RTT</p>",
			map[string]section{"Go": sectionDuties, "SQL": sectionRequirements, "RTT": sectionBenefits}},
		{"Spanish", "<h2>Funciones</h2><p>Go</p><h2>Requisitos</h2><p>SQL</p><h2>Deseable</h2><p>Rust</p><h2>Qué ofrecemos</h2><p>Fruta</p>",
			map[string]section{"Go": sectionDuties, "SQL": sectionRequirements, "Rust": sectionNice, "Fruta": sectionBenefits}},
		{"an unknown heading counts as body", "<h3>About us</h3><p>Anvils</p><h3>Weather</h3><p>Go</p>", map[string]section{"Anvils": sectionEmployer, "Go": sectionBody}},
		{"a smaller unknown heading stays inside", "<h2>Requirements</h2><h4>Weather</h4><p>Go</p>", map[string]section{"Go": sectionRequirements}},
		{"the stack of an employer counts", "<h3>About us</h3><p>Anvils</p><h3>Our tech stack</h3><p>Go</p>", map[string]section{"Go": sectionBody}},
		{"a legal line inside requirements", "<h3>Requirements</h3><p>Go</p><p>We are an equal opportunity employer.</p><p>SQL</p>",
			map[string]section{"Go": sectionRequirements, "We are": sectionLegal, "SQL": sectionRequirements}},
		{"preferred qualifications are nice", "PREFERRED QUALIFICATIONS\nGo\nMINIMUM QUALIFICATIONS\nSQL", map[string]section{"Go": sectionNice, "SQL": sectionRequirements}},
	}
	s := testSections(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := read("Engineer", tt.text)
			s.mark(r, "Acme")
			for begin, want := range tt.want {
				k := slices.IndexFunc(r.lines, func(l line) bool { return strings.HasPrefix(r.of(l), begin) && !l.heading })
				if k < 0 {
					t.Errorf("there is no line %q in %q", begin, linesOf(r))
				} else if got := r.lines[k].section; got != want {
					t.Errorf("%q stands in %s, want %s", begin, got, want)
				}
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"", "<p>Go</p>", "&lt;p&gt;R&amp;amp;D&lt;/p&gt;", "a\n\n- b\n• c", "<ul><li>x<li>y", "\xff<\x00&#0;", "<!-- a", "Requirements:\nGo"} {
		f.Add("T&amp;", s)
	}
	s := testSections(f)
	f.Fuzz(func(t *testing.T, title, text string) {
		r := read(title, text)
		s.mark(r, title)
		end := 0
		for _, l := range r.lines {
			if l.start < end || l.end <= l.start || l.end > len(r.plain) || strings.Contains(r.of(l), "\n") {
				t.Fatalf("line %+v of %q", l, r.plain)
			}
			end = l.end
			if a, b := r.original(l.start, l.end); a < 0 || a > b || l.section != sectionTitle && b > len(text) || l.section == sectionTitle && b > len(title) {
				t.Fatalf("line %+v stands at %d to %d", l, a, b)
			}
		}
	})
}
