package tag

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"jobcity/pipeline/posting"
)

func TestPayIsReadFromTheText(t *testing.T) {
	for _, c := range []struct{ name, text, where, want string }{
		{"a range in dollars", "The salary range is $120,000 - $150,000 per year.", "", "120000-150000 USD year"},
		{"thousands as k", "Base salary: $120k–$150k plus equity", "", "120000-150000 USD year"},
		{"k said once", "Compensation $120-150K + bonus", "", "120000-150000 USD year"},
		{"one figure is both ends", "Salary: $95,000 per annum", "", "95000-95000 USD year"},
		{"cents", "Pay: $70,000.00 - $120,000.00 per year", "", "70000-120000 USD year"},
		{"the nought too many", "The salary range for this position is $100,0000 - $200,000.", "", "100000-200000 USD year"},
		{"thousands said twice", "Flexible compensation: earn up to $110,000k+", "", "110000-110000 USD year"},
		{"pounds a year", "£40-50k DOE | London", "", "40000-50000 GBP year"},
		{"pounds with pence and p.a.", "Salary £45,000 p.a.", "", "45000-45000 GBP year"},
		{"euros after", "Salaire : 45 000 € à 55 000 € brut annuel", "", "45000-55000 EUR year"},
		{"German dots", "Gehalt: 50.000 € - 65.000 € brutto pro Jahr", "", "50000-65000 EUR year"},
		{"German month", "Vergütung: 4.500 € brutto im Monat", "", "4500-4500 EUR month"},
		{"German words for a range", "Jahresgehalt von 60.000 bis 75.000 Euro", "", "60000-75000 EUR year"},
		{"Swiss apostrophes", "Salary CHF 110'000.– to CHF 130'000.– a year", "", "110000-130000 CHF year"},
		{"Spanish", "Salario: 30.000€ - 40.000€ brutos al año", "", "30000-40000 EUR year"},
		{"Italian RAL", "RAL: 35.000 - 45.000 €", "", "35000-45000 EUR year"},
		{"Dutch month", "Salaris: € 3.500 - € 4.800 bruto per maand", "", "3500-4800 EUR month"},
		{"Polish month", "Wynagrodzenie: 18 000 - 24 000 PLN netto + VAT", "", "18000-24000 PLN month"},
		{"zloty after", "15 000 zł – 20 000 zł brutto miesięcznie", "", "15000-20000 PLN month"},
		{"lakhs", "CTC: ₹ 12-18 LPA", "", "1200000-1800000 INR year"},
		{"rupees a month", "Monthly stipend - Rs 65,000 per month", "", "65000-65000 INR month"},
		{"hours", "Pay: $17–$22/hr", "", "17-22 USD hour"},
		{"an hour in words", "We pay $25.50 an hour", "", "25.5-25.5 USD hour"},
		{"hours without a sign", "Target pay 45-70 per hour", "Sandy, UT", "45-70 USD hour"},
		{"days", "Day rate: £500 - £600 per day", "", "500-600 GBP day"},
		{"French day rate", "TJM : 500 - 600 €", "", "500-600 EUR day"},
		{"weeks", "Salary of $1,500 a week", "", "1500-1500 USD week"},
		{"months", "The base salary starts at $8,033 CAD monthly", "", "8033-8033 CAD month"},
		{"Canadian dollars before", "Salary: CA$90,000 - CA$110,000", "", "90000-110000 CAD year"},
		{"US dollars before", "Salary: US$90,000 - US$110,000", "", "90000-110000 USD year"},
		{"Australian dollars before", "Salary: A$120k - A$140k + super", "", "120000-140000 AUD year"},
		{"reais", "Salário: R$ 8.000 - R$ 12.000 por mês", "", "8000-12000 BRL month"},
		{"codes before", "Salary: USD 100,000 to USD 130,000", "", "100000-130000 USD year"},
		{"codes after the second", "Base Salary Range: $103,000 - $129,000 CAD", "", "103000-129000 CAD year"},
		{"the dollar of the country", "Base salary: $103,000 - $129,000", "Toronto, Canada", "103000-129000 CAD year"},
		{"the dollar of Hong Kong", "Salary: $600,000 - $900,000 per year", "Hong Kong", "600000-900000 HKD year"},
		{"the yuan of China", "Salary: ¥300,000 - ¥500,000 per year", "Shanghai, China", "300000-500000 CNY year"},
		{"the yen of elsewhere", "Salary: ¥6,000,000 - ¥9,000,000 per year", "Tokyo", "6000000-9000000 JPY year"},
		{"the peso in Spanish", "Buscamos una persona para nuestro equipo con experiencia en la nube. Salario: $40,000 - $55,000 al mes", "Monterrey, México", "40000-55000 MXN month"},
		{"the dollar in Mexico", "We are looking for a person with experience. Salary: $40,000 - $55,000 per year", "Monterrey, Mexico", "40000-55000 USD year"},
		{"the country's money", "What we offer: 60k - 70k + equity, competitive salary", "Germany", "60000-70000 EUR year"},
		{"between and", "The salary is between $175,000 and $200,000 USD", "", "175000-200000 USD year"},
		{"a heading above", "<h3>Compensation</h3><p>$200,000 - $250,000 + Equity + Benefits</p>", "", "200000-250000 USD year"},
		{"the first of several", "Compensation: 105,000 GBP - 120,000 GBP / 86,000 - 120,000 EUR", "", "105000-120000 GBP year"},
		{"yearly by its size", "Salary 130,000 USD", "", "130000-130000 USD year"},
		{"kroner", "Salary: 450k-800k NOK = 75K-130K USD", "", "450000-800000 NOK year"},
		{"base before target", "OTE: $240,000–$300,000. Base salary: $120,000–$150,000.", "", "120000-150000 USD year"},
		{"target where there is no base", "Compensation range: $110,000 OTE with 80/20 split", "", "110000-110000 USD year"},
		{"bonus beside", "Salary between 55K€ and 65K€ fixed salary + 15K€ bonus", "", "55000-65000 EUR year"},
		{"per year between the ends", "The typical base pay range is: $170,000/year - $250,000/year + bonus", "", "170000-250000 USD year"},
		{"equity beside", "Benefits and equity are competitive ($115K-$150K / 0.25+%).", "", "115000-150000 USD year"},
		{"the flags of a head line", "Acme | Engineer | Portland, OR | ONSITE | $135k+", "", "135000-135000 USD year"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := posting.Posting{Text: c.text}
			if c.where != "" {
				p.Locations = []string{c.where}
			}
			if got := payString(factsOf(t, p)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func payString(out Tags) string {
	s := out.Salary
	if s == nil {
		return "none"
	}
	return fmt.Sprintf("%v-%v %s %s", strconv.FormatFloat(s.Min, 'f', -1, 64), strconv.FormatFloat(s.Max, 'f', -1, 64), s.Currency, s.Period)
}

func TestOtherMoneyIsNoPay(t *testing.T) {
	for _, text := range []string{
		"We have raised $30M from investors.", "We've raised over $900M so far.", "a $40M Series A funding round",
		"Benefits: medical, dental, 401k and 401(k) match", "401K with match", "Annual training budget of €1,500",
		"$1,000 home office stipend", "A $20K relocation bonus (if moving)", "A $10K housing bonus", "A $1K monthly stipend for meals",
		"$15/day lunch credit", "$315/month gym credit", "Get a $5,000 referral bonus", "Competitive salary + company bonus (up to 15K€ per year)",
		"a generous development budget of $500 per annum", "closing deals ($250k+ ACV)", "grown from 0 to $35M ARR in 6 years",
		"the average American grapples with over $155,000 in household debt", "an $8T market", "0.5% – 1% equity", "We pay £500 for each candidate hired",
		"reached 150k+ learners from 180+ countries", "2-5 years experience as an HR generalist", "founded in 2015 with 10,000 customers",
		"managing monthly budgets of $500K+", "Python 3.10, PHP 8.1", "Salary: competitive", "Call 555 123 4567", "24/7 on-call, 100% remote, 5 days",
		"We charge $5000 per day.", "signing bonus of $10,000",
	} {
		if got := factsOf(t, posting.Posting{Title: "Engineer", Text: text, Locations: []string{"Boston, MA"}}); got.Salary != nil {
			t.Errorf("%q gives %s", text, payString(got))
		}
	}
}

func TestStatedPayComesFirst(t *testing.T) {
	for _, c := range []struct {
		name string
		pay  posting.Salary
		want string
	}{
		{"two ends", posting.Salary{Min: 50000, Max: 60000, Currency: "eur", Period: "year"}, "50000-60000 EUR year"},
		{"one end", posting.Salary{Max: 60000, Currency: "EUR", Period: "year"}, "60000-60000 EUR year"},
		{"ends the wrong way round", posting.Salary{Min: 60000, Max: 50000, Currency: "EUR", Period: "year"}, "50000-60000 EUR year"},
		{"Glassdoor's words", posting.Salary{Text: "$53K-$91K (Glassdoor est.)"}, "53000-91000 USD year"},
		{"Glassdoor's hours", posting.Salary{Text: "$10-$17 Per Hour(Glassdoor est.)"}, "10-17 USD hour"},
		{"an employer's words", posting.Salary{Text: "Employer Provided Salary:$120K-$140K"}, "120000-140000 USD year"},
		{"no period", posting.Salary{Min: 90000, Currency: "USD"}, "90000-90000 USD year"},
		{"unreadable words: the text is read", posting.Salary{Text: "competitive"}, "1000-1000 USD week"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := factsOf(t, posting.Posting{Text: "Salary: $1,000 per week", Salary: &c.pay})
			if got := payString(out); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if out.Salary.Structured != (c.pay.Text != "competitive") {
				t.Errorf("structured is %v", out.Salary.Structured)
			}
		})
	}
}

func TestPayIsAnnualisedByANamedRule(t *testing.T) {
	for _, c := range []struct {
		text, rule string
		want       float64
	}{
		{"Salary: $100,000 per year", "as stated", 100000},
		{"Salary: $5,000 per month", "12 months a year", 60000},
		{"Salary: $1,500 per week", "52 weeks a year", 78000},
		{"Salary: $400 per day", "260 days a year", 104000},
		{"Salary: $50 per hour", "2080 hours a year", 104000},
		{"Gehalt: 4.000 € brutto im Monat x 14", "14 months a year", 56000},
		{"Gehalt: 4.000 € brutto im Monat, 13 Monatsgehälter", "13 months a year", 52000},
		{"Salario: 2.000 € brutos al mes en 14 pagas", "14 months a year", 28000},
		{"Salaire : 3 000 € brut par mois sur 13 mois", "13 months a year", 39000},
		{"Gehalt: 4.000 € im Monat, befristet auf 14 Monate", "12 months a year", 48000},
		{"Wynagrodzenie: 20 000 PLN netto miesięcznie, B2B", "12 months a year, net", 240000},
		{"Salary: 50.000 € per year, 13th salary", "as stated", 50000},
	} {
		s := factsOf(t, posting.Posting{Text: c.text}).Salary
		if s == nil || s.AnnualMin != c.want || s.AnnualMax != c.want || s.AnnualRule != c.rule {
			t.Errorf("%s: got %+v", c.text, s)
		}
	}
}

func TestPayWithoutACurrencyIsRefusedWithANote(t *testing.T) {
	out := factsOf(t, posting.Posting{Text: "text", Salary: &posting.Salary{Min: 50000, Max: 60000, Period: "year"}})
	if out.Salary != nil || len(out.Notes) != 1 || !strings.HasPrefix(out.Notes[0], "pay refused") {
		t.Errorf("salary %+v, notes %q", out.Salary, out.Notes)
	}
}

func TestUnbelievablePayIsKeptAndFlagged(t *testing.T) {
	for _, c := range []struct {
		name, text string
		pay        *posting.Salary
		want, flag string
	}{
		{name: "an hour's pay called a year's", pay: &posting.Salary{Min: 60, Max: 60, Currency: "USD", Period: "year"}, want: "60-60 USD year", flag: "period unlikely: 60 USD by the year"},
		{name: "a year's pay called an hour's", pay: &posting.Salary{Min: 90000, Max: 120000, Currency: "EUR", Period: "hour"}, want: "90000-120000 EUR hour", flag: "period unlikely: 120000 EUR by the hour"},
		{name: "a year's pay called a month's", pay: &posting.Salary{Min: 90000, Max: 120000, Currency: "USD", Period: "month"}, want: "90000-120000 USD month", flag: "period unlikely: 120000 USD by the month"},
		{name: "nearly nothing", pay: &posting.Salary{Min: 1, Max: 1, Currency: "USD", Period: "year"}, want: "1-1 USD year", flag: "yearly pay below 5000 USD"},
		{name: "nearly nothing, for no period", pay: &posting.Salary{Min: 1, Max: 1, Currency: "USD"}, want: "1-1 USD year", flag: "yearly pay below 5000 USD"},
		{name: "far too much", pay: &posting.Salary{Min: 9e9, Max: 9e9, Currency: "USD", Period: "hour"}, want: "9000000000-9000000000 USD hour", flag: "yearly pay above 1000000 USD"},
		{name: "a wide range", pay: &posting.Salary{Min: 20000, Max: 150000, Currency: "USD", Period: "year"}, want: "20000-150000 USD year", flag: "range wider than 5 times"},
		{name: "a wide range in the text", text: "Salary range: $30,000 - $250,000 per year", want: "30000-250000 USD year", flag: "range wider than 5 times"},
		{name: "far too little in the text", text: "Salary: $100 per year", want: "100-100 USD year", flag: "period unlikely: 100 USD by the year"},
		{name: "what is believed comes first", text: "Salary: $100 per year. The base salary is $120,000 - $150,000 per year.", want: "120000-150000 USD year"},
		{name: "a site's estimate", pay: &posting.Salary{Text: "$53K-$91K (Glassdoor est.)"}, want: "53000-91000 USD year", flag: "an estimate, not stated"},
		{name: "an employer's estimate", pay: &posting.Salary{Text: "$53K-$91K (Employer est.)"}, want: "53000-91000 USD year"},
		{name: "an intern's pay", pay: &posting.Salary{Min: 1500, Max: 1500, Currency: "EUR", Period: "month"}, want: "1500-1500 EUR month"},
		{name: "a contractor's day", pay: &posting.Salary{Min: 900, Max: 1100, Currency: "GBP", Period: "day"}, want: "900-1100 GBP day"},
		{name: "a currency without bounds", pay: &posting.Salary{Min: 900, Max: 1100, Currency: "GEL", Period: "month"}, want: "900-1100 GEL month"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := factsOf(t, posting.Posting{Text: c.text, Salary: c.pay})
			if got := payString(out); got != c.want {
				t.Fatalf("got %s, want %s; notes %q", got, c.want, out.Notes)
			}
			if out.Salary.Flag != c.flag {
				t.Errorf("flag %q, want %q", out.Salary.Flag, c.flag)
			}
		})
	}
}
