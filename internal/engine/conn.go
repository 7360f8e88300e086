//go:build cgo

package engine

// #cgo darwin LDFLAGS: -Wl,-undefined,dynamic_lookup
// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/cgo"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mattn/go-sqlite3"
)

// Config configures a connection. Its zero value is usable.
type Config struct {
	// BusyTimeout is how long to wait for a locked database; 0 means 5 seconds.
	BusyTimeout time.Duration
	// CacheKiB bounds the page cache of each database and the memory of a sorter before it spills to a temporary file,
	// in KiB; 0 means SQLite's default of about 2 MB.
	CacheKiB int
	// Version is the result of the SQL function version(); empty means "SQLite " and SQLite's version.
	Version string
	// User is the result of the SQL functions current_user() and user().
	User string
	// Logger takes what cannot be returned, such as the errors of closing cursors; nil means none.
	Logger *slog.Logger
}

// Conn is a connection to a private temporary database on disk, to which schemas of virtual tables are attached. It is
// used by one goroutine at a time.
type Conn struct {
	cfg    Config
	sqlite *sqlite3.SQLiteConn
	c      *C.bb_conn
	handle cgo.Handle

	// mu is held while SQLite runs. Callbacks run under it.
	mu      sync.Mutex
	closed  bool
	stmts   map[*Stmt]struct{}
	running atomic.Pointer[run]

	// What follows belongs to the callbacks, hence to the holder of mu.
	ctx     context.Context
	now     time.Time // when the running statement started
	callErr error
	tables  map[int64]*vtable
	lastID  int64
	funcs   map[int64]*function
	aggs    map[int64]Aggregator
	schemas []string
}

var live struct{ conns, cursors, stmts, aggs atomic.Int64 }

// Open opens a connection.
func Open(cfg Config) (*Conn, error) {
	if cfg.BusyTimeout == 0 {
		cfg.BusyTimeout = 5 * time.Second
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	sc, db, err := openSQLite()
	if err != nil {
		return nil, fmt.Errorf("engine: cannot open a temporary SQLite database: %w", err)
	}
	c := &Conn{
		cfg: cfg, sqlite: sc, ctx: context.Background(), stmts: map[*Stmt]struct{}{}, tables: map[int64]*vtable{},
		funcs: map[int64]*function{}, aggs: map[int64]Aggregator{},
	}
	c.handle = cgo.NewHandle(c)
	live.conns.Add(1)
	c.c = C.bb_conn_new(db, C.uintptr_t(c.handle))
	if c.c == nil {
		return nil, errors.Join(errors.New("engine: out of memory"), c.Close())
	}
	if err := c.setup(); err != nil {
		return nil, errors.Join(fmt.Errorf("engine: cannot set up SQLite: %w", err), c.Close())
	}
	return c, nil
}

// openSQLite opens a database through mattn's driver, the only way in that sets the library up, and finds its handle.
func openSQLite() (*sqlite3.SQLiteConn, *C.sqlite3, error) {
	// The C side recognises the connection by the thread that opens it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	C.bb_capture_begin()
	dc, err := (&sqlite3.SQLiteDriver{}).Open("")
	db := C.bb_capture_end()
	if err != nil {
		return nil, nil, err
	}
	sc := dc.(*sqlite3.SQLiteConn)
	if db == nil {
		return nil, nil, errors.Join(errors.New("the SQLite library does not run automatic extensions"), sc.Close())
	}
	return sc, db, nil
}

func (c *Conn) setup() error {
	if rc := C.bb_conn_setup(c.c, C.int(c.cfg.BusyTimeout.Milliseconds())); rc != C.SQLITE_OK {
		var e C.bb_error
		C.bb_last_error(c.c.db, rc, &e)
		return sqlError(&e)
	}
	// FILE: what does not fit the cache goes to a temporary file and not into memory.
	if err := c.exec("PRAGMA temp_store = FILE"); err != nil {
		return err
	}
	if c.cfg.CacheKiB > 0 {
		if err := c.exec(fmt.Sprintf("PRAGMA cache_size = -%d", c.cfg.CacheKiB)); err != nil {
			return err
		}
		if err := c.exec(fmt.Sprintf("PRAGMA temp.cache_size = -%d", c.cfg.CacheKiB)); err != nil {
			return err
		}
	}
	return c.registerBuiltins()
}

// enter takes the connection for one call into SQLite.
func (c *Conn) enter(ctx context.Context) error {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return ErrClosed
	}
	c.ctx, c.callErr = ctx, nil
	return nil
}

func (c *Conn) leave() {
	c.ctx, c.callErr = context.Background(), nil
	c.mu.Unlock()
}

// AutoCommit tells whether no transaction is open.
func (c *Conn) AutoCommit() bool {
	if c.enter(context.Background()) != nil {
		return true
	}
	defer c.leave()
	return C.sqlite3_get_autocommit(c.c.db) != 0
}

// Interrupt stops the statement that runs at this moment, if any, with ErrInterrupted. It may be called from any
// goroutine.
func (c *Conn) Interrupt() {
	if r := c.running.Load(); r != nil {
		r.cancel(ErrInterrupted)
	}
}

// Close closes the connection and all that it made: statements, rows, tables' cursors.
func (c *Conn) Close() error {
	c.Interrupt()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil
	}
	c.closed = true
	for s := range c.stmts {
		s.finalize()
	}
	err := c.sqlite.Close()
	if c.c != nil {
		C.bb_conn_free(c.c)
	}
	c.c = nil
	c.handle.Delete()
	live.conns.Add(-1)
	return err
}

// SQLiteVersion is the version of the SQLite library, such as 3.54.1.
func SQLiteVersion() string {
	v, _, _ := sqlite3.Version()
	return v
}
