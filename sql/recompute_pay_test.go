package sqlfiles_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"jobcity/pipeline/query"
	"jobcity/pipeline/stats"
	"jobcity/pipeline/store"
	sqlfiles "jobcity/sql"
)

// TestPayAndHiringAgreeWithTheRawFiles recomputes what the trends of pay and hiring
// and the report of pay bands say of recorded boards, in plain loops over the tags.
func TestPayAndHiringAgreeWithTheRawFiles(t *testing.T) {
	t.Parallel()
	db, all := recorded(t, "[B-D]*")
	facts := slices.DeleteFunc(all, func(f fact) bool { return !f.role() })
	t.Run("pay by street", func(t *testing.T) {
		agreeOnPay(t, facts, ask(t, db, "pay_by", map[string]string{"by": "street"}), street)
	})
	t.Run("pay by seniority", func(t *testing.T) {
		agreeOnPay(t, facts, ask(t, db, "pay_by", map[string]string{"by": "seniority"}), func(f fact) string { return f.tags.Seniority })
	})
	t.Run("pay by workplace, in euros", func(t *testing.T) {
		euros := ask(t, db, "pay_by", map[string]string{"by": "workplace", "currency": "eur"})
		for _, row := range euros {
			same(t, fmt.Sprint(row["grp"]), row["postings"], float64(len(payOf(facts, "EUR", func(f fact) bool { return f.tags.Workplace == row["grp"] }))))
		}
	})
	t.Run("disclosure by source", func(t *testing.T) {
		for _, row := range ask(t, db, "pay_disclosure", map[string]string{"by": "source"}) {
			n, stating := 0.0, 0.0
			for _, f := range facts {
				if f.source == row["grp"] {
					n++
					if pay(f) > 0 {
						stating++
					}
				}
			}
			same(t, "stating", row["stating"], stating)
			same(t, "postings", row["postings"], n)
			same(t, "share", row["share"], stating/n)
		}
	})
	t.Run("histogram", func(t *testing.T) { agreeOnHistogram(t, db, facts) })
	t.Run("pay bands", func(t *testing.T) { agreeOnBands(t, db, facts) })
	t.Run("premium of a skill and of hybrid roles", func(t *testing.T) {
		agreeOnPremium(t, ask(t, db, "pay_premium", map[string]string{"skill": "python"})[0], facts, func(f fact) bool { return mentions(f, "python") })
		agreeOnPremium(t, ask(t, db, "pay_premium", nil)[0], facts, func(f fact) bool { return f.tags.Hybrid >= 0.5 })
	})
	t.Run("a rare mix", func(t *testing.T) {
		agreeOnMix(t, ask(t, db, "rare_mix", map[string]string{"skills": "python,aws"})[0], facts)
	})
	t.Run("concentration", func(t *testing.T) {
		agreeOnConcentration(t, ask(t, db, "employer_concentration", map[string]string{"by": "street"}), facts)
	})
	t.Run("employers by postings", func(t *testing.T) { agreeOnEmployers(t, db, facts) })
	t.Run("countries", func(t *testing.T) { agreeOnCountries(t, db, facts) })
	t.Run("workplace by month", func(t *testing.T) { agreeOnWorkplace(t, db, facts) })
}

// pay is the middle of the yearly range; 0: none stated, or not believed.
func pay(f fact) float64 {
	s := f.tags.Salary
	switch {
	case s == nil || s.Flag != "":
		return 0
	case s.AnnualMin == 0:
		return s.AnnualMax
	case s.AnnualMax == 0:
		return s.AnnualMin
	}
	return (s.AnnualMin + s.AnnualMax) / 2
}

func payOf(facts []fact, currency string, in func(fact) bool) []float64 {
	var sorted []float64
	for _, f := range facts {
		if in(f) && pay(f) > 0 && f.tags.Salary.Currency == currency {
			sorted = append(sorted, pay(f))
		}
	}
	slices.Sort(sorted)
	return sorted
}

func street(f fact) string {
	if len(f.tags.Streets) == 0 {
		return ""
	}
	return f.tags.Streets[0].ID
}

func mentions(f fact, skill string) bool {
	for _, s := range f.tags.Skills {
		if s.ID == skill {
			return true
		}
	}
	return false
}

// quantile interpolates between the two nearest of sorted.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	low := int(at)
	if low+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[low] + (at-float64(low))*(sorted[low+1]-sorted[low])
}

func agreeOnPay(t *testing.T, facts []fact, rows []map[string]any, group func(fact) string) {
	t.Helper()
	groups, paid := map[string]bool{}, 0
	for _, f := range facts {
		if group(f) != "" {
			groups[group(f)] = true
		}
	}
	if len(rows) != len(groups) {
		t.Errorf("got %d groups, want %d", len(rows), len(groups))
	}
	for _, row := range rows {
		what := fmt.Sprint(row["grp"])
		in := func(f fact) bool { return group(f) == what }
		n, stated, employers := 0.0, 0.0, map[string]bool{}
		for _, f := range facts {
			if !in(f) {
				continue
			}
			n++
			if pay(f) > 0 {
				stated++
				if f.tags.Salary.Currency == "USD" && f.employer != "" {
					employers[f.employer] = true
				}
			}
		}
		sorted := payOf(facts, "USD", in)
		paid += len(sorted)
		same(t, what+" in group", row["in_group"], n)
		same(t, what+" disclosure", row["disclosure"], stated/n)
		same(t, what+" postings", row["postings"], float64(len(sorted)))
		same(t, what+" employers", row["employers"], float64(len(employers)))
		if len(sorted) == 0 {
			continue
		}
		same(t, what+" q1", row["q1"], quantile(sorted, 0.25))
		same(t, what+" median", row["median"], quantile(sorted, 0.5))
		same(t, what+" q3", row["q3"], quantile(sorted, 0.75))
		if row["median_lower"].(float64) > quantile(sorted, 0.5) || row["median_upper"].(float64) < quantile(sorted, 0.5) {
			t.Errorf("%s: the median %v is outside of %v to %v", what, row["median"], row["median_lower"], row["median_upper"])
		}
	}
	if paid < 100 {
		t.Errorf("only %d postings state pay", paid)
	}
}

func agreeOnHistogram(t *testing.T, db *store.DB, facts []fact) {
	t.Helper()
	sorted := payOf(facts, "USD", func(fact) bool { return true })
	rows := ask(t, db, "pay_histogram", nil)
	for i, row := range rows {
		n := 0.0
		for _, p := range sorted {
			if (p >= row["from_pay"].(float64) || i == 0) && (p < row["to_pay"].(float64) || i == len(rows)-1) {
				n++
			}
		}
		same(t, fmt.Sprint("from ", row["from_pay"]), row["in_bin"], n)
		same(t, "total", row["total"], float64(len(sorted)))
	}
}

func agreeOnBands(t *testing.T, db *store.DB, facts []fact) {
	t.Helper()
	reports, err := query.Load(sqlfiles.Report, "report")
	if err != nil {
		t.Fatal(err)
	}
	b, err := reports.Query("pay_bands").Bind(map[string]string{"source": "ashby"})
	if err != nil {
		t.Fatal(err)
	}
	res, err := db.Run(t.Context(), b, 10000)
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, c := range res.Columns {
		at[c.Name] = i
	}
	for _, row := range res.Rows {
		sorted := payOf(facts, "USD", func(f fact) bool {
			return f.source == "ashby" && (street(f) == row[at["street"]] || street(f) == "" && row[at["street"]] == "unspecified") &&
				f.tags.Seniority == row[at["seniority"]]
		})
		what := fmt.Sprint(row[at["street"]], " ", row[at["seniority"]])
		same(t, what+" postings", row[at["postings"]], float64(len(sorted)))
		if len(sorted) > 0 {
			same(t, what+" median", row[at["median"]], quantile(sorted, 0.5))
		}
	}
}

// agreeOnPremium works the weighted difference and its clustered bounds out anew.
func agreeOnPremium(t *testing.T, row map[string]any, facts []fact, has func(fact) bool) {
	t.Helper()
	type side struct{ n, sum float64 }
	key := func(f fact) string {
		country := ""
		for _, p := range f.tags.Places {
			if p.Country != "" && (country == "" || p.Country < country) {
				country = p.Country
			}
		}
		return street(f) + "|" + f.tags.Seniority + "|" + country
	}
	var paid []fact
	for _, f := range facts {
		if pay(f) > 0 && f.tags.Salary.Currency == "USD" {
			paid = append(paid, f)
		}
	}
	side1 := func(f fact) int {
		if has(f) {
			return 1
		}
		return 0
	}
	// premium leaves one cluster out, and says what its strata hold
	premium := func(out string) (difference, weights float64, strata map[string][2]side) {
		all := map[string][2]side{}
		for _, f := range paid {
			if s := all[key(f)]; f.cluster() != out {
				s[side1(f)].n++
				s[side1(f)].sum += math.Log(pay(f))
				all[key(f)] = s
			}
		}
		strata = map[string][2]side{}
		for k, s := range all {
			if s[0].n > 0 && s[1].n > 0 {
				w := s[0].n * s[1].n / (s[0].n + s[1].n)
				difference, weights = difference+w*(s[1].sum/s[1].n-s[0].sum/s[0].n), weights+w
				strata[k] = s
			}
		}
		return difference / weights, weights, strata
	}
	difference, weights, strata := premium("no employer")
	parts, sides := map[string]float64{}, [2]float64{}
	for _, f := range paid {
		if s, ok := strata[key(f)]; ok {
			i := side1(f)
			other := s[1-i].n / (s[0].n + s[1].n)
			parts[f.cluster()] += other * other / weights
			sides[i]++
		}
	}
	variance, squares, c := 0.0, 0.0, float64(len(parts))
	for cluster, part := range parts {
		rest, _, _ := premium(cluster)
		variance += (c - 1) / c * (rest - difference) * (rest - difference)
		squares += part * part
	}
	margin := distuv.StudentsT{Sigma: 1, Nu: 1/squares - 1}.Quantile(0.975) * math.Sqrt(variance)
	same(t, "strata", row["strata"], float64(len(strata)))
	same(t, "with", row["postings_with"], sides[1])
	same(t, "without", row["postings_without"], sides[0])
	same(t, "premium", row["premium"], math.Exp(difference)-1)
	for bound, want := range map[string]float64{"lower": difference - margin, "upper": difference + margin} {
		if got := math.Log1p(row[bound].(float64)); math.Abs(got-want) > 0.01*margin { // SQL approximates Student's t, below 3 degrees of freedom to 1 %
			t.Errorf("%s: got %v, want %v", bound, got, want)
		}
	}
}

func agreeOnMix(t *testing.T, row map[string]any, facts []fact) {
	t.Helper()
	var both, python, aws float64
	employers := map[string]bool{}
	for _, f := range facts {
		if mentions(f, "python") {
			python++
		}
		if mentions(f, "aws") {
			aws++
		}
		if mentions(f, "python") && mentions(f, "aws") {
			both++
			employers[f.employer] = true
		}
	}
	delete(employers, "")
	n := float64(len(facts))
	same(t, "matching", row["matching"], both)
	same(t, "employers", row["matching_employers"], float64(len(employers)))
	same(t, "share", row["share"], both/n)
	same(t, "lift", row["lift"], both*n/(python*aws))
}

func agreeOnConcentration(t *testing.T, rows []map[string]any, facts []fact) {
	t.Helper()
	for _, row := range rows {
		clusters, n := map[string]float64{}, 0.0
		for _, f := range facts {
			if street(f) == row["grp"] {
				clusters[f.cluster()]++
				n++
			}
		}
		sizes := []float64{}
		squares, five := 0.0, 0.0
		for _, c := range clusters {
			sizes = append(sizes, c)
			squares += c * c
		}
		slices.Sort(sizes)
		slices.Reverse(sizes)
		for _, c := range sizes[:min(5, len(sizes))] {
			five += c
		}
		what := fmt.Sprint(row["grp"])
		same(t, what+" postings", row["postings"], n)
		same(t, what+" index", row["index"], squares/(n*n))
		same(t, what+" top 1", row["top_1_share"], sizes[0]/n)
		same(t, what+" top 5", row["top_5_share"], five/n)
	}
}

func agreeOnEmployers(t *testing.T, db *store.DB, facts []fact) {
	t.Helper()
	n := map[string]float64{}
	for _, f := range facts {
		n[f.employer]++
	}
	rows := ask(t, db, "postings_by_employer", map[string]string{"top": "20"})
	for i, row := range rows {
		same(t, fmt.Sprint(row["employer_id"]), row["postings"], n[row["employer_id"].(string)])
		same(t, "share", row["share"], n[row["employer_id"].(string)]/float64(len(facts)))
		if i > 0 && row["postings"].(int64) > rows[i-1]["postings"].(int64) {
			t.Errorf("%v is after %v", row, rows[i-1])
		}
	}
}

func agreeOnCountries(t *testing.T, db *store.DB, facts []fact) {
	t.Helper()
	for _, row := range ask(t, db, "hiring_places", map[string]string{"source": "hn"}) {
		n := 0.0
		for _, f := range facts {
			for _, p := range f.tags.Places {
				if f.source == "hn" && p.Country == row["country"] {
					n++
					break
				}
			}
		}
		if row["country"] != nil {
			same(t, fmt.Sprint(row["country"]), row["postings"], n)
		}
	}
}

func agreeOnWorkplace(t *testing.T, db *store.DB, facts []fact) {
	t.Helper()
	for _, row := range ask(t, db, "workplace_share_by_month", map[string]string{"source": "hn", "workplace": "remote"}) {
		clusters := map[string]stats.Cluster{}
		hits, n := 0.0, 0.0
		for _, f := range facts {
			if f.source != "hn" || f.month != row["month"] {
				continue
			}
			c := clusters[f.cluster()]
			c.N++
			n++
			if f.tags.Workplace == "remote" {
				c.Hits++
				hits++
			}
			clusters[f.cluster()] = c
		}
		var list []stats.Cluster
		for _, c := range clusters {
			list = append(list, c)
		}
		lower, upper := stats.ClusteredShare(list)
		same(t, "remote", row["matching"], hits)
		same(t, "share", row["share"], hits/n)
		if math.Abs(row["lower"].(float64)-lower) > 0.001 || math.Abs(row["upper"].(float64)-upper) > 0.001 {
			t.Errorf("got %v to %v, want %v to %v", row["lower"], row["upper"], lower, upper)
		}
	}
}
