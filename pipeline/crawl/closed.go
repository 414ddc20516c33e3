package crawl

import (
	"maps"
	"slices"
	"time"

	"jobcity/pipeline/posting"
)

// mostGone is how many pages may go at once and leave nothing: with more, it looks
// like a fault of the site, and what is empty now must stay so to be believed.
const mostGone = 10

// takeGone notes that a request finds nothing any more.
func (s *sweeping) takeGone(key string) {
	delete(s.urls, key)
	s.gone[key] = nil
	before := s.old.URLs[key]
	if before == nil {
		return
	}
	for id := range before.Listed.each() {
		s.gone[key] = append(s.gone[key], id)
		s.fresh = true
	}
}

// closed are the postings whose pages are gone.
func (s *sweeping) closed(at time.Time) []posting.Closing {
	ids := slices.Concat(slices.Collect(maps.Values(s.gone))...)
	if len(s.listed) == 0 && len(ids) > mostGone {
		s.log.Warn("all pages of the board are gone at once; their postings are not closed yet", "postings", len(ids))
		return nil
	}
	return s.closings(ids, at)
}

// vanished are the postings that were listed before and no longer are.
func (s *sweeping) vanished(at time.Time) []posting.Closing {
	return s.closings(slices.Collect(maps.Keys(s.old.published())), at)
}

// closings close those of ids that are not listed.
func (s *sweeping) closings(ids []string, at time.Time) []posting.Closing {
	var out []posting.Closing
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		if !s.listed[id] {
			out = append(out, posting.Closing{ID: id, On: at.Format(time.DateOnly), Reason: "gone"})
		}
	}
	return out
}
