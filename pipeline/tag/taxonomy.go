package tag

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// A taxonomy is the folder configs/taxonomy:
//
//	skills/*.yaml   what people are asked to know
//	metrics.yaml    district metrics
//	needs.yaml      wording of need and negation
//	sections.yaml   headings
//
// and the files of the classifier and the facts. Every file is YAML, decoded
// strictly.

// word is a YAML string that remembers where it stands.
type word struct {
	text      string
	line, col int
}

// UnmarshalYAML takes scalars alone.
func (w *word) UnmarshalYAML(n ast.Node) error {
	t := n.GetToken()
	w.line, w.col = t.Position.Line, t.Position.Column
	switch s := n.(type) {
	case *ast.LiteralNode:
		w.text = strings.TrimSpace(s.Value.Value)
	case ast.ScalarNode:
		w.text = fmt.Sprint(s.GetValue())
		if _, isText := n.(*ast.StringNode); !isText {
			w.text = t.Value
		}
	default:
		return &placedError{line: w.line, col: w.col, reason: "wanted a word, not a list or mapping"}
	}
	return nil
}

// placedError is a problem at a place in a file.
type placedError struct {
	file      string
	line, col int
	reason    string
}

func (e *placedError) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.file, e.line, e.col, e.reason)
}

// decodeFile reads one file strictly. Its error starts with file:line:column.
func decodeFile[T any](fsys fs.FS, name string) (T, error) {
	var v T
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return v, fmt.Errorf("read taxonomy: %w", err)
	}
	err = yaml.UnmarshalWithOptions(data, &v, yaml.Strict())
	var placed *placedError
	var syntax yaml.Error
	switch {
	case err == nil:
	case errors.As(err, &placed):
		placed.file = name
		err = placed
	case errors.As(err, &syntax) && syntax.GetToken() != nil:
		p := syntax.GetToken().Position
		err = &placedError{name, p.Line, p.Column, strings.TrimSpace(syntax.GetMessage()) + meant[T](syntax.GetMessage())}
	default:
		err = fmt.Errorf("%s: %w", name, err)
	}
	return v, err
}

// skillEntry is one entry of skills/*.yaml.
type skillEntry struct {
	ID        word   `yaml:"id"`
	Name      word   `yaml:"name"`
	Kind      word   `yaml:"kind"`
	Side      word   `yaml:"side"`
	Districts []word `yaml:"districts"`
	Aliases   []word `yaml:"aliases"` // other names of it
	Phrases   []word `yaml:"phrases"` // wording that asks for it without being a name
	Case      word   `yaml:"case"`
	Ambiguous bool   `yaml:"ambiguous"`
	Context   []word `yaml:"context"`
	Not       []word `yaml:"not"`
	Implies   []word `yaml:"implies"`

	file string
}

// metricEntry is one entry of metrics.yaml.
type metricEntry struct {
	ID        word   `yaml:"id"`
	Name      word   `yaml:"name"`
	Districts []word `yaml:"districts"`
	Aliases   []word `yaml:"aliases"`
	Case      word   `yaml:"case"`
	Ambiguous bool   `yaml:"ambiguous"`
	Context   []word `yaml:"context"`
	Not       []word `yaml:"not"`
}

const metricFile = "metrics.yaml"

// entries is what the engine itself reads of a taxonomy.
type entries struct {
	skills  []skillEntry
	metrics []metricEntry
	needs   needEntry
}

// readEntries reads all it can: what could not be read is missing from the
// entries and named in the error.
func readEntries(fsys fs.FS) (entries, error) {
	var e entries
	var errs []error
	files, err := fs.Glob(fsys, "skills/*.yaml")
	if err == nil && len(files) == 0 {
		err = errors.New("taxonomy has no skills/*.yaml")
	}
	errs = append(errs, err)
	for _, f := range files {
		list, err := decodeFile[[]skillEntry](fsys, f)
		errs = append(errs, err)
		for _, s := range list {
			s.file = f
			e.skills = append(e.skills, s)
		}
	}
	e.metrics, err = decodeFile[[]metricEntry](fsys, metricFile)
	errs = append(errs, err)
	e.needs, err = decodeFile[needEntry](fsys, needFile)
	return e, errors.Join(append(errs, err)...)
}

// version is the content hash of all files of a taxonomy: equal exactly when
// they are, whatever their dates.
func version(fsys fs.FS) (string, error) {
	var files []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && (path.Ext(name) == ".yaml" || path.Ext(name) == ".tsv") {
			files = append(files, name)
		}
		return err
	})
	if err != nil {
		return "", fmt.Errorf("read taxonomy: %w", err)
	}
	sort.Strings(files)
	h := sha256.New()
	for _, f := range files {
		data, err := fs.ReadFile(fsys, f)
		if err != nil {
			return "", fmt.Errorf("read taxonomy: %w", err)
		}
		fmt.Fprintf(h, "%d:%s%d:", len(f), f, len(data))
		h.Write(data)
	}
	return hex.EncodeToString(h.Sum(nil)[:8]), nil
}
