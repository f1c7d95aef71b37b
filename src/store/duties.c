#include "store/duties.h"

#include "store/list.h"
#include "store/store_internal.h"

#include <inttypes.h>
#include <string.h>

/* A duty without a due time is stored as due at the end of time: it sorts last and is never overdue. */
#define NEVER_MS INT64_MAX

static int64_t due_to_row(int64_t due_ms)
{
    return due_ms > 0 ? due_ms : NEVER_MS;
}

static enum errc read_row(struct db_rows *rows, struct arena *arena, struct duty *out, struct err *err)
{
    *out = (struct duty){0};
    out->id = db_text(rows, 1, arena);
    out->rule = db_text(rows, 2, arena);
    out->pack = db_text(rows, 3, arena);
    out->clause = db_text(rows, 4, arena);
    out->subject = db_text(rows, 5, arena);
    out->root = db_text(rows, 6, arena);
    out->owner = db_text(rows, 7, arena);
    out->receiver = db_text(rows, 8, arena);
    out->opened_act = db_text(rows, 9, arena);
    out->opened_ms = db_int(rows, 10);
    int deadline = deadline_parse(db_column(rows, 11).bytes);
    int64_t due_ms = db_int(rows, 12);
    out->due_ms = due_ms == NEVER_MS ? 0 : due_ms;
    out->provisional = db_int(rows, 13) != 0;
    out->calendar = db_text(rows, 14, arena);
    int state = duty_state_parse(db_column(rows, 15).bytes);
    out->done_act = db_text(rows, 16, arena);
    out->done_ms = db_int(rows, 17);
    out->receipt_act = db_text(rows, 18, arena);
    out->receipt_ms = db_int(rows, 19);
    if (deadline < 0 || state < 0)
        return err_set(err, ERR_DAMAGED, "a stored duty has an unknown deadline or state");
    out->deadline = (enum deadline_kind)deadline;
    out->state = (enum duty_state)state;
    return row_check(arena, err);
}

enum errc duties_load(struct store *store, const char *id, struct arena *arena, struct duty *out,
                      struct err *err)
{
    struct db_rows *rows = NULL;
    struct duty found;
    enum errc rc = row_first(store->db, SQL(DUTY_LOAD), DB_VALUES(db_of_text(id)), &rows, err);
    if (rc == ERR_NOT_FOUND)
        return err_set(err, rc, "there is no duty %s here", id);
    if (rc < 0)
        return rc;
    rc = read_row(rows, arena, &found, err);
    db_finish(rows);
    if (rc == ERR_OK)
        *out = found;
    return rc;
}

enum errc duties_save(struct store *store, const struct duty *d, struct err *err)
{
    return db_run(
        store->db, SQL(DUTY_SAVE),
        DB_VALUES(db_of_text(d->id), db_of_text(d->rule), db_of_text(d->pack), db_of_text(d->clause),
                  db_of_text(d->subject), db_of_text(d->root), db_of_text(d->owner), db_of_text(d->receiver),
                  db_of_text(d->opened_act), db_of_int(d->opened_ms), db_of_text(deadline_name(d->deadline)),
                  db_of_int(due_to_row(d->due_ms)), db_of_int(d->provisional), db_of_text(d->calendar),
                  db_of_text(duty_state_name(d->state)), db_of_text(d->done_act), db_of_int(d->done_ms),
                  db_of_text(d->receipt_act), db_of_int(d->receipt_ms)),
        NULL, err);
}

/* "1700000000000.42": due time and number of the last of the page before. */
static enum errc add_cursor(struct list *list, const char *cursor, struct err *err)
{
    char *end = NULL;
    int64_t due_ms = strtoll(cursor, &end, 10), no = 0;
    if (end == cursor || *end != '.')
        return err_field(err, ERR_INVALID, "cursor", "this is not a cursor of a page of this list");
    const char *from = end + 1;
    no = strtoll(from, &end, 10);
    if (end == from || *end != '\0')
        return err_field(err, ERR_INVALID, "cursor", "this is not a cursor of a page of this list");
    list_where(list, "(due_ms, no) > (?, ?)", DB_VALUES(db_of_int(due_ms), db_of_int(no)));
    return ERR_OK;
}

static void where_text(struct list *list, const char *fragment, const char *text)
{
    if (text)
        list_where(list, fragment, DB_VALUES(db_of_text(text)));
}

static enum errc build(struct list *list, const struct duty_filter *filter, struct err *err)
{
    struct db_value states[DUTY_CANCELLED + 1];
    size_t count = 0;
    for (enum duty_state state = DUTY_OPEN; state <= DUTY_CANCELLED; state++)
        if (filter->states[state])
            states[count++] = db_of_text(duty_state_name(state));
    where_text(list, "owner = ?", filter->owner);
    where_text(list, "receiver = ?", filter->receiver);
    where_text(list, "subject = ?", filter->subject);
    where_text(list, "root = ?", filter->root);
    where_text(list, "rule = ?", filter->rule);
    where_text(list, "opened_act = ?", filter->opened_act);
    where_text(list, "done_act = ?", filter->done_act);
    list_where_in(list, "state", states, count);
    if (filter->due_before_ms > 0)
        list_where(list, "due_ms < ?", DB_VALUES(db_of_int(filter->due_before_ms)));
    enum errc rc = filter->cursor ? add_cursor(list, filter->cursor, err) : ERR_OK;
    list_add(list, " ORDER BY due_ms, no LIMIT ?", DB_VALUES(db_of_int((int64_t)filter->limit + 1)));
    return rc;
}

static enum errc read_page(struct db_rows *rows, size_t limit, struct arena *arena, struct duty_page *page,
                           struct err *err)
{
    bool more = false;
    int64_t no = 0, due_ms = 0;
    enum errc rc = db_next(rows, &more, err);
    while (rc == ERR_OK && more && page->count < limit) {
        no = db_int(rows, 0);
        due_ms = db_int(rows, 12);
        rc = read_row(rows, arena, &page->items[page->count++], err);
        if (rc == ERR_OK)
            rc = db_next(rows, &more, err);
    }
    if (rc == ERR_OK && more) {
        page->next = arena_printf(arena, "%" PRId64 ".%" PRId64, due_ms, no);
        rc = row_check(arena, err);
    }
    return rc;
}

enum errc duties_list(struct store *store, const struct duty_filter *filter, struct arena *arena,
                      struct duty_page *out, struct err *err)
{
    if (filter->limit == 0 || filter->limit > DUTIES_LIMIT_MAX)
        return err_field(err, ERR_INVALID, "limit", "1 to %d can be asked for", DUTIES_LIMIT_MAX);
    struct list list;
    struct db_rows *rows = NULL;
    struct duty_page page = {arena_array(arena, filter->limit, sizeof *page.items), 0, NULL};
    if (!page.items)
        return row_check(arena, err);
    list_init(&list,
              "SELECT no, id, rule, pack, clause, subject, root, owner, receiver, opened_act, opened_ms,"
              " deadline, due_ms, provisional, calendar, state, done_act, done_ms, receipt_act,"
              " receipt_ms FROM duties");
    enum errc rc = build(&list, filter, err);
    if (rc == ERR_OK)
        rc = list_query(&list, store->db, &rows, err);
    if (rc == ERR_OK)
        rc = read_page(rows, filter->limit, arena, &page, err);
    db_finish(rows);
    list_done(&list);
    if (rc == ERR_OK)
        *out = page;
    return rc;
}

enum errc duties_count_overdue(struct store *store, const char *owner, int64_t now_ms, int64_t *out,
                               struct err *err)
{
    return db_number(store->db, SQL(DUTY_OVERDUE), DB_VALUES(db_of_text(owner), db_of_int(now_ms)), out, err);
}

enum errc duties_next_due(struct store *store, int64_t after_ms, int64_t *out_ms, struct err *err)
{
    int64_t due_ms = NEVER_MS;
    enum errc rc = db_number(store->db, SQL(DUTY_NEXT), DB_VALUES(db_of_int(after_ms)), &due_ms, err);
    if (rc == ERR_OK)
        *out_ms = due_ms == NEVER_MS ? 0 : due_ms;
    return rc;
}
