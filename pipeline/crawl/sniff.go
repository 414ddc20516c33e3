package crawl

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"

	"jobcity/pipeline/crawl/jsonl"
	"jobcity/pipeline/crawl/nquads"
)

// sniffed is how much of a file is looked at to tell its form.
const sniffed = 64 << 10

// sniff tells the form of the file from its first bytes, and steps over a byte
// order mark.
func sniff(in *bufio.Reader) (format string, err error) {
	if mark, _ := in.Peek(3); bytes.Equal(mark, []byte("\ufeff")) {
		if _, err := in.Discard(3); err != nil {
			return "", err
		}
	}
	head, err := in.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) && len(head) == 0 {
		return "", jsonl.ReadError(err)
	}
	text := bytes.TrimLeft(head, " \t\r\n")
	switch {
	case len(text) == 0:
		return "empty", nil
	case text[0] == '{':
		return sniffObject(text)
	case text[0] == '[':
		return sniffArray(text)
	case bytes.Contains(text, []byte("<workzag-jobs")):
		return "personio", nil
	case text[0] == '<' && bytes.Contains(text, []byte("<rss")) && bytes.Contains(text, []byte("teamtailor.com")):
		return "teamtailor rss", nil
	case bytes.HasPrefix(text, []byte("WARC/")):
		return "warc", nil
	case isQuads(text):
		return "nquads", nil
	case feedRoot.Match(text):
		return "rss", nil
	case text[0] == '<':
		return "", errors.New("this is a web page or XML, which cannot be read")
	case bytes.IndexByte(head, 0) >= 0:
		return "", errors.New("this is a binary file of no known form")
	}
	return sniffCSV(text)
}

// feedRoot is the beginning of a feed, up to its first element.
var feedRoot = regexp.MustCompile(`^(?is:<\?xml.*?\?>|<\?.*?\?>|<!--.*?-->|<!doctype\s+rss[^>]*>|\s+)*<(?i:rss|rdf:RDF|feed|source|jobs)[\s>]`)

// isQuads: one of the first lines is a statement of N-Quads.
func isQuads(text []byte) bool {
	var p nquads.Parser
	for range 50 {
		line, rest, whole := bytes.Cut(text, []byte("\n"))
		if _, ok, err := p.Parse(line); ok && err == nil {
			return true
		}
		if !whole {
			return false
		}
		text = rest
	}
	return false
}

// sniffObject tells a saved answer from the first line of JSONL.
func sniffObject(text []byte) (string, error) {
	top, inner := objectKeys(text)
	has := func(keys []string, names ...string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return slices.Contains(keys, n) })
	}
	switch {
	case has(top, "jobs"):
		switch {
		case has(inner, "by", "time") || has(top, "schema_version"):
			return "hn items", nil
		case has(inner, "absolute_url", "internal_job_id", "company_name", "first_published") || len(inner) == 0 && has(top, "meta"):
			return "greenhouse", nil
		case has(inner, "jobUrl", "isListed", "publishedAt", "descriptionHtml") || has(top, "apiVersion"):
			return "ashby", nil
		case has(inner, "shortcode", "telecommuting") || len(inner) == 0 && has(top, "name"):
			return "workable", nil
		}
		return "", errors.New(`a JSON object with "jobs", but not a board of Ashby, Greenhouse or Workable`)
	case has(top, "offers") && (len(inner) == 0 || has(inner, "careers_url", "employment_type_code", "company_name")):
		return "recruitee", nil
	case has(top, "jobAd"):
		return "smartrecruiters", nil
	case has(top, "jobPostingInfo"):
		return "workday", nil
	case has(top, "result") && bytes.Contains(text, []byte(`"jobOpening":`)):
		return "bamboohr", nil
	case has(top, "items") && (has(inner, "_jobposting") || len(inner) == 0 && has(top, "feed_url")):
		return "teamtailor", nil
	case has(top, "jobPostings") || has(top, "result") && has(inner, "jobOpeningName"):
		return "", errors.New("a list of Workday or BambooHR, which has no texts; save the answers about single postings")
	case has(top, "totalFound") && has(top, "content"):
		return "", errors.New("a list of SmartRecruiters, which has no texts; save the answers about single postings")
	case has(top, "children") && has(top, "title", "author", "story_id", "points"):
		return "hn thread", nil
	}
	return "jsonl", nil
}

func sniffArray(text []byte) (string, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	if _, err := dec.Token(); err != nil {
		return "", fmt.Errorf("not valid JSON: %w", err)
	}
	if !dec.More() {
		return "json", nil
	}
	keys, _ := objectKeys(bytes.TrimLeft(text[1:], " \t\r\n"))
	switch {
	case slices.Contains(keys, "full_html"):
		return "hn month", nil
	case slices.Contains(keys, "company_slug"):
		return "greenhouse list", nil
	case slices.Contains(keys, "by") && slices.Contains(keys, "time"):
		return "hn items", nil
	case slices.Contains(keys, "hostedUrl") || slices.Contains(keys, "text") && slices.Contains(keys, "categories"):
		return "lever", nil
	case slices.Contains(keys, "id") || slices.Contains(keys, "title") || slices.Contains(keys, "text"):
		return "json", nil
	}
	return "", errors.New("a JSON list of no known form: its objects have no id, title or text")
}

// objectKeys are the keys of the object that text starts with, as far as text
// goes, and those of the first object in a list that is one of its values.
func objectKeys(text []byte) (top, inner []string) {
	dec := json.NewDecoder(bytes.NewReader(text))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, nil
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			break
		}
		name, _ := key.(string)
		top = append(top, name)
		if name == "jobs" || name == "children" || name == "offers" || name == "items" || name == "result" {
			inner = firstKeys(text[dec.InputOffset():])
		}
		var skip json.RawMessage
		if dec.Decode(&skip) != nil {
			break
		}
	}
	return top, inner
}

// firstKeys are the keys of the first object of the list after a colon.
func firstKeys(text []byte) []string {
	text = bytes.TrimLeft(text, ": \t\r\n")
	if len(text) == 0 || text[0] != '[' {
		return nil
	}
	keys, _ := objectKeys(bytes.TrimLeft(text[1:], " \t\r\n"))
	return keys
}

func sniffCSV(text []byte) (string, error) {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	r := csv.NewReader(bytes.NewReader(line))
	r.Comma, r.LazyQuotes = jsonl.Delimiter(line), true
	header, err := r.Read()
	if err != nil {
		header = nil
	}
	for i := range header {
		header[i] = jsonl.ColumnName(header[i])
	}
	if slices.Contains(header, "job_title") && slices.Contains(header, "job_description") {
		return "glassdoor", nil
	}
	if err := jsonl.CheckColumns(header); err != nil {
		return "", err
	}
	return "csv", nil
}
