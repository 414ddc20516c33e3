package source_test

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"jobcity/pipeline/crawl/source"
)

func TestXMLStandsWhatFeedsDo(t *testing.T) {
	for _, tt := range []struct{ name, body, want, wantError string }{
		{"plain", `<?xml version="1.0"?><a><b>Go &amp; Rust</b></a>`, "Go & Rust", ""},
		{"a byte order mark and a line before", "\ufeff\n<a><b>Go</b></a>", "Go", ""},
		{"Latin 1 as declared", "<?xml version='1.0' encoding='latin1'?><a><b>K\xfcche</b></a>", "Küche", ""},
		{"Windows 1252 as declared", "<?xml version='1.0' encoding='windows-1252'?><a><b>\x93Go\x94 \x80</b></a>", "“Go” €", ""},
		{"UTF-8 declared as Latin 1", "<?xml version='1.0' encoding='ISO-8859-1'?><a><b>Küche</b></a>", "Küche", ""},
		{"broken UTF-8", "<a><b>K\xfcche</b></a>", "K\ufffdche", ""},
		{"UTF-16", "\xff\xfe<\x00a\x00>\x00<\x00b\x00>\x00\xfc\x00<\x00/\x00b\x00>\x00<\x00/\x00a\x00>\x00", "ü", ""},
		{"control characters and references to them", "<a><b>G\x00o\x0b&#8;&#x1F;!</b></a>", "G o   !", ""},
		{"stray signs", "<a><b>1 < 2 & 3 <3 &c</b></a>", "1 < 2 & 3 <3 &c", ""},
		{"entities of HTML", "<a><b>&eacute;&nbsp;&#x1F680;</b></a>", "é\u00a0🚀", ""},
		{"entities of its own", `<!DOCTYPE a [<!ENTITY x "lol"><!ENTITY y SYSTEM "file:///etc/passwd">]><a><b>&x;&y;</b></a>`, "&x;&y;", ""},
		{"CDATA", "<a><b><![CDATA[<p>1 < 2 &amp; 3</p>]]></b></a>", "<p>1 &lt; 2 &amp; 3</p>", ""},
		{"empty", " \n", "", "the answer is empty"},
		{"JSON", `{"a":1}`, "", "the answer is not XML"},
		{"a web page", "<!DOCTYPE html>\n<title>x</title>", "", "the answer is a web page, not XML"},
		{"a web page without doctype", "<HTML><body/></HTML>", "", "the answer is a web page, not XML"},
		{"another document", "<rss/>", "", `the answer has no "a": it begins with "rss"`},
		{"cut short", "<a><b>Go", "", "the answer is cut short"},
		{"cut short before the first element", "<?xml version='1.0'?>", "", "the answer is cut short"},
		{"no XML inside", "<a><b =></a>", "", "the answer is not valid XML: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := readB(tt.body)
			if tt.wantError != "" {
				if err == nil || !strings.HasPrefix(err.Error(), tt.wantError) {
					t.Errorf("got %q and error %v, want %q", got, err, tt.wantError)
				}
				return
			}
			if err != nil || got != tt.want {
				t.Errorf("got %q and error %v, want %q", got, err, tt.want)
			}
		})
	}
}

// readB is the text of the element b in a.
func readB(body string) (string, error) {
	d, _, err := source.XML([]byte(body))
	if err != nil {
		return "", err
	}
	if err := source.XMLRoot(d, "a"); err != nil {
		return "", err
	}
	for {
		token, err := d.Token()
		if err != nil {
			return "", source.XMLError(err)
		}
		if start, ok := token.(xml.StartElement); ok {
			var text string
			if err := d.DecodeElement(&text, &start); err != nil {
				return "", source.XMLError(err)
			}
			return text, nil
		}
	}
}

func TestLaxFieldsLoseNoPosting(t *testing.T) {
	var got struct {
		Name  string
		Word  source.Word
		List  source.Lax[[]string]
		Inner source.Lax[struct{ A, B int }]
		Flag  source.Lax[bool]
	}
	for _, tt := range []struct{ name, body, word, list string }{
		{"as they should be", `{"Name":"x","Word":" w ","List":["a","b"],"Inner":{"A":1,"B":2},"Flag":true}`, "w", "a b"},
		{"a number for a word", `{"Name":"x","Word":17.50}`, "17.50", ""},
		{"null", `{"Name":"x","Word":null,"List":null,"Inner":null,"Flag":null}`, "", ""},
		{"wrong types", `{"Name":"x","Word":{"a":1},"List":"a","Inner":[1],"Flag":"yes"}`, "", ""},
		{"a list with a wrong element", `{"Name":"x","Word":true,"List":["a",1]}`, "", "a "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got.Word, got.List.V = "", nil
			if err := json.Unmarshal([]byte(tt.body), &got); err != nil || got.Name != "x" {
				t.Fatalf("got %+v, %v", got, err)
			}
			if string(got.Word) != tt.word || strings.Join(got.List.V, " ") != tt.list {
				t.Errorf("got %q and %q, want %q and %q", got.Word, got.List.V, tt.word, tt.list)
			}
		})
	}
}
