/* The half of ledger.h that is about others: who signed under our heads, and whose heads we hold. */
#include "store/store_internal.h"

#include "store/ledger.h"

enum errc ledger_save_cosignature(struct store *store, uint64_t size, const struct cosignature *cosig,
                                  struct err *err)
{
    return db_run(store->db, SQL(WITNESS_SAVE),
                  DB_VALUES(db_of_int((int64_t)size), db_of_text(cosig->witness),
                            db_of_text(suite_name(cosig->suite)), db_of_int(cosig->time_ms),
                            db_of_blob(cosig->sig.bytes, cosig->sig.size_bytes)),
                  NULL, err);
}

static enum errc read_witness(struct db_rows *rows, struct ledger_witness *out, struct err *err)
{
    out->size = (uint64_t)db_int(rows, 0);
    out->cosig.time_ms = db_int(rows, 3);
    enum errc rc = row_name(rows, 1, out->cosig.witness, err);
    if (rc == ERR_OK)
        rc = row_suite(rows, 2, &out->cosig.suite, err);
    if (rc == ERR_OK)
        rc = row_signature(rows, 4, &out->cosig.sig, err);
    return rc;
}

enum errc ledger_witnesses(struct store *store, uint64_t from_size, size_t limit, struct arena *arena,
                           struct ledger_witness **out, size_t *out_count, struct err *err)
{
    struct db_rows *rows = NULL;
    bool more = false;
    size_t count = 0;
    if (limit == 0 || limit > WITNESSES_LIMIT_MAX)
        return err_field(err, ERR_INVALID, "limit", "1 to %d can be asked for", WITNESSES_LIMIT_MAX);
    struct ledger_witness *items = arena_array(arena, limit, sizeof *items);
    if (!items)
        return row_check(arena, err);
    enum errc rc = db_query(store->db, SQL(WITNESS_LIST),
                            DB_VALUES(db_of_int((int64_t)from_size), db_of_int((int64_t)limit)), &rows, err);
    if (rc == ERR_OK)
        rc = db_next(rows, &more, err);
    while (rc == ERR_OK && more) {
        rc = read_witness(rows, &items[count++], err);
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

enum errc ledger_save_peer_head(struct store *store, const struct tree_head *head, int64_t seen_ms,
                                struct err *err)
{
    return db_run(store->db, SQL(PEER_HEAD_SAVE),
                  DB_VALUES(db_of_text(head->node), db_of_int((int64_t)head->tree.size),
                            db_of_blob(head->tree.root, HASH_SIZE), db_of_int(head->time_ms),
                            db_of_text(suite_name(head->suite)),
                            db_of_blob(head->sig.bytes, head->sig.size_bytes), db_of_int(seen_ms)),
                  NULL, err);
}

enum errc ledger_peer_head(struct store *store, const char *node, struct tree_head *out, struct err *err)
{
    struct db_rows *rows = NULL;
    struct tree_head head = {0};
    enum errc rc = row_first(store->db, SQL(PEER_HEAD_GET), DB_VALUES(db_of_text(node)), &rows, err);
    if (rc == ERR_NOT_FOUND)
        return err_set(err, rc, "no tree head of %s was seen yet", node);
    if (rc < 0)
        return rc;
    (void)snprintf(head.universe, sizeof head.universe, "%s", store->identity.universe);
    head.tree.size = (uint64_t)db_int(rows, 1);
    head.time_ms = db_int(rows, 3);
    rc = row_name(rows, 0, head.node, err);
    if (rc == ERR_OK)
        rc = row_hash(rows, 2, head.tree.root, err);
    if (rc == ERR_OK)
        rc = row_suite(rows, 4, &head.suite, err);
    if (rc == ERR_OK)
        rc = row_signature(rows, 5, &head.sig, err);
    db_finish(rows);
    if (rc == ERR_OK)
        *out = head;
    return rc;
}
