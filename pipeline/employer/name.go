package employer

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// minCore is how many letters and digits must be left of a name for something to
// be taken off it: "HP Inc" and "X Corp" keep their forms, since what is left of
// them is too short to be one company's alone.
const minCore = 3

// minLabel is the same for the ending of "stripe.com".
const minLabel = 5

var (
	// aside is what stands in brackets after a name: "Stripe (YC S09)".
	aside = regexp.MustCompile(`\s*[(\[][^()\[\]]*[)\]]`)
	// tradeName comes after the registered one: "Acme Services, Inc. d/b/a Acme".
	tradeName = regexp.MustCompile(`(?i)^.{3,}\b(?:d/b/a|d\.b\.a\.?|dba|doing business as|trading as|t/a)\s+(.{3,})$`)
	// address is a name that is a web address.
	address = regexp.MustCompile(`(?i)^(?:https?://)?(?:www\.)?((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,12})(?:[/?#:]\S*)?$`)
	// endings are said of a page of postings, not of the employer.
	endings = regexp.MustCompile(`(?i)(?:[\s|:–—-]+(?:careers?(?:\s+(?:page|site|portal))?|jobs|job\s+board|is\s+hiring.*|hiring|we'?re\s+hiring))+[\s!.]*$`)
	// dotted is an abbreviation with dots: "S.A.S", "B. V.", "L.L.C.".
	dotted = regexp.MustCompile(`\b(?:\pL\.\s?)+\pL\b\.?`)
)

// Key is the id of the employer that a name stands for, without any data: the
// letters and digits of the name in lower case, without accents, spaces and
// punctuation, without what stands in brackets or after a bar, without
// "Careers" or "Jobs" at its end, "The" before two words, ".com" and the legal
// forms. So "Acme-Robotics, Inc.", "ACME Robotics GmbH (YC S09)" and the board
// "acmerobotics" are all "acmerobotics".
//
// Nothing is taken off when fewer than three letters would be left, or a word
// that many companies are called by ("Data Inc"). Key is empty for a name that
// says nothing ("Confidential", "N/A").
func Key(name string) string { return noNames.key(name) }

func (d *Directory) key(name string) string {
	name = trim(name)
	if domain := Domain(name); domain != "" {
		return d.domainKey(domain)
	}
	words := tokens(name)
	if d.nothing[strings.Join(words, " ")] {
		return ""
	}
	whole := strings.Join(words, "")
	if short := trim(endings.ReplaceAllString(name, "")); short != name && d.enough(tokens(short)) {
		if domain := Domain(short); domain != "" {
			return d.domainKey(domain)
		}
		words = tokens(short)
	}
	if core := withoutForms(words); d.enough(core) {
		words = core
	}
	if len(words) > 2 && words[0] == "the" && d.enough(words[1:]) {
		words = words[1:]
	}
	if key := strings.Join(words, ""); key != "" {
		return key
	}
	return whole
}

// trim takes off what stands around a name.
func trim(name string) string {
	name = strings.TrimSpace(name)
	for _, bar := range []string{"|", "•", " // "} {
		if before, _, found := strings.Cut(name, bar); found && len(tokens(before)) > 0 {
			name = before
		}
	}
	if m := tradeName.FindStringSubmatch(name); m != nil {
		name = m[1]
	}
	if bare := aside.ReplaceAllString(name, " "); size(tokens(bare)) >= minCore {
		name = bare
	}
	return strings.Trim(name, " \t\r\n,;:-–—*\"'")
}

// Domain is the host of a name that is a web address, without "www"; else empty.
func Domain(name string) string {
	m := address.FindStringSubmatch(strings.TrimSpace(name))
	if m == nil {
		return ""
	}
	host := strings.ToLower(m[1])
	if !endsInDomain(host) {
		return ""
	}
	return host
}

// endsInDomain says whether host ends as the sites of companies do. "Node.js" and
// "S.p.A" are no addresses.
func endsInDomain(host string) bool {
	end := host[strings.LastIndexByte(host, '.')+1:]
	return slices.Contains([]string{"com", "net", "org", "io", "ai", "co", "dev", "app", "tech", "xyz", "so", "me", "us", "uk", "de", "fr", "nl",
		"eu", "ch", "at", "es", "it", "pl", "se", "dk", "no", "fi", "ca", "au", "in", "jp", "br", "ie", "be", "cz", "gg", "fm", "tv", "ly", "sh", "to", "cloud", "health", "inc", "studio"}, end)
}

// domainKey is the key of a domain. Only ".com" is taken off, and only from a
// label that is long and no common word: "apollo.io" need not be Apollo.
func (d *Directory) domainKey(domain string) string {
	label, ending, _ := strings.Cut(domain, ".")
	words := tokens(label)
	if ending == "com" && size(words) >= minLabel && d.enough(words) {
		return strings.Join(words, "")
	}
	return strings.Join(tokens(domain), "")
}

// enough says whether words are a name that one company has alone.
func (d *Directory) enough(words []string) bool {
	return size(words) >= minCore && !(len(words) == 1 && d.common[words[0]])
}

func size(words []string) int {
	n := 0
	for _, w := range words {
		n += len([]rune(w))
	}
	return n
}

// tokens are the words of a name: lower case, without accents, letters and
// digits only. "&" is "and", "+" is "plus", "S.A.S" is one word.
func tokens(name string) []string {
	name = dotted.ReplaceAllStringFunc(name, func(s string) string {
		return strings.NewReplacer(".", "", " ", "").Replace(s)
	})
	var words []string
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
			word.Reset()
		}
	}
	for _, r := range norm.NFKD.String(strings.ToLower(name)) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’', r == '`', r == '®', r == '™':
		case r == '&':
			end()
			words = append(words, "and")
		case r == '+':
			end()
			words = append(words, "plus")
		case plain[r] != "":
			word.WriteString(plain[r])
		case unicode.IsLetter(r), unicode.IsDigit(r):
			word.WriteRune(r)
		default:
			end()
		}
	}
	end()
	return words
}

// plain are letters that are no letter with an accent to Unicode.
var plain = map[rune]string{'ß': "ss", 'ø': "o", 'ł': "l", 'æ': "ae", 'œ': "oe", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i"}

// withoutForms takes legal forms off the ends of words.
func withoutForms(words []string) []string {
	for len(words) > 1 {
		n := formAt(words)
		if n == 0 || n == len(words) {
			break
		}
		words = words[:len(words)-n]
	}
	if len(words) > 1 && slices.Contains(before, words[0]) {
		words = words[1:]
	}
	for _, f := range glued { // written without spaces, before or after
		first, last := words[0], len(words)-1
		if rest := strings.TrimPrefix(first, f); rest != "" && rest != first {
			words = append([]string{rest}, words[1:]...)
		} else if rest := strings.TrimSuffix(words[last], f); rest != "" && rest != words[last] {
			words = append(slices.Clone(words[:last]), rest)
		}
	}
	return words
}

// formAt is how many words at the end of words are one legal form.
func formAt(words []string) int {
	for n := min(longestForm, len(words)-1); n > 0; n-- {
		if forms[strings.Join(words[len(words)-n:], " ")] {
			return n
		}
	}
	return 0
}

const longestForm = 6

// forms are the legal forms that stand at the end of a name, as tokens gives
// them. Words that are also common last words of names ("company" alone, "group",
// "holding") are not among them. Source: the ELF code list of GLEIF (ISO 20275),
// the forms in common use.
var forms = setOf("inc", "incorporated", "llc", "l l c", "llp", "lp", "lllp", "pllc", "ltd", "limited", "corp", "corporation", "plc", "pbc", "co",
	"and co", "and company", "and co kg", "and co kgaa", "and co ohg", "pc", "private limited", "ltd liability co",
	"gmbh", "ggmbh", "mbh", "ag", "kg", "kgaa", "ohg", "ug", "haftungsbeschrankt", "ug haftungsbeschrankt", "ev", "e v", "eg", "se", "gbr", "se and co kgaa", "gmbh and co kg", "ag and co kg",
	"sa", "s a", "sas", "sasu", "sarl", "s a r l", "eurl", "sca", "scop", "srl", "s r l", "spa", "s p a", "sapa", "sl", "slu", "s l", "sau", "scl",
	"lda", "ltda", "eireli", "s a de c v", "sa de cv", "s de rl de cv", "sapi de cv", "sab de cv", "spa chile",
	"bv", "b v", "nv", "n v", "vof", "bvba", "sprl", "cvba", "ab", "as", "a s", "asa", "aps", "ivs", "oy", "oyj", "hf", "ehf",
	"kft", "zrt", "nyrt", "sro", "s r o", "spol s r o", "doo", "d o o", "dd", "sp zoo", "sp z oo", "sp z o o", "spzoo", "sp k", "sp j", "ou", "uab", "sia", "ood", "eood", "srl d",
	"pty", "pty ltd", "pty limited", "proprietary limited", "pte", "pte ltd", "pvt", "pvt ltd", "kk", "k k", "gk", "sdn bhd", "bhd", "tbk", "fze", "fzco", "fz llc", "fzllc", "wll", "jsc", "ojsc", "pjsc", "cjsc",
	"ооо", "оао", "зао", "пао", "ао")

// before are the forms that stand before a name.
var before = []string{"pt", "ooo", "ооо", "пао", "оао", "зао", "uab", "sia"}

// glued are the forms that are written together with the name.
var glued = []string{"株式会社", "合同会社", "有限会社", "有限公司", "股份有限公司", "주식회사"}

func setOf(words ...string) map[string]bool {
	set := make(map[string]bool, len(words))
	for _, w := range words {
		set[w] = true
	}
	return set
}
