package tag

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"unicode/utf8"
)

// atlas is gazetteer.tsv, kept as it was read: countries, regions and some 35,000 cities,
// found by the folded form of any of their names.
type atlas struct {
	text    string
	keys    []byte // all folded names, end to end
	names   []atlasName
	slots   []uint32          // name + 1 by the hash of its key, open addressing; a power of two
	regions map[string]string // name by country and code as they stand in a row
	renamed map[uint32]string // the project's own names of rows
	longest int               // words of the longest name
}

// atlasName is one name of the row that starts at byte row of the text.
type atlasName struct {
	row, key uint32
	size     uint8
}

const atlasFile = "gazetteer.tsv"

func newAtlas(fsys fs.FS) (*atlas, error) {
	data, err := fs.ReadFile(fsys, atlasFile)
	if err != nil {
		return nil, fmt.Errorf("read taxonomy: %w", err)
	}
	a := &atlas{text: string(data) + "\n", keys: make([]byte, 0, len(data)), names: make([]atlasName, 0, len(data)/12), regions: map[string]string{}, renamed: map[uint32]string{}}
	for start, line := 0, 1; start < len(a.text); line++ {
		end := start + strings.IndexByte(a.text[start:], '\n')
		if row := a.text[start:end]; row != "" && row[0] != '#' {
			if err := a.addRow(row, uint32(start)); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", atlasFile, line, err)
			}
		}
		start = end + 1
	}
	a.index()
	return a, nil
}

// addRow adds the names of one row: country, region, people, name, other names.
func (a *atlas) addRow(row string, at uint32) error {
	c, ok := cutRow(row)
	if !ok {
		return fmt.Errorf("%q is not country, region, people, name and other names, parted by tabs", row)
	}
	if c.people == 0 && c.region != "" {
		a.regions[row[:len(c.country)+1+len(c.region)]] = c.name
	}
	a.addName(c.name, at)
	for other := range strings.SplitSeq(c.others, "|") {
		a.addName(other, at)
	}
	return nil
}

func (a *atlas) addName(name string, row uint32) {
	from := len(a.keys)
	a.keys = appendFoldedName(a.keys, name)
	key := a.keys[from:]
	if n := len(a.names); len(key) == 0 || len(key) > maxPlaceName || n > 0 && a.names[n-1].row == row && bytes.Equal(a.key(a.names[n-1]), key) {
		a.keys = a.keys[:from]
		return
	}
	a.names = append(a.names, atlasName{row, uint32(from), uint8(len(key))})
	a.longest = max(a.longest, 1+bytes.Count(key, []byte{' '}))
}

func (a *atlas) key(n atlasName) []byte { return a.keys[n.key : n.key+uint32(n.size)] }

// index fills slots. Names of one key stay in the order of the file: regions
// first, then the cities with the most people.
func (a *atlas) index() {
	size := 1
	for size < 2*len(a.names) {
		size *= 2
	}
	a.slots = make([]uint32, size)
	for i, n := range a.names {
		at := a.slot(hashOf(a.key(n)))
		for a.slots[at] != 0 {
			at = (at + 1) & uint32(size-1)
		}
		a.slots[at] = uint32(i + 1)
	}
}

func (a *atlas) slot(hash uint32) uint32 { return (hash ^ hash>>15) & uint32(len(a.slots)-1) }

func hashOf(key []byte) uint32 {
	hash := uint32(hashSeed)
	for _, c := range key {
		hash = (hash ^ uint32(c)) * hashPrime
	}
	return hash
}

// find appends the start of every row that key, whose hash is hash, names.
func (a *atlas) find(key []byte, hash uint32, rows []uint32) []uint32 {
	for at := a.slot(hash); a.slots[at] != 0; at = (at + 1) & uint32(len(a.slots)-1) {
		if n := a.names[a.slots[at]-1]; bytes.Equal(a.key(n), key) {
			rows = append(rows, n.row)
		}
	}
	return rows
}

// city is the row of the city with the most people that key names in a country
// and, unless region is empty, a region.
func (a *atlas) city(folded, country, region string) (row uint32, ok bool) {
	for _, at := range a.find([]byte(folded), hashOf([]byte(folded)), nil) {
		if s := a.spot(at); s.kind == spotCity && s.Country == country && (region == "" || s.Region == region) {
			return at, true
		}
	}
	return 0, false
}

// nameRegion gives the regions of a country, or of any if it is empty, that go by
// this folded name now the project's own name. It is false if there is none.
func (a *atlas) nameRegion(folded, country, name string) (found bool) {
	for _, at := range a.find([]byte(folded), hashOf([]byte(folded)), nil) {
		s := a.spot(at)
		if s.kind != spotRegion || country != "" && s.Country != country {
			continue
		}
		a.renamed[at] = name
		code, _, _ := strings.Cut(a.text[at+3:], "\t")
		a.regions[a.text[at:int(at)+3+len(code)]] = name
		if found = true; country != "" {
			break
		}
	}
	return found
}

// spot is what the row at at stands for.
func (a *atlas) spot(at uint32) spot {
	row := a.text[at:]
	c, _ := cutRow(row[:strings.IndexByte(row, '\n')])
	name := cmp.Or(a.renamed[at], c.name)
	switch {
	case c.people == 0 && c.region == "":
		return spot{Place: Place{Country: c.country}, kind: spotCountry}
	case c.people == 0:
		return spot{Place: Place{Country: c.country, Region: name}, kind: spotRegion}
	}
	region := a.regions[row[:len(c.country)+1+len(c.region)]]
	return spot{Place: Place{Country: c.country, Region: region, City: name}, people: c.people, loose: c.people < peopleKnown}
}

// atlasRow is the columns of a row.
type atlasRow struct {
	country, region, name, others string
	people                        int32 // thousands; 0 is a region
}

func cutRow(row string) (c atlasRow, ok bool) {
	var people string
	c.country, row, _ = strings.Cut(row, "\t")
	c.region, row, _ = strings.Cut(row, "\t")
	people, row, _ = strings.Cut(row, "\t")
	c.name, c.others, _ = strings.Cut(row, "\t")
	n, err := strconv.ParseInt(people, 10, 32)
	c.people = int32(n)
	return c, err == nil && n >= 0 && len(c.country) == 2 && c.name != "" && utf8.ValidString(row)
}
