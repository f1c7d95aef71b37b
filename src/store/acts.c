#include "store/acts.h"

#include "store/list.h"
#include "store/store_internal.h"

#include <string.h>

enum { WALK_ARENA_BYTES = 4 << 20 };

/* Which of the two unique keys was hit. */
static enum errc name_conflict(struct store *store, const struct act *act, struct err *err)
{
    bool known = false;
    struct err ignored;
    if (acts_exists(store, act->id, &known, &ignored) == ERR_OK && known)
        return err_field(err, ERR_CONFLICT, "id", "act %s is recorded already", act->id);
    return err_field(err, ERR_CONFLICT, "seq", "node %s already made another act with number %lld", act->node,
                     (long long)act->seq);
}

enum errc acts_append(struct store *store, struct stored_act *stored, struct err *err)
{
    const struct act *act = &stored->act;
    int64_t pos = (int64_t)store->tree.size;
    enum errc rc = db_run(
        store->db, SQL(ACT_INSERT),
        DB_VALUES(db_of_int(pos), db_of_text(act->id), db_of_text(act->node), db_of_int(act->seq),
                  db_of_text(act->kind), db_of_text(act->subject), db_of_text(act->root),
                  db_of_int(act->recorded_ms), db_of_int(stored->received_ms), db_of_text(stored->from_node),
                  db_of_blob(act->bytes, act->size_bytes), db_of_blob(stored->annex, stored->annex_bytes),
                  db_of_blob(stored->proof, stored->proof_bytes)),
        NULL, err);
    if (rc == ERR_CONFLICT)
        return name_conflict(store, act, err);
    if (rc == ERR_OK)
        rc = ledger_append(store, act->bytes, act->size_bytes, err);
    if (rc == ERR_OK)
        stored->pos = pos;
    return rc;
}

void acts_read_row(const struct store *store, struct db_rows *rows, struct arena *arena,
                   struct stored_act *out)
{
    *out = (struct stored_act){0};
    out->pos = db_int(rows, 0);
    out->act.id = db_text(rows, 1, arena);
    out->act.universe = store->identity.universe;
    out->act.node = db_text(rows, 2, arena);
    out->act.seq = db_int(rows, 3);
    out->act.kind = db_text(rows, 4, arena);
    out->act.subject = db_text(rows, 5, arena);
    out->act.root = db_text(rows, 6, arena);
    out->act.recorded_ms = db_int(rows, 7);
    out->received_ms = db_int(rows, 8);
    out->from_node = db_text(rows, 9, arena);
    out->act.bytes = db_blob(rows, 10, arena, &out->act.size_bytes);
    out->annex = db_blob(rows, 11, arena, &out->annex_bytes);
    out->proof = db_blob(rows, 12, arena, &out->proof_bytes);
}

static enum errc read_one(struct store *store, const struct db_sql *sql, const struct db_value *values,
                          size_t count, struct arena *arena, struct stored_act *out, struct err *err)
{
    struct db_rows *rows = NULL;
    struct stored_act found;
    enum errc rc = row_first(store->db, sql, values, count, &rows, err);
    if (rc < 0)
        return rc;
    acts_read_row(store, rows, arena, &found);
    db_finish(rows);
    rc = row_check(arena, err);
    if (rc == ERR_OK)
        *out = found;
    return rc;
}

enum errc acts_get(struct store *store, const char *id, struct arena *arena, struct stored_act *out,
                   struct err *err)
{
    enum errc rc = read_one(store, SQL(ACT_BY_ID), DB_VALUES(db_of_text(id)), arena, out, err);
    return rc == ERR_NOT_FOUND ? err_set(err, rc, "there is no act %s here", id) : rc;
}

enum errc acts_at(struct store *store, int64_t pos, struct arena *arena, struct stored_act *out,
                  struct err *err)
{
    enum errc rc = read_one(store, SQL(ACT_AT), DB_VALUES(db_of_int(pos)), arena, out, err);
    return rc == ERR_NOT_FOUND ? err_set(err, rc, "the ledger has no act number %lld", (long long)pos) : rc;
}

enum errc acts_by_seq(struct store *store, const char *node, int64_t seq, struct arena *arena,
                      struct stored_act *out, struct err *err)
{
    enum errc rc = read_one(store, SQL(ACT_BY_SEQ), DB_VALUES(db_of_text(node), db_of_int(seq)), arena, out,
                            err);
    if (rc == ERR_NOT_FOUND)
        return err_set(err, rc, "there is no act number %lld of node %s here", (long long)seq, node);
    return rc;
}

enum errc acts_exists(struct store *store, const char *id, bool *out, struct err *err)
{
    int64_t pos = -1;
    enum errc rc = db_number(store->db, SQL(ACT_POS), DB_VALUES(db_of_text(id)), &pos, err);
    if (rc == ERR_OK)
        *out = pos >= 0;
    return rc;
}

enum errc acts_next_seq(struct store *store, const char *node, int64_t *out, struct err *err)
{
    int64_t last = 0;
    enum errc rc = db_number(store->db, SQL(ACT_LAST_SEQ), DB_VALUES(db_of_text(node)), &last, err);
    if (rc == ERR_OK)
        *out = last + 1;
    return rc;
}

int64_t acts_count(const struct store *store)
{
    return (int64_t)store->tree.size;
}

static void where_text(struct list *list, const char *fragment, const char *text)
{
    if (text)
        list_where(list, fragment, DB_VALUES(db_of_text(text)));
}

enum errc acts_list(struct store *store, const struct act_filter *filter, struct arena *arena,
                    struct act_page *out, struct err *err)
{
    if (filter->limit == 0 || filter->limit > ACTS_LIMIT_MAX)
        return err_field(err, ERR_INVALID, "limit", "1 to %d acts can be asked for", ACTS_LIMIT_MAX);
    struct list list;
    struct db_rows *rows = NULL;
    struct act_page page = {arena_array(arena, filter->limit, sizeof *page.items), 0};
    bool more = false;
    if (!page.items)
        return row_check(arena, err);
    list_init(&list, "SELECT pos, id, node, seq, kind, subject, root, recorded_ms, received_ms, from_node,"
                     " bytes, annex, proof FROM acts");
    where_text(&list, "subject = ?", filter->subject);
    where_text(&list, "root = ?", filter->root);
    where_text(&list, "kind = ?", filter->kind);
    where_text(&list, "node = ?", filter->node);
    if (filter->after_pos >= 0)
        list_where(&list, filter->newest_first ? "pos < ?" : "pos > ?",
                   DB_VALUES(db_of_int(filter->after_pos)));
    list_add(&list, filter->newest_first ? " ORDER BY pos DESC LIMIT ?" : " ORDER BY pos LIMIT ?",
             DB_VALUES(db_of_int((int64_t)filter->limit)));
    enum errc rc = list_query(&list, store->db, &rows, err);
    if (rc == ERR_OK)
        rc = db_next(rows, &more, err);
    while (rc == ERR_OK && more) {
        acts_read_row(store, rows, arena, &page.items[page.count++]);
        rc = row_check(arena, err);
        if (rc == ERR_OK)
            rc = db_next(rows, &more, err);
    }
    db_finish(rows);
    list_done(&list);
    if (rc == ERR_OK)
        *out = page;
    return rc;
}

/* One page at a time, so that the walk holds no cursor while fn writes. */
enum errc acts_walk(struct store *store, int64_t from_pos, act_fn fn, void *context, struct err *err)
{
    struct arena arena;
    enum errc rc = ERR_OK;
    arena_init(&arena, WALK_ARENA_BYTES);
    for (int64_t pos = from_pos; rc == ERR_OK && pos < acts_count(store); pos++) {
        struct stored_act stored;
        rc = acts_at(store, pos, &arena, &stored, err);
        if (rc == ERR_NOT_FOUND)
            rc = err_set(err, ERR_DAMAGED, "act number %lld is missing from the record", (long long)pos);
        if (rc == ERR_OK)
            rc = fn(context, &stored, err);
        arena_reset(&arena);
    }
    arena_done(&arena);
    return rc;
}

enum errc acts_set_annex(struct store *store, const char *id, const char *annex, size_t annex_bytes,
                         struct err *err)
{
    int64_t changed = 0;
    enum errc rc = db_run(store->db, SQL(ACT_SET_ANNEX),
                          DB_VALUES(db_of_blob(annex, annex_bytes), db_of_text(id)), &changed, err);
    if (rc == ERR_OK && changed == 0)
        rc = err_set(err, ERR_NOT_FOUND, "there is no act %s here", id);
    return rc;
}
