package crawl

import (
	"hash/fnv"
	"slices"
	"strconv"
)

// rechecks is how many requests that promise nothing new a sweep makes: a board
// of 2,000 postings that are answered one by one is read anew in ten sweeps.
const rechecks = 200

// spared says whether a request that promises nothing new need not be made. The
// rechecks that were made longest ago are made again in every sweep.
func (s *sweeping) spared(before *urlState) bool {
	if s.oldest == nil {
		asked := []int64{}
		for _, u := range s.old.URLs {
			if u.Version != "" {
				asked = append(asked, u.Asked)
			}
		}
		slices.Sort(asked)
		s.oldest = asked[:min(len(asked), s.rechecks)]
	}
	if s.rechecked >= len(s.oldest) || before.Asked > s.oldest[len(s.oldest)-1] {
		return true
	}
	s.rechecked++
	return false
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
