package workday

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"jobcity/pipeline/crawl/source"
)

const (
	pageSize  = 20
	resultCap = 2000 // postings that one query gives, and says that there are
	maxPages  = 4000 // of one board: 80,000 postings
	maxDepth  = 3    // facets applied together
)

// walk is one reading of a board's list.
type walk struct {
	board    source.Board
	fetch    source.Fetch
	page     func(source.Page) error
	pages    int
	details  []source.Detail
	paths    map[string]string // by native id
	known    map[string]bool   // paths
	capped   bool              // a query had more postings than it gives
	handover error             // of page; it ends the walk
}

// listPage is what is kept of a page.
type listPage struct {
	Total   int      `json:"total,omitempty"`
	Rows    int      `json:"rows"`             // items, also those without a path
	Entries []string `json:"entries"`          // "version path"
	Facets  []split  `json:"facets,omitempty"` // if one query may not be enough
}

// query reads all pages of the postings with the facets in with, and where that is
// not all of them goes on by further facets.
func (w *walk) query(ctx context.Context, with applied, depth int) error {
	var first listPage
	seen := map[string]bool{} // entries
	odd := 0                  // rows that are counted and are no further posting: without a path, or twice on a page
	for offset := 0; ; offset += pageSize {
		p, err := w.read(ctx, with, offset)
		if err != nil {
			return err
		}
		if offset == 0 {
			first = p
		} else if again(p, first, seen) {
			if offset < resultCap || first.Total > 0 && first.Total < resultCap {
				return fmt.Errorf("the same page again after %d postings", len(seen))
			}
			return w.split(ctx, with, first, depth)
		}
		odd += p.Rows - len(p.Entries)
		for i, e := range p.Entries {
			if slices.Contains(p.Entries[:i], e) {
				odd++
			}
			seen[e] = true
			w.add(e)
		}
		if offset == 0 && depth > 0 && p.Total == resultCap && depth < maxDepth {
			if _, ok := pick(p.Facets, with); ok {
				return w.split(ctx, with, first, depth) // its parts have all that its pages have
			}
		}
		end := p.Rows == 0 || first.Total == 0 && p.Rows < pageSize
		if first.Total > 0 && offset+pageSize >= first.Total {
			end = true
		}
		switch {
		case !end:
		case first.Total == resultCap:
			return w.split(ctx, with, first, depth)
		case len(seen)+odd < first.Total: // as when the list changed meanwhile, and some moved to a page already read
			return fmt.Errorf("it says it has %d postings and gave %d", first.Total, len(seen)+odd)
		default:
			return nil
		}
	}
}

// again says whether p holds what was there before.
func again(p, first listPage, seen map[string]bool) bool {
	if len(p.Entries) == 0 {
		return false
	}
	if len(first.Entries) > 0 && p.Entries[0] == first.Entries[0] {
		return true
	}
	for _, e := range p.Entries {
		if !seen[e] {
			return false
		}
	}
	return true
}

// split asks for the postings with each value of a further facet.
func (w *walk) split(ctx context.Context, with applied, first listPage, depth int) error {
	w.capped = true
	s, ok := pick(first.Facets, with)
	if !ok || depth == maxDepth {
		return nil // that there may be more is said anyway
	}
	var missed []error
	for _, ids := range s.packs() {
		further := maps.Clone(with)
		further[s.Parameter] = ids
		err := w.query(ctx, further, depth+1)
		if ctx.Err() != nil || w.handover != nil {
			return err
		}
		if err != nil {
			missed = append(missed, fmt.Errorf("by %s: %w", s.Parameter, err))
		}
	}
	return errors.Join(missed...)
}

// read asks for a page and hands it over.
func (w *walk) read(ctx context.Context, with applied, offset int) (listPage, error) {
	if w.pages++; w.pages > maxPages {
		return listPage{}, fmt.Errorf("more than %d pages; the rest is not read", maxPages)
	}
	body, err := json.Marshal(query{AppliedFacets: with, Limit: pageSize, Offset: offset})
	if err != nil {
		return listPage{}, err
	}
	resp, err := w.fetch(ctx, source.Request{URL: root(w.board) + "/jobs", Body: body})
	if err != nil {
		return listPage{}, err
	}
	p := source.Page{Response: resp, Memo: resp.Memo}
	var kept listPage
	if resp.NotModified {
		if err := json.Unmarshal([]byte(resp.Memo), &kept); err != nil {
			return kept, fmt.Errorf("what the last sweep noted of a page is damaged: %w", err)
		}
	} else {
		if kept, p.Bad, err = decodeList(resp.Body); err != nil {
			return kept, err
		}
		memo, err := json.Marshal(kept)
		if err != nil {
			return kept, err
		}
		p.Memo = string(memo)
	}
	w.handover = w.page(p)
	return kept, w.handover
}

// add notes a posting to be asked about. Its id is the part of the path that stays
// when title or place change, unless that part is another posting's, too.
func (w *walk) add(entry string) {
	version, path, _ := strings.Cut(entry, " ")
	if w.known[path] {
		return
	}
	w.known[path] = true
	id := nativeID(path)
	for _, longer := range []string{lastSegment(path), path} {
		if w.paths[id] != "" {
			id = longer
		}
	}
	w.paths[id] = path
	w.details = append(w.details, source.Detail{NativeID: id, Request: source.Request{URL: root(w.board) + path, Version: version}})
}

func lastSegment(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// nativeID is "JR-1001" of "/job/Berlin/Platform-Engineer_JR-1001".
func nativeID(path string) string {
	name := lastSegment(path)
	if _, id, ok := cutLast(name, '_'); ok && strings.ContainsFunc(id, unicode.IsDigit) {
		return id
	}
	if name == "" {
		return path
	}
	return name
}

func cutLast(s string, sep byte) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// decodeList reads one page of the list.
func decodeList(body []byte) (p listPage, bad []source.Bad, err error) {
	p.Entries = []string{}
	var facets source.Lax[[]facet]
	err = source.Items(body, "jobPostings", func(i int, raw []byte, l listed, err error) {
		p.Rows++
		path := string(l.ExternalPath)
		switch {
		case err != nil:
		case path == "":
			err = errors.New("field externalPath: missing")
		case !strings.HasPrefix(path, "/") || strings.ContainsAny(path, "?# \t\r\n\\") || strings.Contains(path, ".."):
			err = fmt.Errorf("field externalPath: not the path of a posting: %.60q", path)
		default:
			p.Entries = append(p.Entries, l.version()+" "+path)
			return
		}
		bad = append(bad, source.Bad{NativeID: l.bullet(), Index: i, Reason: err.Error(), Raw: raw})
	}, func(key string, raw json.RawMessage) {
		switch key {
		case "total":
			var total source.Amount
			_ = json.Unmarshal(raw, &total)
			p.Total = int(min(max(total, 0), 1e6))
		case "facets":
			_ = json.Unmarshal(raw, &facets)
		}
	})
	if p.Total == 0 || p.Total >= resultCap {
		p.Facets = splits(facets.V)
	}
	return p, bad, err
}

// version is of all that the list says, but how long ago the posting was posted.
func (l listed) version() string {
	said := []string{string(l.Title), string(l.LocationsText), string(l.TimeType), string(l.RemoteType)}
	for _, b := range l.BulletFields.V {
		said = append(said, string(b))
	}
	return source.Version(said...)
}

// bullet is the id of a posting that has no path.
func (l listed) bullet() string {
	var id source.Word
	if len(l.BulletFields.V) > 0 {
		_ = json.Unmarshal(l.BulletFields.V[0], &id)
	}
	return string(id)
}
