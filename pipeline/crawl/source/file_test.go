package source_test

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"jobcity/pipeline/crawl/source"
)

func zipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
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

func TestUnpacked(t *testing.T) {
	text := strings.Repeat("x", 1000)
	for _, tt := range []struct {
		name, body string
		limit      int64
		err        string
	}{
		{"not packed", text, 1000, ""},
		{"gzip", zipped(text), 1000, ""},
		{"two gzips", zipped(text[:500]) + zipped(text[500:]), 1000, ""},
		{"zstd", zstded(text), 1000, ""},
		{"gzip in zstd", zstded(zipped(text)), 1000, ""},
		{"gzip over the limit", zipped(text), 999, "the answer unpacks to more than the 999 bytes"},
		{"a bomb in a bomb", zipped(zipped(strings.Repeat("x", 64<<20))), 1000, "the answer unpacks to more than"},
		{"gzip cut short", zipped(text)[:20], 1000, "the answer is cut short"},
		{"damaged gzip", zipped(text)[:12] + "garbage and more garbage", 1000, "unpack the answer: "},
		{"three gzips in each other", zipped(zipped(zipped(text))), 1000, "packed more than twice"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := source.Unpacked(source.Response{Body: []byte(tt.body), Limit: tt.limit})
			if (err == nil) != (tt.err == "") || err != nil && !strings.HasPrefix(err.Error(), tt.err) || err == nil && string(got) != text {
				t.Errorf("got %d bytes, %v", len(got), err)
			}
		})
	}
}

func TestFileURL(t *testing.T) {
	for _, tt := range []struct{ name, board, url, base, want string }{
		{"an address", "acme", " https://acme.example/f ", "https://other.example", "https://acme.example/f"},
		{"the name is the address", "https://acme.example/f", "", "", "https://acme.example/f"},
		{"a path", "acme", "/f?x=1", "https://other.example/", "https://other.example/f?x=1"},
		{"no scheme is no path", "acme", "//acme.example/f", "https://other.example", "//acme.example/f"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := source.Board{Board: tt.board, BaseURL: tt.base, Options: map[string]string{"url": tt.url}}
			if got := source.FileURL(b); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
