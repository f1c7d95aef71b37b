#include "store/outbox.h"

#include "base/str.h"
#include "store/list.h"
#include "store/store_internal.h"

enum { PEERS_MAX = 4096, COUNTS_MAX = PEERS_MAX * OUTBOX_STATE_COUNT };

static const char *const STATES[OUTBOX_STATE_COUNT] = {"queued", "sent", "acked", "refused", "held"};

const char *outbox_state_name(enum outbox_state state)
{
    return STATES[state];
}

int outbox_state_parse(const char *name)
{
    for (int i = 0; i < OUTBOX_STATE_COUNT; i++)
        if (streq(STATES[i], name))
            return i;
    return -1;
}

static enum errc next_n(struct store *store, const char *peer, int64_t *out, struct err *err)
{
    int64_t last = 0;
    enum errc rc = db_number(store->db, SQL(OUTBOX_LAST_N), DB_VALUES(db_of_text(peer)), &last, err);
    if (rc == ERR_OK)
        *out = last + 1;
    return rc;
}

enum errc outbox_push(struct store *store, struct outbox_item *item, struct err *err)
{
    struct arena arena;
    int64_t n = 0;
    enum errc rc = ERR_OK;
    if (item->state != OUTBOX_QUEUED && item->state != OUTBOX_HELD)
        return err_set(err, ERR_WRONG_STATE, "an act enters the outbox queued or held");
    if (item->state == OUTBOX_QUEUED)
        rc = next_n(store, item->peer, &n, err);
    if (rc < 0)
        return rc;
    arena_init(&arena, DOC_BYTES_MAX);
    const char *targets = row_list(item->targets, item->target_count, &arena);
    rc = row_check(&arena, err);
    if (rc == ERR_OK)
        rc = db_run(store->db, SQL(OUTBOX_INSERT),
                    DB_VALUES(db_of_text(item->peer), db_of_text(item->act), db_of_int(n),
                              db_of_text(targets), db_of_text(STATES[item->state]), db_of_text(item->reason),
                              db_of_text(item->clause), db_of_int(item->queued_ms)),
                    NULL, err);
    if (rc == ERR_CONFLICT)
        rc = err_set(err, rc, "act %s is in the outbox of %s already", item->act, item->peer);
    if (rc == ERR_OK)
        item->n = n;
    arena_done(&arena);
    return rc;
}

static enum errc read_row(struct db_rows *rows, struct arena *arena, struct outbox_item *out, struct err *err)
{
    *out = (struct outbox_item){0};
    out->peer = db_text(rows, 0, arena);
    out->act = db_text(rows, 1, arena);
    out->n = db_int(rows, 2);
    int state = outbox_state_parse(db_column(rows, 4).bytes);
    if (state < 0)
        return err_set(err, ERR_DAMAGED, "a stored delivery has an unknown state");
    out->state = (enum outbox_state)state;
    out->reason = db_text(rows, 5, arena);
    out->clause = db_text(rows, 6, arena);
    out->tries = db_int(rows, 7);
    out->next_ms = db_int(rows, 8);
    out->queued_ms = db_int(rows, 9);
    out->sent_ms = db_int(rows, 10);
    out->done_ms = db_int(rows, 11);
    out->receipt_act = db_text(rows, 12, arena);
    enum errc rc = row_texts(rows, 3, arena, &out->targets, &out->target_count, err);
    return rc == ERR_OK ? row_check(arena, err) : rc;
}

enum errc outbox_get(struct store *store, const char *peer, const char *act, struct arena *arena,
                     struct outbox_item *out, struct err *err)
{
    struct db_rows *rows = NULL;
    struct outbox_item found;
    enum errc rc = row_first(store->db, SQL(OUTBOX_GET), DB_VALUES(db_of_text(peer), db_of_text(act)), &rows,
                             err);
    if (rc == ERR_NOT_FOUND)
        return err_set(err, rc, "act %s is not in the outbox of %s", act, peer);
    if (rc < 0)
        return rc;
    rc = read_row(rows, arena, &found, err);
    db_finish(rows);
    if (rc == ERR_OK)
        *out = found;
    return rc;
}

enum errc outbox_update(struct store *store, struct outbox_item *item, struct err *err)
{
    struct arena arena;
    int64_t n = item->n, changed = 0;
    enum errc rc = ERR_OK;
    if (n == 0 && item->state != OUTBOX_HELD)
        rc = next_n(store, item->peer, &n, err);
    if (rc < 0)
        return rc;
    arena_init(&arena, DOC_BYTES_MAX);
    const char *targets = row_list(item->targets, item->target_count, &arena);
    rc = row_check(&arena, err);
    if (rc == ERR_OK)
        rc = db_run(store->db, SQL(OUTBOX_UPDATE),
                    DB_VALUES(db_of_int(n), db_of_text(targets), db_of_text(STATES[item->state]),
                              db_of_text(item->reason), db_of_text(item->clause), db_of_int(item->tries),
                              db_of_int(item->next_ms), db_of_int(item->queued_ms), db_of_int(item->sent_ms),
                              db_of_int(item->done_ms), db_of_text(item->receipt_act), db_of_text(item->peer),
                              db_of_text(item->act), db_of_int(item->n)),
                    &changed, err);
    if (rc == ERR_OK && changed == 0)
        rc = err_set(err, ERR_NOT_FOUND, "act %s is not in the outbox of %s", item->act, item->peer);
    if (rc == ERR_OK)
        item->n = n;
    arena_done(&arena);
    return rc;
}

static enum errc read_page(struct db_rows *rows, size_t limit, struct arena *arena, struct outbox_page *out,
                           struct err *err)
{
    struct outbox_page page = {arena_array(arena, limit, sizeof *page.items), 0};
    bool more = false;
    if (!page.items)
        return row_check(arena, err);
    enum errc rc = db_next(rows, &more, err);
    while (rc == ERR_OK && more) {
        rc = read_row(rows, arena, &page.items[page.count++], err);
        if (rc == ERR_OK)
            rc = db_next(rows, &more, err);
    }
    if (rc == ERR_OK)
        *out = page;
    return rc;
}

static enum errc check_limit(size_t limit, struct err *err)
{
    if (limit == 0 || limit > OUTBOX_LIMIT_MAX)
        return err_field(err, ERR_INVALID, "limit", "1 to %d can be asked for", OUTBOX_LIMIT_MAX);
    return ERR_OK;
}

enum errc outbox_pending(struct store *store, const char *peer, int64_t after_n, size_t limit,
                         struct arena *arena, struct outbox_page *out, struct err *err)
{
    struct db_rows *rows = NULL;
    enum errc rc = check_limit(limit, err);
    if (rc == ERR_OK)
        rc = db_query(store->db, SQL(OUTBOX_DUE),
                      DB_VALUES(db_of_text(peer), db_of_int(after_n), db_of_int((int64_t)limit)), &rows, err);
    if (rc == ERR_OK)
        rc = read_page(rows, limit, arena, out, err);
    db_finish(rows);
    return rc;
}

enum errc outbox_peers(struct store *store, struct arena *arena, const char ***out, size_t *out_count,
                       struct err *err)
{
    struct db_rows *rows = NULL;
    bool more = false;
    size_t count = 0;
    const char **peers = arena_array(arena, PEERS_MAX, sizeof *peers);
    if (!peers)
        return row_check(arena, err);
    enum errc rc = db_query(store->db, SQL(OUTBOX_PEERS), NULL, 0, &rows, err);
    if (rc == ERR_OK)
        rc = db_next(rows, &more, err);
    while (rc == ERR_OK && more && count < PEERS_MAX) {
        peers[count++] = db_text(rows, 0, arena);
        rc = db_next(rows, &more, err);
    }
    db_finish(rows);
    if (rc == ERR_OK)
        rc = row_check(arena, err);
    if (rc == ERR_OK) {
        *out = peers;
        *out_count = count;
    }
    return rc;
}

static void where_text(struct list *list, const char *fragment, const char *text)
{
    if (text)
        list_where(list, fragment, DB_VALUES(db_of_text(text)));
}

enum errc outbox_list(struct store *store, const struct outbox_filter *filter, struct arena *arena,
                      struct outbox_page *out, struct err *err)
{
    struct list list;
    struct db_rows *rows = NULL;
    struct db_value states[OUTBOX_STATE_COUNT];
    size_t count = 0;
    enum errc rc = check_limit(filter->limit, err);
    if (rc < 0)
        return rc;
    for (enum outbox_state state = 0; state < OUTBOX_STATE_COUNT; state++)
        if (filter->states[state])
            states[count++] = db_of_text(STATES[state]);
    list_init(&list,
              "SELECT peer, act, n, targets, state, reason, clause, tries, next_ms, queued_ms, sent_ms,"
              " done_ms, receipt_act FROM outbox");
    where_text(&list, "peer = ?", filter->peer);
    where_text(&list, "act = ?", filter->act);
    list_where_in(&list, "state", states, count);
    if (filter->before_n > 0)
        list_where(&list, "n < ?", DB_VALUES(db_of_int(filter->before_n)));
    list_add(&list, " ORDER BY n DESC, act DESC LIMIT ?", DB_VALUES(db_of_int((int64_t)filter->limit)));
    rc = list_query(&list, store->db, &rows, err);
    if (rc == ERR_OK)
        rc = read_page(rows, filter->limit, arena, out, err);
    db_finish(rows);
    list_done(&list);
    return rc;
}

enum errc outbox_counts(struct store *store, struct arena *arena, struct outbox_count **out,
                        size_t *out_count, struct err *err)
{
    struct db_rows *rows = NULL;
    bool more = false;
    size_t count = 0;
    struct outbox_count *items = arena_array(arena, COUNTS_MAX, sizeof *items);
    if (!items)
        return row_check(arena, err);
    enum errc rc = db_query(store->db, SQL(OUTBOX_COUNTS), NULL, 0, &rows, err);
    if (rc == ERR_OK)
        rc = db_next(rows, &more, err);
    while (rc == ERR_OK && more && count < COUNTS_MAX) {
        struct outbox_count *item = &items[count++];
        int state = outbox_state_parse(db_column(rows, 1).bytes);
        *item = (struct outbox_count){.peer = db_text(rows, 0, arena),
                                      .state = (enum outbox_state)state,
                                      .count = db_int(rows, 2),
                                      .oldest_ms = db_int(rows, 3)};
        rc = state < 0 ? err_set(err, ERR_DAMAGED, "a stored delivery has an unknown state")
                       : db_next(rows, &more, err);
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
