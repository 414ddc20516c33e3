package batch

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"jobcity/pipeline/posting"
)

// rawPerEncoded is how many bytes of rows are gathered for one byte of the
// limit. Postings compress to between a half and a third; a batch that comes out
// too large all the same is halved.
const rawPerEncoded = 2

// Batch is a run of rows as one Arrow IPC stream, compressed with zstd.
type Batch struct {
	Data []byte
	Rows int
}

// Builder gathers rows. It is not safe for concurrent use.
type Builder struct {
	policy  Policy
	mem     memory.Allocator
	schema  *arrow.Schema
	columns []column
	rows    *array.RecordBuilder
	count   int // rows gathered
	raw     int // their bytes, before compression
}

// NewBuilder returns an empty builder. Memory comes from mem; nil means the Go
// allocator. Release must be called in the end.
func NewBuilder(p Policy, mem memory.Allocator) (*Builder, error) {
	if err := p.Validate(); err != nil {
		return nil, fmt.Errorf("batch policy: %w", err)
	}
	if mem == nil {
		mem = memory.NewGoAllocator()
	}
	schema := Schema()
	return &Builder{policy: p, mem: mem, schema: schema, columns: columns(), rows: array.NewRecordBuilder(mem, schema)}, nil
}

// Release gives the builder's memory back. Rows not flushed are lost.
func (b *Builder) Release() { b.rows.Release() }

// Rows is the number of rows gathered and not yet yielded.
func (b *Builder) Rows() int { return b.count }

// Add takes a row. It returns the batches that are full, which
// hold all rows added so far in their order, or none while rows are still being
// gathered. An error that wraps [posting.ErrInvalid] means this row cannot be
// used and was left out; batches returned beside it are good.
func (b *Builder) Add(r Row) ([]Batch, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	size := r.size()
	if size > b.policy.MaxBytes {
		return b.addLarge(&r)
	}
	b.append(&r, size)
	if b.count < b.policy.MaxRows && b.raw < rawPerEncoded*b.policy.MaxBytes {
		return nil, nil
	}
	return b.Flush()
}

// addLarge yields what was gathered, then the row in a batch of its own, if it
// fits one.
func (b *Builder) addLarge(r *Row) ([]Batch, error) {
	out, err := b.Flush()
	if err != nil {
		return nil, err
	}
	b.append(r, r.size())
	alone, err := b.Flush()
	return append(out, alone...), err
}

func (b *Builder) append(r *Row, size int) {
	rec := newRecord(r)
	for i, c := range b.columns {
		c.fill(b.rows.Field(i), rec)
	}
	b.count++
	b.raw += size
}

// Flush yields all gathered rows.
func (b *Builder) Flush() ([]Batch, error) {
	if b.count == 0 {
		return nil, nil
	}
	rec := b.rows.NewRecordBatch()
	defer rec.Release()
	b.count, b.raw = 0, 0
	return b.encode(nil, rec)
}

// encode appends the batches of rec, halving it until each fits.
func (b *Builder) encode(out []Batch, rec arrow.RecordBatch) ([]Batch, error) {
	data, err := Encode(rec, b.mem)
	if err != nil {
		return out, err
	}
	n := rec.NumRows()
	switch {
	case len(data) <= b.policy.MaxBytes:
		return append(out, Batch{Data: data, Rows: int(n)}), nil
	case n == 1:
		id := rec.Column(0).(*array.String).Value(0)
		return out, fmt.Errorf("%w: posting %s takes %d bytes alone, a batch may have %d", posting.ErrInvalid, id, len(data), b.policy.MaxBytes)
	}
	for _, half := range [][2]int64{{0, n / 2}, {n / 2, n}} {
		part := rec.NewSlice(half[0], half[1])
		out, err = b.encode(out, part)
		part.Release()
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

// Encode writes rec as an Arrow IPC stream, its buffers compressed with zstd, and
// after the stream's end the CRC-32C of its bytes, big endian. Readers of Arrow
// stop before it.
func Encode(rec arrow.RecordBatch, mem memory.Allocator) ([]byte, error) {
	var buf bytes.Buffer
	w := ipc.NewWriter(&buf, ipc.WithSchema(rec.Schema()), ipc.WithAllocator(mem), ipc.WithZstd(), ipc.WithCompressConcurrency(1))
	if err := w.Write(rec); err != nil {
		return nil, fmt.Errorf("encode batch of %d rows: %w", rec.NumRows(), err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("encode batch of %d rows: %w", rec.NumRows(), err)
	}
	return binary.BigEndian.AppendUint32(buf.Bytes(), crc32.Checksum(buf.Bytes(), castagnoli)), nil
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)
