#include "store/inbox.h"

#include "store/store_internal.h"

enum { RECEIPTS_MAX = 4096 };

enum errc inbox_last(struct store *store, const char *peer, int64_t *out_n, struct err *err)
{
    int64_t last = 0;
    enum errc rc = db_number(store->db, SQL(INBOX_GET), DB_VALUES(db_of_text(peer)), &last, err);
    if (rc == ERR_OK)
        *out_n = last;
    return rc;
}

enum errc inbox_advance(struct store *store, const char *peer, int64_t n, int64_t now_ms, struct err *err)
{
    int64_t changed = 0;
    enum errc rc = n == 1
                       ? db_run(store->db, SQL(INBOX_FIRST),
                                DB_VALUES(db_of_text(peer), db_of_int(n), db_of_int(now_ms)), &changed, err)
                       : db_run(
                             store->db, SQL(INBOX_NEXT),
                             DB_VALUES(db_of_int(n), db_of_int(now_ms), db_of_text(peer), db_of_int(n - 1)),
                             &changed, err);
    if (rc == ERR_OK && changed == 0)
        return err_set(err, ERR_CONFLICT, "number %lld of %s is not the next one", (long long)n, peer);
    return rc;
}

enum errc waiting_park(struct store *store, const struct waiting_act *waiting, struct err *err)
{
    return db_run(store->db, SQL(WAITING_PARK),
                  DB_VALUES(db_of_text(waiting->act), db_of_text(waiting->waits_for),
                            db_of_text(waiting->peer), db_of_int(waiting->parked_ms),
                            db_of_blob(waiting->bytes, waiting->size_bytes),
                            db_of_blob(waiting->annex, waiting->annex_bytes),
                            db_of_blob(waiting->proof, waiting->proof_bytes)),
                  NULL, err);
}

enum errc waiting_for(struct store *store, const char *matter, size_t limit, struct arena *arena,
                      struct waiting_act **out, size_t *out_count, struct err *err)
{
    struct db_rows *rows = NULL;
    bool more = false;
    size_t count = 0;
    if (limit == 0 || limit > INBOX_LIMIT_MAX)
        return err_field(err, ERR_INVALID, "limit", "1 to %d can be asked for", INBOX_LIMIT_MAX);
    struct waiting_act *items = arena_array(arena, limit, sizeof *items);
    if (!items)
        return row_check(arena, err);
    enum errc rc = db_query(store->db, SQL(WAITING_FOR),
                            DB_VALUES(db_of_text(matter), db_of_int((int64_t)limit)), &rows, err);
    if (rc == ERR_OK)
        rc = db_next(rows, &more, err);
    while (rc == ERR_OK && more) {
        struct waiting_act *item = &items[count++];
        item->act = db_text(rows, 0, arena);
        item->waits_for = db_text(rows, 1, arena);
        item->peer = db_text(rows, 2, arena);
        item->parked_ms = db_int(rows, 3);
        item->bytes = db_blob(rows, 4, arena, &item->size_bytes);
        item->annex = db_blob(rows, 5, arena, &item->annex_bytes);
        item->proof = db_blob(rows, 6, arena, &item->proof_bytes);
        rc = db_next(rows, &more, err);
    }
    db_finish(rows);
    if (rc == ERR_OK)
        rc = row_check(arena, err);
    if (rc == ERR_OK) {
        *out = items;
        *out_count = count;
    }
    return rc;
}

enum errc waiting_end(struct store *store, const char *act, bool *out_waited, struct err *err)
{
    int64_t changed = 0;
    enum errc rc = db_run(store->db, SQL(WAITING_END), DB_VALUES(db_of_text(act)), &changed, err);
    if (rc == ERR_OK)
        *out_waited = changed > 0;
    return rc;
}

enum errc waiting_count(struct store *store, int64_t *out, struct err *err)
{
    return db_number(store->db, SQL(WAITING_COUNT), NULL, 0, out, err);
}

enum errc receipts_save(struct store *store, const struct receipt *receipt, struct err *err)
{
    return db_run(store->db, SQL(RECEIPT_SAVE),
                  DB_VALUES(db_of_text(receipt->act), db_of_text(receipt->node),
                            db_of_text(receipt->receipt_act), db_of_int(receipt->received_ms),
                            db_of_text(receipt->state), db_of_text(receipt->reason),
                            db_of_text(receipt->clause)),
                  NULL, err);
}

enum errc receipts_list(struct store *store, const char *act, struct arena *arena, struct receipt **out,
                        size_t *out_count, struct err *err)
{
    struct db_rows *rows = NULL;
    bool more = false;
    size_t count = 0;
    struct receipt *items = arena_array(arena, RECEIPTS_MAX, sizeof *items);
    if (!items)
        return row_check(arena, err);
    enum errc rc = db_query(store->db, SQL(RECEIPT_LIST), DB_VALUES(db_of_text(act)), &rows, err);
    if (rc == ERR_OK)
        rc = db_next(rows, &more, err);
    while (rc == ERR_OK && more && count < RECEIPTS_MAX) {
        struct receipt *item = &items[count++];
        item->act = db_text(rows, 0, arena);
        item->node = db_text(rows, 1, arena);
        item->receipt_act = db_text(rows, 2, arena);
        item->received_ms = db_int(rows, 3);
        item->state = db_text(rows, 4, arena);
        item->reason = db_text(rows, 5, arena);
        item->clause = db_text(rows, 6, arena);
        rc = db_next(rows, &more, err);
    }
    db_finish(rows);
    if (rc == ERR_OK)
        rc = row_check(arena, err);
    if (rc == ERR_OK) {
        *out = items;
        *out_count = count;
    }
    return rc;
}
