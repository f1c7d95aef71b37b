/* The half of subjects.h that lists, searches and counts. */
#include "store/list.h"
#include "store/store_internal.h"
#include "store/subjects.h"
#include "store/subjects_row.h"
#include "store/terms.h"

#include <inttypes.h>
#include <string.h>

/* A page is found in two steps. The first asks for the keys of its rows only, and an index that holds every
 * column of the filter answers it without touching a row; the second loads those rows.
 *
 * A text joins the first step in one of two ways. What few matters contain is looked up matter by matter.
 * What many contain is gathered once into a set of bits, and the index is walked in the order of the list
 * until the page is full: the more there are, the sooner. */
enum { FEW_HITS = 1000, QUERY_SIZE_MAX = 4096, TALLY_MAX = 4096, TALLY_PLACES = 8192, TALLY_FIRST = 64 };

/* ---- conditions -------------------------------------------------------------------------------------- */

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

/* What a filter's text matches. */
struct hits {
    struct buf query;
    bool asked;    /* the filter has a text */
    bool nothing;  /* … in which nothing can be searched for, or which nothing contains */
    uint8_t *bits; /* by subjects.no, when there are many; else NULL */
    int64_t last_no;
};

static enum errc gather(struct store *store, struct hits *hits, struct arena *arena, struct err *err)
{
    struct db_rows *rows = NULL;
    bool more = false;
    int64_t count = 0;
    enum errc rc = search_queue_write(&store->search, store->db, err);
    if (rc == ERR_OK)
        rc = db_number(store->db, SQL(SUBJECT_LAST_NO), NULL, 0, &hits->last_no, err);
    if (rc < 0)
        return rc;
    uint8_t *bits = arena_alloc(arena, (size_t)hits->last_no / 8 + 1);
    if (!bits)
        return row_check(arena, err);
    rc = db_query(store->db, SQL(SEARCH_HITS), DB_VALUES(db_of_text(hits->query.data)), &rows, err);
    if (rc == ERR_OK)
        rc = db_next(rows, &more, err);
    for (; rc == ERR_OK && more; count++) {
        int64_t no = db_int(rows, 0);
        if (no >= 0 && no <= hits->last_no)
            bits[no / 8] |= (uint8_t)(1U << no % 8);
        rc = db_next(rows, &more, err);
    }
    db_finish(rows);
    hits->nothing = count == 0;
    hits->bits = count > FEW_HITS ? bits : NULL;
    return rc;
}

static enum errc find_hits(struct store *store, const char *text, struct hits *hits, struct arena *arena,
                           struct err *err)
{
    bool any = false;
    if (!text)
        return ERR_OK;
    hits->asked = true;
    enum errc rc = terms_query(text, &hits->query, &any, err);
    hits->nothing = !any;
    return rc == ERR_OK && any ? gather(store, hits, arena, err) : rc;
}

static bool is_hit(const struct hits *hits, int64_t no)
{
    return !hits->bits || (no >= 0 && no <= hits->last_no && hits->bits[no / 8] & 1U << no % 8);
}

/* region_last lives as long as the query. */
static enum errc add_conditions(struct list *list, const struct subject_filter *filter,
                                const struct hits *hits, char region_last[REGION_SIZE], struct err *err)
{
    struct db_value states[SUBJECT_STATES_MAX];
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
    where_text(list, "s.parent = ? AND s.parent <> ''", filter->parent); /* the index holds no roots */
    where_int(list, "s.opened_ms >= ?", filter->opened_from_ms);
    where_int(list, "s.opened_ms < ?", filter->opened_until_ms);
    where_int(list, "s.updated_ms >= ?", filter->updated_from_ms);
    if (hits->asked && !hits->bits)
        list_where(list, "s.no IN (SELECT rowid FROM search WHERE search MATCH ?)",
                   DB_VALUES(db_of_text(hits->query.data)));
    return filter->region ? where_region(list, filter->region, region_last, err) : ERR_OK;
}

/* ---- keys -------------------------------------------------------------------------------------------- */

struct key {
    int64_t no;
    int64_t ms; /* of the column that sorts */
};

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

static const struct {
    const char *select;
    const char *after;
    const char *order;
} SORTS[2][2] = {
    {{"SELECT s.no, s.updated_ms FROM subjects s", "(s.updated_ms, s.no) < (?, ?)",
      " ORDER BY s.updated_ms DESC, s.no DESC LIMIT ?"},
     {"SELECT s.no, s.updated_ms FROM subjects s", "(s.updated_ms, s.no) > (?, ?)",
      " ORDER BY s.updated_ms, s.no LIMIT ?"}},
    {{"SELECT s.no, s.opened_ms FROM subjects s", "(s.opened_ms, s.no) < (?, ?)",
      " ORDER BY s.opened_ms DESC, s.no DESC LIMIT ?"},
     {"SELECT s.no, s.opened_ms FROM subjects s", "(s.opened_ms, s.no) > (?, ?)",
      " ORDER BY s.opened_ms, s.no LIMIT ?"}},
};

/* One key more than the page holds tells whether there is a next one. A walk ends by itself. */
static enum errc read_keys(struct db_rows *rows, const struct hits *hits, size_t limit, struct key *keys,
                           size_t *count, struct err *err)
{
    bool more = false;
    enum errc rc = db_next(rows, &more, err);
    while (rc == ERR_OK && more && *count <= limit) {
        struct key key = {db_int(rows, 0), db_int(rows, 1)};
        if (is_hit(hits, key.no))
            keys[(*count)++] = key;
        rc = db_next(rows, &more, err);
    }
    return rc;
}

static enum errc find_keys(struct store *store, const struct subject_filter *filter, const struct hits *hits,
                           struct key *keys, size_t *count, struct err *err)
{
    size_t sort = filter->sort == SUBJECTS_BY_OPENED, up = filter->oldest_first;
    int64_t ms = 0, no = 0, most = hits->bits ? INT64_MAX : (int64_t)filter->limit + 1;
    struct list list;
    struct db_rows *rows = NULL;
    char region_last[REGION_SIZE];
    enum errc rc = filter->cursor ? parse_cursor(filter->cursor, &ms, &no, err) : ERR_OK;
    if (rc < 0)
        return rc;
    list_init(&list, SORTS[sort][up].select);
    rc = add_conditions(&list, filter, hits, region_last, err);
    if (filter->cursor)
        list_where(&list, SORTS[sort][up].after, DB_VALUES(db_of_int(ms), db_of_int(no)));
    list_add(&list, SORTS[sort][up].order, DB_VALUES(db_of_int(most)));
    if (rc == ERR_OK)
        rc = list_query(&list, store->db, &rows, err);
    if (rc == ERR_OK)
        rc = read_keys(rows, hits, filter->limit, keys, count, err);
    db_finish(rows);
    list_done(&list);
    return rc;
}

/* ---- pages ------------------------------------------------------------------------------------------- */

static enum errc load_page(struct store *store, const struct subject_filter *filter, const struct key *keys,
                           size_t count, struct arena *arena, struct subject_page *page, struct err *err)
{
    enum errc rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < count && i < filter->limit; i++) {
        struct db_rows *rows = NULL;
        rc = row_first(store->db, filter->with_doc ? SQL(SUBJECT_WITH_DOC) : SQL(SUBJECT_AT),
                       DB_VALUES(db_of_int(keys[i].no)), &rows, err);
        if (rc == ERR_OK)
            rc = subjects_read_row(rows, filter->with_doc, arena, &page->items[page->count++], err);
        db_finish(rows);
    }
    if (rc == ERR_OK && count > filter->limit) {
        const struct key *last = &keys[filter->limit - 1];
        page->next = arena_printf(arena, "%" PRId64 ".%" PRId64, last->ms, last->no);
        rc = row_check(arena, err);
    }
    return rc;
}

enum errc subjects_list(struct store *store, const struct subject_filter *filter, struct arena *arena,
                        struct subject_page *out, struct err *err)
{
    if (filter->limit == 0 || filter->limit > SUBJECTS_LIMIT_MAX)
        return err_field(err, ERR_INVALID, "limit", "1 to %d can be asked for", SUBJECTS_LIMIT_MAX);
    struct hits hits = {.asked = false};
    struct subject_page page = {arena_array(arena, filter->limit, sizeof *page.items), 0, NULL};
    struct key *keys = arena_array(arena, filter->limit + 1, sizeof *keys);
    size_t count = 0;
    if (!page.items || !keys)
        return row_check(arena, err);
    buf_init(&hits.query, QUERY_SIZE_MAX);
    enum errc rc = find_hits(store, filter->text, &hits, arena, err);
    if (rc == ERR_OK && !hits.nothing)
        rc = find_keys(store, filter, &hits, keys, &count, err);
    buf_done(&hits.query);
    if (rc == ERR_OK)
        rc = load_page(store, filter, keys, count, arena, &page, err);
    if (rc == ERR_OK)
        *out = page;
    return rc;
}

/* ---- counting ---------------------------------------------------------------------------------------- */

/* Groups by their keys: a table of places in items, + 1, probed one after the other. */
struct tally {
    struct subject_count *items;
    size_t count;
    size_t room;
    uint16_t places[TALLY_PLACES];
};

/* Lives until the next row. */
static const char *group_key(struct db_rows *rows, enum subject_group group)
{
    if (group == SUBJECTS_BY_LEVEL)
        return level_name((enum level)db_int(rows, 1));
    if (group == SUBJECTS_BY_COLOUR)
        return colour_name((enum colour)db_int(rows, 1));
    const char *text = db_column(rows, 1).bytes;
    return text ? text : "";
}

static uint16_t *place_of(struct tally *tally, const char *key)
{
    uint32_t hash = 2166136261;
    for (const char *at = key; *at != '\0'; at++)
        hash = (hash ^ (unsigned char)*at) * 16777619;
    size_t place = hash % TALLY_PLACES;
    while (tally->places[place] > 0 && strcmp(tally->items[tally->places[place] - 1].key, key) != 0)
        place = (place + 1) % TALLY_PLACES;
    return &tally->places[place];
}

/* NULL when there are too many groups, or the arena is exhausted. */
static struct subject_count *group_of(struct tally *tally, const char *key, struct arena *arena)
{
    uint16_t *place = place_of(tally, key);
    if (*place > 0)
        return &tally->items[*place - 1];
    if (tally->count == TALLY_MAX)
        return NULL;
    if (tally->count == tally->room) {
        size_t room = tally->room > 0 ? 2 * tally->room : TALLY_FIRST;
        struct subject_count *grown = arena_array(arena, room, sizeof *grown);
        if (!grown)
            return NULL;
        if (tally->count > 0)
            memcpy(grown, tally->items, tally->count * sizeof *grown);
        tally->items = grown;
        tally->room = room;
    }
    const char *kept = arena_strdup(arena, key);
    if (!kept)
        return NULL;
    tally->items[tally->count] = (struct subject_count){kept, 0};
    *place = (uint16_t)++tally->count;
    return &tally->items[tally->count - 1];
}

static enum errc read_tally(struct db_rows *rows, const struct hits *hits, enum subject_group group,
                            struct arena *arena, struct tally *tally, struct err *err)
{
    bool more = false;
    enum errc rc = db_next(rows, &more, err);
    while (rc == ERR_OK && more) {
        if (is_hit(hits, db_int(rows, 0))) {
            struct subject_count *item = group_of(tally, group_key(rows, group), arena);
            if (!item)
                return err_set(err, ERR_LIMIT, "there are more than %d groups", (int)tally->count);
            item->count++;
        }
        rc = db_next(rows, &more, err);
    }
    return rc == ERR_OK ? row_check(arena, err) : rc;
}

static int by_key(const void *a, const void *b)
{
    const struct subject_count *x = a, *y = b;
    return strcmp(x->key, y->key);
}

enum errc subjects_tally(struct store *store, const struct subject_filter *filter, enum subject_group group,
                         struct arena *arena, struct subject_count **out, size_t *out_count, struct err *err)
{
    static const char *const SELECTS[] = {
        [SUBJECTS_BY_TYPE] = "SELECT s.no, s.type FROM subjects s",
        [SUBJECTS_BY_STATE] = "SELECT s.no, s.state FROM subjects s",
        [SUBJECTS_BY_LEVEL] = "SELECT s.no, s.level FROM subjects s",
        [SUBJECTS_BY_COLOUR] = "SELECT s.no, s.colour FROM subjects s",
        [SUBJECTS_BY_REGION] = "SELECT s.no, s.region FROM subjects s",
        [SUBJECTS_BY_OWNER] = "SELECT s.no, s.owner FROM subjects s",
    };
    struct list list;
    struct hits hits = {.asked = false};
    struct tally tally = {.items = NULL};
    struct db_rows *rows = NULL;
    char region_last[REGION_SIZE];
    buf_init(&hits.query, QUERY_SIZE_MAX);
    list_init(&list, SELECTS[group]);
    enum errc rc = find_hits(store, filter->text, &hits, arena, err);
    if (rc == ERR_OK)
        rc = add_conditions(&list, filter, &hits, region_last, err);
    if (rc == ERR_OK && !hits.nothing)
        rc = list_query(&list, store->db, &rows, err);
    if (rc == ERR_OK && rows)
        rc = read_tally(rows, &hits, group, arena, &tally, err);
    db_finish(rows);
    list_done(&list);
    buf_done(&hits.query);
    if (rc < 0)
        return rc;
    if (tally.count > 0)
        qsort(tally.items, tally.count, sizeof *tally.items, by_key);
    *out = tally.items;
    *out_count = tally.count;
    return ERR_OK;
}
