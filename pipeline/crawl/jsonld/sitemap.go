package jsonld

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"

	"jobcity/pipeline/crawl/source"
)

const (
	mostSitemaps = 1_000 // of one site
	mostDepth    = 4     // sitemap indexes inside one another
	longestURL   = 2_048 // bytes; sitemaps.org
)

// entry is an address in a sitemap.
type entry struct {
	loc     string
	changed string // lastmod, as stated; "" if it is not
	sitemap bool   // it is another sitemap
}

// sitemaps gathers the pages that the site's sitemaps list, each once. It is nil
// without an error when the site has no sitemap.
func (w *walk) sitemaps(ctx context.Context) ([]entry, error) {
	start, err := w.named(ctx)
	if err != nil {
		return nil, err
	}
	var pages []entry
	found := false
	maps, seen := map[string]bool{}, map[string]bool{}
	level := start
	for depth := 0; len(level) > 0; depth++ {
		if depth == mostDepth {
			w.cut = fmt.Errorf("its sitemaps lie more than %d deep in one another", mostDepth)
			break
		}
		var next []*url.URL
		for _, at := range level {
			if maps[at.String()] {
				continue
			}
			if len(maps) == mostSitemaps {
				w.cut = fmt.Errorf("it has more than %d sitemaps", mostSitemaps)
				break
			}
			maps[at.String()] = true
			entries, err := w.sitemap(ctx, at)
			switch {
			case depth > 0 && source.NotFound(err):
				w.cut = fmt.Errorf("sitemap %s is named and not there", at.Redacted())
				continue
			case source.NotFound(err), source.Forbidden(err):
				continue
			case errors.Is(err, errCut):
				w.cut = fmt.Errorf("sitemap %s: %w", at.Redacted(), err)
			case err != nil:
				return nil, fmt.Errorf("sitemap %s: %w", at.Redacted(), err)
			}
			found = true
			for _, e := range entries {
				if e.sitemap {
					if u, err := at.Parse(e.loc); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
						next = append(next, u)
					}
					continue
				}
				u := w.resolve(at, e.loc)
				if u == nil || seen[u.String()] {
					continue
				}
				if len(pages) == mostPages {
					w.cut = fmt.Errorf("its sitemaps list more than %d pages", mostPages)
					break
				}
				seen[u.String()] = true
				pages = append(pages, entry{loc: u.String(), changed: e.changed})
			}
		}
		level = next
	}
	if found && pages == nil {
		pages = []entry{}
	}
	return pages, nil
}

func (w *walk) sitemap(ctx context.Context, at *url.URL) ([]entry, error) {
	resp, err := w.fetch(ctx, source.Request{URL: at.String(), Whole: true})
	if err != nil {
		return nil, err
	}
	return readSitemap(resp)
}

// named are the sitemaps that the board's option names, or else robots.txt, or
// else the usual one.
func (w *walk) named(ctx context.Context) ([]*url.URL, error) {
	var out []*url.URL
	add := func(ref string) {
		if u, err := w.root.Parse(ref); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
			out = append(out, u)
		}
	}
	if at := w.board.Options["sitemap"]; at != "" {
		add(at)
		return out, nil
	}
	if w.board.Options["start"] != "" {
		return nil, nil
	}
	resp, err := w.fetch(ctx, source.Request{URL: w.root.JoinPath("robots.txt").String(), Whole: true})
	if err != nil && !source.NotFound(err) && !source.Forbidden(err) {
		return nil, err
	}
	for line := range bytes.Lines(bytes.TrimPrefix(resp.Body, []byte("\ufeff"))) {
		if key, value, ok := strings.Cut(string(line), ":"); ok && strings.EqualFold(strings.TrimSpace(key), "sitemap") {
			value, _, _ = strings.Cut(value, " #")
			add(strings.TrimSpace(value))
		}
	}
	if len(out) == 0 {
		add("/sitemap.xml")
	}
	return out, nil
}

// errCut is beside the entries of a sitemap that was not read to its end.
var errCut = errors.New("it could not be read to its end")

// readSitemap reads a sitemap, an index of sitemaps, or a plain list of addresses,
// also packed. What is broken at its end does not lose its beginning, which comes
// with an error that wraps errCut; a web page is an error.
func readSitemap(resp source.Response) ([]entry, error) {
	body, err := source.Unpacked(resp)
	if err != nil {
		return nil, err
	}
	head := bytes.TrimLeft(bytes.TrimPrefix(body, []byte("\ufeff")), " \t\r\n")
	if len(head) == 0 || head[0] != '<' {
		return plainList(head)
	}
	return decodeSitemap(head)
}

func plainList(body []byte) ([]entry, error) {
	var out []entry
	for line := range bytes.Lines(body) {
		s := string(bytes.TrimSpace(line))
		if (strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")) && len(s) <= longestURL && utf8.ValidString(s) {
			out = append(out, entry{loc: s})
		}
		if len(out) > mostPages {
			return out, fmt.Errorf("%w: it lists more than %d addresses", errCut, mostPages)
		}
	}
	if len(out) == 0 && len(body) > 0 {
		return nil, errors.New("neither XML nor a list of addresses")
	}
	return out, nil
}

// decodeSitemap streams the XML form. No entity but XML's own is expanded.
func decodeSitemap(body []byte) ([]entry, error) {
	dec := xml.NewDecoder(bytes.NewReader(body))
	dec.Strict = false
	dec.CharsetReader = charset.NewReaderLabel
	var out []entry
	var now *entry // the entry that is open
	var text *string
	root := ""
	depth := 0
	for len(out) <= mostPages {
		t, err := dec.Token()
		switch {
		case errors.Is(err, io.EOF) && root != "" && depth == 0:
			return out, nil
		case err != nil && len(out) > 0:
			return out, fmt.Errorf("%w: %w", errCut, err)
		case err != nil:
			return nil, fmt.Errorf("not a whole sitemap: %w", err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			depth++
			name := strings.ToLower(t.Name.Local)
			if root == "" {
				if root = name; root != "urlset" && root != "sitemapindex" {
					return nil, fmt.Errorf("not a sitemap: it begins with <%s>", t.Name.Local)
				}
			}
			text = nil
			switch {
			case name == "url" || name == "sitemap":
				now = &entry{sitemap: name == "sitemap"}
			case now == nil:
			case name == "loc" && now.loc == "" && !strings.Contains(t.Name.Space, "image") && !strings.Contains(t.Name.Space, "video"):
				text = &now.loc
			case name == "lastmod":
				text = &now.changed
			}
		case xml.CharData:
			if text != nil && len(*text) < longestURL {
				*text += strings.TrimSpace(string(t))
			}
		case xml.EndElement:
			depth--
			text = nil
			if name := strings.ToLower(t.Name.Local); name == "url" || name == "sitemap" {
				if now != nil && now.loc != "" && len(now.loc) <= longestURL {
					out = append(out, *now)
				}
				now = nil
			}
		}
	}
	return out, fmt.Errorf("%w: it lists more than %d addresses", errCut, mostPages)
}
