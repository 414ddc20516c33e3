package posting

import "strings"

// international reads a number whose plus stands before run[0].
func international(run []digits) int {
	limit := maxPhone
	switch {
	case strings.HasPrefix(run[0].text, "1"):
		limit = 11
	case strings.HasPrefix(run[0].text, "33"):
		limit = 12 // with the (0)
	}
	n, total := take(run, limit)
	if total < 8 || len(run[0].text) > maxPhone || thousands(run[:n]) {
		return 0
	}
	return n
}

// take returns how many runs fit into limit digits, and their digits.
func take(run []digits, limit int) (n, total int) {
	for n < len(run) && total+len(run[n].text) <= limit && (n == 0 || run[n].gap != "  ") {
		if n > 1 && strings.Contains(run[n].gap, "(") && (n+1 == len(run) || !strings.Contains(run[n+1].gap, ")")) {
			break // "020 7946 0958 (9 to 5)"
		}
		total += len(run[n].text)
		n++
	}
	return n, total
}

// thousands reports whether the runs are one round figure, "10 000 000".
func thousands(run []digits) bool {
	for _, d := range run[1:] {
		if len(d.text) != 3 {
			return false
		}
	}
	return len(run) > 1 && run[len(run)-1].text == "000"
}

// anyPhone reads the number that a word like "phone" announces.
func anyPhone(run []digits) int {
	n, total := take(run, maxPhone)
	if total < minPhone || isDate(run) || isYears(run) || thousands(run[:n]) {
		return 0
	}
	if k := northAmerican(run, true); k > 0 {
		return k
	}
	return n
}

// national reads a number that nothing announces, by its shape alone.
// inner is as for phone.
func national(run []digits, inner bool) int {
	if n := northAmerican(run, false); n > 0 {
		return n
	}
	if inner && run[0].gap == " " && len(run) > 1 && len(run[0].text) == 4 && len(run[1].text) == 4 {
		return 0 // the groups of an account
	}
	if n := doubleZero(run); n > 0 && !inner {
		return n
	}
	return trunkZero(run)
}

// northAmerican reads "415-555-0132", "(415) 555-0132", "1 415.555.0132".
func northAmerican(run []digits, announced bool) int {
	k := 0
	if len(run) > 1 && run[0].text == "1" {
		k = 1
	}
	if len(run) >= k+2 && len(run[k].text) == 3 && len(run[k+1].text) == 7 && strings.Contains(run[k+1].gap, ")") {
		return k + 2
	}
	if len(run) < k+3 || len(run[k].text) != 3 || len(run[k+1].text) != 3 || len(run[k+2].text) != 4 {
		return 0
	}
	area, exchange := run[k].text[0], run[k+1].text[0]
	first, second := run[k+1].gap, run[k+2].gap
	switch {
	case announced, strings.Contains(first, ")"):
		return k + 3
	case area < '2':
		return 0
	case second == "-" && strings.TrimSpace(first) == first, first == "." && second == ".", first == " - " && second == " - ":
		return k + 3
	case exchange >= '2' && second != "/" && first != "/":
		return k + 3
	}
	return 0
}

// doubleZero reads an international number that starts with 00.
func doubleZero(run []digits) int {
	first := run[0].text
	if !strings.HasPrefix(first, "00") {
		return 0
	}
	if first == "001" && northAmerican(run[1:], false) > 0 {
		return 1 + northAmerican(run[1:], false)
	}
	if len(first) < 4 || first[2] == '0' {
		return 0
	}
	n, total := take(run, maxPhone+2)
	if total < 11 || n == 1 && total < 12 {
		return 0
	}
	return n
}

// trunkZero reads the many national forms that start with one zero:
// "020 7946 0958", "030/1234567", "01 23 45 67 89", "(0)30 1234567".
func trunkZero(run []digits) int {
	first := run[0].text
	if first[0] != '0' || isDate(run) || isYears(run) {
		return 0
	}
	if pairs(run) {
		return 5
	}
	if first == "0" && (len(run) < 2 || !strings.Contains(run[1].gap, ")")) || len(first) > 1 && first[1] == '0' {
		return 0
	}
	if len(first) >= 10 {
		if len(first) <= 11 {
			return 1
		}
		return 0
	}
	n, total := take(run, 12)
	if n < 2 || total < 9 || len(first) > 6 || len(run[n-1].text) < 2 || len(first) == 2 && len(run[1].text) == 2 {
		return 0
	}
	return n
}

// pairs reports whether the runs start with the five pairs of a French number.
func pairs(run []digits) bool {
	if len(run) < 5 || run[0].text[1:] == "" || run[0].text[1] == '0' {
		return false
	}
	for _, d := range run[:5] {
		if len(d.text) != 2 {
			return false
		}
	}
	return run[1].gap == run[2].gap && run[3].gap == run[4].gap
}

// isDate reports whether the runs start with a date or a month and a year.
func isDate(run []digits) bool {
	if len(run) >= 2 && len(run[0].text) <= 2 && isYear(run[1].text) {
		return true
	}
	return len(run) >= 3 && len(run[0].text) <= 2 && len(run[1].text) <= 2 &&
		(isYear(run[2].text) || len(run[2].text) == 2 && run[1].gap == run[2].gap && run[1].gap != " " && !pairs(run))
}

// isYears reports whether the runs start with two years, "2015-2017".
func isYears(run []digits) bool {
	return len(run) >= 2 && isYear(run[0].text) && isYear(run[1].text)
}

func isYear(s string) bool {
	return len(s) == 4 && (strings.HasPrefix(s, "19") || strings.HasPrefix(s, "20"))
}
