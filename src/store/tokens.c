#include "store/tokens.h"

#include "store/store_internal.h"

#include <string.h>

enum errc tokens_add(struct store *store, const struct token *token, struct err *err)
{
    return db_run(store->db, SQL(TOKEN_INSERT),
                  DB_VALUES(db_of_text(token->id), db_of_blob(token->hash, HASH_SIZE),
                            db_of_text(token->role), db_of_text(token->person), db_of_text(token->post),
                            db_of_int(token->created_ms), db_of_int(token->expires_ms),
                            db_of_text(token->post_id), db_of_text(token->address), db_of_int(token->marked)),
                  NULL, err);
}

static enum errc read_row(struct db_rows *rows, struct arena *arena, struct token *out, struct err *err)
{
    *out = (struct token){.id = db_text(rows, 0, arena)};
    out->role = db_text(rows, 2, arena);
    out->person = db_text(rows, 3, arena);
    out->post = db_text(rows, 4, arena);
    out->created_ms = db_int(rows, 5);
    out->expires_ms = db_int(rows, 6);
    out->revoked_ms = db_int(rows, 7);
    out->post_id = db_text(rows, 8, arena);
    out->address = db_text(rows, 9, arena);
    out->marked = db_int(rows, 10) != 0;
    enum errc rc = row_hash(rows, 1, out->hash, err);
    return rc == ERR_OK ? row_check(arena, err) : rc;
}

enum errc tokens_find(struct store *store, const uint8_t hash[HASH_SIZE], struct arena *arena,
                      struct token *out, struct err *err)
{
    struct db_rows *rows = NULL;
    struct token found;
    enum errc rc = row_first(store->db, SQL(TOKEN_BY_HASH), DB_VALUES(db_of_blob(hash, HASH_SIZE)), &rows,
                             err);
    if (rc == ERR_NOT_FOUND)
        return err_set(err, rc, "there is no such token");
    if (rc < 0)
        return rc;
    rc = read_row(rows, arena, &found, err);
    db_finish(rows);
    if (rc == ERR_OK)
        *out = found;
    return rc;
}

enum errc tokens_list(struct store *store, struct arena *arena, struct token **out, size_t *out_count,
                      struct err *err)
{
    struct db_rows *rows = NULL;
    bool more = false;
    size_t count = 0;
    struct token *items = arena_array(arena, TOKENS_MAX, sizeof *items);
    if (!items)
        return row_check(arena, err);
    enum errc rc = db_query(store->db, SQL(TOKEN_LIST), NULL, 0, &rows, err);
    if (rc == ERR_OK)
        rc = db_next(rows, &more, err);
    while (rc == ERR_OK && more && count < TOKENS_MAX) {
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

enum errc tokens_revoke(struct store *store, const char *id, int64_t now_ms, struct err *err)
{
    int64_t changed = 0;
    enum errc rc = db_run(store->db, SQL(TOKEN_REVOKE), DB_VALUES(db_of_int(now_ms), db_of_text(id)),
                          &changed, err);
    if (rc == ERR_OK && changed == 0)
        return err_set(err, ERR_NOT_FOUND, "there is no token %s that is still valid", id);
    return rc;
}

enum errc idempotency_get(struct store *store, const struct idempotency_key *key, struct arena *arena,
                          struct kept_answer *out, struct err *err)
{
    struct db_rows *rows = NULL;
    uint8_t hash[HASH_SIZE];
    struct kept_answer found;
    enum errc rc = row_first(store->db, SQL(IDEM_GET),
                             DB_VALUES(db_of_text(key->scope), db_of_text(key->key)), &rows, err);
    if (rc < 0)
        return rc;
    rc = row_hash(rows, 0, hash, err);
    found.status = db_int(rows, 1);
    found.bytes = db_blob(rows, 2, arena, &found.size_bytes);
    db_finish(rows);
    if (rc == ERR_OK && memcmp(hash, key->request_hash, HASH_SIZE) != 0)
        rc = err_set(err, ERR_REPLAYED, "the key \"%s\" was used with another request", key->key);
    if (rc == ERR_OK)
        rc = row_check(arena, err);
    if (rc == ERR_OK)
        *out = found;
    return rc;
}

enum errc idempotency_save(struct store *store, const struct idempotency_key *key,
                           const struct kept_answer *answer, int64_t now_ms, struct err *err)
{
    return db_run(store->db, SQL(IDEM_SAVE),
                  DB_VALUES(db_of_text(key->scope), db_of_text(key->key),
                            db_of_blob(key->request_hash, HASH_SIZE), db_of_int(answer->status),
                            db_of_blob(answer->bytes, answer->size_bytes), db_of_int(now_ms)),
                  NULL, err);
}

enum errc idempotency_purge(struct store *store, int64_t before_ms, struct err *err)
{
    return db_run(store->db, SQL(IDEM_PURGE), DB_VALUES(db_of_int(before_ms)), NULL, err);
}
