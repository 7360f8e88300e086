#include "shim.h"

void bb_last_error(sqlite3 *db, int rc, bb_error *err) {
  err->code = rc & 0xff;
  err->extended = sqlite3_extended_errcode(db);
  if ((err->extended & 0xff) != err->code) err->extended = rc;
  err->offset = sqlite3_error_offset ? sqlite3_error_offset(db) : -1;
  err->message = sqlite3_errmsg(db);
}

int bb_prepare(bb_conn *c, const char *sql, int n, int trusted, sqlite3_stmt **out, int *tail, bb_error *err) {
  if (!sql) sql = ""; // an empty Go string
  const char *rest = sql;
  c->denied = 0;
  c->trusted = trusted;
  int rc = sqlite3_prepare_v2(c->db, sql, n, out, &rest);
  c->trusted = 0;
  *tail = rest ? (int)(rest - sql) : n;
  if (rc != SQLITE_OK) bb_last_error(c->db, rc, err);
  return rc;
}

void bb_read(sqlite3_stmt *s, int columns, bb_value *out) {
  for (int i = 0; i < columns; i++) {
    bb_value *v = &out[i];
    v->type = sqlite3_column_type(s, i);
    switch (v->type) {
    case SQLITE_INTEGER: v->i = sqlite3_column_int64(s, i); break;
    case SQLITE_FLOAT: v->d = sqlite3_column_double(s, i); break;
    case SQLITE_TEXT: v->p = sqlite3_column_text(s, i); v->n = sqlite3_column_bytes(s, i); break;
    case SQLITE_BLOB: v->p = sqlite3_column_blob(s, i); v->n = sqlite3_column_bytes(s, i); break;
    }
  }
}

int bb_step(bb_conn *c, sqlite3_stmt *s, int trusted, int32_t *cancel, int columns, bb_value *out, bb_error *err) {
  // The authorizer is asked during steps too: after a change of schema, by VACUUM and by table-valued pragmas.
  c->denied = 0;
  c->trusted = trusted;
  c->cancel = cancel;
  int rc = sqlite3_step(s);
  c->cancel = 0;
  c->trusted = 0;
  if (rc == SQLITE_ROW) {
    bb_read(s, columns, out);
  } else if (rc != SQLITE_DONE) {
    bb_last_error(c->db, rc, err);
    err->offset = -1; // offsets are those of the parser
  }
  return rc;
}

int bb_bind(sqlite3_stmt *s, int i, int type, sqlite3_int64 n, double d, const void *p) {
  switch (type) {
  case SQLITE_INTEGER: return sqlite3_bind_int64(s, i, n);
  case SQLITE_FLOAT: return sqlite3_bind_double(s, i, d);
  // A null pointer would bind NULL, so empty values get one that is not.
  case SQLITE_TEXT: return sqlite3_bind_text64(s, i, p ? p : "", (sqlite3_uint64)n, SQLITE_TRANSIENT, SQLITE_UTF8);
  case SQLITE_BLOB: return sqlite3_bind_blob64(s, i, p ? p : "", (sqlite3_uint64)n, SQLITE_TRANSIENT);
  }
  return sqlite3_bind_null(s, i);
}

int bb_reset(sqlite3_stmt *s) {
  int rc = sqlite3_reset(s);
  sqlite3_clear_bindings(s);
  return rc;
}

void bb_finalize(sqlite3_stmt *s) { sqlite3_finalize(s); }
