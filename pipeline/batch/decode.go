package batch

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"jobcity/pipeline/posting"
)

// Decode reads an encoded batch. The record batch takes its memory from mem (nil
// means the Go allocator) and must be released. Bytes that are no Arrow IPC
// stream, a stream of another schema and a stream that holds anything but one
// record batch are refused with an error that wraps [posting.ErrInvalid].
func Decode(data []byte, mem memory.Allocator) (rec arrow.RecordBatch, err error) {
	if mem == nil {
		mem = memory.NewGoAllocator()
	}
	// Arrow's reader believes the sizes it finds: damaged bytes must not reach it,
	// or they make it allocate without bound.
	end := len(data) - crc32.Size
	if end < 0 || binary.BigEndian.Uint32(data[end:]) != crc32.Checksum(data[:end], castagnoli) {
		return nil, fmt.Errorf("%w: batch: its checksum does not match", posting.ErrInvalid)
	}
	data = data[:end]
	defer func() {
		if p := recover(); p != nil { // the reader trusts offsets it finds in the bytes
			rec, err = nil, fmt.Errorf("%w: batch: damaged Arrow stream: %v", posting.ErrInvalid, p)
		}
	}()
	r, err := ipc.NewReader(bytes.NewReader(data), ipc.WithAllocator(mem))
	if err != nil {
		return nil, fmt.Errorf("%w: batch: %w", posting.ErrInvalid, err)
	}
	defer r.Release()
	if err := checkSchema(r.Schema()); err != nil {
		return nil, err
	}
	if !r.Next() {
		return nil, fmt.Errorf("%w: batch without rows (%w)", posting.ErrInvalid, cmp.Or(r.Err(), io.EOF))
	}
	first := r.RecordBatch()
	first.Retain()
	if r.Next() {
		first.Release()
		return nil, fmt.Errorf("%w: batch of more than one record batch", posting.ErrInvalid)
	}
	if err := r.Err(); err != nil {
		first.Release()
		return nil, fmt.Errorf("%w: batch: %w", posting.ErrInvalid, err)
	}
	return first, nil
}

func checkSchema(got *arrow.Schema) error {
	want := Schema()
	if v, ok := got.Metadata().GetValue(SchemaKey); !ok || v != SchemaVersion {
		return fmt.Errorf("%w: batch has schema version %q, this program reads %q", posting.ErrInvalid, v, SchemaVersion)
	}
	if got.NumFields() != want.NumFields() {
		return fmt.Errorf("%w: batch has %d columns, this program reads %d", posting.ErrInvalid, got.NumFields(), want.NumFields())
	}
	for i, w := range want.Fields() {
		if g := got.Field(i); g.Name != w.Name || !arrow.TypeEqual(g.Type, w.Type) {
			return fmt.Errorf("%w: column %d of the batch is %s %s, want %s %s", posting.ErrInvalid, i+1, g.Name, g.Type, w.Name, w.Type)
		}
	}
	return nil
}
