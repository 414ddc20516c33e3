package demo

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Handler serves the city at the paths of the real services: Ashby's posting
// API, Greenhouse's board API, and the Hacker News search by Algolia.
func (c *City) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /robots.txt", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "User-agent: *\nAllow: /\n")
	})
	mux.HandleFunc("GET /posting-api/job-board/{board}", func(w http.ResponseWriter, r *http.Request) {
		c.serveBoard(w, r, "ashby", ashbyBoard)
	})
	mux.HandleFunc("GET /v1/boards/{board}/jobs", func(w http.ResponseWriter, r *http.Request) {
		c.serveBoard(w, r, "greenhouse", greenhouseBoard)
	})
	mux.HandleFunc("GET /api/v1/search_by_date", c.serveThreads)
	mux.HandleFunc("GET /api/v1/items/{id}", c.serveThread)
	return mux
}

func (c *City) serveBoard(w http.ResponseWriter, r *http.Request, source string, shape func(board) any) {
	for _, b := range c.boards {
		if b.source == source && b.name == r.PathValue("board") {
			answer(w, r, shape(b))
			return
		}
	}
	http.NotFound(w, r)
}

func ashbyBoard(b board) any {
	jobs := []any{}
	for _, r := range b.roles {
		job := map[string]any{
			"id": r.id, "title": r.title, "department": "Engineering", "team": "Made up", "employmentType": r.employment, "location": r.place,
			"secondaryLocations": []any{}, "publishedAt": r.published.Format(time.RFC3339), "isListed": true, "isRemote": r.remote,
			"jobUrl": "https://boards.example.invalid/" + b.name + "/" + r.id, "descriptionHtml": r.text,
		}
		if r.payMin > 0 {
			job["compensation"] = map[string]any{"compensationTiers": []any{map[string]any{"components": []any{map[string]any{
				"compensationType": "Salary", "interval": "1 YEAR", "currencyCode": "USD", "minValue": r.payMin, "maxValue": r.payMax}}}}}
		}
		jobs = append(jobs, job)
	}
	return map[string]any{"apiVersion": "1", "jobs": jobs}
}

func greenhouseBoard(b board) any {
	jobs := []any{}
	for i, r := range b.roles {
		place := r.place
		if r.remote {
			place += " (Remote)"
		}
		jobs = append(jobs, map[string]any{
			"id": 7_000_000 + i, "internal_job_id": 7_000_000 + i, "title": r.title, "updated_at": r.published.Format(time.RFC3339),
			"first_published": r.published.Format(time.RFC3339), "location": map[string]string{"name": place}, "company_name": b.employer,
			"absolute_url": fmt.Sprintf("https://boards.example.invalid/%s/%d", b.name, 7_000_000+i), "content": r.text,
			"departments": []any{map[string]any{"id": 1, "name": "Engineering"}}, "offices": []any{}, "metadata": nil,
		})
	}
	return map[string]any{"jobs": jobs, "meta": map[string]int{"total": len(jobs)}}
}

func (c *City) serveThreads(w http.ResponseWriter, r *http.Request) {
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	hits := []any{}
	if page == 0 {
		for _, t := range c.threads {
			hits = append(hits, map[string]any{"objectID": strconv.Itoa(t.id), "author": "whoishiring", "title": t.title(),
				"created_at": t.created.Format(time.RFC3339), "created_at_i": t.created.Unix(), "num_comments": len(t.posts)})
		}
	}
	answer(w, r, map[string]any{"hits": hits, "nbHits": len(c.threads), "page": page, "nbPages": 1, "hitsPerPage": 1000})
}

func (c *City) serveThread(w http.ResponseWriter, r *http.Request) {
	for _, t := range c.threads {
		if strconv.Itoa(t.id) != r.PathValue("id") {
			continue
		}
		children := []any{}
		for _, p := range t.posts {
			children = append(children, map[string]any{"id": p.id, "author": "madeup", "created_at": p.created.Format(time.RFC3339), "created_at_i": p.created.Unix(),
				"type": "comment", "parent_id": t.id, "story_id": t.id, "text": p.text, "children": []any{}})
		}
		answer(w, r, map[string]any{"id": t.id, "author": "whoishiring", "created_at": t.created.Format(time.RFC3339), "type": "story", "title": t.title(), "children": children})
		return
	}
	http.NotFound(w, r)
}

func (t thread) title() string {
	return "Ask HN: Who is hiring? (" + t.created.Format("January 2006") + ")"
}

// answer writes v as JSON with an ETag and honours If-None-Match.
func answer(w http.ResponseWriter, r *http.Request, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	etag := fmt.Sprintf("%q", fmt.Sprintf("%x", sha256.Sum256(body))[:20])
	w.Header().Set("ETag", etag)
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body) // a client that went away is not our error
}
