package api

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"jobcity/pipeline/query"
)

// meta is what a trend says about itself. The words of a share are always
// "mentioned in x % of postings".
type meta struct {
	Trend      string            `json:"trend"`
	Title      string            `json:"title"`
	Doc        string            `json:"doc"`
	N          int64             `json:"n"`          // unique core postings in scope: district, seniority, source, from, to
	Employers  int64             `json:"employers"`  // that these are of
	Panel      string            `json:"panel"`      // the boards it is computed over
	Adjustment string            `json:"adjustment"` // for the season: how, or "none: " and why
	Dedup      string            `json:"dedup"`
	Taxonomy   *string           `json:"taxonomy"`
	AsOf       *time.Time        `json:"as_of"` // of the newest posting or sweep
	From       *string           `json:"from"`  // first month in scope
	To         *string           `json:"to"`    // last month in scope
	Interval   string            `json:"interval"`
	Suppressed suppressed        `json:"suppressed"`
	Coverage   coverage          `json:"coverage"`
	Breaks     []seriesBreak     `json:"breaks"` // days where the series must not be bridged
	Rows       int               `json:"rows"`
	Truncated  bool              `json:"truncated"` // there are more rows
	SQL        string            `json:"sql"`
	Params     map[string]string `json:"params"` // in use, defaults included
	Version    string            `json:"version"`
}

// suppressed says which rows show no estimate, and why.
type suppressed struct {
	Rows         int    `json:"rows"`
	MinPostings  int    `json:"min_postings"`
	MinEmployers int    `json:"min_employers"`
	Reason       string `json:"reason"`
}

type coverage struct {
	Boards      int64      `json:"boards"`
	Complete    int64      `json:"complete"` // whose last sweep was complete
	Partial     int64      `json:"partial"`
	Failed      int64      `json:"failed"`
	Sources     []string   `json:"sources"`
	LastSweepAt *time.Time `json:"last_sweep_at"`
}

type seriesBreak struct {
	Series string `json:"series"`
	On     string `json:"on"`
	Reason string `json:"reason"`
}

// listed is a trend or report in the list of them.
type listed struct {
	*query.Query
	URL string `json:"url"`
}

// listQueries answers with the queries of c, which are to be had under path.
func listQueries(c *query.Catalog, path string) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := noParams(r); err != nil {
			return err
		}
		list := []listed{}
		for _, q := range c.All() {
			list = append(list, listed{q, path + q.Name})
		}
		return giveJSON(w, r, map[string]any{"data": list})
	}
}

// unknownQuery answers for a name that c has not.
func unknownQuery(c *query.Catalog, kind string) func(http.ResponseWriter, *http.Request) error {
	return func(_ http.ResponseWriter, r *http.Request) error {
		var names []string
		for _, q := range c.All() {
			names = append(names, q.Name)
		}
		return unknown(kind, "name", r.PathValue("name"), names)
	}
}

// oneTrend answers with a trend or a report.
func (s *server) oneTrend(q *query.Query) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		asked, err := s.asking.of(r, s.Runner.Revision(), func() (asked, error) { return s.read(r, q) })
		if err != nil {
			return err
		}
		if asked.format != query.JSON {
			w.Header().Set("Link", fmt.Sprintf(`<%s>; rel="describedby"; type="application/json"`, asJSON(r.URL)))
		}
		return s.give(w, r, asked.key, asked.format, func(ctx context.Context, version string) (answer, error) {
			return s.makeTrend(ctx, version, asked.bound, asked.format, asked.options)
		})
	}
}

// layout reads what only some formats want to know.
func layout(own map[string]string) (query.Options, error) {
	q := query.Query{Name: "format", Params: []query.Param{
		{Name: "raw", Type: "boolean"},
		{Name: "width", Type: "bigint", Range: &query.Range{Least: 0, Most: 10000}},
	}}
	b, err := q.Bind(map[string]string{"raw": own["raw"], "width": own["width"]})
	if err != nil {
		return query.Options{}, err
	}
	var o query.Options
	o.RawCSV, _ = b.Value("raw").(bool)
	width, _ := b.Value("width").(int64)
	o.Width = int(width)
	return o, nil
}

// asJSON is the address of the same answer as JSON, which has its meta.
func asJSON(u *url.URL) string {
	v := u.Query()
	v.Set("format", "json")
	return u.EscapedPath() + "?" + v.Encode()
}

// known are the ids there are, by kind.
type known map[string]*idSet

type idSet struct {
	list []string // sorted
	has  map[string]bool
}

func (s *server) known(ctx context.Context) (known, error) {
	k, _, err := s.keep(ctx, "known", false, func(ctx context.Context, _ string) (any, int, error) {
		b, err := s.Queries.Query("known").Bind(nil)
		if err != nil {
			return nil, 0, err
		}
		res, err := s.run(ctx, b, 10_000_000)
		if err != nil {
			return nil, 0, err
		}
		all := known{}
		for _, row := range res.Rows {
			kind, id := row[0].(string), row[1].(string)
			if all[kind] == nil {
				all[kind] = &idSet{has: map[string]bool{}}
			}
			all[kind].list, all[kind].has[id] = append(all[kind].list, id), true
		}
		return all, 100 * len(res.Rows), nil
	})
	if err != nil {
		return nil, err
	}
	return k.value.(known), nil
}

// kindOf is the kind of id that a parameter holds, given all of them; "" when it
// holds none.
func kindOf(name string, params map[string]string) string {
	switch name {
	case "skill", "district", "street", "facet", "metric", "source", "country", "employer":
		return name
	case "skills":
		return "skill"
	case "with_district":
		return "district"
	case "id", "origin", "target":
		by := params["by"]
		if by == "" {
			by = params["of"]
		}
		if by == "district" || by == "street" || by == "skill" || by == "employer" || by == "country" || by == "source" {
			return by
		}
		if name != "id" {
			return "street"
		}
	}
	return ""
}

// checkKnown refuses ids that there are not: a share of 0 for a misspelt skill
// would be a lie.
func (s *server) checkKnown(ctx context.Context, b query.Bound) error {
	var first *problem
	for _, name := range slices.Sorted(maps.Keys(b.Params)) {
		kind := kindOf(name, b.Params)
		if kind == "" {
			continue
		}
		all, err := s.known(ctx)
		if err != nil {
			return err
		}
		values := []string{b.Params[name]}
		if name == "skills" {
			values = strings.Split(b.Params[name], ",")
		}
		for _, value := range values {
			p := all.refuse(kind, name, strings.TrimSpace(value))
			switch {
			case p == nil:
			case first == nil:
				first = p
			default:
				first.Detail += "; " + p.Detail
				first.Errors = append(first.Errors, p.Errors...)
			}
		}
	}
	if first != nil {
		return first
	}
	return nil
}

// refuse says that there is no such id, or nil when there is one, or none of its
// kind at all.
func (k known) refuse(kind, name, value string) *problem {
	switch kind {
	case "skill":
		value = strings.ToLower(value)
	case "country":
		value = strings.ToUpper(value)
	}
	ids := k[kind]
	if ids == nil || ids.has[value] {
		return nil
	}
	return unknown(kind, name, value, ids.list)
}

func (s *server) makeTrend(ctx context.Context, version string, b query.Bound, format query.Format, o query.Options) (answer, error) {
	res, err := s.run(ctx, b, s.cfg.MaxRows)
	if err != nil {
		return answer{}, err
	}
	res.Round()
	m, err := s.describe(ctx, version, b)
	if err != nil {
		return answer{}, err
	}
	m.Adjustment = adjustment(res, m.From, m.To)
	m.Suppressed.Rows = res.Suppress(b.Query, int64(s.cfg.MinPostings), int64(s.cfg.MinEmployers))
	if m.Suppressed.Rows > 0 {
		m.Suppressed.Reason = fmt.Sprintf("%d of %d rows rest on fewer than %d postings or %d employers; they show their n, but no estimate that rests on it",
			m.Suppressed.Rows, len(res.Rows), s.cfg.MinPostings, s.cfg.MinEmployers)
	}
	m.Rows, m.Truncated = len(res.Rows), res.Truncated
	a := answer{truncated: res.Truncated, suppressed: m.Suppressed.Rows}
	if format == query.JSON {
		a.body, err = encode(struct {
			Data query.Result `json:"data"`
			Meta meta         `json:"meta"`
		}{res, m})
		return a, err
	}
	about, err := json.Marshal(m)
	if err != nil {
		return answer{}, err
	}
	o.Metadata = map[string]string{"jobcity.meta": string(about)}
	a.body, err = res.Bytes(format, o)
	return a, err
}

// describe says what a trend rests on.
func (s *server) describe(ctx context.Context, version string, b query.Bound) (meta, error) {
	m := meta{
		Trend: b.Query.Name, Title: b.Query.Title, Doc: b.Query.Doc, Panel: panel(b),
		Interval: "95%", SQL: b.Query.SQL, Params: b.Params, Version: version, Breaks: []seriesBreak{},
		Suppressed: suppressed{MinPostings: s.cfg.MinPostings, MinEmployers: s.cfg.MinEmployers},
	}
	scope, err := s.scope(ctx, b)
	if err != nil {
		return meta{}, err
	}
	m.N, m.Employers = scope[0].(int64), scope[1].(int64)
	m.Dedup = fmt.Sprintf("unique: copies of one role count once; %d copies are left out", scope[2])
	m.From, m.To = day(scope[3]), day(scope[4])
	res, err := s.fixed(ctx, "coverage")
	if err != nil {
		return meta{}, err
	}
	c := res.Rows[0]
	m.Coverage = coverage{Boards: c[0].(int64), Complete: c[1].(int64), Partial: c[2].(int64), Failed: c[3].(int64), Sources: []string{}, LastSweepAt: instant(c[6])}
	if sources, ok := c[4].(string); ok {
		m.Coverage.Sources = strings.Split(sources, ",")
	}
	m.AsOf = instant(c[5])
	if taxonomy, ok := c[7].(string); ok {
		m.Taxonomy = &taxonomy
	}
	breaks, err := s.fixed(ctx, "breaks")
	if err != nil {
		return meta{}, err
	}
	for _, row := range breaks.Rows {
		m.Breaks = append(m.Breaks, seriesBreak{row[0].(string), *day(row[1]), row[2].(string)})
	}
	return m, nil
}

// panel says which boards a trend is computed over.
func panel(b query.Bound) string {
	if b.Params["panel"] == "matched" {
		return "matched: each period is compared with the one before it over the boards watched through both"
	}
	return "raw: all boards that were ever swept"
}

// seasonMonths are the whole months in a row that seasonal adjustment takes.
const seasonMonths = 36

// adjustment says how a series is adjusted for the season, or why it is not. A trend
// that adjusts has a column adjusted, and the reason in note where it could not.
func adjustment(res query.Result, from, to *string) string {
	has := func(name string) int {
		return slices.IndexFunc(res.Columns, func(c query.Column) bool { return c.Name == name })
	}
	if has("adjusted") >= 0 {
		if len(res.Rows) == 0 {
			return "none: there is nothing to adjust"
		}
		if note, ok := res.Rows[0][has("note")].(string); ok {
			return "none: " + strings.TrimPrefix(note, "not adjusted: ")
		}
		return "seasonal: classical multiplicative decomposition, in the column adjusted"
	}
	if has("month") < 0 && has("period") < 0 {
		return "none: this is no series"
	}
	if n := monthsFrom(from, to); n < seasonMonths {
		return fmt.Sprintf("none: seasonal adjustment takes %d whole months in a row, and these are %d", seasonMonths, n)
	}
	return "none: as it was seen; demand_adjusted is adjusted for the season"
}

// monthsFrom counts the months from the first to the last, both included.
func monthsFrom(from, to *string) int {
	if from == nil || to == nil {
		return 0
	}
	first, err1 := time.Parse(time.DateOnly, *from)
	last, err2 := time.Parse(time.DateOnly, *to)
	if err1 != nil || err2 != nil {
		return 0
	}
	return 12*(last.Year()-first.Year()) + int(last.Month()-first.Month()) + 1
}

// scope counts the postings that the trend's own parameters leave in.
func (s *server) scope(ctx context.Context, b query.Bound) ([]any, error) {
	q := s.Queries.Query("scope")
	params := map[string]string{}
	for _, p := range q.Params {
		if v, ok := b.Params[p.Name]; ok {
			params[p.Name] = v
		}
	}
	if slices.ContainsFunc(b.Query.Columns, func(c query.Column) bool { return c.Type == "date" }) {
		params["dated"] = "true"
	}
	bound, err := q.Bind(params)
	if err != nil {
		return nil, err
	}
	res, err := s.run(ctx, bound, 1)
	if err != nil {
		return nil, err
	}
	return res.Rows[0], nil
}

func day(v any) *string {
	t, ok := v.(time.Time)
	if !ok {
		return nil
	}
	s := t.Format(time.DateOnly)
	return &s
}

func instant(v any) *time.Time {
	t, ok := v.(time.Time)
	if !ok {
		return nil
	}
	t = t.UTC()
	return &t
}
