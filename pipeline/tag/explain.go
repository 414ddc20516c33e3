package tag

import "jobcity/pipeline/posting"

// Miss is what nearly made a tag, and why it did not.
type Miss struct {
	Tag     string `json:"tag"` // the tag it would have made; empty for a phrase that is known to be none
	Why     string `json:"why"`
	Start   int    `json:"start"` // as in [Evidence]
	End     int    `json:"end"`
	Text    string `json:"text"`
	Section string `json:"section"`
}

// Explanation is a posting's tags and what nearly made others.
type Explanation struct {
	Tags   Tags   `json:"tags"`
	Misses []Miss `json:"misses"`
}

// Explain is [Tagger.Tag] with the near misses: everyday words that nothing
// vouched for, denied skills, hard negatives.
func (t *Tagger) Explain(p posting.Posting) Explanation {
	tags, misses := t.tag(&p, true)
	return Explanation{tags, misses}
}
