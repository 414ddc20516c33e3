package nquads

// Bounds of one page.
const (
	maxQuads = 50_000   // statements
	maxBytes = 32 << 20 // of lines
)

// Page is the statements of one graph that stand together.
type Page struct {
	Graph    Term
	Line     int // number of its first line
	Quads    []Quad
	TooLarge bool // it has more than fits: Quads is its beginning
	bytes    int
}

// Pages gathers statements into pages.
type Pages struct {
	parser Parser
	page   Page
}

// Add parses line number n and adds its statement. If that begins another page,
// done is the one before it, valid until the next call; else nil. The error is a
// [*SyntaxError]; then nothing was added.
func (p *Pages) Add(n int, line []byte) (done *Page, err error) {
	q, ok, err := p.parser.Parse(line)
	if err != nil || !ok {
		return nil, err
	}
	if len(p.page.Quads) > 0 && q.Graph != p.page.Graph {
		finished := p.page
		p.page = Page{}
		done = &finished
	}
	if len(p.page.Quads) == 0 {
		p.page.Graph, p.page.Line = q.Graph, n
	}
	p.page.bytes += len(line)
	if len(p.page.Quads) >= maxQuads || p.page.bytes > maxBytes && len(p.page.Quads) > 0 {
		p.page.TooLarge = true
		return done, nil
	}
	p.page.Quads = append(p.page.Quads, q)
	return done, nil
}

// End is the last page, nil if there was none.
func (p *Pages) End() *Page {
	if len(p.page.Quads) == 0 {
		return nil
	}
	finished := p.page
	p.page = Page{}
	return &finished
}
