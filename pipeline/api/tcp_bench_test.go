package api_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"strconv"
	"testing"
)

// BenchmarkCachedAnswerOverTCP gives one kept answer over loopback to clients that do
// no more than they must: one request after the other on a connection each. Server
// and clients share the processors. Beside it, net/http that writes the same bytes
// and does nothing else.
func BenchmarkCachedAnswerOverTCP(b *testing.B) {
	const path = "/v1/trends/hybrid_mix_by_district"
	ours := handler(b, config(), deps(b, &fake{version: "1"}))
	answer := []byte(body(b, get(b, ours, "GET", path)))
	bare := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
		_, _ = w.Write(answer)
	})
	for _, c := range []struct {
		name    string
		handler http.Handler
	}{{"jobcity", ours}, {"net_http_alone", bare}} {
		b.Run(c.name, func(b *testing.B) {
			server := httptest.NewServer(c.handler)
			defer server.Close()
			b.SetParallelism(4)
			b.RunParallel(func(pb *testing.PB) { askOften(b, pb, server.Listener.Addr().String(), path) })
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "answers/s")
		})
	}
}

func askOften(b *testing.B, pb *testing.PB, address, path string) {
	b.Helper()
	conn, err := (&net.Dialer{}).DialContext(b.Context(), "tcp", address)
	if err != nil {
		b.Error(err)
		return
	}
	defer conn.Close()
	request := []byte("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
	in := textproto.NewReader(bufio.NewReader(conn))
	for pb.Next() {
		if _, err := conn.Write(request); err != nil {
			b.Error(err)
			return
		}
		status, err := in.ReadLine()
		if err != nil || status != "HTTP/1.1 200 OK" {
			b.Errorf("%q, %v", status, err)
			return
		}
		header, err := in.ReadMIMEHeader()
		if err != nil {
			b.Error(err)
			return
		}
		size, _ := strconv.Atoi(header.Get("Content-Length"))
		if _, err := io.CopyN(io.Discard, in.R, int64(size)); err != nil {
			b.Error(err)
			return
		}
	}
}
