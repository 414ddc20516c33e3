package sqlfiles_test

import (
	"fmt"
	"strings"
	"testing"

	"jobcity/pipeline/query"
	sqlfiles "jobcity/sql"
	"jobcity/sql/citytest"
)

func TestSearchesShowPostingsAsTheListDoes(t *testing.T) {
	db := citytest.Open(t)
	queries, err := query.Load(sqlfiles.API, "api")
	if err != nil {
		t.Fatal(err)
	}
	run := func(name string, params map[string]string) query.Result {
		b, err := queries.Query(name).Bind(params)
		if err != nil {
			t.Fatal(err)
		}
		res, err := db.Run(t.Context(), b, 1000)
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	for _, filters := range []map[string]string{
		nil, {"skills": "go, Kubernetes"}, {"district": "data"}, {"street": "data/engineering"}, {"seniority": "senior", "workplace": "remote"},
		{"country": "de"}, {"employer": "moss-&-lantern"}, {"source": "file"}, {"q": "ENGINEER", "open": "true"}, {"employment_type": "full_time"},
	} {
		t.Run(fmt.Sprint(filters), func(t *testing.T) {
			page := map[string]string{"top": "1000"}
			arrived := map[string]string{"top": "1000", "after": "0", "upto": "1000000", "since": "0"}
			for name, value := range filters {
				page[name], arrived[name] = value, value
			}
			listed := run("postings", page)
			found := map[string]bool{}
			for _, row := range run("search_new", arrived).Rows {
				found[row[1].(string)] = true
			}
			var ids []string
			for _, row := range listed.Rows {
				ids = append(ids, row[0].(string))
				if !found[row[0].(string)] && filters["open"] == "" {
					t.Errorf("%s is listed and not new", row[0])
				}
			}
			if len(found) != len(ids) && filters["open"] == "" {
				t.Errorf("%d are new, %d listed", len(found), len(ids))
			}
			if len(ids) == 0 {
				return
			}
			if got := run("search_postings", map[string]string{"ids": strings.Join(ids, ",")}); fmt.Sprint(got) != fmt.Sprint(listed) {
				t.Errorf("got %v\nwant %v", got, listed)
			}
		})
	}
}
