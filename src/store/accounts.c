#include "store/accounts.h"

#include "store/store_internal.h"

#include <string.h>

/* ---- accounts -------------------------------------------------------------------------------------- */

static enum errc read_seed(struct db_rows *rows, int at, bool *out_has, uint8_t out[OTP_SECRET_BYTES],
                           struct err *err)
{
    struct db_value value = db_column(rows, at);
    *out_has = value.size_bytes > 0;
    if (value.size_bytes == 0)
        return ERR_OK;
    if (value.size_bytes != OTP_SECRET_BYTES)
        return err_set(err, ERR_DAMAGED, "a stored seed has %zu bytes", value.size_bytes);
    memcpy(out, value.bytes, OTP_SECRET_BYTES);
    return ERR_OK;
}

static enum errc read_account(struct db_rows *rows, struct arena *arena, struct account *out, struct err *err)
{
    *out = (struct account){.person = db_text(rows, 0, arena),
                            .name = db_text(rows, 1, arena),
                            .password = db_text(rows, 2, arena),
                            .password_ms = db_int(rows, 3),
                            .totp_step = db_int(rows, 7),
                            .entered_ms = db_int(rows, 8),
                            .entered_from = db_text(rows, 9, arena)};
    enum errc rc = row_texts(rows, 4, arena, &out->former, &out->former_count, err);
    if (rc == ERR_OK)
        rc = read_seed(rows, 5, &out->has_totp, out->totp, err);
    if (rc == ERR_OK)
        rc = read_seed(rows, 6, &out->has_totp_next, out->totp_next, err);
    return rc == ERR_OK ? row_check(arena, err) : rc;
}

static enum errc find(struct store *store, const struct db_sql *sql, const char *key, struct arena *arena,
                      struct account *out, struct err *err)
{
    struct db_rows *rows = NULL;
    struct account found;
    enum errc rc = row_first(store->db, sql, DB_VALUES(db_of_text(key)), &rows, err);
    if (rc == ERR_NOT_FOUND)
        return err_set(err, rc, "there is no such account");
    if (rc < 0)
        return rc;
    rc = read_account(rows, arena, &found, err);
    db_finish(rows);
    if (rc == ERR_OK)
        *out = found;
    return rc;
}

enum errc accounts_add(struct store *store, const char *person, const char *name, struct err *err)
{
    return db_run(store->db, SQL(ACCOUNT_INSERT),
                  DB_VALUES(db_of_text(person), db_of_text(name), db_of_blob("", 0)), NULL, err);
}

enum errc accounts_get(struct store *store, const char *person, struct arena *arena, struct account *out,
                       struct err *err)
{
    return find(store, SQL(ACCOUNT_GET), person, arena, out, err);
}

enum errc accounts_by_name(struct store *store, const char *name, struct arena *arena, struct account *out,
                           struct err *err)
{
    return find(store, SQL(ACCOUNT_BY_NAME), name, arena, out, err);
}

enum errc accounts_save(struct store *store, const struct account *account, struct err *err)
{
    struct arena arena;
    int64_t changed = 0;
    size_t count = account->former_count < ACCOUNT_FORMER_MAX ? account->former_count : ACCOUNT_FORMER_MAX;
    arena_init(&arena, ACCOUNT_FORMER_MAX * 1024);
    const char *former = row_list(account->former, count, &arena);
    enum errc rc = row_check(&arena, err);
    if (rc == ERR_OK)
        rc = db_run(store->db, SQL(ACCOUNT_UPDATE),
                    DB_VALUES(db_of_text(account->password), db_of_int(account->password_ms),
                              db_of_text(former),
                              db_of_blob(account->totp, account->has_totp ? OTP_SECRET_BYTES : 0),
                              db_of_blob(account->totp_next, account->has_totp_next ? OTP_SECRET_BYTES : 0),
                              db_of_int(account->totp_step), db_of_int(account->entered_ms),
                              db_of_text(account->entered_from), db_of_text(account->person)),
                    &changed, err);
    arena_done(&arena);
    if (rc == ERR_OK && changed == 0)
        rc = err_set(err, ERR_NOT_FOUND, "there is no such account");
    return rc;
}

enum errc accounts_count(struct store *store, int64_t *out, struct err *err)
{
    return db_number(store->db, SQL(ACCOUNT_COUNT), NULL, 0, out, err);
}

/* ---- one-time codes -------------------------------------------------------------------------------- */

enum errc access_codes_put(struct store *store, const struct access_code *code, struct err *err)
{
    enum errc rc = access_codes_drop(store, code->person, err);
    return rc < 0 ? rc
                  : db_run(store->db, SQL(ACCESS_CODE_INSERT),
                           DB_VALUES(db_of_blob(code->hash, HASH_SIZE), db_of_text(code->person),
                                     db_of_int(code->created_ms), db_of_int(code->expires_ms)),
                           NULL, err);
}

enum errc access_codes_find(struct store *store, const uint8_t hash[HASH_SIZE], struct arena *arena,
                            struct access_code *out, struct err *err)
{
    struct db_rows *rows = NULL;
    enum errc rc = row_first(store->db, SQL(ACCESS_CODE_GET), DB_VALUES(db_of_blob(hash, HASH_SIZE)), &rows,
                             err);
    if (rc < 0)
        return rc;
    struct access_code found = {
        .person = db_text(rows, 0, arena), .created_ms = db_int(rows, 1), .expires_ms = db_int(rows, 2)};
    memcpy(found.hash, hash, HASH_SIZE);
    db_finish(rows);
    rc = row_check(arena, err);
    if (rc == ERR_OK)
        *out = found;
    return rc;
}

enum errc access_codes_drop(struct store *store, const char *person, struct err *err)
{
    return db_run(store->db, SQL(ACCESS_CODE_DROP), DB_VALUES(db_of_text(person)), NULL, err);
}

/* ---- attempts -------------------------------------------------------------------------------------- */

enum errc attempts_get(struct store *store, const char *what, struct attempts *out, struct err *err)
{
    struct db_rows *rows = NULL;
    enum errc rc = row_first(store->db, SQL(ATTEMPTS_GET), DB_VALUES(db_of_text(what)), &rows, err);
    if (rc == ERR_NOT_FOUND) {
        *out = (struct attempts){0};
        return ERR_OK;
    }
    if (rc < 0)
        return rc;
    *out = (struct attempts){.failures = db_int(rows, 0),
                             .refused = db_int(rows, 1),
                             .first_ms = db_int(rows, 2),
                             .last_ms = db_int(rows, 3),
                             .until_ms = db_int(rows, 4)};
    db_finish(rows);
    return ERR_OK;
}

enum errc attempts_save(struct store *store, const char *what, const struct attempts *attempts,
                        struct err *err)
{
    return db_run(store->db, SQL(ATTEMPTS_SAVE),
                  DB_VALUES(db_of_text(what), db_of_int(attempts->failures), db_of_int(attempts->refused),
                            db_of_int(attempts->first_ms), db_of_int(attempts->last_ms),
                            db_of_int(attempts->until_ms)),
                  NULL, err);
}

enum errc attempts_drop(struct store *store, const char *what, struct err *err)
{
    return db_run(store->db, SQL(ATTEMPTS_DROP), DB_VALUES(db_of_text(what)), NULL, err);
}

enum errc attempts_purge(struct store *store, int64_t before_ms, struct err *err)
{
    return db_run(store->db, SQL(ATTEMPTS_PURGE), DB_VALUES(db_of_int(before_ms)), NULL, err);
}
