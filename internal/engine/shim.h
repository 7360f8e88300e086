// The C side of the engine: what Go calls and what the C files share.
#ifndef BITBUCKETSQL_SHIM_H
#define BITBUCKETSQL_SHIM_H

#include <stddef.h>
#include "sqlite_abi.h"

// A SQL value in flight between C and Go. type is one of SQLITE_INTEGER … SQLITE_NULL.
typedef struct {
  int type;
  int list;          // number of values that follow in list_values; -1: no list
  sqlite3_int64 i;
  double d;
  const void *p;     // text or blob
  sqlite3_int64 n;   // its bytes
} bb_value;

// One cell of a page: the layout of page.Cell.
typedef struct {
  int64_t v;
  uint32_t len;
  uint8_t kind;      // 0 null, 1 integer, 2 real, 3 text
  uint8_t pad[3];
} bb_cell;

enum { BB_NAME = 256 };

// What C knows of a connection.
typedef struct {
  sqlite3 *db;
  uintptr_t handle;      // cgo.Handle of the *Conn
  int32_t *cancel;       // flag of the statement being stepped; nonzero stops it
  int trusted;           // the engine's own statement is being prepared: the authorizer lets it pass
  int denied;            // action code that the authorizer refused; 0: none
  char denied_object[BB_NAME];
  char denied_schema[BB_NAME];
} bb_conn;

typedef struct {
  sqlite3_vtab base;
  bb_conn *conn;
  sqlite3_int64 table;   // id in Conn.tables
  int columns;
} bb_vtab;

// A cursor and the page that it stands in. Go fills the page's part.
typedef struct {
  sqlite3_vtab_cursor base;
  uintptr_t handle;      // cgo.Handle of the *cursor
  int64_t row, rows;
  int64_t first;         // running number of the page's first row
  int eof;
  int slots;
  int has_ids;
  sqlite3_int64 use;     // value of the hidden column that numbers uses
  int32_t *slot_of;      // column -> slot, or -1
  bb_cell *cells;   size_t cells_cap;
  char *text;       size_t text_cap, text_len;
  int64_t *ids;     size_t ids_cap;
} bb_cursor;

// A term offered to xBestIndex, and the answer. at is its place among SQLite's.
typedef struct {
  int at, column, op, usable, in_possible, has_rhs;
  const char *collation;
  bb_value rhs;
  int arg, omit, in;     // answer
} bb_term;

typedef struct {
  int terms;      bb_term *term;
  int orders;     struct sqlite3_index_orderby *order;
  sqlite3_uint64 columns_used;
  int distinct;
  sqlite3_int64 use;     // number that the statement gives this use of the table; 0: none
  // answer
  int order_consumed, scan_unique, idx_num;
  double cost;
  sqlite3_int64 rows;
  char *idx_str;         // malloc'd by Go, freed here
} bb_index;

// A registered function.
typedef struct {
  bb_conn *conn;
  sqlite3_int64 id;
} bb_func;

// conn.c
void bb_capture_begin(void);
sqlite3 *bb_capture_end(void);
bb_conn *bb_conn_new(sqlite3 *db, uintptr_t handle);
int bb_conn_setup(bb_conn *c, int busy_ms);
void bb_write_schema(bb_conn *c, int on);
void bb_conn_free(bb_conn *c);

// vtab.c
int bb_register_module(bb_conn *c);
int bb_reserve(bb_cursor *c, size_t cells, size_t text, size_t ids);

// collation.c
int bb_timestamp_compare(void *unused, int na, const void *a, int nb, const void *b);

// function.c
int bb_register_function(bb_conn *c, const char *name, int args, sqlite3_int64 id, int pure, int kind);
void bb_result(sqlite3_context *ctx, int type, sqlite3_int64 i, double d, const void *p);
void bb_result_failed(sqlite3_context *ctx, const char *message, int n);
void bb_value_get(sqlite3_value *v, bb_value *out);

// stmt.c
typedef struct {
  int code, extended, offset;
  const char *message;
} bb_error;
int bb_prepare(bb_conn *c, const char *sql, int n, int trusted, sqlite3_stmt **out, int *tail, bb_error *err);
int bb_step(bb_conn *c, sqlite3_stmt *s, int trusted, int32_t *cancel, int columns, bb_value *out, bb_error *err);
void bb_read(sqlite3_stmt *s, int columns, bb_value *out);
int bb_bind(sqlite3_stmt *s, int i, int type, sqlite3_int64 n, double d, const void *p);
int bb_reset(sqlite3_stmt *s);
void bb_finalize(sqlite3_stmt *s);
void bb_last_error(sqlite3 *db, int rc, bb_error *err);

#endif
