package posting_test

import (
	"testing"

	"jobcity/pipeline/posting"
)

func FuzzPrepare(f *testing.F) {
	f.Add("Backend Engineer", "<p>jane [at] example [dot] com or +49 30 1234567</p>", "2026-01-31")
	f.Add("a&#64;b.io", "jane dot doe at example dot com, tel:+1 415 555 0132", "9999-12-31")
	f.Add("\xff\x00\u202e", "&amp;#64;&amp;amp;<b>@</b>%40\\u0040＠ at at at dot dot", "2026-02-30")
	f.Add("(((((", "+(+(0)0)0(0)0-0-0.0/0 0 0 00 00 00 00 00", "0000-00-00T00:00:00Z")
	f.Fuzz(func(t *testing.T, title, text, day string) {
		p := posting.Posting{Source: "file", Board: "b", NativeID: "1", Title: title, Text: text, PostedOn: day}
		if p.Prepare() == nil {
			checkPrepared(t, p)
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"schema":1,"posting_id":"a","content_hash":"b","seen_at":"2026-01-31T00:00:00Z","salary":{"min":1e400}}`))
	f.Add([]byte(`{"schema":1,"verdict":"complete","listed":["a"]}`))
	f.Fuzz(func(t *testing.T, wire []byte) {
		if p, err := posting.Decode(wire); err == nil {
			if _, err := p.Encode(); err != nil {
				t.Fatalf("what was decoded does not encode: %v", err)
			}
		}
		if s, err := posting.DecodeSweep(wire); err == nil {
			if _, err := s.Encode(); err != nil {
				t.Fatalf("what was decoded does not encode: %v", err)
			}
		}
	})
}
