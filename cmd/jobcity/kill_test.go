package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobcity/pipeline/posting/postingtest"
)

// program is jobcity with args, on a data folder.
func program(t *testing.T, data string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], append([]string{"--data", data, "--log-level", "warn"}, args...)...)
	cmd.Env = append(os.Environ(), asJobcity+"=1", "JOBCITY_NO_PROGRESS=1")
	return cmd
}

// madeFiles writes n made-up postings into several files of JSONL.
func madeFiles(t *testing.T, n int) (files []string) {
	t.Helper()
	postings := postingtest.Make(1, n)
	const perFile = 400
	for from := 0; from < n; from += perFile {
		var b bytes.Buffer
		for _, p := range postings[from:min(from+perFile, n)] {
			line, err := json.Marshal(map[string]any{"id": p.NativeID, "source": p.Source, "board": p.Board, "employer": p.Employer, "title": p.Title, "text": p.Text, "posted_on": p.PostedOn})
			if err != nil {
				t.Fatal(err)
			}
			b.Write(append(line, '\n'))
		}
		name := filepath.Join(t.TempDir(), fmt.Sprintf("postings-%d.jsonl", from))
		if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, name)
	}
	return files
}

func TestImportKilledAtTenRandomMomentsLosesAndDoublesNothing(t *testing.T) {
	const n = 3000
	files, data := madeFiles(t, n), filepath.Join(t.TempDir(), "data")
	rng := rand.New(rand.NewPCG(1, 2))
	killed := 0
	for range 10 {
		cmd := program(t, data, append([]string{"import"}, files...)...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		moment := time.AfterFunc(time.Duration(50+rng.IntN(1500))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		if err := cmd.Wait(); err != nil {
			killed++
		}
		moment.Stop()
	}
	if killed == 0 {
		t.Log("every import was done before it could be killed")
	}
	if out, err := program(t, data, append([]string{"import"}, files...)...).CombinedOutput(); err != nil {
		t.Fatalf("last import: %v\n%s", err, out)
	}
	out, err := program(t, data, "sql", "--format", "csv", `
		select count(*) as postings, count(distinct posting_id) as different, (select count(*) from posting_text) as texts,
			(select count(*) from (select posting_id, skill from posting_skill group by all having count(*) > 1)) as doubled_skills,
			(select count(*) from posting anti join spell using (posting_id)) as without_spell,
			(select count(*) from (select posting_id from spell group by all having count(*) > 1)) as doubled_spells
		from posting`).Output()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.TrimSpace(string(out[bytes.IndexByte(out, '\n')+1:])), fmt.Sprintf("%d,%d,%d,0,0,0", n, n, n); got != want {
		t.Errorf("after %d kills: %s, want %s", killed, got, want)
	}
}

func TestSecondProcessOnADataFolderIsRefused(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	server := program(t, data, "up", "--listen", "127.0.0.1:0")
	stderr, err := server.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	server.Args = append(server.Args[:3], append([]string{"--log-level", "info"}, server.Args[5:]...)...)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, stderr, "answering")
	out, err := program(t, data, "up", "--listen", "127.0.0.1:0").CombinedOutput()
	if err == nil || !strings.Contains(string(out), fmt.Sprintf("process %d", server.Process.Pid)) {
		t.Errorf("second up: %v\n%s", err, out)
	}
	// Commands go through the server.
	files := madeFiles(t, 20)
	if out, err := program(t, data, "import", files[0]).CombinedOutput(); err != nil {
		t.Errorf("import through the server: %v\n%s", err, out)
	}
	if out, err := program(t, data, "sql", "select 42 as answer").CombinedOutput(); err != nil || !strings.Contains(string(out), "42") {
		t.Errorf("sql through the server: %v\n%s", err, out)
	}
	if err := server.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := server.Wait(); err != nil {
		t.Errorf("after an interrupt: %v", err)
	}
}

// waitFor reads r until words come.
func waitFor(t *testing.T, r interface{ Read([]byte) (int, error) }, words string) {
	t.Helper()
	var all []byte
	buf := make([]byte, 4096)
	for !bytes.Contains(all, []byte(words)) {
		n, err := r.Read(buf)
		all = append(all, buf[:n]...)
		if err != nil {
			t.Fatalf("waiting for %q: %v\n%s", words, err, all)
		}
	}
	go func() { // keep the pipe from filling up
		for {
			if _, err := r.Read(buf); err != nil {
				return
			}
		}
	}()
}
