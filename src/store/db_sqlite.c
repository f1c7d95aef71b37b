#include "store/db.h"

#include "base/embed.h"
#include "store/sqlite_mark.h"
#include "store/vfs_sum.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* One connection. Statements are prepared at first use and stay: by id for those of the table, by text for
 * the few that list.h builds (an old one makes room). A statement that is still running when it is asked
 * for again (a walk down a tree) gets a second, temporary one. */
enum {
    BUILT_MAX = 24,
    BUSY_MS = 5000,
    CHECKPOINT_PAGES = 2000,         /* in the log: move them when this many have gathered */
    CHECKPOINT_INSIST_PAGES = 20000, /* readers that never pause: wait for them now */
    WRITER_CACHE_KIB = 16 * 1024,
    READER_CACHE_KIB = 8 * 1024
};

struct sqlite_rows {
    struct db_rows base;
    sqlite3_stmt *stmt;
    char *text;    /* built: what it was prepared from */
    uint64_t used; /* built: when, for finding the oldest */
    bool busy;
    bool temporary;
};

enum control {
    CONTROL_BEGIN_READ,
    CONTROL_BEGIN_WRITE,
    CONTROL_COUNT_UP,
    CONTROL_COMMIT,
    CONTROL_ROLLBACK,
    CONTROL_COUNT
};

static const char *const CONTROL_TEXT[CONTROL_COUNT] = {
    "BEGIN", "BEGIN IMMEDIATE", "UPDATE commits SET no = no + 1", "COMMIT", "ROLLBACK"};

struct sqlite {
    struct db base;
    sqlite3 *handle;
    sqlite3_stmt *control[CONTROL_COUNT];
    struct sqlite_rows fixed[SQL_COUNT];
    struct sqlite_rows built[BUILT_MAX];
    uint64_t clock;  /* counts uses */
    int log_pages;   /* in the log after the last commit */
    int log_move_at; /* … and how many must be there before they are moved */
    struct sqlite_mark *mark;
    int64_t commits;
    int64_t changes; /* of this connection when the transaction began */
};

static const struct {
    int code;
    enum errc errc;
    const char *story;
} CODES[] = {
    {SQLITE_IOERR_DATA, ERR_DAMAGED, "a page of the database does not match its checksum"},
    {SQLITE_IOERR_CORRUPTFS, ERR_DAMAGED, "the file system reports damage"},
    {SQLITE_IOERR_NOMEM, ERR_NOMEM, "out of memory"},
    {SQLITE_CONSTRAINT_PRIMARYKEY, ERR_CONFLICT, "a record with this key exists already"},
    {SQLITE_CONSTRAINT_UNIQUE, ERR_CONFLICT, "a record with this key exists already"},
    {SQLITE_CONSTRAINT_ROWID, ERR_CONFLICT, "a record with this key exists already"},
    {SQLITE_CONSTRAINT_FOREIGNKEY, ERR_INTERNAL, "a record refers to one that is not there"},
    {SQLITE_FULL, ERR_FULL, "the disk is full; nothing was recorded"},
    {SQLITE_NOMEM, ERR_NOMEM, "out of memory"},
    {SQLITE_BUSY, ERR_BUSY, "the database is in use by another connection"},
    {SQLITE_LOCKED, ERR_BUSY, "the database is in use by another connection"},
    {SQLITE_INTERRUPT, ERR_TIMEOUT, "the query was interrupted"},
    {SQLITE_CORRUPT, ERR_DAMAGED, "the database file is damaged"},
    {SQLITE_NOTADB, ERR_DAMAGED, "the file is not a database, or its beginning is damaged"},
    {SQLITE_TOOBIG, ERR_LIMIT, "a value is too large for the database"},
    {SQLITE_IOERR, ERR_IO, "the disk failed"},
    {SQLITE_CANTOPEN, ERR_IO, "the database file cannot be opened"},
    {SQLITE_READONLY, ERR_IO, "the database file cannot be written"},
    {SQLITE_PERM, ERR_IO, "the database file cannot be used: permission"},
};

/* The extended code first, then the family it belongs to. */
static enum errc fail(const struct sqlite *db, int code, struct err *err)
{
    const char *detail = db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(code);
    for (int mask = -1;; mask = 0xFF) {
        for (size_t i = 0; i < sizeof CODES / sizeof CODES[0]; i++)
            if (CODES[i].code == (code & mask))
                return err_set(err, CODES[i].errc, "%s (%s, %d)", CODES[i].story, detail, code);
        if (mask == 0xFF)
            break;
    }
    return err_set(err, ERR_INTERNAL, "the database refused a statement: %s (%d)", detail, code);
}

static enum errc script(struct sqlite *db, const char *text, struct err *err)
{
    int code = sqlite3_exec(db->handle, text, NULL, NULL, NULL);
    return code == SQLITE_OK ? ERR_OK : fail(db, sqlite3_extended_errcode(db->handle), err);
}

static enum errc prepare(struct sqlite *db, const char *text, sqlite3_stmt **out, struct err *err)
{
    int code = sqlite3_prepare_v3(db->handle, text, -1, SQLITE_PREPARE_PERSISTENT, out, NULL);
    return code == SQLITE_OK ? ERR_OK : fail(db, sqlite3_extended_errcode(db->handle), err);
}

static void drop(struct sqlite_rows *rows)
{
    (void)sqlite3_finalize(rows->stmt); /* repeats the error of the last step, told long ago */
    free(rows->text);
    rows->stmt = NULL;
    rows->text = NULL;
}

static void sqlite_close(struct db *base)
{
    struct sqlite *db = (struct sqlite *)base;
    if (base->failed) /* what the disk holds is for the next start to find out */
        (void)sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    for (size_t i = 0; i < CONTROL_COUNT; i++)
        (void)sqlite3_finalize(db->control[i]);
    for (size_t i = 0; i < SQL_COUNT; i++)
        drop(&db->fixed[i]);
    for (size_t i = 0; i < BUILT_MAX; i++)
        drop(&db->built[i]);
    (void)sqlite3_close_v2(db->handle); /* v2 cannot fail */
    sqlite_mark_close(db->mark);
    free(db);
}

/* The writer moves the log into the file itself, at a moment of its choosing and seeing the result;
 * a reader must never do it, not even when it is the last to close: two connections at that work are what
 * SQLite before 3.51.3 gets wrong. */
static int on_commit(void *context, sqlite3 *handle, const char *name, int pages)
{
    (void)handle;
    (void)name;
    struct sqlite *db = context;
    db->log_pages = pages;
    return SQLITE_OK;
}

static enum errc configure(struct sqlite *db, const struct db_options *options, struct err *err)
{
    static const char *const SYNC[] = {"PRAGMA synchronous = FULL", "PRAGMA synchronous = NORMAL",
                                       "PRAGMA synchronous = OFF"};
    bool writes = options->access == DB_WRITE;
    int kib = options->cache_kib > 0 ? options->cache_kib : writes ? WRITER_CACHE_KIB : READER_CACHE_KIB;
    char cache[64];
    (void)snprintf(cache, sizeof cache, "PRAGMA cache_size = -%d", kib);
    (void)sqlite3_extended_result_codes(db->handle, 1);
    (void)sqlite3_busy_timeout(db->handle, BUSY_MS);
    (void)sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !writes, NULL);
    enum errc rc = script(db,
                          "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;"
                          "PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 0;"
                          "PRAGMA foreign_keys = ON; PRAGMA secure_delete = FAST",
                          err);
    if (rc == ERR_OK)
        rc = script(db, cache, err);
    if (rc == ERR_OK && writes)
        rc = script(db, "PRAGMA journal_mode = WAL", err);
    if (rc == ERR_OK && writes)
        rc = script(db, SYNC[options->sync], err);
    if (rc == ERR_OK && writes)
        (void)sqlite3_wal_hook(db->handle, on_commit, db);
    return rc;
}

/* The database must know every commit that was acknowledged. The mark is read first: it only falls behind. */
static enum errc check_mark(struct sqlite *db, struct err *err)
{
    static const struct db_sql COMMITS = {SQL_BUILT, "SELECT no FROM commits"};
    int64_t acknowledged = 0;
    enum errc rc = sqlite_mark_read(db->mark, &acknowledged, err);
    if (rc == ERR_OK)
        rc = db_number(&db->base, &COMMITS, NULL, 0, &db->commits, err);
    if (rc < 0)
        return rc;
    if (acknowledged > db->commits)
        return err_set(
            err, ERR_DAMAGED,
            "%lld commits were acknowledged and the database holds %lld: its log is damaged, or an "
            "older file was put in its place; restore a backup with 'fengsui restore'",
            (long long)acknowledged, (long long)db->commits);
    return ERR_OK;
}

static enum errc open_handle(struct sqlite *db, const char *path, int flags, const char *vfs, struct err *err)
{
    int reserve = VFS_SUM_RESERVE_BYTES;
    int code = sqlite3_open_v2(path, &db->handle, flags, vfs);
    if (code == SQLITE_OK)
        code = sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserve);
    return code == SQLITE_OK ? ERR_OK : fail(db, code, err);
}

static enum errc sqlite_open(const struct db_options *options, struct db **out, struct err *err)
{
    struct sqlite *db = calloc(1, sizeof *db);
    if (!db)
        return err_set(err, ERR_NOMEM, "out of memory");
    db->base.driver = &DB_SQLITE;
    db->base.access = options->access;
    db->log_move_at = CHECKPOINT_PAGES;
    int flags = SQLITE_OPEN_NOMUTEX;
    flags |= options->access == DB_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    if (options->create)
        flags |= SQLITE_OPEN_CREATE;
    const char *vfs = options->vfs;
    enum errc rc = options->unchecked ? ERR_OK : vfs_sum_over(options->vfs, &vfs, err);
    if (rc == ERR_OK)
        rc = open_handle(db, options->path, flags, vfs, err);
    if (rc == ERR_OK)
        rc = configure(db, options, err);
    bool writes = options->access == DB_WRITE;
    if (rc == ERR_OK)
        rc = sqlite_mark_open(vfs, options->path, writes ? SQLITE_MARK_WRITE : SQLITE_MARK_READ, &db->mark,
                              err);
    if (rc == ERR_OK && !writes && !options->unchecked)
        rc = check_mark(db, err); /* the writer looks after it has migrated */
    if (rc < 0) {
        sqlite_close(&db->base);
        return rc;
    }
    *out = &db->base;
    return ERR_OK;
}

static enum errc control(struct sqlite *db, enum control which, struct err *err)
{
    if (!db->control[which]) {
        enum errc rc = prepare(db, CONTROL_TEXT[which], &db->control[which], err);
        if (rc < 0)
            return rc;
    }
    int code = sqlite3_step(db->control[which]);
    enum errc rc = code == SQLITE_DONE ? ERR_OK : fail(db, sqlite3_extended_errcode(db->handle), err);
    (void)sqlite3_reset(db->control[which]); /* repeats the code of the step */
    return rc;
}

/* The files of sql/, by their numbers. */
extern const struct embed_set EMBED_migrations_sqlite;

/* Forward only: each file is applied once, its number kept as user_version. */
static enum errc sqlite_migrate(struct db *base, struct err *err)
{
    struct sqlite *db = (struct sqlite *)base;
    static const struct db_sql VERSION = {SQL_BUILT, "PRAGMA user_version"};
    const struct embed_set *files = &EMBED_migrations_sqlite;
    int64_t version = 0;
    enum errc rc = db_number(base, &VERSION, NULL, 0, &version, err);
    if (rc == ERR_OK && version > (int64_t)files->count)
        rc = err_set(err, ERR_UNSUPPORTED,
                     "the data were written by a newer version (schema %lld, this one knows %zu); "
                     "install that version",
                     (long long)version, files->count);
    for (size_t i = (size_t)version; rc == ERR_OK && i < files->count; i++) {
        char done[64];
        (void)snprintf(done, sizeof done, "PRAGMA user_version = %zu", i + 1);
        rc = db_begin(base, DB_WRITE, err);
        if (rc == ERR_OK)
            rc = script(db, files->files[i].bytes, err);
        if (rc == ERR_OK)
            rc = script(db, done, err);
        if (rc == ERR_OK)
            rc = db_commit(base, err);
        if (rc < 0)
            db_rollback(base);
    }
    if (rc == ERR_OK)
        rc = check_mark(db, err);
    return rc == ERR_OK ? sqlite_mark_write(db->mark, db->commits, err) : rc;
}

static enum errc sqlite_begin(struct db *base, enum db_access access, struct err *err)
{
    struct sqlite *db = (struct sqlite *)base;
    db->changes = sqlite3_total_changes64(db->handle);
    return control(db, access == DB_WRITE ? CONTROL_BEGIN_WRITE : CONTROL_BEGIN_READ, err);
}

/* What was committed is safe in the log whatever happens here; but a disk that fails now must stop the
 * store all the same, and a full one only waits for its next chance. */
static enum errc checkpoint(struct sqlite *db, int mode, struct err *err)
{
    int code = sqlite3_wal_checkpoint_v2(db->handle, "main", mode, NULL, NULL);
    switch (code & 0xFF) {
    case SQLITE_OK:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_NOMEM: return ERR_OK;
    default: return fail(db, sqlite3_extended_errcode(db->handle), err);
    }
}

/* After a durable commit: it is answered, but what fails now lets no other follow. A full disk only waits. */
static void stop_after(struct sqlite *db, enum errc rc, const struct err *told)
{
    if (rc < 0 && rc != ERR_FULL && !db->base.failed) {
        db->base.failed = true;
        db->base.fault = *told;
    }
}

/* A reader can keep pages from being moved, or the log from starting anew; then the next try comes when as
 * many again have gathered, for each try costs a sync of the database file. */
static void move_log(struct sqlite *db)
{
    struct err told = {0};
    int mode = db->log_pages < CHECKPOINT_INSIST_PAGES ? SQLITE_CHECKPOINT_PASSIVE
                                                       : SQLITE_CHECKPOINT_RESTART;
    db->log_move_at = db->log_pages + CHECKPOINT_PAGES;
    stop_after(db, checkpoint(db, mode, &told), &told);
}

static enum errc sqlite_commit(struct db *base, struct err *err)
{
    struct sqlite *db = (struct sqlite *)base;
    struct err told = {0};
    int before = db->log_pages;
    bool writes = sqlite3_total_changes64(db->handle) != db->changes;
    enum errc rc = writes ? control(db, CONTROL_COUNT_UP, err) : ERR_OK;
    if (rc == ERR_OK)
        rc = control(db, CONTROL_COMMIT, err);
    if (rc < 0 || !writes)
        return rc;
    db->commits++;
    stop_after(db, sqlite_mark_write(db->mark, db->commits, &told), &told);
    if (db->log_pages < before)
        db->log_move_at = CHECKPOINT_PAGES; /* it has started anew */
    if (db->log_pages >= db->log_move_at)
        move_log(db);
    return ERR_OK;
}

/* An error within a statement of the full-text table rolls back while that table is still at work, and what
 * it then keeps in memory belongs to no transaction: the next one would call the table damaged. Reading the
 * schema anew gives it a fresh start. */
static void sqlite_rollback(struct db *base)
{
    struct sqlite *db = (struct sqlite *)base;
    struct err told = {0};
    enum errc rc = sqlite3_get_autocommit(db->handle) ? script(db, "PRAGMA writable_schema = RESET", &told)
                                                      : control(db, CONTROL_ROLLBACK, &told);
    if (rc < 0 && base->access == DB_WRITE && !base->failed) {
        base->failed = true;
        base->fault = told;
    }
}

static struct sqlite_rows *built_slot(struct sqlite *db, const char *text)
{
    struct sqlite_rows *oldest = NULL;
    for (size_t i = 0; i < BUILT_MAX; i++) {
        struct sqlite_rows *slot = &db->built[i];
        if (slot->busy)
            continue;
        if (slot->text && strcmp(slot->text, text) == 0)
            return slot;
        if (!oldest || slot->used < oldest->used)
            oldest = slot;
    }
    if (oldest)
        drop(oldest);
    return oldest;
}

/* A prepared statement nobody is using, marked busy. */
static enum errc take(struct sqlite *db, const struct db_sql *sql, struct sqlite_rows **out, struct err *err)
{
    struct sqlite_rows *rows = sql->id == SQL_BUILT ? built_slot(db, sql->text) : &db->fixed[sql->id];
    bool temporary = !rows || rows->busy;
    if (temporary) {
        rows = calloc(1, sizeof *rows);
        if (!rows)
            return err_set(err, ERR_NOMEM, "out of memory");
    }
    rows->base.db = &db->base;
    rows->temporary = temporary;
    enum errc rc = rows->stmt ? ERR_OK : prepare(db, sql->text, &rows->stmt, err);
    if (rc == ERR_OK && sql->id == SQL_BUILT && !rows->text && !temporary) {
        rows->text = strdup(sql->text);
        if (!rows->text) {
            drop(rows);
            rc = err_set(err, ERR_NOMEM, "out of memory");
        }
    }
    if (rc < 0) {
        if (temporary)
            free(rows);
        return rc;
    }
    rows->busy = true;
    rows->used = ++db->clock;
    *out = rows;
    return ERR_OK;
}

static void sqlite_finish(struct db_rows *base)
{
    struct sqlite_rows *rows = (struct sqlite_rows *)base;
    (void)sqlite3_reset(rows->stmt); /* repeats the code of the last step */
    (void)sqlite3_clear_bindings(rows->stmt);
    rows->busy = false;
    if (rows->temporary) {
        drop(rows);
        free(rows);
    }
}

/* Bound bytes are the caller's and stay valid until db_run returns, or until db_finish. */
static enum errc bind(struct sqlite *db, sqlite3_stmt *stmt, const struct db_value *values, size_t count,
                      struct err *err)
{
    if ((size_t)sqlite3_bind_parameter_count(stmt) != count)
        return err_set(err, ERR_INTERNAL, "%zu values for: %s", count, sqlite3_sql(stmt));
    for (size_t i = 0; i < count; i++) {
        const struct db_value *value = &values[i];
        int at = (int)i + 1, code = SQLITE_OK;
        switch (value->type) {
        case DB_NULL: code = sqlite3_bind_null(stmt, at); break;
        case DB_INT: code = sqlite3_bind_int64(stmt, at, value->number); break;
        case DB_TEXT:
            code = sqlite3_bind_text64(stmt, at, value->bytes, value->size_bytes, SQLITE_STATIC, SQLITE_UTF8);
            break;
        case DB_BLOB:
            code = sqlite3_bind_blob64(stmt, at, value->bytes ? value->bytes : "", value->size_bytes,
                                       SQLITE_STATIC);
            break;
        }
        if (code != SQLITE_OK)
            return fail(db, sqlite3_extended_errcode(db->handle), err);
    }
    return ERR_OK;
}

static enum errc sqlite_query(struct db *base, const struct db_sql *sql, const struct db_value *values,
                              size_t count, struct db_rows **out, struct err *err)
{
    struct sqlite *db = (struct sqlite *)base;
    struct sqlite_rows *rows = NULL;
    enum errc rc = take(db, sql, &rows, err);
    if (rc < 0)
        return rc;
    assert(rows);
    rc = bind(db, rows->stmt, values, count, err);
    if (rc < 0) {
        sqlite_finish(&rows->base);
        return rc;
    }
    *out = &rows->base;
    return ERR_OK;
}

static enum errc sqlite_next(struct db_rows *base, bool *more, struct err *err)
{
    struct sqlite_rows *rows = (struct sqlite_rows *)base;
    struct sqlite *db = (struct sqlite *)base->db;
    int code = sqlite3_step(rows->stmt);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return fail(db, sqlite3_extended_errcode(db->handle), err);
    *more = code == SQLITE_ROW;
    return ERR_OK;
}

static enum errc sqlite_run(struct db *base, const struct db_sql *sql, const struct db_value *values,
                            size_t count, int64_t *changed, struct err *err)
{
    struct db_rows *rows = NULL;
    enum errc rc = sqlite_query(base, sql, values, count, &rows, err);
    bool more = false;
    if (rc == ERR_OK)
        rc = sqlite_next(rows, &more, err);
    if (rc == ERR_OK && changed)
        *changed = sqlite3_changes64(((struct sqlite *)base)->handle);
    if (rows)
        sqlite_finish(rows);
    return rc;
}

static struct db_value sqlite_column(struct db_rows *base, int at)
{
    sqlite3_stmt *stmt = ((struct sqlite_rows *)base)->stmt;
    struct db_value value = {.type = DB_NULL};
    switch (sqlite3_column_type(stmt, at)) {
    case SQLITE_INTEGER:
        value.type = DB_INT;
        value.number = sqlite3_column_int64(stmt, at);
        break;
    case SQLITE_TEXT:
        value.type = DB_TEXT;
        value.bytes = sqlite3_column_text(stmt, at);
        value.size_bytes = (size_t)sqlite3_column_bytes(stmt, at);
        break;
    case SQLITE_BLOB:
        value.type = DB_BLOB;
        value.bytes = sqlite3_column_blob(stmt, at);
        value.size_bytes = (size_t)sqlite3_column_bytes(stmt, at);
        break;
    default: break;
    }
    return value;
}

/* integrity_check answers "ok" or a line a finding; the first is told. */
static enum errc check(struct sqlite *db, struct err *err)
{
    static const struct db_sql CHECK = {SQL_BUILT, "PRAGMA integrity_check(1)"};
    struct db_rows *rows = NULL;
    bool more = false;
    enum errc rc = sqlite_query(&db->base, &CHECK, NULL, 0, &rows, err);
    if (rc == ERR_OK)
        rc = sqlite_next(rows, &more, err);
    if (rc == ERR_OK) {
        struct db_value value = sqlite_column(rows, 0);
        if (!more || !value.bytes || strcmp(value.bytes, "ok") != 0)
            rc = err_set(err, ERR_DAMAGED, "the database is damaged: %s",
                         more && value.bytes ? (const char *)value.bytes : "no answer");
    }
    if (rows)
        sqlite_finish(rows);
    return rc;
}

static enum errc backup(struct sqlite *db, const char *path, struct err *err)
{
    static const struct db_sql INTO = {SQL_BUILT, "VACUUM INTO $1"};
    return sqlite_run(&db->base, &INTO, DB_VALUES(db_of_text(path)), NULL, err);
}

static enum errc attach(struct sqlite *db, const char *path, struct err *err)
{
    static const struct db_sql ATTACH = {SQL_BUILT, "ATTACH $1 AS old"};
    return sqlite_run(&db->base, &ATTACH, DB_VALUES(db_of_text(path)), NULL, err);
}

static enum errc sqlite_admin(struct db *base, enum db_admin what, const char *path, struct err *err)
{
    struct sqlite *db = (struct sqlite *)base;
    switch (what) {
    case DB_ADMIN_CHECK: return check(db, err);
    case DB_ADMIN_BACKUP: return backup(db, path, err);
    case DB_ADMIN_ATTACH: return attach(db, path, err);
    case DB_ADMIN_OPTIMIZE: return script(db, "PRAGMA analysis_limit = 1000; ANALYZE", err);
    case DB_ADMIN_DRAIN: return checkpoint(db, SQLITE_CHECKPOINT_TRUNCATE, err);
    }
    return err_set(err, ERR_INTERNAL, "unknown operation %d", (int)what);
}

const struct db_driver DB_SQLITE = {
    .name = "sqlite",
    .open = sqlite_open,
    .close = sqlite_close,
    .migrate = sqlite_migrate,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .run = sqlite_run,
    .query = sqlite_query,
    .next = sqlite_next,
    .column = sqlite_column,
    .finish = sqlite_finish,
    .admin = sqlite_admin,
};
