/* store/db.h — the one door to the database engine: at most twelve operations, one driver an engine.
 *
 * Statements are rows of statements.def: a portable subset ($1…$n numbered by first use, ON CONFLICT,
 * RETURNING), each prepared once a connection. The only text built at run time is that of list.h, which is
 * put together from fixed fragments; values are always bound.
 *
 * Layer    store. Only src/store includes it.
 * Owns     db_open gives a connection freed by db_close; rows live until db_finish.
 * Threads  one connection, one thread at a time.
 * Errors   ERR_FULL the disk is full, nothing was written; ERR_CONFLICT a row with that key is there;
 *          ERR_DAMAGED what was read cannot be right; ERR_IO the disk failed. On a writing connection the
 *          last two set `failed`: nothing is written through it any more, for after a failed fsync nobody
 *          knows what the disk holds.
 * Tests    tests/contract/test_contract.c (every driver), tests/faults/test_faults.c
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "store/store.h"

enum db_access { DB_READ, DB_WRITE };

struct db_options {
    const char *path;
    const char *vfs; /* SQLite: the disk to use; NULL = the real one */
    enum db_access access;
    enum store_sync sync;
    bool unchecked; /* reads pages whatever their checksums say: to find out what is damaged */
    bool create;    /* there must be nothing yet; without it there must be something */
    int cache_kib;  /* 0 = the driver's choice */
};

enum db_type { DB_NULL, DB_INT, DB_TEXT, DB_BLOB };

/* A value to bind, or of a column; then bytes live until the next db_next or db_finish. */
struct db_value {
    enum db_type type;
    int64_t number;
    const void *bytes; /* text is NUL-terminated when it comes from a column */
    size_t size_bytes;
};

/* A statement: a row of SQL_TABLE, or one built by list.h (then id is SQL_BUILT). */
enum sql_id {
    SQL_BUILT = -1,
#define STATEMENT(name, text) SQL_##name,
#include "store/statements.def"
#undef STATEMENT
    SQL_COUNT
};

struct db_sql {
    int id;
    const char *text;
};

extern const struct db_sql SQL_TABLE[SQL_COUNT];
#define SQL(name) (&SQL_TABLE[SQL_##name])

enum db_admin {
    DB_ADMIN_CHECK,    /* every page and index; ERR_DAMAGED tells the first finding */
    DB_ADMIN_BACKUP,   /* a consistent copy of what this connection sees, synced, at the path given */
    DB_ADMIN_OPTIMIZE, /* refreshes the planner's figures */
    DB_ADMIN_ATTACH,   /* the tables of the database at the path given can be read as old.<table> */
    DB_ADMIN_DRAIN     /* moves what lies in the log into the database file */
};

struct db;
struct db_rows;

struct db_driver {
    const char *name;
    MUST_USE enum errc (*open)(const struct db_options *options, struct db **out, struct err *err);
    void (*close)(struct db *db);
    MUST_USE enum errc (*migrate)(struct db *db, struct err *err);
    MUST_USE enum errc (*begin)(struct db *db, enum db_access access, struct err *err);
    MUST_USE enum errc (*commit)(struct db *db, struct err *err);
    void (*rollback)(struct db *db);
    MUST_USE enum errc (*run)(struct db *db, const struct db_sql *sql, const struct db_value *values,
                              size_t count, int64_t *changed, struct err *err);
    MUST_USE enum errc (*query)(struct db *db, const struct db_sql *sql, const struct db_value *values,
                                size_t count, struct db_rows **out, struct err *err);
    MUST_USE enum errc (*next)(struct db_rows *rows, bool *more, struct err *err);
    struct db_value (*column)(struct db_rows *rows, int at);
    void (*finish)(struct db_rows *rows);
    MUST_USE enum errc (*admin)(struct db *db, enum db_admin what, const char *path, struct err *err);
};

extern const struct db_driver DB_SQLITE;

/* What every driver's connection begins with. */
struct db {
    const struct db_driver *driver;
    enum db_access access;
    bool in_transaction;
    bool failed;
    struct err fault; /* why it failed */
};

struct db_rows {
    struct db *db;
};

/* The operations, with the checks that are the same for every driver. */
MUST_USE enum errc db_open(const struct db_driver *driver, const struct db_options *options, struct db **out,
                           struct err *err);
void db_close(struct db *db);
MUST_USE enum errc db_begin(struct db *db, enum db_access access, struct err *err);
MUST_USE enum errc db_commit(struct db *db, struct err *err);
void db_rollback(struct db *db);
/* changed may be NULL. */
MUST_USE enum errc db_run(struct db *db, const struct db_sql *sql, const struct db_value *values,
                          size_t count, int64_t *changed, struct err *err);
MUST_USE enum errc db_query(struct db *db, const struct db_sql *sql, const struct db_value *values,
                            size_t count, struct db_rows **out, struct err *err);
MUST_USE enum errc db_next(struct db_rows *rows, bool *more, struct err *err);
void db_finish(struct db_rows *rows); /* takes NULL */

/* The first column of the first row as a number; *out stays when there is no row. */
MUST_USE enum errc db_number(struct db *db, const struct db_sql *sql, const struct db_value *values,
                             size_t count, int64_t *out, struct err *err);

struct db_value db_column(struct db_rows *rows, int at);
/* Text and blobs are copied into the arena; NULL when it is exhausted. */
int64_t db_int(struct db_rows *rows, int at);
const char *db_text(struct db_rows *rows, int at, struct arena *arena);
const void *db_blob(struct db_rows *rows, int at, struct arena *arena, size_t *size_bytes);

static inline struct db_value db_of_int(int64_t number)
{
    return (struct db_value){.type = DB_INT, .number = number};
}

/* NULL counts as the empty text: no column holds NULL where a text is meant. */
struct db_value db_of_text(const char *text);

static inline struct db_value db_of_blob(const void *bytes, size_t size_bytes)
{
    return (struct db_value){.type = DB_BLOB, .bytes = bytes, .size_bytes = size_bytes};
}

/* The two arguments "values, count". */
#define DB_VALUES(...)                                                                                       \
    (struct db_value[]){__VA_ARGS__}, sizeof((struct db_value[]){__VA_ARGS__}) / sizeof(struct db_value)

#endif
