#include <stdlib.h>
#include <string.h>
#include "shim.h"
#include "_cgo_export.h"

_Static_assert(sizeof(bb_cell) == 16 && offsetof(bb_cell, len) == 8 && offsetof(bb_cell, kind) == 12,
               "bb_cell must have the layout of page.Cell");
_Static_assert(sizeof(void *) != 8 || sizeof(struct sqlite3_index_info) == 96, "sqlite3_index_info has changed");

static int failed(sqlite3_vtab *t, int rc, char *message) {
  sqlite3_free(t->zErrMsg);
  t->zErrMsg = message ? sqlite3_mprintf("%s", message) : 0;
  free(message);
  return rc;
}

static int connect(sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **out, char **err) {
  bb_conn *c = aux;
  // The only argument is the table's id among those of the connection.
  sqlite3_int64 id = argc > 3 ? strtoll(argv[3], 0, 10) : 0;
  int columns = 0;
  char *decl = 0, *message = 0;
  int rc = bbConnect(c->handle, id, &decl, &columns, &message);
  if (rc == SQLITE_OK) rc = sqlite3_declare_vtab(db, decl);
  free(decl);
  if (rc != SQLITE_OK) {
    if (message) *err = sqlite3_mprintf("%s", message);
    free(message);
    return rc;
  }
  bb_vtab *t = calloc(1, sizeof *t);
  if (!t) return SQLITE_NOMEM;
  t->conn = c;
  t->table = id;
  t->columns = columns;
  *out = &t->base;
  return SQLITE_OK;
}

// Not the same function as connect, because then the module's name could be used as a table.
static int create(sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **out, char **err) {
  return connect(db, aux, argc, argv, out, err);
}

static int disconnect(sqlite3_vtab *t) {
  free(t);
  return SQLITE_OK;
}

// Operators of constraints (https://www.sqlite.org/c3ref/c_index_constraint_eq.html). Those of LIMIT and OFFSET are about no column.
enum { EQUAL = 2, LIMIT = 73, OFFSET = 74 };

static int best_index(sqlite3_vtab *base, sqlite3_index_info *info) {
  bb_vtab *t = (bb_vtab *)base;
  bb_index x;
  memset(&x, 0, sizeof x);
  x.term = calloc((size_t)info->nConstraint + 1, sizeof *x.term);
  if (!x.term) return SQLITE_NOMEM;
  // The column behind the last numbers the uses of the table. What is said of it is not the table's to know.
  int use = -1;
  for (int i = 0; i < info->nConstraint; i++) {
    sqlite3_value *rhs = 0;
    int op = info->aConstraint[i].op;
    if (info->aConstraint[i].iColumn >= t->columns && op != LIMIT && op != OFFSET) {
      bb_value number;
      if (use < 0 && info->aConstraint[i].usable && op == EQUAL && sqlite3_vtab_rhs_value &&
          sqlite3_vtab_rhs_value(info, i, &rhs) == SQLITE_OK && rhs) {
        bb_value_get(rhs, &number);
        if (number.type == SQLITE_INTEGER) {
          use = i;
          x.use = number.i;
        }
      }
      continue;
    }
    bb_term *m = &x.term[x.terms++];
    m->at = i;
    m->column = info->aConstraint[i].iColumn;
    m->op = info->aConstraint[i].op;
    m->usable = info->aConstraint[i].usable;
    m->collation = sqlite3_vtab_collation ? sqlite3_vtab_collation(info, i) : 0;
    m->in_possible = sqlite3_vtab_in && m->usable ? sqlite3_vtab_in(info, i, -1) : 0;
    if (sqlite3_vtab_rhs_value && sqlite3_vtab_rhs_value(info, i, &rhs) == SQLITE_OK && rhs) {
      m->has_rhs = 1;
      bb_value_get(rhs, &m->rhs);
    }
  }
  x.orders = info->nOrderBy;
  x.order = info->aOrderBy;
  for (int i = 0; i < info->nOrderBy; i++)
    if (info->aOrderBy[i].iColumn >= t->columns) x.orders = 0;
  x.columns_used = info->colUsed;
  x.distinct = sqlite3_vtab_distinct ? sqlite3_vtab_distinct(info) : 0;

  char *message = 0;
  int rc = bbBestIndex(t->conn->handle, t->table, &x, &message);
  if (rc == SQLITE_OK) {
    // The shim's part of idxStr tells xFilter which arguments are lists, and whether the last is the number of the use: a
    // character for each place, then ';'.
    size_t n = x.idx_str ? strlen(x.idx_str) : 0;
    char *s = sqlite3_malloc(x.terms + 2 + (int)n + 1);
    if (s) {
      int places = 0;
      memset(s, '0', (size_t)x.terms);
      for (int i = 0; i < x.terms; i++) {
        bb_term *m = &x.term[i];
        info->aConstraintUsage[m->at].argvIndex = m->arg;
        info->aConstraintUsage[m->at].omit = (unsigned char)m->omit;
        if (m->arg <= 0 || m->arg > x.terms) continue;
        if (m->arg > places) places = m->arg;
        if (m->in && m->in_possible && sqlite3_vtab_in(info, m->at, 1)) s[m->arg - 1] = '1';
      }
      if (use >= 0) {
        s[places++] = 'u';
        info->aConstraintUsage[use].argvIndex = places;
        info->aConstraintUsage[use].omit = 1;
      }
      s[places] = ';';
      memcpy(s + places + 1, x.idx_str ? x.idx_str : "", n + 1);
      info->idxNum = x.idx_num;
      info->idxStr = s;
      info->needToFreeIdxStr = 1;
      info->orderByConsumed = x.order_consumed && x.orders == info->nOrderBy;
      info->estimatedCost = x.cost;
      info->estimatedRows = x.rows;
      if (x.scan_unique) info->idxFlags |= SQLITE_INDEX_SCAN_UNIQUE;
    } else {
      rc = SQLITE_NOMEM;
    }
  }
  free(x.idx_str);
  free(x.term);
  if (rc != SQLITE_OK && rc != SQLITE_CONSTRAINT) return failed(base, rc, message);
  free(message);
  return rc;
}

static int cursor_open(sqlite3_vtab *base, sqlite3_vtab_cursor **out) {
  bb_vtab *t = (bb_vtab *)base;
  bb_cursor *c = calloc(1, sizeof *c);
  if (!c) return SQLITE_NOMEM;
  c->slot_of = malloc(sizeof *c->slot_of * ((size_t)t->columns + 1));
  if (!c->slot_of) {
    free(c);
    return SQLITE_NOMEM;
  }
  for (int i = 0; i < t->columns; i++) c->slot_of[i] = -1;
  c->eof = 1;
  char *message = 0;
  int rc = bbOpen(t->conn->handle, t->table, c, &message);
  if (rc != SQLITE_OK) {
    free(c->slot_of);
    free(c);
    return failed(base, rc, message);
  }
  *out = &c->base;
  return SQLITE_OK;
}

static int cursor_close(sqlite3_vtab_cursor *base) {
  bb_cursor *c = (bb_cursor *)base;
  bbClose(c->handle);
  free(c->slot_of);
  free(c->cells);
  free(c->text);
  free(c->ids);
  free(c);
  return SQLITE_OK;
}

// The values of the IN lists of one xFilter. Their text is copied, because SQLite keeps one value at a time.
typedef struct {
  bb_value *v;
  size_t n, cap;
  int nomem;
} values;

static void append(values *l, sqlite3_value *v) {
  if (l->n == l->cap) {
    size_t cap = l->cap ? l->cap * 2 : 32;
    bb_value *p = realloc(l->v, cap * sizeof *p);
    if (!p) {
      l->nomem = 1;
      return;
    }
    l->v = p;
    l->cap = cap;
  }
  bb_value *o = &l->v[l->n];
  memset(o, 0, sizeof *o);
  bb_value_get(v, o);
  if (o->type == SQLITE_TEXT || o->type == SQLITE_BLOB) {
    void *copy = malloc((size_t)o->n + 1);
    if (!copy) {
      l->nomem = 1;
      return;
    }
    if (o->n) memcpy(copy, o->p, (size_t)o->n);
    o->p = copy;
  }
  l->n++;
}

static int filter(sqlite3_vtab_cursor *base, int num, const char *str, int argc, sqlite3_value **argv) {
  bb_cursor *c = (bb_cursor *)base;
  bb_vtab *t = (bb_vtab *)base->pVtab;
  values l = {0};
  bb_value *args = calloc((size_t)argc + 1, sizeof *args);
  if (!args) return SQLITE_NOMEM;
  const char *user = str ? strchr(str, ';') : 0;
  int rc = SQLITE_OK;
  c->use = 0;
  if (user && argc > 0 && str + argc <= user && str[argc - 1] == 'u') c->use = sqlite3_value_int64(argv[--argc]);
  for (int i = 0; i < argc; i++) {
    if (!user || str + i >= user || str[i] != '1') {
      bb_value_get(argv[i], &args[i]);
      continue;
    }
    sqlite3_value *v = 0;
    size_t from = l.n;
    int r = sqlite3_vtab_in_first(argv[i], &v);
    for (; r == SQLITE_OK && v && !l.nomem; r = sqlite3_vtab_in_next(argv[i], &v)) append(&l, v);
    if (r != SQLITE_OK && r != SQLITE_DONE) rc = r;
    args[i].type = SQLITE_NULL;
    args[i].list = (int)(l.n - from);
  }
  if (l.nomem) rc = SQLITE_NOMEM;
  char *message = 0;
  c->row = c->rows = c->first = 0;
  c->eof = 1;
  if (rc == SQLITE_OK)
    rc = bbFilter(t->conn->handle, c->handle, c, num, (char *)(user ? user + 1 : ""), argc, args, l.v, &message);
  for (size_t i = 0; i < l.n; i++)
    if (l.v[i].type == SQLITE_TEXT || l.v[i].type == SQLITE_BLOB) free((void *)l.v[i].p);
  free(l.v);
  free(args);
  return rc == SQLITE_OK ? rc : failed(base->pVtab, rc, message);
}

static int next(sqlite3_vtab_cursor *base) {
  bb_cursor *c = (bb_cursor *)base;
  if (++c->row < c->rows) return SQLITE_OK;
  bb_vtab *t = (bb_vtab *)base->pVtab;
  char *message = 0;
  c->first += c->rows;
  c->row = c->rows = 0;
  int rc = bbNext(t->conn->handle, c->handle, c, &message);
  return rc == SQLITE_OK ? rc : failed(base->pVtab, rc, message);
}

static int eof(sqlite3_vtab_cursor *base) { return ((bb_cursor *)base)->eof; }

static int column(sqlite3_vtab_cursor *base, sqlite3_context *ctx, int i) {
  bb_cursor *c = (bb_cursor *)base;
  int columns = ((bb_vtab *)base->pVtab)->columns;
  if (i == columns) {
    sqlite3_result_int64(ctx, c->use);
    return SQLITE_OK;
  }
  int slot = i >= 0 && i < columns ? c->slot_of[i] : -1;
  if (slot < 0 || c->row >= c->rows) {
    sqlite3_result_null(ctx);
    return SQLITE_OK;
  }
  const bb_cell *v = &c->cells[c->row * c->slots + slot];
  double d;
  switch (v->kind) {
  case 1: sqlite3_result_int64(ctx, v->v); break;
  case 2:
    memcpy(&d, &v->v, sizeof d);
    sqlite3_result_double(ctx, d);
    break;
  case 3:
  case 4: {
    if (v->v < 0 || (uint64_t)v->v > c->text_len || v->len > c->text_len - (uint64_t)v->v) return SQLITE_CORRUPT;
    const char *bytes = c->text ? c->text + v->v : "";
    if (v->kind == 3)
      sqlite3_result_text64(ctx, bytes, v->len, SQLITE_TRANSIENT, SQLITE_UTF8);
    else
      sqlite3_result_blob64(ctx, bytes, v->len, SQLITE_TRANSIENT);
    break;
  }
  default: sqlite3_result_null(ctx);
  }
  return SQLITE_OK;
}

static int rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out) {
  bb_cursor *c = (bb_cursor *)base;
  *out = c->has_ids ? c->ids[c->row] : c->first + c->row + 1;
  return SQLITE_OK;
}

static int grow(void **p, size_t *cap, size_t n, size_t size) {
  if (n <= *cap) return 1;
  // What was in it is not needed, so nothing is copied.
  free(*p);
  *cap = 0;
  *p = malloc((n + n / 8) * size);
  if (!*p) return 0;
  *cap = n + n / 8;
  return 1;
}

int bb_reserve(bb_cursor *c, size_t cells, size_t text, size_t ids) {
  return grow((void **)&c->cells, &c->cells_cap, cells, sizeof *c->cells) &&
         grow((void **)&c->text, &c->text_cap, text, 1) && grow((void **)&c->ids, &c->ids_cap, ids, sizeof *c->ids);
}

static const sqlite3_module module = {
  .iVersion = 1,
  .xCreate = create, .xConnect = connect, .xBestIndex = best_index, .xDisconnect = disconnect, .xDestroy = disconnect,
  .xOpen = cursor_open, .xClose = cursor_close, .xFilter = filter, .xNext = next, .xEof = eof, .xColumn = column,
  .xRowid = rowid,
};

int bb_register_module(bb_conn *c) { return sqlite3_create_module_v2(c->db, "bitbucketsql", &module, c, 0); }
