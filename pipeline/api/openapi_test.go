package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
)

// bodies are what the routes are sent that take one.
var bodies = map[string]string{
	"/v1/sql":      `{"sql":"select 1"}`,
	"/v1/searches": `{"name":"Go","filters":{"skills":["go","kubernetes"],"open":true},"webhook":{"url":"https://example.org/hook"}}`,
}

func TestEveryAnswerIsAsTheOpenAPIDocumentSays(t *testing.T) {
	h, saved := searchCity(t)
	spec := body(t, get(t, h, "GET", "/openapi.json"))
	doc, err := libopenapi.NewDocument([]byte(spec))
	if err != nil {
		t.Fatal(err)
	}
	v, errs := validator.NewValidator(doc)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	if ok, errs := v.ValidateDocument(); !ok {
		for _, e := range errs {
			t.Errorf("%s: %s", e.Message, e.Reason)
		}
		t.FailNow()
	}
	var parsed struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal([]byte(spec), &parsed); err != nil {
		t.Fatal(err)
	}
	asked := map[string]bool{}
	for _, c := range []struct {
		method, url string
		status      int
	}{
		{"GET", "/v1/trends", 200},
		{"GET", "/v1/trends/skill_share_by_month?skill=go", 200},
		{"GET", "/v1/trends/skill_share_by_month?skill=nonesuch", 404},
		{"GET", "/v1/trends/skill_pairs?min_pairs=2", 200},
		{"GET", "/v1/trends/skills_of_district?district=data", 200},
		{"GET", "/v1/trends/rising_skills?min_mentions=2&min_employers=2&months=1&direction=both", 200},
		{"GET", "/v1/trends/pay_by_skill", 200},
		{"GET", "/v1/trends/hybrid_mix_by_district?seniority=senior", 200},
		{"GET", "/v1/trends/facet_share_by_district?facet=security", 200},
		{"GET", "/v1/trends/facet_share_by_month?facet=security", 200},
		{"GET", "/v1/trends/skill_need_by_month?skill=go", 200},
		{"GET", "/v1/trends/skill_ranking?months=1", 200},
		{"GET", "/v1/trends/learn_next?skills=go,linux", 200},
		{"GET", "/v1/trends/similar_skills?skill=go&min_mentions=2", 200},
		{"GET", "/v1/trends/map_districts?currency=EUR", 200},
		{"GET", "/v1/trends/map_intersections?crossing=2", 200},
		{"GET", "/v1/trends/handshake_skills?min_mentions=2&min_employers=2", 200},
		{"GET", "/v1/trends/blind_spots?by=seniority", 200},
		{"GET", "/v1/trends/district_metrics?by=street", 200},
		{"GET", "/v1/trends/hybrid_mix_by_month?by=district", 200},
		{"GET", "/v1/trends/move_skills?by=district&min_postings=1", 200},
		{"GET", "/v1/trends/postings_by_month_and_district?from=2025-02&to=2025-03", 200},
		{"GET", "/v1/trends/postings_by_employer?skill=go", 200},
		{"GET", "/v1/trends/workplace_share_by_month?workplace=remote", 200},
		{"GET", "/v1/trends/seniority_mix_by_district", 200},
		{"GET", "/v1/trends/demand?by=skill&period=week&district=data", 200},
		{"GET", "/v1/trends/demand?by=colour", 400},
		{"GET", "/v1/trends/demand_index?panel=matched&base=2025-02-01", 200},
		{"GET", "/v1/trends/stock?boards=all&by=seniority", 200},
		{"GET", "/v1/trends/year_over_year?skill=go", 200},
		{"GET", "/v1/trends/source_mix", 200},
		{"GET", "/v1/trends/employer_concentration?by=street", 200},
		{"GET", "/v1/trends/hiring_places?level=city", 200},
		{"GET", "/v1/trends/rare_mix?skills=go,kubernetes", 200},
		{"GET", "/v1/trends/pay_by?by=district", 200},
		{"GET", "/v1/trends/pay_by_month?currency=EUR", 200},
		{"GET", "/v1/trends/pay_disclosure?by=country", 200},
		{"GET", "/v1/trends/pay_histogram", 200},
		{"GET", "/v1/trends/pay_premium?skill=go", 200},
		{"GET", "/v1/trends/coverage_by_day?from=2025-04-01", 200},
		{"GET", "/v1/trends/series_breaks", 200},
		{"GET", "/v1/trends/demand_adjusted?district=data", 200},
		{"GET", "/v1/trends/posting_intensity?source=file", 200},
		{"GET", "/v1/trends/days_visible?by=district", 200},
		{"GET", "/v1/trends/days_visible_curve", 200},
		{"GET", "/v1/trends/posting_signals", 200},
		{"GET", "/v1/trends/repost_rate?by=employer", 200},
		{"GET", "/v1/postings/p039", 200},
		{"GET", "/v1/map?source=file", 200},
		{"GET", "/v1/map?source=fiel", 404},
		{"GET", "/v1/map?colour=red", 400},
		{"GET", "/v1/districts/data?seniority=senior", 200},
		{"GET", "/v1/districts/dtaa", 404},
		{"GET", "/v1/skills?q=k", 200},
		{"GET", "/v1/skills/kubernetes", 200},
		{"GET", "/v1/skills/kubernets", 404},
		{"GET", "/v1/employers/moss-&-lantern", 200},
		{"GET", "/v1/employers/moss", 404},
		{"GET", "/v1/postings?skills=go,kubernetes&limit=3", 200},
		{"GET", "/v1/postings?cursor=nonsense", 400},
		{"GET", "/v1/trends/taxonomy_overlap?id=kubernetes", 200},
		{"GET", "/v1/trends/taxonomy_overlap?id=kubernets", 404},
		{"GET", "/v1/reports", 200},
		{"GET", "/v1/reports/monthly_hiring?district=data", 200},
		{"GET", "/v1/reports/pay_bands", 200},
		{"GET", "/v1/reports/skills_watchlist?skills=go,kubernetes", 200},
		{"GET", "/v1/reports/skills_watchlist", 400},
		{"GET", "/v1/postings/p003", 200},
		{"GET", "/v1/postings/p040", 200},
		{"GET", "/v1/postings/p045", 200},
		{"GET", "/v1/postings/nobody", 404},
		{"GET", "/v1/boards", 200},
		{"GET", "/v1/status", 200},
		{"GET", "/v1/events?once=true", 200},
		{"GET", "/v1/events?once=perhaps", 400},
		{"GET", "/healthz", 200},
		{"GET", "/readyz", 200},
		{"GET", "/openapi.json", 200},
		{"GET", "/metrics", 200},
		{"POST", "/v1/sql", 200},
		{"POST", "/v1/sql", 401},
		{"POST", "/v1/searches", 201},
		{"GET", "/v1/searches/" + saved, 200},
		{"GET", "/v1/searches/nobody", 404},
		{"GET", "/v1/searches/" + saved + "/feed?format=json", 200},
		{"GET", "/v1/searches/" + saved + "/feed?format=rss", 406},
		{"DELETE", "/v1/searches/" + saved, 204},
		{"DELETE", "/v1/searches/" + saved, 404},
	} {
		r := httptest.NewRequestWithContext(t.Context(), c.method, c.url, nil)
		if c.method == "POST" {
			r = httptest.NewRequestWithContext(t.Context(), c.method, c.url, strings.NewReader(bodies[c.url]))
			r.Header.Set("Content-Type", "application/json")
		}
		if c.status != 401 {
			r.Header.Set("Authorization", "Bearer sesame")
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		res := w.Result()
		if res.StatusCode != c.status {
			t.Errorf("%s: got %d, want %d: %s", c.url, res.StatusCode, c.status, w.Body)
			continue
		}
		path, _, _ := strings.Cut(c.url, "?")
		asked[c.method+" "+documented(parsed.Paths, path)] = true
		if path == "/metrics" {
			continue // not JSON
		}
		if ok, errs := v.ValidateHttpResponse(r, res); !ok {
			for _, e := range errs {
				t.Errorf("%s: %s: %s", c.url, e.Message, e.Reason)
				for _, s := range e.SchemaValidationErrors {
					t.Errorf("  %s at %s", s.Reason, s.KeywordLocation)
				}
			}
		}
	}
	for path, methods := range parsed.Paths {
		for method := range methods {
			if asks := strings.ToUpper(method) + " " + path; !asked[asks] {
				t.Errorf("%s is documented, and no test asks for it", asks)
			}
		}
	}
}

// documented finds the path of the document that serves a request's path.
func documented(paths map[string]map[string]json.RawMessage, path string) string {
	if _, ok := paths[path]; ok {
		return path
	}
	for p := range paths {
		head, tail, ok := strings.Cut(p, "{id}")
		if ok && strings.HasPrefix(path, head) && strings.HasSuffix(path, tail) && !strings.Contains(strings.TrimSuffix(path[len(head):], tail), "/") {
			return p
		}
	}
	return ""
}

func TestEveryDocumentedRouteTakesTheDocumentedMethods(t *testing.T) {
	h, _ := searchCity(t)
	var parsed struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal([]byte(body(t, get(t, h, "GET", "/openapi.json"))), &parsed); err != nil {
		t.Fatal(err)
	}
	for path, methods := range parsed.Paths {
		res := get(t, h, http.MethodOptions, strings.ReplaceAll(path, "{id}", "p003"))
		allowed := strings.Split(res.Header.Get("Allow"), ", ")
		for method := range methods {
			if !slices.Contains(allowed, strings.ToUpper(method)) {
				t.Errorf("%s: %s is documented, but only %v are taken", path, method, allowed)
			}
		}
		for _, method := range allowed {
			if _, ok := methods[strings.ToLower(method)]; !ok && method != "HEAD" && method != "OPTIONS" {
				t.Errorf("%s takes %s, which is not documented", path, method)
			}
		}
	}
}
