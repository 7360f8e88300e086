#include <stdlib.h>
#include <string.h>
#include "shim.h"

// SQLite calls automatic extensions for each connection that the process opens. Ours only looks at those that this thread
// opens between bb_capture_begin and bb_capture_end, and takes their handle.
static __thread int capturing;
static __thread sqlite3 *captured;

static int capture(sqlite3 *db, char **err, const void *api) {
  (void)err;
  (void)api;
  if (capturing) captured = db;
  return SQLITE_OK;
}

void bb_capture_begin(void) {
  // Registered again each time, because another library may have called sqlite3_reset_auto_extension; the same function
  // is registered once only.
  sqlite3_auto_extension((void (*)(void))capture);
  captured = 0;
  capturing = 1;
}

sqlite3 *bb_capture_end(void) {
  sqlite3 *db = captured;
  capturing = 0;
  captured = 0;
  return db;
}

bb_conn *bb_conn_new(sqlite3 *db, uintptr_t handle) {
  bb_conn *c = calloc(1, sizeof *c);
  if (!c) return 0;
  c->db = db;
  c->handle = handle;
  return c;
}

void bb_conn_free(bb_conn *c) { free(c); }

static int progress(void *p) {
  bb_conn *c = p;
  return c->cancel && __atomic_load_n(c->cancel, __ATOMIC_ACQUIRE);
}

// Defined in authorizer.c.
int bb_authorize(void *p, int action, const char *a, const char *b, const char *schema, const char *trigger);

int bb_conn_setup(bb_conn *c, int busy_ms) {
  sqlite3 *db = c->db;
  int was;
  // Older libraries do not know all of these; what they miss is a refinement, so the result does not matter.
  sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, &was);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, &was);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, &was);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, &was);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0, &was);
  sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 256 << 20);
  sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, 16 << 20);
  sqlite3_limit(db, SQLITE_LIMIT_WORKER_THREADS, 0);
  sqlite3_busy_timeout(db, busy_ms);
  // Some hundred instructions are some microseconds, more where they call functions. Unlike sqlite3_interrupt, which stops every open
  // statement of the connection, the handler stops only the one that is being stepped.
  sqlite3_progress_handler(db, 256, progress, c);
  int rc = sqlite3_create_collation_v2(db, "TIMESTAMP", SQLITE_UTF8, 0, bb_timestamp_compare, 0);
  if (rc == SQLITE_OK) rc = bb_register_module(c);
  if (rc == SQLITE_OK) rc = sqlite3_set_authorizer(db, bb_authorize, c);
  return rc;
}

// The schema's own table can be written to, by nobody else, while the connection is held for that.
void bb_write_schema(bb_conn *c, int on) {
  int was;
  sqlite3_db_config(c->db, SQLITE_DBCONFIG_DEFENSIVE, !on, &was);
  sqlite3_db_config(c->db, SQLITE_DBCONFIG_WRITABLE_SCHEMA, on, &was);
}
