#include "store/sessions.h"

#include "store/store_internal.h"

static enum errc read_row(struct db_rows *rows, struct arena *arena, struct session *out, struct err *err)
{
    *out = (struct session){.id = db_text(rows, 0, arena),
                            .person = db_text(rows, 2, arena),
                            .post = db_text(rows, 3, arena),
                            .address = db_text(rows, 4, arena),
                            .opened_ms = db_int(rows, 5),
                            .seen_ms = db_int(rows, 6),
                            .confirmed_ms = db_int(rows, 7),
                            .locked_ms = db_int(rows, 8),
                            .failures = db_int(rows, 9),
                            .before_ms = db_int(rows, 10),
                            .before_from = db_text(rows, 11, arena)};
    enum errc rc = row_hash(rows, 1, out->hash, err);
    return rc == ERR_OK ? row_check(arena, err) : rc;
}

enum errc sessions_add(struct store *store, const struct session *session, struct err *err)
{
    return db_run(store->db, SQL(SESSION_INSERT),
                  DB_VALUES(db_of_text(session->id), db_of_blob(session->hash, HASH_SIZE),
                            db_of_text(session->person), db_of_text(session->post),
                            db_of_text(session->address), db_of_int(session->opened_ms),
                            db_of_int(session->seen_ms), db_of_int(session->confirmed_ms),
                            db_of_int(session->locked_ms), db_of_int(session->failures),
                            db_of_int(session->before_ms), db_of_text(session->before_from)),
                  NULL, err);
}

static enum errc first(struct store *store, const struct db_sql *sql, struct db_value key,
                       struct arena *arena, struct session *out, struct err *err)
{
    struct db_rows *rows = NULL;
    struct session found;
    enum errc rc = row_first(store->db, sql, &key, 1, &rows, err);
    if (rc == ERR_NOT_FOUND)
        return err_set(err, rc, "there is no such session");
    if (rc < 0)
        return rc;
    rc = read_row(rows, arena, &found, err);
    db_finish(rows);
    if (rc == ERR_OK)
        *out = found;
    return rc;
}

enum errc sessions_find(struct store *store, const uint8_t hash[HASH_SIZE], struct arena *arena,
                        struct session *out, struct err *err)
{
    return first(store, SQL(SESSION_BY_HASH), db_of_blob(hash, HASH_SIZE), arena, out, err);
}

enum errc sessions_get(struct store *store, const char *id, struct arena *arena, struct session *out,
                       struct err *err)
{
    return first(store, SQL(SESSION_GET), db_of_text(id), arena, out, err);
}

static enum errc must_change(enum errc rc, int64_t changed, struct err *err)
{
    return rc == ERR_OK && changed == 0 ? err_set(err, ERR_NOT_FOUND, "there is no such session") : rc;
}

enum errc sessions_save(struct store *store, const struct session *session, struct err *err)
{
    int64_t changed = 0;
    enum errc rc = db_run(store->db, SQL(SESSION_UPDATE),
                          DB_VALUES(db_of_blob(session->hash, HASH_SIZE), db_of_text(session->post),
                                    db_of_int(session->seen_ms), db_of_int(session->confirmed_ms),
                                    db_of_int(session->locked_ms), db_of_text(session->id)),
                          &changed, err);
    return must_change(rc, changed, err);
}

enum errc sessions_drop(struct store *store, const char *id, struct err *err)
{
    int64_t changed = 0;
    enum errc rc = db_run(store->db, SQL(SESSION_DROP), DB_VALUES(db_of_text(id)), &changed, err);
    return must_change(rc, changed, err);
}

enum errc sessions_drop_others(struct store *store, const char *person, const char *keep, struct err *err)
{
    return db_run(store->db, SQL(SESSION_DROP_OTHERS), DB_VALUES(db_of_text(person), db_of_text(keep)), NULL,
                  err);
}

enum errc sessions_list(struct store *store, const char *person, struct arena *arena, struct session **out,
                        size_t *out_count, struct err *err)
{
    struct db_rows *rows = NULL;
    bool more = false;
    size_t count = 0;
    struct session *items = arena_array(arena, SESSIONS_MAX, sizeof *items);
    if (!items)
        return row_check(arena, err);
    enum errc rc = db_query(store->db, SQL(SESSION_LIST), DB_VALUES(db_of_text(person)), &rows, err);
    if (rc == ERR_OK)
        rc = db_next(rows, &more, err);
    while (rc == ERR_OK && more && count < SESSIONS_MAX) {
        rc = read_row(rows, arena, &items[count++], err);
        if (rc == ERR_OK)
            rc = db_next(rows, &more, err);
    }
    db_finish(rows);
    if (rc == ERR_OK) {
        *out = items;
        *out_count = count;
    }
    return rc;
}
