#include "store/db.h"

#include <string.h>

const struct db_sql SQL_TABLE[SQL_COUNT] = {
#define STATEMENT(name, text) {SQL_##name, text},
#include "store/statements.def"
#undef STATEMENT
};

static enum errc fault(const struct db *db, struct err *err)
{
    return err_set(err, ERR_IO,
                   "the store has stopped since its disk failed (%s); restart the program to recover",
                   db->fault.message);
}

/* Damage and failing disks are final for whoever writes: what the disk holds is unknown from here on. */
static enum errc note(struct db *db, enum errc rc, const struct err *err)
{
    if ((rc == ERR_IO || rc == ERR_DAMAGED) && db->access == DB_WRITE && !db->failed) {
        db->failed = true;
        if (err)
            db->fault = *err;
    }
    return rc;
}

enum errc db_open(const struct db_driver *driver, const struct db_options *options, struct db **out,
                  struct err *err)
{
    return driver->open(options, out, err);
}

void db_close(struct db *db)
{
    if (!db)
        return;
    db_rollback(db);
    db->driver->close(db);
}

enum errc db_begin(struct db *db, enum db_access access, struct err *err)
{
    if (db->failed)
        return fault(db, err);
    if (db->in_transaction)
        return err_set(err, ERR_INTERNAL, "a transaction is open already");
    if (access == DB_WRITE && db->access != DB_WRITE)
        return err_set(err, ERR_INTERNAL, "this connection only reads");
    struct err local = {0};
    struct err *told = err ? err : &local;
    enum errc rc = note(db, db->driver->begin(db, access, told), told);
    if (rc == ERR_OK)
        db->in_transaction = true;
    return rc;
}

enum errc db_commit(struct db *db, struct err *err)
{
    if (db->failed)
        return fault(db, err);
    struct err local = {0};
    struct err *told = err ? err : &local;
    enum errc rc = note(db, db->driver->commit(db, told), told);
    if (rc == ERR_OK)
        db->in_transaction = false;
    return rc;
}

void db_rollback(struct db *db)
{
    if (!db->in_transaction)
        return;
    db->driver->rollback(db);
    db->in_transaction = false;
}

enum errc db_run(struct db *db, const struct db_sql *sql, const struct db_value *values, size_t count,
                 int64_t *changed, struct err *err)
{
    if (db->failed)
        return fault(db, err);
    if (!db->in_transaction)
        return err_set(err, ERR_INTERNAL, "nothing is changed outside a transaction");
    struct err local = {0};
    struct err *told = err ? err : &local;
    return note(db, db->driver->run(db, sql, values, count, changed, told), told);
}

enum errc db_query(struct db *db, const struct db_sql *sql, const struct db_value *values, size_t count,
                   struct db_rows **out, struct err *err)
{
    if (db->failed)
        return fault(db, err);
    struct err local = {0};
    struct err *told = err ? err : &local;
    return note(db, db->driver->query(db, sql, values, count, out, told), told);
}

enum errc db_next(struct db_rows *rows, bool *more, struct err *err)
{
    struct err local = {0};
    struct err *told = err ? err : &local;
    return note(rows->db, rows->db->driver->next(rows, more, told), told);
}

void db_finish(struct db_rows *rows)
{
    if (rows)
        rows->db->driver->finish(rows);
}

enum errc db_number(struct db *db, const struct db_sql *sql, const struct db_value *values, size_t count,
                    int64_t *out, struct err *err)
{
    struct db_rows *rows = NULL;
    bool more = false;
    enum errc rc = db_query(db, sql, values, count, &rows, err);
    if (rc == ERR_OK)
        rc = db_next(rows, &more, err);
    if (rc == ERR_OK && more)
        *out = db_int(rows, 0);
    db_finish(rows);
    return rc;
}

struct db_value db_column(struct db_rows *rows, int at)
{
    return rows->db->driver->column(rows, at);
}

int64_t db_int(struct db_rows *rows, int at)
{
    return db_column(rows, at).number;
}

const char *db_text(struct db_rows *rows, int at, struct arena *arena)
{
    struct db_value value = db_column(rows, at);
    return arena_strndup(arena, value.bytes ? value.bytes : "", value.size_bytes);
}

const void *db_blob(struct db_rows *rows, int at, struct arena *arena, size_t *size_bytes)
{
    struct db_value value = db_column(rows, at);
    *size_bytes = value.size_bytes;
    return arena_strndup(arena, value.bytes ? value.bytes : "", value.size_bytes);
}

struct db_value db_of_text(const char *text)
{
    if (!text)
        text = "";
    return (struct db_value){.type = DB_TEXT, .bytes = text, .size_bytes = strlen(text)};
}
