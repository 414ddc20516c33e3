package teamtailor

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"jobcity/pipeline/crawl/source"
	"jobcity/pipeline/posting"
)

// listRSS reads the RSS feed until a page is not full. The memo of a page is the
// number of its items.
func listRSS(ctx context.Context, b source.Board, fetch source.Fetch, page func(source.Page) error) error {
	seen := map[string]bool{}
	at := start(b)
	for n := 1; ; n++ {
		resp, err := fetch(ctx, source.Request{URL: at})
		if err != nil {
			return err
		}
		p := source.Page{Response: resp, Memo: resp.Memo}
		if !resp.NotModified {
			if p.Postings, p.Bad, err = DecodeRSS(resp.Body, b); err != nil {
				return err
			}
			items := len(p.Postings) + len(p.Bad)
			if countNew(p, seen) == 0 && items > 0 {
				return errAgain(b)
			}
			p.Memo = strconv.Itoa(items)
		}
		if err := page(p); err != nil {
			return err
		}
		if items, err := strconv.Atoi(p.Memo); err != nil || items < rssItems {
			return nil
		}
		if n == maxPages {
			return fmt.Errorf("teamtailor board %s: its feed has more than %d pages", b.Board, maxPages)
		}
		at = fmt.Sprintf("%s?offset=%d&per_page=%d", start(b), n*rssItems, rssItems)
	}
}

// DecodeRSS reads the RSS feed. It fails if body is not RSS, or not to its end.
func DecodeRSS(body []byte, b source.Board) ([]posting.Posting, []source.Bad, error) {
	postings, bad, err := decodeRSS(body, b)
	if err != nil {
		return nil, nil, fmt.Errorf("teamtailor board %s: %w", b.Board, err)
	}
	return postings, bad, nil
}

func decodeRSS(body []byte, b source.Board) (postings []posting.Posting, bad []source.Bad, err error) {
	d, text, err := source.XML(body)
	if err != nil {
		return nil, nil, err
	}
	if err := source.XMLRoot(d, "rss"); err != nil {
		return nil, nil, err
	}
	postings = []posting.Posting{}
	site := ""
	for i := 0; ; {
		t, err := d.Token()
		if err != nil {
			return nil, nil, source.XMLError(err)
		}
		if end, ok := t.(xml.EndElement); ok && end.Name.Local == "rss" {
			return postings, bad, nil
		}
		start, ok := t.(xml.StartElement)
		if !ok || start.Name.Local == "channel" {
			continue
		}
		from := d.InputOffset()
		it, err := decodeElement(d, start, &site)
		if err != nil {
			return nil, nil, err
		}
		if start.Name.Local != "item" {
			continue
		}
		if one := it.posting(b, site); one.NativeID != "" && one.Title != "" {
			postings = append(postings, one)
		} else {
			reason := "field link: missing"
			if one.NativeID != "" {
				reason = "field title: missing"
			}
			bad = append(bad, source.Bad{NativeID: one.NativeID, Index: i, Reason: reason, Raw: text[from:d.InputOffset()]})
		}
		i++
	}
}

// decodeElement reads an element of the channel: an item, the site's title, or
// one that is of no use.
func decodeElement(d *xml.Decoder, start xml.StartElement, site *string) (it rssItem, err error) {
	switch start.Name.Local {
	case "item":
		err = d.DecodeElement(&it, &start)
	case "title":
		err = d.DecodeElement(site, &start)
	default:
		err = d.Skip()
	}
	if err != nil {
		return it, source.XMLError(err)
	}
	if len(it.Swallowed) > 0 {
		return it, errors.New("the answer is not valid XML: an item has no end")
	}
	return it, nil
}

func (it rssItem) posting(b source.Board, site string) posting.Posting {
	p := posting.Posting{
		Source:     "teamtailor",
		Board:      b.Board,
		NativeID:   nativeID(it.Link, it.GUID),
		Employer:   first(b.Employer, site, b.Board),
		Title:      strings.TrimSpace(it.Title),
		Text:       source.Text(source.Section{Body: it.Description}),
		URL:        strings.TrimSpace(it.Link),
		Department: strings.TrimSpace(it.Department),
		Team:       strings.TrimSpace(it.Role),
		PostedOn:   mailDay(it.PubDate),
	}
	switch strings.ToLower(strings.TrimSpace(it.RemoteStatus)) {
	case "fully":
		p.Workplace = "remote"
	case "hybrid":
		p.Workplace = "hybrid"
	case "none":
		p.Workplace = "onsite"
	}
	var places []string
	for _, at := range it.Locations {
		places = append(places, first(strings.Join(source.Places(at.City, at.Country), ", "), at.Name))
	}
	p.Locations = source.Places(places...)
	return p
}

// mailDay is the day of a date as RSS has it, in the form of e-mail.
func mailDay(s string) string {
	for _, layout := range []string{"Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 MST", "2 Jan 2006 15:04:05 -0700"} {
		if t, err := time.Parse(layout, strings.TrimSpace(s)); err == nil {
			return source.DayOf(t)
		}
	}
	return source.Day(s)
}
