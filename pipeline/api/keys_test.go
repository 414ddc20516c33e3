package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"jobcity/pipeline/api"
	"jobcity/pipeline/query"
)

// key makes a key without a limit.
func key(t testing.TB, name string) (secret string, k api.Key) {
	t.Helper()
	secret, k, err := api.NewKey(name, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	return secret, k
}

// withSQL has a token and free SQL.
func withSQL(t testing.TB) api.Deps {
	d := deps(t, &fake{version: "1"})
	d.Token, d.SQL = "sesame", func(context.Context, string, int) (query.Result, error) { return query.Result{}, nil }
	return d
}

func TestWhoIsLetIn(t *testing.T) {
	secret, k := key(t, "acme")
	k.SHA256 = strings.ToUpper(k.SHA256)
	const trend, sql = "GET /v1/trends/hybrid_mix_by_district", "POST /v1/sql"
	for _, c := range []struct {
		name     string
		required bool
		ask      string
		header   []string
		want     int
		asked    string // WWW-Authenticate
	}{
		{"a key in X-API-Key is let in", true, trend, []string{"X-API-Key", secret}, 200, ""},
		{"a key as Bearer is let in", true, trend, []string{"Authorization", "Bearer " + secret}, 200, ""},
		{"the scheme may be written in lower case", true, trend, []string{"Authorization", "bearer " + secret}, 200, ""},
		{"the token is let in everywhere", true, trend, []string{"Authorization", "Bearer sesame"}, 200, ""},
		{"the token goes before a wrong key", true, trend, []string{"Authorization", "Bearer sesame", "X-API-Key", "wrong"}, 200, ""},
		{"nothing is refused where a key is required", true, trend, nil, 401, `Bearer realm="jobcity"`},
		{"an empty key is none", true, trend, []string{"X-API-Key", ""}, 401, `Bearer realm="jobcity"`},
		{"another scheme is none", true, trend, []string{"Authorization", "Basic " + secret}, 401, `Bearer realm="jobcity"`},
		{"a wrong key is refused", true, trend, []string{"X-API-Key", secret[1:]}, 401, `Bearer realm="jobcity", error="invalid_token"`},
		{"a wrong Bearer is refused", true, trend, []string{"Authorization", "Bearer sesam"}, 401, `Bearer realm="jobcity", error="invalid_token"`},
		{"the hash is no key", true, trend, []string{"X-API-Key", k.SHA256}, 401, `Bearer realm="jobcity", error="invalid_token"`},
		{"a stream needs a key too", true, "GET /v1/events?once=true", nil, 401, `Bearer realm="jobcity"`},
		{"nothing is let in where none is required", false, trend, nil, 200, ""},
		{"a wrong key is refused even so", false, trend, []string{"X-API-Key", "wrong"}, 401, `Bearer realm="jobcity", error="invalid_token"`},
		{"another scheme is let in where none is required", false, trend, []string{"Authorization", "Basic abc"}, 200, ""},
		{"health is open", true, "GET /healthz", nil, 200, ""},
		{"health does not look at keys", true, "GET /healthz", []string{"X-API-Key", "wrong"}, 200, ""},
		{"readiness is open", true, "GET /readyz", nil, 200, ""},
		{"metrics are open", true, "GET /metrics", nil, 200, ""},
		{"the document is open", true, "GET /openapi.json", nil, 200, ""},
		{"a preflight is open", true, "OPTIONS /v1/trends", nil, 204, ""},
		{"SQL takes its token", true, sql, []string{"Authorization", "Bearer sesame"}, 200, ""},
		{"SQL takes its token beside a key", true, sql, []string{"Authorization", "Bearer sesame", "X-API-Key", secret}, 200, ""},
		{"a key is not the token", true, sql, []string{"X-API-Key", secret}, 401, `Bearer realm="jobcity"`},
		{"a key as Bearer is not the token", false, sql, []string{"Authorization", "Bearer " + secret}, 401, `Bearer realm="jobcity"`},
		{"the token needs its scheme", false, sql, []string{"Authorization", "sesame"}, 401, `Bearer realm="jobcity"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := config()
			_, other := key(t, "other")
			cfg.Keys, cfg.KeysRequired = []api.Key{other, k}, c.required
			method, url, _ := strings.Cut(c.ask, " ")
			res := send(t, handler(t, cfg, withSQL(t)), httptest.NewRequestWithContext(t.Context(), method, url, strings.NewReader("select 1")), c.header...)
			if res.StatusCode != c.want || res.Header.Get("WWW-Authenticate") != c.asked {
				t.Errorf("got %d, %q: %s", res.StatusCode, res.Header.Get("WWW-Authenticate"), body(t, res))
			}
			if c.want == 401 && res.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("got %s", res.Header.Get("Content-Type"))
			}
		})
	}
}

func TestWithoutKeysNoneIsLookedFor(t *testing.T) {
	h := handler(t, config(), withSQL(t))
	for _, header := range [][]string{{"X-API-Key", "any"}, {"Authorization", "Bearer of-a-proxy"}} {
		if res := get(t, h, "GET", "/v1/trends/hybrid_mix_by_district", header...); res.StatusCode != 200 {
			t.Errorf("%v: got %d", header, res.StatusCode)
		}
	}
}

func TestRefusalsAreCountedByReason(t *testing.T) {
	secret, k, err := api.NewKey("acme", 0.001, 1)
	if err != nil {
		t.Fatal(err)
	}
	cfg := config()
	cfg.Keys, cfg.KeysRequired, cfg.Listeners = []api.Key{k}, true, 0
	h := handler(t, cfg, withSQL(t))
	for _, header := range [][]string{nil, nil, {"X-API-Key", "wrong"}, {"X-API-Key", secret}, {"X-API-Key", secret}, {"X-API-Key", secret}} {
		get(t, h, "GET", "/v1/trends", header...)
	}
	get(t, h, "GET", "/v1/events", "Authorization", "Bearer sesame")
	metrics := body(t, get(t, h, "GET", "/metrics"))
	for _, want := range []string{
		`jobcity_api_refused_total{reason="no_key"} 2`, `jobcity_api_refused_total{reason="unknown_key"} 1`, `jobcity_api_refused_total{reason="rate"} 2`,
		`jobcity_api_refused_total{reason="listeners"} 1`, `jobcity_api_key_requests_total{key="acme"} 3`,
		`jobcity_api_requests_total{route="/v1/trends",status="401"} 3`, `jobcity_api_requests_total{route="/v1/trends",status="429"} 2`,
	} {
		if !strings.Contains(metrics, want+"\n") {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(metrics, secret) || strings.Contains(metrics, k.SHA256) {
		t.Error("the metrics give a key away")
	}
}

func TestAnswersForKeysAreNotKeptByOthers(t *testing.T) {
	secret, k := key(t, "acme")
	cfg := config()
	cfg.Keys = []api.Key{k}
	for _, required := range []bool{false, true} {
		cfg.KeysRequired = required
		res := get(t, handler(t, cfg, withSQL(t)), "GET", "/v1/trends/hybrid_mix_by_district", "X-API-Key", secret)
		if private := strings.HasPrefix(res.Header.Get("Cache-Control"), "private"); private != required {
			t.Errorf("keys required %v: %s", required, res.Header.Get("Cache-Control"))
		}
	}
}

func TestPagesOfOtherOriginsMaySendKeysAndReadLimits(t *testing.T) {
	cfg := config()
	cfg.AllowOrigins = []string{"https://map.example"}
	pre := get(t, handler(t, cfg, withSQL(t)), "OPTIONS", "/v1/trends", "Origin", "https://map.example").Header
	for name, wants := range map[string][]string{
		"Access-Control-Allow-Headers":  {"X-API-Key", "Last-Event-ID", "Authorization"},
		"Access-Control-Allow-Methods":  {"DELETE", "POST"},
		"Access-Control-Expose-Headers": {"RateLimit", "RateLimit-Policy", "Location", "Retry-After"},
	} {
		got := strings.Split(pre.Get(name), ", ")
		for _, want := range wants {
			if !strings.Contains(" "+strings.Join(got, " ")+" ", " "+want+" ") {
				t.Errorf("%s: no %s in %v", name, want, got)
			}
		}
	}
}

func TestConfigReportsAllThatIsWrongWithKeysAndLimits(t *testing.T) {
	_, good := key(t, "acme")
	cfg := config()
	cfg.Keys = []api.Key{good, good, {Name: "a b", SHA256: "abc", Rate: -1, Burst: -1}, {SHA256: strings.ToUpper(good.SHA256)}}
	cfg.Rate, cfg.Burst, cfg.TrustedProxies, cfg.Listeners = 1e9, 1e9, []string{"10.0.0.0/8", "::1", "proxy", "10.0.0.0/33"}, -1
	err := fmt.Sprint(cfg.Validate())
	wants := []string{
		"keys[1].name: must be given once, and keys[0]", "keys[1].sha256: must be given once", "keys[2].name: must be 1 to 64", "keys[2].sha256: must be 64", "keys[2].rate: must be 0 or", "keys[2].burst: must be between",
		"keys[3].name: must be", "keys[3].sha256: must be given once", "\nrate: must be", "\nburst: must be", "trusted_proxies[2]: must be", "trusted_proxies[3]: must be", "listeners: must be",
	}
	for _, want := range wants {
		if !strings.Contains("\n"+err, want) {
			t.Errorf("missing %q in: %s", want, err)
		}
	}
	if n := strings.Count(err, "\n") + 1; n != len(wants) {
		t.Errorf("%d mistakes, want %d: %s", n, len(wants), err)
	}
	cfg = config()
	cfg.KeysRequired = true
	if err := fmt.Sprint(cfg.Validate()); !strings.Contains(err, "keys_required: would let nobody in") {
		t.Error(err)
	}
}

func TestANewKeyIsLongAndGivenOnce(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		secret, k := key(t, "acme")
		if len(secret) < 34 || seen[secret] || strings.Contains(k.SHA256, secret) {
			t.Fatalf("got %q", secret)
		}
		seen[secret] = true
	}
	if _, _, err := api.NewKey("", 1, 1); err == nil {
		t.Error("a key without a name was made")
	}
}

func TestTheDocumentSaysWhatNeedsAKey(t *testing.T) {
	_, k := key(t, "acme")
	cfg := config()
	cfg.Keys = []api.Key{k}
	for required, limited := range map[bool]string{false: `[{},{"apiKey":[]}]`, true: `[{"apiKey":[]}]`} {
		cfg.KeysRequired = required
		var doc struct {
			Paths map[string]map[string]struct {
				Security  json.RawMessage
				Responses map[string]struct{ Headers map[string]any }
			}
		}
		if err := json.Unmarshal([]byte(body(t, get(t, handler(t, cfg, withSQL(t)), "GET", "/openapi.json"))), &doc); err != nil {
			t.Fatal(err)
		}
		for path, methods := range doc.Paths {
			want := limited
			switch path {
			case "/healthz", "/readyz", "/metrics", "/openapi.json":
				want = "[]"
			case "/v1/sql":
				want = `[{"token":[]}]`
			}
			for method, o := range methods {
				var security bytes.Buffer
				if err := json.Compact(&security, o.Security); err != nil || security.String() != want {
					t.Errorf("%s %s: security %s, want %s: %v", method, path, &security, want, err)
				}
				for status, header := range map[string]string{"200": "RateLimit", "401": "WWW-Authenticate", "429": "Retry-After"} {
					if _, said := o.Responses[status].Headers[header]; said != (want != "[]") {
						t.Errorf("%s %s: %s with %s documented: %v", method, path, status, header, said)
					}
				}
			}
		}
	}
}
