#include "store/subjects.h"

#include "store/list.h"
#include "store/store_internal.h"
#include "store/terms.h"

#include <inttypes.h>
#include <string.h>

enum { DOC_SIZE_MAX = DOC_BYTES_MAX, QUERY_SIZE_MAX = 4096, TALLY_MAX = 4096, TALLY_FIRST = 64 };

/* Columns of SUBJECT_COLUMNS, doc behind them when it was asked for. */
static enum errc read_row(struct db_rows *rows, bool with_doc, struct arena *arena, struct subject *out,
                          struct err *err)
{
    *out = (struct subject){0};
    out->id = db_text(rows, 1, arena);
    out->type = db_text(rows, 2, arena);
    out->root = db_text(rows, 3, arena);
    out->parent = db_text(rows, 4, arena);
    out->state = db_text(rows, 5, arena);
    out->owner = db_text(rows, 6, arena);
    out->region = db_text(rows, 7, arena);
    out->level = (enum level)db_int(rows, 8);
    out->colour = (enum colour)db_int(rows, 9);
    out->title = db_text(rows, 10, arena);
    out->rev = db_int(rows, 11);
    out->opened_ms = db_int(rows, 12);
    out->updated_ms = db_int(rows, 13);
    enum errc rc = with_doc ? row_doc(rows, 14, arena, &out->doc, err) : ERR_OK;
    return rc == ERR_OK ? row_check(arena, err) : rc;
}

enum errc subjects_load(struct store *store, const char *id, struct arena *arena, struct subject *out,
                        struct err *err)
{
    struct db_rows *rows = NULL;
    struct subject found;
    enum errc rc = row_first(store->db, SQL(SUBJECT_LOAD), DB_VALUES(db_of_text(id)), &rows, err);
    if (rc == ERR_NOT_FOUND)
        return err_set(err, rc, "there is no matter %s here", id);
    if (rc < 0)
        return rc;
    rc = read_row(rows, true, arena, &found, err);
    db_finish(rows);
    if (rc == ERR_OK)
        *out = found;
    return rc;
}

/* ---- saving --------------------------------------------------------------------------------------- */

/* What stands in the row now. */
struct kept {
    int64_t no; /* 0 = there is none */
    int64_t rev;
    int64_t terms_hash;
    struct buf terms; /* filled only when they must leave the index */
};

static enum errc add_terms(struct buf *terms, const char *title, const json_t *doc, struct err *err)
{
    buf_adds(terms, ""); /* so that there is a text, if an empty one */
    terms_add(terms, title, strlen(title));
    terms_add_doc(terms, doc);
    return terms->failed ? err_set(err, ERR_NOMEM, "out of memory") : ERR_OK;
}

/* The index keeps no text, so what leaves it must be told: it is made again from the old row. */
static enum errc load_kept(struct store *store, const char *id, int64_t new_hash, struct kept *kept,
                           struct err *err)
{
    struct db_rows *rows = NULL;
    enum errc rc = row_first(store->db, SQL(SUBJECT_KEY), DB_VALUES(db_of_text(id)), &rows, err);
    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    if (rc < 0)
        return rc;
    kept->no = db_int(rows, 0);
    kept->rev = db_int(rows, 1);
    kept->terms_hash = db_int(rows, 2);
    if (kept->terms_hash != new_hash) {
        struct arena arena;
        json_t *doc = NULL;
        arena_init(&arena, DOC_SIZE_MAX);
        const char *title = db_text(rows, 3, &arena);
        rc = row_doc(rows, 4, &arena, &doc, err);
        if (rc == ERR_OK)
            rc = row_check(&arena, err);
        if (rc == ERR_OK)
            rc = add_terms(&kept->terms, title, doc, err);
        arena_done(&arena);
    }
    db_finish(rows);
    return rc;
}

static enum errc insert(struct store *store, const struct subject *s, const struct db_value *doc,
                        const struct buf *terms, struct err *err)
{
    int64_t last = 0;
    enum errc rc = db_number(store->db, SQL(SUBJECT_LAST_NO), NULL, 0, &last, err);
    if (rc < 0)
        return rc;
    rc = db_run(store->db, SQL(SUBJECT_INSERT),
                DB_VALUES(db_of_int(last + 1), db_of_text(s->id), db_of_text(s->type), db_of_text(s->root),
                          db_of_text(s->parent), db_of_text(s->state), db_of_text(s->owner),
                          db_of_text(s->region), db_of_int((int64_t)s->level), db_of_int((int64_t)s->colour),
                          db_of_text(s->title), db_of_int(s->rev), db_of_int(s->opened_ms),
                          db_of_int(s->updated_ms), db_of_int(terms_hash(terms))),
                NULL, err);
    if (rc == ERR_OK)
        rc = db_run(store->db, SQL(SUBJECT_DOC_INSERT), DB_VALUES(db_of_int(last + 1), *doc), NULL, err);
    if (rc == ERR_OK)
        rc = db_run(store->db, SQL(SEARCH_INSERT), DB_VALUES(db_of_int(last + 1), db_of_text(terms->data)),
                    NULL, err);
    return rc;
}

static enum errc update(struct store *store, const struct subject *s, const struct db_value *doc,
                        const struct buf *terms, const struct kept *kept, struct err *err)
{
    int64_t hash = terms_hash(terms);
    enum errc rc = db_run(store->db, SQL(SUBJECT_UPDATE),
                          DB_VALUES(db_of_text(s->type), db_of_text(s->root), db_of_text(s->parent),
                                    db_of_text(s->state), db_of_text(s->owner), db_of_text(s->region),
                                    db_of_int((int64_t)s->level), db_of_int((int64_t)s->colour),
                                    db_of_text(s->title), db_of_int(s->rev), db_of_int(s->opened_ms),
                                    db_of_int(s->updated_ms), db_of_int(hash), db_of_int(kept->no)),
                          NULL, err);
    if (rc == ERR_OK)
        rc = db_run(store->db, SQL(SUBJECT_DOC_UPDATE), DB_VALUES(*doc, db_of_int(kept->no)), NULL, err);
    if (rc < 0 || hash == kept->terms_hash)
        return rc;
    rc = db_run(store->db, SQL(SEARCH_DELETE), DB_VALUES(db_of_int(kept->no), db_of_text(kept->terms.data)),
                NULL, err);
    if (rc == ERR_OK)
        rc = db_run(store->db, SQL(SEARCH_INSERT), DB_VALUES(db_of_int(kept->no), db_of_text(terms->data)),
                    NULL, err);
    return rc;
}

static enum errc check_rev(const struct subject *subject, const struct kept *kept, int64_t expected_rev,
                           struct err *err)
{
    int64_t rev = kept->no > 0 ? kept->rev : 0;
    if (rev == expected_rev && (kept->no > 0) == (expected_rev > 0))
        return ERR_OK;
    if (kept->no == 0)
        return err_set(err, ERR_CONFLICT, "matter %s is not there", subject->id);
    if (expected_rev == 0)
        return err_set(err, ERR_CONFLICT, "matter %s is there already", subject->id);
    return err_set(err, ERR_CONFLICT, "matter %s is at revision %" PRId64 ", not %" PRId64, subject->id, rev,
                   expected_rev);
}

enum errc subjects_save(struct store *store, const struct subject *subject, int64_t expected_rev,
                        struct err *err)
{
    struct buf text, terms;
    struct kept kept = {0};
    buf_init(&text, DOC_SIZE_MAX);
    buf_init(&terms, TERMS_CAP_BYTES);
    buf_init(&kept.terms, TERMS_CAP_BYTES);
    enum errc rc = subject->doc ? doc_write(subject->doc, &text, err) : ERR_OK;
    if (!subject->doc)
        buf_adds(&text, "{}");
    if (rc == ERR_OK)
        rc = add_terms(&terms, subject->title ? subject->title : "", subject->doc, err);
    if (rc == ERR_OK)
        rc = load_kept(store, subject->id, terms_hash(&terms), &kept, err);
    if (rc == ERR_OK)
        rc = check_rev(subject, &kept, expected_rev, err);
    struct db_value doc = {DB_TEXT, 0, text.data, text.size_bytes};
    if (rc == ERR_OK)
        rc = kept.no > 0 ? update(store, subject, &doc, &terms, &kept, err)
                         : insert(store, subject, &doc, &terms, err);
    buf_done(&kept.terms);
    buf_done(&terms);
    buf_done(&text);
    return rc;
}

/* ---- listing -------------------------------------------------------------------------------------- */

/* "1700000000000.42": where the page before ended. */
static enum errc parse_cursor(const char *cursor, int64_t *ms, int64_t *no, struct err *err)
{
    char *end = NULL;
    *ms = strtoll(cursor, &end, 10);
    if (end != cursor && *end == '.') {
        const char *from = end + 1;
        *no = strtoll(from, &end, 10);
        if (end != from && *end == '\0' && *ms >= 0 && *no >= 0)
            return ERR_OK;
    }
    return err_field(err, ERR_INVALID, "cursor", "this is not a cursor of a page of this list");
}

/* 330000 fits 330000 … 339999, 330100 fits 330100 … 330199. "000000" is the whole country: all. */
static enum errc where_region(struct list *list, const char *region, char last[REGION_SIZE], struct err *err)
{
    if (strlen(region) != REGION_SIZE - 1 || strspn(region, "0123456789") != REGION_SIZE - 1)
        return err_field(err, ERR_INVALID, "region", "a region code has six digits");
    memcpy(last, region, REGION_SIZE);
    for (int i = REGION_SIZE - 3; i >= 0 && region[i] == '0' && region[i + 1] == '0'; i -= 2)
        last[i] = last[i + 1] = '9';
    if (strncmp(last, "99", 2) != 0)
        list_where(list, "s.region BETWEEN ? AND ?", DB_VALUES(db_of_text(region), db_of_text(last)));
    return ERR_OK;
}

static void where_text(struct list *list, const char *fragment, const char *text)
{
    if (text)
        list_where(list, fragment, DB_VALUES(db_of_text(text)));
}

static void where_int(struct list *list, const char *fragment, int64_t number)
{
    if (number > 0)
        list_where(list, fragment, DB_VALUES(db_of_int(number)));
}

/* Texts made for the conditions; they live as long as the query. */
struct conditions {
    char region_last[REGION_SIZE];
    struct buf query;
    bool nothing; /* the filter cannot fit anything */
};

static enum errc add_conditions(struct list *list, const struct subject_filter *filter,
                                struct conditions *made, struct err *err)
{
    struct db_value states[SUBJECT_STATES_MAX];
    enum errc rc = ERR_OK;
    bool any = true;
    if (filter->state_count > SUBJECT_STATES_MAX)
        return err_field(err, ERR_INVALID, "state", "at most %d states can be named", SUBJECT_STATES_MAX);
    for (size_t i = 0; i < filter->state_count; i++)
        states[i] = db_of_text(filter->states[i]);
    where_text(list, "s.type = ?", filter->type);
    list_where_in(list, "s.state", states, filter->state_count);
    where_int(list, "s.level = ?", (int64_t)filter->level);
    where_int(list, "s.colour = ?", (int64_t)filter->colour);
    where_text(list, "s.owner = ?", filter->owner);
    where_text(list, "s.root = ?", filter->root);
    where_text(list, "s.parent = ?", filter->parent);
    where_int(list, "s.opened_ms >= ?", filter->opened_from_ms);
    where_int(list, "s.opened_ms < ?", filter->opened_until_ms);
    where_int(list, "s.updated_ms >= ?", filter->updated_from_ms);
    if (filter->region)
        rc = where_region(list, filter->region, made->region_last, err);
    if (rc == ERR_OK && filter->text)
        rc = terms_query(filter->text, &made->query, &any, err);
    if (rc == ERR_OK && filter->text && any)
        list_where(list, "s.no IN (SELECT rowid FROM search WHERE search MATCH ?)",
                   DB_VALUES(db_of_text(made->query.data)));
    made->nothing = !any;
    return rc;
}

static enum errc add_order(struct list *list, const struct subject_filter *filter, struct err *err)
{
    static const struct {
        const char *after;
        const char *order;
    } SORTS[2][2] = {
        {{"(s.updated_ms, s.no) < (?, ?)", " ORDER BY s.updated_ms DESC, s.no DESC LIMIT ?"},
         {"(s.updated_ms, s.no) > (?, ?)", " ORDER BY s.updated_ms, s.no LIMIT ?"}},
        {{"(s.opened_ms, s.no) < (?, ?)", " ORDER BY s.opened_ms DESC, s.no DESC LIMIT ?"},
         {"(s.opened_ms, s.no) > (?, ?)", " ORDER BY s.opened_ms, s.no LIMIT ?"}},
    };
    size_t sort = filter->sort == SUBJECTS_BY_OPENED, up = filter->oldest_first;
    int64_t ms = 0, no = 0;
    if (filter->cursor) {
        enum errc rc = parse_cursor(filter->cursor, &ms, &no, err);
        if (rc < 0)
            return rc;
        list_where(list, SORTS[sort][up].after, DB_VALUES(db_of_int(ms), db_of_int(no)));
    }
    list_add(list, SORTS[sort][up].order, DB_VALUES(db_of_int((int64_t)filter->limit + 1)));
    return ERR_OK;
}

/* One row more than asked for tells whether there is a next page. */
static enum errc read_page(struct db_rows *rows, const struct subject_filter *filter, struct arena *arena,
                           struct subject_page *page, struct err *err)
{
    bool more = false;
    int64_t no = 0;
    enum errc rc = db_next(rows, &more, err);
    while (rc == ERR_OK && more && page->count < filter->limit) {
        no = db_int(rows, 0);
        rc = read_row(rows, filter->with_doc, arena, &page->items[page->count++], err);
        if (rc == ERR_OK)
            rc = db_next(rows, &more, err);
    }
    if (rc == ERR_OK && more) {
        const struct subject *last = &page->items[page->count - 1];
        int64_t ms = filter->sort == SUBJECTS_BY_OPENED ? last->opened_ms : last->updated_ms;
        page->next = arena_printf(arena, "%" PRId64 ".%" PRId64, ms, no);
        rc = row_check(arena, err);
    }
    return rc;
}

#define LIST_COLUMNS                                                                                         \
    "SELECT s.no, s.id, s.type, s.root, s.parent, s.state, s.owner, s.region, s.level, s.colour, s.title,"   \
    " s.rev, s.opened_ms, s.updated_ms"

enum errc subjects_list(struct store *store, const struct subject_filter *filter, struct arena *arena,
                        struct subject_page *out, struct err *err)
{
    if (filter->limit == 0 || filter->limit > SUBJECTS_LIMIT_MAX)
        return err_field(err, ERR_INVALID, "limit", "1 to %d can be asked for", SUBJECTS_LIMIT_MAX);
    struct list list;
    struct conditions made = {0};
    struct db_rows *rows = NULL;
    struct subject_page page = {arena_array(arena, filter->limit, sizeof *page.items), 0, NULL};
    if (!page.items)
        return row_check(arena, err);
    buf_init(&made.query, QUERY_SIZE_MAX);
    list_init(&list, filter->with_doc ? LIST_COLUMNS
                         ", d.doc FROM subjects s JOIN subject_docs d ON d.no = s.no"
                                      : LIST_COLUMNS " FROM subjects s");
    enum errc rc = add_conditions(&list, filter, &made, err);
    if (rc == ERR_OK)
        rc = add_order(&list, filter, err);
    if (rc == ERR_OK && !made.nothing)
        rc = list_query(&list, store->db, &rows, err);
    if (rc == ERR_OK && rows)
        rc = read_page(rows, filter, arena, &page, err);
    db_finish(rows);
    list_done(&list);
    buf_done(&made.query);
    if (rc == ERR_OK)
        *out = page;
    return rc;
}

/* ---- counting ------------------------------------------------------------------------------------- */

static const char *group_key(struct db_rows *rows, enum subject_group group, struct arena *arena)
{
    if (group == SUBJECTS_BY_LEVEL)
        return level_name((enum level)db_int(rows, 0));
    if (group == SUBJECTS_BY_COLOUR)
        return colour_name((enum colour)db_int(rows, 0));
    return db_text(rows, 0, arena);
}

static enum errc read_tally(struct db_rows *rows, enum subject_group group, struct arena *arena,
                            struct subject_count **out, size_t *out_count, struct err *err)
{
    struct subject_count *items = NULL;
    size_t count = 0, room = 0;
    bool more = false;
    enum errc rc = db_next(rows, &more, err);
    while (rc == ERR_OK && more) {
        if (count == room) {
            room = room > 0 ? 2 * room : TALLY_FIRST;
            struct subject_count *grown = arena_array(arena, room, sizeof *grown);
            if (!grown || room > TALLY_MAX)
                return err_set(err, ERR_LIMIT, "more than %d groups", TALLY_MAX);
            if (count > 0)
                memcpy(grown, items, count * sizeof *items);
            items = grown;
        }
        items[count].key = group_key(rows, group, arena);
        items[count++].count = db_int(rows, 1);
        rc = db_next(rows, &more, err);
    }
    if (rc == ERR_OK)
        rc = row_check(arena, err);
    if (rc == ERR_OK) {
        *out = items;
        *out_count = count;
    }
    return rc;
}

enum errc subjects_tally(struct store *store, const struct subject_filter *filter, enum subject_group group,
                         struct arena *arena, struct subject_count **out, size_t *out_count, struct err *err)
{
    static const struct {
        const char *select, *group;
    } GROUPS[] = {
        [SUBJECTS_BY_TYPE] = {"SELECT s.type, count(*) FROM subjects s", " GROUP BY s.type ORDER BY s.type"},
        [SUBJECTS_BY_STATE] = {"SELECT s.state, count(*) FROM subjects s",
                               " GROUP BY s.state ORDER BY s.state"},
        [SUBJECTS_BY_LEVEL] = {"SELECT s.level, count(*) FROM subjects s",
                               " GROUP BY s.level ORDER BY s.level"},
        [SUBJECTS_BY_COLOUR] = {"SELECT s.colour, count(*) FROM subjects s",
                                " GROUP BY s.colour ORDER BY s.colour"},
        [SUBJECTS_BY_REGION] = {"SELECT s.region, count(*) FROM subjects s",
                                " GROUP BY s.region ORDER BY s.region"},
        [SUBJECTS_BY_OWNER] = {"SELECT s.owner, count(*) FROM subjects s",
                               " GROUP BY s.owner ORDER BY s.owner"},
    };
    struct list list;
    struct conditions made = {0};
    struct db_rows *rows = NULL;
    buf_init(&made.query, QUERY_SIZE_MAX);
    list_init(&list, GROUPS[group].select);
    enum errc rc = add_conditions(&list, filter, &made, err);
    list_add(&list, GROUPS[group].group, NULL, 0);
    if (rc == ERR_OK && made.nothing) {
        *out = NULL;
        *out_count = 0;
    } else if (rc == ERR_OK) {
        rc = list_query(&list, store->db, &rows, err);
        if (rc == ERR_OK)
            rc = read_tally(rows, group, arena, out, out_count, err);
    }
    db_finish(rows);
    list_done(&list);
    buf_done(&made.query);
    return rc;
}
