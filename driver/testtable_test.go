package driver

import (
	"cmp"
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"io"
	"os"
	"testing"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/internal/engine"
	"github.com/seed281e34fa/bitbucketsql/internal/leak"
	"github.com/seed281e34fa/bitbucketsql/internal/page"
	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
	"github.com/seed281e34fa/bitbucketsql/internal/timestamp"
)

// TestMain is also the program of the processes that the tests start.
func TestMain(m *testing.M) {
	if role := os.Getenv(processRole); role != "" {
		if err := playProcess(role, os.Getenv(processDSN)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	secretscan.Main(func() {
		watch.log, watch.failed = secretscan.Handler(), secretscan.Error
		os.Exit(leak.Main(m))
	})
}

// thing is a virtual table with a column of each type, whose rows can be made to block or fail. Its pages have two rows.
type thing struct {
	name string
	rows int // all; row i has Id i, and every third row is NULL but for its Id
	// After blockAfter rows (if not 0) a scan waits for its context; after failAfter rows it fails with err.
	blockAfter, failAfter int
	err                   error
	panics                bool
	// blocked is told when a scan waits.
	blocked chan struct{}
}

func (t *thing) Name() string { return t.name }

func (t *thing) Columns() []engine.Column {
	return []engine.Column{
		{Name: "Id", Type: "INTEGER"},
		{Name: "Title", Type: "TEXT"},
		{Name: "Score", Type: "REAL"},
		{Name: "Open", Type: "BOOLEAN"},
		{Name: "CreatedOn", Type: "TIMESTAMP_TEXT"},
		{Name: "Extra", Type: "JSON_TEXT"},
	}
}

func (t *thing) BestIndex(_ context.Context, x *engine.Index) error {
	x.EstimatedCost, x.EstimatedRows = 1000, 100
	return nil
}

func (t *thing) Open() (engine.Cursor, error) { return &thingCursor{t: t}, nil }

type thingCursor struct {
	t  *thing
	at int
}

func (c *thingCursor) Filter(context.Context, int, string, []engine.Arg) error {
	c.at = 0
	return nil
}

func (c *thingCursor) Next(ctx context.Context) (*page.Page, error) {
	t := c.t
	switch {
	case t.panics:
		panic("a table lost its way")
	case t.err != nil && c.at >= t.failAfter:
		return nil, t.err
	case t.blocked != nil && c.at >= t.blockAfter:
		t.blocked <- struct{}{}
		<-ctx.Done()
		return nil, ctx.Err()
	case c.at >= t.rows:
		return nil, io.EOF
	}
	p := &page.Page{Columns: []int{0, 1, 2, 3, 4, 5}}
	for ; p.Rows < 2 && c.at < t.rows; p.Rows++ {
		c.at++
		p.RowIDs = append(p.RowIDs, int64(c.at))
		p.AppendInt(int64(c.at))
		if c.at%3 == 0 {
			for range 5 {
				p.AppendNull()
			}
			continue
		}
		p.AppendString("thing")
		p.AppendFloat(float64(c.at) / 2)
		p.AppendBool(c.at%2 == 1)
		p.AppendString(time.Date(2026, 1, c.at, 12, 0, 0, 500_000_000, time.UTC).Format(timestamp.Layout))
		p.AppendString(`{"a":1}`)
	}
	return p, nil
}

func (c *thingCursor) Close() error { return nil }

// things connects and attaches tables of the test, as schema "test".
type things struct {
	*Connector
	tables []engine.Table
}

func (c things) Connect(ctx context.Context) (sqldriver.Conn, error) {
	dc, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := dc.(*conn).engine.Attach("test", c.tables, nil); err != nil {
		return nil, errors.Join(err, dc.Close())
	}
	return dc, nil
}

// openThings opens a database with the tables, and one more, Things, of 10 rows.
func openThings(t *testing.T, change func(*Config), tables ...*thing) *sql.DB {
	t.Helper()
	config := NewConfig()
	config.AccessToken = fakeToken
	config.BaseURL = "http://127.0.0.1:1" // nobody listens
	if change != nil {
		change(config)
	}
	connector, err := NewConnector(config)
	if err != nil {
		t.Fatal(err)
	}
	all := []engine.Table{&thing{name: "Things", rows: 10}}
	for _, table := range tables {
		all = append(all, table)
	}
	db := sql.OpenDB(things{connector, all})
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// startFake starts a Bitbucket.
func startFake(t *testing.T, c bitbucketfake.Config) *bitbucketfake.Server {
	t.Helper()
	c.Token = cmp.Or(c.Token, fakeToken)
	fake := bitbucketfake.New(c)
	plantSecrets(t, fake)
	if err := fake.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = fake.Close() })
	return fake
}

// openDSN opens a database by its connection string.
func openDSN(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open(Name, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// collect reads all rows, and closes them.
func collect(t *testing.T, rows *sql.Rows, err error) [][]any {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all [][]any
	for rows.Next() {
		row := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
