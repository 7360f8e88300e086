#include <stdlib.h>
#include "shim.h"
#include "_cgo_export.h"

void bb_value_get(sqlite3_value *v, bb_value *out) {
  out->type = sqlite3_value_type(v);
  out->list = -1;
  switch (out->type) {
  case SQLITE_INTEGER: out->i = sqlite3_value_int64(v); break;
  case SQLITE_FLOAT: out->d = sqlite3_value_double(v); break;
  case SQLITE_TEXT: out->p = sqlite3_value_text(v); out->n = sqlite3_value_bytes(v); break;
  case SQLITE_BLOB: out->p = sqlite3_value_blob(v); out->n = sqlite3_value_bytes(v); break;
  }
}

void bb_result(sqlite3_context *ctx, int type, sqlite3_int64 i, double d, const void *p) {
  switch (type) {
  case SQLITE_INTEGER: sqlite3_result_int64(ctx, i); break;
  case SQLITE_FLOAT: sqlite3_result_double(ctx, d); break;
  case SQLITE_TEXT: sqlite3_result_text64(ctx, p ? p : "", (sqlite3_uint64)i, SQLITE_TRANSIENT, SQLITE_UTF8); break;
  case SQLITE_BLOB: sqlite3_result_blob64(ctx, p ? p : "", (sqlite3_uint64)i, SQLITE_TRANSIENT); break;
  default: sqlite3_result_null(ctx);
  }
}

void bb_result_failed(sqlite3_context *ctx, const char *message, int n) { sqlite3_result_error(ctx, message, n); }

enum { CALL, STEP, INVERSE, VALUE, FINAL };

// Every call into Go goes through here: the arguments are laid out on the stack where they are few.
static void enter(sqlite3_context *ctx, int what, int n, sqlite3_value **argv) {
  bb_func *f = sqlite3_user_data(ctx);
  bb_value few[8], *v = few;
  sqlite3_int64 *state = 0;
  if (what != CALL) {
    state = sqlite3_aggregate_context(ctx, sizeof *state);
    if (!state) {
      sqlite3_result_error_nomem(ctx);
      return;
    }
  }
  if (n > 8 && !(v = malloc((size_t)n * sizeof *v))) {
    sqlite3_result_error_nomem(ctx);
    return;
  }
  for (int i = 0; i < n; i++) bb_value_get(argv[i], &v[i]);
  bbFunction(f->conn->handle, f->id, what, (void *)ctx, n, v, state);
  if (v != few) free(v);
}

static void call(sqlite3_context *ctx, int n, sqlite3_value **argv) { enter(ctx, CALL, n, argv); }
static void step(sqlite3_context *ctx, int n, sqlite3_value **argv) { enter(ctx, STEP, n, argv); }
static void inverse(sqlite3_context *ctx, int n, sqlite3_value **argv) { enter(ctx, INVERSE, n, argv); }
static void value(sqlite3_context *ctx) { enter(ctx, VALUE, 0, 0); }
static void final(sqlite3_context *ctx) { enter(ctx, FINAL, 0, 0); }

// kind: 0 scalar, 1 aggregate, 2 aggregate and window.
int bb_register_function(bb_conn *c, const char *name, int args, sqlite3_int64 id, int pure, int kind) {
  bb_func *f = malloc(sizeof *f);
  if (!f) return SQLITE_NOMEM;
  f->conn = c;
  f->id = id;
  int flags = SQLITE_UTF8 | SQLITE_INNOCUOUS | (pure ? SQLITE_DETERMINISTIC : 0);
  // SQLite calls free also when it refuses.
  if (kind == 0) return sqlite3_create_function_v2(c->db, name, args, flags, f, call, 0, 0, free);
  if (kind == 2 && sqlite3_create_window_function)
    return sqlite3_create_window_function(c->db, name, args, flags, f, step, final, value, inverse, free);
  return sqlite3_create_function_v2(c->db, name, args, flags, f, 0, step, final, free);
}
