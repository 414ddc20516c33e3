package lever_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"jobcity/pipeline/crawl/lever"
)

// BenchmarkDecode reads a page of 100 postings of 5 KB, beside what encoding/json
// alone takes for it.
func BenchmarkDecode(b *testing.B) {
	item := "<li>Keep 4,000 robots online &amp; in good mood, with <b>Go</b> and Linux</li>"
	var jobs []string
	for i := range 100 {
		job, err := json.Marshal(map[string]any{
			"id": fmt.Sprint(i), "text": "Site Reliability Engineer", "description": strings.Repeat("<div>We build arms that fold laundry, all over the world.</div>", 30),
			"lists":      []any{map[string]any{"text": "Duties", "content": strings.Repeat(item, 15)}, map[string]any{"text": "Requirements", "content": strings.Repeat(item, 15)}},
			"categories": map[string]any{"location": "Lisbon", "allLocations": []string{"Lisbon", "Porto"}, "commitment": "Full-time"}, "createdAt": 1772359200000,
		})
		if err != nil {
			b.Fatal(err)
		}
		jobs = append(jobs, string(job))
	}
	body := []byte("[" + strings.Join(jobs, ",") + "]")
	b.Run("Decode", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			if ps, _, err := lever.Decode(body, board()); err != nil || len(ps) != 100 {
				b.Fatal(len(ps), err)
			}
		}
	})
	b.Run("encoding json alone", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			var all []struct {
				ID, Text, Description string
				Lists                 []struct{ Text, Content string }
				Categories            struct {
					Location, Commitment string
					AllLocations         []string
				}
				CreatedAt float64
			}
			if err := json.Unmarshal(body, &all); err != nil {
				b.Fatal(err)
			}
		}
	})
}
