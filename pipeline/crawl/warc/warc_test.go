package warc_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"jobcity/pipeline/crawl/warc"
)

const pageText = "<html><body>We hire.</body></html>"

// record is a record with its two empty lines.
func record(kind, url, block string, more ...string) string {
	head := "WARC/1.0\r\nWARC-Type: " + kind + "\r\nWARC-Target-URI: " + url + "\r\nWARC-Date: 2026-03-01T10:20:30Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
	for _, m := range more {
		head += m + "\r\n"
	}
	return fmt.Sprintf("%sContent-Type: application/http; msgtype=%s\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", head, kind, len(block), block)
}

func answer(header, body string) string { return "HTTP/1.1 200 OK\r\n" + header + "\r\n" + body }

func response(url string) string {
	return record("response", url, answer("Content-Type: text/html\r\n", pageText))
}

func zipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(s))
	w.Close()
	return b.String()
}

func all(int, http.Header) bool { return true }

// read is what came of a whole archive, a line a record or broken stretch.
func read(t testing.TB, r io.Reader) []string {
	t.Helper()
	var got []string
	w := warc.NewReader(r)
	for {
		rec, err := w.Next()
		var broken *warc.BrokenError
		switch {
		case errors.Is(err, io.EOF):
			return got
		case errors.As(err, &broken):
			got = append(got, "broken "+broken.Error())
			continue
		case err != nil:
			return append(got, "error "+err.Error())
		}
		if rec.Type != "response" && rec.Type != "resource" {
			got = append(got, rec.Type)
			continue
		}
		p, err := rec.Answer(all)
		if err != nil {
			got = append(got, "broken "+err.Error())
			continue
		}
		line := fmt.Sprintf("%s %d %s", rec.URL, p.Status, p.Body)
		if p.Cut != "" {
			line += " cut: " + p.Cut
		}
		got = append(got, line)
	}
}

func check(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func ok(url string) string { return url + " 200 " + pageText }

func TestArchivesHoweverTheyArePacked(t *testing.T) {
	records := []string{record("warcinfo", "", "software: x\r\n"), response("http://a.example/"), record("request", "http://a.example/", "GET / HTTP/1.0\r\n\r\n"), response("http://b.example/")}
	want := []string{"warcinfo", ok("http://a.example/"), "request", ok("http://b.example/")}
	plain := strings.Join(records, "")
	each := ""
	for _, r := range records {
		each += zipped(r)
	}
	blocks := ""
	for c := range slices.Chunk([]byte(plain), 100) {
		blocks += zipped(string(c))
	}
	for _, tt := range []struct{ name, body string }{
		{"plain", plain},
		{"one member a record", each},
		{"packed as a whole", zipped(plain)},
		{"members that know nothing of records", blocks},
		{"line ends without CR", strings.ReplaceAll(plain, "\r\n", "\n")},
		{"empty lines before and between", "\r\n\r\n" + strings.Join(records, "\r\n\r\n\r\n")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.name == "line ends without CR" {
				tt.body = strings.ReplaceAll(tt.body, "Content-Length: 13\n", "Content-Length: 12\n")
				tt.body = strings.ReplaceAll(tt.body, fmt.Sprintf("Content-Length: %d\n", len(answer("Content-Type: text/html\r\n", pageText))), fmt.Sprintf("Content-Length: %d\n", len(answer("Content-Type: text/html\r\n", pageText))-3))
				tt.body = strings.ReplaceAll(tt.body, "Content-Length: 18\n", "Content-Length: 16\n")
			}
			check(t, read(t, strings.NewReader(tt.body)), want...)
			check(t, read(t, iotest.OneByteReader(strings.NewReader(tt.body))), want...)
		})
	}
}

func TestRecordsSayWhenAndWhere(t *testing.T) {
	first, second := zipped(response("http://a.example/")), zipped(response("<http://b.example/>"))
	w := warc.NewReader(strings.NewReader(first + second))
	if _, err := w.Next(); err != nil {
		t.Fatal(err)
	}
	rec, err := w.Next()
	if err != nil {
		t.Fatal(err)
	}
	if rec.Offset != int64(len(first)) || rec.Inner != 0 || rec.URL != "http://b.example/" || rec.Date.Format("2006-01-02 15:04:05") != "2026-03-01 10:20:30" || rec.MediaType != "application/http" {
		t.Errorf("got %+v", rec)
	}
}

func chunked(parts ...string) string {
	s := ""
	for _, p := range parts {
		s += fmt.Sprintf("%x\r\n%s\r\n", len(p), p)
	}
	return s + "0\r\n\r\n"
}

func deflated(s string) string {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, 6)
	if err != nil {
		panic(err)
	}
	w.Write([]byte(s))
	w.Close()
	return b.String()
}

func zlibbed(s string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	w.Write([]byte(s))
	w.Close()
	return b.String()
}

func brotlied(s string) string {
	var b bytes.Buffer
	w := brotli.NewWriter(&b)
	w.Write([]byte(s))
	w.Close()
	return b.String()
}

func zstded(s string) string {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		panic(err)
	}
	defer w.Close()
	return string(w.EncodeAll([]byte(s), nil))
}

func TestAnswersHoweverTheyAreEncoded(t *testing.T) {
	for _, tt := range []struct{ name, header, body string }{
		{"as it is", "", pageText},
		{"in chunks", "Transfer-Encoding: chunked\r\n", chunked(pageText[:10], pageText[10:])},
		{"said to be in chunks, and is not", "Transfer-Encoding: chunked\r\n", pageText},
		{"gzip", "Content-Encoding: gzip\r\n", zipped(pageText)},
		{"said to be gzip, and is not", "Content-Encoding: gzip\r\n", pageText},
		{"gzip in chunks", "transfer-encoding: Chunked\r\ncontent-encoding: GZIP\r\n", chunked(zipped(pageText))},
		{"deflate as the standard has it", "Content-Encoding: deflate\r\n", zlibbed(pageText)},
		{"deflate as servers have it", "Content-Encoding: deflate\r\n", deflated(pageText)},
		{"said to be deflate, and is not", "Content-Encoding: deflate\r\n", pageText},
		{"brotli", "Content-Encoding: br\r\n", brotlied(pageText)},
		{"said to be brotli, and is not", "Content-Encoding: br\r\n", pageText},
		{"zstd", "Content-Encoding: zstd\r\n", zstded(pageText)},
		{"gzip in brotli", "Content-Encoding: gzip, br\r\n", brotlied(zipped(pageText))},
		{"renamed by who wrote the archive", "X-Crawl-Transfer-Encoding: chunked\r\nX-Crawl-Content-Encoding: br\r\n", pageText},
		{"a header with a broken line", "no colon here\r\nA: 1\r\n folded\r\n", pageText},
	} {
		t.Run(tt.name, func(t *testing.T) {
			check(t, read(t, strings.NewReader(record("response", "http://a.example/", answer(tt.header, tt.body))+response("http://b.example/"))), ok("http://a.example/"), ok("http://b.example/"))
		})
	}
}

func TestWhatIsBrokenCostsItself(t *testing.T) {
	a, b, c := response("http://a.example/"), response("http://b.example/"), response("http://c.example/")
	za, zb, zc := zipped(a), zipped(b), zipped(c)
	flipped := []byte(zb)
	for i := 40; i < 60; i++ {
		flipped[i] ^= 0x55
	}
	short := strings.Replace(b, "Content-Length: ", "Content-Length: 9", 1)
	at := len(za)
	small := strings.Replace(b, "Content-Length: ", "Content-Length: 2\r\nX: ", 1)
	without := strings.Replace(b, "Content-Length: ", "Length: ", 1)
	for _, tt := range []struct {
		name, body string
		want       []string
	}{
		{"a file cut in a block", a + b[:len(b)-20], []string{ok("http://a.example/"), fmt.Sprintf("broken at %d: the record is cut short", len(a))}},
		{"a file cut in a header", a + b[:60], []string{ok("http://a.example/"), fmt.Sprintf("broken at %d: the record is cut short", len(a))}},
		{"a packed file cut in a member", za + zb[:len(zb)-30], []string{ok("http://a.example/"), fmt.Sprintf("broken at %d: the record is cut short", at)}},
		{"a member with bits flipped", za + string(flipped) + zc, []string{ok("http://a.example/"), fmt.Sprintf("broken at %d: the packed data is damaged", at), ok("http://c.example/")}},
		{"bytes between members", za + "some garbage" + zc, []string{ok("http://a.example/"), fmt.Sprintf("broken at %d: the packed data is damaged", at), ok("http://c.example/")}},
		{"bytes after the last member", za + "garbage", []string{ok("http://a.example/"), fmt.Sprintf("broken at %d: the packed data is damaged", at)}},
		{"a member that ends inside its record", za + zipped(b[:len(b)-30]) + zc, []string{ok("http://a.example/"), fmt.Sprintf("broken at %d: the record is cut short", at), ok("http://c.example/")}},
		{"a length that is too large", za + zipped(short) + zc, []string{ok("http://a.example/"), fmt.Sprintf("broken at %d: the record is cut short", at), ok("http://c.example/")}},
		{"a length that is too small", a + small + c, []string{ok("http://a.example/"), fmt.Sprintf("broken at %d: the record holds no HTTP answer", len(a)), fmt.Sprintf("broken at %d: no record begins here", len(a)+strings.Index(small, "HTTP/1.1")+2), ok("http://c.example/")}},
		{"no length", a + without + c, []string{ok("http://a.example/"), fmt.Sprintf(`broken at %d: Content-Length of the record is ""`, len(a)), fmt.Sprintf("broken at %d: no record begins here", len(a)+strings.Index(without, "HTTP/1.1")), ok("http://c.example/")}},
		{"a record that is no answer", record("response", "http://a.example/", "hello") + b, []string{"broken at 0: the record holds no HTTP answer", ok("http://b.example/")}},
		{"an encoding nobody knows", record("response", "http://a.example/", answer("Content-Encoding: rot13\r\n", "x")) + b, []string{`broken at 0: the answer is encoded as "rot13", which cannot be read`, ok("http://b.example/")}},
		{"a stretch of broken members", za + strings.Repeat("\x1f\x8b\x08\x00garbage garbage", 5) + zc, []string{ok("http://a.example/"), fmt.Sprintf("broken at %d: the packed data is damaged", at), ok("http://c.example/")}},
		{"no archive", "hello\nworld\n", []string{"broken at 0: no record begins here"}},
		{"nothing", "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) { check(t, read(t, strings.NewReader(tt.body)), tt.want...) })
	}
}

func TestPartOfAPageIsSaidToBeOne(t *testing.T) {
	for _, tt := range []struct{ name, body, want string }{
		{"cut by who wrote the archive", record("response", "u", answer("", "<p>"), "WARC-Truncated: length"), "u 200 <p> cut: the archive holds only its beginning (length)"},
		{"damaged gzip", record("response", "u", answer("Content-Encoding: gzip\r\n", zipped(pageText)[:30])), "cut: its encoding is damaged"},
		{"chunks without an end", record("response", "u", answer("Transfer-Encoding: chunked\r\n", "5\r\n<p>ab\r\nff\r\ncd")), "u 200 <p>abcd cut: its encoding is damaged"},
		{"a gzip bomb", record("response", "u", answer("Content-Encoding: gzip\r\n", zipped(strings.Repeat(" ", 64<<20)))), "cut: it is larger than 16 MiB"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := read(t, strings.NewReader(tt.body+response("http://b.example/")))
			if len(got) != 2 || !strings.HasSuffix(got[0], tt.want) || got[1] != ok("http://b.example/") {
				t.Errorf("got %.200q", got)
			}
		})
	}
}

func TestAFileThatCannotBeReadIsAnError(t *testing.T) {
	for _, body := range []string{response("http://a.example/"), zipped(response("http://a.example/"))} {
		got := read(t, io.MultiReader(strings.NewReader(body[:len(body)-20]), iotest.ErrReader(errors.New("the disk is gone"))))
		if len(got) == 0 || !strings.HasSuffix(got[len(got)-1], "the disk is gone") {
			t.Errorf("got %q", got)
		}
	}
}

func TestOnlyWantedBodiesAreRead(t *testing.T) {
	w := warc.NewReader(strings.NewReader(record("response", "u", answer("Content-Type: Application/PDF\r\nContent-Encoding: rot13\r\n", "x")) + response("http://b.example/")))
	for _, want := range []int{0, len(pageText)} {
		rec, err := w.Next()
		if err != nil {
			t.Fatal(err)
		}
		p, err := rec.Answer(func(status int, h http.Header) bool { return status == 200 && warc.MayBeHTML(h) })
		if err != nil || p.Status != 200 || len(p.Body) != want {
			t.Errorf("got %+v, %v", p, err)
		}
	}
}

func FuzzReader(f *testing.F) {
	a, b := response("http://a.example/"), record("response", "http://b.example/", answer("Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", chunked(zipped(pageText))))
	f.Add([]byte(a + b))
	f.Add([]byte(zipped(a) + zipped(b)))
	f.Add([]byte(zipped(a)[:50] + "\x1f\x8b\x08\x00" + zipped(b)))
	f.Add([]byte("WARC/1.1\r\nContent-Length: 99999999999\r\n\r\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		whole := read(t, bytes.NewReader(file))
		if len(whole) > len(file)+1 {
			t.Errorf("%d records in %d bytes", len(whole), len(file))
		}
		if bytewise := read(t, iotest.OneByteReader(bytes.NewReader(file))); !slices.Equal(whole, bytewise) {
			t.Errorf("read at once %q, byte by byte %q", whole, bytewise)
		}
	})
}
