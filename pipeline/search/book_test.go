package search_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"jobcity/pipeline/query"
	"jobcity/pipeline/search"
)

func TestSearchesAreKeptReadListedAndDeleted(t *testing.T) {
	c := newCity(t)
	first, secret, err := c.book.Create(t.Context(), search.New{Name: " Go in Berlin ", Filters: map[string]string{"skills": "go", "q": "", "open": "true"}})
	if err != nil || secret != "" || first.Name != "Go in Berlin" || len(first.Filters) != 2 || first.Webhook != nil || len(first.ID) != 26 {
		t.Fatalf("%+v, %q, %v", first, secret, err)
	}
	second, _ := c.save("https://example.org/hook")
	if got, err := c.book.Get(t.Context(), second.ID); err != nil || got.Webhook == nil || got.Webhook.State != search.Waiting || got.Filters["skills"] != "go" || time.Since(got.Created) > time.Minute {
		t.Errorf("%+v, %v", got, err)
	}
	if all, err := c.book.List(t.Context()); err != nil || len(all) != 2 || all[0].ID != first.ID {
		t.Errorf("%+v, %v", all, err)
	}
	for _, id := range []string{"", "x", strings.Repeat("A", 26), strings.Repeat("A", 10_000), "../" + first.ID, strings.ToLower(first.ID), ">"} {
		if _, err := c.book.Get(t.Context(), id); !errors.Is(err, search.ErrUnknown) {
			t.Errorf("get %.30q: %v", id, err)
		}
		if err := c.book.Delete(t.Context(), id); !errors.Is(err, search.ErrUnknown) {
			t.Errorf("delete %.30q: %v", id, err)
		}
	}
	if err := c.book.Delete(t.Context(), first.ID); err != nil {
		t.Fatal(err)
	}
	if err := c.book.Delete(t.Context(), first.ID); !errors.Is(err, search.ErrUnknown) {
		t.Errorf("deleted twice: %v", err)
	}
}

func TestNoMoreSearchesAreSavedThanMayBe(t *testing.T) {
	cfg := config()
	cfg.Max = 2
	c := cityOn(t, openBus(t), "one", cfg)
	s, _ := c.save("")
	c.save("")
	if _, _, err := c.book.Create(t.Context(), search.New{Name: "third"}); !errors.Is(err, search.ErrFull) || !strings.Contains(err.Error(), "search.max") {
		t.Errorf("error %v", err)
	}
	if err := c.book.Delete(t.Context(), s.ID); err != nil {
		t.Fatal(err)
	}
	c.save("")
}

func TestCheckNamesEverythingThatIsWrong(t *testing.T) {
	cfg := config()
	cfg.AllowPrivateHosts = []string{"hooks.localhost"}
	c := cityOn(t, openBus(t), "one", cfg)
	for _, k := range []struct {
		name string
		give search.New
		want []string // names of what is bad
	}{
		{"all is well", search.New{Name: "x", URL: "https://example.org:8443/hook?token=1", Filters: map[string]string{"seniority": "senior"}}, nil},
		{"a host inside that is allowed", search.New{Name: "x", URL: "http://hooks.localhost/"}, nil},
		{"no name", search.New{}, []string{"name"}},
		{"a name of several lines", search.New{Name: "a\nb"}, []string{"name"}},
		{"a name that is too long", search.New{Name: strings.Repeat("ä", 201)}, []string{"name"}},
		{"everything", search.New{Name: "\x00", URL: "ftp://x", Filters: map[string]string{"seniority": "elder", "skill": "go", "open": "perhaps"}}, []string{"name", "webhook.url", "open", "seniority", "skill"}},
		{"what only pages have", search.New{Name: "x", Filters: map[string]string{"cursor": "x", "limit": "3", "after": "1", "from": "2026-01", "ids": "x"}}, []string{"after", "cursor", "from", "ids", "limit"}},
		{"no URL", search.New{Name: "x", URL: "hook"}, []string{"webhook.url"}},
		{"a URL without a host", search.New{Name: "x", URL: "https:///hook"}, []string{"webhook.url"}},
		{"a user in the URL", search.New{Name: "x", URL: "https://me:you@example.org/"}, []string{"webhook.url"}},
		{"a fragment", search.New{Name: "x", URL: "https://example.org/#x"}, []string{"webhook.url"}},
		{"a long URL", search.New{Name: "x", URL: "https://example.org/" + strings.Repeat("x", 2048)}, []string{"webhook.url"}},
		{"loopback", search.New{Name: "x", URL: "http://127.0.0.1/"}, []string{"webhook.url"}},
		{"loopback by name", search.New{Name: "x", URL: "http://localhost/"}, []string{"webhook.url"}},
		{"a private net", search.New{Name: "x", URL: "http://10.0.0.1/"}, []string{"webhook.url"}},
		{"IPv4 in IPv6", search.New{Name: "x", URL: "http://[::ffff:169.254.169.254]/"}, []string{"webhook.url"}},
		{"the metadata service", search.New{Name: "x", URL: "http://169.254.169.254/latest"}, []string{"webhook.url"}},
	} {
		t.Run(k.name, func(t *testing.T) {
			_, err := c.book.Check(k.give)
			var got []string
			var bad *query.ParamError
			if errors.As(err, &bad) {
				for _, p := range bad.Params {
					got = append(got, p.Name)
				}
			} else if err != nil {
				t.Fatal(err)
			}
			if strings.Join(got, " ") != strings.Join(k.want, " ") {
				t.Errorf("got %v, want %v: %v", got, k.want, err)
			}
		})
	}
}

func TestValidateNamesEveryBadSetting(t *testing.T) {
	err := search.Config{Max: -1, Timeout: time.Hour, AllowPrivateHosts: []string{"http://x"}}.Validate()
	for _, name := range []string{"max:", "concurrency:", "timeout:", "retry:", "give_up:", "allow_private_hosts[0]:"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named in %v", name, err)
		}
	}
	if err := config().Validate(); err != nil {
		t.Error(err)
	}
}
