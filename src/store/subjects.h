/* store/subjects.h — the current state of matters: load, save, list, search.
 *
 * A projection: what the acts say so far (rebuild.h makes it again from them). The document and the title
 * are searchable text.
 *
 * Layer    store.
 * Owns     nothing; texts live in the caller's arena, and the document is tied to it: no json_decref.
 * Threads  as the store.
 * Errors   ERR_NOT_FOUND; ERR_CONFLICT the revision is not the expected one; ERR_INVALID naming the
 *          filter's field.
 * Tests    tests/unit/store/test_subjects.c, tests/unit/store/test_plans.c, tests/contract
 */
#ifndef STORE_SUBJECTS_H
#define STORE_SUBJECTS_H

#include "domain/model.h"
#include "store/store.h"

enum { SUBJECTS_LIMIT_MAX = 500, SUBJECT_STATES_MAX = 8 };

MUST_USE enum errc subjects_load(struct store *store, const char *id, struct arena *arena,
                                 struct subject *out, struct err *err);

/* expected_rev is the revision that was loaded; 0 = there must be none yet. */
MUST_USE enum errc subjects_save(struct store *store, const struct subject *subject, int64_t expected_rev,
                                 struct err *err);

enum subject_sort { SUBJECTS_BY_UPDATED, SUBJECTS_BY_OPENED };

/* NULL, 0 or NONE = any. */
struct subject_filter {
    const char *type;
    const char *states[SUBJECT_STATES_MAX]; /* any of these */
    size_t state_count;
    enum level level;
    enum colour colour;
    const char *region; /* with everything inside it: "330000" fits 330100 */
    const char *owner;
    const char *root;
    const char *parent;
    const char *text;       /* every blank-separated part must occur in title or document */
    int64_t opened_from_ms; /* opened within [from, until) */
    int64_t opened_until_ms;
    int64_t updated_from_ms;
    enum subject_sort sort;
    bool oldest_first;
    bool with_doc;      /* else doc is NULL */
    const char *cursor; /* `next` of the page before */
    size_t limit;       /* 1 … SUBJECTS_LIMIT_MAX */
};

struct subject_page {
    struct subject *items;
    size_t count;
    const char *next; /* cursor of the next page; NULL on the last */
};

MUST_USE enum errc subjects_list(struct store *store, const struct subject_filter *filter,
                                 struct arena *arena, struct subject_page *out, struct err *err);

/* How many fit the filter, by one column. Sort, cursor and limit do not count. */
enum subject_group {
    SUBJECTS_BY_TYPE,
    SUBJECTS_BY_STATE,
    SUBJECTS_BY_LEVEL,
    SUBJECTS_BY_COLOUR,
    SUBJECTS_BY_REGION,
    SUBJECTS_BY_OWNER
};

struct subject_count {
    const char *key; /* level and colour by their names; "" = none */
    int64_t count;
};

MUST_USE enum errc subjects_tally(struct store *store, const struct subject_filter *filter,
                                  enum subject_group group, struct arena *arena, struct subject_count **out,
                                  size_t *out_count, struct err *err);

#endif
