#include <string.h>
#include <stdio.h>
#include "shim.h"

// Action codes (https://www.sqlite.org/c3ref/c_alter_table.html).
enum {
  CREATE_INDEX = 1, CREATE_TABLE = 2, CREATE_TEMP_INDEX = 3, CREATE_TEMP_TABLE = 4, CREATE_TEMP_TRIGGER = 5,
  CREATE_TEMP_VIEW = 6, CREATE_TRIGGER = 7, CREATE_VIEW = 8, DELETE = 9, DROP_INDEX = 10, DROP_TABLE = 11,
  DROP_TEMP_INDEX = 12, DROP_TEMP_TABLE = 13, DROP_TEMP_TRIGGER = 14, DROP_TEMP_VIEW = 15, DROP_TRIGGER = 16,
  DROP_VIEW = 17, INSERT = 18, PRAGMA = 19, READ = 20, SELECT = 21, TRANSACTION = 22, UPDATE = 23, ATTACH = 24,
  DETACH = 25, ALTER_TABLE = 26, REINDEX = 27, ANALYZE = 28, CREATE_VTABLE = 29, DROP_VTABLE = 30, FUNCTION = 31,
  SAVEPOINT = 32, RECURSIVE = 33
};

// Names are ASCII, and a locale must not matter.
static int same(const char *a, const char *b) {
  for (;; a++, b++) {
    int x = *a >= 'A' && *a <= 'Z' ? *a + 32 : *a;
    int y = *b >= 'A' && *b <= 'Z' ? *b + 32 : *b;
    if (x != y) return 0;
    if (!x) return 1;
  }
}

static int one_of(const char *name, const char *const *list) {
  if (name)
    for (; *list; list++)
      if (same(name, *list)) return 1;
  return 0;
}

// Pragmas that only read, with any argument.
static const char *const readers[] = {
  "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list",
  "function_list", "module_list", "pragma_list", "collation_list", "database_list", "compile_options", 0
};
// Pragmas that read when they have no argument.
static const char *const getters[] = {
  "user_version", "schema_version", "data_version", "application_id", "encoding", "foreign_keys", "query_only",
  "cache_size", "page_size", "page_count", "freelist_count", "journal_mode", "locking_mode", "synchronous",
  "temp_store", "busy_timeout", "recursive_triggers", "secure_delete", "auto_vacuum", 0
};
static const char *const schema_tables[] = { "sqlite_master", "sqlite_schema", "sqlite_temp_master", 0 };
static const char *const functions[] = { "load_extension", "fts3_tokenizer", 0 };

int bb_authorize(void *p, int action, const char *a, const char *b, const char *schema, const char *trigger) {
  bb_conn *c = p;
  (void)trigger;
  const char *object = a;
  int temp = schema && same(schema, "temp");
  if (c->trusted) return SQLITE_OK;
  switch (action) {
  case SELECT: case READ: case RECURSIVE: case TRANSACTION: case SAVEPOINT:
  case CREATE_TEMP_INDEX: case CREATE_TEMP_TABLE: case CREATE_TEMP_TRIGGER: case CREATE_TEMP_VIEW:
  case DROP_TEMP_INDEX: case DROP_TEMP_TABLE: case DROP_TEMP_TRIGGER: case DROP_TEMP_VIEW:
    return SQLITE_OK;
  case INSERT: case UPDATE: case DELETE:
    // Statements of DDL are asked about the schema table too; what they do is asked about by its own code, which makes
    // the better message. Writing to that table directly is beyond any user as long as writable_schema is off.
    if (temp || one_of(a, schema_tables)) return SQLITE_OK;
    break;
  case CREATE_INDEX: case CREATE_TABLE: case CREATE_TRIGGER: case CREATE_VIEW: // sqlite_sequence is such a table
  case DROP_INDEX: case DROP_TABLE: case DROP_TRIGGER: case DROP_VIEW: case REINDEX: case ANALYZE:
    if (temp) return SQLITE_OK;
    break;
  case ALTER_TABLE: // here the schema is the first name
    if (a && same(a, "temp")) return SQLITE_OK;
    schema = a;
    object = b;
    break;
  case PRAGMA:
    if (one_of(a, readers) || (!b && one_of(a, getters))) return SQLITE_OK;
    schema = 0;
    break;
  case FUNCTION: // here the name is the second
    if (!one_of(b, functions)) return SQLITE_OK;
    object = b;
    break;
  }
  // The first refusal is the one that explains the statement.
  if (!c->denied) {
    c->denied = action;
    snprintf(c->denied_object, sizeof c->denied_object, "%s", object ? object : "");
    snprintf(c->denied_schema, sizeof c->denied_schema, "%s", schema ? schema : "");
  }
  return SQLITE_DENY;
}
