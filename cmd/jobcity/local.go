package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"jobcity/pipeline/bus"
	"jobcity/pipeline/posting"
)

// A running server leaves its address and a secret in the data folder, so that
// commands of the same user can go through it: DuckDB's file is the server's alone.

// serverFile is the name of that note.
const serverFile = "server.json"

type serverInfo struct {
	URL    string `json:"url"`
	Secret string `json:"secret"`
	PID    int    `json:"pid"`
}

// announce leaves the note; forget takes it away.
func (a *app) announce(url string) (secret string, forget func(), err error) {
	path := filepath.Join(a.dir, serverFile)
	info := serverInfo{URL: url, Secret: rand.Text(), PID: os.Getpid()}
	b, err := json.Marshal(info)
	if err != nil {
		return "", nil, err
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		return "", nil, fmt.Errorf("announce the server: %w", err)
	}
	return info.Secret, func() { _ = os.Remove(path) }, nil
}

// running finds the server that has the data folder; nil means that there is
// none. A note whose server does not hold the lock any more is a leftover.
func (e *env) running() (*remote, error) {
	unlock, err := bus.Lock(e.dir)
	if err == nil {
		return nil, unlock()
	}
	if !errors.Is(err, bus.ErrLocked) {
		return nil, err
	}
	b, readErr := os.ReadFile(filepath.Join(e.dir, serverFile))
	if readErr != nil {
		return nil, fmt.Errorf("%w; it is no server that could be asked: wait until it ends", err)
	}
	var r remote
	if err := json.Unmarshal(b, &r.serverInfo); err != nil {
		return nil, fmt.Errorf("read %s: %w", serverFile, err)
	}
	return &r, nil
}

// remote talks to the running server.
type remote struct{ serverInfo }

// post sends body to a local route and hands the answer to w.
func (r *remote) post(ctx context.Context, route string, body io.Reader, w io.Writer) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.URL+"/local/"+route, body)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+r.Secret)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("ask the running server (process %d): %w", r.PID, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(res.Body, 64<<10))
		if res.StatusCode == http.StatusBadRequest {
			return usageError{errors.New(strings.TrimSpace(string(text)))}
		}
		return errors.New(strings.TrimSpace(string(text)))
	}
	if _, err := io.Copy(w, res.Body); err != nil {
		return fmt.Errorf("answer of the running server: %w", err)
	}
	return nil
}

// get asks a public route; the secret goes before keys and limits.
func (r *remote) get(ctx context.Context, path string, w io.Writer) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.URL+path, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+r.Secret)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("ask the running server (process %d): %w", r.PID, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(res.Body, 64<<10))
		return problemError(res.StatusCode, text)
	}
	if _, err := io.Copy(w, res.Body); err != nil {
		return fmt.Errorf("answer of the running server: %w", err)
	}
	return nil
}

func (r *remote) postJSON(ctx context.Context, route string, v any, w io.Writer) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return r.post(ctx, route, bytes.NewReader(b), w)
}

// parcel is one line of what an import sends to the running server.
type parcel struct {
	Posting *posting.Posting    `json:"posting,omitempty"`
	Sweep   *posting.Sweep      `json:"sweep,omitempty"`
	Dead    *posting.DeadLetter `json:"dead,omitempty"`
}

// PublishPostings sends postings to be published by the running server.
func (r *remote) PublishPostings(ctx context.Context, postings []posting.Posting) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	for i := range postings {
		if err := enc.Encode(parcel{Posting: &postings[i]}); err != nil {
			return err
		}
	}
	return r.post(ctx, "publish", &b, io.Discard)
}

// PublishSweep sends a sweep to be published by the running server.
func (r *remote) PublishSweep(ctx context.Context, s posting.Sweep) error {
	s.Schema = posting.SchemaVersion
	return r.postJSON(ctx, "publish", parcel{Sweep: &s}, io.Discard)
}

// PublishDead sends a dead letter to be published by the running server.
func (r *remote) PublishDead(ctx context.Context, d posting.DeadLetter) error {
	return r.postJSON(ctx, "publish", parcel{Dead: &d}, io.Discard)
}

// localRoutes answers the commands of the user who runs the server.
func (a *app) localRoutes(secret string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /local/publish", a.servePublish)
	mux.HandleFunc("POST /local/sql", func(w http.ResponseWriter, r *http.Request) {
		serveLocal(w, r, func(q statement) error { return a.answer(r.Context(), q, w) })
	})
	mux.HandleFunc("POST /local/export", func(w http.ResponseWriter, r *http.Request) {
		serveLocal(w, r, func(dir string) error { return a.export(r.Context(), dir, w) })
	})
	mux.HandleFunc("POST /local/purge", func(w http.ResponseWriter, r *http.Request) {
		serveLocal(w, r, func(o purgeOrder) error { return a.purge(r.Context(), o, w) })
	})
	mux.HandleFunc("POST /local/searches", func(w http.ResponseWriter, r *http.Request) {
		serveLocal(w, r, func(o searchesOrder) error { return a.answerSearches(r.Context(), o, w) })
	})
	mux.HandleFunc("POST /local/retag", func(w http.ResponseWriter, r *http.Request) {
		if err := a.retag(r.Context(), w); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		if subtle.ConstantTimeCompare([]byte(given), []byte(secret)) != 1 {
			http.Error(w, "these routes are for the user who runs the server", http.StatusUnauthorized)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// serveLocal decodes the question of a command and gives its error as text.
func serveLocal[Q any](w http.ResponseWriter, r *http.Request, answer func(Q) error) {
	var q Q
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&q); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	err := answer(q)
	var usage usageError
	switch {
	case err == nil:
	case errors.As(err, &usage):
		http.Error(w, err.Error(), http.StatusBadRequest)
	default:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// servePublish publishes what an import read, in its order.
func (a *app) servePublish(w http.ResponseWriter, r *http.Request) {
	dec := json.NewDecoder(bufio.NewReader(r.Body))
	var postings []posting.Posting
	for {
		var p parcel
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		switch {
		case p.Posting != nil:
			postings = append(postings, *p.Posting)
		case p.Sweep != nil:
			err = a.bus.PublishSweep(r.Context(), *p.Sweep)
		case p.Dead != nil:
			err = a.bus.PublishDead(r.Context(), *p.Dead)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
	}
	if err := a.bus.PublishPostings(r.Context(), postings); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	}
}
