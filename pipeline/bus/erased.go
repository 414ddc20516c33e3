package bus

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"sync"

	"jobcity/pipeline/posting"
)

// erased are the keys of what was erased, as far as this process knows.
type erased struct {
	mu   sync.RWMutex
	keys map[string]bool
}

func (e *erased) add(keys ...string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.keys == nil {
		e.keys = map[string]bool{}
	}
	for _, k := range keys {
		e.keys[k] = true
	}
}

// ErasedKey is the key under which a posting is remembered as erased: SHA-256 of
// its id, in hex.
func ErasedKey(id string) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:])
}

// Erased says whether a posting was erased on demand, as far as this process
// knows; the store has the last word.
func (b *Bus) Erased(id string) bool {
	b.erased.mu.RLock()
	defer b.erased.mu.RUnlock()
	return len(b.erased.keys) > 0 && b.erased.keys[ErasedKey(id)]
}

// withoutErased leaves out the postings that were erased on demand.
func (b *Bus) withoutErased(postings []posting.Posting) []posting.Posting {
	if !slices.ContainsFunc(postings, func(p posting.Posting) bool { return b.Erased(p.ID) }) {
		return postings
	}
	return slices.DeleteFunc(slices.Clone(postings), func(p posting.Posting) bool { return b.Erased(p.ID) })
}
