package api_test

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"jobcity/pipeline/api"
	"jobcity/pipeline/bus"
	"jobcity/pipeline/query"
	"jobcity/pipeline/search"
	"jobcity/pipeline/store"
	"jobcity/sql/citytest"
)

// withSearches is d over db, with saved searches, at most two.
func withSearches(t testing.TB, d api.Deps, db *store.DB) api.Deps {
	t.Helper()
	b, err := bus.Open(t.Context(), bus.Config{Replicas: 1, MaxBytes: 64 << 20, ConnectTimeout: 20 * time.Second, Lease: time.Second}, t.TempDir(), slog.New(slog.DiscardHandler), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	cfg := search.Config{Max: 2, Concurrency: 1, Timeout: time.Second, Retry: time.Second, RetryMost: time.Second, GiveUp: time.Hour}
	if d.Searches, err = search.Open(t.Context(), cfg, b, db, d.Queries, "store"); err != nil {
		t.Fatal(err)
	}
	return d
}

// searchCity is the API over the made-up city, with all its routes and a search that
// is saved.
func searchCity(t testing.TB) (h http.Handler, saved string) {
	t.Helper()
	db := citytest.Open(t)
	d := withSearches(t, deps(t, db), db)
	d.Token, d.SQL = "sesame", func(context.Context, string, int) (query.Result, error) {
		return query.Result{Columns: []query.Column{{Name: "one", Type: "bigint"}}, Rows: [][]any{{int64(1)}}}, nil
	}
	h = handler(t, config(), d)
	return h, save(t, h, `{"name":"Go & Kubernetes","filters":{"skills":"go,kubernetes"}}`)["id"].(string)
}

func post(t testing.TB, h http.Handler, text string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/v1/searches", strings.NewReader(text))
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	return send(t, h, r, header...)
}

// save saves a search and returns what was answered.
func save(t testing.TB, h http.Handler, text string) map[string]any {
	t.Helper()
	res := post(t, h, text)
	answer := body(t, res)
	var got struct{ Data map[string]any }
	if err := json.Unmarshal([]byte(answer), &got); err != nil || res.StatusCode != http.StatusCreated {
		t.Fatalf("got %d, %v: %s", res.StatusCode, err, answer)
	}
	if want := "/v1/searches/" + got.Data["id"].(string); res.Header.Get("Location") != want || got.Data["feed"] != want+"/feed" || res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("Location %q, feed %v", res.Header.Get("Location"), got.Data["feed"])
	}
	return got.Data
}

func TestASavedSearchIsShownWithoutItsSecretUntilItIsDeleted(t *testing.T) {
	h, _ := searchCity(t)
	made := save(t, h, `{"name":"Remote","filters":{"skills":["Go"],"workplace":"remote","open":true},"webhook":{"url":"https://example.org/hook"}}`)
	secret := made["webhook"].(map[string]any)["secret"].(string)
	url := "/v1/searches/" + made["id"].(string)
	shown := body(t, get(t, h, "GET", url))
	if !strings.HasPrefix(secret, "whsec_") || strings.Contains(shown, "secret") || strings.Contains(shown, secret[6:]) ||
		!strings.Contains(shown, `"state":"waiting"`) || !strings.Contains(shown, `"filters":{"open":"true","skills":"Go","workplace":"remote"}`) {
		t.Errorf("secret %q, shown %s", secret, shown)
	}
	if res := post(t, h, `{"name":"one too many"}`); res.StatusCode != http.StatusInsufficientStorage || !strings.Contains(body(t, res), "search.max") {
		t.Errorf("a third search: %d", res.StatusCode)
	}
	if res := get(t, h, "GET", "/v1/searches"); res.StatusCode != http.StatusMethodNotAllowed || res.Header.Get("Allow") != "POST, OPTIONS" {
		t.Errorf("a list: %d, Allow %s", res.StatusCode, res.Header.Get("Allow"))
	}
	if res := get(t, h, "DELETE", url); res.StatusCode != http.StatusNoContent || body(t, res) != "" {
		t.Errorf("delete: %d", res.StatusCode)
	}
	for _, c := range []string{"GET " + url, "DELETE " + url, "GET " + url + "/feed", "GET /v1/searches/" + strings.Repeat("x", 9000)} {
		method, url, _ := strings.Cut(c, " ")
		if res := get(t, h, method, url); res.StatusCode != http.StatusNotFound {
			t.Errorf("%.60s: %d", c, res.StatusCode)
		}
	}
}

func TestSearchesThatCannotBeSavedSayWhy(t *testing.T) {
	h, _ := searchCity(t)
	for _, c := range []struct {
		name, give string
		status     int
		want       []string
	}{
		{"no JSON", `name=x`, 400, []string{"must be a JSON object"}},
		{"no object", `[1]`, 400, []string{"must be a JSON object"}},
		{"null", `null`, 400, []string{"must be a JSON object"}},
		{"two objects", `{"name":"x"}{}`, 400, []string{"must be a JSON object"}},
		{"everything wrong", `{"nam":"x","filters":{"skill":"go","seniority":"elder","q":{"a":1},"from":"2026-01"},"webhook":{"url":"http://127.0.0.1/","token":1}}`, 400,
			[]string{`"name":"nam"`, `"near":["name"]`, `"name":"name"`, `"name":"skill"`, `"near":["skills"]`, `"name":"seniority"`, `"name":"q"`, `"name":"from"`, `"name":"webhook.url"`, `"name":"webhook.token"`}},
		{"fields of another kind", `{"name":1,"filters":[],"webhook":"https://example.org"}`, 400, []string{`"name":"name"`, `"name":"filters"`, `"name":"webhook"`}},
		{"a webhook without a URL", `{"name":"x","webhook":{}}`, 400, []string{`"name":"webhook.url"`, "required"}},
		{"an unknown skill", `{"name":"x","filters":{"skills":"go,kuberntes"}}`, 404, []string{`"near":["kubernetes"]`}},
		{"an unknown district", `{"name":"x","filters":{"district":"securty"}}`, 404, []string{`"near":["security"]`}},
		{"a body that is too large", `{"name":"` + strings.Repeat("x", 17<<10) + `"}`, 413, []string{"16384 bytes"}},
	} {
		res := post(t, h, c.give)
		answer := body(t, res)
		if res.StatusCode != c.status || res.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: got %d: %s", c.name, res.StatusCode, answer)
		}
		for _, want := range c.want {
			if !strings.Contains(answer, want) {
				t.Errorf("%s: %s is not in %s", c.name, want, answer)
			}
		}
	}
	for _, media := range []string{"text/plain", "application/x-www-form-urlencoded", "", "application/json/x"} {
		if res := post(t, h, `{"name":"x"}`, "Content-Type", media); res.StatusCode != http.StatusUnsupportedMediaType {
			t.Errorf("as %q: %d", media, res.StatusCode)
		}
	}
}

func TestTheDocumentedExampleCanBeSaved(t *testing.T) {
	h, _ := searchCity(t)
	var spec struct {
		Paths map[string]map[string]struct {
			RequestBody struct {
				Content map[string]struct{ Example json.RawMessage }
			}
		}
	}
	if err := json.Unmarshal([]byte(body(t, get(t, h, "GET", "/openapi.json"))), &spec); err != nil {
		t.Fatal(err)
	}
	save(t, h, string(spec.Paths["/v1/searches"]["post"].RequestBody.Content["application/json"].Example))
}

func TestAFeedIsAtomUnlessItIsAskedForAsJSON(t *testing.T) {
	h, saved := searchCity(t)
	url := "/v1/searches/" + saved + "/feed"
	for _, c := range []struct{ accept, url, media string }{
		{"", "", "application/atom+xml; charset=utf-8"},
		{"*/*", "", "application/atom+xml; charset=utf-8"},
		{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "", "application/atom+xml; charset=utf-8"},
		{"application/feed+json", "", "application/feed+json; charset=utf-8"},
		{"application/json", "", "application/feed+json; charset=utf-8"},
		{"application/json", "?format=atom", "application/atom+xml; charset=utf-8"},
		{"", "?format=json", "application/feed+json; charset=utf-8"},
		{"image/png", "", "application/problem+json"},
		{"", "?format=rss", "application/problem+json"},
		{"", "?limit=3", "application/problem+json"},
	} {
		if res := get(t, h, "GET", url+c.url, "Accept", c.accept); res.Header.Get("Content-Type") != c.media {
			t.Errorf("%q %q: %d %s", c.accept, c.url, res.StatusCode, res.Header.Get("Content-Type"))
		}
	}
	var f struct {
		Title string `xml:"title"`
		Entry []struct {
			ID      string `xml:"id"`
			Title   string `xml:"title"`
			Summary string `xml:"summary"`
			Link    struct {
				Href string `xml:"href,attr"`
			} `xml:"link"`
		} `xml:"entry"`
	}
	res := get(t, h, "GET", url)
	text := body(t, res)
	if err := xml.Unmarshal([]byte(text), &f); err != nil || f.Title != "Go & Kubernetes" || len(f.Entry) == 0 {
		t.Fatalf("%v: %s", err, text)
	}
	for _, e := range f.Entry {
		if !strings.HasPrefix(e.ID, "urn:uuid:") || e.Title == "" || !strings.HasPrefix(e.Link.Href, "https://jobs.example/") || !strings.Contains(e.Summary, "Kubernetes") {
			t.Errorf("entry %+v", e)
		}
	}
	tag := res.Header.Get("ETag")
	if res := get(t, h, "GET", url, "If-None-Match", tag); res.StatusCode != http.StatusNotModified || body(t, res) != "" || tag == "" {
		t.Errorf("again, with the tag: %d", res.StatusCode)
	}
	if res := get(t, h, "HEAD", url); res.StatusCode != http.StatusOK || body(t, res) != "" || res.Header.Get("ETag") != tag {
		t.Errorf("HEAD: %d", res.StatusCode)
	}
}

func TestAFeedLosesWhatIsErasedAtOnce(t *testing.T) {
	db := citytest.Open(t)
	cfg := config()
	cfg.MaxAge, cfg.MaxStale = 30*time.Minute, time.Hour
	h := handler(t, cfg, withSearches(t, deps(t, db), db))
	url := save(t, h, `{"name":"all","filters":{"skills":"go"}}`)["feed"].(string)
	const erased = "https://jobs.example/p001"
	first := get(t, h, "GET", url)
	if !strings.Contains(body(t, first), erased+`"`) {
		t.Fatal("the posting is not in the feed")
	}
	if _, err := db.Erase(t.Context(), []string{"p001"}, nil, "url"); err != nil {
		t.Fatal(err)
	}
	second := get(t, h, "GET", url, "If-None-Match", first.Header.Get("ETag"))
	if text := body(t, second); second.StatusCode != http.StatusOK || strings.Contains(text, erased+`"`) {
		t.Errorf("%d: the erased posting is in the feed", second.StatusCode)
	}
}

func TestWithoutABusThereAreNoSearches(t *testing.T) {
	h := city(t)
	if res := post(t, h, `{"name":"x"}`); res.StatusCode != http.StatusNotFound {
		t.Errorf("got %d", res.StatusCode)
	}
	if strings.Contains(body(t, get(t, h, "GET", "/openapi.json")), "/v1/searches") {
		t.Error("they are documented")
	}
}
