// The part of SQLite's interface that this package uses, declared here so that it needs neither SQLite's header nor a
// linker flag: mattn/go-sqlite3 links the library, and the references are weak, so that cgo's trial link of this package
// alone does not miss them. SQLite promises that none of it changes (https://www.sqlite.org/c3ref/intro.html); what older
// libraries lack is null-checked where it is used.
#ifndef BITBUCKETSQL_SQLITE_ABI_H
#define BITBUCKETSQL_SQLITE_ABI_H

#include <stdint.h>

typedef struct sqlite3 sqlite3;
typedef struct sqlite3_stmt sqlite3_stmt;
typedef struct sqlite3_value sqlite3_value;
typedef struct sqlite3_context sqlite3_context;
typedef struct sqlite3_module sqlite3_module;
typedef struct sqlite3_vtab sqlite3_vtab;
typedef struct sqlite3_vtab_cursor sqlite3_vtab_cursor;
typedef struct sqlite3_index_info sqlite3_index_info;
typedef long long sqlite3_int64;
typedef unsigned long long sqlite3_uint64;

struct sqlite3_vtab {
  const sqlite3_module *pModule;
  int nRef;
  char *zErrMsg;
};

struct sqlite3_vtab_cursor {
  sqlite3_vtab *pVtab;
};

struct sqlite3_index_constraint {
  int iColumn;
  unsigned char op;
  unsigned char usable;
  int iTermOffset;
};

struct sqlite3_index_orderby {
  int iColumn;
  unsigned char desc;
};

struct sqlite3_index_constraint_usage {
  int argvIndex;
  unsigned char omit;
};

struct sqlite3_index_info {
  int nConstraint;
  struct sqlite3_index_constraint *aConstraint;
  int nOrderBy;
  struct sqlite3_index_orderby *aOrderBy;
  struct sqlite3_index_constraint_usage *aConstraintUsage;
  int idxNum;
  char *idxStr;
  int needToFreeIdxStr;
  int orderByConsumed;
  double estimatedCost;
  sqlite3_int64 estimatedRows; // 3.8.2
  int idxFlags;                // 3.9.0
  sqlite3_uint64 colUsed;      // 3.10.0
};

// The first version of the structure is enough: SQLite reads no further than iVersion allows.
struct sqlite3_module {
  int iVersion;
  int (*xCreate)(sqlite3 *, void *, int, const char *const *, sqlite3_vtab **, char **);
  int (*xConnect)(sqlite3 *, void *, int, const char *const *, sqlite3_vtab **, char **);
  int (*xBestIndex)(sqlite3_vtab *, sqlite3_index_info *);
  int (*xDisconnect)(sqlite3_vtab *);
  int (*xDestroy)(sqlite3_vtab *);
  int (*xOpen)(sqlite3_vtab *, sqlite3_vtab_cursor **);
  int (*xClose)(sqlite3_vtab_cursor *);
  int (*xFilter)(sqlite3_vtab_cursor *, int, const char *, int, sqlite3_value **);
  int (*xNext)(sqlite3_vtab_cursor *);
  int (*xEof)(sqlite3_vtab_cursor *);
  int (*xColumn)(sqlite3_vtab_cursor *, sqlite3_context *, int);
  int (*xRowid)(sqlite3_vtab_cursor *, sqlite3_int64 *);
  int (*xUpdate)(sqlite3_vtab *, int, sqlite3_value **, sqlite3_int64 *);
  int (*xBegin)(sqlite3_vtab *);
  int (*xSync)(sqlite3_vtab *);
  int (*xCommit)(sqlite3_vtab *);
  int (*xRollback)(sqlite3_vtab *);
  int (*xFindFunction)(sqlite3_vtab *, int, const char *, void (**)(sqlite3_context *, int, sqlite3_value **), void **);
  int (*xRename)(sqlite3_vtab *, const char *);
  int (*xSavepoint)(sqlite3_vtab *, int);
  int (*xRelease)(sqlite3_vtab *, int);
  int (*xRollbackTo)(sqlite3_vtab *, int);
  int (*xShadowName)(const char *);
};

enum {
  SQLITE_OK = 0, SQLITE_ERROR = 1, SQLITE_NOMEM = 7, SQLITE_CORRUPT = 11, SQLITE_CONSTRAINT = 19, SQLITE_MISUSE = 21,
  SQLITE_AUTH = 23, SQLITE_ROW = 100, SQLITE_DONE = 101,
  SQLITE_INTEGER = 1, SQLITE_FLOAT = 2, SQLITE_TEXT = 3, SQLITE_BLOB = 4, SQLITE_NULL = 5,
  SQLITE_UTF8 = 1, SQLITE_DETERMINISTIC = 0x800, SQLITE_INNOCUOUS = 0x200000,
  SQLITE_INDEX_SCAN_UNIQUE = 1, SQLITE_DENY = 1,
};
enum {
  SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER = 1004, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION = 1005,
  SQLITE_DBCONFIG_DEFENSIVE = 1010, SQLITE_DBCONFIG_WRITABLE_SCHEMA = 1011, SQLITE_DBCONFIG_DQS_DML = 1013, SQLITE_DBCONFIG_DQS_DDL = 1014,
};
enum { SQLITE_STMTSTATUS_REPREPARE = 5 };
enum { SQLITE_LIMIT_LENGTH = 0, SQLITE_LIMIT_SQL_LENGTH = 1, SQLITE_LIMIT_WORKER_THREADS = 11 };

#define SQLITE_TRANSIENT ((void (*)(void *))(intptr_t)-1)
#define WEAK __attribute__((weak))

// Since 3.8 or before.
extern int sqlite3_auto_extension(void (*)(void)) WEAK;
extern int sqlite3_create_module_v2(sqlite3 *, const char *, const sqlite3_module *, void *, void (*)(void *)) WEAK;
extern int sqlite3_declare_vtab(sqlite3 *, const char *) WEAK;
extern int sqlite3_create_function_v2(sqlite3 *, const char *, int, int, void *,
    void (*)(sqlite3_context *, int, sqlite3_value **), void (*)(sqlite3_context *, int, sqlite3_value **),
    void (*)(sqlite3_context *), void (*)(void *)) WEAK;
extern int sqlite3_create_collation_v2(sqlite3 *, const char *, int, void *,
    int (*)(void *, int, const void *, int, const void *), void (*)(void *)) WEAK;
extern int sqlite3_set_authorizer(sqlite3 *,
    int (*)(void *, int, const char *, const char *, const char *, const char *), void *) WEAK;
extern void sqlite3_progress_handler(sqlite3 *, int, int (*)(void *), void *) WEAK;
extern int sqlite3_db_config(sqlite3 *, int, ...) WEAK;
extern int sqlite3_limit(sqlite3 *, int, int) WEAK;
extern int sqlite3_busy_timeout(sqlite3 *, int) WEAK;
extern int sqlite3_total_changes(sqlite3 *) WEAK;
extern int sqlite3_changes(sqlite3 *) WEAK;
extern sqlite3_int64 sqlite3_last_insert_rowid(sqlite3 *) WEAK;
extern int sqlite3_get_autocommit(sqlite3 *) WEAK;
extern int sqlite3_errcode(sqlite3 *) WEAK;
extern int sqlite3_extended_errcode(sqlite3 *) WEAK;
extern const char *sqlite3_errmsg(sqlite3 *) WEAK;
extern void *sqlite3_malloc(int) WEAK;
extern void sqlite3_free(void *) WEAK;
extern char *sqlite3_mprintf(const char *, ...) WEAK;

extern int sqlite3_prepare_v2(sqlite3 *, const char *, int, sqlite3_stmt **, const char **) WEAK;
extern int sqlite3_finalize(sqlite3_stmt *) WEAK;
extern int sqlite3_reset(sqlite3_stmt *) WEAK;
extern int sqlite3_clear_bindings(sqlite3_stmt *) WEAK;
extern int sqlite3_step(sqlite3_stmt *) WEAK;
extern int sqlite3_stmt_status(sqlite3_stmt *, int, int) WEAK;
extern int sqlite3_stmt_readonly(sqlite3_stmt *) WEAK;
extern int sqlite3_bind_parameter_count(sqlite3_stmt *) WEAK;
extern const char *sqlite3_bind_parameter_name(sqlite3_stmt *, int) WEAK;
extern int sqlite3_bind_null(sqlite3_stmt *, int) WEAK;
extern int sqlite3_bind_int64(sqlite3_stmt *, int, sqlite3_int64) WEAK;
extern int sqlite3_bind_double(sqlite3_stmt *, int, double) WEAK;
extern int sqlite3_bind_text64(sqlite3_stmt *, int, const char *, sqlite3_uint64, void (*)(void *), unsigned char) WEAK;
extern int sqlite3_bind_blob64(sqlite3_stmt *, int, const void *, sqlite3_uint64, void (*)(void *)) WEAK;
extern int sqlite3_column_count(sqlite3_stmt *) WEAK;
extern const char *sqlite3_column_name(sqlite3_stmt *, int) WEAK;
extern const char *sqlite3_column_decltype(sqlite3_stmt *, int) WEAK;
extern int sqlite3_column_type(sqlite3_stmt *, int) WEAK;
extern sqlite3_int64 sqlite3_column_int64(sqlite3_stmt *, int) WEAK;
extern double sqlite3_column_double(sqlite3_stmt *, int) WEAK;
extern const unsigned char *sqlite3_column_text(sqlite3_stmt *, int) WEAK;
extern const void *sqlite3_column_blob(sqlite3_stmt *, int) WEAK;
extern int sqlite3_column_bytes(sqlite3_stmt *, int) WEAK;

extern int sqlite3_value_type(sqlite3_value *) WEAK;
extern sqlite3_int64 sqlite3_value_int64(sqlite3_value *) WEAK;
extern double sqlite3_value_double(sqlite3_value *) WEAK;
extern const unsigned char *sqlite3_value_text(sqlite3_value *) WEAK;
extern const void *sqlite3_value_blob(sqlite3_value *) WEAK;
extern int sqlite3_value_bytes(sqlite3_value *) WEAK;
extern void *sqlite3_user_data(sqlite3_context *) WEAK;
extern void *sqlite3_aggregate_context(sqlite3_context *, int) WEAK;
extern void sqlite3_result_null(sqlite3_context *) WEAK;
extern void sqlite3_result_int64(sqlite3_context *, sqlite3_int64) WEAK;
extern void sqlite3_result_double(sqlite3_context *, double) WEAK;
extern void sqlite3_result_text64(sqlite3_context *, const char *, sqlite3_uint64, void (*)(void *), unsigned char) WEAK;
extern void sqlite3_result_blob64(sqlite3_context *, const void *, sqlite3_uint64, void (*)(void *)) WEAK;
extern void sqlite3_result_error(sqlite3_context *, const char *, int) WEAK;
extern void sqlite3_result_error_nomem(sqlite3_context *) WEAK;

// Optional: null in older libraries.
extern const char *sqlite3_vtab_collation(sqlite3_index_info *, int) WEAK;               // 3.22
extern int sqlite3_create_window_function(sqlite3 *, const char *, int, int, void *,     // 3.25
    void (*)(sqlite3_context *, int, sqlite3_value **), void (*)(sqlite3_context *),
    void (*)(sqlite3_context *), void (*)(sqlite3_context *, int, sqlite3_value **), void (*)(void *)) WEAK;
extern int sqlite3_error_offset(sqlite3 *) WEAK;                                         // 3.38
extern int sqlite3_vtab_distinct(sqlite3_index_info *) WEAK;                             // 3.38
extern int sqlite3_vtab_in(sqlite3_index_info *, int, int) WEAK;                         // 3.38
extern int sqlite3_vtab_in_first(sqlite3_value *, sqlite3_value **) WEAK;                // 3.38
extern int sqlite3_vtab_in_next(sqlite3_value *, sqlite3_value **) WEAK;                 // 3.38
extern int sqlite3_vtab_rhs_value(sqlite3_index_info *, int, sqlite3_value **) WEAK;     // 3.38

#endif
