// Package bus carries postings, record batches, sweeps and dead letters over
// NATS JetStream: a server inside the process by default, or a server or cluster
// by its address, over the same code. What it acknowledges is on disk: the
// embedded server syncs before it acknowledges, and rate comes from atomic
// batches. A full stream holds up its writers; nothing is dropped and nothing is
// acknowledged upstream before it is durable downstream.
package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
)

// The streams.
const (
	Postings = "POSTINGS"
	Sweeps   = "SWEEPS"
	Batches  = "BATCHES"
	Dead     = "DEAD"
)

// subjects of the streams; a posting's subject ends in its source.
var subjects = map[string]string{
	Postings: "jobcity.posting.*",
	Sweeps:   "jobcity.sweep",
	Batches:  "jobcity.batch",
	Dead:     "jobcity.dead.*",
}

// Bus is an open bus. It is safe for concurrent use.
type Bus struct {
	log     *slog.Logger
	server  *server.Server // nil when the bus is elsewhere
	nc      *nats.Conn
	js      jetstream.JetStream
	boards  jetstream.KeyValue
	leases  jetstream.KeyValue
	metrics metrics
	lost    lost
	erased  erased

	leaseTime time.Duration
	replicas  int
	maxBytes  int64
	free      func(dir string) (uint64, error) // bytes left on the disk of the embedded server
}

// Open starts the embedded server under dataDir/bus, or connects to cfg.URL, and
// makes the streams. The caller holds the [Lock] on dataDir. Metrics go to reg
// unless it is nil.
func Open(ctx context.Context, cfg Config, dataDir string, log *slog.Logger, reg prometheus.Registerer) (*Bus, error) {
	b := &Bus{log: log.With("component", "bus"), metrics: newMetrics(reg), leaseTime: cfg.Lease, replicas: cfg.Replicas, maxBytes: cfg.MaxBytes, free: freeBytes}
	var err error
	if cfg.URL == "" {
		err = b.embed(cfg, filepath.Join(dataDir, "bus"))
	} else {
		err = patiently(ctx, cfg.ConnectTimeout, func() error { return b.connect(cfg) })
	}
	if err == nil { // a cluster that has just started has no leader yet
		err = patiently(ctx, cfg.ConnectTimeout, func() error { return b.prepare(ctx, cfg) })
	}
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// patiently calls f until it succeeds, fails for good, or limit is over.
func patiently(ctx context.Context, limit time.Duration, f func() error) error {
	begin := time.Now()
	for n := 0; ; n++ {
		err := f()
		if err == nil || !passing(err) || time.Since(begin)+retryDelay(n) > limit {
			return err
		}
		if err := sleep(ctx, retryDelay(n)); err != nil {
			return err
		}
	}
}

func (b *Bus) embed(cfg Config, dir string) error {
	s, err := server.NewServer(&server.Options{
		ServerName: "jobcity", DontListen: true, NoSigs: true,
		JetStream: true, StoreDir: dir, SyncAlways: true,
		JetStreamMaxStore: 8 * cfg.MaxBytes, JetStreamMaxMemory: 64 << 20,
	})
	if err != nil {
		return fmt.Errorf("embedded bus in %s: %w", dir, err)
	}
	s.SetLoggerV2(serverLog{b.log}, false, false, false)
	b.server = s
	s.Start()
	if !s.ReadyForConnections(cfg.ConnectTimeout) {
		return fmt.Errorf("embedded bus in %s is not ready after %s", dir, cfg.ConnectTimeout)
	}
	b.nc, err = nats.Connect("", nats.InProcessServer(s), nats.MaxReconnects(-1))
	if err != nil {
		return fmt.Errorf("connect to the embedded bus: %w", err)
	}
	return nil
}

func (b *Bus) connect(cfg Config) error {
	opts := []nats.Option{
		nats.Name("jobcity"), nats.Timeout(min(cfg.ConnectTimeout, 5*time.Second)), nats.MaxReconnects(-1),
		nats.ReconnectWait(500 * time.Millisecond),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			b.lost.tell()
			b.log.Warn("bus is out of reach, trying again", "error", err)
		}),
		nats.ReconnectHandler(func(*nats.Conn) { b.log.Info("bus is back") }),
	}
	if cfg.Credentials != "" {
		opts = append(opts, nats.UserCredentials(cfg.Credentials))
	}
	nc, err := nats.Connect(cfg.URL, opts...)
	if err != nil {
		return fmt.Errorf("connect to the bus at %s: %w (is a NATS server with JetStream running there?)", redacted(cfg.URL), err)
	}
	b.nc = nc
	return nil
}

// prepare makes the streams and buckets, or brings them to cfg.
func (b *Bus) prepare(ctx context.Context, cfg Config) error {
	js, err := jetstream.New(b.nc)
	if err != nil {
		return fmt.Errorf("JetStream: %w", err)
	}
	b.js = js
	for _, name := range []string{Postings, Sweeps, Batches, Dead} {
		_, err := js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
			Name: name, Subjects: []string{subjects[name]},
			Retention: jetstream.LimitsPolicy, Discard: jetstream.DiscardNew,
			Storage: jetstream.FileStorage, Replicas: cfg.Replicas, MaxBytes: cfg.MaxBytes,
			AllowAtomicPublish: true, AllowDirect: true,
		})
		if err != nil {
			return fmt.Errorf("stream %s: %w", name, err)
		}
	}
	b.boards, err = js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: boardsBucket, Description: "what each board listed when it was last crawled",
		Storage: jetstream.FileStorage, Replicas: cfg.Replicas, MaxBytes: cfg.MaxBytes,
	})
	if err != nil {
		return fmt.Errorf("bucket boards: %w", err)
	}
	keys, err := b.KeptOut(ctx)
	if err != nil {
		return err
	}
	b.erased.add(slices.Collect(maps.Keys(keys))...)
	b.leases, err = js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: leasesBucket, Description: "which crawler works on which board", TTL: cfg.Lease,
		Storage: jetstream.MemoryStorage, Replicas: cfg.Replicas, MaxBytes: 16 << 20,
	})
	if err != nil {
		return fmt.Errorf("bucket leases: %w", err)
	}
	return nil
}

// closeTimeout is how long Close waits for the server to take what is on its way.
const closeTimeout = 2 * time.Second

// Close hands over what is on its way, disconnects and stops the embedded server,
// if there is one. Consumers must have ended before.
func (b *Bus) Close() error {
	if b.nc != nil {
		if b.nc.IsConnected() {
			if err := b.nc.FlushTimeout(closeTimeout); err != nil {
				b.log.Warn("what was settled last may come again", "error", err)
			}
		}
		b.nc.Close()
	}
	if b.server != nil {
		b.server.Shutdown()
		b.server.WaitForShutdown()
	}
	return nil
}

// Embedded says whether the bus runs inside this process.
func (b *Bus) Embedded() bool { return b.server != nil }

// serverLog hands the embedded server's messages to slog. Its notices are for
// who runs NATS, so they are debug here.
type serverLog struct{ log *slog.Logger }

func (l serverLog) Noticef(f string, v ...any) { l.log.Debug("nats", "message", fmt.Sprintf(f, v...)) }
func (l serverLog) Warnf(f string, v ...any)   { l.log.Debug("nats", "message", fmt.Sprintf(f, v...)) }
func (l serverLog) Errorf(f string, v ...any)  { l.log.Error("nats", "message", fmt.Sprintf(f, v...)) }
func (l serverLog) Fatalf(f string, v ...any)  { l.log.Error("nats", "message", fmt.Sprintf(f, v...)) }
func (l serverLog) Debugf(string, ...any)      {}
func (l serverLog) Tracef(string, ...any)      {}

// retryDelay is how long to wait before attempt n, from 50 ms doubling to 5 s.
func retryDelay(n int) time.Duration {
	return min(50*time.Millisecond<<min(n, 10), 5*time.Second)
}

// sleep waits for d or until ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
