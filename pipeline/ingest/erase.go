package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"jobcity/pipeline/batch"
	"jobcity/pipeline/bus"
	"jobcity/pipeline/employer"
	"jobcity/pipeline/posting"
	"jobcity/pipeline/store"
)

// Erased is what a purge has found and erased.
type Erased struct {
	Postings   int              `json:"postings"`
	Employers  []string         `json:"employers"` // names, as their boards give them
	Boards     []string         `json:"boards"`
	Rows       map[string]int64 `json:"rows"`       // by table
	Messages   map[string]int   `json:"messages"`   // by stream
	Snapshots  int              `json:"snapshots"`  // on the bus
	Tombstones int              `json:"tombstones"` // all there are now
	Waiting    []string         `json:"waiting"`    // streams that were not settled in time: run the purge again
}

// settleLimit is how long a purge waits for what is on its way.
const settleLimit = 30 * time.Second

// Purge erases the postings of a target: from the store, with all that was made of
// them, from the streams, from the snapshots; what is on its way is awaited first.
// Postings erased by page or employer leave a tombstone, here and on the bus, so
// that neither a crawler nor a replay brings them back; those erased by age do not:
// their boards list them no more.
//
// From POSTINGS and DEAD whole messages are erased. A record batch holds many
// postings: the others are published again, as a batch of their own that the store
// knows already, and the old one is erased after that. Sweeps hold ids, which are
// hashes, and their order counts: they stay until they are settled and trimmed, and
// the store passes over the ids in them.
func Purge(ctx context.Context, b *bus.Bus, db *store.DB, t store.Target, log *slog.Logger) (Erased, error) {
	out := Erased{Messages: map[string]int{}}
	for _, s := range []string{bus.Postings, bus.Batches} {
		settled, err := b.Settled(ctx, s, settleLimit)
		if err != nil {
			return out, err
		}
		if !settled {
			out.Waiting = append(out.Waiting, s)
		}
	}
	found, err := db.Find(ctx, t)
	if err != nil {
		return out, err
	}
	out.Postings, out.Employers, out.Boards = len(found.IDs), found.Employers, found.Boards
	p := purge{bus: b, store: db, target: t, ids: map[string]bool{}, names: map[string]bool{}}
	for _, id := range found.IDs {
		p.ids[id] = true
	}
	if err := p.erase(ctx, found, &out); err != nil {
		return out, err
	}
	log.Info("purged", "postings", out.Postings, "messages", out.Messages, "snapshots", out.Snapshots)
	return out, nil
}

// reason is why the postings are erased; those erased by age leave no tombstone.
func reason(t store.Target) string {
	switch {
	case t.URL != "":
		return "url"
	case t.EmployerID != "":
		return "employer"
	}
	return ""
}

type purge struct {
	bus    *bus.Bus
	store  *store.DB
	target store.Target
	ids    map[string]bool
	names  map[string]bool
}

func (p *purge) erase(ctx context.Context, found store.Found, out *Erased) (err error) {
	why := reason(p.target)
	var names []string
	if why == "employer" {
		names = found.Employers
	}
	if out.Rows, err = p.store.Erase(ctx, found.IDs, names, why); err != nil { // with tombstones: nothing comes back here
		return err
	}
	if why != "" { // nor is published again from here on
		if err := keepOut(ctx, p.bus, found.IDs, why); err != nil {
			return err
		}
	}
	for stream, rewrite := range map[string]func(bus.Message) (bool, [][]byte, error){bus.Postings: p.posting, bus.Batches: p.batch, bus.Dead: p.dead} {
		n, err := p.bus.Rewrite(ctx, stream, rewrite)
		if err != nil {
			return err
		}
		if n > 0 {
			out.Messages[stream] = n
		}
	}
	if out.Snapshots, err = p.bus.DropSnapshots(ctx); err != nil {
		return err
	}
	if err := p.store.Compact(ctx); err != nil {
		return err
	}
	if p.bus.Embedded() {
		if err := p.bus.Trim(ctx, sequences(p.store.Positions())); err != nil {
			return err
		}
	}
	all, err := p.store.Tombstones(ctx)
	out.Tombstones = len(all)
	return err
}

// keepOut tells the bus that postings were erased.
func keepOut(ctx context.Context, b *bus.Bus, ids []string, why string) error {
	entries := make(map[string][]byte, len(ids))
	for _, id := range ids {
		t := store.Tombstone{Hash: bus.ErasedKey(id), At: time.Now().UTC(), Reason: why}
		value, err := json.Marshal(t)
		if err != nil {
			return err
		}
		entries[t.Hash] = value
	}
	return b.KeepOut(ctx, entries)
}

func (p *purge) posting(m bus.Message) (bool, [][]byte, error) {
	got, err := posting.Decode(m.Data)
	return err == nil && p.ids[got.ID], nil, nil //nolint:nilerr // what is no posting goes to the dead letters by itself
}

// dead says whether a dead letter is about what is purged: its payload is a
// posting of the target, or came before the time.
func (p *purge) dead(m bus.Message) (bool, [][]byte, error) {
	var d posting.DeadLetter
	if err := json.Unmarshal(m.Data, &d); err != nil {
		return !p.target.Before.IsZero() && m.At.Before(p.target.Before), nil, nil //nolint:nilerr // only its age is known
	}
	if !p.target.Before.IsZero() && d.At.Before(p.target.Before) {
		return true, nil, nil
	}
	if d.Kind == "batch" {
		erase, _, err := p.batch(bus.Message{Data: d.Payload})
		return erase, nil, err
	}
	var got posting.Posting
	if err := json.Unmarshal(d.Payload, &got); err != nil {
		return false, nil, nil //nolint:nilerr // it names no posting
	}
	same := p.ids[got.ID] ||
		p.target.URL != "" && got.URL == p.target.URL ||
		p.target.EmployerID != "" && got.Employer != "" && employer.Key(got.Employer) == p.target.EmployerID
	return same, nil, nil
}

// batch takes the rows of purged postings out of a record batch.
func (p *purge) batch(m bus.Message) (bool, [][]byte, error) {
	rec, err := batch.Decode(m.Data, nil)
	if err != nil {
		return false, nil, nil //nolint:nilerr // it goes to the dead letters by itself
	}
	defer rec.Release()
	ids, ok := rec.Column(0).(*array.String)
	if !ok {
		return false, nil, errors.New("the first column is no posting_id")
	}
	var kept [][2]int // runs of rows that stay
	purged := 0
	for i := range ids.Len() {
		switch {
		case p.ids[ids.Value(i)]:
			purged++
		case len(kept) > 0 && kept[len(kept)-1][1] == i:
			kept[len(kept)-1][1] = i + 1
		default:
			kept = append(kept, [2]int{i, i + 1})
		}
	}
	if purged == 0 || len(kept) == 0 {
		return purged > 0, nil, nil
	}
	data, err := encodeRuns(rec, kept)
	return true, [][]byte{data}, err
}

// encodeRuns encodes some runs of the rows of rec as one batch.
func encodeRuns(rec arrow.RecordBatch, runs [][2]int) ([]byte, error) {
	mem := memory.NewGoAllocator()
	columns := make([]arrow.Array, rec.NumCols())
	rows := 0
	for c, column := range rec.Columns() {
		var parts []arrow.Array
		rows = 0
		for _, r := range runs {
			parts = append(parts, array.NewSlice(column, int64(r[0]), int64(r[1])))
			rows += r[1] - r[0]
		}
		var err error
		columns[c], err = array.Concatenate(parts, mem)
		for _, p := range parts {
			p.Release()
		}
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", rec.ColumnName(c), err)
		}
		defer columns[c].Release()
	}
	part := array.NewRecordBatch(rec.Schema(), columns, int64(rows))
	defer part.Release()
	return batch.Encode(part, mem)
}

// Reconcile brings the tombstones of the store and of the bus together, and erases
// what is left of postings that another server has purged.
func Reconcile(ctx context.Context, b *bus.Bus, db *store.DB) error {
	onBus, err := b.KeptOut(ctx)
	if err != nil {
		return err
	}
	here, err := db.Tombstones(ctx)
	if err != nil {
		return err
	}
	missing, known := map[string][]byte{}, map[string]bool{}
	for _, t := range here {
		known[t.Hash] = true
		if onBus[t.Hash] == nil {
			value, err := json.Marshal(t)
			if err != nil {
				return err
			}
			missing[t.Hash] = value
		}
	}
	if err := b.KeepOut(ctx, missing); err != nil {
		return err
	}
	var more []store.Tombstone
	for hash, value := range onBus {
		t := store.Tombstone{Hash: hash, At: time.Now().UTC(), Reason: "elsewhere"}
		if !known[hash] {
			_ = json.Unmarshal(value, &t) // an unreadable one keeps out all the same
			more = append(more, t)
		}
	}
	if len(more) == 0 {
		return nil
	}
	left, err := db.AddTombstones(ctx, more)
	if err != nil || len(left) == 0 {
		return err
	}
	if _, err := db.Erase(ctx, left, nil, ""); err != nil {
		return err
	}
	return db.Compact(ctx)
}
