package query

import (
	"bufio"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/mattn/go-runewidth"
)

// narrowest is how far a column of text may shrink to fit the terminal.
const narrowest = 10

// sheet is a result as cells of text, for people.
type sheet struct {
	names []string
	cells [][]string
	right []bool // columns of numbers
	wide  []int  // columns on the terminal that each takes
	cond  *runewidth.Condition
}

func (r Result) sheet() sheet {
	s := sheet{names: r.names(), cond: &runewidth.Condition{StrictEmojiNeutral: true}}
	s.right, s.wide = make([]bool, len(s.names)), make([]int, len(s.names))
	s.cells = make([][]string, len(r.Rows))
	for n := range s.cells {
		s.cells[n] = make([]string, len(s.names))
	}
	for i := range s.names {
		s.names[i] = line(s.names[i])
		values, numbers, biggest := make([]any, len(r.Rows)), 0, 0.0
		texts := false
		for n, row := range r.Rows {
			values[n] = Plain(row[i], r.Columns[i].Type)
			if f, ok := digits(values[n]); ok {
				numbers++
				biggest = math.Max(biggest, math.Abs(f))
			} else if values[n] != nil {
				texts = true
			}
		}
		s.right[i] = numbers > 0 && !texts
		s.wide[i] = s.cond.StringWidth(s.names[i])
		for n, v := range values {
			s.cells[n][i] = legible(v, biggest)
			s.wide[i] = max(s.wide[i], s.cond.StringWidth(s.cells[n][i]))
		}
	}
	return s
}

// legible writes a value for people: fractions to a thousandth, smaller ones
// to two digits, and to the unit in a column that goes over a thousand.
func legible(v any, biggest float64) string {
	if f, ok := v.(float64); ok {
		switch {
		case biggest >= 1000:
			return strconv.FormatFloat(f, 'f', 0, 64)
		case f != 0 && math.Abs(f) < 0.001:
			return strconv.FormatFloat(f, 'g', 2, 64)
		}
		return strconv.FormatFloat(f, 'f', 3, 64)
	}
	return line(cell(v))
}

// line makes s one line without control characters, which could move the cursor.
func line(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
}

// fit shrinks the widest columns of text until a row takes at most width.
func (s sheet) fit(width int) {
	for width > 0 {
		total, widest := 2*(len(s.wide)-1), -1
		for i, w := range s.wide {
			total += w
			if !s.right[i] && w > narrowest && (widest < 0 || w > s.wide[widest]) {
				widest = i
			}
		}
		if total <= width || widest < 0 {
			return
		}
		s.wide[widest]--
	}
}

func (r Result) table(w io.Writer, width int) error {
	s := r.sheet()
	s.fit(width)
	bw := bufio.NewWriter(w)
	s.row(bw, s.names)
	rule := make([]string, len(s.wide))
	for i, n := range s.wide {
		rule[i] = strings.Repeat("─", n)
	}
	s.row(bw, rule)
	for _, cells := range s.cells {
		s.row(bw, cells)
	}
	return bw.Flush()
}

func (s sheet) row(w *bufio.Writer, cells []string) {
	var b strings.Builder
	for i, c := range cells {
		if i > 0 {
			b.WriteString("  ")
		}
		if s.cond.StringWidth(c) > s.wide[i] {
			c = s.cond.Truncate(c, s.wide[i], "…")
		}
		pad := strings.Repeat(" ", max(0, s.wide[i]-s.cond.StringWidth(c)))
		if s.right[i] {
			b.WriteString(pad + c)
		} else {
			b.WriteString(c + pad)
		}
	}
	w.WriteString(strings.TrimRight(b.String(), " "))
	w.WriteByte('\n')
}

func (r Result) markdown(w io.Writer) error {
	s := r.sheet()
	bw := bufio.NewWriter(w)
	escape := strings.NewReplacer(`\`, `\\`, "|", `\|`, "<", "&lt;", "&", "&amp;")
	row := func(cells []string) {
		bw.WriteString("|")
		for _, c := range cells {
			bw.WriteString(" " + escape.Replace(c) + " |")
		}
		bw.WriteByte('\n')
	}
	row(s.names)
	bw.WriteString("|")
	for _, right := range s.right {
		if right {
			bw.WriteString(" --: |")
		} else {
			bw.WriteString(" --- |")
		}
	}
	bw.WriteByte('\n')
	for _, cells := range s.cells {
		row(cells)
	}
	return bw.Flush()
}
