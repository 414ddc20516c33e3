package jobposting

import "strings"

// Node is a thing with its properties, or a literal if it has none, whatever
// notation it was written in.
type Node struct {
	Text   string   // the literal, or the text of the element that stands for it
	Markup string   // that element's inner HTML, "" if there was none
	Number bool     // the literal stood as a number, not as text
	ID     string   // IRI or blank node label, "" if it has none
	Types  []string // local names: "JobPosting"
	Props  []Prop
}

// Prop is one property with all its values, in the order they came.
type Prop struct {
	Name   string // local name: "baseSalary"
	Values []*Node
}

// Literal is a node that is only a text.
func Literal(s string) *Node { return &Node{Text: s} }

// Add adds values to the property that name, short or as an IRI, stands for.
func (n *Node) Add(name string, values ...*Node) {
	if len(values) == 0 {
		return
	}
	name = LocalName(name)
	for i := range n.Props {
		if n.Props[i].Name == name {
			n.Props[i].Values = append(n.Props[i].Values, values...)
			return
		}
	}
	n.Props = append(n.Props, Prop{Name: name, Values: values})
}

// Get is the values of a property, by its local name.
func (n *Node) Get(name string) []*Node {
	for i := range n.Props {
		if n.Props[i].Name == name {
			return n.Props[i].Values
		}
	}
	return nil
}

// Is reports whether one of the node's types has this local name, in any case.
func (n *Node) Is(name string) bool {
	for _, t := range n.Types {
		if strings.EqualFold(t, name) {
			return true
		}
	}
	return false
}

// LocalName is the last part of an IRI or of a prefixed name: "title" of
// "http://schema.org/title" and of "schema:title".
func LocalName(name string) string {
	name = strings.TrimRight(strings.TrimSpace(name), "/#")
	return name[strings.LastIndexAny(name, "/#:")+1:]
}

const (
	maxDepth    = 64      // of things within things
	maxNodes    = 100_000 // on one page
	maxPostings = 5_000   // on one page
)

// jobs is every JobPosting in the trees, outermost first, those inside another
// left out: they are hints at similar ones.
func jobs(trees []*Node) []*Node {
	var found []*Node
	seen := map[*Node]bool{}
	var walk func(n *Node, depth int)
	walk = func(n *Node, depth int) {
		if len(n.Props) == 0 || depth > maxDepth || seen[n] || len(found) == maxPostings {
			return
		}
		seen[n] = true
		if n.Is("JobPosting") {
			found = append(found, n)
			return
		}
		for _, p := range n.Props {
			for _, v := range p.Values {
				walk(v, depth+1)
			}
		}
	}
	for _, n := range trees {
		walk(n, 0)
	}
	return found
}

// link replaces nodes that only name an id by the thing with that id, so that an
// "@graph" may keep its things apart.
func link(trees []*Node) {
	byID := map[string]*Node{}
	seen := map[*Node]bool{}
	var each func(n *Node, depth int, do func(*Node))
	each = func(n *Node, depth int, do func(*Node)) {
		if len(n.Props) == 0 && n.ID == "" || depth > maxDepth || seen[n] {
			return
		}
		seen[n] = true
		do(n)
		for _, p := range n.Props {
			for _, v := range p.Values {
				each(v, depth+1, do)
			}
		}
	}
	for _, n := range trees {
		each(n, 0, func(n *Node) {
			if n.ID != "" && len(n.Props) > 0 && byID[n.ID] == nil {
				byID[n.ID] = n
			}
		})
	}
	if len(byID) == 0 {
		return
	}
	seen = map[*Node]bool{}
	for _, n := range trees {
		each(n, 0, func(n *Node) {
			for _, p := range n.Props {
				for i, v := range p.Values {
					if whole := byID[v.ID]; v.ID != "" && len(v.Props) == 0 && whole != nil {
						p.Values[i] = whole
					}
				}
			}
		})
	}
}

// maxUnfolded is how many things and texts the postings of one page may come to
// when everything that is joined by its id is written out.
const maxUnfolded = 300_000

// unfolding copies trees so that each thing stands in one place: a page may join
// things in circles, and one thing in so many places that walking it never ends.
type unfolding struct {
	path map[*Node]bool // from the root to here
	left int
}

// unfold copies n. What leads back to a thing that it is inside of, lies too deep or
// is too much is only named.
func (u *unfolding) unfold(n *Node, depth int) *Node {
	if len(n.Props) == 0 {
		return n
	}
	if u.path[n] || depth > maxDepth || u.left <= 0 {
		return &Node{ID: n.ID}
	}
	u.path[n] = true
	whole := *n
	whole.Props = make([]Prop, len(n.Props))
	for i, p := range n.Props {
		values := p.Values[:min(len(p.Values), max(u.left, 0))]
		u.left -= len(values)
		whole.Props[i] = Prop{Name: p.Name, Values: make([]*Node, len(values))}
		for j, v := range values {
			whole.Props[i].Values[j] = u.unfold(v, depth+1)
		}
	}
	delete(u.path, n)
	return &whole
}
