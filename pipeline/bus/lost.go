package bus

import "sync"

// lost calls who waits for an answer over a connection when that is lost.
type lost struct {
	mu    sync.Mutex
	next  int
	calls map[int]func()
}

// watch has f called once when the connection is lost before stop is called.
func (l *lost) watch(f func()) (stop func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.calls == nil {
		l.calls = map[int]func(){}
	}
	id := l.next
	l.next++
	l.calls[id] = f
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.calls, id)
	}
}

// tell calls all who watch.
func (l *lost) tell() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, f := range l.calls {
		f()
		delete(l.calls, id)
	}
}
