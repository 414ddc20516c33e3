package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"jobcity/pipeline/query"
)

type exportCmd struct {
	Dir string `arg:"" type:"path" help:"Folder to write to; it is made, and must be empty or an earlier export."`
}

func (c exportCmd) Run(ctx context.Context, e *env) error {
	server, err := e.running()
	if err != nil {
		return err
	}
	if server != nil {
		return server.postJSON(ctx, "export", c.Dir, e.stdout)
	}
	return e.withStore(ctx, func(a *app) error { return a.export(ctx, c.Dir, e.stdout) })
}

// manifest says what an export holds.
type manifest struct {
	AsOf    time.Time       `json:"as_of"`
	Version string          `json:"version"` // of the data: equal for equal content
	Tables  []exportedTable `json:"tables"`
}

type exportedTable struct {
	Name    string         `json:"name"`
	File    string         `json:"file"`
	Rows    int64          `json:"rows"`
	Bytes   int64          `json:"bytes"`
	SHA256  string         `json:"sha256"`
	Columns []query.Column `json:"columns"`
}

const manifestFile = "manifest.json"

// export writes every public table as Parquet into dir and lists them on w. The
// manifest comes last: a folder without one is not whole.
func (a *app) export(ctx context.Context, dir string, w io.Writer) error {
	if err := emptyOrExport(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if err := os.Remove(filepath.Join(dir, manifestFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("export: %w", err)
	}
	m := manifest{AsOf: time.Now().UTC().Truncate(time.Second), Version: a.store.Version()}
	tables, err := a.store.Tables(ctx)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	for _, name := range tables {
		t, err := a.exportTable(ctx, dir, name)
		if err != nil {
			return fmt.Errorf("export %s: %w", name, err)
		}
		m.Tables = append(m.Tables, t)
		fmt.Fprintf(w, "%s: %d rows, %d bytes\n", t.File, t.Rows, t.Bytes)
	}
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, manifestFile), append(b, '\n'), 0o644); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

// emptyOrExport refuses a folder with files that are not an export's.
func emptyOrExport(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return usageError{fmt.Errorf("export: %w", err)}
	}
	for _, f := range entries {
		if ext := filepath.Ext(f.Name()); ext != ".parquet" && f.Name() != manifestFile {
			return usageError{fmt.Errorf("export: %s holds %s, which is no export; choose another folder", dir, f.Name())}
		}
	}
	return nil
}

func (a *app) exportTable(ctx context.Context, dir, name string) (t exportedTable, err error) {
	t = exportedTable{Name: name, File: name + ".parquet"}
	written, columns, rows, err := a.store.CopyTable(ctx, name)
	if err != nil {
		return t, err
	}
	defer func() { err = errors.Join(err, os.Remove(written)) }()
	from, err := os.Open(written)
	if err != nil {
		return t, err
	}
	defer from.Close()
	to, err := os.Create(filepath.Join(dir, t.File))
	if err != nil {
		return t, err
	}
	sum := sha256.New()
	t.Bytes, err = io.Copy(io.MultiWriter(to, sum), from)
	t.Rows, t.Columns, t.SHA256 = rows, columns, hex.EncodeToString(sum.Sum(nil))
	return t, errors.Join(err, to.Close())
}
