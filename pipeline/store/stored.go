package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"jobcity/pipeline/posting"
)

// Stored is a posting as it is kept, with what it was tagged with.
type Stored struct {
	Posting  posting.Posting // prepared: with id and content hash
	Standing string
	District string
	Streets  []string
	Skills   map[string]string // need by skill
}

// Stored returns at most rows postings that were tagged under another taxonomy than
// the given one, in the order of their ids, from the first after the id given.
func (db *DB) Stored(ctx context.Context, taxonomy, after string, rows int) ([]Stored, error) {
	var all []Stored
	err := db.read(ctx, func(ctx context.Context, conn *sql.Conn) error {
		res, err := conn.QueryContext(ctx, db.scripts["stored"], sql.Named("taxonomy", taxonomy), sql.Named("after", after), sql.Named("rows", rows))
		if err != nil {
			return err
		}
		defer res.Close()
		for res.Next() {
			s, err := scanStored(res)
			if err != nil {
				return err
			}
			all = append(all, s)
		}
		return res.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("read stored postings after %q: %w", after, err)
	}
	return all, nil
}

func scanStored(res *sql.Rows) (Stored, error) {
	var s Stored
	var board string
	var locations, streets, skills, needs any
	var structured bool
	var salary posting.Salary
	var text sql.NullString
	p := &s.Posting
	err := res.Scan(&p.ID, &p.ContentHash, &p.Source, &board, &p.NativeID, &p.Employer, &p.Title, &text, &p.Truncated, &p.URL, &locations,
		&p.Department, &p.Team, &p.PostedOn, &p.ClosedOn, &p.EmploymentType, &p.Workplace, &structured, &salary.Min, &salary.Max, &salary.Currency, &salary.Period,
		&p.Language, &p.SeenAt, &s.Standing, &s.District, &streets, &skills, &needs)
	if err != nil {
		return Stored{}, err
	}
	p.Schema, p.Text, p.Locations = posting.SchemaVersion, text.String, texts(locations)
	p.Board = strings.TrimPrefix(board, p.Source+"/")
	if structured {
		p.Salary = &salary
	}
	s.Streets, s.Skills = texts(streets), map[string]string{}
	need := texts(needs)
	for i, skill := range texts(skills) {
		s.Skills[skill] = need[i]
	}
	return s, nil
}

// texts is a list of texts as the driver gives it.
func texts(v any) []string {
	items, _ := v.([]any)
	out := make([]string, 0, len(items))
	for _, item := range items {
		s, _ := item.(string)
		out = append(out, s)
	}
	return out
}

// StoredLeft is how many postings were tagged under another taxonomy.
func (db *DB) StoredLeft(ctx context.Context, taxonomy string) (n int, err error) {
	err = db.read(ctx, func(ctx context.Context, conn *sql.Conn) error {
		return conn.QueryRowContext(ctx, db.scripts["stored_left"], sql.Named("taxonomy", taxonomy)).Scan(&n)
	})
	if err != nil {
		return 0, fmt.Errorf("count stored postings: %w", err)
	}
	return n, nil
}
