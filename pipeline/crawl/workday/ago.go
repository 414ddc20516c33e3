package workday

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"jobcity/pipeline/crawl/source"
)

// agoWords are what Workday says in the languages of its sites: of a posting of
// the day, of the day before, and what it counts. Phrases are in lower case; those
// of scripts without spaces may stand inside a word.
var agoWords = []struct {
	language               string
	today, yesterday, days []string
}{
	{"en", []string{"today"}, []string{"yesterday"}, []string{"day", "days"}},
	{"de", []string{"heute"}, []string{"gestern"}, []string{"tag", "tage", "tagen"}},
	{"fr", []string{"aujourd hui"}, []string{"hier"}, []string{"jour", "jours"}},
	{"es", []string{"hoy"}, []string{"ayer"}, []string{"día", "días", "dia", "dias"}},
	{"it", []string{"oggi"}, []string{"ieri"}, []string{"giorno", "giorni"}},
	{"pt", []string{"hoje"}, []string{"ontem"}, []string{"dia", "dias"}},
	{"nl", []string{"vandaag"}, []string{"gisteren"}, []string{"dag", "dagen"}},
	{"sv", []string{"idag", "i dag"}, []string{"igår", "i går"}, []string{"dag", "dagar"}},
	{"da", []string{"i dag"}, []string{"i går"}, []string{"dag", "dage"}},
	{"nb", []string{"i dag"}, []string{"i går"}, []string{"dag", "dager"}},
	{"fi", []string{"tänään"}, []string{"eilen"}, []string{"päivä", "päivää"}},
	{"pl", []string{"dzisiaj", "dziś"}, []string{"wczoraj"}, []string{"dzień", "dni"}},
	{"cs", []string{"dnes"}, []string{"včera"}, []string{"den", "dny", "dní", "dnem"}},
	{"sk", []string{"dnes"}, []string{"včera"}, []string{"deň", "dňom", "dňami", "dní"}},
	{"hu", []string{"ma"}, []string{"tegnap"}, []string{"nap", "napja", "nappal"}},
	{"ro", []string{"astăzi", "azi"}, []string{"ieri"}, []string{"zi", "zile"}},
	{"hr", []string{"danas"}, []string{"jučer", "juče"}, []string{"dan", "dana"}},
	{"tr", []string{"bugün"}, []string{"dün"}, []string{"gün"}},
	{"el", []string{"σήμερα"}, []string{"χθες", "χτες"}, []string{"ημέρα", "ημέρες", "μέρες", "ημερών"}},
	{"ru", []string{"сегодня"}, []string{"вчера"}, []string{"день", "дня", "дней"}},
	{"uk", []string{"сьогодні"}, []string{"вчора", "учора"}, []string{"день", "дні", "днів"}},
	{"bg", []string{"днес"}, []string{"вчера"}, []string{"ден", "дни", "дена"}},
	{"he", []string{"היום"}, []string{"אתמול"}, []string{"יום", "ימים"}},
	{"ar", []string{"اليوم"}, []string{"أمس"}, []string{"يوم", "أيام", "يومًا"}},
	{"id", []string{"hari ini"}, []string{"kemarin"}, []string{"hari"}},
	{"vi", []string{"hôm nay"}, []string{"hôm qua"}, []string{"ngày"}},
	{"th", []string{"วันนี้"}, []string{"เมื่อวาน"}, []string{"วัน"}},
	{"ja", []string{"今日", "本日"}, []string{"昨日"}, []string{"日"}},
	{"zh", []string{"今天", "今日"}, []string{"昨天", "昨日"}, []string{"天", "日"}},
	{"ko", []string{"오늘"}, []string{"어제"}, []string{"일"}},
}

// boundWords make a number of days the least or the most there are.
var boundWords = []string{
	"more than", "over", "less than", "at least", "up to", "mehr als", "über", "weniger als", "mindestens", "plus de", "moins de", "más de", "menos de", "mais de",
	"più di", "oltre", "meer dan", "mer än", "mere end", "mer enn", "yli", "ponad", "więcej niż", "více než", "viac ako", "több mint", "peste", "više od", "fazla", "более", "понад",
	"以上", "超过", "超過", "이상",
}

var (
	agoNumber = regexp.MustCompile(`\d+`)
	spaceless = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai}
)

// Ago is the day that a text like "Posted 3 Days Ago" or "vor 3 Tagen" means on
// the day today. "Posted 30+ Days Ago" is a bound and no date: then exact is false
// and day is the latest it may be. day is "" if text is not understood.
func Ago(text string, today time.Time) (day string, exact bool) {
	text = " " + strings.Join(strings.FieldsFunc(strings.ToLower(norm.NFKC.String(text)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && r != '+'
	}), " ") + " "
	numbers := agoNumber.FindAllStringIndex(text, 2)
	days := -1
	switch len(numbers) {
	case 0:
		days = daysByWord(text)
	case 1:
		days = daysByNumber(text, numbers[0])
	}
	if days < 0 {
		return "", false
	}
	bound := strings.Contains(text, "+") || slices.ContainsFunc(boundWords, func(w string) bool { return says(text, w) })
	return source.DayOf(today.AddDate(0, 0, -days)), !bound
}

// daysByWord is 0 for today, 1 for yesterday, and -1 for neither or both.
func daysByWord(text string) int {
	days := -1
	for _, l := range agoWords {
		for n, words := range [][]string{l.today, l.yesterday} {
			if !slices.ContainsFunc(words, func(w string) bool { return says(text, w) }) {
				continue
			}
			if days >= 0 && days != n {
				return -1
			}
			days = n
		}
	}
	return days
}

// daysByNumber is the number at the place given if days are what it counts, else
// -1.
func daysByNumber(text string, at []int) int {
	n, err := strconv.Atoi(text[at[0]:at[1]])
	if err != nil || n > 10_000 {
		return -1
	}
	after := strings.TrimLeft(text[at[1]:], " +")
	for _, l := range agoWords {
		if slices.ContainsFunc(l.days, func(unit string) bool {
			return strings.HasPrefix(after, unit) && (isSpaceless(unit) || strings.HasPrefix(after[len(unit):], " "))
		}) {
			return n
		}
	}
	return -1
}

// says looks for a phrase in words between spaces.
func says(text, phrase string) bool {
	if isSpaceless(phrase) {
		return strings.Contains(text, phrase)
	}
	return strings.Contains(text, " "+phrase+" ")
}

func isSpaceless(word string) bool {
	return strings.ContainsFunc(word, func(r rune) bool { return unicode.In(r, spaceless...) })
}
