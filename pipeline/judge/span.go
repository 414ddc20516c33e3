package judge

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"jobcity/pipeline/posting"
	"jobcity/pipeline/tag"
)

// Sentence is one line of SkillSpan: tokens with the spans that people marked, in
// BIO form. Skills there are what one does, soft ones too ("communicate clearly");
// knowledge is what one knows, from programming languages to fields of study.
//
// Source: M. Zhang and others, SkillSpan, NAACL 2022.
type Sentence struct {
	Posting   int      `json:"idx"` // sentences of one posting share it, within their source
	Tokens    []string `json:"tokens"`
	Skill     []string `json:"tags_skill"`
	Knowledge []string `json:"tags_knowledge"`
	Source    string   `json:"source"` // "tech" or "house"
}

// DecodeSentence reads one line of SkillSpan.
func DecodeSentence(line []byte) (Sentence, error) {
	var s Sentence
	if err := json.Unmarshal(line, &s); err != nil {
		return s, fmt.Errorf("decode sentence: %w", err)
	}
	if len(s.Skill) != len(s.Tokens) || len(s.Knowledge) != len(s.Tokens) {
		return s, fmt.Errorf("decode sentence of posting %d: %d tokens with %d and %d tags", s.Posting, len(s.Tokens), len(s.Skill), len(s.Knowledge))
	}
	return s, nil
}

// span is bytes of a text.
type span struct{ start, end int }

func (s span) overlaps(o span) bool { return s.start < o.end && o.start < s.end }

// SpanText is one posting of SkillSpan as a text, and where its spans are.
type SpanText struct {
	text      strings.Builder
	skill     []span
	knowledge []span
}

// Append adds the posting's next sentence, as a line of its own.
func (t *SpanText) Append(s Sentence) {
	at := make([]span, len(s.Tokens))
	for i, token := range s.Tokens {
		if i > 0 {
			t.text.WriteByte(' ')
		}
		at[i].start = t.text.Len()
		t.text.WriteString(maskedWords.Replace(token))
		at[i].end = t.text.Len()
	}
	t.text.WriteByte('\n')
	t.skill = append(t.skill, spans(s.Skill, at)...)
	t.knowledge = append(t.knowledge, spans(s.Knowledge, at)...)
}

// maskedWords keeps placeholders such as <LOCATION> from looking like HTML.
var maskedWords = strings.NewReplacer("<", "[", ">", "]")

// spans joins the tokens of BIO tags.
func spans(bio []string, at []span) []span {
	var out []span
	for i, b := range bio {
		switch {
		case b == "B" || b == "I" && (i == 0 || bio[i-1] == "O"):
			out = append(out, at[i])
		case b == "I":
			out[len(out)-1].end = at[i].end
		}
	}
	return out
}

// Posting is the text to tag; it has no title.
func (t *SpanText) Posting(id string) posting.Posting {
	return posting.Posting{ID: id, Text: t.text.String()}
}

// Spans gathers how the skills of tags agree with the spans of SkillSpan.
type Spans struct{ inside, knowledge, skill row }

// NewSpans is an agreement over no postings.
func NewSpans() *Spans {
	empty := func() row { return row{groups: map[string]*Count{}, confusions: map[Confusion]int{}} }
	return &Spans{empty(), empty(), empty()}
}

// Add compares the tags of one posting with its spans. Places of a skill are what
// its evidence shows, at most three each, so a span counts as found when our
// evidence touches any span of the posting with the same words.
func (a *Spans) Add(group string, t *SpanText, got *tag.Tags) {
	var ours []span
	text := t.text.String()
	for _, e := range got.Evidence {
		if !strings.HasPrefix(e.Tag, "skill:") || e.Section == "title" {
			continue
		}
		at := span{e.Start, e.End}
		ours = append(ours, at)
		marked := slices.ContainsFunc(t.knowledge, at.overlaps) || slices.ContainsFunc(t.skill, at.overlaps)
		a.inside.count(group, marked, "", strings.ToLower(e.Text))
	}
	a.knowledge.found(group, text, t.knowledge, ours)
	a.skill.found(group, text, t.skill, ours)
}

// count counts one trial of a share.
func (r *row) count(group string, right bool, labelled, tagged string) {
	r.n++
	if right {
		r.add(group, Count{Right: 1})
		return
	}
	r.add(group, Count{Wrong: 1})
	r.confuse(labelled, tagged)
}

// found counts which of the different marked words any of ours touches.
func (r *row) found(group, text string, marked, ours []span) {
	touched := map[string]bool{}
	for _, m := range marked {
		words := strings.ToLower(text[m.start:m.end])
		touched[words] = touched[words] || slices.ContainsFunc(ours, m.overlaps)
	}
	for words, ok := range touched {
		r.count(group, ok, words, "")
	}
}

// Rows are the shares: of our skills' places those inside a span, and of the
// different spans of a posting those that a skill of ours touches.
func (a *Spans) Rows() []Row {
	return []Row{a.inside.finish("span", "our skills inside a span"), a.knowledge.finish("span", "knowledge spans touched"), a.skill.finish("span", "skill spans touched")}
}
