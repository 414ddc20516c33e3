package tag

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode/utf8"
)

// class is a set of the word classes of factwords.yaml.
type class uint64

// The classes, in the order of classNames.
const (
	classYear class = 1 << iota
	classMonth
	classWeek
	classDay
	classHour
	classPay
	classPayStrong
	classBase
	classOTE
	classOtherMoney
	classPerk
	classEquity
	classExperience
	classLeast
	classHistory
	classBachelor
	classMaster
	classDoctorate
	classDegree
	classSecondary
	classInitials
	classRemote
	classHybrid
	classOnsite
	classOffice
	classAnywhere
	classFullTime
	classPartTime
	classContract
	classTemporary
	classInternship
	classIntern
	classJunior
	classMid
	classSenior
	classLead
	classManager
	classExecutive
	classNumber    // from numbers
	classMagnitude // from magnitudes
	classCurrency  // from currencies

	classSeniority = classIntern | classJunior | classMid | classSenior | classLead | classManager | classExecutive
)

var classNames = [...]string{"year", "month", "week", "day", "hour", "pay", "pay_strong", "base", "ote", "other_money",
	"perk", "equity", "experience", "least", "history", "bachelor", "master", "doctorate", "degree", "secondary", "initials",
	"remote", "hybrid", "onsite", "office", "anywhere", "full_time", "part_time", "contract", "temporary", "internship",
	"s_intern", "s_junior", "s_mid", "s_senior", "s_lead", "s_manager", "s_executive"}

// languages is how many languages can be told apart.
const languages = 8

var languageCodes = [languages]string{"en", "de", "fr", "es", "it", "nl", "pl", "pt"}

// maxWord is the longest word, in bytes, that the lexicon can know.
const maxWord = 32

// The hash of a word is 32-bit FNV-1a.
const (
	hashSeed  = 2166136261
	hashPrime = 16777619
)

// lexicon is what is known of single words, from factwords.yaml.
type lexicon struct {
	entries []lexiconEntry
	slots   []int32 // entry + 1 by hash, open addressing; a power of two
	byWord  map[string]int32
	signs   []currencySign
	byCode  map[string]*currency
	periods map[string]period
	flags   payFlags
}

type lexiconEntry struct {
	word     string
	class    class
	langs    uint16
	number   int32
	times    float64
	currency string // ISO 4217
	exact    bool   // a currency only in capitals
}

// currency is one of factwords.yaml. Low and High bound believable yearly pay.
type currency struct {
	Code  word    `yaml:"code"`
	Words []word  `yaml:"words"`
	Exact bool    `yaml:"exact"`
	Low   float64 `yaml:"low"`
	High  float64 `yaml:"high"`
}

// currencySign is one of factwords.yaml: a sign, whose it is after which letters,
// and whose else it may be.
type currencySign struct {
	Sign    word              `yaml:"sign"`
	Code    word              `yaml:"code"`
	Before  map[string]string `yaml:"before"`
	Also    []string          `yaml:"also"`    // whose the sign is in their own country
	Spanish []string          `yaml:"spanish"` // the same, in a Spanish text
	sign    rune
}

type factWords struct {
	Version    int                `yaml:"version"`
	Classes    map[string][]word  `yaml:"classes"`
	Numbers    map[string]int32   `yaml:"numbers"`
	Magnitudes map[string]float64 `yaml:"magnitudes"`
	Periods    map[string]period  `yaml:"periods"`
	Flags      payFlags           `yaml:"flags"`
	Currencies []currency         `yaml:"currencies"`
	Signs      []currencySign     `yaml:"signs"`
	Languages  map[string][]word  `yaml:"languages"`
}

const factWordsFile = "factwords.yaml"

func newLexicon(fsys fs.FS) (*lexicon, error) {
	w, err := decodeFile[factWords](fsys, factWordsFile)
	if err != nil {
		return nil, err
	}
	l := &lexicon{signs: w.Signs, periods: w.Periods, flags: w.Flags, byCode: map[string]*currency{}, byWord: map[string]int32{}}
	errs := append(l.addClasses(&w), checkPeriods(&w))
	errs = append(errs, l.addCurrencies(&w)...)
	for text, n := range w.Numbers {
		e := l.entry(text)
		e.class, e.number = e.class|classNumber, n
	}
	for text, n := range w.Magnitudes {
		e := l.entry(text)
		e.class, e.times = e.class|classMagnitude, n
	}
	l.index()
	return l, errors.Join(errs...)
}

// entry is the entry of a word, made if there is none.
func (l *lexicon) entry(text string) *lexiconEntry {
	at, ok := l.byWord[text]
	if !ok {
		at = int32(len(l.entries))
		l.byWord[text] = at
		l.entries = append(l.entries, lexiconEntry{word: text})
	}
	return &l.entries[at]
}

// checkFactWord reports a word that no text can match.
func checkFactWord(w word) error {
	if w.text == "" || len(w.text) > maxWord || w.text != strings.ToLower(w.text) || strings.ContainsAny(w.text, " -'.") {
		return &placedError{factWordsFile, w.line, w.col, fmt.Sprintf("%q must be one word of small letters, of at most %d bytes", w.text, maxWord)}
	}
	return nil
}

// addClasses enters the words of classes and languages.
func (l *lexicon) addClasses(w *factWords) (errs []error) {
	for name, words := range w.Classes {
		i := slices.Index(classNames[:], name)
		if i < 0 {
			errs = append(errs, fmt.Errorf("%s: classes: unknown class %q; known are %s", factWordsFile, name, strings.Join(classNames[:], ", ")))
			continue
		}
		for _, word := range words {
			errs = append(errs, checkFactWord(word))
			l.entry(word.text).class |= 1 << i
		}
	}
	for code, words := range w.Languages {
		i := slices.Index(languageCodes[:], code)
		if i < 0 {
			errs = append(errs, fmt.Errorf("%s: languages: unknown language %q; known are %s", factWordsFile, code, strings.Join(languageCodes[:], ", ")))
			continue
		}
		for _, word := range words {
			errs = append(errs, checkFactWord(word))
			l.entry(word.text).langs |= 1 << i
		}
	}
	return errs
}

// addCurrencies enters the words and signs of currencies.
func (l *lexicon) addCurrencies(w *factWords) (errs []error) {
	for i, c := range w.Currencies {
		if len(c.Code.text) != 3 || c.Low <= 0 || c.High <= c.Low {
			errs = append(errs, &placedError{factWordsFile, c.Code.line, c.Code.col, fmt.Sprintf("currency %q needs a code of three letters and 0 < low < high", c.Code.text)})
		}
		l.byCode[c.Code.text] = &w.Currencies[i]
		for _, word := range c.Words {
			errs = append(errs, checkFactWord(word))
			e := l.entry(word.text)
			e.class, e.currency, e.exact = e.class|classCurrency, c.Code.text, c.Exact
		}
	}
	for i, s := range l.signs {
		if r, n := utf8.DecodeRuneInString(s.Sign.text); n > 0 && n == len(s.Sign.text) {
			l.signs[i].sign = r
		} else {
			errs = append(errs, &placedError{factWordsFile, s.Sign.line, s.Sign.col, "a sign must be one character"})
		}
		for _, code := range slices.Concat(s.Also, s.Spanish) {
			if l.byCode[code] == nil {
				errs = append(errs, &placedError{factWordsFile, s.Sign.line, s.Sign.col, fmt.Sprintf("unknown currency %q", code)})
			}
		}
		if l.byCode[s.Code.text] == nil {
			errs = append(errs, &placedError{factWordsFile, s.Code.line, s.Code.col, fmt.Sprintf("unknown currency %q", s.Code.text)})
		}
	}
	return errs
}

// index fills slots.
func (l *lexicon) index() {
	size := 1
	for size < 4*len(l.entries) {
		size *= 2
	}
	l.slots = make([]int32, size)
	for i, e := range l.entries {
		hash := uint32(hashSeed)
		for j := range len(e.word) {
			hash = (hash ^ uint32(e.word[j])) * hashPrime
		}
		at := l.slot(hash)
		for l.slots[at] != 0 {
			at = (at + 1) & uint32(size-1)
		}
		l.slots[at] = int32(i + 1)
	}
}

func (l *lexicon) slot(hash uint32) uint32 { return (hash ^ hash>>15) & uint32(len(l.slots)-1) }

// find returns the entry of word, whose hash is hash, or -1.
func (l *lexicon) find(word []byte, hash uint32) int32 {
	for at := l.slot(hash); ; at = (at + 1) & uint32(len(l.slots)-1) {
		i := l.slots[at]
		if i == 0 || l.entries[i-1].word == string(word) {
			return i - 1
		}
	}
}

// currencyOf is the currency that token t names; empty if it names none.
func (l *lexicon) currencyOf(ts *tokens, t token) string {
	e := l.entryOf(t)
	if e.exact && t.kind == tokenWord && ts.plain[t.end-1] >= 'a' && ts.plain[t.end-1] <= 'z' {
		return ""
	}
	return e.currency
}

// entryOf is the entry of token t; of an unknown word, an empty one.
func (l *lexicon) entryOf(t token) lexiconEntry {
	if t.entry == 0 {
		return lexiconEntry{}
	}
	return l.entries[t.entry-1]
}
