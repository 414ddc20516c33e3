package bus_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"jobcity/pipeline/bus"
	"jobcity/pipeline/posting"
)

// admin is JetStream of an external server, as its owner has it.
func admin(t *testing.T, s *server.Server) jetstream.JetStream {
	t.Helper()
	nc, err := nats.Connect(s.ClientURL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	return js
}

func external(t *testing.T, s *server.Server) *bus.Bus {
	t.Helper()
	cfg := config()
	cfg.URL = s.ClientURL()
	b := open(t, cfg, t.TempDir())
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func TestNothingComesAgainAfterACleanStop(t *testing.T) {
	dir := t.TempDir()
	b := open(t, config(), dir)
	if err := b.PublishPostings(t.Context(), made(t, 0, 1500)); err != nil {
		t.Fatal(err)
	}
	for i := range 4 {
		if err := b.PublishBatch(t.Context(), fmt.Appendf(nil, "batch %d", i)); err != nil {
			t.Fatal(err)
		}
	}
	w, err := b.Postings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	take(t, w, 1500)
	f, err := b.Follow(t.Context(), bus.Batches, "store", 0)
	if err != nil {
		t.Fatal(err)
	}
	got := follow(t, f, 3)
	if err := f.Settle(t.Context(), got[2].Sequence); err != nil {
		t.Fatal(err)
	}
	created := f.Created()
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}

	b = open(t, config(), dir)
	defer b.Close()
	if err := b.PublishPostings(t.Context(), made(t, 1500, 1)); err != nil {
		t.Fatal(err)
	}
	if w, err = b.Postings(t.Context()); err != nil {
		t.Fatal(err)
	}
	for id := range take(t, w, 1) {
		if want := posting.ID("ashby", "made-up", "1500"); id != want {
			t.Errorf("posting %s came again", id)
		}
	}
	if f, err = b.Follow(t.Context(), bus.Batches, "store", got[2].Sequence); err != nil {
		t.Fatal(err)
	}
	if m := follow(t, f, 1); string(m[0].Data) != "batch 3" || !f.Created().Equal(created) {
		t.Errorf("after the restart: %q of a stream made at %v, before it was %v", m[0].Data, f.Created(), created)
	}
}

func TestStopUnderLoadLosesNothingThatWasAcknowledged(t *testing.T) {
	dir := t.TempDir()
	b := open(t, config(), dir)
	w, err := b.Postings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var published, taken atomic.Int64
	g := errgroup.Group{}
	g.Go(func() error {
		for ctx.Err() == nil {
			if err := b.PublishPostings(ctx, made(t, int(published.Load()), 50)); err != nil {
				return nil //nolint:nilerr // the stop
			}
			published.Add(50)
		}
		return nil
	})
	g.Go(func() error {
		for {
			postings, settle, err := w.Next(ctx, 100, 10*time.Millisecond)
			if err != nil {
				return nil //nolint:nilerr // the stop
			}
			if err := settle(context.WithoutCancel(ctx), nil); err != nil {
				return err
			}
			if taken.Add(int64(len(postings))) > 500 {
				stop()
			}
		}
	})
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	stop()
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b = open(t, config(), dir)
	defer b.Close()
	if n := status(t, b, bus.Postings).Messages; int64(n) < published.Load() {
		t.Errorf("%d postings on the bus, %d were acknowledged", n, published.Load())
	}
}

func TestManyWritersAtOnce(t *testing.T) {
	b := external(t, externalServer(t))
	g := errgroup.Group{}
	for i := range 120 { // the server takes 50 batches at a time
		g.Go(func() error { return b.PublishPostings(t.Context(), made(t, i*20, 20)) })
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	if n := status(t, b, bus.Postings).Messages; n < 2400 {
		t.Errorf("%d postings on the bus, want 2400", n)
	}
}

func TestServerRestartHoldsUpTheWriter(t *testing.T) {
	opts := &server.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true}
	start := func() *server.Server {
		s, err := server.NewServer(opts)
		if err != nil {
			t.Fatal(err)
		}
		s.Start()
		if !s.ReadyForConnections(20 * time.Second) {
			t.Fatal("server is not ready")
		}
		return s
	}
	s := start()
	cfg := config()
	cfg.URL = s.ClientURL()
	opts.Port = s.Addr().(*net.TCPAddr).Port
	b := open(t, cfg, t.TempDir())
	defer b.Close()
	half, done := make(chan struct{}), make(chan error, 1)
	go func() {
		for i := range 40 {
			if i == 10 {
				close(half)
			}
			if err := b.PublishPostings(t.Context(), made(t, i*10, 10)); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	<-half
	s.Shutdown()
	s.WaitForShutdown()
	s = start()
	defer func() { s.Shutdown(); s.WaitForShutdown() }()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	w, err := b.Postings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	take(t, w, 400)
}

func TestDeletedConsumersAreNoticed(t *testing.T) {
	s := externalServer(t)
	b, js := external(t, s), admin(t, s)
	w, err := b.Postings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	f, err := b.Follow(t.Context(), bus.Batches, "store", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, stream := range []string{bus.Postings, bus.Batches} {
		st, err := js.Stream(t.Context(), stream)
		if err != nil {
			t.Fatal(err)
		}
		for name := range st.ConsumerNames(t.Context()).Name() {
			if err := st.DeleteConsumer(t.Context(), name); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := f.Next(t.Context(), 1, time.Second); !errors.Is(err, bus.ErrGone) {
		t.Errorf("following without a consumer: %v, want ErrGone", err)
	}
	if err := b.PublishPostings(t.Context(), made(t, 0, 3)); err != nil {
		t.Fatal(err)
	}
	take(t, w, 3)
}

func TestStreamMadeAnewIsTold(t *testing.T) {
	s := externalServer(t)
	b, js := external(t, s), admin(t, s)
	for i := range 5 {
		if err := b.PublishBatch(t.Context(), fmt.Appendf(nil, "batch %d", i)); err != nil {
			t.Fatal(err)
		}
	}
	before, err := b.StreamCreated(t.Context(), bus.Batches)
	if err != nil {
		t.Fatal(err)
	}
	if err := js.DeleteStream(t.Context(), bus.Batches); err != nil {
		t.Fatal(err)
	}
	again := external(t, s)
	if err := again.PublishBatch(t.Context(), []byte("anew")); err != nil {
		t.Fatal(err)
	}
	after, err := again.StreamCreated(t.Context(), bus.Batches)
	if err != nil || !after.After(before) {
		t.Errorf("made at %v, and then at %v (%v)", before, after, err)
	}
	if _, err := again.Follow(t.Context(), bus.Batches, "store", 5); !errors.Is(err, bus.ErrRewound) {
		t.Errorf("following behind the end: %v, want ErrRewound", err)
	}
	f, err := again.Follow(t.Context(), bus.Batches, "store", 0)
	if err != nil {
		t.Fatal(err)
	}
	if m := follow(t, f, 1); m[0].Sequence != 1 || string(m[0].Data) != "anew" {
		t.Errorf("first message %d is %q", m[0].Sequence, m[0].Data)
	}
}

func TestFollowersWithLikeNamesStayApart(t *testing.T) {
	b := embedded(t)
	if err := b.PublishBatch(t.Context(), []byte("x")); err != nil {
		t.Fatal(err)
	}
	long, err := b.Follow(t.Context(), bus.Batches, "a_1", 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Follow(t.Context(), bus.Batches, "a", 0); err != nil {
		t.Fatal(err)
	}
	follow(t, long, 1)
}

func TestPublishingTheSameBatchAgainStoresItOnce(t *testing.T) {
	b := embedded(t)
	for range 3 {
		if err := b.PublishBatch(t.Context(), []byte("the same")); err != nil {
			t.Fatal(err)
		}
	}
	if n := status(t, b, bus.Batches).Messages; n != 1 {
		t.Errorf("%d messages, want 1", n)
	}
}

func TestFullDiskHoldsUpTheWriterUntilThereIsRoom(t *testing.T) {
	b := embedded(t)
	var free atomic.Uint64
	asked := make(chan struct{})
	once := sync.OnceFunc(func() { close(asked) })
	b.SetFree(func(string) (uint64, error) { once(); return free.Load(), nil })
	done := make(chan error, 1)
	go func() { done <- b.PublishPostings(t.Context(), made(t, 0, 10)) }()
	<-asked
	if n := status(t, b, bus.Postings).Messages; n != 0 {
		t.Errorf("%d postings were written to a full disk", n)
	}
	free.Store(bus.MinFree)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestSmallServerGetsNoLargeMessages(t *testing.T) {
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, MaxPayload: 300 << 10, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(20 * time.Second) {
		t.Fatal("server is not ready")
	}
	defer func() { s.Shutdown(); s.WaitForShutdown() }()
	b := external(t, s)
	large := made(t, 0, 2)
	large[0].Text = strings.Repeat("x", 310<<10)
	if err := b.PublishPostings(t.Context(), large); err != nil {
		t.Fatal(err)
	}
	if n := status(t, b, bus.Postings).Messages; n != 1 {
		t.Errorf("%d postings on the bus, want the one that fits", n)
	}
	if err := b.PublishBatch(t.Context(), make([]byte, 310<<10)); !errors.Is(err, posting.ErrInvalid) {
		t.Errorf("a large record batch: %v, want ErrInvalid", err)
	}
}

// delivered is a message that has come n times.
type delivered struct {
	jetstream.Msg
	n    uint64
	data []byte
}

func (d delivered) Metadata() (*jetstream.MsgMetadata, error) {
	return &jetstream.MsgMetadata{NumDelivered: d.n}, nil
}
func (d delivered) Data() []byte { return d.data }

func TestPostingThatIsNeverSettledIsGivenUp(t *testing.T) {
	w, err := embedded(t).Postings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	data, err := made(t, 0, 1)[0].Encode()
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Read(delivered{n: bus.MaxDeliveries, data: data}); err != nil {
		t.Errorf("delivered %d times: %v", bus.MaxDeliveries, err)
	}
	if err := w.Read(delivered{n: bus.MaxDeliveries + 1, data: data}); err == nil || !strings.Contains(err.Error(), "never settled") {
		t.Errorf("delivered once more: %v, want that it is given up", err)
	}
}
