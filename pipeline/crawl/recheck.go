package crawl

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strconv"
)

// rechecks is how many requests that promise nothing new a sweep makes: a board
// of 2,000 postings that are answered one by one is read anew in ten sweeps.
const rechecks = 200

// spared says whether a request that promises nothing new need not be made. Those
// that were not made for longest are made in every sweep.
func (s *sweeping) spared(key string) bool {
	if s.due == nil {
		var keys []string
		for key, u := range s.old.URLs {
			if u.Version != "" {
				keys = append(keys, key)
			}
		}
		slices.SortFunc(keys, func(a, b string) int {
			return cmp.Or(cmp.Compare(s.old.URLs[a].Asked, s.old.URLs[b].Asked), cmp.Compare(a, b))
		})
		s.due = map[string]bool{}
		for _, key := range keys[:min(len(keys), s.rechecks)] {
			s.due[key] = true
		}
	}
	return !s.due[key]
}

// versionMark is a short hash of a request's version, "" for none.
func versionMark(version string) string {
	if version == "" {
		return ""
	}
	h := fnv.New64a()
	h.Write([]byte(version))
	return strconv.FormatUint(h.Sum64(), 36)
}

// unread is the state of a request that failed: as the last sweep left it, and
// what that listed is listed still.
func (s *sweeping) unread(key string) *urlState {
	before := s.old.URLs[key]
	if before == nil || s.old.Running {
		return &urlState{}
	}
	kept := *before
	if !s.trusted {
		kept.ETag, kept.LastModified, kept.Version = "", "", ""
	}
	for id := range kept.Listed.each() {
		s.listed[id] = true
	}
	return &kept
}
