package bus_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/goleak"

	"jobcity/pipeline/bus"
	"jobcity/pipeline/posting"
)

// child is the environment variable that makes the test binary a process to be
// killed; its value is the data folder.
const child = "JOBCITY_BUS_TEST_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(child); dir != "" {
		publishForever(dir)
		return
	}
	goleak.VerifyTestMain(m,
		// The server and client leave these behind for a moment after they are closed.
		goleak.IgnoreAnyFunction("github.com/nats-io/nats-server/v2/server.(*Server).startGoRoutine.func1"),
		goleak.IgnoreAnyFunction("github.com/nats-io/nats-server/v2/server.(*fileStore).flushLoop"),
		goleak.IgnoreAnyFunction("github.com/nats-io/nats-server/v2/server.(*fileStore).syncBlocks"),
		goleak.IgnoreAnyFunction("github.com/nats-io/nats-server/v2/server.(*ipQueue[...]).push"),
	)
}

func config() bus.Config {
	return bus.Config{Replicas: 1, MaxBytes: 64 << 20, ConnectTimeout: 20 * time.Second, Lease: 30 * time.Second}
}

var quiet = slog.New(slog.DiscardHandler)

func open(t *testing.T, cfg bus.Config, dir string) *bus.Bus {
	t.Helper()
	b, err := bus.Open(t.Context(), cfg, dir, quiet, nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func embedded(t *testing.T) *bus.Bus {
	t.Helper()
	b := open(t, config(), t.TempDir())
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func made(t testing.TB, from, n int) []posting.Posting {
	t.Helper()
	var all []posting.Posting
	for i := range n {
		p := posting.Posting{Source: "ashby", Board: "made-up", NativeID: fmt.Sprint(from + i), Title: "Engineer", Text: "Go and SQL.", SeenAt: time.Unix(1_700_000_000, 0)}
		if err := p.Prepare(); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

// take settles postings as done until want different ones have come.
func take(t *testing.T, w *bus.Work, want int) map[string]int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	got := map[string]int{}
	for len(got) < want {
		postings, settle, err := w.Next(ctx, 500, 50*time.Millisecond)
		if err != nil {
			t.Fatalf("after %d of %d postings: %v", len(got), want, err)
		}
		for _, p := range postings {
			got[p.ID]++
		}
		if err := settle(ctx, nil); err != nil {
			t.Fatal(err)
		}
	}
	return got
}

// TestConformance holds the embedded server and one reached by its address to
// the same contract.
func TestConformance(t *testing.T) {
	for name, start := range map[string]func(*testing.T) *bus.Bus{
		"embedded": embedded,
		"by address": func(t *testing.T) *bus.Bus {
			s := externalServer(t)
			cfg := config()
			cfg.URL = s.ClientURL()
			b := open(t, cfg, t.TempDir())
			t.Cleanup(func() { _ = b.Close() })
			return b
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Run("every posting comes once when it is settled", func(t *testing.T) { testWork(t, start(t)) })
			t.Run("a posting that is not settled as done comes again", func(t *testing.T) { testRedelivery(t, start(t)) })
			t.Run("a follower reads in order from where its store is", func(t *testing.T) { testFollow(t, start(t)) })
			t.Run("trimming spares what somebody still needs", func(t *testing.T) { testTrim(t, start(t)) })
			t.Run("board state is kept for any name", func(t *testing.T) { testState(t, start(t)) })
			t.Run("a bucket keeps entries by revision", func(t *testing.T) { testBucket(t, start(t)) })
			t.Run("the newest snapshot is found", func(t *testing.T) { testSnapshots(t, start(t)) })
		})
	}
}

func externalServer(t *testing.T) *server.Server {
	t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(20 * time.Second) {
		t.Fatal("external server is not ready")
	}
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	return s
}

func testWork(t *testing.T, b *bus.Bus) {
	if err := b.PublishPostings(t.Context(), made(t, 0, 2345)); err != nil {
		t.Fatal(err)
	}
	w, err := b.Postings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for id, n := range take(t, w, 2345) {
		if n != 1 {
			t.Errorf("posting %s came %d times", id, n)
		}
	}
	if n := pending(t, b, bus.Postings); n != 0 {
		t.Errorf("%d postings are pending after all were settled", n)
	}
}

func testRedelivery(t *testing.T, b *bus.Bus) {
	if err := b.PublishPostings(t.Context(), made(t, 0, 10)); err != nil {
		t.Fatal(err)
	}
	w, err := b.Postings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	first, settle, err := w.Next(t.Context(), 10, time.Second)
	if err != nil || len(first) != 10 {
		t.Fatalf("%d postings, %v", len(first), err)
	}
	if err := settle(t.Context(), errors.New("the disk is full")); err != nil {
		t.Fatal(err)
	}
	if again := take(t, w, 10); len(again) != 10 {
		t.Errorf("%d postings came again, want 10", len(again))
	}
}

func testFollow(t *testing.T, b *bus.Bus) {
	ctx := t.Context()
	for i := range 10 {
		if err := b.PublishBatch(ctx, fmt.Appendf(nil, "batch %d", i)); err != nil {
			t.Fatal(err)
		}
	}
	f, err := b.Follow(ctx, bus.Batches, "a", 0)
	if err != nil {
		t.Fatal(err)
	}
	got := follow(t, f, 4)
	if err := f.Settle(ctx, got[3].Sequence); err != nil {
		t.Fatal(err)
	}
	// The store comes back having applied 6, though it told the bus of 4 only.
	f, err = b.Follow(ctx, bus.Batches, "a", 6)
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range follow(t, f, 4) {
		if want := fmt.Sprintf("batch %d", 6+i); string(m.Data) != want || m.Sequence != uint64(7+i) {
			t.Errorf("message %d is %q with sequence %d, want %q", i, m.Data, m.Sequence, want)
		}
	}
	created, err := b.StreamCreated(ctx, bus.Batches)
	if err != nil || !created.Equal(f.Created()) {
		t.Errorf("stream created %v, follower says %v (%v)", created, f.Created(), err)
	}
}

// follow reads n messages.
func follow(t *testing.T, f *bus.Follower, n int) []bus.Message {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var all []bus.Message
	for len(all) < n {
		msgs, err := f.Next(ctx, n-len(all), 50*time.Millisecond)
		if err != nil {
			t.Fatalf("after %d of %d messages: %v", len(all), n, err)
		}
		all = append(all, msgs...)
	}
	return all
}

func testTrim(t *testing.T, b *bus.Bus) {
	ctx := t.Context()
	for i := range 6 {
		if err := b.PublishBatch(ctx, fmt.Appendf(nil, "batch %d", i)); err != nil {
			t.Fatal(err)
		}
	}
	trimmed := func(covered uint64) uint64 {
		t.Helper()
		if err := b.Trim(ctx, map[string]uint64{bus.Batches: covered}); err != nil {
			t.Fatal(err)
		}
		return status(t, b, bus.Batches).Messages
	}
	if n := trimmed(6); n != 6 {
		t.Errorf("%d messages left of 6 that nobody has read", n)
	}
	f, err := b.Follow(ctx, bus.Batches, "a", 0)
	if err != nil {
		t.Fatal(err)
	}
	got := follow(t, f, 6)
	if err := f.Settle(ctx, got[3].Sequence); err != nil {
		t.Fatal(err)
	}
	if n := trimmed(2); n != 4 {
		t.Errorf("%d messages left, want 4: the snapshot covers 2", n)
	}
	if n := trimmed(6); n != 2 {
		t.Errorf("%d messages left, want 2: the follower has settled 4", n)
	}
	late, err := b.Follow(ctx, bus.Batches, "late", 1)
	if err != nil {
		t.Fatal(err)
	}
	if late.Missed() != 3 {
		t.Errorf("a store at 1 has missed %d messages, want 3 (2, 3 and 4)", late.Missed())
	}
}

func testState(t *testing.T, b *bus.Bus) {
	ctx := t.Context()
	for _, name := range []string{"ashby/plain", "ashby/Forward Financing", "hn/ünï.cödé%20>*", strings.Repeat("x", 200)} {
		if v, err := b.State(ctx, name); v != nil || err != nil {
			t.Errorf("state of unknown %q: %q, %v", name, v, err)
		}
		if err := b.PutState(ctx, name, []byte("kept "+name)); err != nil {
			t.Fatal(err)
		}
		if v, err := b.State(ctx, name); string(v) != "kept "+name || err != nil {
			t.Errorf("state of %q: %q, %v", name, v, err)
		}
		if err := b.PutState(ctx, name, nil); err != nil {
			t.Fatal(err)
		}
		if v, err := b.State(ctx, name); v != nil || err != nil {
			t.Errorf("forgotten state of %q: %q, %v", name, v, err)
		}
	}
}

func testSnapshots(t *testing.T, b *bus.Bus) {
	ctx := t.Context()
	if _, r, err := b.NewestSnapshot(ctx); r != nil || err != nil {
		t.Fatalf("a snapshot of an empty bus: %v", err)
	}
	for i := range 3 {
		s := bus.Snapshot{Name: fmt.Sprintf("city-%d", i), Applied: map[string]uint64{bus.Batches: uint64(i)}}
		if err := b.PutSnapshot(ctx, s, strings.NewReader(fmt.Sprintf("file %d", i))); err != nil {
			t.Fatal(err)
		}
	}
	s, r, err := b.NewestSnapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	text := make([]byte, 6)
	if _, err := r.Read(text); err != nil || string(text) != "file 2" || s.Applied[bus.Batches] != 2 {
		t.Errorf("newest snapshot is %q at %v (%v)", text, s.Applied, err)
	}
}

func status(t *testing.T, b *bus.Bus, stream string) bus.StreamStatus {
	t.Helper()
	all, err := b.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		if s.Name == stream {
			return s
		}
	}
	t.Fatalf("no status of %s", stream)
	return bus.StreamStatus{}
}

func pending(t *testing.T, b *bus.Bus, stream string) uint64 {
	t.Helper()
	deadline := time.After(10 * time.Second)
	for {
		n := status(t, b, stream).Pending
		if n == 0 {
			return 0
		}
		select {
		case <-deadline:
			return n
		case <-time.After(10 * time.Millisecond): // acknowledgements are on their way
		}
	}
}

func TestUnreadableMessageGoesToTheDeadLettersAndTheRestGoesOn(t *testing.T) {
	s := externalServer(t)
	cfg := config()
	cfg.URL = s.ClientURL()
	b := open(t, cfg, t.TempDir())
	defer b.Close()
	nc, err := nats.Connect(s.ClientURL())
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := js.Publish(t.Context(), "jobcity.posting.ashby", []byte(`{"schema":99}`)); err != nil {
		t.Fatal(err)
	}
	if err := b.PublishPostings(t.Context(), made(t, 0, 3)); err != nil {
		t.Fatal(err)
	}
	w, err := b.Postings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	take(t, w, 3)
	letters, last, err := b.DeadLetters(t.Context(), 0, 10)
	if err != nil || len(letters) != 1 || last != 1 {
		t.Fatalf("%d dead letters up to %d, %v", len(letters), last, err)
	}
	if d := letters[0]; d.Kind != "posting" || !strings.Contains(d.Reason, "schema 99") || string(d.Payload) != `{"schema":99}` {
		t.Errorf("dead letter %+v", d)
	}
}

func TestPostingTooLargeForTheBusGoesToTheDeadLetters(t *testing.T) {
	b := embedded(t)
	large := made(t, 0, 2)
	large[0].Text = strings.Repeat("x", bus.MaxPayload)
	if err := b.PublishPostings(t.Context(), large); err != nil {
		t.Fatal(err)
	}
	letters, _, err := b.DeadLetters(t.Context(), 0, 10)
	if err != nil || len(letters) != 1 {
		t.Fatalf("%d dead letters, %v", len(letters), err)
	}
	if n := status(t, b, bus.Postings).Messages; n != 1 {
		t.Errorf("%d postings on the bus, want the one that fits", n)
	}
}

func TestFullStreamHoldsUpTheWriterUntilItIsTrimmed(t *testing.T) {
	cfg := config()
	cfg.MaxBytes = 16 << 20
	b := open(t, cfg, t.TempDir())
	defer b.Close()
	ctx := t.Context()
	big := made(t, 0, 100)
	for i := range big {
		big[i].Text = strings.Repeat("x", 300<<10)
	}
	published := make(chan error, 1)
	go func() { published <- b.PublishPostings(ctx, big) }()
	w, err := b.Postings(ctx)
	if err != nil {
		t.Fatal(err)
	}
	got := 0
	for got < 100 {
		postings, settle, err := w.Next(ctx, 10, 50*time.Millisecond)
		if err != nil {
			t.Fatal(err)
		}
		got += len(postings)
		if err := settle(ctx, nil); err != nil {
			t.Fatal(err)
		}
		if err := b.Trim(ctx, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-published; err != nil {
		t.Error(err)
	}
}

func TestPublishToAFullStreamEndsWithItsContext(t *testing.T) {
	cfg := config()
	cfg.MaxBytes = 16 << 20
	b := open(t, cfg, t.TempDir())
	defer b.Close()
	big := made(t, 0, 100)
	for i := range big {
		big[i].Text = strings.Repeat("x", 300<<10)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	if err := b.PublishPostings(ctx, big); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("publishing 30 MB to a stream of 16 MiB: %v, want the context's error", err)
	}
}

func TestSecondProcessIsToldWhoHoldsTheDataFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	unlock, err := bus.Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bus.Lock(dir); !errors.Is(err, bus.ErrLocked) || !strings.Contains(err.Error(), fmt.Sprint(os.Getpid())) {
		t.Errorf("second lock: %v", err)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	again, err := bus.Lock(dir)
	if err != nil {
		t.Fatalf("after unlock: %v", err)
	}
	if err := again(); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("data folder has mode %v, %v", info.Mode(), err)
	}
}

func TestUnreachableBusIsNamed(t *testing.T) {
	cfg := config()
	cfg.URL, cfg.ConnectTimeout = "nats://user:secret@127.0.0.1:1", time.Second
	_, err := bus.Open(t.Context(), cfg, t.TempDir(), quiet, nil)
	if err == nil || !strings.Contains(err.Error(), "127.0.0.1:1") || strings.Contains(err.Error(), "secret") {
		t.Errorf("error %v", err)
	}
}

// publishForever publishes postings in batches and prints how many are
// acknowledged, until it is killed.
func publishForever(dir string) {
	ctx := context.Background()
	b, err := bus.Open(ctx, config(), dir, quiet, nil)
	if err != nil {
		fmt.Println("error", err)
		return
	}
	for from := 0; ; from += 50 {
		var all []posting.Posting
		for i := range 50 {
			p := posting.Posting{Source: "ashby", Board: "made-up", NativeID: fmt.Sprint(from + i), Title: "Engineer"}
			_ = p.Prepare()
			all = append(all, p)
		}
		if err := b.PublishPostings(ctx, all); err != nil {
			fmt.Println("error", err)
			return
		}
		fmt.Println(from + 50)
	}
}

func TestWhatWasAcknowledgedSurvivesKill(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), child+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	acked := 0
	for acked < 1000 {
		if _, err := fmt.Fscanln(out, &acked); err != nil {
			t.Fatalf("child: %v", err)
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for { // what it still said before the end
		if _, err := fmt.Fscanln(out, &acked); err != nil {
			break
		}
	}
	_ = cmd.Wait()
	b := open(t, config(), dir)
	defer b.Close()
	w, err := b.Postings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := take(t, w, acked)
	for i := range acked {
		if id := posting.ID("ashby", "made-up", fmt.Sprint(i)); got[id] == 0 {
			t.Fatalf("posting %d of %d acknowledged is lost", i, acked)
		}
	}
}

func TestValidateNamesEveryBadField(t *testing.T) {
	err := bus.Config{Replicas: 9, MaxBytes: 1}.Validate()
	for _, want := range []string{"replicas:", "max_bytes:", "connect_timeout:"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v does not name %s", err, want)
		}
	}
}
