//go:build duckdb_arrow

package store_test

import (
	"database/sql"
	"database/sql/driver"
	"path/filepath"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/duckdb/duckdb-go/v2"

	"jobcity/pipeline/batch/batchtest"
)

// The traps of DuckDB and its driver that the store walks around. When one of
// these tests fails after an upgrade, the trap is gone and the way around it may
// go too.

type memory struct {
	t    *testing.T
	db   *sql.DB
	conn *sql.Conn
	file string
}

// inMemory is an in-memory instance with a data file attached, as the store has it.
func inMemory(t *testing.T) memory {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	m := memory{t, db, conn, filepath.Join(t.TempDir(), "city.duckdb")}
	m.exec("attach '" + m.file + "' as city")
	return m
}

func (m memory) exec(statement string) {
	m.t.Helper()
	if _, err := m.conn.ExecContext(m.t.Context(), statement); err != nil {
		m.t.Fatalf("%s: %v", statement, err)
	}
}

func (m memory) number(statement string) (n int64) {
	m.t.Helper()
	if err := m.conn.QueryRowContext(m.t.Context(), statement).Scan(&n); err != nil {
		m.t.Fatalf("%s: %v", statement, err)
	}
	return n
}

// register makes an Arrow view of n rows.
func (m memory) register(n int) (release func()) {
	m.t.Helper()
	recs := batchtest.Records(m.t, batchtest.Rows(1, n))
	reader, err := array.NewRecordReader(recs[0].Schema(), recs)
	if err != nil {
		m.t.Fatal(err)
	}
	err = m.conn.Raw(func(c any) error {
		a, err := duckdb.NewArrowFromConn(c.(driver.Conn))
		if err != nil {
			return err
		}
		release, err = a.RegisterView(reader, "v")
		return err
	})
	if err != nil {
		m.t.Fatal(err)
	}
	return release
}

func TestTrapArrowViewIgnoresItsFilter(t *testing.T) {
	m := inMemory(t)
	release := m.register(100)
	defer release()
	defer m.exec("drop view v")
	if n := m.number("select count(*) from v where posting_id = 'no such posting'"); n != 100 {
		t.Errorf("a filter that matches nothing leaves %d rows of 100: the view filters now", n)
	}
}

func TestTrapArrowViewIgnoresWhichColumnIsAskedFor(t *testing.T) {
	m := inMemory(t)
	release := m.register(100)
	defer release()
	defer m.exec("drop view v")
	m.exec("create temp table asked as select title from v")
	if n := m.number("select count(*) from asked where length(title) <> 16"); n != 0 {
		t.Errorf("%d titles are no posting ids, the first column: the view gives the right column now", n)
	}
}

func TestTrapArrowViewGivesItsRowsOnce(t *testing.T) {
	m := inMemory(t)
	release := m.register(100)
	defer release()
	defer m.exec("drop view v")
	m.exec("create temp table first as select * from v")
	m.exec("create temp table second as select * from v")
	if a, b := m.number("select count(*) from first"), m.number("select count(*) from second"); a != 100 || b != 0 {
		t.Errorf("first scan %d rows, second %d: the view can be read again now", a, b)
	}
}

func TestTrapArrowViewIsNotTemporary(t *testing.T) {
	m := inMemory(t)
	release := m.register(1)
	if n := m.number("select count(*) from duckdb_views() where view_name = 'v' and not temporary and database_name = 'memory'"); n != 1 {
		t.Errorf("%d such views: the view is temporary now", n)
	}
	m.exec("drop view v")
	release()
}

func TestTrapRegisteringInsideATransactionForbidsWritingTheFile(t *testing.T) {
	m := inMemory(t)
	m.exec("create table city.x (a integer)")
	m.exec("begin")
	release := m.register(1)
	defer release()
	if _, err := m.conn.ExecContext(t.Context(), "insert into city.x values (1)"); err == nil {
		t.Error("a view may be registered inside a transaction now")
	}
	m.exec("rollback")
}

// This is what the store does: nobody else can read, or crash on, a view that
// only exists inside a transaction.
func TestArrowViewInsideATransactionIsSeenByNobody(t *testing.T) {
	m := inMemory(t)
	m.exec("begin")
	release := m.register(100)
	m.exec("create temp table arrived as select * from memory.main.v")
	other, err := m.db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	var n int
	if err := other.QueryRowContext(t.Context(), "select count(*) from duckdb_views() where view_name = 'v'").Scan(&n); err != nil || n != 0 {
		t.Errorf("another connection sees %d such views, %v", n, err)
	}
	m.exec("drop view memory.main.v")
	m.exec("commit")
	release()
	if n := m.number("select count(*) from arrived"); n != 100 {
		t.Errorf("%d rows arrived, want 100", n)
	}
	m.exec("begin")
	release = m.register(1)
	m.exec("rollback")
	release()
	if n := m.number("select count(*) from duckdb_views() where view_name = 'v'"); n != 0 {
		t.Error("the view outlives a rollback")
	}
}

func TestTrapCommitOfAnAbortedTransactionIsSilent(t *testing.T) {
	m := inMemory(t)
	m.exec("create table city.x (a integer not null)")
	tx, err := m.conn.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(t.Context(), "insert into city.x values (1)"); err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(t.Context(), "insert into city.x values (null)"); err == nil {
		t.Fatal("null went into a column that forbids it")
	}
	if err := tx.Commit(); err != nil {
		t.Errorf("commit says %v: it speaks up now", err)
	}
	if n := m.number("select count(*) from city.x"); n != 0 {
		t.Errorf("%d rows were committed", n)
	}
}

// Whoever opens and closes the data file beside DuckDB takes its lock away, and
// whoever attaches it a second time is not even warned.
func TestTrapAttachedFileCanBeAttachedTwice(t *testing.T) {
	m := inMemory(t)
	again, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if _, err := again.ExecContext(t.Context(), "attach '"+m.file+"' as city"); err != nil {
		t.Errorf("it is refused now: %v", err)
	}
}

func TestTrapAppenderTurnsInvalidUTF8IntoNull(t *testing.T) {
	m := inMemory(t)
	m.exec("create table city.main.x (a varchar)")
	err := m.conn.Raw(func(c any) error {
		a, err := duckdb.NewAppender(c.(driver.Conn), "city", "main", "x")
		if err != nil {
			return err
		}
		if err := a.AppendRow("bad \xff byte"); err != nil {
			return err
		}
		return a.Close()
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := m.number("select count(*) from city.x where a is null"); n != 1 {
		t.Error("invalid UTF-8 is not null any more")
	}
}

func TestNoArrowViewIsLeftAfterApplying(t *testing.T) {
	db := open(t, t.TempDir())
	apply(t, db, 1, batchtest.Rows(1, 10)...)
	expect(t, db, "select count(*) from duckdb_views() where not internal and database_name = 'memory'", "0")
}
