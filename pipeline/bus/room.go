package bus

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// minFree is how many bytes the embedded server leaves free on its disk. A
// JetStream that meets a full disk switches itself off until it is restarted, so
// it must not get there.
const minFree = 128 << 20

// errNoRoom says that the disk of the embedded server is full.
var errNoRoom = errors.New("disk is full")

// room returns an error while the disk of the embedded server has less than
// minFree left. Where the bus is elsewhere it cannot know.
func (b *Bus) room() error {
	if b.server == nil {
		return nil
	}
	free, err := b.free(b.server.StoreDir())
	if err != nil {
		return fmt.Errorf("free space of the bus: %w", err)
	}
	if free < minFree {
		return fmt.Errorf("%w: %d MiB are left, at least %d must stay", errNoRoom, free>>20, minFree>>20)
	}
	return nil
}

// freeBytes is how many bytes an ordinary user may still write to dir.
func freeBytes(dir string) (uint64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, err
	}
	return st.Bavail * uint64(st.Bsize), nil
}
