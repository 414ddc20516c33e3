package nquads_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"jobcity/pipeline/crawl/nquads"
)

func parse(t testing.TB, line string) (nquads.Quad, bool, error) {
	t.Helper()
	var p nquads.Parser
	return p.Parse([]byte(line))
}

func iri(s string) nquads.Term   { return nquads.Term{Kind: nquads.IRI, Value: s} }
func blank(s string) nquads.Term { return nquads.Term{Kind: nquads.Blank, Value: s} }

func TestStatements(t *testing.T) {
	text := func(s string) nquads.Term { return nquads.Term{Kind: nquads.Literal, Value: s} }
	for _, tt := range []struct {
		name, line string
		want       nquads.Quad
	}{
		{"IRIs throughout", `<http://s> <http://p> <http://o> <http://g> .`, nquads.Quad{Subject: iri("http://s"), Predicate: iri("http://p"), Object: iri("http://o"), Graph: iri("http://g")}},
		{"no graph", `<s> <p> <o> .`, nquads.Quad{Subject: iri("s"), Predicate: iri("p"), Object: iri("o")}},
		{"blank nodes", `_:b0 <p> _:b.1-x _:g.`, nquads.Quad{Subject: blank("_:b0"), Predicate: iri("p"), Object: blank("_:b.1-x"), Graph: blank("_:g")}},
		{"no white space but where it must be", `<s><p>"o"<g>.`, nquads.Quad{Subject: iri("s"), Predicate: iri("p"), Object: text("o"), Graph: iri("g")}},
		{"much white space and a comment", " \t<s>\t<p>  \"o\"\t<g>  .  # so\r\n", nquads.Quad{Subject: iri("s"), Predicate: iri("p"), Object: text("o"), Graph: iri("g")}},
		{"a language", `<s> <p> "Größe"@de-CH-1996 <g> .`, nquads.Quad{Subject: iri("s"), Predicate: iri("p"), Object: nquads.Term{Kind: nquads.Literal, Value: "Größe", Language: "de-CH-1996"}, Graph: iri("g")}},
		{"a datatype", `<s> <p> "7"^^<http://www.w3.org/2001/XMLSchema#integer> <g> .`, nquads.Quad{Subject: iri("s"), Predicate: iri("p"), Object: nquads.Term{Kind: nquads.Literal, Value: "7", Datatype: "http://www.w3.org/2001/XMLSchema#integer"}, Graph: iri("g")}},
		{"an empty literal", `<s> <p> "" <g> .`, nquads.Quad{Subject: iri("s"), Predicate: iri("p"), Object: text(""), Graph: iri("g")}},
		{"every short escape", `<s> <p> "\t\b\n\r\f\"\'\\" <g> .`, nquads.Quad{Subject: iri("s"), Predicate: iri("p"), Object: text("\t\b\n\r\f\"'\\"), Graph: iri("g")}},
		{"numbered escapes", `<s> <p> "\u00E9 \U0001F600" <http://g/\u00e9> .`, nquads.Quad{Subject: iri("s"), Predicate: iri("p"), Object: text("é 😀"), Graph: iri("http://g/é")}},
		{"a pair of surrogates, as Java writes it", `<s> <p> "\uD83D\uDE00" <g> .`, nquads.Quad{Subject: iri("s"), Predicate: iri("p"), Object: text("😀"), Graph: iri("g")}},
		{"half a pair", `<s> <p> "\uD83Dx\uDE00" <g> .`, nquads.Quad{Subject: iri("s"), Predicate: iri("p"), Object: text("\uFFFDx\uFFFD"), Graph: iri("g")}},
		{"bytes that are no UTF-8", "<s> <p> \"a\xffb\" <g> .", nquads.Quad{Subject: iri("s"), Predicate: iri("p"), Object: text("a\uFFFDb"), Graph: iri("g")}},
		{"characters that no IRI should hold", `<s> <p> <o> <http://g/?a={b}|c^d"e> .`, nquads.Quad{Subject: iri("s"), Predicate: iri("p"), Object: iri("o"), Graph: iri(`http://g/?a={b}|c^d"e`)}},
		{"brackets and full stops in a literal", `<s> <p> "<b> . # no" <g> .`, nquads.Quad{Subject: iri("s"), Predicate: iri("p"), Object: text("<b> . # no"), Graph: iri("g")}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, ok, err := parse(t, tt.line); err != nil || !ok || got != tt.want {
				t.Errorf("got %+v, %v, %v\nwant %+v", got, ok, err, tt.want)
			}
		})
	}
	for _, line := range []string{"", "  \t", "# a comment", "\r\n"} {
		if _, ok, err := parse(t, line); ok || err != nil {
			t.Errorf("%q: %v, %v", line, ok, err)
		}
	}
}

func TestLinesThatAreNoStatements(t *testing.T) {
	for _, tt := range []struct{ name, line, want string }{
		{"prose", "hello", "column 1: a subject"},
		{"a literal as subject", `"s" <p> <o> .`, "column 1: a subject"},
		{"a blank predicate", `<s> _:p <o> .`, "column 5: a predicate"},
		{"no object", `<s> <p> .`, "column 9: an object"},
		{"no full stop", `<s> <p> <o> <g>`, "column 16: the statement does not end"},
		{"a fifth term", `<s> <p> <o> <g> <h> .`, "column 17: the statement does not end"},
		{"something behind", `<s> <p> <o> . <s>`, "column 15: something follows"},
		{"an IRI with a space", `<s> <p> <o> <http://a b> .`, "column 22: this character"},
		{"an IRI that does not end", `<s> <p> <o`, "column 11: the IRI does not end"},
		{"a literal that does not end", `<s> <p> "o <g> .`, "column 17: the literal does not end"},
		{"a literal over lines", "<s> <p> \"o\no\" .", "column 11: the literal does not end"},
		{"an escape that is none", `<s> <p> "a\q" .`, "column 11: there is no such escape"},
		{"a short escape in an IRI", `<s> <p> <a\n> .`, "column 11: there is no such escape"},
		{"a numbered escape cut short", `<s> <p> "\u12" .`, "column 10: there is no such escape"},
		{"a number beyond all characters", `<s> <p> "\U00110000" .`, "column 10: there is no such escape"},
		{"a signed number", `<s> <p> "\u+123" .`, "column 10: there is no such escape"},
		{"a backslash at the end", `<s> <p> "a\`, "column 13: the literal does not end"},
		{"no language", `<s> <p> "o"@ <g> .`, "column 13: a language tag"},
		{"a datatype that is no IRI", `<s> <p> "o"^^x <g> .`, "column 14: a datatype"},
		{"a blank node without a label", `_: <p> <o> .`, "column 3: a blank node's label"},
		{"half a blank node", `_x <p> <o> .`, "column 1: a blank node begins"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := parse(t, tt.line)
			var syntax *nquads.SyntaxError
			if !errors.As(err, &syntax) || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestPagesAreGraphsThatStandTogether(t *testing.T) {
	lines := []string{`<a> <p> "1" <g1> .`, `<a> <p> "2" <g1> .`, "# between", "broken", `<b> <p> "3" <g2> .`, `<a> <p> "4" <g1> .`}
	var pages nquads.Pages
	var got []string
	note := func(p *nquads.Page) {
		if p != nil {
			got = append(got, fmt.Sprintf("%s from line %d: %d", p.Graph.Value, p.Line, len(p.Quads)))
		}
	}
	faults := 0
	for i, line := range lines {
		done, err := pages.Add(i+1, []byte(line))
		if err != nil {
			faults++
		}
		note(done)
	}
	note(pages.End())
	note(pages.End())
	if want := "g1 from line 1: 2, g2 from line 5: 1, g1 from line 6: 1"; strings.Join(got, ", ") != want || faults != 1 {
		t.Errorf("got %q, %d faults; want %q", strings.Join(got, ", "), faults, want)
	}
}

func TestAPageThatIsTooLargeKeepsItsBeginning(t *testing.T) {
	var pages nquads.Pages
	long := []byte(`<a> <p> "` + strings.Repeat("x", 1<<20) + `" <g> .`)
	for i := range 40 {
		if _, err := pages.Add(i+1, long); err != nil {
			t.Fatal(err)
		}
	}
	done, err := pages.Add(41, []byte(`<a> <p> "1" <g2> .`))
	if err != nil || done == nil || !done.TooLarge || len(done.Quads) == 0 || len(done.Quads) > 32 {
		t.Fatalf("got %v, %v", done, err)
	}
	if last := pages.End(); last == nil || last.TooLarge || len(last.Quads) != 1 {
		t.Error("the next page suffers from it")
	}
}

// write is a statement as the grammar's canonical form has it.
func write(q nquads.Quad) string {
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`)
	term := func(t nquads.Term) string {
		switch {
		case t.Kind == nquads.IRI:
			return "<" + t.Value + ">"
		case t.Kind == nquads.Blank:
			return t.Value
		case t.Language != "":
			return `"` + escape.Replace(t.Value) + `"@` + t.Language
		case t.Datatype != "":
			return `"` + escape.Replace(t.Value) + `"^^<` + t.Datatype + ">"
		}
		return `"` + escape.Replace(t.Value) + `"`
	}
	return term(q.Subject) + " " + term(q.Predicate) + " " + term(q.Object) + " " + term(q.Graph) + " ."
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		anIRI := rapid.Map(rapid.StringMatching(`[a-z]{1,5}:[a-zA-Z0-9/?#=&%.é-]{0,20}`), iri)
		node := rapid.OneOf(anIRI, rapid.Map(rapid.StringMatching(`_:[a-z0-9][a-z0-9.-]{0,8}[a-z0-9]`), blank))
		text := rapid.Custom(func(t *rapid.T) nquads.Term {
			l := nquads.Term{Kind: nquads.Literal, Value: strings.ToValidUTF8(rapid.String().Draw(t, "text"), "")}
			switch rapid.IntRange(0, 2).Draw(t, "form") {
			case 1:
				l.Language = rapid.StringMatching(`[a-z]{2}(-[A-Z0-9]{1,4})?`).Draw(t, "language")
			case 2:
				l.Datatype = anIRI.Draw(t, "datatype").Value
			}
			return l
		})
		q := nquads.Quad{Subject: node.Draw(t, "subject"), Predicate: anIRI.Draw(t, "predicate"), Object: rapid.OneOf(node, text).Draw(t, "object"), Graph: node.Draw(t, "graph")}
		var p nquads.Parser
		for range 2 { // also with terms remembered
			if got, ok, err := p.Parse([]byte(write(q))); err != nil || !ok || got != q {
				t.Fatalf("%s\ngot %+v, %v\nwant %+v", write(q), got, err, q)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, line := range []string{`_:a <p> "x\u00e9\"\\"@de <g> . # c`, `<s> <p> "1"^^<d> _:g.`, `<\u0041> <p> "\uD83D\uDE00" .`, `_:a.. <p> "\`} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		q, ok, err := parse(t, line)
		if err != nil || !ok {
			return
		}
		for _, term := range []nquads.Term{q.Subject, q.Predicate, q.Object, q.Graph} {
			if !utf8.ValidString(term.Value) {
				t.Errorf("%q is no UTF-8", term.Value)
			}
		}
		if q.Subject.Kind == nquads.None || q.Predicate.Kind != nquads.IRI || q.Object.Kind == nquads.None || q.Graph.Kind == nquads.Literal {
			t.Errorf("got %+v", q)
		}
	})
}
